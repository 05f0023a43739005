//! Who has a request.

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::{Act, StaffId};
use intake::request::claiming;
use intake::request::undoing::Beside;

use super::{At, Done, act_on, as_shown, chosen, here, undoable};
use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

pub(super) fn routes() -> Routes {
    Routes::default()
        .act("/inbox/{reference}/claim", Access::Staff(Act::ClaimRequest), claim)
        .act("/inbox/{reference}/release", Access::Staff(Act::ReleaseRequest), release)
        .act("/inbox/{reference}/owner", Access::Staff(Act::GiveRequest), give)
}

async fn claim(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let group = undoable(&house, &me, request, async |unit| {
            claiming::claim(unit, request).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new(here(&request.reference), Said::Claimed).undone_by(group))
    })
    .await
}

async fn release(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let group = undoable(&house, &me, request, async |unit| {
            claiming::release(unit, request).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new("/inbox", Said::Released).undone_by(group))
    })
    .await
}

async fn give(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        as_shown(request, &typed, "to")?;
        let to: StaffId = typed.text("to").parse().map_err(|_| chosen("to", "Choose a colleague"))?;
        let group = undoable(&house, &me, request, async |unit| {
            claiming::give(unit, request, to).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new(here(&request.reference), Said::Given).undone_by(group))
    })
    .await
}
