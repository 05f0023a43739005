//! What this room keeps about people, for export, merge and forgetting.

use foundation::holding::{Holding, Holds};
use foundation::sealed::Keyring;
use foundation::{Error, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryOrder};
use serde_json::{Value, json};

use crate::entity::{edition, section};
use crate::rules::section::SectionKey;
use crate::writing::WORDS;

/// Sections and editions of a person's plan.
pub struct Plans;

impl Holding for Plans {
    fn name(&self) -> &'static str {
        "plans"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[("plan_sections", "person_id"), ("plan_editions", "person_id")]
    }

    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Value> {
        Box::pin(async move {
            let mut sections = Vec::new();
            for row in sections_of(reader, person).await? {
                let text = keyring.open(reader, person, WORDS, &row.answers).await?;
                sections.push(json!({ "section": row.section, "text": text, "changed_at": row.changed_at }));
            }
            let editions: Vec<Value> = editions_of(reader, person)
                .await?
                .iter()
                .map(|e| json!({ "number": e.number, "audience": e.audience, "made_at": e.made_at }))
                .collect();
            Ok(json!({ "sections": sections, "editions": editions }))
        })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            for row in sections_of(unit.tx(), from).await? {
                move_section(unit, row, survivor).await?;
            }
            move_editions(unit, from, survivor).await
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            section::Entity::delete_many()
                .filter(section::Column::PersonId.eq(person))
                .exec(unit.tx())
                .await?;
            edition::Entity::delete_many()
                .filter(edition::Column::PersonId.eq(person))
                .exec(unit.tx())
                .await?;
            Ok(())
        })
    }
}

async fn sections_of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Vec<section::Model>, Error> {
    Ok(section::Entity::find()
        .filter(section::Column::PersonId.eq(person))
        .order_by_asc(section::Column::Id)
        .all(reader)
        .await?)
}

async fn editions_of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Vec<edition::Model>, Error> {
    Ok(edition::Entity::find()
        .filter(edition::Column::PersonId.eq(person))
        .order_by_asc(edition::Column::Number)
        .all(reader)
        .await?)
}

/// A section written in both plans keeps both texts, the survivor's first.
async fn move_section(unit: &Unit, old: section::Model, survivor: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring();
    let theirs = keyring.open(unit.tx(), old.person_id, WORDS, &old.answers).await?;
    let Some(own) = written(unit, survivor, old.section).await? else {
        let sealed = unit.seal(survivor, WORDS, &theirs).await?;
        section::Entity::update_many()
            .col_expr(section::Column::PersonId, Expr::value(survivor))
            .col_expr(section::Column::Answers, Expr::value(sealed))
            .filter(section::Column::Id.eq(old.id))
            .exec(unit.tx())
            .await?;
        return Ok(());
    };
    let ours = keyring.open(unit.tx(), survivor, WORDS, &own.answers).await?;
    let sealed = unit.seal(survivor, WORDS, format!("{ours}\n\n{theirs}").trim()).await?;
    section::Entity::update_many()
        .col_expr(section::Column::Answers, Expr::value(sealed))
        .col_expr(section::Column::Version, Expr::col(section::Column::Version).add(1))
        .filter(section::Column::Id.eq(own.id))
        .exec(unit.tx())
        .await?;
    section::Entity::delete_by_id(old.id).exec(unit.tx()).await?;
    Ok(())
}

async fn written(unit: &Unit, person: PersonId, key: SectionKey) -> Result<Option<section::Model>, Error> {
    Ok(section::Entity::find()
        .filter(section::Column::PersonId.eq(person))
        .filter(section::Column::Section.eq(key))
        .one(unit.tx())
        .await?)
}

/// Numbers are unique for a person, so the moved ones count on after the survivor's; their hashes stay what they were.
async fn move_editions(unit: &Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    let mut number = editions_of(unit.tx(), survivor).await?.last().map_or(0, |edition| edition.number);
    for row in editions_of(unit.tx(), from).await? {
        number += 1;
        edition::Entity::update_many()
            .col_expr(edition::Column::PersonId, Expr::value(survivor))
            .col_expr(edition::Column::Number, Expr::value(number))
            .filter(edition::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}
