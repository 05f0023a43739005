//! The work in the background: jobs by lease, the sealer of the ledger, its anchor.

use std::path::PathBuf;
use std::time::Duration;

use foundation::Db;
use foundation::jobs::running::Runner;
use foundation::ledger::{anchoring, sealing};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Jobs whose bell was rung in another process are found at the latest after this.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// The head of the ledger is anchored at most this often.
const ANCHOR_EVERY: Duration = Duration::from_mins(1);

/// Every kind of job and who does it.
pub fn runner() -> Runner {
    Runner::default()
}

/// Starts all of it; ends when `closing` is cancelled and what is under way is done.
pub fn start(db: Db, anchor: PathBuf, closing: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(work(&db, &closing), seal(&db, &closing), keep_anchored(&db, &anchor, &closing));
    })
}

async fn work(db: &Db, closing: &CancellationToken) {
    let runner = runner();
    while !closing.is_cancelled() {
        if let Err(e) = runner.run_due(db).await {
            tracing::error!(error = %e, "jobs could not be looked at");
        }
        tokio::select! {
            () = closing.cancelled() => {}
            () = db.bell().notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

async fn seal(db: &Db, closing: &CancellationToken) {
    while !closing.is_cancelled() {
        if let Err(e) = sealing::seal(db).await {
            // With several processes the place of a seal may be taken; the next round goes on from there.
            tracing::debug!(error = %e, "a batch was not sealed");
        }
        tokio::select! {
            () = closing.cancelled() => {}
            () = db.seal_bell().notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
    let _ = sealing::seal(db).await;
}

async fn keep_anchored(db: &Db, anchor: &std::path::Path, closing: &CancellationToken) {
    loop {
        let last = closing.is_cancelled();
        match sealing::head(db).await.and_then(|head| anchoring::anchor(anchor, &head, db.now())) {
            Ok(()) => {}
            Err(e) => tracing::error!(error = %e, "the ledger could not be anchored"),
        }
        if last {
            return;
        }
        tokio::select! {
            () = closing.cancelled() => {}
            () = tokio::time::sleep(ANCHOR_EVERY) => {}
        }
    }
}
