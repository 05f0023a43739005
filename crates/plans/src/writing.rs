//! Writing a section: the person's words, sealed under their own key; a stale save overwrites nothing.

use foundation::{Act, Error, Faults, PersonId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, Set};
use serde_json::json;

use crate::entity::section::{ActiveModel, Column, Entity, SectionId};
use crate::rules::section::SectionKey;

/// Where the words are sealed.
pub(crate) const WORDS: &str = "plan_sections.answers";
/// Characters in one section at the most: a page of paper.
const LONGEST: usize = 4000;

/// The plan of a person as permission and the ledger need it. [`Error::NotFound`] without a record.
pub async fn subject(reader: &impl ConnectionTrait, person: PersonId) -> Result<Subject, Error> {
    let care = clients::client::subject(reader, person).await?;
    Ok(Subject::of("plan", person).concerning(person).cared_for_as(&care))
}

/// Writes a section, if nobody did since `version` (0 when it was never written); else [`Error::Stale`], and the other
/// text is on [`crate::page`]. Empty text takes the words off the plan. Returns the new version.
pub async fn write_section(
    unit: &mut Unit,
    person: PersonId,
    key: SectionKey,
    version: i32,
    text: &str,
) -> Result<i32, Error> {
    let care = subject(unit.tx(), person).await?;
    let permit = unit.permit(Act::WritePlan, &care)?;
    let text = checked(text, version)?;
    let sealed = unit.seal(person, WORDS, &text).await?;
    if version == 0 {
        first(unit, person, key, sealed).await?;
    } else {
        next(unit, person, key, version, sealed).await?;
    }
    unit.record(permit, json!({ "section": key, "version": version + 1 }));
    Ok(version + 1)
}

fn checked(text: &str, version: i32) -> Result<String, Faults> {
    let plain: String =
        text.replace("\r\n", "\n").chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let text = plain.trim().to_owned();
    let mut faults = Faults::default();
    if text.is_empty() && version == 0 {
        faults.add("text", "Write it in their own words");
    }
    if text.chars().count() > LONGEST {
        faults.add("text", "Shorten it to 4,000 characters");
    }
    faults.or(|| text)
}

async fn first(unit: &mut Unit, person: PersonId, key: SectionKey, sealed: Vec<u8>) -> Result<(), Error> {
    let id: SectionId = unit.id();
    let row = ActiveModel {
        id: Set(id),
        person_id: Set(person),
        section: Set(key),
        answers: Set(sealed),
        changed_at: Set(unit.now()),
        changed_by: Set(unit.actor().staff_id()),
        version: Set(1),
    };
    // Two who begin the same section at once: the unique index lets one in.
    unit.insert(row).await.map_err(|e| if matches!(e, Error::Exists) { Error::Stale } else { e })
}

async fn next(
    unit: &Unit,
    person: PersonId,
    key: SectionKey,
    version: i32,
    sealed: Vec<u8>,
) -> Result<(), Error> {
    let changed = Entity::update_many()
        .col_expr(Column::Answers, Expr::value(sealed))
        .col_expr(Column::ChangedAt, Expr::value(unit.now()))
        .col_expr(Column::ChangedBy, Expr::value(unit.actor().staff_id()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::PersonId.eq(person))
        .filter(Column::Section.eq(key))
        .filter(Column::Version.eq(version))
        .exec(unit.tx())
        .await?;
    if changed.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}
