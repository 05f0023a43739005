//! Offering: the free times of the clinicians who work here, soonest first.

use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use foundation::staff::inviting::everyone;
use foundation::{Error, Instant, StaffId, Zone};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect};

use super::sites::SiteId;
use super::{hours, sites};
use crate::clocks;
use crate::entity::appointment;
use crate::rules::appointments::State;
use crate::rules::slots::{free, moment};

/// A time that can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub choice: Choice,
    pub clinician: String,
    pub site: String,
    pub zone: Zone,
    pub starts_at: Instant,
    pub ends_at: Instant,
}

/// A time as a form names it: the clinician, the place, and the clock there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub staff: StaffId,
    pub site: SiteId,
    pub at: NaiveDateTime,
}

impl Choice {
    /// Reads what a form gives back.
    pub fn parse(text: &str) -> Option<Self> {
        let (staff, rest) = text.trim().split_once('.')?;
        let (site, at) = rest.split_once('.')?;
        let at = NaiveDateTime::parse_from_str(at, "%Y-%m-%dT%H:%M").ok()?;
        // A year beyond any life is no time anybody offered.
        let at = Some(at).filter(|at| (1900..2200).contains(&at.year()))?;
        Some(Self { staff: staff.parse().ok()?, site: site.parse().ok()?, at })
    }

    /// The moment it means on the clock of its place.
    pub(super) fn starts_at(&self, zone: Zone) -> Option<Instant> {
        let minute = i32::try_from(self.at.hour() * 60 + self.at.minute()).ok()?;
        moment(self.at.date(), minute, zone)
    }
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.staff, self.site, self.at.format("%Y-%m-%dT%H:%M"))
    }
}

/// The free times that begin from one moment until another, of everyone or of one clinician, the soonest first.
pub async fn offers(
    reader: &impl ConnectionTrait,
    of: Option<StaffId>,
    from: Instant,
    until: Instant,
) -> Result<Vec<Offer>, Error> {
    let sites = sites::open(reader).await?;
    let first = (from - TimeDelta::days(1)).date_naive();
    let mut who = hours::availability(reader, &sites, first).await?;
    if let Some(one) = of {
        who.retain(|staff, _| *staff == one);
    }
    if who.is_empty() {
        return Ok(Vec::new());
    }
    let booked = booked(reader, from, until).await?;
    let mut offers = Vec::new();
    for member in everyone(reader).await?.into_iter().filter(|member| member.disabled_at.is_none()) {
        let Some(availability) = who.get(&member.id) else { continue };
        let taken: Vec<_> = booked.iter().filter(|b| b.0 == member.id).map(|b| (b.1, b.2)).collect();
        for slot in free(availability.between(from, until), &taken) {
            let Some(site) = sites.iter().find(|site| site.id == slot.site) else { continue };
            let zone = site.zone();
            let at = slot.starts_at.with_timezone(&zone).naive_local();
            offers.push(Offer {
                choice: Choice { staff: member.id, site: site.id, at },
                clinician: member.name.clone(),
                site: site.name.clone(),
                zone,
                starts_at: slot.starts_at,
                ends_at: slot.ends_at,
            });
        }
    }
    // Members come by name, so of two times at one moment the order is the same on every page.
    offers.sort_by_key(|offer| offer.starts_at);
    Ok(offers)
}

/// The next free times of everyone, so many, of the next two weeks, none sooner than the center's lead time.
pub async fn next(reader: &impl ConnectionTrait, now: Instant, most: usize) -> Result<Vec<Offer>, Error> {
    let first = now + lead(reader).await?;
    let mut next = offers(reader, None, first, now + TimeDelta::days(14)).await?;
    next.truncate(most);
    Ok(next)
}

/// How far ahead a time must lie to be offered, as the center set it.
pub async fn lead(reader: &impl ConnectionTrait) -> Result<TimeDelta, Error> {
    Ok(TimeDelta::minutes(i64::from(clocks::load(reader).await?.targets.lead)))
}

/// What is taken between two moments, by whom: from and until.
async fn booked(
    reader: &impl ConnectionTrait,
    from: Instant,
    until: Instant,
) -> Result<Vec<(StaffId, Instant, Instant)>, Error> {
    use appointment::Column::{EndsAt, StaffId as Staff, StartsAt, State as Stands};
    // Nobody is met for longer than this, so the index on the start is enough.
    let longest = TimeDelta::hours(4);
    Ok(appointment::Entity::find()
        .select_only()
        .columns([Staff, StartsAt, EndsAt])
        .filter(StartsAt.gt(from - longest))
        .filter(StartsAt.lt(until + longest))
        .filter(Stands.is_in([State::Booked, State::Arrived]))
        .into_tuple()
        .all(reader)
        .await?)
}

/// A time in the words of its place: "Tue 3 Mar, 9:00 am".
pub fn said(at: Instant, zone: Zone) -> String {
    at.with_timezone(&zone).format("%a %-d %b, %-I:%M %P").to_string()
}
