//! Telling colleagues of requests whose first call is nearly due, or late: once a request and rule, whatever starts anew or
//! runs twice. Whoever was told has a list, and says “I have it”.

use chrono::TimeDelta;
use foundation::confidential::seen_by;
use foundation::jobs::Failure;
use foundation::staff::Member;
use foundation::staff::inviting::{everyone, member};
use foundation::{
    Act, Actor, Db, Error, Instant, NewJob, News, StaffId, Subject, Unit, may, refused, settings,
};
use mail::letter::Letter;
use mail::{Postroom, staff_notice};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryOrder, QuerySelect, Select,
    Set, Statement, Value,
};
use serde_json::{Value as Json, json};

use crate::duty;
use crate::entity::escalation::told::{self, ToldId};
use crate::entity::escalation::{self, EscalationId};
use crate::entity::{call, request};
use crate::request::{Request, RequestId, claiming};
use crate::rules::escalating::{MOST, Rule, Then, told};
use crate::rules::routing::RuleId;
use crate::rules::words::{Channel, Urgency};

/// The name of the job that writes to a colleague.
pub const JOB: &str = "staff_notice";
const NAME: &str = "escalation";
const LETTER: &str = "Something in the inbox is waiting. Please sign in and look at My day.\n";
/// What nobody answered for in so long stands in the inbox under Overdue, like everything that is late.
const LISTED: TimeDelta = TimeDelta::days(14);
/// Requests one rule tells of in one round; the next round follows in seconds.
const AT_ONCE: u64 = 100;

/// The rules, and the version that a change must name.
pub async fn rules(reader: &impl ConnectionTrait) -> Result<(Vec<Rule>, i32), Error> {
    Ok(settings::read(reader, NAME).await?.unwrap_or_default())
}

/// What is done to the list of rules.
#[derive(Clone, Debug)]
pub enum Change {
    Add(Rule),
    Remove(RuleId),
}

/// Changes the rules. `version` is the one the page was shown with.
///
/// # Errors
/// [`Error::Stale`] when somebody changed them in between; a refusal when there are too many.
pub async fn change(unit: &mut Unit, version: i32, change: Change) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let (mut all, _) = rules(unit.tx()).await?;
    match change {
        Change::Add(_) if all.len() >= MOST => {
            return Err(refused("rules", format!("Keep at most {MOST} rules. Take one away first.")));
        }
        Change::Add(rule) => all.push(Rule { id: unit.id(), since: unit.now(), ..rule }),
        Change::Remove(id) => all.retain(|rule| rule.id != id),
    }
    settings::keep(unit, NAME, &all, version).await?;
    unit.record(permit, json!({ "fields": ["escalation"], "rules": all.len() }));
    Ok(())
}

/// Tells of everything that is to be told of now; of how many. What it does is derived from the records: doing it twice, or
/// in two processes at once, does it once.
pub async fn escalate(db: &Db) -> Result<usize, Error> {
    let mut told = 0;
    for rule in rules(db.reader()).await?.0 {
        let due: Vec<RequestId> = to_tell_of(&rule, db.now()).into_tuple().all(db.reader()).await?;
        for id in due {
            let done = db.write(&Actor::House, async |unit| one(unit, &rule, id).await).await;
            told += match done {
                Ok(done) => usize::from(done),
                // Another process was first, or somebody did something with it at this moment.
                Err(Error::Exists | Error::Stale) => 0,
                Err(other) => return Err(other),
            };
        }
    }
    Ok(told)
}

/// Requests whose first call comes due in the window of a rule that has not told of them.
fn to_tell_of(rule: &Rule, now: Instant) -> Select<request::Entity> {
    let (after, until) = rule.window(now);
    let this = Expr::col((request::Entity, request::Column::Id));
    let told = Query::select()
        .column(escalation::Column::RequestId)
        .from(escalation::Entity)
        .and_where(escalation::Column::RuleId.eq(rule.id))
        .and_where(Expr::col(escalation::Column::RequestId).eq(this))
        .to_owned();
    let mut due = request::Entity::find()
        .select_only()
        .column(request::Column::Id)
        .filter(request::Column::ClosedAt.is_null())
        .filter(request::Column::ReachedAt.is_null())
        // Written as its index is, so that both databases use it.
        .filter(Expr::cust("attempts = 0"))
        // Who has a time or a promise that lies ahead waits for no first call.
        .filter(
            Condition::any()
                .add(request::Column::NextStepAt.is_null())
                .add(request::Column::NextStepAt.lte(now))
                .add(request::Column::Urgency.eq(Urgency::Emergency)),
        )
        .filter(request::Column::DueAt.gt(after))
        .filter(request::Column::DueAt.lte(until))
        .filter(Expr::not_exists(told))
        // Whoever is on the phone with them is reminded of nothing, and nobody else either.
        .filter(Expr::not_exists(talking(now)))
        .order_by_asc(request::Column::DueAt)
        .limit(AT_ONCE);
    if let Some(urgency) = rule.urgency {
        due = due.filter(request::Column::Urgency.eq(urgency));
    }
    due = match rule.channel {
        Some(channel) => due.filter(request::Column::Channel.eq(channel)),
        // Old inquiries come in by the hundred: nobody is rung for them but by a rule of their own.
        None => due.filter(request::Column::Channel.ne(Channel::OldRecords)),
    };
    due
}

/// How long after the last saved word a sheet still means that somebody is on the phone.
const TALKING: TimeDelta = TimeDelta::minutes(30);

/// A call that goes on now, for a question about `requests`.
fn talking(now: Instant) -> SelectStatement {
    Query::select()
        .column(call::Column::RequestId)
        .from(call::Entity)
        .and_where(
            Expr::col((call::Entity, call::Column::RequestId))
                .eq(Expr::col((request::Entity, request::Column::Id))),
        )
        .and_where(Expr::col((call::Entity, call::Column::EndedAt)).is_null())
        .and_where(Expr::col((call::Entity, call::Column::ParkedAt)).is_null())
        .and_where(Expr::col((call::Entity, call::Column::SavedAt)).gt(now - TALKING))
        .to_owned()
}

/// Tells of one request, and hands it over when the rule says so. Whether it was told.
async fn one(unit: &mut Unit, rule: &Rule, id: RequestId) -> Result<bool, Error> {
    let Some(wanted) = request::Entity::find_by_id(id).one(unit.tx()).await? else { return Ok(false) };
    let (after, until) = rule.window(unit.now());
    let promised =
        wanted.next_step_at.is_some_and(|at| at > unit.now()) && wanted.urgency != Urgency::Emergency;
    if !wanted.awaits_first_call() || promised || wanted.due_at <= after || wanted.due_at > until {
        return Ok(false);
    }
    let staff = everyone(unit.tx()).await?;
    let opens = |one: &Member| may(&one.actor(), Act::AnswerEscalation, &wanted.subject());
    let who = told(rule.tell, wanted.owner_id, &staff, opens);
    let permit = unit.permit(Act::EscalateRequest, &wanted.subject())?;
    let key: EscalationId = unit.id();
    let row = escalation::ActiveModel {
        id: Set(key),
        request_id: Set(id),
        rule_id: Set(rule.id),
        rule: Set(rule.name.clone()),
        due_at: Set(wanted.due_at),
        told_at: Set(unit.now()),
        answered_at: Set(None),
        answered_by: Set(None),
    };
    unit.insert(row).await?;
    for staff_id in &who {
        let id: ToldId = unit.id();
        unit.insert(told::ActiveModel { id: Set(id), escalation_id: Set(key), staff_id: Set(*staff_id) })
            .await?;
        if rule.email {
            notify(unit, key, *staff_id).await?;
        }
    }
    hand_over(unit, rule.then, &wanted).await?;
    unit.record(permit, json!({ "rule": rule.id, "told": who, "written_to": rule.email }));
    unit.tell(News::Inbox);
    Ok(true)
}

async fn hand_over(unit: &mut Unit, then: Then, wanted: &Request) -> Result<(), Error> {
    match then {
        Then::Release if wanted.owner_id.is_some() => claiming::release(unit, wanted).await,
        Then::Give(to) if wanted.owner_id != Some(to) => {
            // Who left since the rule was made gets nothing; that it waits is told all the same.
            match member(unit.tx(), to).await {
                // A rule lets nobody know of what is confidential.
                Ok(to)
                    if to.disabled_at.is_none()
                        && duty::takes(&to)
                        && !wanted.subject().is_kept_from(&to.actor()) =>
                {
                    claiming::give(unit, wanted, to.id).await
                }
                Ok(_) | Err(Error::NotFound) => Ok(()),
                Err(other) => Err(other),
            }
        }
        Then::Nothing | Then::Release | Then::Give(_) => Ok(()),
    }
}

/// Queues a letter to a colleague who said where they are written to.
async fn notify(unit: &mut Unit, about: EscalationId, staff: StaffId) -> Result<(), Error> {
    if staff_notice::address_of(unit.tx(), staff).await?.is_none() {
        return Ok(());
    }
    let job = NewJob {
        kind: JOB,
        payload: json!({ "escalation": about, "staff": staff }),
        dedupe: Some(format!("notice {about} {staff}")),
        run_at: None,
    };
    unit.enqueue(job).await.map(|_| ())
}

/// The worker of [`JOB`]: a letter that says that something waits, and nothing about anyone.
///
/// # Errors
/// [`Failure::Again`] when the mail server asks for it or the database failed; [`Failure::GiveUp`] when it refuses.
pub async fn notice(db: &Db, room: &Postroom, payload: &Json) -> Result<(), Failure> {
    let text = |name| payload.get(name).and_then(Json::as_str);
    let keys = text("escalation")
        .and_then(|key| key.parse::<EscalationId>().ok())
        .zip(text("staff").and_then(|key| key.parse::<StaffId>().ok()));
    let Some((about, staff)) = keys else { return Err(Failure::GiveUp("the job names nobody".into())) };
    let Some(letter) = letter(db, about, staff).await? else { return Ok(()) };
    staff_notice::deliver(room, &letter).await
}

/// The letter, unless somebody has answered meanwhile or they have left.
async fn letter(db: &Db, about: EscalationId, staff: StaffId) -> Result<Option<Letter>, Error> {
    let told = escalation::Entity::find_by_id(about).one(db.reader()).await?;
    if told.is_none_or(|told| told.answered_at.is_some()) {
        return Ok(None);
    }
    staff_notice::write(db, staff, about.0, LETTER).await
}

/// A request somebody was told of, as their list shows it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub reference: String,
    /// Who asked.
    pub name: String,
    pub rule: String,
    pub due_at: Instant,
    pub told_at: Instant,
    pub owner_id: Option<StaffId>,
    pub owner: Option<String>,
}

/// What somebody was told of that nobody has answered for and that still waits for its first call.
pub async fn told_to(db: &Db, viewer: &Actor) -> Result<Vec<Row>, Error> {
    let Some(me) = viewer.staff_id().filter(|_| may(viewer, Act::AnswerEscalation, &Subject::center()))
    else {
        return Ok(Vec::new());
    };
    let asked = list_of(db.reader().get_database_backend(), (me, viewer), db.now());
    Ok(Row::find_by_statement(asked).all(db.reader()).await?)
}

fn list_of(backend: DbBackend, (me, viewer): (StaffId, &Actor), now: Instant) -> Statement {
    let bound = |n: usize| if backend == DbBackend::Postgres { format!("${n}") } else { format!("?{n}") };
    let sql = format!(
        "SELECT r.reference, p.name_used AS name, MIN(e.rule) AS rule, r.due_at, MIN(e.told_at) AS told_at, \
         r.owner_id, s.name AS owner FROM escalations e JOIN escalations_told t ON t.escalation_id = e.id \
         JOIN requests r ON r.id = e.request_id JOIN people p ON p.id = r.caller_id \
         LEFT JOIN staff s ON s.id = r.owner_id \
         WHERE e.answered_at IS NULL AND t.staff_id = {} AND e.told_at > {} AND r.closed_at IS NULL \
         AND r.reached_at IS NULL AND r.attempts = 0 AND {} \
         AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.request_id = r.id AND c.ended_at IS NULL \
         AND c.parked_at IS NULL AND c.saved_at > {}) \
         GROUP BY r.id, r.reference, p.name_used, r.due_at, r.owner_id, s.name \
         ORDER BY r.due_at, r.reference LIMIT 50",
        bound(1),
        bound(2),
        seen_by(viewer, "r.confidential_to"),
        bound(3),
    );
    let values = [Value::from(me.0), (now - LISTED).into(), (now - TALKING).into()];
    Statement::from_sql_and_values(backend, sql, values)
}

/// "I have it": everyone who was told sees it gone, and a request that nobody has is theirs.
///
/// # Errors
/// A refusal when a colleague answered first, or took the request at this moment.
pub async fn answer(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::AnswerEscalation, &wanted.subject())?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::AnswerEscalation))?;
    let mine = Query::select()
        .column(told::Column::EscalationId)
        .from(told::Entity)
        .and_where(told::Column::StaffId.eq(me))
        .to_owned();
    let open = || {
        escalation::Entity::update_many()
            .filter(escalation::Column::RequestId.eq(wanted.id))
            .filter(escalation::Column::AnsweredAt.is_null())
            .col_expr(escalation::Column::AnsweredAt, Expr::value(Some(unit.now())))
            .col_expr(escalation::Column::AnsweredBy, Expr::value(Some(me)))
    };
    if open().filter(escalation::Column::Id.in_subquery(mine)).exec(unit.tx()).await?.rows_affected == 0 {
        return Err(refused("answered", "A colleague has this one already."));
    }
    // Who answers for a request answers for all that was told of it, to whomever.
    open().exec(unit.tx()).await?;
    unit.record(permit, json!({}));
    if wanted.owner_id.is_none() && may(unit.actor(), Act::ClaimRequest, &wanted.subject()) {
        claiming::claim(unit, wanted).await?;
    }
    unit.tell(News::Inbox);
    Ok(())
}

#[cfg(test)]
mod tests {
    use foundation::testing::{Cast, House};
    use sea_orm::{QueryTrait, TransactionTrait};

    use super::*;
    use crate::rules::escalating::TypedRule;

    /// How a database goes about a question, in its own words.
    async fn plan(house: &House, asked: Statement) -> String {
        let backend = house.reader().get_database_backend();
        let look = house.reader().begin().await.unwrap();
        let explain = if backend == DbBackend::Postgres {
            // A table of a few rows is read from end to end, index or not.
            look.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
            "EXPLAIN"
        } else {
            "EXPLAIN QUERY PLAN"
        };
        let explained = Statement { sql: format!("{explain} {}", asked.sql), ..asked };
        let rows = look.query_all_raw(explained).await.unwrap();
        let line = |row: &sea_orm::QueryResult| {
            let at = if backend == DbBackend::Postgres { "QUERY PLAN" } else { "detail" };
            row.try_get::<String>("", at).unwrap()
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn however_many_wait_the_rules_and_the_list_ask_their_indexes() {
        let house = House::new().await;
        let cast = Cast::on(&house).await;
        let typed = TypedRule { name: "Late", minutes: "10", tell: "owner", ..TypedRule::default() };
        let rule = Rule::parse(typed, house.now()).unwrap();
        let backend = house.reader().get_database_backend();
        let told = plan(&house, to_tell_of(&rule, house.now()).build(backend)).await;
        assert!(told.contains("requests_first_calls"), "{told}");
        assert!(told.contains("escalations_by_request_id_rule_id"), "{told}");
        let list =
            plan(&house, list_of(backend, (cast.mina.staff_id().unwrap(), &cast.mina), house.now())).await;
        assert!(!list.contains("SCAN ") && !list.contains("Seq Scan"), "{list}");
        house.close().await;
    }
}
