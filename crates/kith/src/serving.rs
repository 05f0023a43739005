//! Opens the house and serves it until it is told to stop; then requests end, then the work in the background.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use foundation::sealed::Keyring;
use foundation::staff::inviting::is_empty;
use foundation::{Chance, Clock, Db, Place, Secret, Store};
use mail::delivery::Post;
use mail::{Captured, Postroom};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{House, Ways};

use crate::settings::Settings;
use crate::{arriving, background, demo};

/// How long open requests may take after the program was told to stop.
const DEADLINE: Duration = Duration::from_secs(10);

/// A house whose tables are at the newest step.
pub struct Opened {
    pub db: Db,
}

impl Opened {
    /// Opens folder, keys and database, and migrates.
    pub async fn with(settings: &Settings) -> anyhow::Result<Self> {
        let clock = demo::clock_of(&settings.data).unwrap_or_else(Clock::system);
        Self::at(settings, &settings.place()?, clock, Chance::system()?).await
    }

    /// A sample center in the making, with a clock and chance of its own.
    pub async fn scratch(settings: &Settings, clock: Clock, chance: Chance) -> anyhow::Result<Self> {
        let place = match settings.place()? {
            Place::Sqlite(file) => Place::Scratch(file),
            other => other,
        };
        Self::at(settings, &place, clock, chance).await
    }

    async fn at(settings: &Settings, place: &Place, clock: Clock, chance: Chance) -> anyhow::Result<Self> {
        private_folder(&settings.data)?;
        let keyring = Keyring::at(&settings.data.join("center.key"), &chance)?;
        let store = Store::open(place).await?;
        store.migrate().await.context("the tables could not be brought to the newest step")?;
        let db = Db::new(store, clock, chance, keyring);
        db.set_holdings(crate::holdings::all());
        Ok(Self { db })
    }
}

/// Makes the data folder, for its owner alone.
fn private_folder(folder: &std::path::Path) -> anyhow::Result<()> {
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

/// `kith serve`.
pub async fn serve(settings: &Settings) -> anyhow::Result<()> {
    start_log();
    anyhow::ensure!(
        settings.listen.ip().is_loopback() || settings.tls_in_front,
        "{} can be reached from other machines, and this program speaks plain HTTP. Put TLS in front and set \
         tls_in_front = true, or listen on 127.0.0.1.",
        settings.listen
    );
    let opened = Opened::with(settings).await?;
    let setup_code =
        if is_empty(opened.db.reader()).await? { Some(opened.db.chance().secret()) } else { None };
    let ways = Ways {
        public_url: settings.url(),
        links_url: settings.links(),
        anchor: settings.anchor_file(),
        factor_required: true,
        demo: false,
        trusted_proxies: settings.trusted_proxies.clone(),
    };
    if let Some(code) = &setup_code {
        println!("\n  Set up the center:  {}/setup\n  Setup code:         {}\n", settings.url(), short(code));
    }
    let setup_code = setup_code.map(|c| shortened(&c));
    open_doors(opened.db, postroom(settings, settings.post()?), ways, setup_code, settings).await
}

/// The way out for letters.
pub fn postroom(settings: &Settings, post: Post) -> Postroom {
    Postroom { post, public_url: settings.links(), captured: Captured::default() }
}

/// Eight groups of four are enough for a code that lives until the first account: 128 bits.
fn short(code: &Secret) -> String {
    code.reveal().chars().take(32).collect()
}

fn shortened(code: &Secret) -> Secret {
    Secret::from_text(short(code))
}

/// Listens, works in the background, and stops in order when told.
pub async fn open_doors(
    db: Db,
    room: Postroom,
    ways: Ways,
    setup_code: Option<Secret>,
    settings: &Settings,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("{} is taken, or not ours to listen on", settings.listen))?;
    println!("  Kith is at {}", settings.url());
    let closing = CancellationToken::new();
    let store = db.store().clone();
    // A sample center is for invented people: it never looks into a mailbox that real ones write to.
    let mailbox = if ways.demo { None } else { settings.mailbox()? };
    let every = Duration::from_secs(settings.imap.every_seconds.into());
    let work = background::start(db.clone(), room.clone(), settings.anchor_file(), closing.clone());
    let looking = mailbox.clone().map(|mailbox| {
        tokio::spawn(arriving::look_again_and_again(db.clone(), mailbox, every, closing.clone()))
    });
    let house = House::new(db, room, ways, setup_code, closing.clone());
    if let Some(mailbox) = mailbox {
        house.watch(mailbox);
    }
    let app = web::app(house);
    let told = closing.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        told.cancel();
    });
    let serving = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(closing.clone().cancelled_owned());
    tokio::select! {
        ended = serving => ended?,
        // Graceful shutdown waits for ever for an open request; this does not.
        () = async { closing.cancelled().await; tokio::time::sleep(DEADLINE).await } => {
            tracing::warn!("some requests were still open at the deadline");
        }
    }
    closing.cancel();
    // What is under way is not lost: it is handed over again with the next start.
    if let Some(looking) = looking {
        looking.abort();
    }
    // A letter that is on its way may take longer; its lease ends by itself, and it leaves with the next start.
    let ended = tokio::time::timeout(DEADLINE, work).await;
    if ended.is_err() {
        tracing::warn!("some work was still under way at the deadline");
    }
    close(store).await;
    ended.unwrap_or(Ok(())).context("the work in the background ended badly")
}

/// Folds what was written into the database file and closes it, so that whoever copies the file alone has everything.
pub async fn close(store: Store) {
    let closed = tokio::time::timeout(DEADLINE, store.close()).await;
    if !matches!(closed, Ok(Ok(()))) {
        tracing::warn!(
            "the log is still beside the database; whoever copies kith.db copies kith.db-wal as well"
        );
    }
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Lines carry ids and route names, never names, addresses, bodies or tokens.
pub fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KITH_LOG").unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new("warn,kith=info,web=info,sqlx=off,sea_orm=off")
    });
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    // A panic may quote what somebody typed: where it happened is written down, and not its words.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%at, "a piece of work panicked");
    }));
}
