//! What an answer means at the point where it came: the one table from a server's words to an [`Outcome`].

use lettre::transport::smtp::{Error, response::Response};

use super::Outcome;

/// Longest quotation of a server, in characters.
const WORDS: usize = 400;

/// How far an attempt has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Connecting, greeting, `EHLO`.
    Greeting,
    /// `STARTTLS` and the handshake.
    Encrypting,
    /// `AUTH`.
    SigningIn,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA` and the letter, up to but without the final dot: nothing is delivered yet.
    Content,
    /// The final dot is, or may be, with the server.
    AfterDot,
}

/// The server said no.
pub(super) fn refused(phase: Phase, code: u16, words: &str) -> Outcome {
    let why = format!("{code} {}", quote(words));
    match (code / 100, phase) {
        (4, _) => Outcome::TryLater { why },
        (5, Phase::Greeting | Phase::Encrypting | Phase::SigningIn | Phase::Sender) => {
            Outcome::Configuration { why }
        }
        // The server wants a sign-in (RFC 4954 6), or does not know the command at all: no word about the person.
        (5, _) if matches!(code, 530 | 534 | 535 | 538 | 500 | 502 | 503 | 504 | 555) => {
            Outcome::Configuration { why }
        }
        (5, Phase::Recipient) => at_recipient(code, words, why),
        // Some servers look the recipient up only after the dot; with one recipient there is no doubt who is meant.
        (5, _) if blames_recipient(words) => Outcome::AddressRefused { why },
        (5, _) => Outcome::MessageRefused { why },
        _ => broken(phase, &why),
    }
}

fn at_recipient(code: u16, words: &str, why: String) -> Outcome {
    match code {
        // RFC 5321 4.5.3.1.10: an old way to say 452; today mostly "mailbox full", which passes.
        552 => Outcome::TryLater { why },
        // RFC 3463 3.8: a policy, such as "relaying denied". Marking the person's address as bad would be wrong.
        _ if enhanced(words).is_some_and(|status| status.starts_with("5.7.")) => {
            Outcome::MessageRefused { why }
        }
        _ => Outcome::AddressRefused { why },
    }
}

/// RFC 3463 3.2: the address of the recipient, not the sender's (5.1.7, 5.1.8).
fn blames_recipient(words: &str) -> bool {
    enhanced(words).is_some_and(|status| status.starts_with("5.1.") && !matches!(status, "5.1.7" | "5.1.8"))
}

/// The enhanced status code (RFC 2034) that may begin the words.
fn enhanced(words: &str) -> Option<&str> {
    let first = words.split_whitespace().next()?;
    let is_status = first.split('.').count() == 3
        && first.split('.').all(|n| !n.is_empty() && n.len() <= 3 && n.bytes().all(|b| b.is_ascii_digit()));
    is_status.then_some(first)
}

/// The connection was lost, too slow, or spoke nonsense.
pub(super) fn broken(phase: Phase, words: &str) -> Outcome {
    let why = quote(words);
    if phase == Phase::AfterDot { Outcome::Unknown { why } } else { Outcome::TryLater { why } }
}

/// lettre's error, read for what it is.
pub(super) fn erred(phase: Phase, error: &Error) -> Outcome {
    match error.status() {
        Some(code) => {
            // lettre keeps the server's words as the source of its own.
            let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            refused(phase, code.into(), &words)
        }
        // No sign-in method in common: no later try will find one.
        None if phase == Phase::SigningIn && error.is_client() => {
            Outcome::Configuration { why: quote(&error.to_string()) }
        }
        None => broken(phase, &error.to_string()),
    }
}

/// A positive answer, but to another question: the two sides do not mean the same command any more.
pub(super) fn unexpected(phase: Phase, response: &Response) -> Outcome {
    broken(
        phase,
        &format!("unexpected answer: {} {}", response.code(), response.first_line().unwrap_or_default()),
    )
}

/// The server's words on one line, cut: they are shown to staff and kept.
pub(super) fn quote(words: &str) -> String {
    let one_line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS).collect();
    one_line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_means_what_it_means_where_it_came() {
        use Phase::{AfterDot, Content, Encrypting, Greeting, Recipient, Sender, SigningIn};
        for (phase, code, words, name) in [
            (Greeting, 421, "busy", "try_later"),
            (Greeting, 554, "no service", "configuration"),
            (Encrypting, 454, "not now", "try_later"),
            (Encrypting, 502, "not here", "configuration"),
            (SigningIn, 454, "not now", "try_later"),
            (SigningIn, 535, "5.7.8 wrong password", "configuration"),
            (Sender, 451, "not now", "try_later"),
            (Sender, 550, "not your address", "configuration"),
            (Sender, 530, "sign in first", "configuration"),
            (Recipient, 421, "busy", "try_later"),
            (Recipient, 450, "busy mailbox", "try_later"),
            (Recipient, 451, "4.7.1 greylisted", "try_later"),
            (Recipient, 452, "disk full", "try_later"),
            (Recipient, 552, "5.2.2 mailbox full", "try_later"),
            (Recipient, 530, "sign in first", "configuration"),
            (Recipient, 503, "what?", "configuration"),
            (Recipient, 550, "5.1.1 no such mailbox", "address_refused"),
            (Recipient, 550, "nobody here", "address_refused"),
            (Recipient, 551, "moved away", "address_refused"),
            (Recipient, 553, "not a mailbox", "address_refused"),
            (Recipient, 554, "never", "address_refused"),
            (Recipient, 554, "5.7.1 relay access denied", "message_refused"),
            (Content, 451, "not now", "try_later"),
            (Content, 554, "no valid recipients", "message_refused"),
            (AfterDot, 451, "not now", "try_later"),
            (AfterDot, 552, "too large", "message_refused"),
            (AfterDot, 554, "5.7.1 looks like spam", "message_refused"),
            (AfterDot, 550, "5.1.1 no such mailbox", "address_refused"),
            (AfterDot, 550, "5.1.8 bad sender", "message_refused"),
            (AfterDot, 354, "go on", "unknown"),
            (Content, 250, "fine", "try_later"),
        ] {
            assert_eq!(refused(phase, code, words).name(), name, "{phase:?} {code} {words}");
        }
    }

    #[test]
    fn only_a_silence_after_the_final_dot_leaves_a_doubt() {
        assert_eq!(broken(Phase::AfterDot, "lost").name(), "unknown");
        for phase in [Phase::Greeting, Phase::Encrypting, Phase::SigningIn, Phase::Recipient, Phase::Content]
        {
            assert_eq!(broken(phase, "lost").name(), "try_later", "{phase:?}");
        }
    }

    #[test]
    fn a_talkative_server_is_quoted_on_one_short_line() {
        let quoted = quote(&format!("no\r\n{}", "x".repeat(5000)));
        assert!(quoted.len() <= 400 && quoted.starts_with("no  x"));
    }
}
