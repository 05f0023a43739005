//! Today: twenty people who asked and are not settled, in every group of the inbox.

use chrono::{TimeDelta, Timelike};
use consent::rules::contact::SaidBy;
use foundation::center::Center;
use foundation::{Actor, Db, Error, Instant, Unit};
use intake::referral_in::receiving::receive_referral;
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::stepping::NextStep;
use intake::request::{by_reference, claiming, stepping};
use intake::rules::words::{Channel, Outcome};

use super::tries::try_now;
use super::{Cast, ZONE, benefits, clocks, sources, waitlist};

/// Where a request stands when the center opens.
#[derive(Clone, Copy)]
enum Stands {
    /// Nobody has called yet; `true` when someone has taken it.
    Waits(bool),
    /// A next step is promised so many minutes from now.
    Promised(&'static str, i64),
    /// Called without an answer.
    NoAnswer,
    /// Talked; nothing agreed yet.
    Talked,
}

/// Name, minutes since they asked, danger, for whom, channel, may we call, words, where it stands.
type Asked = (&'static str, i64, &'static str, &'static str, Channel, &'static str, &'static str, Stands);

const ASKED: [Asked; 20] = [
    (
        "Denise",
        6,
        "yes",
        "family",
        Channel::Phone,
        "any",
        "He took something, he is breathing but I can’t wake him.",
        Stands::Waits(true),
    ),
    (
        "Teofilo",
        29,
        "not_sure",
        "self",
        Channel::Web,
        "any",
        "Drinks every day, last drink yesterday evening, shaking a little. Can I come today?",
        Stands::Waits(false),
    ),
    (
        "",
        12,
        "no",
        "friend",
        Channel::Phone,
        "any",
        "My friend went home from the ER at four this morning.",
        Stands::Waits(false),
    ),
    (
        "Jo",
        9,
        "no",
        "family",
        Channel::Web,
        "hours",
        "My brother stopped drinking two days ago. He will only talk to someone if I do it first.",
        Stands::Waits(true),
    ),
    (
        "Anna-Lena Großmann",
        24,
        "no",
        "self",
        Channel::Web,
        "never",
        "Please write, do not call. My partner must not know.",
        Stands::Waits(false),
    ),
    (
        "Tariq",
        3,
        "no",
        "self",
        Channel::Web,
        "any",
        "I want to know if there is a place this week.",
        Stands::Waits(false),
    ),
    (
        "Bernadette O’Shaughnessy-Featherstonehaugh",
        41,
        "no",
        "patient",
        Channel::Referral,
        "any",
        "Discharge planner, needs an answer on a bed by noon.",
        Stands::Waits(false),
    ),
    (
        "Marcus T.",
        1100,
        "no",
        "self",
        Channel::Phone,
        "any",
        "Coming back after a hard month. Asked for Ray.",
        Stands::Promised("call after his shift", 35),
    ),
    (
        "Priya",
        160,
        "no",
        "self",
        Channel::Phone,
        "hours",
        "Wants a time to come in.",
        Stands::Promised("offer a time", 95),
    ),
    (
        "Wm. “Buck” Hollis",
        3900,
        "no",
        "self",
        Channel::Web,
        "any",
        "No message left on Friday.",
        Stands::NoAnswer,
    ),
    (
        "A. Lindqvist",
        400,
        "no",
        "patient",
        Channel::Referral,
        "any",
        "Acceptance criteria in writing for an employee.",
        Stands::Promised("send it in writing", 240),
    ),
    (
        "Kofi",
        39_500,
        "no",
        "self",
        Channel::Phone,
        "any",
        "Undecided; said we may check in.",
        Stands::Promised("check in, with permission", 1500),
    ),
    (
        "Rosalind",
        1500,
        "no",
        "self",
        Channel::Phone,
        "any",
        "Waiting for an answer from the plan.",
        Stands::Talked,
    ),
    (
        "Tyrell",
        1300,
        "no",
        "self",
        Channel::Phone,
        "any",
        "Ride arranged, told what to bring.",
        Stands::Promised("assessment", 180),
    ),
    ("Ingrid S.", 1700, "no", "self", Channel::Web, "never", "Asked us to write only.", Stands::Talked),
    (
        "Mrs. Abernathy",
        2600,
        "no",
        "family",
        Channel::Phone,
        "hours",
        "About her grandson. Wants to learn how to help.",
        Stands::NoAnswer,
    ),
    (
        "李 Wei",
        55,
        "no",
        "self",
        Channel::Web,
        "any",
        "Is there someone who speaks Mandarin?",
        Stands::Waits(false),
    ),
    ("D.", 5200, "no", "self", Channel::Web, "any", "Maybe later.", Stands::NoAnswer),
    (
        "Graciela",
        700,
        "not_sure",
        "friend",
        Channel::Web,
        "any",
        "Ella no quiere llamar. ¿Puedo ir con ella?",
        Stands::Talked,
    ),
    (
        "Emmett",
        220,
        "no",
        "self",
        Channel::Phone,
        "any",
        "Second call this week. Ready to talk about dates.",
        Stands::Promised("call back with dates", -20),
    ),
];

/// Writes them.
pub(super) async fn live(db: &Db, cast: &Cast, now: Instant) -> anyhow::Result<()> {
    let mut asked = ASKED;
    asked.sort_by_key(|a| std::cmp::Reverse(a.1));
    clocks::begin(db, cast, now, Center::load(db.reader()).await?.zone).await?;
    clocks::on_call(db, cast).await?;
    for (n, one) in asked.iter().enumerate() {
        // Rules give requests since five minutes: the others were taken by hand.
        if one.1 < 5 {
            clocks::rules(db, cast).await?;
        }
        ask(db, cast, now, n, one).await?;
    }
    clocks::tell(db, now).await
}

/// Hours in which whoever has some may be called, whenever the sample center is opened.
fn hours_around(now: Instant) -> (&'static str, &'static str) {
    match now.with_timezone(&ZONE).hour() {
        0..8 => ("0", "8"),
        8..20 => ("8", "20"),
        _ => ("20", "24"),
    }
}

async fn ask(db: &Db, cast: &Cast, now: Instant, n: usize, asked: &Asked) -> anyhow::Result<()> {
    let (name, minutes, danger, for_whom, channel, call, words, stands) = *asked;
    db.clock().move_to(now - TimeDelta::minutes(minutes));
    let phone = format!("(312) 555-01{n:02}");
    // Whoever wants no call is written to.
    let hours = hours_around(now);
    let email = if call == "never" { format!("write-{n}@example.org") } else { String::new() };
    let typed = TypedRequest {
        danger,
        for_whom,
        name,
        phone: &phone,
        email: &email,
        email_ok: if email.is_empty() { "" } else { "yes" },
        call,
        call_from: hours.0,
        call_until: hours.1,
        voicemail: if n.is_multiple_of(3) { "never" } else { "name_and_number" },
        answering: "ask_by_name",
        words,
        ..TypedRequest::default()
    };
    let (said_by, actor) = match channel {
        Channel::Web | Channel::Website => (SaidBy::Self_, &Actor::Visitor),
        Channel::Phone => (SaidBy::Voice, &cast.ben),
        Channel::Referral => (SaidBy::Referrer, &cast.ben),
        Channel::Email => (SaidBy::Mail, &Actor::House),
        Channel::OldRecords => (SaidBy::OldRecords, &Actor::House),
    };
    let new = NewRequest::parse(&typed, channel, said_by).map_err(Error::from)?;
    let submission = format!("today-{n}");
    let received = match sources::referral(name, &phone, words) {
        Some(new) => {
            let sent = async |unit: &mut Unit| receive_referral(unit, &submission, new).await;
            db.write(&Actor::Visitor, sent).await?
        }
        None => db.write(actor, async |unit| receive(unit, &submission, new).await).await?,
    };
    cast.work.run_due(db).await?;
    let who = if n.is_multiple_of(2) { &cast.ana } else { &cast.sam };
    // A check is asked for in its turn: soon after the request, or after someone talked with them.
    let early = benefits::asked_ago(name).is_some_and(|ago| ago > minutes / 2);
    if early {
        benefits::live(db, cast, now, name, &received.reference).await?;
    }
    db.clock().move_to(now - TimeDelta::minutes(minutes / 2));
    settle(db, who, now, &received.reference, stands).await?;
    waitlist::live(db, &cast.ana, name, &received.reference).await?;
    sources::live(db, cast, now, name, &received.reference).await?;
    clocks::wait(db, &cast.ana, now, name, &received.reference).await?;
    if !early {
        benefits::live(db, cast, now, name, &received.reference).await?;
    }
    Ok(())
}

async fn settle(db: &Db, who: &Actor, now: Instant, reference: &str, stands: Stands) -> anyhow::Result<()> {
    if matches!(stands, Stands::Waits(false)) {
        return Ok(());
    }
    let request = by_reference(db.reader(), reference).await?;
    db.write(who, async |unit| claiming::claim(unit, &request).await).await?;
    let request = by_reference(db.reader(), reference).await?;
    let outcome = match stands {
        Stands::Waits(_) => return Ok(()),
        Stands::NoAnswer => Outcome::NoAnswer,
        Stands::Promised(..) | Stands::Talked => Outcome::Reached,
    };
    db.write(who, async |unit| try_now(unit, &request, outcome).await).await?;
    if let Stands::Promised(what, minutes) = stands {
        let request = by_reference(db.reader(), reference).await?;
        let step =
            NextStep::parse(what, Some(now + TimeDelta::minutes(minutes)), db.now()).map_err(Error::from)?;
        db.write(who, async |unit| stepping::step(unit, &request, request.version, step).await).await?;
    }
    Ok(())
}
