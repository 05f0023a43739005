//! The gate: may this leave the house now? One pure decision over facts, whoever receives it and by whichever way. The
//! first rule that forbids names itself, the gravest first.

use super::contact::Permission;

foundation::words! {
    /// Why a letter is leaving.
    pub enum Purpose {
        AnswerRequest = "answer_request", "to answer a request",
        CheckIn = "check_in", "to check in",
        ShareRecord = "share_record", "to tell someone else about a person",
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
        OthersRead = "others_read", "Others may read it. Ask which address is theirs alone, and write that down at the address.",
        NotNow = "not_now", "It is not a safe hour for them.",
        NotReleased = "not_released", "It waits until a second person has released it.",
        NoNotice = "no_notice", "The notice and the scope of the consent must go with it.",
        NoConsent = "no_consent", "There is no written consent that names this reader.",
        ConsentEnded = "consent_ended", "The consent was taken back or has run out.",
        Deficient = "deficient", "The consent lacks a statement that the law asks for, so nobody may rely on it. Print the paper, have it signed anew, and record it.",
        Paused = "paused", "They asked for a pause.",
        InCare = "in_care", "They are in care now. Check-ins are paused.",
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
    /// One that fits, and lacks on its face what the law asks for (42 CFR §2.31(c)).
    Deficient,
}

/// What a letter to the person is decided by, as it is at the moment of leaving. A fact that could not be found out must
/// be given as the stricter one.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that can forbid alone")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    pub purpose: Purpose,
    pub died: bool,
    pub do_not_contact: bool,
    pub suppressed: bool,
    pub has_address: bool,
    pub email: Permission,
    /// What is safe was said more than 180 days ago.
    pub asked_long_ago: bool,
    /// Someone else may read what comes to this address, and nobody said that it is theirs alone (domain reference 1.12).
    pub read_by_others: bool,
    /// Inside the hours they named as safe.
    pub safe_hour: bool,
    /// They asked for a pause of the check-ins.
    pub paused: bool,
    /// They are in care: nobody asks by letter how they are at home.
    pub in_care: bool,
    /// The accepted risk of e-mail.
    pub consent: Standing,
}

/// What is about to leave, with what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// An e-mail to the person.
    Letter(Letter),
    /// The person's own copy, handed over.
    OwnCopy { died: bool },
    /// Something about the person, to a reader the consent must name, with the notice of §2.32 and the scope or without.
    Disclosure { died: bool, consent: Standing, with_notice: bool },
}

/// May it leave?
#[must_use]
pub fn decide(departure: Departure) -> Answer {
    let forbids = match departure {
        Departure::Letter(letter) => to_the_person(&letter),
        Departure::OwnCopy { died } => died.then_some(Answer::Died),
        Departure::Disclosure { died: true, .. } => Some(Answer::Died),
        Departure::Disclosure { consent, with_notice, .. } => to_someone_else(consent, with_notice),
    };
    forbids.unwrap_or(Answer::Allow)
}

fn to_the_person(letter: &Letter) -> Option<Answer> {
    let begun_by_us = letter.purpose == Purpose::CheckIn;
    match letter {
        l if l.died => Some(Answer::Died),
        l if l.do_not_contact => Some(Answer::DoNotContact),
        l if !l.has_address => Some(Answer::NoAddress),
        l if l.suppressed => Some(Answer::Suppressed),
        l if l.email == Permission::Never => Some(Answer::Never),
        l if l.email == Permission::NotAsked => Some(Answer::NotAsked),
        l if l.email == Permission::OnlyUrgent => Some(Answer::OnlyUrgent),
        l if l.asked_long_ago => Some(Answer::AskAgain),
        l if l.read_by_others => Some(Answer::OthersRead),
        // Someone who asked by e-mail may be answered by e-mail; writing first needs the accepted risk text.
        l => match l.consent {
            Standing::Ended => Some(Answer::ConsentEnded),
            Standing::Deficient => Some(Answer::Deficient),
            Standing::None if begun_by_us => Some(Answer::NoConsent),
            // A pause is one of check-ins, and who asks now is answered now.
            _ if begun_by_us && l.paused => Some(Answer::Paused),
            _ if begun_by_us && l.in_care => Some(Answer::InCare),
            _ if begun_by_us && !l.safe_hour => Some(Answer::NotNow),
            Standing::None | Standing::InForce => None,
        },
    }
}

/// Only under a consent in force that names the reader (42 CFR §2.31, §2.33), with what must go along (§2.32).
fn to_someone_else(consent: Standing, with_notice: bool) -> Option<Answer> {
    match consent {
        Standing::None => Some(Answer::NoConsent),
        Standing::Ended => Some(Answer::ConsentEnded),
        Standing::Deficient => Some(Answer::Deficient),
        Standing::InForce => (!with_notice).then_some(Answer::NoNotice),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A letter to Zoë, who said yes to e-mail.
    fn welcome() -> Letter {
        Letter {
            purpose: Purpose::CheckIn,
            died: false,
            do_not_contact: false,
            suppressed: false,
            has_address: true,
            email: Permission::Ok,
            asked_long_ago: false,
            read_by_others: false,
            safe_hour: true,
            paused: false,
            in_care: false,
            consent: Standing::InForce,
        }
    }

    fn letter(letter: Letter) -> Answer {
        decide(Departure::Letter(letter))
    }

    /// Her plan for Dr. Park.
    fn copy(consent: Standing) -> Answer {
        decide(Departure::Disclosure { died: false, consent, with_notice: true })
    }

    #[test]
    fn someone_who_said_yes_is_written_to() {
        assert_eq!(letter(welcome()), Answer::Allow);
    }

    #[test]
    fn one_no_is_enough_whatever_else_is_yes() {
        let w = welcome();
        for (facts, answer) in [
            (Letter { died: true, ..w }, Answer::Died),
            (Letter { do_not_contact: true, ..w }, Answer::DoNotContact),
            (Letter { has_address: false, ..w }, Answer::NoAddress),
            (Letter { suppressed: true, ..w }, Answer::Suppressed),
            (Letter { email: Permission::Never, ..w }, Answer::Never),
            (Letter { email: Permission::NotAsked, ..w }, Answer::NotAsked),
            (Letter { email: Permission::OnlyUrgent, ..w }, Answer::OnlyUrgent),
            (Letter { asked_long_ago: true, ..w }, Answer::AskAgain),
            (Letter { read_by_others: true, ..w }, Answer::OthersRead),
            (Letter { consent: Standing::None, ..w }, Answer::NoConsent),
            (Letter { consent: Standing::Ended, ..w }, Answer::ConsentEnded),
            (Letter { paused: true, ..w }, Answer::Paused),
            (Letter { safe_hour: false, ..w }, Answer::NotNow),
        ] {
            assert_eq!(letter(facts), answer);
        }
    }

    #[test]
    fn who_asked_by_mail_is_answered_without_a_second_yes_at_any_hour_but_not_against_a_no() {
        let asked = Letter {
            purpose: Purpose::AnswerRequest,
            consent: Standing::None,
            paused: true,
            safe_hour: false,
            ..welcome()
        };
        assert_eq!(letter(asked), Answer::Allow);
        assert_eq!(letter(Letter { email: Permission::Never, ..asked }), Answer::Never);
        assert_eq!(letter(Letter { read_by_others: true, ..asked }), Answer::OthersRead);
    }

    #[test]
    fn dr_park_gets_a_copy_under_a_whole_consent_in_force_with_its_notice_only() {
        assert_eq!(copy(Standing::InForce), Answer::Allow);
        assert_eq!(copy(Standing::Ended), Answer::ConsentEnded);
        assert_eq!(copy(Standing::None), Answer::NoConsent);
        assert_eq!(copy(Standing::Deficient), Answer::Deficient);
        let bare = Departure::Disclosure { died: false, consent: Standing::InForce, with_notice: false };
        assert_eq!(decide(bare), Answer::NoNotice);
    }

    #[test]
    fn when_zoe_has_died_nobody_gets_a_copy_on_the_word_of_her_old_consent() {
        let shared = Departure::Disclosure { died: true, consent: Standing::InForce, with_notice: true };
        assert_eq!(decide(shared), Answer::Died);
        assert_eq!(decide(Departure::OwnCopy { died: true }), Answer::Died);
        assert_eq!(decide(Departure::OwnCopy { died: false }), Answer::Allow);
    }

    fn any_letter() -> impl Strategy<Value = Letter> {
        let standings = vec![Standing::None, Standing::InForce, Standing::Ended, Standing::Deficient];
        (
            prop::sample::select(Purpose::ALL),
            any::<[bool; 8]>(),
            prop::sample::select(Permission::ALL),
            prop::sample::select(standings),
        )
            .prop_map(|(purpose, b, email, consent)| Letter {
                purpose,
                died: b[0],
                do_not_contact: b[1],
                suppressed: b[2],
                has_address: b[3],
                asked_long_ago: b[4],
                read_by_others: b[5],
                safe_hour: b[6],
                paused: b[7],
                in_care: false,
                email,
                consent,
            })
    }

    proptest! {
        #[test]
        fn the_gate_never_allows_what_a_single_rule_forbids(l in any_letter()) {
            if letter(l) == Answer::Allow {
                prop_assert!(!l.died && !l.do_not_contact && !l.suppressed && l.has_address);
                prop_assert!(!l.asked_long_ago && !l.read_by_others && l.email == Permission::Ok);
                prop_assert!(!matches!(l.consent, Standing::Ended | Standing::Deficient));
                if l.purpose == Purpose::CheckIn {
                    prop_assert!(!l.paused && l.safe_hour && l.consent == Standing::InForce);
                }
            }
        }

        #[test]
        fn one_more_no_never_opens_the_gate(l in any_letter()) {
            let stricter = [
                Letter { died: true, ..l },
                Letter { do_not_contact: true, ..l },
                Letter { suppressed: true, ..l },
                Letter { email: Permission::Never, ..l },
                Letter { asked_long_ago: true, ..l },
                Letter { read_by_others: true, ..l },
                Letter { consent: Standing::Ended, ..l },
                Letter { safe_hour: false, ..l },
                Letter { paused: true, ..l },
            ];
            for stricter in stricter {
                prop_assert!(letter(l) == Answer::Allow || letter(stricter) != Answer::Allow);
            }
        }
    }
}
