//! How things stand today: who waits, what became of those who asked, who is in care, whom of the alumni we reach.

use std::collections::BTreeMap;

use alumni::due::Counted;
use chrono::{Datelike, Months, TimeDelta};
use clients::rules::care::{LevelOfCare, counts_at_midnight};
use foundation::acts::{Reach, reach_of};
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Day, Error, Instant, Zone, day};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};

/// Months shown.
const MONTHS: u32 = 12;

foundation::words! {
    /// How long someone waits for a first call.
    pub enum Waited {
        Under15Minutes = "under_15_minutes", "under 15 minutes",
        UnderAnHour = "under_an_hour", "under an hour",
        UnderADay = "under_a_day", "under a day",
        Longer = "longer", "longer than a day",
    }
}

impl Waited {
    /// From how many minutes on, and until how many.
    pub fn minutes(self) -> (i64, Option<i64>) {
        match self {
            Self::Under15Minutes => (0, Some(15)),
            Self::UnderAnHour => (15, Some(60)),
            Self::UnderADay => (60, Some(24 * 60)),
            Self::Longer => (24 * 60, None),
        }
    }

    fn of(minutes: i64) -> Self {
        let fits = |band: &&Self| band.minutes().1.is_none_or(|until| minutes < until);
        Self::ALL.iter().find(fits).copied().unwrap_or(Self::Longer)
    }
}

/// People waiting for a first call, by how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting(BTreeMap<Waited, u64>);

impl Waiting {
    /// What is counted.
    pub const DEFINITION: &str =
        "Open requests that nobody has tried to answer, by the time since they arrived.";

    /// All of them.
    pub fn all(&self) -> u64 {
        self.0.values().sum()
    }

    /// Those who wait so long.
    pub fn of(&self, band: Waited) -> u64 {
        self.0.get(&band).copied().unwrap_or(0)
    }
}

/// One month: of those who asked in it, how many became clients since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Day,
    pub requests: u64,
    pub admitted: u64,
}

impl Month {
    /// What is counted.
    pub const DEFINITION: &str = "Requests by the month they arrived, wrong numbers and duplicates left out; became a \
        client: of those same requests, the ones that led to a record by today. The newest months are not over.";
}

/// Everything on the page.
#[derive(Clone, Debug)]
pub struct Today {
    pub waiting: Waiting,
    /// Open requests.
    pub open: u64,
    /// Oldest first.
    pub months: Vec<Month>,
    /// People in care at the coming midnight, by level, highest first; levels with nobody are left out.
    pub census: Vec<(LevelOfCare, u64)>,
    /// Everyone with a record.
    pub clients: u64,
    /// Alumni due and reached.
    pub alumni: Counted,
}

impl Today {
    /// What the census counts.
    pub const CENSUS: &str = "People with an open stay at midnight tonight, by their level of care now. The day of \
        admission counts, the day of discharge does not.";

    /// People in care.
    pub fn in_care(&self) -> u64 {
        self.census.iter().map(|(_, n)| n).sum()
    }
}

#[derive(FromQueryResult)]
struct Asked {
    received_at: Instant,
    attempts: i32,
    closed_at: Option<Instant>,
    converted_at: Option<Instant>,
    disposition: Option<String>,
}

#[derive(FromQueryResult)]
struct Span {
    level: LevelOfCare,
    admitted_on: Day,
    discharged_on: Option<Day>,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// Reads the page: a few statements, each over what it needs and no more.
pub async fn today(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    now: Instant,
    zone: Zone,
) -> Result<Today, Error> {
    if reach_of(viewer, Act::ViewDashboards) == Reach::No {
        return Err(Error::Forbidden(Act::ViewDashboards));
    }
    let since = now - TimeDelta::days(366);
    let asked: Vec<Asked> = all(
        reader,
        &format!(
            "SELECT received_at, attempts, closed_at, converted_at, disposition FROM requests \
             WHERE (closed_at IS NULL OR received_at >= @) AND {}",
            seen_by(viewer, "confidential_to")
        ),
        [since.into()],
    )
    .await?;
    let spans: Vec<Span> = all(
        reader,
        "SELECT s.level, e.admitted_on, e.discharged_on FROM episodes e \
         JOIN level_spans s ON s.episode_id = e.id AND s.until_on IS NULL WHERE e.discharged_on IS NULL AND 1 = @",
        [1.into()],
    )
    .await?;
    let clients: Vec<Count> =
        all(reader, "SELECT COUNT(*) AS n FROM clients WHERE 1 = @", [1.into()]).await?;
    Ok(Today {
        waiting: waiting(&asked, now),
        open: asked.iter().map(|one| u64::from(one.closed_at.is_none())).sum(),
        months: months(&asked, day(now, zone), zone),
        census: census(&spans, day(now, zone)),
        alumni: alumni::due::count(reader, day(now, zone)).await?,
        clients: clients.first().and_then(|c| u64::try_from(c.n).ok()).unwrap_or(0),
    })
}

async fn all<T: FromQueryResult>(
    reader: &impl ConnectionTrait,
    sql: &str,
    values: [sea_orm::Value; 1],
) -> Result<Vec<T>, Error> {
    let backend = reader.get_database_backend();
    let mark = if backend == DbBackend::Postgres { "$1" } else { "?" };
    Ok(T::find_by_statement(Statement::from_sql_and_values(backend, sql.replace('@', mark), values))
        .all(reader)
        .await?)
}

fn waiting(asked: &[Asked], now: Instant) -> Waiting {
    let mut waiting = Waiting::default();
    for one in asked.iter().filter(|a| a.closed_at.is_none() && a.attempts == 0) {
        *waiting.0.entry(Waited::of((now - one.received_at).num_minutes())).or_default() += 1;
    }
    waiting
}

fn months(asked: &[Asked], today: Day, zone: Zone) -> Vec<Month> {
    let first = |d: Day| d.with_day(1).unwrap_or(d);
    let this = first(today);
    let mut months: BTreeMap<Day, Month> = (0..MONTHS)
        .filter_map(|back| this.checked_sub_months(Months::new(back)))
        .map(|first| (first, Month { first, requests: 0, admitted: 0 }))
        .collect();
    for one in asked {
        if matches!(one.disposition.as_deref(), Some("spam_wrong_number" | "duplicate")) {
            continue;
        }
        if let Some(month) = months.get_mut(&first(day(one.received_at, zone))) {
            month.requests += 1;
            month.admitted += u64::from(one.converted_at.is_some());
        }
    }
    months.into_values().collect()
}

fn census(spans: &[Span], today: Day) -> Vec<(LevelOfCare, u64)> {
    let tonight = spans.iter().filter(|s| counts_at_midnight(s.admitted_on, s.discharged_on, today));
    let mut by_level: BTreeMap<LevelOfCare, u64> = BTreeMap::new();
    for span in tonight {
        *by_level.entry(span.level).or_default() += 1;
    }
    by_level.into_iter().rev().collect()
}
