//! The pages of a check-in. They name nobody but by the name someone goes by, and say nothing of care.

use alumni::rules::response::Level;
use askama::Template;
use foundation::center::Center;
use foundation::drafts::Draft;
use foundation::{Error, Faults, PersonId};

use super::Step;
use crate::filters;
use crate::house::House;
use crate::look::{Field, Problem};
use crate::page::{Page, Shell};

async fn phone(house: &House) -> String {
    Center::of(house).await.map(|c| c.neutral_phone.clone()).unwrap_or_default()
}

/// The first page: who writes, how long it takes, that nothing is sent by opening it.
#[derive(Template)]
#[template(path = "pages/check_in/hello.html")]
pub struct Hello {
    name: String,
    phone: String,
}

impl Hello {
    pub async fn new(house: &House, person: PersonId) -> Result<Self, Error> {
        let name = clients::person::name_of(house.reader(), person).await?;
        Ok(Self { name, phone: phone(house).await })
    }
}

/// One question.
#[derive(Template)]
#[template(path = "pages/check_in/question.html")]
pub struct Question {
    token: String,
    step: Step,
    back: String,
    fields: Vec<Field>,
    problem: Problem,
    left: &'static str,
    calls: String,
}

impl Question {
    /// `calls` is what is promised to whoever says something grave, where the page speaks of a call.
    pub fn new(token: &str, step: Step, draft: &Draft, faults: &Faults, calls: String) -> Self {
        let field = |name: &'static str| Field {
            name,
            value: draft.text(name).to_owned(),
            fault: faults.of(name).map(str::to_owned),
        };
        let back = step.before(draft).map_or(String::new(), |before| format!("/{}", before.as_str()));
        let here = Step::ALL.iter().position(|s| *s == step).unwrap_or(0);
        Self {
            token: token.to_owned(),
            step,
            back: format!("/c/{token}{back}"),
            fields: step.fields().iter().map(|name| field(name)).collect(),
            problem: Problem::from(faults),
            calls,
            left: match here {
                0..=4 => "About 3 minutes left.",
                5..=7 => "About 2 minutes left.",
                8..=10 => "About a minute left.",
                _ => "Almost done.",
            },
        }
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

/// Not a good moment: the link stays good.
#[derive(Template)]
#[template(path = "pages/check_in/not_now.html")]
pub struct NotNow {
    token: String,
    phone: String,
}

impl NotNow {
    pub async fn new(house: &House, token: &str) -> Self {
        Self { token: token.to_owned(), phone: phone(house).await }
    }
}

/// What happens now.
#[derive(Template)]
#[template(path = "pages/check_in/thanks.html")]
pub struct Thanks {
    phone: String,
    red: bool,
    /// When someone calls, as hours and on-call list make true; empty when nothing asks for it.
    calls: String,
    /// Whether the answers were written down; else others of theirs were there already.
    kept: bool,
}

impl Thanks {
    pub async fn new(house: &House, level: Level, calls: String, kept: bool) -> Self {
        Self { phone: phone(house).await, red: level == Level::Red, calls, kept }
    }
}

/// A link that opens nothing: wrong, used and too old are one answer.
#[derive(Template)]
#[template(path = "pages/check_in/closed.html")]
pub struct Closed {
    phone: String,
}

impl Closed {
    pub async fn new(house: &House) -> Self {
        Self { phone: phone(house).await }
    }
}

/// Says the shell of these pages; the titles say nothing.
macro_rules! private {
    ($page:ty) => {
        impl Page for $page {
            fn title(&self) -> String {
                "A few questions".into()
            }
            fn shell(&self) -> Shell {
                Shell::Public { leave: true }
            }
        }
    };
}

private!(Hello);
private!(NotNow);
private!(Thanks);
private!(Closed);

impl Page for Question {
    fn title(&self) -> String {
        "A few questions".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
