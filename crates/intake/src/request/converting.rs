//! A request becomes a client: once, with its history. The person stays the same person, so everything said on the
//! first call is in the record without being typed again.

use clients::client;
use foundation::staff::inviting::member;
use foundation::{Act, Error, News, PersonId, Role, StaffId, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::Request;
use crate::entity::request;
use crate::rules::waitlist::WhyLeft;
use crate::rules::words::Disposition;

/// Makes the prospective person a client in the caseload of `counselor`, and closes the request as admitted.
pub async fn convert(
    unit: &mut Unit,
    wanted: &Request,
    counselor: Option<StaffId>,
) -> Result<PersonId, Error> {
    let permit = unit.permit(Act::ConvertRequest, &wanted.subject())?;
    if let Some(id) = counselor {
        carries_people(unit, id).await?;
    }
    let won = request::Entity::update_many()
        .col_expr(request::Column::ConvertedAt, Expr::value(Some(unit.now())))
        .col_expr(request::Column::ClosedAt, Expr::value(Some(unit.now())))
        .col_expr(request::Column::Disposition, Expr::value(Some(Disposition::Admitted)))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::ConvertedAt.is_null())
        .filter(request::Column::ClosedAt.is_null())
        .exec(unit.tx())
        .await?;
    if won.rows_affected == 0 {
        return Err(match wanted.converted_at {
            None if !wanted.is_open() => refused("closed", "This request is closed. Open it again first."),
            _ => refused("converted", "This request became a client already."),
        });
    }
    super::waiting::over(unit, wanted).await?;
    crate::waitlist::leaving::with_the_request(unit, wanted, WhyLeft::Admitted).await?;
    // Someone who comes back has a record: it goes on, with the new request in it.
    if client::subject(unit.tx(), wanted.prospective_id).await.is_err() {
        client::start(unit, wanted.prospective_id, counselor).await?;
    }
    unit.record(
        permit,
        serde_json::json!({ "client": wanted.prospective_id, "reference": wanted.reference }),
    );
    unit.tell(News::Inbox);
    Ok(wanted.prospective_id)
}

/// A caseload belongs to a counselor who works here now.
async fn carries_people(unit: &Unit, id: StaffId) -> Result<(), Error> {
    let found = match member(unit.tx(), id).await {
        Err(Error::NotFound) => None,
        other => Some(other?),
    };
    match found {
        Some(one) if one.disabled_at.is_none() && one.roles.contains(&Role::Counselor) => Ok(()),
        _ => Err(refused("counselor", "Choose a counselor who works here now.")),
    }
}

/// The references of the requests that led to a person's record, newest first.
pub async fn references_of(
    reader: &impl sea_orm::ConnectionTrait,
    person: PersonId,
) -> Result<Vec<String>, Error> {
    use sea_orm::{QueryOrder, QuerySelect};
    Ok(request::Entity::find()
        .select_only()
        .column(request::Column::Reference)
        .filter(request::Column::ProspectiveId.eq(person))
        .order_by_desc(request::Column::Id)
        .into_tuple()
        .all(reader)
        .await?)
}

/// The requests that led to a person's record, newest first.
pub async fn requests_of(
    reader: &impl sea_orm::ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Request>, Error> {
    use sea_orm::QueryOrder;
    Ok(request::Entity::find()
        .filter(request::Column::ProspectiveId.eq(person))
        .order_by_desc(request::Column::Id)
        .all(reader)
        .await?)
}
