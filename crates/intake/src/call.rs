//! A call and its sheet: begun with the first saved word, saved while talking, parked when the line is cut, finished
//! with an outcome or a promise. Half a call is a request like any other.

pub mod beginning;
pub mod finishing;
pub mod parking;
pub mod saving;
pub mod sheet;

use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, Subject, Unit, may, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, QueryOrder};

pub use crate::entity::call::{CallId, Model as Call};
use crate::entity::{call, request};
use crate::request::merging::going_on;
use crate::request::{Request, RequestId};
use sheet::Sheet;

/// Where a sheet is sealed.
pub(crate) const ANSWERS: &str = "calls.answers";

impl Call {
    /// The call as permission and the ledger need it.
    pub fn subject(&self) -> Subject {
        Subject::of("call", self.id).concerning(self.person_id)
    }

    /// Whether words can still be written on its sheet.
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }
}

/// A call with its sheet and its request.
#[derive(Clone, Debug)]
pub struct Page {
    pub call: Call,
    pub request: Request,
    pub sheet: Sheet,
}

/// A call to go on with or to read. The caller records the opening of its request.
pub async fn page(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    id: CallId,
) -> Result<Page, Error> {
    let found = call::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    let request = request::Entity::find_by_id(found.request_id).one(reader).await?.ok_or(Error::NotFound)?;
    if !may(viewer, Act::OpenRequest, &request.subject()) {
        return Err(Error::NotFound);
    }
    let sheet = opened(reader, keyring, &found).await?;
    Ok(Page { call: found, request, sheet })
}

/// The call of a sheet that was begun: what a lost answer or a second press comes back to.
pub async fn by_submission(reader: &impl ConnectionTrait, submission: &str) -> Result<Option<Call>, Error> {
    Ok(call::Entity::find().filter(call::Column::Submission.eq(submission)).one(reader).await?)
}

/// The calls of a request, newest first.
pub async fn of(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<Call>, Error> {
    Ok(call::Entity::find()
        .filter(call::Column::RequestId.eq(id))
        .order_by_desc(call::Column::Id)
        .all(reader)
        .await?)
}

/// The request of a call, as it is now: the one that goes on, when it was merged since the call began.
pub async fn request_of(unit: &Unit, on: &Call) -> Result<Request, Error> {
    let request = going_on(unit.tx(), on.request_id).await?;
    if request.subject().is_kept_from(unit.actor()) { Err(Error::NotFound) } else { Ok(request) }
}

/// The request a call was begun on, also when it goes on in another one: whose caller it is that talks.
pub(crate) async fn own_request_of(unit: &Unit, on: &Call) -> Result<Request, Error> {
    found(unit, on.request_id).await
}

async fn found(unit: &Unit, id: RequestId) -> Result<Request, Error> {
    request::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)
}

/// The sheet of a call, as it was saved last.
pub async fn kept(unit: &Unit, on: &Call) -> Result<Sheet, Error> {
    let now = call::Entity::find_by_id(on.id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    opened(unit.tx(), unit.db().keyring(), &now).await
}

/// Writes the moment at which a call that goes on was parked or ended.
async fn mark(unit: &Unit, on: &Call, column: call::Column) -> Result<(), Error> {
    let done = call::Entity::update_many()
        .col_expr(column, Expr::value(Some(unit.now())))
        .col_expr(call::Column::Version, Expr::col(call::Column::Version).add(1))
        .filter(call::Column::Id.eq(on.id))
        .filter(call::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("ended", "This call was finished already."));
    }
    Ok(())
}

pub(crate) async fn opened(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    call: &Call,
) -> Result<Sheet, Error> {
    // Of whoever was forgotten nothing is left but that there was a call.
    if call.answers.is_empty() {
        return Ok(Sheet::default());
    }
    let text = keyring.open(reader, call.person_id, ANSWERS, &call.answers).await?;
    serde_json::from_str(&text).map_err(|e| Error::Broken(format!("a call sheet: {e}")))
}

pub(crate) fn written(sheet: &Sheet) -> Result<String, Error> {
    serde_json::to_string(sheet).map_err(|e| Error::Broken(format!("a call sheet: {e}")))
}
