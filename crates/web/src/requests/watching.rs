//! Watching a request, and stopping.

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::Act;
use intake::request::undoing::Beside;
use intake::request::watching;

use super::{At, Done, act_on, here, undoable};
use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::default().act("/inbox/{reference}/watching", Access::Staff(Act::WatchRequest), watch).act(
        "/inbox/{reference}/watching/ending",
        Access::Staff(Act::UnwatchRequest),
        unwatch,
    )
}

async fn watch(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let group = undoable(&house, &me, request, async |unit| {
            let began = watching::watch(unit, request).await?;
            Ok(Beside { watched: began.then_some(false), ..Beside::default() })
        })
        .await?;
        Ok(Done::new(here(&request.reference), Said::Watched).undone_by(group))
    })
    .await
}

async fn unwatch(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let group = undoable(&house, &me, request, async |unit| {
            let ended = watching::unwatch(unit, request).await?;
            Ok(Beside { watched: ended.then_some(true), ..Beside::default() })
        })
        .await?;
        Ok(Done::new(here(&request.reference), Said::Unwatched).undone_by(group))
    })
    .await
}
