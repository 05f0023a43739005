//! Who takes requests: a switch of each colleague, with the hours in which it holds, and where they are written to when
//! something waits. Their own to set, and nobody else's.

use foundation::staff::Member;
use foundation::staff::inviting::everyone;
use foundation::{Act, Error, Faults, Instant, News, Subject, Unit};
use mail::staff_notice;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, Set};

use crate::entity::duty;
pub use crate::entity::duty::Model as Duty;
use crate::rules::calendar::Week;

/// What a colleague says of the own duty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnDuty {
    taking: bool,
    week: Week,
    email: Option<String>,
}

impl OwnDuty {
    /// Parses the switch, the hours of each day and an address that may be missing.
    ///
    /// # Errors
    /// At `duty_mon` … `duty_sun` and `notice_email`.
    pub fn parse<'a>(taking: bool, text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let week = Week::parse("duty", &text).map_err(|more| faults.0.extend(more.0)).unwrap_or_default();
        let email = staff_notice::parse_address(text("notice_email"));
        let email = email.map_err(|more| faults.0.extend(more.0)).unwrap_or_default();
        faults.or(|| Self { taking, week, email })
    }
}

/// Sets the own duty.
pub async fn set(unit: &mut Unit, own: OwnDuty) -> Result<(), Error> {
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::SetOwnDuty))?;
    let permit = unit.permit(Act::SetOwnDuty, &Subject::of("staff", me))?;
    let row = duty::ActiveModel {
        staff_id: Set(me),
        taking: Set(own.taking),
        week: Set(own.week),
        given_at: Set(None),
        changed_at: Set(unit.now()),
    };
    let again = OnConflict::column(duty::Column::StaffId)
        .update_columns([duty::Column::Taking, duty::Column::Week, duty::Column::ChangedAt])
        .to_owned();
    duty::Entity::insert(row).on_conflict(again).exec_without_returning(unit.tx()).await?;
    staff_notice::keep_address(unit, me, own.email).await?;
    unit.record(permit, serde_json::json!({ "taking": own.taking }));
    unit.tell(News::Inbox);
    Ok(())
}

/// The duty of one colleague, if they ever said.
pub async fn of(reader: &impl ConnectionTrait, staff: foundation::StaffId) -> Result<Option<Duty>, Error> {
    Ok(duty::Entity::find_by_id(staff).one(reader).await?)
}

/// Those who may take requests and work here, each with what they said.
pub async fn all(reader: &impl ConnectionTrait) -> Result<Vec<(Member, Option<Duty>)>, Error> {
    let mut duties = duty::Entity::find().all(reader).await?;
    let can = |one: &Member| one.disabled_at.is_none() && takes(one);
    let here = everyone(reader).await?.into_iter().filter(can);
    Ok(here
        .map(|one| {
            let at = duties.iter().position(|duty| duty.staff_id == one.id);
            let duty = at.map(|at| duties.swap_remove(at));
            (one, duty)
        })
        .collect())
}

/// Whether somebody may take a request.
pub(crate) fn takes(one: &Member) -> bool {
    foundation::acts::reach_of(&one.actor(), Act::ClaimRequest) != foundation::acts::Reach::No
}

impl Duty {
    /// Whether they are there for a request at a moment.
    pub fn is_on(&self, at: Instant, zone: foundation::Zone) -> bool {
        crate::rules::routing::on_duty(self.taking, &self.week, at, zone)
    }
}
