//! Who acts: a member of staff, an alum through a link, a visitor of the public form, or the house itself.

use std::sync::Arc;

use crate::break_glass::Window;
use crate::ids::{PersonId, StaffId};
use crate::role::Role;

/// The one who acts or looks. Never optional.
#[derive(Clone, Debug)]
pub enum Actor {
    /// A signed-in member of staff.
    Staff(StaffActor),
    /// An alum who came through a link meant for them.
    Alum(PersonId),
    /// Someone on a public page, nobody knows who.
    Visitor,
    /// Background work of the program itself.
    House,
}

/// A member of staff as far as permission and the ledger are concerned.
#[derive(Clone, Debug)]
pub struct StaffActor {
    /// Whose act it is.
    pub id: StaffId,
    /// The name shown to colleagues.
    pub name: Arc<str>,
    /// What they may do is the sum of these; a denial in one wins.
    pub roles: Arc<[Role]>,
    /// Locked records this session has opened with a reason, for as long as each stays open.
    pub opened: Arc<[Window]>,
}

impl StaffActor {
    /// The window through which a person's locked record is open, if it is.
    pub fn window(&self, person: PersonId) -> Option<&Window> {
        self.opened.iter().find(|window| window.person == person)
    }
}

impl Actor {
    /// The kind as the ledger stores it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Alum(_) => "alum",
            Self::Visitor => "visitor",
            Self::House => "house",
        }
    }

    /// The key as the ledger stores it; visitors and the house have none.
    pub fn id(&self) -> Option<uuid::Uuid> {
        match self {
            Self::Staff(staff) => Some(staff.id.0),
            Self::Alum(person) => Some(person.0),
            Self::Visitor | Self::House => None,
        }
    }

    /// The member of staff, if it is one.
    pub fn staff(&self) -> Option<&StaffActor> {
        if let Self::Staff(staff) = self { Some(staff) } else { None }
    }

    /// The key of the member of staff, if it is one.
    pub fn staff_id(&self) -> Option<StaffId> {
        self.staff().map(|s| s.id)
    }
}
