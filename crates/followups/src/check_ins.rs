//! Letters that ask for a check-in: one for each due day of everyone in aftercare who may be written to.

use std::collections::{BTreeMap, HashSet};

use alumni::aftercare::AftercareId;
use alumni::check_in;
use alumni::due::{DueCheckIn, due};
use chrono::{Duration, NaiveTime, TimeZone};
use consent::gate::{self, Answer, Purpose};
use foundation::center::Center;
use foundation::{Actor, Day, Db, Error, Instant, PersonId, Unit, Zone, day, refused};
use mail::outbox::{self, cancelling};
use mail::{Facts, LetterKind, NewMessage};

/// Letters leave between these hours, when someone is at the phone who can answer what comes back.
const HOURS: (u32, u32) = (10, 20);
/// So many letters in one unit, so that no unit is long.
const AT_ONCE: usize = 50;
/// So many letters in one round: the first round of a large center must not keep everyone else waiting. The next round
/// takes the next ones, and each has its whole day.
const IN_A_ROUND: usize = 200;

/// Brings the outbox in line with what is due today: queues what is missing, and withdraws what waits and is not due any
/// more, because somebody spoke with them or a date moved. How many of both. Whoever may not be written to is left to
/// the worklist, where a person reads why and calls.
pub async fn reconcile(db: &Db) -> Result<usize, Error> {
    let zone = match Center::load(db.reader()).await {
        Ok(center) => center.zone,
        // Nobody set the center up yet, so nobody is in aftercare.
        Err(Error::NotFound) => return Ok(0),
        Err(e) => return Err(e),
    };
    let today = db.today(zone);
    let mut due = due(db.reader(), today).await?;
    due.retain(|d| d.due_on <= today);
    let mut due = newest_of_each(due);
    let causes: Vec<String> = due.iter().map(cause).collect();
    let withdrawn = withdraw(db, &causes).await?;
    let before = outbox::queued_before(db.reader(), &causes).await?;
    due.retain(|d| !before.contains(&cause(d)));
    let mut welcome = Vec::new();
    for one in due {
        if welcome.len() == IN_A_ROUND {
            break;
        }
        let answer = gate::foresee(db.reader(), one.person, Purpose::CheckIn, db.now()).await?;
        // One that waits for its hour leaves then; one for which somebody must be asked first is held, where it is seen.
        if matches!(answer, Answer::Allow | Answer::NotNow | Answer::AskAgain | Answer::OthersRead) {
            welcome.push(one);
        }
    }
    for some in welcome.chunks(AT_ONCE) {
        db.write(&Actor::House, async |unit| queue_all(unit, some, zone).await).await?;
    }
    Ok(welcome.len() + withdrawn)
}

/// Windows overlap in the closer weeks; nobody gets two letters for it. Any contact satisfies both.
fn newest_of_each(due: Vec<DueCheckIn>) -> Vec<DueCheckIn> {
    let mut newest: BTreeMap<AftercareId, DueCheckIn> = BTreeMap::new();
    for one in due {
        let kept = newest.entry(one.aftercare).or_insert(one);
        if kept.due_on < one.due_on {
            *kept = one;
        }
    }
    newest.into_values().collect()
}

/// Cancels letters that wait for a check-in that is not due.
async fn withdraw(db: &Db, due: &[String]) -> Result<usize, Error> {
    let mut waiting = outbox::waiting(db.reader(), LetterKind::CheckingIn).await?;
    let due: HashSet<&String> = due.iter().collect();
    // A letter that staff sent again waits for the same day.
    waiting.retain(|(_, cause)| !due.contains(&first_cause(cause)));
    for some in waiting.chunks(AT_ONCE) {
        db.write(&Actor::House, async |unit| {
            for (message, _) in some {
                match cancelling::cancel(unit, *message, "The check-in is not due any more.").await {
                    // It left meanwhile.
                    Ok(()) | Err(Error::Refused(_)) => {}
                    Err(e) => return Err(e),
                }
            }
            Ok(())
        })
        .await?;
    }
    Ok(waiting.len())
}

async fn queue_all(unit: &mut Unit, due: &[DueCheckIn], zone: Zone) -> Result<(), Error> {
    for one in due {
        let check_in = check_in::open(unit, one.aftercare, one.due_on).await?;
        let letter = NewMessage {
            person: one.person,
            purpose: Purpose::CheckIn,
            letter: LetterKind::CheckingIn,
            subject: check_in.into(),
            facts: Facts::default(),
            dedupe: cause(one),
            due_at: Some(leaves_at(one.due_on, unit.now(), zone)),
        };
        outbox::queue(unit, letter).await?;
    }
    Ok(())
}

/// One due day of one aftercare, one letter.
fn cause(due: &DueCheckIn) -> String {
    format!("check-in {} {}", due.aftercare, due.due_on)
}

/// What stands in the cause of a letter that is sent again.
const AGAIN: &str = " again ";

/// The cause of the first letter for the same day.
fn first_cause(cause: &str) -> String {
    cause.split(AGAIN).next().unwrap_or(cause).to_owned()
}

/// Staff send a letter with a new link for the check-in that is due on `due_on`: the link of the first one was closed, or
/// it never arrived. The gate is asked when it leaves, as for every letter.
///
/// # Errors
/// Refused at `letter`, with the reason, when none may leave to them.
pub async fn send_again(
    unit: &mut Unit,
    person: PersonId,
    aftercare: AftercareId,
    due_on: Day,
) -> Result<(), Error> {
    let answer = gate::foresee(unit.tx(), person, Purpose::CheckIn, unit.now()).await?;
    if answer != Answer::Allow {
        return Err(refused("letter", format!("No letter may leave. {}", answer.words())));
    }
    let check_in = check_in::open(unit, aftercare, due_on).await?;
    let first = format!("check-in {aftercare} {due_on}");
    let letter = NewMessage {
        person,
        purpose: Purpose::CheckIn,
        letter: LetterKind::CheckingIn,
        subject: check_in.into(),
        facts: Facts::default(),
        // Pressed twice in a minute, it is one letter.
        dedupe: format!("{first}{AGAIN}{}", unit.now().format("%Y-%m-%dT%H:%M")),
        due_at: None,
    };
    let care = alumni::subject(unit.tx(), "message", check_in, person).await?;
    outbox::queue_in_care(unit, letter, &care).await.map(|_| ())
}

/// In the morning of the due day; what is found later leaves at once by day, and the next morning by night.
fn leaves_at(due_on: Day, now: Instant, zone: Zone) -> Instant {
    let today = day(now, zone);
    let (opens, closes) = HOURS;
    let from = hour(today.max(due_on), opens, zone).unwrap_or(now).max(now);
    match hour(today.max(due_on), closes, zone) {
        Some(until) if until <= from => hour(today + Duration::days(1), opens, zone).unwrap_or(from),
        _ => from,
    }
}

fn hour(day: Day, hour: u32, zone: Zone) -> Option<Instant> {
    let at = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
    Some(zone.from_local_datetime(&at).earliest()?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_letter_leaves_in_the_morning_of_its_day_and_never_in_the_night() {
        let (monday, zone) = (at("2026-03-02T06:00:00Z"), Zone::America__Chicago);
        let due_on: Day = "2026-03-02".parse().unwrap();
        let ten = at("2026-03-02T16:00:00Z");
        assert_eq!(leaves_at(due_on, monday, zone), ten);
        // Found at noon of its day: at once. Found in the night of the day after: in its morning.
        let noon = at("2026-03-02T18:00:00Z");
        assert_eq!(leaves_at(due_on, noon, zone), noon);
        assert_eq!(leaves_at(due_on, at("2026-03-03T07:00:00Z"), zone), at("2026-03-03T16:00:00Z"));
        // Found late in the evening: the next morning.
        assert_eq!(leaves_at(due_on, at("2026-03-03T04:00:00Z"), zone), at("2026-03-03T16:00:00Z"));
    }
}
