//! A discharge starts aftercare, in the same unit that discharges: nobody has to remember it (domain 4.6).

use clients::episode::Discharged;
use foundation::center::Center;
use foundation::{Act, Day, Error, Faults, News, PersonId, Unit, refused};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set};
use serde_json::json;

use super::{AftercareId, CustomDays, EndReason, opioids};
use crate::caseload::subject;
use crate::entity::aftercare::{ActiveModel, Column, Entity};
use crate::rules::schedule::Track;

/// A track, with the days when the person chose their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    track: Track,
    days: Vec<u16>,
}

impl Choice {
    /// One of the tracks of the house. The custom one needs days: see [`Choice::own_days`].
    pub fn of(track: Track) -> Self {
        let days = if track == Track::Custom { MINIMUM.to_vec() } else { Vec::new() };
        Self { track, days }
    }

    /// Days after discharge that the person chose, 1 to 730.
    pub fn own_days(mut days: Vec<u16>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        if days.is_empty() || days.iter().any(|day| !(1..=730).contains(day)) {
            faults.add("custom_days", "Choose days after discharge, from 1 to 730");
        }
        days.sort_unstable();
        days.dedup();
        faults.or(|| Self { track: Track::Custom, days })
    }

    pub(crate) fn parts(self) -> (Track, Vec<u16>) {
        (self.track, self.days)
    }
}

/// The least that is offered when someone chooses days of their own (domain 4.6).
const MINIMUM: [u16; 3] = [1, 7, 30];

/// Starts aftercare for a discharge. Without a choice the track is Close for those who left early, else Standard.
/// An aftercare of an earlier stay ends with it; someone who died is not enrolled.
pub async fn enrol(
    unit: &mut Unit,
    discharged: &Discharged,
    choice: Option<Choice>,
) -> Result<AftercareId, Error> {
    let person = discharged.person;
    let id: AftercareId = unit.id();
    let permit = unit.permit(Act::EnrolAftercare, &subject(unit.tx(), "aftercare", id, person).await?)?;
    if !discharged.kind.is_followed_up() {
        return Err(refused("died", "Someone who died is not enrolled; nothing is sent for them."));
    }
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let early_leaver = discharged.early_leaver;
    let (track, days) = choice.unwrap_or_else(|| suggested(early_leaver)).parts();
    // What was known of an earlier stay is not forgotten with a new one.
    let opioid_use = opioids::last_known(unit.tx(), person).await?;
    end_earlier(unit, person).await?;
    unit.insert(ActiveModel {
        id: Set(id),
        person_id: Set(person),
        episode_id: Set(discharged.episode.into()),
        discharged_on: Set(discharged.on),
        discharge_kind: Set(discharged.kind.as_str().to_owned()),
        early_leaver: Set(early_leaver),
        track: Set(track),
        custom_days: Set(CustomDays(days)),
        counts_from: Set(std::cmp::max(discharged.on, today)),
        paused_until: Set(None::<Day>),
        enrolled_at: Set(unit.now()),
        ended_at: Set(None),
        end_reason: Set(None),
        ended_by: Set(None),
        begun_how: Set(None),
        opioid_use: Set(opioid_use),
        version: Set(1),
    })
    .await?;
    unit.record(permit, json!({ "track": track, "early_leaver": early_leaver }));
    unit.tell(News::Alumni);
    Ok(id)
}

/// The track the house suggests.
fn suggested(early_leaver: bool) -> Choice {
    Choice::of(if early_leaver { Track::Close } else { Track::Standard })
}

async fn end_earlier(unit: &Unit, person: PersonId) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(Some(unit.now())))
        .col_expr(Column::EndReason, Expr::value(EndReason::NewDischarge))
        .col_expr(Column::EndedBy, Expr::value(unit.actor().staff_id()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::PersonId.eq(person))
        .filter(Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(())
}
