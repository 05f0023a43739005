//! Prints how many letters a second leave the outbox: queued in a unit, asked of the gate, written anew, handed to a mail
//! server over loopback, settled and recorded. Run: `cargo run --release -p mail --example outbox`.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should stop")]

#[path = "../tests/people/mod.rs"]
#[expect(dead_code, reason = "the stories use more of it")]
mod people;

use std::time::Instant;

use consent::gate::Purpose;
use foundation::Actor;
use foundation::jobs::running::Runner;
use mail::delivery::{Post, Smtp};
use mail::outbox::{JOB, queue, sending};
use mail::sink::Sink;
use mail::{Captured, Facts, LetterKind, NewMessage, Postroom};
use people::Story;

const LETTERS: usize = 300;
/// As many as the program has.
const LANES: usize = 6;

#[tokio::main]
async fn main() {
    let sink = Sink::open().await.unwrap();
    let room = Postroom {
        post: Post::Smtp(Smtp::new(sink.settings()).unwrap()),
        public_url: "https://cedar-office.example".into(),
        captured: Captured::default(),
    };
    let story = Story::with(room.clone()).await;
    for n in 0..LETTERS {
        let person = story.alum(&format!("Alum{n}"), &format!("alum{n}@example.org")).await;
        let letter = NewMessage {
            person,
            purpose: Purpose::CheckIn,
            letter: LetterKind::CheckingIn,
            subject: person.0,
            facts: Facts::default(),
            dedupe: format!("check_in {person} 2026-03-02"),
            due_at: None,
        };
        story.house.write(&Actor::House, async |unit| queue(unit, letter).await).await.unwrap();
    }
    let runner = Runner::default().with(JOB, move |db, payload| {
        let room = room.clone();
        async move { sending::send(&db, &room, &payload).await }
    });
    let begun = Instant::now();
    let lanes = (0..LANES).map(|_| runner.run_lane(&story.house, None, || false));
    futures::future::join_all(lanes).await.into_iter().for_each(|lane| assert!(lane.is_ok()));
    let took = begun.elapsed().as_secs_f64();
    let arrived = sink.letters().len();
    assert_eq!(arrived, LETTERS, "not every letter arrived");
    let rate = f64::from(u32::try_from(arrived).unwrap()) / took;
    println!("the whole outbox: {arrived} letters in {took:.2} s, {rate:.0} letters/s");
    story.house.close().await;
}
