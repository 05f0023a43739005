//! One staff account: its roles and supervisor, a new password or phone, and opening it again.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::staff::closing::reopen;
use foundation::staff::inviting::{self, everyone};
use foundation::staff::membership::{self, is_last_administrator};
use foundation::staff::passwords::{self, Hashed, Password, first_password};
use foundation::staff::{Member, Membership};
use foundation::{Act, Error, Faults, Role, StaffId};

use super::Told;
use super::work::Work;
use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

pub(super) fn routes() -> Routes {
    let manage = Access::Staff(Act::ManageStaff);
    Routes::default()
        .page("/admin/staff/{id}", manage, page)
        .act("/admin/staff/{id}/roles", Access::Staff(Act::ChangeRoles), change_roles)
        .act("/admin/staff/{id}/reset", manage, reset)
        .act("/admin/staff/{id}/reopening", Access::Staff(Act::ReopenAccount), open_again)
}

type At = Path<String>;

async fn page(State(house): State<House>, Path(id): At) -> Result<Response, Failure> {
    Ok(show(Account::load(&house, key(&id)?, &Typed::default(), &Faults::default(), None).await?))
}

/// The supervisor a form names; nobody when it names none.
pub(super) fn supervisor_of(typed: &Typed) -> Result<Option<StaffId>, Error> {
    let Some(text) = typed.given("supervisor") else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        let mut faults = Faults::default();
        faults.add("supervisor", "Choose a supervisor who works here now");
        faults.into()
    })
}

/// Who may supervise this account: key and name.
pub(super) fn supervisors(staff: &[Member], of: Option<StaffId>) -> Vec<(String, String)> {
    let fit = |one: &&Member| {
        one.disabled_at.is_none() && one.roles.contains(&Role::Supervisor) && Some(one.id) != of
    };
    staff.iter().filter(fit).map(|one| (one.id.to_string(), one.name.clone())).collect()
}

/// In force at the next request of whoever it is about. Work that the new roles could not go on with is handed over
/// first: otherwise somebody would wait for a person who cannot see them.
async fn change_roles(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: StaffId = key(&id)?;
    let roles: Vec<Role> = typed.many("roles[]").filter_map(Role::parse).collect();
    let done = house
        .write(&me, async |unit| {
            let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
            let to = Membership::parse(&roles, supervisor_of(&typed)?)?;
            membership::change(unit, id, version, to).await?;
            match Work::of(unit.tx(), id).await?.left_lying(&roles) {
                Some(words) => {
                    let mut faults = Faults::default();
                    faults.add("roles", words);
                    Err(faults.into())
                }
                None => Ok(()),
            }
        })
        .await;
    let faults = match done {
        Ok(()) => return Ok(sent_on(&format!("/admin/staff/{id}"), Said::RolesChanged, "")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add("roles", "Somebody changed this account meanwhile. Look at it, then save yours again");
            faults
        }
        Err(error) => Failure::from(error).faults()?,
    };
    Ok(show(Account::load(&house, id, &typed, &faults, None).await?))
}

/// A new first password, hashed before the unit because hashing is slow.
async fn fresh_password(house: &House) -> Result<(String, Hashed), Error> {
    let first = first_password(house.chance());
    let password = Password::parse(&first, &[])?;
    let hashed = passwords::hash(password, house.chance()).await?;
    Ok((first, hashed))
}

/// The page again with the password that is told once, or with why there is none.
async fn tell(
    house: &House,
    member: Member,
    password: String,
    done: Result<(), Error>,
) -> Result<Response, Failure> {
    let (faults, told) = match done {
        Ok(()) => (Faults::default(), Some(Told { name: member.name, password })),
        Err(error) => (Failure::from(error).faults()?, None),
    };
    Ok(show(Account::load(house, member.id, &Typed::default(), &faults, told).await?))
}

async fn reset(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let member = inviting::member(house.reader(), key(&id)?).await?;
    let (first, hashed) = fresh_password(&house).await?;
    let forget = typed.checked("forget_factor");
    let done = house.write(&me, async |unit| inviting::reset(unit, member.id, hashed, forget).await).await;
    tell(&house, member, first, done).await
}

async fn open_again(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    _: Typed,
) -> Result<Response, Failure> {
    let member = inviting::member(house.reader(), key(&id)?).await?;
    let (first, hashed) = fresh_password(&house).await?;
    let done = house.write(&me, async |unit| reopen(unit, member.id, hashed).await).await;
    tell(&house, member, first, done).await
}

#[derive(Template)]
#[template(path = "pages/admin/account.html")]
struct Account {
    id: StaffId,
    name: String,
    sign_in_name: String,
    closed: bool,
    has_factor: bool,
    /// Nobody else could change accounts: it cannot be closed.
    last_administrator: bool,
    roles: Vec<(Role, bool)>,
    roles_fault: Field,
    supervisor: Field,
    supervisors: Vec<(String, String)>,
    version: i32,
    /// What they carry, in words.
    work: Vec<String>,
    told: Option<Told>,
    problem: Problem,
}

impl Account {
    async fn load(
        house: &House,
        id: StaffId,
        typed: &Typed,
        faults: &Faults,
        told: Option<Told>,
    ) -> Result<Self, Error> {
        let staff = everyone(house.reader()).await?;
        let member = staff.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
        let work = Work::of(house.reader(), id).await?;
        let was_sent = typed.all().next().is_some();
        let sent: Vec<&str> = typed.many("roles[]").collect();
        let holds = |role: &Role| {
            if was_sent { sent.contains(&role.as_str()) } else { member.roles.contains(role) }
        };
        let supervisor = Field::of("supervisor", typed, faults);
        let kept = member.supervisor_id.map(|id| id.to_string()).unwrap_or_default();
        Ok(Self {
            id,
            name: member.name.clone(),
            sign_in_name: member.sign_in_name.clone(),
            closed: member.disabled_at.is_some(),
            has_factor: member.has_factor,
            last_administrator: is_last_administrator(&staff, id),
            roles: Role::ALL.iter().map(|role| (*role, holds(role))).collect(),
            roles_fault: Field::of("roles", typed, faults),
            supervisor: if was_sent { supervisor } else { Field { value: kept, ..supervisor } },
            supervisors: supervisors(&staff, Some(id)),
            version: member.version,
            work: work.kinds().map(|kind| work.words(kind)).collect(),
            told,
            problem: Problem::from(faults),
        })
    }
}

impl Page for Account {
    fn title(&self) -> String {
        "A staff account".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
