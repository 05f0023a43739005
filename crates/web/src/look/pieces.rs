//! View structs of the pieces that show people and time: who is here, how to reach someone, what is due, what was.

use super::views::Tag;

/// Who else is here, or whose it is. Initials and words, no faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// `who-me`, `who-here`, `who-none`, or nothing for someone else.
    pub class: &'static str,
    pub initials: String,
    pub words: String,
}

impl Who {
    /// The person looking at the page.
    pub fn me(name: &str) -> Self {
        Self { class: "who-me", initials: super::initials(name), words: "You".into() }
    }
    /// Someone who is at it now: "Ben is reading".
    pub fn here(name: &str, does: &str) -> Self {
        Self { class: "who-here", initials: super::initials(name), words: format!("{name} {does}") }
    }
    /// The one whose it is.
    pub fn owner(name: &str) -> Self {
        Self { class: "", initials: super::initials(name), words: name.into() }
    }
    /// Nobody has taken it.
    pub fn nobody() -> Self {
        Self { class: "who-none", initials: "–".into(), words: "Nobody yet".into() }
    }
}

/// Time left, as a pie that empties and as words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub tone: &'static str,
    /// Length of the drawn part on a circle of circumference 15.7; `None` draws the octagon's sister, "late".
    pub dash: Option<String>,
    pub words: String,
}

impl Due {
    /// Minutes left of so many; a quarter or less is `soon`.
    pub fn left(minutes: u32, of: u32) -> Self {
        let share = f64::from(minutes.min(of)) / f64::from(of.max(1));
        let tone = if share <= 0.25 { "soon" } else { "plain" };
        Self { tone, dash: Some(format!("{:.1}", share * 15.7)), words: format!("{} left", span(minutes)) }
    }
    /// So many minutes over.
    pub fn late(minutes: u32) -> Self {
        Self { tone: "now", dash: None, words: format!("Late {}", span(minutes)) }
    }
    /// Waiting on somebody else: the clock stands.
    pub fn paused() -> Self {
        Self { tone: "plain", dash: Some("0.0".into()), words: "Clock paused".into() }
    }
}

/// Minutes as people say them: "14 min", "1 h 36 min", "3 days".
fn span(minutes: u32) -> String {
    match (minutes / 1440, minutes / 60, minutes % 60) {
        (2.., ..) => format!("{} days", minutes / 1440),
        (_, 0, m) => format!("{m} min"),
        (_, h, 0) => format!("{h} h"),
        (_, h, m) => format!("{h} h {m} min"),
    }
}

/// What a person answered for one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    Never,
    OnlyIf,
    NotAsked,
}

/// One channel of the safe-contact card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub class: &'static str,
    pub mark: &'static str,
    pub channel: &'static str,
    pub words: String,
}

impl Way {
    /// A channel and its answer; words such as "weekdays 9 to 4" replace the plain ones.
    pub fn new(channel: &'static str, answer: Answer, words: Option<&str>) -> Self {
        let (class, mark, plain) = match answer {
            Answer::Yes => ("ok", "check", "yes"),
            Answer::Never => ("no", "crossed", "never"),
            Answer::OnlyIf => ("some", "half", "only if"),
            Answer::NotAsked => ("unk", "dashed", "not asked yet"),
        };
        Self { class, mark, channel, words: words.unwrap_or(plain).to_owned() }
    }
}

/// The safe-contact card of every page of a person. It never collapses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeContact {
    /// Like "certain hours only".
    pub heading: String,
    /// The words to act by and to say.
    pub say: String,
    pub ways: Vec<Way>,
    /// Who said so and when to ask again.
    pub source: Option<String>,
}

/// A knot of the thread: filled for what happened between people, a ring for the house and paper, dashed to come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub tone: &'static str,
    pub icon: &'static str,
    pub between_people: bool,
    pub to_come: bool,
    /// What happened, in bold.
    pub what: String,
    /// How it goes on after the bold words; begins with its own punctuation.
    pub rest: String,
    pub when: String,
    /// The person's own words.
    pub quote: Option<String>,
    /// Why it waits or was held.
    pub why: Option<String>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Done,
    At,
    Later,
}

/// One step of a request's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub state: StepState,
    pub words: &'static str,
    /// What was done, or what is due.
    pub small: String,
}

impl Step {
    /// The class of the style sheet.
    pub fn class(&self) -> &'static str {
        match self.state {
            StepState::Done => "",
            StepState::At => "at",
            StepState::Later => "later",
        }
    }
    /// The same for the ear.
    pub fn aloud(&self) -> &'static str {
        match self.state {
            StepState::Done => "done",
            StepState::At => "now",
            StepState::Later => "to come",
        }
    }
}

/// A part of a record, with its own address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub href: String,
    pub words: &'static str,
    pub current: bool,
}

/// Newer and older pages of a list read by keyset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// A row of the design page's inbox and of the real one: urgency, name, ask, channel, safe contact, clock, owner.
#[derive(Clone, Debug)]
pub struct InboxRow {
    pub urgency: Tag,
    pub washed: bool,
    pub href: String,
    pub name: String,
    pub for_whom: String,
    pub asks: String,
    pub icon: &'static str,
    pub channel: &'static str,
    pub safe: Option<Tag>,
    pub due: Due,
    pub age: String,
    pub owner: Who,
    pub is_here: bool,
}
