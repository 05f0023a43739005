//! Closing an account, on a page of its own: why, and who takes over what is carried. The same page hands work over
//! without closing, and the work of somebody whose account is closed already.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::staff::closing::{ClosingReason, close};
use foundation::staff::inviting::everyone;
use foundation::staff::membership::is_last_administrator;
use foundation::{Act, Error, Faults, StaffId};

use super::work::{Kind, Work};
use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, chosen, key};
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

pub(super) fn routes() -> Routes {
    let close = Access::Staff(Act::CloseAccount);
    Routes::default()
        .page("/admin/staff/{id}/closing", close, page)
        .act("/admin/staff/{id}/closing", close, close_account)
        .act("/admin/staff/{id}/handing-over", Access::Staff(Act::HandOverWork), hand_over)
}

type At = Path<String>;

async fn page(State(house): State<House>, Path(id): At) -> Result<Response, Failure> {
    Ok(show(Closing::load(&house, key(&id)?, &Typed::default(), &Faults::default()).await?))
}

/// Closes the account and hands everything over, all of it or nothing.
async fn close_account(
    State(house): State<House>,
    Me(me, session): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: StaffId = key(&id)?;
    let done = house
        .write(&me, async |unit| {
            let why = chosen(ClosingReason::parse(typed.text("why")), "why", "Choose why it is closed")?;
            close(unit, id, why).await?;
            let work = Work::of(unit.tx(), id).await?;
            work.hand_over(unit, id, &typed).await
        })
        .await;
    match done {
        // Whoever closed the own account is out.
        Ok(_) if session.staff.id == id => Ok(sent_on("/sign-in", Said::AccountDisabled, "")),
        Ok(_) => Ok(sent_on(&format!("/admin/staff/{id}"), Said::AccountDisabled, "")),
        Err(error) => shown_again(&house, id, &typed, error).await,
    }
}

async fn hand_over(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: StaffId = key(&id)?;
    let done = house
        .write(&me, async |unit| {
            let work = Work::of(unit.tx(), id).await?;
            work.hand_over(unit, id, &typed).await
        })
        .await;
    match done {
        Ok(_) => Ok(sent_on(&format!("/admin/staff/{id}"), Said::HandedOver, "")),
        Err(error) => shown_again(&house, id, &typed, error).await,
    }
}

async fn shown_again(house: &House, id: StaffId, typed: &Typed, error: Error) -> Result<Response, Failure> {
    let faults = Failure::from(error).faults()?;
    Ok(show(Closing::load(house, id, typed, &faults).await?))
}

/// One kind of work: how much, and who may take it.
struct Line {
    field: Field,
    words: String,
    note: String,
    takers: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/admin/closing.html")]
struct Closing {
    id: StaffId,
    name: String,
    closed: bool,
    last_administrator: bool,
    why: Field,
    lines: Vec<Line>,
    letters: u64,
    /// When they are on call.
    turns: Vec<String>,
    problem: Problem,
}

impl Closing {
    async fn load(house: &House, id: StaffId, typed: &Typed, faults: &Faults) -> Result<Self, Error> {
        let staff = everyone(house.reader()).await?;
        let member = staff.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
        let work = Work::of(house.reader(), id).await?;
        let (now, zone) = (house.now(), Center::of(house).await?.zone);
        let line = |kind: Kind| Line {
            field: Field::of(kind.field(), typed, faults),
            words: work.words(kind),
            note: work.note(kind, now, zone),
            takers: Work::takers(kind, &staff, id),
        };
        Ok(Self {
            id,
            name: member.name.clone(),
            closed: member.disabled_at.is_some(),
            last_administrator: is_last_administrator(&staff, id),
            why: Field::of("why", typed, faults),
            lines: work.kinds().map(line).collect(),
            letters: work.letters,
            turns: work.turns,
            problem: Problem::from(faults),
        })
    }

    fn reasons() -> Vec<(&'static str, &'static str)> {
        ClosingReason::ALL.iter().map(|why| (why.as_str(), why.words())).collect()
    }
}

impl Page for Closing {
    fn title(&self) -> String {
        if self.closed { "Hand over work".into() } else { "Close an account".into() }
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
