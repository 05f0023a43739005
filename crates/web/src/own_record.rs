//! A person's own record, as they may have it: everything every room keeps, without what others said in confidence. The
//! privacy officer decides about that item by item; whatever is withheld is counted, with its ground and what to do.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use clients::client;
use foundation::access::{self, AccessAnswer, AccessGround, AccessHolding, NewAccessDecision};
use foundation::break_glass::BreakGlassHolding;
use foundation::center::Center;
use foundation::holding::{Holding, OthersWords};
use foundation::links::LinkHolding;
use foundation::staff::Directory;
use foundation::{Act, Actor, Db, Error, Faults, PersonId, Subject};
use serde_json::{Map, Value as Json, json};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    let export = Access::Staff(Act::ExportRecord);
    Routes::default()
        .page("/admin/own-records", export, find)
        .act("/admin/own-records", export, found)
        .page("/clients/{id}/own-record", export, open)
        .act("/clients/{id}/own-record/file", export, file)
        .act("/clients/{id}/own-record/decisions", Access::Staff(Act::DecideAccess), decide)
}

static ALL: [&dyn Holding; 9] = [
    &LinkHolding,
    &BreakGlassHolding,
    &AccessHolding,
    &consent::ConsentHolding,
    &mail::MailHolding,
    &clients::ClientHolding,
    &intake::IntakeHolding,
    &alumni::holding::Alumni,
    &plans::holding::Plans,
];

/// What each room keeps about people, one for each, in the order of the house.
pub fn holdings() -> &'static [&'static dyn Holding] {
    &ALL
}

/// Everything others said about a person, of all rooms, oldest first.
pub async fn said_by_others(db: &Db, person: PersonId) -> Result<Vec<OthersWords>, Error> {
    let mut all = Vec::new();
    for holding in holdings() {
        all.extend(holding.said_by_others(db.reader(), db.keyring(), person).await?);
    }
    all.sort_by(|a, b| (a.at, &a.item).cmp(&(b.at, &b.item)));
    Ok(all)
}

/// The record as the person may have it (45 CFR 164.524). The caller has written down that it was exported.
pub async fn export(db: &Db, person: PersonId) -> Result<Json, Error> {
    let mut rooms = Map::new();
    for holding in holdings() {
        let kept = holding.export(db.reader(), db.keyring(), person).await?;
        rooms.insert(holding.name().to_owned(), kept);
    }
    let decisions = access::decisions_about(db.reader(), db.keyring(), person).await?;
    let is_released =
        |one: &OthersWords| decisions.get(&one.item).is_some_and(|d| d.answer == AccessAnswer::Release);
    let (released, withheld): (Vec<_>, Vec<_>) =
        said_by_others(db, person).await?.into_iter().partition(is_released);
    if !released.is_empty() {
        let told =
            released.into_iter().map(|one| json!({ "what": one.kind, "at": one.at, "said": one.content }));
        rooms.insert("said_by_others".into(), told.collect());
    }
    if !withheld.is_empty() {
        let center = Center::load(db.reader()).await?;
        rooms.insert("withheld".into(), withheld_words(withheld.len(), &center));
    }
    Ok(Json::Object(rooms))
}

/// That something is not in it, how much, on what ground, and what the person can do.
fn withheld_words(items: usize, center: &Center) -> Json {
    json!({
        "items": items,
        "ground": "Something that another person told us in confidence is not in this copy. The law lets us withhold it when \
                   it would show who told us (45 CFR 164.524(a)(2)(v)).",
        "how_to_ask_for_review": format!(
            "You can ask that someone looks at this again. Call {} or write to us, and ask for the privacy officer of {}. \
             You can also complain to us, or to the U.S. Department of Health and Human Services. Nobody may treat you \
             worse for it.",
            center.neutral_phone, center.name
        ),
    })
}

#[derive(Template)]
#[template(path = "pages/clients/own_records.html")]
struct FindRecord {
    reference: Field,
    problem: Problem,
}

impl FindRecord {
    fn new(typed: &Typed, faults: &Faults) -> Self {
        Self { reference: Field::of("reference", typed, faults), problem: Problem::from(faults) }
    }
}

async fn find(Asked(asked): Asked) -> Response {
    show(FindRecord::new(&asked, &Faults::default()))
}

async fn found(State(house): State<House>, typed: Typed) -> Result<Response, Failure> {
    let reference = typed.text("reference").to_uppercase();
    match client::by_reference(house.reader(), &reference).await {
        Ok(person) => {
            Ok(axum::response::Redirect::to(&format!("/clients/{person}/own-record")).into_response())
        }
        Err(Error::NotFound) => {
            let mut faults = Faults::default();
            faults.add("reference", "Enter the record number as it stands on the record, such as K-J3RFR");
            Ok(show(FindRecord::new(&typed, &faults)))
        }
        Err(other) => Err(other.into()),
    }
}

struct ItemLine {
    item: String,
    kind: &'static str,
    when: String,
    lines: Vec<(String, String)>,
    /// What holds, and why.
    decision: Option<String>,
    is_released: bool,
    ground: Field,
    reason: Field,
}

#[derive(Template)]
#[template(path = "pages/clients/own_record.html")]
struct OwnRecord {
    id: PersonId,
    name: String,
    reference: String,
    items: Vec<ItemLine>,
    undecided: usize,
    grounds: &'static [AccessGround],
    problem: Problem,
}

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    shown(&house, &me, key(&id)?, &Typed::default(), &Faults::default()).await
}

async fn record_of(house: &House, id: PersonId) -> Result<Subject, Error> {
    client::subject(house.reader(), id).await
}

/// The items; that they were read is in the ledger before they are shown.
async fn shown(
    house: &House,
    me: &Actor,
    id: PersonId,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let record = record_of(house, id).await?;
    house.readings().record(me, Act::DecideAccess, &record).await?;
    let (now, zone, staff) = (house.now(), Center::of(house).await?.zone, Directory::of(house).await?);
    let decisions = access::decisions_about(house.reader(), house.keyring(), id).await?;
    let nothing = (Typed::default(), Faults::default());
    let items = said_by_others(house, id).await?.into_iter().map(|one| {
        let decision = decisions.get(&one.item);
        let (typed, faults) =
            if typed.text("item") == one.item { (typed, faults) } else { (&nothing.0, &nothing.1) };
        let said = decision.map(|d| {
            let by = staff.name(d.decided_by).unwrap_or("a former colleague");
            let reason = d.reason.as_ref().map_or_else(String::new, |reason| format!(" {reason}"));
            format!("{}, {}: {}.{reason}", by, when(d.decided_at, now, zone), d.ground.words())
        });
        ItemLine {
            kind: one.kind,
            when: when(one.at, now, zone),
            lines: lines_of(&one.content),
            is_released: decision.is_some_and(|d| d.answer == AccessAnswer::Release),
            decision: said,
            ground: Field::of("ground", typed, faults),
            reason: Field::of("reason", typed, faults),
            item: one.item,
        }
    });
    let items: Vec<ItemLine> = items.collect();
    Ok(show(OwnRecord {
        id,
        name: clients::person::name_of(house.reader(), id).await?,
        reference: client::reference_of(house.reader(), id).await?,
        undecided: items.iter().filter(|one| one.decision.is_none()).count(),
        items,
        grounds: AccessGround::ALL,
        problem: Problem::from(faults),
    }))
}

/// What somebody said, line by line, without what was left empty.
fn lines_of(content: &Json) -> Vec<(String, String)> {
    let Json::Object(fields) = content else { return vec![(String::new(), plain(content))] };
    let all = fields.iter().map(|(name, value)| (name.replace('_', " "), plain(value)));
    all.filter(|(_, value)| !value.is_empty()).collect()
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(all) => all.iter().map(plain).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; "),
        Json::Object(fields) => {
            let all = fields.iter().map(|(name, value)| (name.replace('_', " "), plain(value)));
            let all = all.filter(|(_, value)| !value.is_empty());
            all.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

async fn decide(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: PersonId = key(&id)?;
    let item = typed.text("item").to_owned();
    if !said_by_others(&house, id).await?.iter().any(|one| one.item == item) {
        return Err(Error::NotFound.into());
    }
    let record = record_of(&house, id).await?;
    let done = match NewAccessDecision::parse(typed.text("ground"), typed.text("reason")) {
        Ok(new) => house.write(&me, async |unit| access::decide(unit, &record, &item, new).await).await,
        Err(faults) => Err(faults.into()),
    };
    match done {
        Ok(()) => Ok(sent_on(&format!("/clients/{id}/own-record"), Said::AccessDecided, "")),
        Err(error) => shown(&house, &me, id, &typed, &Failure::from(error).faults()?).await,
    }
}

/// The copy for the person, as a file without a word of whom it is about in its name.
async fn file(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: PersonId = key(&id)?;
    let record = record_of(&house, id).await?;
    house
        .write(&me, async |unit| {
            let permit = unit.permit(Act::ExportRecord, &record)?;
            unit.record(permit, json!({ "by": "page" }));
            Ok::<_, Error>(())
        })
        .await?;
    let record = export(&house, id).await?;
    let text = serde_json::to_string_pretty(&record).map_err(|e| Error::Broken(format!("an export: {e}")))?;
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CONTENT_DISPOSITION, "attachment; filename=\"my-record.json\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

impl Page for FindRecord {
    fn title(&self) -> String {
        "A person’s own record".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

impl Page for OwnRecord {
    fn title(&self) -> String {
        format!("Own record of {}", self.name)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
