//! Opening a locked record with a reason, for whoever stands before an emergency; and the review of it.

mod reviewing;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use clients::client::{self, Sought};
use foundation::break_glass::{self, Cause, NewBreakGlass};
use foundation::{Act, Actor, Error, Faults, PersonId};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed};
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    let open = Access::Staff(Act::BreakGlass);
    Routes::default()
        .page("/break-glass", open, ask)
        .act("/break-glass", open, open_record)
        .act("/break-glass/ending", open, end)
        .and(reviewing::routes())
}

/// `?reference=K-…` fills in the number, as the page of a record does whose other parts are locked.
async fn ask(Asked(asked): Asked) -> Response {
    show(BreakGlass::new(&asked, &Faults::default()))
}

async fn open_record(
    State(house): State<House>,
    Me(me, session): Me,
    typed: Typed,
) -> Result<Response, Failure> {
    let (sought, why) = match parsed(&typed) {
        Ok(parsed) => parsed,
        Err(faults) => return Ok(show(BreakGlass::new(&typed, &faults))),
    };
    let person = match client::locked(house.reader(), &sought).await {
        Ok(person) => person,
        Err(Error::NotFound) => return nobody(&house, &me, &typed, &sought).await,
        Err(other) => return Err(other.into()),
    };
    let care = client::subject(house.reader(), person).await?;
    house.write(&me, async |unit| break_glass::break_glass(unit, session.id, &care, why).await).await?;
    Ok(to_record(person))
}

/// Everything that is wrong is said at once, whichever part of the form it is in.
fn parsed(typed: &Typed) -> Result<(Sought, NewBreakGlass), Faults> {
    let sought = Sought::parse(typed.text("reference"), typed.text("name"), typed.text("born_on"));
    let why = NewBreakGlass::parse(typed.text("cause"), typed.text("reason"));
    match (sought, why) {
        (Ok(sought), Ok(why)) => Ok((sought, why)),
        (sought, why) => {
            let faults = [sought.err(), why.err()].into_iter().flatten().flat_map(|faults| faults.0);
            Err(Faults(faults.collect()))
        }
    }
}

/// Nobody is found: the try is in the ledger, and the form stays as it was.
async fn nobody(house: &House, me: &Actor, typed: &Typed, sought: &Sought) -> Result<Response, Failure> {
    house.write(me, async |unit| break_glass::note_nobody_found(unit).await).await?;
    let (field, words) = match sought {
        Sought::Reference(_) => ("reference", "No record has this number. Read it again, letter by letter"),
        Sought::Person { .. } => ("name", "No one record has this full name and date of birth. Check both"),
    };
    let mut faults = Faults::default();
    faults.add(field, words);
    Ok(show(BreakGlass::new(typed, &faults)))
}

async fn end(State(house): State<House>, Me(me, session): Me, _: Typed) -> Result<Response, Failure> {
    house.write(&me, async |unit| break_glass::end(unit, session.id).await).await?;
    Ok(sent_on("/", Said::LockedAgain, ""))
}

fn to_record(person: PersonId) -> Response {
    Redirect::to(&format!("/clients/{person}")).into_response()
}

#[derive(Template)]
#[template(path = "pages/break_glass/ask.html")]
struct BreakGlass {
    reference: Field,
    name: Field,
    born_on: Field,
    cause: Field,
    reason: Field,
    causes: &'static [Cause],
    problem: Problem,
}

impl BreakGlass {
    fn new(typed: &Typed, faults: &Faults) -> Self {
        let field = |name| Field::of(name, typed, faults);
        Self {
            reference: field("reference"),
            name: field("name"),
            born_on: field("born_on"),
            cause: field("cause"),
            reason: field("reason"),
            causes: Cause::ALL,
            problem: Problem::from(faults),
        }
    }
}

impl Page for BreakGlass {
    fn title(&self) -> String {
        "Open a locked record".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Elsewhere)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
