//! Giving requests by rules: a job in the unit that received one, done by the house. It gives what nobody has, and never
//! takes anything from anyone: the claim of a colleague who was quicker stands.

use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::jobs::Failure;
use foundation::staff::inviting::everyone;
use foundation::{Act, Actor, Db, Error, NewJob, News, StaffId, Subject, Unit, refused, settings};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, Set};
use serde_json::{Value as Json, json};

use crate::duty::takes;
use crate::entity::routing::RoutingId;
use crate::entity::{duty, request, routing};
use crate::request::{Request, RequestId};
use crate::rules::routing::{Facts, MOST, Rule, RuleId, next};
use crate::same_person;

pub use crate::entity::routing::Model as Routing;

/// The name of the job.
pub const JOB: &str = "route_request";
const NAME: &str = "routing";
/// As many requests may be given to a group at one moment before one of them is tried again later.
const TRIES: usize = 20;

/// The rules in their order, and the version that a change must name.
pub async fn rules(reader: &impl ConnectionTrait) -> Result<(Vec<Rule>, i32), Error> {
    Ok(settings::read(reader, NAME).await?.unwrap_or_default())
}

/// What is done to the list of rules.
#[derive(Clone, Debug)]
pub enum Change {
    Add(Rule),
    Remove(RuleId),
    /// One place up: it is asked before the one above it.
    Raise(RuleId),
}

/// Changes the rules. `version` is the one the page was shown with.
///
/// # Errors
/// [`Error::Stale`] when somebody changed them in between; a refusal when there are too many.
pub async fn change(unit: &mut Unit, version: i32, change: Change) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let (mut all, _) = rules(unit.tx()).await?;
    let at = |all: &[Rule], id: RuleId| all.iter().position(|rule| rule.id == id).ok_or(Error::NotFound);
    match change {
        Change::Add(_) if all.len() >= MOST => {
            return Err(refused("rules", format!("Keep at most {MOST} rules. Take one away first.")));
        }
        Change::Add(rule) => all.push(Rule { id: unit.id(), ..rule }),
        Change::Remove(id) => {
            all.remove(at(&all, id)?);
        }
        Change::Raise(id) => {
            let from = at(&all, id)?;
            all.swap(from, from.saturating_sub(1));
        }
    }
    settings::keep(unit, NAME, &all, version).await?;
    unit.record(permit, json!({ "fields": ["routing"], "rules": all.len() }));
    Ok(())
}

/// Queues the giving of a request that came in, when there are rules at all.
pub(crate) async fn queue(unit: &mut Unit, id: RequestId) -> Result<(), Error> {
    if rules(unit.tx()).await?.0.is_empty() {
        return Ok(());
    }
    let job = NewJob {
        kind: JOB,
        payload: json!({ "request": id }),
        dedupe: Some(format!("route {id}")),
        run_at: None,
    };
    unit.enqueue(job).await.map(|_| ())
}

/// The worker of [`JOB`]. Done twice, it gives once.
///
/// # Errors
/// [`Failure::Again`] when the database failed.
pub async fn work(db: &Db, payload: &Json) -> Result<(), Failure> {
    let named = payload.get("request").and_then(Json::as_str).and_then(|id| id.parse().ok());
    let Some(id) = named else { return Err(Failure::GiveUp("the job names no request".into())) };
    for _ in 0..TRIES {
        match db.write(&Actor::House, async |unit| give(unit, id).await).await {
            // Somebody took it at this moment, or whose turn it was got another one: look again.
            Err(Error::Stale) => {}
            other => return Ok(other.map(|_| ())?),
        }
    }
    Err(Failure::Again("too many requests at once".into()))
}

/// Gives a request that nobody has to whoever is next. Who has it now by this.
///
/// # Errors
/// [`Error::Stale`] when a colleague took it at this moment, or whoever is next got another one.
pub async fn give(unit: &mut Unit, id: RequestId) -> Result<Option<StaffId>, Error> {
    let Some(wanted) = request::Entity::find_by_id(id).one(unit.tx()).await? else { return Ok(None) };
    // A rule lets nobody know of what is confidential.
    if !wanted.is_open() || wanted.owner_id.is_some() || wanted.is_confidential() {
        return Ok(None);
    }
    let Some(rule) = fitting(unit, &wanted).await? else { return Ok(None) };
    let Some(turn) = whose_turn(unit, &rule).await? else { return Ok(None) };
    let to = turn.staff_id;
    let won = request::Entity::update_many()
        .col_expr(request::Column::OwnerId, Expr::value(Some(to)))
        .col_expr(request::Column::ClaimedAt, Expr::value(Some(unit.now())))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(id))
        .filter(request::Column::OwnerId.is_null())
        .filter(request::Column::ClosedAt.is_null())
        .exec(unit.tx())
        .await?;
    if won.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let permit = unit.permit(Act::RouteRequest, &wanted.subject())?;
    write_down(unit, id, &turn, &rule).await?;
    unit.record(permit, json!({ "to": to, "rule": rule.id }));
    unit.tell(News::Inbox);
    Ok(Some(to))
}

async fn fitting(unit: &Unit, wanted: &Request) -> Result<Option<Rule>, Error> {
    let zone = Center::load(unit.tx()).await?.zone;
    let language = clients::person::language_of(unit.tx(), wanted.caller_id).await?;
    let facts = Facts {
        channel: wanted.channel,
        language: &language,
        for_whom: wanted.for_whom,
        urgency: wanted.urgency,
        returning: same_person::was_here(unit.tx(), wanted).await?,
        at: unit.now(),
        zone,
    };
    Ok(rules(unit.tx()).await?.0.into_iter().find(|rule| rule.fits(&facts)))
}

/// The one of a group whose turn it is.
async fn whose_turn(unit: &Unit, rule: &Rule) -> Result<Option<duty::Model>, Error> {
    let zone = Center::load(unit.tx()).await?.zone;
    let duties = duty::Entity::find()
        .filter(duty::Column::StaffId.is_in(rule.group.iter().copied()))
        .all(unit.tx())
        .await?;
    let staff = everyone(unit.tx()).await?;
    let here = |id| staff.iter().any(|one| one.id == id && one.disabled_at.is_none() && takes(one));
    let on: Vec<_> =
        duties.into_iter().filter(|duty| duty.is_on(unit.now(), zone) && here(duty.staff_id)).collect();
    let turn = next(on.iter().map(|duty| (duty.staff_id, duty.given_at)));
    Ok(on.into_iter().find(|duty| Some(duty.staff_id) == turn))
}

/// Only while it is still their turn: of two requests at once two colleagues get one each.
async fn write_down(unit: &mut Unit, id: RequestId, turn: &duty::Model, rule: &Rule) -> Result<(), Error> {
    let still = match turn.given_at {
        Some(at) => duty::Column::GivenAt.eq(at),
        None => duty::Column::GivenAt.is_null(),
    };
    let done = duty::Entity::update_many()
        .col_expr(duty::Column::GivenAt, Expr::value(Some(unit.now())))
        .filter(duty::Column::StaffId.eq(turn.staff_id))
        .filter(still)
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let key: RoutingId = unit.id();
    let row = routing::ActiveModel {
        id: Set(key),
        request_id: Set(id),
        staff_id: Set(turn.staff_id),
        rule_id: Set(rule.id),
        rule: Set(rule.name.clone()),
        given_at: Set(unit.now()),
    };
    unit.insert(row).await
}

/// The rule by which its owner has a request, when it was given by one.
///
/// What a rule is called may say that somebody was a client here: only who may know that reads its name.
pub async fn of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    wanted: &Request,
) -> Result<Option<Routing>, Error> {
    let (Some(owner), Some(since)) = (wanted.owner_id, wanted.claimed_at) else { return Ok(None) };
    let given = routing::Entity::find()
        .filter(routing::Column::RequestId.eq(wanted.id))
        .filter(routing::Column::StaffId.eq(owner))
        .filter(routing::Column::GivenAt.eq(since))
        .one(reader)
        .await?;
    let knows = reach_of(viewer, Act::ViewClients) != Reach::No;
    Ok(given.map(|given| Routing { rule: if knows { given.rule } else { String::new() }, ..given }))
}
