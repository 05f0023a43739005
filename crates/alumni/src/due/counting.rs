//! How many alumni are due and how many were reached: numbers for a dashboard, that name nobody.

use std::collections::HashMap;

use chrono::TimeDelta;
use foundation::center::Center;
use foundation::{Day, Error};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use super::{Course, Past, pasts};
use crate::entity::aftercare;
use crate::rules::schedule::State;

/// Days looked back for who was reached.
pub const LOOKED_BACK: i64 = 30;

/// Alumni of everyone, as of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// People in aftercare, paused ones too.
    pub in_aftercare: u64,
    /// Of them, those with an open check-in that no two-way contact has satisfied.
    pub due: u64,
    /// Check-ins that fell due in the last [`LOOKED_BACK`] days and are over: reached, or their window ended.
    pub over: u64,
    /// Of those, the ones with two-way contact.
    pub reached: u64,
}

impl Counted {
    /// What is counted as reached.
    pub const REACHED: &str = "Check-ins of everyone in aftercare that fell due in the last 30 days and are over: reached \
        when both spoke, by phone, in person or through their link, inside the window. A letter or voicemail without an \
        answer is not a contact. Check-ins of people who asked for quiet are left out.";
    /// What is counted as due.
    pub const DUE: &str =
        "People in aftercare with a check-in whose window is open and who were not spoken with yet.";
}

/// Counts, in two statements.
pub async fn count(reader: &impl ConnectionTrait, today: Day) -> Result<Counted, Error> {
    let zone = Center::load(reader).await?.zone;
    let all = aftercare::Entity::find().filter(aftercare::Column::EndedAt.is_null()).all(reader).await?;
    let pasts = pasts(reader, zone).await?;
    let nothing = Past::default();
    Ok(all.iter().fold(Counted::default(), |counted, one| {
        let past = pasts.get(&one.id).unwrap_or(&nothing);
        add(counted, &Course::from(one), past, today)
    }))
}

fn add(mut counted: Counted, course: &Course<'_>, past: &Past, today: Day) -> Counted {
    let since = today - TimeDelta::days(LOOKED_BACK);
    let begun = course.begun(past, today);
    let states: HashMap<Day, State> = begun.iter().map(|p| (p.due_on, past.state(p, today))).collect();
    let of_late = |day: &Day| since < *day && *day <= today;
    let ended = |state: &State| matches!(state, State::Reached | State::Unreached);
    let over = states.iter().filter(|(day, state)| of_late(day) && ended(state));
    let (over, reached) =
        over.fold((0, 0), |(n, r), (_, state)| (n + 1, r + u64::from(*state == State::Reached)));
    counted.in_aftercare += 1;
    counted.due += u64::from(states.values().any(|state| matches!(state, State::Due | State::Overdue)));
    counted.over += over;
    counted.reached += reached;
    counted
}
