//! Forgetting a person: every row goes, children before what they hang on. A tie of another person to this one stays
//! that person's own word; only the internal link goes.

use foundation::{Error, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{QuerySelect, QueryTrait};

use crate::entity::{
    aftercare, alum_answers, attempt, check_in, connection, flag, flag_handler, flag_notice, link_word, map,
    snapshot, talk,
};

/// Deletes everything this room keeps about `person`.
pub(super) async fn all(unit: &Unit, person: PersonId) -> Result<(), Error> {
    let tx = unit.tx();
    attempt::Entity::delete_many().filter(attempt::Column::PersonId.eq(person)).exec(tx).await?;
    talk::Entity::delete_many().filter(talk::Column::PersonId.eq(person)).exec(tx).await?;
    let theirs = || {
        let flags = flag::Entity::find().select_only().column(flag::Column::Id);
        flags.filter(flag::Column::PersonId.eq(person)).into_query()
    };
    flag_notice::Entity::delete_many()
        .filter(flag_notice::Column::FlagId.in_subquery(theirs()))
        .exec(tx)
        .await?;
    flag_handler::Entity::delete_many()
        .filter(flag_handler::Column::FlagId.in_subquery(theirs()))
        .exec(tx)
        .await?;
    flag::Entity::delete_many().filter(flag::Column::PersonId.eq(person)).exec(tx).await?;
    alum_answers::Entity::delete_many().filter(alum_answers::Column::PersonId.eq(person)).exec(tx).await?;
    check_in::Entity::delete_many().filter(check_in::Column::PersonId.eq(person)).exec(tx).await?;
    aftercare::Entity::delete_many().filter(aftercare::Column::PersonId.eq(person)).exec(tx).await?;
    snapshot::Entity::delete_many().filter(snapshot::Column::PersonId.eq(person)).exec(tx).await?;
    link_word::Entity::delete_by_id(person).exec(tx).await?;
    map::Entity::delete_by_id(person).exec(tx).await?;
    connection::Entity::delete_many().filter(connection::Column::PersonId.eq(person)).exec(tx).await?;
    connection::Entity::update_many()
        .col_expr(connection::Column::LinkedPersonId, Expr::value(None::<PersonId>))
        .filter(connection::Column::LinkedPersonId.eq(person))
        .exec(tx)
        .await?;
    Ok(())
}
