//! What an alum asked of us, or what their answers ask, as the check-in page shows it.

use alumni::flag::{self, FlagId, FlagKind};
use alumni::rules::response::{Level, Reason};
use alumni::rules::words::read_by;
use foundation::center::Center;
use foundation::{Actor, Day, Error, Faults, PersonId};
use intake::rules::calendar::Hours;

use super::told::{self, Past};
use crate::alerts;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::Tag;

/// Something they asked of us, or that their answers ask.
pub(super) struct FlagLine {
    pub(super) id: FlagId,
    pub(super) version: i32,
    /// Id of its text; several flags may be open.
    pub(super) text_id: String,
    /// What is being written about it, and what is wrong with that.
    pub(super) typed: String,
    pub(super) fault: Option<String>,
    pub(super) tag: Tag,
    /// Whether they answered a letter: then their words are read first.
    pub(super) wrote: bool,
    pub(super) reasons: Vec<&'static str>,
    pub(super) when: String,
    pub(super) done: Option<String>,
    /// Words that nobody has read yet, and by when somebody reads them; empty for every other flag.
    pub(super) words: Vec<String>,
    pub(super) read_by: String,
}

/// What they asked of us, or what their answers ask, newest first.
pub(super) async fn flag_lines(
    house: &House,
    me: &Actor,
    person: PersonId,
    past: &[Past],
    typed: &Typed,
    faults: &Faults,
) -> Result<Vec<FlagLine>, Error> {
    let (now, zone) = (house.now(), Center::of(house).await?.zone);
    let calendar = &intake::clocks::of(house).await?.calendar;
    let works = |day: Day| !calendar.spans(Hours::Office, day).is_empty();
    // The clock of the alert is the one that counts.
    let alert = alumni::alert::find_open(house.reader(), person).await?;
    let mut flags = Vec::new();
    for one in flag::of(house.reader(), me, person, 20).await? {
        let done = flag::done(house.reader(), house.keyring(), &one).await?;
        let text_id = format!("done-{}", one.id);
        let unread = one.kind == FlagKind::WordsNotRead && one.settled_at.is_none();
        let fault = faults.of(&text_id).map(str::to_owned);
        flags.push(FlagLine {
            typed: if fault.is_some() { typed.exact("done").to_owned() } else { String::new() },
            text_id,
            fault,
            id: one.id,
            version: one.version,
            tag: match &alert {
                Some(alert) if alert.flag == one.id && one.kind == FlagKind::Answers => alerts::tag(alert),
                _ => tag(&one),
            },
            wrote: one.kind == FlagKind::WroteBack,
            reasons: one.reasons.0.iter().filter_map(|r| Reason::parse(r)).map(Reason::words).collect(),
            when: when(one.raised_at, now, zone),
            words: one.check_in_id.filter(|_| unread).map(|id| told::words_of(past, id)).unwrap_or_default(),
            read_by: if unread {
                let by = read_by(foundation::day(one.raised_at, zone), works);
                by.format("%a, %b %-d").to_string()
            } else {
                String::new()
            },
            done: done.map(|(_, words)| words),
        });
    }
    Ok(flags)
}

fn tag(one: &flag::Flag) -> Tag {
    match (one.settled_at, one.kind, one.level) {
        (Some(_), ..) => Tag::DONE,
        (None, FlagKind::NoNumber, _) => Tag::new("soon", "diamond", "No phone number anymore"),
        (None, FlagKind::AskedForCall, _) => Tag::new("soon", "diamond", "Asked for a call"),
        (None, FlagKind::Silence, _) => Tag::new("urgent", "triangle", "Went silent: today"),
        (None, FlagKind::WroteBack, _) => Tag::new("urgent", "triangle", "Wrote back: not marked as read"),
        (None, FlagKind::WordsNotRead, _) => Tag::new("soon", "diamond", "Words not read yet"),
        (None, FlagKind::Answers, Level::Red) => Tag::new("now", "octagon", "A live person, now"),
        (None, FlagKind::Answers, Level::Amber) => Tag::new("urgent", "triangle", "A call within a day"),
        (None, FlagKind::Answers, Level::Yellow | Level::Green) => {
            Tag::new("soon", "diamond", "A call within three days")
        }
    }
}
