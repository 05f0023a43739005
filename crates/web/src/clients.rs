//! The client list and the client record: identity, how to reach, consents, stays, what happened.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use clients::client::{self, Line, ListQuery};
use clients::episode::{self, Admission, Discharge, DischargeKind, EpisodeId, LevelOfCare};
use clients::person::{Identity, change};
use clients::timeline::{self, Event, Knot};
use consent::consents::{self, Consent, ConsentId, ConsentKind, NewConsent, Scope};
use consent::contact_point::{self, ContactPoint, ContactPointId, Kind, NewContactPoint};
use consent::contact_rules::{self, NewContactRules, SafeContactCard};
use consent::rules::contact::{Answering, Permission, SaidBy, Voicemail};
use foundation::center::Center;
use foundation::ledger::asking::Of;
use foundation::{Act, Actor, Day, Error, Faults, Instant, PersonId, Subject, Zone, may};
use intake::request::converting::requests_of;

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::Me;

/// Lines on one page of the list.
const PAGE: u64 = 50;

/// The routes of this file.
pub fn routes() -> Routes {
    let open = Access::Staff(Act::OpenClient);
    Routes::default()
        .page("/clients", Access::Staff(Act::ViewClients), list)
        .page("/clients/{id}", open, record)
        .act("/clients/{id}/identity", Access::Staff(Act::ChangeClient), identify)
        .act("/clients/{id}/contact-points", Access::Staff(Act::SetContactPoint), add_point)
        .act("/clients/{id}/contact-points/{point}/ending", Access::Staff(Act::SetContactPoint), end_point)
        .act("/clients/{id}/safe-contact", Access::Staff(Act::SetSafeContact), set_rules)
        .act("/clients/{id}/consents", Access::Staff(Act::RecordConsent), record_consent)
        .act("/clients/{id}/consents/{consent}/revocation", Access::Staff(Act::RevokeConsent), revoke)
        .act("/clients/{id}/episodes", Access::Staff(Act::Admit), admit)
        .act("/clients/{id}/episodes/{episode}/level", Access::Staff(Act::ChangeLevelOfCare), change_level)
        .act("/clients/{id}/episodes/{episode}/discharge", Access::Staff(Act::Discharge), discharge)
        .act("/clients/{id}/notes", Access::Staff(Act::NoteClient), note)
}

async fn list(State(house): State<House>, Me(me, _): Me, Asked(asked): Asked) -> Result<Response, Failure> {
    let after = asked.given("after_name").zip(asked.given("after").and_then(|id| id.parse().ok()));
    let query = ListQuery {
        find: asked.text("q").chars().take(100).collect(),
        in_care: asked.checked("in_care"),
        after: after.map(|(name, id)| (name.to_owned(), id)),
        limit: PAGE,
    };
    let lines = client::list(house.reader(), &me, &query).await?;
    let (all, in_care) = client::counts(house.reader(), &me).await?;
    let older = (lines.len() as u64 == PAGE).then(|| lines.last()).flatten().and_then(|l| {
        let name = foundation::search::fold(&l.name_used);
        serde_urlencoded::to_string([
            ("q", query.find.as_str()),
            ("after_name", &name),
            ("after", &l.id.to_string()),
        ])
        .ok()
    });
    Ok(show(List { find: query.find, in_care: query.in_care, lines, all, caring: in_care, older }))
}

#[derive(Template)]
#[template(path = "pages/clients/list.html")]
struct List {
    find: String,
    in_care: bool,
    lines: Vec<Line>,
    all: u64,
    caring: u64,
    older: Option<String>,
}

pub(crate) fn level_words(line: &Line) -> &'static str {
    line.level.as_deref().and_then(LevelOfCare::parse).map_or("Not in care now", LevelOfCare::words)
}

impl Page for List {
    fn title(&self) -> String {
        "Clients".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Clients)
    }
}

type At = Path<String>;
type Under = Path<(String, String)>;

fn key(id: &str) -> Result<PersonId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn record(State(house): State<House>, Me(me, _): Me, Path(id): At) -> Result<Response, Failure> {
    shown(&house, &me, key(&id)?, &Typed::default(), &Faults::default()).await
}

/// The record, noted as opened before it is shown.
async fn shown(
    house: &House,
    me: &Actor,
    id: PersonId,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let page = client::page(house.reader(), me, id).await?;
    house.readings().record(me, Act::OpenClient, &page.subject).await?;
    Ok(show(Record::new(house, me, page, typed, faults).await?))
}

/// Does something to a record and shows it again, or shows what must be put right with everything typed.
async fn act_on(
    house: &House,
    me: &Actor,
    id: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Subject) -> Result<(), Error>,
) -> Result<Response, Failure> {
    let id = key(id)?;
    let care = client::subject(house.reader(), id).await?;
    if !may(me, Act::OpenClient, &care) {
        return Err(Error::NotFound.into());
    }
    match work(&care).await {
        Ok(()) => Ok(Redirect::to(&format!("/clients/{id}")).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, me, id, typed, &Failure::from(error).faults()?).await
        }
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add("name_used", "Someone changed this record while you were at it. What you typed is still here; compare and save again");
            shown(house, me, id, typed, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn today(house: &House) -> Result<Day, Error> {
    Ok(house.today(Center::load(house.reader()).await?.zone))
}

fn date(typed: &Typed, field: &str, words: &str) -> Result<Day, Error> {
    typed.text(field).parse().map_err(|_| {
        let mut faults = Faults::default();
        faults.add(field, words);
        faults.into()
    })
}

fn chosen<T>(value: Option<T>, field: &str, words: &str) -> Result<T, Error> {
    value.ok_or_else(|| {
        let mut faults = Faults::default();
        faults.add(field, words);
        faults.into()
    })
}

async fn identify(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let to = Identity::parse(
            typed.text("name_used"),
            typed.text("legal_name"),
            typed.text("pronouns"),
            typed.text("born_on"),
            typed.text("language"),
            today(&house).await?,
        )?;
        let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
        house.write(&me, async |unit| change(unit, care, version, to).await).await
    })
    .await
}

async fn add_point(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let person = care.person.ok_or(Error::NotFound)?;
        let mut new = Vec::new();
        if let Some(phone) = typed.given("phone") {
            new.push(NewContactPoint::phone(phone)?);
        }
        if let Some(email) = typed.given("email") {
            new.push(NewContactPoint::email(email)?);
        }
        chosen(new.first(), "phone", "Enter a phone number or an e-mail address")?;
        house
            .write(&me, async |unit| {
                for point in new {
                    contact_point::add(unit, person, point).await?;
                }
                clients::person::find_by_everything(unit, person).await
            })
            .await
    })
    .await
}

async fn end_point(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, point)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let point: ContactPointId = point.parse().map_err(|_| Error::NotFound)?;
        let person = care.person.ok_or(Error::NotFound)?;
        house
            .write(&me, async |unit| {
                contact_point::end(unit, point, care).await?;
                clients::person::find_by_everything(unit, person).await
            })
            .await
    })
    .await
}

async fn set_rules(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let permission = |field| Permission::parse(typed.text(field)).unwrap_or(Permission::NotAsked);
        let new = NewContactRules {
            call: permission("call"),
            hours: None,
            voicemail: Voicemail::parse(typed.text("voicemail")).unwrap_or(Voicemail::NotAsked),
            text_message: permission("text_message"),
            email: permission("email_rule"),
            if_someone_else_answers: Answering::parse(typed.text("answering")).unwrap_or(Answering::NotAsked),
            said_by: SaidBy::Voice,
        };
        house.write(&me, async |unit| contact_rules::set(unit, care, new).await).await
    })
    .await
}

async fn record_consent(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let today = today(&house).await?;
        let new = if typed.text("kind") == ConsentKind::NamedDisclosure.as_str() {
            let signed = date(&typed, "signed_on", "Enter the day it was signed, like 2026-03-02")?;
            let ends = typed.given("expires_on").and_then(|d| d.parse().ok());
            let scope: Vec<Scope> = typed.many("scope[]").filter_map(Scope::parse).collect();
            NewConsent::named(typed.text("recipient"), &scope, typed.text("purpose"), signed, ends, today)?
        } else {
            NewConsent::email(today)
        };
        house.write(&me, async |unit| consents::record(unit, care, new).await.map(|_| ())).await
    })
    .await
}

async fn revoke(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, consent)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let consent: ConsentId = consent.parse().map_err(|_| Error::NotFound)?;
        house.write(&me, async |unit| consents::revoke(unit, care, consent, "said to staff").await).await
    })
    .await
}

async fn admit(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let admitted_on = date(&typed, "admitted_on", "Enter the day of admission, like 2026-03-02")?;
        let level = chosen(LevelOfCare::parse(typed.text("level")), "level", "Choose the level of care")?;
        let person = care.person.ok_or(Error::NotFound)?;
        let request = requests_of(house.reader(), person).await?.first().map(|r| r.id.0);
        let today = today(&house).await?;
        let admission = Admission { admitted_on, level, request };
        house.write(&me, async |unit| episode::admit(unit, care, admission, today).await.map(|_| ())).await
    })
    .await
}

async fn change_level(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, episode)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let episode: EpisodeId = episode.parse().map_err(|_| Error::NotFound)?;
        let on = date(&typed, "from_on", "Enter the day it changes, like 2026-03-02")?;
        let level =
            chosen(LevelOfCare::parse(typed.text("new_level")), "new_level", "Choose the level of care")?;
        house.write(&me, async |unit| episode::change_level(unit, care, episode, level, on).await).await
    })
    .await
}

async fn discharge(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, episode)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let episode: EpisodeId = episode.parse().map_err(|_| Error::NotFound)?;
        let discharged_on = date(&typed, "discharged_on", "Enter the day of discharge, like 2026-03-02")?;
        let kind = chosen(
            DischargeKind::parse(typed.text("discharge_kind")),
            "discharge_kind",
            "Choose how the stay ended",
        )?;
        let to = typed.given("discharged_to").map(clients::person::plain);
        let today = today(&house).await?;
        let how = Discharge { discharged_on, kind, to };
        house
            .write(&me, async |unit| {
                let discharged = episode::discharge(unit, care, episode, how, today).await?;
                // Aftercare begins in the same unit, so that nobody has to remember it and nobody who left is forgotten.
                if discharged.kind.is_followed_up() {
                    alumni::aftercare::enrol(unit, &discharged, None).await?;
                }
                Ok(())
            })
            .await
    })
    .await
}

async fn note(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let text = typed.text("note").to_owned();
        house
            .write(&me, async |unit| {
                clients::note::write(unit, Act::NoteClient, care, &text).await.map(|_| ())
            })
            .await
    })
    .await
}

struct Stay {
    id: EpisodeId,
    open: bool,
    admitted: String,
    level: &'static str,
    ended: Option<String>,
    nights: i64,
}

struct ConsentLine {
    id: ConsentId,
    words: String,
    state: &'static str,
    in_force: bool,
}

struct EventLine {
    class: &'static str,
    icon: &'static str,
    event: Event,
    when: String,
}

/// What buttons the viewer sees: the same question the act asks.
#[expect(clippy::struct_excessive_bools, reason = "one button each")]
struct MayDo {
    change: bool,
    admit: bool,
    discharge: bool,
    consent: bool,
}

#[derive(Template)]
#[template(path = "pages/clients/record.html")]
struct Record {
    id: PersonId,
    name: String,
    reference: String,
    stands: String,
    card: SafeContactCard,
    facts: Vec<Fact>,
    points: Vec<ContactPoint>,
    consents: Vec<ConsentLine>,
    email_allowed: bool,
    stays: Vec<Stay>,
    events: Vec<EventLine>,
    requests: Vec<String>,
    may: MayDo,
    version: i32,
    fields: Vec<Field>,
    problem: Problem,
    rules: Option<contact_rules::ContactRules>,
}

/// The fields of every form on the record.
const FIELDS: [&str; 19] = [
    "name_used",
    "legal_name",
    "pronouns",
    "born_on",
    "language",
    "phone",
    "email",
    "recipient",
    "purpose",
    "scope",
    "signed_on",
    "expires_on",
    "admitted_on",
    "level",
    "from_on",
    "new_level",
    "discharged_on",
    "discharge_kind",
    "note",
];

impl Record {
    async fn new(
        house: &House,
        me: &Actor,
        page: client::Page,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let zone = Center::load(house.reader()).await?.zone;
        let (now, today) = (house.now(), house.today(zone));
        let id = page.person.id;
        let points = contact_point::of(house.reader(), id).await?;
        let rules = contact_rules::of(house.reader(), id).await?;
        let consents = consents::of(house.reader(), id).await?;
        let events = timeline::of(
            house.reader(),
            house.keyring(),
            me.staff_id().map(|s| s.0),
            Of::Person(id),
            id,
            None,
            100,
        )
        .await?;
        let requests = requests_of(house.reader(), id).await?;
        let name = clients::person::shown(&page.person.name_used);
        let phone = points.iter().find(|p| p.kind == Kind::Phone).map(|p| p.value.as_str());
        let my_name = me.staff().map_or("", |s| s.name.split(' ').next().unwrap_or_default());
        Ok(Self {
            id,
            card: contact_rules::card(rules.as_ref(), &name, phone, my_name, now),
            stands: stands(&page, today),
            facts: facts(&page),
            reference: page.client.reference.clone(),
            name,
            email_allowed: consents
                .iter()
                .any(|c| c.kind == ConsentKind::ElectronicContact && c.is_in_force(today)),
            consents: consents.iter().map(|c| consent_line(c, today)).collect(),
            stays: page.episodes.iter().map(|e| stay(e, today)).collect(),
            events: events.into_iter().map(|e| event_line(e, now, zone)).collect(),
            requests: requests.into_iter().map(|r| r.reference).collect(),
            may: MayDo::new(me, &page.subject),
            version: page.person.version,
            fields: fields(&page, typed, faults),
            problem: Problem::from(faults),
            points,
            rules,
        })
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }

    fn in_care(&self) -> bool {
        self.stays.iter().any(|s| s.open)
    }

    fn rule_is(&self, way: &str, value: &str) -> bool {
        let Some(rules) = &self.rules else { return value == "not_asked" };
        let now = match way {
            "call" => rules.call.as_str(),
            "voicemail" => rules.voicemail.as_str(),
            "text_message" => rules.text_message.as_str(),
            "email_rule" => rules.email.as_str(),
            _ => rules.if_someone_else_answers.as_str(),
        };
        now == value
    }
}

/// What was typed wins over what is kept, so that nothing typed is lost when something must be put right.
fn fields(page: &client::Page, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let sent = typed.all().next().is_some();
    let kept = |name: &str| match name {
        "name_used" => page.person.name_used.clone(),
        "legal_name" => page.person.legal_name.clone().unwrap_or_default(),
        "pronouns" => page.person.pronouns.clone().unwrap_or_default(),
        "born_on" => page.person.born_on.map(|d| d.to_string()).unwrap_or_default(),
        "language" => page.person.language.clone(),
        _ => String::new(),
    };
    FIELDS
        .iter()
        .map(|name| {
            let field = Field::of(name, typed, faults);
            if sent && typed.all().any(|(sent, _)| sent == *name) {
                field
            } else {
                Field { value: kept(name), ..field }
            }
        })
        .collect()
}

impl MayDo {
    fn new(me: &Actor, care: &Subject) -> Self {
        Self {
            change: may(me, Act::ChangeClient, care),
            admit: may(me, Act::Admit, care),
            discharge: may(me, Act::Discharge, care),
            consent: may(me, Act::RecordConsent, care),
        }
    }
}

fn stands(page: &client::Page, today: Day) -> String {
    let counselor = page.counselor.as_ref().map_or_else(
        || "Nobody carries this person in a caseload yet.".to_owned(),
        |name| format!("In the caseload of {name}."),
    );
    match page.episodes.first() {
        None => format!("Not admitted yet. {counselor}"),
        Some(e) => match e.discharged_on {
            None => format!(
                "In care since {}, day {}. {counselor}",
                long_date(e.admitted_on),
                (today - e.admitted_on).num_days() + 1
            ),
            Some(on) => {
                format!("Left care on {}, day {} since. {counselor}", long_date(on), (today - on).num_days())
            }
        },
    }
}

fn long_date(day: Day) -> String {
    day.format("%-d %B %Y").to_string()
}

fn facts(page: &client::Page) -> Vec<Fact> {
    vec![
        Fact::new("Name used", Some(page.person.name_used.clone())),
        Fact::new("Legal name", page.person.legal_name.clone()),
        Fact::new("Pronouns", page.person.pronouns.clone()),
        Fact::new("Born on", page.person.born_on.map(long_date)),
        Fact::new("Language", Some(page.person.language.clone())),
    ]
}

fn consent_line(consent: &Consent, today: Day) -> ConsentLine {
    let words = match consent.kind {
        ConsentKind::ElectronicContact => "May be written to by e-mail".to_owned(),
        ConsentKind::NamedDisclosure => {
            let scope: Vec<&str> = consent.scope.0.iter().map(|s| s.words()).collect();
            let until = consent.expires_on.map(|d| format!(", until {}", long_date(d))).unwrap_or_default();
            format!("{} may get: {}. For: {}{until}", consent.recipient, scope.join(", "), consent.purpose)
        }
    };
    let in_force = consent.is_in_force(today);
    let state = match (in_force, consent.revoked_at) {
        (true, _) => "In force",
        (false, Some(_)) => "Taken back",
        (false, None) => "Has run out",
    };
    ConsentLine { id: consent.id, words, state, in_force }
}

fn stay(e: &episode::Episode, today: Day) -> Stay {
    let ended = e.discharged_on.map(|on| {
        let kind = e.discharge_kind.map(DischargeKind::words).unwrap_or_default();
        let to = e.discharged_to.as_ref().map(|to| format!(", to {to}")).unwrap_or_default();
        format!("{}: {kind}{to}", long_date(on))
    });
    Stay {
        id: e.id,
        open: e.discharged_on.is_none(),
        admitted: long_date(e.admitted_on),
        level: e.admitted_level.words(),
        nights: clients::rules::care::length_of_stay(e.admitted_on, e.discharged_on.unwrap_or(today)),
        ended,
    }
}

fn event_line(event: Event, now: Instant, zone: Zone) -> EventLine {
    let (class, icon) = match event.knot {
        Knot::People => ("steady", "heart-handshake"),
        Knot::House => ("info", "building-2"),
        Knot::Note => ("person", "pencil"),
    };
    EventLine { class, icon, when: when(event.at, now, zone), event }
}

impl Page for Record {
    fn title(&self) -> String {
        format!("Record {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Clients)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
