//! What this room must know of a person before it acts: whether they live, their name, and whose caseload they are in. The tables
//! belong to the rooms above; only these columns are read, and none is written.

use foundation::{Day, Error, Instant, PersonId, StaffId, Subject};
use sea_orm::entity::prelude::*;
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
pub(crate) async fn name(reader: &impl ConnectionTrait, person: PersonId) -> Result<String, Error> {
    let row = person::Entity::find_by_id(person).one(reader).await?.ok_or(Error::NotFound)?;
    Ok(row.legal_name.unwrap_or(row.name_used))
}
