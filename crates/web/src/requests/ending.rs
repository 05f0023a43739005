//! How a request ends, what is asked after it, and how it begins anew.

use axum::extract::{Path, State};
use axum::response::Response;
use clients::client;
use clients::correction::Reason;
use clients::person::{self, Death};
use consent::contact_rules::StillHolds;
use foundation::center::Center;
use foundation::{Act, Actor, Error, Subject, read_day};
use intake::Request;
use intake::request::attempting::Try;
use intake::request::undoing::Beside;
use intake::request::{attempting, closing, converting};
use intake::rules::outcome::Closing;
use intake::rules::words::{Disposition, Outcome};

use super::{At, Done, act_on, as_shown, chosen, here, undoable};
use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

pub(super) fn routes() -> Routes {
    Routes::default()
        .act("/inbox/{reference}/check-ins", Access::Staff(Act::LogAttempt), check_in)
        .act("/inbox/{reference}/closing", Access::Staff(Act::CloseRequest), close)
        .act("/inbox/{reference}/reopening", Access::Staff(Act::ReopenRequest), reopen)
        .act("/inbox/{reference}/client", Access::Staff(Act::ConvertRequest), convert)
}

/// Somebody who gave permission was asked how it goes.
async fn check_in(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let outcome =
            Outcome::parse(typed.text("asked")).ok_or_else(|| chosen("asked", "Choose how it went"))?;
        let still_holds = StillHolds::parse(typed.text("still_holds"));
        let because = typed.text("because").to_owned();
        let tried = Try { still_holds, because, ..outcome.into() };
        house.write(&me, async |unit| attempting::check_in(unit, request, tried).await).await?;
        Ok(Done::new(here(&reference), Said::AskedAgain))
    })
    .await
}

async fn close(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        as_shown(request, &typed, "disposition")?;
        let how = Closing::parse(typed.text("disposition"), typed.text("reason"), typed.text("check_in"))?;
        let how = if how.is_death() {
            let today = house.today(Center::of(&house).await?.zone);
            how.told(Death::parse(typed.text("died_on"), typed.text("death_source"), today)?)
        } else {
            how
        };
        if !closing::can_be_undone(house.reader(), request, how).await? {
            house.write(&me, async |unit| closing::close(unit, request, how).await).await?;
            return Ok(Done::new("/inbox", Said::Closed));
        }
        let group = undoable(&house, &me, request, async |unit| {
            closing::close(unit, request, how).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new("/inbox", Said::Closed).undone_by(group))
    })
    .await
}

async fn reopen(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        if request.disposition == Some(Disposition::Deceased)
            && clients::person::died_at(house.reader(), request.prospective_id).await?.is_some()
        {
            return correct_death(&house, &me, request, &typed).await;
        }
        house.write(&me, async |unit| closing::reopen(unit, request).await).await?;
        Ok(Done::new(here(&request.reference), Said::Reopened))
    })
    .await
}

/// A request that ended with a death is opened by correcting the death: one act, with its reason.
async fn correct_death(house: &House, me: &Actor, request: &Request, typed: &Typed) -> Result<Done, Error> {
    let person = request.prospective_id;
    let reason = Reason::parse(typed.text("death_reason"), "death_reason")?;
    let care = match client::subject(house.reader(), person).await {
        Err(Error::NotFound) => Subject::of("person", person).concerning(person),
        other => other?,
    };
    house.write(me, async |unit| person::correct_death(unit, &care, &reason).await).await?;
    Ok(Done::new(here(&request.reference), Said::DeathCorrected))
}

async fn convert(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let on = read_day(typed.text("admitted_on"));
        let how = converting::ComingIn::parse(typed.text("counselor"), typed.text("level"), on)?;
        let person = house
            .write(&me, async |unit| {
                let person = converting::convert(unit, request, how).await?;
                if on.is_some() {
                    // Whoever is in care is not asked by letter how they are at home.
                    alumni::aftercare::pause_for_care(unit, person).await?;
                }
                Ok(person)
            })
            .await?;
        Ok(Done::new(format!("/clients/{person}"), Said::Converted))
    })
    .await
}
