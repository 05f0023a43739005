//! Stories of consents: Zoë's release to Dr. Park, and the papers that authorize nothing.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn today() -> Day {
    day("2026-03-02")
}

/// Zoë lets the center tell Dr. Park about her plan for a year, so that he can go on with her care.
fn zoes() -> Draft {
    Draft {
        name: "Zoë Nguyễn".into(),
        name_on_record: "Zoe Nguyen".into(),
        discloser: "Cedar Center".into(),
        information: "My plan and my next visits, including care for alcohol use".into(),
        recipient: "Dr. Park".into(),
        purpose: "to plan my care".into(),
        aim: Some(Aim::Care),
        statements: Statement::ALL.to_vec(),
        revocation_how: "by writing to the center".into(),
        expires_on: Some(day("2027-03-02")),
        signer: Signer::Patient,
        signer_name: None,
        signature: "In the blue binder".into(),
        signed_on: today(),
    }
}

fn faults(draft: &Draft) -> Vec<String> {
    check(draft, today()).map_or_else(|f| f.0.into_iter().map(|fault| fault.field).collect(), |()| Vec::new())
}

/// Domain reference A.5, 1.
#[test]
fn a_5_1_each_missing_element_is_named_and_one_is_enough() {
    for (draft, field) in [
        (Draft { name: "Somebody else".into(), ..zoes() }, "name"),
        (Draft { discloser: " ".into(), ..zoes() }, "discloser"),
        (Draft { information: String::new(), ..zoes() }, "scope"),
        (Draft { information: "All records.".into(), ..zoes() }, "scope"),
        (Draft { recipient: " ".into(), ..zoes() }, "recipient"),
        (Draft { purpose: String::new(), ..zoes() }, "purpose"),
        (Draft { purpose: "Any purpose".into(), ..zoes() }, "purpose"),
        (Draft { aim: None, ..zoes() }, "aim"),
        (Draft { statements: Vec::new(), ..zoes() }, "statements"),
        (Draft { revocation_how: String::new(), ..zoes() }, "revocation_how"),
        (Draft { expires_on: None, ..zoes() }, "expires_on"),
        (Draft { expires_on: Some(day("2026-03-01")), ..zoes() }, "expires_on"),
        (Draft { signature: " ".into(), ..zoes() }, "signature"),
        (Draft { signed_on: day("2026-03-03"), ..zoes() }, "signed_on"),
    ] {
        assert_eq!(faults(&draft), [field]);
    }
    assert_eq!(faults(&zoes()), Vec::<String>::new());
}

/// Domain reference A.5, 2, and 1.5, row 10: also for a single named recipient.
#[test]
fn a_5_2_care_for_one_named_doctor_needs_both_statements_and_her_sister_only_how_to_take_it_back() {
    for lacks in
        [Statement::Redisclosure, Statement::Refusal, Statement::Revocation, Statement::HipaaRedisclosure]
    {
        let statements = Statement::ALL.iter().copied().filter(|one| *one != lacks).collect();
        let draft = Draft { statements, ..zoes() };
        assert_eq!(faults(&draft), ["statements"], "{lacks}");
        let words = check(&draft, today()).unwrap_err();
        assert!(words.of("statements").unwrap().contains(lacks.words()));
    }
    let sister = Draft {
        recipient: "Her sister Ana".into(),
        purpose: "so that she can visit".into(),
        aim: Some(Aim::Other),
        statements: vec![Statement::Revocation],
        ..zoes()
    };
    assert_eq!(faults(&sister), Vec::<String>::new());
    assert_eq!(
        missing(None, &sister.statements).len(),
        3,
        "when nobody asked what it is for, the stricter holds"
    );
}

/// Domain reference 1.16: a parent signs by name, and a minor who may consent alone does not need one.
#[test]
fn who_signs_for_someone_is_named() {
    for signer in [Signer::Guardian, Signer::MinorAndGuardian, Signer::Representative, Signer::ForDeceased] {
        assert_eq!(faults(&Draft { signer, ..zoes() }), ["signer_name"], "{signer}");
        let named = Draft { signer, signer_name: Some("Linh Nguyễn, mother".into()), ..zoes() };
        assert_eq!(faults(&named), Vec::<String>::new());
    }
    assert_eq!(faults(&Draft { signer: Signer::MinorAlone, ..zoes() }), Vec::<String>::new());
}

proptest! {
    #[test]
    fn a_paper_is_whole_exactly_when_no_statement_is_missing(
        aim in prop::sample::select(Aim::ALL),
        made in prop::sample::subsequence(Statement::ALL.to_vec(), 0..=Statement::ALL.len()),
    ) {
        let draft = Draft { aim: Some(aim), statements: made.clone(), ..zoes() };
        prop_assert_eq!(check(&draft, today()).is_ok(), missing(Some(aim), &made).is_empty());
    }
}
