//! The sealer: chains the entries that wait for a seal and that this program wrote, in batches, each batch one transaction.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use sha2::{Digest, Sha256};

use super::{entry, seal, waiting};
use crate::clock::Instant;
use crate::db::Db;
use crate::error::Error;
use crate::ids::EntryId;

/// Entries sealed in one transaction: few, because readings wait for it.
const BATCH: u64 = 150;
/// So often another sealer may be quicker in one round.
const AGAIN: u32 = 5;

/// The head of the chain: how many entries it holds and the hash over all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of sealed entries.
    pub place: i64,
    /// SHA-256 over the last entry and the hash before it; zeros when nothing is sealed.
    pub hash: Vec<u8>,
}

/// Seals what waits and returns the head. Two sealers at once are harmless: the place is unique, and one looks again.
/// What this program did not write is left unsealed, for [`super::verifying`] to find.
pub async fn seal(db: &Db) -> Result<Head, Error> {
    let (mut after, mut again) = (EntryId(uuid::Uuid::nil()), 0);
    loop {
        match seal_batch(db, after).await {
            Ok((head, None)) => return Ok(head),
            Ok((_, Some(last))) => after = last,
            // Another sealer was quicker, and what is left is seen in the next round.
            Err(Error::Exists) if again < AGAIN => again += 1,
            Err(error) => return Err(error),
        }
    }
}

/// The head as the database has it.
pub async fn head(db: &Db) -> Result<Head, Error> {
    let last = seal::Entity::find().order_by_desc(seal::Column::Place).one(db.reader()).await?;
    Ok(last.map_or_else(empty, |s| Head { place: s.place, hash: s.hash }))
}

/// When the newest seal was set; `None` when nothing is sealed.
pub(crate) async fn sealed_last(db: &Db) -> Result<Option<Instant>, Error> {
    let last = seal::Entity::find().order_by_desc(seal::Column::Place).one(db.reader()).await?;
    Ok(last.map(|seal| seal.sealed_at))
}

fn empty() -> Head {
    Head { place: 0, hash: vec![0; 32] }
}

/// Seals one batch of those that wait behind `after`; says behind which to go on when there may be more. Reading and
/// hashing happen outside the transaction that writes: whoever opens a record waits for the writer too.
async fn seal_batch(db: &Db, after: EntryId) -> Result<(Head, Option<EntryId>), Error> {
    let Waiting { mut head, codes_began, entries, last, done } =
        db.look(async |reader| waiting(reader, after).await).await?;
    // Rows without a code are those of before there were codes; behind the first one with a code there are none.
    let (mut ours, strange): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .partition(|row| row.is_ours(db.keyring()) || (row.code.is_none() && !codes_began));
    ours.sort_by_key(|row| (row.code.is_some(), row.id));
    if !strange.is_empty() {
        tracing::error!(entries = strange.len(), "the ledger has entries that this program did not write");
    }
    let sealed: Vec<_> = ours.iter().map(|row| row.id).chain(done).collect();
    if sealed.is_empty() {
        return Ok((head, last));
    }
    let now = db.now();
    let mut seals = Vec::with_capacity(ours.len());
    for row in ours {
        head = Head { place: head.place + 1, hash: chain(&head.hash, &row) };
        seals.push(seal::ActiveModel {
            place: Set(head.place),
            entry_id: Set(row.id),
            hash: Set(head.hash.clone()),
            sealed_at: Set(now),
        });
    }
    let tx = db.store().begin().await?;
    if !seals.is_empty() {
        seal::Entity::insert_many(seals).exec_without_returning(&tx).await?;
    }
    waiting::Entity::delete_many().filter(waiting::Column::EntryId.is_in(sealed)).exec(&tx).await?;
    db.store().commit(tx).await?;
    Ok((head, last))
}

/// What is to be done next.
struct Waiting {
    head: Head,
    /// Whether the entry of the head has a code.
    codes_began: bool,
    entries: Vec<entry::Model>,
    /// Behind which to go on, when there may be more.
    last: Option<EntryId>,
    /// What waits although it has its seal: a process of before sealed it and knew nothing of waiting.
    done: Vec<EntryId>,
}

/// What waits behind `after`. By key, not by commit: an entry that commits late is sealed late, its place then says so.
async fn waiting(reader: &impl ConnectionTrait, after: EntryId) -> Result<Waiting, Error> {
    let newest = seal::Entity::find().order_by_desc(seal::Column::Place).one(reader).await?;
    let codes_began = match &newest {
        Some(newest) => {
            let entry = entry::Entity::find_by_id(newest.entry_id).one(reader).await?;
            entry.is_some_and(|entry| entry.code.is_some())
        }
        None => false,
    };
    let rows = waiting::Entity::find()
        .filter(waiting::Column::EntryId.gt(after))
        .order_by_asc(waiting::Column::EntryId)
        .limit(BATCH)
        .all(reader)
        .await?;
    let full = u64::try_from(rows.len()).unwrap_or(BATCH) >= BATCH;
    let last = rows.last().map(|row| row.entry_id).filter(|_| full);
    let ids: Vec<EntryId> = rows.into_iter().map(|row| row.entry_id).collect();
    let done: Vec<EntryId> = seal::Entity::find()
        .filter(seal::Column::EntryId.is_in(ids.iter().copied()))
        .all(reader)
        .await?
        .into_iter()
        .map(|seal| seal.entry_id)
        .collect();
    let open = ids.into_iter().filter(|id| !done.contains(id));
    let entries = entry::Entity::find()
        .filter(entry::Column::Id.is_in(open))
        .order_by_asc(entry::Column::Id)
        .all(reader)
        .await?;
    let head = newest.map_or_else(empty, |s| Head { place: s.place, hash: s.hash });
    Ok(Waiting { head, codes_began, entries, last, done })
}

/// The hash of an entry behind the hash before it. It goes by the entry and not by the order in which a database gives the
/// keys of its details back, so that a backup of one database keeps its chain in another.
pub(super) fn chain(before: &[u8], row: &entry::Model) -> Vec<u8> {
    hash(before, row, &entry::sorted(&row.details).to_string())
}

/// Whether a seal holds. Older ones went by the details as the database gives them back.
pub(super) fn holds(seal: &[u8], before: &[u8], row: &entry::Model) -> bool {
    seal == chain(before, row) || seal == hash(before, row, &row.details.to_string())
}

fn hash(before: &[u8], row: &entry::Model, details: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(bytes);
    };
    field(before);
    row.fields(details, &mut field);
    // Rows of before there were codes were chained without one.
    if let Some(code) = &row.code {
        field(code);
    }
    hash.finalize().to_vec()
}
