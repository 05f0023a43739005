//! Who may do what, told with people.

use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::actor::StaffActor;
use crate::break_glass::{BreakGlassId, Window};
use crate::ids::{PersonId, StaffId};

fn staff(n: u128, roles: &[Role]) -> Actor {
    Actor::Staff(StaffActor {
        id: StaffId(Uuid::from_u128(n)),
        name: "Ana Ruiz".into(),
        roles: Arc::from(roles),
        opened: Arc::default(),
    })
}

fn zoe(counselor: u128, supervisor: u128) -> Subject {
    Subject::of("client", Uuid::from_u128(9))
        .concerning(PersonId(Uuid::from_u128(9)))
        .cared_for_by(Some(StaffId(Uuid::from_u128(counselor))), Some(StaffId(Uuid::from_u128(supervisor))))
}

#[test]
fn a_counselor_opens_the_own_caseload_and_nobody_elses() {
    let ray = staff(1, &[Role::Counselor]);
    assert!(may(&ray, Act::OpenClient, &zoe(1, 2)));
    assert!(!may(&ray, Act::OpenClient, &zoe(3, 2)));
}

#[test]
fn a_supervisor_sees_the_team_and_no_further() {
    let mina = staff(2, &[Role::Supervisor]);
    assert!(may(&mina, Act::OpenPlan, &zoe(1, 2)));
    assert!(!may(&mina, Act::OpenPlan, &zoe(1, 4)));
}

#[test]
fn a_record_without_a_counselor_is_every_supervisors_and_no_counselors() {
    let nobodys = Subject::of("client", Uuid::from_u128(9))
        .concerning(PersonId(Uuid::from_u128(9)))
        .cared_for_by(None, None)
        .awaiting_counselor(true);
    for act in [Act::OpenClient, Act::ChangeClient, Act::OpenPlan, Act::LogCheckIn] {
        assert!(may(&staff(2, &[Role::Supervisor]), act, &nobodys));
        assert!(!may(&staff(1, &[Role::Counselor]), act, &nobodys));
    }
    // Someone without a record is not a record without a counselor.
    let asks = Subject::of("message", Uuid::from_u128(9)).concerning(PersonId(Uuid::from_u128(9)));
    assert!(!may(&staff(2, &[Role::Supervisor]), Act::OpenMessage, &asks));
}

#[test]
fn an_admin_does_not_read_charts() {
    assert!(!may(&staff(1, &[Role::Admin]), Act::OpenClient, &zoe(1, 1)));
}

#[test]
fn what_the_glass_opens_is_read_and_not_written_and_it_is_one_record() {
    let Actor::Staff(linus) = staff(1, &[Role::Admin]) else { unreachable!() };
    let zoes = Window {
        id: BreakGlassId(Uuid::from_u128(7)),
        person: PersonId(Uuid::from_u128(9)),
        ends_at: "2026-03-02T15:00:00Z".parse().unwrap(),
    };
    let linus = Actor::Staff(StaffActor { opened: Arc::from([zoes]), ..linus });
    let may_to_zoe: Vec<Act> = Act::ALL.iter().copied().filter(|act| may(&linus, *act, &zoe(3, 4))).collect();
    let toms = Subject::of("client", Uuid::from_u128(8)).concerning(PersonId(Uuid::from_u128(8)));
    let may_to_tom: Vec<Act> = Act::ALL.iter().copied().filter(|act| may(&linus, *act, &toms)).collect();
    let opened: Vec<Act> = may_to_zoe.into_iter().filter(|act| !may_to_tom.contains(act)).collect();
    assert_eq!(opened, [Act::OpenClient, Act::OpenConnections, Act::OpenCheckIns, Act::OpenPlan]);
}

#[test]
fn an_auditor_changes_nothing_even_with_a_second_role() {
    let linus = staff(1, &[Role::Auditor, Role::Admin]);
    assert!(!may(&linus, Act::ManageStaff, &Subject::center()));
    assert!(!may(&linus, Act::BreakGlass, &zoe(3, 4)));
    assert!(may(&linus, Act::ViewAudit, &Subject::center()));
}

#[test]
fn an_alum_answers_only_the_own_check_in() {
    let zoe_herself = Actor::Alum(PersonId(Uuid::from_u128(9)));
    let someone_else = Actor::Alum(PersonId(Uuid::from_u128(8)));
    assert!(may(&zoe_herself, Act::AnswerCheckIn, &zoe(1, 2)));
    assert!(!may(&someone_else, Act::AnswerCheckIn, &zoe(1, 2)));
    assert!(!may(&zoe_herself, Act::OpenClient, &zoe(1, 2)));
}

#[test]
fn staff_without_a_role_may_do_nothing() {
    let nobody = staff(1, &[]);
    assert!(Act::ALL.iter().all(|act| !may(&nobody, *act, &zoe(1, 1))));
}

/// The table a privacy officer signs. To accept a change: `KITH_ACCEPT=1 cargo test -p foundation matrix`.
#[test]
fn the_matrix_is_the_one_that_was_signed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/acts/matrix.txt");
    if std::env::var_os("KITH_ACCEPT").is_some() {
        std::fs::write(path, matrix()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), matrix());
}
