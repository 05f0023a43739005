//! What an act is about, with just what permission and the ledger need to know of it.

use uuid::Uuid;

use crate::actor::Actor;
use crate::ids::{PersonId, StaffId};

/// The thing acted on, the person it concerns, and whose caseload that person is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// One word for the kind of thing, as in its table: `request`, `client`, `episode`, `message` …
    pub kind: &'static str,
    /// Its key; nil for the center as a whole.
    pub id: Uuid,
    /// The person whose record it belongs to.
    pub person: Option<PersonId>,
    /// The counselor who carries that person in the caseload.
    pub counselor: Option<StaffId>,
    /// The supervisor of that counselor.
    pub supervisor: Option<StaffId>,
    /// There is a record and no counselor who works here carries it: every supervisor answers for it.
    pub awaits_counselor: bool,
    /// The only colleagues who may know that it is there, when it is confidential.
    pub(crate) known_to: Option<Vec<StaffId>>,
}

impl Subject {
    /// A thing with a key.
    pub fn of(kind: &'static str, id: impl Into<Uuid>) -> Self {
        Self {
            kind,
            id: id.into(),
            person: None,
            counselor: None,
            supervisor: None,
            awaits_counselor: false,
            known_to: None,
        }
    }

    /// The center as a whole: settings, lists, staff in general.
    pub fn center() -> Self {
        Self::of("center", Uuid::nil())
    }

    /// The person whose record it belongs to.
    #[must_use]
    pub fn concerning(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }

    /// Whose caseload the person is in.
    #[must_use]
    pub fn cared_for_by(mut self, counselor: Option<StaffId>, supervisor: Option<StaffId>) -> Self {
        self.counselor = counselor;
        self.supervisor = supervisor;
        self
    }

    /// Whether a record is without a counselor: nobody was chosen yet, or whoever carried it works here no more.
    #[must_use]
    pub fn awaiting_counselor(mut self, awaits: bool) -> Self {
        self.awaits_counselor = awaits;
        self
    }

    /// In the care of the same colleagues as this record.
    #[must_use]
    pub fn cared_for_as(self, care: &Self) -> Self {
        self.cared_for_by(care.counselor, care.supervisor).awaiting_counselor(care.awaits_counselor)
    }

    /// The only colleagues who may know that it is there; `None` when it is not confidential.
    #[must_use]
    pub fn known_only_to(mut self, staff: Option<&[StaffId]>) -> Self {
        self.known_to = staff.map(<[StaffId]>::to_vec);
        self
    }

    /// The same, as if it were not confidential.
    #[must_use]
    pub fn known_to_everyone(self) -> Self {
        self.known_only_to(None)
    }

    /// Whether `actor` must not know that it is there.
    pub fn is_kept_from(&self, actor: &Actor) -> bool {
        match (&self.known_to, actor) {
            (Some(known_to), Actor::Staff(staff)) => !known_to.contains(&staff.id),
            _ => false,
        }
    }
}
