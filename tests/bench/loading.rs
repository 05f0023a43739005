//! Thirty-two connections that ask, wait for the whole answer, and ask again. A client of a few lines: it shares the
//! machine with what it measures, so it must cost as little as it can.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Connections at once.
pub const CONNECTIONS: usize = 32;

/// What is asked.
#[derive(Clone)]
pub struct Asking {
    /// `host:port`.
    pub at: String,
    pub path: String,
    pub cookie: String,
    /// Sent as a form; without one it is a page.
    pub form: Option<String>,
}

/// What one round gave. Times in milliseconds.
pub struct Figures {
    pub rate: f64,
    pub p50: f64,
    pub p99: f64,
}

impl Asking {
    /// The answer, once.
    pub async fn answer(&self) -> Result<Vec<u8>> {
        Line::to(&self.at).await?.ask(&self.bytes()).await
    }

    fn bytes(&self) -> Vec<u8> {
        let Self { at, path, cookie, .. } = self;
        let cookie = if cookie.is_empty() { String::new() } else { format!("cookie: {cookie}\r\n") };
        match &self.form {
            None => format!("GET {path} HTTP/1.1\r\nhost: {at}\r\n{cookie}\r\n"),
            Some(form) => format!(
                "POST {path} HTTP/1.1\r\nhost: {at}\r\n{cookie}content-type: application/x-www-form-urlencoded\r\n\
                 content-length: {}\r\n\r\n{form}",
                form.len()
            ),
        }
        .into_bytes()
    }
}

/// One connection that stays open.
struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Line {
    async fn to(at: &str) -> Result<Self> {
        let stream = TcpStream::connect(at).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads the whole answer; its body.
    async fn ask(&mut self, request: &[u8]) -> Result<Vec<u8>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (head, length) = loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "it hung up");
            if let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                let head = std::str::from_utf8(self.buffer.get(..end).context("a head")?)?;
                break (end + 4, length(head)?);
            }
        };
        while self.buffer.len() < head + length {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "it hung up");
        }
        Ok(self.buffer.get(head..head + length).context("a body")?.to_vec())
    }
}

/// How long the body is, of an answer that is one.
fn length(head: &str) -> Result<usize> {
    let status = head.split(' ').nth(1).unwrap_or_default();
    ensure!(status.starts_with('2') || status.starts_with('3'), "it answered {status}");
    for line in head.lines() {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok(value.trim().parse()?);
        }
    }
    ensure!(!head.contains("chunked"), "an answer without a length");
    Ok(0)
}

/// Asks for so long from every connection.
pub async fn round(asking: &Asking, long: Duration) -> Result<Figures> {
    let begun = Instant::now();
    let asks: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let asking = asking.clone();
            tokio::spawn(async move {
                let mut line = Line::to(&asking.at).await?;
                let (request, mut times) = (asking.bytes(), Vec::new());
                while begun.elapsed() < long {
                    let asked = Instant::now();
                    line.ask(&request).await?;
                    times.push(asked.elapsed().as_secs_f64() * 1000.0);
                }
                Ok::<_, anyhow::Error>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for ask in asks {
        times.extend(ask.await??);
    }
    figures(times, begun.elapsed())
}

/// Each of these once, as many at a time as there are connections.
pub async fn each_once(all: Vec<Asking>) -> Result<Figures> {
    let begun = Instant::now();
    let waiting = std::sync::Arc::new(std::sync::Mutex::new(all));
    let asks: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let waiting = waiting.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                let mut line: Option<Line> = None;
                loop {
                    let next = waiting.lock().map_err(|_| anyhow::anyhow!("poisoned"))?.pop();
                    let Some(asking) = next else { return Ok::<_, anyhow::Error>(times) };
                    let line = match &mut line {
                        Some(line) => line,
                        None => line.insert(Line::to(&asking.at).await?),
                    };
                    let asked = Instant::now();
                    line.ask(&asking.bytes()).await?;
                    times.push(asked.elapsed().as_secs_f64() * 1000.0);
                }
            })
        })
        .collect();
    let mut times = Vec::new();
    for ask in asks {
        times.extend(ask.await??);
    }
    figures(times, begun.elapsed())
}

fn figures(mut times: Vec<f64>, took: Duration) -> Result<Figures> {
    times.sort_by(f64::total_cmp);
    let at = |hundredth: usize| times.get(times.len() * hundredth / 100).copied().unwrap_or(0.0);
    let count = f64::from(u32::try_from(times.len())?);
    Ok(Figures { rate: count / took.as_secs_f64(), p50: at(50), p99: at(99) })
}
