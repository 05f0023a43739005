//! The lines of a day in intake: what was promised for today, what waits on others, which calls were left open.

use chrono::Days;
use foundation::{Instant, Zone};
use intake::inbox::Row;
use intake::rules::standing::long;
use intake::rules::waitlist::contact_due;
use intake::waiting_on::{Check, OpenCall, Place, WaitingOn};

use crate::inbox::{Line, Told, when};

/// A line of the day: when, who, what about, and where to go on.
pub(super) struct Item {
    pub at: String,
    pub name: String,
    pub about: String,
    pub href: String,
}

/// What one promised, for today and for later.
pub(super) struct Promises {
    pub today: Vec<Line>,
    pub later: usize,
}

impl Promises {
    /// Of the viewer's own requests, the next first.
    pub(super) fn of(mine: Vec<Row>, told: Told<'_>) -> Self {
        let Told { now, zone, .. } = told;
        let tomorrow = now.with_timezone(&zone).date_naive() + Days::new(1);
        let day = |at: Instant| at.with_timezone(&zone).date_naive();
        let mut promised: Vec<(Instant, Row)> =
            mine.into_iter().filter_map(|row| Some((row.next_step_at?, row))).collect();
        promised.sort_by_key(|(at, row)| (*at, row.id));
        let (today, later): (Vec<_>, Vec<_>) = promised.into_iter().partition(|(at, _)| day(*at) < tomorrow);
        let today = today.into_iter().map(|(_, row)| Line::new(row, told)).collect();
        Self { today, later: later.len() }
    }
}

/// What waits on others: what is put aside, benefits checks, places; the soonest of each first.
pub(super) fn others(aside: Vec<Row>, found: &WaitingOn, now: Instant, zone: Zone) -> Vec<Item> {
    let aside = aside.into_iter().filter_map(|row| {
        let until = row.snoozed_until?;
        let about = row
            .next_step
            .as_ref()
            .map_or_else(|| "Put aside".to_owned(), |step| format!("Put aside: {step}"));
        Some(Item {
            at: format!("until {}", when(until, now, zone)),
            name: clients::person::shown(&row.name),
            about,
            href: format!("/inbox/{}", row.reference),
        })
    });
    let checks = found.checks.iter().map(|check| of_check(check, now));
    let places = found.places.iter().map(|place| of_place(place, now));
    checks.chain(places).chain(aside).collect()
}

fn of_check(check: &Check, now: Instant) -> Item {
    let who = match &check.taker {
        Some(name) => format!("Benefits check: {name} has it"),
        None => "Benefits check: nobody has it yet".into(),
    };
    let at = if check.due_at <= now {
        format!("late {}", long(check.due_at, now))
    } else {
        format!("in {}", long(now, check.due_at))
    };
    Item { at, name: check.name.clone(), about: who, href: format!("/inbox/{}/benefits", check.reference) }
}

fn of_place(place: &Place, now: Instant) -> Item {
    let due = contact_due(place.added_at, place.contacted_at, place.contact_days);
    let talk = if due <= now { ". Talk with them today" } else { "" };
    Item {
        at: format!("for {}", long(place.added_at, now)),
        name: place.name.clone(),
        about: format!("On the waitlist for {}{talk}", place.level.words()),
        href: format!("/inbox/{}/waitlist", place.reference),
    }
}

/// Calls that were begun and never finished.
pub(super) fn left_open(calls: &[OpenCall], now: Instant, zone: Zone) -> Vec<Item> {
    let item = |call: &OpenCall| Item {
        at: when(call.began_at, now, zone),
        name: call.name.clone(),
        about: "A call that was not finished. Its sheet is kept".into(),
        href: format!("/call/{}", call.id),
    };
    calls.iter().map(item).collect()
}
