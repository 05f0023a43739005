//! What a letter looks like on the wire, also when the words in it mean harm.

use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

use super::*;

fn to_zoe() -> Letter {
    let from = Address::parse("sam@cedar.example").unwrap();
    Letter {
        to_name: "Zoë Park".into(),
        to_address: Address::parse("zoe@example.org").unwrap(),
        from_name: "Sam – Cedar Office".into(),
        message_id: MessageId::new(Uuid::from_u128(0x0193_5a5a_0000_7000_8000_0000_0000_0001), &from),
        from_address: from,
        reply_to: Some(Address::parse("office@cedar.example").unwrap()),
        subject: "A note from Sam".into(),
        text: "Hi Zoë,\n\n.a line that starts with a dot\nTake care, Sam".into(),
        html: Some("<p>Hi Zoë, take care. Sam</p>".into()),
        date: "2026-03-02T12:00:00Z".parse().unwrap(),
        unsubscribe: Some(StopLink::parse("https://cedar.example/u/abc").unwrap()),
        lang: foundation::Lang::English,
    }
}

fn lines(letter: &Letter) -> Vec<String> {
    let bytes = letter.write().unwrap().bytes;
    String::from_utf8(bytes).unwrap().split("\r\n").map(ToOwned::to_owned).collect()
}

/// The header block, unfolded, without the fields of the parts.
fn head(letter: &Letter) -> Vec<String> {
    let mut head: Vec<String> = Vec::new();
    for line in lines(letter).into_iter().take_while(|line| !line.is_empty()) {
        match head.last_mut() {
            Some(last) if line.starts_with(' ') => last.push_str(&line),
            _ => head.push(line),
        }
    }
    head
}

#[test]
fn a_letter_to_zoe_has_these_headers_and_no_others() {
    assert_eq!(
        head(&to_zoe()),
        [
            "From: =?utf-8?b?U2FtIOKAkyBDZWRhciBPZmZpY2U=?= <sam@cedar.example>",
            "To: =?utf-8?b?Wm/DqyBQYXJr?= <zoe@example.org>",
            "Subject: A note from Sam",
            "Date: Mon, 02 Mar 2026 12:00:00 +0000",
            "Message-ID: <01935a5a000070008000000000000001@cedar.example>",
            "Auto-Submitted: auto-generated",
            "Content-Language: en",
            "Reply-To: office@cedar.example",
            "List-Unsubscribe: <https://cedar.example/u/abc>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=\"part-01935a5a000070008000000000000001\"",
        ]
    );
}

#[test]
fn the_mailbox_may_stop_the_letters_with_one_click() {
    let head = head(&to_zoe());
    assert!(head.contains(&"List-Unsubscribe: <https://cedar.example/u/abc>".to_owned()));
    assert!(head.contains(&"List-Unsubscribe-Post: List-Unsubscribe=One-Click".to_owned()));
}

#[test]
fn the_longest_link_is_not_torn_by_folding() {
    let long = format!("https://cedar.example/u/{}", "a".repeat(670));
    let letter = Letter { unsubscribe: Some(StopLink::parse(&long).unwrap()), ..to_zoe() };
    assert!(lines(&letter).contains(&format!("List-Unsubscribe: <{long}>")));
}

#[test]
fn a_notice_to_staff_offers_no_way_to_stop_it() {
    let head = head(&Letter { unsubscribe: None, ..to_zoe() });
    assert!(!head.iter().any(|line| line.starts_with("List-")));
    assert!(head.contains(&"Auto-Submitted: auto-generated".to_owned()));
}

#[test]
fn zoe_reads_the_same_words_as_text_and_as_page() {
    let bytes = to_zoe().write().unwrap().bytes;
    let read = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(read.body_text(0).unwrap(), "Hi Zoë,\r\n\r\n.a line that starts with a dot\r\nTake care, Sam");
    assert_eq!(read.body_html(0).unwrap(), "<p>Hi Zoë, take care. Sam</p>");
    assert_eq!(read.content_type().unwrap().subtype(), Some("alternative"));
}

#[test]
fn a_second_try_is_the_same_letter_to_the_last_byte() {
    assert_eq!(to_zoe().write().unwrap(), to_zoe().write().unwrap());
}

#[test]
fn a_letter_without_a_name_goes_to_the_bare_address() {
    let head = head(&Letter { to_name: "\r\n\0".into(), ..to_zoe() });
    assert!(head.contains(&"To: zoe@example.org".to_owned()));
}

#[test]
fn a_letter_in_a_log_line_shows_no_one() {
    let shown = format!("{:?}", to_zoe().write().unwrap());
    assert!(!shown.contains("zoe"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_words_can_break_a_letter_or_add_a_header_or_a_recipient(
        to_name in hostile(), from_name in hostile(), subject in hostile(),
        text in hostile(), html in proptest::option::of(hostile()), seconds in any::<i64>(),
    ) {
        let date = Instant::from_timestamp(seconds % 8_000_000_000_000, 0).unwrap_or_default();
        let letter = Letter { to_name, from_name, subject, text, html, date, ..to_zoe() };
        let written = letter.write().unwrap();
        let bytes = &written.bytes;

        prop_assert!(bytes.is_ascii() && !bytes.contains(&0));
        let lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
        let (last, ended) = lines.split_last().unwrap();
        prop_assert!(!last.contains(&b'\r'));
        for line in ended {
            prop_assert!(line.ends_with(b"\r") && line.len() <= 999, "a line that is bare or over 998 octets");
            prop_assert!(!line[..line.len() - 1].contains(&b'\r'));
        }

        let read = MessageParser::default().parse(bytes).unwrap();
        let mut names: Vec<String> = read.headers().iter().map(|h| h.name().to_ascii_lowercase()).collect();
        names.sort();
        let before = names.len();
        names.dedup();
        prop_assert_eq!(names.len(), before, "a header twice");
        prop_assert!(!names.iter().any(|name| name == "bcc" || name == "cc"));
        let to: Vec<_> = read.to().unwrap().iter().filter_map(|a| a.address()).collect();
        prop_assert_eq!(to, vec!["zoe@example.org"]);
        let from: Vec<_> = read.from().unwrap().iter().filter_map(|a| a.address()).collect();
        prop_assert_eq!(from, vec!["sam@cedar.example"]);
    }
}

/// Anything at all, mixed with what is known to hurt.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[ -~]{0,200}",
        Just("\r\nBcc: all@example.org\r\n\r\n".to_owned()),
        Just("\r\n.\r\nMAIL FROM:<ada@example.org>".to_owned()),
        Just("\n.\n".to_owned()),
        Just("\u{85}\u{2028}\u{2029}\u{b}\u{c}".to_owned()),
        Just("\0".to_owned()),
        Just("=?utf-8?b?DQpCY2M6IGFsbEBleGFtcGxlLm9yZw==?=".to_owned()),
        Just("\"<ada@example.org>,;:\\".to_owned()),
        Just("x".repeat(1500)),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}
