//! How a request ends, what is asked after it, and how it begins anew.

use axum::extract::{Path, State};
use axum::response::Response;
use consent::contact_rules::StillHolds;
use consent::rules::quiet_hours::WhyNow;
use foundation::{Act, read_day};
use intake::request::undoing::Beside;
use intake::request::{attempting, closing, converting};
use intake::rules::outcome::Closing;
use intake::rules::words::Outcome;

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
        let why_now = WhyNow::parse(typed.text("why_now"));
        house
            .write(&me, async |unit| attempting::check_in(unit, request, outcome, still_holds, why_now).await)
            .await?;
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
        house.write(&me, async |unit| closing::reopen(unit, request).await).await?;
        Ok(Done::new(here(&request.reference), Said::Reopened))
    })
    .await
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
        let person = house.write(&me, async |unit| converting::convert(unit, request, how).await).await?;
        Ok(Done::new(format!("/clients/{person}"), Said::Converted))
    })
    .await
}
