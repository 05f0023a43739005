//! Mail that arrives: bytes become who wrote, what about, and whether a person wrote it at all. Whatever is broken in it is
//! read as far as it can be; nothing in it is believed, run or followed.

mod plain;
mod sorting;

use foundation::hash_of;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// How much of a message is read, in bytes. The words come first; what follows beyond this are pictures.
pub const MOST: usize = 8 * 1024 * 1024;
/// Characters of a text that are kept.
pub const LONGEST_TEXT: usize = 20_000;
const LONGEST_SUBJECT: usize = 250;
const LONGEST_NAME: usize = 120;
/// Parts that are looked at for words, attachments that are told of, and messages it says it answers.
const PARTS: usize = 50;
const ATTACHMENTS: usize = 20;
const ANSWERS: usize = 50;

foundation::words! {
    /// Who or what wrote it.
    pub enum Writer {
        Person = "person", "a person",
        Machine = "machine", "an automatic answer",
        Returned = "returned", "a letter that came back",
        List = "list", "a mailing list",
    }
}

/// What came along and is not kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attachment {
    pub name: String,
    pub bytes: usize,
}

/// A message that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inward {
    pub writer: Writer,
    pub from_name: String,
    /// As it stands in `From`, in small letters; whether it can be written to is not said.
    pub from_address: String,
    pub subject: String,
    /// Plain text without anything that hides or turns text around.
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// Whether there was more of it than is kept.
    pub cut: bool,
    pub message_id: Option<String>,
    /// The Message-IDs it says it answers, the nearest first.
    pub answers: Vec<String>,
    /// The same for the same message however often it is handed over.
    pub fingerprint: Vec<u8>,
}

/// Reads a message. `envelope` is who the mail server says sent it, when it says so: empty for what no one answers to.
/// `None` for what is not a message at all.
pub fn read(bytes: &[u8], envelope: Option<&str>) -> Option<Inward> {
    let whole = bytes.len() <= MOST;
    let bytes = bytes.get(..MOST).unwrap_or(bytes);
    // A mail server's pipe may put the line of an mbox in front.
    let bytes = if bytes.starts_with(b"From ") {
        bytes.iter().position(|b| *b == b'\n').and_then(|at| bytes.get(at + 1..))?
    } else {
        bytes
    };
    let message = MessageParser::default().parse(bytes)?;
    let from = message.from().and_then(|from| from.iter().find(|addr| addr.address.is_some()))?;
    let from_address = line(from.address.as_deref().unwrap_or_default(), 254).to_lowercase();
    let message_id = message.message_id().map(|id| line(id, 998)).filter(|id| !id.is_empty());
    let (text, text_cut) = text(&message);
    let fingerprint = match &message_id {
        Some(id) => hash_of(&format!("message {id} of {from_address}")),
        None => hash_of(&format!("message {}", String::from_utf8_lossy(bytes))),
    };
    Some(Inward {
        writer: sorting::writer(&message, &from_address, envelope),
        from_name: line(from.name.as_deref().unwrap_or_default(), LONGEST_NAME),
        from_address,
        subject: line(message.subject().unwrap_or_default(), LONGEST_SUBJECT),
        text,
        attachments: message.attachments().take(ATTACHMENTS).filter_map(attachment).collect(),
        cut: text_cut || !whole,
        answers: sorting::answers(&message).take(ANSWERS).collect(),
        message_id,
        fingerprint,
    })
}

/// The words of a message: its plain parts, or its HTML made plain where there is nothing else.
fn text(message: &Message<'_>) -> (String, bool) {
    let of = |part: &MessagePart<'_>| match &part.body {
        PartType::Text(text) => text.to_string(),
        PartType::Html(html) => plain::of_html(html),
        _ => String::new(),
    };
    let join = |parts: Vec<String>| {
        let said = parts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        said.collect::<Vec<_>>().join("\n\n")
    };
    let mut words = join(message.text_bodies().take(PARTS).map(of).collect());
    if words.is_empty() {
        words = join(message.html_bodies().take(PARTS).map(of).collect());
    }
    plain::kept(&words, LONGEST_TEXT)
}

fn attachment(part: &MessagePart<'_>) -> Option<Attachment> {
    if matches!(part.body, PartType::Multipart(_)) {
        return None;
    }
    let name = line(part.attachment_name().unwrap_or_default(), LONGEST_NAME);
    let name = if name.is_empty() { "without a name".to_owned() } else { name };
    Some(Attachment { name, bytes: part.len() })
}

/// Text on one line without controls and marks that turn it around.
fn line(text: &str, at_most: usize) -> String {
    super::letter::one_line(text, at_most)
}

#[cfg(test)]
mod tests;
