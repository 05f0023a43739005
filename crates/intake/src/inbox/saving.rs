//! Views that somebody saved, for themselves or for everyone. Nothing of a request is in them.

use clients::person::plain;
use foundation::sealed::Keyring;
use foundation::{Act, Error, Faults, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Set};

use super::filter::Filter;
use crate::entity::saved_view;
pub use crate::entity::saved_view::ViewId;
use crate::whose::{Kept, Whose, there, visible};

const NAME: &str = "saved_views.name";
/// Views somebody can have beside each other; more is a drawer and no overview.
const MOST: u64 = 20;

/// A view about to be saved.
#[derive(Clone, Debug)]
pub struct NewView {
    name: String,
    filter: Filter,
    shared: bool,
}

impl NewView {
    /// Parses a name and a filter that asks for something.
    ///
    /// # Errors
    /// No name or a long one, or a filter that is everyone, at its field.
    pub fn parse(name: &str, filter: Filter, shared: bool) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = plain(name);
        if name.is_empty() || name.chars().count() > 40 {
            faults.add("view_name", "Enter a short name, up to 40 characters, and nobody’s name in it");
        }
        if !filter.is_any() {
            faults.add("channel", "Choose something to filter by first");
        }
        faults.or(|| Self { name, filter, shared })
    }
}

/// Saves a view.
pub async fn save(unit: &mut Unit, new: NewView) -> Result<ViewId, Error> {
    let id: ViewId = unit.id();
    let permit = unit.permit(Act::SaveView, &Subject::of("saved_view", id))?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::SaveView))?;
    let count = visible::<saved_view::Entity>(me).count(unit.tx()).await?;
    if count >= MOST {
        return Err(refused("view_name", format!("{MOST} views are there. Take one away first.")));
    }
    let filter = serde_json::to_value(new.filter).map_err(|e| Error::Broken(format!("a filter: {e}")))?;
    let row = saved_view::ActiveModel {
        id: Set(id),
        staff_id: Set(me),
        name: Set(unit.seal_for_center(NAME, &new.name)?),
        filter: Set(filter),
        shared: Set(new.shared),
        saved_at: Set(unit.now()),
        ended_at: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "shared": new.shared }));
    Ok(id)
}

/// Takes a view away. One's own; what others shared is theirs to take away.
pub async fn end(unit: &mut Unit, id: ViewId) -> Result<(), Error> {
    let permit = unit.permit(Act::EndView, &Subject::of("saved_view", id))?;
    let done = saved_view::Entity::update_many()
        .col_expr(saved_view::Column::EndedAt, Expr::value(Some(unit.now())))
        .filter(saved_view::Column::Id.eq(id))
        .filter(saved_view::Column::StaffId.eq(unit.actor().staff_id()))
        .filter(saved_view::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub id: ViewId,
    pub whose: Whose,
    pub name: String,
    pub filter: Filter,
}

/// Every view there is, oldest first; which of them somebody sees, [`Whose::is_for`] tells.
pub async fn all(reader: &impl ConnectionTrait, keyring: &Keyring) -> Result<Vec<Saved>, Error> {
    let rows = there::<saved_view::Entity>().order_by_asc(saved_view::Column::Id).all(reader).await?;
    let read = rows.into_iter().map(|row| {
        let name = keyring.open_for_center(NAME, &row.name)?;
        Ok(Saved {
            id: row.id,
            whose: saved_view::Entity::whose(&row),
            name: String::from_utf8_lossy(&name).into_owned(),
            // A filter of a later version asks for what this one knows.
            filter: serde_json::from_value(row.filter).unwrap_or_default(),
        })
    });
    read.collect()
}
