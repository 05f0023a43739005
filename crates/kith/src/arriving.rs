//! What arrives at the command line: one message from a mail server's pipe.

use std::io::Read;
use std::process::ExitCode;

use anyhow::Context;
use intake::inward::receiving::{Delivery, Receipt, receive};

use crate::serving::Opened;
use crate::settings::Settings;

/// `EX_TEMPFAIL` of sysexits: the mail server keeps the message and tries again.
pub const TRY_AGAIN: u8 = 75;
/// `EX_DATAERR`: it will never be right, and the mail server tells the sender.
const NEVER: u8 = 65;

/// Receives one message from standard input. Whatever goes wrong on our side ends with [`TRY_AGAIN`].
pub async fn mail(settings: &Settings, sender: Option<String>) -> anyhow::Result<ExitCode> {
    let bytes = heard(std::io::stdin().lock()).context("the message cannot be read")?;
    let db = Opened::with(settings).await?.db;
    // Its own task, so that even a panic makes the mail server try again.
    let received = tokio::spawn(async move {
        let delivery = Delivery { bytes: &bytes, envelope: sender.as_deref(), pages_elsewhere: true };
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
