//! What a macro does, step by step, and its moments, which are counted from when it is run.

use chrono::{Datelike, Days, NaiveTime, TimeDelta};
use clients::person::plain;
use foundation::{Faults, Instant, StaffId, Zone};
use serde::{Deserialize, Serialize};

use super::outcome::Closing;
use super::words::Disposition;
use crate::replies::ReplyId;

foundation::words! {
    /// A moment counted from now.
    pub enum Moment {
        Hour = "hour", "in an hour",
        Tomorrow = "tomorrow", "tomorrow at 9 am",
        TwoDays = "two_days", "in two days at 9 am",
        Monday = "monday", "on Monday at 9 am",
        Week = "week", "in a week at 9 am",
    }
}

impl Moment {
    /// When that is.
    #[must_use]
    pub fn from(self, now: Instant, zone: Zone) -> Instant {
        let local = now.with_timezone(&zone);
        let days = match self {
            Self::Hour => return now + TimeDelta::hours(1),
            Self::Tomorrow => 1,
            Self::TwoDays => 2,
            Self::Monday => 7 - u64::from(local.weekday().num_days_from_monday()),
            Self::Week => 7,
        };
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
        let wall = local.date_naive().checked_add_days(Days::new(days)).map(|day| day.and_time(nine));
        let at = wall.and_then(|wall| wall.and_local_timezone(zone).earliest());
        at.map_or(now + TimeDelta::days(1), |at| at.to_utc())
    }
}

/// One thing a macro does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Watch,
    Take,
    Give(StaffId),
    Note(String),
    Reply(ReplyId),
    Next(String, Moment),
    Aside(Moment, bool),
    /// A disposition and its reason, as the form of closing writes them.
    Close(String, String),
}

/// Reads what a macro is to do, in the order it is done in: what closes a request comes last.
///
/// # Errors
/// Nothing was chosen, or what does not go together, each at its field.
pub fn steps<'a>(text: impl Fn(&str) -> &'a str) -> Result<Vec<Step>, Faults> {
    let mut faults = Faults::default();
    let mut steps = Vec::new();
    if !text("watch").is_empty() {
        steps.push(Step::Watch);
    }
    owner(&text, &mut steps, &mut faults);
    words(&text, &mut steps, &mut faults);
    let closes = !text("disposition").is_empty();
    next_and_aside(&text, closes, &mut steps, &mut faults);
    if closes {
        close(&text, &mut steps, &mut faults);
    }
    if steps.is_empty() && faults.0.is_empty() {
        faults.add("macro_owner", "Choose at least one thing it does");
    }
    faults.or(|| steps)
}

fn owner<'a>(text: &impl Fn(&str) -> &'a str, steps: &mut Vec<Step>, faults: &mut Faults) {
    match text("macro_owner") {
        "" => {}
        "me" => steps.push(Step::Take),
        to => match to.parse() {
            Ok(to) => steps.push(Step::Give(to)),
            Err(_) => faults.add("macro_owner", "Choose who has it then"),
        },
    }
}

fn words<'a>(text: &impl Fn(&str) -> &'a str, steps: &mut Vec<Step>, faults: &mut Faults) {
    match text("macro_note").trim() {
        "" => {}
        note if note.chars().count() > 2000 => {
            faults.add("macro_note", "Shorten the note to 2,000 characters");
        }
        note => steps.push(Step::Note(note.replace("\r\n", "\n"))),
    }
    match text("macro_reply") {
        "" => {}
        reply => match reply.parse() {
            Ok(reply) => steps.push(Step::Reply(reply)),
            Err(_) => faults.add("macro_reply", "Choose a saved reply"),
        },
    }
}

fn next_and_aside<'a>(
    text: &impl Fn(&str) -> &'a str,
    closes: bool,
    steps: &mut Vec<Step>,
    faults: &mut Faults,
) {
    let what = plain(text("macro_next"));
    match (what.as_str(), Moment::parse(text("macro_next_at"))) {
        ("", None) => {}
        (_, _) if closes => faults.add("macro_next", "A request that is closed has no next step"),
        ("", Some(_)) => faults.add("macro_next", "Enter what happens next, like “call again”"),
        (_, None) => faults.add("macro_next_at", "Choose when"),
        (what, Some(_)) if what.chars().count() > 120 => {
            faults.add("macro_next", "Shorten it to 120 characters");
        }
        (what, Some(at)) => steps.push(Step::Next(what.to_owned(), at)),
    }
    match text("macro_aside") {
        "" => {}
        _ if closes => faults.add("macro_aside", "A request that is closed is not put aside"),
        at => match Moment::parse(at) {
            Some(at) => steps.push(Step::Aside(at, !text("through").is_empty())),
            None => faults.add("macro_aside", "Choose until when"),
        },
    }
}

/// What is said about one person alone is never said by a macro.
fn close<'a>(text: &impl Fn(&str) -> &'a str, steps: &mut Vec<Step>, faults: &mut Faults) {
    let (disposition, reason) = (text("disposition"), text("reason"));
    match Closing::parse(disposition, reason, "") {
        Err(wrong) => faults.0.extend(wrong.0),
        Ok(how) if matches!(how.disposition, Disposition::DoNotContact | Disposition::Deceased) => {
            faults.add(
                "disposition",
                format!("“{}” is said about one person. Close those by hand", how.disposition.words()),
            );
        }
        Ok(_) => steps.push(Step::Close(disposition.to_owned(), reason.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &'static str)]) -> Result<Vec<Step>, Faults> {
        steps(|name| fields.iter().find(|field| field.0 == name).map_or("", |field| field.1))
    }

    #[test]
    fn a_macro_does_what_was_chosen_and_closes_last() {
        let all = read(&[
            ("watch", "yes"),
            ("macro_owner", "me"),
            ("macro_note", "Told."),
            ("disposition", "information_only"),
        ]);
        let closes = Step::Close("information_only".into(), String::new());
        assert_eq!(all.unwrap(), [Step::Watch, Step::Take, Step::Note("Told.".into()), closes]);
    }

    #[test]
    fn what_does_not_go_together_is_flagged_at_its_field() {
        let field = |fields| read(fields).unwrap_err().0.first().map(|fault| fault.field.clone()).unwrap();
        assert_eq!(field(&[]), "macro_owner");
        assert_eq!(field(&[("macro_owner", "nobody")]), "macro_owner");
        assert_eq!(field(&[("disposition", "information_only"), ("macro_aside", "hour")]), "macro_aside");
        assert_eq!(field(&[("macro_next", "call again")]), "macro_next_at");
        assert_eq!(field(&[("macro_next_at", "hour")]), "macro_next");
        assert_eq!(field(&[("disposition", "deceased")]), "disposition");
        assert_eq!(field(&[("disposition", "declined_by_person")]), "reason");
        assert_eq!(field(&[("macro_aside", "some day")]), "macro_aside");
    }

    #[test]
    fn a_moment_is_counted_from_when_it_is_run() {
        let monday: Instant = "2026-03-02T15:00:00Z".parse().unwrap();
        let chicago = chrono_tz::America::Chicago;
        let at = |moment: Moment| moment.from(monday, chicago).to_rfc3339();
        assert_eq!(at(Moment::Hour), "2026-03-02T16:00:00+00:00");
        assert_eq!(at(Moment::Tomorrow), "2026-03-03T15:00:00+00:00");
        // Summer time begins on the eighth.
        assert_eq!(at(Moment::Monday), "2026-03-09T14:00:00+00:00");
        assert_eq!(at(Moment::Week), at(Moment::Monday));
    }
}
