//! Two processes of the program on one database: of two who take the same request at once, one gets it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on is a failed test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use consent::rules::contact::SaidBy;
use foundation::staff::inviting::by_sign_in_name;
use foundation::testing::{Cast, House};
use foundation::{Actor, Error};
use intake::inbox::{View, rows};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::{by_reference, claiming};
use intake::rules::words::Channel;

const STORY: &str = "two_processes_race_for_two_hundred_requests_and_none_has_two_winners";

#[tokio::test]
async fn two_processes_race_for_two_hundred_requests_and_none_has_two_winners() {
    if let Ok(place) = std::env::var("STORY_PLACE") {
        return the_other_process(&place).await;
    }
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let mut wanted = Vec::new();
    for n in 0..200 {
        let typed = TypedRequest {
            danger: "no",
            for_whom: "self",
            phone: "212 555 0142",
            call: "any",
            ..TypedRequest::default()
        };
        let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
        let submission = format!("form-{n}");
        let got =
            house.write(&Actor::Visitor, async |unit| receive(unit, &submission, new).await).await.unwrap();
        wanted.push(got.reference);
    }
    let mut both = ["ana.ruiz", "ben.kealoha"].map(|who| process(&house, who));
    for child in &mut both {
        assert_eq!(said(child), "open");
    }
    let mut won = [0; 2];
    for (n, reference) in wanted.iter().enumerate() {
        // Both have the request before them as it was when nobody had it; then both are told, each first in turn.
        for child in &mut both {
            tell(child, reference);
        }
        for child in &mut both {
            assert_eq!(said(child), "read");
        }
        for i in [n % 2, (n + 1) % 2] {
            tell(&mut both[i], "now");
        }
        let got = both.each_mut().map(said);
        assert!(matches!(got.each_ref().map(String::as_str), ["won", "lost"] | ["lost", "won"]), "{got:?}");
        won[usize::from(got[1] == "won")] += 1;
    }
    for child in &mut both {
        tell(child, "");
    }
    for (child, _) in &mut both {
        assert!(child.wait().unwrap().success());
    }
    assert!(won.iter().all(|n| *n > 0), "no race took place: {won:?}");
    for (actor, won) in [(&cast.ana, won[0]), (&cast.ben, won[1])] {
        assert_eq!(rows(&house, actor, View::Mine, None).await.unwrap().len(), won);
    }
    house.close().await;
}

type Talking = (Child, BufReader<std::process::ChildStdout>);

fn process(house: &House, who: &str) -> Talking {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", STORY, "--nocapture", "--quiet"])
        .env("STORY_PLACE", house.place())
        .env("STORY_WHO", who)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

/// The next thing it says to us.
fn said(child: &mut Talking) -> String {
    let said =
        child.1.by_ref().lines().find_map(|l| l.unwrap().split_once("SAYS ").map(|(_, w)| w.to_owned()));
    said.unwrap()
}

fn tell(child: &mut Talking, words: &str) {
    writeln!(child.0.stdin.as_mut().unwrap(), "{words}").unwrap();
}

fn told() -> String {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// Reads a request when told its reference, takes it when told that it is time, and says how that went.
async fn the_other_process(place: &str) {
    let who = std::env::var("STORY_WHO").unwrap();
    let house = House::beside(place, u64::from(std::process::id())).await;
    let me = by_sign_in_name(house.reader(), &who).await.unwrap().actor();
    say("open");
    loop {
        let reference = told();
        if reference.is_empty() {
            return;
        }
        let request = by_reference(house.reader(), &reference).await.unwrap();
        say("read");
        assert_eq!(told(), "now");
        say(loop {
            match house.write(&me, async |unit| claiming::claim(unit, &request).await).await {
                Ok(()) => break "won",
                Err(Error::Busy) => {}
                Err(Error::Refused(why)) if why.sentence.contains("took this request") => break "lost",
                Err(other) => panic!("{other}"),
            }
        });
    }
}

fn say(words: &str) {
    println!("SAYS {words}");
    std::io::stdout().flush().unwrap();
}
