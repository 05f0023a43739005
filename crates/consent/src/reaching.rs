//! How a person can be reached, read once for a page: the numbers and addresses, and what was said about using them.

use std::collections::HashMap;

use foundation::{Day, Error, Instant, PersonId};
use sea_orm::ConnectionTrait;

use crate::carried;
use crate::contact_point::{self, ContactPoint, Kind, NewContactPoint};
use crate::contact_rules::{self, ContactRules, SafeContactCard};
use crate::rules::contact::{Hours, Permission};
use crate::suppression::{self, Suppression};

/// That a person died, as far as whoever would reach them must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownDeath {
    pub recorded_at: Instant,
    /// The day of it, if it is known.
    pub on: Option<Day>,
}

/// The contact points in use, oldest first, and the rules, when somebody asked for them; whether the person died, and
/// whether nobody writes to the address that letters would go to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaching {
    pub points: Vec<ContactPoint>,
    pub rules: Option<ContactRules>,
    pub death: Option<KnownDeath>,
    pub suppressed: Option<Suppression>,
}

impl Reaching {
    /// How this person can be reached.
    pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Self, Error> {
        let points = contact_point::of(reader, person).await?;
        let suppressed = match contact_point::to_write_to(&points) {
            Some(address) => suppression::find(reader, &address.folded).await?,
            None => None,
        };
        let rules = contact_rules::of(reader, person).await?;
        Ok(Self { points, rules, death: carried::death(reader, person).await?, suppressed })
    }

    /// How those of these people can be reached of whom something was said of one number alone. Of most nothing was.
    pub async fn of_particular(
        reader: &impl ConnectionTrait,
        people: impl IntoIterator<Item = PersonId>,
    ) -> Result<HashMap<PersonId, Self>, Error> {
        let mut all = HashMap::new();
        for person in contact_point::particular(reader, people).await? {
            all.insert(person, Self::of(reader, person).await?);
        }
        Ok(all)
    }

    /// The same, with a number that was said on the phone a minute ago and stands on no record yet.
    #[must_use]
    pub fn with_number(mut self, person: PersonId, number: &str, now: Instant) -> Self {
        let Ok(new) = NewContactPoint::phone(number) else { return self };
        if !self.points.iter().any(|point| point.folded == new.folded()) {
            self.points.insert(0, new.unsaved(person, now));
        }
        self
    }

    /// The number to call, as typed: of those that were not refused, the one that is known longest. Nobody calls someone
    /// who died.
    pub fn phone(&self) -> Option<&str> {
        self.number().map(|point| point.value.as_str())
    }

    /// The number somebody may dial: none after a no. What was said long ago is asked again first, see [`Self::is_stale`].
    pub fn number_to_dial(&self) -> Option<&str> {
        let rules = self.rules_to_call();
        let is_refused =
            rules.is_some_and(|rules| rules.do_not_contact_at.is_some() || rules.call == Permission::Never);
        if is_refused { None } else { self.phone() }
    }

    /// The same with its key: a try that finds it is not theirs anymore ends this one.
    pub fn number(&self) -> Option<&ContactPoint> {
        if self.death.is_some() {
            return None;
        }
        let mut numbers = self.points.iter().filter(|point| point.kind == Kind::Phone);
        let may_be_called = |point: &&ContactPoint| match &self.rules {
            Some(rules) => contact_rules::at_point(rules.clone(), point).call != Permission::Never,
            None => !point.is_refused(),
        };
        numbers.clone().find(may_be_called).or_else(|| numbers.next())
    }

    /// A number or address as a page may show it. Nobody dials by what was said long ago before they say that they ask
    /// first: until then only the card has the number.
    pub fn written(&self, point: &ContactPoint, now: Instant) -> String {
        if point.kind == Kind::Email || !self.is_stale(now) {
            return point.value.clone();
        }
        let before_the_last = point.folded.chars().count().saturating_sub(4);
        format!("ends in {}", point.folded.chars().skip(before_the_last).collect::<String>())
    }

    /// The address letters go to.
    pub fn email(&self) -> Option<&ContactPoint> {
        contact_point::to_write_to(&self.points)
    }

    /// The hours in which the person may be called at the number to call.
    pub fn hours(&self) -> Option<Hours> {
        self.rules_to_call().and_then(|rules| rules.call_hours.0)
    }

    /// The rules as they hold at the number to call.
    pub fn rules_to_call(&self) -> Option<ContactRules> {
        let rules = self.rules.clone()?;
        Some(match self.number() {
            Some(number) => contact_rules::at_point(rules, number),
            None => rules,
        })
    }

    /// Whether letters may go to the address they would go to.
    pub(crate) fn email_permission(&self) -> Permission {
        match (self.rules.clone(), self.email()) {
            (Some(rules), Some(address)) => contact_rules::at_point(rules, address).email,
            (Some(rules), None) => rules.email,
            (None, _) => Permission::NotAsked,
        }
    }

    /// Whether what is safe at the number to call was said so long ago that it is asked again first.
    pub fn is_stale(&self, now: Instant) -> bool {
        self.rules_to_call().is_some_and(|rules| contact_rules::is_stale(rules.captured_at, now))
    }

    /// What everyone who may call them sees first: `name` as used, `me` the first name of who calls.
    pub fn card(&self, name: &str, me: &str, now: Instant) -> SafeContactCard {
        contact_rules::card(self, name, me, now)
    }
}
