//! Sending somebody on to another provider: the page of one request from which it is done, the page of one referral with
//! what came of it, what was told as it prints, and the list of everyone of whom nobody knows yet.

mod view;

use axum::extract::{Path, State};
use axum::response::Response;
use consent::consents::{self, NewConsent, Scope};
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Faults, Subject, day, read_day, read_moment, refused};
use intake::Request;
use intake::referral_out::following::{self, Moved};
use intake::referral_out::packet::Part;
use intake::referral_out::referring::{self, NewReferral};
use intake::referral_out::{self, Opened, Page as Read, due};
use intake::rules::referral::WarmStep;

use crate::failure::Failure;
use crate::form::{Typed, chosen, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{ByItself, Me};
use crate::signed_paper;
pub(crate) use view::Due;
use view::{DuePage, PacketPage, ReferralPage, SendOnPage};

/// What their permission is for, on the paper and in the record.
const PURPOSE: &str = "to be taken into care there";

/// The routes of this file.
pub fn routes() -> Routes {
    let follow = Access::Staff(Act::FollowReferral);
    Routes::default()
        .page("/referrals", follow, everyone)
        .page("/inbox/{reference}/referrals", follow, open)
        .act("/inbox/{reference}/referrals", Access::Staff(Act::ReferOut), refer)
        .act("/inbox/{reference}/referrals/permission", Access::Staff(Act::RecordConsent), permit)
        .act("/inbox/{reference}/referrals/permission/paper", Access::Staff(Act::RecordConsent), print)
        .page("/inbox/{reference}/referrals/{referral}", follow, open_one)
        .act("/inbox/{reference}/referrals/{referral}/state", follow, move_on)
        .act("/inbox/{reference}/referrals/{referral}/not-known", follow, not_known)
        .act("/inbox/{reference}/referrals/{referral}/steps", follow, keep_steps)
        .page("/inbox/{reference}/referrals/{referral}/packet", Access::Staff(Act::TellProvider), packet)
}

async fn everyone(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let zone = Center::of(&house).await?.zone;
    let rows = due::rows(house.reader(), &me).await?;
    Ok(show(DuePage::new(&rows, house.now(), zone)))
}

async fn read(house: &House, me: &Actor, reference: &str) -> Result<Read, Error> {
    let now = house.now();
    house.look(async |reader| referral_out::page(reader, house.keyring(), me, reference, now).await).await
}

/// The referrals of a request are part of it, so their opening is recorded as one of the request.
async fn recorded(house: &House, me: &Actor, about: &Request, by_itself: bool) -> Result<(), Error> {
    let subject = about.subject();
    if by_itself {
        house.readings().go_on(me, Act::OpenRequest, &subject).await
    } else {
        house.readings().record(me, Act::OpenRequest, &subject).await
    }
}

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    let read = read(&house, &me, &reference).await?;
    shown(&house, &me, read, &Typed::default(), &Faults::default(), by_itself).await
}

async fn shown(
    house: &House,
    me: &Actor,
    read: Read,
    typed: &Typed,
    faults: &Faults,
    by_itself: bool,
) -> Result<Response, Failure> {
    recorded(house, me, &read.request, by_itself).await?;
    let zone = Center::of(house).await?.zone;
    Ok(show(SendOnPage::new(read, me, typed, faults, house.now(), zone)))
}

/// What must be put right on the same page; anything else goes its own way.
fn faults_of(error: Error) -> Result<Faults, Failure> {
    let mut faults = Faults::default();
    match error {
        Error::Invalid(faults) => return Ok(faults),
        Error::Refused(no) => faults.add("referral", no.sentence),
        Error::Stale => faults.add(
            "referral",
            "Someone changed this while you were at it. Look again; what you typed is below",
        ),
        other => return Err(other.into()),
    }
    Ok(faults)
}

async fn refer(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let read = read(&house, &me, &reference).await?;
    let parts = typed.many("parts[]").filter_map(Part::parse).collect();
    let steps = typed.many("steps[]").filter_map(WarmStep::parse).collect();
    let made = match NewReferral::parse(|name| typed.text(name), parts, steps) {
        Ok(new) => house.write(&me, async |unit| referring::refer(unit, &read.request, new).await).await,
        Err(faults) => Err(faults.into()),
    };
    match made {
        Ok(id) => {
            let to = format!("/inbox/{}/referrals/{id}", read.request.reference);
            Ok(sent_on(&to, Said::ReferralMade, &read.request.reference))
        }
        Err(error) => shown(&house, &me, read, &typed, &faults_of(error)?, false).await,
    }
}

/// They signed that this provider may be told.
async fn permit(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let read = read(&house, &me, &reference).await?;
    let today = day(house.now(), Center::of(&house).await?.zone);
    let kept = match permission(&read, &typed, today) {
        Ok(new) => {
            let person = read.request.prospective_id;
            let care = Subject::of("person", person).concerning(person);
            house.write(&me, async |unit| consents::record(unit, &care, new).await).await
        }
        Err(error) => Err(error),
    };
    match kept {
        Ok(_) => {
            let to = format!("/inbox/{}/referrals", read.request.reference);
            Ok(sent_on(&to, Said::ConsentRecorded, &read.request.reference))
        }
        Err(error) => shown(&house, &me, read, &typed, &faults_of(error)?, false).await,
    }
}

/// The paper they sign, so that this provider may be told.
async fn print(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let read = read(&house, &me, &reference).await?;
    let provider = chosen(typed.given("provider"), "provider", "Enter the provider that the paper names");
    let printed = match provider {
        Ok(provider) => {
            let of = (provider, [Scope::Referral].as_slice(), PURPOSE);
            signed_paper::print(&house, read.request.prospective_id, of, &typed).await
        }
        Err(faults) => Err(faults),
    };
    match printed {
        Ok(file) => Ok(file),
        Err(error) => shown(&house, &me, read, &typed, &faults_of(error)?, false).await,
    }
}

fn permission(read: &Read, typed: &Typed, today: Day) -> Result<NewConsent, Error> {
    if read.name == clients::person::shown("") {
        return Err(refused("name", "Write down their name on the call sheet first; the paper needs it."));
    }
    let provider = chosen(typed.given("provider"), "provider", "Enter the provider that the paper names")?;
    let signed = read_day(typed.text("signed_on"));
    let signed = chosen(signed, "signed_on", "Enter the day it was signed, like 2026-03-02")?;
    let ends = read_day(typed.text("expires_on"));
    let ends = chosen(ends, "expires_on", "Enter the day it ends, like 2026-12-31")?;
    let new = NewConsent::named(provider, &[Scope::Referral], PURPOSE, signed, Some(ends), today);
    let new = new.map_err(|faults| {
        let renamed = faults.0.into_iter().map(|fault| {
            let field = if fault.field == "recipient" { "provider".into() } else { fault.field };
            (field, fault.words)
        });
        let mut here = Faults::default();
        renamed.for_each(|(field, words)| here.add(field, words));
        here
    })?;
    Ok(new.on(signed_paper::read(typed)?))
}

type At = Path<(String, String)>;

/// One referral of a request, as it is now.
async fn read_one(
    house: &House,
    me: &Actor,
    reference: &str,
    id: &str,
) -> Result<(Request, String, Opened), Error> {
    let id = key(id)?;
    let read = read(house, me, reference).await?;
    let opened = read.referrals.into_iter().find(|one| one.referral.id == id).ok_or(Error::NotFound)?;
    Ok((read.request, read.name, opened))
}

async fn open_one(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, id)): At,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    shown_one(&house, &me, (&reference, &id), &Typed::default(), &Faults::default(), by_itself).await
}

async fn shown_one(
    house: &House,
    me: &Actor,
    (reference, id): (&str, &str),
    typed: &Typed,
    faults: &Faults,
    by_itself: bool,
) -> Result<Response, Failure> {
    let (request, name, opened) = read_one(house, me, reference, id).await?;
    recorded(house, me, &request, by_itself).await?;
    let zone = Center::of(house).await?.zone;
    Ok(show(ReferralPage::new(request, name, opened, me, typed, faults, house.now(), zone)))
}

/// Does something about a referral and shows its page again, or the page with what must be put right.
async fn act_on(
    house: &House,
    me: &Actor,
    (reference, id): (&str, &str),
    typed: &Typed,
    work: impl AsyncFnOnce(&Request, &Opened, i32) -> Result<Said, Error>,
) -> Result<Response, Failure> {
    let (request, _, opened) = read_one(house, me, reference, id).await?;
    let version = typed.text("version").parse().unwrap_or_default();
    match work(&request, &opened, version).await {
        Ok(said) => Ok(sent_on(&format!("/inbox/{reference}/referrals/{id}"), said, reference)),
        Err(error) => shown_one(house, me, (reference, id), typed, &faults_of(error)?, false).await,
    }
}

async fn move_on(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, id)): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let zone = Center::of(&house).await?.zone;
    act_on(&house, &me, (&reference, &id), &typed, async |about, one, version| {
        let at = read_moment(typed.text("appointment_at"), zone);
        let to = Moved::parse(|name| typed.text(name), at, house.now())?;
        let on = &one.referral;
        house.write(&me, async |unit| following::move_on(unit, on, about, version, to).await).await?;
        Ok(Said::ReferralMoved)
    })
    .await
}

async fn not_known(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, id)): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, (&reference, &id), &typed, async |about, one, version| {
        let on = &one.referral;
        house.write(&me, async |unit| following::not_known_yet(unit, on, about, version).await).await?;
        Ok(Said::ReferralAsked)
    })
    .await
}

async fn keep_steps(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, id)): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, (&reference, &id), &typed, async |about, one, version| {
        let steps: Vec<WarmStep> = typed.many("steps[]").filter_map(WarmStep::parse).collect();
        let on = &one.referral;
        house.write(&me, async |unit| following::keep_steps(unit, on, about, version, steps).await).await?;
        Ok(Said::ReferralSteps)
    })
    .await
}

/// What was told, as it prints: with what the consent allows and the notice.
async fn packet(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, id)): At,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    let (request, _, opened) = read_one(&house, &me, &reference, &id).await?;
    let packet = opened.packet.clone().ok_or(Error::NotFound)?;
    recorded(&house, &me, &request, by_itself).await?;
    let zone = Center::of(&house).await?.zone;
    Ok(show(PacketPage::new(&request, &opened, packet, zone)))
}
