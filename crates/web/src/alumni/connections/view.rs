//! What the map page and the page of one tie show, in their words.

use alumni::connection::EndReason;
use alumni::connections::{ConnectionsPage, Line, Snapshot};
use alumni::rules::indicator::{Reading, Standing, Whom};
use alumni::rules::map;
use askama::Template;
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Faults, Zone, day, may};

use super::drawing;
use super::form::{self, Choice, Choices};
use crate::clients::head::Head;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::{Fact, Field, MapDrawing, Place, Problem, Tab};
use crate::page::{Page, Shell};

/// One part of the indicator.
struct PartLine {
    words: &'static str,
    score: Option<u8>,
    sentence: String,
}

/// A row of the table.
struct Row {
    href: String,
    label: String,
    category: &'static str,
    what: String,
    contact: &'static str,
    tie: &'static str,
    stance: &'static str,
    use_status: &'static str,
    harmful: bool,
    note: Option<String>,
    phone: Option<String>,
}

/// A reading of before.
struct Then {
    on: String,
    band: String,
    sum: String,
}

/// The map of one person and how it reads.
#[derive(Template)]
#[template(path = "pages/alumni/connections.html")]
pub(super) struct Circle {
    head: Head,
    tabs: Vec<Tab>,
    bold: String,
    rest: String,
    map: MapDrawing,
    heading: &'static str,
    based_on: String,
    parts: Vec<PartLine>,
    chips: Vec<&'static str>,
    suggestion: Option<&'static str>,
    rule_version: String,
    rows: Vec<Row>,
    client_view: Option<String>,
    client_view_on: String,
    thens: Vec<Then>,
    may_write: bool,
    fields: Vec<Field>,
    choices: Choices,
    problem: Problem,
    /// Ties that ended: where each is read, what it was, when and why it ended.
    before: Vec<(String, String, String)>,
    /// Whether the form of a new tie is open, because something in it must be put right.
    adding: bool,
}

impl Circle {
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        head: Head,
        page: ConnectionsPage,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let today = house.today(zone);
        let lines: Vec<&Line> = page.categories.iter().flat_map(|(_, lines)| lines).collect();
        let drawing = drawing::of(&lines);
        let (bold, rest) = stands(&lines, &drawing, page.confirmed_on, today);
        let mut fields = form::fields(None, typed, faults);
        for name in ["group_sessions", "ucla3", "client_view"] {
            fields.push(Field::of(name, typed, faults));
        }
        Ok(Self {
            tabs: head.tabs.clone(),
            map: drawing::shown(&drawing, &head.name),
            bold,
            rest,
            heading: page.reading.heading(),
            based_on: page.reading.based_on(),
            parts: parts(&page.reading),
            chips: page.reading.chips.iter().map(|chip| chip.words()).collect(),
            // Nobody is prompted to do something for the circle of someone who died.
            suggestion: page.reading.suggestion().filter(|_| head.death.is_none()),
            rule_version: page.reading.rule_version.clone(),
            rows: lines.iter().map(|line| row(&head, line)).collect(),
            client_view_on: page.client_view.as_ref().and_then(|(_, on)| *on).map(long).unwrap_or_default(),
            client_view: page.client_view.map(|(words, _)| words),
            thens: thens(&page.snapshots),
            may_write: may(me, Act::RecordConnection, &head.care) && head.death.is_none(),
            before: page.before.iter().map(|line| before(&head, line, zone)).collect(),
            adding: typed.all().any(|(name, _)| name == "label"),
            fields,
            choices: Choices::new(),
            problem: Problem::from(faults),
            head,
        })
    }

    fn field(&self, name: &str) -> &Field {
        field(&self.fields, name)
    }
}

fn field<'a>(fields: &'a [Field], name: &str) -> &'a Field {
    static NONE: Field = Field { name: "", value: String::new(), fault: None };
    fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
}

fn long(day: Day) -> String {
    day.format("%-d %B %Y").to_string()
}

fn stands(
    lines: &[&Line],
    drawing: &map::Drawing,
    confirmed_on: Option<Day>,
    today: Day,
) -> (String, String) {
    let bold = match (drawing.count, drawing.kinds) {
        (0, _) => "Nobody is on the map yet.".to_owned(),
        (1, _) => "One connection.".to_owned(),
        (n, 1) => format!("{n} connections of one kind."),
        (n, kinds) => format!("{n} connections of {kinds} of the seven kinds."),
    };
    let gone_through = match confirmed_on.map(|on| (today - on).num_days()) {
        None => "The map was not gone through together yet.".to_owned(),
        Some(0) => "Gone through together today.".to_owned(),
        Some(1) => "Gone through together yesterday.".to_owned(),
        Some(days) => format!("Gone through together {days} days ago."),
    };
    let harmful = lines.iter().filter(|line| line.is_unsafe()).count();
    let harm = match harmful {
        0 => String::new(),
        1 => " One tie is marked unsafe: it is in no count and on no paper.".into(),
        n => format!(" {n} ties are marked unsafe: they are in no count and on no paper."),
    };
    (bold, gone_through + &harm)
}

fn parts(reading: &Reading) -> Vec<PartLine> {
    if reading.standing == Standing::NotAsked {
        return Vec::new();
    }
    reading
        .parts
        .iter()
        .map(|scored| PartLine {
            words: scored.part.words(),
            score: scored.score,
            sentence: scored.part.sentence(&reading.counts, Whom::Them),
        })
        .collect()
}

fn row(head: &Head, line: &Line) -> Row {
    let sub = line.row.sub_code.as_deref().and_then(alumni::rules::connection::SubCode::parse);
    let what = match sub {
        Some(sub) => format!("{}, {}", line.row.kind.words(), sub.words()),
        None => line.row.kind.words().to_owned(),
    };
    Row {
        href: format!("/clients/{}/connections/{}", head.id, line.row.id),
        label: line.label.clone(),
        category: line.row.category.words(),
        what,
        contact: line.row.contact.words(),
        tie: line.row.tie.words(),
        stance: line.row.stance.words(),
        use_status: line.row.use_status.words(),
        harmful: line.is_unsafe(),
        note: line.note.clone(),
        phone: line.phone.clone(),
    }
}

/// "Ended Nov 20, 2026: lost touch."
fn ended(line: &Line, zone: Zone) -> Option<String> {
    let on = day(line.row.ended_at?, zone).format("%b %-d, %Y").to_string();
    let why = line.row.end_reason.map(|reason| format!(": {}", reason.words())).unwrap_or_default();
    Some(format!("Ended {on}{why}."))
}

fn before(head: &Head, line: &Line, zone: Zone) -> (String, String, String) {
    let href = format!("/clients/{}/connections/{}", head.id, line.row.id);
    (href, line.label.clone(), ended(line, zone).unwrap_or_default())
}

/// The last reading of each day, newest first: edits of one sitting are one change.
fn thens(snapshots: &[Snapshot]) -> Vec<Then> {
    let mut days: Vec<&Snapshot> = Vec::new();
    for snapshot in snapshots {
        if days.last().is_none_or(|last| last.taken_on != snapshot.taken_on) {
            days.push(snapshot);
        }
    }
    let then = |snapshot: &&Snapshot| {
        let reading: Reading = serde_json::from_value(snapshot.result.clone()).ok()?;
        Some(Then { on: long(snapshot.taken_on), band: reading.heading().into(), sum: reading.based_on() })
    };
    days.iter().filter_map(then).take(6).collect()
}

/// One tie, to change, mark or end.
#[derive(Template)]
#[template(path = "pages/alumni/tie.html")]
pub(super) struct Tied {
    head: Head,
    tabs: Vec<Tab>,
    href: String,
    label: String,
    harmful: bool,
    /// When and why it ended: then it is only read.
    ended: Option<String>,
    facts: Vec<Fact>,
    version: i32,
    fields: Vec<Field>,
    choices: Choices,
    reasons: Vec<Choice>,
    problem: Problem,
    may_write: bool,
}

impl Tied {
    pub(super) fn new(
        (me, zone): (&Actor, Zone),
        head: Head,
        line: &Line,
        typed: &Typed,
        faults: &Faults,
    ) -> Self {
        let ended = ended(line, zone);
        let mut fields = form::fields(Some(line), typed, faults);
        fields.push(Field::of("reason", typed, faults));
        Self {
            tabs: head.tabs.clone(),
            href: format!("/clients/{}/connections/{}", head.id, line.row.id),
            label: line.label.clone(),
            harmful: line.is_unsafe(),
            version: line.row.version,
            fields,
            choices: Choices::new(),
            reasons: EndReason::ALL.iter().map(|r| (r.as_str(), r.words())).collect(),
            problem: Problem::from(faults),
            may_write: may(me, Act::ChangeConnection, &head.care) && ended.is_none() && head.death.is_none(),
            facts: facts(line),
            ended,
            head,
        }
    }

    fn field(&self, name: &str) -> &Field {
        field(&self.fields, name)
    }
}

/// What was written down of a tie, to be read.
fn facts(line: &Line) -> Vec<Fact> {
    vec![
        Fact::new("Kind of connection", Some(line.row.category.words().to_owned())),
        Fact::new("In touch", Some(line.row.contact.words().to_owned())),
        Fact::new("How it is", Some(line.row.tie.words().to_owned())),
        Fact::new("For recovery", Some(line.row.stance.words().to_owned())),
        Fact::new("Their own use", Some(line.row.use_status.words().to_owned())),
        Fact::new("Note", line.note.clone()),
    ]
}

impl Page for Circle {
    fn title(&self) -> String {
        format!("Connections {}", self.head.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Alumni)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

impl Page for Tied {
    fn title(&self) -> String {
        format!("Connection {}", self.head.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Alumni)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
