//! Written consent, every element of 42 CFR §2.31(a) (domain reference 1.5). A draft that lacks one authorizes nothing
//! and says which; a whole one may be relied on until it is revoked or its last day is over.

use foundation::search::fold;
use foundation::{Day, Faults};

foundation::words! {
    /// Kinds of consent. A consent has one; several papers are several consents.
    pub enum Kind {
        TpoSingle = "tpo_single", "Care, payment and running the program, once for all",
        NamedDisclosure = "named_disclosure", "Share with a named person or organization",
        FamilyFriendContact = "family_friend_contact", "Talk with family or a friend",
        AlumniPeerLink = "alumni_peer_link", "Be put in touch with another alum",
        ElectronicContactRisk = "electronic_contact_risk", "Messages by e-mail or text",
        CounselingNotes = "counseling_notes", "Counseling notes",
        LegalProceeding = "legal_proceeding", "Use in a legal proceeding",
        CriminalJusticeReferral = "criminal_justice_referral", "Reports to a court or probation",
        PhotoTestimonial = "photo_testimonial", "A photo or a story",
        Research = "research", "Research",
    }
}

foundation::words! {
    /// Who may receive.
    pub enum RecipientKind {
        Named = "named", "named",
        Class = "class", "a class, such as “my treating providers”",
        Intermediary = "intermediary", "through an intermediary",
    }
}

foundation::words! {
    /// Who signed.
    pub enum Signer {
        Patient = "patient", "the person",
        MinorAlone = "minor_alone", "the minor, who may consent alone by state law",
        MinorAndGuardian = "minor_and_guardian", "the minor and a guardian",
        Guardian = "guardian", "a guardian or personal representative",
        ForDeceased = "for_deceased", "the personal representative of someone who died",
    }
}

foundation::words! {
    /// Statements the paper makes. Which ones it needs depends on its kind.
    pub enum Statement {
        Revocation = "revocation", "It can be taken back in writing, except where already relied on, and how",
        HipaaRedisclosure = "hipaa_redisclosure", "A covered entity may share it again under HIPAA, not in proceedings against the person",
        Redisclosure = "redisclosure", "It may be shared again and lose this protection",
        Refusal = "refusal", "What follows if the person does not sign",
        FundraisingOptOut = "fundraising_opt_out", "Fundraising messages can be refused",
    }
}

foundation::words! {
    /// What the information is about, as far as the rules care. Counseling notes and proceedings stand alone.
    pub enum Matter {
        Ordinary = "ordinary", "the record",
        CounselingNotes = "counseling_notes", "counseling notes",
        Proceeding = "proceeding", "a legal proceeding",
    }
}

/// Until when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// To the end of this day in the center's zone.
    On(Day),
    /// An event tied to the person or the purpose.
    Event(String),
    /// None: only for care, payment and operations.
    Never,
}

/// A consent as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub kind: Kind,
    /// 1. The person's name on the paper, and on the record at signing.
    pub name: String,
    pub name_on_record: String,
    /// 2. Who may disclose.
    pub discloser: String,
    /// 3. What, specific and meaningful; each matter it covers.
    pub information: String,
    pub matters: Vec<Matter>,
    /// 4. To whom.
    pub recipient_kind: RecipientKind,
    pub recipients: Vec<String>,
    /// 4ii. The intermediary, when there is one.
    pub intermediary: Option<String>,
    /// 4iii. Whether a covered entity or business associate receives it for care, payment or operations.
    pub to_covered_entity: bool,
    /// 5. Each purpose, and whether records are used to raise funds.
    pub purposes: Vec<String>,
    pub fundraising: bool,
    /// 6, 4iii, 5iii and 10. The statements it makes, and how it can be taken back.
    pub statements: Vec<Statement>,
    pub revocation_how: String,
    /// 7. Until when.
    pub expiry: Option<Expiry>,
    /// 8. Who signed.
    pub signer: Signer,
    pub signature: Option<String>,
    /// 9. When.
    pub signed_on: Option<Day>,
    /// §2.35: until what it cannot be taken back, and the period it is for.
    pub irrevocable_until: Option<String>,
    /// §2.31(b): whether care depends on it.
    pub condition_of_treatment: bool,
}

/// A consent with all its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    draft: Draft,
    signed_on: Day,
    expiry: Expiry,
}

impl Whole {
    /// What was signed.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The day it was signed.
    #[must_use]
    pub fn signed_on(&self) -> Day {
        self.signed_on
    }

    /// Until when it holds.
    #[must_use]
    pub fn expiry(&self) -> &Expiry {
        &self.expiry
    }

    /// Whether it holds on `today` of the center, when it was not revoked. It ends at 0:00 of the day after its last.
    #[must_use]
    pub fn is_in_force(&self, today: Day) -> bool {
        self.signed_on <= today
            && match &self.expiry {
                Expiry::On(last) => today <= *last,
                // Whether an event came is seen by people, who then end the consent.
                Expiry::Event(_) | Expiry::Never => true,
            }
    }

    /// Whether it names this recipient. A class names nobody that a program can match: a person must attest it.
    #[must_use]
    pub fn names(&self, recipient: &str) -> bool {
        self.draft.recipient_kind == RecipientKind::Named
            && self.draft.recipients.iter().any(|named| is_same_name(named, recipient))
    }
}

/// Whether two names are the same after folding case, accents and punctuation. "Agency A only" is not "Agency A".
#[must_use]
pub fn is_same_name(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    !a.is_empty() && a == b
}

/// Checks every element. Faults are named after the elements of the paper.
pub fn whole(draft: Draft, today: Day) -> Result<Whole, Faults> {
    let mut faults = Faults::default();
    about(&draft, &mut faults);
    recipients(&draft, &mut faults);
    statements(&draft, &mut faults);
    alone(&draft, &mut faults);
    signature(&draft, today, &mut faults);
    expiry(&draft, today, &mut faults);
    let (Some(signed_on), Some(expiry)) = (draft.signed_on, draft.expiry.clone()) else { return Err(faults) };
    faults.or(|| Whole { draft, signed_on, expiry })
}

/// Elements 1, 2, 3 and 5: who, what, why.
fn about(draft: &Draft, faults: &mut Faults) {
    if !is_same_name(&draft.name, &draft.name_on_record) {
        faults.add("name", "Enter the name as it is on the record");
    }
    if is_empty(&draft.discloser) {
        faults.add("discloser", "Enter who may share it, as a rule the center");
    }
    let vague = ["all", "all records", "any and all records", "everything", "any information"];
    if is_empty(&draft.information) || vague.contains(&fold(&draft.information).as_str()) {
        faults.add("information", "Say what may be shared; “all records” is not specific");
    }
    let purposes: Vec<String> = draft.purposes.iter().map(|purpose| fold(purpose)).collect();
    if purposes.iter().all(String::is_empty) {
        faults.add("purposes", "Enter what it is for");
    } else if purposes.iter().any(|p| p == "any purpose" || p == "any purposes" || p == "all purposes") {
        faults.add("purposes", "Enter each purpose; “any purpose” is not enough");
    }
}

/// Element 4.
fn recipients(draft: &Draft, faults: &mut Faults) {
    if draft.recipients.iter().all(|recipient| is_empty(recipient)) {
        faults.add("recipients", "Enter who may receive it");
    }
    let through = draft.intermediary.as_deref().is_some_and(|name| !is_empty(name));
    if (draft.recipient_kind == RecipientKind::Intermediary) != through {
        faults.add("intermediary", "Enter the intermediary, and only if it goes through one");
    }
}

/// Elements 6, 4iii, 5iii and 10.
fn statements(draft: &Draft, faults: &mut Faults) {
    let tpo = draft.kind == Kind::TpoSingle;
    let needed = [
        (true, Statement::Revocation),
        (tpo, Statement::Redisclosure),
        (tpo, Statement::Refusal),
        (draft.to_covered_entity, Statement::HipaaRedisclosure),
        (draft.fundraising, Statement::FundraisingOptOut),
    ];
    for (is_needed, statement) in needed {
        if is_needed && !draft.statements.contains(&statement) {
            faults.add("statements", format!("The paper must say: {}", statement.words()));
        }
    }
    if is_empty(&draft.revocation_how) {
        faults.add("revocation_how", "Enter how it can be taken back");
    }
    if draft.irrevocable_until.is_some() && draft.kind != Kind::CriminalJusticeReferral {
        faults.add(
            "irrevocable_until",
            "Only a consent for a court or probation may be kept from being taken back",
        );
    }
}

/// §2.31(b) and (d): counseling notes and proceedings are never combined with anything else.
fn alone(draft: &Draft, faults: &mut Faults) {
    let expected = match draft.kind {
        Kind::CounselingNotes => Matter::CounselingNotes,
        Kind::LegalProceeding => Matter::Proceeding,
        _ => Matter::Ordinary,
    };
    if draft.matters.is_empty() {
        faults.add("matters", "Choose what it covers");
    } else if draft.matters.iter().any(|matter| *matter != expected) {
        faults.add("matters", "Counseling notes and legal proceedings each need a consent of their own");
    }
    if draft.kind == Kind::CounselingNotes && draft.condition_of_treatment {
        faults.add("condition_of_treatment", "Care may not depend on a consent for counseling notes");
    }
}

/// Elements 8 and 9.
fn signature(draft: &Draft, today: Day, faults: &mut Faults) {
    if draft.signature.as_deref().is_none_or(is_empty) {
        faults.add("signature", "It must be signed");
    }
    match draft.signed_on {
        None => faults.add("signed_on", "Enter the day it was signed"),
        Some(day) if day > today => faults.add("signed_on", "Enter the day it was signed, today or earlier"),
        Some(_) => {}
    }
}

/// Element 7.
fn expiry(draft: &Draft, today: Day, faults: &mut Faults) {
    match &draft.expiry {
        None => faults.add("expiry", "Enter until when it holds"),
        Some(Expiry::Never) if draft.kind != Kind::TpoSingle => {
            faults.add(
                "expiry",
                "Enter a day or an event; only a consent for care and payment may have no end",
            );
        }
        Some(Expiry::On(last)) if draft.signed_on.unwrap_or(today) > *last => {
            faults.add("expiry", "Enter an end after the day it was signed");
        }
        Some(Expiry::Event(event)) if is_empty(event) => faults.add("expiry", "Enter the event that ends it"),
        Some(_) => {}
    }
}

fn is_empty(text: &str) -> bool {
    text.trim().is_empty()
}

#[cfg(test)]
mod tests;
