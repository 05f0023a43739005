//! Looking a file over, and bringing it in: a few rows at a time, so that whoever is on the phone never waits for it.

use std::collections::{HashMap, HashSet};

use clients::person::Death;
use consent::contact_point;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::{Act, Actor, Db, Error, Instant, Subject, Unit, Zone};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect};

use super::Mapping;
use super::judging::{self, Ready};
use super::reading::{Row, Table};
use crate::entity::request;
use crate::request::receiving::receive;
use crate::rules::words::Disposition;

/// Rows in one unit.
pub const AT_ONCE: usize = 25;
/// Values in one statement.
const BOUND: usize = 400;

/// A file that was looked over: what each row would become.
#[derive(Debug)]
pub struct Plan {
    pub table: Table,
    pub mapping: Mapping,
    verdicts: Vec<Verdict>,
}

#[derive(Debug)]
enum Verdict {
    Ready(Box<Ready>),
    Before,
    Rejected(Vec<String>),
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub open: usize,
    pub closed: usize,
    /// Brought in before.
    pub before: usize,
    pub rejected: usize,
}

impl Plan {
    /// Looks every row over. Nothing is written.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the file or the mapping cannot be used at all.
    pub async fn of(db: &Db, table: Table, mapping: Mapping) -> Result<Self, Error> {
        mapping.check(&table.header)?;
        let zone = Center::load(db.reader()).await?.zone;
        let judged = judge(&table, &mapping, db.now(), zone);
        let keys: Vec<&str> =
            judged.iter().filter_map(|row| row.as_ref().ok()).map(|r| r.submission.as_str()).collect();
        let before = there(db.reader(), &keys).await?;
        let verdict = |judged: Result<Ready, Vec<String>>| match judged {
            Ok(ready) if before.contains(&ready.submission) => Verdict::Before,
            Ok(ready) => Verdict::Ready(Box::new(ready)),
            Err(reasons) => Verdict::Rejected(reasons),
        };
        let verdicts = judged.into_iter().map(verdict).collect();
        Ok(Self { table, mapping, verdicts })
    }

    /// The rows that will not come in, with their reasons.
    pub fn rejected(&self) -> impl Iterator<Item = (&Row, &[String])> {
        self.table.rows.iter().zip(&self.verdicts).filter_map(|(row, verdict)| match verdict {
            Verdict::Rejected(reasons) => Some((row, reasons.as_slice())),
            _ => None,
        })
    }

    /// What would come of it.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for verdict in &self.verdicts {
            match verdict {
                Verdict::Before => tally.before += 1,
                Verdict::Rejected(_) => tally.rejected += 1,
                Verdict::Ready(ready) => {
                    *(if ready.over.is_some() { &mut tally.closed } else { &mut tally.open }) += 1;
                }
            }
        }
        tally
    }

    /// Rows of a number or an address that somebody here has given: they may be the same person. For those alone who may
    /// open every request: anyone else could ask by a file of one row who has been here.
    pub async fn known(&self, reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Option<usize>, Error> {
        if reach_of(viewer, Act::OpenRequest) != Reach::Everyone {
            return Ok(None);
        }
        let held = self.held(reader).await?;
        let known = self.ready().filter(|(_, ready)| ready.folded.iter().any(|folded| held.contains(folded)));
        Ok(Some(known.count()))
    }

    async fn held(&self, reader: &impl ConnectionTrait) -> Result<HashSet<String>, Error> {
        let all: HashSet<&String> = self.ready().flat_map(|(_, ready)| &ready.folded).collect();
        let all: Vec<String> = all.into_iter().cloned().collect();
        let mut known = HashSet::new();
        for some in all.chunks(BOUND) {
            let holders = contact_point::holders(reader, some.to_vec(), 10 * BOUND as u64).await?;
            known.extend(holders.into_iter().map(|point| point.folded));
        }
        Ok(known)
    }

    fn ready(&self) -> impl Iterator<Item = (usize, &Ready)> {
        self.verdicts.iter().enumerate().filter_map(|(at, verdict)| match verdict {
            Verdict::Ready(ready) => Some((at, ready.as_ref())),
            _ => None,
        })
    }

    /// The rows to bring in from one on, so many at the most, and the row after the last of them.
    pub fn next(&self, from: usize, most: usize) -> (Vec<&Ready>, usize) {
        let some: Vec<(usize, &Ready)> = self.ready().filter(|(at, _)| *at >= from).take(most).collect();
        let after = some.last().map_or(self.verdicts.len(), |(at, _)| at + 1);
        (some.into_iter().map(|(_, ready)| ready).collect(), after)
    }

    /// Brings everything in that can come in, with a pause after each piece in which others get their turn. How many came;
    /// asked again, those that have not yet.
    pub async fn run(&self, db: &Db, actor: &Actor, pause: impl AsyncFn()) -> Result<usize, Error> {
        let (mut from, mut done) = (0, 0);
        loop {
            let (some, after) = self.next(from, AT_ONCE);
            if some.is_empty() {
                return Ok(done);
            }
            done += db.write(actor, async |unit| bring_in(unit, &some).await).await?;
            from = after;
            pause().await;
        }
    }
}

/// Judges every row; the second of two that are one and the same comes in with the first.
fn judge(table: &Table, mapping: &Mapping, now: Instant, zone: Zone) -> Vec<Result<Ready, Vec<String>>> {
    let mut seen: HashMap<String, u64> = HashMap::new();
    let one = |row: &Row| {
        let ready = judging::row(table, mapping, row, now, zone)?;
        if let Some(line) = seen.get(&ready.submission) {
            return Err(vec![format!("It is the same as line {line}")]);
        }
        seen.insert(ready.submission.clone(), row.line);
        Ok(ready)
    };
    table.rows.iter().map(one).collect()
}

/// Which of these rows are requests already.
async fn there(reader: &impl ConnectionTrait, submissions: &[&str]) -> Result<HashSet<String>, Error> {
    let mut found = HashSet::new();
    for some in submissions.chunks(BOUND) {
        let here: Vec<String> = request::Entity::find()
            .select_only()
            .column(request::Column::Submission)
            .filter(request::Column::Submission.is_in(some.iter().copied()))
            .into_tuple()
            .all(reader)
            .await?;
        found.extend(here);
    }
    Ok(found)
}

/// Brings some rows in, in one unit. How many were not here before.
pub async fn bring_in(unit: &mut Unit, rows: &[&Ready]) -> Result<usize, Error> {
    let mut fresh = 0;
    for ready in rows {
        let received = receive(unit, &ready.submission, ready.new.clone()).await?;
        if !received.fresh {
            continue;
        }
        fresh += 1;
        let request = crate::request::by_reference(unit.tx(), &received.reference).await?;
        match ready.over {
            Some(Disposition::DoNotContact) => {
                let caller = Subject::of("person", request.caller_id).concerning(request.caller_id);
                consent::contact_rules::do_not_contact(unit, &caller).await?;
            }
            Some(Disposition::Deceased) => {
                clients::person::end(unit, request.prospective_id, Death::UNTOLD).await?;
            }
            _ => {}
        }
    }
    let permit = unit.permit(Act::ImportRequests, &Subject::center())?;
    unit.record(permit, serde_json::json!({ "rows": fresh }));
    Ok(fresh)
}
