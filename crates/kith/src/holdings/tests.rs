//! No table forgets that it names a person.

use std::collections::BTreeSet;

use consent::rules::contact::SaidBy;
use foundation::access::{NewAccessDecision, decide};
use foundation::{Clock, Role};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::rules::words::Channel;
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
    let room = serving::postroom(&settings, Post::Captured);
    let db = Box::pin(furnish(&settings, &room, monday, 7)).await.unwrap();
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

/// Rita writes about her brother Danny, who is a client today; his record's number.
async fn danny(db: &Db) -> (String, foundation::PersonId) {
    let rita = TypedRequest {
        danger: "no",
        for_whom: "family",
        relationship: "sister",
        name: "Rita Vandermolen",
        other_name: "Danny Vandermolen",
        phone: "(212) 555-0177",
        call: "any",
        email: "rita@example.org",
        words: "My brother Danny drinks again. He must not know I wrote.",
        ..TypedRequest::default()
    };
    let new = NewRequest::parse(&rita, Channel::Web, SaidBy::Self_).unwrap();
    db.write(&Actor::Visitor, async |unit| receive(unit, "ritas form", new).await).await.unwrap();
    let sql = "SELECT r.reference, '' FROM requests r WHERE r.submission = 'ritas form'";
    let (reference, _) = pairs(db, sql).await.pop_first().unwrap();
    let request = intake::request::by_reference(db.reader(), &reference).await.unwrap();
    let person = request.prospective_id;
    db.write(&Actor::House, async |unit| {
        intake::request::noting::note(unit, &request, "Rita says he sleeps in his truck.").await?;
        clients::client::start(unit, person, None).await
    })
    .await
    .unwrap();
    (clients::client::reference_of(db.reader(), person).await.unwrap(), person)
}

#[tokio::test]
async fn a_man_whose_sister_wrote_gets_none_of_her_words_until_the_privacy_officer_released_them() {
    let (_folder, db) = Box::pin(center()).await;
    let (reference, person) = danny(&db).await;
    let given = export(&db, &reference).await.unwrap();
    let text = given.to_string();
    for hers in ["Rita", "must not know", "sister", "555-0177", "2125550177", "rita@", "truck"] {
        assert!(!text.contains(hers), "{hers} is in his copy: {text}");
    }
    assert_eq!(given["withheld"]["items"], 2);
    assert!(given["withheld"]["ground"].as_str().unwrap().contains("164.524(a)(2)(v)"));
    assert!(given["withheld"]["how_to_ask_for_review"].as_str().unwrap().contains("privacy officer"));

    // Petra asks Rita, who agrees to one of the two.
    let staff = foundation::staff::inviting::everyone(db.reader()).await.unwrap();
    let actor = |role| staff.iter().find(|one| one.roles.contains(&role)).unwrap().actor();
    let (petra, ray) = (actor(Role::PrivacyOfficer), actor(Role::Counselor));
    let items = web::own_record::said_by_others(&db, person).await.unwrap();
    let asked = items.iter().find(|one| one.item.starts_with("request/")).unwrap();
    let care = clients::client::subject(db.reader(), person).await.unwrap();
    let agrees = || NewAccessDecision::parse("source_agrees", "Rita said so by phone.").unwrap();
    let no = db.write(&ray, async |unit| decide(unit, &care, &asked.item, agrees()).await).await;
    assert!(no.is_err(), "a counselor decides nothing here");
    db.write(&petra, async |unit| decide(unit, &care, &asked.item, agrees()).await).await.unwrap();
    let given = export(&db, &reference).await.unwrap();
    let told = given["said_by_others"].to_string();
    assert!(told.contains("He must not know I wrote.") && told.contains("Rita Vandermolen"), "{told}");
    assert!(!given.to_string().contains("truck"));
    assert_eq!(given["withheld"]["items"], 1);
}
