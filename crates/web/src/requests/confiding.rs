//! Who knows of a request: everyone who works requests, or only the colleagues who are named.

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::staff::Directory;
use foundation::{Act, Actor, StaffId, may};
use intake::request::confiding;
use intake::request::page::Page as Read;

use super::{At, act_on, chosen, here};
use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

pub(super) fn routes() -> Routes {
    let keep_confidential = Access::Staff(Act::KeepConfidential);
    Routes::default().act("/inbox/{reference}/confidential", keep_confidential, keep).act(
        "/inbox/{reference}/everyone",
        keep_confidential,
        open_up,
    )
}

async fn keep(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let among: Result<Vec<StaffId>, _> = typed.many("known_to[]").map(str::parse).collect();
        let among = among.map_err(|_| chosen("known_to", "Choose colleagues from the list"))?;
        house.write(&me, async |unit| confiding::keep(unit, request, &among).await).await?;
        Ok((here(&request.reference), Said::Confidential))
    })
    .await
}

async fn open_up(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| confiding::open_up(unit, request).await).await?;
        Ok((here(&request.reference), Said::KnownToEveryone))
    })
    .await
}

/// Who knows of a request, as its page says it.
pub(super) struct Confided {
    /// Who knows of it, when it is confidential.
    pub names: Option<String>,
    /// Who could: the key, the name, and whether they do. Empty for a viewer who changes nothing about it.
    pub colleagues: Vec<(StaffId, String, bool)>,
}

impl Confided {
    pub(super) fn of(read: &Read, me: &Actor, staff: &Directory) -> Self {
        let known_to = read.request.confidential_to.as_ref().map(|known| known.0.as_slice());
        let names = known_to.map(|known_to| {
            let others = known_to.iter().filter(|id| Some(**id) != me.staff_id());
            let others = others.map(|id| staff.name(*id).unwrap_or("a former colleague").to_owned());
            std::iter::once("you".to_owned()).chain(others).collect::<Vec<_>>().join(", ")
        });
        let subject = read.request.subject();
        let could = subject.clone().known_to_everyone();
        let colleagues = staff
            .working()
            .filter(|one| Some(one.id) != me.staff_id() && may(&one.actor(), Act::OpenRequest, &could))
            .map(|one| (one.id, one.name.clone(), known_to.is_some_and(|known| known.contains(&one.id))))
            .collect();
        let may_change = may(me, Act::KeepConfidential, &subject);
        Self { names, colleagues: if may_change { colleagues } else { Vec::new() } }
    }
}
