//! Requests on a real database, told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

#[expect(dead_code, reason = "each story uses what it needs of them")]
mod asking;

use asking::{house, page_of};
use chrono::Timelike;
use clients::ClientHolding;
use clients::episode::{self, LevelOfCare};
use consent::contact_point::{self, OwnRules};
use consent::contact_rules::StillHolds;
use consent::rules::contact::{Hours, Permission, SaidBy};
use foundation::holding::Holding;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::House;
use foundation::{Act, Actor, Error, Subject};
use intake::call::beginning;
use intake::inbox::counting::{counts, counts_in, counts_of};
use intake::inbox::filter::Filter;
use intake::inbox::saving::{self, NewView};
use intake::inbox::{MOST, View, Which, rows, sentence_of};
use intake::request::attempting::Try;
use intake::request::converting::ComingIn;
use intake::request::receiving::{NewRequest, Received, TypedRequest, receive};
use intake::request::recognizing::{self, KnownBy};
use intake::request::snoozing::{self, Snooze};
use intake::request::{attempting, by_reference, claiming, closing, converting, noting, stepping};
use intake::rules::cadence::{Beyond, Next};
use intake::rules::outcome::{Closing, Reason};
use intake::rules::standing::Group;
use intake::rules::words::{Channel, Direction, Outcome};
use sea_orm::{ConnectionTrait, Statement};

fn over(disposition: &str, reason: &str, check_in: &str) -> Closing {
    Closing::parse(disposition, reason, check_in).unwrap()
}

/// Jo writes at night about her brother.
fn jo() -> TypedRequest<'static> {
    TypedRequest {
        danger: "no",
        for_whom: "family",
        relationship: "sister",
        name: "Jo",
        phone: "212 555 0142",
        outside_hours: "no",
        call: "hours",
        call_from: "9",
        call_until: "16",
        call_days: "weekdays",
        voicemail: "never",
        answering: "ask_by_name",
        words: "My brother stopped drinking two days ago and is shaking.",
        ..TypedRequest::default()
    }
}

async fn ask(house: &House, submission: &str, typed: &TypedRequest<'_>) -> Result<Received, Error> {
    let new = NewRequest::parse(typed, Channel::Web, SaidBy::Self_)?;
    house.write(&Actor::Visitor, async |unit| receive(unit, submission, new).await).await
}

/// Why somebody was called at an hour they had not allowed.
fn asked_to() -> String {
    "They asked us on the phone to call at this hour.".into()
}

#[tokio::test]
async fn a_number_at_which_a_stranger_picks_up_is_offered_no_more() {
    let (house, cast) = house().await;
    let typed = TypedRequest { call: "any", call_from: "", call_until: "", call_days: "", ..jo() };
    let received = ask(&house, "form-1", &typed).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    let numbers = async || {
        let points = contact_point::of(house.reader(), request.caller_id).await.unwrap();
        points.into_iter().map(|point| point.value).collect::<Vec<_>>()
    };
    house.later(chrono::TimeDelta::minutes(1));
    // Whoever calls us by mistake has dialed no number of Jo's.
    let their_mistake = Try { direction: Direction::TheyCalled, ..Outcome::WrongNumber.into() };
    house.write(&cast.ana, async |u| attempting::attempt(u, &request, their_mistake).await).await.unwrap();
    assert_eq!(numbers().await, ["212 555 0142"]);
    house.later(chrono::TimeDelta::minutes(1));
    let ours = Try { beyond: Some(Beyond::AskedFor), ..Outcome::WrongNumber.into() };
    house.write(&cast.ana, async |u| attempting::attempt(u, &request, ours).await).await.unwrap();
    assert!(numbers().await.is_empty(), "the number of a stranger is still offered");
    let page = page_of(&house, &cast.ana, &received.reference).await.unwrap();
    assert!(page.card.say.contains("There is no phone number."), "{}", page.card.say);
    house.close().await;
}

#[tokio::test]
async fn a_request_arrives_with_two_people_and_sealed_words() {
    let (house, cast) = house().await;
    let received = ask(&house, "form-1", &jo()).await.unwrap();
    let page = page_of(&house, &cast.ana, &received.reference).await.unwrap();
    assert_eq!((page.caller.as_str(), page.prospective.as_str()), ("Jo", "Name not given"));
    assert_ne!(page.request.caller_id, page.request.prospective_id);
    assert_eq!(page.words.as_deref(), Some("My brother stopped drinking two days ago and is shaking."));
    let sealed = page.request.words.clone().unwrap();
    assert!(!sealed.windows(7).any(|w| w == b"brother"), "the words are in the database in plain text");
    assert!(page.card.say.contains("weekdays, 9 am to 4 pm"), "{}", page.card.say);
    let acts: Vec<Act> = entries(house.reader(), Of::Subject(page.request.id.0), None, 9)
        .await
        .unwrap()
        .iter()
        .map(|e| e.act)
        .collect();
    assert_eq!(acts, [Act::ReceiveRequest]);
    house.close().await;
}

#[tokio::test]
async fn a_form_sent_twice_is_one_request() {
    let (house, cast) = house().await;
    let first = ask(&house, "form-1", &jo()).await.unwrap();
    let again = ask(&house, "form-1", &jo()).await.unwrap();
    assert_eq!(first.reference, again.reference);
    assert!(first.fresh && !again.fresh);
    assert_eq!(rows(&house, &cast.ana, View::Everyone, None).await.unwrap().len(), 1);
    house.close().await;
}

#[tokio::test]
async fn one_way_of_contact_is_all_that_is_needed() {
    let (house, _) = house().await;
    let nothing = TypedRequest { phone: "", email: " ", ..jo() };
    let Err(Error::Invalid(faults)) = ask(&house, "form-1", &nothing).await else { panic!("accepted") };
    assert!(faults.of("phone").is_some());
    let mail_only = TypedRequest { phone: "", email: "jo@example.com", name: "", ..jo() };
    assert!(ask(&house, "form-2", &mail_only).await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn the_second_to_claim_is_told_who_was_first_and_when() {
    let (house, cast) = house().await;
    let received = ask(&house, "form-1", &jo()).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    house.write(&cast.ben, async |unit| claiming::claim(unit, &request).await).await.unwrap();
    let second = house.write(&cast.ana, async |unit| claiming::claim(unit, &request).await).await;
    let Err(Error::Refused(refusal)) = second else { panic!("two winners") };
    assert_eq!(refusal.sentence, "Ben Kealoha took this request at 9:00.");
    house.close().await;
}

#[tokio::test]
async fn of_two_who_race_for_two_hundred_requests_each_has_one_winner() {
    let (house, cast) = house().await;
    let mut wanted = Vec::new();
    for n in 0..200 {
        let received = ask(&house, &format!("form-{n}"), &jo()).await.unwrap();
        wanted.push(by_reference(house.reader(), &received.reference).await.unwrap());
    }
    let take = async |actor: &Actor, wanted: &intake::Request| {
        usize::from(house.write(actor, async |unit| claiming::claim(unit, wanted).await).await.is_ok())
    };
    let (mut ana, mut ben) = (0, 0);
    for (n, request) in wanted.iter().enumerate() {
        // Both press at once; who is heard first alternates.
        let (first, second) = if n % 2 == 0 { (&cast.ana, &cast.ben) } else { (&cast.ben, &cast.ana) };
        let (a, b) = tokio::join!(take(first, request), take(second, request));
        assert_eq!(a + b, 1, "a request with {} winners", a + b);
        if n % 2 == 0 { (ana, ben) = (ana + a, ben + b) } else { (ana, ben) = (ana + b, ben + a) }
    }
    assert!(ana > 0 && ben > 0, "no race took place: {ana} and {ben}");
    let (ana_has, ben_has) = (
        rows(&house, &cast.ana, View::Mine, None).await.unwrap().len(),
        rows(&house, &cast.ben, View::Mine, None).await.unwrap().len(),
    );
    assert_eq!((ana_has, ben_has), (ana, ben));
    house.close().await;
}

#[tokio::test]
async fn nobody_answers_and_the_next_try_waits_for_the_safe_hours() {
    let (house, cast) = house().await;
    let received = ask(&house, "form-1", &jo()).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    house.later(chrono::TimeDelta::hours(6));
    let next = house
        .write(&cast.ana, async |unit| attempting::attempt(unit, &request, Outcome::NoAnswer).await)
        .await;
    // It is three in the afternoon; two hours later the safe hours are over, so tomorrow at nine.
    assert_eq!(next.unwrap(), Next::TryAgain("2026-03-03T15:00:00Z".parse().unwrap()));
    let open = rows(&house, &cast.ana, View::Everyone, None).await.unwrap();
    assert_eq!(open[0].group(), Group::Promised);
    house.close().await;
}

#[tokio::test]
async fn after_eight_tries_a_ninth_is_written_down_with_its_reason_or_not_at_all() {
    let (house, cast) = house().await;
    let received = ask(&house, "form-1", &jo()).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    let call = async |beyond| {
        house
            .write(&cast.ana, async |unit| {
                attempting::attempt(
                    unit,
                    &request,
                    Try { beyond, because: asked_to(), ..Outcome::NoAnswer.into() },
                )
                .await
            })
            .await
    };
    for _ in 0..8 {
        house.later(chrono::TimeDelta::days(2));
        // A reason nobody needs is not kept.
        call(Some(Beyond::Worried)).await.unwrap();
    }
    house.later(chrono::TimeDelta::days(2));
    let refused = call(None).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(faults) if faults.of("beyond").is_some()), "{refused:?}");
    call(Some(Beyond::NewWay)).await.unwrap();
    let tries = attempting::of(house.reader(), request.id).await.unwrap();
    assert_eq!(tries.len(), 9);
    assert_eq!(tries.iter().filter_map(|t| t.beyond).collect::<Vec<_>>(), [Beyond::NewWay]);
    house.close().await;
}

#[tokio::test]
async fn who_lives_three_hours_away_is_tried_in_the_hours_of_their_own_place() {
    let (house, cast) = house().await;
    let received = ask(&house, "form-1", &jo()).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    house
        .write(&cast.ana, async |unit| {
            let permit = unit.permit(Act::LogAttempt, &request.subject())?;
            unit.tx().execute_unprepared("UPDATE people SET zone = 'America/Anchorage'").await?;
            unit.record(permit, serde_json::json!({}));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    house.later(chrono::TimeDelta::hours(6));
    let next = house
        .write(&cast.ana, async |unit| attempting::attempt(unit, &request, Outcome::NoAnswer).await)
        .await;
    // It is noon in Alaska; two hours later is within the hours Jo allows there, and not in Chicago.
    assert_eq!(next.unwrap(), Next::TryAgain(house.now() + chrono::TimeDelta::hours(2)));
    house.close().await;
}

#[tokio::test]
async fn who_asks_in_danger_stands_first_and_the_sentence_says_so() {
    let (house, cast) = house().await;
    ask(&house, "form-1", &jo()).await.unwrap();
    house.later(chrono::TimeDelta::minutes(12));
    ask(&house, "form-2", &TypedRequest { name: "Denise", danger: "yes", ..jo() }).await.unwrap();
    let open = rows(&house, &cast.ana, View::Everyone, None).await.unwrap();
    assert_eq!(open[0].name, "Denise");
    // In danger means now, not within the hours she allows.
    assert_eq!(open[0].due_at, house.now());
    let (bold, rest) = sentence_of(&open, house.now());
    assert_eq!(bold, "One person may be in danger. One person waits for a first call:");
    assert_eq!(rest, "Jo, for 12 minutes.");
    let counted = counts(house.reader(), &cast.ana, house.now()).await.unwrap();
    assert_eq!((counted.everyone, counted.mine, counted.nobodys), (2, 0, 2));
    house.close().await;
}

fn to(counselor: Option<foundation::StaffId>) -> ComingIn {
    ComingIn { counselor, admission: None }
}

#[tokio::test]
async fn the_level_they_came_in_with_stays_whatever_comes_after() {
    let (house, cast) = house().await;
    let received = ask(&house, "form-1", &TypedRequest { for_whom: "self", ..jo() }).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    let no_day = ComingIn::parse("", "3.7", None).unwrap_err();
    assert!(no_day.of("admitted_on").is_some());
    assert!(ComingIn::parse("", "9", None).unwrap_err().of("level").is_some());
    let ray = cast.ray.staff_id().unwrap().to_string();
    let how = ComingIn::parse(&ray, "3.7", Some("2026-03-02".parse().unwrap())).unwrap();
    let person =
        house.write(&cast.ana, async |unit| converting::convert(unit, &request, how).await).await.unwrap();
    let care = clients::client::subject(house.reader(), person).await.unwrap();
    let stay = episode::of(house.reader(), person).await.unwrap().remove(0);
    assert_eq!((stay.admitted_level, stay.request_id), (LevelOfCare::ManagedResidential, Some(request.id.0)));
    let to = LevelOfCare::IntensiveOutpatient;
    house
        .write(&cast.ray, async |unit| {
            episode::change_level(unit, &care, stay.id, to, stay.admitted_on).await
        })
        .await
        .unwrap();
    let stay = episode::of(house.reader(), person).await.unwrap().remove(0);
    assert_eq!(stay.admitted_level, LevelOfCare::ManagedResidential);
    house.close().await;
}

#[tokio::test]
async fn an_alum_who_writes_again_is_recognized_and_goes_on_in_the_same_record() {
    let (house, cast) = house().await;
    let marcus = TypedRequest { for_whom: "self", name: "Marcus T.", ..jo() };
    let first = ask(&house, "form-1", &marcus).await.unwrap();
    let first = by_reference(house.reader(), &first.reference).await.unwrap();
    let person = house
        .write(&cast.ana, async |unit| converting::convert(unit, &first, to(cast.ray.staff_id())).await)
        .await
        .unwrap();
    house.later(chrono::TimeDelta::days(400));
    let again = TypedRequest { phone: "(303) 555-0177", words: "It is a hard month.", ..marcus.clone() };
    let reference = ask(&house, "form-2", &again).await.unwrap().reference;
    let now = async || by_reference(house.reader(), &reference).await.unwrap();
    let wanted = now().await;
    house.write(&cast.ana, async |u| noting::note(u, &wanted, "He sounds tired.").await).await.unwrap();
    let by = KnownBy::BirthDate;
    let recognize = async |who: &Actor, on: &intake::Request| {
        house.write(who, async |u| recognizing::recognize(u, on, person, by).await).await
    };
    assert!(matches!(recognize(&cast.ben, &wanted).await, Err(Error::Forbidden(_))), "the front desk");
    recognize(&cast.ana, &wanted).await.unwrap();
    assert!(matches!(recognize(&cast.ana, &wanted).await, Err(Error::Stale | Error::Refused(_))), "twice");

    // Everything of this time is there, under the key of the record.
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!(page.request.prospective_id, person);
    assert_eq!(page.words.as_deref(), Some("It is a hard month."));
    let notes: Vec<_> = page.history.events.iter().filter_map(|h| h.event.note.clone()).collect();
    assert_eq!(notes, ["He sounds tired."]);

    // Ben at the front desk opens no records: he sees the name that was given, and nothing of who is known.
    let seen = page_of(&house, &cast.ben, &reference).await.unwrap();
    assert_eq!((seen.known, page.known), (false, true));

    // It was a mistake, and then it was not. What Ana noted meanwhile is about whoever asked, and in nobody's record.
    let wanted = now().await;
    house.write(&cast.ana, async |u| noting::note(u, &wanted, "He has a dog.").await).await.unwrap();
    house.write(&cast.ana, async |u| recognizing::take_back(u, &wanted).await).await.unwrap();
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    let notes: Vec<_> = page.history.events.iter().filter_map(|h| h.event.note.clone()).collect();
    assert_eq!(notes, ["He has a dog.", "He sounds tired."]);
    let given = ClientHolding.export(house.reader(), house.keyring(), person).await.unwrap().to_string();
    assert!(!given.contains("dog"), "a stranger's note is in the record: {given}");
    let wanted = now().await;
    assert_eq!((wanted.prospective_id, wanted.was_about_id), (wanted.caller_id, None));
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!(page.words.as_deref(), Some("It is a hard month."));
    recognize(&cast.ana, &wanted).await.unwrap();

    // He comes in: one record, with both requests and both numbers.
    let wanted = now().await;
    let came = house.write(&cast.ana, async |unit| converting::convert(unit, &wanted, to(None)).await).await;
    assert_eq!(came.unwrap(), person);
    let requests = converting::requests_of(house.reader(), &cast.ana, person).await.unwrap();
    let requests: Vec<_> = requests.into_iter().map(|one| one.reference).collect();
    assert_eq!(requests, [reference.clone(), first.reference]);
    let points = consent::contact_point::of(house.reader(), person).await.unwrap();
    let values: Vec<_> = points.iter().map(|p| p.value.as_str()).collect();
    assert_eq!(values, ["212 555 0142", "(303) 555-0177"]);
    house.close().await;
}

#[tokio::test]
async fn a_request_becomes_a_client_once_with_its_history() {
    let (house, cast) = house().await;
    let marcus = TypedRequest { for_whom: "self", name: "Marcus T.", ..jo() };
    let received = ask(&house, "form-1", &marcus).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    let ray = cast.ray.staff_id();
    let person = house
        .write(&cast.ana, async |unit| converting::convert(unit, &request, to(ray)).await)
        .await
        .unwrap();
    let again = house.write(&cast.ana, async |unit| converting::convert(unit, &request, to(ray)).await).await;
    assert!(matches!(again, Err(Error::Refused(_))));
    let record = clients::client::page(house.reader(), &cast.ray, person).await.unwrap();
    assert_eq!(record.person.name_used, "Marcus T.");
    assert_eq!(record.counselor.as_deref(), Some("Ray Okafor"));
    // His counselor sees him, another team's does not, and what one may not see does not exist.
    let ines = clients::client::page(house.reader(), &cast.ines, person).await;
    assert!(matches!(ines, Err(Error::NotFound)));
    let history = converting::requests_of(house.reader(), &cast.ana, person).await.unwrap();
    assert_eq!(history[0].reference, received.reference);
    house.close().await;
}

#[tokio::test]
async fn the_front_desk_takes_requests_and_does_not_make_clients() {
    let (house, cast) = house().await;
    let received = ask(&house, "form-1", &jo()).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    house.write(&cast.ben, async |unit| claiming::claim(unit, &request).await).await.unwrap();
    let tried =
        house.write(&cast.ben, async |unit| converting::convert(unit, &request, to(None)).await).await;
    assert!(matches!(tried, Err(Error::Forbidden(Act::ConvertRequest))));
    let linus = rows(&house, &cast.linus, View::Everyone, None).await;
    assert!(matches!(linus, Err(Error::Forbidden(Act::ViewInbox))));
    house.close().await;
}

#[tokio::test]
async fn a_stale_save_is_refused_and_a_closed_request_opens_again() {
    let (house, cast) = house().await;
    let received = ask(&house, "form-1", &jo()).await.unwrap();
    let seen = by_reference(house.reader(), &received.reference).await.unwrap();
    let in_an_hour = Some(house.now() + chrono::TimeDelta::hours(1));
    let step = stepping::NextStep::parse("call about Tuesday", in_an_hour, house.now()).unwrap();
    house
        .write(&cast.ana, async |unit| stepping::step(unit, &seen, seen.version, step.clone()).await)
        .await
        .unwrap();
    let stale =
        house.write(&cast.ben, async |unit| stepping::step(unit, &seen, seen.version, step).await).await;
    assert!(matches!(stale, Err(Error::Stale)));
    let now = by_reference(house.reader(), &received.reference).await.unwrap();
    house
        .write(&cast.ana, async |unit| closing::close(unit, &now, over("information_only", "", "")).await)
        .await
        .unwrap();
    assert!(rows(&house, &cast.ana, View::Everyone, None).await.unwrap().is_empty());
    let closed = by_reference(house.reader(), &received.reference).await.unwrap();
    house.write(&cast.ana, async |unit| closing::reopen(unit, &closed).await).await.unwrap();
    assert_eq!(rows(&house, &cast.ana, View::Everyone, None).await.unwrap().len(), 1);
    house.close().await;
}

#[tokio::test]
async fn what_was_promised_stands_nowhere_in_clear() {
    let (house, cast) = house().await;
    let received = ask(&house, "sealed", &jo()).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    let at = house.now() + chrono::TimeDelta::hours(2);
    let step = stepping::NextStep::parse("Call his sister Elena", Some(at), house.now());
    let step = step.unwrap();
    house.write(&cast.ana, async |u| stepping::step(u, &request, request.version, step).await).await.unwrap();
    let open = rows(&house, &cast.ana, View::Everyone, None).await.unwrap();
    assert_eq!(open[0].next_step.as_deref(), Some("Call his sister Elena"));
    let kept = by_reference(house.reader(), &request.reference).await.unwrap().next_step.unwrap();
    assert!(!String::from_utf8_lossy(&kept).contains("Elena"));
    let kept = request.relationship.unwrap();
    assert!(!String::from_utf8_lossy(&kept).contains("sister"));
    house.close().await;
}

fn tomorrow(house: &House) -> Snooze {
    Snooze::parse(Some(house.now() + chrono::TimeDelta::hours(20)), false, house.now()).unwrap()
}

async fn stands_in(house: &House, viewer: &Actor, view: View) -> Vec<String> {
    rows(house, viewer, view, None).await.unwrap().into_iter().map(|row| row.reference).collect()
}

#[tokio::test]
async fn what_is_put_aside_is_out_of_the_way_until_its_moment_and_on_top_then() {
    let (house, cast) = house().await;
    let jo = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let request = by_reference(house.reader(), &jo).await.unwrap();
    let until = tomorrow(&house);
    let done = house
        .write(&cast.ana, async |unit| snoozing::snooze(unit, &request, request.version, until).await)
        .await;
    done.unwrap();
    assert!(stands_in(&house, &cast.ana, View::Everyone).await.is_empty());
    assert_eq!(stands_in(&house, &cast.ana, View::Snoozed).await, std::slice::from_ref(&jo));
    assert_eq!(snoozing::wake_due(&house).await.unwrap(), 0);

    // Another one waits longer, but Jo was promised to be on top again.
    house.later(chrono::TimeDelta::hours(1));
    let mut maya = self::jo();
    (maya.name, maya.phone) = ("Maya", "212 555 0143");
    let maya = ask(&house, "form-2", &maya).await.unwrap().reference;
    house.later(chrono::TimeDelta::hours(19));
    assert_eq!(stands_in(&house, &cast.ana, View::Everyone).await, [jo.clone(), maya.clone()]);
    assert_eq!(snoozing::wake_due(&house).await.unwrap(), 1, "open pages hear of it, once");
    assert_eq!(snoozing::wake_due(&house).await.unwrap(), 0);
    assert_eq!(stands_in(&house, &cast.ana, View::Everyone).await, [jo, maya]);
    let counts = counts(house.reader(), &cast.ana, house.now()).await.unwrap();
    assert_eq!((counts.everyone, counts.overdue, counts.snoozed), (2, 2, 0));
    let all = rows(&house, &cast.ana, Which::Open, None).await.unwrap();
    assert_eq!(counts_of(&all, cast.ana.staff_id(), house.now()), Some(counts), "two ways to count differ");
    house.close().await;
}

#[tokio::test]
async fn a_call_wakes_what_was_put_aside_unless_it_was_to_sleep_through_it() {
    let (house, cast) = house().await;
    for (submission, through) in [("form-1", false), ("form-2", true)] {
        let reference = ask(&house, submission, &jo()).await.unwrap().reference;
        let request = by_reference(house.reader(), &reference).await.unwrap();
        let until = Some(house.now() + chrono::TimeDelta::days(2));
        let to = Snooze::parse(until, through, house.now()).unwrap();
        house
            .write(&cast.ana, async |unit| snoozing::snooze(unit, &request, request.version, to).await)
            .await
            .unwrap();
        let request = by_reference(house.reader(), &reference).await.unwrap();
        let begun = house
            .write(&cast.ana, async |unit| beginning::begin(unit, submission, Some(request.clone())).await)
            .await;
        begun.unwrap();
        let asleep = by_reference(house.reader(), &reference).await.unwrap().snoozed_until.is_some();
        assert_eq!(asleep, through, "{submission}");
    }
    house.close().await;
}

#[tokio::test]
async fn whoever_may_be_in_danger_is_never_put_aside_and_never_cut_off_a_list() {
    let (house, cast) = house().await;
    let mut urgent = jo();
    urgent.danger = "yes";
    let reference = ask(&house, "form-1", &urgent).await.unwrap().reference;
    let request = by_reference(house.reader(), &reference).await.unwrap();
    let refused = house
        .write(&cast.ana, async |unit| {
            snoozing::snooze(unit, &request, request.version, tomorrow(&house)).await
        })
        .await;
    assert!(matches!(refused, Err(Error::Refused(ref no)) if no.code == "danger"), "{refused:?}");
    // More who are late than a list has rows. All of them were due before.
    house.later(chrono::TimeDelta::hours(-3));
    for n in 0..=MOST {
        ask(&house, &format!("late-{n}"), &jo()).await.unwrap();
    }
    house.later(chrono::TimeDelta::hours(3));
    let shown = stands_in(&house, &cast.ana, View::Everyone).await;
    assert_eq!(
        (shown.len(), shown.first()),
        (MOST, Some(&reference)),
        "the one in danger is not on the page"
    );
    for (at, words) in [
        (None, "none"),
        (Some(house.now()), "over"),
        (Some(house.now() + chrono::TimeDelta::days(99)), "far"),
    ] {
        assert!(Snooze::parse(at, false, house.now()).is_err(), "{words}");
    }
    house.close().await;
}

#[tokio::test]
async fn who_said_not_now_and_allowed_it_is_asked_again_until_the_no_is_a_no() {
    let (house, cast) = house().await;
    let jo = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let now = async || by_reference(house.reader(), &jo).await.unwrap();
    let request = now().await;
    let how = over("declined_by_person", "not_ready", "yes");
    house.write(&cast.ana, async |unit| closing::close(unit, &request, how).await).await.unwrap();
    let closed = now().await;
    assert_eq!(closed.disposition_reason, Some(Reason::NotReady));
    assert!(stands_in(&house, &cast.ana, View::CheckIn).await.is_empty(), "not before a day is over");
    house.later(chrono::TimeDelta::days(1));
    assert_eq!(stands_in(&house, &cast.ana, View::CheckIn).await, std::slice::from_ref(&jo));

    // Nobody asked for two weeks: what was missed is not made up for.
    house.later(chrono::TimeDelta::days(14));
    let request = now().await;
    let asked = async |who: &Actor, outcome| {
        let request = &request;
        house
            .write(who, async |unit| {
                let still_holds = Some(StillHolds::CouldNotAsk);
                attempting::check_in(unit, request, Try { still_holds, ..Outcome::into(outcome) }).await
            })
            .await
    };
    asked(&cast.ana, Outcome::Reached).await.unwrap();
    assert_eq!(now().await.check_in_at, request.closed_at.map(|at| at + chrono::TimeDelta::days(30)));
    let twice = asked(&cast.ben, Outcome::Reached).await;
    assert!(matches!(twice, Err(Error::Refused(ref no)) if no.code == "check_in"), "{twice:?}");
    let request = now().await;
    house
        .write(&cast.ana, async |unit| attempting::check_in(unit, &request, Outcome::Declined).await)
        .await
        .unwrap();
    assert_eq!(now().await.check_in_at, None, "a no is a no");
    house.close().await;
}

#[tokio::test]
async fn of_who_died_nobody_is_written_to_any_more() {
    let (house, cast) = house().await;
    let jo = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let request = by_reference(house.reader(), &jo).await.unwrap();
    let how = over("deceased", "", "");
    house.write(&cast.ana, async |unit| closing::close(unit, &request, how).await).await.unwrap();
    let sql = "SELECT count(*) AS n FROM people WHERE died_at IS NOT NULL";
    let row = house
        .reader()
        .query_one_raw(Statement::from_string(house.reader().get_database_backend(), sql))
        .await
        .unwrap();
    assert_eq!(row.unwrap().try_get::<i64>("", "n").unwrap(), 1);
    house.close().await;
}

#[tokio::test]
async fn a_saved_view_counts_who_stands_in_it_and_shows_others_only_what_is_shared() {
    let (house, cast) = house().await;
    let mut hospital = jo();
    hospital.for_whom = "patient";
    for (submission, typed) in [("form-1", jo()), ("form-2", hospital), ("form-3", jo())] {
        ask(&house, submission, &typed).await.unwrap();
        house.later(chrono::TimeDelta::hours(2));
    }
    let family = Filter::read(|name| if name == "for_whom" { "family" } else { "" });
    let late = Filter::read(|name| if name == "hours" { "4" } else { "" });
    let save = async |who: &Actor, name: &str, filter, shared| {
        let new = NewView::parse(name, filter, shared)?;
        house.write(who, async |unit| saving::save(unit, new).await).await
    };
    assert!(matches!(save(&cast.ana, "", family, false).await, Err(Error::Invalid(_))));
    assert!(matches!(save(&cast.ana, "All", Filter::default(), false).await, Err(Error::Invalid(_))));
    let own = save(&cast.ana, "Families", family, false).await.unwrap();
    house.later(chrono::TimeDelta::minutes(1));
    save(&cast.ana, "Late ones", late, true).await.unwrap();
    let seen = async |who: &Actor| -> Vec<String> {
        let all = saving::all(house.reader(), house.keyring()).await.unwrap();
        all.into_iter().filter(|one| one.whose.is_for(who.staff_id())).map(|one| one.name).collect()
    };
    assert_eq!(seen(&cast.ana).await, ["Families", "Late ones"]);
    assert_eq!(seen(&cast.ben).await, ["Late ones"]);
    let stolen = house.write(&cast.ben, async |unit| saving::end(unit, own).await).await;
    assert!(matches!(stolen, Err(Error::NotFound)), "{stolen:?}");

    // The row in memory and the database agree.
    let now = house.now();
    let open = rows(&house, &cast.ana, Which::Open, None).await.unwrap();
    for filter in [family, late] {
        let held = open.iter().filter(|row| filter.holds(row, cast.ana.staff_id(), now)).count();
        let listed = rows(&house, &cast.ana, Which::Filtered(filter), None).await.unwrap().len();
        let counted = counts_in(house.reader(), &cast.ana, &[filter], now).await.unwrap();
        assert_eq!((listed, counted), (2, vec![2]));
        assert_eq!(held, 2);
    }
    house.write(&cast.ana, async |unit| saving::end(unit, own).await).await.unwrap();
    assert_eq!(seen(&cast.ana).await, ["Late ones"]);
    house.close().await;
}

#[tokio::test]
async fn a_text_that_cannot_be_read_hides_nobody_who_waits() {
    let (house, cast) = house().await;
    let (one, other) =
        (ask(&house, "form-1", &jo()).await.unwrap(), ask(&house, "form-2", &jo()).await.unwrap());
    let request = by_reference(house.reader(), &one.reference).await.unwrap();
    let tomorrow = Some(house.now() + chrono::TimeDelta::days(1));
    let step = stepping::NextStep::parse("Call again", tomorrow, house.now()).unwrap();
    house
        .write(&cast.ana, async |unit| stepping::step(unit, &request, request.version, step).await)
        .await
        .unwrap();
    let backend = house.reader().get_database_backend();
    let sql = match backend {
        sea_orm::DbBackend::Postgres => "UPDATE requests SET next_step = '\\x00' WHERE next_step IS NOT NULL",
        _ => "UPDATE requests SET next_step = x'00' WHERE next_step IS NOT NULL",
    };
    house.store().raw().execute_raw(Statement::from_string(backend, sql)).await.unwrap();
    let mut seen = stands_in(&house, &cast.ana, View::Everyone).await;
    seen.sort();
    let mut both = [one.reference, other.reference];
    both.sort();
    assert_eq!(seen, both);
    house.close().await;
}

#[tokio::test]
async fn who_calls_by_what_was_said_long_ago_says_whether_it_still_holds() {
    let (house, cast) = house().await;
    let reference = ask(&house, "long ago", &jo()).await.unwrap().reference;
    house.later(chrono::TimeDelta::days(181));
    let before = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert!(before.card.stale);
    let try_it = async |outcome, still_holds| {
        let request = by_reference(house.reader(), &reference).await.unwrap();
        let tried = Try { still_holds, because: asked_to(), ..Outcome::into(outcome) };
        house.write(&cast.ana, async |unit| attempting::attempt(unit, &request, tried).await).await
    };
    let silent = try_it(Outcome::NoAnswer, None).await;
    let Err(Error::Invalid(faults)) = silent else { panic!("dialed without a word: {silent:?}") };
    assert!(faults.of("still_holds").is_some());
    assert_eq!(page_of(&house, &cast.ana, &reference).await.unwrap().attempts.len(), 0, "nothing was kept");

    for nobody in [Outcome::NoAnswer, Outcome::VoicemailLeft, Outcome::WrongNumber, Outcome::NotSafe] {
        let said = try_it(nobody, Some(StillHolds::Yes)).await;
        assert!(matches!(said, Err(Error::Invalid(_))), "{nobody} said so: {said:?}");
    }
    try_it(Outcome::NoAnswer, Some(StillHolds::CouldNotAsk)).await.unwrap();
    assert!(page_of(&house, &cast.ana, &reference).await.unwrap().card.stale, "nobody has confirmed it");
    house.later(chrono::TimeDelta::days(1));
    // A supervisor, who sets nobody's rules but her own team's, writes down what Jo said as well.
    let request = by_reference(house.reader(), &reference).await.unwrap();
    let still_holds = Some(StillHolds::Yes);
    let tried = Try { still_holds, because: asked_to(), ..Outcome::Reached.into() };
    house.write(&cast.mina, async |unit| attempting::attempt(unit, &request, tried).await).await.unwrap();
    let after = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert!(!after.card.stale, "Jo said that it holds");
    assert_eq!(after.card.ways, before.card.ways, "and nothing else changed");
    try_it(Outcome::Reached, None).await.unwrap();
    house.close().await;
}

#[tokio::test]
async fn what_holds_at_the_only_number_holds_in_the_row_and_for_the_next_try() {
    let (house, cast) = house().await;
    let typed = TypedRequest { call: "any", call_from: "", call_until: "", call_days: "", ..jo() };
    let reference = ask(&house, "one number", &typed).await.unwrap().reference;
    let request = by_reference(house.reader(), &reference).await.unwrap();
    let care = Subject::of("person", request.caller_id).concerning(request.caller_id);
    let point = contact_point::of(house.reader(), request.caller_id).await.unwrap().remove(0);
    let said = async |before, own: OwnRules| {
        house
            .write(&cast.ana, async |unit| {
                contact_point::set_own_rules(unit, point.id, &care, before, own.clone()).await
            })
            .await
            .unwrap();
    };
    let row = async || rows(&house, &cast.ana, Which::Open, None).await.unwrap().remove(0);
    assert_eq!((row().await.call, row().await.hours()), (Some(Permission::Ok), None));
    let early = Hours::new(6, 7, false);
    let asked = OwnRules::asked_at(house.now());
    said(None, OwnRules { hours: early, ..asked.clone() }).await;
    assert_eq!(row().await.hours(), early.as_ref(), "the row goes by the hours of the number");
    let tried = Try { because: asked_to(), ..Outcome::NoAnswer.into() };
    let tried =
        house.write(&cast.ana, async |unit| attempting::attempt(unit, &request, tried).await).await.unwrap();
    let Next::TryAgain(at) = tried else { panic!("no next try: {tried:?}") };
    let hour = at.with_timezone(&chrono_tz::America::Chicago).hour();
    assert_eq!(hour, 6, "{at} is not when the number may be called");
    said(Some(asked.said_at), OwnRules { may_use: Permission::Never, ..asked.clone() }).await;
    assert_eq!(row().await.call, Some(Permission::Never), "the row says that they may be called");
    house.close().await;
}
