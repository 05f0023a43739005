//! Stop the messages: the link in the foot of every letter. A mail program that looks at the link changes nothing; one
//! press does, by a person on the page or by their mail program in their name (RFC 8058, which follows no redirect).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use mail::outbox::stopping;

use crate::address::Network;
use crate::failure::Failure;
use crate::filters;
use crate::house::House;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/u/{token}", Access::Public, ask).act("/u/{token}", Access::Public, stop)
}

/// The same page for every token: nobody learns here whether one is real.
async fn ask() -> Response {
    show(Stop)
}

/// Takes no form and no cookie: the mail program of the reader has neither.
async fn stop(
    State(house): State<House>,
    Path(token): Path<String>,
    Network(from): Network,
) -> Result<Response, Failure> {
    if !house.answers_limit().allows(&from, house.now()) {
        return Err(Failure::TooMany);
    }
    stopping::stop(&house, &token).await?;
    let phone = Center::of(&house).await?.neutral_phone.clone();
    Ok(show(Stopped { phone }))
}

#[derive(Template)]
#[template(path = "pages/mail/stop.html")]
struct Stop;

#[derive(Template)]
#[template(path = "pages/mail/stopped.html")]
struct Stopped {
    phone: String,
}

impl Page for Stop {
    fn title(&self) -> String {
        "Stop the messages".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
    fn is_translated(&self) -> bool {
        true
    }
}

impl Page for Stopped {
    fn title(&self) -> String {
        "Stopped".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
    fn is_translated(&self) -> bool {
        true
    }
}
