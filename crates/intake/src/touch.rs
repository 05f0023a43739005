//! The touches of a request: every way by which somebody came to the center, one of them the first. Telling a referrer
//! that somebody came is a disclosure and no part of this: nothing here sends anything.

pub(crate) mod keeping;

use clients::person::plain;
use foundation::sealed::Keyring;
use foundation::{Act, Error, Faults, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Set};

pub use crate::entity::touch::{Model as Touch, TouchId};
use crate::entity::{organization, touch};
use crate::organization::finding::chosen;
use crate::request::{Request, RequestId};
use crate::rules::source::{SourceKind, TouchWay};

/// Where the words are sealed.
pub(crate) const DETAIL: &str = "touches.detail";

/// Characters of what they said.
const LINE: usize = 300;

/// A touch as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTouch {
    way: TouchWay,
    kind: Option<SourceKind>,
    /// An organization, or someone there, by name.
    from: String,
    detail: Option<String>,
    primary: bool,
}

impl NewTouch {
    /// Reads a form. The kind follows from the organization, when one is named.
    ///
    /// # Errors
    /// What cannot be kept, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let way = TouchWay::parse(text("way"));
        if way.is_none() {
            faults.add("way", "Choose how it is known");
        }
        let (kind, from) = (SourceKind::parse(text("kind")), plain(text("from")));
        if kind.is_none() && from.is_empty() {
            faults.add("kind", "Choose where they came from, or name the organization");
        }
        let detail = Some(plain(text("detail"))).filter(|d| !d.is_empty());
        if detail.as_ref().is_some_and(|d| d.chars().count() > LINE) {
            faults.add("detail", format!("Write less here, up to {LINE} characters"));
        }
        let primary = text("primary") == "yes";
        match (way, faults.0.is_empty()) {
            (Some(way), true) => Ok(Self { way, kind, from, detail, primary }),
            _ => Err(faults),
        }
    }

    /// What a call told, if it told anything of it.
    pub(crate) fn told(kind: &str, words: &str) -> Option<Self> {
        let (kind, words) = (SourceKind::parse(kind), plain(words));
        if kind.is_none() && words.is_empty() {
            return None;
        }
        let detail = Some(words.chars().take(LINE).collect()).filter(|d: &String| !d.is_empty());
        let kind = Some(kind.unwrap_or(SourceKind::Unknown));
        Some(Self { way: TouchWay::SelfReported, kind, from: String::new(), detail, primary: false })
    }
}

/// Writes down how a request came here. The first one is the first among them until somebody chooses another.
///
/// # Errors
/// A fault at `from` when nobody of that name is known.
pub async fn add(unit: &mut Unit, about: &Request, new: NewTouch) -> Result<TouchId, Error> {
    let permit = unit.permit(Act::AttributeRequest, &about.subject())?;
    let from = chosen(unit.tx(), &new.from).await?;
    if from.is_none() && !new.from.is_empty() {
        let mut faults = Faults::default();
        faults.add(
            "from",
            "Nobody of this name is among the sources. Record them there first, or leave it open",
        );
        return Err(faults.into());
    }
    let kind = from.as_ref().map(|from| from.kind).or(new.kind).unwrap_or(SourceKind::Unknown);
    let row = Row {
        way: new.way,
        kind,
        organization: from.as_ref().map(|from| from.organization),
        contact: from.and_then(|from| from.contact),
        detail: new.detail,
        primary: new.primary,
    };
    let id = write(unit, about.id, about.prospective_id, row).await?;
    unit.record(permit, serde_json::json!({ "touch": id, "kind": kind }));
    unit.tell(News::Inbox);
    Ok(id)
}

/// A touch to be written, in an act of its caller.
pub(crate) struct Row {
    pub way: TouchWay,
    pub kind: SourceKind,
    pub organization: Option<organization::OrganizationId>,
    pub contact: Option<crate::organization::ContactId>,
    pub detail: Option<String>,
    pub primary: bool,
}

pub(crate) async fn write(
    unit: &mut Unit,
    request: RequestId,
    person: foundation::PersonId,
    row: Row,
) -> Result<TouchId, Error> {
    let first = live(unit.tx(), request).await?.iter().all(|one| !one.is_primary);
    if row.primary && !first {
        nobody_first(unit, request).await?;
    }
    let id: TouchId = unit.id();
    let detail = match &row.detail {
        Some(text) => Some(unit.seal(person, DETAIL, text).await?),
        None => None,
    };
    let model = touch::ActiveModel {
        id: Set(id),
        request_id: Set(request),
        person_id: Set(person),
        way: Set(row.way),
        kind: Set(row.kind),
        organization_id: Set(row.organization),
        contact_id: Set(row.contact),
        detail: Set(detail),
        is_primary: Set(row.primary || first),
        added_at: Set(unit.now()),
        added_by: Set(unit.actor().staff_id()),
        ended_at: Set(None),
    };
    match unit.insert(model).await {
        // Of two who write at once the second is shown what the first wrote.
        Err(Error::Exists) => Err(Error::Stale),
        other => other.map(|()| id),
    }
}

/// This one is the first among them.
pub async fn choose(unit: &mut Unit, about: &Request, id: TouchId) -> Result<(), Error> {
    let permit = unit.permit(Act::AttributeRequest, &about.subject())?;
    mine(unit, about, id).await?;
    nobody_first(unit, about.id).await?;
    first(unit, id).await?;
    unit.record(permit, serde_json::json!({ "touch": id, "first": true }));
    unit.tell(News::Inbox);
    Ok(())
}

/// It was not so. When the first one goes, the oldest that is left takes its place.
pub async fn remove(unit: &mut Unit, about: &Request, id: TouchId) -> Result<(), Error> {
    let permit = unit.permit(Act::AttributeRequest, &about.subject())?;
    mine(unit, about, id).await?;
    touch::Entity::update_many()
        .col_expr(touch::Column::EndedAt, Expr::value(Some(unit.now())))
        .filter(touch::Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    let left = live(unit.tx(), about.id).await?;
    if let Some(oldest) = left.first().filter(|_| left.iter().all(|one| !one.is_primary)) {
        first(unit, oldest.id).await?;
    }
    unit.record(permit, serde_json::json!({ "touch": id, "ended": true }));
    unit.tell(News::Inbox);
    Ok(())
}

async fn mine(unit: &Unit, about: &Request, id: TouchId) -> Result<(), Error> {
    if live(unit.tx(), about.id).await?.iter().any(|one| one.id == id) {
        return Ok(());
    }
    Err(refused("gone", "A colleague took this away meanwhile. Look again."))
}

async fn nobody_first(unit: &Unit, request: RequestId) -> Result<(), Error> {
    touch::Entity::update_many()
        .col_expr(touch::Column::IsPrimary, Expr::value(false))
        .filter(touch::Column::RequestId.eq(request))
        .filter(touch::Column::IsPrimary.eq(true))
        .exec(unit.tx())
        .await?;
    Ok(())
}

async fn first(unit: &Unit, id: TouchId) -> Result<(), Error> {
    touch::Entity::update_many()
        .col_expr(touch::Column::IsPrimary, Expr::value(true))
        .filter(touch::Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// What stands on a request now, oldest first.
async fn live(reader: &impl ConnectionTrait, request: RequestId) -> Result<Vec<Touch>, Error> {
    Ok(touch::Entity::find()
        .filter(touch::Column::RequestId.eq(request))
        .filter(touch::Column::EndedAt.is_null())
        .order_by_asc(touch::Column::Id)
        .all(reader)
        .await?)
}

/// A touch to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub touch: Touch,
    /// The organization it came from, by name.
    pub organization: Option<String>,
    /// Who there.
    pub contact: Option<String>,
    pub detail: Option<String>,
}

/// How a request came here: the first one on top, the others as they were written down.
pub async fn of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    request: RequestId,
) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for touch in live(reader, request).await? {
        let detail = match &touch.detail {
            Some(sealed) => Some(keyring.open(reader, touch.person_id, DETAIL, sealed).await?),
            None => None,
        };
        let organization = match touch.organization_id {
            Some(id) => organization::Entity::find_by_id(id).one(reader).await?.map(|one| one.name),
            None => None,
        };
        let contact = match touch.contact_id {
            Some(id) => crate::entity::contact::Entity::find_by_id(id).one(reader).await?.map(|one| one.name),
            None => None,
        };
        lines.push(Line { touch, organization, contact, detail });
    }
    lines.sort_by_key(|line| !line.touch.is_primary);
    Ok(lines)
}
