//! Leave this page: a real link that works without script, and leaves nothing behind the Back button.
//!
//! `no-store` alone does not stop Back from showing typed text in today's browsers. What does, without script: the
//! public form sets a random cookie, this route deletes it, and the form has `autocomplete="off"`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use foundation::center::Center;
use foundation::drafts;

use crate::house::House;
use crate::routes::{Access, Routes};
use crate::session::{cookie, set_cookie};

/// The cookie of the public form.
pub const VISIT: &str = "__Host-visit";

/// The cookie of a referral that was sent: what its last page is found by.
pub const REFERRED: &str = "__Host-referred";

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/leave", Access::Public, leave)
}

async fn leave(State(house): State<House>, sent: HeaderMap) -> Response {
    // Whoever leaves in a hurry waits for no database.
    if let Some(visit) = cookie(&sent, VISIT) {
        let house = house.clone();
        tokio::spawn(async move {
            if drafts::discard(&house, &visit).await.is_err() {
                tracing::warn!(
                    "the draft of a visit could not be thrown away; it goes by itself within the hour"
                );
            }
        });
    }
    let center = match house.remembered::<Center>() {
        Some(center) => Some(center),
        None => Center::of(&house).await.ok(),
    };
    let to = center.map_or_else(|| "https://www.weather.gov/".into(), |c| c.leave_to.clone());
    let mut headers = HeaderMap::new();
    set_cookie(&mut headers, VISIT, "", Some(0));
    set_cookie(&mut headers, REFERRED, "", Some(0));
    (headers, Redirect::to(&to)).into_response()
}
