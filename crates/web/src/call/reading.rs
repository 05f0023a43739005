//! A call that has ended, to be read: what was asked and answered, and what was not.

use askama::Template;
use foundation::Error;
use foundation::center::Center;
use foundation::staff::Directory;
use intake::call::Page as Found;
use intake::call::sheet::answered;

use crate::filters;
use crate::house::House;
use crate::inbox::when;
use crate::look::Place;
use crate::page::{Page, Shell};

#[derive(Template)]
#[template(path = "pages/call/read.html")]
pub(super) struct ReadPage {
    reference: String,
    when: String,
    who: String,
    lines: Vec<(String, String)>,
}

impl ReadPage {
    pub(super) async fn new(house: &House, found: Found) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let staff = Directory::of(house).await?;
        Ok(Self {
            reference: found.request.reference,
            when: when(found.call.began_at, house.now(), zone),
            who: staff.name(found.call.staff_id).unwrap_or("A former colleague").to_owned(),
            lines: answered(&found.sheet),
        })
    }
}

impl Page for ReadPage {
    fn title(&self) -> String {
        "Call".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
}
