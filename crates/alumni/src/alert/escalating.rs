//! Tells colleagues of open red and amber flags: each once a flag, by a letter that says nothing about anyone. Derived from
//! the records: done twice, or in two processes at once, it is done once.

use foundation::jobs::Failure;
use foundation::on_call::OfficeHours;
use foundation::staff::Member;
use foundation::staff::inviting::everyone;
use foundation::{Act, Actor, Db, Error, NewJob, News, Role, StaffId, Unit, may};
use mail::{Postroom, staff_notice};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};
use serde_json::{Value as Json, json};

use super::{Alert, load, open_alerts};
use crate::entity::{flag, flag_handler, flag_notice};
use crate::flag::{FlagId, nobody_handles};
use crate::rules::alert::{Audience, Office};

/// The name of the job that writes to a colleague.
pub const JOB: &str = "alumni_notice";
const LETTER: &str = "Something is waiting. Please sign in and look at My day.\n";

/// Tells of everything that is to be told of now; how many flags it told somebody of.
pub async fn escalate(db: &Db) -> Result<usize, Error> {
    let now = db.now();
    let mut alerts = load(db.reader(), &open_alerts()).await?;
    alerts.retain(|(alert, _)| !alert.is_handled(now));
    if alerts.is_empty() {
        return Ok(0);
    }
    let (hours, staff) = (OfficeHours::load(db.reader()).await?, everyone(db.reader()).await?);
    let office = Office { is_open: hours.is_open(now), opens_next: hours.next_open(now) };
    // Whoever gave no address hears nothing at home: where nobody on call did, the supervisors are told at once.
    let addresses = staff_notice::list_addresses(db.reader()).await?;
    let mut on_call = hours.on_call_at(now);
    on_call.retain(|id| addresses.contains_key(id));
    let mut told = 0;
    for (alert, opioids) in alerts {
        let audiences = alert.open_flag(opioids).audiences(office, now);
        let mut who: Vec<StaffId> = Vec::new();
        for audience in audiences {
            for id in members(audience, &alert, &staff, &on_call) {
                if !who.contains(&id) {
                    who.push(id);
                }
            }
        }
        if alert.handler.is_some() {
            db.write(&Actor::House, async |unit| comes_back(unit, &alert).await).await?;
        }
        let before = told_before(db.reader(), alert.flag).await?;
        who.retain(|id| !before.contains(id));
        if who.is_empty() {
            continue;
        }
        match db.write(&Actor::House, async |unit| tell(unit, &alert, &who).await).await {
            Ok(done) => told += usize::from(done),
            // Another process was first.
            Err(Error::Exists | Error::Stale) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(told)
}

/// The colleagues of an audience who work here and may see the person. Whoever is on call is told whatever they may open:
/// their day leads them to the record. Where an audience is empty, the one above it hears: nothing falls on the floor.
fn members(audience: Audience, alert: &Alert, staff: &[Member], on_call: &[StaffId]) -> Vec<StaffId> {
    let here = staff.iter().filter(|one| one.disabled_at.is_none());
    let sees = |one: &&Member| may(&one.actor(), Act::SettleFlag, &alert.subject());
    let those = |is: &dyn Fn(&Member) -> bool| -> Vec<StaffId> {
        here.clone().filter(sees).filter(|one| is(one)).map(|one| one.id).collect()
    };
    let above = |found: Vec<StaffId>, next: Audience| {
        if found.is_empty() { members(next, alert, staff, on_call) } else { found }
    };
    match audience {
        Audience::OnCall => above(on_call.to_vec(), Audience::Supervisor),
        Audience::Counselor => above(those(&|one| Some(one.id) == alert.counselor), Audience::Supervisor),
        Audience::Supervisor => {
            let theirs = those(&|one| Some(one.id) == alert.supervisor);
            let any =
                if theirs.is_empty() { those(&|one| one.roles.contains(&Role::Supervisor)) } else { theirs };
            above(any, Audience::Everyone)
        }
        Audience::Everyone => those(&|_| true),
    }
}

async fn told_before(reader: &impl ConnectionTrait, flag: FlagId) -> Result<Vec<StaffId>, Error> {
    let rows = flag_notice::Entity::find().filter(flag_notice::Column::FlagId.eq(flag)).all(reader).await?;
    Ok(rows.into_iter().map(|row| row.staff_id).collect())
}

/// Who handled a flag wrote nothing down in time, or has left: everyone who was told of it is told again.
async fn comes_back(unit: &mut Unit, alert: &Alert) -> Result<(), Error> {
    let permit = unit.permit(Act::EscalateFlag, &alert.subject())?;
    nobody_handles(unit, alert.flag).await?;
    unit.record(permit, json!({ "level": alert.level, "no_longer_handled_by": alert.handler }));
    unit.tell(News::Alumni);
    Ok(())
}

/// Tells some of one flag, unless it was settled or taken in hand at this moment. Whether anybody was told.
async fn tell(unit: &mut Unit, alert: &Alert, who: &[StaffId]) -> Result<bool, Error> {
    if !waits(unit.tx(), alert.flag).await? {
        return Ok(false);
    }
    let permit = unit.permit(Act::EscalateFlag, &alert.subject())?;
    for staff in who {
        let id: flag_notice::FlagNoticeId = unit.id();
        let row = flag_notice::ActiveModel {
            id: Set(id),
            flag_id: Set(alert.flag),
            staff_id: Set(*staff),
            told_at: Set(unit.now()),
        };
        unit.insert(row).await?;
        if staff_notice::address_of(unit.tx(), *staff).await?.is_some() {
            let job = NewJob {
                kind: JOB,
                payload: json!({ "flag": alert.flag, "staff": staff, "notice": id }),
                // A flag that went up to red is told anew, to whoever was told of the amber one as well.
                dedupe: Some(format!("alert {id}")),
                run_at: None,
            };
            unit.enqueue(job).await?;
        }
    }
    unit.record(permit, json!({ "level": alert.level, "told": who }));
    unit.tell(News::Alumni);
    Ok(true)
}

/// Whether a flag is open and nobody handles it.
async fn waits(reader: &impl ConnectionTrait, id: FlagId) -> Result<bool, Error> {
    let open = flag::Entity::find_by_id(id).one(reader).await?.is_some_and(|flag| flag.settled_at.is_none());
    Ok(open && flag_handler::Entity::find_by_id(id).one(reader).await?.is_none())
}

/// The worker of [`JOB`]: the letter, unless somebody has taken it in hand meanwhile.
///
/// # Errors
/// [`Failure::Again`] when the mail server asks for it or the database failed; [`Failure::GiveUp`] when it refuses.
pub async fn notice(db: &Db, room: &Postroom, payload: &Json) -> Result<(), Failure> {
    let text = |name| payload.get(name).and_then(Json::as_str);
    let keys = text("flag")
        .and_then(|key| key.parse::<FlagId>().ok())
        .zip(text("staff").and_then(|key| key.parse::<StaffId>().ok()));
    let notice = text("notice").and_then(|key| key.parse::<flag_notice::FlagNoticeId>().ok());
    let Some(((flag, staff), notice)) = keys.zip(notice) else {
        return Err(Failure::GiveUp("the job names nobody".into()));
    };
    if !waits(db.reader(), flag).await? {
        return Ok(());
    }
    let Some(letter) = staff_notice::write(db, staff, notice.0, LETTER).await? else { return Ok(()) };
    staff_notice::deliver(room, &letter).await
}
