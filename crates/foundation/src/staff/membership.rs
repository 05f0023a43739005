//! Which roles a member of staff holds and who supervises them: set at the invitation, changed by an administrator, in
//! force at the next request. Nobody may take the last administrator away.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};

use super::account::{self, Member, Roles};
use crate::acts::{Act, Reach, reach_of};
use crate::error::{Error, Faults};
use crate::ids::StaffId;
use crate::role::Role;
use crate::subject::Subject;
use crate::unit::Unit;

/// The roles of an account and the supervisor it answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub(super) roles: Vec<Role>,
    pub(super) supervisor: Option<StaffId>,
}

impl Membership {
    /// Parses what was chosen.
    ///
    /// # Errors
    /// A fault at `roles` when none was chosen.
    pub fn parse(roles: &[Role], supervisor: Option<StaffId>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        if roles.is_empty() {
            faults.add("roles", "Choose at least one role");
        }
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| roles.contains(role)).collect();
        faults.or(|| Self { roles, supervisor })
    }

    /// The roles that were chosen.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }
}

/// Whether this member can change staff accounts: an auditor changes nothing, whatever else they are.
pub fn administers(member: &Member) -> bool {
    member.disabled_at.is_none() && reach_of(&member.actor(), Act::ManageStaff) != Reach::No
}

/// Whether nobody else could change staff accounts if `id` no longer could.
pub fn is_last_administrator(staff: &[Member], id: StaffId) -> bool {
    staff.iter().any(|one| one.id == id && administers(one))
        && !staff.iter().any(|one| one.id != id && administers(one))
}

/// What is wrong with a membership of `id`, given everyone on the staff.
pub fn check(staff: &[Member], id: StaffId, to: &Membership) -> Faults {
    let mut faults = Faults::default();
    if let Some(chosen) = to.supervisor {
        check_supervisor(staff, id, chosen, &mut faults);
    }
    if !to.roles.contains(&Role::Supervisor) {
        let team = names_of(staff.iter().filter(|one| one.supervisor_id == Some(id)));
        if !team.is_empty() {
            let words = format!("Choose another supervisor for {team} first, or keep the supervisor role");
            faults.add("roles", words);
        }
    }
    let goes_on = staff.iter().find(|one| one.id == id).is_none_or(|one| {
        let changed = Member { roles: to.roles.clone(), ..one.clone() };
        administers(&changed) || !is_last_administrator(staff, id)
    });
    if !goes_on {
        faults.add("roles", "This is the last administrator. Make someone else an administrator first");
    }
    faults
}

/// A supervisor works here, holds the role, and does not answer to the one they supervise.
fn check_supervisor(staff: &[Member], id: StaffId, chosen: StaffId, faults: &mut Faults) {
    let find = |id: StaffId| staff.iter().find(|one| one.id == id);
    if chosen == id {
        faults.add("supervisor", "Choose someone else: nobody is their own supervisor");
        return;
    }
    let fits = |one: &Member| one.disabled_at.is_none() && one.roles.contains(&Role::Supervisor);
    let Some(supervisor) = find(chosen).filter(|one| fits(one)) else {
        faults.add("supervisor", "Choose a supervisor who works here now");
        return;
    };
    let mut above = supervisor.supervisor_id;
    // Bounded by the number of people, so that a circle which is there already cannot hold it up.
    for _ in 0..staff.len() {
        match above {
            Some(one) if one == id => {
                let name = &supervisor.name;
                faults.add("supervisor", format!("{name} answers to this person. Choose someone else"));
                return;
            }
            Some(one) => above = find(one).and_then(|one| one.supervisor_id),
            None => return,
        }
    }
}

/// Names, the last after "and".
pub(super) fn names_of<'a>(members: impl Iterator<Item = &'a Member>) -> String {
    let names: Vec<&str> =
        members.filter(|one| one.disabled_at.is_none()).map(|one| one.name.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Everyone on the staff, held until the unit is done: of two administrators who close each other at one moment, the
/// second is told that they are the last.
pub(super) async fn hold_everyone(unit: &Unit) -> Result<Vec<Member>, Error> {
    let rows = account::Entity::find()
        .order_by_asc(account::Column::Name)
        .lock(LockType::Update)
        .all(unit.tx())
        .await?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// Changes roles and supervisor. `version` is the one the page was shown with.
///
/// # Errors
/// Faults at `roles` and `supervisor`; [`Error::Stale`] when somebody changed the account in between.
pub async fn change(unit: &mut Unit, staff: StaffId, version: i32, to: Membership) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeRoles, &Subject::of("staff", staff))?;
    let everyone = hold_everyone(unit).await?;
    let before = everyone.iter().find(|one| one.id == staff).ok_or(Error::NotFound)?;
    check(&everyone, staff, &to).or(|| ())?;
    let done = account::Entity::update_many()
        .col_expr(account::Column::Roles, Expr::value(Roles(to.roles.clone())))
        .col_expr(account::Column::SupervisorId, Expr::value(to.supervisor))
        .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1))
        .filter(account::Column::Id.eq(staff))
        .filter(account::Column::Version.eq(version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.house_changed();
    let details = serde_json::json!({
        "roles_before": before.roles, "roles": to.roles,
        "supervisor_before": before.supervisor_id, "supervisor": to.supervisor,
    });
    unit.record(permit, details);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> StaffId {
        StaffId(Uuid::from_u128(n))
    }

    fn member(n: u128, name: &str, roles: &[Role], supervisor: Option<u128>) -> Member {
        Member {
            id: id(n),
            name: name.into(),
            sign_in_name: name.to_lowercase(),
            roles: roles.to_vec(),
            supervisor_id: supervisor.map(id),
            has_factor: true,
            disabled_at: None,
            version: 1,
        }
    }

    /// Mina supervises Ray; Sue is another supervisor, who answers to Mina; Linus is the administrator.
    fn center() -> Vec<Member> {
        vec![
            member(1, "Mina", &[Role::Supervisor], None),
            member(2, "Ray", &[Role::Counselor], Some(1)),
            member(3, "Sue", &[Role::Supervisor], Some(1)),
            member(4, "Linus", &[Role::Admin], None),
        ]
    }

    fn to(roles: &[Role], supervisor: Option<u128>) -> Membership {
        Membership::parse(roles, supervisor.map(id)).unwrap()
    }

    fn at(faults: &Faults, field: &str) -> bool {
        faults.of(field).is_some()
    }

    #[test]
    fn a_supervisor_works_here_holds_the_role_and_is_somebody_else() {
        let mut staff = center();
        assert_eq!(check(&staff, id(2), &to(&[Role::Counselor], Some(3))), Faults::default());
        assert!(
            at(&check(&staff, id(2), &to(&[Role::Counselor], Some(4))), "supervisor"),
            "Linus supervises nobody"
        );
        assert!(at(&check(&staff, id(2), &to(&[Role::Counselor], Some(2))), "supervisor"), "Ray is his own");
        assert!(
            at(&check(&staff, id(2), &to(&[Role::Counselor], Some(9))), "supervisor"),
            "nobody is number nine"
        );
        staff[2].disabled_at = Some("2026-03-02T15:00:00Z".parse().unwrap());
        assert!(at(&check(&staff, id(2), &to(&[Role::Counselor], Some(3))), "supervisor"), "Sue left");
    }

    #[test]
    fn nobody_answers_to_someone_who_answers_to_them() {
        let staff = center();
        assert!(at(&check(&staff, id(1), &to(&[Role::Supervisor], Some(3))), "supervisor"));
        assert_eq!(check(&staff, id(3), &to(&[Role::Supervisor], Some(1))), Faults::default());
    }

    #[test]
    fn who_has_a_team_keeps_the_role_until_the_team_has_someone_else() {
        let faults = check(&center(), id(1), &to(&[Role::Counselor], None));
        assert!(faults.of("roles").unwrap().contains("Ray and Sue"), "{faults}");
        assert_eq!(check(&center(), id(3), &to(&[Role::Counselor], Some(1))), Faults::default());
    }

    #[test]
    fn the_last_administrator_stays_one_and_an_auditor_is_none() {
        let mut staff = center();
        assert!(at(&check(&staff, id(4), &to(&[Role::Intake], None)), "roles"));
        assert!(at(&check(&staff, id(4), &to(&[Role::Admin, Role::Auditor], None)), "roles"));
        assert_eq!(check(&staff, id(4), &to(&[Role::Admin, Role::Intake], None)), Faults::default());
        staff.push(member(5, "Ada", &[Role::Admin], None));
        assert_eq!(check(&staff, id(4), &to(&[Role::Intake], None)), Faults::default());
        staff[4].disabled_at = Some("2026-03-02T15:00:00Z".parse().unwrap());
        assert!(at(&check(&staff, id(4), &to(&[Role::Intake], None)), "roles"), "Ada's account is closed");
    }
}
