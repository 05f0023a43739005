//! Keeping a request confidential: only the colleagues who are named know that it is there. It stands in no list, count,
//! search or hint of anybody else, as if it had never come in. A privacy officer sees that it exists, not what it says,
//! and can name one more colleague, so that nothing is lost with those who leave.

use foundation::acts::{Reach, reach_of};
use foundation::confidential::KnownTo;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, News, StaffId, Unit, may, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};
use serde_json::json;

use super::merging::{going_on, merge_of};
use super::{Request, RequestId, claiming, merged};
use crate::appointments::AppointmentId;
use crate::entity::{appointment, request};

/// Rows of the privacy officer's list.
const MOST: u64 = 200;

impl Request {
    /// Whether only a few know of it.
    pub fn is_confidential(&self) -> bool {
        self.confidential_to.is_some()
    }
}

/// Keeps a request among these colleagues, whoever does it and whoever has it. Nobody has it yet: whoever does it takes
/// it, so that somebody answers for what nobody else can see. Said again, it says anew who they are.
///
/// # Errors
/// A fault at `known_to` when one of them works here no more or works no requests.
pub async fn keep(unit: &mut Unit, wanted: &Request, among: &[StaffId]) -> Result<(), Error> {
    let permit = unit.permit(Act::KeepConfidential, &wanted.subject())?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::KeepConfidential))?;
    works_requests(unit, wanted, among, "known_to").await?;
    if wanted.is_open() && wanted.owner_id.is_none() {
        claiming::claim(unit, wanted).await?;
    }
    let mut known_to = vec![me];
    known_to.extend(wanted.owner_id.into_iter().chain(among.iter().copied()));
    known_to.sort();
    known_to.dedup();
    unit.record(permit, json!({ "known_to": known_to }));
    set(unit, wanted, Some(KnownTo(known_to))).await
}

/// Lets everyone who works requests know of it again.
pub async fn open_up(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::KeepConfidential, &wanted.subject())?;
    unit.record(permit, json!({ "known_to": "everyone" }));
    set(unit, wanted, None).await
}

/// Names one more colleague, by who watches over confidential requests without opening them.
///
/// # Errors
/// A fault at `colleague` when that one works here no more or works no requests; [`Error::NotFound`] when the request is
/// not confidential.
pub async fn name_one(unit: &mut Unit, id: RequestId, colleague: StaffId) -> Result<(), Error> {
    let row = going_on(unit.tx(), id).await?;
    let permit = unit.permit(Act::OverseeConfidential, &row.subject())?;
    let Some(KnownTo(mut known_to)) = row.confidential_to.clone() else { return Err(Error::NotFound) };
    works_requests(unit, &row, &[colleague], "colleague").await?;
    if !known_to.contains(&colleague) {
        known_to.push(colleague);
    }
    unit.record(permit, json!({ "named": colleague }));
    set(unit, &row, Some(KnownTo(known_to))).await
}

/// Who knows of the request that something is about, or in which it was booked, when that is confidential: a letter is
/// known to whoever knows of its request.
pub async fn known_to(reader: &impl ConnectionTrait, about: Uuid) -> Result<Option<KnownTo>, Error> {
    let booked = appointment::Entity::find_by_id(AppointmentId(about)).one(reader).await?;
    let id = booked.map_or(RequestId(about), |on| on.request_id);
    let found = request::Entity::find_by_id(id).one(reader).await?;
    Ok(found.and_then(|request| request.confidential_to))
}

/// A colleague to whom it is handed knows of it from then on.
pub(crate) async fn also_known_to(unit: &mut Unit, held: &Request, to: StaffId) -> Result<(), Error> {
    match held.confidential_to.clone() {
        Some(KnownTo(known_to)) if !known_to.contains(&to) => {
            set(unit, held, Some(KnownTo([known_to, vec![to]].concat()))).await
        }
        _ => Ok(()),
    }
}

/// Two become one only when the same people know of both: the one that goes on shows the words of the other.
///
/// # Errors
/// A refusal at `survivor`.
pub(super) fn same_people_know(one: &Request, other: &Request) -> Result<(), Error> {
    let sorted = |of: &Request| {
        let mut known_to = of.confidential_to.clone().map(|known| known.0);
        if let Some(known) = &mut known_to {
            known.sort();
        }
        known_to
    };
    if sorted(one) == sorted(other) {
        return Ok(());
    }
    let why =
        "One of them is confidential, and not the same people know of both. Change who knows of it first.";
    Err(refused("confidential", why))
}

async fn works_requests(unit: &Unit, wanted: &Request, staff: &[StaffId], field: &str) -> Result<(), Error> {
    let directory = Directory::of(unit.db()).await?;
    let mut faults = Faults::default();
    for id in staff {
        let opens = |one: &foundation::staff::Member| {
            // Asked as if it were not confidential: that is what this changes.
            one.id == *id && may(&one.actor(), Act::OpenRequest, &wanted.subject().known_to_everyone())
        };
        if !directory.working().any(opens) {
            faults.add(field, "Choose colleagues who work requests here now");
            break;
        }
    }
    Ok(faults.or(|| ())?)
}

/// Writes down who knows of it, also of the requests merged into it: their words stand on its page.
async fn set(unit: &mut Unit, wanted: &Request, known_to: Option<KnownTo>) -> Result<(), Error> {
    let mut all = vec![wanted.id];
    all.extend(merged::into(unit.tx(), wanted.id).await?);
    request::Entity::update_many()
        .col_expr(request::Column::ConfidentialTo, Expr::value(known_to))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.is_in(all))
        .exec(unit.tx())
        .await?;
    unit.tell(News::Inbox);
    Ok(())
}

/// A confidential request as its overseer sees it: that it is there and who knows of it, and not who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overseen {
    pub id: RequestId,
    pub reference: String,
    pub received_at: Instant,
    pub open: bool,
    pub known_to: Vec<StaffId>,
}

/// The confidential requests, newest first.
pub async fn overseen(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<Overseen>, Error> {
    if reach_of(viewer, Act::OverseeConfidential) == Reach::No {
        return Err(Error::Forbidden(Act::OverseeConfidential));
    }
    let rows = request::Entity::find()
        .filter(request::Column::ConfidentialTo.is_not_null())
        // What is open first: it must not be lost behind what is over.
        .order_by_asc(Expr::cust("CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END"))
        .order_by_desc(request::Column::Id)
        .limit(MOST)
        .all(reader)
        .await?;
    // What was merged is known to whoever knows of the one that goes on.
    let mut own = Vec::new();
    for row in rows {
        if row.is_open() || merge_of(reader, row.id).await?.is_none() {
            own.push(row);
        }
    }
    let seen = own.into_iter().map(|row| Overseen {
        id: row.id,
        open: row.is_open(),
        reference: row.reference,
        received_at: row.received_at,
        known_to: row.confidential_to.map(|known| known.0).unwrap_or_default(),
    });
    Ok(seen.collect())
}
