//! How one person may be reached, number by number: what is safe at each, how to ask for them, the word by which each knows
//! the other. The same page for who asked for help and for who has a record.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use consent::contact_point::{self, ContactPoint, ContactPointId, Kind, OwnRules};
use consent::contact_rules::{self, Manner, Risk};
use consent::rules::contact::{Answering, Hours, Permission, Voicemail};
use consent::{ContactRules, Reaching};
use foundation::{Act, Actor, Error, Faults, Instant, PersonId, Subject, may, refused};
use intake::request::merging::going_on;
use intake::request::seen;

use crate::call::Cell;
use crate::clients::{hours_to_choose, value_words};
use crate::differing::{Differs, differing, settled};
use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::look::{Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    let set = Access::Staff(Act::SetSafeContact);
    Routes::default()
        .page("/inbox/{reference}/safe-contact", set, of_request)
        .act("/inbox/{reference}/safe-contact/manner", set, manner_of_request)
        .act("/inbox/{reference}/safe-contact/{point}", set, point_of_request)
        .page("/clients/{id}/safe-contact", set, of_client)
        .act("/clients/{id}/safe-contact/manner", set, manner_of_client)
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
        let before = contact_rules::of(house.reader(), about.person).await?;
        if version(before.as_ref()) != shown {
            return Err(Error::Stale);
        }
        let risks: Vec<Risk> = typed.many("risks[]").filter_map(Risk::parse).collect();
        let manner = Manner::parse(|name| typed.text(name), &risks)?;
        house
            .write(me, async |unit| {
                contact_rules::as_shown(unit, about.person, shown).await?;
                contact_rules::set_manner(unit, &about.care, manner).await
            })
            .await
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

fn version(rules: Option<&ContactRules>) -> String {
    rules.map_or(0, |rules| rules.version).to_string()
}

/// The fields of the form for one number, and of the manner of calling.
const PARTS: [(&str, &str); 6] = [
    ("may_use", "May we use it?"),
    ("voicemail", "Voicemail here"),
    ("answering", "If someone else answers here"),
    ("from", "Best hours from"),
    ("until", "Best hours until"),
    ("days", "Monday to Friday only"),
];
const MANNER: [(&str, &str); 4] = [
    ("ask_for", "Ask for"),
    ("identify_as", "We say we are"),
    ("code_word", "Code word"),
    ("risks[]", "Who else may read or listen"),
];

/// One number or address, with its form.
struct Point {
    id: ContactPointId,
    /// As it may be shown: what was said long ago is asked again before anyone dials.
    value: String,
    is_phone: bool,
    /// When it was said, for whoever saves after a colleague.
    said_at: String,
    own: OwnRules,
}

impl Point {
    fn asks(&self) -> &'static str {
        if self.is_phone { "May we call here?" } else { "May we write here?" }
    }
}

#[derive(Template)]
#[template(path = "pages/clients/safe_contact.html")]
struct SafeContact {
    back: String,
    name: String,
    points: Vec<Point>,
    rules_version: String,
    rules: Option<ContactRules>,
    hours: Vec<(String, String)>,
    typed: Typed,
    faults: Faults,
    problem: Problem,
    place: Place,
}

impl SafeContact {
    async fn new(house: &House, about: &About, typed: &Typed, faults: &Faults) -> Result<Self, Error> {
        let (name, reaching) = house
            .look(async |reader| {
                let name = clients::person::name_of(reader, about.person).await?;
                Ok((name, Reaching::of(reader, about.person).await?))
            })
            .await?;
        Ok(Self {
            back: about.back.clone(),
            name: clients::person::shown(&name),
            points: reaching.points.iter().map(|one| point(one, &reaching, house.now())).collect(),
            rules_version: version(reaching.rules.as_ref()),
            rules: reaching.rules,
            hours: hours_to_choose(),
            typed: typed.clone(),
            faults: faults.clone(),
            problem: Problem::from(faults),
            place: about.place,
        })
    }

    /// A field of the form for one number: what was typed, else what is known.
    fn at(&self, point: &Point, part: &str) -> Cell {
        let name = format!("{}_{part}", point.id);
        let value =
            if self.is_sent(point) { self.typed.text(&name).to_owned() } else { kept(&point.own, part) };
        Cell { fault: self.faults.of(&name).map(str::to_owned), name, value }
    }

    /// Whether the form of this number was sent, and is shown again.
    fn is_sent(&self, point: &Point) -> bool {
        let mine = format!("{}_", point.id);
        self.typed.all().any(|(name, _)| name.starts_with(&mine))
    }

    /// A field of the manner of calling.
    fn cell(&self, name: &str) -> Cell {
        let value = if self.sent_manner() { self.typed.text(name).to_owned() } else { self.of_manner(name) };
        Cell { name: name.to_owned(), value, fault: self.faults.of(name).map(str::to_owned) }
    }

    /// What is kept of the manner.
    fn of_manner(&self, name: &str) -> String {
        let of = |rules: &ContactRules| match name {
            "ask_for" => rules.ask_for.clone(),
            "identify_as" => rules.identify_as.clone(),
            "risks[]" => Some(rules.risks.0.iter().map(|risk| risk.as_str()).collect::<Vec<_>>().join(",")),
            _ => rules.code_word.clone(),
        };
        self.rules.as_ref().and_then(of).unwrap_or_default()
    }

    /// What a colleague wrote down of a number meanwhile, at the form that was sent.
    fn theirs_at(&self, point: &Point) -> Option<Vec<Differs>> {
        if self.faults.of("stale").is_none() || !self.is_sent(point) {
            return None;
        }
        let parts = PARTS.iter().filter(|(part, _)| point.is_phone || *part == "may_use");
        let now = parts.map(|(part, label)| (format!("{}_{part}", point.id), *label, kept(&point.own, part)));
        Some(differing(&self.typed, now, |name, value| {
            match name.rsplit_once("_").map_or(name, |(_, part)| part) {
                // The same words as on the form.
                _ if value == "not_asked" => "As for all".to_owned(),
                "use" => value_words("call", value),
                "from" | "until" => value_words("call_from", value),
                "days" => value_words("call_days", value),
                part => value_words(part, value),
            }
        }))
    }

    /// The same of the manner of calling.
    fn theirs_of_manner(&self) -> Option<Vec<Differs>> {
        if self.faults.of("stale").is_none() || !self.sent_manner() {
            return None;
        }
        let now = MANNER.iter().map(|(name, label)| ((*name).to_owned(), *label, self.of_manner(name)));
        Some(differing(&self.typed, now, value_words))
    }

    fn sent_manner(&self) -> bool {
        !self.typed.text("rules_version").is_empty()
    }

    fn has_risk(&self, risk: Risk) -> bool {
        if self.sent_manner() {
            return self.typed.many("risks[]").any(|typed| typed == risk.as_str());
        }
        self.rules.as_ref().is_some_and(|rules| rules.risks.0.contains(&risk))
    }
}

fn point(one: &ContactPoint, reaching: &Reaching, now: Instant) -> Point {
    Point {
        id: one.id,
        is_phone: one.kind == Kind::Phone,
        said_at: one.own_rules.as_ref().map(|own| own.said_at.to_rfc3339()).unwrap_or_default(),
        value: reaching.written(one, now),
        own: one.own_rules.clone().unwrap_or_else(|| OwnRules::asked_at(now)),
    }
}

/// What stands in a field before anything is typed.
fn kept(own: &OwnRules, part: &str) -> String {
    match (part, own.hours) {
        ("may_use", _) => own.may_use.as_str().to_owned(),
        ("voicemail", _) => own.voicemail.as_str().to_owned(),
        ("answering", _) => own.answering.as_str().to_owned(),
        ("from", Some(hours)) => hours.from.to_string(),
        ("until", Some(hours)) => hours.until.to_string(),
        ("days", Some(hours)) if hours.weekdays_only => "yes".to_owned(),
        _ => String::new(),
    }
}

impl Page for SafeContact {
    fn title(&self) -> String {
        format!("How to reach {}", self.name)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(self.place)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
