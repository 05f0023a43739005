//! A consultation request and what staff do with it, one ability a file.

pub mod attempting;
pub mod claiming;
pub mod closing;
pub mod converting;
pub mod page;
pub mod receiving;
pub mod stepping;

use foundation::{Error, Subject};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use crate::entity::request;
pub use crate::entity::request::{Model as Request, RequestId};

/// Where the words of a request are sealed.
pub(crate) const WORDS: &str = "requests.words";

/// The request behind a reference like `CR-4F7K3`, as typed in any case.
pub async fn by_reference(reader: &impl ConnectionTrait, reference: &str) -> Result<Request, Error> {
    let found = request::Entity::find()
        .filter(request::Column::Reference.eq(reference.to_uppercase()))
        .one(reader)
        .await?;
    found.ok_or(Error::NotFound)
}

impl Request {
    /// The request as permission and the ledger need it: it concerns the person who may need care.
    pub fn subject(&self) -> Subject {
        Subject::of("request", self.id).concerning(self.prospective_id)
    }

    /// Whether it is still open.
    pub fn is_open(&self) -> bool {
        self.closed_at.is_none()
    }
}
