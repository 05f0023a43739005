//! Two requests about the same thing, on a real database, told with people.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot be set up is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use consent::rules::contact::SaidBy;
use foundation::center::Center;
use foundation::testing::{Cast, House};
use foundation::{Act, Error};
use intake::inbox::{View, rows};
use intake::request::attempting::Try;
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::snoozing::{self, Snooze};
use intake::request::stepping::{NextStep, step};
use intake::request::{attempting, claiming, closing, converting, merged, merging, noting, page};
use intake::rules::danger_hours::OutsideHours;
use intake::rules::outcome::Closing;
use intake::rules::words::{Channel, Disposition, Outcome, Urgency};
use intake::{Request, call};
use proptest::prelude::*;

/// Jo asks in the form, and an hour later in panic on the phone.
async fn twice(house: &House, cast: &Cast) -> (Request, Request) {
    let first = ask(house, "form-1", &jo()).await.unwrap();
    house.later(TimeDelta::hours(1));
    let panic = TypedRequest { danger: "not_sure", words: "He does not answer me.", ..jo() };
    let new = NewRequest::parse(&panic, Channel::Phone, SaidBy::Voice).unwrap();
    let second = house.write(&cast.ben, async |u| receive(u, "phone-1", new).await).await.unwrap();
    (request(house, &first.reference).await, request(house, &second.reference).await)
}

#[tokio::test]
async fn a_no_to_calls_outside_the_hours_holds_in_the_one_that_goes_on_until_they_are_apart() {
    let (house, cast) = house().await;
    let hours = TypedRequest { call: "hours", call_from: "9", call_until: "16", danger: "yes", ..jo() };
    let yes = ask(&house, "form-1", &TypedRequest { outside_hours: "yes", ..hours }).await.unwrap();
    house.later(TimeDelta::hours(1));
    let no = ask(&house, "form-2", &TypedRequest { outside_hours: "no", ..hours }).await.unwrap();
    let (yes, no) = (request(&house, &yes.reference).await, request(&house, &no.reference).await);
    write(&house, &cast.ana, async |u| merging::merge(u, &no, &yes).await.map(|_| ())).await;
    let said = async || request(&house, &yes.reference).await.outside_hours;
    assert_eq!(said().await, Some(OutsideHours::No), "she would be called at night");
    house.later(TimeDelta::hours(1));
    write(&house, &cast.ana, async |u| merging::unmerge(u, &no).await.map(|_| ())).await;
    assert_eq!(said().await, Some(OutsideHours::Yes), "what she said here is lost");
    house.close().await;
}

fn refusal(result: Result<Request, Error>) -> (&'static str, String) {
    match result {
        Err(Error::Refused(refusal)) => (refusal.code, refusal.sentence),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn both_histories_stand_in_the_one_that_goes_on() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    house.later(TimeDelta::minutes(5));
    write(&house, &cast.ben, async |u| noting::note(u, &second, "She sounds very tired.").await.map(|_| ()))
        .await;
    house.later(TimeDelta::minutes(5));
    write(&house, &cast.ana, async |u| attempting::attempt(u, &first, Outcome::NoAnswer).await.map(|_| ()))
        .await;
    house.later(TimeDelta::minutes(5));
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    // The higher urgency goes on; the words of both are there.
    assert_eq!(page.request.urgency, Urgency::Urgent);
    assert_eq!(page.words.as_deref(), Some(jo().words));
    assert_eq!(page.merged[0].words.as_deref(), Some("He does not answer me."));
    // How to reach her by what she said there, beside how by what she said here.
    assert!(page.merged[0].card.say.contains("212 555 0142"), "{}", page.merged[0].card.say);
    let told: Vec<_> = page
        .history
        .events
        .iter()
        .map(|h| (h.event.act, h.from.as_deref(), h.event.note.as_deref()))
        .collect();
    let other = Some(second.reference.as_str());
    assert_eq!(
        told,
        [
            (Act::MergeRequests, None, None),
            (Act::LogAttempt, None, None),
            (Act::NoteRequest, other, Some("She sounds very tired.")),
            (Act::ReceiveRequest, other, None),
            (Act::ReceiveRequest, None, None),
        ]
    );
    let closed = page_of(&house, &cast.ana, &second.reference).await.unwrap();
    assert_eq!(closed.request.disposition, Some(Disposition::Duplicate));
    assert_eq!(closed.goes_on_in, Some(first.reference));
    assert_eq!(rows(&house, &cast.ana, View::Everyone, None).await.unwrap().len(), 1);
    house.close().await;
}

#[tokio::test]
async fn what_comes_to_the_merged_one_lands_in_the_one_that_goes_on() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    // Ben has begun a call about the second one when Ana merges it.
    let begun = house
        .write(&cast.ben, async |u| call::beginning::begin(u, "sheet", Some(second.clone())).await)
        .await
        .unwrap();
    let second = request(&house, &second.reference).await;
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    // The pages of both were open before: what they send is about the one that goes on.
    write(&house, &cast.ben, async |u| noting::note(u, &second, "Her sister may call.").await.map(|_| ()))
        .await;
    write(&house, &cast.ben, async |u| attempting::attempt(u, &second, Outcome::Reached).await.map(|_| ()))
        .await;
    let sheet = call::sheet::Sheet::read(|name| if name == "q_unresponsive" { "yes" } else { "" }).unwrap();
    let seen = call::saving::Seen { version: begun.version, desk: "", turn: 0 };
    write(&house, &cast.ben, async |u| call::saving::save(u, &begun, seen, &sheet).await.map(|_| ())).await;
    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    assert_eq!((page.request.attempts, page.request.reached_at), (1, Some(house.now())));
    assert!(page.history.events.iter().any(|h| h.event.note.is_some() && h.from.is_none()));
    assert_eq!(page.request.urgency, Urgency::Emergency, "danger told on the call about the merged one");
    assert_eq!(page.calls.len(), 1);
    let merged = request(&house, &second.reference).await;
    assert_eq!((merged.attempts, merged.version), (0, second.version + 1));
    house.close().await;
}

#[tokio::test]
async fn the_sooner_promise_goes_on_and_the_owner_stays() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    write(&house, &cast.ben, async |u| claiming::claim(u, &second).await).await;
    let promise = async |on: &Request, what: &str, hours: i64| {
        let at = Some(house.now() + TimeDelta::hours(hours));
        let promised = NextStep::parse(what, at, house.now()).unwrap();
        let on = request(&house, &on.reference).await;
        write(&house, &cast.ben, async |u| step(u, &on, on.version, promised.clone()).await).await;
    };
    promise(&first, "Call about Tuesday", 5).await;
    promise(&second, "Call the brother", 2).await;
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    assert_eq!(page.next_step.as_deref(), Some("Call the brother"));
    assert_eq!(page.owner.as_deref(), Some("Ben Kealoha"));
    // What the survivor had promised before comes back with it.
    write(&house, &cast.ana, async |u| merging::unmerge(u, &second).await.map(|_| ())).await;
    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    assert_eq!((page.next_step.as_deref(), page.owner), (Some("Call about Tuesday"), None));
    let page = page_of(&house, &cast.ana, &second.reference).await.unwrap();
    assert_eq!(page.next_step.as_deref(), Some("Call the brother"));
    assert!(page.goes_on_in.is_none());
    house.close().await;
}

#[tokio::test]
async fn what_cannot_be_merged_says_why() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    let merge = async |a: &Request, b: &Request| {
        refusal(house.write(&cast.ana, async |u| merging::merge(u, a, b).await).await)
    };
    assert_eq!(merge(&first, &first).await.0, "same");
    let tried = house.write(&cast.ben, async |u| merging::merge(u, &second, &first).await).await;
    assert!(matches!(tried, Err(Error::Forbidden(Act::MergeRequests))));
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    let (_, words) = merge(&second, &first).await;
    assert_eq!(words, format!("{} was merged into {} already.", second.reference, first.reference));
    // Merging into a merged one leads to the one that goes on: here to itself.
    assert_eq!(merge(&first, &second).await.0, "same");
    let reopened = house.write(&cast.ana, async |u| closing::reopen(u, &second).await).await;
    assert!(matches!(reopened, Err(Error::Refused(r)) if r.code == "merged"));
    let third = ask(&house, "form-3", &jo()).await.unwrap();
    let third = request(&house, &third.reference).await;
    let into = house.write(&cast.ana, async |u| merging::merge(u, &third, &second).await).await.unwrap();
    assert_eq!(into.reference, first.reference);
    let fourth = request(&house, &ask(&house, "form-4", &jo()).await.unwrap().reference).await;
    let now = request(&house, &first.reference).await;
    let over = Closing::parse("information_only", "", "").unwrap();
    write(&house, &cast.ana, async |u| closing::close(u, &now, over).await).await;
    assert_eq!(merge(&fourth, &first).await.0, "closed");
    house.close().await;
}

#[tokio::test]
async fn a_chain_is_one_request_and_comes_apart_from_its_end() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    let third = request(&house, &ask(&house, "form-3", &jo()).await.unwrap().reference).await;
    write(&house, &cast.ana, async |u| merging::merge(u, &third, &second).await.map(|_| ())).await;
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    let there: Vec<(&str, bool)> =
        page.merged.iter().map(|m| (m.request.reference.as_str(), m.apart_until.is_some())).collect();
    assert_eq!(there, [(second.reference.as_str(), true), (third.reference.as_str(), false)]);
    let led = page_of(&house, &cast.ana, &third.reference).await.unwrap();
    assert_eq!(led.goes_on_in.as_deref(), Some(first.reference.as_str()));
    let apart = house.write(&cast.ana, async |u| merging::unmerge(u, &third).await).await;
    let (code, words) = refusal(apart);
    assert_eq!(code, "merged_on");
    let wanted = format!(
        "{} was merged into {} meanwhile. Take those two apart first.",
        second.reference, first.reference
    );
    assert_eq!(words, wanted);
    write(&house, &cast.mina, async |u| merging::unmerge(u, &second).await.map(|_| ())).await;
    write(&house, &cast.mina, async |u| merging::unmerge(u, &third).await.map(|_| ())).await;
    assert_eq!(rows(&house, &cast.ana, View::Everyone, None).await.unwrap().len(), 3);
    house.close().await;
}

#[tokio::test]
async fn they_come_apart_for_thirty_days_and_not_once_one_is_a_client() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    house.later(TimeDelta::days(30));
    write(&house, &cast.ana, async |u| merging::unmerge(u, &second).await.map(|_| ())).await;
    let again = house.write(&cast.ana, async |u| merging::unmerge(u, &second).await).await;
    assert_eq!(refusal(again).0, "apart");
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    house.later(TimeDelta::days(30) + TimeDelta::milliseconds(1));
    let late = house.write(&cast.ana, async |u| merging::unmerge(u, &second).await).await;
    assert_eq!(refusal(late).0, "too_late");
    assert!(page_of(&house, &cast.ana, &first.reference).await.unwrap().merged[0].apart_until.is_none());
    let third = request(&house, &ask(&house, "form-3", &jo()).await.unwrap().reference).await;
    write(&house, &cast.ana, async |u| merging::merge(u, &third, &first).await.map(|_| ())).await;
    let now = request(&house, &first.reference).await;
    write(&house, &cast.ana, async |u| {
        converting::convert(u, &now, converting::ComingIn::default()).await.map(|_| ())
    })
    .await;
    let converted = house.write(&cast.ana, async |u| merging::unmerge(u, &third).await).await;
    assert_eq!(refusal(converted).0, "converted");
    house.close().await;
}

#[tokio::test]
async fn of_two_who_merge_them_into_each_other_one_wins() {
    let (house, cast) = house().await;
    for n in 0..20 {
        let a = request(&house, &ask(&house, &format!("a-{n}"), &jo()).await.unwrap().reference).await;
        let b = request(&house, &ask(&house, &format!("b-{n}"), &jo()).await.unwrap().reference).await;
        let (one, other) = tokio::join!(
            house.write(&cast.ana, async |u| merging::merge(u, &a, &b).await),
            house.write(&cast.mina, async |u| merging::merge(u, &b, &a).await),
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
    }
    assert_eq!(rows(&house, &cast.ana, View::Everyone, None).await.unwrap().len(), 20);
    house.close().await;
}

#[tokio::test]
async fn side_by_side_the_older_one_stands_first() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    let staff = foundation::staff::Directory::of(&house).await.unwrap();
    let zone = Center::of(&house).await.unwrap().zone;
    let around = page::Around::new(&house, &cast.ana, &staff, zone);
    let both = [second.reference.as_str(), first.reference.as_str()];
    let compared = house.look(async |reader| merged::compared(reader, around, both).await).await.unwrap();
    let [older, newer] = &compared.sides;
    assert_eq!((&older.request.reference, &newer.request.reference), (&first.reference, &second.reference));
    assert_eq!((compared.with.urgency, compared.with.due_at), (Urgency::Urgent, first.due_at));
    assert_eq!(newer.last.as_ref().map(|e| e.act), Some(Act::ReceiveRequest));
    let ray = page::Around { viewer: &cast.ray, ..around };
    let unseen = house.look(async |reader| merged::compared(reader, ray, both).await).await;
    assert!(matches!(unseen, Err(Error::NotFound)));
    house.close().await;
}

/// What may have happened to a request before somebody sees that it is another one.
#[derive(Clone, Debug)]
struct Before {
    danger: &'static str,
    for_whom: &'static str,
    claimed: bool,
    tried: Option<Outcome>,
    promised: Option<i64>,
}

fn before() -> impl Strategy<Value = Before> {
    (
        prop::sample::select(vec!["yes", "no", "not_sure", ""]),
        prop::sample::select(vec!["self", "family"]),
        any::<bool>(),
        prop::option::of(prop::sample::select(Outcome::ALL)),
        prop::option::of(1_i64..90),
    )
        .prop_map(|(danger, for_whom, claimed, tried, promised)| Before {
            danger,
            for_whom,
            claimed,
            tried,
            promised,
        })
}

async fn came_to(house: &House, cast: &Cast, n: usize, before: &Before) -> Request {
    let typed = TypedRequest { danger: before.danger, for_whom: before.for_whom, ..jo() };
    let reference = ask(house, &format!("form-{n}"), &typed).await.unwrap().reference;
    let now = async || request(house, &reference).await;
    house.later(TimeDelta::minutes(7));
    if before.claimed {
        let on = now().await;
        write(house, &cast.ana, async |u| claiming::claim(u, &on).await).await;
    }
    if let Some(outcome) = before.tried {
        let on = now().await;
        let because = "Asked by the line itself to speak after the tone.".to_owned();
        let tried = Try { because, ..outcome.into() };
        write(house, &cast.ana, async |u| attempting::attempt(u, &on, tried).await.map(|_| ())).await;
    }
    if let Some(minutes) = before.promised {
        let at = Some(house.now() + TimeDelta::minutes(minutes));
        let promised = NextStep::parse(&format!("Call {n}"), at, house.now()).unwrap();
        let on = now().await;
        write(house, &cast.ana, async |u| step(u, &on, on.version, promised.clone()).await).await;
    }
    now().await
}

/// A request without its version, which only ever goes up: a page that was shown before a merge must not pass for one
/// that was shown after it.
fn but_for_version(row: Request) -> Request {
    Request { version: 0, ..row }
}

#[test]
fn merged_and_taken_apart_nothing_is_lost() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (house, cast) = runtime.block_on(house());
    let count = std::cell::Cell::new(0);
    let mut config = ProptestConfig::with_cases(24);
    config.failure_persistence = None;
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&(before(), before(), any::<bool>()), |(a, b, turned)| {
            runtime.block_on(async {
                count.set(count.get() + 2);
                let a = came_to(&house, &cast, count.get(), &a).await;
                let b = came_to(&house, &cast, count.get() + 1, &b).await;
                let (merged, survivor) = if turned { (a, b) } else { (b, a) };
                write(&house, &cast.ana, async |u| merging::merge(u, &merged, &survivor).await.map(|_| ()))
                    .await;
                house.later(TimeDelta::days(3));
                write(&house, &cast.ana, async |u| merging::unmerge(u, &merged).await.map(|_| ())).await;
                for was in [merged, survivor] {
                    let now = request(&house, &was.reference).await;
                    prop_assert!(now.version > was.version);
                    prop_assert_eq!(but_for_version(now), but_for_version(was));
                }
                Ok(())
            })
        })
        .unwrap();
    runtime.block_on(house.close());
}

#[tokio::test]
async fn what_a_colleague_did_meanwhile_stays() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    let now = request(&house, &first.reference).await;
    write(&house, &cast.ben, async |u| claiming::claim(u, &now).await).await;
    write(&house, &cast.ana, async |u| merging::unmerge(u, &second).await.map(|_| ())).await;
    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    assert_eq!(page.owner.as_deref(), Some("Ben Kealoha"));
    assert_eq!(page.request.urgency, Urgency::Urgent, "less urgent behind a colleague's back");
    house.close().await;
}

#[tokio::test]
async fn a_promise_from_before_the_merge_moves_and_dies_with_its_person() {
    use foundation::holding::Holding;
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    for (on, hours) in [(&first, 5), (&second, 2)] {
        let promised = NextStep::parse("Call back", Some(house.now() + TimeDelta::hours(hours)), house.now());
        let promised = promised.unwrap();
        write(&house, &cast.ana, async |u| step(u, on, on.version, promised.clone()).await).await;
    }
    let (first, second) = (request(&house, &first.reference).await, request(&house, &second.reference).await);
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    // Later it turns out that the prospective person is one whom another request is about.
    let holding = intake::IntakeHolding;
    write(&house, &foundation::Actor::House, async |u| {
        let care = foundation::Subject::of("person", first.prospective_id).concerning(second.prospective_id);
        let permit = u.permit(Act::ChangeClient, &care)?;
        holding.move_to(u, first.prospective_id, second.prospective_id).await?;
        u.record(permit, serde_json::json!({}));
        Ok(())
    })
    .await;
    write(&house, &cast.ana, async |u| merging::unmerge(u, &second).await.map(|_| ())).await;
    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    assert_eq!(page.next_step.as_deref(), Some("Call back"));
    assert_eq!(page.request.prospective_id, second.prospective_id);
    house.close().await;
}

#[tokio::test]
async fn a_call_taken_by_nobody_asks_nobody() {
    // An empty sheet is a request; it is like no one.
    let (house, cast) = house().await;
    for n in 0..2 {
        let new = NewRequest::by_phone().unwrap();
        let submission = format!("empty-{n}");
        house
            .write(&cast.ben, async |u| {
                intake::request::receiving::receive(u, &submission, new.clone()).await
            })
            .await
            .unwrap();
    }
    let open = rows(&house, &cast.ana, View::Everyone, None).await.unwrap();
    let page = page_of(&house, &cast.ana, &open[0].reference).await.unwrap();
    assert!(page.alike.is_empty(), "{:?}", page.alike);
    house.close().await;
}

#[tokio::test]
async fn somebody_who_was_put_aside_and_asks_again_is_on_top_again() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    let until = Snooze::parse(Some(house.now() + TimeDelta::days(3)), true, house.now()).unwrap();
    write(&house, &cast.ana, async |u| snoozing::snooze(u, &first, first.version, until).await).await;
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    let on_top = rows(&house, &cast.ana, View::Everyone, None).await.unwrap();
    assert_eq!(
        on_top.iter().map(|row| row.reference.as_str()).collect::<Vec<_>>(),
        [first.reference.as_str()]
    );
    assert!(on_top.iter().all(|row| row.woke(house.now()).is_some()));
    house.close().await;
}

#[tokio::test]
async fn that_they_talked_before_does_not_answer_a_new_danger_and_apart_they_have_talked_again() {
    let (house, cast) = house().await;
    let (first, second) = twice(&house, &cast).await;
    write(&house, &cast.ana, async |u| attempting::attempt(u, &first, Outcome::Reached).await.map(|_| ()))
        .await;
    let reached = request(&house, &first.reference).await.reached_at;
    assert!(reached.is_some());
    write(&house, &cast.ana, async |u| merging::merge(u, &second, &first).await.map(|_| ())).await;
    assert_eq!(request(&house, &first.reference).await.reached_at, None, "nobody calls her about the panic");
    let second = request(&house, &second.reference).await;
    write(&house, &cast.ana, async |u| merging::unmerge(u, &second).await.map(|_| ())).await;
    assert_eq!(request(&house, &first.reference).await.reached_at, reached);
    house.close().await;
}
