//! What colleagues keep for themselves or share with everyone: saved views, replies, macros. One rule for all: what is
//! shared is there for everyone, and changed by who keeps it or by who may share; what is not is nobody else's.

use foundation::{Act, Actor, Error, StaffId, Subject, Unit, may};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, UpdateMany};

/// Whose a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    pub by: StaffId,
    pub shared: bool,
}

impl Whose {
    /// Whether this colleague sees it: their own, and what others share.
    pub fn is_for(self, viewer: Option<StaffId>) -> bool {
        self.shared || viewer == Some(self.by)
    }

    /// Whether this colleague may change it or take it away.
    pub fn is_theirs(self, viewer: &Actor, thing: &Subject) -> bool {
        viewer.staff_id() == Some(self.by) || (self.shared && may(viewer, Act::ShareWithTeam, thing))
    }
}

/// A table of things that are kept so: what its columns are called.
pub(crate) trait Kept: EntityTrait {
    const ID: Self::Column;
    const STAFF: Self::Column;
    const SHARED: Self::Column;
    const ENDED: Self::Column;

    /// Whose this one is.
    fn whose(row: &Self::Model) -> Whose;
}

/// A table of things that can also be changed, by one at a time.
pub(crate) trait Changed: Kept {
    const SAVED: Self::Column;
    const VERSION: Self::Column;
}

/// Says in the file of an entity that its table is such a one.
macro_rules! kept {
    () => {
        impl $crate::whose::Kept for Entity {
            const ID: Column = Column::Id;
            const STAFF: Column = Column::StaffId;
            const SHARED: Column = Column::Shared;
            const ENDED: Column = Column::EndedAt;

            fn whose(row: &Model) -> $crate::whose::Whose {
                $crate::whose::Whose { by: row.staff_id, shared: row.shared }
            }
        }
    };
    (and changed) => {
        $crate::whose::kept!();

        impl $crate::whose::Changed for Entity {
            const SAVED: Column = Column::SavedAt;
            const VERSION: Column = Column::Version;
        }
    };
}
pub(crate) use kept;

/// Those that are there.
pub(crate) fn there<E: Kept>() -> Select<E> {
    E::find().filter(E::ENDED.is_null())
}

/// Those that are there for this colleague.
pub(crate) fn visible<E: Kept>(me: StaffId) -> Select<E> {
    there::<E>().filter(Condition::any().add(E::STAFF.eq(me)).add(E::SHARED.eq(true)))
}

/// One that the actor may change: what others keep for themselves is not there.
pub(crate) async fn theirs<E: Kept>(unit: &Unit, thing: &Subject) -> Result<E::Model, Error> {
    let row = there::<E>().filter(E::ID.eq(thing.id)).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if E::whose(&row).is_theirs(unit.actor(), thing) { Ok(row) } else { Err(Error::NotFound) }
}

/// What is for everyone is an act of its own.
pub(crate) fn share(unit: &mut Unit, thing: &Subject, shared: bool) -> Result<(), Error> {
    if shared {
        let permit = unit.permit(Act::ShareWithTeam, thing)?;
        unit.record(permit, serde_json::json!({}));
    }
    Ok(())
}

/// Writes over one that was shown with this version. `content` sets what only this kind has.
///
/// # Errors
/// [`Error::Stale`] when somebody changed it in between.
pub(crate) async fn write_over<E: Changed>(
    unit: &Unit,
    thing: &Subject,
    version: i32,
    shared: bool,
    content: UpdateMany<E>,
) -> Result<(), Error> {
    let done = content
        .col_expr(E::SHARED, Expr::value(shared))
        .col_expr(E::SAVED, Expr::value(unit.now()))
        .col_expr(E::VERSION, Expr::col(E::VERSION).add(1))
        .filter(E::ID.eq(thing.id))
        .filter(E::VERSION.eq(version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Takes one away. It stays in the table: what was done with it names it.
pub(crate) async fn take_away<E: Kept>(unit: &Unit, thing: &Subject) -> Result<(), Error> {
    theirs::<E>(unit, thing).await?;
    let ended = E::update_many().col_expr(E::ENDED, Expr::value(Some(unit.now()))).filter(E::ID.eq(thing.id));
    ended.exec(unit.tx()).await?;
    Ok(())
}
