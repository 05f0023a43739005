//! What must stand beside every way to reach a person, in the fewest words: the danger at home, and a no to all contact.
//! The safe-contact card says the rest; this is for lists and for pages that are about something else.

use std::collections::HashMap;

use foundation::{Error, PersonId};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use super::{ContactRules, Risk, entity};
use crate::rules::contact::Permission;

/// So many people are asked about in one statement: both databases limit how many values one may bind.
const AT_ONCE: usize = 500;

/// What to mind before reaching somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caution {
    /// Someone at home could harm them.
    pub danger: bool,
    /// "Asked not to be contacted", "Do not call", "A parent can read it", the gravest first.
    pub words: Vec<&'static str>,
}

impl Caution {
    fn of(rules: &ContactRules) -> Self {
        let mut words = Vec::new();
        let danger = rules.risks.0.contains(&Risk::AbuserInHousehold);
        if danger {
            words.push(Risk::AbuserInHousehold.words());
        }
        match (rules.do_not_contact_at, rules.call) {
            (Some(_), _) => words.push("Asked not to be contacted"),
            (None, Permission::Never) => words.push("Do not call"),
            _ => {}
        }
        let others = rules.risks.0.iter().filter(|risk| **risk != Risk::AbuserInHousehold);
        words.extend(others.map(|risk| risk.words()));
        Self { danger, words }
    }
}

/// What to mind of each of these people; who is not in it has nothing of the kind written down.
pub async fn cautions_of(
    reader: &impl ConnectionTrait,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, Caution>, Error> {
    let people: Vec<PersonId> = people.into_iter().collect();
    let mut found = HashMap::new();
    for some in people.chunks(AT_ONCE) {
        let rules =
            entity::Entity::find().filter(entity::Column::PersonId.is_in(some.to_vec())).all(reader).await?;
        let cautions = rules.iter().map(|rules| (rules.person_id, Caution::of(rules)));
        found.extend(cautions.filter(|(_, caution)| !caution.words.is_empty()));
    }
    Ok(found)
}
