//! Reads that belong together are of one moment, and nothing of it is left behind.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use foundation::links::{self, Purpose};
use foundation::testing::House;
use foundation::{Actor, Db, Error, PersonId};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

/// A private link for Zoë: an act that writes one row.
async fn links_to_zoe(db: &Db) {
    let zoe = PersonId(Uuid::from_u128(0x20e));
    db.write(&Actor::House, async |unit| {
        links::issue(unit, Purpose::CheckIn, zoe, Uuid::from_u128(5), chrono::TimeDelta::days(7)).await
    })
    .await
    .unwrap();
}

async fn how_many(reader: &impl ConnectionTrait) -> Result<i64, Error> {
    let sql = "SELECT count(*) AS n FROM links";
    let row = reader.query_one_raw(Statement::from_string(reader.get_database_backend(), sql)).await?;
    Ok(row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default())
}

#[tokio::test]
async fn a_look_is_of_one_moment() {
    let house = House::new().await;
    links_to_zoe(&house).await;
    let writer = (*house).clone();
    let (before, after) = house
        .look(async |reader| {
            let before = how_many(reader).await?;
            tokio::spawn(async move { links_to_zoe(&writer).await }).await.unwrap();
            Ok((before, how_many(reader).await?))
        })
        .await
        .unwrap();
    assert_eq!((before, after), (1, 1), "half of the page is from before and half from after");
    assert_eq!(how_many(house.reader()).await.unwrap(), 2);
    house.close().await;
}

#[tokio::test]
async fn looks_that_were_given_up_leave_no_connection_in_an_old_moment() {
    let house = House::new().await;
    house.look(async |reader| how_many(reader).await).await.unwrap();
    // Given up after so many turns of the runtime: a timer is too coarse to end one in the middle of its beginning.
    for turns in 0..600 {
        tokio::select! {
            _ = house.look(async |reader| how_many(reader).await) => {}
            () = async { for _ in 0..turns { tokio::task::yield_now().await } } => {}
        }
    }
    for seen in 1..4 {
        links_to_zoe(&house).await;
        let everyone = (0..40).map(|_| {
            let db = (*house).clone();
            tokio::spawn(async move { how_many(db.reader()).await.unwrap() })
        });
        for one in everyone.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), seen, "a connection still shows an old moment");
        }
    }
    house.close().await;
}

#[tokio::test]
#[should_panic(expected = "a look asked for a second connection")]
async fn who_looks_cannot_ask_for_a_second_connection() {
    let house = House::new().await;
    let _ = house.look(async |_| how_many(house.reader()).await).await;
}

#[tokio::test]
async fn two_who_seal_at_once_make_one_chain() {
    let house = House::new().await;
    for _ in 0..400 {
        links_to_zoe(&house).await;
    }
    let sealers = (0..4).map(|_| {
        let db = (*house).clone();
        tokio::spawn(async move { foundation::ledger::sealing::seal(&db).await.unwrap() })
    });
    for sealer in sealers.collect::<Vec<_>>() {
        assert_eq!(sealer.await.unwrap().place, 400);
    }
    house.close().await;
}

/// A file that was analyzed must not make every statement be planned anew for each value.
#[tokio::test]
async fn sqlite_promises_stable_plans() {
    let house = House::new().await;
    let backend = house.reader().get_database_backend();
    if backend == sea_orm::DbBackend::Sqlite {
        let sql = "SELECT compile_options AS o FROM pragma_compile_options";
        let rows = house.reader().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        let options: Vec<String> = rows.iter().map(|row| row.try_get("", "o").unwrap()).collect();
        assert!(options.iter().any(|o| o == "ENABLE_QPSG"), "{options:?}");
    }
    house.close().await;
}
