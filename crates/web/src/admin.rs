//! For administrators and the privacy officer: the staff list and the ledger.

mod account;
mod closing;
mod health;
mod restored;
mod work;

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use foundation::center::Center;
use foundation::ledger::asking::{Of, entries};
use foundation::ledger::sealing;
use foundation::ledger::verifying::{self, Verdict};
use foundation::staff::Member;
use foundation::staff::inviting::{NewMember, everyone, invite};
use foundation::staff::passwords::first_password;
use foundation::{Act, EntryId, Error, Faults, Role, StaffId, Subject, Zone};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed};
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::Me;

/// Entries on one page of the ledger.
const PAGE: u64 = 50;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/admin/staff", Access::Staff(Act::ManageStaff), staff)
        .act("/admin/staff", Access::Staff(Act::ManageStaff), add)
        .and(account::routes())
        .and(closing::routes())
        .and(health::routes())
        .and(restored::routes())
        .page("/admin/audit", Access::Staff(Act::ViewAudit), audit)
        .act("/admin/audit/verification", Access::Staff(Act::VerifyAudit), verify)
}

async fn staff(State(house): State<House>) -> Result<Response, Failure> {
    Ok(show(Staff::load(&house, &Typed::default(), &Faults::default(), None).await?))
}

async fn add(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let roles: Vec<Role> = typed.many("roles[]").filter_map(Role::parse).collect();
    let first_password = first_password(house.chance());
    let new = NewMember::parse(
        typed.text("name"),
        typed.text("sign_in_name"),
        &roles,
        &first_password,
        true,
        house.chance(),
    )
    .await;
    let new = new.and_then(|new| match account::supervisor_of(&typed)? {
        Some(supervisor) => Ok(new.supervised_by(supervisor)),
        None => Ok(new),
    });
    let done = match new {
        Ok(new) => house.write(&me, async |unit| invite(unit, new).await).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let told = Told { name: typed.text("name").to_owned(), password: first_password };
            Ok(show(Staff::load(&house, &Typed::default(), &Faults::default(), Some(told)).await?))
        }
        Err(error) => {
            let faults = Failure::from(error).faults()?;
            Ok(show(Staff::load(&house, &typed, &faults, None).await?))
        }
    }
}

/// A first password, told once.
struct Told {
    name: String,
    password: String,
}

struct Line {
    id: StaffId,
    name: String,
    sign_in_name: String,
    roles: String,
    /// Who supervises them, while that one works here.
    supervisor: Option<String>,
    /// A counselor whom nobody supervises: no supervisor sees their records.
    lacks_supervisor: bool,
    has_factor: bool,
    disabled: bool,
}

#[derive(Template)]
#[template(path = "pages/admin/staff.html")]
struct Staff {
    members: Vec<Line>,
    active: usize,
    told: Option<Told>,
    name: Field,
    sign_in_name: Field,
    roles: Vec<(Role, bool)>,
    roles_fault: Field,
    supervisor: Field,
    supervisors: Vec<(String, String)>,
    problem: Problem,
}

impl Staff {
    async fn load(house: &House, typed: &Typed, faults: &Faults, told: Option<Told>) -> Result<Self, Error> {
        let staff = everyone(house.reader()).await?;
        let members: Vec<Line> = staff.iter().map(|member| line(member, &staff)).collect();
        let chosen: Vec<&str> = typed.many("roles[]").collect();
        Ok(Self {
            active: members.iter().filter(|m| !m.disabled).count(),
            members,
            told,
            name: Field::of("name", typed, faults),
            sign_in_name: Field::of("sign_in_name", typed, faults),
            roles: Role::ALL.iter().map(|r| (*r, chosen.contains(&r.as_str()))).collect(),
            roles_fault: Field::of("roles", typed, faults),
            supervisor: Field::of("supervisor", typed, faults),
            supervisors: account::supervisors(&staff, None),
            problem: Problem::from(faults),
        })
    }
}

fn line(member: &Member, staff: &[Member]) -> Line {
    let supervisor =
        staff.iter().find(|one| Some(one.id) == member.supervisor_id && one.disabled_at.is_none());
    Line {
        id: member.id,
        name: member.name.clone(),
        sign_in_name: member.sign_in_name.clone(),
        roles: member.roles.iter().map(|r| r.words()).collect::<Vec<_>>().join(", "),
        lacks_supervisor: supervisor.is_none() && member.roles.contains(&Role::Counselor),
        supervisor: supervisor.map(|one| one.name.clone()),
        has_factor: member.has_factor,
        disabled: member.disabled_at.is_some(),
    }
}

impl Page for Staff {
    fn title(&self) -> String {
        "Staff".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

async fn audit(State(house): State<House>, Asked(asked): Asked) -> Result<Response, Failure> {
    let before = asked.given("before").and_then(|b| b.parse::<EntryId>().ok());
    Ok(show(Audit::load(&house, before, None).await?))
}

/// Walks the chain and compares it with the anchors. That somebody checked is an entry too.
async fn verify(State(house): State<House>, Me(me, _): Me, _: Typed) -> Result<Response, Failure> {
    house
        .write(&me, async |unit| {
            let permit = unit.permit(Act::VerifyAudit, &Subject::center())?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await?;
    // Before anything is sealed: a row that was put there by another way must be found, and not made part of the chain.
    let verdict = verifying::verify_with(&house, &house.ways().anchor).await?;
    sealing::seal(&house).await?;
    Ok(show(Audit::load(&house, None, Some(verdict)).await?))
}

impl Audit {
    async fn load(house: &House, before: Option<EntryId>, verdict: Option<Verdict>) -> Result<Self, Error> {
        let center = Center::of(house).await?;
        let names: HashMap<uuid::Uuid, String> =
            everyone(house.reader()).await?.into_iter().map(|m| (m.id.0, m.name)).collect();
        let rows = entries(house.reader(), Of::All, before, PAGE).await?;
        let older = (rows.len() as u64 == PAGE).then(|| rows.last().map(|r| r.id.to_string())).flatten();
        let lines = rows.into_iter().map(|row| AuditLine::new(row, &names, center.zone)).collect();
        let sealed = sealing::head(house).await?.place;
        Ok(Self { lines, older, sealed, verdict })
    }
}

struct AuditLine {
    at: String,
    who: String,
    did: &'static str,
    subject: String,
}

impl AuditLine {
    fn new(row: foundation::ledger::asking::Entry, names: &HashMap<uuid::Uuid, String>, zone: Zone) -> Self {
        let who = match (row.actor_kind.as_str(), row.actor_id) {
            ("staff", Some(id)) => names.get(&id).cloned().unwrap_or_else(|| "Someone no longer here".into()),
            ("alum", _) => "An alum, through a link".into(),
            ("visitor", _) => "A visitor".into(),
            _ => "The house".into(),
        };
        Self {
            at: row.at.with_timezone(&zone).format("%-d %b %Y, %H:%M:%S").to_string(),
            who,
            did: row.act.words(),
            subject: row.subject_kind,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/admin/audit.html")]
struct Audit {
    lines: Vec<AuditLine>,
    older: Option<String>,
    sealed: i64,
    verdict: Option<Verdict>,
}

impl Page for Audit {
    fn title(&self) -> String {
        "The ledger".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
}
