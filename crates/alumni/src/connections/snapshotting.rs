//! Snapshots: at each edit the indicator is read and kept with its inputs and rule version, so that change can be
//! shown later. Only ever inserted.

use foundation::center::Center;
use foundation::{Day, Error, PersonId, Unit};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::counting::Inputs;
use super::{MapState, SnapshotId};
use crate::aftercare;
use crate::connection::Connection;
use crate::entity::{connection, map, snapshot};
use crate::rules::indicator::{self, Reading};

/// Ties that are still there, the unsafe ones too: callers that count leave those out by [`Inputs::of`].
pub(crate) async fn open_ties(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Connection>, Error> {
    let rows = connection::Entity::find()
        .filter(connection::Column::PersonId.eq(person))
        .filter(connection::Column::EndedAt.is_null())
        .order_by_asc(connection::Column::Id)
        .all(reader)
        .await?;
    Ok(rows)
}

/// The ties that have ended, the last to end first. They are in no count; they stay so that change can be seen.
pub(super) async fn ended_ties(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Connection>, Error> {
    let rows = connection::Entity::find()
        .filter(connection::Column::PersonId.eq(person))
        .filter(connection::Column::EndedAt.is_not_null())
        .order_by_desc(connection::Column::EndedAt)
        .order_by_desc(connection::Column::Id)
        .all(reader)
        .await?;
    Ok(rows)
}

/// Whether anything is on the map that may be counted.
pub(crate) async fn has_ties(reader: &impl ConnectionTrait, person: PersonId) -> Result<bool, Error> {
    Ok(open_ties(reader, person).await?.iter().any(|tie| tie.unsafe_at.is_none()))
}

/// Makes the map's row at the first need, however many make it at once.
pub(crate) async fn ensure_map(unit: &Unit, person: PersonId) -> Result<(), Error> {
    let row = map::ActiveModel {
        id: Set(person),
        state: Set(MapState::NotAsked),
        confirmed_on: Set(None),
        group_sessions: Set(None),
        ucla3: Set(None),
        ucla3_on: Set(None),
        band: Set(None),
        client_view: Set(None),
        client_view_on: Set(None),
        version: Set(1),
    };
    let once = OnConflict::column(map::Column::Id).do_nothing().to_owned();
    map::Entity::insert(row).on_conflict(once).exec_without_returning(unit.tx()).await?;
    Ok(())
}

/// After a tie was written, changed or ended: a map that was empty or said “truly none” has begun, and is read anew.
pub(crate) async fn after_edit(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    ensure_map(unit, person).await?;
    if has_ties(unit.tx(), person).await? {
        map::Entity::update_many()
            .col_expr(map::Column::State, Expr::value(MapState::Begun))
            .filter(map::Column::Id.eq(person))
            .filter(map::Column::State.is_in([MapState::NotAsked, MapState::TrulyNone]))
            .exec(unit.tx())
            .await?;
    }
    take(unit, person).await
}

/// Reads the indicator of someone who has a map.
pub(crate) async fn anew(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    match map::Entity::find_by_id(person).one(unit.tx()).await? {
        Some(_) => take(unit, person).await,
        None => Ok(()),
    }
}

/// Reads the indicator as of now and keeps it.
pub(crate) async fn take(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let map = map::Entity::find_by_id(person).one(unit.tx()).await?;
    let ties = open_ties(unit.tx(), person).await?;
    let aftercare = aftercare::active(unit.tx(), person).await?;
    let inputs = Inputs::of(&ties, map.as_ref(), aftercare.as_ref(), today);
    let before = before(unit.tx(), person, today).await?;
    let reading = indicator::read(&inputs.for_rules(before.as_ref()));
    let band = reading.band.map(|band| band.as_str().to_owned());
    let broken = |e: serde_json::Error| Error::Broken(format!("a snapshot: {e}"));
    let id: SnapshotId = unit.id();
    unit.insert(snapshot::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        at: Set(unit.now()),
        taken_on: Set(today),
        inputs: Set(serde_json::to_value(&inputs).map_err(broken)?),
        result: Set(serde_json::to_value(&reading).map_err(broken)?),
        band: Set(band.clone()),
        rule_version: Set(indicator::RULE_VERSION.to_owned()),
    })
    .await?;
    map::Entity::update_many()
        .col_expr(map::Column::Band, Expr::value(band))
        .col_expr(map::Column::Version, Expr::col(map::Column::Version).add(1))
        .filter(map::Column::Id.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// The last reading of a day before `day`: what a reading is compared with. Edits of one sitting are one change, so
/// readings of the same day are not compared with each other.
pub(crate) async fn before(
    reader: &impl ConnectionTrait,
    person: PersonId,
    day: Day,
) -> Result<Option<Reading>, Error> {
    let found = snapshot::Entity::find()
        .filter(snapshot::Column::PersonId.eq(person))
        .filter(snapshot::Column::TakenOn.lt(day))
        .order_by_desc(snapshot::Column::At)
        .order_by_desc(snapshot::Column::Id)
        .one(reader)
        .await?;
    // A reading of an older rule version may have another form; it is not compared anyway.
    let same = found.filter(|snapshot| snapshot.rule_version == indicator::RULE_VERSION);
    let broken = |e| Error::Broken(format!("the result of a snapshot: {e}"));
    same.map(|snapshot| serde_json::from_value(snapshot.result).map_err(broken)).transpose()
}

/// The newest `limit` snapshots of a person, the newest first.
pub(crate) async fn newest(
    reader: &impl ConnectionTrait,
    person: PersonId,
    limit: u64,
) -> Result<Vec<snapshot::Model>, Error> {
    let found = snapshot::Entity::find()
        .filter(snapshot::Column::PersonId.eq(person))
        .order_by_desc(snapshot::Column::At)
        .order_by_desc(snapshot::Column::Id)
        .limit(limit)
        .all(reader)
        .await?;
    Ok(found)
}
