//! Appointments on a real database, told with people: hours become times, times are booked, moved, kept and missed.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

#[expect(dead_code, reason = "each story uses what it needs of them")]
mod asking;

use std::collections::BTreeMap;

use asking::page_of;
use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use chrono::TimeDelta;
use consent::rules::contact::SaidBy;
use foundation::jobs::running::Runner;
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, Instant, StaffId};
use intake::appointments::hours::{self, NewException, NewHours};
use intake::appointments::offering::{self, Choice, Offer};
use intake::appointments::sites::{self, NewSite, SiteId};
use intake::appointments::{Appointment, arriving, booking, feed, list, moving, newest};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::stepping::{self, NextStep};
use intake::request::{attempting, by_reference, claiming, closing, converting, merging, waiting};
use intake::rules::appointments::{State, Why};
use intake::rules::outcome::Closing;
use intake::rules::waiting::Wait;
use intake::rules::words::{Channel, Outcome};
use intake::{IntakeHolding, Request, clocks};
use sea_orm::{FromQueryResult, Statement};

fn given<'a>(fields: &'a [(&str, &'a str)]) -> impl Fn(&str) -> &'a str {
    |name| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
}

/// The center with one site, where Ray is on weekdays from nine to noon, an hour each.
async fn house() -> (House, Cast, SiteId) {
    // Letters are told elsewhere; here they only wait.
    let post = Runner::default().with(mail::outbox::JOB, |_, _| async { Ok(()) });
    let house = House::with(post).await;
    let cast = Cast::on(&house).await;
    let site = NewSite::parse(given(&[
        ("site_name", "Cedar, second floor"),
        ("address", "18 Alder Court"),
        ("zone", "America/Chicago"),
    ]));
    let site = site.unwrap();
    let site = house.write(&cast.linus, async |unit| sites::add(unit, site).await).await.unwrap();
    works(&house, &cast.ray, &cast.ray, site, ["09:00", "12:00"], "60").await.unwrap();
    lead(&house, &cast, 0).await;
    (house, cast, site)
}

/// A time that is offered lies at least so many minutes ahead.
async fn lead(house: &House, cast: &Cast, minutes: u16) {
    let (mut clocks, version) = clocks::with_version(house.reader()).await.unwrap();
    clocks.targets.lead = minutes;
    house.write(&cast.linus, async |unit| clocks::change(unit, &clocks, version).await).await.unwrap();
}

fn id(of: &Actor) -> StaffId {
    of.staff_id().unwrap()
}

async fn works(
    house: &House,
    says: &Actor,
    who: &Actor,
    site: SiteId,
    [opens, closes]: [&str; 2],
    length: &str,
) -> Result<(), Error> {
    let (who, site) = (id(who).to_string(), site.to_string());
    let fields = [
        ("clinician", who.as_str()),
        ("site", &site),
        ("opens", opens),
        ("closes", closes),
        ("slot_minutes", length),
    ];
    let today = house.today(chrono_tz::America::Chicago);
    let new = NewHours::parse(given(&fields), ["0", "1", "2", "3", "4"].into_iter(), today)?;
    house.write(says, async |unit| hours::add(unit, new).await).await.map(|_| ())
}

async fn asks(house: &House, name: &str, email: &str) -> Request {
    let typed = TypedRequest {
        danger: "no",
        for_whom: "self",
        name,
        phone: "212 555 0142",
        email,
        call: "any",
        email_ok: if email.is_empty() { "" } else { "yes" },
        ..TypedRequest::default()
    };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
    let form = format!("form-{name}");
    let received = house.write(&Actor::Visitor, async |unit| receive(unit, &form, new).await).await.unwrap();
    again(house, &received.reference).await
}

async fn again(house: &House, reference: &str) -> Request {
    by_reference(house.reader(), reference).await.unwrap()
}

async fn next(house: &House) -> Vec<Offer> {
    offering::next(house.reader(), house.now(), 100).await.unwrap()
}

fn times(offers: &[Offer], most: usize) -> Vec<String> {
    offers.iter().take(most).map(|offer| offering::said(offer.starts_at, offer.zone)).collect()
}

async fn books(house: &House, who: &Actor, about: &Request, choice: Choice) -> Result<Appointment, Error> {
    house.write(who, async |unit| booking::book(unit, about, choice, None).await).await?;
    Ok(newest(house.reader(), about.id).await?.unwrap())
}

async fn step_of(house: &House, who: &Actor, about: &Request) -> (String, Option<Instant>) {
    let read = page_of(house, who, &about.reference).await.unwrap();
    (read.next_step.unwrap_or_default(), read.request.next_step_at)
}

#[derive(Debug, FromQueryResult)]
struct Message {
    letter: String,
    state: String,
    due_at: Instant,
}

async fn letters(house: &House) -> Vec<(String, String, Instant)> {
    let sql = "SELECT letter, state, due_at FROM messages WHERE letter LIKE 'time_%' ORDER BY id";
    let asked = Statement::from_string(house.reader().get_database_backend(), sql);
    let rows = Message::find_by_statement(asked).all(house.reader()).await.unwrap();
    rows.into_iter().map(|m| (m.letter, m.state, m.due_at)).collect()
}

fn code(of: &Result<Appointment, Error>) -> &str {
    match of {
        Err(Error::Refused(no)) => no.code,
        _ => "not refused",
    }
}

#[tokio::test]
async fn the_next_free_times_are_those_of_the_hours_but_for_what_is_booked_or_away() {
    let (house, cast, site) = house().await;
    // Monday, nine in the morning: what begins now is offered, what is over is not.
    let offers = next(&house).await;
    assert_eq!(
        times(&offers, 4),
        ["Mon 2 Mar, 9:00 am", "Mon 2 Mar, 10:00 am", "Mon 2 Mar, 11:00 am", "Tue 3 Mar, 9:00 am"]
    );
    assert_eq!(
        (offers[0].clinician.as_str(), offers[0].site.as_str()),
        ("Ray Okafor", "Cedar, second floor")
    );
    let about = asks(&house, "Abe", "").await;
    books(&house, &cast.ana, &about, offers[1].choice).await.unwrap();
    let ray = id(&cast.ray).to_string();
    let away = NewException::parse(given(&[("who", &ray), ("kind", "away"), ("first_on", "2026-03-03")]));
    let away = away.unwrap();
    let away = house.write(&cast.ray, async |unit| hours::except(unit, away).await).await.unwrap();
    assert_eq!(
        times(&next(&house).await, 3),
        ["Mon 2 Mar, 9:00 am", "Mon 2 Mar, 11:00 am", "Wed 4 Mar, 9:00 am"]
    );
    house.write(&cast.ray, async |unit| hours::end_exception(unit, away).await).await.unwrap();
    let site = site.to_string();
    let extra = NewException::parse(given(&[
        ("who", &ray),
        ("kind", "extra"),
        ("first_on", "2026-03-02"),
        ("at_site", &site),
        ("from_clock", "15:30"),
        ("until_clock", "16:30"),
        ("extra_minutes", "30"),
    ]));
    let extra = extra.unwrap();
    house.write(&cast.linus, async |unit| hours::except(unit, extra).await).await.unwrap();
    assert_eq!(
        times(&next(&house).await, 5)[2..],
        ["Mon 2 Mar, 3:30 pm", "Mon 2 Mar, 4:00 pm", "Tue 3 Mar, 9:00 am"]
    );
    house.close().await;
}

#[tokio::test]
async fn nobody_is_offered_a_time_that_begins_in_two_minutes() {
    let (house, cast, _) = house().await;
    let soon = next(&house).await[0].choice;
    // The center says that people need an hour and a half.
    lead(&house, &cast, 90).await;
    assert_eq!(times(&next(&house).await, 2), ["Mon 2 Mar, 11:00 am", "Tue 3 Mar, 9:00 am"]);
    let about = asks(&house, "Abe", "").await;
    let by_hand = books(&house, &cast.ana, &about, soon).await;
    let Err(Error::Refused(no)) = by_hand else { panic!("{by_hand:?}") };
    assert_eq!(no.code, "taken");
    let said = "This time begins in less than 90 minutes. Free next: Mon 2 Mar, 11:00 am with Ray Okafor";
    assert!(no.sentence.starts_with(said), "{}", no.sentence);
    // Two minutes before that, it is too soon as well.
    house.later(TimeDelta::minutes(31));
    assert_eq!(times(&next(&house).await, 1), ["Tue 3 Mar, 9:00 am"]);
    house.close().await;
}

#[tokio::test]
async fn a_clinician_sets_the_own_hours_and_nobody_is_in_two_places_at_once() {
    let (house, cast, site) = house().await;
    let none = works(&house, &cast.ray, &cast.ines, site, ["09:00", "10:00"], "60").await;
    assert!(matches!(none, Err(Error::Forbidden(Act::SetHours))), "{none:?}");
    let none = works(&house, &cast.ben, &cast.ray, site, ["13:00", "15:00"], "60").await;
    assert!(matches!(none, Err(Error::Forbidden(Act::SetHours))), "{none:?}");
    let twice = works(&house, &cast.linus, &cast.ray, site, ["11:30", "14:00"], "30").await;
    assert!(matches!(twice, Err(Error::Invalid(ref faults)) if faults.of("opens").is_some()), "{twice:?}");
    works(&house, &cast.linus, &cast.ray, site, ["12:00", "14:00"], "30").await.unwrap();
    let desk = works(&house, &cast.linus, &cast.ben, site, ["09:00", "10:00"], "60").await;
    assert!(matches!(desk, Err(Error::Invalid(ref faults)) if faults.of("clinician").is_some()), "{desk:?}");
    let mut rows = hours::weekly(house.reader()).await.unwrap();
    rows.sort_by_key(|row| row.opens);
    house.write(&cast.ray, async |unit| hours::end(unit, rows[0].id).await).await.unwrap();
    assert_eq!(times(&next(&house).await, 1), ["Mon 2 Mar, 12:00 pm"]);
    let again = house.write(&cast.ray, async |unit| hours::end(unit, rows[0].id).await).await;
    assert!(matches!(again, Err(Error::Refused(ref no)) if no.code == "ended"), "{again:?}");
    house.close().await;
}

#[tokio::test]
async fn what_cannot_be_hours_is_said_at_each_field() {
    let today = "2026-03-02".parse().unwrap();
    let fields = [("opens", "25:00"), ("closes", "x"), ("from_on", "soon"), ("until_on", "2026-01-01")];
    let faults = NewHours::parse(given(&fields), ["9", "x"].into_iter(), today).unwrap_err();
    let at: Vec<&str> = faults.0.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(at, ["clinician", "site", "weekdays", "opens", "slot_minutes", "from_on"]);
    let fields =
        [("opens", "17:00"), ("closes", "09:00"), ("from_on", "2026-03-02"), ("until_on", "2026-03-01")];
    let faults = NewHours::parse(given(&fields), ["0"].into_iter(), today).unwrap_err();
    assert!(faults.of("closes").is_some() && faults.of("until_on").is_some(), "{faults:?}");
    let faults = NewException::parse(given(&[("kind", "extra"), ("first_on", "2026-02-30")])).unwrap_err();
    for field in ["who", "first_on", "at_site", "from_clock", "extra_minutes"] {
        assert!(faults.of(field).is_some(), "{field}: {faults:?}");
    }
    let faults = NewSite::parse(given(&[("zone", "Moon/Crater")])).unwrap_err();
    assert_eq!(faults.0.len(), 3);
}

#[tokio::test]
async fn of_two_desks_that_book_one_time_one_wins_and_the_other_hears_what_is_free() {
    let (house, cast, _) = house().await;
    let slot = next(&house).await[0].choice;
    let mut about = Vec::new();
    for name in ["Abe", "Bea", "Cleo", "Dot"] {
        about.push(asks(&house, name, "").await);
    }
    let desks = [&cast.ana, &cast.ben, &cast.mina, &cast.ana];
    let at = |n: usize| Box::pin(books(&house, desks[n], &about[n], slot));
    let (a, b, c, d) = tokio::join!(at(0), at(1), at(2), at(3));
    let all = [a, b, c, d];
    let won = all.iter().filter(|booked| booked.is_ok()).count();
    assert_eq!(won, 1, "{all:?}");
    for lost in all.iter().filter(|booked| booked.is_err()) {
        assert_eq!(code(lost), "taken");
        let Err(Error::Refused(no)) = lost else { continue };
        assert!(no.sentence.contains("Free next: Mon 2 Mar, 10:00 am with Ray Okafor"), "{}", no.sentence);
    }
    house.close().await;
}

#[tokio::test]
async fn two_times_that_meet_are_not_both_booked_though_they_begin_apart() {
    let (house, cast, site) = house().await;
    let (first, second) = (asks(&house, "Abe", "").await, asks(&house, "Bea", "").await);
    let offers = next(&house).await;
    books(&house, &cast.ana, &first, offers[1].choice).await.unwrap();
    // From now on his hours are cut otherwise: half past ten would meet what is booked at ten.
    let rows = hours::weekly(house.reader()).await.unwrap();
    house.write(&cast.ray, async |unit| hours::end(unit, rows[0].id).await).await.unwrap();
    works(&house, &cast.ray, &cast.ray, site, ["09:30", "12:00"], "60").await.unwrap();
    let free = times(&next(&house).await, 1);
    assert_eq!(free, ["Tue 3 Mar, 9:30 am"], "9:30 and 10:30 meet 10:00");
    let at = "2026-03-02T10:30:00".parse().unwrap();
    let meets = books(&house, &cast.ben, &second, Choice { at, ..offers[1].choice }).await;
    assert_eq!(code(&meets), "taken");
    house.close().await;
}

#[tokio::test]
async fn a_booked_time_is_the_next_step_and_stays_it_whatever_else_is_talked_about() {
    let (house, cast, _) = house().await;
    let about = asks(&house, "Abe", "").await;
    let offers = next(&house).await;
    let on = books(&house, &cast.ana, &about, offers[3].choice).await.unwrap();
    let step = step_of(&house, &cast.ana, &about).await;
    assert_eq!(step, ("Assessment with Ray Okafor".to_owned(), Some(on.starts_at)));
    let now = again(&house, &about.reference).await;
    assert_eq!(now.owner_id, cast.ana.staff_id(), "whoever books keeps it");
    let twice = books(&house, &cast.ben, &now, offers[4].choice).await;
    assert_eq!(code(&twice), "booked");
    house.later(TimeDelta::hours(1));
    house
        .write(&cast.ana, async |unit| attempting::attempt(unit, &now, Outcome::Reached).await.map(|_| ()))
        .await
        .unwrap();
    assert_eq!(step_of(&house, &cast.ana, &about).await, step, "another call forgot the time");
    let past = Choice { at: "2026-03-02T09:00:00".parse().unwrap(), ..offers[0].choice };
    let other = asks(&house, "Bea", "").await;
    assert_eq!(code(&books(&house, &cast.ana, &other, past).await), "taken", "a time that is over");
    for nobody in [&cast.ray, &cast.linus, &cast.carol] {
        let no = books(&house, nobody, &other, offers[4].choice).await;
        assert!(matches!(no, Err(Error::Forbidden(Act::BookAppointment))), "{no:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn letters_tell_of_the_time_and_go_with_it() {
    let (house, cast, _) = house().await;
    let about = asks(&house, "Abe", "abe@example.org").await;
    let offers = next(&house).await;
    let thursday = offers.iter().find(|o| times(std::slice::from_ref(o), 1)[0].starts_with("Thu")).unwrap();
    let on = books(&house, &cast.ana, &about, thursday.choice).await.unwrap();
    let day_before = on.starts_at - TimeDelta::days(1);
    assert_eq!(
        letters(&house).await,
        [
            ("time_kept".to_owned(), "queued".to_owned(), house.now()),
            ("time_reminder".to_owned(), "queued".to_owned(), day_before),
        ]
    );
    house.later(TimeDelta::minutes(5));
    let friday = offers.iter().find(|o| o.starts_at == on.starts_at + TimeDelta::days(1)).unwrap();
    let move_it = async |version| {
        let why = Why::Transport;
        house
            .write(&cast.ana, async |unit| {
                moving::move_to(unit, &on, &about, version, friday.choice, why).await
            })
            .await
    };
    move_it(1).await.unwrap();
    assert!(matches!(move_it(1).await, Err(Error::Stale)), "from a page that was shown before");
    let now = newest(house.reader(), about.id).await.unwrap().unwrap();
    assert_eq!((now.id, now.sequence, now.why), (on.id, 1, Some(Why::Transport)));
    assert_eq!(now.first_starts_at, on.starts_at, "by its first time it is counted");
    let states = |all: Vec<(String, String, Instant)>| -> Vec<String> {
        all.into_iter().map(|(letter, state, _)| format!("{letter} {state}")).collect()
    };
    assert_eq!(
        states(letters(&house).await),
        ["time_kept cancelled", "time_reminder cancelled", "time_moved queued", "time_reminder queued"]
    );
    house.later(TimeDelta::minutes(5));
    house
        .write(&cast.ana, async |unit| moving::cancel(unit, &now, &about, 2, Why::TheyAsked).await)
        .await
        .unwrap();
    assert_eq!(
        states(letters(&house).await)[2..],
        ["time_moved cancelled", "time_reminder cancelled", "time_off queued"]
    );
    assert_eq!(step_of(&house, &cast.ana, &about).await, ("Offer another time".into(), Some(house.now())));
    let gone = house
        .write(&cast.ana, async |unit| moving::cancel(unit, &now, &about, 2, Why::TheyAsked).await)
        .await;
    assert!(gone.is_err());
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn who_may_not_be_written_to_is_told_by_phone() {
    let (house, cast, _) = house().await;
    let about = asks(&house, "Bea", "").await;
    let offers = next(&house).await;
    books(&house, &cast.mina, &about, offers[3].choice).await.unwrap();
    assert_eq!(letters(&house).await, []);
    let now = house.now();
    let page = house
        .look(async |reader| intake::appointments::page(reader, &cast.ana, &about.reference, now).await)
        .await
        .unwrap();
    assert_eq!(page.no_letter, Some("There is no address for this."));
    house.close().await;
}

#[tokio::test]
async fn who_did_not_come_is_asked_about_within_the_hour_and_offered_another_time() {
    let (house, cast, _) = house().await;
    let about = asks(&house, "Jo", "").await;
    let offers = next(&house).await;
    let on = books(&house, &cast.ana, &about, offers[1].choice).await.unwrap();
    let early = house.write(&cast.ben, async |unit| arriving::not_arrived(unit, &on, &about).await).await;
    assert!(matches!(early, Err(Error::Refused(ref no)) if no.code == "early"), "{early:?}");
    house.later(TimeDelta::minutes(65));
    assert_eq!(arriving::ask_due(&house).await.unwrap(), 0, "five minutes late is not missing");
    house.later(TimeDelta::minutes(6));
    assert_eq!(arriving::ask_due(&house).await.unwrap(), 1);
    assert_eq!(arriving::ask_due(&house).await.unwrap(), 0, "asked once");
    let (step, at) = step_of(&house, &cast.ana, &about).await;
    assert_eq!((step.as_str(), at), ("Did Jo arrive at 10:00 am?", Some(house.now())));
    assert!(house.now() - on.starts_at < TimeDelta::hours(1));
    // Ray, whose time it was, may say so; Ines may not.
    let about = again(&house, &about.reference).await;
    let no = house.write(&cast.ines, async |unit| arriving::not_arrived(unit, &on, &about).await).await;
    assert!(matches!(no, Err(Error::Forbidden(Act::RecordArrival))), "{no:?}");
    house.write(&cast.ray, async |unit| arriving::not_arrived(unit, &on, &about).await).await.unwrap();
    let (step, at) = step_of(&house, &cast.ana, &about).await;
    assert!(step.contains("ask if they are safe") && at == Some(house.now()), "{step} {at:?}");
    // Offered again, within a day.
    let offers = next(&house).await;
    assert!(offers[0].starts_at - house.now() < TimeDelta::hours(24));
    let about = again(&house, &about.reference).await;
    let new = books(&house, &cast.ana, &about, offers[0].choice).await.unwrap();
    assert_ne!(new.id, on.id);
    house.later(TimeDelta::hours(1));
    let about = again(&house, &about.reference).await;
    house.write(&cast.ben, async |unit| arriving::arrived(unit, &new, &about).await).await.unwrap();
    let about = again(&house, &about.reference).await;
    house
        .write(&cast.ana, async |unit| {
            converting::convert(unit, &about, converting::ComingIn::default()).await.map(|_| ())
        })
        .await
        .unwrap();
    let all = intake::appointments::of(house.reader(), about.id).await.unwrap();
    assert_eq!(all.iter().map(|one| one.state).collect::<Vec<_>>(), [State::Arrived, State::NotArrived]);
    house.close().await;
}

#[tokio::test]
async fn a_booked_time_stays_when_it_is_while_we_wait_and_whoever_misses_it_is_not_waited_for() {
    let (house, cast, _) = house().await;
    let about = asks(&house, "Jo", "").await;
    let offers = next(&house).await;
    let on = books(&house, &cast.ana, &about, offers[1].choice).await.unwrap();
    let about = again(&house, &about.reference).await;
    house.write(&cast.ana, async |unit| claiming::release(unit, &about).await).await.unwrap();
    let about = again(&house, &about.reference).await;
    let wait = Wait::parse("wrote", Some(house.now() + TimeDelta::days(3)), house.now()).unwrap();
    house
        .write(&cast.ana, async |unit| waiting::wait(unit, &about, about.version, wait).await)
        .await
        .unwrap();
    assert_eq!(again(&house, &about.reference).await.next_step_at, Some(on.starts_at));
    house.later(TimeDelta::minutes(75));
    let about = again(&house, &about.reference).await;
    house.write(&cast.ray, async |unit| arriving::not_arrived(unit, &on, &about).await).await.unwrap();
    let about = again(&house, &about.reference).await;
    assert_eq!((about.waiting_until, about.next_step_at), (None, Some(house.now())));
    assert_eq!(about.owner_id, None, "Ray sees no inbox: the call within the hour would be nobody's");
    house.close().await;
}

#[tokio::test]
async fn what_a_colleague_promised_besides_is_not_lost_by_the_question() {
    let (house, cast, _) = house().await;
    let about = asks(&house, "Jo", "").await;
    let offers = next(&house).await;
    books(&house, &cast.ana, &about, offers[0].choice).await.unwrap();
    let about = again(&house, &about.reference).await;
    let later = house.now() + TimeDelta::hours(5);
    let call = NextStep::parse("call her mother", Some(later), house.now()).unwrap();
    house
        .write(&cast.ana, async |unit| stepping::step(unit, &about, about.version, call).await)
        .await
        .unwrap();
    house.later(TimeDelta::minutes(10));
    arriving::ask_due(&house).await.unwrap();
    let (step, _) = step_of(&house, &cast.ana, &about).await;
    assert_eq!(step, "Did Jo arrive at 9:00 am? Promised besides: call her mother, Mon 2 Mar, 2:00 pm");
    house.close().await;
}

#[tokio::test]
async fn a_closed_request_keeps_no_time_and_one_with_a_time_is_not_merged_away() {
    let (house, cast, _) = house().await;
    let (abe, bea) = (asks(&house, "Abe", "").await, asks(&house, "Bea", "").await);
    let slot = next(&house).await[3].choice;
    books(&house, &cast.ana, &abe, slot).await.unwrap();
    let abe = again(&house, &abe.reference).await;
    let merged =
        house.write(&cast.ana, async |unit| merging::merge(unit, &abe, &bea).await.map(|_| ())).await;
    assert!(matches!(merged, Err(Error::Refused(ref no)) if no.code == "booked"), "{merged:?}");
    let how = Closing::parse("declined_by_person", "not_ready", "no").unwrap();
    house.write(&cast.ana, async |unit| closing::close(unit, &abe, how).await).await.unwrap();
    let on = newest(house.reader(), abe.id).await.unwrap().unwrap();
    assert_eq!((on.state, on.why), (State::Cancelled, Some(Why::Closed)));
    books(&house, &cast.ana, &bea, slot).await.unwrap();
    // Opened again, nothing is promised that was given to somebody else; and it could not have been undone whole.
    let bea = again(&house, &bea.reference).await;
    assert!(!closing::can_be_undone(house.reader(), &bea, how).await.unwrap());
    let abe = again(&house, &abe.reference).await;
    house.write(&cast.ana, async |unit| closing::reopen(unit, &abe).await).await.unwrap();
    assert_eq!(again(&house, &abe.reference).await.next_step_at, None);
    house.close().await;
}

#[tokio::test]
async fn a_list_shows_everyone_to_the_desk_and_a_clinician_the_own() {
    let (house, cast, site) = house().await;
    works(&house, &cast.ines, &cast.ines, site, ["09:00", "10:00"], "30").await.unwrap();
    let offers = next(&house).await;
    for (name, who) in [("Abe", &cast.ray), ("Bea", &cast.ines)] {
        let about = asks(&house, name, "").await;
        let slot = offers.iter().find(|offer| offer.choice.staff == id(who)).unwrap().choice;
        books(&house, &cast.ana, &about, slot).await.unwrap();
    }
    let (on, zone) = ("2026-03-02".parse().unwrap(), chrono_tz::America::Chicago);
    let names = async |who: &Actor| {
        let rows = list::of_day(house.reader(), who, on, zone).await?;
        // Both come at nine.
        Ok::<_, Error>(rows.into_iter().map(|row| row.name).collect::<std::collections::BTreeSet<_>>())
    };
    let set = |names: &[&str]| -> std::collections::BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    assert_eq!(names(&cast.ben).await.unwrap(), set(&["Abe", "Bea"]));
    assert_eq!(names(&cast.ines).await.unwrap(), set(&["Bea"]));
    for nobody in [&cast.linus, &cast.carol, &cast.petra] {
        assert!(matches!(names(nobody).await, Err(Error::Forbidden(_))), "{nobody:?}");
    }
    house.close().await;
}

/// What a calendar program of somebody else reads: every event by its key, its properties by name.
fn read_back(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let parsed = ICalendar::parse(text).unwrap();
    let mut events = BTreeMap::new();
    for component in parsed.components.iter().filter(|c| c.component_type == ICalendarComponentType::VEvent) {
        let property = |name: &ICalendarProperty| {
            let entry = component.entries.iter().find(|entry| entry.name == *name);
            entry.and_then(|entry| entry.values.first()).map(|value| format!("{value:?}")).unwrap_or_default()
        };
        let named = |name: &str, of: ICalendarProperty| (name.to_owned(), property(&of));
        let uid = component.uid().unwrap_or_default().to_owned();
        let properties = [
            named("summary", ICalendarProperty::Summary),
            named("status", ICalendarProperty::Status),
            named("sequence", ICalendarProperty::Sequence),
            named("starts", ICalendarProperty::Dtstart),
            named("stamp", ICalendarProperty::Dtstamp),
        ];
        assert!(events.insert(uid, properties.into_iter().collect()).is_none(), "a key stands twice");
    }
    events
}

#[tokio::test]
async fn a_calendar_feed_says_when_and_nothing_else() {
    let (house, cast, _) = house().await;
    let about = asks(&house, "Zelda Quill", "").await;
    let offers = next(&house).await;
    let on = books(&house, &cast.ana, &about, offers[3].choice).await.unwrap();
    let secret = house.write(&cast.ray, async |unit| feed::make(unit).await).await.unwrap();
    let read = async |token: &str| feed::read(house.reader(), token, house.now()).await;
    let text = read(secret.reveal()).await.unwrap();
    for word in ["Zelda", "Quill", "Cedar", "Ray", "CR-", "assessment", "Alder"] {
        assert!(!text.to_lowercase().contains(&word.to_lowercase()), "{word} is in the feed:\n{text}");
    }
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    let first = read_back(&text).remove(&on.id.to_string()).unwrap();
    assert!(first["summary"].contains("\"Appointment\""), "{first:?}");
    assert!(first["status"].contains("Confirmed") && first["sequence"].contains('0'), "{first:?}");
    assert!(text.contains("DTSTART:20260303T150000Z") && text.contains("DTSTAMP:20260302T150000Z"), "{text}");

    house.later(TimeDelta::minutes(3));
    let (slot, why) = (offers[4].choice, Why::TheyAsked);
    house
        .write(&cast.ana, async |unit| moving::move_to(unit, &on, &about, 1, slot, why).await)
        .await
        .unwrap();
    let moved = read_back(&read(secret.reveal()).await.unwrap()).remove(&on.id.to_string()).unwrap();
    assert!(moved["sequence"].contains('1') && moved["starts"] != first["starts"], "{moved:?}");
    assert_ne!(moved["stamp"], first["stamp"]);
    let now = newest(house.reader(), about.id).await.unwrap().unwrap();
    house.write(&cast.ana, async |unit| moving::cancel(unit, &now, &about, 2, why).await).await.unwrap();
    let off = read_back(&read(secret.reveal()).await.unwrap()).remove(&on.id.to_string()).unwrap();
    assert!(off["status"].contains("Cancelled") && off["sequence"].contains('2'), "{off:?}");

    // Made anew, the old address opens nothing; ended, none does.
    let renewed = house.write(&cast.ray, async |unit| feed::make(unit).await).await.unwrap();
    assert!(matches!(read(secret.reveal()).await, Err(Error::NotFound)));
    assert!(read(renewed.reveal()).await.is_ok());
    house.write(&cast.ray, async |unit| feed::end(unit).await).await.unwrap();
    for token in [renewed.reveal(), "a guess", ""] {
        assert!(matches!(read(token).await, Err(Error::NotFound)), "{token}");
    }
    let twice = house.write(&cast.ray, async |unit| feed::end(unit).await).await;
    assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
    house.close().await;
}

#[tokio::test]
async fn appointments_go_with_the_person_and_are_given_to_whoever_asks_for_the_own_record() {
    use foundation::holding::Holding;
    let (house, cast, _) = house().await;
    let about = asks(&house, "Abe", "").await;
    let slot = next(&house).await[3].choice;
    books(&house, &cast.ana, &about, slot).await.unwrap();
    let told = IntakeHolding.export(house.reader(), house.keyring(), about.prospective_id).await.unwrap();
    assert_eq!(told["requests"][0]["appointments"][0]["state"], "booked", "{told}");
    let other = asks(&house, "Abraham", "").await;
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::CreatePerson, &other.subject())?;
            IntakeHolding.move_to(unit, about.prospective_id, other.prospective_id).await?;
            unit.record(permit, serde_json::json!({}));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    let on = newest(house.reader(), about.id).await.unwrap().unwrap();
    assert_eq!(on.person_id, other.prospective_id);
    house.close().await;
}
