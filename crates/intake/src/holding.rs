//! What this room keeps about a person.

use foundation::holding::{Holding, Holds};
use foundation::sealed::Keyring;
use foundation::{PersonId, Unit};
use sea_orm::DatabaseConnection;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use crate::entity::{attempt, request};
use crate::request::WORDS;

/// Requests and attempts, whether the person asked or may need care.
pub struct IntakeHolding;

impl Holding for IntakeHolding {
    fn name(&self) -> &'static str {
        "intake"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[("requests", "caller_id"), ("requests", "prospective_id"), ("attempts", "person_id")]
    }

    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        id: PersonId,
    ) -> Holds<'a, Json> {
        Box::pin(async move {
            // Only requests about this person: what they once asked for someone else is that one's record.
            let rows =
                request::Entity::find().filter(request::Column::ProspectiveId.eq(id)).all(reader).await?;
            let mut requests = Vec::new();
            for row in rows {
                let words = match &row.words {
                    Some(sealed) => Some(keyring.open(reader, id, WORDS, sealed).await?),
                    None => None,
                };
                requests.push(json!({ "reference": row.reference, "received_at": row.received_at, "channel": row.channel,
                    "words": words, "disposition": row.disposition }));
            }
            Ok(json!({ "requests": requests }))
        })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            let keyring = unit.db().keyring().clone();
            for row in
                request::Entity::find().filter(request::Column::ProspectiveId.eq(from)).all(unit.tx()).await?
            {
                let Some(sealed) = &row.words else { continue };
                let words = keyring.open(unit.tx(), from, WORDS, sealed).await?;
                let words = unit.seal(survivor, WORDS, &words).await?;
                request::Entity::update_many()
                    .col_expr(request::Column::Words, Expr::value(Some(words)))
                    .filter(request::Column::Id.eq(row.id))
                    .exec(unit.tx())
                    .await?;
            }
            for column in [request::Column::CallerId, request::Column::ProspectiveId] {
                request::Entity::update_many()
                    .col_expr(column, Expr::value(survivor))
                    .filter(column.eq(from))
                    .exec(unit.tx())
                    .await?;
            }
            attempt::Entity::update_many()
                .col_expr(attempt::Column::PersonId, Expr::value(survivor))
                .filter(attempt::Column::PersonId.eq(from))
                .exec(unit.tx())
                .await?;
            Ok(())
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, id: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            // The funnel's facts stay without the words; the words die with the key.
            request::Entity::update_many()
                .col_expr(request::Column::Words, Expr::value(Option::<Vec<u8>>::None))
                .col_expr(request::Column::Relationship, Expr::value(Option::<String>::None))
                .filter(request::Column::ProspectiveId.eq(id))
                .exec(unit.tx())
                .await?;
            Ok(())
        })
    }
}
