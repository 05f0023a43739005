//! Writing a consent down: what was signed becomes a row that is never changed, only taken back or replaced.

use foundation::center::Center;
use foundation::search::fold;
use foundation::{Act, Day, Error, Faults, PersonId, Subject, Unit, refused};
use sea_orm::ActiveModelTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use super::{
    Aim, Consent, ConsentId, ConsentKind, PaperLanguage, Scope, Scopes, Signer, Statement, Statements, entity,
};
use crate::carried;
use crate::rules::notice::ELECTRONIC_RISK_VERSION;
use crate::rules::written_consent::{Draft, check};

/// What the signed paper says and shows, as whoever records it reads it there. Nothing of it is taken for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPaper {
    /// The person's name as the paper has it.
    pub name: String,
    /// What kind of purpose it names.
    pub aim: Option<Aim>,
    /// The statements that stand on it.
    pub statements: Vec<Statement>,
    pub signer: Signer,
    /// Who signed for the person, when it was somebody else.
    pub signer_name: String,
    /// Where the signed paper is kept.
    pub signature: String,
    pub language: Option<PaperLanguage>,
    /// Whether the person was given a copy.
    pub copy_given: bool,
}

impl SignedPaper {
    /// Parses a form's strings, with the statements that were ticked.
    ///
    /// # Errors
    /// At `signer` when nobody said who signed, at `language` when nobody said in which language; every element of the
    /// law is looked at when the consent is recorded.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str, statements: Vec<Statement>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let signer = Signer::parse(text("signer"));
        if signer.is_none() {
            faults.add("signer", "Choose who signed");
        }
        let language = PaperLanguage::parse(text("paper_language"));
        if language.is_none() {
            faults.add("paper_language", "Choose the language of the paper");
        }
        let line = |field: &str| text(field).trim().chars().take(200).collect::<String>();
        faults.or(|| Self {
            name: line("name"),
            aim: Aim::parse(text("aim")),
            statements,
            signer: signer.unwrap_or(Signer::Patient),
            signer_name: line("signer_name"),
            signature: line("signature"),
            language,
            copy_given: text("copy_given") == "yes",
        })
    }

    /// The paper "Permission to share" as it is printed here, signed by `name` themselves with a copy in their hand.
    #[must_use]
    pub fn ours(name: &str, aim: Aim, signature: &str) -> Self {
        Self {
            name: name.to_owned(),
            aim: Some(aim),
            statements: Statement::ALL.to_vec(),
            signer: Signer::Patient,
            signer_name: String::new(),
            signature: signature.to_owned(),
            language: Some(PaperLanguage::English),
            copy_given: true,
        }
    }
}
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
    /// The signed paper; of a yes to e-mail there is none.
    paper: Option<SignedPaper>,
    /// How they said yes to e-mail.
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
            paper: None,
            said_how: None,
        }
    }

    /// Said to staff in this way. It is their own new yes: a stop that they pressed is lifted by it.
    #[must_use]
    pub fn said(mut self, how: YesHow) -> Self {
        self.said_how = Some(how);
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
            paper: None,
            said_how: None,
        })
    }

    /// With what the signed paper says and shows. Without one, a consent to share is no consent.
    #[must_use]
    pub fn on(self, paper: SignedPaper) -> Self {
        Self { paper: Some(paper), ..self }
    }
}

/// The version of the paper "Permission to share" (domain reference B.3) that is printed here.
const SHARING_FORM_VERSION: &str = "permission-to-share-2";

/// How a consent can be taken back, as the printed paper says.
pub const REVOCATION_HOW: &str = "in writing or by word to any member of staff";

/// Writes a consent down. A consent to share must have every element of 42 CFR §2.31(a), or it is refused element by
/// element. An earlier one for the same reader ends with it.
pub async fn record(unit: &mut Unit, care: &Subject, new: NewConsent) -> Result<ConsentId, Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::RecordConsent, care)?;
    if carried::death(unit.tx(), person).await?.is_some()
        && new.paper.as_ref().is_none_or(|paper| paper.signer != Signer::ForDeceased)
    {
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
        check(&draft(&row, on_record), today)?;
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
    let text_version = match new.kind {
        ConsentKind::ElectronicContact => ELECTRONIC_RISK_VERSION,
        ConsentKind::NamedDisclosure => SHARING_FORM_VERSION,
    };
    let paper = new.paper.unwrap_or_else(|| SignedPaper {
        name: on_record,
        aim: None,
        statements: Vec::new(),
        signer: Signer::Patient,
        signer_name: String::new(),
        signature: match new.kind {
            ConsentKind::ElectronicContact => match new.said_how {
                Some(how) => format!("said to staff {}", how.words()),
                None => "said to staff or ticked".into(),
            },
            ConsentKind::NamedDisclosure => String::new(),
        },
        language: None,
        copy_given: false,
    });
    Consent {
        id: unit.id(),
        person_id: person,
        kind: new.kind,
        recipient_folded: fold(&new.recipient),
        recipient: new.recipient,
        scope: Scopes(new.scope),
        purpose: new.purpose,
        aim: paper.aim,
        signed_on: new.signed_on,
        expires_on: new.expires_on,
        expires_event: new.expires_event,
        person_name: paper.name,
        discloser,
        statements: Statements(paper.statements),
        revocation_how: REVOCATION_HOW.into(),
        signer: paper.signer,
        signer_name: Some(paper.signer_name).filter(|name| !name.is_empty()),
        signature: paper.signature,
        text_version: text_version.into(),
        language: paper.language,
        copy_given: paper.copy_given,
        recorded_at: unit.now(),
        recorded_by: unit.actor().staff_id(),
        revoked_at: None,
        revoked_how: None,
        superseded_by: None,
    }
}

/// What was signed, as the rule wants to see it.
fn draft(row: &Consent, name_on_record: String) -> Draft {
    let scope: Vec<&str> = row.scope.0.iter().map(|scope| scope.words()).collect();
    Draft {
        name: row.person_name.clone(),
        name_on_record,
        discloser: row.discloser.clone(),
        information: scope.join(", "),
        recipient: row.recipient.clone(),
        purpose: row.purpose.clone(),
        aim: row.aim,
        statements: row.statements.0.clone(),
        revocation_how: row.revocation_how.clone(),
        expires_on: row.expires_on,
        signer: row.signer,
        signer_name: row.signer_name.clone(),
        signature: row.signature.clone(),
        signed_on: row.signed_on,
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
