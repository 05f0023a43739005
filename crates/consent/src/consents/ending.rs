//! Taking a consent back: by any way it is said, at once. The row stays, and what left under it stays written down.

use foundation::links::{self, Purpose};
use foundation::{Act, Error, PersonId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use super::{ConsentId, ConsentKind, entity};

/// Takes a consent back, at once and by any way they said it. It stays in the record; it allows nothing any more.
pub async fn revoke(unit: &mut Unit, care: &Subject, id: ConsentId, how: &str) -> Result<(), Error> {
    let permit = unit.permit(Act::RevokeConsent, care)?;
    let done = entity::Entity::update_many()
        .col_expr(entity::Column::RevokedAt, Expr::value(Some(unit.now())))
        .col_expr(entity::Column::RevokedHow, Expr::value(Some(how.to_owned())))
        .filter(entity::Column::Id.eq(id))
        .filter(entity::Column::PersonId.eq(care.person))
        .filter(entity::Column::RevokedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let row = entity::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if row.kind == ConsentKind::ElectronicContact {
        // What lies in the mailbox opens nothing any more.
        links::revoke_all(unit, row.person_id, Purpose::CheckIn).await?;
    }
    unit.record(permit, serde_json::json!({ "consent": id }));
    Ok(())
}

/// Ends every consent to e-mail of a person: what Stop in a message does. The act around it is recorded by the caller.
pub async fn end_email(unit: &Unit, person: PersonId) -> Result<(), Error> {
    entity::Entity::update_many()
        .col_expr(entity::Column::RevokedAt, Expr::value(Some(unit.now())))
        .col_expr(entity::Column::RevokedHow, Expr::value(Some("stop link".to_owned())))
        .filter(entity::Column::PersonId.eq(person))
        .filter(entity::Column::Kind.eq(ConsentKind::ElectronicContact))
        .filter(entity::Column::RevokedAt.is_null())
        .exec(unit.tx())
        .await?;
    links::revoke_all(unit, person, Purpose::CheckIn).await?;
    Ok(())
}
