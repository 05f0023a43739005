//! The inbox: every open request in its group, one statement for the rows, safety first, then what is due.

pub mod counting;
pub mod filter;
pub mod saving;

use clients::rules::tags::Tagged;
use consent::Reaching;
use consent::contact_rules::CallHours;
use consent::rules::contact::{Hours, Permission, Voicemail};
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Db, Error, Instant, PersonId, StaffId, Zone};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use crate::entity::request::{self, RequestId};
use crate::inbox::filter::Filter;
use crate::request::NEXT_STEP;
use crate::rules::countdown::{Countdown, countdown};
use crate::rules::danger_hours::{DangerHours, OutsideHours};
use crate::rules::due::Clocks;
use crate::rules::source::SourceKind;
use crate::rules::standing::{Facts, Group, Stand, group};
use crate::rules::waiting::WhyWaiting;
use crate::rules::words::{Channel, Disposition, ForWhom, Urgency};

foundation::words! {
    /// Whose requests.
    pub enum View {
        Everyone = "everyone", "Everyone",
        Mine = "mine", "Mine",
        Nobodys = "nobodys", "Nobody’s",
        Overdue = "overdue", "Overdue",
        Snoozed = "snoozed", "Put aside",
        CheckIn = "check_in", "Ask how it goes",
        Closed = "closed", "Closed",
    }
}

impl View {
    /// Whether an open request stands in this view at this moment. What is put aside stands in no other one.
    pub fn holds(self, row: &Row, me: Option<StaffId>, now: Instant) -> bool {
        match self {
            Self::Snoozed => row.is_snoozed(now),
            Self::Closed | Self::CheckIn => false,
            _ if row.is_snoozed(now) => false,
            Self::Everyone => true,
            Self::Mine => row.owner_id.is_some() && row.owner_id == me,
            Self::Nobodys => row.owner_id.is_none(),
            Self::Overdue => row.is_overdue(now),
        }
    }

    /// The same as a condition of the database, on `requests r`.
    fn condition(self, me: Option<Uuid>, now: Instant, mut bound: impl FnMut(Value) -> String) -> String {
        if self == Self::CheckIn {
            return format!("r.check_in_at <= {}", bound(now.into()));
        }
        if self == Self::Closed {
            return "r.closed_at IS NOT NULL".to_owned();
        }
        let asleep = format!("r.snoozed_until > {}", bound(now.into()));
        let awake = format!("r.closed_at IS NULL AND (r.snoozed_until IS NULL OR NOT {asleep})");
        match self {
            Self::Everyone => awake,
            Self::Mine => format!("{awake} AND r.owner_id = {}", bound(me.into())),
            Self::Nobodys => format!("{awake} AND r.owner_id IS NULL"),
            Self::Overdue => {
                let now = bound(now.into());
                format!(
                    "{awake} AND (r.next_step_at <= {now} OR (r.next_step_at IS NULL AND r.reached_at IS NULL \
                     AND r.attempts = 0 AND r.due_at <= {now}))"
                )
            }
            _ => format!("r.closed_at IS NULL AND {asleep}"),
        }
    }
}

/// Which requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of a view.
    View(View),
    /// All that are open, also those put aside.
    Open,
    /// Those of a filter.
    Filtered(Filter),
    /// Open ones that nobody tried to answer yet, which arrived after one moment and until another.
    Waiting { after: Option<Instant>, until: Instant },
    /// Those that arrived from one moment until another, wrong numbers and duplicates left out; of them, only those
    /// that became clients.
    Received { from: Instant, until: Instant, converted: bool },
}

impl From<View> for Which {
    fn from(view: View) -> Self {
        Self::View(view)
    }
}

impl Which {
    /// Whether the newest stand on top: what is over is looked back on, what is open is worked.
    fn looks_back(self) -> bool {
        matches!(self, Self::View(View::Closed) | Self::Received { .. })
    }

    fn statement(self, backend: DbBackend, viewer: &Actor, now: Instant, before: Option<Place>) -> Statement {
        let me = viewer.staff_id().map(|staff| staff.0);
        let mut values: Vec<Value> = Vec::new();
        let mut bound = |value: Value| {
            values.push(value);
            if backend == DbBackend::Postgres {
                format!("${}", values.len())
            } else {
                format!("?{}", values.len())
            }
        };
        let mut which = match self {
            Self::View(view) => view.condition(me, now, &mut bound),
            Self::Open => "r.closed_at IS NULL".to_owned(),
            Self::Filtered(filter) => filter.condition(me, now, &mut bound),
            Self::Waiting { after, until } => {
                let after = after.map(|at| format!(" AND r.received_at > {}", bound(at.into())));
                let until = bound(until.into());
                let after = after.unwrap_or_default();
                format!("r.closed_at IS NULL AND r.attempts = 0 AND r.received_at <= {until}{after}")
            }
            Self::Received { from, until, converted } => format!(
                "r.received_at >= {} AND r.received_at < {} AND \
                 COALESCE(r.disposition, '') NOT IN ('spam_wrong_number', 'duplicate'){}",
                bound(from.into()),
                bound(until.into()),
                if converted { " AND r.converted_at IS NOT NULL" } else { "" }
            ),
        };
        let by = if self == Self::View(View::Closed) { "r.closed_at" } else { "r.received_at" };
        if let Some((at, id)) = before.filter(|_| self.looks_back()) {
            let (at, id) = (bound(at.into()), bound(id.0.into()));
            which = format!("{which} AND ({by}, r.id) < ({at}, {id})");
        }
        let order = if self == Self::View(View::CheckIn) {
            "r.check_in_at, r.id".into()
        } else if self.looks_back() {
            format!("{by} DESC, r.id DESC")
        } else {
            format!("{FIRST}, r.due_at, r.id")
        };
        let seen = seen_by(viewer, "r.confidential_to");
        let sql = format!("{ROWS}WHERE {which} AND {seen} ORDER BY {order} LIMIT {MOST}");
        Statement::from_sql_and_values(backend, sql, values)
    }
}

/// Where a list that looks back goes on: the moment its last row is sorted by, and its key.
pub type Place = (Instant, RequestId);

/// Rows shown at once. More than this open is a bad day, and the oldest are still on top.
pub const MOST: usize = 200;

/// Who may be in danger comes first, however many others are late: a list that is cut off must not cut them off. Written
/// as its index is (`m15_snooze`).
const FIRST: &str = "CASE r.urgency WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END";

/// One row.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: RequestId,
    pub reference: String,
    pub name: String,
    /// The tag of the language the caller wants to be spoken to in.
    pub language: String,
    pub for_whom: ForWhom,
    pub channel: Channel,
    pub urgency: Urgency,
    pub outside_hours: Option<OutsideHours>,
    /// The name of the zone the caller lives in, when they told us, or their number is from.
    pub lives_in: Option<String>,
    pub received_at: Instant,
    pub due_at: Instant,
    pub reached_at: Option<Instant>,
    /// What was promised.
    #[sea_orm(skip)]
    pub next_step: Option<String>,
    prospective_id: PersonId,
    sealed_step: Option<Vec<u8>>,
    pub next_step_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    pub disposition: Option<Disposition>,
    pub check_in_at: Option<Instant>,
    pub attempts: i32,
    pub snoozed_until: Option<Instant>,
    pub woke_at: Option<Instant>,
    pub owner_id: Option<StaffId>,
    pub owner: Option<String>,
    pub call: Option<Permission>,
    pub voicemail: Option<Voicemail>,
    call_hours: Option<CallHours>,
    caller_id: PersonId,
    pub waiting_until: Option<Instant>,
    pub waiting_why: Option<WhyWaiting>,
    /// Where they came from, as far as somebody knows.
    pub source: Option<SourceKind>,
    /// Whether only a few know of it, of whom the viewer is one.
    pub confidential: bool,
    /// The center's words on it.
    pub tags: Option<Tagged>,
}

impl Row {
    /// The group it stands in.
    pub fn group(&self) -> Group {
        group(&Facts {
            urgency: self.urgency,
            reached: self.reached_at.is_some(),
            attempts: self.attempts,
            next_step_at: self.next_step_at,
            closed: self.closed_at.is_some(),
        })
    }

    /// Whether it is put aside at this moment.
    pub fn is_snoozed(&self, now: Instant) -> bool {
        self.closed_at.is_none() && self.snoozed_until.is_some_and(|until| until > now)
    }

    /// The hours in which the caller may be called.
    pub fn hours(&self) -> Option<&Hours> {
        self.call_hours.as_ref().and_then(|hours| hours.0.as_ref())
    }

    /// Where the clock hangs by which they named their hours.
    fn theirs(&self) -> Option<Zone> {
        self.lives_in.as_ref().and_then(|name| name.parse().ok())
    }

    /// How danger and hours stand to each other, where both do.
    pub fn danger_hours(&self, now: Instant, zone: Zone) -> Option<DangerHours> {
        let hours = self.hours().filter(|_| self.reached_at.is_none() && self.closed_at.is_none());
        let theirs = self.theirs().unwrap_or(zone);
        DangerHours::of((self.urgency, self.outside_hours), hours, now, theirs)
    }

    /// For what of theirs it waits at this moment, and until when at most.
    pub fn waits_for(&self, now: Instant) -> Option<(WhyWaiting, Instant)> {
        self.waiting_why.zip(self.waiting_until.filter(|until| *until > now))
    }

    /// How the clock of its first call stands at a moment.
    pub fn countdown(&self, clocks: &Clocks, zone: Zone, now: Instant) -> Countdown {
        let clock = clocks.clock(zone, (self.channel, self.urgency), self.hours()).read_in(self.theirs());
        countdown(&clock, self.waits_for(now), self.due_at, now)
    }

    /// Since when it is awake again and waits for somebody to go on with it.
    pub fn woke(&self, now: Instant) -> Option<Instant> {
        self.woke_at.or(self.snoozed_until.filter(|until| *until <= now))
    }

    /// Whether a promise, or the first call, is late.
    pub fn is_overdue(&self, now: Instant) -> bool {
        match self.next_step_at {
            Some(at) => at <= now,
            None => self.reached_at.is_none() && self.attempts == 0 && self.due_at <= now,
        }
    }
}

const ROWS: &str = "SELECT r.id, r.reference, p.name_used AS name, p.language, p.zone AS lives_in, r.for_whom, r.channel, r.urgency, r.outside_hours, r.received_at, \
    r.due_at, r.reached_at, r.prospective_id, r.caller_id, r.next_step AS sealed_step, r.next_step_at, r.closed_at, r.disposition, r.check_in_at, r.attempts, r.snoozed_until, r.woke_at, r.owner_id, \
    s.name AS owner, c.call, c.voicemail, c.call_hours, r.waiting_until, r.confidential_to IS NOT NULL AS confidential, r.tags, w.why AS waiting_why, t.kind AS source \
    FROM requests r JOIN people p ON p.id = r.caller_id LEFT JOIN staff s ON s.id = r.owner_id \
    LEFT JOIN contact_rules c ON c.person_id = r.caller_id \
    LEFT JOIN touches t ON t.request_id = r.id AND t.is_primary AND t.ended_at IS NULL \
    LEFT JOIN pauses w ON w.request_id = r.id AND w.ended_at IS NULL AND r.waiting_until IS NOT NULL ";

/// The rows of a view, in working order: group, urgency, what is due first. What looks back has the newest on top and
/// goes on from a place.
pub async fn rows(
    db: &Db,
    viewer: &Actor,
    which: impl Into<Which>,
    before: Option<Place>,
) -> Result<Vec<Row>, Error> {
    if foundation::acts::reach_of(viewer, Act::ViewInbox) == foundation::acts::Reach::No {
        return Err(Error::Forbidden(Act::ViewInbox));
    }
    let which = which.into();
    let asked = which.statement(db.reader().get_database_backend(), viewer, db.now(), before);
    let mut rows = Row::find_by_statement(asked).all(db.reader()).await?;
    for row in &mut rows {
        // The keys of those who wait are in memory after the first look.
        if let Some(sealed) = row.sealed_step.take() {
            match db.keyring().open(db.reader(), row.prospective_id, NEXT_STEP, &sealed).await {
                Ok(what) => row.next_step = Some(what),
                // One text that cannot be read must not hide everyone else who waits.
                Err(Error::Broken(why)) => {
                    tracing::error!(request = %row.id, why, "a next step cannot be read");
                }
                Err(other) => return Err(other),
            }
        }
    }
    // Where something was said of one number alone, the row says what holds at the one to call.
    let callers = rows.iter().map(|row| row.caller_id);
    let particular = Reaching::of_particular(db.reader(), callers).await?;
    for row in &mut rows {
        let Some(rules) = particular.get(&row.caller_id).and_then(Reaching::rules_to_call) else { continue };
        row.call = Some(rules.call);
        row.voicemail = Some(rules.voicemail);
        row.call_hours = Some(rules.call_hours);
    }
    // Whoever named hours named them by the clock on their own wall.
    let named = rows.iter().filter(|row| row.hours().is_some() && row.lives_in.is_none());
    let zones = consent::reaching::zones_by_number(db.reader(), named.map(|row| row.caller_id)).await?;
    for row in &mut rows {
        if let Some(zone) = zones.get(&row.caller_id).filter(|_| row.lives_in.is_none()) {
            row.lives_in = Some(zone.name().to_owned());
        }
    }
    if !which.looks_back() {
        let now = db.now();
        rows.sort_by_key(|r| {
            let asleep = r.woke(now).is_none();
            (r.group(), asleep, r.urgency.rank(), r.next_step_at.unwrap_or(r.due_at), r.id)
        });
    }
    Ok(rows)
}

/// Where a list that looks back goes on after these rows, if it does.
pub fn goes_on(which: Which, rows: &[Row]) -> Option<Place> {
    let last = rows.last().filter(|_| rows.len() == MOST && which.looks_back())?;
    let at = if which == Which::View(View::Closed) { last.closed_at? } else { last.received_at };
    Some((at, last.id))
}

/// Open requests that nobody has taken: a number that names nobody. It is the same for everyone, so it leaves out what is
/// confidential.
pub async fn how_many_untaken(reader: &impl ConnectionTrait) -> Result<u64, Error> {
    let untaken = request::Entity::find()
        .filter(request::Column::ClosedAt.is_null())
        .filter(request::Column::OwnerId.is_null())
        .filter(request::Column::ConfidentialTo.is_null());
    Ok(untaken.count(reader).await?)
}

/// How the inbox stands, of the rows of everyone.
pub fn stand(rows: &[Row]) -> Stand {
    let of = |g: Group| rows.iter().filter(move |r| r.group() == g);
    let longest = of(Group::FirstCall).min_by_key(|r| r.received_at);
    Stand {
        safety: of(Group::Safety).count(),
        first_call: of(Group::FirstCall).count(),
        promised: of(Group::Promised).count(),
        longest: longest.map(|r| (clients::person::shown(&r.name), r.received_at)),
    }
}

/// The request that should be worked next by this viewer: the first that is nobody's or the viewer's own, and whose clock
/// does not stand at this moment.
pub fn next_for<'a>(
    rows: &'a [Row],
    me: Option<StaffId>,
    clocks: &Clocks,
    zone: Zone,
    now: Instant,
) -> Option<&'a Row> {
    let is_mine = |row: &Row| row.owner_id.is_none() || row.owner_id == me;
    let stands = |row: &Row| {
        row.group() == Group::FirstCall
            && matches!(row.countdown(clocks, zone, now), Countdown::Waits(..) | Countdown::Rests(_))
    };
    rows.iter().find(|row| is_mine(row) && !stands(row))
}

/// The sentence under the title, of the rows of everyone.
pub fn sentence_of(rows: &[Row], now: Instant) -> (String, String) {
    crate::rules::standing::sentence(&stand(rows), now)
}
