//! The work in the background: jobs by lease, what recurs, the sealer of the ledger, its anchor.

use std::path::PathBuf;
use std::time::Duration;

use alumni::alert;
use foundation::clock::jumping::{self, Watch};
use foundation::jobs::Failure;
use foundation::jobs::running::Runner;
use foundation::ledger::{anchoring, sealing};
use foundation::{Actor, Db, Error, News, Unit};
use intake::importing::keeping;
use intake::inward::receiving;
use intake::{escalating, routing};
use mail::Postroom;
use mail::outbox::{self, sending, waking};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Jobs under way at once.
const LANES: usize = 6;
/// Jobs whose bell was rung in another process are found at the latest after this.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// The sealer waits so long after the first entry for others.
const GATHER: Duration = Duration::from_millis(200);
/// The head of the ledger is anchored at most this often.
const ANCHOR_EVERY: Duration = Duration::from_mins(1);

/// How often the database is asked how it stands: while all is well, and while it is away.
const ASK_WELL: Duration = Duration::from_secs(2);
const ASK_AWAY: Duration = Duration::from_secs(1);
/// How often the records are asked which check-ins are due by letter.
const CHECK_INS_EVERY: Duration = Duration::from_mins(10);
/// How often requests are looked for that were put aside until now.
const SNOOZED_EVERY: Duration = Duration::from_secs(10);
/// How often it is asked about those who should be here by now.
const ARRIVALS_EVERY: Duration = Duration::from_secs(30);
/// How often requests are looked for whose first call is nearly due, or late.
const ESCALATE_EVERY: Duration = Duration::from_secs(10);
/// How often letters are looked for that should have left and have no job.
const WAKE_EVERY: Duration = Duration::from_mins(1);
/// How often it is thrown away what is kept for a time alone.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// Every kind of job and who does it.
pub fn runner(room: &Postroom) -> Runner {
    let (letters, notices, alerts) = (room.clone(), room.clone(), room.clone());
    Runner::default()
        .with(outbox::JOB, move |db, payload| {
            let room = letters.clone();
            async move { sending::send(&db, &room, &payload).await }
        })
        .with(escalating::JOB, move |db, payload| {
            let room = notices.clone();
            async move { escalating::notice(&db, &room, &payload).await }
        })
        .with(alert::JOB, move |db, payload| {
            let room = alerts.clone();
            async move { alert::notice(&db, &room, &payload).await }
        })
        .with(routing::JOB, |db, payload| async move { routing::work(&db, &payload).await })
        .with(receiving::TELL, |db, _| async move {
            let tell = async |unit: &mut Unit| {
                unit.tell(News::Inbox);
                Ok(())
            };
            db.write(&Actor::House, tell).await.map_err(Failure::from)
        })
        .with(keeping::JOB, |db, payload| async move { keeping::go_on(&db, &payload).await })
}

/// Starts all of it; ends when `closing` is cancelled and what is under way is done.
pub fn start(db: Db, room: Postroom, anchor: PathBuf, closing: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        // What recurs is derived from the records: doing it twice, or in two processes at once, does it once.
        let check_ins = again("check-ins by letter", CHECK_INS_EVERY, &closing, || {
            let db = db.clone();
            async move { followups::check_ins::reconcile(&db).await }
        });
        let wake = again("letters left behind", WAKE_EVERY, &closing, || {
            let (db, room) = (db.clone(), room.clone());
            async move { waking::wake(&db, &room).await }
        });
        let snoozed = again("requests awake again", SNOOZED_EVERY, &closing, || {
            let db = db.clone();
            async move { intake::request::snoozing::wake_due(&db).await }
        });
        let arrivals = again("arrivals asked about", ARRIVALS_EVERY, &closing, || {
            let db = db.clone();
            async move { intake::appointments::arriving::ask_due(&db).await }
        });
        let escalated = again("colleagues told of who waits", ESCALATE_EVERY, &closing, || {
            let db = db.clone();
            async move { escalating::escalate(&db).await }
        });
        let alerted = again("colleagues told of alumni in danger", ESCALATE_EVERY, &closing, || {
            let db = db.clone();
            async move { alert::escalate(&db).await }
        });
        let silences = again("silences that are the supervisor's", CHECK_INS_EVERY, &closing, || {
            let db = db.clone();
            async move { alert::raise_silences(&db).await }
        });
        let forgotten = again("kept for a time alone", FORGET_EVERY, &closing, || {
            let db = db.clone();
            async move { Ok(keeping::throw_old_away(&db).await? + receiving::forget_senders(&db).await?) }
        });
        tokio::join!(
            watch_database(&db, &closing),
            watch_clock(&db, &closing),
            forgotten,
            snoozed,
            arrivals,
            escalated,
            alerted,
            silences,
            work(&db, &room, &closing),
            check_ins,
            wake,
            seal(&db, &closing),
            keep_anchored(&db, &anchor, &closing)
        );
    })
}

/// Asks the database how it stands, and says in the log when that changes: what to look for, once.
async fn watch_database(db: &Db, closing: &CancellationToken) {
    let mut before = None;
    while !closing.is_cancelled() {
        let fault = db.ask_standing().await.fault();
        match fault {
            Some(fault) if before != Some(fault) => {
                let cause = db.store().knock().await.err();
                tracing::error!(%fault, cause = cause.as_deref(), "nothing can be kept for now; whoever asks is told so");
            }
            None if before.is_some() => tracing::warn!("the database keeps what it is given again"),
            _ => {}
        }
        before = fault;
        let pause = if fault.is_some() { ASK_AWAY } else { ASK_WELL };
        tokio::select! {
            () = closing.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Notices a clock that jumps: at once while the program runs, and at the start when it went back meanwhile.
async fn watch_clock(db: &Db, closing: &CancellationToken) {
    let mut watch = Watch::new(db.clock());
    let (mut jumped, mut begun) = (None, false);
    while !closing.is_cancelled() {
        if !begun && let Ok(back) = jumping::since_the_last_run(db).await {
            (begun, jumped) = (true, back.or(jumped));
        }
        if let Some(by) = jumped {
            tracing::error!(seconds = by.num_seconds(), "the clock of this machine jumped");
            match jumping::note(db, by).await {
                Ok(()) => jumped = None,
                Err(e) => tracing::error!(error = %e, "the jump of the clock could not be written down yet"),
            }
        }
        tokio::select! {
            () = closing.cancelled() => {}
            () = tokio::time::sleep(ASK_WELL) => {}
        }
        // What could not be written down yet is not forgotten for the next.
        jumped = match (jumped, watch.look(db.clock())) {
            (Some(before), Some(now)) => Some(before + now),
            (before, now) => now.or(before),
        };
    }
}

/// Does `what` now and then every so often.
async fn again<R: Future<Output = Result<usize, Error>> + Send>(
    what: &str,
    every: Duration,
    closing: &CancellationToken,
    does: impl Fn() -> R + Send,
) {
    while !closing.is_cancelled() {
        match does().await {
            Ok(0) => {}
            Ok(done) => tracing::info!(what, done, "recurring work"),
            Err(e) => tracing::error!(what, error = %e, "recurring work did not succeed"),
        }
        tokio::select! {
            () = closing.cancelled() => {}
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// Does jobs in several lanes. A mail server that hangs holds a letter for a minute and a half, and with it a lane; the last
/// lane carries no letters, so that nothing else ever waits for one.
async fn work(db: &Db, room: &Postroom, closing: &CancellationToken) {
    let runner = runner(room);
    let lanes = (0..LANES).map(|n| lane(db, &runner, (n == LANES - 1).then_some(outbox::JOB), closing));
    futures::future::join_all(lanes).await;
}

async fn lane(db: &Db, runner: &Runner, but: Option<&str>, closing: &CancellationToken) {
    while !closing.is_cancelled() {
        // Listening before looking: what is queued in between rings for this lane too.
        let rung = db.bell().notified();
        if let Err(e) = runner.run_lane(db, but, || closing.is_cancelled()).await {
            tracing::error!(error = %e, "jobs could not be looked at");
        }
        tokio::select! {
            () = closing.cancelled() => {}
            () = rung => {}
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
            // What is recorded together is sealed together: one commit for the act of many.
            () = db.seal_bell().notified() => tokio::time::sleep(GATHER).await,
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
