//! No table forgets that it names a person.

use std::collections::BTreeSet;

use foundation::Clock;
use mail::delivery::Post;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::*;
use crate::demo::furnish;
use crate::serving;
use crate::settings::Settings;

/// Columns that name a person and are nobody's holding, each with its reason.
const BESIDES: [(&str, &str); 4] = [
    // The ledger is never changed; the law asks for it, and it holds references only.
    ("ledger", "person_id"),
    // Destroying this key is the forgetting itself.
    ("sealing_keys", "person_id"),
    // The person and the record as such: a merge leaves a pointer to the survivor, and forgetting empties the row.
    ("people", "survivor_id"),
    ("clients", "id"),
];

async fn center() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { data: folder.path().join("kith"), ..Settings::default() };
    let monday = Clock::set("2026-03-02T15:00:00Z".parse().unwrap());
    let db = furnish(&settings, &serving::postroom(&settings, Post::Captured), monday, 7).await.unwrap();
    (folder, db)
}

/// `(table, column)` pairs a question gives.
async fn pairs(db: &Db, sql: &str) -> BTreeSet<(String, String)> {
    let rows = db.reader().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    let text = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<String>(at).unwrap();
    rows.iter().map(|row| (text(row, 0), text(row, 1))).collect()
}

#[tokio::test]
async fn every_column_that_names_a_person_is_in_a_holding() {
    let (_folder, db) = Box::pin(center()).await;
    let by_key = "SELECT m.name, f.\"from\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
                  WHERE m.type = 'table' AND f.\"table\" IN ('people', 'clients')";
    let by_name = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND c.name LIKE '%person_id'";
    let mut naming = pairs(&db, by_key).await;
    naming.extend(pairs(&db, by_name).await);
    assert!(naming.len() >= 20, "{naming:?}");
    let held: BTreeSet<(String, String)> = all()
        .iter()
        .flat_map(|holding| holding.columns())
        .chain(&BESIDES)
        .map(|(table, column)| ((*table).to_owned(), (*column).to_owned()))
        .collect();
    let forgotten: Vec<_> = naming.difference(&held).collect();
    assert!(forgotten.is_empty(), "no holding covers {forgotten:?}");
    let names: BTreeSet<&str> = all().iter().map(|holding| holding.name()).collect();
    assert_eq!(names.len(), all().len(), "two holdings share a name");
}

#[tokio::test]
async fn someone_who_asks_gets_everything_and_the_ledger_knows() {
    let (_folder, db) = Box::pin(center()).await;
    let sql = "SELECT c.reference, CAST(COUNT(*) AS TEXT) FROM clients c JOIN check_ins i ON i.person_id = c.id \
               JOIN connections k ON k.person_id = c.id JOIN plan_sections s ON s.person_id = c.id GROUP BY 1 LIMIT 1";
    let (reference, _) = pairs(&db, sql).await.pop_first().unwrap();
    let given = export(&db, &reference).await.unwrap();
    for room in ["consent", "clients", "intake", "alumni", "plans"] {
        let told = given[room].to_string();
        assert!(told.len() > 20, "{room} gives nothing: {told}");
    }
    let person = clients::client::by_reference(db.reader(), &reference).await.unwrap();
    let entries = foundation::ledger::asking::entries(
        db.reader(),
        foundation::ledger::asking::Of::Person(person),
        None,
        5,
    );
    assert_eq!(entries.await.unwrap()[0].act, Act::ExportRecord);
}
