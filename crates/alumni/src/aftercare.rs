//! Aftercare: staying in touch after a discharge. One is active a person; its check-ins are derived from the discharge
//! date and the track, never stored as a plan.

mod beginning_again;
mod changing;
mod enrolling;
mod moving;
pub(crate) mod opioids;
mod page;

use foundation::{Act, Actor, Error, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, FromJsonQueryResult, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::caseload;
use crate::entity;

pub use beginning_again::begin_again;
pub use changing::{change_track, end, pause, pause_for_care, resume};
pub use enrolling::{Choice, enrol};
pub use entity::aftercare::{Model as Aftercare, OpioidUse};
pub use moving::move_with_stay;
pub use opioids::set_opioid_use;
pub use page::{AftercarePage, page};

foundation::id! {
    /// Aftercare after one discharge.
    AftercareId
}

foundation::words! {
    /// Why aftercare ended. The door stays open whatever the reason.
    pub enum EndReason {
        Wished = "wished", "asked for no more check-ins",
        Completed = "completed", "the time agreed on is over",
        NewDischarge = "new_discharge", "a later stay has its own",
        Died = "died", "died",
        EnrolledByMistake = "enrolled_by_mistake", "started by mistake",
    }
}

/// Days after discharge that the person chose, in order; used by the custom track only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct CustomDays(pub Vec<u16>);

/// The active aftercare of a person, for an act or a page that was let in already.
pub(crate) async fn active(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<Aftercare>, Error> {
    let found = entity::aftercare::Entity::find()
        .filter(entity::aftercare::Column::PersonId.eq(person))
        .filter(entity::aftercare::Column::EndedAt.is_null())
        .one(reader)
        .await?;
    Ok(found)
}

/// The newest aftercare of a person, active or ended, for an act that was let in already.
pub(crate) async fn newest(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<Aftercare>, Error> {
    let found = entity::aftercare::Entity::find()
        .filter(entity::aftercare::Column::PersonId.eq(person))
        .order_by_desc(entity::aftercare::Column::Id)
        .one(reader)
        .await?;
    Ok(found)
}

/// Whether check-ins are agreed with a person and not ended, for a page of the record that was let in already.
pub async fn is_on(reader: &impl ConnectionTrait, person: PersonId) -> Result<bool, Error> {
    Ok(newest(reader, person).await?.is_some_and(|newest| newest.ended_at.is_none()))
}

/// One aftercare, for an act that has just been asked to touch it.
pub(crate) async fn one(reader: &impl ConnectionTrait, id: AftercareId) -> Result<Aftercare, Error> {
    entity::aftercare::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)
}

/// Every aftercare of a person, the newest first.
pub async fn of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
) -> Result<Vec<Aftercare>, Error> {
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, person).await?;
    let rows = entity::aftercare::Entity::find()
        .filter(entity::aftercare::Column::PersonId.eq(person))
        .order_by_desc(entity::aftercare::Column::Id)
        .all(reader)
        .await?;
    Ok(rows)
}
