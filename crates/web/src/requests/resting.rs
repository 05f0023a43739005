//! A request rests: put aside until a moment, or while the next word is theirs.

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::{Act, read_moment};
use intake::request::snoozing::{self, Snooze};
use intake::request::undoing::Beside;
use intake::request::waiting;
use intake::rules::waiting::Wait;

use super::{At, Done, act_on, here, still_at, undoable};
use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

pub(super) fn routes() -> Routes {
    Routes::default()
        .act("/inbox/{reference}/snooze", Access::Staff(Act::SnoozeRequest), snooze)
        .act("/inbox/{reference}/waking", Access::Staff(Act::WakeRequest), wake)
        .act("/inbox/{reference}/waiting", Access::Staff(Act::WaitForCaller), wait)
        .act("/inbox/{reference}/going-on", Access::Staff(Act::GoOnWithRequest), go_on)
}

/// Put aside until the moment that was typed, or the one of the button that was pressed.
async fn snooze(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let zone = Center::of(&house).await?.zone;
        let version = still_at(request, &typed)?;
        let until = read_moment(typed.given("quick").unwrap_or_else(|| typed.text("snooze_until")), zone);
        let to = Snooze::parse(until, typed.checked("through"), house.now())?;
        let group = undoable(&house, &me, request, async |unit| {
            snoozing::snooze(unit, request, version, to).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new("/inbox", Said::Snoozed).undone_by(group))
    })
    .await
}

async fn wake(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let group = undoable(&house, &me, request, async |unit| {
            snoozing::wake(unit, request).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new(here(&reference), Said::Woken).undone_by(group))
    })
    .await
}

/// From now on the next word is theirs.
async fn wait(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let zone = Center::of(&house).await?.zone;
        let version = still_at(request, &typed)?;
        let until = read_moment(typed.text("waiting_until"), zone);
        let wait = Wait::parse(typed.text("waiting_why"), until, house.now())?;
        house.write(&me, async |unit| waiting::wait(unit, request, version, wait).await).await?;
        Ok((here(&request.reference), Said::Waiting))
    })
    .await
}

async fn go_on(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| waiting::go_on(unit, request).await).await?;
        Ok((here(&request.reference), Said::WentOn))
    })
    .await
}
