//! How one person may be reached, number by number: what is safe at each, how to ask for them, the word by which each knows
//! the other. The same page for who asked for help and for who has a record.

mod page;

use axum::extract::{Path, State};
use axum::response::Response;
use consent::contact_point::{self, ContactPointId, OwnRules};
use consent::contact_rules::{self, Manner, Risk};
use consent::rules::contact::{Answering, Hours, Permission, SaidBy, Voicemail};
use foundation::{Act, Actor, Error, Faults, Instant, PersonId, Subject, may, refused};
use intake::request::merging::going_on;
use intake::request::seen;

use crate::differing::settled;
use crate::failure::Failure;
use crate::form::{Typed, chosen, key};
use crate::house::House;
use crate::look::Place;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;
use page::SafeContact;

/// The routes of this file.
pub fn routes() -> Routes {
    let set = Access::Staff(Act::SetSafeContact);
    Routes::default()
        .page("/inbox/{reference}/safe-contact", set, of_request)
        .act("/inbox/{reference}/safe-contact/manner", set, manner_of_request)
        .act("/inbox/{reference}/safe-contact/again", set, again_of_request)
        .act("/inbox/{reference}/safe-contact/{point}", set, point_of_request)
        .page("/clients/{id}/safe-contact", set, of_client)
        .act("/clients/{id}/safe-contact/manner", set, manner_of_client)
        .act("/clients/{id}/safe-contact/again", set, again_of_client)
        .act("/clients/{id}/safe-contact/{point}", set, point_of_client)
}

/// Who is reached, and from where somebody came to say how.
struct About {
    person: PersonId,
    care: Subject,
    /// The page of the request or of the record.
    back: String,
    place: Place,
}

impl About {
    /// The caller of a request that is not hidden from the viewer.
    async fn request(house: &House, me: &Actor, reference: &str) -> Result<Self, Error> {
        let request = seen(house.reader(), me, reference).await?;
        let request = going_on(house.reader(), request.id).await?;
        let (subject, person) = (request.subject(), request.caller_id);
        let care = Subject::of("person", person).concerning(person);
        if !may(me, Act::OpenRequest, &subject) || !may(me, Act::SetSafeContact, &care) {
            return Err(Error::NotFound);
        }
        // What stands here is part of the request, so opening it is opening that.
        house.readings().record(me, Act::OpenRequest, &subject).await?;
        Ok(Self { person, care, back: format!("/inbox/{}", request.reference), place: Place::Inbox })
    }

    async fn client(house: &House, me: &Actor, id: &str) -> Result<Self, Error> {
        let person: PersonId = key(id)?;
        let care = clients::client::subject(house.reader(), person).await?;
        if !may(me, Act::OpenClient, &care) || !may(me, Act::SetSafeContact, &care) {
            return Err(Error::NotFound);
        }
        house.readings().record(me, Act::OpenClient, &care).await?;
        Ok(Self { person, care, back: format!("/clients/{person}"), place: Place::Clients })
    }
}

async fn of_request(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
) -> Result<Response, Failure> {
    let about = About::request(&house, &me, &reference).await?;
    shown(&house, &about, &Typed::default(), &Faults::default()).await
}

async fn of_client(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let about = About::client(&house, &me, &id).await?;
    shown(&house, &about, &Typed::default(), &Faults::default()).await
}

async fn manner_of_request(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let about = About::request(&house, &me, &reference).await?;
    set_manner(&house, &me, &about, &typed).await
}

async fn manner_of_client(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let about = About::client(&house, &me, &id).await?;
    set_manner(&house, &me, &about, &typed).await
}

async fn again_of_request(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let about = About::request(&house, &me, &reference).await?;
    contact_again(&house, &me, &about, &typed).await
}

async fn again_of_client(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let about = About::client(&house, &me, &id).await?;
    contact_again(&house, &me, &about, &typed).await
}

async fn point_of_request(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, point)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let about = About::request(&house, &me, &reference).await?;
    set_point(&house, &me, &about, &point, &typed).await
}

async fn point_of_client(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, point)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let about = About::client(&house, &me, &id).await?;
    set_point(&house, &me, &about, &point, &typed).await
}

async fn shown(house: &House, about: &About, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    Ok(show(SafeContact::new(house, about, typed, faults).await?))
}

/// How to ask for them, who we say we are, the code word, who else may listen.
async fn set_manner(house: &House, me: &Actor, about: &About, typed: &Typed) -> Result<Response, Failure> {
    let typed = &settled(typed);
    let done = async {
        let shown = typed.text("rules_version");
        let risks: Vec<Risk> = typed.many("risks[]").filter_map(Risk::parse).collect();
        house
            .write(me, async |unit| {
                // Before anything that may be wrong: a page that is shown again must not pass for a newer one.
                contact_rules::as_shown(unit, about.person, shown).await?;
                let manner = Manner::parse(|name| typed.text(name), &risks)?;
                contact_rules::set_manner(unit, &about.care, manner).await
            })
            .await
    };
    ended(house, about, typed, done.await).await
}

/// They themselves asked to be contacted again, by the ways they allow.
async fn contact_again(house: &House, me: &Actor, about: &About, typed: &Typed) -> Result<Response, Failure> {
    let done = async {
        let said_by = SaidBy::parse(typed.text("said_by"));
        let said_by = chosen(said_by, "said_by", "Choose how they said so. Nobody else can say it for them")?;
        house.write(me, async |unit| contact_rules::contact_again(unit, &about.care, said_by).await).await
    };
    ended(house, about, typed, done.await).await
}

/// What they said of one number or address.
async fn set_point(
    house: &House,
    me: &Actor,
    about: &About,
    point: &str,
    typed: &Typed,
) -> Result<Response, Failure> {
    let typed = &settled(typed);
    let id: ContactPointId = key(point)?;
    let at = |part: &str| format!("{id}_{part}");
    let done = async {
        let there = contact_point::of(house.reader(), about.person).await?;
        let Some(there) = there.into_iter().find(|point| point.id == id) else {
            return Err(refused("main", "This number or address is not in use any more."));
        };
        // Before anything that may be wrong: a page that is shown again must not pass for a newer one.
        let before: Option<Instant> = typed.text("said_at").parse().ok();
        if there.own_rules.map(|own| own.said_at) != before {
            return Err(Error::Stale);
        }
        let own = own_rules(|part| typed.text(&at(part)), house.now(), &at("from"))?;
        house
            .write(me, async |unit| {
                contact_point::set_own_rules(unit, id, &about.care, before, own).await?;
                intake::clocks::hours_changed(unit, about.person).await
            })
            .await
    };
    ended(house, about, typed, done.await).await
}

/// Back to whose rules these are, or here again with everything typed.
async fn ended(
    house: &House,
    about: &About,
    typed: &Typed,
    done: Result<(), Error>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(sent_on(&about.back, Said::RulesSet, "")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add(
                "stale",
                "A colleague wrote this down meanwhile. What you typed is still here; choose field by field",
            );
            shown(house, about, typed, &faults).await
        }
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, about, typed, &Failure::from(error).faults()?).await
        }
        Err(other) => Err(other.into()),
    }
}

fn own_rules<'a>(text: impl Fn(&str) -> &'a str, now: Instant, field: &str) -> Result<OwnRules, Faults> {
    let mut faults = Faults::default();
    let hours = match (text("from"), text("until")) {
        ("", "") => None,
        (from, until) => {
            let both = from.parse().ok().zip(until.parse().ok());
            let hours = both.and_then(|(from, until)| Hours::new(from, until, text("days") == "yes"));
            if hours.is_none() {
                faults.add(field, "Choose from when until when it is best to call there");
            }
            hours
        }
    };
    faults.or(|| OwnRules {
        may_use: Permission::parse(text("may_use")).unwrap_or(Permission::NotAsked),
        voicemail: Voicemail::parse(text("voicemail")).unwrap_or(Voicemail::NotAsked),
        answering: Answering::parse(text("answering")).unwrap_or(Answering::NotAsked),
        hours,
        said_at: now,
    })
}
