//! What is confidential: a thing that only a few colleagues know of. The list of them is kept with the thing; permission
//! asks it ([`crate::Subject::known_only_to`]), and lists leave the thing out by [`seen_by`].

use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::ids::StaffId;

/// The only colleagues who know of something, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sea_orm::FromJsonQueryResult)]
pub struct KnownTo(pub Vec<StaffId>);

/// The condition by which a list, a count or a search leaves out what its viewer must not know of. `column` holds a
/// [`KnownTo`], or nothing when the thing is not confidential. The house itself works for everyone.
pub fn seen_by(viewer: &Actor, column: &str) -> String {
    match viewer {
        // A key is hexadecimal digits and hyphens: nothing in it means anything to a database.
        Actor::Staff(staff) => format!("({column} IS NULL OR CAST({column} AS TEXT) LIKE '%{}%')", staff.id),
        Actor::House => "1 = 1".to_owned(),
        Actor::Visitor | Actor::Alum(_) => format!("{column} IS NULL"),
    }
}
