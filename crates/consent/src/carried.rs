//! What this room must know of a person before it acts: whether they live, their name, whose caseload they are in, by
//! which clock they live, whether they asked for quiet, and whose requests go on in theirs. The tables belong to the
//! rooms above; only these columns are read, and none is written.

use foundation::{Day, Error, Instant, PersonId, StaffId, Subject, Zone};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType, QuerySelect};

use crate::reaching::KnownDeath;

mod person {
    //! The columns of `people` that are read.
    use foundation::{Day, Instant, PersonId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "people")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PersonId,
        pub name_used: String,
        pub legal_name: Option<String>,
        pub died_at: Option<Instant>,
        pub zone: Option<String>,
        pub died_on: Option<Day>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod client {
    //! The two columns of `clients` that are read.
    use foundation::{PersonId, StaffId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "clients")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PersonId,
        pub counselor_id: Option<StaffId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod counselor {
    //! The columns of `staff` that are read.
    use foundation::{Instant, StaffId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: StaffId,
        pub supervisor_id: Option<StaffId>,
        pub disabled_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(FromQueryResult)]
struct Carers {
    counselor_id: Option<StaffId>,
    supervisor_id: Option<StaffId>,
    left_at: Option<Instant>,
}

/// A thing of a person's, with the counselor who carries the person and that counselor's supervisor: a counselor may
/// change what belongs to the own caseload.
pub(crate) async fn subject(
    reader: &impl ConnectionTrait,
    kind: &'static str,
    id: impl Into<Uuid>,
    person: PersonId,
) -> Result<Subject, Error> {
    let to_staff: RelationDef = client::Entity::belongs_to(counselor::Entity)
        .from(client::Column::CounselorId)
        .to(counselor::Column::Id)
        .into();
    let carers = client::Entity::find_by_id(person)
        .select_only()
        .column(client::Column::CounselorId)
        .column(counselor::Column::SupervisorId)
        .column_as(counselor::Column::DisabledAt, "left_at")
        .join(JoinType::LeftJoin, to_staff)
        .into_model::<Carers>()
        .one(reader)
        .await?;
    let subject = Subject::of(kind, id).concerning(person);
    // A person without a record is nobody's caseload, and waits for no counselor.
    Ok(carers.map_or(subject.clone(), |c| {
        subject
            .cared_for_by(c.counselor_id, c.supervisor_id)
            .awaiting_counselor(c.counselor_id.is_none() || c.left_at.is_some())
    }))
}

mod stay {
    //! The columns of `episodes` that are read.
    use foundation::{Day, PersonId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "episodes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: PersonId,
        pub discharged_on: Option<Day>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the house knows of this person's death. A person it does not know is [`Error::NotFound`]: nothing may be sent
/// on a guess.
pub(crate) async fn death(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<KnownDeath>, Error> {
    let (at, on): (Option<Instant>, Option<Day>) = person::Entity::find_by_id(person)
        .select_only()
        .columns([person::Column::DiedAt, person::Column::DiedOn])
        .into_tuple()
        .one(reader)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(at.map(|recorded_at| KnownDeath { recorded_at, on }))
}

/// Whether the person is in care at this moment.
pub(crate) async fn in_care(reader: &impl ConnectionTrait, person: PersonId) -> Result<bool, Error> {
    let open = stay::Entity::find()
        .filter(stay::Column::PersonId.eq(person))
        .filter(stay::Column::DischargedOn.is_null());
    Ok(open.count(reader).await? > 0)
}

/// The name on the record: the legal one when it is known, else the name used.
pub async fn name(reader: &impl ConnectionTrait, person: PersonId) -> Result<String, Error> {
    let row = person::Entity::find_by_id(person).one(reader).await?.ok_or(Error::NotFound)?;
    Ok(row.legal_name.unwrap_or(row.name_used))
}

/// The zone they live in, when they told us.
pub(crate) async fn zone(reader: &impl ConnectionTrait, person: PersonId) -> Result<Option<Zone>, Error> {
    let row = person::Entity::find_by_id(person).one(reader).await?;
    Ok(row.and_then(|row| row.zone).and_then(|name| name.parse().ok()))
}

/// Before which day they asked to be left in peace by the check-ins.
pub(crate) async fn paused_until(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<Day>, Error> {
    let mut ask = Query::select();
    ask.column("paused_until")
        .from("aftercares")
        .and_where(Expr::col("person_id").eq(person.0))
        .and_where(Expr::col("ended_at").is_null())
        .order_by("id", Order::Desc)
        .limit(1);
    match reader.query_one(&ask).await? {
        Some(row) => Ok(row.try_get("", "paused_until")?),
        None => Ok(None),
    }
}

/// Whose requests were merged into one of theirs, each with the moment of the merge: what they said there holds here as
/// well, until somebody asks again.
pub(crate) async fn merged_into(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<(PersonId, foundation::Instant)>, Error> {
    let mut ask = merged();
    ask.and_where(Expr::col(("s", "caller_id")).eq(person.0));
    pairs(reader, ask).await
}

/// Those of these people into whose requests others were merged.
pub(crate) async fn with_merged(
    reader: &impl ConnectionTrait,
    people: Vec<PersonId>,
) -> Result<Vec<PersonId>, Error> {
    let mut ask = merged();
    ask.and_where(Expr::col(("s", "caller_id")).is_in(people.into_iter().map(|person| person.0)));
    let rows = reader.query_all(&ask).await?;
    let whose = |row: &sea_orm::QueryResult| row.try_get::<Uuid>("", "whose").map(PersonId::from);
    Ok(rows.iter().map(whose).collect::<Result<_, _>>()?)
}

fn merged() -> sea_orm::sea_query::SelectStatement {
    let mut ask = Query::select();
    ask.from_as("request_merges", "g")
        .expr_as(Expr::col(("s", "caller_id")), "whose")
        .expr_as(Expr::col(("m", "caller_id")), "other")
        .column(("g", "merged_at"))
        .join_as(JoinType::InnerJoin, "requests", "s", Expr::col(("s", "id")).equals(("g", "survivor_id")))
        .join_as(JoinType::InnerJoin, "requests", "m", Expr::col(("m", "id")).equals(("g", "merged_id")))
        .and_where(Expr::col(("g", "undone_at")).is_null())
        .and_where(Expr::col(("m", "caller_id")).not_equals(("s", "caller_id")));
    ask
}

async fn pairs(
    reader: &impl ConnectionTrait,
    ask: sea_orm::sea_query::SelectStatement,
) -> Result<Vec<(PersonId, foundation::Instant)>, Error> {
    let mut found = Vec::new();
    for row in reader.query_all(&ask).await? {
        found.push((row.try_get::<Uuid>("", "other")?.into(), row.try_get("", "merged_at")?));
    }
    Ok(found)
}
