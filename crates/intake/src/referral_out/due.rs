//! "Did she arrive at Harbor House?" Everyone who was sent on and of whom nobody knows yet, who is to be asked after first
//! on top. Also of requests that are closed: closing ends no care.

use foundation::acts::{Reach, reach_of};
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Error, Instant, StaffId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use super::ReferralOutId;
use crate::entity::referral_out;
use crate::request::RequestId;
use crate::rules::referral::{Handoff, State};

/// Someone who was sent on.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: ReferralOutId,
    pub reference: String,
    pub name: String,
    pub organization: String,
    pub state: State,
    pub way: Handoff,
    pub appointment_at: Option<Instant>,
    pub confirm_at: Option<Instant>,
    pub referred_at: Instant,
    pub referred_by: Option<StaffId>,
    pub owner_id: Option<StaffId>,
}

impl Row {
    /// Whether it is time to ask.
    pub fn is_due(&self, now: Instant) -> bool {
        self.confirm_at.is_some_and(|at| at <= now)
    }

    /// Whether it is for this colleague to ask: whoever has the request, or sent them on when nobody has it.
    pub fn is_for(&self, me: Option<StaffId>) -> bool {
        me.is_some() && self.owner_id.or(self.referred_by) == me
    }
}

const ROWS: &str = "SELECT f.id, r.reference, p.name_used AS name, o.name AS organization, f.state, f.way, f.appointment_at, \
    f.confirm_at, f.referred_at, f.referred_by, r.owner_id \
    FROM referrals_out f JOIN requests r ON r.id = f.request_id JOIN people p ON p.id = COALESCE(r.was_about_id, f.person_id) \
    JOIN referral_organizations o ON o.id = f.organization_id \
    WHERE f.ended_at IS NULL AND ";

const ORDER: &str = "ORDER BY CASE WHEN f.confirm_at IS NULL THEN 1 ELSE 0 END, f.confirm_at, f.id LIMIT 300";

/// Everyone who was sent on and of whom nobody knows yet.
pub async fn rows(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<Row>, Error> {
    if reach_of(viewer, Act::FollowReferral) == Reach::No {
        return Err(Error::Forbidden(Act::FollowReferral));
    }
    let seen = seen_by(viewer, "r.confidential_to");
    let asked = Statement::from_string(reader.get_database_backend(), format!("{ROWS}{seen} {ORDER}"));
    Ok(Row::find_by_statement(asked).all(reader).await?)
}

/// Whether somebody of this request is on the way to another provider.
pub(crate) async fn open_of(unit: &Unit, request: RequestId) -> Result<bool, Error> {
    let open = referral_out::Entity::find()
        .filter(referral_out::Column::RequestId.eq(request))
        .filter(referral_out::Column::EndedAt.is_null());
    Ok(open.count(unit.tx()).await? > 0)
}
