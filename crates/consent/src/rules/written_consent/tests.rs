//! Stories of consents: Zoë's release to Dr. Park, and the papers that authorize nothing.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn today() -> Day {
    day("2026-03-02")
}

/// Zoë lets the center tell Dr. Park about her plan for a year.
fn zoes() -> Draft {
    Draft {
        kind: Kind::NamedDisclosure,
        name: "Zoë Nguyễn".into(),
        name_on_record: "Zoe Nguyen".into(),
        discloser: "Cedar Center".into(),
        information: "My plan and my next visits, including care for alcohol use".into(),
        matters: vec![Matter::Ordinary],
        recipient_kind: RecipientKind::Named,
        recipients: vec!["Dr. Park".into(), "Agency A".into()],
        intermediary: None,
        to_covered_entity: false,
        purposes: vec!["to plan my care".into()],
        fundraising: false,
        statements: vec![Statement::Revocation],
        revocation_how: "by writing to the center".into(),
        expiry: Some(Expiry::On(day("2027-03-02"))),
        signer: Signer::Patient,
        signature: Some("Zoë N.".into()),
        signed_on: Some(today()),
        irrevocable_until: None,
        condition_of_treatment: false,
    }
}

fn tpo() -> Draft {
    Draft {
        kind: Kind::TpoSingle,
        recipient_kind: RecipientKind::Class,
        recipients: vec!["my treating providers, health plans, third-party payers".into()],
        purposes: vec!["for treatment, payment, and health care operations".into()],
        statements: vec![Statement::Revocation, Statement::Redisclosure, Statement::Refusal],
        expiry: Some(Expiry::Never),
        ..zoes()
    }
}

fn faults(draft: Draft) -> Vec<String> {
    whole(draft, today()).map_or_else(|f| f.0.into_iter().map(|fault| fault.field).collect(), |_| Vec::new())
}

#[test]
fn a_whole_consent_is_in_force_to_the_end_of_its_last_day() {
    let consent = whole(zoes(), today()).unwrap();
    assert!(consent.is_in_force(day("2027-03-02")));
    assert!(!consent.is_in_force(day("2027-03-03")), "from 0:00 of the day after");
    assert!(!consent.is_in_force(day("2026-03-01")), "not before it was signed");
}

#[test]
fn each_missing_element_is_named_and_one_is_enough() {
    for (draft, field) in [
        (Draft { name: "Somebody else".into(), ..zoes() }, "name"),
        (Draft { discloser: " ".into(), ..zoes() }, "discloser"),
        (Draft { information: String::new(), ..zoes() }, "information"),
        (Draft { information: "All records.".into(), ..zoes() }, "information"),
        (Draft { recipients: vec![" ".into()], ..zoes() }, "recipients"),
        (Draft { recipient_kind: RecipientKind::Intermediary, ..zoes() }, "intermediary"),
        (Draft { purposes: Vec::new(), ..zoes() }, "purposes"),
        (Draft { purposes: vec!["Any purpose".into()], ..zoes() }, "purposes"),
        (Draft { statements: Vec::new(), ..zoes() }, "statements"),
        (Draft { to_covered_entity: true, ..zoes() }, "statements"),
        (Draft { fundraising: true, ..zoes() }, "statements"),
        (Draft { revocation_how: String::new(), ..zoes() }, "revocation_how"),
        (Draft { expiry: None, ..zoes() }, "expiry"),
        (Draft { expiry: Some(Expiry::On(day("2026-03-01"))), ..zoes() }, "expiry"),
        (Draft { expiry: Some(Expiry::Event(" ".into())), ..zoes() }, "expiry"),
        (Draft { signature: None, ..zoes() }, "signature"),
        (Draft { signed_on: None, ..zoes() }, "signed_on"),
        (Draft { signed_on: Some(day("2026-03-03")), ..zoes() }, "signed_on"),
    ] {
        assert_eq!(faults(draft), [field]);
    }
    assert_eq!(faults(zoes()), Vec::<String>::new());
}

#[test]
fn one_consent_for_care_and_payment_needs_its_two_statements_and_may_have_no_end() {
    assert!(whole(tpo(), today()).unwrap().is_in_force(day("2040-01-01")));
    assert_eq!(
        faults(Draft { statements: vec![Statement::Revocation], ..tpo() }),
        ["statements", "statements"]
    );
    let half = Draft { statements: vec![Statement::Revocation, Statement::Refusal], ..tpo() };
    assert_eq!(faults(half), ["statements"]);
    assert_eq!(faults(Draft { expiry: Some(Expiry::Never), ..zoes() }), ["expiry"]);
}

#[test]
fn counseling_notes_and_proceedings_stand_alone() {
    let notes = |matters: Vec<Matter>| Draft { kind: Kind::CounselingNotes, matters, ..zoes() };
    assert_eq!(faults(notes(vec![Matter::CounselingNotes])), Vec::<String>::new());
    assert_eq!(faults(notes(vec![Matter::CounselingNotes, Matter::Ordinary])), ["matters"]);
    let court = |matters: Vec<Matter>| Draft { kind: Kind::LegalProceeding, matters, ..zoes() };
    assert_eq!(faults(court(vec![Matter::Proceeding])), Vec::<String>::new());
    assert_eq!(faults(court(vec![Matter::Proceeding, Matter::CounselingNotes])), ["matters"]);
    assert_eq!(faults(Draft { matters: vec![Matter::Ordinary, Matter::Proceeding], ..zoes() }), ["matters"]);
    let forced = Draft { condition_of_treatment: true, ..notes(vec![Matter::CounselingNotes]) };
    assert_eq!(faults(forced), ["condition_of_treatment"]);
}

#[test]
fn only_a_court_consent_may_be_kept_from_being_taken_back() {
    let until = Some("the final hearing".to_owned());
    assert_eq!(faults(Draft { irrevocable_until: until.clone(), ..zoes() }), ["irrevocable_until"]);
    let court = Draft { kind: Kind::CriminalJusticeReferral, irrevocable_until: until, ..zoes() };
    assert_eq!(faults(court), Vec::<String>::new());
}

#[test]
fn a_recipient_is_who_is_named_and_nobody_alike() {
    let consent = whole(zoes(), today()).unwrap();
    assert!(consent.names("AGENCY  A.") && consent.names("Dr Park"));
    assert!(!consent.names("Agency A only") && !consent.names("Agency") && !consent.names(""));
    let class = whole(tpo(), today()).unwrap();
    assert!(!class.names("my treating providers, health plans, third-party payers"), "a class names nobody");
}

proptest! {
    #[test]
    fn a_name_is_the_same_however_it_is_typed(name in "[A-Za-z][A-Za-z ]{0,20}") {
        prop_assert!(is_same_name(&name, &name.to_uppercase()));
        let spaced = format!("  {name}.");
        prop_assert!(is_same_name(&spaced, &name));
        let longer = format!("{name} only");
        prop_assert!(!is_same_name(&longer, &name));
    }
}
