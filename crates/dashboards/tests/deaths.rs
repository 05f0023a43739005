//! A death, however it becomes known: nobody calls, writes, asks or counts that person any more, and a mistake is
//! taken back whole.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a story that cannot go on is a failed test"
)]

use alumni::aftercare::{self, EndReason, enrol};
use alumni::check_in::{NewAttempt, Outcome, Way, log_attempt};
use alumni::due::due;
use alumni::flag;
use alumni::holding::Alumni;
use alumni::worklist::worklist;
use clients::ClientHolding;
use clients::correction::Reason;
use clients::episode::{self, Admission, Discharge, DischargeKind, LevelOfCare};
use clients::person::{self, Death, DeathSource, NewPerson};
use consent::consents::{self, NewConsent, YesHow};
use consent::gate::{self, Answer, Purpose};
use consent::rules::contact::{Permission, SaidBy};
use consent::{ConsentHolding, NewContactPoint, NewContactRules, Reaching, contact_point, contact_rules};
use dashboards::today::today;
use foundation::holding::Holding;
use foundation::jobs::running::Runner;
use foundation::links::LinkHolding;
use foundation::testing::{Cast, House};
use foundation::{Actor, Day, Error, PersonId, Subject};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::{by_reference, closing};
use intake::rules::outcome::Closing;
use intake::rules::words::Channel;
use intake::{IntakeHolding, Request};
use mail::delivery::Post;
use mail::outbox::asking::lines;
use mail::outbox::{JOB, NewMessage, queue, sending};
use mail::{Captured, Facts, LetterKind, MailHolding, Postroom, State};

static ROOMS: [&dyn Holding; 6] =
    [&LinkHolding, &ConsentHolding, &MailHolding, &ClientHolding, &IntakeHolding, &Alumni];

/// By which way it becomes known that Kofi died.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    OnTheRecord,
    AtDischarge,
    ByARequest,
    ByAMerge,
}

/// Kofi asked in winter, came in, left on Sunday and is in check-ins: he asked to be called, his number is known, a
/// letter waits, and a request of his is open.
struct Kofi {
    house: House,
    cast: Cast,
    person: PersonId,
    care: Subject,
    request: Request,
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[expect(clippy::too_many_lines, reason = "one person, set up in order")]
async fn kofi(in_care: bool) -> Kofi {
    let room = Postroom {
        post: Post::Captured,
        public_url: "https://cedar-office.example".into(),
        captured: Captured::default(),
    };
    let runner = Runner::default().with(JOB, move |db, payload| {
        let room = room.clone();
        async move { sending::send(&db, &room, &payload).await }
    });
    let house = House::with(runner).await;
    house.set_holdings(&ROOMS);
    let cast = Cast::on(&house).await;
    let typed = TypedRequest { name: "Kofi Mensah", phone: "212 555 0108", ..TypedRequest::default() };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
    let received = house.write(&Actor::Visitor, async |unit| receive(unit, "one", new).await).await.unwrap();
    let request = by_reference(house.reader(), &received.reference).await.unwrap();
    let person = request.prospective_id;
    let ray = cast.ray.staff_id();
    house
        .write(&Actor::House, async |unit| {
            clients::client::start(unit, person, ray).await?;
            contact_point::add(unit, person, NewContactPoint::email("kofi@example.org")?).await
        })
        .await
        .unwrap();
    let care = clients::client::subject(house.reader(), person).await.unwrap();
    let (monday, sunday) = (day("2026-03-02"), day("2026-03-01"));
    let rules = NewContactRules {
        email: Permission::Ok,
        call: Permission::Ok,
        said_by: SaidBy::Voice,
        ..NewContactRules::default()
    };
    let admission = Admission {
        admitted_on: day("2026-02-01"),
        level: LevelOfCare::HighIntensityResidential,
        request: None,
    };
    house
        .write(&cast.ray, async |unit| {
            contact_rules::set(unit, &care, rules).await?;
            consents::record(unit, &care, NewConsent::email(monday).said(YesHow::Phone)).await
        })
        .await
        .unwrap();
    let stay = house
        .write(&cast.ana, async |unit| episode::admit(unit, &care, admission, monday).await)
        .await
        .unwrap();
    let left = Discharge {
        discharged_on: sunday,
        kind: DischargeKind::Completed,
        to: None,
        told_by: DeathSource::NotRecorded,
    };
    let id = house
        .write(&cast.ray, async |unit| {
            let left = episode::discharge(unit, &care, stay, left, monday).await?;
            enrol(unit, &left, None).await
        })
        .await
        .unwrap();
    house
        .write(&Actor::House, async |unit| {
            let check_in = alumni::check_in::open(unit, id, monday).await?;
            let letter = NewMessage {
                person,
                purpose: Purpose::CheckIn,
                letter: LetterKind::CheckingIn,
                subject: check_in.into(),
                facts: Facts::default(),
                dedupe: "check-in of Monday".into(),
                due_at: Some(unit.now() + chrono::TimeDelta::hours(4)),
            };
            queue(unit, letter).await
        })
        .await
        .unwrap();
    let check_in = alumni::check_in::of(house.reader(), &cast.ray, person, 1).await.unwrap()[0].id;
    let himself = Actor::Alum(person);
    house.write(&himself, async |unit| alumni::check_in::ask_for_call(unit, check_in).await).await.unwrap();
    if in_care {
        let again = Admission { admitted_on: monday, ..admission };
        house.write(&cast.ana, async |unit| episode::admit(unit, &care, again, monday).await).await.unwrap();
    }
    Kofi { house, cast, person, care, request }
}

impl Kofi {
    async fn dies(&self, way: Told) {
        let (house, cast, care) = (&self.house, &self.cast, &self.care);
        let told = Death { on: Some(day("2026-03-02")), source: DeathSource::Family };
        match way {
            Told::OnTheRecord => {
                house.write(&cast.carol, async |u| person::record_death(u, care, told).await).await.unwrap();
            }
            Told::AtDischarge => {
                let stays = episode::of(house.reader(), self.person).await.unwrap();
                let today = day("2026-03-02");
                let how = Discharge {
                    discharged_on: today,
                    kind: DischargeKind::Deceased,
                    to: None,
                    told_by: DeathSource::Present,
                };
                house
                    .write(&cast.ray, async |u| {
                        episode::discharge(u, care, stays[0].id, how, today).await.map(|_| ())
                    })
                    .await
                    .unwrap();
            }
            Told::ByARequest => {
                let how = Closing::parse("deceased", "", "").unwrap().told(told);
                house.write(&cast.ana, async |u| closing::close(u, &self.request, how).await).await.unwrap();
            }
            Told::ByAMerge => {
                let also = NewPerson::parse("Kofi Mensa").unwrap();
                house
                    .write(&Actor::House, async |u| {
                        let also = person::add(u, also, &[]).await?;
                        let of = Subject::of("person", also).concerning(also);
                        person::record_death(u, &of, told).await?;
                        ClientHolding.move_to(u, also, self.person).await
                    })
                    .await
                    .unwrap();
            }
        }
    }

    /// Nothing asks anybody to reach him, and nothing leaves to him.
    async fn is_left_in_peace(&self, way: Told) {
        let (house, cast, person) = (&self.house, &self.cast, self.person);
        let reader = house.reader();
        let rows = aftercare::of(reader, &cast.ray, person).await.unwrap();
        assert_eq!(rows[0].end_reason, Some(EndReason::Died), "{way:?}");
        assert!(rows[0].ended_by.is_some() || way == Told::ByAMerge, "{way:?}: who ended it");
        for later in ["2026-03-02", "2026-03-04", "2026-03-31"] {
            assert!(due(reader, day(later)).await.unwrap().is_empty(), "{way:?}: due on {later}");
            let list = worklist(reader, &cast.ray, day(later)).await.unwrap();
            assert!(list.groups.is_empty() && list.in_care.is_empty(), "{way:?}: on the list of {later}");
        }
        let numbers = today(reader, &cast.mina, house.now(), chrono_tz::America::Chicago).await.unwrap();
        assert_eq!((numbers.alumni.in_aftercare, numbers.alumni.due), (0, 0), "{way:?}");
        assert_eq!((numbers.in_care(), numbers.open), (0, 0), "{way:?}: in care, or a request is open");
        let answer = gate::foresee(reader, person, Purpose::CheckIn, house.now()).await.unwrap();
        assert_eq!(answer, Answer::Died, "{way:?}");
        let letters = lines(reader, &cast.carol, State::ALL, None).await.unwrap();
        let states: Vec<_> = letters.iter().map(|one| (one.state, one.reason.as_deref())).collect();
        assert_eq!(states, [(State::Cancelled, Some("This person died."))], "{way:?}");
        let flags = flag::of(reader, &cast.ray, person, 9).await.unwrap();
        assert!(flags.iter().all(|flag| flag.settled_at.is_some()), "{way:?}: a flag is open");
        let (_, done) = flag::done(reader, house.keyring(), &flags[0]).await.unwrap().unwrap();
        assert_eq!(done, "This person died. The flag was closed with that.", "{way:?}");
        let reaching = Reaching::of(reader, person).await.unwrap();
        let card = reaching.card("Kofi", "Ray", house.now());
        assert_eq!(card.heading, "This person died", "{way:?}");
        assert!(
            card.say.contains("died on Mar 2, 2026") && !card.say.contains("0108"),
            "{way:?}: {}",
            card.say
        );
        assert_eq!((reaching.phone(), card.ways.iter().all(|w| w.class == "no")), (None, true), "{way:?}");
        self.signs_nothing(way).await;
    }

    /// No consent can be written down as his, no call be logged, no stay begin (42 CFR §2.15).
    async fn signs_nothing(&self, way: Told) {
        let (house, cast, care) = (&self.house, &self.cast, &self.care);
        let today = day("2026-03-02");
        let end = Some(day("2026-12-31"));
        let scope = [consents::Scope::Plan];
        for new in [
            NewConsent::email(today).said(YesHow::Phone),
            NewConsent::named("His brother", &scope, "to know", today, end, today).unwrap(),
        ] {
            let no = house.write(&cast.ray, async |u| consents::record(u, care, new).await).await;
            assert!(matches!(no, Err(Error::Refused(r)) if r.code == "died"), "{way:?}: a signature");
        }
        let id = aftercare::of(house.reader(), &cast.ray, self.person).await.unwrap()[0].id;
        let call = NewAttempt::parse(Way::Call, Outcome::NoAnswer, "").unwrap();
        let no = house.write(&cast.ray, async |u| log_attempt(u, id, today, call).await).await;
        assert!(matches!(no, Err(Error::Refused(r)) if r.code == "died"), "{way:?}: a call");
        let no = house.write(&cast.ray, async |u| aftercare::end(u, id, EndReason::Died).await).await;
        assert!(matches!(no, Err(Error::Refused(r)) if r.code == "died"), "{way:?}: a death by the way");
    }
}

#[tokio::test]
async fn however_a_death_becomes_known_everything_stops_at_once() {
    for way in [Told::OnTheRecord, Told::AtDischarge, Told::ByARequest, Told::ByAMerge] {
        let kofi = kofi(way == Told::AtDischarge).await;
        kofi.dies(way).await;
        kofi.is_left_in_peace(way).await;
        kofi.house.close().await;
    }
}

#[tokio::test]
async fn whoever_died_in_care_is_in_no_bed_and_in_no_check_ins() {
    let kofi = kofi(true).await;
    kofi.dies(Told::OnTheRecord).await;
    let stays = episode::of(kofi.house.reader(), kofi.person).await.unwrap();
    let newest = (stays[0].discharged_on, stays[0].discharge_kind);
    assert_eq!(newest, (Some(day("2026-03-02")), Some(DischargeKind::Deceased)));
    kofi.is_left_in_peace(Told::OnTheRecord).await;
    kofi.house.close().await;
}

#[tokio::test]
async fn a_death_that_was_a_mistake_is_taken_back_whole() {
    let kofi = kofi(false).await;
    kofi.dies(Told::OnTheRecord).await;
    let (house, cast) = (&kofi.house, &kofi.cast);
    let reopened = async |u: &mut foundation::Unit| {
        closing::reopen(u, &by_reference(u.tx(), &kofi.request.reference).await?).await
    };
    let no = house.write(&cast.ana, reopened).await;
    assert!(matches!(no, Err(Error::Refused(r)) if r.code == "died"), "opened again for someone who died");
    house.later(chrono::TimeDelta::days(1));
    let why = Reason::parse("It was another Kofi. His brother called.", "death_reason").unwrap();
    house.write(&cast.ray, async |u| person::correct_death(u, &kofi.care, &why).await).await.unwrap();

    let reader = house.reader();
    let goes_on = aftercare::of(reader, &cast.ray, kofi.person).await.unwrap();
    assert_eq!((goes_on.len(), goes_on[0].ended_at, goes_on[0].counts_from), (1, None, day("2026-03-03")));
    let list = worklist(reader, &cast.ray, day("2026-03-03")).await.unwrap();
    let reasons: Vec<&str> =
        list.groups.iter().flat_map(|(_, l)| &l[0].reasons).map(String::as_str).collect();
    assert!(reasons.contains(&"Asked to be called."), "his wish was lost: {reasons:?}");
    assert!(by_reference(reader, &kofi.request.reference).await.unwrap().is_open());
    let card = Reaching::of(reader, kofi.person).await.unwrap().card("Kofi", "Ray", house.now());
    assert!(card.say.contains("212 555 0108"), "{}", card.say);
    let twice = house.write(&cast.ray, async |u| person::correct_death(u, &kofi.care, &why).await).await;
    assert!(matches!(twice, Err(Error::Refused(r)) if r.code == "lives"));
    // The letter that was withdrawn stays withdrawn: its job comes, and finds nothing to send.
    assert_eq!(house.run_jobs().await, 1);
    kofi.house.close().await;
}
