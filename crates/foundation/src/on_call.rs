//! The on-call list, and the one rule that says who is there at a moment: the office in its hours, whoever is on call
//! outside of them, or nobody and until when. Pages promise by it, and colleagues are written to by it.

pub mod turn;

use std::sync::Arc;

use chrono::Days;
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::json;

use crate::acts::{Act, Reach, reach_of};
use crate::calendar::{Calendar, Hours, Stretch, stretches};
use crate::center::Center;
use crate::clock::{Day, Instant, Zone};
use crate::db::Db;
use crate::error::{Error, refused};
use crate::ids::StaffId;
use crate::settings;
use crate::staff::Member;
use crate::staff::inviting::everyone;
use crate::subject::Subject;
use crate::unit::Unit;

pub use turn::{Turn, TurnId, TypedTurn};

const NAME: &str = "on_call";
/// The setting that holds the center's calendar beside its targets.
const CLOCKS: &str = "clocks";
/// Turns a center may have.
const MAX_TURNS: usize = 60;
/// What does not begin within so many days does not begin.
const HORIZON: u64 = 60;

/// The part of the center's clocks that says when someone answers.
#[derive(Deserialize)]
struct Clocks {
    calendar: Calendar,
}

/// Who is there for somebody at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhoAnswers {
    /// Someone answers: it is within the hours of the center.
    Office,
    /// The office is closed, and these colleagues are on call.
    OnCall(Vec<StaffId>),
    /// Nobody is there before this moment; `None` when nobody is there in the days ahead.
    Nobody(Option<Instant>),
}

impl WhoAnswers {
    /// Whether somebody is there at all.
    pub fn is_anyone(&self) -> bool {
        !matches!(self, Self::Nobody(_))
    }
}

/// The hours of the center and its on-call list, as everything that promises or wakes somebody goes by.
#[derive(Clone, Debug)]
pub struct OfficeHours {
    pub zone: Zone,
    pub calendar: Calendar,
    /// The turns of those who work here and look after alumni: a closed account is never on call.
    pub turns: Vec<Turn>,
}

impl OfficeHours {
    /// The hours and the list as they are set.
    pub async fn load(reader: &impl ConnectionTrait) -> Result<Self, Error> {
        let zone = Center::load(reader).await?.zone;
        let clocks: Option<(Clocks, i32)> = settings::read(reader, CLOCKS).await?;
        let calendar = clocks.map(|(clocks, _)| clocks.calendar).unwrap_or_default();
        let (mut turns, _) = list_turns(reader).await?;
        let staff = everyone(reader).await?;
        turns.retain(|turn| staff.iter().any(|one| one.id == turn.staff && may_be_on_call(one)));
        Ok(Self { zone, calendar, turns })
    }

    /// The same for pages, up to five seconds old.
    pub async fn of(db: &Db) -> Result<Arc<Self>, Error> {
        db.kept(Self::load(db.reader())).await
    }

    /// Whether someone answers at a moment, because the center is open.
    pub fn is_open(&self, at: Instant) -> bool {
        self.open_on(self.date(at)).iter().any(|(begins, ends)| *begins <= at && at < *ends)
    }

    /// The next moment at which the center is open: `from` itself when it is.
    pub fn next_open(&self, from: Instant) -> Option<Instant> {
        next(from, self.dates(from, HORIZON).flat_map(|date| self.open_on(date)))
    }

    /// Who is on call at a moment, whether or not the office is open, each once.
    pub fn on_call_at(&self, at: Instant) -> Vec<StaffId> {
        let mut all: Vec<StaffId> = Vec::new();
        for turn in self.turns.iter().filter(|turn| self.covers(turn, at)) {
            if !all.contains(&turn.staff) {
                all.push(turn.staff);
            }
        }
        all
    }

    /// Who is there at a moment, or when somebody is there again.
    pub fn who_answers(&self, at: Instant) -> WhoAnswers {
        if self.is_open(at) {
            return WhoAnswers::Office;
        }
        match self.on_call_at(at) {
            nobody if nobody.is_empty() => WhoAnswers::Nobody(self.next_anyone(at)),
            on_call => WhoAnswers::OnCall(on_call),
        }
    }

    /// The next moment at which the office is open or somebody is on call.
    pub fn next_anyone(&self, from: Instant) -> Option<Instant> {
        let all = self.dates(from, HORIZON).flat_map(|date| self.anyone_on(date));
        all.filter(|(_, ends)| *ends > from).map(|(begins, _)| begins.max(from)).min()
    }

    /// The stretches between two moments in which nobody answers and nobody is on call.
    pub fn gaps(&self, from: Instant, until: Instant) -> Vec<Stretch> {
        let days = u64::try_from((until - from).num_days()).unwrap_or(0) + 2;
        let mut covered: Vec<Stretch> =
            self.dates(from, days).flat_map(|date| self.anyone_on(date)).collect();
        covered.sort_unstable();
        let (mut gaps, mut at) = (Vec::new(), from);
        for (begins, ends) in covered {
            if begins.min(until) > at {
                gaps.push((at, begins.min(until)));
            }
            at = at.max(ends);
        }
        if at < until {
            gaps.push((at, until));
        }
        gaps
    }

    fn date(&self, at: Instant) -> Day {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The dates from the one before a moment on: a turn may have begun the evening before.
    fn dates(&self, from: Instant, days: u64) -> impl Iterator<Item = Day> + use<> {
        let first = self.date(from);
        let first = first.pred_opt().unwrap_or(first);
        (0..days + 2).map_while(move |ahead| first.checked_add_days(Days::new(ahead)))
    }

    fn open_on(&self, date: Day) -> Vec<Stretch> {
        let spans = self.calendar.spans(Hours::Answering, date);
        spans.iter().flat_map(|span| stretches(date, *span, self.zone)).collect()
    }

    fn anyone_on(&self, date: Day) -> Vec<Stretch> {
        let mut all = self.open_on(date);
        for turn in &self.turns {
            all.extend(turn.begins_on(date, &self.calendar, self.zone));
        }
        all
    }

    fn covers(&self, turn: &Turn, at: Instant) -> bool {
        let begun = self.dates(at, 0).flat_map(|date| turn.begins_on(date, &self.calendar, self.zone));
        begun.into_iter().any(|(begins, ends)| begins <= at && at < ends)
    }
}

fn next(from: Instant, mut all: impl Iterator<Item = Stretch>) -> Option<Instant> {
    all.find(|(_, ends)| *ends > from).map(|(begins, _)| begins.max(from))
}

/// Whether a colleague can be on call: works here, and looks after alumni.
pub fn may_be_on_call(one: &Member) -> bool {
    one.disabled_at.is_none() && reach_of(&one.actor(), Act::SettleFlag) != Reach::No
}

/// Every turn as it was set, also of those who left meanwhile, and the version that a change must name.
pub async fn list_turns(reader: &impl ConnectionTrait) -> Result<(Vec<Turn>, i32), Error> {
    Ok(settings::read(reader, NAME).await?.unwrap_or_default())
}

/// What is done to the list.
#[derive(Clone, Debug)]
pub enum Change {
    Add(Turn),
    Remove(TurnId),
}

/// Changes the on-call list. `version` is the one the page was shown with.
///
/// # Errors
/// [`Error::Stale`] when somebody changed it in between; a refusal for somebody who cannot be on call.
pub async fn change_turns(unit: &mut Unit, version: i32, change: Change) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let (mut turns, _) = list_turns(unit.tx()).await?;
    match change {
        Change::Add(_) if turns.len() >= MAX_TURNS => {
            return Err(refused("staff", format!("Keep at most {MAX_TURNS} turns. Delete one first.")));
        }
        Change::Add(turn) => {
            let staff = everyone(unit.tx()).await?;
            if !staff.iter().any(|one| one.id == turn.staff && may_be_on_call(one)) {
                return Err(refused("staff", "Choose someone who works here and looks after alumni."));
            }
            turns.push(turn.named(unit.id()));
        }
        Change::Remove(id) => turns.retain(|turn| turn.id != id),
    }
    settings::keep(unit, NAME, &turns, version).await?;
    unit.record(permit, json!({ "fields": ["on_call"], "turns": turns.len() }));
    Ok(())
}

#[cfg(test)]
mod tests;
