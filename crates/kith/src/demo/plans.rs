//! Support plans: what people wrote with their counselor before they left. Nobody here is real.

use ::plans::rules::section::SectionKey;
use ::plans::write_section;
use consent::consents::{self, Aim, NewConsent, Scope, SignedPaper};
use foundation::{Actor, Db, Error, Subject};

/// A section and its words, in the order they are asked.
const WORDS: [(SectionKey, &str); 8] = [
    (
        SectionKey::HelpNow,
        "Del (212) 555-0123, any hour\nMom (212) 555-0187, until ten\nWhen I call I say: I need company, not advice.",
    ),
    (
        SectionKey::Reasons,
        "My daughter’s school play in May\nMornings without being sick\nI finish what I start.",
    ),
    (
        SectionKey::Commitments,
        "If it is Tuesday, then I go to Oak Street with Del. 9 of 10 sure.\nIf Ruben offers a drink at work, then I say I drive today.",
    ),
    (
        SectionKey::Appointments,
        "Counselor Wye, Thursday 4 pm, 12 Elm Street, bus 9. Mom comes along the first time.\nDr. Amari, the Monday after, 9:30.",
    ),
    (
        SectionKey::Medicines,
        "Naltrexone injection, every four weeks, next on the first Monday. If late: call Dr. Amari.",
    ),
    (
        SectionKey::Overdose,
        "Naloxone is in the kitchen drawer and in my bag. Mom and Del know how to give it.",
    ),
    (SectionKey::Coping, "Walk around the lake\nGuitar, fifteen minutes\nEat something warm, then call Del"),
    (SectionKey::UseAgain, "Call Del, then the office. I do not stay alone. I come back; the door is open."),
];

/// As much as there was time for: everyone who stayed wrote something, who left early a little.
pub(super) async fn write(db: &Db, counselor: &Actor, care: &Subject, n: u32) -> anyhow::Result<()> {
    let Some(person) = care.person else { return Ok(()) };
    let sections = usize::try_from(n % 4)? * 2 + 2;
    let (today, named) = (db.today(super::ZONE), n.is_multiple_of(5));
    db.write(counselor, async |unit| {
        for (key, text) in WORDS.iter().take(sections) {
            write_section(unit, person, *key, 0, text).await?;
        }
        if named {
            let scope = [Scope::Appointments, Scope::Medicines];
            let ends = today.checked_add_days(chrono::Days::new(730));
            let consent = NewConsent::named("Dr. Amari", &scope, "Care after the stay", today, ends, today)?;
            let name = consent::name_on_record(unit.tx(), person).await?;
            let mut paper = SignedPaper::ours(&name, Aim::Care, "in the paper file, first tab");
            if n.is_multiple_of(10) {
                paper.copy_given = false;
            }
            let consent = consent.on(paper);
            consents::record(unit, care, consent).await?;
        }
        Ok::<_, Error>(())
    })
    .await?;
    Ok(())
}
