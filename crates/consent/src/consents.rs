//! Consents: immutable rows with every element of 42 CFR §2.31(a). In force, revoked and run out are computed, never
//! stored, so that no status can contradict the row.

use foundation::search::fold;
use foundation::{Day, Error, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, FromJsonQueryResult, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::rules::gate::Standing;
use crate::rules::written_consent::missing;

mod ending;
mod recording;

pub use crate::rules::written_consent::{Aim, PaperLanguage, Signer, Statement};
pub use ending::{end_email, revoke};
pub use recording::{NewConsent, REVOCATION_HOW, SignedPaper, YesHow, allow_email, record};

foundation::id! {
    /// A consent.
    ConsentId
}

foundation::words! {
    /// Kinds of consent; one row holds exactly one (counseling notes and proceedings may never be combined).
    pub enum ConsentKind {
        ElectronicContact = "electronic_contact", "Messages by e-mail",
        NamedDisclosure = "named_disclosure", "Share with a named person or organization",
    }
}

foundation::words! {
    /// What of the record a named reader may get.
    pub enum Scope {
        Plan = "plan", "My plan",
        Appointments = "appointments", "My next visits",
        Medicines = "medicines", "My medicines",
        SupportNetwork = "support_network", "My circle of support",
        Attendance = "attendance", "That I am in care, and since when",
        Benefits = "benefits", "That I ask about care, so that my plan says what it pays",
        Referral = "referral", "What another provider needs to take me in, and whether I arrived",
    }
}

/// The scope as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Scopes(pub Vec<Scope>);

/// The statements the paper makes, as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Statements(pub Vec<Statement>);

foundation::words! {
    /// Where a consent stands on a day. Computed, never stored; only `active` allows anything.
    pub enum State {
        Active = "active", "In force",
        Revoked = "revoked", "Taken back",
        Superseded = "superseded", "Replaced by a later one",
        Expired = "expired", "Has run out",
        Deficient = "deficient", "Not valid: it lacks what the law asks for",
    }
}

mod entity {
    //! A row of `consents`.
    use foundation::{Day, Instant, PersonId, StaffId};
    use sea_orm::entity::prelude::*;

    use super::{Aim, ConsentId, ConsentKind, PaperLanguage, Scopes, Signer, Statements};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "consents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ConsentId,
        pub person_id: PersonId,
        pub kind: ConsentKind,
        pub recipient: String,
        pub recipient_folded: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub scope: Scopes,
        pub purpose: String,
        /// Whether it is for care, payment or operations; not asked of what was recorded before it was.
        pub aim: Option<Aim>,
        pub signed_on: Day,
        pub expires_on: Option<Day>,
        pub expires_event: String,
        /// The person's name at signing, as a snapshot.
        pub person_name: String,
        /// Who may disclose.
        pub discloser: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub statements: Statements,
        pub revocation_how: String,
        pub signer: Signer,
        /// Who signed for the person, when it was somebody else.
        pub signer_name: Option<String>,
        /// What shows that it was signed: the name typed, or where the paper is kept.
        pub signature: String,
        pub text_version: String,
        pub language: Option<PaperLanguage>,
        /// Whether the person was given a copy.
        pub copy_given: bool,
        pub recorded_at: Instant,
        pub recorded_by: Option<StaffId>,
        pub revoked_at: Option<Instant>,
        pub revoked_how: Option<String>,
        /// The later consent that took its place.
        pub superseded_by: Option<ConsentId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use entity::Model as Consent;

impl Consent {
    /// Where it stands on a day of the center. It runs out at 0:00 of the day after its last (domain reference A.5, 6).
    #[must_use]
    pub fn state(&self, today: Day) -> State {
        if self.revoked_at.is_some() {
            State::Revoked
        } else if self.superseded_by.is_some() {
            State::Superseded
        } else if self.expires_on.is_some_and(|last| last < today) {
            State::Expired
        } else if !self.missing().is_empty() {
            State::Deficient
        } else {
            State::Active
        }
    }

    /// The statements its paper lacks, for which nobody may rely on it (42 CFR §2.31(c)).
    #[must_use]
    pub fn missing(&self) -> Vec<Statement> {
        match self.kind {
            ConsentKind::NamedDisclosure => missing(self.aim, &self.statements.0),
            ConsentKind::ElectronicContact => Vec::new(),
        }
    }

    /// Whether it may be relied on that day.
    #[must_use]
    pub fn is_in_force(&self, today: Day) -> bool {
        self.state(today) == State::Active
    }

    /// Whether it may be relied on after the person died: only what a personal representative signed (42 CFR §2.15).
    #[must_use]
    pub fn outlives(&self) -> bool {
        self.signer == Signer::ForDeceased
    }

    /// Whether everything in `wanted` may be shown under it: the least that is asked for, never more than was allowed.
    #[must_use]
    pub fn covers(&self, wanted: &[Scope]) -> bool {
        wanted.iter().all(|scope| self.scope.0.contains(scope))
    }
}

/// All consents of a person, newest first.
pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Consent>, Error> {
    Ok(entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person))
        .order_by_desc(entity::Column::Id)
        .all(reader)
        .await?)
}

/// The consents of a kind that may be relied on that day, newest first.
pub async fn active(
    reader: &impl ConnectionTrait,
    person: PersonId,
    kind: ConsentKind,
    today: Day,
) -> Result<Vec<Consent>, Error> {
    let all = of(reader, person).await?;
    Ok(all.into_iter().filter(|c| c.kind == kind && c.is_in_force(today)).collect())
}

/// How a person stands to a kind of consent today, and the row it rests on. A named reader must be the one named,
/// equal after folding: "Agency A" is not "Agency A only".
pub async fn standing(
    reader: &impl ConnectionTrait,
    person: PersonId,
    kind: ConsentKind,
    recipient: Option<&str>,
    today: Day,
) -> Result<(Standing, Option<Consent>), Error> {
    let recipient = recipient.map(fold);
    let died = crate::carried::death(reader, person).await?.is_some();
    let fitting: Vec<Consent> = of(reader, person)
        .await?
        .into_iter()
        .filter(|c| !died || c.outlives())
        .filter(|c| c.kind == kind && recipient.as_ref().is_none_or(|r| *r == c.recipient_folded))
        .collect();
    let any = !fitting.is_empty();
    let deficient = fitting.iter().any(|c| c.state(today) == State::Deficient);
    let in_force = fitting.into_iter().find(|c| c.is_in_force(today));
    let standing = match (&in_force, any) {
        (Some(_), _) => Standing::InForce,
        (None, _) if deficient => Standing::Deficient,
        (None, true) => Standing::Ended,
        (None, false) => Standing::None,
    };
    Ok((standing, in_force))
}

pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    entity::Entity::delete_many().filter(entity::Column::PersonId.eq(person)).exec(unit.tx()).await?;
    Ok(())
}

pub(crate) async fn move_to(unit: &Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    entity::Entity::update_many()
        .col_expr(entity::Column::PersonId, Expr::value(survivor))
        .filter(entity::Column::PersonId.eq(from))
        .exec(unit.tx())
        .await?;
    Ok(())
}
