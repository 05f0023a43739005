//! Opening a check-in: the row for a due day, made once however often it is asked for.

use foundation::center::Center;
use foundation::{Act, Day, Error, Unit};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

use super::{CheckIn, CheckInId, Origin};
use crate::aftercare::{self, Aftercare, AftercareId};
use crate::caseload::subject;
use crate::due::{self, Course};
use crate::entity::check_in::{ActiveModel, Column, Entity};

/// The check-in of `aftercare` that is due on `due_on`, opened if it was not. For mail that must name it.
pub async fn open(unit: &mut Unit, aftercare: AftercareId, due_on: Day) -> Result<CheckInId, Error> {
    let aftercare = aftercare::one(unit.tx(), aftercare).await?;
    let subject = subject(unit.tx(), "aftercare", aftercare.id, aftercare.person_id).await?;
    let permit = unit.permit(Act::LogCheckIn, &subject)?;
    let row = ensure(unit, &aftercare, due_on).await?;
    unit.record(permit, json!({ "check_in": row.id, "due_on": due_on }));
    Ok(row.id)
}

/// The row for a due day. A day the track does not name is an extra check-in with a window of its own day.
pub(crate) async fn ensure(unit: &mut Unit, aftercare: &Aftercare, due_on: Day) -> Result<CheckIn, Error> {
    let zone = Center::load(unit.tx()).await?.zone;
    let past = due::past(unit.tx(), zone, aftercare.id).await?;
    let planned = Course::from(aftercare).planned(&past).into_iter().find(|p| p.due_on == due_on);
    let row = ActiveModel {
        id: Set(unit.id()),
        aftercare_id: Set(aftercare.id),
        person_id: Set(aftercare.person_id),
        due_on: Set(due_on),
        window_from: Set(planned.map_or(due_on, |p| p.window_from)),
        window_to: Set(planned.map_or(due_on, |p| p.window_to)),
        origin: Set(if planned.is_some() { Origin::Schedule } else { Origin::Extra }),
        attempts: Set(0),
        reached_at: Set(None),
        answered_at: Set(None),
        answered_by: Set(None),
        answered_by_staff_id: Set(None),
        answers: Set(None),
        opened_at: Set(unit.now()),
        version: Set(1),
    };
    let once = OnConflict::columns([Column::AftercareId, Column::DueOn]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(unit.tx()).await?;
    let found = Entity::find()
        .filter(Column::AftercareId.eq(aftercare.id))
        .filter(Column::DueOn.eq(due_on))
        .one(unit.tx())
        .await?;
    found.ok_or(Error::NotFound)
}
