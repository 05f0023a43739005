//! The people of the outbox stories, and a house whose letters leave through a given postroom.
#![expect(clippy::unwrap_used, reason = "a story that cannot be set up should stop")]

use consent::consents::allow_email;
use consent::rules::contact::Permission;
use consent::rules::notice::ELECTRONIC_RISK_VERSION;
use consent::{NewContactPoint, NewContactRules, contact_point, contact_rules};
use foundation::jobs::running::Runner;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, PersonId, Subject};
use mail::outbox::{JOB, sending};
use mail::{MessageId, Postroom};
use sea_orm::{ConnectionTrait, Statement, Value};

pub struct Story {
    pub house: House,
    pub cast: Cast,
    pub room: Postroom,
}

impl Story {
    pub async fn with(room: Postroom) -> Self {
        let out = room.clone();
        let runner = Runner::default().with(JOB, move |db, payload| {
            let out = out.clone();
            async move { sending::send(&db, &out, &payload).await }
        });
        let house = House::with(runner).await;
        let cast = Cast::on(&house).await;
        Self { house, cast, room }
    }

    /// Someone the center knows of. The row belongs to the room above.
    pub async fn person(&self, name: &str) -> PersonId {
        let write = async |unit: &mut foundation::Unit| {
            let id: PersonId = unit.id();
            let permit = unit.permit(Act::CreatePerson, &Subject::of("person", id).concerning(id))?;
            let sql = "INSERT INTO people (id, name_used, name_folded, language, created_at, version) \
                       VALUES ($1, $2, $2, 'en', $3, 1)";
            let values: [Value; 3] = [id.0.into(), name.into(), unit.now().into()];
            let backend = unit.tx().get_database_backend();
            unit.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(id)
        };
        self.house.write(&Actor::House, write).await.unwrap()
    }

    /// Someone with a record in Ray's caseload.
    pub async fn client(&self, name: &str) -> PersonId {
        let id = self.person(name).await;
        let ray = self.cast.ray.staff_id().map(|s| s.0);
        let values: Vec<Value> =
            vec![id.0.into(), format!("K-{name}").into(), ray.into(), self.house.now().into()];
        let sql = "INSERT INTO clients (id, reference, counselor_id, created_at, version) VALUES ($1, $2, $3, $4, 1)";
        self.beside(sql, values).await;
        id
    }

    /// Someone with a record who said yes to e-mail after hearing of the risk.
    pub async fn alum(&self, name: &str, address: &str) -> PersonId {
        let id = self.client(name).await;
        self.address(id, address).await;
        self.welcomes_mail(id).await;
        let care = care(id, &self.cast);
        let yes = async |unit: &mut foundation::Unit| allow_email(unit, &care, ELECTRONIC_RISK_VERSION).await;
        self.house.write(&self.cast.carol, yes).await.unwrap();
        id
    }

    pub async fn address(&self, person: PersonId, address: &str) {
        let point = NewContactPoint::email(address).unwrap();
        let add = async |unit: &mut foundation::Unit| contact_point::add(unit, person, point.clone()).await;
        self.house.write(&self.cast.carol, add).await.unwrap();
    }

    pub async fn welcomes_mail(&self, person: PersonId) {
        let rules = NewContactRules { email: Permission::Ok, ..NewContactRules::default() };
        let care = care(person, &self.cast);
        let set = async |unit: &mut foundation::Unit| contact_rules::set(unit, &care, rules.clone()).await;
        self.house.write(&self.cast.carol, set).await.unwrap();
    }

    /// A worker took the message and was never heard of again.
    pub async fn died_while_sending(&self, id: MessageId) {
        let sql = "UPDATE messages SET state = 'sending', due_at = $2, attempts = 1 WHERE id = $1";
        self.beside(sql, vec![id.0.into(), self.house.now().into()]).await;
    }

    /// The name by which mail programs know a letter.
    pub async fn message_id(&self, id: MessageId) -> Option<String> {
        let reader = self.house.reader();
        let sql = "SELECT message_id FROM messages WHERE id = $1";
        let ask = Statement::from_sql_and_values(reader.get_database_backend(), sql, [id.0.into()]);
        reader.query_one_raw(ask).await.unwrap().unwrap().try_get("", "message_id").unwrap()
    }

    /// What the gate said about a message, in order.
    pub async fn decisions(&self, id: MessageId) -> Vec<String> {
        let reader = self.house.reader();
        let sql = "SELECT answer FROM gate_decisions WHERE subject_id = $1 ORDER BY id";
        let ask = Statement::from_sql_and_values(reader.get_database_backend(), sql, [id.0.into()]);
        let rows = reader.query_all_raw(ask).await.unwrap();
        rows.iter().map(|row| row.try_get("", "answer").unwrap()).collect()
    }

    async fn beside(&self, sql: &str, values: Vec<Value>) {
        let write = async |unit: &mut foundation::Unit| {
            let permit = unit.permit(Act::CreateClient, &Subject::center())?;
            let backend = unit.tx().get_database_backend();
            unit.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values.clone())).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        };
        self.house.write(&Actor::House, write).await.unwrap();
    }
}

/// A person in Ray's caseload.
pub fn care(person: PersonId, cast: &Cast) -> Subject {
    Subject::of("person", person).concerning(person).cared_for_by(cast.ray.staff_id(), cast.mina.staff_id())
}

/// The acts that concern a person, newest first.
pub async fn acts(house: &House, person: PersonId) -> Vec<Act> {
    entries(house.reader(), Of::Person(person), None, 99).await.unwrap().into_iter().map(|e| e.act).collect()
}
