//! The call sheet: one screen for a whole call, saved while talking, by a page with script every few seconds and without
//! by its button.

mod page;
mod reading;
mod steps;

use axum::extract::{Path, State};
use axum::response::Response;
use consent::NewContactPoint;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Unit};
use intake::Request;
use intake::call::saving;
use intake::call::sheet::Sheet;
use intake::call::{self, Call, beginning, finishing, parking};
use intake::request::page as request_page;
use intake::request::seen;
use intake::rules::words::Direction;

use crate::failure::Failure;
use crate::form::{Asked, Typed, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{ByItself, Me};
use page::SheetPage;
pub(crate) use page::{Cell, card as safe_contact};
use reading::ReadPage;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/call", Access::Staff(Act::TakeCall), blank)
        .page("/call/{id}", Access::Staff(Act::OpenRequest), open)
        .act("/call/saving", Access::Staff(Act::SaveCall), save)
        .act("/call/parking", Access::Staff(Act::ParkCall), park)
        .act("/call/finishing", Access::Staff(Act::FinishCall), finish)
}

/// A sheet on which nothing stands yet, or what a request has told already. A phone system that opens a page when it rings
/// names the number: it stands on the sheet, and who may be calling above it.
async fn blank(State(house): State<House>, Me(me, _): Me, Asked(asked): Asked) -> Result<Response, Failure> {
    let submission = house.chance().secret().reveal().to_owned();
    let (about, sheet) = match asked.given("request") {
        Some(reference) => {
            let (request, sheet) = known(&house, &me, reference).await?;
            (Some(request), sheet)
        }
        None => (None, rings(asked.text("number"))),
    };
    let rang = about.is_none() && !sheet.text("phone").is_empty();
    let about = about.map(|request| request.reference);
    let seen = page::Seen { submission, version: 1, about, rang, ..page::Seen::default() };
    Ok(show(SheetPage::new(&house, &me, seen, sheet, &Faults::default()).await?))
}

/// A sheet with the number of whoever rings; without one when it is withheld or no number.
fn rings(number: &str) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.set("direction", Direction::TheyCalled.as_str());
    // A plus in an address that nobody encoded arrives as a space.
    if let Ok(number) = NewContactPoint::phone(number.trim()) {
        sheet.set("phone", number.value());
    }
    sheet
}

/// What a request has told, for a call that goes on from there. The request is opened with it.
async fn known(house: &House, me: &Actor, reference: &str) -> Result<(Request, Sheet), Error> {
    let staff = Directory::of(house).await?;
    let around = request_page::Around::new(house, me, &staff, Center::of(house).await?.zone);
    let (read, opened) = house
        .look(async |reader| {
            let read = request_page::page(reader, around, reference, None).await?;
            let subject = read.request.subject();
            let opened = house.readings().hand_in(me, Act::OpenRequest, &subject).await?;
            Ok((read, opened))
        })
        .await?;
    opened.written().await?;
    let sheet = page::from_request(&read);
    Ok((read.request, sheet))
}

/// A call to go on with, from any desk; one that has ended is read.
async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let found = house.look(async |reader| call::page(reader, house.keyring(), &me, id).await).await?;
    let subject = found.request.subject();
    if by_itself {
        house.readings().go_on(&me, Act::OpenRequest, &subject).await?;
    } else {
        house.readings().record(&me, Act::OpenRequest, &subject).await?;
    }
    if !found.call.is_open() {
        return Ok(show(ReadPage::new(&house, found).await?));
    }
    let seen = page::Seen::of(&found.call, &found.request);
    Ok(show(SheetPage::new(&house, &me, seen, found.sheet, &Faults::default()).await?))
}

/// What a page sends with every save: which sheet, as it was shown, and what stands on it now.
struct Sent {
    seen: page::Seen,
    sheet: Sheet,
}

impl Sent {
    fn read(house: &House, typed: &Typed) -> Result<Self, Error> {
        // A sheet that carries no secret of its own came from no page of ours.
        let submission = typed.given("submission").ok_or(Error::NotFound)?.to_owned();
        let version = typed.text("version").parse().unwrap_or(1);
        let turn = typed.text("turn").parse().unwrap_or(0);
        let desk = typed.given("desk").map_or_else(|| page::new_desk(house), str::to_owned);
        let about = typed.given("about").map(str::to_owned);
        let seen = page::Seen { submission, version, turn, about, desk, ..page::Seen::default() };
        Ok(Self { seen, sheet: Sheet::read(|name| typed.text(name))? })
    }

    fn seen(&self) -> saving::Seen<'_> {
        saving::Seen { version: self.seen.version, desk: &self.seen.desk, turn: self.seen.turn }
    }
}

/// Saves the sheet; the call as it is from then on. Of two first saves at one moment one begins the call, and the other
/// one finds it.
async fn saved(house: &House, me: &Actor, sent: &Sent, typed: &Typed) -> Result<Call, Error> {
    match saved_once(house, me, sent, typed).await {
        Err(Error::Exists) => saved_once(house, me, sent, typed).await,
        done => done,
    }
}

async fn saved_once(house: &House, me: &Actor, sent: &Sent, typed: &Typed) -> Result<Call, Error> {
    let about = match &sent.seen.about {
        Some(reference) => Some(seen(house.reader(), me, reference).await?),
        None => None,
    };
    house
        .write(me, async |unit| {
            let on = beginning::begin(unit, &sent.seen.submission, about).await?;
            let sheet = page::chosen(&sent.sheet, &call::kept(unit, &on).await?, typed);
            saving::save(unit, &on, sent.seen(), &sheet).await?;
            Ok(on)
        })
        .await
}

async fn save(
    State(house): State<House>,
    Me(me, _): Me,
    ByItself(by_itself): ByItself,
    typed: Typed,
) -> Result<Response, Failure> {
    let sent = Sent::read(&house, &typed)?;
    match saved(&house, &me, &sent, &typed).await {
        // The page takes from the answer when it was saved and what the safety answers come to.
        Ok(on) if by_itself => {
            let found =
                house.look(async |reader| call::page(reader, house.keyring(), &me, on.id).await).await?;
            let seen = page::Seen { desk: sent.seen.desk, ..page::Seen::of(&found.call, &found.request) };
            Ok(show(SheetPage::new(&house, &me, seen, found.sheet, &Faults::default()).await?))
        }
        Ok(on) => Ok(sent_on(&format!("/call/{}", on.id), Said::SheetSaved, &on.id.to_string())),
        Err(Error::Stale) if by_itself => Err(Error::Stale.into()),
        Err(error) => again(&house, &me, sent, error).await,
    }
}

async fn park(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let sent = Sent::read(&house, &typed)?;
    end(&house, &me, sent, &typed, Said::CallParked, async |unit, on| parking::park(unit, on).await).await
}

async fn finish(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let sent = Sent::read(&house, &typed)?;
    end(&house, &me, sent, &typed, Said::CallFinished, async |unit, on| finishing::finish(unit, on).await)
        .await
}

/// Saves first, in a unit of its own: when something must be put right before the call can end, it is kept all the same.
async fn end(
    house: &House,
    me: &Actor,
    sent: Sent,
    typed: &Typed,
    said: Said,
    work: impl AsyncFnOnce(&mut Unit, &Call) -> Result<(), Error>,
) -> Result<Response, Failure> {
    let ended = match saved(house, me, &sent, typed).await {
        Ok(on) => {
            house
                .write(me, async |unit| {
                    work(unit, &on).await?;
                    call::request_of(unit, &on).await
                })
                .await
        }
        Err(error) => Err(error),
    };
    match ended {
        Ok(request) => Ok(sent_on(&format!("/inbox/{}", request.reference), said, &request.reference)),
        Err(error) => again(house, me, sent, error).await,
    }
}

/// The sheet again, with everything that was typed: what must be put right, or what somebody else saved meanwhile.
async fn again(house: &House, me: &Actor, sent: Sent, error: Error) -> Result<Response, Failure> {
    let kept = match call::by_submission(house.reader(), &sent.seen.submission).await? {
        Some(on) => {
            Some(house.look(async |reader| call::page(reader, house.keyring(), me, on.id).await).await?)
        }
        None => None,
    };
    let mut seen = sent.seen;
    if let Some(kept) = &kept {
        let about = page::Seen::of(&kept.call, &kept.request);
        seen = page::Seen { version: seen.version, desk: seen.desk, turn: seen.turn, ..about };
    }
    if let Some(kept) = kept.as_ref().filter(|kept| kept.call.desk == seen.desk) {
        seen.version = kept.call.version;
    }
    let faults = match (error, &kept) {
        (Error::Stale, Some(kept)) => {
            // From here on the page knows what was saved; each field that differs asks which one is right.
            seen.version = kept.call.version;
            seen.theirs = Some(kept.sheet.clone());
            let mut faults = Faults::default();
            faults.add(
                "differences",
                "This sheet was saved from another desk. Choose for each field, then save",
            );
            faults
        }
        (error @ (Error::Invalid(_) | Error::Refused(_)), _) => Failure::from(error).faults()?,
        (other, _) => return Err(other.into()),
    };
    Ok(show(SheetPage::new(house, me, seen, sent.sheet, &faults).await?))
}
