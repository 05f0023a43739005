//! Undoing the last act, at one request or at all those it was done to. What moved on since stays as it is, and is said.

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::{Act, Faults};
use intake::request::undoing::{self, UndoGroup};

use super::Inbox;
use crate::failure::Failure;
use crate::form::{Seen, Typed, key};
use crate::house::House;
use crate::look::{Fault, Problem};
use crate::page::show;
use crate::requests;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::default().act("/inbox/undo/{group}", Access::Staff(Act::UndoAct), undo)
}

async fn undo(
    State(house): State<House>,
    Me(me, _): Me,
    Path(group): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let group: UndoGroup = key(&group)?;
    let all = undoing::undo(&house, &me, group).await?;
    let kept = all.iter().filter_map(|one| Some((&one.reference, one.why_not.clone()?)));
    let kept: Vec<(&String, String)> = kept.collect();
    match (all.as_slice(), kept.is_empty()) {
        ([one], true) => Ok(sent_on(&format!("/inbox/{}", one.reference), Said::Undone, "")),
        (_, true) => Ok(sent_on("/inbox", Said::Undone, "")),
        ([one], false) => {
            let mut faults = Faults::default();
            for (_, why) in kept {
                faults.add("request-events", why);
            }
            let typed = Typed::default();
            requests::shown(&house, &me, &one.reference, Seen::again(&typed, &faults), false, None).await
        }
        _ => {
            let fault = |(reference, why): (&String, String)| Fault {
                field: format!("r-{reference}"),
                words: format!("{reference}: {why}"),
            };
            let problem = Problem(kept.into_iter().map(fault).collect());
            Ok(show(Inbox::new(&house, &me, &Typed::default(), problem).await?))
        }
    }
}
