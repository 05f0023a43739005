//! Written consent to share with one named reader: every element of 42 CFR §2.31(a) (domain reference 1.5). A paper that
//! lacks one authorizes nothing and says which; what was recorded without a statement the law asks for is deficient on
//! its face and relied on by nobody (§2.31(c)).

use foundation::search::fold;
use foundation::{Day, Faults};

foundation::words! {
    /// What the sharing is for, as far as the law makes a difference.
    pub enum Aim {
        Care = "care", "Care, payment, or running the center",
        Other = "other", "Something else, like family, housing, or work",
    }
}

foundation::words! {
    /// Who signed.
    pub enum Signer {
        Patient = "patient", "The person",
        MinorAlone = "minor_alone", "A minor, who may consent alone by state law",
        MinorAndGuardian = "minor_and_guardian", "A minor, and a parent or guardian",
        Guardian = "guardian", "A parent or guardian",
        Representative = "representative", "A personal representative",
        ForDeceased = "for_deceased", "The personal representative of someone who died",
    }
}

impl Signer {
    /// Whether somebody else than the person signed, who must be named.
    #[must_use]
    pub fn needs_name(self) -> bool {
        !matches!(self, Self::Patient | Self::MinorAlone)
    }
}

foundation::words! {
    /// Statements the paper makes. Which ones it needs depends on what it is for.
    pub enum Statement {
        Revocation = "revocation", "They can take it back in writing, and how; what was shared before stays shared",
        Redisclosure = "redisclosure", "Whoever gets it may share it again, and then this rule may not protect it",
        HipaaRedisclosure = "hipaa_redisclosure", "A health plan or provider may share it again under HIPAA, but not in a case against them",
        Refusal = "refusal", "What happens if they do not sign",
    }
}

foundation::words! {
    /// The language of the paper.
    pub enum PaperLanguage {
        English = "en", "English",
        Spanish = "es", "Spanish",
        Another = "other", "Another language",
    }
}

/// The statements a paper must make and does not. When nobody asked what it is for, the stricter holds.
#[must_use]
pub fn missing(aim: Option<Aim>, made: &[Statement]) -> Vec<Statement> {
    let is_needed = |statement: &Statement| match statement {
        Statement::Revocation => true,
        // Row 10 and 4(iii): on every consent for care, payment or operations, also one for a single named recipient.
        Statement::Redisclosure | Statement::HipaaRedisclosure | Statement::Refusal => {
            aim != Some(Aim::Other)
        }
    };
    Statement::ALL.iter().copied().filter(is_needed).filter(|one| !made.contains(one)).collect()
}

/// A consent as it was typed from the signed paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// 1. The person's name on the paper, and on the record at signing.
    pub name: String,
    pub name_on_record: String,
    /// 2. Who may disclose.
    pub discloser: String,
    /// 3. What, specific and meaningful.
    pub information: String,
    /// 4. To whom.
    pub recipient: String,
    /// 5. What for.
    pub purpose: String,
    pub aim: Option<Aim>,
    /// 6, 4iii and 10. The statements it makes, and how it can be taken back.
    pub statements: Vec<Statement>,
    pub revocation_how: String,
    /// 7. Its last day.
    pub expires_on: Option<Day>,
    /// 8. Who signed, by name when it was not the person, and what shows it.
    pub signer: Signer,
    pub signer_name: Option<String>,
    pub signature: String,
    /// 9. When.
    pub signed_on: Day,
}

/// Checks every element.
///
/// # Errors
/// Faults, named after the fields of the form.
pub fn check(draft: &Draft, today: Day) -> Result<(), Faults> {
    let mut faults = Faults::default();
    about(draft, &mut faults);
    statements(draft, &mut faults);
    signature(draft, today, &mut faults);
    faults.or(|| ())
}

/// Elements 1 to 5: who, what, to whom, why.
fn about(draft: &Draft, faults: &mut Faults) {
    if !is_same_name(&draft.name, &draft.name_on_record) {
        faults.add("name", "Enter the name as it is on the record");
    }
    if is_empty(&draft.discloser) {
        faults.add("discloser", "Enter who may share it, as a rule the center");
    }
    let vague = ["all", "all records", "any and all records", "everything", "any information"];
    if is_empty(&draft.information) || vague.contains(&fold(&draft.information).as_str()) {
        faults.add("scope", "Choose what may be shared; “all records” is not specific");
    }
    if is_empty(&draft.recipient) {
        faults.add("recipient", "Enter who may receive it");
    }
    match fold(&draft.purpose).as_str() {
        "" => faults.add("purpose", "Enter what it is for"),
        "any purpose" | "any purposes" | "all purposes" => {
            faults.add("purpose", "Enter what it is for; “any purpose” is not enough");
        }
        _ => {}
    }
    if draft.aim.is_none() {
        faults.add("aim", "Choose what kind of purpose it is");
    }
}

/// Elements 6, 4iii and 10.
fn statements(draft: &Draft, faults: &mut Faults) {
    let missing = missing(draft.aim, &draft.statements);
    if !missing.is_empty() {
        let words: Vec<&str> = missing.iter().map(|one| one.words()).collect();
        let words = words.join("”, “");
        faults.add(
            "statements",
            format!("The paper must also say: “{words}”. Without it nobody may rely on it: print our paper and have it signed"),
        );
    }
    if is_empty(&draft.revocation_how) {
        faults.add("revocation_how", "Enter how it can be taken back");
    }
}

/// Elements 7, 8 and 9.
fn signature(draft: &Draft, today: Day, faults: &mut Faults) {
    if is_empty(&draft.signature) {
        faults.add("signature", "Enter where the signed paper is kept: without a signature it is no consent");
    }
    if draft.signer.needs_name() && draft.signer_name.as_deref().is_none_or(is_empty) {
        faults.add("signer_name", "Enter the name of who signed for them");
    }
    if draft.signed_on > today {
        faults.add("signed_on", "Enter the day it was signed, today or earlier");
    }
    match draft.expires_on {
        None => faults.add("expires_on", "Enter the day this ends"),
        Some(last) if draft.signed_on > last => {
            faults.add("expires_on", "Enter an end after the day it was signed");
        }
        Some(_) => {}
    }
}

/// Whether two names are the same after folding case, accents and punctuation.
fn is_same_name(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    !a.is_empty() && a == b
}

fn is_empty(text: &str) -> bool {
    text.trim().is_empty()
}

#[cfg(test)]
mod tests;
