//! Alive, and able to serve: for whoever watches the machine. Neither says anything of the people in it.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use foundation::store::backups::Nights;
use foundation::store::disk::Disk;

use crate::house::House;
use crate::routes::{Access, Routes};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/healthz", Access::Public, alive).page("/readyz", Access::Public, ready)
}

async fn alive() -> &'static str {
    "alive\n"
}

/// So long the records may take to be asked about what is not urgent.
const SOON: Duration = Duration::from_secs(1);

/// Ready while the database answers and keeps what it is given, and the disk has room: a row is written and read back every
/// few seconds, and this says how that went last. So the answer comes at once, also when the database does not. What somebody
/// should look at, and what keeps nobody from being served, is a warning.
async fn ready(State(house): State<House>, headers: HeaderMap) -> Response {
    let disk = Disk::of(house.folder());
    let fault = house.standing().borrow().fault();
    let reason = fault.map(|fault| fault.to_string()).or_else(|| {
        let full = disk.filter(|disk| disk.is_full())?;
        Some(format!("the disk is as good as full: {}", full.words()))
    });
    let warnings = if fault.is_none() { warnings(&house, disk).await } else { Vec::new() };
    let status = if reason.is_some() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let asks_json = headers.get(ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("json"));
    if asks_json {
        let told = serde_json::json!({
            "ready": reason.is_none(),
            "reason": fault.map(foundation::Away::as_str).or(reason.is_some().then_some("disk")),
            "warnings": warnings,
            "disk_free_bytes": disk.map(|disk| disk.free),
        });
        return (status, Json(told)).into_response();
    }
    let mut words = reason.map_or_else(|| "ready\n".to_owned(), |reason| format!("not ready: {reason}\n"));
    for warning in warnings {
        words.extend(["warning: ", &warning, "\n"]);
    }
    (status, words).into_response()
}

/// What somebody should look at. It says nothing of anyone.
async fn warnings(house: &House, disk: Option<Disk>) -> Vec<String> {
    let now = house.now();
    let mut warnings = Vec::new();
    if let Some(low) = disk.filter(|disk| disk.is_low()) {
        warnings.push(format!("the disk is nearly full: {}", low.words()));
    }
    if let Ok(Ok(Some(nights))) = tokio::time::timeout(SOON, Nights::of(house.reader())).await {
        if nights.is_late(now) {
            let last = nights.last.as_ref().map_or("never".to_owned(), |last| last.at.to_rfc3339());
            warnings.push(format!("the last backup is too old: {last}"));
        } else if nights.fault.is_some() {
            warnings.push("the last try to make a backup failed".to_owned());
        }
    }
    if house.postroom().post.lane().is_some_and(|lane| lane.trouble(now).is_some()) {
        warnings.push("letters do not leave".to_owned());
    }
    warnings
}
