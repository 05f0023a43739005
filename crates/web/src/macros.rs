//! Macros: written, changed, shared, taken away; what they would do at those that were chosen is seen before they are run.

pub(crate) mod choosing;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::acts::{Reach, reach_of};
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Role, StaffId};
use intake::macros::{self, Macro, MacroId, NewMacro};
use intake::reasons;
use intake::replies::{self, ReplyId};
use intake::rules::macros::{Moment, Step};
use intake::rules::reasons::Offered;
use intake::rules::words::Disposition;
use intake::whose::Whose;

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/macros", Access::Staff(Act::ViewMacros), list)
        .page("/macros/{id}", Access::Staff(Act::ViewMacros), one)
        .act("/macros", Access::Staff(Act::SaveMacro), save)
        .act("/macros/{id}", Access::Staff(Act::SaveMacro), change)
        .act("/macros/{id}/ending", Access::Staff(Act::EndMacro), end)
        .and(choosing::routes())
}

/// A macro in the list.
pub(crate) struct Line {
    pub id: MacroId,
    pub name: String,
    pub does: String,
    pub whose: String,
    pub can_change: bool,
}

#[derive(Template)]
#[template(path = "pages/inbox/macros.html")]
struct Macros {
    lines: Vec<Line>,
    /// The macro that is changed: its key and version.
    changing: Option<(MacroId, i32)>,
    may_share: bool,
    colleagues: Vec<(StaffId, String)>,
    replies: Vec<(ReplyId, String)>,
    moments: Vec<(&'static str, &'static str)>,
    reasons: Offered,
    fields: Vec<Field>,
    problem: Problem,
}

const FIELDS: [&str; 12] = [
    "macro_name",
    "macro_owner",
    "macro_note",
    "macro_reply",
    "macro_next",
    "macro_next_at",
    "macro_aside",
    "through",
    "disposition",
    "reason",
    "watch",
    "shared",
];

/// The macros a colleague has, in words.
pub(crate) async fn lines(house: &House, me: &Actor) -> Result<Vec<Line>, Error> {
    let staff = Directory::of(house).await?;
    let all = macros::all(house.reader(), house.keyring()).await?;
    Ok(all.iter().filter(|one| one.whose.is_for(me.staff_id())).map(|one| line(one, me, &staff)).collect())
}

fn line(one: &Macro, me: &Actor, staff: &Directory) -> Line {
    let does: Vec<String> = one.steps.iter().map(|step| says(step, staff)).collect();
    Line {
        id: one.id,
        name: one.name.clone(),
        does: does.join(", "),
        whose: whose(one.whose, me, staff),
        can_change: one.is_theirs(me),
    }
}

/// Whose a macro or a saved reply is, in words.
pub(crate) fn whose(of: Whose, me: &Actor, staff: &Directory) -> String {
    let by =
        if me.staff_id() == Some(of.by) { "you" } else { staff.name(of.by).unwrap_or("a former colleague") };
    if of.shared { format!("For everyone, by {by}") } else { "Yours".to_owned() }
}

/// A step in a few words.
fn says(step: &Step, staff: &Directory) -> String {
    match step {
        Step::Watch => "watch it".into(),
        Step::Take => "take it".into(),
        Step::Give(to) => format!("give it to {}", staff.name(*to).unwrap_or("a former colleague")),
        Step::Note(_) => "write a note".into(),
        Step::Reply(_) => "write to them".into(),
        Step::Next(what, at) => format!("{what}, {}", at.words()),
        Step::Aside(until, _) => format!("put it aside until {}", until.words()),
        Step::Close(disposition, _) => {
            format!("close it: {}", Disposition::parse(disposition).map_or("", Disposition::words))
        }
    }
}

impl Macros {
    async fn new(
        house: &House,
        me: &Actor,
        changing: Option<(MacroId, i32)>,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let staff = Directory::of(house).await?;
        let replies = replies::all(house.reader(), house.keyring()).await?;
        let replies = replies.into_iter().filter(|reply| reply.whose.is_for(me.staff_id()));
        Ok(Self {
            lines: lines(house, me).await?,
            changing,
            may_share: reach_of(me, Act::ShareWithTeam) != Reach::No,
            colleagues: staff.working_as(&[Role::Intake, Role::FrontDesk, Role::Supervisor]),
            replies: replies.map(|reply| (reply.id, reply.name)).collect(),
            moments: Moment::ALL.iter().map(|moment| (moment.as_str(), moment.words())).collect(),
            reasons: reasons::of(house).await?.offered(),
            fields: FIELDS.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
        })
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }

    fn owners(&self) -> Vec<(String, &str)> {
        let colleagues = self.colleagues.iter().map(|(id, name)| (id.to_string(), name.as_str()));
        std::iter::once(("me".to_owned(), "Whoever runs it")).chain(colleagues).collect()
    }

    fn reply_names(&self) -> Vec<(String, &str)> {
        self.replies.iter().map(|(id, name)| (id.to_string(), name.as_str())).collect()
    }
}

async fn list(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    Ok(show(Macros::new(&house, &me, None, &Typed::default(), &Faults::default()).await?))
}

/// The macro with this key, when it is the viewer's to change.
async fn theirs(house: &House, me: &Actor, id: &str) -> Result<Macro, Error> {
    let one = macros::one(house.reader(), house.keyring(), me.staff_id(), key(id)?).await?;
    if one.is_theirs(me) { Ok(one) } else { Err(Error::NotFound) }
}

/// What a macro does, as its form holds it.
fn kept(one: &Macro) -> Typed {
    let mut typed = Typed::default().with("macro_name", &one.name);
    if one.whose.shared {
        typed = typed.with("shared", "yes");
    }
    for step in &one.steps {
        typed = match step {
            Step::Watch => typed.with("watch", "yes"),
            Step::Take => typed.with("macro_owner", "me"),
            Step::Give(to) => typed.with("macro_owner", &to.to_string()),
            Step::Note(text) => typed.with("macro_note", text),
            Step::Reply(id) => typed.with("macro_reply", &id.to_string()),
            Step::Next(what, at) => typed.with("macro_next", what).with("macro_next_at", at.as_str()),
            Step::Aside(until, through) => {
                let typed = typed.with("macro_aside", until.as_str());
                if *through { typed.with("through", "yes") } else { typed }
            }
            Step::Close(disposition, reason) => typed.with("disposition", disposition).with("reason", reason),
        };
    }
    typed
}

async fn one(State(house): State<House>, Me(me, _): Me, Path(id): Path<String>) -> Result<Response, Failure> {
    let one = theirs(&house, &me, &id).await?;
    let changing = Some((one.id, one.version));
    Ok(show(Macros::new(&house, &me, changing, &kept(&one), &Faults::default()).await?))
}

fn parsed(typed: &Typed) -> Result<NewMacro, Error> {
    Ok(NewMacro::parse(|name| typed.text(name), typed.checked("shared"))?)
}

async fn save(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let saved = match parsed(&typed) {
        Ok(new) => house.write(&me, async |unit| macros::save(unit, new).await).await.map(|_| ()),
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
    let one = theirs(&house, &me, &id).await?;
    let version = typed.text("version").parse().unwrap_or_default();
    let changed = match parsed(&typed) {
        Ok(new) => house.write(&me, async |unit| macros::change(unit, one.id, version, new).await).await,
        Err(error) => Err(error),
    };
    said(&house, &me, Some((one.id, one.version)), &typed, changed).await
}

/// The list again, or the form with what must be put right.
async fn said(
    house: &House,
    me: &Actor,
    changing: Option<(MacroId, i32)>,
    typed: &Typed,
    done: Result<(), Error>,
) -> Result<Response, Failure> {
    let faults = match done {
        Ok(()) => return Ok(sent_on("/macros", Said::MacroSaved, "")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add("macro_name", "Somebody changed this macro meanwhile. Save again to keep yours");
            faults
        }
        Err(error) => Failure::from(error).faults()?,
    };
    Ok(show(Macros::new(house, me, changing, typed, &faults).await?))
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: MacroId = key(&id)?;
    house.write(&me, async |unit| macros::end(unit, id).await).await?;
    Ok(sent_on("/macros", Said::MacroEnded, ""))
}

impl Page for Macros {
    fn title(&self) -> String {
        "Macros".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
