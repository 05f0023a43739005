//! Choosing a macro for those that were chosen, seeing what it would do to each of them, and running it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error};
use intake::macros::{self, Macro, MacroId, Outlook, rehearse, run};
use intake::request::merging::going_on;
use intake::request::seen;
use intake::request::undoing::UndoGroup;

use super::{Line, lines};
use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox;
use crate::look::{Fault, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let run = Access::Staff(Act::RunMacro);
    Routes::default().act("/inbox/chosen/preview", run, preview).act("/inbox/chosen/macro", run, go)
}

/// What would happen at one request.
struct At {
    reference: String,
    name: String,
    version: i32,
    outlook: Outlook,
}

#[derive(Template)]
#[template(path = "pages/inbox/macro.html")]
struct Preview {
    /// Those to choose from, when none is chosen.
    lines: Vec<Line>,
    chosen: Option<Macro>,
    all: Vec<At>,
    picked: Vec<String>,
}

impl Preview {
    /// At how many it can be run.
    fn can(&self) -> usize {
        self.all.iter().filter(|at| at.outlook.can_be_run()).count()
    }

    fn is_reversible(&self) -> bool {
        self.all.iter().filter(|at| at.outlook.can_be_run()).all(|at| at.outlook.reversible)
    }
}

fn picked(typed: &Typed) -> Result<Vec<String>, Problem> {
    let all: Vec<String> = typed.many("pick[]").map(str::to_owned).collect();
    if all.is_empty() || all.len() > inbox::MOST_CHOSEN {
        let words = format!("Choose between 1 and {} requests from the list", inbox::MOST_CHOSEN);
        return Err(Problem(vec![Fault { field: "inbox-rows".into(), words }]));
    }
    Ok(all)
}

/// What the chosen macro would do; without one, which there are.
async fn preview(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let picked = match picked(&typed) {
        Ok(picked) => picked,
        Err(problem) => return inbox::again(&house, &me, &typed, problem).await,
    };
    let Some(id) = typed.given("macro") else {
        let lines = lines(&house, &me).await?;
        return Ok(show(Preview { lines, chosen: None, all: Vec::new(), picked }));
    };
    let chosen = macros::one(house.reader(), house.keyring(), me.staff_id(), key(id)?).await?;
    let mut all = Vec::new();
    for reference in &picked {
        let request = seen(house.reader(), &me, reference).await?;
        let request = going_on(house.reader(), request.id).await?;
        let outlook = rehearse(&house, &me, &chosen, &request).await?;
        let name = clients::person::name_of(house.reader(), request.caller_id).await?;
        all.push(At { name, version: request.version, outlook, reference: request.reference });
    }
    Ok(show(Preview { lines: Vec::new(), chosen: Some(chosen), all, picked }))
}

/// Runs it at each of those that were shown, as they were shown.
async fn go(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let id: MacroId = key(typed.text("macro"))?;
    let chosen = macros::one(house.reader(), house.keyring(), me.staff_id(), id).await?;
    let mut shown: Vec<(&str, i32)> = Vec::new();
    for one in typed.many("shown[]").take(inbox::MOST_CHOSEN) {
        let (reference, version) = one.split_once('.').ok_or(Error::NotFound)?;
        shown.push((reference, version.parse().map_err(|_| Error::NotFound)?));
    }
    if shown.is_empty() {
        return Err(Error::NotFound.into());
    }
    let mut problem = Problem::default();
    let mut wrong = |reference: &str, words: String| {
        problem.0.push(Fault { field: format!("r-{reference}"), words: format!("{reference}: {words}") });
    };
    let mut group = None;
    let changed = typed.text("version").parse() != Ok(chosen.version);
    let mut whole = true;
    for (reference, version) in &shown {
        let done = if changed {
            Err(Error::Stale)
        } else {
            one(&house, &me, &chosen, reference, *version, group).await
        };
        match done {
            Ok(Some(under)) => group = Some(under),
            Ok(None) => whole = false,
            Err(Error::Stale) => {
                wrong(reference, "something changed since you looked, nothing was done".into());
            }
            Err(Error::Refused(no)) => wrong(reference, no.sentence),
            Err(Error::Invalid(faults)) => wrong(reference, faults.to_string()),
            Err(Error::NotFound) => wrong(reference, "there is no such request".into()),
            Err(other) => return Err(other.into()),
        }
    }
    if !problem.0.is_empty() {
        return inbox::again(&house, &me, &Typed::default(), problem).await;
    }
    let to = match shown.as_slice() {
        [(reference, _)] => format!("/inbox/{reference}"),
        _ => "/inbox".to_owned(),
    };
    // Undone as a whole or not at all.
    let about = group.filter(|_| whole).map_or_else(|| "all".to_owned(), |group| group.to_string());
    Ok(sent_on(&to, Said::MacroRun, &about))
}

async fn one(
    house: &House,
    me: &Actor,
    chosen: &Macro,
    reference: &str,
    version: i32,
    group: Option<UndoGroup>,
) -> Result<Option<UndoGroup>, Error> {
    let request = seen(house.reader(), me, reference).await?;
    let staff = Directory::of(house).await?;
    house.write(me, async |unit| run(unit, chosen, &request, version, group, &staff).await).await
}

impl Page for Preview {
    fn title(&self) -> String {
        "Macro".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
}
