//! The pages of the public form.

use askama::Template;
use consent::rules::area_code::zones_of;
use consent::rules::contact::{Answering, Hours, Voicemail, clock};
use foundation::center::Center;
use foundation::drafts::Draft;
use foundation::{Error, Faults, Lang};
use intake::Request;
use intake::clocks;
use intake::rules::danger_hours::OutsideHours;
use intake::rules::due::Asked;
use intake::rules::form::{Optional, PublicForm, Question as OwnQuestion};
use intake::rules::words::{Danger, ForWhom, Urgency};

use super::Step;
use crate::filters;
use crate::house::House;
use crate::language::say;
use crate::look::{Field, Problem};
use crate::opening::{Opening, before};
use crate::page::{Page, Shell};

/// Says the shell of public pages.
macro_rules! public {
    ($page:ty, $title:expr, $faults:expr, $chooses:expr) => {
        impl Page for $page {
            fn title(&self) -> String {
                ($title)(self)
            }
            fn shell(&self) -> Shell {
                Shell::Public { leave: true }
            }
            fn has_faults(&self) -> bool {
                ($faults)(self)
            }
            fn is_translated(&self) -> bool {
                true
            }
            fn chooses_language(&self) -> Option<&'static str> {
                $chooses
            }
        }
    };
}

/// The first page: what happens, who reads it, how to leave.
#[derive(Template)]
#[template(path = "pages/public/start.html")]
pub struct Start {
    opening: Opening,
}

impl Start {
    pub async fn new(house: &House, lang: Lang) -> Result<Self, Error> {
        Ok(Self { opening: Opening::load(house, lang).await? })
    }
}

/// One question.
#[derive(Template)]
#[template(path = "pages/public/question.html")]
pub struct Question {
    step: Step,
    fields: std::collections::BTreeMap<&'static str, Field>,
    hours: Vec<(String, String)>,
    /// Where Back leads.
    before: String,
    /// Whether it is asked who they are to the person.
    asks_other: bool,
    /// Whether someone may be in danger, so that their hours and the danger are asked together.
    asks_outside: bool,
    /// The questions of the center's own.
    own: Vec<Own>,
    problem: Problem,
}

/// A question of the center's own on the page.
struct Own {
    name: String,
    label: String,
    value: String,
    fault: Option<String>,
    options: Vec<(String, String)>,
}

impl Own {
    fn new(question: &OwnQuestion, draft: &Draft, faults: &Faults, lang: Lang) -> Self {
        let name = question.field();
        Self {
            label: question.words.in_lang(lang).to_owned(),
            value: draft.text(&name).to_owned(),
            fault: faults.of(&name).map(str::to_owned),
            options: question.options(lang),
            name,
        }
    }

    fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

impl Question {
    pub fn new(step: Step, draft: &Draft, faults: &Faults, (form, lang): (&PublicForm, Lang)) -> Self {
        let field = |name: &'static str| Field {
            name,
            value: draft.text(name).to_owned(),
            fault: faults.of(name).map(str::to_owned),
        };
        Self {
            step,
            fields: step.fields().iter().map(|name| (*name, field(name))).collect(),
            before: step.before(form),
            asks_other: form.asks(Optional::Other),
            asks_outside: is_danger(draft),
            own: match step {
                Step::More => form.questions.iter().map(|one| Own::new(one, draft, faults, lang)).collect(),
                _ => Vec::new(),
            },
            hours: (6..=22).map(|h: u8| (h.to_string(), hour(lang, h))).collect(),
            problem: Problem::from(faults),
        }
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.get(name).unwrap_or(&NONE)
    }
}

/// One answer on the check page.
pub struct Answer {
    label: String,
    value: Option<String>,
    step: Step,
}

/// Check your answers.
#[derive(Template)]
#[template(path = "pages/public/check.html")]
pub struct Check {
    answers: Vec<Answer>,
    /// Where Back leads.
    before: String,
    problem: Problem,
    /// Something made it look like a program; a person can say otherwise by pressing again.
    look_again: bool,
}

impl Check {
    pub fn new(draft: &Draft, faults: &Faults, look_again: bool, (form, lang): (&PublicForm, Lang)) -> Self {
        let said = |words: &str| say(lang, words).into_owned();
        let given = |field: &str| Some(draft.text(field).to_owned()).filter(|t| !t.is_empty());
        let answer = |label: &str, value, step| Answer { label: said(label), value, step };
        let mut answers = vec![
            answer(
                "In danger right now",
                Danger::parse(draft.text("danger")).map(|d| said(d.words())),
                Step::Danger,
            ),
            answer(
                "Who this is for",
                ForWhom::parse(draft.text("for_whom")).map(|f| said(f.words())),
                Step::For,
            ),
        ];
        if given("relationship").is_some() || given("other_name").is_some() {
            answers.push(answer("You are their", given("relationship"), Step::For));
            answers.push(answer("Their name", given("other_name"), Step::For));
        }
        if form.asks(Optional::Name) {
            answers.push(answer("What we call you", given("name"), Step::Name));
        }
        answers.push(answer("Phone number", given("phone"), Step::Contact));
        answers.push(answer("When we may call", when(draft, lang), Step::Contact));
        if is_danger(draft) && draft.text("call") == "hours" {
            let outside = OutsideHours::parse(draft.text("outside_hours")).map(|o| said(o.words()));
            answers.push(answer("Calls outside these hours", outside, Step::Contact));
        }
        answers.push(answer("E-mail address", given("email"), Step::Contact));
        if given("phone").is_some() && draft.text("call") != "never" {
            let answering = Answering::parse(draft.text("answering")).map(|a| said(a.words()));
            let voicemail = Voicemail::parse(draft.text("voicemail")).map(|v| said(v.words()));
            answers.push(answer("If someone else answers", answering, Step::Answering));
            answers.push(answer("Voicemail", voicemail, Step::Answering));
        }
        answers.extend(form.questions.iter().map(|question| Answer {
            label: question.words.in_lang(lang).to_owned(),
            value: question.answer(draft.text(&question.field()), lang),
            step: Step::More,
        }));
        if form.asks(Optional::Words) {
            answers.push(answer("What would help", given("words"), Step::Words));
        }
        // The last question of all.
        let before = Step::ALL.iter().rfind(|step| step.is_asked(form));
        let before = before.map_or_else(String::new, |step| format!("/consultation/{step}"));
        Self { answers, before, problem: Problem::from(faults), look_again }
    }
}

/// Whether they said that someone is in danger, or that they are not sure.
fn is_danger(draft: &Draft) -> bool {
    Danger::parse(draft.text("danger")).is_some_and(|danger| Urgency::of(danger).is_pressing())
}

/// Where what is wrong with a field is put right.
fn step_of(field: &str) -> String {
    let step = Step::ALL.iter().find(|step| step.fields().contains(&field)).copied();
    format!(
        "/consultation/{}",
        step.unwrap_or(if field.starts_with("own_") { Step::More } else { Step::Contact })
    )
}

/// An hour as people say it.
fn hour(lang: Lang, hour: u8) -> String {
    match (lang, hour % 24) {
        (Lang::English, _) | (_, 0 | 12) => say(lang, &clock(hour)).into_owned(),
        (Lang::Spanish, h) if h < 12 => format!("{h} a. m."),
        (Lang::Spanish, h) => format!("{} p. m.", h - 12),
    }
}

fn words_of(hours: Hours, lang: Lang) -> String {
    match lang {
        Lang::English => hours.words(),
        Lang::Spanish => {
            let days = if hours.weekdays_only { "de lunes a viernes, " } else { "" };
            format!("{days}de {} a {}", hour(lang, hours.from), hour(lang, hours.until))
        }
    }
}

fn when(draft: &Draft, lang: Lang) -> Option<String> {
    match draft.text("call") {
        "any" => Some(say(lang, "Any time").into_owned()),
        "never" => Some(say(lang, "Do not call me").into_owned()),
        "hours" => {
            let hour = |field| draft.text(field).parse().ok();
            let hours =
                Hours::new(hour("call_from")?, hour("call_until")?, draft.text("call_days") == "weekdays");
            hours.map(|h| words_of(h, lang))
        }
        _ => None,
    }
}

/// What happens next, and when.
#[derive(Template)]
#[template(path = "pages/public/done.html")]
pub struct Done {
    name: String,
    reference: String,
    by_phone: bool,
    by_when: String,
    /// What they allowed, when that is not every hour.
    allowed: String,
    opening: Opening,
    /// Whether they said that someone is in danger, or that they are not sure.
    pressing: bool,
    say: String,
}

impl Done {
    pub async fn new(house: &House, request: &Request, lang: Lang) -> Result<Self, Error> {
        let center = Center::of(house).await?;
        let name = clients::person::name_of(house.reader(), request.caller_id).await?;
        let points = consent::contact_point::of(house.reader(), request.caller_id).await?;
        let rules = consent::contact_rules::of(house.reader(), request.caller_id).await?;
        let phone =
            points.iter().find(|p| p.kind == consent::contact_point::Kind::Phone).map(|p| p.value.clone());
        let may_call = rules.as_ref().is_none_or(|r| r.call != consent::rules::contact::Permission::Never);
        let hours = rules.as_ref().and_then(|r| r.call_hours.0);
        // Whoever named hours named them by the clock where they are, and reads the answer by it.
        let numbers = points.iter().filter(|p| p.kind == consent::contact_point::Kind::Phone);
        let theirs = numbers.filter(|_| hours.is_some()).find_map(|p| zones_of(&p.folded).first().copied());
        let (urgency, outside) = (Urgency::of(request.danger), request.outside_hours);
        let asked = Asked {
            at: request.received_at,
            channel: request.channel,
            urgency,
            safe: hours.as_ref(),
            theirs,
            outside,
            pauses: &[],
        };
        let promise = clocks::of(house).await?.promise(asked, center.zone);
        let by_when = match promise {
            Some(at) => before(lang, at, house.now(), theirs.unwrap_or(center.zone)),
            None => said(lang, "In the hours you chose, as soon as someone is here"),
        };
        let allowed = hours.map(|hours| allowed(lang, hours, OutsideHours::lifts(outside, urgency)));
        let say = match rules.map(|r| r.if_someone_else_answers) {
            Some(Answering::AskByName) => {
                "If someone else answers we ask for you by name, and say nothing else."
            }
            _ => "If someone else answers we hang up.",
        };
        Ok(Self {
            name: if name == clients::person::shown("") { String::new() } else { name },
            reference: request.reference.clone(),
            by_phone: phone.is_some() && may_call,
            by_when,
            allowed: allowed.unwrap_or_default(),
            opening: Opening::load(house, lang).await?,
            pressing: urgency.is_pressing(),
            say: say.into(),
        })
    }
}

fn said(lang: Lang, words: &str) -> String {
    say(lang, words).into_owned()
}

/// What they allowed, said back to them.
fn allowed(lang: Lang, hours: Hours, also_outside: bool) -> String {
    let hours = words_of(hours, lang);
    match (lang, also_outside) {
        (Lang::English, false) => format!("We call only in the hours you chose: {hours}."),
        (Lang::English, true) => {
            format!(
                "You chose {hours}. You said that we may call outside these hours while someone may be in danger."
            )
        }
        (Lang::Spanish, false) => format!("Llamamos solo en las horas que usted eligió: {hours}."),
        (Lang::Spanish, true) => {
            format!(
                "Usted eligió: {hours}. Nos dijo que podemos llamar fuera de esas horas mientras alguien pueda estar en peligro."
            )
        }
    }
}

public!(Start, |_: &Start| "Talk to us".to_owned(), |_: &Start| false, Some("/consultation"));
public!(Question, |q: &Question| q.step.words().to_owned(), |q: &Question| !q.problem.0.is_empty(), None);
public!(
    Check,
    |_: &Check| "Check your answers".to_owned(),
    |c: &Check| !c.problem.0.is_empty() || c.look_again,
    None
);
public!(Done, |_: &Done| "We have your note".to_owned(), |_: &Done| false, None);
