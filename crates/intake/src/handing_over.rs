//! Handing over what somebody carries in intake when they leave: open requests with their next steps, benefits checks,
//! booked times. An administrator sees how much there is and never whose.

mod moving;

use foundation::{Error, Instant, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, ConnectionTrait, FromQueryResult, QuerySelect, QueryTrait};

use crate::entity::{appointment, benefit_check, referral_out, request};
use crate::rules::appointments::State;

pub use moving::{hand_over_appointments, hand_over_checks, hand_over_requests};

/// What somebody carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Open requests, and closed ones of which somebody is still to be asked after.
    pub requests: u64,
    /// Of those, with a next step that was promised, and the moment of the first.
    pub next_steps: u64,
    pub next_step_at: Option<Instant>,
    /// Benefits checks that are not answered.
    pub checks: u64,
    /// Times in which they meet somebody, and the first of them.
    pub appointments: u64,
    pub appointment_at: Option<Instant>,
}

#[derive(FromQueryResult)]
struct Counted {
    n: i64,
    first: Option<Instant>,
}

impl Counted {
    fn number(&self) -> u64 {
        u64::try_from(self.n).unwrap_or(0)
    }
}

/// What somebody carries now.
pub async fn carried_by(reader: &impl ConnectionTrait, staff: StaffId) -> Result<Carried, Error> {
    let mine = request::Entity::find().filter(theirs(staff));
    let promised = counted(
        reader,
        mine.clone()
            .select_only()
            .column_as(request::Column::Id.count(), "n")
            .column_as(request::Column::NextStepAt.min(), "first")
            .filter(request::Column::NextStepAt.is_not_null())
            .filter(request::Column::ClosedAt.is_null()),
    )
    .await?;
    let booked = counted(
        reader,
        appointment::Entity::find()
            .select_only()
            .column_as(appointment::Column::Id.count(), "n")
            .column_as(appointment::Column::StartsAt.min(), "first")
            .filter(appointment::Column::StaffId.eq(staff))
            .filter(appointment::Column::State.eq(State::Booked)),
    )
    .await?;
    let checks = benefit_check::Entity::find()
        .filter(benefit_check::Column::TakenBy.eq(staff))
        .filter(benefit_check::Column::AnsweredAt.is_null());
    Ok(Carried {
        requests: mine.count(reader).await?,
        next_steps: promised.number(),
        next_step_at: promised.first,
        checks: checks.count(reader).await?,
        appointments: booked.number(),
        appointment_at: booked.first,
    })
}

async fn counted<E: EntityTrait>(
    reader: &impl ConnectionTrait,
    select: sea_orm::Select<E>,
) -> Result<Counted, Error> {
    let found = select.into_model::<Counted>().one(reader).await?;
    Ok(found.unwrap_or(Counted { n: 0, first: None }))
}

/// The requests that wait for this colleague: open, or closed with somebody who is to be asked again or asked after.
fn theirs(staff: StaffId) -> Condition {
    let sent_on = referral_out::Entity::find()
        .select_only()
        .column(referral_out::Column::RequestId)
        .filter(referral_out::Column::EndedAt.is_null())
        .into_query();
    let waits = Condition::any()
        .add(request::Column::ClosedAt.is_null())
        .add(request::Column::CheckInAt.is_not_null())
        .add(Expr::col((request::Entity, request::Column::Id)).in_subquery(sent_on));
    Condition::all().add(request::Column::OwnerId.eq(staff)).add(waits)
}
