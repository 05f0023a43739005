//! The waitlist: the list of everyone who waits, and the page of one place with everything that is done about it.

mod view;

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::{Act, Actor, Error, Faults, refused};
use intake::rules::waitlist::{Interim, WhyLeft};
use intake::waitlist::{self, NewWait, Page as Read, Wait, adding, leaving, list};

use crate::differing::settled;
use crate::failure::Failure;
use crate::form::{Typed, chosen};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{ByItself, Me};
use view::{ListPage, PlacePage};

/// The routes of this file.
pub fn routes() -> Routes {
    let see = Access::Staff(Act::ViewWaitlist);
    Routes::default()
        .page("/waitlist", see, everyone)
        .page("/inbox/{reference}/waitlist", see, open)
        .act("/inbox/{reference}/waitlist", Access::Staff(Act::AddToWaitlist), add)
        .act("/inbox/{reference}/waitlist/details", Access::Staff(Act::ChangeWaiting), change)
        .act("/inbox/{reference}/waitlist/contact", Access::Staff(Act::KeepInTouch), contact)
        .act("/inbox/{reference}/waitlist/declined", Access::Staff(Act::OfferPlace), declined)
        .act("/inbox/{reference}/waitlist/leaving", Access::Staff(Act::LeaveWaitlist), leave)
}

type At = Path<String>;

async fn everyone(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let zone = Center::of(&house).await?.zone;
    let now = house.now();
    let rows = list::rows(&house, &me).await?;
    let took = list::took(house.reader(), now).await?;
    Ok(show(ListPage::new(rows, &took, now, zone)))
}

async fn read(house: &House, me: &Actor, reference: &str) -> Result<Read, Error> {
    let now = house.now();
    house.look(async |reader| waitlist::page(reader, house.keyring(), me, reference, now).await).await
}

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    shown(&house, &me, &reference, &Typed::default(), &Faults::default(), by_itself).await
}

/// The page. A place is part of its request, so its opening is recorded as one of the request.
async fn shown(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    faults: &Faults,
    by_itself: bool,
) -> Result<Response, Failure> {
    let read = read(house, me, reference).await?;
    let subject = read.request.subject();
    if by_itself {
        house.readings().go_on(me, Act::OpenRequest, &subject).await?;
    } else {
        house.readings().record(me, Act::OpenRequest, &subject).await?;
    }
    let zone = Center::of(house).await?.zone;
    Ok(show(PlacePage::new(read, typed, faults, house.now(), zone)))
}

/// Does something about a place and shows its page again, or the page with what must be put right.
async fn act_on(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Read) -> Result<Said, Error>,
) -> Result<Response, Failure> {
    let read = read(house, me, reference).await?;
    let mut about = Faults::default();
    match work(&read).await {
        Ok(said) => return Ok(sent_on(&format!("/inbox/{reference}/waitlist"), said, reference)),
        Err(Error::Invalid(faults)) => about = faults,
        Err(Error::Refused(no)) => about.add("place", no.sentence),
        Err(Error::Stale) => about.add(
            // What a colleague put right stands beside what was typed, to be chosen field by field.
            if typed.given("level").is_some() { "wish" } else { "place" },
            "Someone changed this place while you were at it. Look again; what you typed is below",
        ),
        Err(other) => return Err(other.into()),
    }
    shown(house, me, reference, typed, &about, false).await
}

fn place(read: &Read) -> Result<&Wait, Error> {
    let wait = read.wait.as_ref().map(|(wait, _)| wait);
    wait.ok_or_else(|| refused("none", "They are not on the waitlist any more."))
}

fn wish(typed: &Typed) -> Result<NewWait, Faults> {
    let interim = typed.many("interim[]").filter_map(Interim::parse).collect();
    NewWait::parse(|name| typed.text(name), interim)
}

async fn add(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let new = wish(&typed)?;
        house.write(&me, async |unit| adding::add(unit, &read.request, new).await).await?;
        Ok(Said::Waits)
    })
    .await
}

async fn change(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let typed = settled(&typed);
    act_on(&house, &me, &reference, &typed, async |read| {
        let (on, about) = (place(read)?, &read.request);
        let version: i32 = typed.text("version").parse().map_err(|_| Error::Stale)?;
        if version != on.version {
            return Err(Error::Stale);
        }
        let new = wish(&typed)?;
        house.write(&me, async |unit| adding::change(unit, on, about, version, new).await).await?;
        Ok(Said::WaitChanged)
    })
    .await
}

async fn contact(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let (on, about) = (place(read)?, &read.request);
        house.write(&me, async |unit| adding::kept_in_touch(unit, on, about).await).await?;
        Ok(Said::KeptInTouch)
    })
    .await
}

async fn declined(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let (on, about, because) = (place(read)?, &read.request, typed.text("because").to_owned());
        house.write(&me, async |unit| adding::declined(unit, on, about, &because).await).await?;
        Ok(Said::PlaceDeclined)
    })
    .await
}

async fn leave(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let why = WhyLeft::choosable().find(|why| why.as_str() == typed.text("why_left"));
        let why = chosen(why, "why_left", "Choose why they wait no more")?;
        let (on, about) = (place(read)?, &read.request);
        house.write(&me, async |unit| leaving::leave(unit, on, about, why).await).await?;
        Ok(Said::WaitEnded)
    })
    .await
}
