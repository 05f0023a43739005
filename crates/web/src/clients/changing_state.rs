//! What changed in a life and is written on the record: a death and its correction, the dates of a stay, a stop that was
//! confirmed, an address that works again.

use axum::extract::{Path, State};
use axum::response::Response;
use clients::correction::Reason;
use clients::episode::{EpisodeId, correct_dates};
use clients::person::{Death, correct_death, record_death};
use clients::rules::stay_dates::StayDates;
use consent::ContactPointId;
use consent::suppression::{self, ClearReason};
use foundation::{Act, Error};

use super::{At, Under, act_on, date, today};
use crate::failure::Failure;
use crate::form::{Typed, chosen};
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::default()
        .act("/clients/{id}/death", Access::Staff(Act::RecordDeath), record)
        .act("/clients/{id}/death/correction", Access::Staff(Act::CorrectDeath), correct)
        .act("/clients/{id}/episodes/{episode}/dates", Access::Staff(Act::CorrectStay), correct_stay)
        .act("/clients/{id}/stop/confirmation", Access::Staff(Act::ConfirmStop), confirm_stop)
        .act("/clients/{id}/contact-points/{point}/clearing", Access::Staff(Act::ClearAddress), clear)
}

async fn record(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let today = today(&house).await?;
        let death = Death::parse(typed.text("died_on"), typed.text("death_source"), today)?;
        chosen(typed.checked("death_sure").then_some(()), "death_sure", "Check the box to confirm")?;
        house.write(&me, async |unit| record_death(unit, care, death).await).await?;
        Ok(Said::DeathRecorded)
    })
    .await
}

async fn correct(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let reason = Reason::parse(typed.text("death_reason"), "death_reason")?;
        house.write(&me, async |unit| correct_death(unit, care, &reason).await).await?;
        Ok(Said::DeathCorrected)
    })
    .await
}

/// The dates of a stay, and in the same unit everything that is counted from them.
async fn correct_stay(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, episode)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let episode: EpisodeId = episode.parse().map_err(|_| Error::NotFound)?;
        let version = typed.text("stay_version").parse().map_err(|_| Error::Stale)?;
        let admitted_on = date(&typed, "new_admitted_on", "Enter the day of admission, like 2026-03-02")?;
        let discharged_on = match typed.given("new_discharged_on") {
            Some(_) => {
                Some(date(&typed, "new_discharged_on", "Enter the day of discharge, like 2026-03-02")?)
            }
            None => None,
        };
        let reason = Reason::parse(typed.text("stay_reason"), "stay_reason")?;
        let dates = StayDates { admitted_on, discharged_on };
        house
            .write(&me, async |unit| {
                let stay = correct_dates(unit, care, episode, version, dates, &reason).await?;
                alumni::aftercare::move_with_stay(unit, &stay).await
            })
            .await?;
        Ok(Said::StayCorrected)
    })
    .await
}

async fn confirm_stop(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        house.write(&me, async |unit| suppression::confirm_stop(unit, care).await).await?;
        Ok(Said::StopConfirmed)
    })
    .await
}

async fn clear(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, point)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let point: ContactPointId = point.parse().map_err(|_| Error::NotFound)?;
        let reason = ClearReason::parse(typed.text("clear_reason"));
        let reason = chosen(reason, "clear_reason", "Choose why it may be written to again")?;
        house.write(&me, async |unit| suppression::clear(unit, care, point, reason).await).await?;
        Ok(Said::AddressCleared)
    })
    .await
}
