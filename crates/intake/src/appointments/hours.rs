//! The hours of clinicians: every week, and what is different on some days. Ended hours stay as history.

use std::collections::HashMap;

use foundation::staff::inviting::everyone;
use foundation::{Act, Day, Error, Faults, Role, StaffId, Subject, Unit, read_day, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set};
use serde_json::json;

use super::sites::{Site, SiteId};
use crate::entity::{hours_exception, weekly_hours};
pub use crate::entity::{
    hours_exception::{HoursExceptionId, Model as HoursException},
    weekly_hours::{Model as WeeklyHours, WeeklyHoursId},
};
use crate::rules::appointments::ExceptionKind;
use crate::rules::slots::{At, Availability, Away, DAY, Extra, Span, Weekdays, Weekly};

/// Who can be met by appointment.
pub const CLINICIANS: [Role; 3] = [Role::Counselor, Role::Supervisor, Role::Intake];

/// How long one time can be, in minutes.
pub const LENGTHS: [i32; 6] = [30, 45, 60, 75, 90, 120];

/// Hours somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHours {
    staff: StaffId,
    site: SiteId,
    weekdays: i32,
    span: Span,
    slot_minutes: i32,
    from_on: Day,
    until_on: Option<Day>,
}

/// A clock as a browser's field gives it, like `09:30`, in minutes.
fn clock(text: &str) -> Option<i32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

/// From when until when; midnight as an end is the end of the day.
fn span(text: &str, until: &str, faults: &mut Faults, names: [&str; 2]) -> Option<Span> {
    let (opens, closes) = (clock(text), clock(until).map(|m| if m == 0 { DAY } else { m }));
    let [from, to] = names;
    if opens.is_none() {
        faults.add(from, "Enter when it begins, like 09:00");
    }
    match (opens, closes) {
        (Some(opens), Some(closes)) if opens < closes => Some(Span { opens, closes }),
        (opens, _) => {
            if opens.is_some() {
                faults.add(to, "Enter when it ends, after the beginning, like 17:00");
            }
            None
        }
    }
}

fn slot_minutes(text: &str, span: Option<Span>, faults: &mut Faults, field: &str) -> Option<i32> {
    let minutes = text.parse().ok().filter(|minutes| LENGTHS.contains(minutes));
    match (minutes, span) {
        (None, _) => faults.add(field, "Choose how long one time is"),
        (Some(minutes), Some(span)) if span.closes - span.opens < minutes => {
            faults.add(field, "One time is longer than these hours. Choose a shorter one");
        }
        _ => {}
    }
    minutes
}

impl NewHours {
    /// Reads a form; `days` are the chosen weekdays, 0 for Monday to 6 for Sunday.
    ///
    /// # Errors
    /// What cannot be used, each at its field.
    pub fn parse<'a>(
        text: impl Fn(&str) -> &'a str,
        days: impl Iterator<Item = &'a str>,
        today: Day,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let staff = text("clinician").parse().ok();
        if staff.is_none() {
            faults.add("clinician", "Choose whose hours these are");
        }
        let site = text("site").parse().ok();
        if site.is_none() {
            faults.add("site", "Choose where these hours are");
        }
        let chosen = days.filter_map(|day| day.parse::<u32>().ok()).filter(|day| *day < 7);
        let weekdays = chosen.fold(0, |set, day| set | (1 << day));
        if weekdays == 0 {
            faults.add("weekdays", "Choose at least one day of the week");
        }
        let span = span(text("opens"), text("closes"), &mut faults, ["opens", "closes"]);
        let slot_minutes = slot_minutes(text("slot_minutes"), span, &mut faults, "slot_minutes");
        let typed = text("from_on").trim();
        let from_on = if typed.is_empty() { Some(today) } else { read_day(typed) };
        if from_on.is_none() {
            faults.add("from_on", "Enter the first day, like 2026-03-02, or leave it open for today");
        }
        let typed = text("until_on").trim();
        let until_on = read_day(typed);
        let is_backwards = until_on.zip(from_on).is_some_and(|(until, from)| until < from);
        if (until_on.is_none() && !typed.is_empty()) || is_backwards {
            faults.add("until_on", "Enter the last day, after the first, or leave it open");
        }
        match (staff, site, span, slot_minutes, from_on, faults.0.is_empty()) {
            (Some(staff), Some(site), Some(span), Some(slot_minutes), Some(from_on), true) => {
                Ok(Self { staff, site, weekdays, span, slot_minutes, from_on, until_on })
            }
            _ => Err(faults),
        }
    }

    fn meets(&self, row: &WeeklyHours) -> bool {
        let span = Span { opens: row.opens, closes: row.closes };
        let over = |until: Option<Day>, from: Day| until.is_some_and(|until| until < from);
        self.weekdays & row.weekdays != 0
            && self.span.meets(span)
            && !over(self.until_on, row.from_on)
            && !over(row.until_on, self.from_on)
    }
}

/// Days somebody typed on which hours differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewException {
    staff: StaffId,
    kind: ExceptionKind,
    site: Option<SiteId>,
    first_on: Day,
    last_on: Day,
    span: Span,
    slot_minutes: i32,
}

impl NewException {
    /// Reads a form. Without hours somebody is away all day; extra hours need a place, a beginning and an end.
    ///
    /// # Errors
    /// What cannot be used, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let staff = text("who").parse().ok();
        if staff.is_none() {
            faults.add("who", "Choose whose hours these are");
        }
        let kind = ExceptionKind::parse(text("kind"));
        if kind.is_none() {
            faults.add("kind", "Choose what is different");
        }
        let first_on = read_day(text("first_on"));
        if first_on.is_none() {
            faults.add("first_on", "Enter the first day, like 2026-03-02");
        }
        let typed = text("last_on").trim();
        let last_on = if typed.is_empty() { first_on } else { read_day(typed) };
        if last_on.zip(first_on).is_none_or(|(last, first)| last < first) && first_on.is_some() {
            faults.add("last_on", "Enter the last day, not before the first, or leave it open for one day");
        }
        let is_extra = kind == Some(ExceptionKind::Extra);
        let site = text("at_site").parse().ok().filter(|_| is_extra);
        if is_extra && site.is_none() {
            faults.add("at_site", "Choose where the extra hours are");
        }
        let (from, until) = (text("from_clock"), text("until_clock"));
        let is_whole = kind == Some(ExceptionKind::Away) && from.is_empty() && until.is_empty();
        let span = if is_whole {
            Some(Span::WHOLE)
        } else {
            span(from, until, &mut faults, ["from_clock", "until_clock"])
        };
        let minutes = if is_extra {
            slot_minutes(text("extra_minutes"), span, &mut faults, "extra_minutes")
        } else {
            Some(0)
        };
        match (staff, kind, first_on.zip(last_on), span, minutes, faults.0.is_empty()) {
            (Some(staff), Some(kind), Some((first_on, last_on)), Some(span), Some(slot_minutes), true) => {
                Ok(Self { staff, kind, site, first_on, last_on, span, slot_minutes })
            }
            _ => Err(faults),
        }
    }
}

/// Whose hours: the own, for a clinician.
fn hours_of(staff: StaffId) -> Subject {
    Subject::of("staff", staff).cared_for_by(Some(staff), None)
}

async fn is_clinician(unit: &Unit, staff: StaffId, field: &str) -> Result<(), Error> {
    let found = everyone(unit.tx()).await?.into_iter().find(|member| member.id == staff);
    let works = found.filter(|m| m.disabled_at.is_none() && m.roles.iter().any(|r| CLINICIANS.contains(r)));
    let mut faults = Faults::default();
    faults.add(field, "Choose a clinician who works here now");
    works.map(|_| ()).ok_or(faults.into())
}

async fn is_open(unit: &Unit, site: SiteId, field: &str) -> Result<(), Error> {
    let found = super::sites::open(unit.tx()).await?.into_iter().any(|one| one.id == site);
    let mut faults = Faults::default();
    faults.add(field, "Choose a place where people are met now");
    if found { Ok(()) } else { Err(faults.into()) }
}

/// Adds weekly hours.
///
/// # Errors
/// A fault when they meet hours the clinician has already: nobody is at two places, or in two lengths, at once.
pub async fn add(unit: &mut Unit, new: NewHours) -> Result<WeeklyHoursId, Error> {
    let permit = unit.permit(Act::SetHours, &hours_of(new.staff))?;
    is_clinician(unit, new.staff, "clinician").await?;
    is_open(unit, new.site, "site").await?;
    if weekly_of(unit.tx(), new.staff).await?.iter().any(|row| new.meets(row)) {
        let mut faults = Faults::default();
        faults.add(
            "opens",
            "These hours meet others of the same clinician. End those first, or choose other hours",
        );
        return Err(faults.into());
    }
    let id: WeeklyHoursId = unit.id();
    let row = weekly_hours::ActiveModel {
        id: Set(id),
        staff_id: Set(new.staff),
        site_id: Set(new.site),
        weekdays: Set(new.weekdays),
        opens: Set(new.span.opens),
        closes: Set(new.span.closes),
        slot_minutes: Set(new.slot_minutes),
        from_on: Set(new.from_on),
        until_on: Set(new.until_on),
        made_at: Set(unit.now()),
        ended_at: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, json!({ "hours": id }));
    Ok(id)
}

/// Ends weekly hours from now on. What is booked in them stays booked.
pub async fn end(unit: &mut Unit, id: WeeklyHoursId) -> Result<(), Error> {
    let row = weekly_hours::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::SetHours, &hours_of(row.staff_id))?;
    let done = weekly_hours::Entity::update_many()
        .col_expr(weekly_hours::Column::EndedAt, Expr::value(Some(unit.now())))
        .filter(weekly_hours::Column::Id.eq(id))
        .filter(weekly_hours::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("ended", "These hours have ended already."));
    }
    unit.record(permit, json!({ "hours": id, "ended": true }));
    Ok(())
}

/// Writes down days on which hours differ.
pub async fn except(unit: &mut Unit, new: NewException) -> Result<HoursExceptionId, Error> {
    let permit = unit.permit(Act::SetHours, &hours_of(new.staff))?;
    is_clinician(unit, new.staff, "who").await?;
    if let Some(site) = new.site {
        is_open(unit, site, "at_site").await?;
    }
    let id: HoursExceptionId = unit.id();
    let row = hours_exception::ActiveModel {
        id: Set(id),
        staff_id: Set(new.staff),
        kind: Set(new.kind),
        site_id: Set(new.site),
        first_on: Set(new.first_on),
        last_on: Set(new.last_on),
        opens: Set(new.span.opens),
        closes: Set(new.span.closes),
        slot_minutes: Set(new.slot_minutes),
        made_at: Set(unit.now()),
        ended_at: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, json!({ "exception": id, "kind": new.kind }));
    Ok(id)
}

/// Takes days on which hours differ away again.
pub async fn end_exception(unit: &mut Unit, id: HoursExceptionId) -> Result<(), Error> {
    let row = hours_exception::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::SetHours, &hours_of(row.staff_id))?;
    let done = hours_exception::Entity::update_many()
        .col_expr(hours_exception::Column::EndedAt, Expr::value(Some(unit.now())))
        .filter(hours_exception::Column::Id.eq(id))
        .filter(hours_exception::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("ended", "This is taken away already."));
    }
    unit.record(permit, json!({ "exception": id, "ended": true }));
    Ok(())
}

async fn weekly_of(reader: &impl ConnectionTrait, staff: StaffId) -> Result<Vec<WeeklyHours>, Error> {
    let all = weekly(reader).await?;
    Ok(all.into_iter().filter(|row| row.staff_id == staff).collect())
}

/// Weekly hours that go on, of everyone. Few: one row for each pattern of each clinician.
pub async fn weekly(reader: &impl ConnectionTrait) -> Result<Vec<WeeklyHours>, Error> {
    Ok(weekly_hours::Entity::find()
        .filter(weekly_hours::Column::EndedAt.is_null())
        .order_by_asc(weekly_hours::Column::Id)
        .all(reader)
        .await?)
}

/// Days on which hours differ, that are not over on `from`, of everyone.
pub async fn exceptions(reader: &impl ConnectionTrait, from: Day) -> Result<Vec<HoursException>, Error> {
    Ok(hours_exception::Entity::find()
        .filter(hours_exception::Column::EndedAt.is_null())
        .filter(hours_exception::Column::LastOn.gte(from))
        .order_by_asc(hours_exception::Column::FirstOn)
        .all(reader)
        .await?)
}

/// What decides when each clinician can be met, from a day on.
pub(super) async fn availability(
    reader: &impl ConnectionTrait,
    sites: &[Site],
    from: Day,
) -> Result<HashMap<StaffId, Availability>, Error> {
    let at = |id: SiteId| Some(At { site: id, zone: sites.iter().find(|site| site.id == id)?.zone() });
    let mut all: HashMap<StaffId, Availability> = HashMap::new();
    for row in weekly(reader).await? {
        let Some(at) = at(row.site_id) else { continue };
        all.entry(row.staff_id).or_default().weekly.push(Weekly {
            at,
            days: Weekdays(row.weekdays),
            span: Span { opens: row.opens, closes: row.closes },
            slot_minutes: row.slot_minutes,
            from_on: row.from_on,
            until_on: row.until_on,
        });
    }
    for row in exceptions(reader, from).await? {
        let (first_on, last_on) = (row.first_on, row.last_on);
        let span = Span { opens: row.opens, closes: row.closes };
        let of = all.entry(row.staff_id).or_default();
        match (row.kind, row.site_id.and_then(at)) {
            (ExceptionKind::Away, _) => of.away.push(Away { first_on, last_on, span }),
            (ExceptionKind::Extra, Some(at)) => {
                of.extra.push(Extra { at, first_on, last_on, span, slot_minutes: row.slot_minutes });
            }
            (ExceptionKind::Extra, None) => {}
        }
    }
    Ok(all)
}
