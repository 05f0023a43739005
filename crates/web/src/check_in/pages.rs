//! The pages of a check-in. They name nobody but by the name someone goes by, and say nothing of care.

use alumni::rules::response::Level;
use askama::Template;
use foundation::center::Center;
use foundation::drafts::Draft;
use foundation::{Error, Faults, PersonId};

use super::steps::{Step, has_used};
use crate::filters;
use crate::house::House;
use crate::look::{Field, Problem};
use crate::page::{Page, Shell};

pub(super) async fn phone(house: &House) -> String {
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
        // No surname, on a screen that others may see.
        let name = name.split_whitespace().next().unwrap_or_default().to_owned();
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
    phone: String,
    /// What they said of an overdose decides what is said of naloxone.
    overdose: bool,
}

impl Question {
    /// `calls` is what is promised to whoever says something grave, where the page speaks of a call.
    pub async fn new(
        house: &House,
        token: &str,
        step: Step,
        draft: &Draft,
        faults: &Faults,
        calls: String,
    ) -> Self {
        let phone = phone(house).await;
        let field = |name: &'static str| Field {
            name,
            value: draft.text(name).to_owned(),
            fault: faults.of(name).map(str::to_owned),
        };
        let back = step.before(draft).map_or(String::new(), |before| format!("/{}", before.as_str()));
        Self {
            token: token.to_owned(),
            step,
            back: format!("/c/{token}{back}"),
            fields: step.fields().iter().map(|name| field(name)).collect(),
            problem: Problem::from(faults),
            calls,
            left: step.time_left(),
            phone,
            overdose: draft.text("overdose") == "yes",
        }
    }

    /// The answers that are pressed.
    fn answers() -> [(&'static str, &'static str); 3] {
        [("yes", "Yes"), ("no", "No"), ("declined", "I’d rather not say")]
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
    /// Whether something grave was said before, which is not thrown away.
    is_heard: bool,
}

impl NotNow {
    pub async fn new(house: &House, token: &str, is_heard: bool) -> Self {
        Self { token: token.to_owned(), phone: phone(house).await, is_heard }
    }
}

/// What happens now.
#[derive(Template)]
#[template(path = "pages/check_in/thanks.html")]
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
pub struct Thanks {
    phone: String,
    red: bool,
    /// When someone calls, as hours and on-call list make true; empty when nothing asks for it.
    calls: String,
    /// Whether answers were written down already, and these stand beside them.
    is_added: bool,
    used: bool,
    overdose: bool,
}

impl Thanks {
    pub async fn new(house: &House, level: Level, calls: String, is_added: bool, draft: &Draft) -> Self {
        Self {
            phone: phone(house).await,
            red: level == Level::Red,
            calls,
            is_added,
            used: has_used(draft),
            overdose: draft.text("overdose") == "yes",
        }
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
