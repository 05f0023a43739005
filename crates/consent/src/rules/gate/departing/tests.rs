//! Stories of the gate: Zoë's check-in, Dr. Park's copy, and the single no that is enough.

use proptest::prelude::*;

use super::*;

/// A neutral e-mail to Zoë, who said yes to e-mail.
fn mail() -> Departure {
    Departure {
        channel: Channel::Email,
        purpose: Purpose::CheckIn,
        recipient: Recipient::Person,
        urgent: false,
        detail: Detail::Neutral,
    }
}

/// Her plan for Dr. Park.
fn copy() -> Departure {
    Departure {
        channel: Channel::Paper,
        purpose: Purpose::ShareRecord,
        recipient: Recipient::Named,
        detail: Detail::Full,
        ..mail()
    }
}

fn welcome() -> Known<u32> {
    Known {
        died: false,
        do_not_contact: false,
        suppressed: false,
        has_address: true,
        permission: Permission::Ok,
        asked_long_ago: false,
        detail: Some(Detail::Neutral),
        safe_hour: true,
        paused: false,
        held: false,
        consent: Standing::InForce,
        evidence: vec![7],
        with_notice: true,
    }
}

fn answer(departure: Departure, known: &Known<u32>) -> Answer {
    decide(departure, known).answer()
}

#[test]
fn what_leaves_says_on_what_it_rests() {
    assert_eq!(decide(mail(), &welcome()), Verdict::Allow { basis: Basis::PatientSelf, evidence: vec![7] });
    assert_eq!(decide(copy(), &welcome()), Verdict::Allow { basis: Basis::Consent, evidence: vec![7] });
}

#[test]
fn only_if_urgent_is_no_on_an_ordinary_day() {
    let known = Known { permission: Permission::OnlyUrgent, ..welcome() };
    assert_eq!(answer(mail(), &known), Answer::OnlyUrgent);
    assert_eq!(answer(Departure { urgent: true, ..mail() }, &known), Answer::Allow);
}

#[test]
fn after_half_a_year_they_are_asked_again_first() {
    assert_eq!(answer(mail(), &Known { asked_long_ago: true, ..welcome() }), Answer::AskAgain);
}

#[test]
fn a_message_says_no_more_than_they_allow_and_not_asked_allows_no_full_detail() {
    let number = Known { detail: Some(Detail::NameAndNumber), ..welcome() };
    assert_eq!(answer(mail(), &number), Answer::TooMuchDetail);
    let not_asked = Known { detail: None, ..welcome() };
    assert_eq!(answer(mail(), &not_asked), Answer::Allow);
    assert_eq!(answer(Departure { detail: Detail::Full, ..mail() }, &not_asked), Answer::TooMuchDetail);
}

#[test]
fn a_call_needs_a_safe_hour_and_no_paper_about_e_mail() {
    let call = Departure { channel: Channel::Call, ..mail() };
    assert_eq!(answer(call, &Known { consent: Standing::None, ..welcome() }), Answer::Allow);
    assert_eq!(answer(call, &Known { safe_hour: false, ..welcome() }), Answer::NotNow);
}

#[test]
fn a_class_needs_someone_who_says_that_the_reader_is_in_it() {
    let class = |attested| Departure { recipient: Recipient::Class { attested }, ..copy() };
    assert_eq!(answer(class(false), &welcome()), Answer::ClassOnly);
    assert_eq!(answer(class(true), &welcome()), Answer::Allow);
}

#[test]
fn nothing_goes_to_a_third_party_without_its_notice_or_its_consent() {
    assert_eq!(answer(copy(), &Known { with_notice: false, ..welcome() }), Answer::NoNotice);
    assert_eq!(answer(copy(), &Known { consent: Standing::Ended, ..welcome() }), Answer::ConsentEnded);
    assert_eq!(answer(copy(), &Known { consent: Standing::None, ..welcome() }), Answer::NoConsent);
}

#[test]
fn do_not_contact_set_after_it_was_queued_stops_it_and_does_not_stop_what_she_lets_dr_park_have() {
    let quiet = Known { do_not_contact: true, ..welcome() };
    assert_eq!(answer(mail(), &quiet), Answer::DoNotContact);
    assert_eq!(answer(copy(), &quiet), Answer::Allow);
}

#[test]
fn she_is_handed_her_own_copy_whatever_was_said_about_mail() {
    let own = Departure { recipient: Recipient::Person, purpose: Purpose::GiveOwnRecord, ..copy() };
    let quiet =
        Known { do_not_contact: true, permission: Permission::Never, has_address: false, ..welcome() };
    assert_eq!(answer(own, &quiet), Answer::Allow);
}

fn any_departure() -> impl Strategy<Value = Departure> {
    let recipients = [Recipient::Person, Recipient::Named, Recipient::Class { attested: true }];
    (
        prop::sample::select(Channel::ALL),
        prop::sample::select(Purpose::ALL),
        prop::sample::select(recipients.to_vec()),
        any::<bool>(),
        prop::sample::select(Detail::ALL),
    )
        .prop_map(|(channel, purpose, recipient, urgent, detail)| Departure {
            channel,
            purpose,
            recipient,
            urgent,
            detail,
        })
}

fn any_known() -> impl Strategy<Value = Known<u32>> {
    (
        any::<[bool; 9]>(),
        prop::sample::select(Permission::ALL),
        prop::option::of(prop::sample::select(Detail::ALL)),
        prop::sample::select(vec![Standing::None, Standing::InForce, Standing::Ended]),
    )
        .prop_map(|(b, permission, detail, consent)| Known {
            died: b[0],
            do_not_contact: b[1],
            suppressed: b[2],
            has_address: b[3],
            asked_long_ago: b[4],
            safe_hour: b[5],
            paused: b[6],
            held: b[7],
            with_notice: b[8],
            permission,
            detail,
            consent,
            evidence: Vec::new(),
        })
}

proptest! {
    #[test]
    fn the_gate_never_allows_what_a_single_rule_forbids(departure in any_departure(), known in any_known()) {
        let person = departure.recipient == Recipient::Person;
        let sent = departure.channel != Channel::Paper;
        let electronic = matches!(departure.channel, Channel::Email | Channel::Text);
        if answer(departure, &known) == Answer::Allow {
            prop_assert!(!known.died);
            prop_assert!(!sent || (!known.held && !known.suppressed && known.has_address));
            if person && sent {
                prop_assert!(!known.do_not_contact && !known.paused && known.safe_hour && !known.asked_long_ago);
                prop_assert!(!matches!(known.permission, Permission::Never | Permission::NotAsked));
                prop_assert!(known.permission == Permission::Ok || departure.urgent);
                prop_assert!(departure.detail <= known.detail.unwrap_or(Detail::Neutral));
                prop_assert!(!electronic || known.consent != Standing::Ended);
            }
            if !person {
                prop_assert!(known.consent == Standing::InForce && known.with_notice);
            }
        }
    }

    #[test]
    fn one_more_no_never_opens_the_gate(departure in any_departure(), known in any_known()) {
        let stricter = [
            Known { died: true, ..known.clone() },
            Known { do_not_contact: true, ..known.clone() },
            Known { held: true, ..known.clone() },
            Known { suppressed: true, ..known.clone() },
            Known { permission: Permission::Never, ..known.clone() },
            Known { consent: Standing::Ended, ..known.clone() },
            Known { safe_hour: false, ..known.clone() },
            Known { paused: true, ..known.clone() },
        ];
        for stricter in stricter {
            if answer(departure, &known) != Answer::Allow {
                prop_assert_ne!(answer(departure, &stricter), Answer::Allow);
            }
        }
    }
}
