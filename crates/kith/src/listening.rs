//! Takes connections and serves them until it is told to stop. Whoever says nothing, or says it too slowly, does not keep a
//! place: their connection is closed, and no one address takes all the places there are.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// So long a client may take for the head of a request, and so long it may rest between two.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// Connections of one address. A browser opens six, a household or an office behind one address some dozens.
const OF_ONE: usize = 100;
/// Files the program needs beside its connections: database, letters, log.
const BESIDE: u64 = 64;
/// Connections at the most, where the system allows that many files.
const MOST: u64 = 4096;
/// When no connection can be taken, for want of files or memory, it is tried again after this.
const BREATH: Duration = Duration::from_millis(200);

/// Who is allowed how many connections.
#[derive(Clone)]
struct Places {
    /// Places that are free.
    all: Arc<Semaphore>,
    /// How many each address has.
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    /// Proxies stand for many people.
    proxies: Arc<[IpNet]>,
}

/// A place that is given back when it is dropped.
struct Place {
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    of: Option<IpAddr>,
    _one: tokio::sync::OwnedSemaphorePermit,
}

impl Places {
    fn new(proxies: Vec<IpNet>) -> Self {
        let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(MOST);
        let all = files.saturating_sub(BESIDE).clamp(16, MOST);
        let all = usize::try_from(all).unwrap_or(Semaphore::MAX_PERMITS);
        Self { all: Arc::new(Semaphore::new(all)), taken: Arc::default(), proxies: proxies.into() }
    }

    /// A place for a client; `None` when its address has enough.
    fn take(&self, one: tokio::sync::OwnedSemaphorePermit, client: IpAddr) -> Option<Place> {
        let client = client.to_canonical();
        let stands_for_many = client.is_loopback() || self.proxies.iter().any(|net| net.contains(&client));
        if stands_for_many {
            return Some(Place { taken: Arc::clone(&self.taken), of: None, _one: one });
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let has = taken.entry(client).or_default();
        if *has >= OF_ONE {
            return None;
        }
        *has += 1;
        drop(taken);
        Some(Place { taken: Arc::clone(&self.taken), of: Some(client), _one: one })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(of) = self.of else { return };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(has) = taken.get_mut(&of) {
            *has -= 1;
            if *has == 0 {
                taken.remove(&of);
            }
        }
    }
}

/// Serves until `closing`, and then until every open request has its answer.
pub async fn serve(listener: TcpListener, app: Router, proxies: Vec<IpNet>, closing: CancellationToken) {
    let places = Places::new(proxies);
    let graceful = GracefulShutdown::new();
    loop {
        let taken = tokio::select! {
            () = closing.cancelled() => break,
            taken = next(&listener, &places) => taken,
        };
        let Some((stream, client, place)) = taken else { continue };
        // An answer of a few bytes leaves at once and does not wait for more.
        _ = stream.set_nodelay(true);
        let app = app.clone().map_request(move |request: Request<Incoming>| {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(client));
            request
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A line that breaks is the client's matter; what was done stands.
            _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// The next connection with its place. Nobody is taken while no place is free: the system lets them wait at the door.
async fn next(listener: &TcpListener, places: &Places) -> Option<(TcpStream, SocketAddr, Place)> {
    let one = Arc::clone(&places.all).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, client)) => places.take(one, client.ip()).map(|place| (stream, client, place)),
        Err(e) => {
            use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
            if !matches!(e.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
                tracing::error!(error = %e, "no connection can be taken");
                tokio::time::sleep(BREATH).await;
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places::new(vec!["10.0.0.0/8".parse().unwrap()])
    }

    fn one(places: &Places) -> tokio::sync::OwnedSemaphorePermit {
        Arc::clone(&places.all).try_acquire_owned().unwrap()
    }

    #[test]
    fn one_address_never_takes_every_place_and_gives_back_what_it_had() {
        let places = Places { all: Arc::new(Semaphore::new(OF_ONE + 10)), ..places() };
        let mallory: IpAddr = "203.0.113.9".parse().unwrap();
        let mut held: Vec<Place> = Vec::new();
        for _ in 0..OF_ONE {
            held.push(places.take(one(&places), mallory).unwrap());
        }
        assert!(places.take(one(&places), mallory).is_none());
        assert!(places.take(one(&places), "198.51.100.7".parse().unwrap()).is_some());
        held.pop();
        assert!(places.take(one(&places), mallory).is_some());
        drop(held);
        assert!(places.taken.lock().unwrap().is_empty());
    }

    #[test]
    fn a_proxy_stands_for_many() {
        let places = places();
        let proxy: IpAddr = "10.1.2.3".parse().unwrap();
        let held: Vec<_> = (0..2 * OF_ONE).map(|_| places.take(one(&places), proxy).unwrap()).collect();
        assert_eq!(held.len(), 2 * OF_ONE);
    }
}
