//! The queue of benefits checks: who waits, what is being checked, what runs out, what was answered lately. One statement.

use chrono::TimeDelta;
use foundation::center::Center;
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Day, Db, Error, Instant, PersonId, StaffId, day};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use super::coverage::Coverage;
use super::{BenefitCheckId, COVERAGE, read};
use crate::entity::benefit_check;
use crate::rules::benefits::{Facts, Holds, Left, RUNS_OUT_WITHIN, State, Way, WhyNot, holds, left, state};
use crate::rules::clock::Clock;
use crate::rules::standing::{long, number};

/// Rows shown at once.
pub const MOST: usize = 300;
/// Days for which an answer counts as given lately, and for which one that ran out still asks to be renewed.
const LATELY: i64 = 14;

/// The groups, in the order they are worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Waiting,
    BeingChecked,
    ToApprove,
    RunningOut,
    Lately,
}

impl Group {
    /// The heading.
    pub fn words(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::BeingChecked => "Being checked",
            Self::ToApprove => "Waits for a second pair of eyes",
            Self::RunningOut => "Running out",
            Self::Lately => "Answered lately",
        }
    }
}

/// One row.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: BenefitCheckId,
    pub reference: String,
    /// The person who may need care.
    pub name: String,
    person_id: PersonId,
    sealed: Vec<u8>,
    /// What was given, opened.
    #[sea_orm(skip)]
    pub coverage: Coverage,
    pub asked_at: Instant,
    pub due_at: Instant,
    pub taken_at: Option<Instant>,
    pub taken_by: Option<StaffId>,
    pub taker: Option<String>,
    pub answered_at: Option<Instant>,
    pub why_not: Option<WhyNot>,
    pub way: Option<Way>,
    pub valid_until: Option<Day>,
    pub approved_at: Option<Instant>,
}

impl Row {
    /// Where it stands.
    pub fn state(&self) -> State {
        state(Facts {
            taken: self.taken_at.is_some(),
            answered: self.answered_at.is_some(),
            approved: self.approved_at.is_some(),
            why_not: self.why_not,
        })
    }

    /// The group it stands in on a day.
    pub fn group(&self, today: Day) -> Group {
        let fades = self.valid_until.is_some_and(|last| holds(last, today) != Holds::Yes);
        match self.state() {
            State::Asked => Group::Waiting,
            State::BeingChecked => Group::BeingChecked,
            State::Answered | State::Approved if fades => Group::RunningOut,
            State::Answered => Group::ToApprove,
            State::Approved | State::NotChecked => Group::Lately,
        }
    }
}

/// The newest check of each request that is not over without a client.
const ROWS: &str = "SELECT b.id, r.reference, p.name_used AS name, b.person_id, b.coverage AS sealed, b.asked_at, b.due_at, \
    b.taken_at, b.taken_by, s.name AS taker, b.answered_at, b.why_not, b.way, b.valid_until, b.approved_at \
    FROM benefit_checks b JOIN requests r ON r.id = b.request_id JOIN people p ON p.id = COALESCE(r.was_about_id, b.person_id) \
    LEFT JOIN staff s ON s.id = b.taken_by \
    WHERE (r.closed_at IS NULL OR r.converted_at IS NOT NULL) \
    AND NOT EXISTS (SELECT 1 FROM benefit_checks n WHERE n.request_id = b.request_id AND n.id > b.id) ";

/// The rows in working order.
pub async fn rows(db: &Db, viewer: &Actor) -> Result<Vec<Row>, Error> {
    if foundation::acts::reach_of(viewer, Act::ViewBenefits) == foundation::acts::Reach::No {
        return Err(Error::Forbidden(Act::ViewBenefits));
    }
    let today = day(db.now(), Center::of(db).await?.zone);
    let (keyring, since) = (db.keyring(), db.now() - TimeDelta::days(LATELY));
    db.look(async |reader| {
        let asked = statement(reader.get_database_backend(), viewer, since, today);
        let mut rows = Row::find_by_statement(asked).all(reader).await?;
        for row in &mut rows {
            if !row.sealed.is_empty() {
                row.coverage = read(&keyring.open(reader, row.person_id, COVERAGE, &row.sealed).await?)?;
            }
        }
        rows.sort_by_key(|row| (row.group(today), order(row, today), row.id));
        Ok(rows)
    })
    .await
}

/// What is due first stands on top; of what was answered, the newest.
fn order(row: &Row, today: Day) -> i64 {
    match row.group(today) {
        Group::Waiting | Group::BeingChecked => row.due_at.timestamp_millis(),
        Group::ToApprove => row.answered_at.map_or(0, |at| at.timestamp_millis()),
        Group::RunningOut => row.valid_until.map_or(0, |last| (last - today).num_days()),
        Group::Lately => -row.answered_at.map_or(0, |at| at.timestamp_millis()),
    }
}

fn statement(backend: DbBackend, viewer: &Actor, since: Instant, today: Day) -> Statement {
    let bound = |n: usize| if backend == DbBackend::Postgres { format!("${n}") } else { format!("?{n}") };
    let (first, last) = (today - TimeDelta::days(LATELY), today + TimeDelta::days(RUNS_OUT_WITHIN));
    let sql = format!(
        "{ROWS}AND {} AND (b.answered_at IS NULL OR b.answered_at > {} OR (b.valid_until >= {} AND b.valid_until <= {})) \
         ORDER BY b.answered_at IS NOT NULL, b.due_at, b.id LIMIT {MOST}",
        seen_by(viewer, "r.confidential_to"),
        bound(1),
        bound(2),
        bound(3),
    );
    let values: [Value; 3] = [since.into(), first.into(), last.into()];
    Statement::from_sql_and_values(backend, sql, values)
}

/// Checks that nobody has taken: a number that names nobody. It is the same for everyone, so it leaves out what is
/// confidential.
pub async fn how_many_wait(reader: &impl ConnectionTrait) -> Result<u64, Error> {
    let waiting = benefit_check::Entity::find()
        .filter(benefit_check::Column::AnsweredAt.is_null())
        .filter(benefit_check::Column::TakenBy.is_null())
        .filter(Expr::cust("request_id NOT IN (SELECT id FROM requests WHERE confidential_to IS NOT NULL)"));
    Ok(waiting.count(reader).await?)
}

/// The sentence under the title: a bold part and the rest.
pub fn sentence(rows: &[Row], now: Instant, office: &Clock<'_>) -> (String, String) {
    let zone = office.zone;
    let today = day(now, zone);
    let of = |group: Group| rows.iter().filter(move |row| row.group(today) == group);
    let (waiting, running) = (of(Group::Waiting).count(), of(Group::RunningOut).count());
    let approve = match of(Group::ToApprove).count() {
        0 => None,
        1 => Some("One answer waits for a second pair of eyes.".to_owned()),
        n => Some(format!("{} answers wait for a second pair of eyes.", number(n))),
    };
    let bold = match waiting {
        0 => "No check waits for someone to take it.".to_owned(),
        1 => "One check waits.".to_owned(),
        n => format!("{} checks wait.", number(n)),
    };
    let first = of(Group::Waiting).next().map(|row| match left(now, row.due_at, office) {
        Left::Late => format!("The first is {} late.", long(row.due_at, now)),
        Left::Time(time) => format!("The first is due in {}.", long(now, now + time)),
        Left::Waits(_) => "The clock waits until the office works again.".to_owned(),
    });
    let running = match running {
        0 => None,
        1 => Some("One answer runs out.".to_owned()),
        n => Some(format!("{} answers run out.", number(n))),
    };
    (bold, first.into_iter().chain(approve).chain(running).collect::<Vec<_>>().join(" "))
}
