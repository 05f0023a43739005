//! View structs that pages share: what a field, a tag or a fact looks like, without any HTML.

use foundation::Faults;

use crate::form::Typed;

/// Which word of the rail is current.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    MyDay,
    Inbox,
    Appointments,
    Benefits,
    Clients,
    Alumni,
    Mail,
    Dashboards,
    Admin,
    Elsewhere,
}

/// A form field as it is shown again: what was typed and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Name and id.
    pub name: &'static str,
    pub value: String,
    pub fault: Option<String>,
}

impl Field {
    /// The field of a form that was sent, or an empty one.
    pub fn of(name: &'static str, typed: &Typed, faults: &Faults) -> Self {
        Self { name, value: typed.exact(name).to_owned(), fault: faults.of(name).map(str::to_owned) }
    }

    /// Whether this is the chosen value of a choice.
    pub fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

/// One line of the summary on top of a form.
#[derive(Clone, Debug)]
pub struct Fault {
    pub field: String,
    pub words: String,
}

/// The summary on top of a form: empty when nothing is wrong.
#[derive(Clone, Debug, Default)]
pub struct Problem(pub Vec<Fault>);

impl From<&Faults> for Problem {
    fn from(faults: &Faults) -> Self {
        Self(faults.0.iter().map(|f| Fault { field: f.field.clone(), words: f.words.clone() }).collect())
    }
}

/// A state: a mark, a word, a tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// `now`, `urgent`, `soon`, `steady`, `info`, `person`, `plain`, `calm`.
    pub tone: &'static str,
    pub mark: &'static str,
    pub words: &'static str,
}

impl Tag {
    /// A state in its tone, with its shape and its word.
    pub const fn new(tone: &'static str, mark: &'static str, words: &'static str) -> Self {
        Self { tone, mark, words }
    }
    pub const EMERGENCY: Self = Self::new("now", "octagon", "Emergency");
    pub const URGENT: Self = Self::new("urgent", "triangle", "Urgent");
    pub const SAME_DAY: Self = Self::new("soon", "diamond", "Same day");
    pub const ROUTINE: Self = Self::new("steady", "disc", "Routine");
    pub const NOT_ASKED: Self = Self::new("plain", "dashed", "Not asked");
    pub const DONE: Self = Self::new("calm", "check", "Done");
    pub const PARTLY: Self = Self::new("soon", "half", "Partly");
    pub const NOT_ALLOWED: Self = Self::new("now", "crossed", "Not allowed");
    pub const TO_COME: Self = Self::new("plain", "ring", "To come");
}

/// A read-only value with its label. A missing value says which kind of missing it is.
#[derive(Clone, Debug)]
pub struct Fact {
    pub label: &'static str,
    pub value: Option<String>,
    /// What stands there without a value: "Not asked yet", "Declined", "Not known".
    pub missing: &'static str,
}

impl Fact {
    /// A fact that was asked or not.
    pub fn new(label: &'static str, value: Option<String>) -> Self {
        Self { label, value: value.filter(|v| !v.is_empty()), missing: "Not asked yet" }
    }

    /// The person was asked and did not want to say.
    pub const fn declined(label: &'static str) -> Self {
        Self { label, value: None, missing: "Declined" }
    }

    /// Asked, and the person does not know either.
    pub const fn unknown(label: &'static str) -> Self {
        Self { label, value: None, missing: "Not known" }
    }
}
