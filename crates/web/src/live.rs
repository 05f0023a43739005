//! Live updates: server-sent events that name a topic and nothing else. The page then fetches what it may see.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use foundation::acts::{Reach, reach_of};
use foundation::{Act, Actor};
use futures::StreamExt;
use futures::stream::select;
use tokio_stream::wrappers::BroadcastStream;

use crate::form::Asked;
use crate::house::House;
use crate::presence::Here;
use crate::routes::{Access, Routes};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/live", Access::Staff(Act::ViewMyDay), live)
}

/// The topic of who comes and goes.
const PRESENCE: &str = "presence";

async fn live(State(house): State<House>, Me(me, _): Me, Asked(asked): Asked) -> impl IntoResponse {
    let closing = house.closing().clone();
    // A viewer who fell behind gets one event for all it missed.
    let news =
        BroadcastStream::new(house.news()).map(|news| news.map_or("everything", foundation::News::as_str));
    let coming = BroadcastStream::new(house.presence().changes()).map(|_| PRESENCE);
    let here = arrives(&house, &me, asked.text("at"));
    let events = select(news, coming).map(move |topic| {
        // As long as this connection lives.
        let _ = &here;
        Ok::<_, Infallible>(Event::default().event("news").data(topic))
    });
    let live = Sse::new(events.take_until(closing.cancelled_owned()))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(20)));
    // A proxy that gathers an answer before it hands it on would never hand this one on.
    ([("x-accel-buffering", "no")], live)
}

/// Whoever works requests is seen at the one their page shows.
fn arrives(house: &House, me: &Actor, at: &str) -> Option<Here> {
    let is_reference =
        at.len() == 8 && at.starts_with("CR-") && at.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let may = reach_of(me, Act::OpenRequest) != Reach::No;
    Some(house.presence().arrive(at, me.staff_id().filter(|_| is_reference && may)?))
}
