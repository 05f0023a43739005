//! Letters about a person as a holding keeps them: moved to the survivor of a merge, forgotten.

use foundation::{Error, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{QuerySelect, QueryTrait};

use super::REASON;
use crate::entity::{message, own_words, third_party_letter};
use crate::outbox::{MessageId, State, unused};

/// The letters about one person are about the survivor; the reasons are sealed anew.
pub(crate) async fn reassign(unit: &mut Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    let rows = third_party_letter::Entity::find().filter(third_party_letter::Column::AboutPersonId.eq(from));
    for row in rows.all(unit.tx()).await? {
        let reason = match &row.reason {
            Some(sealed) => {
                let text = keyring.open(unit.tx(), from, REASON, sealed).await?;
                Some(unit.seal(survivor, REASON, &text).await?)
            }
            None => None,
        };
        third_party_letter::Entity::update_many()
            .col_expr(third_party_letter::Column::AboutPersonId, Expr::value(survivor))
            .col_expr(third_party_letter::Column::Reason, Expr::value(reason))
            .filter(third_party_letter::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}

/// Forgets what was written about a person: the words go, and what has not left stays here. What was written to them about
/// somebody else goes with their letters.
pub(crate) async fn erase(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    let about: Vec<MessageId> = third_party_letter::Entity::find()
        .select_only()
        .column(third_party_letter::Column::Id)
        .filter(third_party_letter::Column::AboutPersonId.eq(person))
        .into_tuple()
        .all(unit.tx())
        .await?;
    for some in about.chunks(500) {
        let these = || some.to_vec();
        message::Entity::update_many()
            .col_expr(message::Column::State, Expr::value(State::Cancelled))
            .col_expr(message::Column::Reason, Expr::value(Some("The record it was about is forgotten.")))
            .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
            .filter(message::Column::Id.is_in(these()))
            .filter(unused())
            .exec(unit.tx())
            .await?;
        own_words::Entity::delete_many().filter(own_words::Column::Id.is_in(these())).exec(unit.tx()).await?;
        third_party_letter::Entity::delete_many()
            .filter(third_party_letter::Column::Id.is_in(these()))
            .exec(unit.tx())
            .await?;
    }
    let to_them = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(message::Column::PersonId.eq(person))
        .into_query();
    third_party_letter::Entity::delete_many()
        .filter(third_party_letter::Column::Id.in_subquery(to_them))
        .exec(unit.tx())
        .await?;
    Ok(())
}
