//! A file that was given on a page: kept sealed while somebody says which column holds what, brought in by a job that goes
//! on where it was after a restart, and thrown away: by hand, or by itself after a week.

use chrono::TimeDelta;
use foundation::jobs::Failure;
use foundation::{Act, Actor, Db, Error, Instant, NewJob, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect, Set, UpdateMany};
use serde_json::json;

use super::reading::Table;
use super::running::{AT_ONCE, Plan, bring_in};
use super::{Mapping, rejects};
use crate::entity::import;
pub use crate::entity::import::{ImportId, Model as Import};

/// The kind of the job that goes on with a file.
pub const JOB: &str = "import_requests";

const FILE: &str = "imports.file";
const REJECTS: &str = "imports.rejects";
/// Pieces one run of the job brings in, well within its lease.
const PIECES: usize = 20;
/// How long what was given, and what was given back, is kept after it was given or came in.
pub const KEPT_DAYS: i64 = 7;
/// Files that are listed.
const MOST: u64 = 20;

foundation::words! {
    /// Where a file stands.
    pub enum State {
        Looked = "looked", "Looked over, nothing is written yet",
        Running = "running", "Coming in",
        Done = "done", "Came in",
        Gone = "gone", "Thrown away",
    }
}

/// Keeps a file, with what its headings are guessed to mean.
///
/// # Errors
/// What cannot be read as a table, at `file`.
pub async fn keep(unit: &mut Unit, file: &[u8]) -> Result<ImportId, Error> {
    let id: ImportId = unit.id();
    let permit = unit.permit(Act::ImportRequests, &Subject::of("import", id))?;
    let mapping = Mapping::default();
    let table = Table::read(file, &mapping)?;
    let row = import::ActiveModel {
        id: Set(id),
        staff_id: Set(unit.actor().staff_id()),
        state: Set(State::Looked),
        file: Set(Some(unit.seal_file_for_center(FILE, file)?)),
        mapping: Set(mapping.guessed(&table.header)),
        made_at: Set(unit.now()),
        ended_at: Set(None),
        next_row: Set(0),
        received: Set(0),
        before: Set(0),
        rejected: Set(0),
        rejects: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    unit.record(permit, json!({ "rows": table.rows.len(), "step": "looked" }));
    Ok(id)
}

/// A file somebody gave; their own alone, because what stands in it is theirs to know.
pub async fn one(reader: &impl ConnectionTrait, viewer: &Actor, id: ImportId) -> Result<Import, Error> {
    let found = import::Entity::find_by_id(id).one(reader).await?;
    found
        .filter(|import| import.staff_id.is_some() && import.staff_id == viewer.staff_id())
        .ok_or(Error::NotFound)
}

/// The files somebody gave, the newest first.
pub async fn of(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<Import>, Error> {
    Ok(import::Entity::find()
        .filter(import::Column::StaffId.eq(viewer.staff_id()))
        .order_by_desc(import::Column::Id)
        .limit(MOST)
        .all(reader)
        .await?)
}

/// The headings of a file that has not come in yet, and what its rows would become; the headings alone when the mapping
/// does not fit.
pub async fn looked_over(db: &Db, import: &Import) -> Result<(Vec<String>, Result<Plan, Error>), Error> {
    let sealed = import.file.as_ref().ok_or(Error::NotFound)?;
    let bytes = db.keyring().open_for_center(FILE, sealed)?;
    let table = match Table::read(&bytes, &import.mapping) {
        Ok(table) => table,
        Err(faults) => return Ok((Vec::new(), Err(faults.into()))),
    };
    Ok((table.header.clone(), Plan::of(db, table, import.mapping.clone()).await))
}

/// Says which column holds what.
pub async fn map(unit: &mut Unit, import: &Import, mapping: Mapping) -> Result<(), Error> {
    let permit = permitted(unit, import)?;
    change(unit, import, |row| row.col_expr(import::Column::Mapping, Expr::value(to_json(&mapping)))).await?;
    unit.record(permit, json!({ "step": "mapped" }));
    Ok(())
}

fn to_json(mapping: &Mapping) -> serde_json::Value {
    serde_json::to_value(mapping).unwrap_or_default()
}

/// Begins to bring it in.
pub async fn begin(unit: &mut Unit, import: &Import, plan: &Plan) -> Result<(), Error> {
    let permit = permitted(unit, import)?;
    let tally = plan.tally();
    if tally.open + tally.closed == 0 {
        return Err(refused(
            "file",
            "No row of it can come in. Say which column holds what, and look again.",
        ));
    }
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let rejected = rejects::file(&plan.table, plan.rejected());
    let rejected = (tally.rejected > 0).then(|| unit.seal_file_for_center(REJECTS, &rejected)).transpose()?;
    change(unit, import, |row| {
        row.col_expr(import::Column::State, Expr::value(State::Running))
            .col_expr(import::Column::Before, Expr::value(number(tally.before)))
            .col_expr(import::Column::Rejected, Expr::value(number(tally.rejected)))
            .col_expr(import::Column::Rejects, Expr::value(rejected))
    })
    .await?;
    go_on_later(unit, import.id, 0).await?;
    unit.record(permit, json!({ "step": "began", "open": tally.open, "closed": tally.closed }));
    Ok(())
}

/// Throws away what was given, and what was given back. What came in stays.
pub async fn throw_away(unit: &mut Unit, import: &Import) -> Result<(), Error> {
    let permit = unit.permit(Act::ImportRequests, &Subject::of("import", import.id))?;
    if import.state == State::Running {
        return Err(refused("file", "It is coming in at this moment. Wait until it is done."));
    }
    change(unit, import, emptied).await?;
    unit.record(permit, json!({ "step": "thrown_away" }));
    Ok(())
}

/// Headings are somebody's words too.
fn emptied(row: UpdateMany<import::Entity>) -> UpdateMany<import::Entity> {
    row.col_expr(import::Column::State, Expr::value(State::Gone))
        .col_expr(import::Column::File, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(import::Column::Rejects, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(import::Column::Mapping, Expr::value(to_json(&Mapping::default())))
}

/// Throws away what was kept long enough. How many files.
pub async fn throw_old_away(db: &Db) -> Result<usize, Error> {
    let old: Vec<ImportId> = import::Entity::find()
        .select_only()
        .column(import::Column::Id)
        .filter(is_old(db.now()))
        .into_tuple()
        .all(db.reader())
        .await?;
    let mut gone = 0;
    for id in old {
        let throw = async |unit: &mut Unit| {
            let done = emptied(import::Entity::update_many())
                .col_expr(import::Column::Version, Expr::col(import::Column::Version).add(1))
                .filter(import::Column::Id.eq(id))
                .filter(is_old(unit.now()))
                .exec(unit.tx())
                .await?;
            // Another process may have been here first: then there is nothing to record.
            if done.rows_affected > 0 {
                let permit = unit.permit(Act::ImportRequests, &Subject::of("import", id))?;
                unit.record(permit, json!({ "step": "thrown_away" }));
            }
            Ok::<_, Error>(usize::from(done.rows_affected > 0))
        };
        gone += db.write(&Actor::House, throw).await?;
    }
    Ok(gone)
}

fn is_old(now: Instant) -> Condition {
    let ended_or_made =
        Func::coalesce([Expr::col(import::Column::EndedAt), Expr::col(import::Column::MadeAt)]);
    let idle = Condition::all()
        .add(import::Column::State.is_in([State::Looked, State::Done]))
        .add(Expr::expr(ended_or_made).lte(now - TimeDelta::days(KEPT_DAYS)));
    // What began on its last day has time to come in; what has not by then never will.
    let stuck = Condition::all()
        .add(import::Column::State.eq(State::Running))
        .add(import::Column::MadeAt.lte(now - TimeDelta::days(2 * KEPT_DAYS)));
    Condition::any().add(idle).add(stuck)
}

/// The rows that did not come in, as a file.
pub fn rejected(db: &Db, import: &Import) -> Result<Vec<u8>, Error> {
    db.keyring().open_for_center(REJECTS, import.rejects.as_ref().ok_or(Error::NotFound)?)
}

fn permitted(unit: &mut Unit, import: &Import) -> Result<foundation::Permit, Error> {
    if import.state != State::Looked {
        return Err(refused("file", "This file has come in, or was thrown away."));
    }
    unit.permit(Act::ImportRequests, &Subject::of("import", import.id))
}

async fn change(
    unit: &Unit,
    import: &Import,
    to: impl FnOnce(sea_orm::UpdateMany<import::Entity>) -> sea_orm::UpdateMany<import::Entity>,
) -> Result<(), Error> {
    let done = to(import::Entity::update_many())
        .col_expr(import::Column::Version, Expr::col(import::Column::Version).add(1))
        .filter(import::Column::Id.eq(import.id))
        .filter(import::Column::Version.eq(import.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

async fn go_on_later(unit: &mut Unit, id: ImportId, from: i32) -> Result<(), Error> {
    let dedupe = Some(format!("{JOB} {id} {from}"));
    let job = NewJob { kind: JOB, payload: json!({ "import": id }), dedupe, run_at: None };
    unit.enqueue(job).await.map(|_| ())
}

/// Brings the next pieces in. Done by two at once, one of them gives way.
pub async fn go_on(db: &Db, payload: &serde_json::Value) -> Result<(), Failure> {
    let id = payload.get("import").cloned().and_then(|id| serde_json::from_value::<ImportId>(id).ok());
    let id = id.ok_or_else(|| Failure::GiveUp("the job names no import".into()))?;
    let found = import::Entity::find_by_id(id).one(db.reader()).await.map_err(Error::from)?;
    let Some(mut import) = found.filter(|import| import.state == State::Running) else { return Ok(()) };
    let (_, plan) = looked_over(db, &import).await?;
    let plan = plan?;
    for piece in 1..=PIECES {
        let from = usize::try_from(import.next_row).unwrap_or_default();
        let (some, after) = plan.next(from, AT_ONCE);
        let next_row = i32::try_from(after).unwrap_or(i32::MAX);
        let done = some.is_empty();
        let bring = async |unit: &mut Unit| {
            let fresh = if done { 0 } else { bring_in(unit, &some).await? };
            let received = import.received.saturating_add(i32::try_from(fresh).unwrap_or(i32::MAX));
            change(unit, &import, |row| {
                let row = row
                    .col_expr(import::Column::NextRow, Expr::value(next_row))
                    .col_expr(import::Column::Received, Expr::value(received));
                if done {
                    row.col_expr(import::Column::State, Expr::value(State::Done))
                        .col_expr(import::Column::File, Expr::value(Option::<Vec<u8>>::None))
                        .col_expr(import::Column::EndedAt, Expr::value(Some(unit.now())))
                } else {
                    row
                }
            })
            .await?;
            if done {
                let permit = unit.permit(Act::ImportRequests, &Subject::of("import", id))?;
                unit.record(permit, json!({ "step": "done", "received": received }));
                unit.tell(foundation::News::Inbox);
            } else if piece == PIECES {
                go_on_later(unit, id, next_row).await?;
            }
            Ok(received)
        };
        import.received = db.write(&Actor::House, bring).await?;
        import.next_row = next_row;
        import.version += 1;
        if done {
            break;
        }
    }
    Ok(())
}
