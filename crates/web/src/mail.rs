//! The outbox: what left, what waits, what is held and why. In a sample center the letters can be read here.

mod releases;

pub(crate) use releases::how_many_wait as letters_to_release;

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::{Act, Actor, Error, Subject, may};
use intake::request::confiding;
use mail::delivery::Post;
use mail::outbox::asking::{self, Counts};
use mail::outbox::{cancelling, one, retrying};
use mail::{CapturedLetter, MessageId, State as Stands};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Place, Tag};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/mail", Access::Staff(Act::ViewMail), outbox)
        .page("/mail/letters/{number}", Access::Staff(Act::OpenMessage), letter)
        .act("/mail/{id}/cancel", Access::Staff(Act::CancelMessage), cancel)
        .act("/mail/{id}/retry", Access::Staff(Act::RetryMessage), retry)
        .and(releases::routes())
}

foundation::words! {
    /// Which messages are shown.
    pub enum View {
        All = "all", "All",
        Held = "held", "Held",
        Waiting = "waiting", "Waiting",
        Sent = "sent", "Sent",
        Dead = "dead", "Did not arrive",
    }
}

impl View {
    fn states(self) -> &'static [Stands] {
        match self {
            Self::All => Stands::ALL,
            Self::Held => &[Stands::Held],
            Self::Waiting => &[Stands::AwaitingRelease, Stands::Queued, Stands::Sending],
            Self::Sent => &[Stands::Sent],
            Self::Dead => &[Stands::Dead],
        }
    }

    fn count(self, counts: &Counts) -> u64 {
        match self {
            Self::All => counts.waiting + counts.held + counts.dead + counts.sent + counts.cancelled,
            Self::Held => counts.held,
            Self::Waiting => counts.waiting,
            Self::Sent => counts.sent,
            Self::Dead => counts.dead,
        }
    }
}

/// A message as the page shows it.
struct Line {
    id: MessageId,
    tag: Tag,
    letter: &'static str,
    name: Option<String>,
    record: Option<String>,
    why: Option<String>,
    reply: Option<String>,
    when: String,
    /// The number of the kept letter, in a sample center.
    kept: Option<usize>,
    can_cancel: bool,
    /// It waits for a later try, or is held, and somebody may know better.
    can_retry: bool,
}

#[derive(Template)]
#[template(path = "pages/mail/outbox.html")]
struct Outbox {
    view: View,
    tabs: Vec<(View, u64)>,
    bold: String,
    rest: String,
    lines: Vec<Line>,
    older: Option<String>,
    /// No mail server is set up.
    held: bool,
    /// Why letters do not leave, when every one of them would wait.
    trouble: Option<String>,
    /// A sample center: letters are kept here.
    captured: bool,
    /// Letters that wait for the viewer as a second person.
    to_release: usize,
}

async fn outbox(State(house): State<House>, Me(me, _): Me, Asked(asked): Asked) -> Result<Response, Failure> {
    let view = View::parse(asked.text("view")).unwrap_or(View::All);
    let before: Option<MessageId> = asked.given("before").and_then(|id| id.parse().ok());
    let counts = asking::counts(house.reader(), &me).await?;
    let found = asking::lines(house.reader(), &me, view.states(), before).await?;
    let older = (found.len() == asking::PAGE).then(|| found.last().map(|l| l.id)).flatten();
    let (now, zone) = (house.now(), Center::of(&house).await?.zone);
    let room = house.postroom();
    let kept: HashMap<MessageId, usize> =
        room.captured.letters().into_iter().map(|l| (l.message, l.number)).collect();
    let may_cancel = foundation::acts::reach_of(&me, Act::CancelMessage) != foundation::acts::Reach::No;
    let lines = found.into_iter().map(|line| {
        let at = line.sent_at.unwrap_or(line.due_at);
        let readable = line.to.is_some();
        let waits = line.reason.is_some() && line.due_at > now;
        let (name, record, reply) = match line.to {
            Some(to) => (
                Some(clients::person::shown(&to.name)),
                to.is_client.then(|| format!("/clients/{}", to.person)),
                to.reply,
            ),
            None => (None, None, None),
        };
        Line {
            id: line.id,
            tag: tag(line.state),
            letter: line.letter.words(),
            name,
            record,
            why: line.reason,
            reply,
            when: when(at, now, zone),
            kept: kept.get(&line.id).copied().filter(|_| readable),
            can_retry: may_cancel && (line.state == Stands::Held || line.state == Stands::Queued && waits),
            can_cancel: may_cancel
                && matches!(line.state, Stands::AwaitingRelease | Stands::Queued | Stands::Held),
        }
    });
    let trouble = room.post.lane().and_then(|lane| lane.trouble(now)).map(|(since, words)| {
        format!(
            "{words} (since {}). They wait, and leave by themselves when it is put right.",
            when(since, now, zone)
        )
    });
    let (bold, rest) = sentence(&counts, trouble.is_some());
    Ok(show(Outbox {
        view,
        tabs: View::ALL.iter().map(|view| (*view, view.count(&counts))).collect(),
        bold,
        rest,
        lines: lines.collect(),
        older: older.map(|id| format!("/mail?view={}&before={id}", view.as_str())),
        held: matches!(room.post, Post::Held),
        trouble,
        captured: matches!(room.post, Post::Captured),
        to_release: releases::how_many_wait(&house, &me).await?,
    }))
}

/// Where a message stands, by mark and word.
pub(crate) fn tag(state: Stands) -> Tag {
    match state {
        Stands::AwaitingRelease => Tag::new("soon", "diamond", "Waits for a release"),
        Stands::Queued => Tag::new("plain", "ring", "Waiting"),
        Stands::Sending => Tag::new("info", "half", "Leaving now"),
        Stands::Held => Tag::new("soon", "crossed", "Held"),
        Stands::Dead => Tag::new("now", "crossed", "Did not arrive"),
        Stands::Sent => Tag::new("calm", "check", "Sent"),
        Stands::Cancelled => Tag::new("plain", "dashed", "Cancelled"),
    }
}

fn sentence(counts: &Counts, stopped: bool) -> (String, String) {
    let wants = counts.held + counts.dead;
    let bold = match wants {
        0 if stopped => "Letters do not leave.".to_owned(),
        0 => "Nothing needs a person.".to_owned(),
        1 => "One letter needs a person.".to_owned(),
        n => format!("{n} letters need a person."),
    };
    let rest = format!(
        "{} sent, {} waiting. Nothing leaves without passing the gate at the moment of leaving.",
        counts.sent, counts.waiting
    );
    (bold, rest)
}

/// Cancels a message that has not left, with a reason.
async fn cancel(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = not_kept_from(&house, &me, &id).await?;
    let reason = typed.given("reason").unwrap_or("Cancelled by staff.").to_owned();
    house.write(&me, async |unit| cancelling::cancel(unit, id, &reason).await).await?;
    Ok(sent_on("/mail", Said::LetterCancelled, ""))
}

/// Has a letter that waits tried now.
async fn retry(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id = not_kept_from(&house, &me, &id).await?;
    house.write(&me, async |unit| retrying::retry(unit, id).await).await?;
    Ok(sent_on("/mail", Said::LetterTried, ""))
}

/// The letter of an address, unless it is about what only a few know of.
async fn not_kept_from(house: &House, me: &Actor, id: &str) -> Result<MessageId, Error> {
    let id: MessageId = id.parse().map_err(|_| Error::NotFound)?;
    let about = one(house.reader(), id).await?.subject_id;
    let known_to = confiding::known_to(house.reader(), about).await?;
    let subject = Subject::of("message", id).known_only_to(known_to.as_ref().map(|known| known.0.as_slice()));
    if subject.is_kept_from(me) { Err(Error::NotFound) } else { Ok(id) }
}

#[derive(Template)]
#[template(path = "pages/mail/letter.html")]
struct LetterPage {
    letter: CapturedLetter,
    when: String,
}

/// A letter that a sample center kept, as its reader would have seen it.
async fn letter(
    State(house): State<House>,
    Me(me, _): Me,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let number: usize = number.parse().map_err(|_| Error::NotFound)?;
    let letter = house.postroom().captured.letter(number).ok_or(Error::NotFound)?;
    let subject = subject(&house, &me, letter.message).await?;
    house.readings().record(&me, Act::OpenMessage, &subject).await?;
    let zone = Center::of(&house).await?.zone;
    let when = when(letter.at, house.now(), zone);
    Ok(show(LetterPage { letter, when }))
}

/// What the viewer must be allowed to open, with whoever carries the person.
async fn subject(house: &House, me: &Actor, message: MessageId) -> Result<Subject, Error> {
    let row = one(house.reader(), message).await?;
    let person = row.person_id;
    let known_to = confiding::known_to(house.reader(), row.subject_id).await?;
    let subject = Subject::of("message", message).concerning(person);
    let subject = match clients::client::subject(house.reader(), person).await {
        Ok(care) => subject.cared_for_as(&care),
        // Someone who asked for help and has no record yet.
        Err(Error::NotFound) => subject,
        Err(e) => return Err(e),
    };
    let subject = subject.known_only_to(known_to.as_ref().map(|known| known.0.as_slice()));
    if may(me, Act::OpenMessage, &subject) { Ok(subject) } else { Err(Error::NotFound) }
}

impl Page for Outbox {
    fn title(&self) -> String {
        "Mail".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Mail)
    }
}

impl Page for LetterPage {
    fn title(&self) -> String {
        "A letter".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Mail)
    }
}
