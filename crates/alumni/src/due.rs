//! What is due: check-ins derived from discharge date, track and answers, so that a discharge date that moves, moves
//! them.

mod counting;

use std::collections::HashMap;

use foundation::center::Center;
use foundation::{Day, Error, Instant, PersonId, Zone, day};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType};

use crate::aftercare::{Aftercare, AftercareId};
use crate::check_in::Outcome;
use crate::entity::aftercare;
use crate::flag::FlagKind;
use crate::living;
use crate::rules::response::Level;
use crate::rules::schedule::{self, Planned, Slot, State, Track};

pub use counting::{Counted, LOOKED_BACK, Over, count, over};

/// A check-in that someone should be asked for: what mail is queued from. Aftercare and due day are its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueCheckIn {
    pub person: PersonId,
    pub aftercare: AftercareId,
    pub due_on: Day,
    /// First and last day on which reaching them counts for this check-in.
    pub window: (Day, Day),
}

/// What happened in an aftercare as far as it matters to what is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Past {
    /// Days of two-way contact.
    pub(crate) contacts: Vec<Day>,
    /// When check-ins were tried, by their due days. A number that was not theirs is no try.
    pub(crate) tries: HashMap<Day, Vec<Slot>>,
    /// Days of answers after which someone is followed more closely for four weeks.
    pub(crate) closer_from: Vec<Day>,
    /// Days of red answers.
    pub(crate) red_on: Vec<Day>,
}

impl Past {
    /// Whether someone should still be asked for it on `today`: its window has begun and is not over, nobody spoke
    /// with them, and it was not tried as often as is right.
    pub(crate) fn is_open(&self, planned: &Planned, today: Day) -> bool {
        matches!(self.state(planned, today), State::Due | State::Overdue)
    }

    /// Check-ins in a row, up to the newest one over, that had no two-way contact.
    pub(crate) fn unreached(&self, planned: &[Planned], today: Day) -> usize {
        let states = planned.iter().rev().map(|p| self.state(p, today));
        let over = states.filter(|state| matches!(state, State::Reached | State::Unreached));
        over.take_while(|state| *state == State::Unreached).count()
    }

    pub(crate) fn state(&self, planned: &Planned, today: Day) -> State {
        let tries = self.tries.get(&planned.due_on).map_or(&[][..], Vec::as_slice);
        schedule::state(planned, &self.contacts, tries, today)
    }

    /// The oldest open call that follows a red answer: the next day, and three and seven days after it. Neither a pause nor
    /// another track puts it off.
    pub(crate) fn after_red(&self, planned: &[Planned], today: Day) -> Option<Day> {
        let days: Vec<Day> = self.red_on.iter().flat_map(|on| schedule::after_red(*on)).collect();
        let mut due = planned.iter().filter(|p| days.contains(&p.due_on) && self.is_open(p, today));
        due.next().map(|p| p.due_on)
    }
}

/// What an aftercare's due days are made from.
pub(crate) struct Course<'a> {
    pub(crate) track: Track,
    pub(crate) own_days: &'a [u16],
    pub(crate) discharged_on: Day,
    pub(crate) counts_from: Day,
}

impl<'a> From<&'a Aftercare> for Course<'a> {
    fn from(aftercare: &'a Aftercare) -> Self {
        Self {
            track: aftercare.track,
            own_days: &aftercare.custom_days.0,
            discharged_on: aftercare.discharged_on,
            counts_from: aftercare.counts_from,
        }
    }
}

impl Course<'_> {
    /// Every due day in order, from the first to the last, also those before `counts_from`.
    pub(crate) fn planned(&self, past: &Past) -> Vec<Planned> {
        schedule::followed(self.track, self.own_days, self.discharged_on, &past.closer_from)
    }

    /// The due days that count and whose windows have begun.
    pub(crate) fn begun(&self, past: &Past, today: Day) -> Vec<Planned> {
        let mut all = self.planned(past);
        all.retain(|p| self.counts_from <= p.due_on && p.window_from <= today);
        all
    }
}

/// Check-ins whose window is open on `today`, that no two-way contact has satisfied and that were tried less than three
/// times: of everyone in aftercare who lives, is not in care again and did not ask for quiet. Four statements, however
/// many alumni there are.
pub async fn due(reader: &impl ConnectionTrait, today: Day) -> Result<Vec<DueCheckIn>, Error> {
    let zone = Center::load(reader).await?.zone;
    let all = aftercare::Entity::find()
        .filter(aftercare::Column::EndedAt.is_null())
        .filter(aftercare::Column::CountsFrom.lte(today))
        .filter(living::alive(Expr::col(aftercare::Column::PersonId)))
        .all(reader)
        .await?;
    let in_care = living::in_care(reader).await?;
    let mut pasts = pasts(reader, zone).await?;
    let at_home = all.iter().filter(|aftercare| !in_care.contains_key(&aftercare.person_id));
    let open = at_home.flat_map(|aftercare| {
        let past = pasts.remove(&aftercare.id).unwrap_or_default();
        let begun = Course::from(aftercare).begun(&past, today);
        begun.into_iter().filter(move |p| past.is_open(p, today)).map(|p| DueCheckIn {
            person: aftercare.person_id,
            aftercare: aftercare.id,
            due_on: p.due_on,
            window: (p.window_from, p.window_to),
        })
    });
    Ok(open.collect())
}

#[derive(FromQueryResult)]
struct Seen {
    aftercare_id: AftercareId,
    reached_at: Option<Instant>,
    raised_at: Option<Instant>,
    level: Option<Level>,
}

#[derive(FromQueryResult)]
struct Tried {
    aftercare_id: AftercareId,
    due_on: Day,
    at: Instant,
}

/// Of which aftercares it is asked what happened.
#[derive(Clone, Copy)]
enum Of<'a> {
    Active,
    These(&'a [AftercareId]),
}

impl Of<'_> {
    /// Leaves only their check-ins, over `check_ins i`.
    fn only(self, ask: &mut SelectStatement) {
        match self {
            Self::Active => {
                let is = Expr::col(("a", "id")).equals(("i", "aftercare_id"));
                ask.join_as(JoinType::InnerJoin, "aftercares", "a", is)
                    .and_where(Expr::col(("a", "ended_at")).is_null());
            }
            Self::These(keys) => {
                ask.and_where(Expr::col(("i", "aftercare_id")).is_in(keys.iter().copied()));
            }
        }
    }
}

/// What happened in every active aftercare, in two statements.
pub(crate) async fn pasts(
    reader: &impl ConnectionTrait,
    zone: Zone,
) -> Result<HashMap<AftercareId, Past>, Error> {
    told(reader, Of::Active, zone).await
}

/// Aftercares that are asked for by key; for more of them everyone is read at once.
const BY_KEY: usize = 500;

/// What happened in these aftercares, in two statements: a counselor's list costs what the caseload costs, however many
/// alumni the center has.
pub(crate) async fn pasts_of(
    reader: &impl ConnectionTrait,
    zone: Zone,
    aftercares: &[AftercareId],
) -> Result<HashMap<AftercareId, Past>, Error> {
    let of = if aftercares.len() > BY_KEY { Of::Active } else { Of::These(aftercares) };
    told(reader, of, zone).await
}

/// What happened in one aftercare.
pub(crate) async fn past(
    reader: &impl ConnectionTrait,
    zone: Zone,
    aftercare: AftercareId,
) -> Result<Past, Error> {
    Ok(told(reader, Of::These(&[aftercare]), zone).await?.remove(&aftercare).unwrap_or_default())
}

/// Check-ins with the flags their answers raised: more than one where something grave was said again after somebody had
/// settled the first, and then the check-in comes as often, which changes nothing of it.
fn seen(of: Of<'_>) -> SelectStatement {
    let closer = Level::ALL.iter().filter(|level| level.steps_up()).map(|level| level.as_str());
    let raised_by_answers = Expr::col(("f", "check_in_id"))
        .equals(("i", "id"))
        .and(Expr::col(("f", "kind")).eq(FlagKind::Answers.as_str()))
        .and(Expr::col(("f", "level")).is_in(closer));
    let mut ask = Query::select();
    ask.from_as("check_ins", "i")
        .columns([("i", "aftercare_id"), ("i", "reached_at")])
        .columns([("f", "raised_at"), ("f", "level")])
        .join_as(JoinType::LeftJoin, "flags", "f", raised_by_answers);
    of.only(&mut ask);
    ask
}

/// Tries, the first one first. A number that was not theirs reached nobody, and is not one of the three.
fn tried(of: Of<'_>) -> SelectStatement {
    let mut ask = Query::select();
    ask.from_as("check_in_attempts", "t")
        .columns([("i", "aftercare_id"), ("i", "due_on")])
        .column(("t", "at"))
        .join_as(JoinType::InnerJoin, "check_ins", "i", Expr::col(("i", "id")).equals(("t", "check_in_id")))
        .and_where(Expr::col(("t", "outcome")).ne(Outcome::WrongNumber.as_str()))
        .order_by(("t", "at"), Order::Asc);
    of.only(&mut ask);
    ask
}

async fn told(
    reader: &impl ConnectionTrait,
    which: Of<'_>,
    zone: Zone,
) -> Result<HashMap<AftercareId, Past>, Error> {
    let mut of: HashMap<AftercareId, Past> = HashMap::new();
    for row in reader.query_all(&seen(which)).await? {
        let row = Seen::from_query_result(&row, "")?;
        let past = of.entry(row.aftercare_id).or_default();
        past.contacts.extend(row.reached_at.map(|at| day(at, zone)));
        past.closer_from.extend(row.raised_at.map(|at| day(at, zone)));
        let red = row.raised_at.filter(|_| row.level == Some(Level::Red));
        past.red_on.extend(red.map(|at| day(at, zone)));
    }
    for row in reader.query_all(&tried(which)).await? {
        let row = Tried::from_query_result(&row, "")?;
        let past = of.entry(row.aftercare_id).or_default();
        past.tries.entry(row.due_on).or_default().push(Slot::at(row.at, zone));
    }
    Ok(of)
}
