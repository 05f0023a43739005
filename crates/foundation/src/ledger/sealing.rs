//! The sealer: chains entries that have no seal yet, in batches, each batch one transaction.

use chrono::TimeDelta;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use sha2::{Digest, Sha256};

use super::{entry, seal};
use crate::db::Db;
use crate::error::Error;
use crate::ids::EntryId;

/// Entries sealed in one transaction: few, because readings wait for it.
const BATCH: u64 = 150;

/// The head of the chain: how many entries it holds and the hash over all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of sealed entries.
    pub place: i64,
    /// SHA-256 over the last entry and the hash before it; zeros when nothing is sealed.
    pub hash: Vec<u8>,
}

/// No unit lives longer than this, so nothing commits behind it.
const LONGEST: TimeDelta = TimeDelta::minutes(10);
/// Hardly any unit lives longer than this: what it leaves behind is sealed by the next thorough round.
const SHORT: TimeDelta = TimeDelta::seconds(2);

/// Seals what is unsealed and returns the head. Two sealers at once are harmless: the place is unique, and one looks again.
pub async fn seal(db: &Db) -> Result<Head, Error> {
    seal_behind(db, LONGEST).await
}

/// The same right after a commit, looking back no further than the last moments: under load the ten minutes hold a
/// million entries, and looking through them for each batch would cost more than sealing it.
pub async fn seal_newest(db: &Db) -> Result<Head, Error> {
    seal_behind(db, SHORT).await
}

async fn seal_behind(db: &Db, reach: TimeDelta) -> Result<Head, Error> {
    loop {
        match seal_batch(db, reach).await {
            Ok((head, sealed)) if sealed < BATCH => return Ok(head),
            // There is more; or another sealer was quicker, and what is left is seen in the next round.
            Ok(_) | Err(Error::Exists) => {}
            Err(error) => return Err(error),
        }
    }
}

/// The head as the database has it.
pub async fn head(db: &Db) -> Result<Head, Error> {
    let last = seal::Entity::find().order_by_desc(seal::Column::Place).one(db.reader()).await?;
    Ok(last.map_or_else(empty, |s| Head { place: s.place, hash: s.hash }))
}

fn empty() -> Head {
    Head { place: 0, hash: vec![0; 32] }
}

/// Reading and hashing happen outside the transaction that writes: whoever opens a record waits for the writer too.
async fn seal_batch(db: &Db, reach: TimeDelta) -> Result<(Head, u64), Error> {
    let (mut head, unsealed) = db.look(async |reader| unsealed(reader, reach).await).await?;
    let count = u64::try_from(unsealed.len()).unwrap_or(BATCH);
    if count == 0 {
        return Ok((head, 0));
    }
    let now = db.now();
    let mut seals = Vec::with_capacity(unsealed.len());
    for row in unsealed {
        head = Head { place: head.place + 1, hash: chain(&head.hash, &row) };
        seals.push(seal::ActiveModel {
            place: Set(head.place),
            entry_id: Set(row.id),
            hash: Set(head.hash.clone()),
            sealed_at: Set(now),
        });
    }
    let tx = db.store().begin().await?;
    seal::Entity::insert_many(seals).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok((head, count))
}

/// The head, and what is to be sealed next. By key, not by commit: an entry that commits late is sealed late, its place
/// then says so. Only the last keys are looked at, so that sealing costs the same however long the ledger is.
async fn unsealed(
    reader: &impl ConnectionTrait,
    reach: TimeDelta,
) -> Result<(Head, Vec<entry::Model>), Error> {
    let last = seal::Entity::find().order_by_desc(seal::Column::Place).one(reader).await?;
    let floor = floor(last.as_ref().map(|s| s.entry_id), reach);
    let head = last.map_or_else(empty, |s| Head { place: s.place, hash: s.hash });
    let sealed = Query::select()
        .column(seal::Column::EntryId)
        .from(seal::Entity)
        .and_where(seal::Column::EntryId.gt(floor))
        .take();
    let unsealed = entry::Entity::find()
        .filter(entry::Column::Id.gt(floor))
        .filter(entry::Column::Id.not_in_subquery(sealed))
        .order_by_asc(entry::Column::Id)
        .limit(BATCH)
        .all(reader)
        .await?;
    Ok((head, unsealed))
}

/// The smallest key of a moment so long before the last sealed entry. What commits behind it is seen by a more thorough
/// round; what no round sees, [`super::verifying`] finds.
fn floor(last: Option<EntryId>, reach: TimeDelta) -> EntryId {
    let millis = last.map_or(0, |id| id.0.as_u128() >> 80);
    let reach = u128::try_from(reach.num_milliseconds()).unwrap_or(0);
    EntryId(uuid::Uuid::from_u128(millis.saturating_sub(reach) << 80))
}

/// The hash of an entry behind `before`. Every field goes in with its length, so no two entries read alike.
pub(super) fn chain(before: &[u8], row: &entry::Model) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(bytes);
    };
    field(before);
    field(row.id.0.as_bytes());
    field(&row.at.timestamp_millis().to_be_bytes());
    field(row.actor_kind.as_bytes());
    field(row.actor_id.as_ref().map_or(&[][..], |id| &id.as_bytes()[..]));
    field(row.act.as_str().as_bytes());
    field(row.subject_kind.as_bytes());
    field(row.subject_id.as_bytes());
    field(row.person_id.as_ref().map_or(&[][..], |id| &id.0.as_bytes()[..]));
    // serde_json keeps object keys sorted, so the text is the same whatever order the database stored them in.
    field(row.details.to_string().as_bytes());
    hash.finalize().to_vec()
}
