//! Check-ins that had ended begin again, because the person said yes to it. Nothing that would have fallen due meanwhile is
//! made up for.

use consent::consents::YesHow;
use foundation::center::Center;
use foundation::{Act, Error, News, PersonId, Unit, refused};
use sea_orm::Set;
use serde_json::json;

use super::{AftercareId, Choice, CustomDays, EndReason, active, newest};
use crate::caseload::subject;
use crate::entity::aftercare::ActiveModel;
use crate::living;

/// Begins check-ins again after the last ones ended, counted from the same discharge. `how` is how the person said yes.
///
/// # Errors
/// A refusal when check-ins go on, when there never were any, when the person is in care, and for somebody who died.
pub async fn begin_again(
    unit: &mut Unit,
    person: PersonId,
    choice: Choice,
    how: YesHow,
) -> Result<AftercareId, Error> {
    let id: AftercareId = unit.id();
    let permit = unit.permit(Act::EnrolAftercare, &subject(unit.tx(), "aftercare", id, person).await?)?;
    living::must_live(unit.tx(), person).await?;
    if living::in_care_since(unit.tx(), person).await?.is_some() {
        return Err(refused(
            "in_care",
            "This person is in care. Check-ins begin by themselves at discharge.",
        ));
    }
    if active(unit.tx(), person).await?.is_some() {
        return Err(refused("active", "Check-ins go on already. A colleague may have begun them just now."));
    }
    let Some(before) = newest(unit.tx(), person).await? else {
        return Err(refused("none", "There were no check-ins yet. They begin by themselves at discharge."));
    };
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let (track, days) = choice.parts();
    unit.insert(ActiveModel {
        id: Set(id),
        person_id: Set(person),
        episode_id: Set(before.episode_id),
        discharged_on: Set(before.discharged_on),
        discharge_kind: Set(before.discharge_kind),
        early_leaver: Set(before.early_leaver),
        track: Set(track),
        custom_days: Set(CustomDays(days)),
        counts_from: Set(std::cmp::max(before.discharged_on, today)),
        paused_until: Set(None),
        enrolled_at: Set(unit.now()),
        ended_at: Set(None),
        end_reason: Set(None::<EndReason>),
        ended_by: Set(None),
        begun_how: Set(Some(how)),
        opioid_use: Set(before.opioid_use),
        version: Set(1),
    })
    .await?;
    unit.record(permit, json!({ "track": track, "again": true, "with": how.words() }));
    unit.tell(News::Alumni);
    Ok(id)
}
