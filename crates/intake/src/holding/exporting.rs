//! Requests in a person's own record. Of a request that somebody else made only what we did for the person is theirs as a
//! matter of course; what was said in it, who said it and how they are reached waits for the privacy officer.

use foundation::holding::OthersWords;
use foundation::sealed::Keyring;
use foundation::{Error, PersonId};
use sea_orm::DatabaseConnection;
use sea_orm::entity::prelude::*;
use serde_json::{Value as Json, json};

use crate::entity::request;
use crate::inward::InwardMessage;
use crate::request::{NEXT_STEP, RELATIONSHIP, Request, WORDS};
use crate::{benefits, call, referral_in, referral_out, touch, waitlist};

/// Only requests about this person: what they once asked for someone else is that one's record.
async fn about(reader: &DatabaseConnection, id: PersonId) -> Result<Vec<Request>, Error> {
    Ok(request::Entity::find().filter(request::Column::ProspectiveId.eq(id)).all(reader).await?)
}

pub(super) async fn requests(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    id: PersonId,
) -> Result<Vec<Json>, Error> {
    let mut requests = Vec::new();
    for row in about(reader, id).await? {
        let mut kept = done_for_them(reader, keyring, &row).await?;
        if !row.is_asked_by_another() {
            merge(&mut kept, said(reader, keyring, &row).await?);
            let calls = calls(reader, keyring, &row).await?.into_iter().map(|(_, _, sheet)| sheet);
            let messages = messages(reader, keyring, &row).await?.into_iter();
            let messages: Vec<Json> =
                messages.filter(|(_, is_theirs)| *is_theirs).map(|(message, _)| in_json(&message)).collect();
            let referred = referral_in::keeping::export(reader, keyring, row.id).await?;
            merge(
                &mut kept,
                json!({ "calls": calls.collect::<Vec<_>>(), "messages": messages, "referred": referred }),
            );
        }
        requests.push(kept);
    }
    Ok(requests)
}

/// What others said: the request of somebody else with its calls, messages and referral, and messages of somebody else at
/// the person's own request.
pub(super) async fn said_by_others(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    id: PersonId,
) -> Result<Vec<OthersWords>, Error> {
    let mut all = Vec::new();
    for row in about(reader, id).await? {
        let another = row.is_asked_by_another();
        if another {
            all.push(their_request(reader, keyring, &row).await?);
            for (id, at, sheet) in calls(reader, keyring, &row).await? {
                let item = format!("call/{id}");
                all.push(OthersWords { item, kind: "A call with someone else", at, content: sheet });
            }
            if let Some(told) = referral_in::keeping::export(reader, keyring, row.id).await? {
                let item = format!("referral/{}", row.id);
                all.push(OthersWords { item, kind: "A referral", at: row.received_at, content: told });
            }
        }
        for (message, is_theirs) in messages(reader, keyring, &row).await? {
            if another || !is_theirs {
                all.push(OthersWords {
                    item: format!("message/{}/{}", row.id, message.received_at.timestamp_millis()),
                    kind: "A message from someone else",
                    at: message.received_at,
                    content: in_json(&message),
                });
            }
        }
    }
    Ok(all)
}

async fn their_request(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    row: &Request,
) -> Result<OthersWords, Error> {
    let mut content = json!({ "said_by": clients::person::name_of(reader, row.caller_id).await? });
    merge(&mut content, said(reader, keyring, row).await?);
    Ok(OthersWords {
        item: format!("request/{}", row.id),
        kind: "A request by someone else",
        at: row.received_at,
        content,
    })
}

/// What we did for the person, whoever asked.
async fn done_for_them(reader: &DatabaseConnection, keyring: &Keyring, row: &Request) -> Result<Json, Error> {
    Ok(json!({
        "reference": row.reference,
        "received_at": row.received_at,
        "benefits": benefits::export(reader, keyring, row.id).await?,
        "appointments": crate::appointments::keeping::export(reader, row.id).await?,
        "referrals": referral_out::keeping::export(reader, keyring, row.id).await?,
        "closed_at": row.closed_at,
        "disposition": row.disposition,
        "converted_at": row.converted_at,
    }))
}

/// What was said in it, and what we noted of whoever said it.
async fn said(reader: &DatabaseConnection, keyring: &Keyring, row: &Request) -> Result<Json, Error> {
    let open = async |place: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => keyring.open(reader, row.prospective_id, place, sealed).await.map(Some),
        None => Ok(None),
    };
    let attempts = crate::request::attempting::of(reader, row.id).await?;
    let pauses = crate::request::waiting::of(reader, row.id).await?;
    let tags = clients::tags::load(reader).await?;
    let attempts = attempts.iter().map(
        |a| json!({ "at": a.made_at, "outcome": a.outcome, "direction": a.direction, "minutes": a.minutes }),
    );
    let pauses = pauses.iter().map(|p| json!({ "why": p.why, "from": p.began_at, "until": p.ends() }));
    Ok(json!({
        "channel": row.channel,
        "for_whom": row.for_whom,
        "relationship": open(RELATIONSHIP, &row.relationship).await?,
        "words": open(WORDS, &row.words).await?,
        "danger": row.danger,
        "urgency": row.urgency,
        "outside_hours": row.outside_hours,
        "next_step": open(NEXT_STEP, &row.next_step).await?,
        "next_step_at": row.next_step_at,
        "waited_for_them": pauses.collect::<Vec<_>>(),
        "attempts": attempts.collect::<Vec<_>>(),
        "waitlist": waitlist::keeping::export(reader, keyring, row.id).await?,
        "touches": touch::keeping::export(reader, keyring, row.id).await?,
        "tags": tags.of(&row.tagged()).into_iter().map(|(_, words)| words).collect::<Vec<_>>(),
    }))
}

type Sheet = (call::CallId, foundation::Instant, Json);

async fn calls(reader: &DatabaseConnection, keyring: &Keyring, row: &Request) -> Result<Vec<Sheet>, Error> {
    let mut calls = Vec::new();
    for one in call::of(reader, row.id).await? {
        let sheet = call::opened(reader, keyring, &one).await?;
        let told = json!({ "began_at": one.began_at, "ended_at": one.ended_at, "sheet": sheet });
        calls.push((one.id, one.began_at, told));
    }
    Ok(calls)
}

/// The messages that came in, with whether the sender has an address the one who asked had given.
async fn messages(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    row: &Request,
) -> Result<Vec<(InwardMessage, bool)>, Error> {
    let all = crate::inward::of(reader, keyring, &[row.id]).await?;
    let with_sender = |message: InwardMessage| (message.known, message);
    Ok(all.into_iter().map(with_sender).map(|(known, message)| (message, known)).collect())
}

fn in_json(message: &InwardMessage) -> Json {
    json!({ "at": message.received_at, "message": message.written })
}

fn merge(into: &mut Json, more: Json) {
    if let (Json::Object(into), Json::Object(more)) = (into, more) {
        into.extend(more);
    }
}
