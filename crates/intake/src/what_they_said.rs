//! What was said on the way to a record: the words of the form, mails, calls with their safety answers, coverage and
//! letters of every request of a person, for whoever may open the record. A confidential request stays with those who
//! know of it.

use clients::note::{self, Note};
use clients::person::{name_of, shown};
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, PersonId, Subject, may};
use mail::MessageId;
use mail::own_words::{self, Written};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use crate::benefits::{self, Opened};
use crate::call::sheet::answered;
use crate::call::{self, Call};
use crate::entity::request;
use crate::inward::{self, InwardMessage};
use crate::referral_in;
use crate::request::converting::{kept_from, requests_of};
use crate::request::{RELATIONSHIP, Request, RequestId, WORDS, merged};

/// One request of a person, with everything that was said in it.
#[derive(Clone, Debug)]
pub struct SaidRequest {
    pub request: Request,
    /// Who asked, when that was somebody else.
    pub caller: Option<String>,
    /// Who that one is to the person.
    pub relationship: Option<String>,
    /// The words of the form or the mail.
    pub words: Option<String>,
    /// What a professional told who sent them.
    pub referred: Option<referral_in::Opened>,
    /// Mails since, oldest first.
    pub messages: Vec<InwardMessage>,
    /// Calls, oldest first.
    pub calls: Vec<SaidCall>,
    /// What was given about coverage, oldest first.
    pub coverage: Vec<Opened>,
}

/// A call with every line of its sheet: what was asked and answered, and what was not asked.
#[derive(Clone, Debug)]
pub struct SaidCall {
    pub call: Call,
    pub lines: Vec<(String, String)>,
}

/// Everything that was said, oldest first, and the letters we wrote.
#[derive(Clone, Debug, Default)]
pub struct WhatTheySaid {
    pub requests: Vec<SaidRequest>,
    /// What they, or somebody in their name, answered to our letters since.
    pub replies: Vec<Note>,
    pub letters: Vec<Written>,
}

/// Reads everything said in the requests of the person of a record. The caller records the reading.
///
/// # Errors
/// [`Error::NotFound`] for a viewer who may not open the record.
pub async fn load(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    care: &Subject,
) -> Result<WhatTheySaid, Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    if !may(viewer, Act::OpenClient, care) {
        return Err(Error::NotFound);
    }
    let mut requests = Vec::new();
    for request in with_merged(reader, viewer, person).await? {
        requests.push(open(reader, keyring, request, person).await?);
    }
    let ids: Vec<Uuid> = requests.iter().map(|one| one.request.id.0).collect();
    let letters = letters(reader, keyring, viewer, person, &ids).await?;
    let replies = note::received(reader, keyring, person).await?;
    Ok(WhatTheySaid { requests, replies, letters })
}

/// The requests of a person and those merged into them, in the order they came in.
async fn with_merged(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
) -> Result<Vec<Request>, Error> {
    let mut all = requests_of(reader, viewer, person).await?;
    let mut merged_ids: Vec<RequestId> = Vec::new();
    for one in &all {
        merged_ids.extend(merged::into(reader, one.id).await?);
    }
    merged_ids.retain(|id| all.iter().all(|one| one.id != *id));
    let merged = request::Entity::find().filter(request::Column::Id.is_in(merged_ids)).all(reader).await?;
    all.extend(merged.into_iter().filter(|one| !one.subject().is_kept_from(viewer)));
    all.sort_by_key(|one| (one.received_at, one.id));
    Ok(all)
}

async fn open(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    request: Request,
    person: PersonId,
) -> Result<SaidRequest, Error> {
    let unseal = async |place: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => keyring.open(reader, request.prospective_id, place, sealed).await.map(Some),
        None => Ok(None),
    };
    let (words, relationship) =
        (unseal(WORDS, &request.words).await?, unseal(RELATIONSHIP, &request.relationship).await?);
    let caller = match request.caller_id {
        // Who asked for themselves is the person, also when a client was recognized in them.
        caller if caller == person || caller == request.prospective_id => None,
        caller if request.was_about_id == Some(caller) => None,
        caller => Some(shown(&name_of(reader, caller).await?)),
    };
    let mut calls = Vec::new();
    for call in call::of(reader, request.id).await?.into_iter().rev() {
        let lines = answered(&call::opened(reader, keyring, &call).await?);
        calls.push(SaidCall { call, lines });
    }
    let mut coverage = Vec::new();
    for check in benefits::of(reader, request.id).await?.into_iter().rev() {
        coverage.push(benefits::opened(reader, keyring, check).await?);
    }
    Ok(SaidRequest {
        caller,
        relationship,
        words,
        referred: referral_in::of(reader, keyring, request.id).await?,
        messages: inward::of(reader, keyring, &[request.id]).await?,
        calls,
        coverage,
        request,
    })
}

/// The letters we wrote to them or about these requests, oldest first, but for those that are kept from the viewer.
async fn letters(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    person: PersonId,
    requests: &[Uuid],
) -> Result<Vec<Written>, Error> {
    let about: Vec<MessageId> =
        mail::outbox::about(reader, requests).await?.into_iter().map(MessageId).collect();
    let mut letters = own_words::all_of(reader, keyring, person).await?;
    let others: Vec<MessageId> =
        about.into_iter().filter(|id| letters.iter().all(|one| one.id != *id)).collect();
    letters.extend(own_words::of(reader, keyring, others).await?.into_values());
    let kept = kept_from(reader, viewer).await?;
    letters.retain(|one| !kept.contains(&one.id.0));
    letters.sort_by_key(|one| one.id);
    Ok(letters)
}
