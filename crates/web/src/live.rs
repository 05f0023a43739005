//! Live updates: server-sent events that name a topic and nothing else. The page then fetches what it may see.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use foundation::Act;
use futures::{Stream, StreamExt};
use tokio_stream::wrappers::BroadcastStream;

use crate::house::House;
use crate::routes::{Access, Routes};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/live", Access::Staff(Act::ViewMyDay), live)
}

async fn live(State(house): State<House>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let closing = house.closing().clone();
    let news = BroadcastStream::new(house.news()).map(|news| {
        // A viewer who fell behind gets one event for all it missed.
        let topic = news.map_or("everything", foundation::News::as_str);
        Ok(Event::default().event("news").data(topic))
    });
    Sse::new(news.take_until(closing.cancelled_owned()))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}
