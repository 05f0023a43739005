//! What the waitlist and the page of one place show, in the words of the page.

use std::collections::HashMap;

use askama::Template;
use clients::episode::LevelOfCare;
use foundation::{Faults, Instant, Zone};
use intake::rules::standing::long;
use intake::rules::waitlist::{Class, Interim, WhyLeft};
use intake::waitlist::list::{Row, sentence};
use intake::waitlist::{Details, Page as Read, Wait};

use crate::differing::{Differs, differing};
use crate::filters;
use crate::form::Typed;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tag};
use crate::page::{Page, Shell};

/// Everyone who waits for one level of care.
struct Group {
    level: &'static str,
    expected: String,
    rows: Vec<Line>,
}

struct Line {
    reference: String,
    name: String,
    urgency: Tag,
    why: String,
    from: String,
    help: Option<Tag>,
    due: String,
    due_tone: &'static str,
    age: String,
    place: usize,
}

#[derive(Template)]
#[template(path = "pages/waitlist/list.html")]
pub(super) struct ListPage {
    bold: String,
    rest: String,
    groups: Vec<Group>,
}

impl ListPage {
    pub(super) fn new(
        rows: Vec<Row>,
        took: &HashMap<LevelOfCare, (i64, usize)>,
        now: Instant,
        zone: Zone,
    ) -> Self {
        let (bold, rest) = sentence(&rows, now);
        let mut groups: Vec<Group> = Vec::new();
        for row in rows {
            let (level, line) = (row.level, Line::new(row, now, zone));
            match groups.last_mut() {
                Some(group) if group.level == level.words() => group.rows.push(line),
                _ => groups.push(Group {
                    level: level.words(),
                    expected: expected(took.get(&level).copied()),
                    rows: vec![line],
                }),
            }
        }
        Self { bold, rest, groups }
    }
}

impl Line {
    fn new(row: Row, now: Instant, zone: Zone) -> Self {
        let due = row.contact_due();
        let (due, due_tone) = if due <= now {
            (format!("Late {}", long(due, now)), "now")
        } else {
            (format!("Call by {}", due.with_timezone(&zone).format("%-d %b")), "plain")
        };
        Self {
            name: clients::person::shown(&row.name),
            urgency: Tag::new(row.urgency.tone(), row.urgency.mark(), row.urgency.words()),
            from: row.earliest_on.map(|day| format!("from {}", day.format("%-d %b"))).unwrap_or_default(),
            help: row.help_due().map(|at| {
                if at <= now {
                    Tag::new("now", "late", "Help is late")
                } else {
                    Tag::new("soon", "half", "Help owed")
                }
            }),
            due,
            due_tone,
            age: format!("waits {}", long(row.added_at, now)),
            place: row.place,
            why: row.why,
            reference: row.reference,
        }
    }
}

/// How long it took lately, or that nobody can say.
fn expected(took: Option<(i64, usize)>) -> String {
    match took {
        None => "How long it takes is not known: nobody came in from this list in 90 days.".into(),
        Some((days, 1)) => format!("It took {} for the one person of the last 90 days.", count(days)),
        Some((days, of)) => {
            format!("It took {} for half of the {of} people of the last 90 days, or less.", count(days))
        }
    }
}

fn count(days: i64) -> String {
    if days == 1 { "1 day".into() } else { format!("{days} days") }
}

impl Page for ListPage {
    fn title(&self) -> String {
        "Waitlist".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
}

#[derive(Template)]
#[template(path = "pages/waitlist/place.html")]
pub(super) struct PlacePage {
    reference: String,
    name: String,
    stands: String,
    open: bool,
    waits: bool,
    version: i32,
    facts: Vec<Fact>,
    owed: Option<String>,
    expected: String,
    declined: Vec<(String, String)>,
    interim: Vec<&'static str>,
    /// What a colleague put right meanwhile.
    theirs: Vec<Differs>,
    changing: bool,
    fields: Vec<Field>,
    problem: Problem,
}

impl PlacePage {
    pub(super) fn new(read: Read, typed: &Typed, faults: &Faults, now: Instant, zone: Zone) -> Self {
        let Read { request, name, wait, list, expected: took } = read;
        let row = wait.as_ref().and_then(|(wait, _)| list.iter().find(|row| row.id == wait.id));
        let details = wait.as_ref().map(|(_, details)| details.clone()).unwrap_or_default();
        let stands = match (row, request.is_open()) {
            (Some(row), _) => format!("Place {} of {}. {}", row.place, list.len(), row.why),
            (None, true) => "They are not on the waitlist.".into(),
            (None, false) => "This request is closed, so nobody waits.".into(),
        };
        Self {
            stands,
            open: request.is_open(),
            waits: wait.is_some(),
            version: wait.as_ref().map_or(0, |(wait, _)| wait.version),
            facts: row.map(|row| facts(row, &details, now, zone)).unwrap_or_default(),
            owed: row.and_then(|row| owed(row, now, zone)),
            expected: expected(took),
            declined: details
                .declined
                .iter()
                .map(|no| (when(no.at, now, zone), no.because.clone()))
                .collect(),
            interim: ticked(typed, &details),
            theirs: theirs(wait.as_ref(), typed, faults),
            changing: ["wish", "level", "earliest_on", "contact_days"]
                .iter()
                .any(|name| faults.of(name).is_some()),
            fields: fields(wait.as_ref(), typed, faults),
            problem: Problem::from(faults),
            reference: request.reference,
            name,
        }
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }

    fn is_ticked(&self, interim: &str) -> bool {
        self.interim.contains(&interim)
    }
}

fn facts(row: &Row, details: &Details, now: Instant, zone: Zone) -> Vec<Fact> {
    let interim: Vec<&str> = details.interim.iter().map(|one| one.words()).collect();
    let none = Fact { label: "Help meanwhile", value: None, missing: "None yet" };
    let days = row.contact_days;
    let every = if days == 1 { "every day".to_owned() } else { format!("every {days} days") };
    let by = format!("{every}, next by {}", when(row.contact_due(), now, zone));
    vec![
        Fact::new("Level of care", Some(row.level.words().into())),
        Fact::new("On the list since", Some(when(row.added_at, now, zone))),
        Fact {
            label: "Comes first because",
            value: (details.class != Class::NotAsked).then(|| details.class.words().to_owned()),
            missing: Class::NotAsked.words(),
        },
        if interim.is_empty() { none } else { Fact::new("Help meanwhile", Some(interim.join("; "))) },
        Fact::new("Can come from", row.earliest_on.map(|day| day.format("%-d %B %Y").to_string())),
        Fact::new("In touch", Some(by)),
    ]
}

/// What is owed to someone of a class that comes first.
fn owed(row: &Row, now: Instant, zone: Zone) -> Option<String> {
    let helped = !row.details.interim.is_empty();
    let place = match row.details.class.place_within(helped)? {
        0 => "A place at once.".to_owned(),
        days => {
            format!(
                "A place within {days} days, by {}.",
                when(row.added_at + chrono::TimeDelta::days(days), now, zone)
            )
        }
    };
    let help =
        row.help_due().map(|at| format!(" Until then, help within 48 hours, by {}.", when(at, now, zone)));
    Some(format!("{place}{}", help.unwrap_or_default()))
}

fn ticked(typed: &Typed, details: &Details) -> Vec<&'static str> {
    let sent = typed.all().any(|(name, _)| name == "level");
    let is_on = |one: &Interim| {
        if sent {
            typed.many("interim[]").any(|typed| typed == one.as_str())
        } else {
            details.interim.contains(one)
        }
    };
    Interim::ALL.iter().filter(|one| is_on(one)).map(|one| one.as_str()).collect()
}

/// A field as it is kept.
fn kept(wait: Option<&(Wait, Details)>, name: &str) -> String {
    match (name, wait) {
        ("level", Some((wait, _))) => wait.level.to_string(),
        ("class", Some((_, details))) => details.class.to_string(),
        ("earliest_on", Some((wait, _))) => wait.earliest_on.map(|day| day.to_string()).unwrap_or_default(),
        ("contact_days", Some((wait, _))) => wait.contact_days.to_string(),
        ("contact_days", None) => "7".into(),
        _ => String::new(),
    }
}

/// The place as it stands now beside what was typed, after a save that came too late.
fn theirs(wait: Option<&(Wait, Details)>, typed: &Typed, faults: &Faults) -> Vec<Differs> {
    if faults.of("wish").is_none() {
        return Vec::new();
    }
    let labels = [
        ("level", "Level of care they wait for"),
        ("class", "Do they come first by law?"),
        ("earliest_on", "Can come from"),
        ("contact_days", "In touch every so many days"),
    ];
    let help = wait.map(|(_, details)| details.interim.iter().map(|one| one.as_str()).collect::<Vec<_>>());
    let help = ("interim[]".to_owned(), "Help while they wait", help.unwrap_or_default().join(","));
    let now = labels.map(|(name, label)| (name.to_owned(), label, kept(wait, name)));
    differing(typed, now.into_iter().chain([help]), |name, value| {
        let words = match name {
            "level" => LevelOfCare::parse(value).map(LevelOfCare::words),
            "class" => Class::parse(value).map(Class::words),
            "interim[]" => Interim::parse(value).map(Interim::words),
            _ => None,
        };
        words.unwrap_or(value).to_owned()
    })
}

/// Every field: as it was sent, or as it is kept.
fn fields(wait: Option<&(Wait, Details)>, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let names = ["wish", "level", "class", "earliest_on", "contact_days", "because", "why_left"];
    let field = |name: &'static str| {
        let field = Field::of(name, typed, faults);
        let sent = typed.all().any(|(one, _)| one == name);
        if sent { field } else { Field { value: kept(wait, name), ..field } }
    };
    names.into_iter().map(field).collect()
}

/// The choices of a field, as stored and as read.
type Choices = Vec<(&'static str, &'static str)>;

fn levels() -> Choices {
    LevelOfCare::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

fn classes() -> Choices {
    Class::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

fn whys() -> Choices {
    WhyLeft::choosable().map(|one| (one.as_str(), one.words())).collect()
}

impl Page for PlacePage {
    fn title(&self) -> String {
        format!("Waitlist {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
