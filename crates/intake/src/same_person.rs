//! Who may be the same person: other requests and clients with the same number, the same address or a name alike, each
//! with its reason. A hint for a colleague, of whom the viewer may know; nothing follows from it by itself, and nothing of
//! it is shown outside.
//!
//! It stays quick with 100,000 people: numbers and addresses are looked up in the index of folded contact points, names in
//! the index of names by two words at once, requests by the index of their caller and of the one they are about. No
//! statement reads a table from end to end; of the commonest names at most a few thousand are looked at.

use std::cmp::Reverse;

use clients::person::{self, Known, shown};
use consent::contact_point::{self, ContactPoint, Kind};
use foundation::acts::{Reach, reach_of};
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Error, Instant, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{Condition, ConnectionTrait, QueryOrder, QuerySelect};

use crate::entity::{merge, request};
use crate::request::{Request, RequestId};
use crate::rules::likeness::{Reason, alike, born_apart, phone_forms, sought};

/// More than these nobody compares.
pub const MOST: usize = 6;
/// People of one number, and open requests compared with someone who gave one word as a name.
const HOLDERS: u64 = 50;
const WAITING: u64 = 300;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Is {
    Request { id: RequestId, reference: String, received_at: Instant, open: bool },
    Client { id: PersonId, reference: String },
}

/// A request or a client whose person may be the same, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    pub is: Is,
    pub name: String,
    /// Weightiest first; never empty.
    pub reasons: Vec<Reason>,
}

/// Whom others are compared with: by what is known of them so far.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// People the house knows already.
    pub people: Vec<PersonId>,
    /// Names as typed.
    pub names: Vec<String>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    /// The request they belong to, which is not compared with itself.
    pub but: Option<RequestId>,
}

/// Who may be the same person as the one who asked, whose numbers and addresses these are, or the one who may need care.
pub async fn of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    request: &Request,
    points: &[ContactPoint],
) -> Result<Vec<Alike>, Error> {
    let asked = by_request(reader, request, points).await?;
    like(reader, viewer, asked).await
}

async fn by_request(
    reader: &impl ConnectionTrait,
    request: &Request,
    points: &[ContactPoint],
) -> Result<Asked, Error> {
    let mut asked = Asked { people: vec![request.caller_id], but: Some(request.id), ..Asked::default() };
    let mut points = points.to_vec();
    if request.prospective_id != request.caller_id {
        asked.people.push(request.prospective_id);
        points.extend(contact_point::of(reader, request.prospective_id).await?);
    }
    for point in points {
        match point.kind {
            Kind::Phone => asked.phones.push(point.value),
            Kind::Email => asked.emails.push(point.value),
        }
    }
    Ok(asked)
}

/// Whether somebody with the same number or address has a record here: all that a rule learns, and no name with it.
pub(crate) async fn was_here(reader: &impl ConnectionTrait, request: &Request) -> Result<bool, Error> {
    let points = contact_point::of(reader, request.caller_id).await?;
    let asked = by_request(reader, request, &points).await?;
    for point in reachable_so(reader, &asked).await? {
        match clients::client::subject(reader, point.person_id).await {
            Ok(_) => return Ok(true),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(false)
}

/// Who may be the same person as someone who is asked for.
///
/// # Errors
/// [`Error::Forbidden`] for a viewer who works no requests.
pub async fn like(reader: &impl ConnectionTrait, viewer: &Actor, asked: Asked) -> Result<Vec<Alike>, Error> {
    if reach_of(viewer, Act::OpenRequest) != Reach::Everyone {
        return Err(Error::Forbidden(Act::OpenRequest));
    }
    let mut ours: Vec<Known> = person::known(reader, viewer, asked.people.clone()).await?;
    ours.extend(asked.names.iter().map(|name| Known {
        id: PersonId(Uuid::nil()),
        name_used: name.clone(),
        legal_name: None,
        born_on: None,
        reference: None,
    }));
    let points = reachable_so(reader, &asked).await?;
    let holders: Vec<PersonId> = points.iter().map(|p| p.person_id).collect();
    let mut theirs = person::known(reader, viewer, holders).await?;
    for name in ours.iter().flat_map(names) {
        let named = match sought(name) {
            Some(pattern) => person::named_like(reader, viewer, &pattern).await?,
            None if name.is_empty() => Vec::new(),
            None => person::known(reader, viewer, who_waits(reader, asked.but).await?).await?,
        };
        theirs.extend(named);
    }
    theirs.sort_by_key(|one| one.id);
    theirs.dedup_by_key(|one| one.id);
    let mut found: Vec<(Known, Vec<Reason>)> = Vec::new();
    for one in theirs {
        let reasons = reasons(&ours, &points, &one, &asked);
        if !reasons.is_empty() {
            found.push((one, reasons));
        }
    }
    // The weightiest first; of two alike the one who came last.
    found.sort_by(|(a, x), (b, y)| x.first().cmp(&y.first()).then(b.id.cmp(&a.id)));
    found.truncate(2 * MOST);
    let requests = requests_of(reader, viewer, &found, &ours, asked.but).await?;
    Ok(told(found, &ours, &requests))
}

/// Contact points with the same number or address, but for the own ones.
async fn reachable_so(reader: &impl ConnectionTrait, asked: &Asked) -> Result<Vec<ContactPoint>, Error> {
    let numbers = asked.phones.iter().flat_map(|phone| phone_forms(phone));
    let addresses = asked.emails.iter().map(|email| email.trim().to_lowercase()).filter(|e| e.contains('@'));
    let folded = numbers.chain(addresses).collect();
    let mut points = contact_point::holders(reader, folded, HOLDERS).await?;
    points.retain(|point| !asked.people.contains(&point.person_id));
    Ok(points)
}

/// Everyone in an open request, the newest first: with them is compared who gave one word as a name.
async fn who_waits(reader: &impl ConnectionTrait, but: Option<RequestId>) -> Result<Vec<PersonId>, Error> {
    let rows = request::Entity::find()
        .select_only()
        .columns([request::Column::CallerId, request::Column::ProspectiveId])
        .filter(request::Column::ClosedAt.is_null())
        .filter(request::Column::Id.ne(but.unwrap_or(RequestId(Uuid::nil()))))
        .order_by_desc(request::Column::DueAt)
        .limit(WAITING)
        .into_tuple::<(PersonId, PersonId)>()
        .all(reader)
        .await?;
    Ok(rows.into_iter().flat_map(|(caller, prospective)| [caller, prospective]).collect())
}

fn names(of: &Known) -> impl Iterator<Item = &str> {
    [Some(of.name_used.as_str()), of.legal_name.as_deref()].into_iter().flatten()
}

/// Why someone may be one of ours; empty when nothing says so.
fn reasons(ours: &[Known], points: &[ContactPoint], theirs: &Known, asked: &Asked) -> Vec<Reason> {
    if asked.people.contains(&theirs.id) {
        return Vec::new();
    }
    let of_point = |point: &ContactPoint| match point.kind {
        Kind::Phone => Reason::Phone,
        Kind::Email => Reason::Email,
    };
    let mut all: Vec<Reason> = points.iter().filter(|p| p.person_id == theirs.id).map(of_point).collect();
    for one in ours.iter().filter(|one| !born_apart(one.born_on, theirs.born_on)) {
        all.extend(names(one).flat_map(|a| names(theirs).filter_map(move |b| alike(a, b))));
    }
    all.sort();
    // One reason of a kind is enough: of several names the closest.
    all.dedup_by_key(|reason| std::mem::discriminant(reason));
    all
}

/// The requests of whoever was found, and other requests of our own people: open ones first, then the newest.
async fn requests_of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    found: &[(Known, Vec<Reason>)],
    ours: &[Known],
    but: Option<RequestId>,
) -> Result<Vec<Request>, Error> {
    let people: Vec<PersonId> =
        found.iter().map(|(one, _)| one.id).chain(ours.iter().map(|o| o.id)).collect();
    let (caller, prospective) = (request::Column::CallerId, request::Column::ProspectiveId);
    let merged = Query::select()
        .expr(Expr::value(1))
        .from(merge::Entity)
        .and_where(
            Expr::col((merge::Entity, merge::Column::MergedId))
                .equals((request::Entity, request::Column::Id)),
        )
        .and_where(merge::Column::UndoneAt.is_null())
        .take();
    let mut rows = request::Entity::find()
        .filter(Condition::any().add(caller.is_in(people.clone())).add(prospective.is_in(people)))
        .filter(request::Column::Id.ne(but.unwrap_or(RequestId(Uuid::nil()))))
        // What goes on in another request is found there.
        .filter(Expr::exists(merged).not())
        .filter(Expr::cust(seen_by(viewer, "confidential_to")))
        .all(reader)
        .await?;
    // Sorted here: asked for the newest few, a database walks all requests from the newest on instead of its two indexes.
    rows.sort_by_key(|row| (!row.is_open(), Reverse(row.id)));
    Ok(rows)
}

/// Each find once: the record of who has one, open requests, and the newest closed one of who has neither.
fn told(found: Vec<(Known, Vec<Reason>)>, ours: &[Known], requests: &[Request]) -> Vec<Alike> {
    let own = ours.iter().map(|one| (one.clone(), vec![Reason::SamePerson]));
    let mut all: Vec<Alike> = Vec::new();
    for (one, reasons) in own.chain(found) {
        let mut told_of = 0;
        if let Some(reference) = &one.reference {
            let is = Is::Client { id: one.id, reference: reference.clone() };
            all.push(Alike { is, name: shown(&one.name_used), reasons: reasons.clone() });
            told_of += 1;
        }
        let theirs = requests.iter().filter(|r| r.caller_id == one.id || r.prospective_id == one.id);
        for row in theirs {
            let is = Is::Request {
                id: row.id,
                reference: row.reference.clone(),
                received_at: row.received_at,
                open: row.is_open(),
            };
            // One request may fit by both of its people: the weightier reason stands.
            if all.iter().any(|a| a.is == is) || (!row.is_open() && told_of > 0) {
                continue;
            }
            all.push(Alike { is, name: shown(&one.name_used), reasons: reasons.clone() });
            told_of += 1;
        }
    }
    all.truncate(MOST);
    all
}
