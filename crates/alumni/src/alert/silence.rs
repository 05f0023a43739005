//! A silence on the Close track, with opioids, becomes the supervisor's the same day (domain reference 4.6): a flag like the
//! answers raise, once for each check-in it lasts up to.

use foundation::center::Center;
use foundation::{Act, Actor, Db, Error, News, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;

use crate::aftercare;
use crate::caseload::subject;
use crate::check_in::opening;
use crate::entity::{check_in, flag};
use crate::flag::{FlagKind, Raise, raise};
use crate::rules::response::Level;
use crate::rules::schedule::Silence;
use crate::worklist::{Standing, standings};

/// Raises what is to be raised now; of how many. Derived from the records: doing it twice does it once.
pub async fn raise_silences(db: &Db) -> Result<usize, Error> {
    let zone = match Center::load(db.reader()).await {
        Ok(center) => center.zone,
        // Nobody set the center up yet, so nobody is in aftercare.
        Err(Error::NotFound) => return Ok(0),
        Err(other) => return Err(other),
    };
    let mut raised = 0;
    for standing in standings(db.reader(), &Actor::House, db.today(zone)).await? {
        let is_supervisors = matches!(standing.silence, Some((Silence::SupervisorToday, _)));
        if is_supervisors && standing.paused_until.is_none() {
            raised += usize::from(db.write(&Actor::House, async |unit| once(unit, &standing).await).await?);
        }
    }
    Ok(raised)
}

async fn once(unit: &mut Unit, standing: &Standing) -> Result<bool, Error> {
    let Some((_, due_on)) = standing.silence else { return Ok(false) };
    let person = standing.person;
    if is_raised(unit, standing, due_on).await? {
        return Ok(false);
    }
    let aftercare = aftercare::one(unit.tx(), standing.aftercare).await?;
    let permit =
        unit.permit(Act::EscalateFlag, &subject(unit.tx(), "aftercare", aftercare.id, person).await?)?;
    let check_in = opening::ensure(unit, &aftercare, due_on).await?;
    // Whoever comes second waits here for the first, and then sees the flag.
    check_in::Entity::update_many()
        .col_expr(check_in::Column::Version, Expr::col(check_in::Column::Version).add(1))
        .filter(check_in::Column::Id.eq(check_in.id))
        .exec(unit.tx())
        .await?;
    if is_raised(unit, standing, due_on).await? {
        unit.record(permit, json!({ "silence": "raised before" }));
        return Ok(false);
    }
    let new = Raise {
        person,
        check_in: Some(check_in.id),
        kind: FlagKind::Silence,
        level: Level::Amber,
        reasons: Vec::new(),
    };
    raise(unit, new).await?;
    unit.record(permit, json!({ "check_in": check_in.id, "silence": Silence::SupervisorToday }));
    unit.tell(News::Alumni);
    Ok(true)
}

/// Whether this silence was raised: one is open for the person, or was settled for the check-in it lasts up to.
async fn is_raised(unit: &Unit, standing: &Standing, due_on: foundation::Day) -> Result<bool, Error> {
    let of_kind = flag::Entity::find()
        .filter(flag::Column::PersonId.eq(standing.person))
        .filter(flag::Column::Kind.eq(FlagKind::Silence))
        .all(unit.tx())
        .await?;
    if of_kind.iter().any(|flag| flag.settled_at.is_none()) {
        return Ok(true);
    }
    let row = check_in::Entity::find()
        .filter(check_in::Column::AftercareId.eq(standing.aftercare))
        .filter(check_in::Column::DueOn.eq(due_on))
        .one(unit.tx())
        .await?;
    Ok(row.is_some_and(|row| of_kind.iter().any(|flag| flag.check_in_id == Some(row.id))))
}
