//! A call with somebody who is in no aftercare: it counts for no check-in, and is written down all the same.

use foundation::center::Center;
use foundation::{Act, Actor, Error, News, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::attempting::{before_it_is_logged, end_wrong};
use super::{NewAttempt, TALK_NOTE, Talk, TalkId};
use crate::caseload::{self, subject};
use crate::entity::talk;

/// Logs a call or another try outside of aftercare.
///
/// # Errors
/// As with [`super::log_attempt`].
pub async fn log_talk(unit: &mut Unit, person: PersonId, mut new: NewAttempt) -> Result<TalkId, Error> {
    let id: TalkId = unit.id();
    let permit = unit.permit(Act::LogCheckIn, &subject(unit.tx(), "talk", id, person).await?)?;
    let against = before_it_is_logged(unit, person, &mut new).await?;
    let note = match &new.note {
        Some(note) => Some(unit.seal(person, TALK_NOTE, note).await?),
        None => None,
    };
    let zone = Center::load(unit.tx()).await?.zone;
    unit.insert(talk::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        at: Set(unit.now()),
        on_day: Set(unit.today(zone)),
        staff_id: Set(unit.actor().staff_id()),
        way: Set(new.way),
        outcome: Set(new.outcome),
        note: Set(note),
    })
    .await?;
    end_wrong(unit, person, &new).await?;
    unit.record(permit, json!({ "talk": id, "way": new.way, "outcome": new.outcome, "against": against }));
    unit.tell(News::Alumni);
    Ok(id)
}

/// Calls with a person outside of aftercare, the newest first, at most `limit`.
pub async fn talks_of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
    limit: u64,
) -> Result<Vec<Talk>, Error> {
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, person).await?;
    let rows = talk::Entity::find()
        .filter(talk::Column::PersonId.eq(person))
        .order_by_desc(talk::Column::Id)
        .limit(limit)
        .all(reader)
        .await?;
    Ok(rows)
}
