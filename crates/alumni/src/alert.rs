//! Alerts: open red and amber flags, as those who must act on them see them. First on the day, counted in the rail, with a
//! clock, told to more people when it runs out, until somebody writes what was done.

mod escalating;
mod handling;
mod silence;

use std::collections::HashMap;

use foundation::acts::{Reach, reach_of};
use foundation::{Act, Actor, Error, Instant, PersonId, StaffId, Subject, may};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType};

use crate::caseload::{whom, with_counselor};
use crate::entity::aftercare::OpioidUse;
use crate::flag::{FlagId, FlagKind, Reasons};
use crate::rules::alert::OpenFlag;
use crate::rules::response::{Level, Reason};

pub use escalating::{JOB, escalate, notice};
pub use handling::handle;
pub use silence::raise_silences;

/// Flags read for one list, the red ones first: a center with more of them open has no list, it has a catastrophe.
const MAX_LISTED: u64 = 500;

/// An open red or amber flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub flag: FlagId,
    pub person: PersonId,
    pub reference: String,
    pub name_used: String,
    pub counselor: Option<StaffId>,
    pub supervisor: Option<StaffId>,
    pub kind: FlagKind,
    pub level: Level,
    /// Why it was raised, the weightiest first.
    pub reasons: Vec<Reason>,
    pub raised_at: Instant,
    /// By when somebody should have acted.
    pub due_at: Instant,
    /// Who said that they handle it, also when that counts no more: see [`Alert::is_handled`].
    pub handler: Option<StaffId>,
    /// Until when that counts.
    pub handled_until: Option<Instant>,
    /// As it was read, for whoever acts on it.
    pub version: i32,
}

impl Alert {
    fn open_flag(&self, opioids: bool) -> OpenFlag {
        OpenFlag { kind: self.kind, level: self.level, raised_at: self.raised_at, opioids }
    }

    /// Whether somebody handles it at a moment.
    pub fn is_handled(&self, now: Instant) -> bool {
        self.handled_until.is_some_and(|until| now < until)
    }

    /// For the permission table.
    pub(crate) fn subject(&self) -> Subject {
        Subject::of("flag", self.flag)
            .concerning(self.person)
            .cared_for_by(self.counselor, self.supervisor)
            .awaiting_counselor(self.counselor.is_none())
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: FlagId,
    person_id: PersonId,
    reference: String,
    name_used: String,
    counselor_id: Option<StaffId>,
    supervisor_id: Option<StaffId>,
    left_at: Option<Instant>,
    kind: FlagKind,
    level: Level,
    reasons: Reasons,
    raised_at: Instant,
    opioids: bool,
    handler: Option<StaffId>,
    handled_at: Option<Instant>,
    /// When the account of the handler was closed.
    handler_left_at: Option<Instant>,
    version: i32,
}

impl Row {
    fn alert(self) -> (Alert, bool) {
        let mut reasons: Vec<Reason> = self.reasons.0.iter().filter_map(|name| Reason::parse(name)).collect();
        reasons.sort_unstable();
        let opioids = self.opioids;
        let mut alert = Alert {
            flag: self.id,
            person: self.person_id,
            reference: self.reference,
            name_used: self.name_used,
            // Whoever left carries nobody: every supervisor answers for them.
            counselor: self.counselor_id.filter(|_| self.left_at.is_none()),
            supervisor: self.supervisor_id,
            kind: self.kind,
            level: self.level,
            reasons,
            raised_at: self.raised_at,
            due_at: self.raised_at,
            handler: self.handler,
            handled_until: None,
            version: self.version,
        };
        let open = alert.open_flag(opioids);
        alert.due_at = open.due_at();
        // Whoever left handles nothing any more.
        alert.handled_until = match self.handler_left_at {
            Some(left_at) => Some(left_at),
            None => self.handled_at.map(|at| open.handled_until(at)),
        };
        (alert, opioids)
    }
}

/// Open red and amber flags of everyone who lives, over `flags f`, `clients c`, `people p`, `staff s`, `flag_handlers h`,
/// `staff hs` (who handles it).
fn open_alerts() -> SelectStatement {
    let mut opioids = Query::select();
    opioids
        .expr(Expr::val(1))
        .from_as("aftercares", "a")
        .and_where(Expr::col(("a", "person_id")).equals(("f", "person_id")))
        .and_where(Expr::col(("a", "opioid_use")).eq(OpioidUse::Yes.as_str()));
    let grave = [Level::Red, Level::Amber].map(Level::as_str);
    let mut ask = Query::select();
    ask.from_as("flags", "f")
        .columns([("f", "id"), ("f", "person_id"), ("f", "kind"), ("f", "level"), ("f", "reasons")])
        .column(("f", "version"))
        .column(("f", "raised_at"))
        .columns([("c", "reference"), ("c", "counselor_id")])
        .column(("p", "name_used"))
        .column(("s", "supervisor_id"))
        .expr_as(Expr::col(("s", "disabled_at")), "left_at")
        .expr_as(Expr::col(("h", "staff_id")), "handler")
        .expr_as(Expr::col(("h", "at")), "handled_at")
        .expr_as(Expr::col(("hs", "disabled_at")), "handler_left_at")
        .expr_as(Expr::exists(opioids), "opioids")
        .join_as(JoinType::InnerJoin, "clients", "c", Expr::col(("c", "id")).equals(("f", "person_id")))
        .join_as(JoinType::InnerJoin, "people", "p", Expr::col(("p", "id")).equals(("f", "person_id")))
        .join_as(JoinType::LeftJoin, "flag_handlers", "h", Expr::col(("h", "flag_id")).equals(("f", "id")))
        .join_as(JoinType::LeftJoin, "staff", "hs", Expr::col(("hs", "id")).equals(("h", "staff_id")))
        .and_where(Expr::col(("f", "settled_at")).is_null())
        .and_where(Expr::col(("f", "level")).is_in(grave))
        // Nobody is sent to reach someone who died.
        .and_where(Expr::col(("p", "died_at")).is_null())
        // By their names: red before amber.
        .order_by(("f", "level"), Order::Desc)
        .order_by(("f", "raised_at"), Order::Asc)
        .order_by(("f", "id"), Order::Asc);
    with_counselor(&mut ask);
    ask
}

async fn load(reader: &impl ConnectionTrait, ask: &SelectStatement) -> Result<Vec<(Alert, bool)>, Error> {
    let rows = reader.query_all(ask).await?;
    rows.iter().map(|row| Ok(Row::from_query_result(row, "")?.alert())).collect()
}

/// The alerts of everyone whom `viewer` may see: red first, then what is due first. Nothing for who sees no alumni.
pub async fn list_alerts(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<Alert>, Error> {
    if reach_of(viewer, Act::ViewAlumni) == Reach::No {
        return Ok(Vec::new());
    }
    let mut ask = open_alerts();
    ask.cond_where(whom(viewer, Act::ViewAlumni, Act::SettleFlag)?).limit(MAX_LISTED);
    let mut alerts: Vec<Alert> = load(reader, &ask).await?.into_iter().map(|(alert, _)| alert).collect();
    alerts.sort_by_key(|alert| (alert.level, alert.due_at, alert.flag));
    Ok(alerts)
}

/// The open alert of one person, the gravest, for a page of the record that was let in already. The viewer must be one who
/// may see check-ins.
pub async fn find_open(reader: &impl ConnectionTrait, person: PersonId) -> Result<Option<Alert>, Error> {
    let mut ask = open_alerts();
    ask.and_where(Expr::col(("f", "person_id")).eq(person.0));
    let alerts = load(reader, &ask).await?.into_iter().map(|(alert, _)| alert);
    Ok(alerts.min_by_key(|alert| (alert.level, alert.due_at, alert.flag)))
}

/// How many alerts are open in each caseload: whose, supervised by whom, how many. Names nobody.
#[derive(Clone, Debug, Default)]
pub struct AlertCounts(Vec<(Option<StaffId>, Option<StaffId>, u64)>);

impl AlertCounts {
    /// Counts, in one statement for everyone.
    pub async fn load(reader: &impl ConnectionTrait) -> Result<Self, Error> {
        let mut of: HashMap<(Option<StaffId>, Option<StaffId>), u64> = HashMap::new();
        for (alert, _) in load(reader, &open_alerts()).await? {
            *of.entry((alert.counselor, alert.supervisor)).or_default() += 1;
        }
        Ok(Self(of.into_iter().map(|((counselor, supervisor), n)| (counselor, supervisor, n)).collect()))
    }

    /// How many of them `viewer` may see.
    pub fn of(&self, viewer: &Actor) -> u64 {
        let sees = |counselor, supervisor| {
            let subject = Subject::of("flag", Uuid::nil())
                .cared_for_by(counselor, supervisor)
                .awaiting_counselor(counselor.is_none());
            may(viewer, Act::SettleFlag, &subject)
        };
        self.0
            .iter()
            .filter(|(counselor, supervisor, _)| sees(*counselor, *supervisor))
            .map(|(.., n)| n)
            .sum()
    }
}

/// An alert somebody on call was told of and whose record is locked for them: its number, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedAlert {
    pub reference: String,
    pub level: Level,
    pub raised_at: Instant,
}

/// What `viewer` was told of, that nobody handles yet and whose record they may only open with a reason.
pub async fn list_locked(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<LockedAlert>, Error> {
    let Some(me) = viewer.staff_id() else { return Ok(Vec::new()) };
    let mut told = Query::select();
    told.expr(Expr::val(1))
        .from_as("flag_notices", "n")
        .and_where(Expr::col(("n", "flag_id")).equals(("f", "id")))
        .and_where(Expr::col(("n", "staff_id")).eq(me.0));
    let mut ask = open_alerts();
    ask.cond_where(Condition::all().add(Expr::exists(told)).add(Expr::col(("h", "staff_id")).is_null()));
    let alerts = load(reader, &ask).await?.into_iter().map(|(alert, _)| alert);
    let locked = alerts.filter(|alert| !may(viewer, Act::OpenCheckIns, &alert.subject()));
    Ok(locked
        .map(|alert| LockedAlert {
            reference: alert.reference,
            level: alert.level,
            raised_at: alert.raised_at,
        })
        .collect())
}
