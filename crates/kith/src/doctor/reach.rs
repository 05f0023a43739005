//! How people reach the program: its address, TLS in front, the proxy.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use super::Findings;
use crate::settings::Settings;

/// So long a way in may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn look(settings: &Settings, found: &mut Findings) {
    let address = settings.public_url.as_str();
    match Url::parse(address).ok() {
        None => found.look(
            "address",
            "`public_url` is not set: pages work on this machine alone, and letters wait because their links must be https.",
        ),
        Some(url) if url.scheme() != "https" => found.wrong(
            "address",
            format!("{address} is not https: what people write is read on the way, and no letter leaves. Put TLS in front."),
        ),
        Some(url) => answers("address", &url, found).await,
    }
    if let Some(url) = Url::parse(&settings.links_url).ok().filter(|url| url.scheme() == "https") {
        answers("address of links", &url, found).await;
    } else if !settings.links_url.is_empty() {
        found.wrong("address of links", format!("{} is not https, so no letter leaves.", settings.links_url));
    }
    if !settings.listen.ip().is_loopback() && !settings.tls_in_front {
        found.wrong(
            "listening",
            "Other machines reach plain HTTP. Listen on 127.0.0.1, or set `tls_in_front`.",
        );
    }
    if !settings.public_url.is_empty() && settings.trusted_proxies.is_empty() {
        found.wrong(
            "proxy",
            "`trusted_proxies` names none: every visitor seems to come from the proxy and all share one limit. Name it, and \
             have it send X-Forwarded-For.",
        );
    }
}

/// Whether somebody listens at an address.
async fn answers(about: &'static str, url: &Url, found: &mut Findings) {
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    match timeout(PATIENCE, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => found.right(about, format!("{url} is answered.")),
        Ok(Err(e)) => found.look(about, format!("{url} cannot be reached from here: {e}.")),
        Err(_) => found.look(about, format!("{url} does not answer from here.")),
    }
}
