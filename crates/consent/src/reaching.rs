//! How a person can be reached, read once for a page: the numbers and addresses, and what was said about using them.

use foundation::{Error, PersonId};
use sea_orm::ConnectionTrait;

use crate::contact_point::{self, ContactPoint, Kind};
use crate::contact_rules::{self, ContactRules};
use crate::rules::contact::Hours;

/// The contact points in use, oldest first, and the rules, when somebody asked for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaching {
    pub points: Vec<ContactPoint>,
    pub rules: Option<ContactRules>,
}

impl Reaching {
    /// How this person can be reached.
    pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Self, Error> {
        let points = contact_point::of(reader, person).await?;
        Ok(Self { points, rules: contact_rules::of(reader, person).await? })
    }

    /// The number to call, as typed: the one that is known longest.
    pub fn phone(&self) -> Option<&str> {
        self.points.iter().find(|point| point.kind == Kind::Phone).map(|point| point.value.as_str())
    }

    /// The address letters go to: the newest.
    pub fn email(&self) -> Option<&ContactPoint> {
        self.points.iter().rfind(|point| point.kind == Kind::Email)
    }

    /// The hours in which the person may be called.
    pub fn hours(&self) -> Option<&Hours> {
        self.rules.as_ref().and_then(|rules| rules.call_hours.0.as_ref())
    }
}
