//! A center that was restored from a backup: what it is, and the press that lets it go on.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use foundation::center::Center;
use foundation::restored::{self, Restored};
use foundation::{Act, Error};
use mail::outbox::keeping_back;

use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/admin/restored", Access::Staff(Act::ReleaseCenter), look).act(
        "/admin/restored/release",
        Access::Staff(Act::ReleaseCenter),
        release,
    )
}

#[derive(Template)]
#[template(path = "pages/admin/restored.html")]
struct OnHold {
    /// When it was restored, and the moment of the backup.
    at: String,
    copied_at: String,
    /// Letters that were waiting then.
    letters: u64,
}

async fn look(State(house): State<House>) -> Result<Response, Failure> {
    let Some(restored) = Restored::on_hold(house.reader()).await? else { return Err(Error::NotFound.into()) };
    let (now, zone) = (house.now(), Center::of(&house).await?.zone);
    Ok(show(OnHold {
        at: when(restored.at, now, zone),
        copied_at: when(restored.copied_at, now, zone),
        letters: keeping_back::how_many(house.reader(), restored.at).await?,
    }))
}

/// Lets it go on. Letters that may have left before are kept back unless they are to leave.
async fn release(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let leave = typed.text("letters") == "leave";
    house
        .write(&me, async |unit| {
            let restored = restored::release(unit).await?;
            if !leave {
                keeping_back::keep_back(unit, restored.at).await?;
            }
            Ok(())
        })
        .await?;
    Ok(sent_on("/", Said::CenterGoesOn, ""))
}

impl Page for OnHold {
    fn title(&self) -> String {
        "The center is on hold".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
}
