//! The database: that it is there, of this version, with its key; and what it says of letters, jobs, backups and people.

use chrono::TimeDelta;
use foundation::center::Center;
use foundation::jobs::standing::{self, Standing};
use foundation::restored::Restored;
use foundation::sealed::center_key::{self, Origin};
use foundation::staff::inviting::everyone;
use foundation::store::backups::Nights;
use foundation::{Chance, Db, Error, Place, Role, Store};

use super::Findings;
use crate::settings::Settings;

/// A job that waits longer than this is stuck.
const STUCK: TimeDelta = TimeDelta::minutes(15);

/// The center, when its database can be read.
pub(super) async fn look(settings: &Settings, found: &mut Findings) -> Option<Center> {
    let place = match settings.place() {
        Ok(place) => place,
        Err(e) => {
            found.wrong("database", format!("{e:#}"));
            return None;
        }
    };
    match place.is_made().await {
        Ok(true) => {}
        Ok(false) => {
            let shown = place.shown();
            found.wrong(
                "database",
                format!("There is no center at {shown}. Name the right place, or start Kith to make one."),
            );
            return None;
        }
        Err(e) => {
            found.wrong("database", format!("{e}"));
            return None;
        }
    }
    let store = match Store::open(&place).await {
        Ok(store) => store,
        Err(e) => {
            found.wrong("database", format!("{e}"));
            return None;
        }
    };
    let center = of_store(settings, &place, &store, found).await;
    // Whoever serves it has it open as well, and folds its log.
    _ = store.close().await;
    match center {
        Ok(center) => center,
        Err(e) => {
            found.wrong("database", format!("It cannot be read: {e}"));
            None
        }
    }
}

async fn of_store(
    settings: &Settings,
    place: &Place,
    store: &Store,
    found: &mut Findings,
) -> Result<Option<Center>, Error> {
    if let Some(step) = store.unknown_steps().await?.last() {
        found.wrong(
            "database",
            format!("A newer version made it: this one does not know its step {step}. Use that one."),
        );
        return Ok(None);
    }
    let pending = store.pending().await?;
    if pending > 0 {
        found.wrong("database", format!("{pending} steps are not taken yet. Run: kith migrate"));
        return Ok(None);
    }
    let origin = Origin::of(store).await?.map(|origin| origin.version).unwrap_or_default();
    found.right("database", format!("{}, made by version {origin}.", place.shown()));
    let keyring = match center_key::read(&settings.key_file()) {
        Err(e) => {
            found.wrong("key", format!("{e}"));
            return Ok(None);
        }
        Ok(None) => {
            let file = settings.key_file();
            found.wrong(
                "key",
                format!("{} is missing. Put it there from the copy you keep apart.", file.display()),
            );
            return Ok(None);
        }
        Ok(Some(keyring)) => keyring,
    };
    let chance = Chance::system()?;
    match center_key::for_database(store, &settings.key_file(), &chance).await {
        Ok(_) => found.right("key", format!("It fits (print {}). Keep a copy of it apart.", keyring.print())),
        Err(e) => {
            found.wrong("key", format!("{e}"));
            return Ok(None);
        }
    }
    let db = Db::new(store.clone(), crate::opened::clock(settings), chance, keyring);
    match db.ask_standing().await.fault() {
        None => found.right("writing", "A row was written and read back."),
        Some(fault) => found.wrong("writing", format!("Nothing can be kept: {fault}.")),
    }
    clock(&db, found).await?;
    restored(&db, found).await?;
    nights(settings, &db, found).await?;
    jobs(&db, found).await?;
    staff(&db, found).await?;
    Ok(Center::load(db.reader()).await.ok())
}

async fn clock(db: &Db, found: &mut Findings) -> Result<(), Error> {
    let now = db.now();
    match foundation::clock::jumping::since_the_last_run(db).await? {
        Some(by) => found.wrong(
            "clock",
            format!(
                "It is {} here, {} minutes before the ledger was written last. Set the clock right.",
                now.format("%Y-%m-%d %H:%M UTC"),
                -by.num_minutes()
            ),
        ),
        None => found.right("clock", format!("It is {} here. Compare it.", now.format("%Y-%m-%d %H:%M UTC"))),
    }
    Ok(())
}

async fn restored(db: &Db, found: &mut Findings) -> Result<(), Error> {
    if let Some(restored) = Restored::on_hold(db.reader()).await? {
        let at = restored.at.format("%Y-%m-%d %H:%M UTC");
        found.look(
            "on hold",
            format!("The center was restored at {at}. No letter leaves until an administrator lets it go on (My day)."),
        );
    }
    Ok(())
}

async fn nights(settings: &Settings, db: &Db, found: &mut Findings) -> Result<(), Error> {
    let Some(nights) = Nights::of(db.reader()).await? else {
        if settings.backup.is_set() {
            found.look("last backup", format!("None yet. The first is made at {}.", settings.backup.at));
        }
        return Ok(());
    };
    if let Some(fault) = &nights.fault {
        found.wrong("last backup", format!("The last try failed: {fault}."));
    }
    let moment = |at: &foundation::Instant| at.format("%Y-%m-%d %H:%M UTC");
    match &nights.last {
        Some(last) if nights.is_late(db.now()) => {
            found.wrong("last backup", format!("It is of {}. Look why.", moment(&last.at)));
        }
        Some(last) => found.right("last backup", format!("{}, {}.", moment(&last.at), last.file)),
        None if nights.is_late(db.now()) => found.wrong("last backup", "None was ever made. Look why."),
        None => {}
    }
    Ok(())
}

async fn jobs(db: &Db, found: &mut Findings) -> Result<(), Error> {
    let Standing { given_up, waiting, oldest } = standing::of(db.reader(), db.now()).await?;
    if given_up > 0 {
        found.wrong(
            "jobs",
            format!("{given_up} were given up. An administrator sees why under Health, and can try again."),
        );
    }
    match oldest.filter(|age| *age > STUCK) {
        Some(age) => found.wrong(
            "jobs",
            format!("{waiting} wait, the oldest for {} minutes: is Kith running?", age.num_minutes()),
        ),
        None => found.right("jobs", format!("{waiting} wait.")),
    }
    Ok(())
}

async fn staff(db: &Db, found: &mut Findings) -> Result<(), Error> {
    let staff = everyone(db.reader()).await?;
    let admins: Vec<_> = staff
        .iter()
        .filter(|member| member.disabled_at.is_none() && member.roles.contains(&Role::Admin))
        .collect();
    match admins.len() {
        0 => found.wrong("staff", "Nobody is an administrator. Run: kith staff add"),
        1 => found.look(
            "staff",
            "One administrator alone: when they lose the phone nobody can let them in. Invite a second.",
        ),
        n => found.right("staff", format!("{n} administrators.")),
    }
    Ok(())
}
