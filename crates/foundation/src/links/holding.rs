//! Links of a person: moved with a merge, gone when the person is forgotten. They open pages and tell nothing, so there
//! is nothing to export.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use super::{Purpose, link, revoke_all};
use crate::holding::{Holding, Holds};
use crate::ids::PersonId;
use crate::sealed::Keyring;
use crate::unit::Unit;

/// What this file keeps about people.
pub struct LinkHolding;

impl Holding for LinkHolding {
    fn name(&self) -> &'static str {
        "links"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[("links", "person_id")]
    }

    fn export<'a>(&'a self, _: &'a DatabaseConnection, _: &'a Keyring, _: PersonId) -> Holds<'a, Json> {
        Box::pin(async { Ok(json!([])) })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            link::Entity::update_many()
                .col_expr(link::Column::PersonId, Expr::value(survivor))
                .filter(link::Column::PersonId.eq(from))
                .exec(unit.tx())
                .await?;
            Ok(())
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            link::Entity::delete_many().filter(link::Column::PersonId.eq(person)).exec(unit.tx()).await?;
            Ok(())
        })
    }

    /// Nobody answers in their name. The link that stops the letters stays: whoever reads their mail may press it.
    fn end_for_death<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            revoke_all(unit, person, Purpose::CheckIn).await?;
            revoke_all(unit, person, Purpose::Plan).await?;
            Ok(())
        })
    }
}
