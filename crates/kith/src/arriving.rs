//! Mail that arrives: one message from a mail server's pipe, or what is unread in a mailbox.

use std::io::Read;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use foundation::restored::Restored;
use foundation::{Db, Error, PersonId, Unit};
use intake::inward::receiving::{Delivery, Receipt, receive};
use mail::mailbox::{Mailbox, Taken};
use tokio_util::sync::CancellationToken;

use crate::opened::Opened;
use crate::settings::Settings;

/// `EX_TEMPFAIL` of sysexits: the mail server keeps the message and tries again.
pub const TRY_AGAIN: u8 = 75;
/// `EX_DATAERR`: it will never be right, and the mail server tells the sender.
const NEVER: u8 = 65;

/// An answer to a letter about a client is a task for whoever cares for them, in the unit that keeps the words: the rooms
/// of intake and of alumni do not know each other.
pub fn on_reply(
    unit: &mut Unit,
    person: PersonId,
) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + '_>> {
    Box::pin(alumni::flag::raise_reply(unit, person))
}

/// Receives one message from standard input. Whatever goes wrong on our side ends with [`TRY_AGAIN`].
pub async fn mail(settings: &Settings, sender: Option<String>) -> anyhow::Result<ExitCode> {
    let bytes = heard(std::io::stdin().lock()).context("the message cannot be read")?;
    let db = Opened::existing(settings).await?.db;
    // Its own task, so that even a panic makes the mail server try again.
    let received = tokio::spawn(async move {
        let envelope = sender.as_deref();
        let delivery = Delivery { bytes: &bytes, envelope, pages_elsewhere: true, on_reply };
        receive(&db, delivery).await
    });
    match received
        .await
        .context("the message could not be received")?
        .context("the message is not kept yet")?
    {
        Receipt::Became(_) | Receipt::Before(_) => Ok(ExitCode::SUCCESS),
        Receipt::Unreadable => {
            eprintln!("This message names no sender that can be answered.");
            Ok(ExitCode::from(NEVER))
        }
        Receipt::TooMany => {
            eprintln!("Its sender wrote too much within the hour. It is taken later.");
            Ok(ExitCode::from(TRY_AGAIN))
        }
    }
}

/// The longest pause after a mailbox could not be looked into.
const LONGEST: Duration = Duration::from_mins(15);

/// Looks into a mailbox every so often, and less often while it cannot be looked into.
pub async fn look_again_and_again(db: Db, mailbox: Mailbox, every: Duration, closing: CancellationToken) {
    while !closing.is_cancelled() {
        // What a center that was just restored takes away from a mailbox may be missing where it is needed.
        if !matches!(Restored::on_hold(db.reader()).await, Ok(None)) {
            tokio::select! {
                () = closing.cancelled() => {}
                () = tokio::time::sleep(every) => {}
            }
            continue;
        }
        let pause = match mailbox.look(db.now(), |bytes| kept(db.clone(), bytes)).await {
            Ok(0) => every,
            // There may be more than one look takes.
            Ok(kept) => {
                tracing::info!(kept, "mail was received");
                every.min(Duration::from_secs(1))
            }
            Err(fault) => {
                tracing::warn!(%fault, "the mailbox could not be looked into");
                let doubled = every * 2u32.saturating_pow(mailbox.health().failures.min(10));
                doubled.clamp(every, LONGEST.max(every))
            }
        };
        tokio::select! {
            () = closing.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn kept(db: Db, bytes: Vec<u8>) -> Taken {
    // Its own task, so that a panic costs one message and not all that come after it.
    let received = tokio::spawn(async move {
        receive(&db, Delivery { bytes: &bytes, envelope: None, pages_elsewhere: false, on_reply }).await
    });
    match received.await {
        Ok(Ok(Receipt::Became(_) | Receipt::Before(_))) => Taken::Kept,
        Ok(Ok(Receipt::Unreadable)) => Taken::Unreadable,
        Ok(Ok(Receipt::TooMany)) => Taken::TooMany,
        Ok(Err(_)) | Err(_) => {
            tracing::warn!("a message in the mailbox is not kept yet");
            Taken::Later
        }
    }
}

/// As much of a message as is read, in bounded memory. The rest is heard out, or the pipe would break.
fn heard(mut from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(mail::inward::MOST).unwrap_or(u64::MAX);
    (&mut from).take(most + 1).read_to_end(&mut bytes)?;
    std::io::copy(&mut from, &mut std::io::sink())?;
    Ok(bytes)
}
