//! Stop: one press ends e-mail to a person, whoever presses it with the letter in hand.

use consent::contact_point::{self, Kind};
use consent::{consents, gate};
use foundation::links::{self, Purpose};
use foundation::{Act, Actor, Db, Error, News, PersonId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;

use super::State;
use crate::entity::message;

/// Stops everything by e-mail to the person whose letter carried `token`. The link is not used up: pressed again, it
/// is still right. `false` for a token that opens nothing; nobody outside is told the difference.
pub async fn stop(db: &Db, token: &str) -> Result<bool, Error> {
    let link = match links::open(db.reader(), Purpose::Stop, token, db.now()).await {
        Ok(link) => link,
        Err(Error::NotFound) => return Ok(false),
        Err(e) => return Err(e),
    };
    let person = link.person_id;
    db.write(&Actor::Alum(person), async |unit| stop_all(unit, person).await).await?;
    Ok(true)
}

async fn stop_all(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    let permit = unit.permit(Act::StopMessages, &Subject::of("person", person).concerning(person))?;
    consents::end_email(unit, person).await?;
    for point in contact_point::of(unit.tx(), person).await?.iter().filter(|p| p.kind == Kind::Email) {
        gate::suppress(unit, &point.folded, "stop link").await?;
    }
    let waiting = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Cancelled))
        .col_expr(message::Column::Reason, Expr::value(Some("They asked us to stop.")))
        .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
        .filter(message::Column::PersonId.eq(person))
        .filter(message::Column::State.is_in([State::Queued, State::Held]))
        .exec(unit.tx())
        .await?;
    unit.record(permit, json!({ "by": "stop link", "cancelled": waiting.rows_affected }));
    unit.tell(News::Mail);
    Ok(())
}
