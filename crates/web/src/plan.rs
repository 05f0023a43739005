//! The support plan of one person: written section by section together, read as a page, printed for them or for a
//! reader they named.

mod view;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use foundation::center::Center;
use foundation::{Act, Actor, Error, Faults, PersonId};
use plans::rules::section::SectionKey;
use plans::{Reader, finish, named_reader, write_section};

use crate::clients::head::{Head, Part};
use crate::failure::Failure;
use crate::form::{Typed, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;
use view::{Copy, Overview, Writing};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/clients/{id}/plan", Access::Staff(Act::OpenPlan), open)
        .page("/clients/{id}/plan/copy", Access::Staff(Act::OpenPlan), read)
        .act("/clients/{id}/plan/pdf", Access::Staff(Act::FinishPlan), print)
        .page("/clients/{id}/plan/{section}", Access::Staff(Act::WritePlan), open_section)
        .act("/clients/{id}/plan/{section}", Access::Staff(Act::WritePlan), write)
}

type At = Path<String>;
type Under = Path<(String, String)>;

/// Head and plan, noted as opened before anything is shown.
async fn opened(house: &House, me: &Actor, id: PersonId) -> Result<(Head, plans::Plan), Error> {
    let head = Head::of(house, me, id, Part::Plan).await?;
    let plan =
        house.look(async |reader| plans::page(reader, house.keyring(), me, id, house.now()).await).await?;
    house.readings().record(me, Act::OpenPlan, &head.care).await?;
    Ok((head, plan))
}

async fn open(State(house): State<House>, Me(me, _): Me, Path(id): At) -> Result<Response, Failure> {
    shown(&house, &me, key(&id)?, &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, id: PersonId, faults: &Faults) -> Result<Response, Failure> {
    let (head, plan) = opened(house, me, id).await?;
    Ok(show(Overview::new(house, me, head, &plan, faults).await?))
}

/// The same words as the paper, as a page.
async fn read(State(house): State<House>, Me(me, _): Me, Path(id): At) -> Result<Response, Failure> {
    let (head, plan) = opened(&house, &me, key(&id)?).await?;
    let center = Center::of(&house).await?;
    match plans::draw(&plan, &Reader::Own, &center) {
        Ok(document) => Ok(show(Copy::new(head, &document))),
        Err(error) => {
            let faults = Failure::from(error).faults()?;
            Ok(show(Overview::new(&house, &me, head, &plan, &faults).await?))
        }
    }
}

async fn open_section(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, section)): Under,
) -> Result<Response, Failure> {
    writing(&house, &me, key(&id)?, &section, &Typed::default(), &Faults::default(), false).await
}

async fn writing(
    house: &House,
    me: &Actor,
    id: PersonId,
    section: &str,
    typed: &Typed,
    faults: &Faults,
    stale: bool,
) -> Result<Response, Failure> {
    let section = SectionKey::parse(section).ok_or(Error::NotFound)?;
    let (head, plan) = opened(house, me, id).await?;
    Ok(show(Writing::new(head, &plan, section, typed, faults, stale)?))
}

async fn write(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, section)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let section_key = SectionKey::parse(&section).ok_or(Error::NotFound)?;
    let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
    let text = typed.exact("text").to_owned();
    let done =
        house.write(&me, async |unit| write_section(unit, id, section_key, version, &text).await).await;
    match done {
        Ok(_) if typed.text("then") == "next" => {
            let next = SectionKey::ALL.iter().skip_while(|k| **k != section_key).nth(1);
            let to = next.map_or(String::new(), |next| format!("/{}", next.as_str()));
            Ok(sent_on(&format!("/clients/{id}/plan{to}"), Said::SectionKept, ""))
        }
        Ok(_) => Ok(sent_on(&format!("/clients/{id}/plan"), Said::SectionKept, "")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add(
                "text",
                "Someone wrote here while you were at it. Their words and yours are both below; bring them together and save again",
            );
            writing(&house, &me, id, &section, &typed, &faults, true).await
        }
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            writing(&house, &me, id, &section, &typed, &Failure::from(error).faults()?, false).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Draws a copy, keeps it as an edition and hands it out. Drawing happens away from the runtime and outside of any unit;
/// for a named reader the gate is asked before it and again when it is kept.
async fn print(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    match printed(&house, &me, id, &typed).await {
        Ok((name, file)) => Ok((
            [
                (CONTENT_TYPE, "application/pdf".to_owned()),
                (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ],
            file,
        )
            .into_response()),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(&house, &me, id, &Failure::from(error).faults()?).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn printed(
    house: &House,
    me: &Actor,
    id: PersonId,
    typed: &Typed,
) -> Result<(&'static str, Vec<u8>), Error> {
    let (_, plan) = opened(house, me, id).await?;
    let center = Center::of(house).await?;
    let to = match typed.given("recipient") {
        None => Reader::Own,
        Some(recipient) => named_reader(house.reader(), id, recipient, house.today(center.zone)).await?,
    };
    let mut document = plans::draw(&plan, &to, &center)?;
    document.large_print = typed.checked("large_print");
    let drawn = tokio::task::spawn_blocking(move || typeset::pdf(&document)).await;
    let file = drawn
        .map_err(|e| Error::Broken(format!("a plan could not be drawn: {e}")))?
        .map_err(|e| Error::Broken(format!("a plan could not be drawn: {e}")))?;
    house.write(me, async |unit| finish(unit, &plan, &to, &file).await).await?;
    Ok((to.audience().file_name(), file))
}
