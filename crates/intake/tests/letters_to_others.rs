//! Rita writes about her brother Danny. A fixed reply goes at once; a letter in own words waits for a second person; under
//! Danny's consent a letter carries the notice. What left stands in the accounting of his disclosures.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

#[expect(dead_code, reason = "these stories need only some of the ways to ask")]
mod asking;

use asking::{ask, page_of, request};
use chrono::{Days, TimeDelta};
use consent::consents::{Aim, ConsentId, NewConsent, Scope, SignedPaper, revoke};
use consent::disclosures::{self, Disclosure};
use consent::rules::notice::PROHIBITION;
use foundation::center::Center;
use foundation::jobs::running::Runner;
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, Lang, Subject, day};
use intake::Request;
use intake::request::receiving::TypedRequest;
use intake::request::releasing::{self, LetterToRelease};
use intake::request::watching;
use intake::request::writing::{self, WrittenLetter};
use mail::delivery::Post;
use mail::outbox::{JOB, sending};
use mail::own_words::OwnWords;
use mail::third_party::{FixedReply, NewRelease};
use mail::{Captured, CapturedLetter, MessageId, Postroom, State};

/// A house whose letters are kept in a drawer, and Rita's request about Danny.
async fn drawer() -> (House, Cast, Postroom, Request) {
    let room = Postroom {
        post: Post::Captured,
        public_url: "https://cedar-office.example".into(),
        captured: Captured::default(),
    };
    let out = room.clone();
    let runner = Runner::default().with(JOB, move |db, payload| {
        let out = out.clone();
        async move { sending::send(&db, &out, &payload).await }
    });
    let house = House::with(runner).await;
    let cast = Cast::on(&house).await;
    let rita = TypedRequest {
        danger: "no",
        for_whom: "family",
        relationship: "sister",
        name: "Rita Delgado",
        other_name: "Danny Delgado",
        phone: "212 555 0142",
        call: "any",
        email: "rita@example.org",
        email_ok: "yes",
        words: "My brother Danny needs help. He must not know I wrote.",
        ..TypedRequest::default()
    };
    let reference = ask(&house, "form-1", &rita).await.unwrap().reference;
    house.run_jobs().await;
    let request = request(&house, &reference).await;
    (house, cast, room, request)
}

async fn writes(
    house: &House,
    who: &Actor,
    to: &Request,
    body: &str,
    tells: &[Scope],
) -> Result<WrittenLetter, Error> {
    let center = Center::load(house.reader()).await.unwrap();
    let words = OwnWords::parse("question", body, Lang::English, &center)?;
    house.write(who, async |unit| writing::write(unit, to, words, tells).await).await
}

async fn minutes_later(house: &House, minutes: i64) {
    house.later(TimeDelta::minutes(minutes));
    house.run_jobs().await;
}

fn to_rita(room: &Postroom, id: MessageId) -> Option<CapturedLetter> {
    room.captured.letters().into_iter().find(|letter| letter.message == id)
}

async fn state(house: &House, id: MessageId) -> (State, String) {
    let row = mail::outbox::one(house.reader(), id).await.unwrap();
    (row.state, row.reason.unwrap_or_default())
}

async fn releases(house: &House, who: &Actor, id: MessageId) -> Result<(), Error> {
    let new = NewRelease::parse("tells_nothing", "It gives the hours of our front desk.").unwrap();
    house.write(who, async |unit| releasing::release(unit, id, new).await).await
}

async fn waiting(house: &House, who: &Actor) -> Vec<LetterToRelease> {
    let today = day(house.now(), Center::load(house.reader()).await.unwrap().zone);
    releasing::list(house.reader(), house.keyring(), who, (house.now(), today)).await.unwrap()
}

async fn accounting(house: &House, about: &Request) -> Vec<Disclosure> {
    disclosures::of(house.reader(), about.prospective_id).await.unwrap()
}

/// Danny signs that Rita may know of these.
async fn allows(house: &House, cast: &Cast, about: &Request, scope: &[Scope]) -> ConsentId {
    let today = day(house.now(), Center::load(house.reader()).await.unwrap().zone);
    let until = today.checked_add_days(Days::new(90));
    let new =
        NewConsent::named("Rita Delgado", scope, "so that she can drive me", today, until, today).unwrap();
    let name = consent::name_on_record(house.reader(), about.prospective_id).await.unwrap();
    let new = new.on(SignedPaper::ours(&name, Aim::Other, "folder 3"));
    let danny = Subject::of("person", about.prospective_id).concerning(about.prospective_id);
    house.write(&cast.ana, async |unit| consent::consents::record(unit, &danny, new).await).await.unwrap()
}

#[tokio::test]
async fn a_fixed_reply_goes_to_the_sister_at_once_and_tells_her_nothing() {
    let (house, cast, room, rita) = drawer().await;
    let sent = house
        .write(&cast.ana, async |unit| {
            writing::send_fixed(unit, &rita, FixedReply::SameForEveryName, Lang::English).await
        })
        .await
        .unwrap();
    assert!(!sent.waits);
    minutes_later(&house, 1).await;
    let letter = to_rita(&room, sent.id).unwrap();
    assert_eq!((letter.to.as_str(), letter.subject.as_str()), ("rita@example.org", "A quick question"));
    assert!(letter.text.contains("We give that answer for every name"), "{}", letter.text);
    for word in ["Danny", "brother", "42 CFR"] {
        assert!(!letter.text.contains(word) && !letter.html.contains(word), "{}", letter.text);
    }
    assert!(accounting(&house, &rita).await.is_empty(), "nothing about Danny left");
    house.close().await;
}

#[tokio::test]
async fn anas_own_words_to_the_sister_wait_until_the_supervisor_releases_them_with_a_reason() {
    let (house, cast, room, rita) = drawer().await;
    let body = "Hello Rita,\n\nour front desk is open until six. You can always come and ask.";
    let written = writes(&house, &cast.ana, &rita, body, &[]).await.unwrap();
    assert!(written.waits);
    minutes_later(&house, 90).await;
    assert_eq!(state(&house, written.id).await.0, State::AwaitingRelease);
    assert!(to_rita(&room, written.id).is_none() && accounting(&house, &rita).await.is_empty());

    // Mina and Petra find it, with the letter and the question whether Danny allowed it. Ana does not.
    for second in [&cast.mina, &cast.petra] {
        let found = waiting(&house, second).await;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].reader.as_str(), found[0].about.as_str()), ("Rita Delgado", "Danny Delgado"));
        assert_eq!((found[0].letter.body.as_str(), found[0].has_consent), (body, false));
    }
    for other in [&cast.ana, &cast.ray] {
        let no = releases(&house, other, written.id).await;
        assert!(matches!(no, Err(Error::Forbidden(Act::ReleaseLetter))), "{no:?}");
    }
    assert!(NewRelease::parse("tells_nothing", "  ").is_err(), "without a reason nothing is released");

    releases(&house, &cast.mina, written.id).await.unwrap();
    house.run_jobs().await;
    let letter = to_rita(&room, written.id).unwrap();
    assert!(letter.text.contains("our front desk is open until six"), "{}", letter.text);
    let told = accounting(&house, &rita).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].recipient.as_str(), told[0].basis.as_str()), ("Rita Delgado", "tells_nothing"));
    assert_eq!((told[0].what.as_str(), told[0].message_id), ("a letter by e-mail", Some(written.id.0)));
    assert_eq!((told[0].disclosed_by, told[0].released_by), (cast.ana.staff_id(), cast.mina.staff_id()));

    // Ana reads at the request who decided and why, and a second decision changes nothing.
    let page = page_of(&house, &cast.ana, &rita.reference).await.unwrap();
    let seen = page.history.events.iter().find_map(|e| e.letter.as_ref()).unwrap();
    let another = seen.about_another.as_ref().unwrap();
    assert_eq!(another.reason.as_deref(), Some("It gives the hours of our front desk."));
    assert_eq!(another.decided_by, cast.mina.staff_id());
    assert!(matches!(releases(&house, &cast.petra, written.id).await, Err(Error::Refused(_))));
    assert!(waiting(&house, &cast.petra).await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn what_tells_that_danny_is_here_is_not_released_and_its_writer_learns_why() {
    let (house, cast, room, rita) = drawer().await;
    let body = "Your brother Danny came in yesterday evening. He is staying with us.";
    let id = writes(&house, &cast.ana, &rita, body, &[]).await.unwrap().id;
    let staff = foundation::staff::Directory::of(&house).await.unwrap();
    house
        .write(&cast.petra, async |unit| {
            releasing::refuse(unit, id, "It says that Danny is with us. Ask him for a consent first.").await
        })
        .await
        .unwrap();
    minutes_later(&house, 10).await;
    assert_eq!(state(&house, id).await.0, State::Cancelled);
    assert!(to_rita(&room, id).is_none() && accounting(&house, &rita).await.is_empty());
    // Whose letter waits watches the request: the answer is on her day.
    house.readings().record(&cast.ana, Act::OpenRequest, &rita.subject()).await.unwrap();
    let id = writes(&house, &cast.ana, &rita, body, &[]).await.unwrap().id;
    house.later(TimeDelta::seconds(1));
    house.write(&cast.mina, async |unit| releasing::refuse(unit, id, "The same.").await).await.unwrap();
    let changed = watching::changed(house.reader(), &cast.ana, &staff).await.unwrap();
    let told: Vec<&str> = changed.iter().flat_map(|one| &one.told).map(|(_, did, _)| *did).collect();
    assert!(told.contains(&Act::RefuseLetter.words()), "{told:?}");
    house.close().await;
}

#[tokio::test]
async fn a_supervisor_releases_no_letter_of_her_own_and_a_letter_that_waits_can_be_called_back() {
    let (house, cast, _, rita) = drawer().await;
    let hers = writes(&house, &cast.mina, &rita, "Hello Rita, please call me.", &[]).await.unwrap().id;
    assert!(waiting(&house, &cast.mina).await.is_empty());
    let Err(Error::Refused(no)) = releases(&house, &cast.mina, hers).await else { panic!("her own letter") };
    assert!(no.sentence.contains("Someone else must decide"), "{}", no.sentence);
    house.write(&cast.mina, async |unit| writing::call_back(unit, &rita, hers).await).await.unwrap();
    assert!(matches!(releases(&house, &cast.petra, hers).await, Err(Error::Refused(_))));
    assert_eq!(state(&house, hers).await.0, State::Cancelled);
    house.close().await;
}

#[tokio::test]
async fn a_word_a_second_person_would_stumble_over_is_shown_in_its_sentence_before_it_waits() {
    let (house, cast, _, rita) = drawer().await;
    let told = writes(&house, &cast.ana, &rita, "Hello. His counselor will call you.", &[]).await;
    let Err(Error::Invalid(faults)) = told else { panic!("{told:?}") };
    let words = faults.of("letter").unwrap();
    assert!(words.contains("“counselor” in “His counselor will call you.”"), "{words}");
    assert!(waiting(&house, &cast.mina).await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn under_dannys_consent_a_letter_leaves_with_the_notice_and_stands_in_the_accounting() {
    let (house, cast, room, rita) = drawer().await;
    let consent = allows(&house, &cast, &rita, &[Scope::Appointments]).await;
    let page = page_of(&house, &cast.ana, &rita.reference).await.unwrap();
    assert_eq!(page.outlook.consent.map(|consent| consent.id), Some(consent));
    let body = "Danny asked me to tell you: Tuesday at two, and he needs the car.";
    let beyond = writes(&house, &cast.ana, &rita, body, &[Scope::Appointments, Scope::Medicines]).await;
    assert!(matches!(beyond, Err(Error::Refused(_))), "{beyond:?}");
    let written = writes(&house, &cast.ana, &rita, body, &[Scope::Appointments]).await.unwrap();
    assert!(!written.waits);
    minutes_later(&house, 1).await;
    let letter = to_rita(&room, written.id).unwrap();
    for text in [&letter.text, &letter.html] {
        assert!(text.contains(PROHIBITION), "{text}");
        assert!(text.contains("It allows us to share: My next visits."), "{text}");
    }
    let told = accounting(&house, &rita).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].consent_id, told[0].basis.as_str()), (Some(consent), "consent"));
    assert_eq!(told[0].what, "a letter by e-mail: My next visits");
    assert_eq!(told[0].notice_version, consent::rules::notice::PROHIBITION_VERSION);
    house.close().await;
}

#[tokio::test]
async fn a_consent_taken_back_while_the_letter_lies_there_stops_it() {
    let (house, cast, room, rita) = drawer().await;
    let consent = allows(&house, &cast, &rita, &[Scope::Appointments]).await;
    let written = writes(&house, &cast.ana, &rita, "Tuesday at two.", &[Scope::Appointments]).await.unwrap();
    let danny = Subject::of("person", rita.prospective_id).concerning(rita.prospective_id);
    house.write(&cast.ana, async |unit| revoke(unit, &danny, consent, "by phone").await).await.unwrap();
    minutes_later(&house, 1).await;
    let (state, why) = state(&house, written.id).await;
    assert_eq!(state, State::Held);
    assert!(why.contains("taken back"), "{why}");
    assert!(to_rita(&room, written.id).is_none() && accounting(&house, &rita).await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_hospital_that_asks_about_its_patient_is_somebody_else_too() {
    let (house, cast, _, _) = drawer().await;
    let park = TypedRequest {
        danger: "no",
        for_whom: "patient",
        name: "Dr. Park",
        other_name: "Kofi Mensah",
        email: "park@example.com",
        email_ok: "yes",
        ..TypedRequest::default()
    };
    let reference = ask(&house, "form-2", &park).await.unwrap().reference;
    let about = request(&house, &reference).await;
    assert!(about.is_asked_by_another());
    let written = writes(&house, &cast.ana, &about, "Hello, he called us.", &[]).await.unwrap();
    assert!(written.waits);
    // Whoever asks for themselves is written to as before.
    let jo = TypedRequest { for_whom: "self", name: "Jo", other_name: "", ..park };
    let reference = ask(&house, "form-3", &jo).await.unwrap().reference;
    let hers = request(&house, &reference).await;
    assert!(!writes(&house, &cast.ana, &hers, "Hello Jo.", &[]).await.unwrap().waits);
    house.run_jobs().await;
    house.close().await;
}
