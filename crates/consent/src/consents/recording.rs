//! Writing a consent down: what was signed becomes a row that is never changed, only taken back or replaced.

use foundation::center::Center;
use foundation::search::fold;
use foundation::{Act, Day, Error, Faults, PersonId, Subject, Unit, refused};
use sea_orm::ActiveModelTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use super::{Consent, ConsentId, ConsentKind, Scope, Scopes, Signer, Statement, Statements, entity};
use crate::carried;
use crate::rules::notice::ELECTRONIC_RISK_VERSION;
use crate::rules::written_consent::{Draft, Expiry, Kind, Matter, RecipientKind, whole};
use crate::suppression;

foundation::words! {
    /// How a person said yes to e-mail, for staff who write it down.
    pub enum YesHow {
        Phone = "phone", "by phone",
        InPerson = "in_person", "in person",
        InWriting = "in_writing", "in writing",
        TheyContactedUs = "they_contacted_us", "when they called or wrote to us",
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
    signer: Signer,
    signature: String,
    name: Option<String>,
    said_how: Option<YesHow>,
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
            signer: Signer::Patient,
            signature: "said to staff or ticked".into(),
            name: None,
            said_how: None,
        }
    }

    /// Said to staff in this way. It is their own new yes: a stop that they pressed is lifted by it.
    #[must_use]
    pub fn said(mut self, how: YesHow) -> Self {
        self.said_how = Some(how);
        self.signature = format!("said to staff {}", how.words());
        self
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
            signer: Signer::Patient,
            signature: "on paper, kept by the center".into(),
            name: None,
            said_how: None,
        })
    }

    /// Who signed, and what shows it.
    #[must_use]
    pub fn signed_by(mut self, signer: Signer, signature: &str) -> Self {
        self.signer = signer;
        signature.trim().clone_into(&mut self.signature);
        self
    }

    /// The person's name as the paper has it. Without it the name on the record is taken.
    #[must_use]
    pub fn in_name(mut self, name: &str) -> Self {
        self.name = Some(name.trim().to_owned());
        self
    }
}

/// The version of the paper "Permission to share" (domain reference B.3) that named consents are signed on. It says
/// that it can be taken back, how, and that who gets it may share it again under HIPAA.
pub const SHARING_FORM_VERSION: &str = "permission-to-share-1";

const STATEMENTS: [Statement; 2] = [Statement::Revocation, Statement::HipaaRedisclosure];
const REVOCATION_HOW: &str = "in writing or by word to any member of staff";

/// Writes a consent down. A consent to share must have every element of 42 CFR §2.31(a), or it is refused element by
/// element. An earlier one for the same reader ends with it.
pub async fn record(unit: &mut Unit, care: &Subject, new: NewConsent) -> Result<ConsentId, Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::RecordConsent, care)?;
    if carried::death(unit.tx(), person).await?.is_some() && new.signer != Signer::ForDeceased {
        return Err(refused(
            "died",
            "This person died. Only a personal representative can sign for them now (42 CFR §2.15).",
        ));
    }
    let said_how = new.said_how;
    let center = Center::load(unit.tx()).await?;
    let (today, on_record) = (unit.today(center.zone), carried::name(unit.tx(), person).await?);
    let row = row(unit, person, new, center.name, on_record.clone());
    if row.kind == ConsentKind::NamedDisclosure {
        whole(paper(&row, on_record), today)?;
    }
    if row.is_in_force(today) {
        supersede(unit, &row).await?;
    }
    let (id, kind) = (row.id, row.kind);
    unit.insert(entity::ActiveModel::from(row).reset_all()).await?;
    if let Some(how) = said_how.filter(|_| kind == ConsentKind::ElectronicContact) {
        suppression::lift_own_stops(unit, person, how).await?;
    }
    unit.record(permit, serde_json::json!({ "consent": id, "kind": kind, "said": said_how }));
    Ok(id)
}

/// They read the risk text of this version and want to be written to by e-mail all the same.
pub async fn allow_email(unit: &mut Unit, care: &Subject, text_version: &str) -> Result<ConsentId, Error> {
    if text_version != ELECTRONIC_RISK_VERSION {
        return Err(refused("text_version", "The text about e-mail has changed. Read it out again first."));
    }
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    record(unit, care, NewConsent::email(today)).await
}

fn row(unit: &mut Unit, person: PersonId, new: NewConsent, discloser: String, on_record: String) -> Consent {
    let (statements, text_version) = match new.kind {
        ConsentKind::ElectronicContact => (Vec::new(), ELECTRONIC_RISK_VERSION),
        ConsentKind::NamedDisclosure => (STATEMENTS.to_vec(), SHARING_FORM_VERSION),
    };
    Consent {
        id: unit.id(),
        person_id: person,
        kind: new.kind,
        recipient_folded: fold(&new.recipient),
        recipient: new.recipient,
        scope: Scopes(new.scope),
        purpose: new.purpose,
        signed_on: new.signed_on,
        expires_on: new.expires_on,
        expires_event: new.expires_event,
        person_name: new.name.unwrap_or(on_record),
        discloser,
        statements: Statements(statements),
        revocation_how: REVOCATION_HOW.into(),
        signer: new.signer,
        signature: new.signature,
        text_version: text_version.into(),
        recorded_at: unit.now(),
        recorded_by: unit.actor().staff_id(),
        revoked_at: None,
        revoked_how: None,
        superseded_by: None,
    }
}

/// What was signed, as the rule wants to see it. The paper says it is for one named reader, about the ordinary record.
fn paper(row: &Consent, name_on_record: String) -> Draft {
    let scope: Vec<&str> = row.scope.0.iter().map(|scope| scope.words()).collect();
    Draft {
        kind: Kind::NamedDisclosure,
        name: row.person_name.clone(),
        name_on_record,
        discloser: row.discloser.clone(),
        information: scope.join(", "),
        matters: vec![Matter::Ordinary],
        recipient_kind: RecipientKind::Named,
        recipients: vec![row.recipient.clone()],
        intermediary: None,
        // Not asked on the form, so the paper always makes the statement a covered entity would need.
        to_covered_entity: true,
        purposes: vec![row.purpose.clone()],
        fundraising: false,
        statements: row.statements.0.clone(),
        revocation_how: row.revocation_how.clone(),
        expiry: row.expires_on.map(Expiry::On),
        signer: row.signer,
        signature: Some(row.signature.clone()),
        signed_on: Some(row.signed_on),
        irrevocable_until: None,
        condition_of_treatment: false,
    }
}

async fn supersede(unit: &Unit, by: &Consent) -> Result<(), Error> {
    entity::Entity::update_many()
        .col_expr(entity::Column::SupersededBy, Expr::value(Some(by.id)))
        .filter(entity::Column::PersonId.eq(by.person_id))
        .filter(entity::Column::Kind.eq(by.kind))
        .filter(entity::Column::RecipientFolded.eq(&by.recipient_folded))
        .filter(entity::Column::RevokedAt.is_null())
        .filter(entity::Column::SupersededBy.is_null())
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
