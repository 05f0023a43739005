//! The stream under a conversation: plain or encrypted, without Nagle's delay, with the greeting put back in front.

use std::{
    fmt,
    io::Result,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Anything one can read from and write to.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Duplex for T {}

/// What lettre talks over.
///
/// lettre waits for a greeting on every stream it is given, and has none to wait for after `STARTTLS`; so the words
/// the server greeted with are read again from here.
pub(super) struct Wire {
    greeting: Vec<u8>,
    line: Box<dyn Duplex>,
    peer: SocketAddr,
}

impl Wire {
    pub(super) fn new(line: impl Duplex + 'static, peer: SocketAddr, greeting: String) -> Self {
        Self { greeting: greeting.into_bytes(), line: Box::new(line), peer }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wire({})", self.peer)
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        if self.greeting.is_empty() {
            return Pin::new(&mut self.line).poll_read(cx, into);
        }
        let some = self.greeting.len().min(into.remaining());
        into.put_slice(&self.greeting.drain(..some).collect::<Vec<u8>>());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.line).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.line).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(cx)
    }
}
