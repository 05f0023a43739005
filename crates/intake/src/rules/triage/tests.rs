//! The vectors of domain reference 2.4, named by their letters.

use chrono::{TimeDelta, TimeZone};

use super::*;

const NOBODY: Told<'static> = Told { uses: &[], age: None };

fn now() -> Instant {
    chrono::Utc.with_ymd_and_hms(2026, 3, 2, 15, 0, 0).unwrap()
}

/// Every question answered with no, but these.
fn with(said: &[(Question, Answer)]) -> Triage {
    of(said, NOBODY)
}

fn of(said: &[(Question, Answer)], told: Told<'_>) -> Triage {
    let answer = |q| said.iter().find(|(one, _)| *one == q).map_or(Answer::No, |(_, a)| *a);
    triage(answer, told, now())
}

fn yes(question: Question) -> Triage {
    with(&[(question, Answer::Yes)])
}

fn used(kind: Substance, hours: i64, days: u8) -> Use {
    Use { kind, days: Some(days), last: Some(now() - TimeDelta::hours(hours)) }
}

fn with_use(said: &[(Question, Answer)], one: Use) -> Triage {
    of(said, Told { uses: &[one], age: None })
}

#[test]
fn a_whoever_may_be_dying_now_is_an_emergency_and_911_comes_with_the_place() {
    for question in [Question::Breathing, Question::Seizure, Question::Attempt] {
        let one = yes(question);
        assert_eq!(one.urgency, Urgency::Emergency, "{question}");
        assert!(one.acts[0].starts_with("Stay on the line. 911, with the place first."), "{question}");
    }
}

#[test]
fn a_not_known_is_not_no_somebody_goes_and_looks_while_we_stay_on_the_line_or_911_does() {
    for not_known in [Answer::Unknown, Answer::Declined] {
        let one = with(&[(Question::Breathing, not_known)]);
        assert_eq!(one.urgency, Urgency::Emergency, "{not_known}");
        assert!(one.because[0].starts_with("Not known: hard to wake"), "{:?}", one.because);
        assert!(one.tell[0].starts_with("Please go and look now"), "{:?}", one.tell);
        assert!(one.acts[0].contains("911 for a welfare check"), "{:?}", one.acts);
        assert!(!one.acts.iter().any(|act| act.contains("60 minutes")), "{:?}", one.acts);
        for question in [Question::Seizure, Question::Attempt, Question::Weapon] {
            assert_eq!(with(&[(question, not_known)]).urgency, Urgency::Emergency, "{question}");
        }
        // Nobody is sent closer to someone who may be violent.
        let weapon = with(&[(Question::Weapon, not_known)]);
        assert!(weapon.tell.iter().all(|say| !say.contains("go and look")), "{:?}", weapon.tell);
    }
}

#[test]
fn a_an_attempt_on_their_own_life_and_a_weapon_have_two_different_things_to_say() {
    let (attempt, weapon) = (yes(Question::Attempt), yes(Question::Weapon));
    assert!(attempt.tell[0].contains("I stay with you") && !attempt.tell[0].contains("leave safely"));
    assert!(weapon.tell[0].starts_with("Is that person near you, or can they hear us?"));
    assert!(weapon.tell[0].contains("Do you want the police?"));
    assert_ne!(attempt.acts, weapon.acts);
}

#[test]
fn b_pills_poison_or_a_fall_in_the_last_six_hours_is_an_emergency() {
    assert_eq!(yes(Question::Taken).urgency, Urgency::Emergency);
    assert_eq!(with(&[(Question::Taken, Answer::Unknown)]).urgency, Urgency::SameDay);
}

#[test]
fn c0_a_danger_sign_now_is_the_emergency_department_whatever_was_said_about_withdrawal() {
    for daily in [Answer::No, Answer::Unknown, Answer::Declined, Answer::NotAsked] {
        let one = with(&[(Question::Signs, Answer::Yes), (Question::Daily, daily)]);
        assert_eq!(one.urgency, Urgency::Urgent, "{daily}");
        assert!(one.acts[0].starts_with("The emergency department now"), "{:?}", one.acts);
    }
    for grave in [Question::Seizure, Question::Breathing] {
        let one = with(&[(Question::Signs, Answer::Yes), (grave, Answer::Yes)]);
        assert_eq!(one.urgency, Urgency::Emergency);
    }
}

#[test]
fn c_walter_who_drank_daily_is_confused_on_day_four() {
    // He says no to withdrawal: he thinks the worst is over.
    let confused = [(Question::Signs, Answer::Yes)];
    assert_eq!(with_use(&confused, used(Substance::Alcohol, 80, 30)).urgency, Urgency::Emergency);
    assert_eq!(with_use(&[], used(Substance::Alcohol, 80, 30)).urgency, Urgency::SameDay);
    let day_nine = with_use(&confused, used(Substance::Alcohol, 9 * 24, 30));
    assert_eq!(day_nine.urgency, Urgency::Urgent, "the sign counts by itself");
}

#[test]
fn c_the_windows_are_seven_days_for_alcohol_and_ghb_and_ten_for_sedatives() {
    let urgency = |kind, hours, days| with_use(&[], used(kind, hours, days)).urgency;
    for (kind, inside, outside) in [(Substance::Alcohol, 168, 169), (Substance::Benzodiazepines, 240, 241)] {
        assert_eq!(urgency(kind, inside, 30), Urgency::SameDay, "{kind}");
        assert_eq!(urgency(kind, outside, 30), Urgency::Routine, "{kind}");
        assert_eq!(urgency(kind, inside, 4), Urgency::Routine, "{kind}");
    }
    let nobody_knows_when = Use { last: None, ..used(Substance::Alcohol, 0, 30) };
    assert_eq!(with_use(&[], nobody_knows_when).urgency, Urgency::SameDay);
}

#[test]
fn c_daily_use_alone_is_a_nurse_today_and_not_to_stop_suddenly() {
    let one = yes(Question::Daily);
    assert_eq!(one.urgency, Urgency::SameDay);
    assert!(one.tell.contains(&"Do not stop suddenly, do not be alone, do not drive."));
    assert!(one.acts[0].starts_with("A nurse or clinician calls back within 60 minutes"));
}

#[test]
fn c_with_a_past_seizure_an_illness_an_age_or_a_pregnancy_it_is_the_emergency_department() {
    let daily = (Question::Daily, Answer::Yes);
    for risk in [Question::Risks, Question::Pregnant] {
        assert_eq!(with(&[daily, (risk, Answer::Yes)]).urgency, Urgency::Urgent, "{risk}");
    }
    assert_eq!(of(&[daily], Told { uses: &[], age: Some(65) }).urgency, Urgency::Urgent);
    assert_eq!(of(&[daily], Told { uses: &[], age: Some(64) }).urgency, Urgency::SameDay);
    // Without daily use they are nothing of their own.
    assert_eq!(yes(Question::Risks).urgency, Urgency::Routine);
    assert_eq!(with(&[daily, (Question::Signs, Answer::Yes)]).urgency, Urgency::Emergency);
}

#[test]
fn c_ghb_baclofen_and_phenibut_are_the_emergency_department() {
    assert_eq!(yes(Question::Ghb).urgency, Urgency::Urgent);
    let one = with_use(&[], used(Substance::Ghb, 10, 30));
    assert_eq!(one.urgency, Urgency::Urgent);
    assert!(one.acts[0].starts_with("The emergency department now"), "{:?}", one.acts);
}

#[test]
fn d_suicide_is_asked_in_plain_words_of_everyone_and_a_past_attempt_with_it() {
    assert_eq!(Question::EndingLife.aloud(), "Are you having thoughts of killing yourself?");
    assert!(Question::PastAttempt.aloud().starts_with("Have you ever tried to kill yourself?"));
    let open = with(&[(Question::PastAttempt, Answer::NotAsked)]);
    assert_eq!((open.urgency, open.open), (Urgency::NotAsked, vec![Question::PastAttempt]));
    assert_eq!(yes(Question::EndingLife).urgency, Urgency::Urgent);
    let plan = [(Question::EndingLife, Answer::Yes), (Question::Means, Answer::Yes)];
    assert_eq!(with(&plan).urgency, Urgency::Emergency);
    assert_eq!(yes(Question::PastAttempt).urgency, Urgency::SameDay);
    // Who tried before and will not say has told enough.
    let silent = [(Question::EndingLife, Answer::Declined), (Question::PastAttempt, Answer::Yes)];
    assert_eq!(with(&silent).urgency, Urgency::Urgent);
    assert_eq!(with(&[(Question::EndingLife, Answer::Declined)]).urgency, Urgency::SameDay);
}

#[test]
fn e_harm_to_others_is_asked_and_violence_begins_with_who_is_listening_and_whether_they_want_police() {
    assert_eq!(yes(Question::Others).urgency, Urgency::Emergency);
    let harm = yes(Question::Harm);
    assert_eq!(harm.urgency, Urgency::Emergency);
    assert!(harm.acts[0].starts_with("Stay on the line. First ask whether that person is near"));
    assert!(harm.acts.iter().all(|act| !act.starts_with("Stay on the line. 911")), "{:?}", harm.acts);
    assert!(harm.tell[0].starts_with("Is that person near you, or can they hear us?"));
}

#[test]
fn e_of_a_minor_the_guardian_the_law_and_the_duty_to_report_are_shown() {
    for (age, is_minor) in [(Some(15), true), (Some(17), true), (Some(18), false), (None, false)] {
        assert_eq!(of(&[], Told { uses: &[], age }).is_minor, is_minor, "{age:?}");
    }
    let shown = Triage::MINOR.join(" ");
    for words in ["guardian", "State law", "reported by law"] {
        assert!(shown.contains(words), "{words}");
    }
}

#[test]
fn f_an_overdose_yesterday_is_the_emergency_department_though_they_feel_well() {
    let one = yes(Question::Overdose);
    assert_eq!(one.urgency, Urgency::Urgent);
    assert_eq!(one.first_aid, [FirstAid::Overdose]);
    for question in [Question::NoNaloxone, Question::Tolerance] {
        assert_eq!(yes(question).urgency, Urgency::SameDay, "{question}");
    }
    assert_eq!(with(&[(Question::Overdose, Answer::Declined)]).urgency, Urgency::SameDay);
}

#[test]
fn g_pregnant_and_using_is_the_same_day() {
    assert_eq!(yes(Question::Pregnant).urgency, Urgency::SameDay);
}

#[test]
fn h_whoever_sees_what_is_not_there_or_overheats_is_an_emergency() {
    assert_eq!(yes(Question::Beside).urgency, Urgency::Emergency);
}

#[test]
fn first_aid_for_a_seizure_and_an_overdose_is_told_step_by_step() {
    assert_eq!(yes(Question::Seizure).first_aid, [FirstAid::Seizure]);
    assert_eq!(yes(Question::Breathing).first_aid, [FirstAid::Overdose, FirstAid::Seizure]);
    let (seizure, overdose) = (FirstAid::Seizure.steps().join(" "), FirstAid::Overdose.steps().join(" "));
    for words in ["how long", "on their side", "nothing in their mouth", "911"] {
        assert!(seizure.contains(words), "{words}");
    }
    for words in ["911", "naloxone", "Breathe for them", "after 2 to 3 minutes: give naloxone again", "Stay"]
    {
        assert!(overdose.contains(words), "{words}");
    }
}

#[test]
fn what_was_not_asked_stays_open_and_is_never_routine() {
    let nothing = triage(|_| Answer::NotAsked, NOBODY, now());
    assert_eq!(nothing.urgency, Urgency::NotAsked);
    assert_eq!(nothing.open, Question::ALL);
    assert_eq!(with(&[]).urgency, Urgency::Routine);
    // A plan is asked of whoever has the thoughts, and what makes stopping worse of whoever may be stopping.
    let not_put = [(Question::Means, Answer::NotAsked), (Question::Risks, Answer::NotAsked)];
    assert!(with(&not_put).open.is_empty());
    let thoughts =
        [not_put[0], not_put[1], (Question::EndingLife, Answer::Yes), (Question::Daily, Answer::Yes)];
    assert_eq!(with(&thoughts).open, [Question::Risks, Question::Means]);
}

#[test]
fn no_answer_ever_makes_it_less_urgent_than_a_no() {
    for &question in Question::ALL.iter().filter(|q| **q != Question::Daily) {
        for &answer in Answer::ALL {
            let one = with(&[(question, answer), (Question::Daily, Answer::Yes)]);
            assert!(one.urgency.rank() <= Urgency::SameDay.rank(), "{question:?} {answer:?}");
        }
    }
}
