//! Receiving one message: read, sorted, and kept with everything that follows from it in one unit, so that a mail server
//! that is told yes may forget it, and one that asks again is told the same.

use std::pin::Pin;

use chrono::TimeDelta;
use foundation::center::Center;
use foundation::{Act, Actor, Db, Error, Faults, NewJob, News, PersonId, Subject, Unit, hash_of};
use mail::inward::{Inward, Writer, read};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{QuerySelect, Set};

use super::{Became, WORDS, Written, reply, thread};
use crate::entity::{inward_message, mail_arrival, request};
use crate::request::receiving::{NewRequest, receive as receive_request};
use crate::request::snoozing::stir;
use crate::request::{Request, RequestId, waiting};

/// The kind of the job that tells open pages of what another process received.
pub const TELL: &str = "tell_inbox";

/// Messages of one sender within an hour; what comes beyond is taken later, so that a machine gone wild buries nobody.
const MOST_AN_HOUR: u64 = 30;
/// Who was acknowledged within this is not acknowledged again: two programs that answer each other would never stop.
const ACKNOWLEDGED: TimeDelta = TimeDelta::days(1);
/// Senders acknowledged within an hour, all together: whoever writes in a thousand names makes us write to few of them.
const MOST_ACKNOWLEDGED: i64 = 60;
/// How long a sender is remembered, by a hash: as long as it is asked who wrote before.
const REMEMBERED: TimeDelta = ACKNOWLEDGED;
/// What the keyed hash of a sender is kept for.
const SENDER: &str = "mail_arrivals.sender_hash";

/// What the rooms above do when a client answered a letter, in the unit that keeps the words.
pub type OnReply =
    for<'a> fn(&'a mut Unit, PersonId) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// One message as it was handed over.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    pub bytes: &'a [u8],
    /// Who the mail server says sent it; empty for what no one answers to.
    pub envelope: Option<&'a str>,
    /// Whether another process than this one serves the pages.
    pub pages_elsewhere: bool,
    pub on_reply: OnReply,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It is kept, or was set aside.
    Became(Became),
    /// It was here before; nothing was written a second time.
    Before(Became),
    /// Nobody could answer it: it names no sender mail can be sent to.
    Unreadable,
    /// Its sender wrote too much within the hour. Nothing is written; it may be handed over again later.
    TooMany,
}

/// Receives one message.
///
/// # Errors
/// Whatever keeps the house from writing: the same message may be handed over again later.
pub async fn receive(db: &Db, delivery: Delivery<'_>) -> Result<Receipt, Error> {
    let Some(inward) = read(delivery.bytes, delivery.envelope) else { return Ok(Receipt::Unreadable) };
    let received = db.write(&Actor::House, async |unit| keep(unit, inward.clone(), delivery).await).await;
    match received {
        // Handed over twice at once: the other one has written it.
        Err(Error::Exists) => match before(db.reader(), &inward.fingerprint).await? {
            Some(became) => Ok(Receipt::Before(became)),
            None => Err(Error::Busy),
        },
        other => other,
    }
}

async fn keep(unit: &mut Unit, inward: Inward, delivery: Delivery<'_>) -> Result<Receipt, Error> {
    if let Some(became) = before(unit.tx(), &inward.fingerprint).await? {
        return Ok(Receipt::Before(became));
    }
    let sender = unit.db().keyring().hash(SENDER, &inward.from_address);
    let arrival = arrival(unit, &inward, &sender);
    let center = Center::load(unit.tx()).await?;
    let aside = match inward.writer {
        Writer::Machine => Some(Became::Machine),
        Writer::Returned => Some(Became::Returned),
        Writer::List => Some(Became::List),
        Writer::Person => (inward.from_address == center.mail_from.to_lowercase()).then_some(Became::Own),
    };
    if let Some(became) = aside {
        let id: Uuid = unit.id();
        let permit = unit.permit(Act::SetMailAside, &Subject::of("mail_arrival", id))?;
        unit.insert(mail_arrival::ActiveModel { id: Set(id), what: Set(became), ..arrival }).await?;
        unit.record(permit, serde_json::json!({ "what": became }));
        return Ok(Receipt::Became(became));
    }
    if since(unit, &sender, TimeDelta::hours(1), None).await? >= MOST_AN_HOUR {
        return Ok(Receipt::TooMany);
    }
    let request = thread::of(unit, &inward).await?;
    let client = reply::client_of(unit, &inward).await?;
    if let Some(client) = client {
        reply::keep(unit, client, &inward, delivery.on_reply).await?;
    }
    // Of somebody who died nobody looks at the check-ins any more: whoever writes in their place is a request as well.
    let is_looked_at = match client {
        Some(client) => clients::person::died_at(unit.tx(), client).await?.is_none(),
        None => false,
    };
    let (became, request) = match (request, client.filter(|_| is_looked_at)) {
        (Some(request), _) => (Became::Message, Some(land(unit, &request, inward).await?)),
        (None, Some(_)) => (Became::Reply, None),
        (None, None) => match ask(unit, &sender, inward).await? {
            Some(id) => (Became::Request, Some(id)),
            None => return Ok(Receipt::Unreadable),
        },
    };
    let row = mail_arrival::ActiveModel { what: Set(became), request_id: Set(request), ..arrival };
    unit.insert(row).await?;
    if delivery.pages_elsewhere {
        let tell = NewJob { kind: TELL, payload: serde_json::json!({}), dedupe: None, run_at: None };
        unit.enqueue(tell).await?;
    }
    Ok(Receipt::Became(became))
}

async fn before(reader: &impl sea_orm::ConnectionTrait, fingerprint: &[u8]) -> Result<Option<Became>, Error> {
    let found = mail_arrival::Entity::find()
        .filter(mail_arrival::Column::Arrival.eq(fingerprint.to_vec()))
        .one(reader)
        .await?;
    Ok(found.map(|row| row.what))
}

fn arrival(unit: &mut Unit, inward: &Inward, sender: &[u8]) -> mail_arrival::ActiveModel {
    mail_arrival::ActiveModel {
        id: Set(unit.id()),
        arrival: Set(inward.fingerprint.clone()),
        message_hash: Set(inward.message_id.as_deref().map(thread::message_hash)),
        sender_hash: Set(Some(sender.to_vec())),
        what: Set(Became::Machine),
        request_id: Set(None),
        arrived_at: Set(unit.now()),
    }
}

/// How often a sender wrote within a time, or got a request by it.
async fn since(unit: &Unit, sender: &[u8], within: TimeDelta, what: Option<Became>) -> Result<u64, Error> {
    let mut rows = mail_arrival::Entity::find()
        .filter(mail_arrival::Column::SenderHash.eq(sender.to_vec()))
        .filter(mail_arrival::Column::ArrivedAt.gt(unit.now() - within));
    if let Some(what) = what {
        rows = rows.filter(mail_arrival::Column::What.eq(what));
    }
    Ok(rows.count(unit.tx()).await?)
}

/// How many senders got a request by what they wrote within a time.
async fn askers(unit: &Unit, within: TimeDelta) -> Result<i64, Error> {
    let count: Option<i64> = mail_arrival::Entity::find()
        .select_only()
        .column_as(Expr::col(mail_arrival::Column::SenderHash).count_distinct(), "n")
        .filter(mail_arrival::Column::ArrivedAt.gt(unit.now() - within))
        .filter(mail_arrival::Column::What.eq(Became::Request))
        .into_tuple()
        .one(unit.tx())
        .await?;
    Ok(count.unwrap_or_default())
}

/// Forgets who wrote, when nothing asks for it any more; what it became stays. Of how many messages.
pub async fn forget_senders(db: &Db) -> Result<usize, Error> {
    let forget = async |unit: &mut Unit| {
        let done = mail_arrival::Entity::update_many()
            .col_expr(mail_arrival::Column::SenderHash, Expr::value(Option::<Vec<u8>>::None))
            .filter(mail_arrival::Column::SenderHash.is_not_null())
            .filter(mail_arrival::Column::ArrivedAt.lte(unit.now() - REMEMBERED))
            .exec(unit.tx())
            .await?;
        if done.rows_affected > 0 {
            let permit = unit.permit(Act::ForgetSenders, &Subject::center())?;
            unit.record(permit, serde_json::json!({ "messages": done.rows_affected }));
        }
        Ok::<_, Error>(usize::try_from(done.rows_affected).unwrap_or(usize::MAX))
    };
    db.write(&Actor::House, forget).await
}

/// A message at a request that is under way: it is on top again.
async fn land(unit: &mut Unit, at: &Request, inward: Inward) -> Result<RequestId, Error> {
    let permit = unit.permit(Act::ReceiveMessage, &at.subject())?;
    let known = thread::is_known(unit, at, &inward.from_address).await?;
    let text = serde_json::to_string(&Written::from(inward))
        .map_err(|e| Error::Broken(format!("a message: {e}")))?;
    let row = inward_message::ActiveModel {
        id: Set(unit.id()),
        request_id: Set(at.id),
        person_id: Set(at.prospective_id),
        words: Set(unit.seal(at.prospective_id, WORDS, &text).await?),
        known: Set(known),
        received_at: Set(unit.now()),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "known": known }));
    stir(unit, at).await?;
    // It is our turn again.
    waiting::heard_from(unit, at).await?;
    // What sleeps through replies sleeps on; everything else has something new on its page.
    let awake = request::Entity::update_many()
        .col_expr(request::Column::WokeAt, Expr::value(Some(unit.now())))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(at.id))
        .filter(request::Column::WokeAt.is_null())
        .filter(request::Column::SnoozedUntil.is_null());
    awake.exec(unit.tx()).await?;
    unit.tell(News::Inbox);
    Ok(at.id)
}

/// A request of its own; `None` when its sender cannot be answered.
async fn ask(unit: &mut Unit, sender: &[u8], inward: Inward) -> Result<Option<RequestId>, Error> {
    let submission = foundation::hex(&hash_of(&format!("mail {}", foundation::hex(&inward.fingerprint))));
    let quiet = since(unit, sender, ACKNOWLEDGED, Some(Became::Request)).await? > 0
        || askers(unit, TimeDelta::hours(1)).await? >= MOST_ACKNOWLEDGED;
    let new = match parse(inward) {
        Ok(new) if quiet => new.unacknowledged(),
        Ok(new) => new,
        Err(_) => return Ok(None),
    };
    Ok(Some(receive_request(unit, &submission, new).await?.id))
}

fn parse(inward: Inward) -> Result<NewRequest, Faults> {
    let (name, address) = (inward.from_name.clone(), inward.from_address.clone());
    let written = Written::from(inward);
    let parts = [written.subject.as_str(), written.text.as_str(), &written.left_out()];
    let words = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    NewRequest::by_email(&name, &address, &words)
}
