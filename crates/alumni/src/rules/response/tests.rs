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
        violence: Answer::Is(false),
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
    for not_known in [Answer::NotAsked, Answer::NotKnown, Answer::Declined] {
        let response = respond(&Answers { naloxone_at_hand: not_known, ..used.clone() });
        assert_eq!(
            (response.level, response.within_hours),
            (Level::Amber, Some(4)),
            "not known is not at hand"
        );
        assert!(response.open.contains(&OpenQuestion::Naloxone), "and is asked");
    }
    let at_hand = respond(&Answers { naloxone_at_hand: Answer::Is(true), ..used });
    assert_eq!(at_hand.level, Level::Yellow);
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
fn two_silences_before_are_a_reason_and_one_is_not() {
    let after =
        |missed_before| respond_beside(&well(), &Beside { missed_before, ..Beside::default() }).reasons;
    assert_eq!(after(2), [Reason::MissedTwo]);
    assert_eq!(after(1), []);
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
    let declined =
        Answers { thoughts: Answer::Declined, used: Answer::NotKnown, violence: Answer::Declined, ..well() };
    let response = respond(&declined);
    assert_eq!(response.level, Level::Green);
    assert_eq!(
        response.open,
        [
            OpenQuestion::Thoughts,
            OpenQuestion::Violence,
            OpenQuestion::Use,
            OpenQuestion::Overdose,
            OpenQuestion::VeryUnwell,
            OpenQuestion::Opioids,
            OpenQuestion::Naloxone,
        ],
        "and overdose and naloxone stay open too"
    );
}

#[test]
fn hye_jin_who_would_rather_not_say_of_use_is_heard_when_she_says_yes_to_an_overdose() {
    let said = Answers { used: Answer::Declined, overdose: Answer::Is(true), ..well() };
    assert_eq!(respond(&said).reasons, [Reason::Overdose]);
    assert_eq!(grave(&said), [Reason::Overdose]);
    assert_eq!(
        grave(&Answers { used: Answer::Is(Use::More), ..well() }),
        [],
        "amber waits for the last page"
    );
}

#[test]
fn what_she_adds_the_next_day_completes_what_she_said_in_the_night() {
    let night = Answers { thoughts: Answer::Is(true), overall: scale(2), ..Answers::default() };
    let morning =
        Answers { overall: scale(4), would_help: Answer::Is("A ride".into()), ..Answers::default() };
    let both = morning.completing(&night);
    assert_eq!((both.thoughts.clone(), both.overall.clone()), (Answer::Is(true), scale(4)));
    assert_eq!(both.own_words(), ["A ride"]);
    let taken_back = Answers { thoughts: Answer::Is(false), ..Answers::default() }.completing(&night);
    assert_eq!(taken_back.thoughts, Answer::Is(false), "what is said last is what she says");
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
