//! Consents: immutable rows with every element of 42 CFR §2.31(a). In force, revoked and run out are computed, never
//! stored, so that no status can contradict the row.

use foundation::search::fold;
use foundation::{Act, Day, Error, Faults, PersonId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, FromJsonQueryResult, QueryOrder, Set};
use serde::{Deserialize, Serialize};

use crate::rules::gate::Standing;
use crate::rules::notice::ELECTRONIC_RISK_VERSION;

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
    }
}

/// The scope as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Scopes(pub Vec<Scope>);

mod entity {
    //! A row of `consents`.
    use foundation::{Day, Instant, PersonId, StaffId};
    use sea_orm::entity::prelude::*;

    use super::{ConsentId, ConsentKind, Scopes};

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
        pub signed_on: Day,
        pub expires_on: Option<Day>,
        pub expires_event: String,
        pub text_version: String,
        pub recorded_at: Instant,
        pub recorded_by: Option<StaffId>,
        pub revoked_at: Option<Instant>,
        pub revoked_how: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use entity::Model as Consent;

impl Consent {
    /// In force on a day: not revoked, and not past the end of its last day in the center's zone.
    #[must_use]
    pub fn is_in_force(&self, today: Day) -> bool {
        self.revoked_at.is_none() && self.expires_on.is_none_or(|last| today <= last)
    }
}

/// A consent that has all its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConsent {
    kind: ConsentKind,
    recipient: String,
    scope: Vec<Scope>,
    purpose: String,
    signed_on: Day,
    expires_on: Option<Day>,
    expires_event: String,
}

impl NewConsent {
    /// Yes to e-mail after reading the risk text. Not a Part 2 disclosure; kept alike, ends when it is taken back.
    #[must_use]
    pub fn email(signed_on: Day) -> Self {
        Self {
            kind: ConsentKind::ElectronicContact,
            recipient: "myself".into(),
            scope: Vec::new(),
            purpose: "to be written to".into(),
            signed_on,
            expires_on: None,
            expires_event: "when I take it back".into(),
        }
    }

    /// Sharing with one named reader: §2.31(a)(3) what, (4) to whom, (5) why, (7) until when, (9) signed when.
    pub fn named(
        recipient: &str,
        scope: &[Scope],
        purpose: &str,
        signed_on: Day,
        expires_on: Option<Day>,
        today: Day,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (recipient, purpose) = (recipient.trim(), purpose.trim());
        if fold(recipient).is_empty() || recipient.chars().count() > 200 {
            faults.add("recipient", "Enter the name of the person or organization who may read it");
        }
        if scope.is_empty() {
            faults.add("scope", "Choose what may be shared");
        }
        if purpose.is_empty() || purpose.chars().count() > 300 || fold(purpose) == "any purpose" {
            faults.add("purpose", "Enter what it is for; “any purpose” is not enough");
        }
        if signed_on > today {
            faults.add("signed_on", "Enter the day it was signed, today or earlier");
        }
        match expires_on {
            None => faults.add(
                "expires_on",
                "Enter the day this ends; only a consent for care and payment may have no end",
            ),
            Some(last) if last < signed_on => {
                faults.add("expires_on", "Enter an end after the day it was signed");
            }
            Some(_) => {}
        }
        faults.or(|| Self {
            kind: ConsentKind::NamedDisclosure,
            recipient: recipient.to_owned(),
            scope: scope.to_vec(),
            purpose: purpose.to_owned(),
            signed_on,
            expires_on,
            expires_event: String::new(),
        })
    }
}

/// Writes a consent down.
pub async fn record(unit: &mut Unit, care: &Subject, new: NewConsent) -> Result<ConsentId, Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::RecordConsent, care)?;
    let id: ConsentId = unit.id();
    let row = entity::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        kind: Set(new.kind),
        recipient_folded: Set(fold(&new.recipient)),
        recipient: Set(new.recipient),
        scope: Set(Scopes(new.scope)),
        purpose: Set(new.purpose),
        signed_on: Set(new.signed_on),
        expires_on: Set(new.expires_on),
        expires_event: Set(new.expires_event),
        text_version: Set(ELECTRONIC_RISK_VERSION.into()),
        recorded_at: Set(unit.now()),
        recorded_by: Set(unit.actor().staff_id()),
        revoked_at: Set(None),
        revoked_how: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "consent": id, "kind": new.kind }));
    Ok(id)
}

/// Takes a consent back, at once and by any way they said it. It stays in the record; it allows nothing any more.
pub async fn revoke(unit: &mut Unit, care: &Subject, id: ConsentId, how: &str) -> Result<(), Error> {
    let permit = unit.permit(Act::RevokeConsent, care)?;
    let done = entity::Entity::update_many()
        .col_expr(entity::Column::RevokedAt, Expr::value(Some(unit.now())))
        .col_expr(entity::Column::RevokedHow, Expr::value(Some(how.to_owned())))
        .filter(entity::Column::Id.eq(id))
        .filter(entity::Column::PersonId.eq(care.person))
        .filter(entity::Column::RevokedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    unit.record(permit, serde_json::json!({ "consent": id }));
    Ok(())
}

/// Ends every consent to e-mail of a person: what Stop in a message does. The act around it is recorded by the caller.
pub async fn end_email(unit: &Unit, person: PersonId) -> Result<(), Error> {
    entity::Entity::update_many()
        .col_expr(entity::Column::RevokedAt, Expr::value(Some(unit.now())))
        .col_expr(entity::Column::RevokedHow, Expr::value(Some("stop link".to_owned())))
        .filter(entity::Column::PersonId.eq(person))
        .filter(entity::Column::Kind.eq(ConsentKind::ElectronicContact))
        .filter(entity::Column::RevokedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// All consents of a person, newest first.
pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Consent>, Error> {
    Ok(entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person))
        .order_by_desc(entity::Column::Id)
        .all(reader)
        .await?)
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
    let fitting: Vec<Consent> = of(reader, person)
        .await?
        .into_iter()
        .filter(|c| c.kind == kind && recipient.as_ref().is_none_or(|r| *r == c.recipient_folded))
        .collect();
    let any = !fitting.is_empty();
    let in_force = fitting.into_iter().find(|c| c.is_in_force(today));
    let standing = match (&in_force, any) {
        (Some(_), _) => Standing::InForce,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_consent_names_its_reader_its_scope_its_purpose_and_its_end() {
        let today = day("2026-03-02");
        let faults = NewConsent::named(" ", &[], "any purpose", day("2026-03-03"), None, today).unwrap_err();
        let fields: Vec<&str> = faults.0.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["recipient", "scope", "purpose", "signed_on", "expires_on"]);
        assert!(
            NewConsent::named(
                "Dr. Park",
                &[Scope::Plan],
                "to plan my care",
                today,
                Some(day("2027-03-02")),
                today
            )
            .is_ok()
        );
    }
}
