//! What the file holds after its disk was full, and what counts as kept.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, TransactionTrait};

use super::*;

async fn a_store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Place::Sqlite(folder.path().join("kith.db"))).await.unwrap();
    store.writer.execute_unprepared("CREATE TABLE words (said TEXT NOT NULL)").await.unwrap();
    (store, folder)
}

async fn say(tx: &DatabaseTransaction, kilobytes: usize) -> Result<(), DbErr> {
    let sql = format!("INSERT INTO words VALUES ('{}')", "w".repeat(1024 * kilobytes));
    tx.execute_unprepared(&sql).await.map(|_| ())
}

/// What whoever opens the file finds in it.
async fn kept(folder: &tempfile::TempDir) -> i64 {
    let another = Store::open(&Place::Sqlite(folder.path().join("kith.db"))).await.unwrap();
    let sql = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) FROM words");
    let count = another.reader.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    another.close().await.ok();
    count
}

#[tokio::test]
async fn after_a_full_disk_what_is_acknowledged_is_kept() {
    let (store, folder) = a_store().await;
    let mut acknowledged = 0;
    for _ in 0..4 {
        // What SQLite does when the disk is full: it ends the transaction by itself, and the driver's own end is refused.
        let tx = store.begin().await.unwrap();
        say(&tx, 1).await.unwrap();
        tx.execute_unprepared("ROLLBACK").await.unwrap();
        drop(tx);
        // Somebody's act is refused, as acts are: its rollback leaves a savepoint open when it was begun as one.
        let tx = store.begin().await.unwrap();
        say(&tx, 1).await.unwrap();
        drop(tx);
        // There is room again for the next one.
        for _ in 0..3 {
            let tx = store.begin().await.unwrap();
            say(&tx, 1).await.unwrap();
            store.commit(tx).await.unwrap();
            acknowledged += 1;
        }
        assert_eq!(kept(&folder).await, acknowledged, "acknowledged and not kept");
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_end_of_an_inner_transaction_is_no_proof() {
    let (store, folder) = a_store().await;
    let outer = store.begin().await.unwrap();
    let inner = outer.begin().await.unwrap();
    say(&inner, 1).await.unwrap();
    assert!(matches!(store.commit(inner).await, Err(Error::Broken(_))));
    drop(outer);
    assert_eq!(kept(&folder).await, 0);
    store.close().await.unwrap();
}
