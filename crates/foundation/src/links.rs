//! Private links: 256 random bits for one purpose and one person. Only the hash is stored; a stolen database opens no
//! door. Wrong, expired, used and unknown links are one answer, so that a guess learns nothing.

mod holding;

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, QueryOrder, Set};

use crate::acts::Act;
use crate::chance::{Secret, hash_of};
use crate::clock::Instant;
use crate::error::Error;
use crate::ids::PersonId;
use crate::subject::Subject;
use crate::unit::Unit;

crate::id! {
    /// A private link.
    LinkId
}

crate::words! {
    /// What a link is for. It opens nothing else.
    pub enum Purpose {
        CheckIn = "check_in", "answer a check-in",
        Stop = "stop", "stop the messages",
        Plan = "plan", "read the plan",
    }
}

mod link {
    //! A row of the links table.
    use sea_orm::entity::prelude::*;

    use super::{LinkId, Purpose};
    use crate::clock::Instant;
    use crate::ids::PersonId;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "links")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: LinkId,
        pub token_hash: Vec<u8>,
        pub purpose: Purpose,
        pub person_id: PersonId,
        pub subject_id: Uuid,
        pub expires_at: Instant,
        pub used_at: Option<Instant>,
        pub revoked_at: Option<Instant>,
        pub created_at: Instant,
        /// Tries at the word that opens it.
        pub tries: i32,
        /// When the last try was wrong: it shows nothing any more, and still says where to turn.
        pub closed_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use holding::LinkHolding;
pub use link::Model as Link;

/// Makes a link to `subject` for `person`, good for `lasts`. The secret is returned once and never again.
pub async fn issue(
    unit: &mut Unit,
    purpose: Purpose,
    person: PersonId,
    subject: Uuid,
    lasts: TimeDelta,
) -> Result<Secret, Error> {
    let permit = unit.permit(Act::IssueLink, &Subject::of("link", subject).concerning(person))?;
    let secret = unit.secret();
    let row = link::ActiveModel {
        id: Set(unit.id()),
        token_hash: Set(secret.hash()),
        purpose: Set(purpose),
        person_id: Set(person),
        subject_id: Set(subject),
        expires_at: Set(unit.now() + lasts),
        used_at: Set(None),
        revoked_at: Set(None),
        created_at: Set(unit.now()),
        tries: Set(0),
        closed_at: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "purpose": purpose }));
    Ok(secret)
}

/// The link a token opens now, for this purpose; [`Error::NotFound`] for every kind of no.
pub async fn open(
    reader: &impl ConnectionTrait,
    purpose: Purpose,
    token: &str,
    now: Instant,
) -> Result<Link, Error> {
    let link = link::Entity::find().filter(link::Column::TokenHash.eq(hash_of(token))).one(reader).await?;
    link.filter(|l| {
        l.purpose == purpose && l.used_at.is_none() && l.revoked_at.is_none() && now < l.expires_at
    })
    .ok_or(Error::NotFound)
}

/// Uses a link up. Of two uses at once exactly one succeeds; the other finds nothing.
pub async fn spend(unit: &Unit, link: LinkId) -> Result<(), Error> {
    let spent = link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(unit.now()))
        .filter(link::Column::Id.eq(link))
        .filter(link::Column::UsedAt.is_null())
        .exec(unit.tx())
        .await?;
    if spent.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Tries at the word of a link.
pub const MOST_TRIES: i32 = 5;

/// Counts a try at the word of a link before anything is compared: of many at once no more than [`MOST_TRIES`] are let
/// through. How many are left after this one; `None` when there was none left.
pub async fn claim_try(unit: &Unit, link: LinkId) -> Result<Option<i32>, Error> {
    let claimed = link::Entity::update_many()
        .col_expr(link::Column::Tries, Expr::col(link::Column::Tries).add(1))
        .filter(link::Column::Id.eq(link))
        .filter(link::Column::Tries.lt(MOST_TRIES))
        .exec(unit.tx())
        .await?;
    if claimed.rows_affected == 0 {
        return Ok(None);
    }
    let row = link::Entity::find_by_id(link).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    Ok(Some(MOST_TRIES - row.tries))
}

/// A try that was right is none.
pub async fn give_try_back(unit: &Unit, link: LinkId) -> Result<(), Error> {
    link::Entity::update_many()
        .col_expr(link::Column::Tries, Expr::col(link::Column::Tries).sub(1))
        .filter(link::Column::Id.eq(link))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// The last try was wrong.
pub async fn close_by_tries(unit: &Unit, link: LinkId) -> Result<(), Error> {
    link::Entity::update_many()
        .col_expr(link::Column::ClosedAt, Expr::value(Some(unit.now())))
        .filter(link::Column::Id.eq(link))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// The newest link of a person for a purpose, whatever became of it. It opens nothing: its secret is not kept.
pub async fn find_newest(
    reader: &impl ConnectionTrait,
    purpose: Purpose,
    person: PersonId,
) -> Result<Option<Link>, Error> {
    let newest = link::Entity::find()
        .filter(link::Column::PersonId.eq(person))
        .filter(link::Column::Purpose.eq(purpose))
        .order_by_desc(link::Column::CreatedAt)
        .order_by_desc(link::Column::Id)
        .one(reader)
        .await?;
    Ok(newest)
}

/// Revokes every open link of a person for a purpose, as when consent is taken back.
pub async fn revoke_all(unit: &Unit, person: PersonId, purpose: Purpose) -> Result<u64, Error> {
    let revoked = link::Entity::update_many()
        .col_expr(link::Column::RevokedAt, Expr::value(unit.now()))
        .filter(link::Column::PersonId.eq(person))
        .filter(link::Column::Purpose.eq(purpose))
        .filter(link::Column::RevokedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(revoked.rows_affected)
}
