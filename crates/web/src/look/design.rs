//! The page that shows every piece in every state, with invented people: where the look is checked, by eye and by axe.

use askama::Template;
use axum::response::Response;
use foundation::Act;

use super::pieces::InboxRow;
use super::{
    Answer, Bar, Bars, Due, Entry, Fact, Fault, Field, Line, MapDrawing, MapLabel, MapNode, MapTie, Pager,
    Place, Problem, SafeContact, Stat, Step, StepState, Tab, Tag, Way, Who,
};
use crate::filters;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/admin/design", Access::Staff(Act::ViewSettings), page)
}

async fn page() -> Response {
    show(DesignPage::new())
}

/// Every piece in every state.
#[derive(Template)]
#[template(path = "pages/admin/design.html")]
pub struct DesignPage {
    icons: Vec<&'static str>,
    urgencies: [Tag; 3],
    answers: [Tag; 5],
    dues: [Due; 4],
    people: [Who; 4],
    name: Field,
    phone: Field,
    zone: Field,
    whom: Field,
    safe_now: Field,
    rather_not: Field,
    problem: Problem,
    safe: SafeContact,
    rows: Vec<InboxRow>,
    thread: Vec<Entry>,
    steps: Vec<Step>,
    facts: Vec<Fact>,
    tabs: Vec<Tab>,
    pager: Pager,
    stats: [Stat; 2],
    bars: Bars,
    line: Line,
    map: MapDrawing,
}

impl Page for DesignPage {
    fn title(&self) -> String {
        "The design language".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
}

impl Default for DesignPage {
    fn default() -> Self {
        Self::new()
    }
}

const PHONE_FAULT: &str = "Enter a phone number with all its digits, like 555 0142 617";

impl DesignPage {
    /// The page; it asks nobody anything.
    pub fn new() -> Self {
        let field = |name, value: &str| Field { name, value: value.into(), fault: None };
        Self {
            icons: crate::assets::icons(),
            urgencies: [Tag::URGENT, Tag::SAME_DAY, Tag::ROUTINE],
            answers: [Tag::DONE, Tag::PARTLY, Tag::NOT_ALLOWED, Tag::TO_COME, Tag::NOT_ASKED],
            dues: [Due::left(96, 120), Due::left(3, 15), Due::late(14), Due::paused()],
            people: [
                Who::me("Ana Ruiz"),
                Who::here("Ben Kato", "is reading"),
                Who::owner("Ray Okafor"),
                Who::nobody(),
            ],
            name: field("d-name", "Jo"),
            phone: Field { fault: Some(PHONE_FAULT.into()), ..field("d-phone", "0142 61") },
            zone: field("d-zone", "eastern"),
            whom: field("d-whom", "me"),
            safe_now: field("d-safe", "yes"),
            rather_not: field("d-rather", "yes"),
            problem: Problem(vec![Fault { field: "d-phone".into(), words: PHONE_FAULT.into() }]),
            safe: safe(),
            rows: rows(),
            thread: thread(),
            steps: steps(),
            facts: vec![
                Fact::new("Name used", Some("Nguyễn Thị Hương".into())),
                Fact::new("Last drink", None),
                Fact::declined("Living with"),
                Fact::unknown("Policy number"),
                Fact::new("Seizure before", Some("No".into())),
            ],
            tabs: ["Timeline", "Connections", "Plan", "Check-ins"]
                .map(|words| Tab { href: "#tabs".into(), words, current: words == "Timeline" })
                .into(),
            pager: Pager { newer: Some("#pager".into()), older: Some("#pager".into()) },
            stats: stats(),
            bars: bars(),
            line: line(),
            map: map(),
        }
    }
}

fn safe() -> SafeContact {
    SafeContact {
        heading: "certain hours only".into(),
        say: "Call 555-0142 between 9 and 4 on weekdays. Ask for Jo. Say only “It’s Sam.”".into(),
        ways: vec![
            Way::new("Call", Answer::Yes, Some("weekdays 9 to 4")),
            Way::new("Voicemail", Answer::Never, None),
            Way::new("Text", Answer::OnlyIf, Some("only if urgent")),
            Way::new("E-mail", Answer::NotAsked, None),
        ],
        source: Some("Jo said so on 29 October. Ask again by 29 January.".into()),
    }
}

fn rows() -> Vec<InboxRow> {
    let row = |urgency, washed, name: &str, asks: &str, due, owner, is_here| InboxRow {
        urgency,
        washed,
        href: "#rows".into(),
        name: name.into(),
        for_whom: if is_here { "for her brother".into() } else { String::new() },
        asks: asks.into(),
        icon: "globe",
        channel: "Web form",
        safe: Some(Tag::new("soon", "half", "Certain hours")),
        due,
        age: "waiting 29 min".into(),
        owner,
        is_here,
    };
    let long = "A person whose name is so very long that it cannot be shown in one line without an ellipsis";
    vec![
        row(
            Tag::SAME_DAY,
            true,
            "Teofilo Barrientos-Echeverría",
            "Drinks every day, last drink yesterday evening, shaking a little",
            Due::late(14),
            Who::here("Ben Kato", "is reading"),
            false,
        ),
        row(
            Tag::NOT_ASKED,
            false,
            long,
            "My brother stopped drinking two days ago",
            Due::left(5, 15),
            Who::nobody(),
            true,
        ),
    ]
}

fn thread() -> Vec<Entry> {
    let entry = |tone, icon, what: &str, rest: &str, when: &str| Entry {
        tone,
        icon,
        what: what.into(),
        rest: rest.into(),
        when: when.into(),
        ..Entry::default()
    };
    vec![
        Entry { to_come: true, ..entry("steady", "calendar", "Check-in, day 98", "", "Tuesday") },
        Entry {
            between_people: true,
            quote: Some("I go to the walk now, even when it rains.".into()),
            ..entry("steady", "phone", "Ray and Mari talked", ", 14 minutes", "29 Oct")
        },
        Entry {
            why: Some("Held: she asked for no mail in October.".into()),
            ..entry("info", "mail", "“Thinking of you”", " waits", "16 Oct")
        },
        entry("urgent", "sprout", "Return to use", ", told us herself", "11 Jul"),
    ]
}

fn steps() -> Vec<Step> {
    let step = |state, words, small: &str| Step { state, words, small: small.into() };
    vec![
        step(StepState::Done, "Received", "10:12"),
        step(StepState::At, "Safety", "due 10:27"),
        step(StepState::Later, "Reached", ""),
        step(StepState::Later, "Came in", ""),
    ]
}

fn stats() -> [Stat; 2] {
    [
        Stat {
            count: Some(70),
            of: 81,
            sentence: "people were called within 15 minutes last week. 11 were not;".into(),
            behind: Some(("#stat".into(), "see them".into())),
            definition: "First attempt minus arrival, in the hours the person allows.".into(),
        },
        Stat {
            count: None,
            of: 12,
            sentence: "people were asked how connected they feel. Too few answered to say.".into(),
            behind: None,
            definition: "Shown from five answers on.".into(),
        },
    ]
}

fn bars() -> Bars {
    let bar = |label: &str, count| Bar { label: label.into(), count, behind: None };
    Bars {
        id: "bars-ends",
        question: "How did stays end?".into(),
        answer: "Most people completed; one in five left before completing.".into(),
        unit: "People",
        bars: vec![
            bar("Completed", Some(41)),
            bar("Left before completing", Some(13)),
            bar("Moved to other care", Some(9)),
            bar("Not written down", None),
        ],
        definition: "Stays that ended in the quarter, by the discharge type staff recorded.".into(),
    }
}

fn line() -> Line {
    let point = |label: &str, count| Bar { label: label.into(), count, behind: None };
    Line {
        id: "line-asked",
        question: "How many people asked for help?".into(),
        answer: "About as many as in spring; June was not counted.".into(),
        unit: "People",
        points: vec![
            point("Mar", Some(31)),
            point("Apr", Some(44)),
            point("May", Some(39)),
            point("Jun", None),
            point("Jul", Some(42)),
            point("Aug", Some(47)),
        ],
        definition: "Requests received in the month, by web, phone and referral.".into(),
    }
}

fn map() -> MapDrawing {
    let node = |shape, x, y, in_recovery| MapNode { shape, x, y, in_recovery, harmful: false };
    let tie = |class, path: &str| MapTie { class, path: path.into(), harmful: false };
    let label = |words: &str, x, y, anchor| MapLabel { words: words.into(), x, y, anchor, harmful: false };
    MapDrawing {
        id: "map-mari",
        title: "Mari’s connections, 29 October".into(),
        description: "Four connections drawn around Mari. Everything shown here is also in the table.".into(),
        size: (640.0, 480.0),
        middle: (320.0, 240.0),
        me: "Mari".into(),
        rings: vec![100.0, 150.0, 200.0],
        rays: vec!["M320 196V20".into(), "M358 262 492 340".into(), "M282 262 148 340".into()],
        sectors: vec![
            label("Family and friends · 2", 470.0, 30.0, "start"),
            label("Recovery groups · 1", 320.0, 470.0, "middle"),
            label("Health care · 1", 150.0, 30.0, "end"),
        ],
        ties: vec![
            tie("tie-strong", "M344 218 386 170"),
            tie("tie-stress", "M350 228 372 222 368 212 392 212 388 202 412 202 408 192 432 190"),
            tie("", "M320 274V390"),
            tie("tie-thin", "M294 218 216 150"),
        ],
        nodes: vec![
            node("circle", 395.0, 160.0, true),
            node("circle", 446.0, 186.0, false),
            node("square", 320.0, 400.0, true),
            node("diamond", 206.0, 142.0, false),
        ],
        labels: vec![
            label("Dana", 395.0, 140.0, "middle"),
            label("Brother Luis", 468.0, 192.0, "start"),
            label("Women’s group", 320.0, 436.0, "middle"),
            label("Dr. Park", 206.0, 120.0, "middle"),
        ],
    }
}
