//! What the plan pages show: the task list, one section to write, and the copy as it will be on paper.

use askama::Template;
use consent::consents::{self, ConsentKind};
use foundation::center::Center;
use foundation::{Act, Actor, Error, Faults, may};
use plans::Plan;
use plans::rules::audience::{Audience, sections_under};
use plans::rules::section::SectionKey;
use typeset::{Block, Document, Level, Text, Voice};

use crate::clients::head::Head;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Field, Place, Problem, Tab};
use crate::page::{Page, Shell};

/// A section on the task list.
struct Task {
    number: usize,
    href: String,
    words: &'static str,
    written: bool,
    about: String,
}

/// Someone a consent names, and what they may read of the plan.
struct Named {
    recipient: String,
    parts: String,
}

struct EditionLine {
    number: i32,
    words: &'static str,
    when: String,
    by: String,
}

/// The task list.
#[derive(Template)]
#[template(path = "pages/plan/overview.html")]
pub(super) struct Overview {
    head: Head,
    tabs: Vec<Tab>,
    sentences: Vec<String>,
    core: Vec<Task>,
    more: Vec<Task>,
    core_written: usize,
    more_written: usize,
    named: Vec<Named>,
    editions: Vec<EditionLine>,
    may_finish: bool,
    may_write: bool,
    /// Whether there is anybody to hand their own copy to.
    own_copy: bool,
    problem: Problem,
}

impl Overview {
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        head: Head,
        plan: &Plan,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let (now, zone) = (house.now(), Center::of(house).await?.zone);
        let tasks = |core: bool| -> Vec<Task> {
            let of = plan.sections.iter().enumerate().filter(|(_, s)| s.key.is_core() == core);
            of.map(|(at, s)| task(&head, plan, at + 1, s)).collect()
        };
        let (core, more) = (tasks(true), tasks(false));
        let written = |tasks: &[Task]| tasks.iter().filter(|t| t.written).count();
        let today = house.today(zone);
        let consents = consents::of(house.reader(), head.id).await?;
        let died = head.death.is_some();
        let named = consents.iter().filter(|c| {
            c.kind == ConsentKind::NamedDisclosure && c.is_in_force(today) && (!died || c.outlives())
        });
        let named = named.map(|c| {
            let parts: Vec<&str> = sections_under(&c.scope.0).iter().map(|k| k.words()).collect();
            Named { recipient: c.recipient.clone(), parts: parts.join(", ") }
        });
        let editions = plan.editions.iter().map(|e| EditionLine {
            number: e.number,
            words: e.audience.words(),
            when: when(e.made_at, now, zone),
            by: e.made_by.clone().unwrap_or_default(),
        });
        Ok(Self {
            tabs: head.tabs.clone(),
            sentences: plan.readiness.sentences(),
            core_written: written(&core),
            more_written: written(&more),
            core,
            more,
            named: named.collect(),
            editions: editions.collect(),
            may_finish: may(me, Act::FinishPlan, &head.care),
            may_write: may(me, Act::WritePlan, &head.care) && !died,
            own_copy: !died,
            problem: Problem::from(faults),
            head,
        })
    }
}

fn task(head: &Head, plan: &Plan, number: usize, section: &plans::Section) -> Task {
    let circle = section.key == SectionKey::Network && !plan.circle.is_empty();
    let about = match (circle, section.is_written()) {
        (true, false) => format!("{} connections are on it from the map", plan.circle.len()),
        _ => section.changed_by.as_ref().map_or(String::new(), |by| format!("Written with {by}")),
    };
    Task {
        number,
        href: format!("/clients/{}/plan/{}", head.id, section.key.as_str()),
        words: section.key.words(),
        written: section.is_written() || circle,
        about,
    }
}

/// One section to write.
#[derive(Template)]
#[template(path = "pages/plan/section.html")]
pub(super) struct Writing {
    head: Head,
    tabs: Vec<Tab>,
    key: SectionKey,
    version: i32,
    text: Field,
    /// What is kept, when somebody saved meanwhile.
    theirs: Option<String>,
    circle: bool,
    is_last: bool,
    problem: Problem,
}

impl Writing {
    pub(super) fn new(
        head: Head,
        plan: &Plan,
        key: SectionKey,
        typed: &Typed,
        faults: &Faults,
        stale: bool,
    ) -> Result<Self, Error> {
        let kept = plan.section(key).ok_or(Error::NotFound)?;
        let sent = typed.all().any(|(name, _)| name == "text");
        let field = Field::of("text", typed, faults);
        Ok(Self {
            tabs: head.tabs.clone(),
            key,
            version: kept.version,
            text: if sent { field } else { Field { value: kept.text.clone(), ..field } },
            theirs: stale.then(|| kept.text.clone()),
            circle: key == SectionKey::Network,
            is_last: SectionKey::ALL.last() == Some(&key),
            problem: Problem::from(faults),
            head,
        })
    }
}

/// A block of the paper as the page shows it.
pub(super) enum Piece {
    Heading(u8, String),
    Words(Vec<(bool, String)>),
    Small(Vec<(bool, String)>),
    Items(bool, Vec<Vec<(bool, String)>>),
    Facts(Vec<(String, Vec<(bool, String)>)>),
    Table(Vec<String>, Vec<Vec<Vec<(bool, String)>>>),
    Tick(bool, Vec<(bool, String)>),
    Framed(Vec<Piece>),
    Picture(String),
    /// Room to write by hand on paper.
    Blank,
}

/// The same words as the paper, on the screen.
#[derive(Template)]
#[template(path = "pages/plan/copy.html")]
pub(super) struct Copy {
    head: Head,
    tabs: Vec<Tab>,
    pieces: Vec<Piece>,
}

impl Copy {
    pub(super) fn new(head: Head, document: &Document) -> Self {
        Self { tabs: head.tabs.clone(), pieces: pieces(&document.blocks), head }
    }
}

fn pieces(blocks: &[Block]) -> Vec<Piece> {
    blocks.iter().flat_map(piece).collect()
}

fn piece(block: &Block) -> Vec<Piece> {
    vec![match block {
        Block::Heading { level, text } => Piece::Heading(rank(*level), text.clone()),
        Block::Paragraph(text) => Piece::Words(words(text)),
        Block::Note(text) => Piece::Small(words(text)),
        Block::Bullets(items) => Piece::Items(false, items.iter().map(words).collect()),
        Block::Numbers(items) => Piece::Items(true, items.iter().map(words).collect()),
        Block::Facts(facts) => {
            Piece::Facts(facts.iter().map(|f| (f.name.clone(), words(&f.value))).collect())
        }
        Block::Table(table) => Piece::Table(
            table.columns.iter().map(|c| c.header.clone()).collect(),
            table.rows.iter().map(|row| row.iter().map(words).collect()).collect(),
        ),
        Block::Boxed(blocks) => Piece::Framed(pieces(blocks)),
        Block::CheckBox { ticked, text } => Piece::Tick(*ticked, words(text)),
        Block::Drawing(drawing) => Piece::Picture(drawing.alt.clone()),
        Block::WritingLines(_) => Piece::Blank,
        Block::PageBreak => return Vec::new(),
        Block::Cards(cards) => {
            let framed = cards.iter().map(|card| {
                let lines = card.lines.iter().map(|line| Piece::Words(words(line)));
                Piece::Framed(std::iter::once(Piece::Heading(3, card.title.clone())).chain(lines).collect())
            });
            return framed.collect();
        }
    }]
}

fn rank(level: Level) -> u8 {
    match level {
        Level::One => 1,
        Level::Two => 2,
        Level::Three => 3,
    }
}

/// Words with those in bold marked.
fn words(text: &Text) -> Vec<(bool, String)> {
    text.0.iter().map(|span| (span.voice == Voice::Bold, span.text.clone())).collect()
}

/// The pieces of a frame, rendered by the same template as the page.
#[derive(Template)]
#[template(path = "pages/plan/pieces.html")]
pub(super) struct Pieces<'a> {
    pieces: &'a [Piece],
}

/// For the template, which cannot build a struct.
pub(super) fn framed(pieces: &[Piece]) -> Pieces<'_> {
    Pieces { pieces }
}

/// The title of their own copy.
pub(super) fn own_title() -> &'static str {
    Audience::Own.title()
}

macro_rules! staff {
    ($page:ty, $title:literal, $faults:expr) => {
        impl Page for $page {
            fn title(&self) -> String {
                format!("{} {}", $title, self.head.reference)
            }
            fn shell(&self) -> Shell {
                Shell::Staff(Place::Alumni)
            }
            fn has_faults(&self) -> bool {
                ($faults)(self)
            }
        }
    };
}

staff!(Overview, "Plan", |p: &Overview| !p.problem.0.is_empty());
staff!(Writing, "Plan", |p: &Writing| !p.problem.0.is_empty());
staff!(Copy, "Plan", |_: &Copy| false);
