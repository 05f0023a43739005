//! The clocks of the sample center: holidays that lie ahead, rules that give requests and tell of those who wait, a request
//! that waits for them.

use chrono::{Datelike, TimeDelta};
use foundation::on_call::{Change, Turn, TypedTurn, change_turns};
use foundation::{Actor, Db, Error, Instant, Zone, day};
use intake::clocks::{self, Clocks};
use intake::duty::{self, OwnDuty};
use intake::escalating;
use intake::request::{by_reference, waiting};
use intake::routing;
use intake::rules::calendar::Calendar;
use intake::rules::calendar::holidays::federal;
use intake::rules::escalating::{Rule as Tells, TypedRule as TypedTells};
use intake::rules::routing::{Rule as Gives, TypedRule as TypedGives};
use intake::rules::waiting::Wait;
use mail::staff_notice;

use super::Cast;

/// Who waits for them, and why.
const WAITS: (&str, &str) = ("Bernadette O’Shaughnessy-Featherstonehaugh", "they_bring");

/// The hours, and whom a late one tells.
pub(super) async fn begin(db: &Db, cast: &Cast, now: Instant, zone: Zone) -> anyhow::Result<()> {
    db.clock().move_to(now - TimeDelta::hours(3));
    let today = day(now, zone);
    let years = [today.year(), today.year() + 1].into_iter().flat_map(federal);
    let ahead = years.filter(|(day, _)| *day > today + TimeDelta::days(1)).take(4);
    let lines: Vec<String> = ahead.map(|(day, name)| format!("{day} {name}")).collect();
    let usual = Clocks::default();
    let calendar = Calendar::with(usual.calendar.answering, usual.calendar.office, &lines.join("\n"));
    let clocks = Clocks { calendar: calendar.map_err(Error::from)?, targets: usual.targets };
    db.write(&cast.linus, async |unit| clocks::change(unit, &clocks, 0).await).await?;
    let tells = [
        TypedTells {
            name: "Soon due",
            minutes: "10",
            side: "before",
            tell: "owner",
            ..TypedTells::default()
        },
        TypedTells {
            name: "Late by ten minutes",
            minutes: "10",
            side: "after",
            tell: "role:supervisor",
            email: true,
            ..TypedTells::default()
        },
    ];
    for (version, typed) in (0..).zip(tells) {
        let rule = Tells::parse(typed, db.now()).map_err(Error::from)?;
        let add = escalating::Change::Add(rule);
        db.write(&cast.linus, async |unit| escalating::change(unit, version, add).await).await?;
    }
    Ok(())
}

/// Who is on call when the office is closed, and where they are written to.
pub(super) async fn on_call(db: &Db, cast: &Cast) -> anyhow::Result<()> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let turns = [
        (&cast.carol, &days[..5], "20:00", "8:00"),
        (&cast.mina, &days[5..], "20:00", "8:00"),
        (&cast.mina, &["holiday"][..], "8:00", "20:00"),
    ];
    for (version, (who, days, from, until)) in (0..).zip(turns) {
        let staff = who.staff_id().map(|id| id.to_string()).unwrap_or_default();
        let typed = TypedTurn { staff: &staff, days: days.to_vec(), from, until };
        let add = Change::Add(Turn::parse(&typed).map_err(Error::from)?);
        db.write(&cast.linus, async |unit| change_turns(unit, version, add).await).await?;
    }
    for (who, address) in [(&cast.carol, "carol@example.org"), (&cast.mina, "mina@example.org")] {
        let address = Some(address.to_owned());
        db.write(who, async |unit| staff_notice::set_own_address(unit, address).await).await?;
    }
    Ok(())
}

/// Who takes requests, and by which rules.
pub(super) async fn rules(db: &Db, cast: &Cast) -> anyhow::Result<()> {
    for who in [&cast.ana, &cast.sam] {
        let own = OwnDuty::parse(true, |_| "").map_err(Error::from)?;
        db.write(who, async |unit| duty::set(unit, own).await).await?;
    }
    let group = [&cast.ana, &cast.sam].iter().filter_map(|who| who.staff_id()).collect::<Vec<_>>();
    let rules = [
        TypedGives {
            name: "Spanish at night",
            language: "es",
            from: "20",
            until: "8",
            ..TypedGives::default()
        },
        TypedGives { name: "From our website", channel: "website", ..TypedGives::default() },
    ];
    for (version, typed) in (0..).zip(rules) {
        let rule = Gives::parse(typed, vec![], group.clone()).map_err(Error::from)?;
        let add = routing::Change::Add(rule);
        db.write(&cast.linus, async |unit| routing::change(unit, version, add).await).await?;
    }
    Ok(())
}

/// Somebody who waits for them, if it is this one.
pub(super) async fn wait(
    db: &Db,
    who: &Actor,
    now: Instant,
    name: &str,
    reference: &str,
) -> anyhow::Result<()> {
    if name != WAITS.0 {
        return Ok(());
    }
    let about = by_reference(db.reader(), reference).await?;
    let until = Some(now + TimeDelta::hours(3));
    let wait = Wait::parse(WAITS.1, until, db.now()).map_err(Error::from)?;
    db.write(who, async |unit| waiting::wait(unit, &about, about.version, wait).await).await?;
    Ok(())
}

/// What is late by now is told.
pub(super) async fn tell(db: &Db, now: Instant) -> anyhow::Result<()> {
    db.clock().move_to(now);
    escalating::escalate(db).await?;
    Ok(())
}
