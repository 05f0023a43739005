//! Addresses nobody writes to, kept as a hash: somebody pressed stop, or mail came back. A stop is lifted by that
//! person's own new yes and by nothing else; an address that mail came back from by staff, with a reason.

use foundation::{Act, Error, PersonId, Subject, Unit, hash_of, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, Set};

use crate::consents::YesHow;
use crate::contact_point::{self, ContactPointId, Kind};

/// What is stored of an address whose reader pressed stop.
const STOP_LINK: &str = "stop link";

foundation::words! {
    /// Why staff write again to an address that mail came back from.
    pub enum ClearReason {
        AddressIsRight = "address_is_right", "They say the address is right",
        MailboxWorks = "mailbox_works", "Their mailbox works again",
        OurMistake = "our_mistake", "The mail came back through a mistake of ours",
    }
}

mod entity {
    //! A row of `suppressions`.
    use foundation::{Instant, PersonId, StaffId};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "suppressions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub address_hash: Vec<u8>,
        pub reason: String,
        pub since: Instant,
        /// Whose letter it was that they stopped.
        pub person_id: Option<PersonId>,
        /// When staff asked by a safe way, and they want no more e-mail.
        pub confirmed_at: Option<Instant>,
        pub confirmed_by: Option<StaffId>,
        pub lifted_at: Option<Instant>,
        pub lifted_by: Option<StaffId>,
        pub lifted_how: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use entity::Model as Suppression;

impl Suppression {
    /// Whether its reader pressed stop; otherwise mail came back from it.
    #[must_use]
    pub fn is_stop(&self) -> bool {
        self.reason == STOP_LINK
    }

    /// Whether staff should still ask by a safe way what they want (domain reference 1.13).
    #[must_use]
    pub fn asks_for_staff(&self) -> bool {
        self.is_stop() && self.confirmed_at.is_none()
    }

    fn is_own_stop_of(&self, person: PersonId) -> bool {
        self.is_stop() && self.person_id.is_none_or(|who| who == person)
    }
}

/// Writes to an address no more, as when mail came back. Twice is once.
pub async fn suppress(unit: &Unit, address: &str, reason: &str) -> Result<(), Error> {
    keep(unit, address, reason, None).await
}

/// The same because the reader of a letter to `person` pressed stop.
pub async fn stop(unit: &Unit, person: PersonId, address: &str) -> Result<(), Error> {
    keep(unit, address, STOP_LINK, Some(person)).await
}

async fn keep(unit: &Unit, address: &str, reason: &str, person: Option<PersonId>) -> Result<(), Error> {
    let folded = address.trim().to_lowercase();
    // A stop is the reader's own word: it takes the place of mail that came back, and nothing takes its place.
    let before = find(unit.tx(), &folded).await?;
    if before.is_some_and(|before| before.is_stop() || reason != STOP_LINK) {
        return Ok(());
    }
    let hash = hash_of(&folded);
    // One that was lifted before is stopped anew.
    entity::Entity::delete_by_id(hash.clone()).exec(unit.tx()).await?;
    let row = entity::ActiveModel {
        address_hash: Set(hash),
        reason: Set(reason.to_owned()),
        since: Set(unit.now()),
        person_id: Set(person),
        confirmed_at: Set(None),
        confirmed_by: Set(None),
        lifted_at: Set(None),
        lifted_by: Set(None),
        lifted_how: Set(None),
    };
    entity::Entity::insert(row)
        .on_conflict_do_nothing_on([entity::Column::AddressHash])
        .exec_without_returning(unit.tx())
        .await?;
    Ok(())
}

/// Why nobody writes to an address, folded as contact points are; `None` when it may be written to.
pub async fn find(reader: &impl ConnectionTrait, folded: &str) -> Result<Option<Suppression>, Error> {
    let row = entity::Entity::find_by_id(hash_of(folded)).one(reader).await?;
    Ok(row.filter(|row| row.lifted_at.is_none()))
}

/// Lifts the stops that this person pressed: the act around it records their new yes. What mail came back from stays.
pub(crate) async fn lift_own_stops(unit: &Unit, person: PersonId, how: YesHow) -> Result<(), Error> {
    for point in contact_point::of(unit.tx(), person).await?.iter().filter(|one| one.kind == Kind::Email) {
        let stopped = find(unit.tx(), &point.folded).await?;
        if stopped.is_some_and(|row| row.is_own_stop_of(person)) {
            lift(unit, &point.folded, how.as_str()).await?;
        }
    }
    Ok(())
}

/// Staff write again to an address that mail came back from.
///
/// # Errors
/// A refusal when its reader pressed stop: only they themselves lift that.
pub async fn clear(
    unit: &mut Unit,
    care: &Subject,
    id: ContactPointId,
    reason: ClearReason,
) -> Result<(), Error> {
    let permit = unit.permit(Act::ClearAddress, care)?;
    let person = care.person.ok_or(Error::NotFound)?;
    let points = contact_point::of(unit.tx(), person).await?;
    let point = points.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let row = find(unit.tx(), &point.folded).await?.ok_or(Error::NotFound)?;
    if row.is_stop() {
        return Err(refused("stopped", "They pressed stop. Only their own new yes lifts that."));
    }
    lift(unit, &point.folded, reason.as_str()).await?;
    unit.record(permit, serde_json::json!({ "contact_point": id, "with": reason.words() }));
    Ok(())
}

/// Staff asked by a safe way: they meant it, and want no more e-mail. Nobody is reminded of it any more.
pub async fn confirm_stop(unit: &mut Unit, care: &Subject) -> Result<(), Error> {
    let permit = unit.permit(Act::ConfirmStop, care)?;
    let done = entity::Entity::update_many()
        .col_expr(entity::Column::ConfirmedAt, Expr::value(Some(unit.now())))
        .col_expr(entity::Column::ConfirmedBy, Expr::value(unit.actor().staff_id()))
        .filter(entity::Column::PersonId.eq(care.person))
        .filter(entity::Column::ConfirmedAt.is_null())
        .filter(entity::Column::LiftedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    unit.record(permit, serde_json::json!({ "fields": ["confirmed_at"] }));
    Ok(())
}

async fn lift(unit: &Unit, folded: &str, how: &'static str) -> Result<(), Error> {
    entity::Entity::update_many()
        .col_expr(entity::Column::LiftedAt, Expr::value(Some(unit.now())))
        .col_expr(entity::Column::LiftedBy, Expr::value(unit.actor().staff_id()))
        .col_expr(entity::Column::LiftedHow, Expr::value(Some(how)))
        .filter(entity::Column::AddressHash.eq(hash_of(folded)))
        .exec(unit.tx())
        .await?;
    Ok(())
}

pub(crate) async fn all_of(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Suppression>, Error> {
    Ok(entity::Entity::find().filter(entity::Column::PersonId.eq(person)).all(reader).await?)
}

/// The address stays stopped; whose it was is gone.
pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    set_person(unit, person, None).await
}

pub(crate) async fn move_to(unit: &Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    set_person(unit, from, Some(survivor)).await
}

async fn set_person(unit: &Unit, from: PersonId, to: Option<PersonId>) -> Result<(), Error> {
    entity::Entity::update_many()
        .col_expr(entity::Column::PersonId, Expr::value(to))
        .filter(entity::Column::PersonId.eq(from))
        .exec(unit.tx())
        .await?;
    Ok(())
}
