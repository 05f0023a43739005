//! What came in about a request since it was made, as its page shows it: from them, apart from what colleagues note.

use foundation::{Instant, Zone};
use intake::inward::InwardMessage;

use crate::inbox::when;

/// One message.
pub(super) struct MessageLine {
    pub from: String,
    pub when: String,
    pub known: bool,
    pub subject: String,
    pub text: String,
    pub left_out: String,
}

pub(super) fn message_lines(messages: &[InwardMessage], now: Instant, zone: Zone) -> Vec<MessageLine> {
    let line = |message: &InwardMessage| {
        let written = &message.written;
        let from = if written.from_name.is_empty() {
            written.from_address.clone()
        } else {
            format!("{}, {}", written.from_name, written.from_address)
        };
        let text = if written.text.is_empty() { "Nothing but what stands above." } else { &written.text };
        MessageLine {
            from,
            when: when(message.received_at, now, zone),
            known: message.known,
            subject: written.subject.clone(),
            text: text.to_owned(),
            left_out: written.left_out(),
        }
    };
    messages.iter().map(line).collect()
}
