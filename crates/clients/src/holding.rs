//! What this room keeps about a person.

use foundation::holding::{Holding, Holds, OthersWords};
use foundation::sealed::Keyring;
use foundation::{Error, PersonId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{DatabaseConnection, Set};
use serde_json::{Value as Json, json};

use crate::entity::{client, episode, level_span, note, person};
use crate::person::{Death, DeathSource};

/// Identity, record, episodes, notes.
pub struct ClientHolding;

impl Holding for ClientHolding {
    fn name(&self) -> &'static str {
        "clients"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("episodes", "person_id"),
            ("level_spans", "person_id"),
            ("notes", "person_id"),
            ("corrections", "person_id"),
        ]
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
            let mut stays = Vec::with_capacity(episodes.len());
            for e in &episodes {
                let to = crate::episode::went_to(reader, keyring, e).await?;
                stays.push(json!({ "admitted_on": e.admitted_on, "level": e.admitted_level,
                    "discharged_on": e.discharged_on, "kind": e.discharge_kind, "discharged_to": to }));
            }
            let spans = crate::episode::spans_of(reader, id).await?;
            let notes = crate::note::all(reader, keyring, id).await?;
            let corrections = crate::correction::list(reader, keyring, id).await?;
            Ok(json!({
                "person": who.map(|p| json!({ "name_used": p.name_used, "legal_name": p.legal_name, "pronouns": p.pronouns,
                    "born_on": p.born_on, "language": p.language, "died_on": p.died_on })),
                "levels_of_care": spans.iter().map(|s| json!({ "level": s.level, "from_on": s.from_on,
                    "until_on": s.until_on })).collect::<Vec<_>>(),
                "episodes": stays,
                "corrections": corrections.iter().map(|(c, why)| json!({ "field": c.field, "was": c.was, "is": c.now_is,
                    "at": c.corrected_at, "reason": why })).collect::<Vec<_>>(),
                "notes": notes.iter().filter(|n| !n.quotes_another).map(|n| json!({ "at": n.written_at, "text": n.text })).collect::<Vec<_>>(),
            }))
        })
    }

    fn said_by_others<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        id: PersonId,
    ) -> Holds<'a, Vec<OthersWords>> {
        Box::pin(async move {
            let notes = crate::note::all(reader, keyring, id).await?;
            let quoting = notes.into_iter().filter(|note| note.quotes_another).map(|note| OthersWords {
                item: format!("note/{}", note.id),
                kind: "A note that quotes someone else",
                at: note.written_at,
                content: json!({ "text": note.text }),
            });
            Ok(quoting.collect())
        })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            move_record(unit, from, survivor).await?;
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
            crate::correction::move_to(unit, from, survivor).await?;
            share_death(unit, from, survivor).await?;
            for old in crate::episode::of(unit.tx(), from).await? {
                crate::episode::reseal(unit, &old, survivor).await?;
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
            unit.make_findable(crate::person::KIND, from.0, &[]).await?;
            crate::person::find_by_everything(unit, survivor).await
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, id: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            note::Entity::delete_many().filter(note::Column::PersonId.eq(id)).exec(unit.tx()).await?;
            crate::correction::forget(unit, id).await?;
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
                .col_expr(person::Column::Pronouns, Expr::value(Option::<String>::None))
                .col_expr(person::Column::BornOn, Expr::value(Option::<foundation::Day>::None))
                .col_expr(person::Column::Zone, Expr::value(Option::<String>::None))
                .filter(person::Column::Id.eq(id))
                .exec(unit.tx())
                .await?;
            unit.make_findable(crate::person::KIND, id.0, &[]).await?;
            unit.destroy_key(id).await
        })
    }
}

/// A survivor without a record gets one, for the episodes to belong to. The old record stays, empty, so that its
/// reference still leads somewhere. Two open episodes cannot both be true: someone must end one first.
async fn move_record(unit: &Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    let open = episode::Entity::find()
        .filter(episode::Column::PersonId.is_in([from, survivor]))
        .filter(episode::Column::DischargedOn.is_null())
        .count(unit.tx())
        .await?;
    if open > 1 {
        return Err(refused("in_care", "Both records are in care now. Discharge one of them first."));
    }
    let (theirs, own) = (record_of(unit, from).await?, record_of(unit, survivor).await?);
    let (Some(theirs), None) = (theirs, own) else { return Ok(()) };
    let row = client::ActiveModel {
        id: Set(survivor),
        reference: Set(crate::client::unused_reference(unit).await?),
        counselor_id: Set(theirs.counselor_id),
        created_at: Set(theirs.created_at),
        about: Set(None),
        version: Set(1),
    };
    unit.insert(row).await
}

/// Two records of one person: whoever died in one of them died.
async fn share_death(unit: &mut Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    let gone = person::Entity::find_by_id(from).one(unit.tx()).await?.filter(|row| row.died_at.is_some());
    let Some(gone) = gone else { return Ok(()) };
    let death = Death { on: gone.died_on, source: gone.death_source.unwrap_or(DeathSource::NotRecorded) };
    crate::person::end(unit, survivor, death).await
}

async fn record_of(unit: &Unit, id: PersonId) -> Result<Option<client::Model>, Error> {
    Ok(client::Entity::find_by_id(id).one(unit.tx()).await?)
}
