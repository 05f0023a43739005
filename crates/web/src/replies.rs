//! Saved replies: found by what is in them, written, changed, shared, taken away.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults};
use intake::replies::{self, NewReply, Reply, ReplyId, matching};
use intake::rules::replies::Placeholder;
use mail::own_words::SubjectLine;

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed, key};
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::macros::whose;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/replies", Access::Staff(Act::ViewReplies), list)
        .page("/replies/{id}", Access::Staff(Act::ViewReplies), one)
        .act("/replies", Access::Staff(Act::SaveReply), save)
        .act("/replies/{id}", Access::Staff(Act::SaveReply), change)
        .act("/replies/{id}/ending", Access::Staff(Act::EndReply), end)
}

/// A reply in the list.
struct Line {
    id: ReplyId,
    name: String,
    opening: String,
    whose: String,
    in_spanish: bool,
    can_change: bool,
}

#[derive(Template)]
#[template(path = "pages/inbox/replies.html")]
struct Replies {
    query: String,
    lines: Vec<Line>,
    any: bool,
    /// The reply that is changed: its key and version.
    changing: Option<(ReplyId, i32)>,
    may_share: bool,
    subject_lines: Vec<(&'static str, &'static str)>,
    placeholders: &'static [Placeholder],
    fields: Vec<Field>,
    problem: Problem,
}

const FIELDS: [&str; 5] = ["reply_name", "subject_line", "english", "spanish", "shared"];

impl Replies {
    async fn new(
        house: &House,
        me: &Actor,
        query: &str,
        changing: Option<(ReplyId, i32)>,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let staff = Directory::of(house).await?;
        let all = replies::all(house.reader(), house.keyring()).await?;
        let found = matching(&all, me.staff_id(), query);
        Ok(Self {
            query: query.to_owned(),
            any: all.iter().any(|reply| reply.whose.is_for(me.staff_id())),
            lines: found.into_iter().map(|reply| line(reply, me, &staff)).collect(),
            changing,
            may_share: reach_of(me, Act::ShareWithTeam) != Reach::No,
            subject_lines: subject_lines(),
            placeholders: Placeholder::ALL,
            fields: FIELDS.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
        })
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

/// The subjects a letter can have, as a form's choice.
pub(crate) fn subject_lines() -> Vec<(&'static str, &'static str)> {
    SubjectLine::ALL.iter().map(|line| (line.as_str(), line.words())).collect()
}

fn line(reply: &Reply, me: &Actor, staff: &Directory) -> Line {
    let opening: String = reply.english.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = opening.chars().take(100).collect();
    Line {
        id: reply.id,
        name: reply.name.clone(),
        opening: if short.len() < opening.len() { format!("{short}…") } else { short },
        whose: whose(reply.whose, me, staff),
        in_spanish: reply.spanish.is_some(),
        can_change: reply.is_theirs(me),
    }
}

async fn list(State(house): State<House>, Me(me, _): Me, Asked(asked): Asked) -> Result<Response, Failure> {
    let (typed, faults) = (Typed::default(), Faults::default());
    Ok(show(Replies::new(&house, &me, asked.text("q"), None, &typed, &faults).await?))
}

/// The reply with this key, when it is the viewer's to change.
async fn theirs(house: &House, me: &Actor, id: &str) -> Result<Reply, Error> {
    let id: ReplyId = key(id)?;
    let all = replies::all(house.reader(), house.keyring()).await?;
    all.into_iter().find(|reply| reply.id == id && reply.is_theirs(me)).ok_or(Error::NotFound)
}

async fn one(State(house): State<House>, Me(me, _): Me, Path(id): Path<String>) -> Result<Response, Failure> {
    let reply = theirs(&house, &me, &id).await?;
    let kept = [
        ("reply_name", reply.name),
        ("subject_line", reply.line.to_string()),
        ("english", reply.english),
        ("spanish", reply.spanish.unwrap_or_default()),
        ("shared", if reply.whose.shared { "yes".into() } else { String::new() }),
    ];
    let typed = Typed::kept(kept.map(|(name, value)| (name.to_owned(), value)));
    let changing = Some((reply.id, reply.version));
    Ok(show(Replies::new(&house, &me, "", changing, &typed, &Faults::default()).await?))
}

async fn parsed(house: &House, typed: &Typed) -> Result<NewReply, Error> {
    let center = Center::of(house).await?;
    Ok(NewReply::parse(|name| typed.text(name), typed.checked("shared"), &center)?)
}

async fn save(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let saved = match parsed(&house, &typed).await {
        Ok(new) => house.write(&me, async |unit| replies::save(unit, new).await).await.map(|_| ()),
        Err(error) => Err(error),
    };
    said(&house, &me, None, &typed, saved).await
}

async fn change(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let reply = theirs(&house, &me, &id).await?;
    let version = typed.text("version").parse().unwrap_or_default();
    let changed = match parsed(&house, &typed).await {
        Ok(new) => house.write(&me, async |unit| replies::change(unit, reply.id, version, new).await).await,
        Err(error) => Err(error),
    };
    said(&house, &me, Some((reply.id, reply.version)), &typed, changed).await
}

/// The list again, or the form with what must be put right.
async fn said(
    house: &House,
    me: &Actor,
    changing: Option<(ReplyId, i32)>,
    typed: &Typed,
    done: Result<(), Error>,
) -> Result<Response, Failure> {
    let faults = match done {
        Ok(()) => return Ok(sent_on("/replies", Said::ReplySaved, "")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add("reply_name", "Somebody changed this reply meanwhile. Save again to keep yours");
            faults
        }
        Err(error) => Failure::from(error).faults()?,
    };
    Ok(show(Replies::new(house, me, "", changing, typed, &faults).await?))
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: ReplyId = key(&id)?;
    house.write(&me, async |unit| replies::end(unit, id).await).await?;
    Ok(sent_on("/replies", Said::ReplyEnded, ""))
}

impl Page for Replies {
    fn title(&self) -> String {
        "Saved replies".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
