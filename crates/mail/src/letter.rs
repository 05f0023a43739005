//! A letter to one person, and the bytes it becomes. The same letter gives the same bytes, so a second try after a
//! crash carries the same Message-ID and mailboxes can fold the copies.

mod address;
mod headers;
mod stop_link;
mod words;

use std::{fmt, time::SystemTime};

use foundation::{Instant, Lang};
use lettre::message::{Mailbox, Message, MessageBuilder, MultiPart, SinglePart};
use uuid::Uuid;

pub use address::{Address, Undeliverable};
use headers::{AutoSubmitted, ContentLanguage, ListUnsubscribe, ListUnsubscribePost};
pub use stop_link::{NotAStopLink, StopLink};
pub(crate) use words::{breaks_or_hides, one_line};

/// Everything that is on paper and on the envelope. One recipient: nobody learns of anybody else.
///
/// Names, subject and bodies may be any text; what would break or disguise a header is taken out while writing.
#[derive(Clone)]
pub struct Letter {
    pub to_name: String,
    pub to_address: Address,
    pub from_name: String,
    pub from_address: Address,
    /// Where an answer goes, when not to the sender.
    pub reply_to: Option<Address>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub message_id: MessageId,
    pub date: Instant,
    /// One click to stop, for everything but staff notices.
    pub unsubscribe: Option<StopLink>,
    pub lang: Lang,
}

/// Names one letter for good: `<id@domain>`.
///
/// The domain is the sender's, which the center chose to be neutral; the machine's own name is never in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageId {
    id: Uuid,
    domain: String,
}

impl MessageId {
    /// The Message-ID of the outbox row `id`, sent by `from`: the same row always gives the same one.
    pub fn new(id: Uuid, from: &Address) -> Self {
        Self { id, domain: from.domain().to_owned() }
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}@{}>", self.id.simple(), self.domain)
    }
}

/// A letter in its envelope: the bytes of the message (ASCII, CRLF) and the two addresses the server is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    pub from: Address,
    pub to: Address,
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Written({:?}, {} bytes)", self.to, self.bytes.len())
    }
}

/// lettre could not build the message. No input is known that leads here; it is an error and not a panic, so that
/// one odd letter is set aside and the others go out.
#[derive(Debug, thiserror::Error)]
#[error("the message could not be built: {0}")]
pub struct NotBuilt(#[from] lettre::error::Error);

impl Letter {
    /// The message as bytes, in its envelope.
    pub fn write(&self) -> Result<Written, NotBuilt> {
        let head = self.head();
        let text =
            part(SinglePart::builder().header(lettre::message::header::ContentType::TEXT_PLAIN), &self.text);
        let message = match &self.html {
            None => head.singlepart(text)?,
            Some(html) => {
                let html =
                    part(SinglePart::builder().header(lettre::message::header::ContentType::TEXT_HTML), html);
                // lettre would draw a boundary by chance, and a second try would differ from the first.
                let boundary = format!("part-{}", self.message_id.id.simple());
                head.multipart(MultiPart::alternative().boundary(boundary).singlepart(text).singlepart(html))?
            }
        };
        Ok(Written {
            from: self.from_address.clone(),
            to: self.to_address.clone(),
            bytes: message.formatted(),
        })
    }

    fn head(&self) -> MessageBuilder {
        let head = Message::builder()
            .from(mailbox(&self.from_name, &self.from_address))
            .to(mailbox(&self.to_name, &self.to_address))
            .subject(words::subject(&self.subject))
            .date(within_the_calendar(self.date))
            .message_id(Some(self.message_id.to_string()))
            .header(AutoSubmitted::generated())
            .header(ContentLanguage::of(self.lang));
        let head = match &self.reply_to {
            Some(address) => head.reply_to(Mailbox::new(None, address.on_the_wire())),
            None => head,
        };
        match &self.unsubscribe {
            Some(link) => head.header(ListUnsubscribe::by(link)).header(ListUnsubscribePost::one_click()),
            None => head,
        }
    }
}

fn mailbox(name: &str, address: &Address) -> Mailbox {
    Mailbox::new(words::name(name), address.on_the_wire())
}

fn part(builder: lettre::message::SinglePartBuilder, body: &str) -> SinglePart {
    builder.body(words::body(body))
}

/// lettre's date panics before 1970 and after 9999.
fn within_the_calendar(date: Instant) -> SystemTime {
    let last = Instant::from_timestamp(253_402_300_799, 0).unwrap_or(Instant::UNIX_EPOCH);
    date.clamp(Instant::UNIX_EPOCH, last).into()
}

#[cfg(test)]
mod tests;
