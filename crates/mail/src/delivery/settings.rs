//! Which mail server, how to reach it, and the check that these settings can be used at all.

use std::{fmt, net::IpAddr, sync::Arc};

use lettre::transport::smtp::extension::ClientId;
use tokio_rustls::rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};

use super::Patience;

/// How the words to the server are protected. There is no "if possible": a connection that cannot be encrypted as
/// asked is an alarm, never clear text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Encrypted from the first byte (port 465).
    Tls,
    /// Encrypted before anything is said (port 587).
    StartTls,
    /// Clear text, to a mail server on this very machine only.
    PlainLoopbackOnly,
}

/// A password that no log line shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The mail server of the center.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// A name or an IP address; the certificate must be for it.
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Who signs in. Without it nobody does.
    pub user: Option<String>,
    pub password: Option<Password>,
    /// The name this machine gives for itself; it ends up in headers that people can read, so it must be neutral.
    /// Empty: the address literal of RFC 5321 4.1.4, which says nothing.
    pub helo: String,
    /// The certificate of a private authority, PEM or DER, trusted beside the public ones.
    pub extra_root: Option<Vec<u8>>,
    pub patience: Patience,
}

/// The settings cannot be used, as a sentence for the person who wrote them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("The mail server's host is not a name or an IP address.")]
    Host,
    #[error("The mail server's port is missing.")]
    Port,
    #[error("Mail in clear text is only for a mail server on this machine; use tls or starttls.")]
    ClearText,
    #[error("A mail user needs a password, and a password a user.")]
    HalfASignIn,
    #[error("The name given to the mail server (helo) is not a name of a machine.")]
    Helo,
    #[error("The extra certificate is neither PEM nor DER.")]
    ExtraRoot,
    #[error("The encryption library cannot be set up.")]
    Encryption,
}

/// Settings that were checked, with what is worked out once.
pub(super) struct Usable {
    pub(super) settings: SmtpSettings,
    pub(super) helo: ClientId,
    pub(super) server_name: ServerName<'static>,
    pub(super) tls: Arc<ClientConfig>,
}

impl Usable {
    pub(super) fn check(mut settings: SmtpSettings) -> Result<Self, Unusable> {
        settings.host = settings.host.trim().trim_start_matches('[').trim_end_matches(']').to_owned();
        let server_name = ServerName::try_from(settings.host.clone()).map_err(|_| Unusable::Host)?;
        if settings.port == 0 {
            return Err(Unusable::Port);
        }
        if settings.security == Security::PlainLoopbackOnly && !names_loopback(&settings.host) {
            return Err(Unusable::ClearText);
        }
        if settings.user.is_some() != settings.password.is_some() {
            return Err(Unusable::HalfASignIn);
        }
        let helo = client_id(&settings.helo)?;
        let tls = Arc::new(client_config(settings.extra_root.as_deref())?);
        Ok(Self { settings, helo, server_name, tls })
    }
}

/// Names resolved elsewhere are checked again once connected: a name is not proof of a place.
pub(crate) fn names_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn client_id(helo: &str) -> Result<ClientId, Unusable> {
    if helo.is_empty() {
        return Ok(ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST));
    }
    let is_name =
        helo.len() <= 253 && helo.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    if is_name { Ok(ClientId::Domain(helo.to_owned())) } else { Err(Unusable::Helo) }
}

pub(crate) fn client_config(extra_root: Option<&[u8]>) -> Result<ClientConfig, Unusable> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for root in extra_root.map(certificates).transpose()?.unwrap_or_default() {
        roots.add(root).map_err(|_| Unusable::ExtraRoot)?;
    }
    // The provider is named: rustls panics when it has to guess between two that other crates brought.
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Unusable::Encryption)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn certificates(file: &[u8]) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    if !file.starts_with(b"\x30") {
        let pem: Vec<_> = CertificateDer::pem_slice_iter(file)
            .collect::<Result<_, _>>()
            .map_err(|_| Unusable::ExtraRoot)?;
        return if pem.is_empty() { Err(Unusable::ExtraRoot) } else { Ok(pem) };
    }
    Ok(vec![CertificateDer::from(file.to_vec())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(host: &str, security: Security) -> SmtpSettings {
        SmtpSettings {
            host: host.into(),
            port: 2525,
            security,
            user: None,
            password: None,
            helo: String::new(),
            extra_root: None,
            patience: Patience::default(),
        }
    }

    fn refusal(settings: SmtpSettings) -> Option<Unusable> {
        Usable::check(settings).err()
    }

    #[test]
    fn clear_text_goes_to_this_machine_and_nowhere_else() {
        for here in ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"] {
            assert_eq!(refusal(to(here, Security::PlainLoopbackOnly)), None, "{here}");
        }
        for elsewhere in ["mail.cedar.example", "192.0.2.1", "10.0.0.1", "0.0.0.0", "localhost.cedar.example"]
        {
            let plain = to(elsewhere, Security::PlainLoopbackOnly);
            assert_eq!(refusal(plain), Some(Unusable::ClearText), "{elsewhere}");
            assert_eq!(refusal(to(elsewhere, Security::StartTls)), None, "{elsewhere}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_refused_before_the_first_letter() {
        let tls = || to("mail.cedar.example", Security::Tls);
        assert_eq!(refusal(to("mail cedar", Security::Tls)), Some(Unusable::Host));
        assert_eq!(refusal(to("", Security::Tls)), Some(Unusable::Host));
        assert_eq!(refusal(SmtpSettings { port: 0, ..tls() }), Some(Unusable::Port));
        assert_eq!(refusal(SmtpSettings { user: Some("sam".into()), ..tls() }), Some(Unusable::HalfASignIn));
        assert_eq!(refusal(SmtpSettings { helo: "a\r\nRSET".into(), ..tls() }), Some(Unusable::Helo));
        for file in [&b"not a certificate"[..], b"", b"\x30\x03\x02\x01\x01"] {
            let extra_root = Some(file.to_vec());
            assert_eq!(refusal(SmtpSettings { extra_root, ..tls() }), Some(Unusable::ExtraRoot));
        }
    }

    #[test]
    fn the_password_is_in_no_debug_line() {
        let settings = SmtpSettings {
            user: Some("sam".into()),
            password: Some(Password::new("correct horse")),
            ..to("localhost", Security::Tls)
        };
        let smtp = super::super::Smtp::new(settings.clone()).unwrap();
        assert!(!format!("{settings:?} {smtp:?}").contains("horse"));
    }
}
