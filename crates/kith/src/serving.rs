//! Opens the house and serves it until it is told to stop; then requests end, then the work in the background.

use std::time::Duration;

use anyhow::Context;
use foundation::center::Center;
use foundation::staff::inviting::is_empty;
use foundation::{Secret, Store};
use mail::delivery::Post;
use mail::{Captured, Postroom};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{House, Ways};

use crate::backup::nightly;
use crate::opened::Opened;
use crate::settings::Settings;
use crate::{arriving, background, listening, log};

/// How long open requests may take after the program was told to stop.
const DEADLINE: Duration = Duration::from_secs(10);

/// `kith serve`.
pub async fn serve(settings: &Settings) -> anyhow::Result<()> {
    log::start(settings);
    anyhow::ensure!(
        settings.listen.ip().is_loopback() || settings.tls_in_front,
        "{} can be reached from other machines, and this program speaks plain HTTP. Put TLS in front and set \
         tls_in_front = true, or listen on 127.0.0.1.",
        settings.listen
    );
    println!("  Settings: {}", settings.found);
    let opened = Opened::to_serve(settings).await?;
    let setup_code =
        if is_empty(opened.db.reader()).await? { Some(opened.db.chance().secret()) } else { None };
    let ways = Ways {
        public_url: settings.url(),
        links_url: settings.links(),
        data: settings.data.clone(),
        anchor: settings.anchor_file(),
        factor_required: true,
        demo: false,
        trusted_proxies: settings.proxies()?,
    };
    let setup_code = setup_code.map(|c| shortened(&c));
    let greeting = setup_code.as_ref().map_or_else(String::new, |code| {
        format!(
            "\n  Set up the center:  {}/setup\n  Setup code:         {}\n\n",
            settings.url(),
            code.reveal()
        )
    });
    let room = postroom(settings, settings.post()?);
    open_doors(opened, room, ways, (setup_code, greeting), settings).await
}

/// The way out for letters.
pub fn postroom(settings: &Settings, post: Post) -> Postroom {
    Postroom { post, public_url: settings.links(), captured: Captured::default() }
}

/// Eight groups of four are enough for a code that lives until the first account: 128 bits.
fn shortened(code: &Secret) -> Secret {
    Secret::from_text(code.reveal().chars().take(32).collect::<String>())
}

/// Listens, works in the background, and stops in order when told. The greeting is printed when everything stands: a start
/// that fails shows no code and no address.
pub async fn open_doors(
    Opened { db, served: _served }: Opened,
    room: Postroom,
    ways: Ways,
    (setup_code, greeting): (Option<Secret>, String),
    settings: &Settings,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("{} is taken, or not ours to listen on", settings.listen))?;
    // Remembered from now on, for the page that says the database is away.
    let center = Center::of(&db).await.ok();
    let closing = CancellationToken::new();
    let store = db.store().clone();
    // A sample center is for invented people: it never looks into a mailbox that real ones write to.
    let mailbox = if ways.demo { None } else { settings.mailbox()? };
    println!("{greeting}  Kith is at {}", settings.url());
    if let (Post::Smtp(_), Some(center)) = (&room.post, &center)
        && let Some(why) = mail::kept_by_setting(center, &room.public_url)
    {
        println!("  {why}");
        tracing::warn!(%why, "no letter leaves as the center is set up");
    }
    let every = Duration::from_secs(settings.imap.every_seconds.into());
    let work = background::start(db.clone(), room.clone(), settings.anchor_file(), closing.clone());
    let looking = mailbox.clone().map(|mailbox| {
        tokio::spawn(arriving::look_again_and_again(db.clone(), mailbox, every, closing.clone()))
    });
    // A sample center has no place among the backups of a real one.
    let backups = (!ways.demo)
        .then(|| tokio::spawn(nightly::every_night(db.clone(), settings.clone(), closing.clone())));
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
    tokio::select! {
        () = listening::serve(listener, app, settings.proxies()?, closing.clone()) => {}
        // Graceful shutdown waits for ever for an open request; this does not.
        () = async { closing.cancelled().await; tokio::time::sleep(DEADLINE).await } => {
            tracing::warn!("some requests were still open at the deadline");
        }
    }
    closing.cancel();
    // What is under way is not lost: it is handed over again with the next start.
    for under_way in [looking, backups].into_iter().flatten() {
        under_way.abort();
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
