//! Letters about a person to somebody else, for the second person: read whole, then released or not, with a reason.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, PersonId, day};
use intake::request::releasing::{self, LetterToRelease};
use mail::MessageId;
use mail::third_party::{NewRelease, ReleaseGround};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Field, Place, Problem, Tag};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::default()
        .page("/mail/releases", Access::Staff(Act::ReviewLetter), list)
        .page("/mail/releases/{id}", Access::Staff(Act::ReviewLetter), open)
        .act("/mail/releases/{id}/release", Access::Staff(Act::ReleaseLetter), release)
        .act("/mail/releases/{id}/refusal", Access::Staff(Act::RefuseLetter), refuse)
}

/// How many letters wait for this colleague as a second person.
pub(crate) async fn how_many_wait(house: &House, me: &Actor) -> Result<usize, Error> {
    if reach_of(me, Act::ReleaseLetter) == Reach::No {
        return Ok(0);
    }
    releasing::how_many_wait(house.reader(), me).await
}

struct LetterLine {
    id: MessageId,
    author: String,
    reader: String,
    about: String,
    reference: String,
    when: String,
}

#[derive(Template)]
#[template(path = "pages/mail/releases.html")]
struct Releases {
    lines: Vec<LetterLine>,
}

async fn list(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let (now, zone, staff) = (house.now(), Center::of(&house).await?.zone, Directory::of(&house).await?);
    let found = releasing::list(house.reader(), house.keyring(), &me, (now, day(now, zone))).await?;
    let lines = found.into_iter().map(|one| LetterLine {
        id: one.id,
        author: staff.name(one.author).unwrap_or("A former colleague").to_owned(),
        reader: one.reader,
        about: one.about,
        reference: one.request.reference,
        when: when(one.written_at, now, zone),
    });
    Ok(show(Releases { lines: lines.collect() }))
}

#[derive(Template)]
#[template(path = "pages/mail/release.html")]
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
struct Release {
    id: MessageId,
    author: String,
    reader: String,
    relationship: Option<String>,
    about: String,
    about_id: PersonId,
    reference: String,
    opens_request: bool,
    when: String,
    subject: &'static str,
    body: String,
    tag: Tag,
    no_letter: Option<&'static str>,
    has_consent: bool,
    /// What was decided, by whom, and why.
    decided: Option<(String, String)>,
    may_decide: bool,
    own: bool,
    grounds: &'static [ReleaseGround],
    ground: Field,
    reason: Field,
    released: Field,
    problem: Problem,
}

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    shown(&house, &me, key(&id)?, &Typed::default(), &Faults::default()).await
}

/// One letter; that it was read is in the ledger before it is shown.
async fn shown(
    house: &House,
    me: &Actor,
    id: MessageId,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let (now, zone, staff) = (house.now(), Center::of(house).await?.zone, Directory::of(house).await?);
    let one = releasing::load(house.reader(), house.keyring(), me, id, (now, day(now, zone))).await?;
    house.readings().record(me, Act::ReviewLetter, &one.subject()).await?;
    Ok(show(Release {
        id,
        author: staff.name(one.author).unwrap_or("A former colleague").to_owned(),
        opens_request: foundation::may(me, Act::OpenRequest, &one.subject()),
        when: when(one.written_at, now, zone),
        tag: super::tag(one.letter.state),
        decided: decided(&one, &staff),
        may_decide: one.may_decide(me) && one.letter.state == mail::State::AwaitingRelease,
        own: me.staff_id() == Some(one.author),
        reader: one.reader,
        relationship: one.relationship,
        about: one.about,
        about_id: one.about_id,
        reference: one.request.reference,
        subject: one.letter.subject,
        body: one.letter.body,
        no_letter: one.no_letter,
        has_consent: one.has_consent,
        grounds: ReleaseGround::ALL,
        ground: Field::of("ground", typed, faults),
        reason: Field::of("reason", typed, faults),
        released: Field::of("released", typed, faults),
        problem: Problem::from(faults),
    }))
}

fn decided(one: &LetterToRelease, staff: &Directory) -> Option<(String, String)> {
    let another = one.letter.about_another.as_ref()?;
    let by = staff.name(another.decided_by?).unwrap_or("a former colleague");
    let ground = another.ground.map_or_else(String::new, |ground| format!(" {}.", ground.words()));
    let said = format!("{} by {by}.{ground}", another.decision?.words());
    Some((said, another.reason.clone().unwrap_or_default()))
}

async fn release(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let done = match NewRelease::parse(typed.text("ground"), typed.text("reason")) {
        Ok(new) => house.write(&me, async |unit| releasing::release(unit, id, new).await).await,
        Err(faults) => Err(faults.into()),
    };
    answer(&house, &me, id, &typed, done, Said::LetterReleased).await
}

async fn refuse(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let reason = typed.text("reason").to_owned();
    let done = house.write(&me, async |unit| releasing::refuse(unit, id, &reason).await).await;
    answer(&house, &me, id, &typed, done, Said::LetterRefused).await
}

async fn answer(
    house: &House,
    me: &Actor,
    id: MessageId,
    typed: &Typed,
    done: Result<(), Error>,
    said: Said,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(sent_on("/mail/releases", said, "")),
        Err(error) => shown(house, me, id, typed, &Failure::from(error).faults()?).await,
    }
}

impl Page for Releases {
    fn title(&self) -> String {
        "Letters to release".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Mail)
    }
}

impl Page for Release {
    fn title(&self) -> String {
        "A letter to release".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Mail)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
