//! What a page promises about a call: only what the center's hours, its on-call list and the person's own wishes make true.

use alumni::rules::response::Level;
use chrono::{TimeDelta, Timelike};
use consent::Reaching;
use consent::rules::contact::{Hours, Permission};
use foundation::on_call::OfficeHours;
use foundation::{Error, Instant, PersonId, Zone};
use mail::staff_notice;

use crate::house::House;

/// Steps in which a moment is looked for that both sides can keep, and how far ahead.
const STEP: TimeDelta = TimeDelta::minutes(15);
const AHEAD: i32 = 14 * 24 * 4;

/// A moment as people say it: "8 am today", "8:30 am tomorrow", "8 am on Thursday", "8 am on Mon, Dec 7".
pub(crate) fn say_when(at: Instant, now: Instant, zone: Zone) -> String {
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone).date_naive());
    let clock = match (local.hour(), local.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "noon".to_owned(),
        (_, 0) => local.format("%-I %P").to_string(),
        _ => local.format("%-I:%M %P").to_string(),
    };
    match (local.date_naive() - today).num_days() {
        0 => format!("{clock} today"),
        1 => format!("{clock} tomorrow"),
        2..=6 => format!("{clock} on {}", local.format("%A")),
        _ => format!("{clock} on {}", local.format("%a, %b %-d")),
    }
}

/// What the person said about being called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MayCall {
    Anytime,
    /// In these hours, by the clock where they live.
    Within(Hours, Zone),
    Never,
    /// There is no number to call.
    NoNumber,
}

impl MayCall {
    /// As the safe-contact rules have it; who was never asked is called, and asked first.
    fn of(reaching: &Reaching, center: Zone) -> Self {
        let rules = reaching.rules_to_call();
        let said = rules.as_ref().map(|rules| (rules.do_not_contact_at, rules.call, rules.call_hours.0));
        match said {
            Some((Some(_), ..) | (None, Permission::Never, _)) => Self::Never,
            _ if reaching.number().is_none() => Self::NoNumber,
            Some((None, _, Some(hours))) => Self::Within(hours, reaching.zone().unwrap_or(center)),
            _ => Self::Anytime,
        }
    }

    fn allows(self, at: Instant) -> bool {
        match self {
            Self::Anytime => true,
            Self::Never | Self::NoNumber => false,
            Self::Within(hours, zone) => {
                let local = at.with_timezone(&zone);
                let weekend = chrono::Datelike::weekday(&local).num_days_from_monday() >= 5;
                let hour = u8::try_from(local.hour()).unwrap_or_default();
                (hours.from..hours.until).contains(&hour) && !(hours.weekdays_only && weekend)
            }
        }
    }
}

/// What is promised to an alum whose answers ask for a call; empty when nothing asks for one.
pub(crate) async fn promise_call(
    house: &House,
    person: PersonId,
    level: Level,
    within: Option<u32>,
    asked: bool,
) -> Result<String, Error> {
    if level == Level::Green && !asked {
        return Ok(String::new());
    }
    let mut hours = OfficeHours::clone(&*OfficeHours::of(house).await?);
    // Whoever is on call and gave no address hears nothing at home, and makes no promise true.
    let addresses = staff_notice::list_addresses(house.reader()).await?;
    hours.turns.retain(|turn| addresses.contains_key(&turn.staff));
    let reaching = Reaching::of(house.reader(), person).await?;
    Ok(call_words(level, within, &hours, MayCall::of(&reaching, hours.zone), house.now()))
}

/// The promise in words.
fn call_words(level: Level, within: Option<u32>, hours: &OfficeHours, may: MayCall, now: Instant) -> String {
    if may == MayCall::Never {
        return "You asked us not to call you, so we do not. Please call us. If it cannot wait, call 988 or 911."
            .into();
    }
    if may == MayCall::NoNumber {
        return "We have no phone number of yours. Please call us. If it cannot wait, call 988 or 911."
            .into();
    }
    let people = People::for_level(level, within, hours, now);
    let Some(first) = first_moment(people, hours, may, now) else {
        return "We cannot say when one of us can call you. If it cannot wait, call 988 or 911.".into();
    };
    if first <= now {
        return soon(level, within, !hours.is_open(now)).into();
    }
    let when = say_when(first, now, hours.zone);
    let why = match may {
        MayCall::Within(theirs, _) if people.are_there(hours, now) => {
            format!("You allowed calls {}.", theirs.words())
        }
        MayCall::Within(theirs, _) if people.next(hours, now) != Some(first) => {
            format!("Nobody is in the office now, and you allowed calls {}.", theirs.words())
        }
        _ => format!("Nobody is in the office until {when}."),
    };
    let deadline = within.map(|hours| now + TimeDelta::hours(i64::from(hours)));
    let call = match level {
        Level::Amber | Level::Yellow if deadline.is_some_and(|at| first <= at) => {
            soon(level, within, false).to_owned()
        }
        Level::Green => format!("We call you after {when}, as you asked."),
        _ if why.contains(&when) => "We call you then.".to_owned(),
        _ => format!("We call you at {when}."),
    };
    let help = if level <= Level::Amber { " If it cannot wait, call 988 or 911." } else { "" };
    format!("{why} {call}{help}")
}

/// Somebody is there, and they may be called.
fn soon(level: Level, within: Option<u32>, at_night: bool) -> &'static str {
    match (level, within) {
        (Level::Red, _) if at_night => {
            "Someone is on call. One of us calls you as soon as they can, day or night."
        }
        (Level::Red, _) => "One of us calls you as soon as they can.",
        (Level::Amber, Some(4)) => "One of us calls you within four hours.",
        (Level::Amber, _) => "One of us calls you within a day.",
        (Level::Yellow, _) => "One of us calls you within three days.",
        (Level::Green, _) => "One of us calls you, as you asked.",
    }
}

/// Who makes a call of this kind: the office alone, or whoever is on call as well.
#[derive(Clone, Copy, PartialEq, Eq)]
enum People {
    Office,
    OnCallToo,
}

impl People {
    /// Whoever is on call is told of what cannot wait for the office, and of nothing else.
    fn for_level(level: Level, within: Option<u32>, hours: &OfficeHours, now: Instant) -> Self {
        let due = now + TimeDelta::hours(i64::from(within.unwrap_or(u32::MAX >> 8)));
        match level {
            Level::Red => Self::OnCallToo,
            Level::Amber if hours.next_open(now).is_none_or(|opens| due <= opens) => Self::OnCallToo,
            _ => Self::Office,
        }
    }

    fn are_there(self, hours: &OfficeHours, at: Instant) -> bool {
        match self {
            Self::Office => hours.is_open(at),
            Self::OnCallToo => hours.who_answers(at).is_anyone(),
        }
    }

    fn next(self, hours: &OfficeHours, from: Instant) -> Option<Instant> {
        match self {
            Self::Office => hours.next_open(from),
            Self::OnCallToo => hours.next_anyone(from),
        }
    }
}

/// The first moment at which somebody is there and they may be called.
fn first_moment(people: People, hours: &OfficeHours, may: MayCall, now: Instant) -> Option<Instant> {
    let mut at = people.next(hours, now)?;
    for _ in 0..AHEAD {
        if may.allows(at) {
            return Some(at);
        }
        // To the quarter of an hour, so that nobody is promised 8:07.
        let later = at + STEP;
        let past = later.timestamp().rem_euclid(STEP.num_seconds());
        at = people.next(hours, later - TimeDelta::seconds(past))?;
    }
    None
}

#[cfg(test)]
mod tests;
