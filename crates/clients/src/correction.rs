//! Corrections: what was written down wrong, what it was, what it is now, and the reason. Nothing is changed in silence.

use foundation::sealed::Keyring;
use foundation::{Day, Error, Faults, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Set};

use crate::entity::correction;
pub use crate::entity::correction::Model as Correction;
use crate::episode::EpisodeId;

/// Where a reason is sealed.
const REASON: &str = "corrections.reason";
/// Characters in a reason at the most.
const LONGEST: usize = 500;

foundation::id! {
    /// A correction.
    CorrectionId
}

foundation::words! {
    /// What was corrected.
    pub enum CorrectedField {
        Death = "death", "A death was recorded by mistake",
        AdmittedOn = "admitted_on", "Day of admission",
        DischargedOn = "discharged_on", "Day of discharge",
    }
}

/// Why something is corrected: said in words, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Parses what was typed; `field` names where it was typed.
    pub fn parse(typed: &str, field: &str) -> Result<Self, Faults> {
        let typed = typed.trim();
        let mut faults = Faults::default();
        if typed.is_empty() || typed.chars().count() > LONGEST {
            faults.add(field, "Enter the reason, up to 500 characters");
        }
        faults.or(|| Self(typed.to_owned()))
    }
}

/// What one correction changed.
pub(crate) struct Change {
    pub(crate) field: CorrectedField,
    pub(crate) episode: Option<EpisodeId>,
    pub(crate) was: Option<Day>,
    pub(crate) now_is: Option<Day>,
}

/// Keeps a correction. The act that corrects is recorded by the caller.
pub(crate) async fn keep(
    unit: &mut Unit,
    person: PersonId,
    change: Change,
    reason: &Reason,
) -> Result<(), Error> {
    let row = correction::ActiveModel {
        id: Set(unit.id()),
        person_id: Set(person),
        field: Set(change.field),
        episode_id: Set(change.episode),
        was: Set(change.was),
        now_is: Set(change.now_is),
        reason: Set(unit.seal(person, REASON, &reason.0).await?),
        corrected_at: Set(unit.now()),
        corrected_by: Set(unit.actor().staff_id()),
    };
    unit.insert(row).await
}

/// The corrections of a person with their reasons, newest first.
pub async fn list(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<(Correction, String)>, Error> {
    let rows = correction::Entity::find()
        .filter(correction::Column::PersonId.eq(person))
        .order_by_desc(correction::Column::Id)
        .all(reader)
        .await?;
    let mut opened = Vec::with_capacity(rows.len());
    for row in rows {
        let reason = keyring.open(reader, person, REASON, &row.reason).await?;
        opened.push((row, reason));
    }
    Ok(opened)
}

/// The same under the survivor's key, for a merge.
pub(crate) async fn move_to(unit: &mut Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    for (row, reason) in list(unit.tx(), &keyring, from).await? {
        let sealed = unit.seal(survivor, REASON, &reason).await?;
        correction::Entity::update_many()
            .col_expr(correction::Column::PersonId, Expr::value(survivor))
            .col_expr(correction::Column::Reason, Expr::value(sealed))
            .filter(correction::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}

pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    correction::Entity::delete_many().filter(correction::Column::PersonId.eq(person)).exec(unit.tx()).await?;
    Ok(())
}
