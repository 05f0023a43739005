//! Prints how many letters a second leave over loopback, by security and number of lanes, so that a stall of tens of
//! milliseconds a letter (Nagle) would be seen. Run: `cargo run --release -p mail --example throughput`.

use std::{sync::Arc, time::Instant};

use mail::{
    delivery::{Outcome, Post, Smtp},
    letter::{Address, Letter, MessageId, Written},
    sink::{Encryption, Manner, Sink},
};
use uuid::Uuid;

const LETTERS: u32 = 400;

type Trouble = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Trouble> {
    let written = Arc::new(a_letter()?);
    for encryption in [None, Some(Encryption::StartTls), Some(Encryption::Tls)] {
        for lanes in [1, 4] {
            let sink = Sink::open_as(Manner { encryption, ..Manner::default() }).await?;
            let post = Post::Smtp(Smtp::new(sink.settings())?);
            let begun = Instant::now();
            let sending: Vec<_> = (0..lanes)
                .map(|_| tokio::spawn(send(post.clone(), written.clone(), LETTERS / lanes)))
                .collect();
            for lane in sending {
                lane.await??;
            }
            let each = (begun.elapsed() / LETTERS).as_secs_f64();
            let manner = encryption.map_or("clear text".to_owned(), |encryption| format!("{encryption:?}"));
            println!("{manner:>10}, {lanes} lanes: {:>6.0} letters/s, {:.2} ms each", 1.0 / each, each * 1e3);
        }
    }
    Ok(())
}

async fn send(post: Post, written: Arc<Written>, letters: u32) -> Result<(), Trouble> {
    for _ in 0..letters {
        match post.deliver(&written).await {
            Outcome::Accepted { .. } => {}
            other => return Err(format!("{}: {}", other.name(), other.words()).into()),
        }
    }
    Ok(())
}

fn a_letter() -> Result<Written, Trouble> {
    let from = Address::parse("sam@cedar.example")?;
    let letter = Letter {
        to_name: "Zoë Park".into(),
        to_address: Address::parse("zoe@example.org")?,
        from_name: "Sam".into(),
        message_id: MessageId::new(Uuid::from_u128(1), &from),
        from_address: from,
        reply_to: None,
        subject: "A note from Sam".into(),
        text: "Hi Zoë,\nwe think of you.\n".repeat(20),
        html: Some("<p>Hi Zoë, we think of you.</p>".repeat(20)),
        date: "2026-03-02T12:00:00Z".parse()?,
        unsubscribe: None,
        lang: foundation::Lang::English,
    };
    Ok(letter.write()?)
}
