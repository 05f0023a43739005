//! The table of rules: which match, in the order of the domain reference 4.7.

use super::{Answers, Beside, Commitment, Level, OpenQuestion, Reason, Use};

/// Every rule that matches, with its level.
pub(super) fn matched(answers: &Answers, beside: Beside) -> Vec<(Level, Reason)> {
    let red = red(answers).into_iter().map(|rule| (Level::Red, rule));
    let amber = amber(answers, beside).into_iter().map(|rule| (Level::Amber, rule));
    let yellow = yellow(answers, beside).into_iter().map(|rule| (Level::Yellow, rule));
    red.chain(amber)
        .chain(yellow)
        .filter_map(|(level, (holds, reason))| holds.then_some((level, reason)))
        .collect()
}

/// Whether opioids are part of it: as answered, or as the record knows.
pub(super) fn opioids(answers: &Answers, beside: Beside) -> Option<bool> {
    match (answers.used_opioids.value(), beside.opioids) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), _) | (_, Some(false)) => Some(false),
        (None, None) => None,
    }
}

/// What must still be asked. Who said that they did not use is not asked what; everybody else is, also who would rather
/// not say.
pub(super) fn open(answers: &Answers) -> Vec<OpenQuestion> {
    let maybe_used = !answers.used.is(|used| *used == Use::NotAtAll);
    let unknown = |answer: &super::Answer<bool>| answer.value().is_none();
    [
        (unknown(&answers.thoughts), OpenQuestion::Thoughts),
        (unknown(&answers.violence), OpenQuestion::Violence),
        (answers.used.value().is_none(), OpenQuestion::Use),
        (maybe_used && unknown(&answers.overdose), OpenQuestion::Overdose),
        (maybe_used && unknown(&answers.danger_signs_now), OpenQuestion::VeryUnwell),
        (maybe_used && unknown(&answers.used_opioids), OpenQuestion::Opioids),
        (maybe_used && unknown(&answers.naloxone_at_hand), OpenQuestion::Naloxone),
    ]
    .into_iter()
    .filter_map(|(open, question)| open.then_some(question))
    .collect()
}

fn red(answers: &Answers) -> Vec<(bool, Reason)> {
    let yes = |b: &bool| *b;
    vec![
        (answers.thoughts.is(yes), Reason::Thoughts),
        (answers.overdose.is(yes), Reason::Overdose),
        (answers.violence.is(yes), Reason::Violence),
        (answers.danger_signs_now.is(yes), Reason::UsingWithDangerSigns),
    ]
}

fn amber(answers: &Answers, beside: Beside) -> Vec<(bool, Reason)> {
    let used = answers.used.is(|used| *used != Use::NotAtAll);
    let opioids = opioids(answers, beside) == Some(true);
    // Not known is not at hand: it is needed in the next minutes or not at all.
    let bare = !answers.naloxone_at_hand.is(|at_hand| *at_hand);
    let risky =
        answers.risky_days.is(|days| days.get() >= 4) && answers.supportive_days.is(|days| days.get() == 0);
    vec![
        (answers.used.is(|used| *used == Use::More), Reason::UsedMore),
        (used && opioids && bare, Reason::OpioidsWithoutNaloxone),
        (answers.urge.is(|n| n.get() >= 8), Reason::StrongUrge),
        (answers.confidence.is(|n| n.get() <= 3), Reason::LowConfidence),
        (answers.medicine_gap_days.is(|days| *days >= 1), Reason::MedicineGap),
        (risky, Reason::RiskWithoutSupport),
        (answers.overall.is(|n| n.get() <= 3), Reason::DoingBadly),
        (beside.missed_before >= 2, Reason::MissedTwo),
    ]
}

fn yellow(answers: &Answers, beside: Beside) -> Vec<(bool, Reason)> {
    let yes = |b: &bool| *b;
    let missed = answers.last_commitment.is(|c| *c == Commitment::NotDone) && beside.commitment_missed_before;
    vec![
        (answers.used.is(|used| *used == Use::OnceOrTwice), Reason::UsedOnceOrTwice),
        (answers.urge.is(|n| (5..=7).contains(&n.get())), Reason::SomeUrge),
        (answers.confidence.is(|n| (4..=6).contains(&n.get())), Reason::SomeConfidence),
        (answers.supportive_days.is(|days| days.get() <= 1), Reason::LittleSupport),
        (answers.lost_housing.is(yes), Reason::LostHousing),
        (answers.lost_job.is(yes), Reason::LostJob),
        (missed, Reason::CommitmentMissedTwice),
    ]
}
