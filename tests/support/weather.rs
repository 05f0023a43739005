//! Weather for a story: a small disk that fills and is freed, and a line to the database that goes silent or is cut.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A disk of a few megabytes over a folder, seen by nobody but those who are started with [`SmallDisk::inside`].
pub struct SmallDisk {
    holder: Child,
    folder: PathBuf,
}

impl SmallDisk {
    /// Lays it over `folder`, in a namespace of its own that needs no rights on the machine.
    pub fn over(folder: PathBuf, megabytes: u32) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let lay = format!(
            "mount -t tmpfs -o size={megabytes}m,mode=700 disk {} && echo ready && exec sleep 3600",
            folder.display()
        );
        let mut holder = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", &lay])
            .stdout(Stdio::piped())
            .spawn()
            .context("unshare of util-linux")?;
        let mut told = String::new();
        let output = holder.stdout.take().context("its output")?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut told)?;
        anyhow::ensure!(told == "ready\n", "the disk could not be laid over {}", folder.display());
        Ok(Self { holder, folder })
    }

    /// The words before a command that runs where the disk is seen.
    pub fn inside(&self) -> Vec<String> {
        let holder = self.holder.id().to_string();
        ["nsenter", "--user", "--mount", "--preserve-credentials", "--target", &holder]
            .map(str::to_owned)
            .into()
    }

    /// The folder as it is seen from outside.
    pub fn seen(&self) -> PathBuf {
        let folder = self.folder.strip_prefix("/").unwrap_or(&self.folder);
        PathBuf::from(format!("/proc/{}/root", self.holder.id())).join(folder)
    }

    /// Fills it to the last byte.
    pub fn fill(&self) -> Result<()> {
        let filled = Command::new("dd")
            .args(["if=/dev/zero", "bs=4k", "status=none"])
            .arg(format!("of={}", self.seen().join("filler").display()))
            .stderr(Stdio::null())
            .status()?;
        anyhow::ensure!(!filled.success(), "the disk is not full");
        Ok(())
    }

    /// Frees what was filled.
    pub fn free(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.seen().join("filler"))?)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// What the line does with what is sent over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Open,
    /// Everything is held back and nothing is refused, as by a machine that hangs.
    Silent,
    /// Everything is refused.
    Cut,
}

/// A line to a server that a story can cut.
pub struct Wire {
    state: watch::Sender<Line>,
    port: u16,
}

impl Wire {
    /// A line to `host:port`.
    pub async fn to(server: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (state, _) = watch::channel(Line::Open);
        let (server, told) = (Arc::new(server), state.clone());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (server, state) = (server.clone(), told.subscribe());
                tokio::spawn(async move {
                    if *state.borrow() == Line::Cut {
                        return;
                    }
                    if let Ok(far) = TcpStream::connect(server.as_str()).await {
                        carry(near, far, state).await;
                    }
                });
            }
        });
        Ok(Self { state, port })
    }

    /// Where to connect instead of to the server.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Changes what the line does.
    pub fn is_now(&self, line: Line) {
        self.state.send_replace(line);
    }
}

async fn carry(near: TcpStream, far: TcpStream, state: watch::Receiver<Line>) {
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    tokio::select! {
        () = one_way(near_in, far_out, state.clone()) => {}
        () = one_way(far_in, near_out, state) => {}
    }
}

async fn one_way(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut state: watch::Receiver<Line>,
) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut bytes) => read.unwrap_or(0),
            _ = state.wait_for(|line| *line == Line::Cut) => return,
        };
        let Some(piece) = bytes.get(..read).filter(|piece| !piece.is_empty()) else { return };
        let open = state.wait_for(|line| *line != Line::Silent).await.is_ok_and(|line| *line == Line::Open);
        if !open || to.write_all(piece).await.is_err() {
            return;
        }
    }
}

/// Asks again and again until it is so, for as long as a busy machine may need.
pub async fn soon(what: &str, mut is_so: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    for _ in 0..300 {
        if is_so().await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("within half a minute it was not so: {what}")
}
