//! One letter over an open connection, step by step, so that it is always known how far it came.

use std::{
    fmt::Display,
    iter,
    sync::atomic::{AtomicBool, Ordering},
};

use lettre::transport::smtp::{
    client::AsyncSmtpConnection,
    commands::{Data, Mail, Rcpt},
    response::Response,
};

use super::{
    Outcome,
    answers::{self, Phase},
    patience::Until,
};
use crate::letter::Written;

/// Refuses bytes that two servers might cut apart in two ways (bare CR or LF, "SMTP smuggling"), or that would need
/// extensions. `Letter::write` makes none; a stored letter is checked all the same.
pub(super) fn check(written: &Written) -> Result<(), Outcome> {
    let bytes = &written.bytes;
    let mut before = None;
    for &byte in bytes {
        if !byte.is_ascii() || byte == 0 || (byte == b'\n') != (before == Some(b'\r')) {
            return Err(Outcome::MessageRefused {
                why: "the letter is not ASCII with lines that end in CRLF".into(),
            });
        }
        before = Some(byte);
    }
    if before == Some(b'\r') {
        return Err(Outcome::MessageRefused { why: "the letter ends in half a line end".into() });
    }
    Ok(())
}

/// Names the sender. Nothing of the letter or its recipient has been said when this errs.
pub(super) async fn begin(
    smtp: &mut AsyncSmtpConnection,
    written: &Written,
    until: Until,
) -> Result<(), Outcome> {
    let sender = Mail::new(Some(written.from.on_the_wire()), Vec::new());
    ask(smtp, Phase::Sender, sender, &[250], until).await.map(|_| ())
}

/// Names the recipient and hands the letter over; `Ok` holds the server's receipt.
pub(super) async fn hand_over(
    smtp: &mut AsyncSmtpConnection,
    written: &Written,
    until: Until,
) -> Result<String, Outcome> {
    let recipient = Rcpt::new(written.to.on_the_wire(), Vec::new());
    ask(smtp, Phase::Recipient, recipient, &[250, 251], until).await?;
    ask(smtp, Phase::Content, Data, &[354], until).await?;

    // lettre sends letter and dot in one call. It asks for more of the letter once all of it is written, and only
    // then writes the dot: that question is the moment after which the letter may be delivered.
    let dotted = AtomicBool::new(false);
    let at_its_end = iter::from_fn(|| {
        dotted.store(true, Ordering::Relaxed);
        None::<&[u8]>
    });
    let letter = iter::once(written.bytes.as_slice()).chain(at_its_end);
    let answer = until.within(until.patience.content, smtp.message_iter(letter)).await;
    let phase = if dotted.load(Ordering::Relaxed) { Phase::AfterDot } else { Phase::Content };
    match answer {
        Ok(Ok(receipt)) if receipt.has_code(250) => {
            Ok(answers::quote(&receipt.message().collect::<Vec<_>>().join(" ")))
        }
        Ok(Ok(other)) => Err(answers::unexpected(phase, &other)),
        Ok(Err(error)) => Err(answers::erred(phase, &error)),
        Err(slow) => Err(answers::broken(phase, &slow.to_string())),
    }
}

/// Says one command and takes no other answer than those expected: an answer to another command shows here, before
/// it can pass for a success.
async fn ask(
    smtp: &mut AsyncSmtpConnection,
    phase: Phase,
    command: impl Display,
    expected: &[u16],
    until: Until,
) -> Result<Response, Outcome> {
    match until.within(until.patience.command, smtp.command(command)).await {
        Ok(Ok(response)) if expected.contains(&u16::from(response.code())) => Ok(response),
        Ok(Ok(other)) => Err(answers::unexpected(phase, &other)),
        Ok(Err(error)) => Err(answers::erred(phase, &error)),
        Err(slow) => Err(answers::broken(phase, &slow.to_string())),
    }
}
