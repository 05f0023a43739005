//! A consultation request and what staff do with it, one ability a file.

pub mod attempting;
pub mod claiming;
pub mod closing;
pub mod confiding;
pub mod converting;
pub mod describing;
pub mod mentioning;
pub mod merged;
pub mod merging;
pub mod noting;
pub mod page;
pub mod receiving;
pub mod recognizing;
pub mod releasing;
pub(crate) mod resealing;
pub mod snoozing;
pub mod stepping;
pub mod tagging;
pub mod undoing;
pub mod waiting;
pub mod watching;
pub mod writing;

use std::collections::HashMap;

use foundation::confidential::seen_by;
use foundation::{Actor, Error, PersonId, Subject};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect};

use crate::entity::request;
pub use crate::entity::request::{Model as Request, RequestId};
use crate::rules::words::ForWhom;

/// Where the texts of a request are sealed.
pub(crate) const WORDS: &str = "requests.words";
pub(crate) const NEXT_STEP: &str = "requests.next_step";
pub(crate) const RELATIONSHIP: &str = "requests.relationship";

/// The request behind a reference like `CR-4F7K3`, as typed in any case.
pub async fn by_reference(reader: &impl ConnectionTrait, reference: &str) -> Result<Request, Error> {
    let found = request::Entity::find()
        .filter(request::Column::Reference.eq(reference.to_uppercase()))
        .one(reader)
        .await?;
    found.ok_or(Error::NotFound)
}

/// The same for somebody who may know of it.
///
/// # Errors
/// [`Error::NotFound`] also when it is kept from them.
pub async fn seen(reader: &impl ConnectionTrait, viewer: &Actor, reference: &str) -> Result<Request, Error> {
    let found = by_reference(reader, reference).await?;
    if found.subject().is_kept_from(viewer) { Err(Error::NotFound) } else { Ok(found) }
}

/// The newest request of each of these people that the viewer may know of, whether they asked or it is for them.
pub async fn newest_of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    people: &[PersonId],
) -> Result<HashMap<PersonId, String>, Error> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let (caller, prospective) = (request::Column::CallerId, request::Column::ProspectiveId);
    let theirs = Condition::any().add(caller.is_in(people.to_vec())).add(prospective.is_in(people.to_vec()));
    let rows = request::Entity::find()
        .select_only()
        .columns([request::Column::Reference, caller, prospective])
        .filter(theirs)
        .filter(Expr::cust(seen_by(viewer, "confidential_to")))
        .order_by_asc(request::Column::Id)
        .into_tuple::<(String, PersonId, PersonId)>()
        .all(reader)
        .await?;
    // The newest comes last and stays.
    let of = rows.into_iter().flat_map(|(reference, a, b)| [(a, reference.clone()), (b, reference)]);
    Ok(of.collect())
}

impl Request {
    /// The request as permission and the ledger need it: it concerns the person who may need care.
    pub fn subject(&self) -> Subject {
        let known_to = self.confidential_to.as_ref().map(|known| known.0.as_slice());
        Subject::of("request", self.id).concerning(self.prospective_id).known_only_to(known_to)
    }

    /// The person it is about as they are known from it alone. Who was recognized has a record, and what stands there is
    /// for whoever may open it.
    pub fn asked_as(&self) -> PersonId {
        self.was_about_id.unwrap_or(self.prospective_id)
    }

    /// Whether somebody else than the person who may need care asks: a relative, a friend, a referrer. What is written to
    /// them about that person is a disclosure (42 CFR §2.13(c)).
    pub fn is_asked_by_another(&self) -> bool {
        let said = matches!(self.for_whom, ForWhom::Family | ForWhom::Friend | ForWhom::Patient);
        said || (self.for_whom != ForWhom::Self_ && self.caller_id != self.asked_as())
    }

    /// Whether it is still open.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }
}
