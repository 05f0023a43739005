//! The waitlist: whoever waits for a level of care, in an order that explains itself, with a word at least every week.

pub mod adding;
pub(crate) mod keeping;
pub mod leaving;
pub mod list;

use clients::episode::LevelOfCare;
use clients::person::{plain, shown};
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Day, Error, Faults, Instant, may, read_day};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::entity::wait;
pub use crate::entity::wait::{Model as Wait, WaitId};
use crate::request::{Request, RequestId, by_reference};
use crate::rules::waitlist::{Class, Interim, MOST_CONTACT_DAYS};
use list::Row;

/// Where the details are sealed.
pub(crate) const DETAILS: &str = "waits.details";

/// The longest reason.
const LONGEST: usize = 300;

/// A place that was offered and declined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    pub at: Instant,
    pub because: String,
}

/// What says something about the person: sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub class: Class,
    pub interim: Vec<Interim>,
    pub declined: Vec<Declined>,
}

impl Default for Details {
    fn default() -> Self {
        Self { class: Class::NotAsked, interim: Vec::new(), declined: Vec::new() }
    }
}

/// What is written down about someone who waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWait {
    level: LevelOfCare,
    earliest_on: Option<Day>,
    class: Class,
    interim: Vec<Interim>,
    contact_days: i32,
}

impl NewWait {
    /// Reads a form; `interim` is what helps meanwhile.
    ///
    /// # Errors
    /// What cannot be used, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str, interim: Vec<Interim>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let level = LevelOfCare::parse(text("level"));
        if level.is_none() {
            faults.add("level", "Choose the level of care they wait for");
        }
        let typed = text("earliest_on").trim();
        let earliest_on = read_day(typed);
        if earliest_on.is_none() && !typed.is_empty() {
            faults.add("earliest_on", "Enter the first day they can come, like 2026-03-02, or leave it open");
        }
        let days = text("contact_days").trim();
        let contact_days = if days.is_empty() { Some(MOST_CONTACT_DAYS) } else { days.parse().ok() };
        let contact_days = contact_days.filter(|days| (1..=MOST_CONTACT_DAYS).contains(days));
        if contact_days.is_none() {
            faults.add(
                "contact_days",
                "Enter a number of days from 1 to 7: nobody waits longer without a word",
            );
        }
        match (level, contact_days, faults.0.is_empty()) {
            (Some(level), Some(contact_days), true) => {
                let class = Class::parse(text("class")).unwrap_or(Class::NotAsked);
                Ok(Self { level, earliest_on, class, interim, contact_days })
            }
            _ => Err(faults),
        }
    }
}

/// A reason in the person's own words.
fn reason(typed: &str) -> Result<String, Faults> {
    let mut faults = Faults::default();
    let because = plain(typed);
    if because.is_empty() || because.chars().count() > LONGEST {
        faults.add("because", "Enter why they said no to it, in a few words");
    }
    faults.or(|| because)
}

/// The page of someone who waits, or could.
#[derive(Clone, Debug)]
pub struct Page {
    pub request: Request,
    /// The person who may need care.
    pub name: String,
    /// Their place, when they wait.
    pub wait: Option<(Wait, Details)>,
    /// The list of their level, in its order, when they wait.
    pub list: Vec<Row>,
    /// How long it took lately for that level: the median of days, and of how many people.
    pub expected: Option<(i64, usize)>,
}

/// The page of the place of one request. The caller records the opening of its request.
pub async fn page(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    reference: &str,
    now: Instant,
) -> Result<Page, Error> {
    let request = by_reference(reader, reference).await?;
    if !may(viewer, Act::ViewWaitlist, &request.subject()) {
        return Err(Error::NotFound);
    }
    let name = shown(&clients::person::name_of(reader, request.asked_as()).await?);
    let Some(wait) = open_of(reader, request.id).await? else {
        return Ok(Page { request, name, wait: None, list: Vec::new(), expected: None });
    };
    let details = opened(reader, keyring, &wait).await?;
    let mut rows = list::read(reader, keyring, viewer).await?;
    rows.retain(|row| row.level == wait.level);
    let expected = list::took(reader, now).await?.get(&wait.level).copied();
    Ok(Page { request, name, wait: Some((wait, details)), list: rows, expected })
}

/// The open place of a request.
pub async fn open_of(reader: &impl ConnectionTrait, id: RequestId) -> Result<Option<Wait>, Error> {
    Ok(wait::Entity::find()
        .filter(wait::Column::RequestId.eq(id))
        .filter(wait::Column::LeftAt.is_null())
        .one(reader)
        .await?)
}

/// Every place a request ever had, newest first.
pub(crate) async fn of(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<Wait>, Error> {
    Ok(wait::Entity::find()
        .filter(wait::Column::RequestId.eq(id))
        .order_by_desc(wait::Column::Id)
        .all(reader)
        .await?)
}

pub(crate) async fn opened(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    wait: &Wait,
) -> Result<Details, Error> {
    // Of someone who was forgotten nothing is left to open.
    if wait.details.is_empty() {
        return Ok(Details::default());
    }
    read(&keyring.open(reader, wait.person_id, DETAILS, &wait.details).await?)
}

fn read(text: &str) -> Result<Details, Error> {
    serde_json::from_str(text).map_err(|e| Error::Broken(format!("a place on the waitlist: {e}")))
}

fn written(details: &Details) -> Result<String, Error> {
    serde_json::to_string(details).map_err(|e| Error::Broken(format!("a place on the waitlist: {e}")))
}
