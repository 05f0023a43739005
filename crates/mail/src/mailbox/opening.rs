//! Opens a mailbox: connect, encrypt as the settings say, sign in. Never falls back to clear text.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_imap::{Client, Session};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::{Fault, MailboxSettings};
use crate::delivery::wire::Duplex;
use crate::delivery::{Security, Unusable, client_config, names_loopback};

/// Longest line read before encryption, in octets.
const LINE: u64 = 8 * 1024;

/// Settings that were checked, with what is worked out once.
pub(super) struct Usable {
    pub(super) settings: MailboxSettings,
    server_name: ServerName<'static>,
    tls: Arc<ClientConfig>,
}

impl Usable {
    pub(super) fn check(settings: MailboxSettings) -> Result<Self, Unusable> {
        let server_name = ServerName::try_from(settings.host.clone()).map_err(|_| Unusable::Host)?;
        if settings.port == 0 {
            return Err(Unusable::Port);
        }
        if settings.security == Security::PlainLoopbackOnly && !names_loopback(&settings.host) {
            return Err(Unusable::ClearText);
        }
        if settings.user.is_empty() || settings.password.is_empty() {
            return Err(Unusable::HalfASignIn);
        }
        let tls = Arc::new(client_config(settings.extra_root.as_deref())?);
        Ok(Self { settings, server_name, tls })
    }
}

/// The stream under the conversation.
pub(super) struct Line(Box<dyn Duplex>);

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// A mailbox somebody has signed in to.
pub(super) async fn open(usable: &Usable) -> Result<Session<Line>, Fault> {
    let settings = &usable.settings;
    let away = |_| Fault("The mailbox cannot be reached.".into());
    let tcp = TcpStream::connect((settings.host.as_str(), settings.port)).await.map_err(away)?;
    let peer = tcp.peer_addr().map_err(away)?;
    let client = match settings.security {
        // "localhost" is a name like others and may lead elsewhere.
        Security::PlainLoopbackOnly if !peer.ip().is_loopback() => {
            return Err(Fault("Clear text may not leave this machine.".into()));
        }
        Security::PlainLoopbackOnly => greeted(Line(Box::new(tcp))).await?,
        Security::Tls => greeted(encrypted(usable, tcp).await?).await?,
        Security::StartTls => {
            let tcp = asked_to_encrypt(tcp).await?;
            // The greeting came before; what was said then is forgotten.
            Client::new(encrypted(usable, tcp).await?)
        }
    };
    let signed_in = client.login(&settings.user, settings.password.reveal()).await;
    signed_in.map_err(|(error, _)| match error {
        async_imap::error::Error::No(_) => Fault("The mailbox does not let us sign in.".into()),
        other => other.into(),
    })
}

async fn greeted(line: Line) -> Result<Client<Line>, Fault> {
    let mut client = Client::new(line);
    match client.read_response().await {
        Ok(Some(_)) => Ok(client),
        Ok(None) | Err(_) => Err(Fault("The mailbox hung up before it greeted.".into())),
    }
}

async fn encrypted(usable: &Usable, tcp: TcpStream) -> Result<Line, Fault> {
    let handshake = TlsConnector::from(usable.tls.clone()).connect(usable.server_name.clone(), tcp);
    let line = handshake
        .await
        .map_err(|_| Fault("The way to the mailbox cannot be encrypted: look at its certificate.".into()))?;
    Ok(Line(Box::new(line)))
}

/// Greeting and `STARTTLS` by hand, so that nothing said before encryption is believed after it.
async fn asked_to_encrypt(tcp: TcpStream) -> Result<TcpStream, Fault> {
    let broke = |_| Fault("The connection to the mailbox broke.".into());
    let refused = || Fault("The mailbox does not offer STARTTLS.".into());
    let mut talk = BufReader::new(tcp);
    let mut line = String::new();
    (&mut talk).take(LINE).read_line(&mut line).await.map_err(broke)?;
    if !line.starts_with("* OK") {
        return Err(Fault("This is no mailbox that can be looked into by IMAP.".into()));
    }
    talk.write_all(b"k1 STARTTLS\r\n").await.map_err(broke)?;
    line.clear();
    (&mut talk).take(LINE).read_line(&mut line).await.map_err(broke)?;
    if !line.starts_with("k1 OK") {
        return Err(refused());
    }
    if !talk.buffer().is_empty() {
        return Err(Fault("Words were slipped in before encryption.".into()));
    }
    Ok(talk.into_inner())
}
