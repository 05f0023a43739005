//! Check-ins that were: when, whether they were reached, and what was answered, in the order it is asked.

use alumni::aftercare::AftercarePage;
use alumni::check_in::{self, CheckIn};
use alumni::rules::response::{Answer, Answers, Commitment, Use};
use foundation::{Actor, Error, PersonId};

use super::view::long;
use crate::house::House;
use crate::look::Fact;

/// Check-ins shown, the newest.
const SHOWN: u64 = 12;

/// A check-in that was.
pub(super) struct Past {
    pub(super) due: String,
    pub(super) stands: &'static str,
    pub(super) answers: Vec<Fact>,
    pub(super) by: &'static str,
}

/// The newest check-ins of a person.
pub(super) async fn past(
    house: &House,
    me: &Actor,
    person: PersonId,
    page: Option<&AftercarePage>,
) -> Result<Vec<Past>, Error> {
    let mut past = Vec::new();
    for row in check_in::of(house.reader(), me, person, SHOWN).await? {
        let answers = check_in::answers_of(house.reader(), house.keyring(), &row).await?;
        past.push(of_past(&row, answers.as_ref(), page));
    }
    Ok(past)
}

fn of_past(row: &CheckIn, answers: Option<&Answers>, page: Option<&AftercarePage>) -> Past {
    let state = page.and_then(|p| p.days.iter().find(|(d, _)| d.due_on == row.due_on).map(|(_, s)| *s));
    let stands = match (row.answered_at.is_some(), row.reached_at.is_some(), state) {
        (true, ..) => "Answered",
        (false, true, _) => "Reached, no answers",
        (false, false, Some(state)) => state.words(),
        (false, false, None) => "Not reached",
    };
    Past {
        due: long(row.due_on),
        stands,
        answers: answers.map(told).unwrap_or_default(),
        by: row.answered_by.map_or("", |by| by.words()),
    }
}

/// The answers as label and value, in the order they are asked; what was not asked is left out of the list.
fn told(a: &Answers) -> Vec<Fact> {
    let yes_no = |b: &bool| if *b { "yes" } else { "no" }.to_owned();
    let mut told = Vec::new();
    fact(&mut told, "How things are", &a.overall, |n| format!("{} of 10", n.get()));
    fact(&mut told, "Use since last time", &a.used, |u: &Use| u.words().into());
    fact(&mut told, "Opioids part of it", &a.used_opioids, yes_no);
    fact(&mut told, "Naloxone at hand", &a.naloxone_at_hand, yes_no);
    fact(&mut told, "An overdose", &a.overdose, yes_no);
    fact(&mut told, "Strongest urge", &a.urge, |n| format!("{} of 10", n.get()));
    fact(&mut told, "Sure about next week", &a.confidence, |n| format!("{} of 10", n.get()));
    fact(&mut told, "Days with supportive people", &a.supportive_days, |n| format!("{} of 7", n.get()));
    fact(&mut told, "Days in risky places", &a.risky_days, |n| format!("{} of 7", n.get()));
    fact(&mut told, "Meetings and activities", &a.activities, ToString::to_string);
    fact(&mut told, "Medicines as planned", &a.medicines_as_planned, yes_no);
    fact(&mut told, "Days without medicine", &a.medicine_gap_days, ToString::to_string);
    fact(&mut told, "Lost housing", &a.lost_housing, yes_no);
    fact(&mut told, "Lost work or school", &a.lost_job, yes_no);
    fact(&mut told, "What changed", &a.changes, Clone::clone);
    fact(&mut told, "Violence", &a.violence, yes_no);
    fact(&mut told, "Thoughts of not wanting to be alive", &a.thoughts, yes_no);
    fact(&mut told, "Last commitment", &a.last_commitment, |c: &Commitment| c.words().into());
    fact(&mut told, "Until next time", &a.next_commitment, Clone::clone);
    fact(&mut told, "What would help", &a.would_help, Clone::clone);
    fact(&mut told, "New or lost connections", &a.connections, Clone::clone);
    told
}

fn fact<T>(told: &mut Vec<Fact>, label: &'static str, answer: &Answer<T>, words: impl Fn(&T) -> String) {
    match answer {
        Answer::Is(value) => told.push(Fact::new(label, Some(words(value)))),
        Answer::Declined => told.push(Fact::declined(label)),
        Answer::NotKnown => told.push(Fact::unknown(label)),
        Answer::NotAsked => {}
    }
}
