//! A real little mail server on loopback for tests: it keeps what it is given, speaks TLS and STARTTLS with a
//! certificate of its own, and has faults on request, at any point of the conversation.

mod talk;

use std::{
    io::{self, Error},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use mail_parser::MessageParser;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

use crate::delivery::{Password, Patience, Security, SmtpSettings};
use talk::converse;

/// How a sink presents itself. The default speaks clear text and lets anyone in.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// `None` is clear text.
    pub encryption: Option<Encryption>,
    /// The one name or IP address in its certificate; `127.0.0.1` when empty.
    pub certificate_for: String,
    /// The user and password without which no letter is taken.
    pub account: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    Tls,
    StartTls,
}

/// Points of a conversation where a sink can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Hello,
    StartTls,
    SignIn,
    Sender,
    Recipient,
    /// At the command `DATA`.
    Data,
    /// In the midst of the letter, which is then not kept.
    Body,
    /// After the final dot. A letter that is answered by a fault is not kept; one met by silence is: the worst case.
    AfterDot,
}

/// One way to fail, met at each conversation until it is used up.
#[derive(Clone, Debug)]
pub struct Fault {
    at: Stage,
    does: Does,
    of: Option<String>,
    once: bool,
}

#[derive(Clone, Debug)]
enum Does {
    Say(String),
    Wait(Duration),
    HangUp,
    Stall,
}

impl Fault {
    /// Answers with `line` (code, space, words) instead of going on.
    pub fn say(at: Stage, line: impl Into<String>) -> Self {
        Self::of_kind(at, Does::Say(line.into()))
    }

    /// Waits, then goes on as if nothing were.
    pub fn wait(at: Stage, pause: Duration) -> Self {
        Self::of_kind(at, Does::Wait(pause))
    }

    /// Closes the connection without a word.
    pub fn hang_up(at: Stage) -> Self {
        Self::of_kind(at, Does::HangUp)
    }

    /// Never answers again, and keeps the connection open.
    pub fn stall(at: Stage) -> Self {
        Self::of_kind(at, Does::Stall)
    }

    fn of_kind(at: Stage, does: Does) -> Self {
        Self { at, does, of: None, once: false }
    }

    /// Only for letters to this recipient.
    #[must_use]
    pub fn of(mut self, recipient: impl Into<String>) -> Self {
        self.of = Some(recipient.into());
        self
    }

    /// Only the first time.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }
}

/// A letter as the sink got it.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub encrypted: bool,
    pub signed_in: bool,
    pub raw: Vec<u8>,
}

impl Received {
    /// The header of this name, decoded from its folds but not from its words; the first if there are several.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::default().parse(&self.raw)?;
        let found = message.headers_raw().find(|(called, _)| called.eq_ignore_ascii_case(name))?;
        Some(found.1.replace("\r\n", "").trim().to_owned())
    }

    /// The subject as a person reads it.
    pub fn subject(&self) -> String {
        let message = MessageParser::default().parse(&self.raw);
        message.as_ref().and_then(|message| message.subject()).unwrap_or_default().to_owned()
    }

    /// The plain text as a person reads it, lines ended by LF.
    pub fn text(&self) -> String {
        let message = MessageParser::default().parse(&self.raw);
        let text = message.as_ref().and_then(|message| message.body_text(0)).unwrap_or_default();
        text.replace("\r\n", "\n").trim_end().to_owned()
    }

    /// The page, when the letter has one of its own.
    pub fn html(&self) -> Option<String> {
        let message = MessageParser::default().parse(&self.raw)?;
        let part = message.html_part(0).filter(|part| part.is_text_html())?;
        part.text_contents().map(|html| html.trim_end().to_owned())
    }
}

/// The server. It stops when it is dropped, and every conversation with it.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    root: Option<Vec<u8>>,
    house: Arc<House>,
    listening: JoinHandle<()>,
}

struct House {
    manner: Manner,
    tls: Option<TlsAcceptor>,
    letters: Mutex<Vec<Received>>,
    faults: Mutex<Vec<Fault>>,
    connections: AtomicUsize,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.manner.fmt(f)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Sink {
    /// Listens on a free port, in clear text.
    pub async fn open() -> io::Result<Self> {
        Self::open_as(Manner::default()).await
    }

    /// Listens on a free port in this manner.
    pub async fn open_as(manner: Manner) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (root, tls) = match manner.encryption {
            None => (None, None),
            Some(_) => certified(&manner.certificate_for).map(|(root, tls)| (Some(root), Some(tls)))?,
        };
        let house = Arc::new(House {
            manner,
            tls,
            letters: Mutex::default(),
            faults: Mutex::default(),
            connections: AtomicUsize::new(0),
        });
        let address = listener.local_addr()?;
        let listening = tokio::spawn(listen(listener, house.clone()));
        Ok(Self { address, root, house, listening })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of its authority, DER; `None` in clear text.
    pub fn root(&self) -> Option<&[u8]> {
        self.root.as_deref()
    }

    /// Settings with which a letter arrives here.
    pub fn settings(&self) -> SmtpSettings {
        let account = self.house.manner.account.clone();
        SmtpSettings {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            security: match self.house.manner.encryption {
                None => Security::PlainLoopbackOnly,
                Some(Encryption::Tls) => Security::Tls,
                Some(Encryption::StartTls) => Security::StartTls,
            },
            user: account.as_ref().map(|(user, _)| user.clone()),
            password: account.map(|(_, password)| Password::new(password)),
            helo: String::new(),
            extra_root: self.root.clone(),
            patience: Patience::default(),
        }
    }

    /// From now on, fails like this as well.
    pub fn fault(&self, fault: Fault) {
        held(&self.house.faults).push(fault);
    }

    /// From now on, works as it should.
    pub fn heal(&self) {
        held(&self.house.faults).clear();
    }

    /// Everything received so far, in order.
    pub fn letters(&self) -> Vec<Received> {
        held(&self.house.letters).clone()
    }

    /// Waits until `count` letters are here, or gives what there is after `at_most`.
    pub async fn wait_for(&self, count: usize, at_most: Duration) -> Vec<Received> {
        let enough = async {
            while held(&self.house.letters).len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let _ = tokio::time::timeout(at_most, enough).await;
        self.letters()
    }

    /// How often someone connected.
    pub fn connections(&self) -> usize {
        self.house.connections.load(Ordering::Relaxed)
    }
}

fn held<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An authority of its own and a certificate by it, so that trust is checked as with any other.
fn certified(name: &str) -> io::Result<(Vec<u8>, TlsAcceptor)> {
    let name = if name.is_empty() { "127.0.0.1" } else { name };
    let mut authority = CertificateParams::new(Vec::new()).map_err(Error::other)?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().map_err(Error::other)?)
        .map_err(Error::other)?;
    let key = KeyPair::generate().map_err(Error::other)?;
    let certificate = CertificateParams::new(vec![name.to_owned()])
        .and_then(|params| params.signed_by(&key, &authority))
        .map_err(Error::other)?;
    let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(Error::other)?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], private)
        })
        .map_err(Error::other)?;
    Ok((authority.as_ref().der().to_vec(), TlsAcceptor::from(Arc::new(config))))
}

async fn listen(listener: TcpListener, house: Arc<House>) {
    // Owned here, so that conversations end with the sink.
    let mut conversations = JoinSet::new();
    while let Ok((tcp, _)) = listener.accept().await {
        house.connections.fetch_add(1, Ordering::Relaxed);
        conversations.spawn(converse(house.clone(), tcp));
        while conversations.try_join_next().is_some() {}
    }
}
