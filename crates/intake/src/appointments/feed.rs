//! The private calendar of a member of staff: an address nobody can guess, shown once, under which a calendar program finds
//! the own appointments. It says when and nothing else: whoever looks over a shoulder learns that there is an appointment.

use chrono::TimeDelta;
use foundation::staff::inviting::member;
use foundation::{Act, Error, Instant, Secret, StaffId, Subject, Unit, hash_of, refused};
use icalendar::{Calendar, CalendarComponent, Class, Component, Event, EventLike, EventStatus, Property};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set};
use serde_json::json;

use super::Appointment;
use crate::entity::calendar_feed::CalendarFeedId;
use crate::entity::{appointment, calendar_feed};
use crate::rules::appointments::State;

/// The feed looks back so far; what is older is nobody's plan any more.
const BACK: TimeDelta = TimeDelta::days(30);

/// Makes the address of the own feed; the one before ends. The secret is returned once and never again.
pub async fn make(unit: &mut Unit) -> Result<Secret, Error> {
    let me = unit.actor().staff_id().ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::ChangeOwnAccount, &Subject::of("staff", me))?;
    close(unit, me).await?;
    let secret = unit.secret();
    let id: CalendarFeedId = unit.id();
    let row = calendar_feed::ActiveModel {
        id: Set(id),
        staff_id: Set(me),
        token_hash: Set(secret.hash()),
        made_at: Set(unit.now()),
        ended_at: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, json!({ "fields": ["calendar"] }));
    Ok(secret)
}

/// Ends the own feed: its address opens nothing any more.
pub async fn end(unit: &mut Unit) -> Result<(), Error> {
    let me = unit.actor().staff_id().ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::ChangeOwnAccount, &Subject::of("staff", me))?;
    if close(unit, me).await? == 0 {
        return Err(refused("ended", "There is no calendar address any more."));
    }
    unit.record(permit, json!({ "fields": ["calendar"], "ended": true }));
    Ok(())
}

async fn close(unit: &Unit, me: StaffId) -> Result<u64, Error> {
    let done = calendar_feed::Entity::update_many()
        .col_expr(calendar_feed::Column::EndedAt, Expr::value(Some(unit.now())))
        .filter(calendar_feed::Column::StaffId.eq(me))
        .filter(calendar_feed::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(done.rows_affected)
}

/// Since when somebody has a feed.
pub async fn standing(reader: &impl ConnectionTrait, me: StaffId) -> Result<Option<Instant>, Error> {
    let open = calendar_feed::Entity::find()
        .filter(calendar_feed::Column::StaffId.eq(me))
        .filter(calendar_feed::Column::EndedAt.is_null())
        .one(reader)
        .await?;
    Ok(open.map(|feed| feed.made_at))
}

/// The calendar behind an address.
///
/// # Errors
/// [`Error::NotFound`] for every kind of no: never made, ended, or of someone who works here no more.
pub async fn read(reader: &impl ConnectionTrait, token: &str, now: Instant) -> Result<String, Error> {
    let feed = calendar_feed::Entity::find()
        .filter(calendar_feed::Column::TokenHash.eq(hash_of(token)))
        .filter(calendar_feed::Column::EndedAt.is_null())
        .one(reader)
        .await?
        .ok_or(Error::NotFound)?;
    if member(reader, feed.staff_id).await?.disabled_at.is_some() {
        return Err(Error::NotFound);
    }
    let own = appointment::Entity::find()
        .filter(appointment::Column::StaffId.eq(feed.staff_id))
        .filter(appointment::Column::StartsAt.gte(now - BACK))
        .order_by_asc(appointment::Column::StartsAt)
        .all(reader)
        .await?;
    Ok(calendar(&own))
}

/// Appointments as RFC 5545 has them, in UTC. Every program shows them on its own clock.
fn calendar(own: &[Appointment]) -> String {
    let properties = [
        ("VERSION", "2.0"),
        // The name of a program tells a reader where it runs.
        ("PRODID", "-//Appointments//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", "Appointments"),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT15M"),
    ];
    let properties = properties.map(|(name, value)| Property::new(name, value)).to_vec();
    let components = own.iter().map(|one| CalendarComponent::from(event(one))).collect();
    Calendar { properties, components }.to_string()
}

fn event(on: &Appointment) -> Event {
    let status = if on.state == State::Cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed };
    Event::new()
        .uid(&on.id.to_string())
        .timestamp(on.changed_at)
        .last_modified(on.changed_at)
        .sequence(u32::try_from(on.sequence).unwrap_or_default())
        .starts(on.starts_at)
        .ends(on.ends_at)
        .summary("Appointment")
        .class(Class::Private)
        .status(status)
        .done()
}
