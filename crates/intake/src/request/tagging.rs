//! The tags of a request: words of the center by which it is found again, on the page, in the row and in a filter.

use clients::rules::tags::{TagId, Tagged};
use clients::tags;
use foundation::{Act, Error, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::{Request, RequestId};
use crate::entity::request;

/// Tags of one request; more say nothing.
const MOST: usize = 8;

impl Request {
    /// The tags it has.
    pub fn tagged(&self) -> Tagged {
        self.tags.clone().unwrap_or_default()
    }
}

/// Puts a tag on a request.
///
/// # Errors
/// A fault at `tag` when the center offers it no more; a refusal when it has it already, or too many.
pub async fn tag(unit: &mut Unit, wanted: &Request, id: TagId) -> Result<(), Error> {
    let offered = tags::load(unit.tx()).await?;
    let words = offered.0.iter().find(|tag| tag.id == id && !tag.ended).map(|tag| tag.words.clone());
    let Some(words) = words else {
        let mut faults = foundation::Faults::default();
        faults.add("tag", "This tag is not used any more. Choose another one");
        return Err(faults.into());
    };
    let held = held(unit, wanted.id).await?;
    let mut tagged = held.tagged();
    if tagged.0.contains(&id) {
        return Err(refused("request-tags", "It has this tag already."));
    }
    if tagged.0.len() >= MOST {
        return Err(refused("request-tags", format!("It has {MOST} tags. Take one off first.")));
    }
    tagged.0.push(id);
    set(unit, Act::TagRequest, &held, tagged, &words).await
}

/// Takes a tag off a request.
///
/// # Errors
/// A refusal when it has not this tag.
pub async fn untag(unit: &mut Unit, wanted: &Request, id: TagId) -> Result<(), Error> {
    let held = held(unit, wanted.id).await?;
    let mut tagged = held.tagged();
    let before = tagged.0.len();
    tagged.0.retain(|one| *one != id);
    if tagged.0.len() == before {
        return Err(refused("request-tags", "It does not have this tag."));
    }
    let words = tags::load(unit.tx()).await?.words(id).unwrap_or_default().to_owned();
    set(unit, Act::UntagRequest, &held, tagged, &words).await
}

/// As it is now: tags that colleagues put on it meanwhile stay.
async fn held(unit: &Unit, id: RequestId) -> Result<Request, Error> {
    request::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)
}

async fn set(unit: &mut Unit, act: Act, held: &Request, tagged: Tagged, words: &str) -> Result<(), Error> {
    let permit = unit.permit(act, &held.subject())?;
    let tagged = Some(tagged).filter(|tagged| !tagged.0.is_empty());
    let done = request::Entity::update_many()
        .col_expr(request::Column::Tags, Expr::value(tagged))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(held.id))
        .filter(request::Column::Version.eq(held.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit, serde_json::json!({ "with": words }));
    unit.tell(News::Inbox);
    Ok(())
}
