//! Where people come from: the list of organizations with whom to call there, each with what came from it.

mod view;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use foundation::acts::{Reach, reach_of};
use foundation::{Act, Actor, Error, Faults};
use intake::organization::contacts::{self, NewContact, WithNotes};
use intake::organization::finding::{self, Wanted, alike, list};
use intake::organization::{self, ContactId, NewOrganization, Organization, counting, ending, recording};
use intake::rules::source::SourceKind;

use crate::failure::Failure;
use crate::form::{Asked, Typed, chosen, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;
pub(crate) use view::kinds_of_organizations;
use view::{Alike, ContactForm, ListPage, OrganizationForm, OrganizationPage};

/// The routes of this file.
pub fn routes() -> Routes {
    let (see, change) = (Access::Staff(Act::ViewSources), Access::Staff(Act::ChangeSources));
    Routes::default()
        .page("/sources", see, everyone)
        .page("/sources/alike", see, read_alike)
        .page("/sources/new", change, begin)
        .act("/sources/new", change, record)
        .page("/sources/{id}", see, open)
        .page("/sources/{id}/change", change, to_change)
        .act("/sources/{id}/change", change, keep)
        .act("/sources/{id}/ended", change, retire)
        .act("/sources/{id}/taken-up", change, take_up)
        .act("/sources/{id}/merging", change, merge)
        .page("/sources/{id}/contacts/new", change, new_contact)
        .act("/sources/{id}/contacts/new", change, add_contact)
        .page("/sources/{id}/contacts/{contact}", change, to_change_contact)
        .act("/sources/{id}/contacts/{contact}", change, keep_contact)
        .act("/sources/{id}/contacts/{contact}/ended", change, end_contact)
}

/// Whoever may open the requests behind a number is told the number; everyone else not when it could be one person.
fn opens_requests(me: &Actor) -> bool {
    reach_of(me, Act::OpenRequest) == Reach::Everyone
}

fn may_change(me: &Actor) -> bool {
    reach_of(me, Act::ChangeSources) != Reach::No
}

async fn everyone(
    State(house): State<House>,
    Me(me, _): Me,
    Asked(asked): Asked,
) -> Result<Response, Failure> {
    let after = asked.text("after").split_once(' ');
    let wanted = Wanted {
        query: asked.text("q").chars().take(100).collect(),
        kind: SourceKind::parse(asked.text("kind")),
        ended: asked.text("show") == "ended",
        after: after.and_then(|(id, name)| Some((name.to_owned(), id.parse().ok()?))),
    };
    let now = house.now();
    let (found, on, groups) = house
        .look(async |reader| {
            let (found, on) = list(reader, &me, &wanted).await?;
            let came = counting::of_each(reader, &me, found.iter().map(|one| one.id), now).await?;
            let found = found.into_iter().map(|one| (came.get(&one.id).copied().unwrap_or_default(), one));
            let found: Vec<_> = found.map(|(came, one)| (one, came)).collect();
            Ok::<_, Error>((found, on, counting::by_kind(reader, &me, now).await?))
        })
        .await?;
    Ok(show(ListPage::new(&wanted, found, on, groups, opens_requests(&me), may_change(&me))))
}

/// Those that read like the name being typed, for the page that asks.
async fn read_alike(
    State(house): State<House>,
    Me(me, _): Me,
    Asked(asked): Asked,
) -> Result<Response, Failure> {
    let than = asked.text("than").parse().ok();
    let name: String = asked.text("name").chars().take(200).collect();
    let found = alike(house.reader(), &me, &name, than).await?;
    let html = Alike::of(found).render().map_err(|e| Error::Broken(format!("a piece of a page: {e}")))?;
    Ok(Html(html).into_response())
}

async fn begin(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    form(&house, &me, None, &Typed::default(), &Faults::default()).await
}

/// The form of an organization, new or to be changed, with those that read alike.
async fn form(
    house: &House,
    me: &Actor,
    on: Option<(&Organization, Option<&str>)>,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let than = on.map(|(on, _)| on.id);
    let found = alike(house.reader(), me, typed.text("name"), than).await?;
    Ok(show(OrganizationForm::new(on, found, typed, faults)))
}

async fn record(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let recorded = match NewOrganization::parse(|name| typed.text(name)) {
        Ok(new) => house.write(&me, async |unit| recording::record(unit, new).await).await,
        Err(faults) => Err(faults.into()),
    };
    match recorded {
        Ok(id) => Ok(sent_on(&format!("/sources/{id}"), Said::SourceRecorded, "source")),
        Err(error) => form(&house, &me, None, &typed, &said_of(error)?).await,
    }
}

/// What must be put right on the same page; anything else goes its own way.
fn said_of(error: Error) -> Result<Faults, Failure> {
    if matches!(error, Error::Stale) {
        let mut faults = Faults::default();
        faults.add("name", "Someone changed this while you were at it. Look again; what you typed is below");
        return Ok(faults);
    }
    Failure::from(error).faults()
}

async fn read(house: &House, me: &Actor, id: &str) -> Result<organization::Page, Error> {
    let (id, now) = (key(id)?, house.now());
    house.look(async |reader| organization::page(reader, house.keyring(), me, id, now).await).await
}

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    shown(&house, &me, &id, &Typed::default(), &Faults::default()).await
}

async fn shown(
    house: &House,
    me: &Actor,
    id: &str,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let read = read(house, me, id).await?;
    if read.organization.id.to_string() != id {
        return Ok(sent_on(&format!("/sources/{}", read.organization.id), Said::SourceGoesOn, "source"));
    }
    Ok(show(OrganizationPage::new(read, opens_requests(me), may_change(me), typed, faults)))
}

async fn to_change(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let read = read(&house, &me, &id).await?;
    let on = Some((&read.organization, read.notes.as_deref()));
    form(&house, &me, on, &Typed::default(), &Faults::default()).await
}

async fn keep(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let read = read(&house, &me, &id).await?;
    let on = &read.organization;
    let version = typed.text("version").parse().unwrap_or_default();
    let kept = match NewOrganization::parse(|name| typed.text(name)) {
        Ok(new) => house.write(&me, async |unit| recording::change(unit, on, version, new).await).await,
        Err(faults) => Err(faults.into()),
    };
    match kept {
        Ok(()) => Ok(sent_on(&format!("/sources/{}", on.id), Said::SourceChanged, "source")),
        Err(error) => form(&house, &me, Some((on, read.notes.as_deref())), &typed, &said_of(error)?).await,
    }
}

/// Does something to an organization and shows its page again, or the page with what must be put right.
async fn act_on(
    house: &House,
    me: &Actor,
    id: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Organization) -> Result<Said, Error>,
) -> Result<Response, Failure> {
    let on = read(house, me, id).await?.organization;
    match work(&on).await {
        Ok(said) => Ok(sent_on(&format!("/sources/{}", on.id), said, "source")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add("with", "Someone changed this while you were at it. Look again");
            shown(house, me, id, typed, &faults).await
        }
        Err(error) => shown(house, me, id, typed, &said_of(error)?).await,
    }
}

async fn retire(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        house.write(&me, async |unit| ending::retire(unit, on).await).await?;
        Ok(Said::SourceEnded)
    })
    .await
}

async fn take_up(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        house.write(&me, async |unit| ending::take_up(unit, on).await).await?;
        Ok(Said::SourceTakenUp)
    })
    .await
}

async fn merge(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        let into = match finding::other_named(house.reader(), typed.text("with"), on.id).await? {
            Some(into) => into,
            None => chosen(None, "with", "Enter the whole name of the entry that goes on for this one")?,
        };
        house.write(&me, async |unit| ending::merge(unit, on, &into).await).await?;
        Ok(Said::SourcesMerged)
    })
    .await
}

async fn new_contact(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let on = read(&house, &me, &id).await?.organization;
    Ok(show(ContactForm::new(&on, None, &Typed::default(), &Faults::default())))
}

async fn add_contact(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let on = read(&house, &me, &id).await?.organization;
    let added = match NewContact::parse(|name| typed.text(name)) {
        Ok(new) => house.write(&me, async |unit| contacts::add(unit, &on, new).await).await,
        Err(faults) => Err(faults.into()),
    };
    match added {
        Ok(_) => Ok(sent_on(&format!("/sources/{}", on.id), Said::SourceContactKept, "source")),
        Err(error) => Ok(show(ContactForm::new(&on, None, &typed, &said_of(error)?))),
    }
}

/// Someone at an organization, as kept.
fn contact_of(read: organization::Page, id: ContactId) -> Result<(Organization, WithNotes), Error> {
    let found = read.contacts.into_iter().find(|(one, _)| one.id == id).ok_or(Error::NotFound)?;
    Ok((read.organization, found))
}

async fn to_change_contact(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, contact)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (on, one) = contact_of(read(&house, &me, &id).await?, key(&contact)?)?;
    Ok(show(ContactForm::new(&on, Some(one), &Typed::default(), &Faults::default())))
}

async fn keep_contact(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, contact)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let (on, one) = contact_of(read(&house, &me, &id).await?, key(&contact)?)?;
    let version = typed.text("version").parse().unwrap_or_default();
    let kept = match NewContact::parse(|name| typed.text(name)) {
        Ok(new) => {
            house.write(&me, async |unit| contacts::change(unit, &on, one.0.id, version, new).await).await
        }
        Err(faults) => Err(faults.into()),
    };
    match kept {
        Ok(()) => Ok(sent_on(&format!("/sources/{}", on.id), Said::SourceContactKept, "source")),
        Err(error) => Ok(show(ContactForm::new(&on, Some(one), &typed, &said_of(error)?))),
    }
}

async fn end_contact(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, contact)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let contact: ContactId = key(&contact)?;
    act_on(&house, &me, &id, &typed, async |on| {
        house.write(&me, async |unit| contacts::end(unit, on, contact).await).await?;
        Ok(Said::SourceContactEnded)
    })
    .await
}
