//! A connection: one person, group, place or professional in someone's life, as that someone sees it (domain 4.9).
//! Names of third parties are kept to the minimum and sealed; what is counted is plain.

mod changing;
mod ending;
mod recording;

use consent::contact_point::NewContactPoint;
use foundation::{Day, Error, Faults, PersonId, Unit};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::entity;
use crate::rules::connection::{Category, Contact, Kind, Stance, Tie, UseStatus};

pub use changing::{change, mark_safe, mark_unsafe};
pub use ending::end;
pub use entity::connection::Model as Connection;
pub use recording::record;

/// Where a label is sealed.
pub(crate) const LABEL: &str = "connections.label";
/// Where a note is sealed.
pub(crate) const NOTE: &str = "connections.note";
/// Where a phone number is sealed.
pub(crate) const PHONE: &str = "connections.phone";

foundation::id! {
    /// A connection.
    ConnectionId
}

foundation::words! {
    /// A yes or no that may not be known: none of the other three means no.
    pub enum Known {
        Yes = "yes", "yes",
        No = "no", "no",
        Unknown = "unknown", "not known",
        Declined = "declined", "rather not say",
        NotAsked = "not_asked", "not asked yet",
    }
}

impl Known {
    /// What a rule may count: `None` unless it was answered yes or no.
    pub fn answer(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Unknown | Self::Declined | Self::NotAsked => None,
        }
    }
}

foundation::words! {
    /// Who told us of a tie.
    pub enum ReportedBy {
        Alum = "self", "in their own words",
        Staff = "staff", "noted by staff",
    }
}

foundation::words! {
    /// How the two met.
    pub enum MetAt {
        InTreatment = "in_treatment", "in treatment",
        Group = "group", "in a group",
        Family = "family", "family",
        Work = "work", "at work",
        School = "school", "at school",
        Faith = "faith", "through faith",
        Neighborhood = "neighborhood", "in the neighborhood",
        Online = "online", "online",
        Other = "other", "another way",
    }
}

foundation::words! {
    /// Why a tie is no longer in the person's life.
    pub enum EndReason {
        LostTouch = "lost_touch", "lost touch",
        MovedAway = "moved_away", "moved away",
        Chosen = "chosen", "ended by choice",
        GroupClosed = "group_closed", "the group or place closed",
        Died = "died", "died",
        WrittenByMistake = "written_by_mistake", "written down by mistake",
    }
}

/// Everything staff write about a tie, before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What the person calls it: a first name or a group's name is enough.
    pub label: String,
    pub note: Option<String>,
    /// The number to call them by, as typed; kept as it is dialed.
    pub phone: Option<String>,
    pub category: Category,
    /// One of the codes of the category, when it helps.
    pub sub_code: Option<String>,
    pub kind: Kind,
    pub use_status: UseStatus,
    pub stance: Stance,
    pub contact: Contact,
    pub tie: Tie,
    /// 1 far, 2 near, 3 nearest.
    pub nearness: i32,
    pub reach_any_time: Known,
    pub has_current_phone: Known,
    pub how_met: Option<MetAt>,
    pub reported_by: ReportedBy,
    pub since_on: Option<Day>,
    pub last_contact_on: Option<Day>,
    pub may_be_printed: bool,
    /// The same human as a person of this house; internal only.
    pub linked_person_id: Option<PersonId>,
}

/// Facts that were checked: they can be kept as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConnection(Facts);

impl NewConnection {
    /// Checks what was written. Faults are named after the fields.
    pub fn parse(mut facts: Facts) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        facts.label = plain(&facts.label);
        facts.note = facts.note.as_deref().map(plain_lines).filter(|note| !note.is_empty());
        if facts.label.is_empty() || facts.label.chars().count() > 80 {
            faults.add("label", "Write what they call this person or group, up to 80 characters");
        }
        if facts.note.as_ref().is_some_and(|note| note.chars().count() > 2000) {
            faults.add("note", "Shorten the note to 2,000 characters");
        }
        match facts.phone.as_deref().map(str::trim).filter(|typed| !typed.is_empty()) {
            None => facts.phone = None,
            Some(typed) => match NewContactPoint::phone(typed) {
                Ok(point) => facts.phone = Some(point.value().to_owned()),
                Err(of_phone) => {
                    faults.add(
                        "phone",
                        of_phone.of("phone").unwrap_or("Enter a phone number, like (212) 555-0143"),
                    );
                }
            },
        }
        if !(1..=3).contains(&facts.nearness) {
            faults.add("nearness", "Choose how near: 1, 2 or 3");
        }
        if facts.sub_code.as_deref().is_some_and(|code| !facts.category.sub_codes().contains(&code)) {
            faults.add("sub_code", "Choose one from the list of this kind");
        }
        if let (Some(since), Some(last)) = (facts.since_on, facts.last_contact_on)
            && last < since
        {
            faults.add("last_contact_on", "Last contact cannot be before they met");
        }
        faults.or(|| Self(facts))
    }

    fn facts(self) -> Facts {
        self.0
    }
}

/// One line: no control characters, no space around it.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// Lines may stay; other control characters go.
fn plain_lines(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect::<String>().trim().to_owned()
}

/// One connection, for an act that has just been asked to touch it.
async fn one(reader: &impl ConnectionTrait, id: ConnectionId) -> Result<Connection, Error> {
    entity::connection::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)
}

/// Seals what was written, when something was.
async fn seal_if(
    unit: &Unit,
    person: PersonId,
    place: &str,
    text: Option<&str>,
) -> Result<Option<Vec<u8>>, Error> {
    match text {
        Some(text) => Ok(Some(unit.seal(person, place, text).await?)),
        None => Ok(None),
    }
}
