//! The own duty: whether I take requests, in which hours, and where I am written to when something waits.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use foundation::center::Center;
use foundation::{Act, Actor, Error, Faults};
use intake::duty::{self, Duty, OwnDuty};
use intake::rules::calendar::{DAYS, Week};

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
    let own = Access::Staff(Act::SetOwnDuty);
    Routes::default().page("/duty", own, page).act("/duty", own, set)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let id = me.staff_id().ok_or(Error::Forbidden(Act::SetOwnDuty))?;
    let zone = Center::of(house).await?.zone;
    let duty = duty::of(house.reader(), id).await?;
    let is_on = duty.as_ref().is_some_and(|duty| duty.is_on(house.now(), zone));
    let email = mail::staff_notice::address_of(house.reader(), id).await?;
    Ok(show(DutyPage::new(duty.as_ref(), is_on, email, typed, faults)))
}

async fn set(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    match OwnDuty::parse(typed.checked("taking"), |field| typed.text(field)) {
        Ok(own) => {
            house.write(&me, async |unit| duty::set(unit, own).await).await?;
            Ok(sent_on("/duty", Said::DutySet, ""))
        }
        Err(faults) => shown(&house, &me, &typed, &faults).await,
    }
}

const FIELDS: [&str; 7] =
    ["duty_mon", "duty_tue", "duty_wed", "duty_thu", "duty_fri", "duty_sat", "duty_sun"];

#[derive(Template)]
#[template(path = "pages/account/duty.html")]
struct DutyPage {
    stands: &'static str,
    taking: Field,
    week: Vec<(&'static str, Field)>,
    notice_email: Field,
    problem: Problem,
}

impl DutyPage {
    fn new(duty: Option<&Duty>, is_on: bool, email: Option<String>, typed: &Typed, faults: &Faults) -> Self {
        let sent = typed.all().next().is_some();
        let field = |name: &'static str, kept: String| {
            let field = Field::of(name, typed, faults);
            if sent { field } else { Field { value: kept, ..field } }
        };
        let taking = duty.is_some_and(|duty| duty.taking);
        let week = duty.map_or_else(Week::default, |duty| duty.week.clone()).typed();
        Self {
            stands: match (taking, is_on) {
                (_, true) => "You take requests now.",
                (true, false) => "You take requests, and not at this hour.",
                _ => "You take no requests by rule now. You can always take one yourself.",
            },
            taking: field("taking", if taking { "yes".into() } else { String::new() }),
            week: FIELDS
                .into_iter()
                .zip(week)
                .zip(DAYS)
                .map(|((name, kept), (_, day))| (day, field(name, kept)))
                .collect(),
            notice_email: field("notice_email", email.unwrap_or_default()),
            problem: Problem::from(faults),
        }
    }
}

impl Page for DutyPage {
    fn title(&self) -> String {
        "When you take requests".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
