//! Putting a tag on a request, and taking it off.

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::Act;
use intake::request::tagging;
use intake::request::undoing::Beside;

use super::{At, Done, act_on, here, undoable};
use crate::failure::Failure;
use crate::form::{Typed, chosen, key};
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::default().act("/inbox/{reference}/tags", Access::Staff(Act::TagRequest), tag).act(
        "/inbox/{reference}/tags/{tag}/ending",
        Access::Staff(Act::UntagRequest),
        untag,
    )
}

async fn tag(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let id = chosen(typed.text("tag").parse().ok(), "tag", "Choose a tag")?;
        let group = undoable(&house, &me, request, async |unit| {
            tagging::tag(unit, request, id).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new(here(&request.reference), Said::Tagged).undone_by(group))
    })
    .await
}

async fn untag(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, tag)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let id = key(&tag)?;
        let group = undoable(&house, &me, request, async |unit| {
            tagging::untag(unit, request, id).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new(here(&request.reference), Said::Untagged).undone_by(group))
    })
    .await
}
