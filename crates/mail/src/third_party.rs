//! Letters about a person to somebody else: a relative, a friend, a referrer. What such a letter says of the person is a
//! disclosure (42 CFR §2.13(c)). One of the center's fixed replies goes at once; a letter under a consent that names its
//! reader carries the notice of §2.32; every other letter waits until a second person released it. What left stands in the
//! accounting.

mod clearing;
mod fixed;
pub(crate) mod keeping;
mod releasing;

use consent::consents::{Consent, Scope, Scopes};
use foundation::sealed::Keyring;
use foundation::{Error, Instant, PersonId, StaffId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};

use crate::entity::third_party_letter;
use crate::outbox::MessageId;

pub(crate) use clearing::{Clearance, account, clear, mark_undelivered};
pub use clearing::{ends_with, notice};
pub use fixed::FixedReply;
pub use releasing::{NewRelease, refuse, release};

pub(crate) const REASON: &str = "third_party_letters.reason";

foundation::words! {
    /// On what a letter about a person to somebody else rests.
    pub enum LetterBasis {
        Fixed = "fixed", "A fixed reply, which says nothing of anybody",
        Consent = "consent", "A written consent that names the reader",
        Release = "release", "The release of a second person",
    }
}

foundation::words! {
    /// What a second person said to it.
    pub enum ReleaseDecision {
        Released = "released", "Released",
        Refused = "refused", "Not released",
    }
}

foundation::words! {
    /// On what ground it may leave without a consent (domain reference 1.4).
    pub enum ReleaseGround {
        TellsNothing = "tells_nothing", "It tells nothing about the person: not who they are, nor whether we know them",
        MedicalEmergency = "medical_emergency", "A medical emergency, to medical staff (42 CFR §2.51)",
        CrimeOnPremises = "crime_on_premises", "A crime or a threat here or against staff, to the police (§2.12(c)(5))",
        ChildAbuseReport = "child_abuse_report", "The first report of child abuse that state law asks for (§2.12(c)(6))",
        CourtOrder = "court_order", "A court order together with a subpoena (subpart E)",
    }
}

/// A letter about a person, about to be put in line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewThirdPartyLetter {
    /// Whom it is about.
    pub about: PersonId,
    pub basis: NewBasis,
}

/// On what it is to rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewBasis {
    Fixed(FixedReply),
    /// A consent, and what the letter tells under it.
    Consent(Box<Consent>, Vec<Scope>),
    Release,
}

impl NewBasis {
    /// Whether it waits for a second person.
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self, Self::Release)
    }
}

/// Writes down that a message is about a person and goes to somebody else. For an act that is recorded by its caller, in
/// the unit that queued the message.
pub async fn attach(unit: &Unit, id: MessageId, new: NewThirdPartyLetter) -> Result<(), Error> {
    let (basis, fixed_reply, consent_id, tells) = match new.basis {
        NewBasis::Fixed(reply) => (LetterBasis::Fixed, Some(reply), None, Vec::new()),
        NewBasis::Consent(consent, tells) => (LetterBasis::Consent, None, Some(consent.id), tells),
        NewBasis::Release => (LetterBasis::Release, None, None, Vec::new()),
    };
    let row = third_party_letter::ActiveModel {
        id: Set(id),
        about_person_id: Set(new.about),
        basis: Set(basis),
        fixed_reply: Set(fixed_reply),
        consent_id: Set(consent_id),
        tells: Set(Scopes(tells)),
        decision: Set(None),
        ground: Set(None),
        reason: Set(None),
        decided_by: Set(None),
        decided_at: Set(None),
        disclosure_id: Set(None),
    };
    unit.insert(row).await
}

/// What is known of a letter that goes to somebody else than the one it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThirdPartyLetter {
    pub about: PersonId,
    pub basis: LetterBasis,
    pub decision: Option<ReleaseDecision>,
    pub ground: Option<ReleaseGround>,
    pub reason: Option<String>,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<Instant>,
}

/// About whom a letter to somebody else was; `None` for a letter to the person themselves.
pub async fn about_whom(reader: &impl ConnectionTrait, id: MessageId) -> Result<Option<PersonId>, Error> {
    let row = third_party_letter::Entity::find_by_id(id).one(reader).await?;
    Ok(row.map(|row| row.about_person_id))
}

/// The letter with this key, opened; `None` when it goes to the one it is about.
pub async fn load(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    id: MessageId,
) -> Result<Option<ThirdPartyLetter>, Error> {
    let Some(row) = third_party_letter::Entity::find_by_id(id).one(reader).await? else { return Ok(None) };
    let reason = match &row.reason {
        Some(sealed) => Some(keyring.open(reader, row.about_person_id, REASON, sealed).await?),
        None => None,
    };
    Ok(Some(ThirdPartyLetter {
        about: row.about_person_id,
        basis: row.basis,
        decision: row.decision,
        ground: row.ground,
        reason,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    }))
}

/// Which of these messages are about somebody else than the one they go to: they belong to that one's record.
pub(crate) async fn among(
    reader: &impl ConnectionTrait,
    ids: Vec<MessageId>,
) -> Result<Vec<MessageId>, Error> {
    use sea_orm::QuerySelect;
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let here: Vec<MessageId> = third_party_letter::Entity::find()
            .select_only()
            .column(third_party_letter::Column::Id)
            .filter(third_party_letter::Column::Id.is_in(some.to_vec()))
            .into_tuple()
            .all(reader)
            .await?;
        found.extend(here);
    }
    Ok(found)
}
