//! Recognizing a client in whoever asks: someone who was here before is known, and does not begin anew. A colleague says
//! how they know; until the request is over it can be taken back, and nothing of either record is lost by it.

use clients::client;
use clients::note::{self, NoteId};
use foundation::ledger::asking::{Of, entries};
use foundation::{Act, Actor, Error, News, PersonId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::Request;
use super::resealing::reseal;
use crate::entity::{mention, request};

foundation::words! {
    /// How somebody was recognized. A number or a name alike is a hint and no proof: phones and names are shared.
    pub enum KnownBy {
        BirthDate = "birth_date", "They said their birth date, and it is the one in the record",
        CalledBack = "called_back", "We called them at the number in the record",
        Voice = "voice", "A colleague who cared for them knows them",
        Paper = "paper", "They showed a paper with their name",
    }
}

/// From now on the request is about this client. What was said is sealed under the client's key; how the caller may be
/// reached stays as they said it this time.
///
/// # Errors
/// A refusal when the request is over or known already; [`Error::NotFound`] for a client the actor may not know of.
pub async fn recognize(unit: &mut Unit, wanted: &Request, known: PersonId, by: KnownBy) -> Result<(), Error> {
    let permit = unit.permit(Act::RecognizeClient, &wanted.subject())?;
    let record = client::subject(unit.tx(), known).await?;
    if !foundation::may(unit.actor(), Act::OpenClient, &record) {
        return Err(Error::NotFound);
    }
    if !wanted.is_open() {
        return Err(refused("closed", "This request is closed. Open it again first."));
    }
    if wanted.was_about_id.is_some() || wanted.prospective_id == known {
        return Err(refused("known", "It is known already who this request is about."));
    }
    about(unit, wanted, known, Some(wanted.prospective_id)).await?;
    unit.record(permit, serde_json::json!({ "client": known, "known_by": by }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Whether a viewer may know what the record of whoever a request is about holds: of someone who was recognized, only who
/// may open that record.
pub async fn may_know(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    wanted: &Request,
) -> Result<bool, Error> {
    if wanted.was_about_id.is_none() {
        return Ok(true);
    }
    let record = client::subject(reader, wanted.prospective_id).await?;
    Ok(foundation::may(viewer, Act::OpenClient, &record))
}

/// It was somebody else: the request is about whoever asked, as before.
pub async fn take_back(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::RecognizeClient, &wanted.subject())?;
    let Some(before) = wanted.was_about_id.filter(|_| wanted.is_open()) else {
        return Err(refused("known", "There is nothing to take back here."));
    };
    notes_go_along(unit, wanted, before).await?;
    about(unit, wanted, before, None).await?;
    unit.record(permit, serde_json::json!({ "client": wanted.prospective_id, "taken_back": true }));
    unit.tell(News::Inbox);
    Ok(())
}

/// What was noted here meanwhile is about whoever asked, and in nobody else's record.
async fn notes_go_along(unit: &mut Unit, wanted: &Request, to: PersonId) -> Result<(), Error> {
    let written = entries(unit.tx(), Of::Subject(wanted.id.0), None, u64::from(u32::MAX)).await?;
    let ids: Vec<NoteId> =
        written.iter().filter_map(|entry| entry.details.get("note")?.as_str()?.parse().ok()).collect();
    note::belong_to(unit, &ids, wanted.prospective_id, to).await?;
    mention::Entity::update_many()
        .col_expr(mention::Column::PersonId, Expr::value(to))
        .filter(mention::Column::RequestId.eq(wanted.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

async fn about(
    unit: &mut Unit,
    wanted: &Request,
    whom: PersonId,
    was: Option<PersonId>,
) -> Result<(), Error> {
    // First, and only from the page that was shown: of two who decide at once one is told.
    let marked = request::Entity::update_many()
        .col_expr(request::Column::WasAboutId, Expr::value(was))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::Version.eq(wanted.version))
        .exec(unit.tx())
        .await?;
    if marked.rows_affected == 0 {
        return Err(Error::Stale);
    }
    reseal(unit, wanted, whom).await
}
