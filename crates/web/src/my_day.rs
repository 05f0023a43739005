//! The front door: visitors choose what they came for, staff see their day.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use foundation::staff::Stage;
use foundation::staff::inviting::is_empty;

use crate::failure::{Failure, entrance};
use crate::house::House;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::SignedIn;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/", Access::Public, door)
}

async fn door(State(house): State<House>, session: Option<Extension<SignedIn>>) -> Result<Response, Failure> {
    match session {
        Some(Extension(SignedIn(session))) if session.stage == Stage::In => {
            Ok(show(MyDay { name: session.staff.name.to_string() }))
        }
        Some(Extension(SignedIn(session))) => Ok(Redirect::to(entrance(session.stage)).into_response()),
        None if is_empty(house.reader()).await? => Ok(Redirect::to("/setup").into_response()),
        None => Ok(show(Door)),
    }
}

#[derive(Template)]
#[template(path = "pages/public/door.html")]
struct Door;

impl Page for Door {
    fn title(&self) -> String {
        "Talk to us".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
}

#[derive(Template)]
#[template(path = "pages/my_day.html")]
struct MyDay {
    name: String,
}

impl Page for MyDay {
    fn title(&self) -> String {
        "My day".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::MyDay)
    }
}
