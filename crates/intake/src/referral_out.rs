//! A referral to another provider: what may be told there and what may not, a handoff while everyone is on the line, and
//! somebody who asks on the first and the seventh day whether they arrived.

pub mod due;
pub mod following;
pub(crate) mod keeping;
pub mod packet;
pub mod referring;

use consent::consents::{Consent, ConsentKind, Scope, active, standing};
use foundation::center::Center;
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Day, Error, Instant, day, may};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::entity::referral_out;
pub use crate::entity::referral_out::{Model as ReferralOut, ReferralOutId};
use crate::request::recognizing::may_know;
use crate::request::{Request, RequestId, by_reference};
use crate::rules::referral::{State, WarmStep};
use packet::{Line, Packet, Part};

/// Where its texts are sealed.
pub(crate) const DETAILS: &str = "referrals_out.details";
pub(crate) const PACKET: &str = "referrals_out.packet";

/// What happened on the way, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    pub at: Instant,
    pub state: State,
    pub words: String,
}

/// What says something about the person: sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What they need there.
    pub need: String,
    /// Why it is as urgent as that.
    pub because: String,
    /// The steps of a warm handoff that were taken.
    pub steps: Vec<WarmStep>,
    pub happened: Vec<Happened>,
}

/// A referral to be read.
#[derive(Clone, Debug)]
pub struct Opened {
    pub referral: ReferralOut,
    /// Where they go on to.
    pub organization: String,
    pub phone: Option<String>,
    pub details: Details,
    pub packet: Option<Packet>,
}

/// The page from which somebody is sent on.
#[derive(Clone, Debug)]
pub struct Page {
    pub request: Request,
    /// The person who may need care.
    pub name: String,
    pub referrals: Vec<Opened>,
    /// What could be told of them, part by part.
    pub known: Vec<(Part, Vec<Line>)>,
    /// The consents in force that allow to tell a provider.
    pub permissions: Vec<Consent>,
    /// Organizations to choose from by name.
    pub providers: Vec<String>,
}

/// The page from which somebody is sent on. The caller records the opening of its request.
pub async fn page(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    reference: &str,
    now: Instant,
) -> Result<Page, Error> {
    let request = by_reference(reader, reference).await?;
    if !may(viewer, Act::FollowReferral, &request.subject()) {
        return Err(Error::NotFound);
    }
    let today = day(now, Center::load(reader).await?.zone);
    let name = clients::person::shown(&clients::person::name_of(reader, request.asked_as()).await?);
    let named = if may_know(reader, viewer, &request).await? {
        active(reader, request.prospective_id, ConsentKind::NamedDisclosure, today).await?
    } else {
        Vec::new()
    };
    let choices = crate::organization::finding::choices(reader).await?;
    Ok(Page {
        referrals: of(reader, keyring, request.id).await?,
        known: packet::known(reader, keyring, &request, now).await?,
        permissions: named.into_iter().filter(|one| one.covers(&[Scope::Referral])).collect(),
        providers: choices.into_iter().filter(|one| one.contact.is_none()).map(|one| one.words).collect(),
        request,
        name,
    })
}

/// Where the person of a request was sent on to, newest first.
pub async fn of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    request: RequestId,
) -> Result<Vec<Opened>, Error> {
    let rows = referral_out::Entity::find()
        .filter(referral_out::Column::RequestId.eq(request))
        .order_by_desc(referral_out::Column::Id)
        .all(reader)
        .await?;
    let mut all = Vec::new();
    for row in rows {
        all.push(opened(reader, keyring, row).await?);
    }
    Ok(all)
}

/// One referral of a request.
pub async fn one(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    about: &Request,
    id: ReferralOutId,
) -> Result<Opened, Error> {
    let row = referral_out::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    if row.request_id != about.id {
        return Err(Error::NotFound);
    }
    opened(reader, keyring, row).await
}

async fn opened(reader: &impl ConnectionTrait, keyring: &Keyring, row: ReferralOut) -> Result<Opened, Error> {
    // Of someone who was forgotten nothing is left to open.
    let details = if row.details.is_empty() {
        Details::default()
    } else {
        read(&keyring.open(reader, row.person_id, DETAILS, &row.details).await?)?
    };
    let packet = match &row.packet {
        Some(sealed) => Some(read(&keyring.open(reader, row.person_id, PACKET, sealed).await?)?),
        None => None,
    };
    let at = crate::organization::going_on(reader, row.organization_id).await?;
    Ok(Opened { referral: row, organization: at.name, phone: at.phone, details, packet })
}

/// The consent in force under which a provider of this name may be told that day, if there is one.
pub async fn permission(
    reader: &impl ConnectionTrait,
    about: &Request,
    provider: &str,
    today: Day,
) -> Result<Option<Consent>, Error> {
    let kind = ConsentKind::NamedDisclosure;
    let (_, consent) = standing(reader, about.prospective_id, kind, Some(provider), today).await?;
    Ok(consent.filter(|consent| consent.covers(&[Scope::Referral])))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::Broken(format!("a referral: {e}")))
}

fn written<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::Broken(format!("a referral: {e}")))
}
