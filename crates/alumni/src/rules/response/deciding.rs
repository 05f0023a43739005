//! The table of rules: which match, in the order of the domain reference 4.7.

use super::{Answers, Beside, Commitment, Level, OpenQuestion, Reason, Screener, Use};

/// Every rule that matches, with its level.
pub(super) fn matched(answers: &Answers, beside: &Beside) -> Vec<(Level, Reason)> {
    let red = red(answers, beside).into_iter().map(|rule| (Level::Red, rule));
    let amber = amber(answers, beside).into_iter().map(|rule| (Level::Amber, rule));
    let yellow = yellow(answers, beside).into_iter().map(|rule| (Level::Yellow, rule));
    red.chain(amber)
        .chain(yellow)
        .filter_map(|(level, (holds, reason))| holds.then_some((level, reason)))
        .collect()
}

/// Whether opioids are part of it: as answered, or as the record knows.
pub(super) fn opioids(answers: &Answers, beside: &Beside) -> Option<bool> {
    match (answers.used_opioids.value(), beside.opioids) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), _) | (_, Some(false)) => Some(false),
        (None, None) => None,
    }
}

/// What must still be asked.
pub(super) fn open(answers: &Answers) -> Vec<OpenQuestion> {
    let used = answers.used.is(|used| *used != Use::NotAtAll);
    [
        (answers.thoughts.value().is_none(), OpenQuestion::Thoughts),
        (answers.used.value().is_none(), OpenQuestion::Use),
        (used && answers.naloxone_at_hand.value().is_none(), OpenQuestion::Naloxone),
    ]
    .into_iter()
    .filter_map(|(open, question)| open.then_some(question))
    .collect()
}

fn red(answers: &Answers, beside: &Beside) -> Vec<(bool, Reason)> {
    let yes = |b: &bool| *b;
    vec![
        (answers.thoughts.is(yes), Reason::Thoughts),
        (matches!(beside.screener, Some(Screener::Moderate | Screener::High)), Reason::Screener),
        (answers.overdose.is(yes), Reason::Overdose),
        (answers.violence.is(yes), Reason::Violence),
        (answers.danger_signs_now.is(yes), Reason::UsingWithDangerSigns),
    ]
}

fn amber(answers: &Answers, beside: &Beside) -> Vec<(bool, Reason)> {
    let used = answers.used.is(|used| *used != Use::NotAtAll);
    let bare = answers.naloxone_at_hand.is(|at_hand| !at_hand);
    let risky =
        answers.risky_days.is(|days| days.get() >= 4) && answers.supportive_days.is(|days| days.get() == 0);
    let rose = beside.phq9.zip(beside.phq9_before).is_some_and(|(is, was)| is >= was.saturating_add(5));
    let bam_rose = beside.bam_use_before == Some(0) && beside.bam_use.is_some_and(|is| is > 0);
    let bam_over =
        beside.bam_risk.zip(beside.bam_protective).is_some_and(|(risk, protective)| risk > protective);
    vec![
        (answers.used.is(|used| *used == Use::More), Reason::UsedMore),
        (used && opioids(answers, beside) == Some(true) && bare, Reason::OpioidsWithoutNaloxone),
        (answers.urge.is(|n| n.get() >= 8), Reason::StrongUrge),
        (answers.confidence.is(|n| n.get() <= 3), Reason::LowConfidence),
        (answers.medicine_gap_days.is(|days| *days >= 1), Reason::MedicineGap),
        (risky, Reason::RiskWithoutSupport),
        (beside.phq9.is_some_and(|sum| sum >= 15) || rose, Reason::Depression),
        (bam_rose, Reason::BamUseRose),
        (beside.bam_risk.is_some_and(|risk| risk >= 12) || bam_over, Reason::BamRisk),
        (answers.overall.is(|n| n.get() <= 3), Reason::DoingBadly),
        (beside.missed_before >= 2, Reason::MissedTwo),
    ]
}

fn yellow(answers: &Answers, beside: &Beside) -> Vec<(bool, Reason)> {
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
