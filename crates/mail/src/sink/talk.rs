//! One conversation of the sink: the server's side of SMTP, with its faults.

use std::{
    io::{self, Error},
    mem,
    sync::Arc,
};

use mail_parser::decoders::base64::base64_decode;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::{Does, Encryption, Fault, House, Received, Stage, held};
use crate::delivery::wire::Duplex;

/// One conversation; an error is a connection that ended, whoever ended it.
pub(super) async fn converse(house: Arc<House>, tcp: TcpStream) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    // Clients that leave Nagle on wait for this acknowledgment before they send the final dot.
    #[cfg(target_os = "linux")]
    tcp.set_quickack(true)?;
    let at_once = house.tls.clone().filter(|_| house.manner.encryption == Some(Encryption::Tls));
    let encrypted = at_once.is_some();
    let line: Box<dyn Duplex> = match at_once {
        Some(tls) => Box::new(tls.accept(tcp).await?),
        None => Box::new(tcp),
    };
    let mut talk = Talk {
        house,
        line: BufReader::new(line),
        encrypted,
        signed_in: false,
        from: String::new(),
        to: Vec::new(),
    };
    talk.answer(Stage::Greeting, "220 sink.example ESMTP").await?;
    loop {
        let command = talk.line().await?;
        let (verb, rest) = command.split_once([' ', ':']).unwrap_or((&command, ""));
        match verb.to_ascii_uppercase().as_str() {
            "STARTTLS" => talk = talk.encrypt().await?,
            "QUIT" => return talk.say("221 bye").await,
            verb => talk.turn(verb, rest).await?,
        }
    }
}

struct Talk {
    house: Arc<House>,
    line: BufReader<Box<dyn Duplex>>,
    encrypted: bool,
    signed_in: bool,
    from: String,
    to: Vec<String>,
}

impl Talk {
    async fn turn(&mut self, verb: &str, rest: &str) -> io::Result<()> {
        match verb {
            "EHLO" | "HELO" => self.greet().await,
            "AUTH" => self.sign_in(rest).await,
            "MAIL" if self.house.manner.account.is_some() && !self.signed_in => {
                self.say("530 5.7.0 sign in first").await
            }
            "MAIL" => {
                self.from = bare(rest);
                self.to.clear();
                self.answer(Stage::Sender, "250 2.1.0 fine").await.map(|_| ())
            }
            "RCPT" => self.recipient(bare(rest)).await,
            "DATA" => self.data().await,
            "RSET" | "NOOP" => self.say("250 2.0.0 fine").await,
            _ => self.say("502 5.5.2 not here").await,
        }
    }

    async fn greet(&mut self) -> io::Result<()> {
        let mut offers = String::from("250-sink.example\r\n250-8BITMIME\r\n");
        if self.house.manner.encryption == Some(Encryption::StartTls) && !self.encrypted {
            offers.push_str("250-STARTTLS\r\n");
        }
        if self.house.manner.account.is_some() {
            offers.push_str("250-AUTH PLAIN\r\n");
        }
        offers.push_str("250 ENHANCEDSTATUSCODES");
        self.answer(Stage::Hello, &offers).await.map(|_| ())
    }

    async fn encrypt(mut self) -> io::Result<Self> {
        let Some(tls) = self.house.tls.clone() else {
            self.say("502 5.5.1 not here").await?;
            return Ok(self);
        };
        if !self.answer(Stage::StartTls, "220 2.0.0 go ahead").await? {
            return Ok(self);
        }
        let line: Box<dyn Duplex> = Box::new(tls.accept(self.line.into_inner()).await?);
        Ok(Self { line: BufReader::new(line), encrypted: true, ..self })
    }

    async fn sign_in(&mut self, rest: &str) -> io::Result<()> {
        let given = rest.split_once(' ').and_then(|(_, words)| base64_decode(words.as_bytes()));
        let wanted =
            self.house.manner.account.as_ref().map(|(user, word)| format!("\0{user}\0{word}").into_bytes());
        if wanted.is_none() || given != wanted {
            return self.say("535 5.7.8 wrong user or password").await;
        }
        self.signed_in = self.answer(Stage::SignIn, "235 2.7.0 welcome").await?;
        Ok(())
    }

    async fn recipient(&mut self, address: String) -> io::Result<()> {
        self.to.push(address);
        if !self.answer(Stage::Recipient, "250 2.1.5 fine").await? {
            self.to.pop();
        }
        Ok(())
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.to.is_empty() {
            return self.say("503 5.5.1 to whom?").await;
        }
        if !self.answer(Stage::Data, "354 go on").await? {
            return Ok(());
        }
        let mut raw = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.line.read_until(b'\n', &mut line).await? == 0 {
                return Err(Error::other("gone"));
            }
            if raw.is_empty() && !self.goes_on(Stage::Body).await? {
                return Err(Error::other("the letter was interrupted"));
            }
            match line.strip_prefix(b".") {
                Some(b"\r\n") => return self.take(raw).await,
                Some(unstuffed) => raw.extend_from_slice(unstuffed),
                None => raw.extend_from_slice(&line),
            }
        }
    }

    async fn take(&mut self, raw: Vec<u8>) -> io::Result<()> {
        let letter = Received {
            from: mem::take(&mut self.from),
            to: self.to.clone(),
            encrypted: self.encrypted,
            signed_in: self.signed_in,
            raw,
        };
        let fault = self.fault(Stage::AfterDot);
        // Kept before the answer: whoever hears it finds the letter here, and whoever waits in vain was heard too.
        if !matches!(fault, Some(Does::Say(_))) {
            held(&self.house.letters).push(letter);
        }
        let goes_on = match fault {
            Some(fault) => self.meets(fault).await?,
            None => true,
        };
        if goes_on { self.say("250 2.0.0 kept").await } else { Ok(()) }
    }

    /// Answers, unless a fault has answered instead; whether it was this answer that was given.
    async fn answer(&mut self, at: Stage, line: &str) -> io::Result<bool> {
        let goes_on = self.goes_on(at).await?;
        if goes_on {
            self.say(line).await?;
        }
        Ok(goes_on)
    }

    async fn goes_on(&mut self, at: Stage) -> io::Result<bool> {
        match self.fault(at) {
            Some(fault) => self.meets(fault).await,
            None => Ok(true),
        }
    }

    /// The fault to meet here, used up if it is for once.
    fn fault(&self, at: Stage) -> Option<Does> {
        let mut faults = held(&self.house.faults);
        let here =
            |fault: &Fault| fault.at == at && fault.of.as_ref().is_none_or(|whom| self.to.contains(whom));
        let found = faults.iter().position(here)?;
        let fault = faults.get(found)?.clone();
        if fault.once {
            faults.remove(found);
        }
        Some(fault.does)
    }

    /// Whether the conversation goes on as usual after it.
    async fn meets(&mut self, fault: Does) -> io::Result<bool> {
        match fault {
            Does::Say(line) => self.say(&line).await.map(|()| false),
            Does::Wait(pause) => {
                tokio::time::sleep(pause).await;
                Ok(true)
            }
            Does::HangUp => Err(Error::other("hung up")),
            Does::Stall => std::future::pending().await,
        }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.line.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.line.flush().await
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.line.read_line(&mut line).await? == 0 {
            return Err(Error::other("gone"));
        }
        Ok(line.trim_end().to_owned())
    }
}

/// The address between the angle brackets of `FROM:<…>` or `TO:<…>`.
fn bare(rest: &str) -> String {
    let inside = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
