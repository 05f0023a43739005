//! Clients: who has a record, who may see it, and the pages that show it.

use foundation::acts::{Reach, reach_of};
use foundation::{Act, Actor, Error, Instant, PersonId, StaffId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait, FromQueryResult, JoinType, QuerySelect, Set};

pub mod handing_over;
mod listing;
mod locked;

pub use listing::{Line, ListQuery, counts, list};
pub use locked::{Sought, locked};

use crate::entity::{client, episode, person};

/// Starts a record for a person. The reference is short and can be said aloud.
pub async fn start(unit: &mut Unit, person: PersonId, counselor: Option<StaffId>) -> Result<String, Error> {
    let care = Subject::of("client", person)
        .concerning(person)
        .cared_for_by(counselor, None)
        .awaiting_counselor(counselor.is_none());
    let permit = unit.permit(Act::CreateClient, &care)?;
    let reference = unused_reference(unit).await?;
    let row = client::ActiveModel {
        id: Set(person),
        reference: Set(reference.clone()),
        counselor_id: Set(counselor),
        created_at: Set(unit.now()),
        about: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    crate::person::find_by_everything(unit, person).await?;
    unit.record(permit, serde_json::json!({ "reference": reference }));
    Ok(reference)
}

/// Five letters of 22 are five million references; a taken one is drawn again.
pub(crate) async fn unused_reference(unit: &Unit) -> Result<String, Error> {
    loop {
        let reference = unit.chance().reference("K");
        let taken =
            client::Entity::find().filter(client::Column::Reference.eq(&reference)).one(unit.tx()).await?;
        if taken.is_none() {
            return Ok(reference);
        }
    }
}

/// Gives a client to the caseload of a counselor who works here now: nobody else could open the record.
pub async fn assign(unit: &mut Unit, care: &Subject, counselor: StaffId) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeClient, care)?;
    handing_over::may_carry(unit.tx(), counselor).await?;
    let given = client::Entity::update_many()
        .col_expr(client::Column::CounselorId, Expr::value(Some(counselor)))
        .filter(client::Column::Id.eq(care.person))
        .exec(unit.tx())
        .await?;
    if given.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    unit.record(permit, serde_json::json!({ "fields": ["counselor_id"], "counselor": counselor }));
    Ok(())
}

/// The rows a viewer may know of: everyone, the own team, the own caseload, or nobody, and whoever's locked record is
/// open to them with a reason. Every list, count and search
/// starts here; what is not in it does not exist.
pub fn visible_to(viewer: &Actor) -> Condition {
    let me = viewer.staff_id();
    let by_role = match reach_of(viewer, Act::OpenClient) {
        Reach::Everyone => Condition::all(),
        Reach::Caseload => Condition::all().add(client::Column::CounselorId.eq(me)),
        Reach::Team => {
            let team = Expr::col("supervisor_id").eq(me);
            Condition::any()
                .add(client::Column::CounselorId.eq(me))
                .add(client::Column::CounselorId.in_subquery(staff_who(team)))
                .add(without_counselor())
        }
        Reach::No => Condition::all().add(Expr::value(false)),
    };
    match viewer.staff().map(|staff| &staff.opened) {
        Some(opened) if !opened.is_empty() => Condition::any()
            .add(by_role)
            .add(client::Column::Id.is_in(opened.iter().map(|window| window.person))),
        _ => by_role,
    }
}

/// The keys of colleagues who meet a condition.
fn staff_who(condition: Expr) -> SelectStatement {
    Query::select().column("id").from("staff").and_where(condition).take()
}

/// The records that no counselor who works here carries: nobody was chosen yet, or the one who was left.
pub(crate) fn without_counselor() -> Condition {
    let left = Expr::col("disabled_at").is_not_null();
    Condition::any()
        .add(client::Column::CounselorId.is_null())
        .add(client::Column::CounselorId.in_subquery(staff_who(left)))
}

#[derive(FromQueryResult)]
struct Carer {
    counselor_id: Option<StaffId>,
    supervisor_id: Option<StaffId>,
    left_at: Option<Instant>,
}

impl Carer {
    /// Who carries a client, in one statement.
    async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Self, Error> {
        client::Entity::find_by_id(person)
            .select_only()
            .column(client::Column::CounselorId)
            .expr_as(Expr::col(("staff", "supervisor_id")), "supervisor_id")
            .expr_as(Expr::col(("staff", "disabled_at")), "left_at")
            .join(JoinType::LeftJoin, to_staff())
            .into_model::<Self>()
            .one(reader)
            .await?
            .ok_or(Error::NotFound)
    }

    fn subject(&self, person: PersonId) -> Subject {
        Subject::of("client", person)
            .concerning(person)
            .cared_for_by(self.counselor_id, self.supervisor_id)
            .awaiting_counselor(self.counselor_id.is_none() || self.left_at.is_some())
    }
}

/// A client as permission and the ledger need it; a person without a record is nobody's caseload.
pub async fn subject(reader: &impl ConnectionTrait, person: PersonId) -> Result<Subject, Error> {
    Ok(Carer::of(reader, person).await?.subject(person))
}

/// Holds a record until the unit is done, so that what is numbered by person is numbered by one at a time. On SQLite a
/// unit is alone anyway.
pub async fn hold(unit: &Unit, person: PersonId) -> Result<(), Error> {
    let held = client::Entity::find_by_id(person)
        .select_only()
        .column(client::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple::<PersonId>()
        .one(unit.tx())
        .await?;
    held.map(|_| ()).ok_or(Error::NotFound)
}

/// The reference of a client.
pub async fn reference_of(reader: &impl ConnectionTrait, person: PersonId) -> Result<String, Error> {
    let row = client::Entity::find_by_id(person).one(reader).await?.ok_or(Error::NotFound)?;
    Ok(row.reference)
}

/// The client's counselor. The staff table belongs to the foundation; only its key and names are read here.
fn to_staff() -> RelationDef {
    client::Entity::belongs_to(foundation_staff::Entity)
        .from(client::Column::CounselorId)
        .to(foundation_staff::Column::Id)
        .into()
}

impl Related<foundation_staff::Entity> for client::Entity {
    fn to() -> RelationDef {
        to_staff()
    }
}

mod foundation_staff {
    //! The columns of staff this room joins to.
    use foundation::{Instant, StaffId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: StaffId,
        pub name: String,
        pub supervisor_id: Option<StaffId>,
        pub disabled_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the record page shows of a client.
#[derive(Clone, Debug)]
pub struct Page {
    pub client: client::Model,
    pub person: person::Model,
    pub counselor: Option<String>,
    pub subject: Subject,
    pub episodes: Vec<episode::Model>,
}

/// The record page. The caller records the opening; a viewer who may not see it gets [`Error::NotFound`].
pub async fn page(reader: &impl ConnectionTrait, viewer: &Actor, id: PersonId) -> Result<Page, Error> {
    // One statement for who it is and who carries them: the driver's price is by the statement.
    let found = client::Entity::find_by_id(id)
        .find_also_related(person::Entity)
        .find_also(client::Entity, foundation_staff::Entity)
        .one(reader)
        .await?;
    let Some((client, Some(person), counselor)) = found else { return Err(Error::NotFound) };
    let supervisor = counselor.as_ref().and_then(|c| c.supervisor_id);
    let subject = Subject::of("client", id)
        .concerning(id)
        .cared_for_by(client.counselor_id, supervisor)
        .awaiting_counselor(counselor.as_ref().is_none_or(|c| c.disabled_at.is_some()));
    if !foundation::may(viewer, Act::OpenClient, &subject) {
        return Err(Error::NotFound);
    }
    let episodes = crate::episode::of(reader, id).await?;
    Ok(Page { client, person, counselor: counselor.map(|c| c.name), subject, episodes })
}

/// The key behind a reference like `K-4F7K3`. One that was merged leads to the survivor.
pub async fn by_reference(reader: &impl ConnectionTrait, reference: &str) -> Result<PersonId, Error> {
    let row = client::Entity::find()
        .select_only()
        .column(client::Column::Id)
        .column(person::Column::SurvivorId)
        .join(
            JoinType::InnerJoin,
            client::Entity::belongs_to(person::Entity).from(client::Column::Id).to(person::Column::Id).into(),
        )
        .filter(client::Column::Reference.eq(reference.trim().to_uppercase()))
        .into_tuple::<(PersonId, Option<PersonId>)>()
        .one(reader)
        .await?;
    row.map(|(id, survivor)| survivor.unwrap_or(id)).ok_or(Error::NotFound)
}
