//! Which request a message answers: by the letter of ours it answers, by an earlier message of the same thread, or by the
//! reference in its subject. References are short and read out on the phone: one alone opens a thread only to an address
//! that was given there.

use consent::contact_point;
use foundation::{Error, Unit, hash_of};
use mail::inward::Inward;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use crate::entity::{mail_arrival, request};
use crate::request::merging::going_on;
use crate::request::{Request, RequestId};

/// References in one subject that are looked at.
const REFERENCES: usize = 5;

/// The request a message is about, or the one that goes on for it. One that is over is none: who writes again asks again,
/// and must not be answered by a page nobody looks at.
pub(super) async fn of(unit: &Unit, inward: &Inward) -> Result<Option<Request>, Error> {
    let by_letter = mail::outbox::answered(unit.tx(), &inward.answers).await?;
    if let Some(open) = open_one(unit, by_letter.into_iter().map(RequestId).collect()).await? {
        return Ok(Some(open));
    }
    if let Some(open) = open_one(unit, by_message(unit, inward).await?).await? {
        return Ok(Some(open));
    }
    by_subject(unit, inward).await
}

/// Whether one who asked in this request gave this address.
pub(super) async fn is_known(unit: &Unit, at: &Request, address: &str) -> Result<bool, Error> {
    for person in [at.caller_id, at.prospective_id] {
        if contact_point::of(unit.tx(), person).await?.iter().any(|point| point.folded == address) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn open_one(unit: &Unit, ids: Vec<RequestId>) -> Result<Option<Request>, Error> {
    for id in ids {
        match going_on(unit.tx(), id).await {
            Ok(request) if request.is_open() => return Ok(Some(request)),
            Ok(_) | Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// What the hash of a Message-ID is kept of.
pub(super) fn message_hash(id: &str) -> Vec<u8> {
    hash_of(&format!("message {id}"))
}

async fn by_message(unit: &Unit, inward: &Inward) -> Result<Vec<RequestId>, Error> {
    if inward.answers.is_empty() {
        return Ok(Vec::new());
    }
    let hashes: Vec<Vec<u8>> = inward.answers.iter().map(|id| message_hash(id)).collect();
    let rows = mail_arrival::Entity::find()
        .filter(mail_arrival::Column::MessageHash.is_in(hashes))
        .filter(mail_arrival::Column::RequestId.is_not_null())
        .order_by_desc(mail_arrival::Column::Id)
        .limit(REFERENCES as u64)
        .all(unit.tx())
        .await?;
    Ok(rows.into_iter().filter_map(|row| row.request_id).collect())
}

async fn by_subject(unit: &Unit, inward: &Inward) -> Result<Option<Request>, Error> {
    let references = references(&inward.subject);
    if references.is_empty() {
        return Ok(None);
    }
    let named =
        request::Entity::find().filter(request::Column::Reference.is_in(references)).all(unit.tx()).await?;
    for one in named {
        let Some(open) = open_one(unit, vec![one.id]).await? else { continue };
        let address = &inward.from_address;
        if is_known(unit, &one, address).await? || is_known(unit, &open, address).await? {
            return Ok(Some(open));
        }
    }
    Ok(None)
}

/// Everything in a subject that looks like `CR-4F7K3`.
fn references(subject: &str) -> Vec<String> {
    let words = subject.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let like = |word: &str| {
        let word = word.to_ascii_uppercase();
        let letters = word.strip_prefix("CR-")?;
        (letters.len() == 5 && letters.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| word.clone())
    };
    words.filter_map(like).take(REFERENCES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_found_wherever_it_stands_in_a_subject() {
        assert_eq!(references("Re: (cr-4f7k2), my brother"), ["CR-4F7K2"]);
        assert!(references("CR-4F7K CR-4F7K22 XCR-4F7K2 CR--4F7K").is_empty());
    }
}
