//! Alive, and able to serve: for whoever watches the machine. Neither says anything else.

use axum::extract::State;
use axum::http::StatusCode;
use foundation::staff::inviting::is_empty;

use crate::house::House;
use crate::routes::{Access, Routes};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/healthz", Access::Public, alive).page("/readyz", Access::Public, ready)
}

async fn alive() -> &'static str {
    "alive\n"
}

/// Ready when the database answers and no migration is missing.
async fn ready(State(house): State<House>) -> (StatusCode, &'static str) {
    match is_empty(house.reader()).await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}
