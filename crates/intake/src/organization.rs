//! Referral organizations: who sends people and who takes them on, with the people to call there. They are nobody's
//! record; what came from them is counted, and never in money.

pub mod contacts;
pub mod counting;
pub mod ending;
pub mod finding;
pub mod recording;

use clients::person::plain;
use consent::contact_point::NewContactPoint;
use foundation::acts::{Reach, reach_of};
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, Faults, Subject};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use counting::FromHere;

pub use crate::entity::contact::{ContactId, Model as Contact};
use crate::entity::organization;
pub use crate::entity::organization::{Model as Organization, OrganizationId};
use crate::rules::source::{Preferred, SourceKind};

/// What a search finds.
pub(crate) const KIND: &str = "referral_organization";

/// Where the notes are sealed.
pub(crate) const NOTES: &str = "referral_organizations.notes";
pub(crate) const CONTACT_NOTES: &str = "referral_contacts.notes";

/// Characters of a name, of a line, of notes.
const NAME: usize = 160;
const LINE: usize = 300;
const LONG: usize = 2000;

impl Organization {
    /// The organization as permission and the ledger need it: it concerns nobody.
    pub fn subject(&self) -> Subject {
        Subject::of("referral_organization", self.id)
    }

    /// Whether the center works with it now.
    pub fn is_live(&self) -> bool {
        self.ended_at.is_none()
    }
}

/// How someone is reached: of an organization and of a contact alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    phone: Option<String>,
    email: Option<String>,
    preferred: Option<Preferred>,
    notes: Option<String>,
}

impl Reached {
    fn parse<'a>(text: &impl Fn(&str) -> &'a str, faults: &mut Faults) -> Self {
        let point = |typed: &str, parsed: fn(&str) -> Result<NewContactPoint, Faults>| {
            if typed.is_empty() { Ok(None) } else { parsed(typed).map(|_| Some(typed.to_owned())) }
        };
        let mut take = |found: Result<Option<String>, Faults>| {
            found.unwrap_or_else(|more| {
                faults.0.extend(more.0);
                None
            })
        };
        let phone = take(point(text("phone").trim(), NewContactPoint::phone));
        let email = take(point(text("email").trim(), NewContactPoint::email));
        let notes = Some(text("notes").trim()).filter(|n| !n.is_empty()).map(str::to_owned);
        if notes.as_ref().is_some_and(|n| n.chars().count() > LONG) {
            faults.add("notes", format!("Write less here, up to {LONG} characters"));
        }
        Self { phone, email, preferred: Preferred::parse(text("preferred")), notes }
    }
}

fn line<'a>(text: &impl Fn(&str) -> &'a str, field: &'static str, faults: &mut Faults) -> Option<String> {
    let value = plain(text(field));
    if value.chars().count() > LINE {
        faults.add(field, format!("Write less here, up to {LINE} characters"));
    }
    Some(value).filter(|v| !v.is_empty())
}

fn name<'a>(text: &impl Fn(&str) -> &'a str, words: &str, faults: &mut Faults) -> String {
    let name = plain(text("name"));
    if foundation::search::fold(&name).is_empty() || name.chars().count() > NAME {
        faults.add("name", format!("{words}, up to {NAME} characters"));
    }
    name
}

/// An organization as it was typed and can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrganization {
    name: String,
    kind: SourceKind,
    address: Option<String>,
    reached: Reached,
    /// Somebody looked at the one of the same name, and it is another one.
    another: bool,
}

impl NewOrganization {
    /// Reads a form.
    ///
    /// # Errors
    /// What cannot be kept, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = name(&text, "Enter the name of the organization", &mut faults);
        let kind = SourceKind::of_organizations().find(|kind| kind.as_str() == text("kind"));
        if kind.is_none() {
            faults.add("kind", "Choose what kind of organization it is");
        }
        let address = line(&text, "address", &mut faults);
        let reached = Reached::parse(&text, &mut faults);
        let another = text("another") == "yes";
        match (kind, faults.0.is_empty()) {
            (Some(kind), true) => Ok(Self { name, kind, address, reached, another }),
            _ => Err(faults),
        }
    }
}

/// The page of an organization: itself, whom to call there, what came from it.
#[derive(Clone, Debug)]
pub struct Page {
    pub organization: Organization,
    pub notes: Option<String>,
    pub contacts: Vec<contacts::WithNotes>,
    pub came: FromHere,
}

pub(crate) fn may_see(viewer: &Actor) -> Result<(), Error> {
    if reach_of(viewer, Act::ViewSources) == Reach::No {
        return Err(Error::Forbidden(Act::ViewSources));
    }
    Ok(())
}

/// An organization by its key, or the one that goes on for it.
pub async fn going_on(reader: &impl ConnectionTrait, id: OrganizationId) -> Result<Organization, Error> {
    let mut found = organization::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    // Each merge ends one that was live, so there is no circle.
    while let Some(into) = found.merged_into {
        found = organization::Entity::find_by_id(into).one(reader).await?.ok_or(Error::NotFound)?;
    }
    Ok(found)
}

/// The page of an organization.
pub async fn page(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    id: OrganizationId,
    now: foundation::Instant,
) -> Result<Page, Error> {
    may_see(viewer)?;
    let organization = going_on(reader, id).await?;
    let notes = opened(keyring, NOTES, organization.notes.as_deref())?;
    let contacts = contacts::of(reader, organization.id).await?;
    let with_notes = contacts.into_iter().map(|one| {
        let notes = opened(keyring, CONTACT_NOTES, one.notes.as_deref())?;
        Ok((one, notes))
    });
    let contacts = with_notes.collect::<Result<Vec<_>, Error>>()?;
    let came = counting::of(reader, viewer, organization.id, now).await?;
    Ok(Page { organization, notes, contacts, came })
}

fn opened(keyring: &Keyring, place: &str, sealed: Option<&[u8]>) -> Result<Option<String>, Error> {
    let Some(sealed) = sealed else { return Ok(None) };
    let text = keyring.open_for_center(place, sealed)?;
    String::from_utf8(text).map(Some).map_err(|_| Error::Broken("a sealed text is not text".into()))
}
