//! Check-ins that were: when, whether they were reached, and what was answered, in the order it is asked; what they said
//! through a link beside it, also what was never sent to the end; and which questions of safety are still open.

use std::collections::HashMap;

use alumni::aftercare::AftercarePage;
use alumni::check_in::{self, AlumAnswers, AnsweredBy, CheckIn, CheckInId};
use alumni::rules::response::{
    Answer, Answers, Commitment, OpenQuestion, Reason, Use, grave, open_questions,
};
use foundation::{Actor, Error, Instant, PersonId, Zone};

use super::view::long;
use crate::house::House;
use crate::inbox::when;
use crate::look::Fact;

/// Check-ins shown, the newest.
const SHOWN: u64 = 12;

/// A check-in that was.
pub(super) struct Past {
    id: CheckInId,
    pub(super) due: String,
    pub(super) stands: &'static str,
    pub(super) answers: Vec<Fact>,
    pub(super) by: &'static str,
    /// What they said through a link beside these answers, the newest first.
    pub(super) said: Vec<SaidByLink>,
    /// Questions of safety that all of it leaves open.
    pub(super) open: Vec<&'static str>,
    /// Shown open: something was said that nobody finished, or that was added later.
    pub(super) is_open: bool,
    /// What they wrote in own words.
    words: Vec<String>,
    newest: Option<Instant>,
}

/// What they said through a link.
pub(super) struct SaidByLink {
    pub(super) heading: String,
    /// Empty when it is what stands above.
    pub(super) answers: Vec<Fact>,
    /// Grave answers that were given first and changed later.
    pub(super) changed: Vec<&'static str>,
}

/// The newest check-ins of a person.
pub(super) async fn past(
    house: &House,
    me: &Actor,
    person: PersonId,
    page: Option<&AftercarePage>,
    zone: Zone,
) -> Result<Vec<Past>, Error> {
    let (reader, keyring) = (house.reader(), house.keyring());
    let mut by_link: HashMap<CheckInId, Vec<(AlumAnswers, Answers)>> = HashMap::new();
    for row in check_in::list_alum_answers(reader, me, person, SHOWN).await? {
        let answers = check_in::load_alum_answers(reader, keyring, &row).await?;
        by_link.entry(row.check_in_id).or_default().push((row, answers));
    }
    let mut past = Vec::new();
    for row in check_in::of(reader, me, person, SHOWN).await? {
        let answers = check_in::answers_of(reader, keyring, &row).await?;
        let said = by_link.remove(&row.id).unwrap_or_default();
        let now = house.now();
        past.push(of_past(&row, answers.as_ref(), &said, page, |at| when(at, now, zone)));
    }
    Ok(past)
}

/// The questions of safety that the newest answers leave open: what to ask first.
pub(super) fn still_open(past: &[Past]) -> Vec<&'static str> {
    let newest = past.iter().filter(|one| one.newest.is_some()).max_by_key(|one| one.newest);
    newest.map(|one| one.open.clone()).unwrap_or_default()
}

/// What was written in own words at a check-in.
pub(super) fn words_of(past: &[Past], id: CheckInId) -> Vec<String> {
    past.iter().find(|one| one.id == id).map(|one| one.words.clone()).unwrap_or_default()
}

fn of_past(
    row: &CheckIn,
    answers: Option<&Answers>,
    said: &[(AlumAnswers, Answers)],
    page: Option<&AftercarePage>,
    when: impl Fn(Instant) -> String,
) -> Past {
    let state = page.and_then(|p| p.days.iter().find(|(d, _)| d.due_on == row.due_on).map(|(_, s)| *s));
    let stands = match (row.answered_at.is_some(), said.is_empty(), row.reached_at.is_some(), state) {
        (true, ..) => "Answered",
        (false, false, ..) => "Said so far, not sent to the end",
        (false, true, true, _) => "Reached, no answers",
        (false, true, false, Some(state)) => state.words(),
        (false, true, false, None) => "Not reached",
    };
    // The newest word counts, and what it does not touch was said before.
    let all = said.iter().map(|(_, answers)| answers).chain(answers);
    let whole = all.clone().fold(Answers::default(), |newest, older| newest.completing(older));
    let mut words: Vec<String> = Vec::new();
    for one in all.clone().flat_map(Answers::own_words) {
        if words.iter().all(|known| known != one) {
            words.push(one.to_owned());
        }
    }
    let by_alum = row.answered_by == Some(AnsweredBy::Alum);
    Past {
        id: row.id,
        due: long(row.due_on),
        stands,
        answers: answers.map(told).unwrap_or_default(),
        by: row.answered_by.map_or("", |by| by.words()),
        said: said
            .iter()
            .filter_map(|(row, said)| said_by_link(row, said, answers, by_alum, &when))
            .collect(),
        open: if all.count() == 0 {
            Vec::new()
        } else {
            open_questions(&whole).into_iter().map(OpenQuestion::words).collect()
        },
        is_open: said.iter().any(|(row, _)| row.finished_at.is_none()) || (!by_alum && !said.is_empty()),
        words,
        newest: said.first().map(|(row, _)| row.said_at).max(row.answered_at),
    }
}

/// `None` when it is what stands as the answers of the check-in and nothing was changed on the way.
fn said_by_link(
    row: &AlumAnswers,
    said: &Answers,
    answers: Option<&Answers>,
    by_alum: bool,
    when: impl Fn(Instant) -> String,
) -> Option<SaidByLink> {
    let is_above = by_alum && row.finished_at.is_some() && answers == Some(said);
    let now = grave(said);
    let heard = row.grave.0.iter().filter_map(|name| Reason::parse(name));
    let changed: Vec<&str> = heard.filter(|reason| !now.contains(reason)).map(Reason::words).collect();
    if is_above && changed.is_empty() {
        return None;
    }
    let heading = match row.finished_at {
        Some(_) => format!("Answered by themselves through the link, {}", when(row.said_at)),
        None => format!("Said through the link, {}; not sent to the end", when(row.said_at)),
    };
    Some(SaidByLink { heading, answers: if is_above { Vec::new() } else { told(said) }, changed })
}

/// The answers as label and value, in the order they are asked; what was not asked is left out of the list.
fn told(a: &Answers) -> Vec<Fact> {
    let yes_no = |b: &bool| if *b { "yes" } else { "no" }.to_owned();
    let mut told = Vec::new();
    fact(&mut told, "Safe to talk", &a.safe_to_talk, yes_no);
    fact(&mut told, "How things are", &a.overall, |n| format!("{} of 10", n.get()));
    fact(&mut told, "Use since last time", &a.used, |u: &Use| u.words().into());
    fact(&mut told, "Opioids part of it", &a.used_opioids, yes_no);
    fact(&mut told, "Naloxone at hand", &a.naloxone_at_hand, yes_no);
    fact(&mut told, "An overdose", &a.overdose, yes_no);
    fact(&mut told, "Very unwell at that moment", &a.danger_signs_now, yes_no);
    fact(&mut told, "Strongest urge", &a.urge, |n| format!("{} of 10", n.get()));
    fact(&mut told, "Sure about next week", &a.confidence, |n| format!("{} of 10", n.get()));
    fact(&mut told, "Days with supportive people", &a.supportive_days, |n| format!("{} of 7", n.get()));
    fact(&mut told, "Days in risky places", &a.risky_days, |n| format!("{} of 7", n.get()));
    fact(&mut told, "Meetings and activities", &a.activities, ToString::to_string);
    fact(&mut told, "Medicines as planned", &a.medicines_as_planned, yes_no);
    fact(&mut told, "Days without medicine", &a.medicine_gap_days, ToString::to_string);
    fact(&mut told, "Next dose or visit arranged", &a.next_dose_secured, yes_no);
    fact(&mut told, "Lost housing", &a.lost_housing, yes_no);
    fact(&mut told, "Lost work or school", &a.lost_job, yes_no);
    fact(&mut told, "What changed", &a.changes, Clone::clone);
    fact(&mut told, "Hurt or made afraid by somebody", &a.violence, yes_no);
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
