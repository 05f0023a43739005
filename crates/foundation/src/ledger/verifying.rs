//! Proves that nobody altered the ledger: walks the chain and compares it with what was anchored outside.

use std::collections::HashMap;

use std::path::Path;

use chrono::TimeDelta;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::anchoring::{self, Anchor};
use super::sealing::{Head, chain};
use super::{entry, seal};
use crate::db::Db;
use crate::error::Error;

/// Seals read at a time.
const PAGE: u64 = 1000;
/// The sealer runs right after each commit: what is not sealed after this long was put there by something else.
const SEALED_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Entries whose seal holds.
    pub sound: i64,
    /// Heads kept outside that it was compared with.
    pub anchors: usize,
    /// The head that was computed.
    pub head: Head,
    /// What is wrong, in sentences; empty when all is well.
    pub findings: Vec<String>,
}

impl Verdict {
    /// Whether nothing was altered.
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Walks the whole chain and compares it with the anchors in `file`. A chain without any anchor is a finding: whoever
/// rewrites it whole would take the file away as well.
pub async fn verify_with(db: &Db, file: &Path) -> Result<Verdict, Error> {
    let anchors = anchoring::read(file)?;
    let mut verdict = verify(db, &anchors).await?;
    if anchors.is_empty() && verdict.sound > 0 {
        verdict.findings.push(format!(
            "the anchors are gone: {} holds none, so a chain that was rewritten whole could not be told",
            file.display()
        ));
    }
    Ok(verdict)
}

/// Walks the whole chain. `anchors` are the heads kept outside: without them a cut-off tail or a complete rewrite
/// cannot be told from the truth.
pub async fn verify(db: &Db, anchors: &[Anchor]) -> Result<Verdict, Error> {
    let by_place: HashMap<i64, &Anchor> = anchors.iter().map(|a| (a.place, a)).collect();
    let mut head = Head { place: 0, hash: vec![0; 32] };
    let mut findings = Vec::new();
    loop {
        let seals = seal::Entity::find()
            .filter(seal::Column::Place.gt(head.place))
            .order_by_asc(seal::Column::Place)
            .limit(PAGE)
            .all(db.reader())
            .await?;
        if seals.is_empty() {
            break;
        }
        let mut entries = entries_of(db, &seals).await?;
        for seal in seals {
            check(&mut head, &seal, entries.remove(&seal.entry_id.0), &mut findings);
            if by_place.get(&seal.place).is_some_and(|anchor| anchor.hash != head.hash) {
                findings.push(format!(
                    "the chain was rewritten: its hash at place {} is not the anchored one",
                    seal.place
                ));
            }
        }
    }
    if let Some(last) = anchors.iter().max_by_key(|a| a.place).filter(|a| a.place > head.place) {
        findings.push(format!(
            "the tail is cut off: place {} was anchored, the chain ends at {}",
            last.place, head.place
        ));
    }
    let unsealed = unsealed(db).await?;
    if unsealed > 0 {
        findings.push(format!(
            "{unsealed} entries older than ten minutes were never sealed: they came by another way"
        ));
    }
    Ok(Verdict { sound: head.place, anchors: anchors.len(), head, findings })
}

/// Entries that the sealer should have seen and did not.
async fn unsealed(db: &Db) -> Result<u64, Error> {
    let sealed = Query::select().column(seal::Column::EntryId).from(seal::Entity).take();
    let older = entry::Entity::find()
        .filter(entry::Column::At.lt(db.now() - SEALED_WITHIN))
        .filter(entry::Column::Id.not_in_subquery(sealed));
    Ok(older.count(db.reader()).await?)
}

async fn entries_of(db: &Db, seals: &[seal::Model]) -> Result<HashMap<uuid::Uuid, entry::Model>, Error> {
    let ids: Vec<_> = seals.iter().map(|s| s.entry_id).collect();
    let rows = entry::Entity::find().filter(entry::Column::Id.is_in(ids)).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id.0, row)).collect())
}

/// Checks one link and moves on with the hash that the database claims, so that one altered row is one finding.
fn check(head: &mut Head, seal: &seal::Model, row: Option<entry::Model>, findings: &mut Vec<String>) {
    if seal.place != head.place + 1 {
        findings.push(format!("places {} to {} of the chain are gone", head.place + 1, seal.place - 1));
    }
    match row {
        None => findings.push(format!("the entry at place {} was deleted ({})", seal.place, seal.entry_id)),
        Some(row) if chain(&head.hash, &row) != seal.hash => findings.push(format!(
            "the entry at place {} was altered, or entries around it were swapped ({})",
            seal.place, row.id
        )),
        Some(_) => {}
    }
    *head = Head { place: seal.place, hash: seal.hash.clone() };
}
