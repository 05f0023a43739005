use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::lines::{Value, fields, value, write_bytes, write_text};
use super::*;
use crate::actor::Actor;
use crate::acts::Act;
use crate::subject::Subject;
use crate::testing::House;

/// What breaks lines, fields and quotes, and a name as people have it.
const ODD: &str = "tab\there, line\nbreak\r\n, \\N and \\t, 'quoted' \"twice\", Zoë 😀 \u{b}\u{8}";

#[test]
fn an_odd_text_is_one_field_and_comes_back() {
    let mut line = Vec::new();
    write_text(&mut line, ODD);
    line.push(b'\t');
    write_bytes(&mut line, &[0, 9, 10, 92, 255]);
    line.extend(b"\t\\N\tt\t-7\t2026-03-02 15:00:00.25+00");
    let line = String::from_utf8(line).unwrap();
    assert_eq!(line.lines().count(), 1);
    let fields = fields(&line).unwrap();
    let kinds = [Kind::Text, Kind::Bytes, Kind::Uuid, Kind::YesNo, Kind::Whole, Kind::Instant];
    let read: Vec<Value> =
        kinds.into_iter().zip(fields).map(|(kind, field)| value(kind, field).unwrap()).collect();
    let expected = [
        Value::Text(ODD.into()),
        Value::Bytes(vec![0, 9, 10, 92, 255]),
        Value::Null,
        Value::Whole(1),
        Value::Whole(-7),
        Value::Text("2026-03-02T15:00:00.250+00:00".into()),
    ];
    assert_eq!(read, expected);
    assert!(value(Kind::YesNo, Some("maybe".into())).is_err());
    assert!(super::lines::fields("half\\").is_err());
}

/// Every line of every table of a store, in order.
async fn lines_of(store: &Store) -> (Vec<String>, Vec<Table>, BTreeMap<String, Vec<String>>) {
    let copying = store.copy().await.unwrap();
    let (steps, tables) = (copying.steps().to_vec(), copying.tables().to_vec());
    let all: Arc<Mutex<BTreeMap<String, Vec<String>>>> = Arc::default();
    copying
        .parts(|part| {
            let text = String::from_utf8(part.lines).unwrap();
            assert_eq!(text.lines().count() as u64, part.rows);
            all.lock().unwrap().entry(part.table).or_default().extend(text.lines().map(str::to_owned));
            async { Ok(()) }
        })
        .await
        .unwrap();
    let mut all = Arc::try_unwrap(all).unwrap().into_inner().unwrap();
    for lines in all.values_mut() {
        lines.sort();
    }
    (steps, tables, all)
}

/// Fills a place with what a store holds.
async fn filled(store: &Store, place: &Place) -> Store {
    let (steps, tables, all) = lines_of(store).await;
    let mut filling = Filling::begin(place, &steps, &tables).await.unwrap();
    for table in &tables {
        for lines in all.get(&table.name).into_iter().flatten() {
            filling.put(table, format!("{lines}\n").as_bytes()).await.unwrap();
        }
    }
    filling.done().await.unwrap();
    Store::open(place).await.unwrap()
}

fn file(folder: &Path, name: &str) -> Place {
    Place::Sqlite(folder.join(name))
}

#[tokio::test]
async fn a_copy_of_a_copy_is_the_same_whichever_database_it_went_through() {
    let house = House::new().await;
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
            crate::settings::keep(unit, "odd", &serde_json::json!({ "b": ODD, "a": [1, null] }), 0).await?;
            unit.make_findable("client", uuid::Uuid::from_u128(7), &[ODD]).await?;
            unit.record(permit, serde_json::json!({ "fields": ["odd"], "n": 2, "also": true }));
            Ok(())
        })
        .await
        .unwrap();
    crate::ledger::sealing::seal(&house).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let first = filled(house.store(), &file(folder.path(), "1.db")).await;
    let second = filled(&first, &file(folder.path(), "2.db")).await;
    let (_, _, kept) = lines_of(&first).await;
    assert_eq!(kept, lines_of(&second).await.2);
    assert!(!kept["ledger"].is_empty() && !kept["ledger_seals"].is_empty());
    // What a moment of the copy wrote is no part of it, and a place that is full is left alone.
    let (steps, tables, _) = lines_of(&first).await;
    let there = Filling::begin(&file(folder.path(), "2.db"), &steps, &tables).await;
    assert!(matches!(there, Err(Error::Refused(_))));
    let newer = [steps.clone(), vec!["m99_tomorrow".into()]].concat();
    assert!(Filling::begin(&file(folder.path(), "3.db"), &newer, &tables).await.is_err());
    if let Ok(server) = std::env::var("KITH_TEST_POSTGRES") {
        // An empty database of the same server, by way of a house that nobody lived in.
        let other = House::new().await;
        let place = Place::parse(&other.place()).unwrap();
        assert!(server.starts_with("postgres"));
        let third = filled(&first, &place).await;
        let back = filled(&third, &file(folder.path(), "4.db")).await;
        assert_eq!(kept, lines_of(&back).await.2);
        third.close().await.unwrap();
        other.close().await;
    }
    house.close().await;
}
