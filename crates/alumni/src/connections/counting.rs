//! From rows to what may be counted. The one place where ties are chosen for counting: an unsafe tie goes in a list of its
//! own, which the rule reads for one purpose only: that it is never hidden from the staff who must ask.

use foundation::Day;
use serde::Serialize;

use super::MapState;
use crate::aftercare::Aftercare;
use crate::connection::{Connection, ConnectionId};
use crate::entity::map;
use crate::rules::connection::{Category, Contact, Kind, Nearness, Stance, SubCode, UseStatus};
use crate::rules::indicator::{self, Reading};

/// A tie as far as it is counted: no name, no note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CountedTie {
    pub id: ConnectionId,
    pub category: Category,
    pub kind: Kind,
    pub use_status: UseStatus,
    pub stance: Stance,
    pub contact: Contact,
    pub nearness: Nearness,
    /// `None` when not asked, declined or not known.
    pub reach_any_time: Option<bool>,
    /// Whether a number stands on the tie and is not known to be dead.
    pub has_phone: bool,
    /// Pets are dear and are counted nowhere.
    pub pet: bool,
}

/// Everything the indicator is made from, kept with each snapshot so that a reading can be explained later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inputs {
    pub ties: Vec<CountedTie>,
    /// Marked unsafe: in no count, no drawing and no suggestion.
    pub unsafe_ties: Vec<CountedTie>,
    pub state: MapState,
    pub confirmed_on: Option<Day>,
    /// Group sessions in 30 days; `None` when not asked.
    pub group_sessions: Option<i32>,
    /// The three-item loneliness sum, 3 to 9; `None` when not asked.
    pub ucla3: Option<i32>,
    pub ucla3_on: Option<Day>,
    /// Of the active aftercare; what is out of date depends on it (domain 4.10).
    pub discharged_on: Option<Day>,
    pub today: Day,
}

impl Inputs {
    /// The inputs of a person's rows, as of `today`.
    pub(crate) fn of(
        ties: &[Connection],
        map: Option<&map::Model>,
        aftercare: Option<&Aftercare>,
        today: Day,
    ) -> Self {
        Self {
            ties: ties.iter().filter(|tie| may_be_counted(tie)).map(counted).collect(),
            unsafe_ties: ties.iter().filter(|tie| is_unsafe_now(tie)).map(counted).collect(),
            state: map.map_or(MapState::NotAsked, |map| map.state),
            confirmed_on: map.and_then(|map| map.confirmed_on),
            group_sessions: map.and_then(|map| map.group_sessions),
            ucla3: map.and_then(|map| map.ucla3),
            ucla3_on: map.and_then(|map| map.ucla3_on),
            discharged_on: aftercare.map(|aftercare| aftercare.discharged_on),
            today,
        }
    }

    /// What the rules read. `previous` is the reading to compare with, when there is one.
    pub fn for_rules<'a>(&self, previous: Option<&'a Reading>) -> indicator::Inputs<'a> {
        indicator::Inputs {
            ties: self
                .ties
                .iter()
                .map(|tie| for_rules(tie, false))
                .chain(self.unsafe_ties.iter().map(|tie| for_rules(tie, true)))
                .collect(),
            gone_through: self.state.is_done(),
            confirmed_on: self.confirmed_on,
            group_sessions: self.group_sessions.and_then(|n| u32::try_from(n).ok()),
            loneliness: self.ucla3.zip(self.ucla3_on),
            discharged_on: self.discharged_on,
            previous,
            today: self.today,
        }
    }
}

fn for_rules(tie: &CountedTie, harmful: bool) -> indicator::Tie {
    indicator::Tie {
        category: tie.category,
        kind: tie.kind,
        use_status: tie.use_status,
        stance: tie.stance,
        contact: tie.contact,
        nearness: tie.nearness,
        reach_any_time: tie.reach_any_time,
        has_phone: tie.has_phone,
        pet: tie.pet,
        harmful,
    }
}

/// Whether a tie may be in a count, a drawing that leaves, or a suggestion.
pub(crate) fn may_be_counted(tie: &Connection) -> bool {
    tie.unsafe_at.is_none() && tie.ended_at.is_none()
}

/// Whether a tie is there and marked unsafe.
fn is_unsafe_now(tie: &Connection) -> bool {
    tie.unsafe_at.is_some() && tie.ended_at.is_none()
}

fn counted(tie: &Connection) -> CountedTie {
    CountedTie {
        id: tie.id,
        category: tie.category,
        kind: tie.kind,
        use_status: tie.use_status,
        stance: tie.stance,
        contact: tie.contact,
        reach_any_time: tie.reach_any_time.answer(),
        nearness: Nearness::of(tie.nearness).unwrap_or(Nearness::LessClose),
        has_phone: tie.phone.is_some() && tie.has_current_phone.answer() != Some(false),
        pet: tie.sub_code.as_deref() == Some(SubCode::Pet.as_str()),
    }
}
