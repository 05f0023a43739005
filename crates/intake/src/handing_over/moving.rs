//! Moving it, kind by kind, to a colleague who may have that kind: a row of the ledger for each thing that moved.

use foundation::acts::{Reach, reach_of};
use foundation::staff::Member;
use foundation::staff::inviting::{everyone, member};
use foundation::{Act, Error, Faults, News, StaffId, Subject, Unit};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;

use super::theirs;
use crate::appointments::booking::{held, promise};
use crate::appointments::hours::CLINICIANS;
use crate::appointments::offering::said;
use crate::entity::{appointment, benefit_check, call, mention, referral_out, request};
use crate::request::{NEXT_STEP, Request, confiding};
use crate::rules::appointments::State;

fn fault(field: &str, words: impl Into<String>) -> Error {
    let mut faults = Faults::default();
    faults.add(field, words);
    faults.into()
}

/// A colleague who works here now and may do this.
async fn works(unit: &Unit, id: StaffId, act: Act) -> Result<bool, Error> {
    let found = everyone(unit.tx()).await?.into_iter().find(|one| one.id == id && one.disabled_at.is_none());
    Ok(found.is_some_and(|one: Member| reach_of(&one.actor(), act) != Reach::No))
}

/// Whoever hands over knows that a request is there and nothing else: a confidential one moves like every other.
fn subject(of: &Request) -> Subject {
    of.subject().known_to_everyone()
}

/// Gives the requests of `from` to a colleague, with the calls that were left open, the notes in which `from` was named
/// and the people to ask after; or to nobody, so that anyone can take them. How many.
///
/// # Errors
/// A fault at `requests` when the colleague works no requests, or nobody is to have one that only `from` knows of.
pub async fn hand_over_requests(unit: &mut Unit, from: StaffId, to: Option<StaffId>) -> Result<usize, Error> {
    if let Some(to) = to
        && !works(unit, to, Act::ClaimRequest).await?
    {
        return Err(fault("requests", "Choose a colleague who works requests here now"));
    }
    let rows =
        request::Entity::find().filter(theirs(from)).order_by_asc(request::Column::Id).all(unit.tx()).await?;
    for row in &rows {
        let permit = unit.permit(Act::HandOverWork, &subject(row))?;
        match to {
            Some(to) => confiding::also_known_to(unit, row, to).await?,
            None => stays_known(unit, row, from).await?,
        }
        let claimed_at = to.map(|_| unit.now());
        request::Entity::update_many()
            .col_expr(request::Column::OwnerId, Expr::value(to))
            .col_expr(request::Column::ClaimedAt, Expr::value(claimed_at))
            .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
            .filter(request::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
        unit.record(permit, json!({ "from": from, "to": to }));
    }
    if let Some(to) = to {
        with_the_requests(unit, from, to).await?;
    }
    unit.tell(News::Inbox);
    Ok(rows.len())
}

/// A confidential request that nobody else knows of would be lost.
async fn stays_known(unit: &Unit, row: &Request, from: StaffId) -> Result<(), Error> {
    let Some(known_to) = &row.confidential_to else { return Ok(()) };
    let staff = everyone(unit.tx()).await?;
    let knows = |one: &Member| one.id != from && one.disabled_at.is_none() && known_to.0.contains(&one.id);
    if staff.iter().any(knows) {
        return Ok(());
    }
    Err(fault(
        "requests",
        "One request is confidential and nobody else knows of it. Choose a colleague for it",
    ))
}

/// What hangs on the requests and on nobody's name but theirs.
async fn with_the_requests(unit: &Unit, from: StaffId, to: StaffId) -> Result<(), Error> {
    call::Entity::update_many()
        .col_expr(call::Column::StaffId, Expr::value(to))
        .filter(call::Column::StaffId.eq(from))
        .filter(call::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    mention::Entity::update_many()
        .col_expr(mention::Column::StaffId, Expr::value(to))
        .filter(mention::Column::StaffId.eq(from))
        .filter(mention::Column::SeenAt.is_null())
        .exec(unit.tx())
        .await?;
    referral_out::Entity::update_many()
        .col_expr(referral_out::Column::ReferredBy, Expr::value(Some(to)))
        .filter(referral_out::Column::ReferredBy.eq(from))
        .filter(referral_out::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// Gives the benefits checks of `from` to a colleague, or back to the queue. How many.
///
/// # Errors
/// A fault at `checks` when the colleague takes no checks.
pub async fn hand_over_checks(unit: &mut Unit, from: StaffId, to: Option<StaffId>) -> Result<usize, Error> {
    if let Some(to) = to
        && !works(unit, to, Act::TakeBenefits).await?
    {
        return Err(fault("checks", "Choose a colleague who checks benefits here now"));
    }
    let rows = benefit_check::Entity::find()
        .filter(benefit_check::Column::TakenBy.eq(from))
        .filter(benefit_check::Column::AnsweredAt.is_null())
        .all(unit.tx())
        .await?;
    for row in &rows {
        let about = Subject::of("request", row.request_id).concerning(row.person_id);
        let permit = unit.permit(Act::HandOverWork, &about)?;
        let taken_at = to.map(|_| unit.now());
        benefit_check::Entity::update_many()
            .col_expr(benefit_check::Column::TakenBy, Expr::value(to))
            .col_expr(benefit_check::Column::TakenAt, Expr::value(taken_at))
            .col_expr(benefit_check::Column::Version, Expr::col(benefit_check::Column::Version).add(1))
            .filter(benefit_check::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
        unit.record(permit, json!({ "check": row.id, "from": from, "to": to }));
    }
    unit.tell(News::Inbox);
    Ok(rows.len())
}

/// Gives the booked times of `from` to a colleague: the person comes at the time that was promised, and meets someone
/// else. How many.
///
/// # Errors
/// A fault at `appointments` when the colleague meets nobody, or meets somebody else at one of these times.
pub async fn hand_over_appointments(unit: &mut Unit, from: StaffId, to: StaffId) -> Result<usize, Error> {
    let takes = member(unit.tx(), to).await?;
    if takes.disabled_at.is_some() || !takes.roles.iter().any(|role| CLINICIANS.contains(role)) {
        return Err(fault("appointments", "Choose a colleague who meets people here now"));
    }
    held(unit, to).await?;
    let booked = async |staff: StaffId| {
        let rows = appointment::Entity::find()
            .filter(appointment::Column::StaffId.eq(staff))
            .filter(appointment::Column::State.eq(State::Booked));
        rows.order_by_asc(appointment::Column::StartsAt).all(unit.tx()).await
    };
    let (rows, own) = (booked(from).await?, booked(to).await?);
    let meets = |row: &appointment::Model| {
        own.iter().any(|one| one.starts_at < row.ends_at && row.starts_at < one.ends_at)
    };
    if let Some(row) = rows.iter().find(|row| meets(row)) {
        let (name, at) = (&takes.name, said(row.starts_at, row.zone()));
        let words =
            format!("{name} sees someone else at {at}. Choose another colleague, or move that time first");
        return Err(fault("appointments", words));
    }
    let before = promise(&member(unit.tx(), from).await?.name);
    for row in &rows {
        let permit = unit.permit(Act::HandOverWork, &row.subject())?;
        appointment::Entity::update_many()
            .col_expr(appointment::Column::StaffId, Expr::value(to))
            .col_expr(appointment::Column::ChangedAt, Expr::value(unit.now()))
            .col_expr(appointment::Column::Sequence, Expr::col(appointment::Column::Sequence).add(1))
            .col_expr(appointment::Column::Version, Expr::col(appointment::Column::Version).add(1))
            .filter(appointment::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
        names_the_other(unit, row, &before, &promise(&takes.name)).await?;
        unit.record(permit, json!({ "appointment": row.id, "from": from, "to": to }));
    }
    unit.tell(News::Inbox);
    Ok(rows.len())
}

/// The next step of the request says with whom: where it names who left, it names who comes.
async fn names_the_other(
    unit: &mut Unit,
    row: &appointment::Model,
    before: &str,
    after: &str,
) -> Result<(), Error> {
    let about = request::Entity::find_by_id(row.request_id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let Some(sealed) = &about.next_step else { return Ok(()) };
    let keyring = unit.db().keyring().clone();
    if keyring.open(unit.tx(), about.prospective_id, NEXT_STEP, sealed).await? != before {
        return Ok(());
    }
    let sealed = unit.seal(about.prospective_id, NEXT_STEP, after).await?;
    request::Entity::update_many()
        .col_expr(request::Column::NextStep, Expr::value(Some(sealed)))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(about.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}
