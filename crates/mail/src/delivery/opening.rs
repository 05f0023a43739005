//! Opens a conversation: connect, encrypt as the settings say, greet, sign in. Never falls back to clear text.

use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    client::AsyncSmtpConnection,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream, rustls};

use super::{
    Outcome, Security,
    answers::{self, Phase},
    patience::Until,
    settings::Usable,
    wire::Wire,
};

/// Longest answer read before encryption, in octets: nobody has proved who they are yet.
const ANSWER: u64 = 16 * 1024;

/// A connection on which `MAIL FROM` may be said.
pub(super) async fn open(usable: &Usable, until: Until) -> Result<AsyncSmtpConnection, Outcome> {
    let tcp = connect(usable, until).await?;
    let peer = tcp.peer_addr().map_err(|error| answers::broken(Phase::Greeting, &error.to_string()))?;
    let wire = match usable.settings.security {
        // "localhost" is a name like others and may lead elsewhere.
        Security::PlainLoopbackOnly if !peer.ip().is_loopback() => {
            return Err(Outcome::Configuration { why: "clear text may not leave this machine".into() });
        }
        Security::PlainLoopbackOnly => Wire::new(tcp, peer, String::new()),
        Security::Tls => Wire::new(encrypt(usable, tcp, until).await?, peer, String::new()),
        Security::StartTls => {
            let (tcp, greeting) = ask_to_encrypt(usable, tcp, until).await?;
            Wire::new(encrypt(usable, tcp, until).await?, peer, greeting)
        }
    };
    let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &usable.helo);
    let mut smtp = match until.within(until.patience.command, greeted).await {
        Ok(Ok(smtp)) => smtp,
        Ok(Err(error)) => return Err(answers::erred(Phase::Greeting, &error)),
        Err(slow) => return Err(answers::broken(Phase::Greeting, &slow.to_string())),
    };
    sign_in(usable, &mut smtp, until).await?;
    Ok(smtp)
}

async fn connect(usable: &Usable, until: Until) -> Result<TcpStream, Outcome> {
    let settings = &usable.settings;
    let connecting = TcpStream::connect((settings.host.as_str(), settings.port));
    let tcp = match until.within(until.patience.connect, connecting).await {
        Ok(Ok(tcp)) => tcp,
        Ok(Err(error)) => return Err(answers::broken(Phase::Greeting, &error.to_string())),
        Err(slow) => return Err(answers::broken(Phase::Greeting, &slow.to_string())),
    };
    // lettre writes a letter and its final dot apart; with Nagle each letter waits some 43 ms for an acknowledgment.
    tcp.set_nodelay(true).map_err(|error| answers::broken(Phase::Greeting, &error.to_string()))?;
    Ok(tcp)
}

async fn encrypt(usable: &Usable, tcp: TcpStream, until: Until) -> Result<TlsStream<TcpStream>, Outcome> {
    let handshake = TlsConnector::from(usable.tls.clone()).connect(usable.server_name.clone(), tcp);
    match until.within(until.patience.connect, handshake).await {
        Ok(Ok(tls)) => Ok(tls),
        // A certificate that is not right, or no TLS at all, stays so: an alarm. A lost connection is only bad luck.
        Ok(Err(error)) if is_of_tls(&error) => {
            Err(Outcome::Configuration { why: answers::quote(&error.to_string()) })
        }
        Ok(Err(error)) => Err(answers::broken(Phase::Encrypting, &error.to_string())),
        Err(slow) => Err(answers::broken(Phase::Encrypting, &slow.to_string())),
    }
}

fn is_of_tls(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
}

/// Greeting, `EHLO`, `STARTTLS`, by hand: lettre would carry words that were sent before encryption over into the
/// encrypted part, where they would be believed. The greeting is given back for lettre to read.
async fn ask_to_encrypt(
    usable: &Usable,
    tcp: TcpStream,
    until: Until,
) -> Result<(TcpStream, String), Outcome> {
    let mut talk = BufReader::new(tcp);
    let greeting = hear(&mut talk, Phase::Greeting, 220, until).await?;
    let offers = ask(&mut talk, &format!("EHLO {}\r\n", usable.helo), Phase::Greeting, 250, until).await?;
    let offered =
        offers.lines().any(|line| line.get(4..).is_some_and(|word| word.eq_ignore_ascii_case("STARTTLS")));
    if !offered {
        return Err(Outcome::Configuration { why: "the mail server does not offer STARTTLS".into() });
    }
    ask(&mut talk, "STARTTLS\r\n", Phase::Encrypting, 220, until).await?;
    if !talk.buffer().is_empty() {
        return Err(Outcome::Configuration { why: "words were slipped in before encryption".into() });
    }
    Ok((talk.into_inner(), greeting))
}

type Talk = BufReader<TcpStream>;

async fn ask(
    talk: &mut Talk,
    words: &str,
    phase: Phase,
    expected: u16,
    until: Until,
) -> Result<String, Outcome> {
    match until.within(until.patience.command, talk.write_all(words.as_bytes())).await {
        Ok(Ok(())) => hear(talk, phase, expected, until).await,
        Ok(Err(error)) => Err(answers::broken(phase, &error.to_string())),
        Err(slow) => Err(answers::broken(phase, &slow.to_string())),
    }
}

/// One whole answer, all its lines.
async fn hear(talk: &mut Talk, phase: Phase, expected: u16, until: Until) -> Result<String, Outcome> {
    let answer = match until.within(until.patience.command, read_answer(talk)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(answers::broken(phase, &error.to_string())),
        Err(slow) => return Err(answers::broken(phase, &slow.to_string())),
    };
    let last = answer.lines().last().unwrap_or_default();
    match last.get(..3).and_then(|code| code.parse::<u16>().ok()) {
        Some(code) if code == expected => Ok(answer),
        Some(code) => Err(answers::refused(phase, code, last.get(4..).unwrap_or_default())),
        None => Err(answers::broken(phase, &format!("this is not an answer of a mail server: {last}"))),
    }
}

async fn read_answer(talk: &mut Talk) -> std::io::Result<String> {
    let mut talk = talk.take(ANSWER);
    let mut answer = String::new();
    loop {
        let from = answer.len();
        if talk.read_line(&mut answer).await? == 0 {
            return Err(std::io::Error::other("the mail server hung up"));
        }
        let goes_on = answer.get(from..).is_some_and(|line| line.as_bytes().get(3) == Some(&b'-'));
        if !goes_on {
            return Ok(answer);
        }
    }
}

async fn sign_in(usable: &Usable, smtp: &mut AsyncSmtpConnection, until: Until) -> Result<(), Outcome> {
    let (Some(user), Some(password)) = (&usable.settings.user, &usable.settings.password) else {
        return Ok(());
    };
    let credentials = Credentials::new(user.clone(), password.reveal().to_owned());
    let signing_in = smtp.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
    match until.within(until.patience.command, signing_in).await {
        Ok(Ok(response)) if response.has_code(235) => Ok(()),
        Ok(Ok(response)) => Err(answers::unexpected(Phase::SigningIn, &response)),
        Ok(Err(error)) => Err(answers::erred(Phase::SigningIn, &error)),
        Err(slow) => Err(answers::broken(Phase::SigningIn, &slow.to_string())),
    }
}
