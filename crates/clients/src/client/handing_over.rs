//! Handing records over: who carries how many, and giving all of one colleague's to another, by an administrator who
//! opens none of them.

use foundation::staff::inviting::member;
use foundation::{Act, Error, PersonId, Role, StaffId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QuerySelect};

use super::subject;
use crate::entity::client;

/// How many records somebody carries.
pub async fn carried_by(reader: &impl ConnectionTrait, staff: StaffId) -> Result<u64, Error> {
    Ok(client::Entity::find().filter(client::Column::CounselorId.eq(staff)).count(reader).await?)
}

/// A caseload belongs to a counselor who works here now.
///
/// # Errors
/// A refusal `counselor`.
pub async fn may_carry(reader: &impl ConnectionTrait, id: StaffId) -> Result<(), Error> {
    let found = match member(reader, id).await {
        Err(Error::NotFound) => None,
        other => Some(other?),
    };
    match found {
        Some(one) if one.disabled_at.is_none() && one.roles.contains(&Role::Counselor) => Ok(()),
        _ => Err(refused("counselor", "Choose a counselor who works here now.")),
    }
}

/// Gives every record of `from` to another counselor, or to none: then every supervisor answers for it. How many.
///
/// # Errors
/// A refusal `counselor` when the other one carries no caseload here.
pub async fn hand_over(unit: &mut Unit, from: StaffId, to: Option<StaffId>) -> Result<usize, Error> {
    if let Some(to) = to {
        may_carry(unit.tx(), to).await?;
    }
    let people: Vec<PersonId> = client::Entity::find()
        .select_only()
        .column(client::Column::Id)
        .filter(client::Column::CounselorId.eq(from))
        .into_tuple()
        .all(unit.tx())
        .await?;
    for person in &people {
        // One entry a record: whoever opens it reads who carried it until when.
        let care = subject(unit.tx(), *person).await?;
        let permit = unit.permit(Act::HandOverWork, &care)?;
        client::Entity::update_many()
            .col_expr(client::Column::CounselorId, Expr::value(to))
            .filter(client::Column::Id.eq(*person))
            .exec(unit.tx())
            .await?;
        unit.record(permit, serde_json::json!({ "fields": ["counselor_id"], "from": from, "to": to }));
    }
    Ok(people.len())
}
