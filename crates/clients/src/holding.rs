//! What this room keeps about a person.

use foundation::holding::{Holding, Holds};
use foundation::sealed::Keyring;
use foundation::{PersonId, Unit};
use sea_orm::DatabaseConnection;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use crate::entity::{client, episode, level_span, note, person};

/// Identity, record, episodes, notes.
pub struct ClientHolding;

impl Holding for ClientHolding {
    fn name(&self) -> &'static str {
        "clients"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[("episodes", "person_id"), ("level_spans", "person_id"), ("notes", "person_id")]
    }

    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        id: PersonId,
    ) -> Holds<'a, Json> {
        Box::pin(async move {
            let who = person::Entity::find_by_id(id).one(reader).await?;
            let episodes = crate::episode::of(reader, id).await?;
            let notes = crate::note::all(reader, keyring, id).await?;
            Ok(json!({
                "person": who.map(|p| json!({ "name_used": p.name_used, "legal_name": p.legal_name, "pronouns": p.pronouns,
                    "born_on": p.born_on, "language": p.language })),
                "episodes": episodes.iter().map(|e| json!({ "admitted_on": e.admitted_on, "level": e.admitted_level,
                    "discharged_on": e.discharged_on, "kind": e.discharge_kind })).collect::<Vec<_>>(),
                "notes": notes.iter().map(|n| json!({ "at": n.written_at, "text": n.text })).collect::<Vec<_>>(),
            }))
        })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            // Notes are sealed under the key of the one they were written for: they are sealed anew for the survivor.
            let keyring = unit.db().keyring().clone();
            for old in note::Entity::find().filter(note::Column::PersonId.eq(from)).all(unit.tx()).await? {
                let text = keyring.open(unit.tx(), from, "notes.body", &old.body).await?;
                let body = unit.seal(survivor, "notes.body", &text).await?;
                note::Entity::update_many()
                    .col_expr(note::Column::PersonId, Expr::value(survivor))
                    .col_expr(note::Column::Body, Expr::value(body))
                    .filter(note::Column::Id.eq(old.id))
                    .exec(unit.tx())
                    .await?;
            }
            episode::Entity::update_many()
                .col_expr(episode::Column::PersonId, Expr::value(survivor))
                .filter(episode::Column::PersonId.eq(from))
                .exec(unit.tx())
                .await?;
            level_span::Entity::update_many()
                .col_expr(level_span::Column::PersonId, Expr::value(survivor))
                .filter(level_span::Column::PersonId.eq(from))
                .exec(unit.tx())
                .await?;
            person::Entity::update_many()
                .col_expr(person::Column::SurvivorId, Expr::value(Some(survivor)))
                .filter(person::Column::Id.eq(from))
                .exec(unit.tx())
                .await?;
            Ok(())
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, id: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            note::Entity::delete_many().filter(note::Column::PersonId.eq(id)).exec(unit.tx()).await?;
            level_span::Entity::delete_many()
                .filter(level_span::Column::PersonId.eq(id))
                .exec(unit.tx())
                .await?;
            episode::Entity::delete_many().filter(episode::Column::PersonId.eq(id)).exec(unit.tx()).await?;
            client::Entity::delete_by_id(id).exec(unit.tx()).await?;
            person::Entity::update_many()
                .col_expr(person::Column::NameUsed, Expr::value(""))
                .col_expr(person::Column::NameFolded, Expr::value(""))
                .col_expr(person::Column::LegalName, Expr::value(Option::<String>::None))
                .col_expr(person::Column::BornOn, Expr::value(Option::<foundation::Day>::None))
                .filter(person::Column::Id.eq(id))
                .exec(unit.tx())
                .await?;
            unit.make_findable(crate::person::KIND, id.0, &[]).await?;
            unit.destroy_key(id).await
        })
    }
}
