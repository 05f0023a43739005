//! Alive, and able to serve: for whoever watches the machine. Neither says anything of the people in it.

use axum::Json;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::house::House;
use crate::routes::{Access, Routes};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/healthz", Access::Public, alive).page("/readyz", Access::Public, ready)
}

async fn alive() -> &'static str {
    "alive\n"
}

/// Ready while the database answers and keeps what it is given: a row is written and read back every few seconds, and this
/// says how that went last. So the answer comes at once, also when the database does not.
async fn ready(State(house): State<House>, headers: HeaderMap) -> Response {
    let fault = house.standing().borrow().fault();
    let status = if fault.is_some() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let asks_json = headers.get(ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("json"));
    if asks_json {
        let told =
            serde_json::json!({ "ready": fault.is_none(), "reason": fault.map(foundation::Away::as_str) });
        return (status, Json(told)).into_response();
    }
    let words = fault.map_or_else(|| "ready\n".to_owned(), |fault| format!("not ready: {fault}\n"));
    (status, words).into_response()
}
