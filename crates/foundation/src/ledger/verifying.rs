//! Proves that nobody altered the ledger: walks the chain and compares it with what was anchored outside.

use std::collections::HashMap;

use std::path::Path;

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::anchoring::{self, Anchor};
use super::sealing::{Head, holds};
use super::{entry, seal, waiting};
use crate::acts::Act;
use crate::clock::Instant;
use crate::db::Db;
use crate::error::Error;
use crate::sealed::Keyring;
use crate::subject::Subject;

/// Seals read at a time.
const PAGE: u64 = 1000;

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Entries whose seal holds.
    pub sound: i64,
    /// Heads kept outside that it was compared with.
    pub anchors: usize,
    /// Heads kept outside that are of entries which a restore from a backup left behind, and says so.
    pub left_behind: usize,
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
    walk(db, anchors, Some(db.keyring())).await
}

/// The same without the center's key, by whoever has a copy alone: the chain is followed, but who wrote an entry is not
/// asked.
pub async fn verify_without_key(db: &Db, anchors: &[Anchor]) -> Result<Verdict, Error> {
    walk(db, anchors, None).await
}

async fn walk(db: &Db, anchors: &[Anchor], keyring: Option<&Keyring>) -> Result<Verdict, Error> {
    let restores = restores(db.reader(), keyring).await?;
    let (left_behind, anchors): (Vec<&Anchor>, Vec<&Anchor>) =
        anchors.iter().partition(|anchor| restores.iter().any(|restore| restore.explains(anchor)));
    let by_place: HashMap<i64, &Anchor> = anchors.iter().map(|a| (a.place, *a)).collect();
    let mut head = Head { place: 0, hash: vec![0; 32] };
    let mut findings = Vec::new();
    let mut codes_began = false;
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
            let row = entries.remove(&seal.entry_id.0);
            if let Some(sound) = check(&mut head, &seal, row.as_ref(), &mut findings) {
                codes_began |= sound.code.is_some();
                if codes_began && keyring.is_some_and(|keyring| !sound.is_ours(keyring)) {
                    findings.push(not_ours(seal.place));
                }
            }
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
    let strange = db.look(async |reader| strange(reader, keyring, codes_began).await).await?;
    if strange > 0 {
        findings.push(format!("{strange} entries have no seal: this program did not write them"));
    }
    let (compared, left_behind) = (anchors.len(), left_behind.len());
    Ok(Verdict { sound: head.place, anchors: compared, left_behind, head, findings })
}

/// A restore from a backup, as the ledger tells it.
struct Restore {
    at: Instant,
    copied_at: Instant,
    place: i64,
}

impl Restore {
    /// Whether an anchor is of entries that were written after the backup and before the restore: they are not here, and
    /// their places were taken by others.
    fn explains(&self, anchor: &Anchor) -> bool {
        anchor.place > self.place && (self.copied_at..=self.at).contains(&anchor.at)
    }
}

/// Every restore that this program wrote down.
async fn restores(reader: &impl ConnectionTrait, keyring: Option<&Keyring>) -> Result<Vec<Restore>, Error> {
    let rows = entry::Entity::find()
        .filter(entry::Column::Act.eq(Act::RestoreCenter))
        .filter(entry::Column::SubjectId.eq(Subject::center().id))
        .all(reader)
        .await?;
    let ours = rows.iter().filter(|row| keyring.is_none_or(|keyring| row.is_ours(keyring)));
    Ok(ours
        .filter_map(|row| {
            let moment = |name: &str| row.details.get(name)?.as_str()?.parse().ok();
            let place = row.details.get("place")?.as_i64()?;
            Some(Restore { at: moment("at")?, copied_at: moment("copied_at")?, place })
        })
        .collect())
}

fn not_ours(place: i64) -> String {
    format!("the entry at place {place} was sealed, but this program did not write it")
}

/// Entries without a seal that do not wait for one, or wait and are not this program's: whatever their date says.
async fn strange(
    reader: &impl ConnectionTrait,
    keyring: Option<&Keyring>,
    codes_began: bool,
) -> Result<u64, Error> {
    // NOT EXISTS, not NOT IN: PostgreSQL looks through a large list once for every row.
    let has = |of: SelectStatement| Expr::exists(of).not();
    let sealed = Query::select()
        .expr(Expr::val(1))
        .from(seal::Entity)
        .and_where(
            Expr::col((seal::Entity, seal::Column::EntryId)).equals((entry::Entity, entry::Column::Id)),
        )
        .take();
    let waits = Query::select()
        .expr(Expr::val(1))
        .from(waiting::Entity)
        .and_where(
            Expr::col((waiting::Entity, waiting::Column::EntryId)).equals((entry::Entity, entry::Column::Id)),
        )
        .take();
    let unknown = entry::Entity::find().filter(has(sealed)).filter(has(waits)).count(reader).await?;
    let waits = Query::select().column(waiting::Column::EntryId).from(waiting::Entity).take();
    let waiting = entry::Entity::find().filter(entry::Column::Id.in_subquery(waits)).all(reader).await?;
    let older = |row: &entry::Model| row.code.is_none() && !codes_began;
    let is_ours = |row: &entry::Model| keyring.is_none_or(|keyring| row.is_ours(keyring));
    let forged = waiting.iter().filter(|row| !is_ours(row) && !older(row)).count();
    Ok(unknown + u64::try_from(forged).unwrap_or(u64::MAX))
}

async fn entries_of(db: &Db, seals: &[seal::Model]) -> Result<HashMap<uuid::Uuid, entry::Model>, Error> {
    let ids: Vec<_> = seals.iter().map(|s| s.entry_id).collect();
    let rows = entry::Entity::find().filter(entry::Column::Id.is_in(ids)).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id.0, row)).collect())
}

/// Checks one link and moves on with the hash that the database claims, so that one altered row is one finding. The entry
/// when its link holds.
fn check<'a>(
    head: &mut Head,
    seal: &seal::Model,
    row: Option<&'a entry::Model>,
    findings: &mut Vec<String>,
) -> Option<&'a entry::Model> {
    if seal.place != head.place + 1 {
        findings.push(format!("places {} to {} of the chain are gone", head.place + 1, seal.place - 1));
    }
    let sound = match row {
        None => {
            findings.push(format!("the entry at place {} was deleted ({})", seal.place, seal.entry_id));
            None
        }
        Some(row) if !holds(&seal.hash, &head.hash, row) => {
            findings.push(format!(
                "the entry at place {} was altered, or entries around it were swapped ({})",
                seal.place, row.id
            ));
            None
        }
        sound => sound,
    };
    *head = Head { place: seal.place, hash: seal.hash.clone() };
    sound
}
