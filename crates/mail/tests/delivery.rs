//! Letters to real people over a real connection, to a mail server that has good and bad days.

#![expect(
    clippy::unwrap_used,
    reason = "a test's own preparations may stop it; clippy knows only the tests themselves"
)]

use std::time::{Duration, Instant};

use mail::{
    delivery::{Outcome, Password, Patience, Post, Security, Smtp, SmtpSettings, Unusable},
    letter::{Address, Letter, MessageId, StopLink, Written},
    sink::{Encryption, Fault, Manner, Sink, Stage},
};
use uuid::Uuid;

fn letter(to: &str, number: u128) -> Letter {
    let from = Address::parse("sam@cedar.example").unwrap();
    Letter {
        to_name: "Zoë Park".into(),
        to_address: Address::parse(to).unwrap(),
        from_name: "Sam – Cedar Office".into(),
        message_id: MessageId::new(Uuid::from_u128(number), &from),
        from_address: from,
        reply_to: None,
        subject: "A note from Sam — ¿cómo estás?".into(),
        text: "Hi Zoë,\n.\n..two dots\nTake care, Sam".into(),
        html: Some("<p>Hi Zoë. Take care, Sam</p>".into()),
        date: "2026-03-02T12:00:00Z".parse().unwrap(),
        unsubscribe: Some(StopLink::parse("https://cedar.example/u/abc").unwrap()),
        lang: foundation::Lang::English,
    }
}

fn to_zoe() -> Written {
    letter("zoe@example.org", 1).write().unwrap()
}

/// Settings that give up in a moment: nobody waits 90 seconds for a test.
fn hurried(sink: &Sink) -> SmtpSettings {
    let moment = Duration::from_millis(700);
    let patience =
        Patience { connect: moment, command: moment, content: moment, whole: Duration::from_secs(5) };
    SmtpSettings { patience, ..sink.settings() }
}

fn post(settings: SmtpSettings) -> Post {
    Post::Smtp(Smtp::new(settings).unwrap())
}

async fn sink_with(fault: Fault) -> Sink {
    let sink = Sink::open().await.unwrap();
    sink.fault(fault);
    sink
}

/// What becomes of a letter to Zoë at a server that fails like this.
async fn at_a_server_that(fault: Fault) -> Outcome {
    let sink = sink_with(fault).await;
    post(hurried(&sink)).deliver(&to_zoe()).await
}

#[track_caller]
fn expect(outcome: &Outcome, name: &str, words: &str) {
    assert_eq!(outcome.name(), name, "{}", outcome.words());
    assert!(outcome.words().contains(words), "{:?} does not say {words:?}", outcome.words());
}

#[tokio::test]
async fn zoe_gets_her_letter_as_it_was_written() {
    let sink = Sink::open().await.unwrap();
    let written = to_zoe();
    expect(&post(sink.settings()).deliver(&written).await, "accepted", "2.0.0 kept");

    let [got] = sink.letters().try_into().unwrap();
    assert_eq!(
        (got.from.as_str(), got.to.as_slice()),
        ("sam@cedar.example", &["zoe@example.org".to_owned()][..])
    );
    assert_eq!(got.raw.strip_suffix(b"\r\n"), Some(written.bytes.as_slice()), "byte for byte, dots included");
    assert_eq!(got.subject(), "A note from Sam — ¿cómo estás?");
    assert_eq!(got.text(), "Hi Zoë,\n.\n..two dots\nTake care, Sam");
    assert_eq!(got.html().as_deref(), Some("<p>Hi Zoë. Take care, Sam</p>"));
}

#[tokio::test]
async fn her_mailbox_is_told_how_to_stop_the_letters_with_one_click() {
    let sink = Sink::open().await.unwrap();
    post(sink.settings()).deliver(&to_zoe()).await;
    let [got] = sink.letters().try_into().unwrap();
    assert_eq!(got.header("List-Unsubscribe").as_deref(), Some("<https://cedar.example/u/abc>"));
    assert_eq!(got.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert_eq!(got.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(got.header("Content-Language").as_deref(), Some("en"));
}

#[tokio::test]
async fn names_that_mean_harm_reach_one_person_and_no_other() {
    let sink = Sink::open().await.unwrap();
    let post = post(sink.settings());
    let harm =
        ["\r\nBcc: ada@example.org", "\0", "\r\n.\r\nMAIL FROM:<x@example.org>\r\n", "\"<ada@example.org>,"];
    for (number, name) in (1..).zip(harm) {
        let plain = letter("zoe@example.org", number);
        let hostile = Letter {
            to_name: name.into(),
            from_name: name.into(),
            subject: name.into(),
            text: name.into(),
            ..plain
        };
        expect(&post.deliver(&hostile.write().unwrap()).await, "accepted", "");
    }
    let letters = sink.letters();
    assert_eq!(letters.len(), harm.len());
    for got in letters {
        assert_eq!(got.to, ["zoe@example.org"]);
        assert_eq!(got.header("Bcc"), None);
    }
}

#[tokio::test]
async fn a_letter_that_two_servers_could_read_in_two_ways_is_not_sent() {
    let sink = Sink::open().await.unwrap();
    let post = post(sink.settings());
    for bytes in
        [&b"Subject: a\r\n\r\nhi\n.\r\nMAIL FROM:<x@example.org>"[..], b"a\rb", b"a\r", "ñ".as_bytes(), b"\0"]
    {
        let written = Written { bytes: bytes.to_vec(), ..to_zoe() };
        expect(&post.deliver(&written).await, "message_refused", "");
    }
    assert_eq!(sink.connections(), 0);
}

#[tokio::test]
async fn a_second_try_after_a_doubt_carries_the_same_message_id() {
    let sink = sink_with(Fault::hang_up(Stage::AfterDot).once()).await;
    let post = post(hurried(&sink));
    expect(&post.deliver(&to_zoe()).await, "unknown", "");
    expect(&post.deliver(&to_zoe()).await, "accepted", "");
    let ids: Vec<_> = sink.letters().iter().map(|got| got.header("Message-ID").unwrap()).collect();
    assert_eq!(ids, ["<00000000000000000000000000000001@cedar.example>"; 2]);
}

#[tokio::test]
async fn an_address_nobody_has_is_refused_and_the_next_letter_goes_out() {
    let sink =
        sink_with(Fault::say(Stage::Recipient, "550 5.1.1 no such mailbox").of("zoe@example.org")).await;
    let post = post(sink.settings());
    expect(&post.deliver(&to_zoe()).await, "address_refused", "550 5.1.1 no such mailbox");
    expect(&post.deliver(&letter("ada@example.org", 2).write().unwrap()).await, "accepted", "");
    assert_eq!(sink.letters().len(), 1);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_later() {
    for stage in
        [Stage::Greeting, Stage::Hello, Stage::Sender, Stage::Recipient, Stage::Data, Stage::AfterDot]
    {
        let outcome = at_a_server_that(Fault::say(stage, "421 4.3.2 busy")).await;
        expect(&outcome, "try_later", "421 4.3.2 busy");
    }
}

#[tokio::test]
async fn a_greylisted_letter_arrives_at_the_second_try() {
    let sink = sink_with(Fault::say(Stage::Recipient, "451 4.7.1 come back in a while").once()).await;
    let post = post(sink.settings());
    expect(&post.deliver(&to_zoe()).await, "try_later", "451 4.7.1");
    expect(&post.deliver(&to_zoe()).await, "accepted", "");
}

#[tokio::test]
async fn a_letter_the_server_dislikes_is_not_held_against_the_address() {
    for (stage, line) in [
        (Stage::Data, "554 5.5.1 no"),
        (Stage::AfterDot, "552 5.3.4 too large"),
        (Stage::AfterDot, "554 5.7.1 looks like junk"),
        (Stage::Recipient, "554 5.7.1 relay access denied"),
    ] {
        expect(&at_a_server_that(Fault::say(stage, line)).await, "message_refused", line);
    }
}

#[tokio::test]
async fn a_connection_lost_before_the_final_dot_leaves_no_doubt() {
    for stage in [Stage::Greeting, Stage::Hello, Stage::Sender, Stage::Recipient, Stage::Data] {
        expect(&at_a_server_that(Fault::hang_up(stage)).await, "try_later", "");
        expect(&at_a_server_that(Fault::stall(stage)).await, "try_later", "no answer in time");
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_in_the_midst_of_a_long_letter_has_not_delivered_it() {
    // Long enough that the sockets cannot swallow it whole: the final dot is never written.
    let long = Letter { text: "Take care. ".repeat(2_000_000), html: None, ..letter("zoe@example.org", 1) };
    let sink = sink_with(Fault::hang_up(Stage::Body)).await;
    expect(&post(sink.settings()).deliver(&long.write().unwrap()).await, "try_later", "");
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn silence_after_the_final_dot_is_a_doubt_and_is_called_one() {
    expect(&at_a_server_that(Fault::hang_up(Stage::AfterDot)).await, "unknown", "");
    expect(&at_a_server_that(Fault::stall(Stage::AfterDot)).await, "unknown", "no answer in time");
    expect(&at_a_server_that(Fault::say(Stage::AfterDot, "what was that?")).await, "unknown", "");
    expect(&at_a_server_that(Fault::say(Stage::AfterDot, "354 go on")).await, "unknown", "unexpected answer");
}

#[tokio::test]
async fn a_slow_server_has_its_time_and_no_more() {
    let slow = Fault::wait(Stage::Recipient, Duration::from_millis(100));
    expect(&at_a_server_that(slow).await, "accepted", "");

    // Each step is within its own limit, and together they are too many.
    let sink = Sink::open().await.unwrap();
    for stage in [Stage::Sender, Stage::Recipient, Stage::Data] {
        sink.fault(Fault::wait(stage, Duration::from_millis(200)));
    }
    let mut settings = hurried(&sink);
    settings.patience.whole = Duration::from_millis(500);
    let begun = Instant::now();
    expect(&post(settings).deliver(&to_zoe()).await, "try_later", "no answer in time");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_later() {
    let sink = Sink::open().await.unwrap();
    let settings = sink.settings();
    drop(sink);
    tokio::time::sleep(Duration::from_millis(50)).await;
    expect(&post(settings).deliver(&to_zoe()).await, "try_later", "");
}

#[tokio::test]
async fn an_answer_to_another_command_is_never_taken_for_success() {
    // Two answers to one command: from here on each answer belongs to the command before.
    let sink = sink_with(Fault::say(Stage::Sender, "250 fine\r\n250 fine")).await;
    expect(&post(hurried(&sink)).deliver(&to_zoe()).await, "try_later", "unexpected answer: 250");
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn a_cancelled_attempt_leaves_no_stale_answer_to_the_next() {
    let sink =
        sink_with(Fault::wait(Stage::AfterDot, Duration::from_millis(200)).of("zoe@example.org").once())
            .await;
    let post = post(sink.settings());
    expect(&post.deliver(&letter("eva@example.org", 9).write().unwrap()).await, "accepted", "");
    let cancelled = tokio::time::timeout(Duration::from_millis(80), post.deliver(&to_zoe())).await;
    assert!(cancelled.is_err());
    sink.fault(Fault::say(Stage::Recipient, "550 5.1.1 no such mailbox").of("ada@example.org"));
    let ada = letter("ada@example.org", 2).write().unwrap();
    expect(&post.deliver(&ada).await, "address_refused", "");
}

#[tokio::test]
async fn letters_share_a_connection_and_survive_its_end() {
    let sink = Sink::open().await.unwrap();
    let post = post(sink.settings());
    for number in 1..=3 {
        expect(&post.deliver(&letter("zoe@example.org", number).write().unwrap()).await, "accepted", "");
    }
    assert_eq!(sink.connections(), 1);

    sink.fault(Fault::hang_up(Stage::Sender).once());
    expect(&post.deliver(&letter("zoe@example.org", 4).write().unwrap()).await, "accepted", "");
    assert_eq!(sink.connections(), 2, "begun afresh: the server had hung up");

    sink.fault(Fault::say(Stage::Sender, "421 4.7.0 enough letters for one connection").once());
    expect(&post.deliver(&letter("zoe@example.org", 5).write().unwrap()).await, "accepted", "");
    assert_eq!(sink.letters().len(), 5);
}

fn guarded(encryption: Encryption) -> Manner {
    let account = Some(("sam".to_owned(), "correct horse".to_owned()));
    Manner { encryption: Some(encryption), account, ..Manner::default() }
}

#[tokio::test]
async fn a_letter_travels_encrypted_and_signed_in_both_ways() {
    for encryption in [Encryption::Tls, Encryption::StartTls] {
        let sink = Sink::open_as(guarded(encryption)).await.unwrap();
        let post = post(sink.settings());
        expect(&post.deliver(&to_zoe()).await, "accepted", "");
        expect(&post.deliver(&to_zoe()).await, "accepted", "");
        let letters = sink.letters();
        assert_eq!(letters.len(), 2);
        assert!(letters.iter().all(|got| got.encrypted && got.signed_in), "{encryption:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_right_stops_the_lane() {
    for encryption in [Encryption::Tls, Encryption::StartTls] {
        let elsewhere = Manner { certificate_for: "mail.cedar.example".into(), ..guarded(encryption) };
        let sink = Sink::open_as(elsewhere).await.unwrap();
        expect(&post(sink.settings()).deliver(&to_zoe()).await, "configuration", "certificate");

        let sink = Sink::open_as(guarded(encryption)).await.unwrap();
        let stranger = SmtpSettings { extra_root: None, ..sink.settings() };
        expect(&post(stranger).deliver(&to_zoe()).await, "configuration", "certificate");
        assert!(sink.letters().is_empty());
    }
}

#[tokio::test]
async fn a_server_without_encryption_gets_no_letter_and_no_password() {
    let sink = Sink::open().await.unwrap();
    for security in [Security::StartTls, Security::Tls] {
        let settings = SmtpSettings {
            security,
            user: Some("sam".into()),
            password: Some(Password::new("correct horse")),
            ..hurried(&sink)
        };
        expect(&post(settings).deliver(&to_zoe()).await, "configuration", "");
    }
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn words_slipped_in_before_encryption_are_an_alarm() {
    let sink = Sink::open_as(guarded(Encryption::StartTls)).await.unwrap();
    sink.fault(Fault::say(Stage::StartTls, "220 go ahead\r\n250 AUTH PLAIN"));
    expect(&post(hurried(&sink)).deliver(&to_zoe()).await, "configuration", "slipped in");
}

#[tokio::test]
async fn encryption_that_is_out_of_order_today_is_tried_later() {
    let sink = Sink::open_as(guarded(Encryption::StartTls)).await.unwrap();
    sink.fault(Fault::say(Stage::StartTls, "454 4.7.0 not now"));
    expect(&post(hurried(&sink)).deliver(&to_zoe()).await, "try_later", "454");
    sink.heal();
    sink.fault(Fault::hang_up(Stage::StartTls));
    expect(&post(hurried(&sink)).deliver(&to_zoe()).await, "try_later", "");
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn a_wrong_password_stops_the_lane_and_is_repeated_nowhere() {
    let sink = Sink::open_as(guarded(Encryption::Tls)).await.unwrap();
    let settings = SmtpSettings { password: Some(Password::new("battery staple")), ..sink.settings() };
    let outcome = post(settings).deliver(&to_zoe()).await;
    expect(&outcome, "configuration", "535");
    assert!(!outcome.words().contains("staple"));

    let nobody = SmtpSettings { user: None, password: None, ..sink.settings() };
    expect(&post(nobody).deliver(&to_zoe()).await, "configuration", "530");
}

#[tokio::test]
async fn a_sign_in_the_server_does_not_know_stops_the_lane() {
    let sink = Sink::open().await.unwrap();
    let user = Some("sam".to_owned());
    let settings = SmtpSettings { user, password: Some(Password::new("x")), ..sink.settings() };
    expect(&post(settings).deliver(&to_zoe()).await, "configuration", "");
}

#[tokio::test]
async fn clear_text_beyond_this_machine_is_refused_before_a_word_is_said() {
    let sink = Sink::open().await.unwrap();
    let settings = SmtpSettings { host: "mail.cedar.example".into(), ..sink.settings() };
    assert_eq!(Smtp::new(settings).unwrap_err(), Unusable::ClearText);
}

#[tokio::test]
async fn doctor_may_knock_without_sending_anything() {
    let sink = Sink::open_as(guarded(Encryption::StartTls)).await.unwrap();
    assert_eq!(Smtp::new(sink.settings()).unwrap().knock().await.unwrap(), "sink.example");
    let wrong = SmtpSettings { password: Some(Password::new("x")), ..sink.settings() };
    expect(&Smtp::new(wrong).unwrap().knock().await.unwrap_err(), "configuration", "535");
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn the_demo_keeps_every_letter_and_a_house_without_a_server_holds_them() {
    expect(&Post::Captured.deliver(&to_zoe()).await, "accepted", "sent to no one");
    expect(&Post::Held.deliver(&to_zoe()).await, "configuration", "no mail server");
}

#[tokio::test]
async fn no_debug_line_of_an_outcome_quotes_the_server() {
    let outcome = at_a_server_that(Fault::say(Stage::Recipient, "550 5.1.1 <zoe@example.org> unknown")).await;
    assert_eq!(format!("{outcome:?}"), "address_refused");
}
