//! The appointments of the sample center: two sites, the hours of four clinicians, and times of today: one that is near, one
//! of which nobody has said yet whether she arrived, and one who did not come.

use chrono::{TimeDelta, Timelike};
use foundation::{Actor, Db, Error, Instant, day};
use intake::Request;
use intake::appointments::hours::{self, NewException, NewHours};
use intake::appointments::offering::{self, Offer};
use intake::appointments::sites::{self, NewSite, SiteId};
use intake::appointments::{Appointment, arriving, booking, newest};
use intake::inbox::{View, rows};
use intake::request::by_reference;

use super::{Cast, ZONE};

const WEEKDAYS: &[&str] = &["0", "1", "2", "3", "4"];
const SOME: &[&str] = &["0", "2", "4"];
const WEEKEND: &[&str] = &["5", "6"];

/// Opens the sites and sets the hours of every week, at the beginning of the history.
pub(super) async fn open(db: &Db, cast: &Cast) -> anyhow::Result<()> {
    let alder = site(db, cast, "Alder Court, second floor", "18 Alder Court, Chicago").await?;
    let lake = site(db, cast, "Lake Street", "240 Lake Street, Evanston").await?;
    for (who, at, days, opens, closes, minutes) in [
        (&cast.ray, alder, WEEKDAYS, "09:00", "12:00", "60"),
        (&cast.ray, alder, WEEKDAYS, "13:00", "17:00", "60"),
        (&cast.ines, lake, SOME, "10:00", "16:00", "90"),
        (&cast.ana, alder, WEEKEND, "10:00", "14:00", "60"),
    ] {
        let (staff, at) = (id(who)?, at.to_string());
        let typed = |name: &str| match name {
            "clinician" => staff.as_str(),
            "site" => at.as_str(),
            "opens" => opens,
            "closes" => closes,
            "slot_minutes" => minutes,
            _ => "",
        };
        let today = day(db.now(), ZONE);
        let new = NewHours::parse(typed, days.iter().copied(), today).map_err(Error::from)?;
        db.write(&cast.linus, async |unit| hours::add(unit, new).await).await?;
    }
    Ok(())
}

async fn site(db: &Db, cast: &Cast, name: &str, address: &str) -> anyhow::Result<SiteId> {
    let typed = |field: &str| match field {
        "site_name" => name,
        "address" => address,
        _ => ZONE.name(),
    };
    let new = NewSite::parse(typed).map_err(Error::from)?;
    Ok(db.write(&cast.linus, async |unit| sites::add(unit, new).await).await?)
}

fn id(who: &Actor) -> anyhow::Result<String> {
    Ok(who.staff_id().ok_or(Error::NotFound)?.to_string())
}

/// The times of today's people.
pub(super) async fn live(db: &Db, cast: &Cast, now: Instant) -> anyhow::Result<()> {
    db.clock().move_to(now - TimeDelta::minutes(180));
    if extra_hours_of_sam(db, cast, now).await? {
        let offers = offering::offers(db.reader(), cast.sam.staff_id(), db.now(), now).await?;
        if let Some((missed, on)) = book(db, cast, "Rosalind", offers.first()).await? {
            db.clock().move_to(now - TimeDelta::minutes(70));
            db.write(&cast.ana, async |unit| arriving::not_arrived(unit, &on, &missed).await).await?;
        }
        db.clock().move_to(now - TimeDelta::minutes(170));
        book(db, cast, "Graciela", offers.get(2)).await?;
    }
    db.clock().move_to(now - TimeDelta::minutes(90));
    let soon = now + TimeDelta::hours(2);
    let next = offering::offers(db.reader(), None, soon, soon + TimeDelta::days(7)).await?;
    if let Some((_, on)) = book(db, cast, "Tyrell", next.first()).await? {
        db.write(&cast.ana, async |unit| arriving::confirm(unit, &on).await).await?;
    }
    book(db, cast, "Marcus T.", next.get(3)).await?;
    db.clock().move_to(now);
    arriving::ask_due(db).await?;
    Ok(())
}

/// Sam is in today, around this hour. Just after midnight there is no such hour on this day.
async fn extra_hours_of_sam(db: &Db, cast: &Cast, now: Instant) -> anyhow::Result<bool> {
    let local = now.with_timezone(&ZONE);
    let minute = local.hour() * 60 + local.minute();
    let Some(opens) = minute.checked_sub(95).map(|opens| opens / 15 * 15) else { return Ok(false) };
    let closes = (opens + 150).min(24 * 60);
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let site = sites::open(db.reader()).await?.into_iter().next().ok_or(Error::NotFound)?.id.to_string();
    let (who, on) = (id(&cast.sam)?, local.date_naive().to_string());
    let (opens, closes) = (clock(opens), clock(closes));
    let typed = |name: &str| match name {
        "who" => who.as_str(),
        "kind" => "extra",
        "first_on" => on.as_str(),
        "at_site" => site.as_str(),
        "from_clock" => opens.as_str(),
        "until_clock" => closes.as_str(),
        "extra_minutes" => "30",
        _ => "",
    };
    let new = NewException::parse(typed).map_err(Error::from)?;
    db.write(&cast.sam, async |unit| hours::except(unit, new).await).await?;
    Ok(true)
}

/// Books a time for someone who asked; with the request as it is from then on.
async fn book(
    db: &Db,
    cast: &Cast,
    name: &str,
    offer: Option<&Offer>,
) -> anyhow::Result<Option<(Request, Appointment)>> {
    let open = rows(db, &cast.ana, View::Everyone, None).await?;
    let found = open.into_iter().find(|row| row.name == name);
    let (Some(row), Some(offer)) = (found, offer) else { return Ok(None) };
    let about = by_reference(db.reader(), &row.reference).await?;
    let slot = offer.choice;
    db.write(&cast.ana, async |unit| booking::book(unit, &about, slot, None).await).await?;
    let about = by_reference(db.reader(), &row.reference).await?;
    Ok(newest(db.reader(), about.id).await?.map(|on| (about, on)))
}
