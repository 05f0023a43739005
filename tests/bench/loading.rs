//! Thirty-two connections that ask, wait for the whole answer, and ask again.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// Connections at once.
const CONNECTIONS: usize = 32;

/// What is asked.
#[derive(Clone)]
pub struct Asking {
    pub url: String,
    pub cookie: String,
    /// Sent as a form; without one it is a page.
    pub form: Option<&'static str>,
}

/// What one round gave. Times in milliseconds.
pub struct Figures {
    pub rate: f64,
    pub p50: f64,
    pub p99: f64,
}

impl Asking {
    /// How large the answer is, unpacked.
    pub async fn bytes(&self) -> Result<usize> {
        self.once(&client()?).await
    }

    async fn once(&self, client: &reqwest::Client) -> Result<usize> {
        let request = match self.form {
            None => client.get(&self.url),
            Some(form) => {
                client.post(&self.url).header("content-type", "application/x-www-form-urlencoded").body(form)
            }
        };
        let answer = request.header("cookie", &self.cookie).send().await?;
        let status = answer.status();
        ensure!(status.is_success() || status.is_redirection(), "{} answered {status}", self.url);
        Ok(answer.bytes().await?.len())
    }
}

fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?)
}

/// Asks for so long from every connection.
pub async fn round(asking: &Asking, long: Duration) -> Result<Figures> {
    let begun = Instant::now();
    let asks: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let asking = asking.clone();
            tokio::spawn(async move {
                let client = client()?;
                let mut times = Vec::new();
                while begun.elapsed() < long {
                    let asked = Instant::now();
                    asking.once(&client).await?;
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
    let took = begun.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |hundredth: usize| times.get(times.len() * hundredth / 100).copied().unwrap_or(0.0);
    let count = f64::from(u32::try_from(times.len())?);
    Ok(Figures { rate: count / took, p50: at(50), p99: at(99) })
}
