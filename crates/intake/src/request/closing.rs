//! Closing with one outcome, and opening again.

use foundation::{Act, Error, Instant, News, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use super::Request;
use crate::entity::request;
use crate::rules::waitlist::WhyLeft;
use crate::rules::words::Disposition;

/// Closes a request with its disposition. Who asked not to be contacted is not contacted by anyone from then on.
pub async fn close(unit: &mut Unit, wanted: &Request, disposition: Disposition) -> Result<(), Error> {
    let permit = unit.permit(Act::CloseRequest, &wanted.subject())?;
    if disposition == Disposition::Admitted {
        return Err(refused("disposition", "A request becomes a client by an act of its own."));
    }
    settle(unit, wanted, Some(unit.now()), Some(disposition)).await?;
    crate::waitlist::leaving::with_the_request(unit, wanted, WhyLeft::Closed).await?;
    if disposition == Disposition::DoNotContact {
        let caller = foundation::Subject::of("person", wanted.caller_id).concerning(wanted.caller_id);
        consent::contact_rules::do_not_contact(unit, &caller).await?;
    }
    unit.record(permit, serde_json::json!({ "disposition": disposition }));
    Ok(())
}

/// Opens a closed request again; one that became a client stays as it is.
pub async fn reopen(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::ReopenRequest, &wanted.subject())?;
    if wanted.converted_at.is_some() {
        return Err(refused("converted", "This request became a client. Go on in the record."));
    }
    settle(unit, wanted, None, None).await?;
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

async fn settle(
    unit: &mut Unit,
    wanted: &Request,
    closed_at: Option<Instant>,
    disposition: Option<Disposition>,
) -> Result<(), Error> {
    let done = request::Entity::update_many()
        .col_expr(request::Column::ClosedAt, Expr::value(closed_at))
        .col_expr(request::Column::Disposition, Expr::value(disposition))
        .col_expr(request::Column::Version, Expr::value(wanted.version + 1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::Version.eq(wanted.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.tell(News::Inbox);
    Ok(())
}
