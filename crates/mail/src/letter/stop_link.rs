//! The link by which a person stops these messages with one click (RFC 8058), checked before it is in a header.

use std::fmt;

/// Longest link, in octets: the header must fit one line of 998 (RFC 5322 2.1.1), since a link has no place to fold.
const LONGEST: usize = 700;

/// One HTTPS address that alone says who stops what. Plain HTTP passes for this machine only (demo, tests).
#[derive(Clone, PartialEq, Eq)]
pub struct StopLink(String);

/// The link cannot stand in a `List-Unsubscribe` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The link to stop messages must be an https address of at most 700 plain characters.")]
pub struct NotAStopLink;

impl StopLink {
    /// Takes an absolute address, already percent-encoded.
    pub fn parse(url: &str) -> Result<Self, NotAStopLink> {
        let rest = url.strip_prefix("https://").map(|rest| (rest, false));
        let (rest, here_only) =
            rest.or_else(|| url.strip_prefix("http://").map(|rest| (rest, true))).ok_or(NotAStopLink)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let plain = url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"\\,".contains(&b));
        if host.is_empty() || !plain || url.len() > LONGEST || (here_only && !is_this_machine(host)) {
            return Err(NotAStopLink);
        }
        Ok(Self(url.to_owned()))
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Masked: whoever holds the link can stop a person's messages.
impl fmt::Debug for StopLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StopLink(…)")
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_link_that_a_mailbox_may_press_is_offered() {
        for fine in ["https://cedar.example/u/abc", "http://127.0.0.1:8080/u/abc", "http://[::1]:8080/u/x"] {
            assert_eq!(StopLink::parse(fine).unwrap().as_str(), fine);
        }
        for wrong in [
            "",
            "https://",
            "mailto:stop@cedar.example",
            "http://cedar.example/u/abc",
            "http://localhost.cedar.example/u/abc",
            "http://localhost@cedar.example/u/abc",
            "https://cedar.example/u/abc\r\nBcc: all@cedar.example",
            "https://cedar.example/u/<abc>",
            "https://cedar.example/ñ",
        ] {
            assert_eq!(StopLink::parse(wrong), Err(NotAStopLink), "{wrong:?}");
        }
        assert!(StopLink::parse(&format!("https://cedar.example/{}", "a".repeat(700))).is_err());
    }
}
