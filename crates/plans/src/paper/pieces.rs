//! The pieces of the paper: front strip, sections, signatures, wallet cards. Short words, digits, one idea a line.

use alumni::connection::Known;
use alumni::rules::connection::{Stance, UseStatus};
use consent::consents::Scope;
use foundation::center::Center;
use typeset::{Block, Card, Fact, Level, Text};

use super::circle;
use crate::plan::{Plan, Section, Tied};
use crate::rules::audience::{Audience, may_read_words};
use crate::rules::rendering::mentions;
use crate::rules::section::SectionKey;

/// People on a card (domain reference 5.4).
const ON_CARD: usize = 3;
const DANGER: &str = "Danger right now: call 911.";
const TALK: &str = "Talk or text any time: 988.";

/// Who, when, with whom, and the next look.
pub(super) fn front(plan: &Plan) -> Block {
    let mut facts =
        vec![Fact::new("Made for", plan.name.as_str()), Fact::new("Date", super::said(plan.today))];
    if let Some(name) = &plan.made_with {
        facts.push(Fact::new("Made with", name.as_str()));
    }
    facts.push(Fact::new("Next look", super::next_look(plan)));
    Block::Facts(facts)
}

/// One section of the own copy, or nothing when it has nothing to say.
pub(super) fn own_section(plan: &Plan, key: SectionKey, center: &Center) -> Vec<Block> {
    let written: Vec<Text> = plan.section(key).into_iter().flat_map(Section::lines).map(Text::from).collect();
    let has_circle = key == SectionKey::Network && plan.rows(Audience::Own).next().is_some();
    if written.is_empty() && !has_circle && !(key.is_core() || key == SectionKey::UseAgain) {
        return Vec::new();
    }
    let mut blocks = vec![Block::heading(Level::Two, key.words())];
    blocks.extend(always(plan, key, center));
    if has_circle {
        blocks.extend(circle::blocks(plan, Audience::Own));
    }
    if !written.is_empty() {
        blocks.push(Block::Bullets(written));
    } else if key.is_core() {
        blocks.push(Block::WritingLines(3));
    }
    if key == SectionKey::HelpNow { vec![Block::Boxed(blocks)] } else { blocks }
}

/// One section of a copy for somebody else.
pub(super) struct OthersPiece {
    pub(super) blocks: Vec<Block>,
    /// Whether anything of it is the person's own, beside what stands on every copy.
    pub(super) is_written: bool,
    /// Whether a line was left out because it names somebody the consent does not cover.
    pub(super) left_out: bool,
}

/// A section for a reader with this scope: what may save a life always, what was typed as far as the consent covers it.
pub(super) fn section_for_others(
    plan: &Plan,
    key: SectionKey,
    scope: &[Scope],
    withheld: &[String],
) -> OthersPiece {
    let lines: Vec<&str> = plan.section(key).into_iter().flat_map(Section::lines).collect();
    let may_go = |line: &&&str| !withheld.iter().any(|name| mentions(line, name));
    let written: Vec<Text> = if may_read_words(key, scope) {
        lines.iter().filter(may_go).map(|line| Text::from(*line)).collect()
    } else {
        Vec::new()
    };
    let has_circle = key == SectionKey::Network && plan.rows(Audience::Named).next().is_some();
    let left_out = written.len() < lines.len();
    let is_written = !written.is_empty() || has_circle;
    let mut inside = always_for_others(key);
    if has_circle {
        inside.extend(circle::blocks(plan, Audience::Named));
    }
    if !written.is_empty() {
        inside.push(Block::Bullets(written));
    }
    if inside.is_empty() {
        return OthersPiece { blocks: inside, is_written, left_out };
    }
    inside.insert(0, Block::heading(Level::Two, key.words()));
    let blocks = if key == SectionKey::HelpNow { vec![Block::Boxed(inside)] } else { inside };
    OthersPiece { blocks, is_written, left_out }
}

/// What a relative or a friend must find on their copy whatever is written: whom to call, and how to give naloxone.
fn always_for_others(key: SectionKey) -> Vec<Block> {
    match key {
        SectionKey::HelpNow => {
            vec![Block::Bullets(vec![Text::default().bold(DANGER), Text::default().bold(TALK)])]
        }
        SectionKey::Overdose => vec![
            Block::paragraph(
                "Someone does not wake up, breathes slowly or not at all, or has blue or gray lips:",
            ),
            Block::Numbers(NALOXONE_STEPS.map(Text::from).to_vec()),
            Block::paragraph(
                "After a time without, a body can take less than before. Keep naloxone close, and know where it is.",
            ),
        ],
        _ => Vec::new(),
    }
}

/// The steps for whoever stands beside somebody who does not wake up (domain reference 2.5).
const NALOXONE_STEPS: [&str; 6] = [
    "Call 911. Say that someone does not wake up.",
    "Give naloxone: one spray into one nostril, or as the package says.",
    "Help them breathe: tilt the head back, pinch the nose, one breath every 5 seconds.",
    "No better after 2 to 3 minutes? Give naloxone again.",
    "Breathing again? Turn them on their side.",
    "Stay until help comes. Naloxone wears off, and it can happen again.",
];

/// What stands in a section whatever is written.
fn always(plan: &Plan, key: SectionKey, center: &Center) -> Vec<Block> {
    match key {
        SectionKey::HelpNow => {
            let mut lines = vec![Text::default().bold(DANGER), Text::default().bold(TALK)];
            let people = any_time(plan);
            if !people.is_empty() {
                lines.push(Text::from(format!("My people: {}", people.join(", "))));
            }
            lines.push(office(center));
            vec![Block::Bullets(lines)]
        }
        SectionKey::Overdose => vec![Block::Bullets(
            [
                "After a time without, my body can take less than before.",
                "I do not use alone. Someone stays with me.",
                "Naloxone is close, and my people know where it is. It is good to have for family and friends too.",
                "Someone does not wake up, breathes slowly or not at all, or has blue or gray lips: call 911, give \
                 naloxone, help them breathe, turn them on their side, stay. Give it again after 2 to 3 minutes.",
            ]
            .map(Text::from)
            .to_vec(),
        )],
        SectionKey::UseAgain => vec![Block::paragraph(
            "I am not alone and I can come back. Stay with someone. Keep naloxone close. Do not drive. My body can take \
             less now than before. Call the office or 988.",
        )],
        _ => Vec::new(),
    }
}

fn office(center: &Center) -> Text {
    Text::from(format!("Office: {}", center.neutral_phone))
}

/// The nearest who can be reached any time and do not pull toward use, each with the number to call.
fn any_time(plan: &Plan) -> Vec<String> {
    let mut people: Vec<&Tied> = plan
        .circle
        .iter()
        .filter(|tied| tied.reach_any_time == Known::Yes && !tied.kind.is_group())
        .filter(|tied| tied.stance != Stance::EncouragesUse && tied.use_status != UseStatus::UsesHeavily)
        .collect();
    people.sort_by_key(|tied| std::cmp::Reverse(tied.nearness));
    let with_number = |tied: &Tied| match &tied.phone {
        Some(phone) => format!("{}, {phone}", tied.label),
        None => tied.label.clone(),
    };
    people.into_iter().take(ON_CARD).map(with_number).collect()
}

/// Room for names by hand.
pub(super) fn signatures(plan: &Plan) -> Vec<Block> {
    let with = plan.made_with.as_deref().unwrap_or("my counselor");
    vec![
        Block::heading(Level::Two, "We made this together"),
        Block::CheckBox { ticked: false, text: "We read it aloud.".into() },
        Block::CheckBox { ticked: false, text: "I have my copy.".into() },
        Block::paragraph(format!("My name and date, and {with}:")),
        Block::WritingLines(2),
    ]
}

/// Cards for the wallet, without the person's name.
pub(super) fn cards(plan: &Plan, center: &Center) -> Block {
    let visits = plan.section(SectionKey::Appointments);
    let next = visits.into_iter().flat_map(Section::lines).next().unwrap_or("____________________");
    let mut people: Vec<Text> = any_time(plan).into_iter().map(Text::from).collect();
    people.resize(ON_CARD, Text::from("____________________"));
    people.push(Text::from(format!("Next visit: {next}")));
    Block::Cards(vec![
        Card { title: "If I need help now".into(), lines: vec![DANGER.into(), TALK.into(), office(center)] },
        Card { title: "My people".into(), lines: people },
    ])
}
