//! The center's basics: what it is called, and what it is called in front of others. Asked once at `/setup`, changed here.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use foundation::center::Center;
use foundation::{Act, Error, Faults, may};
use foundation::{Actor, Subject};

use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/admin/settings", Access::Staff(Act::ViewSettings), page).act(
        "/admin/settings",
        Access::Staff(Act::ChangeSettings),
        change,
    )
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let (center, version) = Center::with_version(house.reader()).await?;
    Ok(show(Settings::new(me, &center, version, typed, faults)))
}

async fn change(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
    let done = match parse(&typed) {
        Ok(center) => house.write(&me, async |unit| center.change(unit, version).await).await,
        Err(faults) => Err(faults.into()),
    };
    match done {
        Ok(()) => Ok(sent_on("/admin/settings", Said::SettingsChanged, "")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add("center_name", "Someone changed these while you were at it. What you typed is still here; compare and save again");
            shown(&house, &me, &typed, &faults).await
        }
        Err(error @ Error::Invalid(_)) => shown(&house, &me, &typed, &Failure::from(error).faults()?).await,
        Err(other) => Err(other.into()),
    }
}

/// A weather page: nothing personal on it, and nobody wonders.
const LEAVE_TO: &str = "https://www.weather.gov/";

/// The zones a center in the United States may be in, by the words people use.
pub const ZONES: [(&str, &str); 7] = [
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
];

/// The basics as typed, at `/setup` and here.
pub fn parse(typed: &Typed) -> Result<Center, Faults> {
    let mut faults = Faults::default();
    let mut line = |field: &'static str, words: &str| {
        let text = typed.text(field);
        if text.is_empty() || text.chars().count() > 120 || text.contains(['\r', '\n']) {
            faults.add(field, words);
        }
        text.to_owned()
    };
    let name_of_center = line("center_name", "Enter the legal name of the center");
    let neutral_name =
        line("neutral_name", "Enter a name that says nothing about treatment, like Cedar Office");
    let neutral_phone = line("neutral_phone", "Enter the phone number people may call back");
    let mail_from = typed.text("mail_from").to_owned();
    if mail::letter::Address::parse(&mail_from).is_err() {
        faults
            .add("mail_from", "Enter the e-mail address messages come from, like hello@cedar-office.example");
    }
    // Every letter would wait for it: better said here than found in the outbox.
    for (field, text) in [("neutral_name", neutral_name.as_str()), ("mail_from", mail_from.as_str())] {
        let (name, from) = if field == "neutral_name" { (text, "") } else { ("", text) };
        if let Some(words) = mail::sender_reveals(name, from, &name_of_center) {
            faults.add(
                field,
                format!("Choose another one: {words} gives something away, and it stands in every letter"),
            );
        }
    }
    let leave_to = typed.given("leave_to").unwrap_or(LEAVE_TO).to_owned();
    let plain = leave_to.chars().all(|c| c.is_ascii_graphic() && !"\"'<>\\".contains(c));
    if !leave_to.starts_with("https://") || leave_to.len() > 200 || !plain {
        faults.add(
            "leave_to",
            "Enter an address that begins with https://, of a site with nothing personal on it",
        );
    }
    let Ok(zone) = typed.text("zone").parse() else {
        faults.add("zone", "Choose the time zone of the center");
        return Err(faults);
    };
    faults.or(|| Center { name: name_of_center, neutral_name, neutral_phone, mail_from, zone, leave_to })
}

#[derive(Template)]
#[template(path = "pages/admin/settings.html")]
struct Settings {
    may_change: bool,
    version: i32,
    center_name: Field,
    neutral_name: Field,
    neutral_phone: Field,
    mail_from: Field,
    zone: Field,
    leave_to: Field,
    zones: [(&'static str, &'static str); 7],
    problem: Problem,
}

impl Settings {
    fn new(me: &Actor, center: &Center, version: i32, typed: &Typed, faults: &Faults) -> Self {
        let sent = typed.all().next().is_some();
        let field = |name, kept: &str| {
            let field = Field::of(name, typed, faults);
            if sent { field } else { Field { value: kept.to_owned(), ..field } }
        };
        Self {
            may_change: may(me, Act::ChangeSettings, &Subject::center()),
            version,
            center_name: field("center_name", &center.name),
            neutral_name: field("neutral_name", &center.neutral_name),
            neutral_phone: field("neutral_phone", &center.neutral_phone),
            mail_from: field("mail_from", &center.mail_from),
            zone: field("zone", center.zone.name()),
            leave_to: field("leave_to", &center.leave_to),
            zones: ZONES,
            problem: Problem::from(faults),
        }
    }
}

impl Page for Settings {
    fn title(&self) -> String {
        "The center".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
