//! What stands beside the answers of a check-in: silences before it, and what became of the commitment of last time.

use foundation::center::Center;
use foundation::{Error, Unit, day};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{CheckIn, answers_of};
use crate::aftercare::{self, OpioidUse, opioids};
use crate::due::{self, Course};
use crate::entity::check_in::{Column, Entity};
use crate::rules::response::{Beside, Commitment};

/// What the house knows beside the answers to `check_in`.
pub(super) async fn of(unit: &Unit, check_in: &CheckIn) -> Result<Beside, Error> {
    Ok(Beside {
        missed_before: missed_before(unit, check_in).await?,
        commitment_missed_before: commitment_missed_before(unit, check_in).await?,
        opioids: opioids::last_known(unit.tx(), check_in.person_id).await?.and_then(OpioidUse::known),
    })
}

/// Check-ins in a row before this one whose windows ended without two-way contact.
async fn missed_before(unit: &Unit, check_in: &CheckIn) -> Result<u32, Error> {
    let zone = Center::load(unit.tx()).await?.zone;
    let today = day(unit.now(), zone);
    let aftercare = aftercare::one(unit.tx(), check_in.aftercare_id).await?;
    let past = due::past(unit.tx(), zone, aftercare.id).await?;
    let mut before = Course::from(&aftercare).begun(&past, today);
    before.retain(|p| p.due_on < check_in.due_on);
    Ok(u32::try_from(past.unreached(&before, today)).unwrap_or(u32::MAX))
}

async fn commitment_missed_before(unit: &Unit, check_in: &CheckIn) -> Result<bool, Error> {
    let last = Entity::find()
        .filter(Column::AftercareId.eq(check_in.aftercare_id))
        .filter(Column::DueOn.lt(check_in.due_on))
        .filter(Column::AnsweredAt.is_not_null())
        .order_by_desc(Column::DueOn)
        .one(unit.tx())
        .await?;
    let Some(last) = last else { return Ok(false) };
    let Some(answers) = answers_of(unit.tx(), unit.db().keyring(), &last).await? else { return Ok(false) };
    Ok(answers.last_commitment.is(|c| *c == Commitment::NotDone))
}
