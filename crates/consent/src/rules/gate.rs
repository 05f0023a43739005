//! The gate: may this leave the house now? A pure decision over facts; the first rule that forbids names itself.

mod departing;

use foundation::Instant;

use super::contact::Permission;

pub use departing::{Basis, Channel, Departure, Detail, Known, Recipient, Verdict, decide};

foundation::words! {
    /// Why something is leaving.
    pub enum Purpose {
        AnswerRequest = "answer_request", "to answer a request",
        CheckIn = "check_in", "to check in",
        ShareRecord = "share_record", "to share a record with someone",
        GiveOwnRecord = "give_own_record", "to give a person the own record",
    }
}

foundation::words! {
    /// What the gate says. Everything but `allow` is a no with its reason.
    pub enum Answer {
        Allow = "allow", "May leave.",
        Died = "died", "The person has died. Nothing is sent by itself.",
        DoNotContact = "do_not_contact", "They asked not to be contacted.",
        Suppressed = "suppressed", "This address is stopped: they asked us to stop, or mail came back from it.",
        NoAddress = "no_address", "There is no address for this.",
        NotAsked = "not_asked", "E-mail was not asked. Ask whether it is safe first.",
        Never = "never", "They said no to this way.",
        OnlyUrgent = "only_urgent", "They allow this way only if it is urgent.",
        AskAgain = "ask_again", "They were asked more than 180 days ago. Ask again first.",
        TooMuchDetail = "too_much_detail", "It says more than they allow on this way.",
        NotNow = "not_now", "It is not a safe hour for them.",
        NotReleased = "not_released", "It waits until a second person has released it.",
        ClassOnly = "class_only", "The consent names a class. Someone must say that this reader is in it.",
        NoNotice = "no_notice", "The notice and the scope of the consent must go with it.",
        NoConsent = "no_consent", "There is no written consent that names this reader.",
        ConsentEnded = "consent_ended", "The consent was taken back or has run out.",
        Paused = "paused", "They asked for a pause.",
        InCare = "in_care", "They are in care now. Check-ins are paused.",
        Held = "held", "The outbox is on hold after a restore. Someone must let mail out again.",
    }
}

/// The consent that would allow it, as far as the gate needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// None that fits.
    None,
    /// One that fits and is in force.
    InForce,
    /// One that fitted once.
    Ended,
}

/// Everything the gate looks at. A fact that could not be found out must be given as the stricter one.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that can forbid alone")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub purpose: Purpose,
    pub died: bool,
    pub do_not_contact: bool,
    pub suppressed: bool,
    pub has_address: bool,
    pub email: Permission,
    pub consent: Standing,
    pub paused_until: Option<Instant>,
    pub held: bool,
}

/// May an e-mail to the person leave at `now`?
#[must_use]
pub fn may_write(facts: &Facts, now: Instant) -> Answer {
    let departure = Departure {
        channel: Channel::Email,
        purpose: facts.purpose,
        recipient: Recipient::Person,
        urgent: false,
        detail: Detail::Neutral,
    };
    let known = Known::<()> {
        died: facts.died,
        do_not_contact: facts.do_not_contact,
        suppressed: facts.suppressed,
        has_address: facts.has_address,
        permission: facts.email,
        asked_long_ago: false,
        detail: None,
        safe_hour: true,
        paused: facts.paused_until.is_some_and(|until| now < until),
        held: facts.held,
        consent: facts.consent,
        evidence: Vec::new(),
        with_notice: false,
    };
    decide(departure, &known).answer()
}

/// May a record be shown to a third party? Only under a consent in force that names the reader (42 CFR §2.31, §2.33).
#[must_use]
pub fn may_share(consent: Standing) -> Answer {
    match consent {
        Standing::InForce => Answer::Allow,
        Standing::Ended => Answer::ConsentEnded,
        Standing::None => Answer::NoConsent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn welcome() -> Facts {
        Facts {
            purpose: Purpose::CheckIn,
            died: false,
            do_not_contact: false,
            suppressed: false,
            has_address: true,
            email: Permission::Ok,
            consent: Standing::InForce,
            paused_until: None,
            held: false,
        }
    }

    fn now() -> Instant {
        "2026-03-02T15:00:00Z".parse().unwrap()
    }

    #[test]
    fn someone_who_said_yes_is_written_to() {
        assert_eq!(may_write(&welcome(), now()), Answer::Allow);
    }

    #[test]
    fn one_no_is_enough_whatever_else_is_yes() {
        let w = welcome();
        let later = now() + chrono::TimeDelta::days(3);
        for (facts, answer) in [
            (Facts { died: true, ..w }, Answer::Died),
            (Facts { do_not_contact: true, ..w }, Answer::DoNotContact),
            (Facts { held: true, ..w }, Answer::Held),
            (Facts { has_address: false, ..w }, Answer::NoAddress),
            (Facts { suppressed: true, ..w }, Answer::Suppressed),
            (Facts { email: Permission::Never, ..w }, Answer::Never),
            (Facts { email: Permission::NotAsked, ..w }, Answer::NotAsked),
            (Facts { consent: Standing::None, ..w }, Answer::NoConsent),
            (Facts { consent: Standing::Ended, ..w }, Answer::ConsentEnded),
            (Facts { paused_until: Some(later), ..w }, Answer::Paused),
        ] {
            assert_eq!(may_write(&facts, now()), answer);
        }
    }

    #[test]
    fn who_asked_by_mail_may_be_answered_without_a_second_yes_but_not_against_a_no() {
        let asked = Facts { purpose: Purpose::AnswerRequest, consent: Standing::None, ..welcome() };
        assert_eq!(may_write(&asked, now()), Answer::Allow);
        assert_eq!(may_write(&Facts { email: Permission::Never, ..asked }, now()), Answer::Never);
    }

    #[test]
    fn a_record_goes_to_a_third_party_under_a_consent_in_force_only() {
        assert_eq!(may_share(Standing::InForce), Answer::Allow);
        assert_eq!(may_share(Standing::Ended), Answer::ConsentEnded);
        assert_eq!(may_share(Standing::None), Answer::NoConsent);
    }
}
