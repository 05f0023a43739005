//! Clients: who has a record, who may see it, and the pages that show it.

use foundation::acts::{Reach, reach_of};
use foundation::{Act, Actor, Error, Instant, PersonId, StaffId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    Condition, ConnectionTrait, FromQueryResult, JoinType, QueryOrder, QuerySelect, QueryTrait, Set,
};

use crate::entity::{client, episode, person};

/// Starts a record for a person. The reference is short and can be said aloud.
pub async fn start(unit: &mut Unit, person: PersonId, counselor: Option<StaffId>) -> Result<String, Error> {
    let care = Subject::of("client", person).concerning(person).cared_for_by(counselor, None);
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
async fn unused_reference(unit: &Unit) -> Result<String, Error> {
    loop {
        let reference = unit.chance().reference("K");
        let taken =
            client::Entity::find().filter(client::Column::Reference.eq(&reference)).one(unit.tx()).await?;
        if taken.is_none() {
            return Ok(reference);
        }
    }
}

/// Gives a client to a counselor's caseload.
pub async fn assign(unit: &mut Unit, care: &Subject, counselor: StaffId) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeClient, care)?;
    client::Entity::update_many()
        .col_expr(client::Column::CounselorId, Expr::value(Some(counselor)))
        .filter(client::Column::Id.eq(care.person))
        .exec(unit.tx())
        .await?;
    unit.record(permit, serde_json::json!({ "fields": ["counselor_id"], "counselor": counselor }));
    Ok(())
}

/// The rows a viewer may know of: everyone, the own team, the own caseload, or nobody. Every list, count and search
/// starts here; what is not in it does not exist.
pub fn visible_to(viewer: &Actor) -> Condition {
    let me = viewer.staff_id();
    match reach_of(viewer, Act::OpenClient) {
        Reach::Everyone => Condition::all(),
        Reach::Caseload => Condition::all().add(client::Column::CounselorId.eq(me)),
        Reach::Team => Condition::any().add(client::Column::CounselorId.eq(me)).add(
            client::Column::CounselorId.in_subquery(
                Query::select()
                    .column("id")
                    .from("staff")
                    .and_where(Expr::col("supervisor_id").eq(me))
                    .take(),
            ),
        ),
        Reach::No => Condition::all().add(Expr::value(false)),
    }
}

#[derive(FromQueryResult)]
struct Carer {
    counselor_id: Option<StaffId>,
    supervisor_id: Option<StaffId>,
}

/// A client as permission and the ledger need it; a person without a record is nobody's caseload.
pub async fn subject(reader: &impl ConnectionTrait, person: PersonId) -> Result<Subject, Error> {
    let carer = client::Entity::find_by_id(person)
        .select_only()
        .column(client::Column::CounselorId)
        .expr_as(Expr::col(("staff", "supervisor_id")), "supervisor_id")
        .join(JoinType::LeftJoin, to_staff())
        .into_model::<Carer>()
        .one(reader)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Subject::of("client", person).concerning(person).cared_for_by(carer.counselor_id, carer.supervisor_id))
}

/// The client's counselor. The staff table belongs to the foundation; only its key and names are read here.
fn to_staff() -> RelationDef {
    client::Entity::belongs_to(foundation_staff::Entity)
        .from(client::Column::CounselorId)
        .to(foundation_staff::Column::Id)
        .into()
}

mod foundation_staff {
    //! The two columns of staff this room joins to.
    use foundation::StaffId;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: StaffId,
        pub name: String,
        pub supervisor_id: Option<StaffId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One line of the client list.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Line {
    pub id: PersonId,
    pub reference: String,
    pub name_used: String,
    pub counselor: Option<String>,
    pub admitted_on: Option<foundation::Day>,
    pub level: Option<String>,
    pub created_at: Instant,
}

/// Which lines.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Words to find by; empty for all.
    pub find: String,
    /// Only those in care now.
    pub in_care: bool,
    /// The last name and key of the page before.
    pub after: Option<(String, PersonId)>,
    /// Lines on a page.
    pub limit: u64,
}

/// The clients a viewer may see, by name. One statement for the page, one more when words are searched.
pub async fn list(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    query: &ListQuery,
) -> Result<Vec<Line>, Error> {
    let mut find = client::Entity::find()
        .select_only()
        .column(client::Column::Id)
        .column(client::Column::Reference)
        .column(client::Column::CreatedAt)
        .column_as(person::Column::NameUsed, "name_used")
        .column_as(foundation_staff::Column::Name, "counselor")
        .column_as(episode::Column::AdmittedOn, "admitted_on")
        .column_as(episode::Column::AdmittedLevel, "level")
        .join(
            JoinType::InnerJoin,
            client::Entity::belongs_to(person::Entity).from(client::Column::Id).to(person::Column::Id).into(),
        )
        .join(JoinType::LeftJoin, to_staff())
        .join(JoinType::LeftJoin, open_episode())
        .filter(visible_to(viewer))
        .filter(person::Column::SurvivorId.is_null());
    if query.in_care {
        find = find.filter(episode::Column::Id.is_not_null());
    }
    if !query.find.trim().is_empty() {
        let found = foundation::search::find(reader, crate::person::KIND, &query.find, 200).await?;
        find = find.filter(client::Column::Id.is_in(found));
    }
    if let Some((name, id)) = &query.after {
        // Row values, not `a > x OR (a = x AND b > y)`: the index is walked once.
        let here = Expr::tuple([
            Expr::col((person::Entity, person::Column::NameFolded)),
            Expr::col((client::Entity, client::Column::Id)),
        ]);
        let there = Expr::tuple([Expr::value(name.clone()), Expr::value(*id)]);
        find = find.filter(here.gt(there));
    }
    Ok(find
        .order_by_asc(person::Column::NameFolded)
        .order_by_asc(client::Column::Id)
        .limit(query.limit)
        .into_model::<Line>()
        .all(reader)
        .await?)
}

fn open_episode() -> RelationDef {
    let mut relation: RelationDef = client::Entity::belongs_to(episode::Entity)
        .from(client::Column::Id)
        .to(episode::Column::PersonId)
        .into();
    relation = relation.on_condition(|_, right| {
        Condition::all().add(Expr::col((right, episode::Column::DischargedOn)).is_null())
    });
    relation
}

/// How many clients a viewer may see, and how many of them are in care now.
pub async fn counts(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<(u64, u64), Error> {
    let all = client::Entity::find().filter(visible_to(viewer)).count(reader).await?;
    let in_care = episode::Entity::find()
        .filter(episode::Column::DischargedOn.is_null())
        .filter(
            episode::Column::PersonId.in_subquery(
                client::Entity::find()
                    .select_only()
                    .column(client::Column::Id)
                    .filter(visible_to(viewer))
                    .into_query(),
            ),
        )
        .count(reader)
        .await?;
    Ok((all, in_care))
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
    let subject = subject(reader, id).await?;
    if !foundation::may(viewer, Act::OpenClient, &subject) {
        return Err(Error::NotFound);
    }
    let client = client::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    let person = person::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    let counselor = match client.counselor_id {
        Some(id) => foundation_staff::Entity::find_by_id(id).one(reader).await?.map(|s| s.name),
        None => None,
    };
    let episodes = crate::episode::of(reader, id).await?;
    Ok(Page { client, person, counselor, subject, episodes })
}

/// The key behind a reference like `K-4F7K3`.
pub async fn by_reference(reader: &impl ConnectionTrait, reference: &str) -> Result<PersonId, Error> {
    let row = client::Entity::find()
        .filter(client::Column::Reference.eq(reference.to_uppercase()))
        .one(reader)
        .await?;
    row.map(|c| c.id).ok_or(Error::NotFound)
}
