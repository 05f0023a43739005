//! Ana writes to people who asked: a note stays here, a letter leaves through the gate, and a slip of the hand is called
//! back.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use consent::gate::Answer;
use foundation::Lang;
use foundation::center::Center;
use foundation::jobs::running::Runner;
use foundation::testing::{Cast, House};
use foundation::{Error, Faults};
use intake::Request;
use intake::request::receiving::TypedRequest;
use intake::request::{closing, writing};
use intake::rules::outcome::Closing;
use mail::delivery::Post;
use mail::outbox::{JOB, sending};
use mail::own_words::{OwnWords, sight};
use mail::{Captured, MessageId, Postroom, State};

/// A house whose letters are kept in a drawer.
async fn drawer() -> (House, Cast, Postroom) {
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
    (house, cast, room)
}

/// Someone who left an address and said that it is safe.
fn reachable() -> TypedRequest<'static> {
    TypedRequest { for_whom: "self", relationship: "", email: "jo@example.org", email_ok: "yes", ..jo() }
}

async fn words(house: &House, body: &str, lang: Lang) -> Result<OwnWords, Faults> {
    let center = Center::load(house.reader()).await.unwrap();
    OwnWords::parse("question", body, lang, &center)
}

async fn writes(house: &House, cast: &Cast, to: &Request, body: &str) -> Result<MessageId, Error> {
    let words = words(house, body, Lang::English).await?;
    house.write(&cast.ana, async |unit| Ok(writing::write(unit, to, words, &[]).await?.id)).await
}

#[tokio::test]
async fn a_letter_leaves_after_a_minute_in_neutral_words_around_hers() {
    let (house, cast, room) = drawer().await;
    let reference = ask(&house, "form-1", &reachable()).await.unwrap().reference;
    house.run_jobs().await;
    let jo = request(&house, &reference).await;
    let before = room.captured.letters().len();
    let id = writes(&house, &cast, &jo, "Hi Jo,\n\nwould <b>Tuesday</b> work?").await.unwrap();
    house.run_jobs().await;
    assert_eq!(room.captured.letters().len(), before, "it lies there for a minute");
    house.later(TimeDelta::minutes(1));
    house.run_jobs().await;
    let letter = &room.captured.letters()[0];
    assert_eq!((letter.message, letter.to.as_str()), (id, "jo@example.org"));
    assert_eq!(letter.subject, "A quick question");
    assert!(
        letter.text.starts_with("Hi Jo,\n\nwould <b>Tuesday</b> work?\n\n– Ana\n(212) 555-0100"),
        "{}",
        letter.text
    );
    assert!(letter.text.contains("call or text 988, or 911"), "{}", letter.text);
    assert!(letter.html.contains("&#60;b&#62;Tuesday&#60;/b&#62;"), "{}", letter.html);

    let page = page_of(&house, &cast.ben, &reference).await.unwrap();
    let told = page.history.events.iter().find_map(|e| e.letter.as_ref()).unwrap();
    assert_eq!((told.state, told.body.as_str()), (State::Sent, "Hi Jo,\n\nwould <b>Tuesday</b> work?"));
    house.close().await;
}

#[tokio::test]
async fn what_is_shown_before_is_what_arrives_but_for_the_link() {
    let (house, cast, room) = drawer().await;
    let reference = ask(&house, "form-1", &reachable()).await.unwrap().reference;
    let jo = request(&house, &reference).await;
    let own = words(&house, "¿Le va bien el martes?", Lang::Spanish).await.unwrap();
    let seen = sight(house.reader(), jo.caller_id, "Ana Ruiz", &own).await.unwrap();
    assert_eq!((seen.from.as_str(), seen.subject.as_str()), ("Ana – Cedar Office", "Una pregunta breve"));
    house.write(&cast.ana, async |unit| writing::write(unit, &jo, own, &[]).await).await.unwrap();
    house.later(TimeDelta::minutes(1));
    house.run_jobs().await;
    let letter = &room.captured.letters()[0];
    assert!(letter.text.contains("o al 911 en una emergencia"), "{}", letter.text);
    let until_stop = |text: &str| text.split("presione aquí").next().map(str::to_owned);
    assert_eq!(until_stop(&letter.text), until_stop(&seen.text));
    house.close().await;
}

#[tokio::test]
async fn a_word_that_tells_is_flagged_at_the_letter_and_nothing_is_queued() {
    let (house, cast, _) = drawer().await;
    let reference = ask(&house, "form-1", &reachable()).await.unwrap().reference;
    let jo = request(&house, &reference).await;
    let refused =
        writes(&house, &cast, &jo, "Your place in treatment at Cedar Recovery Center is free.").await;
    let Err(Error::Invalid(faults)) = refused else { panic!("{refused:?}") };
    let words = faults.of("letter").unwrap();
    assert!(words.contains("“treatment”") && words.contains("“cedar recovery center”"), "{words}");
    assert!(words.contains("in “Your place in treatment at Cedar Recovery Center is free.”"), "{words}");
    let long = "x".repeat(4001);
    assert!(self::words(&house, &long, Lang::English).await.unwrap_err().of("letter").is_some());
    let center = Center::load(house.reader()).await.unwrap();
    let nothing = OwnWords::parse("Your treatment", "", Lang::English, &center).unwrap_err();
    assert!(nothing.of("subject_line").is_some() && nothing.of("letter").is_some());
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn the_gate_says_why_no_letter_can_go() {
    let (house, cast) = house().await;
    for (n, typed, answer) in [
        (1, TypedRequest { email: "jo@example.org", email_ok: "no", ..jo() }, Answer::Never),
        (2, jo(), Answer::NoAddress),
    ] {
        let reference = ask(&house, &format!("form-{n}"), &typed).await.unwrap().reference;
        let jo = request(&house, &reference).await;
        let page = page_of(&house, &cast.ana, &reference).await.unwrap();
        assert_eq!((page.outlook.answer, page.outlook.to), (answer, None));
        let refused = writes(&house, &cast, &jo, "Hello.").await;
        let Err(Error::Refused(no)) = refused else { panic!("{refused:?}") };
        assert!(no.sentence.contains(answer.words()), "{}", no.sentence);
    }
    let reference = ask(&house, "form-3", &reachable()).await.unwrap().reference;
    let asked = request(&house, &reference).await;
    let how = Closing::parse("do_not_contact", "", "").unwrap();
    write(&house, &cast.ana, async |unit| closing::close(unit, &asked, how).await).await;
    let asked = request(&house, &reference).await;
    assert!(matches!(writes(&house, &cast, &asked, "Hello.").await, Err(Error::Refused(_))));
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_letter_is_called_back_while_it_lies_there_and_not_after() {
    let (house, cast, room) = drawer().await;
    let reference = ask(&house, "form-1", &reachable()).await.unwrap().reference;
    house.run_jobs().await;
    let before = room.captured.letters().len();
    let jo = request(&house, &reference).await;
    let id = writes(&house, &cast, &jo, "Wrong person.").await.unwrap();
    let other = ask(&house, "form-2", &TypedRequest { name: "Kofi", ..reachable() }).await.unwrap().reference;
    let kofi = request(&house, &other).await;
    let elsewhere = house.write(&cast.ana, async |unit| writing::call_back(unit, &kofi, id).await).await;
    assert!(matches!(elsewhere, Err(Error::NotFound)), "{elsewhere:?}");
    house.write(&cast.ana, async |unit| writing::call_back(unit, &jo, id).await).await.unwrap();
    house.later(TimeDelta::minutes(2));
    house.run_jobs().await;
    assert!(room.captured.letters().iter().all(|letter| letter.message != id));
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    let told = page.history.events.iter().find_map(|e| e.letter.as_ref()).unwrap();
    assert_eq!(told.state, State::Cancelled);

    let id = writes(&house, &cast, &jo, "The right words.").await.unwrap();
    house.later(TimeDelta::minutes(2));
    house.run_jobs().await;
    assert!(room.captured.letters().len() > before);
    let late = house.write(&cast.ana, async |unit| writing::call_back(unit, &jo, id).await).await;
    assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
    house.close().await;
}
