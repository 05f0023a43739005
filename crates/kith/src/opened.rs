//! Opens the house: folder, tables, key. Whoever serves may make all three; a single command makes nothing.

use anyhow::Context;
use foundation::restored;
use foundation::sealed::center_key::{self, Origin};
use foundation::store::Served;
use foundation::{Chance, Clock, Db, Place, Store};

use crate::demo;
use crate::settings::Settings;

/// What this program calls itself in the database.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A house whose tables are at the newest step.
pub struct Opened {
    pub db: Db,
    /// Held by whoever serves it, for as long as they do.
    pub served: Option<Served>,
}

/// What it is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// To serve it, alone where it is a file. What is missing is made.
    Serving,
    /// To make tables, beside whoever serves it.
    Making,
    /// A single command. What is missing is said.
    OneCommand,
}

impl Opened {
    /// Opens folder, key and database to serve them: makes what is not there yet, and brings the tables to the newest
    /// step.
    pub async fn to_serve(settings: &Settings) -> anyhow::Result<Self> {
        Self::at(settings, &settings.place()?, clock(settings), Chance::system()?, For::Serving).await
    }

    /// The same without serving it.
    pub async fn made(settings: &Settings) -> anyhow::Result<Self> {
        Self::at(settings, &settings.place()?, clock(settings), Chance::system()?, For::Making).await
    }

    /// Opens what is there for a single command, which makes neither database nor key nor tables: started in the wrong
    /// folder it says so, and no center without anyone stands beside the real one.
    pub async fn existing(settings: &Settings) -> anyhow::Result<Self> {
        Self::at(settings, &settings.place()?, clock(settings), Chance::system()?, For::OneCommand).await
    }

    /// A sample center in the making, with a clock and chance of its own.
    pub async fn scratch(settings: &Settings, clock: Clock, chance: Chance) -> anyhow::Result<Self> {
        let place = match settings.place()? {
            Place::Sqlite(file) => Place::Scratch(file),
            other => other,
        };
        Self::at(settings, &place, clock, chance, For::Making).await
    }

    async fn at(
        settings: &Settings,
        place: &Place,
        clock: Clock,
        chance: Chance,
        what: For,
    ) -> anyhow::Result<Self> {
        if what != For::OneCommand {
            private_folder(&settings.data)?;
        } else if !place.is_made().await? {
            anyhow::bail!(
                "There is no center at {}. The settings come from {}: name the right ones with --config or --data.",
                place.shown(),
                settings.found
            );
        }
        let served = if what == For::Serving { Some(place.serve()?) } else { None };
        // One at a time: of two programs that start at once the second finds what the first made.
        let turn = place.turn().await?;
        let store = Store::open(place).await?;
        newer_is_left_alone(&store).await?;
        let key = settings.key_file();
        // Before anything is changed: the tables of a center whose key is elsewhere are left as they are. Where they cannot say
        // whose they are, there are none yet.
        if Origin::of(&store).await.is_ok() {
            center_key::for_database(&store, &key, &chance).await?;
        }
        if what != For::OneCommand {
            store.migrate().await.context("the tables could not be brought to the newest step")?;
        } else if store.pending().await? > 0 {
            anyhow::bail!(
                "The tables at {} are those of an older version. Bring them to the newest step with: kith migrate",
                place.shown()
            );
        }
        let keyring = center_key::for_database(&store, &key, &chance).await?;
        let db = Db::new(store, clock, chance, keyring);
        db.set_holdings(crate::holdings::all());
        if what != For::OneCommand {
            Origin::keep(&db, VERSION).await.context("the database could not be taken")?;
            // A restore that broke off before it was written down.
            restored::note(&db).await?;
        }
        drop(turn);
        Ok(Self { db, served })
    }
}

/// The clock of the sample center in the folder, or the machine's.
pub fn clock(settings: &Settings) -> Clock {
    demo::clock_of(&settings.data).unwrap_or_else(Clock::system)
}

/// What a newer version made is not understood by an older one, and is left as it is.
async fn newer_is_left_alone(store: &Store) -> anyhow::Result<()> {
    let unknown = store.unknown_steps().await?;
    if let Some(step) = unknown.last() {
        let by = Origin::of(store).await?.map(|origin| format!(" {}", origin.version)).unwrap_or_default();
        anyhow::bail!(
            "The database was made by a newer version{by}; this is {VERSION}, which does not know its step {step}. \
             Start the newer version. Nothing was changed."
        );
    }
    Ok(())
}

/// Makes the data folder, for its owner alone.
pub fn private_folder(folder: &std::path::Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if !folder.exists() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("the data folder {} cannot be made", folder.display()))?;
    }
    Ok(())
}
