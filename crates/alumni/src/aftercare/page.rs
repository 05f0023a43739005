//! What the check-in page of one person shows: the active aftercare and every due day as it stands today.

use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Instant, PersonId, day};
use sea_orm::ConnectionTrait;

use super::{Aftercare, active};
use crate::caseload;
use crate::due::{self, Course};
use crate::living;
use crate::rules::schedule::{self, Planned, State};

/// Aftercare of someone, as of today.
#[derive(Clone, Debug)]
pub struct AftercarePage {
    pub aftercare: Aftercare,
    /// Every due day in order, with where it stands; those before aftercare counted are left out.
    pub days: Vec<(Planned, State)>,
    /// Followed more closely up to this day, after what they answered.
    pub closer_until: Option<Day>,
    /// In care again since this day: nothing is due.
    pub in_care_since: Option<Day>,
    pub today: Day,
}

impl AftercarePage {
    /// The oldest due day that is open: what a call of today is for.
    pub fn open(&self) -> Option<&Planned> {
        if self.in_care_since.is_some() {
            return None;
        }
        let open = |state: State| matches!(state, State::Due | State::Overdue);
        self.days.iter().find(|(_, state)| open(*state)).map(|(planned, _)| planned)
    }

    /// The next due day to come.
    pub fn next(&self) -> Option<&Planned> {
        if self.in_care_since.is_some() {
            return None;
        }
        self.days.iter().find(|(_, state)| *state == State::ToCome).map(|(planned, _)| planned)
    }
}

/// The active aftercare of a person; `None` when there is none, and for whoever died. Who may not see it gets [`Error::NotFound`].
pub async fn page(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
    now: Instant,
) -> Result<Option<AftercarePage>, Error> {
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, person).await?;
    let zone = Center::load(reader).await?.zone;
    let today = day(now, zone);
    if clients::person::died_at(reader, person).await?.is_some() {
        return Ok(None);
    }
    let Some(aftercare) = active(reader, person).await? else { return Ok(None) };
    let past = due::past(reader, zone, aftercare.id).await?;
    let planned = Course::from(&aftercare).planned(&past);
    let days = planned.into_iter().filter(|p| aftercare.counts_from <= p.due_on);
    let days = days.map(|p| (p, past.state(&p, today))).collect();
    let closer_until = schedule::closer_until(&past.closer_from, today);
    let in_care_since = living::in_care_since(reader, person).await?;
    Ok(Some(AftercarePage { aftercare, days, closer_until, in_care_since, today }))
}
