//! The whole router: every room's routes, and the layers around them, outermost last.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Method;
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tracing::Instrument;

use crate::failure::Failure;
use crate::house::House;
use crate::request_log::{self, Panicked, catch_panic};
use crate::routes::{Line, Routes};
use crate::{
    account, admin, api, appointments, assets, benefits, break_glass, call, channels, check_in, clients,
    consultation, contact_overrides, dashboards, duty, escalation, finding, headers, health, hours, inbox,
    language, leaving, live, macros, my_day, origin, page, referral, referrals, replies, requests, routing,
    session, settings, setup, shelter, sign_in, sources, stopping, third_party, unsent, waitlist,
};

/// The largest body any page takes.
const LARGEST: usize = 256 * 1024;
/// How much of a larger one is listened to, before the answer.
const MOST_HEARD: usize = 8 * 1024 * 1024;
/// The longest any request may take.
const LONGEST: Duration = Duration::from_secs(30);

fn all() -> Routes {
    Routes::default()
        .and(health::routes())
        .and(assets::routes())
        .and(leaving::routes())
        .and(setup::routes())
        .and(sign_in::routes())
        .and(account::routes())
        .and(unsent::routes())
        .and(language::routes())
        .and(my_day::routes())
        .and(consultation::routes())
        .and(referral::routes())
        .and(inbox::routes())
        .and(call::routes())
        .and(third_party::routes())
        .and(crate::public_form::routes())
        .and(crate::reasons::routes())
        .and(crate::tags::routes())
        .and(crate::confidential::routes())
        .and(finding::routes())
        .and(requests::routes())
        .and(crate::safe_contact::routes())
        .and(replies::routes())
        .and(macros::routes())
        .and(benefits::routes())
        .and(waitlist::routes())
        .and(sources::routes())
        .and(referrals::routes())
        .and(appointments::routes())
        .and(clients::routes())
        .and(dashboards::routes())
        .and(crate::look::design::routes())
        .and(crate::alumni::routes())
        .and(crate::alerts::routes())
        .and(check_in::routes())
        .and(stopping::routes())
        .and(crate::mail::routes())
        .and(crate::plan::routes())
        .and(admin::routes())
        .and(settings::routes())
        .and(hours::routes())
        .and(crate::on_call::routes())
        .and(routing::routes())
        .and(escalation::routes())
        .and(duty::routes())
        .and(break_glass::routes())
        .and(crate::own_record::routes())
        .and(contact_overrides::routes())
        .and(live::routes())
        .and(api::routes())
        .and(channels::routes())
        .and(crate::importing::routes())
}

/// The route table, for the snapshot test and for the documentation.
pub fn routes() -> Vec<Line> {
    all().finish().1
}

/// The program's HTTP side.
pub fn app(house: House) -> Router {
    layered(all(), house)
}

/// Routes with every layer around them.
fn layered(all: Routes, house: House) -> Router {
    let (router, _) = all.finish();
    router
        .fallback(async || Failure::House(foundation::Error::NotFound))
        .method_not_allowed_fallback(async || Failure::Method)
        .layer(from_fn(finish_what_was_begun))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn(origin::refuse_foreign))
        .layer(from_fn(hear_the_huge_out))
        .layer(from_fn_with_state(house.clone(), shelter::give))
        .layer(from_fn_with_state(house.clone(), crate::links_host::keep_apart))
        .layer(from_fn_with_state(house.clone(), page::render))
        .layer(from_fn_with_state(house.clone(), session::find))
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::new("text/event-stream"))),
        )
        .layer(from_fn(headers::protect))
        .layer(from_fn_with_state(house.clone(), request_log::follow))
        .with_state(house)
}

/// Whoever sends more than any page takes is told so in words. A server that answers and hangs up while the browser still
/// sends shows a broken connection instead.
async fn hear_the_huge_out(request: Request, next: Next) -> Response {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    let is_file = request.uri().path() == crate::importing::PATH;
    let largest = if is_file { crate::importing::LARGEST } else { LARGEST };
    if length.is_none_or(|length| length <= largest) {
        return next.run(request).await;
    }
    let mut pieces = request.into_body().into_data_stream();
    let hearing = async {
        let mut left = if is_file { largest + MOST_HEARD } else { MOST_HEARD };
        while let Some(Ok(piece)) = pieces.next().await
            && left > 0
        {
            left = left.saturating_sub(piece.len());
        }
    };
    // Who sends so slowly that this is not enough hears nothing of it.
    let _ = tokio::time::timeout(LONGEST, hearing).await;
    Failure::TooLarge.into_response()
}

/// An act goes on when the browser hangs up: axum drops a handler whose client is gone, and a half-done act would be
/// rolled back although the person pressed the button. A time limit holds for everything but the live connection.
async fn finish_what_was_begun(request: Request, next: Next) -> Response {
    if request.uri().path() == "/live" {
        return next.run(request).await;
    }
    // A page changes nothing: who hangs up needs none.
    if request.method() == Method::GET {
        let page = tokio::time::timeout(LONGEST, catch_panic(next.run(request))).await;
        return page.map_or_else(|_| busy(), |page| page.unwrap_or_else(|Panicked| panicked()));
    }
    let work = async move { tokio::time::timeout(LONGEST, next.run(request)).await };
    match tokio::spawn(work.in_current_span()).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => busy(),
        Err(_) => panicked(),
    }
}

fn busy() -> Response {
    Failure::House(foundation::Error::Busy).into_response()
}

fn panicked() -> Response {
    Failure::House(foundation::Error::Broken("a handler panicked".into())).into_response()
}

#[cfg(test)]
mod tests;
