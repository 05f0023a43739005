//! Drawing a plan as a document: pure, and refused when something is in it that this reader may not see.

mod circle;
mod pieces;
mod words;

use consent::consents::Consent;
use consent::rules::notice::PROHIBITION;
use foundation::center::Center;
use foundation::{Day, Error, refused};
use typeset::{Block, Document, Fact, Level};

use crate::finishing::Reader;
use crate::plan::Plan;
use crate::rules::audience::{Audience, sections_under};
use crate::rules::rendering::may_render;
use crate::rules::section::SectionKey;

/// Days until the plan should be looked at again (domain reference 5.5).
const NEXT_LOOK_DAYS: u64 = 30;

/// Draws the copy for a reader. Set `large_print` on the result for 18 pt.
///
/// # Errors
/// Refused with a code of [`crate::rules::rendering`], or `nothing` when a named reader would get an empty paper.
pub fn draw(plan: &Plan, to: &Reader, center: &Center) -> Result<Document, Error> {
    let audience = to.audience();
    let mut document = Document::new(audience.title(), "en", plan.today);
    match to {
        Reader::Own => own(&mut document, plan, center),
        Reader::Named(consent) => named(&mut document, plan, consent, center)?,
    }
    may_render(audience, &words::of(&document), &center.name, &plan.harmful).map_err(Error::Refused)?;
    Ok(document)
}

fn own(document: &mut Document, plan: &Plan, center: &Center) {
    document.footer = Some(format!("Made for {} – {}", plan.name, said(plan.today)));
    let blocks = &mut document.blocks;
    blocks.push(Block::heading(Level::One, Audience::Own.title()));
    blocks.push(pieces::front(plan));
    for key in SectionKey::ALL.iter().copied() {
        blocks.extend(pieces::own_section(plan, key, center));
    }
    blocks.extend(pieces::signatures(plan));
    blocks.push(Block::PageBreak);
    blocks.push(pieces::cards(plan, center));
}

fn named(document: &mut Document, plan: &Plan, consent: &Consent, center: &Center) -> Result<(), Error> {
    document.footer = Some(PROHIBITION.to_owned());
    let withheld = plan.names_withheld(consent);
    let (mut shown, mut any, mut left_out) = (Vec::new(), false, false);
    for key in sections_under(&consent.scope.0) {
        let piece = pieces::section_for_others(plan, key, &consent.scope.0, &withheld);
        any |= piece.is_written;
        left_out |= piece.left_out;
        shown.extend(piece.blocks);
    }
    if !any {
        return Err(refused("nothing", "Nothing is written yet in the parts this reader may see."));
    }
    document.blocks.push(Block::heading(Level::One, "What this copy is"));
    document.blocks.extend(scope(plan, consent, center));
    if left_out {
        document.blocks.push(Block::paragraph(
            "Lines about people whom this permission does not cover are left out of this copy.",
        ));
    }
    document.blocks.push(Block::PageBreak);
    document.blocks.push(Block::heading(Level::One, format!("Plan of {}", plan.name)));
    document.blocks.extend(shown);
    Ok(())
}

/// The explanation of the consent's scope that must go with the notice (42 CFR §2.32(b)).
fn scope(plan: &Plan, consent: &Consent, center: &Center) -> Vec<Block> {
    let parts: Vec<&str> = consent.scope.0.iter().map(|scope| scope.words()).collect();
    let until = consent.expires_on.map_or_else(|| consent.expires_event.clone(), said);
    vec![
        Block::Facts(vec![
            Fact::new("For", consent.recipient.as_str()),
            Fact::new("From", center.name.as_str()),
            Fact::new("Made on", said(plan.today)),
            Fact::new("What it is for", consent.purpose.as_str()),
            Fact::new("What may be shared", parts.join("; ")),
            Fact::new("Signed on", said(consent.signed_on)),
            Fact::new("The permission ends", until),
        ]),
        Block::paragraph(format!(
            "{} gave written permission to share these parts with this reader. Other parts of the plan are not in this \
             copy.",
            plan.name
        )),
        Block::paragraph(PROHIBITION),
    ]
}

/// A day as it is read aloud: 2 March 2026.
pub(crate) fn said(day: Day) -> String {
    day.format("%-d %B %Y").to_string()
}

fn next_look(plan: &Plan) -> String {
    plan.today.checked_add_days(chrono::Days::new(NEXT_LOOK_DAYS)).map_or_else(String::new, said)
}
