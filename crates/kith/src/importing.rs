//! `kith intake import`: a file of old inquiries at the command line. What it prints names lines and columns, never what
//! stands in them.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::Args;
use figment::Figment;
use figment::providers::{Format, Toml};
use foundation::Actor;
use intake::importing::reading::Table;
use intake::importing::running::Plan;
use intake::importing::{LARGEST, Mapping, rejects};

use crate::opened::Opened;
use crate::settings::Settings;

/// Reasons that are printed; all of them are in the file of rejected rows.
const PRINTED: usize = 20;

/// SQLite gives another process its turn only when it happens to ask while nobody writes.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// What to bring in.
#[derive(Args)]
pub struct Import {
    /// The CSV file
    file: PathBuf,
    /// Which column holds what (TOML); guessed from the headings where it does not say
    #[arg(long)]
    map: Option<PathBuf>,
    /// Say what would happen, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Where rows that cannot come in are written, with the reasons [default: FILE.rejected.csv]
    #[arg(long)]
    rejects: Option<PathBuf>,
}

/// Looks the file over, says what comes of it, and brings it in.
pub async fn run(settings: &Settings, import: &Import) -> anyhow::Result<()> {
    let mapping: Mapping = match &import.map {
        Some(file) => {
            let map = std::fs::read_to_string(file).context("the map cannot be read")?;
            Figment::from(Toml::string(&map)).extract().context("the map cannot be used")?
        }
        None => Mapping::default(),
    };
    let size = std::fs::metadata(&import.file).context("the file cannot be read")?.len();
    ensure!(size <= LARGEST as u64, "the file is larger than 16 MB; cut it into several");
    let bytes = std::fs::read(&import.file).context("the file cannot be read")?;
    let table = Table::read(&bytes, &mapping).map_err(foundation::Error::from)?;
    let mapping = mapping.guessed(&table.header);
    for (field, heading) in &mapping.columns {
        println!("{field:<14} {heading}");
    }
    let db = Opened::existing(settings).await?.db;
    let plan = Plan::of(&db, table, mapping).await?;
    let tally = plan.tally();
    println!("\n{} rows:", plan.table.rows.len());
    println!("{:>8} open", tally.open);
    println!("{:>8} closed", tally.closed);
    println!("{:>8} brought in before", tally.before);
    println!("{:>8} cannot come in", tally.rejected);
    for (row, reasons) in plan.rejected().take(PRINTED) {
        println!("line {}: {}", row.line, reasons.join("; "));
    }
    if tally.rejected > 0 {
        let to = import.rejects.clone().unwrap_or_else(|| import.file.with_extension("rejected.csv"));
        private_file(&to, &rejects::file(&plan.table, plan.rejected()))
            .with_context(|| format!("{} cannot be written", to.display()))?;
        println!("Rows that cannot come in are in {}.", to.display());
    }
    if import.dry_run {
        println!("Nothing was written.");
        return Ok(());
    }
    let done = plan.run(&db, &Actor::House, async || tokio::time::sleep(PAUSE).await).await?;
    println!("{done} were brought in.");
    Ok(())
}

/// A file for its owner alone, in place of one that is there: there are names and numbers in it.
fn private_file(to: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let half = to.with_extension("half");
    let mut out =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    std::fs::rename(half, to)
}
