//! Messages as people, machines and enemies send them.

use proptest::prelude::*;

use super::*;

fn message(head: &str, body: &str) -> Vec<u8> {
    format!("From: Jo Alvarez <Jo@Example.com>\r\nMessage-ID: <a1@example.com>\r\nSubject: My brother\r\n{head}\r\n{body}")
        .into_bytes()
}

fn read_so(head: &str, body: &str) -> Inward {
    read(&message(head, body), Some("jo@example.com")).unwrap()
}

#[test]
fn a_note_from_a_person_is_read_with_what_it_answers() {
    let read = read_so("In-Reply-To: <b@x>\r\nReferences: <z@x> <b@x>\r\n", "He is shaking.\r\n");
    assert_eq!((read.writer, read.from_name.as_str()), (Writer::Person, "Jo Alvarez"));
    assert_eq!((read.from_address.as_str(), read.text.as_str()), ("jo@example.com", "He is shaking."));
    assert_eq!(read.answers, ["b@x", "b@x", "z@x"]);
    assert_eq!(read.message_id.as_deref(), Some("a1@example.com"));
}

#[test]
fn every_charset_and_encoding_is_read_as_written() {
    let latin =
        [message("Content-Type: text/plain; charset=iso-8859-1\r\n", "Ma"), b"\xf1ana\r\n".to_vec()].concat();
    assert_eq!(read(&latin, None).unwrap().text, "Mañana");
    let quoted = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n";
    assert_eq!(read_so(quoted, "Zo=C3=AB").text, "Zoë");
    let japanese = [
        message("Content-Type: text/plain; charset=iso-2022-jp\r\n", ""),
        b"\x1b$B$3$s$K$A$O\x1b(B\r\n".to_vec(),
    ];
    assert_eq!(read(&japanese.concat(), None).unwrap().text, "こんにちは");
    let head = b"From: =?utf-8?Q?Zo=C3=AB?= <zoe@example.com>\r\nSubject: =?utf-8?B?SG9sYSDDsQ==?=\r\n\r\nx";
    let zoe = read(head, None).unwrap();
    assert_eq!((zoe.from_name.as_str(), zoe.subject.as_str()), ("Zoë", "Hola ñ"));
}

#[test]
fn html_alone_becomes_plain_and_what_came_along_is_named() {
    let body = "--b\r\nContent-Type: text/html\r\n\r\n<p>Please <b>call</b></p><script>x()</script>\r\n--b\r\n\
                Content-Type: image/png; name=\"card.png\"\r\nContent-Disposition: attachment; filename=\"card.png\"\r\n\
                Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n";
    let read = read_so("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n", body);
    assert_eq!(read.text, "Please call");
    assert_eq!(read.attachments, [Attachment { name: "card.png".into(), bytes: 3 }]);
}

#[test]
fn machines_lists_and_letters_that_came_back_are_told_from_people() {
    for (head, writer) in [
        ("Auto-Submitted: no\r\n", Writer::Person),
        ("Auto-Submitted: auto-replied\r\n", Writer::Machine),
        ("Auto-Submitted: auto-generated (rejected)\r\n", Writer::Machine),
        ("Precedence: Bulk\r\n", Writer::Machine),
        ("X-Autoreply: yes\r\n", Writer::Machine),
        ("Precedence: list\r\n", Writer::List),
        ("List-Id: <news.example.com>\r\n", Writer::List),
        ("List-Unsubscribe: <https://example.com/u>\r\n", Writer::List),
        ("Return-Path: <>\r\n", Writer::Returned),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n", Writer::Returned),
    ] {
        assert_eq!(read_so(head, "x").writer, writer, "{head}");
    }
    assert_eq!(read(&message("", "x"), Some("")).unwrap().writer, Writer::Returned);
    assert_eq!(read(&message("", "x"), Some("<>")).unwrap().writer, Writer::Returned);
}

#[test]
fn the_same_message_is_the_same_and_a_stranger_cannot_take_its_place() {
    let one = read_so("", "x");
    assert_eq!(one.fingerprint, read_so("Received: by a second way\r\n", "x").fingerprint);
    let stranger = b"From: eve@example.net\r\nMessage-ID: <a1@example.com>\r\n\r\nx";
    assert_ne!(one.fingerprint, read(stranger, None).unwrap().fingerprint);
    let (a, b) = (b"From: jo@example.com\r\n\r\nx".as_slice(), b"From: jo@example.com\r\n\r\ny".as_slice());
    assert_ne!(read(a, None).unwrap().fingerprint, read(b, None).unwrap().fingerprint);
}

#[test]
fn hostile_messages_are_read_as_far_as_they_go() {
    assert_eq!(read(b"", None), None);
    assert_eq!(read(b"\0\0\0\xff\xfe", None), None);
    assert_eq!(read(b"Subject: nobody wrote this\r\n\r\nx", None), None);
    let huge = message(&format!("X-Huge: {}\r\n", "a".repeat(1_000_000)), "still here");
    assert_eq!(read(&huge, None).unwrap().text, "still here");
    let names =
        format!("From: {} <jo@example.com>\r\nSubject: a\r\n b\0\u{202e}c\r\n\r\nx", "N".repeat(50_000));
    let read_names = read(names.as_bytes(), None).unwrap();
    assert_eq!((read_names.from_name.len(), read_names.subject.as_str()), (120, "a b c"));
    let nul = read_so("", "a\0b");
    assert_eq!(nul.text, "ab");
    // Ten thousand parts inside each other.
    let layer = |n: usize| format!("--b{n}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", n + 1);
    let nested: String = (0..10_000).map(layer).collect::<Vec<_>>().concat();
    let read_nested = read_so("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n", &nested);
    assert_eq!(read_nested.from_address, "jo@example.com");
    let messages = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000);
    assert_eq!(read_so("", "").from_address, read_so(&messages, "x").from_address);
    // A picture larger than what is read: the words before it are there.
    let big = message("", &format!("words\r\n{}", "a".repeat(MOST)));
    let read_big = read(&big, None).unwrap();
    assert!(read_big.cut && read_big.text.starts_with("words"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn whatever_arrives_reading_it_ends_and_stays_in_bounds(
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
        kind in "multipart/[a-z]{1,8}|text/html|message/rfc822|text/plain; charset=[a-z0-9-]{1,12}",
    ) {
        let mut all = message(&format!("Content-Type: {kind}; boundary=b\r\n"), "--b\r\n");
        all.extend(bytes);
        if let Some(read) = read(&all, None) {
            prop_assert!(read.text.chars().count() <= LONGEST_TEXT);
            prop_assert!(!read.text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            prop_assert!(!read.subject.chars().any(char::is_control));
        }
    }
}
