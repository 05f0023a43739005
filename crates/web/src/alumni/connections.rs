//! The connections of one person: the map, how it reads, the same as a table, and writing ties down.

mod drawing;
mod form;
mod view;

use alumni::connection::{self, ConnectionId, EndReason, NewConnection};
use alumni::connections::{self, Confirmation};
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::{Act, Actor, Error, Faults, PersonId};

use crate::clients::head::{Head, Part};
use crate::failure::Failure;
use crate::form::{Typed, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;
use view::{Circle, Tied};

/// The routes of this file.
pub fn routes() -> Routes {
    let change = Access::Staff(Act::ChangeConnection);
    let confirm = Access::Staff(Act::ConfirmConnections);
    Routes::default()
        .page("/clients/{id}/connections", Access::Staff(Act::OpenConnections), open)
        .act("/clients/{id}/connections", Access::Staff(Act::RecordConnection), record)
        .act("/clients/{id}/connections/confirmation", confirm, go_through)
        .act("/clients/{id}/connections/view", confirm, say_view)
        .page("/clients/{id}/connections/{tie}", Access::Staff(Act::OpenConnections), open_tie)
        .act("/clients/{id}/connections/{tie}", change, change_tie)
        .act("/clients/{id}/connections/{tie}/unsafe", change, mark_unsafe)
        .act("/clients/{id}/connections/{tie}/safe", change, mark_safe)
        .act("/clients/{id}/connections/{tie}/ending", Access::Staff(Act::EndConnection), end_tie)
}

type At = Path<String>;
type Under = Path<(String, String)>;

async fn open(State(house): State<House>, Me(me, _): Me, Path(id): At) -> Result<Response, Failure> {
    shown(&house, &me, key(&id)?, &Typed::default(), &Faults::default()).await
}

/// The page, noted as opened before it is shown.
async fn shown(
    house: &House,
    me: &Actor,
    id: PersonId,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let head = Head::of(house, me, id, Part::Connections).await?;
    let page = house
        .look(async |reader| connections::page(reader, house.keyring(), me, id, house.now()).await)
        .await?;
    house.readings().record(me, Act::OpenConnections, &head.care).await?;
    Ok(show(Circle::new(house, me, head, page, typed, faults).await?))
}

/// Back to the map, or the map again with what must be put right.
async fn after(
    house: &House,
    me: &Actor,
    id: PersonId,
    typed: &Typed,
    done: Result<(), Error>,
    (said, about): (Said, &str),
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(sent_on(&format!("/clients/{id}/connections"), said, about)),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, me, id, typed, &Failure::from(error).faults()?).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn record(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let done = match form::read(&typed, None).and_then(NewConnection::parse) {
        Ok(new) => house.write(&me, async |unit| connection::record(unit, id, new).await).await.map(|_| ()),
        Err(faults) => Err(faults.into()),
    };
    after(&house, &me, id, &typed, done, (Said::TieRecorded, "")).await
}

async fn go_through(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let mut faults = Faults::default();
    let sessions = number(&typed, "group_sessions", &mut faults);
    let lonely = number(&typed, "ucla3", &mut faults);
    let parsed =
        faults.or(|| ()).and_then(|()| Confirmation::parse(typed.checked("truly_none"), sessions, lonely));
    let done = match parsed {
        Ok(confirmation) => {
            house.write(&me, async |unit| connections::confirm(unit, id, confirmation).await).await
        }
        Err(faults) => Err(faults.into()),
    };
    after(&house, &me, id, &typed, done, (Said::GoneThrough, "")).await
}

fn number(typed: &Typed, field: &'static str, faults: &mut Faults) -> Option<i32> {
    let text = typed.given(field)?;
    let read = text.parse().ok();
    if read.is_none() {
        faults.add(field, "Enter a number, like 3");
    }
    read
}

async fn say_view(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let words = typed.text("client_view").to_owned();
    let done = house.write(&me, async |unit| connections::say_own_view(unit, id, &words).await).await;
    after(&house, &me, id, &typed, done, (Said::OwnViewKept, "")).await
}

async fn open_tie(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, tie)): Under,
) -> Result<Response, Failure> {
    tied(&house, &me, key(&id)?, &tie, &Typed::default(), &Faults::default()).await
}

/// One tie to change. A tie of somebody else is not found here.
async fn tied(
    house: &House,
    me: &Actor,
    id: PersonId,
    tie: &str,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let head = Head::of(house, me, id, Part::Connections).await?;
    let line = theirs(house, me, id, tie).await?;
    house.readings().record(me, Act::OpenConnections, &head.care).await?;
    let zone = Center::of(house).await?.zone;
    Ok(show(Tied::new((me, zone), head, &line, typed, faults)))
}

/// The tie behind an address, when it is this person's; one that ended can still be read.
async fn theirs(house: &House, me: &Actor, id: PersonId, tie: &str) -> Result<connections::Line, Error> {
    let tie: ConnectionId = key(tie)?;
    let page = house
        .look(async |reader| connections::page(reader, house.keyring(), me, id, house.now()).await)
        .await?;
    let on_the_map = page.categories.into_iter().flat_map(|(_, lines)| lines);
    on_the_map.chain(page.before).find(|line| line.row.id == tie).ok_or(Error::NotFound)
}

async fn change_tie(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, tie)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let line = theirs(&house, &me, id, &tie).await?;
    let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
    let done = match form::read(&typed, Some(&line)).and_then(NewConnection::parse) {
        Ok(new) => {
            house.write(&me, async |unit| connection::change(unit, line.row.id, version, new).await).await
        }
        Err(faults) => Err(faults.into()),
    };
    match done {
        Ok(()) => Ok(sent_on(&format!("/clients/{id}/connections"), Said::TieChanged, "")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add("label", "Someone changed this while you were at it. What you typed is still here; compare and save again");
            tied(&house, &me, id, &tie, &typed, &faults).await
        }
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            tied(&house, &me, id, &tie, &typed, &Failure::from(error).faults()?).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn mark_unsafe(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, tie)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let tie = theirs(&house, &me, id, &tie).await?.row.id;
    let done = house.write(&me, async |unit| connection::mark_unsafe(unit, tie).await).await;
    let about = format!("{id}/connections/{tie}");
    after(&house, &me, id, &typed, done, (Said::MarkedUnsafe, &about)).await
}

async fn mark_safe(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, tie)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let tie = theirs(&house, &me, id, &tie).await?.row.id;
    let done = house.write(&me, async |unit| connection::mark_safe(unit, tie).await).await;
    let about = format!("{id}/connections/{tie}");
    after(&house, &me, id, &typed, done, (Said::MarkedSafe, &about)).await
}

async fn end_tie(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, tie)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let line = theirs(&house, &me, id, &tie).await?;
    let Some(reason) = EndReason::parse(typed.text("reason")) else {
        let mut faults = Faults::default();
        faults.add("reason", "Choose why it ended");
        return tied(&house, &me, id, &tie, &typed, &faults).await;
    };
    let done = house.write(&me, async |unit| connection::end(unit, line.row.id, reason).await).await;
    after(&house, &me, id, &typed, done, (Said::TieEnded, "")).await
}
