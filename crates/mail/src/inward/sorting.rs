//! Whether a person wrote it (RFC 3834: who answers machines makes loops), and which messages it answers.

use mail_parser::{HeaderName, HeaderValue, Message, MimeHeaders};

use super::Writer;

/// Names before the `@` that no person writes under.
const MACHINES: [&str; 4] = ["mailer-daemon", "postmaster", "mail-daemon", "bounce"];

pub(super) fn writer(message: &Message<'_>, from_address: &str, envelope: Option<&str>) -> Writer {
    let said = |name: &'static str| {
        message.header_raw(HeaderName::Other(name.into())).map(|text| text.trim().to_ascii_lowercase())
    };
    let is_there = |name: HeaderName<'static>| message.header(name).is_some();
    let local = from_address.split('@').next().unwrap_or_default();
    let returned_to = message.header_raw(HeaderName::ReturnPath).map(|path| path.trim().to_owned());
    let nobody = |path: &str| path.is_empty() || path == "<>";
    let report = message.content_type().is_some_and(|kind| kind.subtype() == Some("report"));
    if envelope.map(str::trim).is_some_and(nobody)
        || returned_to.as_deref().is_some_and(nobody)
        || report
        || MACHINES.contains(&local)
    {
        return Writer::Returned;
    }
    let precedence = said("Precedence").unwrap_or_default();
    let lists = [HeaderName::ListId, HeaderName::ListPost, HeaderName::ListUnsubscribe];
    if lists.into_iter().any(is_there) || precedence.contains("list") {
        return Writer::List;
    }
    let submitted =
        message.header_raw(HeaderName::AutoSubmitted).map(|text| text.trim().to_ascii_lowercase());
    let by_itself = submitted.is_some_and(|how| !how.starts_with("no"));
    let answers_by_itself =
        ["X-Autoreply", "X-Autorespond", "X-Auto-Reply"].into_iter().any(|n| said(n).is_some());
    if by_itself || answers_by_itself || ["bulk", "junk", "auto_reply"].contains(&precedence.as_str()) {
        return Writer::Machine;
    }
    Writer::Person
}

/// The Message-IDs in `In-Reply-To` and `References`, the nearest first.
pub(super) fn answers(message: &Message<'_>) -> impl Iterator<Item = String> {
    let ids = |value: &HeaderValue<'_>| -> Vec<String> {
        match value {
            HeaderValue::Text(id) => vec![id.to_string()],
            HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    };
    let (direct, before) = (ids(message.in_reply_to()), ids(message.references()));
    direct.into_iter().chain(before.into_iter().rev()).filter(|id| !id.is_empty() && id.len() < 999)
}
