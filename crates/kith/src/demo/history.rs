//! Eighteen months: people ask, are called, come in, stay, and leave in every way people do.

use ::alumni::rules::schedule::Track;
use chrono::{Datelike, TimeDelta, TimeZone};
use clients::client;
use clients::episode::{self, Admission, Discharge, DischargeKind, LevelOfCare};
use clients::person::DeathSource;
use consent::consents::{self, NewConsent};
use consent::rules::contact::SaidBy;
use foundation::{Act, Actor, Db, Error, Instant, PersonId, Subject, Unit};
use intake::request::converting::ComingIn;
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::{by_reference, claiming, closing, converting};
use intake::rules::outcome::Closing;
use intake::rules::words::{Channel, Outcome};

use super::Cast;
use super::alumni::Alum;
use super::people::{NAMES, NOTES, WORDS};
use super::sources;
use super::tries::try_now;

/// How stays end, about as often as they do.
const ENDS: [DischargeKind; 10] = [
    DischargeKind::Completed,
    DischargeKind::Completed,
    DischargeKind::TransferredStepDown,
    DischargeKind::LeftAgainstAdvice,
    DischargeKind::Completed,
    DischargeKind::LeftUnannounced,
    DischargeKind::InsuranceEnded,
    DischargeKind::Completed,
    DischargeKind::MedicalTransfer,
    DischargeKind::Moved,
];

const LEVELS: [LevelOfCare; 4] = [
    LevelOfCare::HighIntensityResidential,
    LevelOfCare::IntensiveOutpatient,
    LevelOfCare::LowIntensityResidential,
    LevelOfCare::ManagedResidential,
];

/// How requests end that do not become clients.
const CLOSINGS: [(&str, &str, &str); 6] = [
    ("information_only", "", "no"),
    ("unreachable_after_cadence", "", ""),
    ("referred_out_connected", "", ""),
    ("declined_by_person", "not_ready", "yes"),
    ("spam_wrong_number", "", ""),
    ("no_capacity", "", ""),
];

/// An hour of the day in the center's zone, some days before now.
pub(super) fn at(now: Instant, days: i64, hour: u32, minute: u32) -> Instant {
    let zone = super::ZONE;
    let day = (now - TimeDelta::days(days)).with_timezone(&zone);
    let local = zone.with_ymd_and_hms(day.year(), day.month(), day.day(), hour, minute, 0).earliest();
    local.map_or(now, |t| t.to_utc())
}

/// Writes all of it.
pub(super) async fn live(db: &Db, cast: &Cast, now: Instant) -> anyhow::Result<()> {
    for (n, name) in NAMES.iter().enumerate() {
        let n = u32::try_from(n)?;
        // From eighteen months ago to last week, nine days apart.
        let days = 540 - i64::from(n) * 9;
        one_life(db, cast, now, n, name, days).await?;
        for more in 0..2 {
            one_who_went_elsewhere(db, cast, now, n * 2 + more, days - 3 - i64::from(more)).await?;
        }
    }
    Ok(())
}

/// One person from the first call to where they are today.
async fn one_life(db: &Db, cast: &Cast, now: Instant, n: u32, name: &str, days: i64) -> anyhow::Result<()> {
    let counselor = if n.is_multiple_of(2) { &cast.ray } else { &cast.ines };
    let reference = ask(db, now, n, name, days).await?;
    cast.work.run_due(db).await?;
    sources::came(db, &cast.ana, &reference, usize::try_from(n)?).await?;
    let person = call_and_convert(db, cast, &reference, counselor, at(now, days, 10, 40)).await?;
    let care = client::subject(db.reader(), person).await?;
    db.clock().move_to(at(now, days - 1, 9, 15));
    let zone = super::ZONE;
    let today = db.today(zone);
    let level = LEVELS.get(usize::try_from(n)? % LEVELS.len()).copied().unwrap_or(LevelOfCare::Outpatient);
    let episode = db
        .write(&cast.ana, async |unit| {
            let admission = Admission { admitted_on: today, level, request: None };
            episode::admit(unit, &care, admission, today).await
        })
        .await?;
    let email_yes = n % 3 != 2;
    db.clock().move_to(at(now, days - 4, 14, 5));
    let signed = db.today(zone);
    db.write(counselor, async |unit| {
        note(unit, &care, n).await?;
        if email_yes {
            consents::record(unit, &care, NewConsent::email(signed)).await?;
        }
        Ok::<_, Error>(())
    })
    .await?;
    // A third is still in care; the others stayed between five days and seven weeks.
    let stay = if n % 10 == 3 || n % 10 == 5 { 5 } else { 21 + i64::from(n % 4) * 9 };
    if days - stay > 0 && n < 45 {
        let kind = ENDS.get(usize::try_from(n)? % ENDS.len()).copied().unwrap_or(DischargeKind::Completed);
        db.clock().move_to(at(now, days - stay, 11, 20));
        let on = db.today(zone);
        let told_by = DeathSource::NotRecorded;
        let how = Discharge { discharged_on: on, kind, to: None, told_by };
        let (aftercare, early) = db
            .write(counselor, async |unit| {
                let discharged = episode::discharge(unit, &care, episode, how, on).await?;
                let aftercare = ::alumni::aftercare::enrol(unit, &discharged, None).await?;
                Ok::<_, Error>((aftercare, discharged.early_leaver))
            })
            .await?;
        super::plans::write(db, counselor, &care, n).await?;
        let track = if early { Track::Close } else { Track::Standard };
        let alum = Alum { n, person, aftercare, track, discharged_on: on };
        super::alumni::live(db, counselor, now, &alum).await?;
    }
    Ok(())
}

async fn note(unit: &mut Unit, care: &Subject, n: u32) -> Result<(), Error> {
    let text = NOTES.get(usize::try_from(n).unwrap_or(0) % NOTES.len()).copied().unwrap_or_default();
    clients::note::write(unit, Act::NoteClient, care, text).await.map(|_| ())
}

/// Someone asks through the web form.
async fn ask(db: &Db, now: Instant, n: u32, name: &str, days: i64) -> anyhow::Result<String> {
    db.clock().move_to(at(now, days, 10, 5));
    let phone = format!("(212) 555-01{:02}", n % 100);
    let email = format!("person{n}@example.org");
    let typed = TypedRequest {
        danger: "no",
        for_whom: "self",
        name,
        phone: &phone,
        email: &email,
        email_ok: if n % 3 == 2 { "no" } else { "yes" },
        call: if n.is_multiple_of(4) { "hours" } else { "any" },
        call_from: "9",
        call_until: "17",
        call_days: if n.is_multiple_of(8) { "weekdays" } else { "" },
        voicemail: if n.is_multiple_of(3) { "never" } else { "name_and_number" },
        answering: if n.is_multiple_of(2) { "ask_by_name" } else { "hang_up" },
        words: WORDS.get(usize::try_from(n)? % WORDS.len()).copied().unwrap_or_default(),
        ..TypedRequest::default()
    };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).map_err(Error::from)?;
    let submission = format!("history-{n}-{days}");
    Ok(db.write(&Actor::Visitor, async |unit| receive(unit, &submission, new).await).await?.reference)
}

async fn call_and_convert(
    db: &Db,
    cast: &Cast,
    reference: &str,
    counselor: &Actor,
    when: Instant,
) -> anyhow::Result<PersonId> {
    db.clock().move_to(when);
    let request = by_reference(db.reader(), reference).await?;
    Ok(db
        .write(&cast.ana, async |unit| {
            claiming::claim(unit, &request).await?;
            try_now(unit, &request, Outcome::Reached).await?;
            converting::convert(
                unit,
                &request,
                ComingIn { counselor: counselor.staff_id(), ..ComingIn::default() },
            )
            .await
        })
        .await?)
}

/// A request that ended another way.
async fn one_who_went_elsewhere(db: &Db, cast: &Cast, now: Instant, n: u32, days: i64) -> anyhow::Result<()> {
    let name =
        ["Someone", "", "A. L.", "Chris", "R."].get(usize::try_from(n)? % 5).copied().unwrap_or_default();
    let reference = ask(db, now, 1000 + n, name, days.max(1)).await?;
    cast.work.run_due(db).await?;
    db.clock().move_to(at(now, days.max(1), 15, 30));
    let request = by_reference(db.reader(), &reference).await?;
    let (disposition, reason, check_in) =
        CLOSINGS.get(usize::try_from(n)? % CLOSINGS.len()).copied().unwrap_or(("information_only", "", ""));
    let how = Closing::parse(disposition, reason, check_in).map_err(|faults| anyhow::anyhow!("{faults}"))?;
    let who = if n.is_multiple_of(2) { &cast.ana } else { &cast.sam };
    db.write(who, async |unit| claiming::claim(unit, &request).await).await?;
    sources::came(db, who, &reference, usize::try_from(n)? / 2).await?;
    if disposition == "referred_out_connected" {
        sources::arrived(db, who, &reference).await?;
    }
    let request = by_reference(db.reader(), &reference).await?;
    Ok(db.write(who, async |unit| closing::close(unit, &request, how).await).await?)
}
