//! Requests that nobody typed into a form of ours: by mail, and from records of the time before.

use clients::person::NewPerson;
use consent::contact_point::NewContactPoint;
use consent::contact_rules::NewContactRules;
use consent::rules::contact::{Permission, SaidBy};
use foundation::{Faults, Instant};

use super::NewRequest;
use crate::rules::outcome::Closing;
use crate::rules::words::{Channel, Danger, ForWhom};

impl NewRequest {
    /// What somebody wrote by e-mail, as long as it is; they may be answered by e-mail (domain reference 1.13). Nobody was
    /// asked whether anyone is in danger, and no word in it decides that: a person reads it.
    ///
    /// # Errors
    /// An address no mail can be sent to, at `email`.
    pub fn by_email(name: &str, address: &str, words: &str) -> Result<Self, Faults> {
        Ok(Self {
            channel: Channel::Email,
            danger: Danger::NotAsked,
            outside_hours: None,
            for_whom: ForWhom::NotSaid,
            relationship: None,
            caller: NewPerson::parse(name)?,
            other: None,
            points: vec![NewContactPoint::email(address)?],
            rules: NewContactRules {
                email: Permission::Ok,
                said_by: SaidBy::Mail,
                ..NewContactRules::default()
            },
            words: Some(words.trim()).filter(|words| !words.is_empty()).map(str::to_owned),
            acknowledged: true,
            before: None,
        })
    }

    /// Its number and address, as they are compared.
    pub(crate) fn folded(&self) -> Vec<String> {
        self.points.iter().map(|point| point.folded().to_owned()).collect()
    }

    /// The same, without a letter that says it arrived.
    #[must_use]
    pub fn unacknowledged(mut self) -> Self {
        self.acknowledged = false;
        self
    }

    /// One from old records: it arrived back then, may be over, and nobody gets a letter now.
    #[must_use]
    pub fn of_before(self, received_at: Instant, over: Option<(Closing, Instant)>) -> Self {
        Self { acknowledged: false, before: Some(Before { received_at, over }), ..self }
    }
}

/// How an old inquiry stood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    pub(super) received_at: Instant,
    /// How it ended and when, when it did.
    pub(super) over: Option<(Closing, Instant)>,
}
