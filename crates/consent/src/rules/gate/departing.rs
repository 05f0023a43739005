//! One departure, decided whole: to the person by any way, or to a third party. The first rule that forbids names itself,
//! the gravest first; what allows names its basis and the evidence it rests on.

use super::super::contact::Permission;
use super::{Answer, Purpose, Standing};

foundation::words! {
    /// By which way something leaves.
    pub enum Channel {
        Email = "email", "e-mail",
        Text = "text", "text message",
        Call = "call", "phone call",
        Voicemail = "voicemail", "voicemail",
        Postal = "postal", "letter",
        Paper = "paper", "paper handed over, or a file",
    }
}

foundation::words! {
    /// How much it says, the least first.
    pub enum Detail {
        Nothing = "none", "nothing",
        NameAndNumber = "name_number_only", "a first name and a number",
        Neutral = "neutral_text", "a neutral text",
        Full = "full_detail", "everything",
    }
}

foundation::words! {
    /// On what a departure rests (domain reference 1.4; the other bases are decided by people, not by the gate).
    pub enum Basis {
        PatientSelf = "patient_self", "the person’s own (42 CFR §2.23)",
        Consent = "consent", "written consent (42 CFR §2.31, §2.33)",
    }
}

/// Who receives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    Person,
    /// A third party the consent must name.
    Named,
    /// One of a class the consent describes; `attested` when someone said that this reader is in it.
    Class {
        attested: bool,
    },
}

/// What is about to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure {
    pub channel: Channel,
    pub purpose: Purpose,
    pub recipient: Recipient,
    pub urgent: bool,
    pub detail: Detail,
}

/// What is known at the moment of leaving. A fact that could not be found out must be given as the stricter one.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that can forbid alone")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<E> {
    pub died: bool,
    pub do_not_contact: bool,
    pub suppressed: bool,
    pub has_address: bool,
    /// Of this way.
    pub permission: Permission,
    /// Longer ago than 180 days.
    pub asked_long_ago: bool,
    /// The most this way may say; `None` when it was not asked, which allows no full detail.
    pub detail: Option<Detail>,
    /// Inside their safe hours, and outside quiet hours when it rings (see `rules::quiet_hours`).
    pub safe_hour: bool,
    pub paused: bool,
    pub held: bool,
    /// To the person: the accepted risk of e-mail and text. To a third party: the disclosure.
    pub consent: Standing,
    /// Keys of the preference and the consent it rests on.
    pub evidence: Vec<E>,
    /// The notice of §2.32 and the consent or its scope go along.
    pub with_notice: bool,
}

/// What the gate says, with what an allowance rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<E> {
    Allow { basis: Basis, evidence: Vec<E> },
    No(Answer),
}

impl<E> Verdict<E> {
    /// The answer alone.
    pub fn answer(&self) -> Answer {
        match self {
            Self::Allow { .. } => Answer::Allow,
            Self::No(answer) => *answer,
        }
    }
}

/// May it leave?
pub fn decide<E: Clone>(departure: Departure, known: &Known<E>) -> Verdict<E> {
    let forbids = in_any_case(departure, known).or_else(|| match departure.recipient {
        Recipient::Person => to_the_person(departure, known),
        Recipient::Named | Recipient::Class { .. } => to_a_third_party(departure, known),
    });
    let basis = if departure.recipient == Recipient::Person { Basis::PatientSelf } else { Basis::Consent };
    forbids.map_or_else(|| Verdict::Allow { basis, evidence: known.evidence.clone() }, Verdict::No)
}

/// Whoever receives it. Paper that is handed over needs no address and is in no outbox.
fn in_any_case<E>(departure: Departure, known: &Known<E>) -> Option<Answer> {
    let by_hand = departure.channel == Channel::Paper;
    let to_person = departure.recipient == Recipient::Person;
    match known {
        k if k.died => Some(Answer::Died),
        // It says whom not to reach; what they let others know is the consent's matter.
        k if k.do_not_contact && to_person && !by_hand => Some(Answer::DoNotContact),
        k if k.held && !by_hand => Some(Answer::Held),
        k if !k.has_address && !by_hand => Some(Answer::NoAddress),
        k if k.suppressed && !by_hand => Some(Answer::Suppressed),
        _ => None,
    }
}

fn to_the_person<E>(departure: Departure, known: &Known<E>) -> Option<Answer> {
    if departure.channel == Channel::Paper {
        return None;
    }
    let electronic = matches!(departure.channel, Channel::Email | Channel::Text);
    let most = known.detail.unwrap_or(Detail::Neutral);
    match known {
        k if k.permission == Permission::Never => Some(Answer::Never),
        k if k.permission == Permission::NotAsked => Some(Answer::NotAsked),
        k if k.permission == Permission::OnlyUrgent && !departure.urgent => Some(Answer::OnlyUrgent),
        k if k.asked_long_ago => Some(Answer::AskAgain),
        _ if departure.detail > most => Some(Answer::TooMuchDetail),
        k if electronic && k.consent == Standing::Ended => Some(Answer::ConsentEnded),
        // Someone who asked by e-mail may be answered by e-mail; writing first needs the accepted risk text.
        k if electronic && departure.purpose != Purpose::AnswerRequest && k.consent == Standing::None => {
            Some(Answer::NoConsent)
        }
        k if k.paused => Some(Answer::Paused),
        k if !k.safe_hour => Some(Answer::NotNow),
        _ => None,
    }
}

fn to_a_third_party<E>(departure: Departure, known: &Known<E>) -> Option<Answer> {
    match known.consent {
        Standing::None => Some(Answer::NoConsent),
        Standing::Ended => Some(Answer::ConsentEnded),
        Standing::InForce if departure.recipient == (Recipient::Class { attested: false }) => {
            Some(Answer::ClassOnly)
        }
        Standing::InForce if !known.with_notice => Some(Answer::NoNotice),
        Standing::InForce => None,
    }
}

#[cfg(test)]
mod tests;
