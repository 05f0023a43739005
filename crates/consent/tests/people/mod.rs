//! The people of the consent stories: Zoë, in Ray's caseload, and Jo, who only asked a question.
#![expect(clippy::expect_used, reason = "a story that cannot be set up should stop")]

use consent::rules::contact::{Answering, Permission, SaidBy, Voicemail};
use consent::{NewContactPoint, NewContactRules, contact_point, contact_rules};
use foundation::ledger::asking::{Entry, Of, entries};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, PersonId, StaffId, Subject};
use sea_orm::{ConnectionTrait, Statement, Value};

/// A house with everyone in it.
pub async fn house() -> (House, Cast) {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    (house, cast)
}

/// Someone the center knows of. The rows belong to the room above; a story of this room writes them itself.
pub async fn person(house: &House, name: &str) -> PersonId {
    let id: PersonId = house
        .write(&Actor::House, async |unit| {
            let id: PersonId = unit.id();
            let permit = unit.permit(Act::CreatePerson, &Subject::of("person", id).concerning(id))?;
            let sql = "INSERT INTO people (id, name_used, name_folded, language, created_at, version) \
                       VALUES ($1, $2, $2, 'en', $3, 1)";
            let values: [Value; 3] = [id.0.into(), name.into(), unit.now().into()];
            let backend = unit.tx().get_database_backend();
            unit.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(id)
        })
        .await
        .expect("a person");
    id
}

/// Someone with a record in the caseload of `counselor`.
pub async fn client(house: &House, name: &str, counselor: &Actor) -> PersonId {
    let id = person(house, name).await;
    let reference = format!("K-{name}");
    let values: [Value; 4] =
        [id.0.into(), reference.into(), counselor.staff_id().map(|s| s.0).into(), house.now().into()];
    let sql =
        "INSERT INTO clients (id, reference, counselor_id, created_at, version) VALUES ($1, $2, $3, $4, 1)";
    beside(house, sql, values.to_vec()).await;
    id
}

/// What another room writes, told short.
pub async fn beside(house: &House, sql: &'static str, values: Vec<Value>) {
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::CreateClient, &Subject::center())?;
            let backend = unit.tx().get_database_backend();
            unit.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values.clone())).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .expect("written");
}

/// The care of a person in the caseload of `counselor`.
pub fn care(person: PersonId, counselor: &Actor, supervisor: Option<StaffId>) -> Subject {
    Subject::of("client", person).concerning(person).cared_for_by(counselor.staff_id(), supervisor)
}

/// Everything is fine by them.
pub fn welcome() -> NewContactRules {
    NewContactRules {
        call: Permission::Ok,
        hours: None,
        voicemail: Voicemail::NameAndNumber,
        text_message: Permission::Never,
        email: Permission::Ok,
        if_someone_else_answers: Answering::AskByName,
        said_by: SaidBy::Voice,
    }
}

/// Writes down an address and the rules for a person, as Carol does at the phone.
pub async fn reachable(house: &House, cast: &Cast, person: PersonId, address: &str) {
    let point = NewContactPoint::email(address).expect("an address");
    let care = Subject::of("person", person).concerning(person);
    house
        .write(&cast.carol, async |unit| {
            contact_point::add(unit, person, point.clone()).await?;
            contact_rules::set(unit, &care, welcome()).await
        })
        .await
        .expect("written down");
}

/// The acts that concern a person, newest first.
pub async fn acts(house: &House, person: PersonId) -> Vec<Act> {
    let rows: Vec<Entry> = entries(house.reader(), Of::Person(person), None, 99).await.expect("reads");
    rows.into_iter().map(|row| row.act).collect()
}
