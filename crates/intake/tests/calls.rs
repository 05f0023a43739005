//! Calls on a real database, told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

#[expect(dead_code, reason = "each story uses what it needs of them")]
mod asking;

use asking::{house, page_of};
use chrono::TimeDelta;
use consent::contact_rules;
use consent::rules::contact::{Answering, Permission, SaidBy, Voicemail};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error};
use intake::Request;
use intake::call::saving::{Seen, save};
use intake::call::sheet::Sheet;
use intake::call::{self, Call, beginning, finishing, parking};
use intake::inbox::{View, rows};
use intake::request::converting::{self, ComingIn};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::recognizing::{self, KnownBy};
use intake::request::snoozing::{self, Snooze};
use intake::request::{by_reference, closing, merging};
use intake::rules::outcome::Closing;
use intake::rules::source::{SourceKind, TouchWay};
use intake::rules::standing::Group;
use intake::rules::triage::Question;
use intake::rules::words::{Channel, Disposition, ForWhom, Urgency};
use intake::waiting_on;

const DESK: &str = "desk-1";

fn sheet(answers: &[(&str, &str)]) -> Sheet {
    let mut sheet = Sheet::default();
    for (name, value) in answers {
        sheet.set(name, value);
    }
    sheet
}

/// Every safety question asked and denied, and what this call adds to it.
fn safe_and(answers: &[(&str, &str)]) -> Sheet {
    let mut all = sheet(answers);
    for question in Question::ALL {
        let name = format!("q_{question}");
        if all.text(&name).is_empty() {
            all.set(&name, "no");
        }
    }
    all
}

async fn begin(house: &House, who: &Actor, submission: &str, sheet: &Sheet) -> Call {
    let begun = house
        .write(who, async |unit| {
            let on = beginning::begin(unit, submission, None).await?;
            save(unit, &on, Seen { version: 1, desk: DESK, turn: 0 }, sheet).await?;
            Ok::<_, Error>(on)
        })
        .await;
    begun.unwrap()
}

async fn again(house: &House, who: &Actor, on: &Call, sheet: &Sheet, seen: Seen<'_>) -> Result<i32, Error> {
    house.write(who, async |unit| save(unit, on, seen, sheet).await).await
}

async fn end(house: &House, who: &Actor, on: &Call) -> Result<(), Error> {
    house.write(who, async |unit| finishing::finish(unit, on).await).await
}

async fn now(house: &House, cast: &Cast, on: &Call) -> (Call, Request, Sheet) {
    let page =
        house.look(async |reader| call::page(reader, house.keyring(), &cast.ana, on.id).await).await.unwrap();
    (page.call, page.request, page.sheet)
}

fn in_an_hour(house: &House) -> String {
    (house.now() + TimeDelta::hours(1))
        .with_timezone(&chrono_tz::America::Chicago)
        .format("%Y-%m-%dT%H:%M")
        .to_string()
}

#[tokio::test]
async fn half_a_call_is_a_request_that_belongs_to_whoever_talks() {
    let (house, cast) = house().await;
    let on = begin(&house, &cast.ana, "call-1", &sheet(&[("name", "Jo"), ("place", "at work")])).await;
    let twice = begin(&house, &cast.ana, "call-1", &sheet(&[("name", "Jo"), ("place", "at work")])).await;
    assert_eq!(on.id, twice.id, "one sheet sent twice is one call");
    let (_, request, kept) = now(&house, &cast, &on).await;
    assert_eq!((request.channel, request.owner_id), (Channel::Phone, cast.ana.staff_id()));
    assert_eq!(kept.text("place"), "at work");
    let name = clients::person::name_of(house.reader(), request.caller_id).await.unwrap();
    assert_eq!(name, "Jo", "the inbox shows who it is while they talk");
    let sealed = now(&house, &cast, &on).await.0.answers;
    assert!(!sealed.windows(7).any(|w| w == b"at work"), "the sheet is in the database in plain text");
    house.close().await;
}

#[tokio::test]
async fn a_man_in_withdrawal_is_an_emergency_in_the_inbox_while_his_sister_still_talks() {
    let (house, cast) = house().await;
    let on = begin(&house, &cast.ana, "call-1", &sheet(&[("name", "Jo")])).await;
    let heard = sheet(&[("name", "Jo"), ("q_daily", "yes"), ("q_signs_now", "yes")]);
    again(&house, &cast.ana, &on, &heard, Seen { version: 2, desk: DESK, turn: 0 }).await.unwrap();
    let (_, request, _) = now(&house, &cast, &on).await;
    assert_eq!(request.urgency, Urgency::Emergency);
    assert_eq!(request.due_at, house.now());

    // The call cannot end before somebody acted, and every missing thing is at its field.
    let faults = match end(&house, &cast.ana, &on).await {
        Err(Error::Invalid(faults)) => faults,
        other => panic!("{other:?}"),
    };
    for field in ["q_breathing", "acted", "next_step"] {
        assert!(faults.of(field).is_some(), "nothing at {field}: {faults}");
    }
    let step_at = in_an_hour(&house);
    let acted = safe_and(&[
        ("name", "Jo"),
        ("phone", "212 555 0142"),
        ("for_whom", "family"),
        ("relationship", "sister"),
        ("other_name", "Danny"),
        ("words", "He stopped on Saturday and sees his dog in the room."),
        ("call", "hours"),
        ("call_from", "9"),
        ("call_until", "16"),
        ("q_daily", "yes"),
        ("q_signs_now", "yes"),
        ("acted", "911 called by Ben at 10:32, Jo stays with him."),
        ("next_step", "Ask the hospital whether he arrived"),
        ("next_step_at", &step_at),
    ]);
    again(&house, &cast.ana, &on, &acted, Seen { version: 3, desk: DESK, turn: 0 }).await.unwrap();
    end(&house, &cast.ana, &on).await.unwrap();

    let (over, request, kept) = now(&house, &cast, &on).await;
    assert!(over.ended_at.is_some() && request.reached_at.is_some());
    assert_ne!(
        request.caller_id, request.prospective_id,
        "caller and the one who may need care are two people"
    );
    assert_eq!((request.for_whom, over.person_id), (ForWhom::Family, request.prospective_id));
    assert_eq!(kept.text("acted"), "911 called by Ben at 10:32, Jo stays with him.");
    let page = page_of(&house, &cast.ana, &request.reference).await.unwrap();
    assert_eq!((page.caller.as_str(), page.prospective.as_str()), ("Jo", "Danny"));
    assert_eq!(page.words.as_deref(), Some("He stopped on Saturday and sees his dog in the room."));
    assert_eq!(page.relationship.as_deref(), Some("sister"));
    assert_eq!(page.next_step.as_deref(), Some("Ask the hospital whether he arrived"));
    assert!(page.reaching.points.iter().any(|p| p.value.contains("0142")));
    assert!(page.card.say.contains("9 am to 4 pm"), "{}", page.card.say);
    let told: Vec<&str> = page.history.events.iter().map(|e| e.event.did).collect();
    assert!(told.contains(&Act::TriageRequest.words()), "{told:?}");
    assert!(!told.contains(&Act::SaveCall.words()), "every save stands in the timeline: {told:?}");
    house.close().await;
}

#[tokio::test]
async fn who_dialed_a_wrong_number_is_let_go_without_questions() {
    let (house, cast) = house().await;
    let wrong = [("disposition", "spam_wrong_number"), ("check_in", "no")];
    let on = begin(&house, &cast.ana, "call-1", &sheet(&wrong)).await;
    end(&house, &cast.ana, &on).await.unwrap();
    let (_, request, kept) = now(&house, &cast, &on).await;
    assert_eq!(request.disposition, Some(Disposition::WrongNumber));
    assert_eq!((request.urgency, kept.text("q_daily")), (Urgency::NotAsked, ""), "nobody asked");
    // Who said that there is danger is not let go with that.
    let danger = [("disposition", "spam_wrong_number"), ("check_in", "no"), ("q_daily", "yes")];
    let on = begin(&house, &cast.ana, "call-2", &sheet(&danger)).await;
    let refused = end(&house, &cast.ana, &on).await;
    assert!(
        matches!(refused, Err(Error::Invalid(ref faults)) if faults.of("q_signs_now").is_some()),
        "{refused:?}"
    );
    house.close().await;
}

#[tokio::test]
async fn a_cut_call_is_called_back_in_ten_minutes_and_goes_on_at_another_desk() {
    let (house, cast) = house().await;
    let on = begin(&house, &cast.ana, "call-1", &sheet(&[("phone", "not a number yet"), ("place", "a bus")]))
        .await;
    house.write(&cast.ana, async |unit| parking::park(unit, &on).await).await.unwrap();
    let (parked, request, kept) = now(&house, &cast, &on).await;
    assert!(parked.parked_at.is_some() && kept.text("phone") == "not a number yet");
    assert_eq!(request.next_step_at, Some(house.now() + TimeDelta::minutes(10)));

    house.later(TimeDelta::minutes(4));
    let more = sheet(&[("phone", "212 555 0143"), ("place", "a bus")]);
    again(&house, &cast.ben, &on, &more, Seen { version: parked.version, desk: "desk-2", turn: 0 })
        .await
        .unwrap();
    assert_eq!(now(&house, &cast, &on).await.0.parked_at, None, "the call goes on");

    // Ana's page does not know; nothing of Ben's is overwritten.
    let mine = sheet(&[("phone", "not a number yet"), ("place", "a train")]);
    let lost =
        again(&house, &cast.ana, &on, &mine, Seen { version: parked.version, desk: DESK, turn: 0 }).await;
    assert!(matches!(lost, Err(Error::Stale)), "{lost:?}");
    assert_eq!(now(&house, &cast, &on).await.2, more);
    assert_eq!(mine.differences(&more).collect::<Vec<_>>(), ["phone", "place"]);
    let both = mine.but_theirs(&more, |name| name == "phone");
    assert_eq!((both.text("phone"), both.text("place")), ("212 555 0143", "a train"));
    house.close().await;
}

#[tokio::test]
async fn what_a_page_sends_after_a_lost_answer_is_no_conflict_with_itself() {
    let (house, cast) = house().await;
    let on = begin(&house, &cast.ana, "call-1", &sheet(&[("place", "a")])).await;
    // The answer to the first save was lost: the page still thinks it is at version 1.
    let seen = Seen { version: 1, desk: DESK, turn: 0 };
    again(&house, &cast.ana, &on, &sheet(&[("place", "a bus")]), seen).await.unwrap();
    assert_eq!(now(&house, &cast, &on).await.2.text("place"), "a bus");
    house.close().await;
}

#[tokio::test]
async fn how_they_heard_of_us_is_asked_at_the_end_of_a_call_and_stands_on_the_request() {
    let (house, cast) = house().await;
    let told = [
        ("name", "Jo"),
        ("source_kind", "alum"),
        ("heard_from", "A man at work."),
        ("disposition", "information_only"),
    ];
    let on = begin(&house, &cast.ben, "call-1", &safe_and(&told[..3])).await;
    let (_, request, _) = now(&house, &cast, &on).await;
    let page = page_of(&house, &cast.ana, &request.reference).await.unwrap();
    assert!(page.touches.is_empty(), "what is still being said is no answer yet");
    again(&house, &cast.ana, &on, &safe_and(&told), Seen { version: 2, desk: DESK, turn: 0 }).await.unwrap();
    end(&house, &cast.ana, &on).await.unwrap();
    let page = page_of(&house, &cast.ana, &request.reference).await.unwrap();
    let line = &page.touches[0];
    assert_eq!((line.touch.kind, line.touch.way), (SourceKind::Alum, TouchWay::SelfReported));
    assert_eq!((line.detail.as_deref(), line.touch.is_primary), (Some("A man at work."), true));
    house.close().await;
}

#[tokio::test]
async fn a_wrong_number_is_closed_and_written_on_no_more() {
    let (house, cast) = house().await;
    let over = safe_and(&[("disposition", "spam_wrong_number")]);
    let on = begin(&house, &cast.ana, "call-1", &over).await;
    end(&house, &cast.ana, &on).await.unwrap();
    let (_, request, _) = now(&house, &cast, &on).await;
    assert_eq!(request.disposition, Some(Disposition::WrongNumber));
    let late = again(&house, &cast.ana, &on, &over, Seen { version: 3, desk: DESK, turn: 0 }).await;
    assert!(matches!(late, Err(Error::Refused(ref no)) if no.code == "ended"), "{late:?}");
    let counselor = again(&house, &cast.ray, &on, &over, Seen { version: 3, desk: DESK, turn: 0 }).await;
    assert!(matches!(counselor, Err(Error::Forbidden(_))), "{counselor:?}");
    house.close().await;
}

#[tokio::test]
async fn seeing_it_otherwise_takes_a_reason_and_a_level_takes_a_clinician() {
    let (house, cast) = house().await;
    let step_at = in_an_hour(&house);
    let said = safe_and(&[
        ("q_beside", "yes"),
        ("judged", "same_day"),
        ("level", "3.7"),
        ("next_step", "Assessment with Dr. Osei"),
        ("next_step_at", &step_at),
    ]);
    let on = begin(&house, &cast.ana, "call-1", &said).await;
    assert_eq!(now(&house, &cast, &on).await.1.urgency, Urgency::Emergency);
    let faults = match end(&house, &cast.ana, &on).await {
        Err(Error::Invalid(faults)) => faults,
        other => panic!("{other:?}"),
    };
    assert!(faults.of("judged_because").is_some() && faults.of("level_by").is_some(), "{faults}");
    let mut why = said.clone();
    why.set("judged_because", "He is calm now, and his wife is with him.");
    why.set("level_by", "Dr. Osei");
    again(&house, &cast.ana, &on, &why, Seen { version: 2, desk: DESK, turn: 0 }).await.unwrap();
    assert_eq!(now(&house, &cast, &on).await.1.urgency, Urgency::SameDay);
    end(&house, &cast.ana, &on).await.unwrap();
    let (_, request, _) = now(&house, &cast, &on).await;
    assert_eq!(
        page_of(&house, &cast.ana, &request.reference).await.unwrap().next_step.as_deref(),
        Some("Assessment with Dr. Osei")
    );
    house.close().await;
}

#[tokio::test]
async fn the_first_answers_never_make_a_danger_smaller_that_was_known() {
    let (house, cast) = house().await;
    let typed = TypedRequest { danger: "yes", phone: "212 555 0142", ..TypedRequest::default() };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
    let received =
        house.write(&Actor::Visitor, async |unit| receive(unit, "form-1", new).await).await.unwrap();
    let about = by_reference(house.reader(), &received.reference).await.unwrap();
    let on = house
        .write(&cast.ana, async |unit| beginning::begin(unit, "call-1", Some(about)).await)
        .await
        .unwrap();
    let seen = |version| Seen { version, desk: DESK, turn: 0 };
    again(&house, &cast.ana, &on, &sheet(&[("q_tolerance", "yes")]), seen(1)).await.unwrap();
    assert_eq!(now(&house, &cast, &on).await.1.urgency, Urgency::Emergency, "the other questions are open");
    again(&house, &cast.ana, &on, &safe_and(&[("q_tolerance", "yes")]), seen(2)).await.unwrap();
    assert_eq!(now(&house, &cast, &on).await.1.urgency, Urgency::SameDay, "all were asked");
    house.close().await;
}

#[tokio::test]
async fn a_promise_is_not_lost_when_a_colleague_closed_the_request_meanwhile() {
    let (house, cast) = house().await;
    let step_at = in_an_hour(&house);
    let said = safe_and(&[("next_step", "Assessment"), ("next_step_at", &step_at)]);
    let on = begin(&house, &cast.ana, "call-1", &said).await;
    let request = now(&house, &cast, &on).await.1;
    let over = Closing::parse("information_only", "", "").unwrap();
    house.write(&cast.mina, async |unit| closing::close(unit, &request, over).await).await.unwrap();
    let refused = end(&house, &cast.ana, &on).await;
    assert!(matches!(refused, Err(Error::Refused(ref no)) if no.code == "closed"), "{refused:?}");
    let request = now(&house, &cast, &on).await.1;
    house.write(&cast.ana, async |unit| closing::reopen(unit, &request).await).await.unwrap();
    end(&house, &cast.ana, &on).await.unwrap();
    let reference = now(&house, &cast, &on).await.1.reference;
    assert_eq!(
        page_of(&house, &cast.ana, &reference).await.unwrap().next_step.as_deref(),
        Some("Assessment")
    );
    house.close().await;
}

#[tokio::test]
async fn a_cut_call_keeps_what_was_said_before_about_safe_contact() {
    let (house, cast) = house().await;
    let typed = TypedRequest {
        phone: "212 555 0142",
        call: "hours",
        call_from: "9",
        call_until: "11",
        voicemail: "never",
        ..TypedRequest::default()
    };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
    let received =
        house.write(&Actor::Visitor, async |unit| receive(unit, "form-1", new).await).await.unwrap();
    let about = by_reference(house.reader(), &received.reference).await.unwrap();
    let on = house
        .write(&cast.ana, async |unit| beginning::begin(unit, "call-1", Some(about.clone())).await)
        .await
        .unwrap();
    let heard = sheet(&[("place", "a bus"), ("answering", "hang_up")]);
    again(&house, &cast.ana, &on, &heard, Seen { version: 1, desk: DESK, turn: 0 }).await.unwrap();
    house.write(&cast.ana, async |unit| parking::park(unit, &on).await).await.unwrap();
    let rules = contact_rules::of(house.reader(), about.caller_id).await.unwrap().unwrap();
    assert_eq!((rules.call, rules.voicemail), (Permission::Ok, Voicemail::Never));
    assert!(rules.call_hours.0.is_some(), "the hours are gone");
    assert_eq!(rules.if_someone_else_answers, Answering::HangUp, "what was heard now is kept as well");
    house.close().await;
}

#[tokio::test]
async fn whoever_talks_stays_who_they_are_when_their_request_goes_on_in_another() {
    let (house, cast) = house().await;
    let sons =
        begin(&house, &cast.ana, "call-1", &sheet(&[("name", "Danny"), ("phone", "212 555 0142")])).await;
    let mothers = begin(&house, &cast.ben, "call-2", &sheet(&[("name", "Rosa")])).await;
    let (son, mother) = (now(&house, &cast, &sons).await.1, now(&house, &cast, &mothers).await.1);
    house.write(&cast.ana, async |unit| merging::merge(unit, &mother, &son).await.map(|_| ())).await.unwrap();
    let step_at = in_an_hour(&house);
    let more = safe_and(&[
        ("name", "Rosa Ortiz"),
        ("phone", "212 555 0199"),
        ("next_step", "Call Danny"),
        ("next_step_at", &step_at),
    ]);
    again(&house, &cast.ben, &mothers, &more, Seen { version: 2, desk: DESK, turn: 0 }).await.unwrap();
    end(&house, &cast.ben, &mothers).await.unwrap();
    let name = async |id| clients::person::name_of(house.reader(), id).await.unwrap();
    assert_eq!(
        (name(son.caller_id).await, name(mother.caller_id).await),
        ("Danny".into(), "Rosa Ortiz".into())
    );
    let numbers = consent::contact_point::of(house.reader(), son.caller_id).await.unwrap();
    assert!(numbers.iter().all(|point| !point.value.contains("0199")), "her number is his now");
    assert_eq!(
        page_of(&house, &cast.ana, &son.reference).await.unwrap().next_step.as_deref(),
        Some("Call Danny")
    );
    house.close().await;
}

#[tokio::test]
async fn danger_is_seen_whatever_was_decided_before() {
    let (house, cast) = house().await;
    let on = begin(&house, &cast.ana, "call-1", &sheet(&[("name", "Jo")])).await;
    let request = now(&house, &cast, &on).await.1;
    let days = Snooze::parse(Some(house.now() + TimeDelta::days(3)), true, house.now()).unwrap();
    house
        .write(&cast.ana, async |unit| snoozing::snooze(unit, &request, request.version, days).await)
        .await
        .unwrap();
    let danger = sheet(&[("name", "Jo"), ("q_means", "yes")]);
    again(&house, &cast.ana, &on, &danger, Seen { version: 2, desk: DESK, turn: 0 }).await.unwrap();
    let on_top = async || -> Vec<String> {
        let all = rows(&house, &cast.ana, View::Everyone, None).await.unwrap();
        all.into_iter().filter(|row| row.group() == Group::Safety).map(|row| row.reference).collect()
    };
    assert_eq!(on_top().await, std::slice::from_ref(&request.reference), "it sleeps on");

    // A colleague thinks it is over, and closes it; parking says so instead of losing the promise.
    let now_open = now(&house, &cast, &on).await.1;
    let over = Closing::parse("information_only", "", "").unwrap();
    house.write(&cast.mina, async |unit| closing::close(unit, &now_open, over).await).await.unwrap();
    let parked = house.write(&cast.ana, async |unit| parking::park(unit, &on).await).await;
    assert!(matches!(parked, Err(Error::Refused(ref no)) if no.code == "closed"), "{parked:?}");
    let worse = sheet(&[("name", "Jo"), ("q_ending_life", "yes")]);
    again(&house, &cast.ana, &on, &worse, Seen { version: 3, desk: DESK, turn: 0 }).await.unwrap();
    assert!(now(&house, &cast, &on).await.1.is_open(), "an urgent call stands in no list");
    house.close().await;
}

#[tokio::test]
async fn a_call_nobody_finished_stands_on_the_day_of_whoever_talked() {
    let (house, cast) = house().await;
    let on = begin(&house, &cast.ana, "call-1", &sheet(&[("name", "Jo"), ("place", "at work")])).await;
    let day = async |who: &Actor| waiting_on::of(house.reader(), who).await.unwrap();
    let open = day(&cast.ana).await.calls;
    assert_eq!(open.iter().map(|call| (call.id, call.name.as_str())).collect::<Vec<_>>(), [(on.id, "Jo")]);
    assert!(day(&cast.ben).await.calls.is_empty(), "a colleague's call stands on the wrong day");
    // What is parked is promised: it is called back in ten minutes, and stands there.
    house.write(&cast.ana, async |unit| parking::park(unit, &on).await).await.unwrap();
    assert!(day(&cast.ana).await.calls.is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_call_with_somebody_who_was_recognized_does_not_make_them_a_stranger_again() {
    let (house, cast) = house().await;
    let marcus = TypedRequest {
        for_whom: "self",
        name: "Marcus T.",
        phone: "212 555 0142",
        ..TypedRequest::default()
    };
    let asks = async |form: &str| {
        let new = NewRequest::parse(&marcus, Channel::Web, SaidBy::Self_).unwrap();
        let received =
            house.write(&Actor::Visitor, async |unit| receive(unit, form, new).await).await.unwrap();
        by_reference(house.reader(), &received.reference).await.unwrap()
    };
    let first = asks("form-1").await;
    let record = house
        .write(&cast.ana, async |unit| converting::convert(unit, &first, ComingIn::default()).await)
        .await
        .unwrap();
    let again = asks("form-2").await;
    house
        .write(&cast.ana, async |unit| recognizing::recognize(unit, &again, record, KnownBy::Voice).await)
        .await
        .unwrap();
    let answers = [
        ("name", "Marcus T."),
        ("for_whom", "self"),
        ("next_step", "assessment"),
        ("next_step_at", &in_an_hour(&house)),
    ];
    let on = house
        .write(&cast.ana, async |unit| {
            let on = beginning::begin(unit, "call-1", Some(again.clone())).await?;
            save(unit, &on, Seen { version: 1, desk: DESK, turn: 0 }, &safe_and(&answers)).await?;
            Ok::<_, Error>(on)
        })
        .await
        .unwrap();
    end(&house, &cast.ana, &on).await.unwrap();
    let (_, request, _) = now(&house, &cast, &on).await;
    assert_eq!((request.prospective_id, request.was_about_id), (record, Some(again.caller_id)));
    house.close().await;
}

#[tokio::test]
async fn a_page_that_sends_the_sheet_while_its_last_words_are_on_their_way_is_no_other_desk() {
    let (house, cast) = house().await;
    let on = begin(&house, &cast.ana, "call-1", &sheet(&[("phone", "212 555 0187")])).await;
    let seen = |turn| Seen { version: 1, desk: DESK, turn };
    for round in 0..5 {
        let by_itself = sheet(&[("phone", "212 555 0187"), ("words", "I want")]);
        let pressed = sheet(&[("phone", "212 555 0187"), ("words", "I want to stop.")]);
        let both = tokio::join!(
            again(&house, &cast.ana, &on, &by_itself, seen(2 * round + 1)),
            again(&house, &cast.ana, &on, &pressed, seen(2 * round + 2)),
        );
        assert!(both.0.is_ok() && both.1.is_ok(), "round {round}: {both:?}");
        assert_eq!(now(&house, &cast, &on).await.2.text("words"), "I want to stop.");
    }
    house.close().await;
}

#[tokio::test]
async fn what_a_page_sent_first_and_arrives_last_does_not_replace_the_whole_number() {
    let (house, cast) = house().await;
    let on = begin(&house, &cast.ana, "call-1", &sheet(&[("phone", "212 555")])).await;
    let seen = |turn| Seen { version: 1, desk: DESK, turn };
    // The page sent the sheet twice; the first one was slow on its way.
    let whole = sheet(&[("phone", "212 555 0187"), ("words", "I want to stop.")]);
    again(&house, &cast.ana, &on, &whole, seen(3)).await.unwrap();
    let half = sheet(&[("phone", "212 555 0")]);
    again(&house, &cast.ana, &on, &half, seen(2)).await.unwrap();
    let (_, _, kept) = now(&house, &cast, &on).await;
    assert_eq!((kept.text("phone"), kept.text("words")), ("212 555 0187", "I want to stop."));
    // What comes after it counts again, and another desk is another page.
    again(&house, &cast.ana, &on, &sheet(&[("phone", "212 555 0188")]), seen(4)).await.unwrap();
    assert_eq!(now(&house, &cast, &on).await.2.text("phone"), "212 555 0188");
    let other = Seen { version: 1, desk: "desk-2", turn: 9 };
    assert!(matches!(again(&house, &cast.ben, &on, &half, other).await, Err(Error::Stale)));
    house.close().await;
}
