//! Stories of what answers ask of staff.

use proptest::prelude::*;

use super::*;

fn scale(n: u8) -> Answer<Scale> {
    Answer::Is(Scale::new(n).unwrap())
}

fn days(n: u8) -> Answer<WeekDays> {
    Answer::Is(WeekDays::new(n).unwrap())
}

/// Zoë is doing well and answered everything that matters.
fn well() -> Answers {
    Answers {
        overall: scale(8),
        used: Answer::Is(Use::NotAtAll),
        urge: scale(2),
        confidence: scale(9),
        supportive_days: days(5),
        risky_days: days(0),
        thoughts: Answer::Is(false),
        ..Answers::default()
    }
}

fn level(answers: &Answers) -> Level {
    respond(answers).level
}

#[test]
fn zoe_who_is_well_gets_a_warm_word_and_nothing_is_left_open() {
    let response = respond(&well());
    assert_eq!((response.level, response.within_hours, response.step_up), (Level::Green, None, false));
    assert!(response.reasons.is_empty() && response.open.is_empty());
}

#[test]
fn thoughts_of_not_wanting_to_be_alive_call_a_live_person_now_whatever_else_is_good() {
    let response = respond(&Answers { thoughts: Answer::Is(true), used: Answer::Is(Use::More), ..well() });
    assert_eq!((response.level, response.within_hours, response.step_up), (Level::Red, Some(0), true));
    assert_eq!(response.reasons, [Reason::Thoughts], "only the reasons of the level that won");
}

#[test]
fn each_red_sign_alone_is_red() {
    let yes = || Answer::Is(true);
    for answers in [
        Answers { overdose: yes(), ..well() },
        Answers { violence: yes(), ..well() },
        Answers { danger_signs_now: yes(), ..well() },
    ] {
        assert_eq!(level(&answers), Level::Red);
    }
    let screened = |screener| respond_beside(&well(), &Beside { screener, ..Beside::default() }).level;
    assert_eq!(screened(Some(Screener::Moderate)), Level::Red);
    assert_eq!(screened(Some(Screener::Low)), Level::Green);
    assert_eq!(screened(None), Level::Green);
}

#[test]
fn devonte_used_once_alone_with_opioids_and_no_naloxone_and_is_called_within_four_hours() {
    let used = Answers {
        used: Answer::Is(Use::OnceOrTwice),
        used_opioids: Answer::Is(true),
        naloxone_at_hand: Answer::Is(false),
        ..well()
    };
    let response = respond(&used);
    assert_eq!((response.level, response.within_hours, response.step_up), (Level::Amber, Some(4), true));
    assert_eq!(response.reasons, [Reason::OpioidsWithoutNaloxone]);
    let not_asked = respond(&Answers { naloxone_at_hand: Answer::NotAsked, ..used });
    assert_eq!(not_asked.level, Level::Yellow, "not asked is not a no");
    assert_eq!(not_asked.open, [OpenQuestion::Naloxone], "and is asked");
}

#[test]
fn the_record_knows_of_opioids_when_the_answer_does_not_say() {
    let used = Answers { used: Answer::Is(Use::More), naloxone_at_hand: Answer::Is(false), ..well() };
    let known = Beside { opioids: Some(true), ..Beside::default() };
    let response = respond_beside(&used, &known);
    assert_eq!(response.within_hours, Some(4));
    assert_eq!(response.reasons, [Reason::UsedMore, Reason::OpioidsWithoutNaloxone]);
    assert_eq!(respond(&used).within_hours, Some(24));
}

#[test]
fn the_edges_of_the_scales_are_where_the_reference_puts_them() {
    for (answers, expected) in [
        (Answers { urge: scale(8), ..well() }, Level::Amber),
        (Answers { urge: scale(7), ..well() }, Level::Yellow),
        (Answers { urge: scale(5), ..well() }, Level::Yellow),
        (Answers { urge: scale(4), ..well() }, Level::Green),
        (Answers { confidence: scale(3), ..well() }, Level::Amber),
        (Answers { confidence: scale(4), ..well() }, Level::Yellow),
        (Answers { confidence: scale(7), ..well() }, Level::Green),
        (Answers { overall: scale(3), ..well() }, Level::Amber),
        (Answers { overall: scale(4), ..well() }, Level::Green),
        (Answers { medicine_gap_days: Answer::Is(1), ..well() }, Level::Amber),
        (Answers { medicine_gap_days: Answer::Is(0), ..well() }, Level::Green),
        (Answers { risky_days: days(4), supportive_days: days(0), ..well() }, Level::Amber),
        (Answers { risky_days: days(4), ..well() }, Level::Green),
        (Answers { supportive_days: days(1), ..well() }, Level::Yellow),
        (Answers { supportive_days: days(2), ..well() }, Level::Green),
        (Answers { lost_housing: Answer::Is(true), ..well() }, Level::Yellow),
        (Answers { lost_job: Answer::Is(true), ..well() }, Level::Yellow),
    ] {
        assert_eq!(level(&answers), expected, "{answers:?}");
    }
}

#[test]
fn instruments_speak_only_when_they_were_given() {
    let beside = |b: Beside| respond_beside(&well(), &b).reasons;
    let none = Beside::default();
    assert_eq!(beside(Beside { phq9: Some(15), ..none }), [Reason::Depression]);
    assert_eq!(beside(Beside { phq9: Some(9), phq9_before: Some(4), ..none }), [Reason::Depression]);
    assert_eq!(beside(Beside { phq9: Some(8), phq9_before: Some(4), ..none }), []);
    assert_eq!(beside(Beside { phq9: Some(9), ..none }), []);
    assert_eq!(beside(Beside { bam_use: Some(1), bam_use_before: Some(0), ..none }), [Reason::BamUseRose]);
    assert_eq!(beside(Beside { bam_use: Some(1), ..none }), [], "nothing before it to rise from");
    assert_eq!(beside(Beside { bam_risk: Some(12), ..none }), [Reason::BamRisk]);
    assert_eq!(beside(Beside { bam_risk: Some(5), bam_protective: Some(4), ..none }), [Reason::BamRisk]);
    assert_eq!(beside(Beside { bam_risk: Some(5), ..none }), []);
    assert_eq!(beside(Beside { missed_before: 2, ..none }), [Reason::MissedTwo]);
    assert_eq!(beside(Beside { missed_before: 1, ..none }), []);
}

#[test]
fn a_commitment_is_looked_at_after_the_second_time_only() {
    let not_done = Answers { last_commitment: Answer::Is(Commitment::NotDone), ..well() };
    assert_eq!(level(&not_done), Level::Green);
    let again = Beside { commitment_missed_before: true, ..Beside::default() };
    assert_eq!(respond_beside(&not_done, &again).reasons, [Reason::CommitmentMissedTwice]);
}

#[test]
fn who_would_rather_not_say_is_not_taken_for_a_no() {
    let response = respond(&Answers { thoughts: Answer::Declined, used: Answer::NotKnown, ..well() });
    assert_eq!(response.level, Level::Green);
    assert_eq!(response.open, [OpenQuestion::Thoughts, OpenQuestion::Use]);
}

#[test]
fn answers_are_kept_and_read_back_and_a_shorter_old_one_too() {
    let text = serde_json::to_string(&well()).unwrap();
    assert_eq!(serde_json::from_str::<Answers>(&text).unwrap(), well());
    let old: Answers = serde_json::from_str(r#"{"overall":{"is":2},"thoughts":"declined"}"#).unwrap();
    assert_eq!((old.overall, old.thoughts, old.urge), (scale(2), Answer::Declined, Answer::NotAsked));
    assert!(serde_json::from_str::<Answers>(r#"{"overall":{"is":11}}"#).is_err());
}

#[test]
fn a_reason_is_stored_by_its_name_and_read_as_a_sentence() {
    assert_eq!(Reason::MissedTwo.to_string(), "missed_two");
    assert!(Reason::ALL.iter().all(|reason| reason.words().ends_with('.')));
}

proptest! {
    #[test]
    fn a_yes_to_thoughts_is_never_less_than_red(
        overall in 0_u8..=10, urge in 0_u8..=10, supportive in 0_u8..=7, missed in 0_u32..5,
    ) {
        let answers = Answers {
            thoughts: Answer::Is(true),
            overall: scale(overall),
            urge: scale(urge),
            supportive_days: days(supportive),
            ..well()
        };
        prop_assert_eq!(respond_beside(&answers, &Beside { missed_before: missed, ..Beside::default() }).level, Level::Red);
    }

    #[test]
    fn a_stronger_urge_never_asks_for_less(weaker in 0_u8..=10, more in 0_u8..=10) {
        let stronger = weaker.saturating_add(more).min(10);
        let of = |n| level(&Answers { urge: scale(n), ..well() });
        prop_assert!(of(stronger) <= of(weaker));
    }
}
