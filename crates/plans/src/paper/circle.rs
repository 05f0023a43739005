//! The circle on paper: the map as a drawing, and the same as a table for those who do not see it.

use alumni::rules::connection::Category;
use alumni::rules::map::{self, Label, ME, MIDDLE, NODE, Node, RINGS, Style};
use typeset::{Anchor, Block, Column, Dash, Drawing, Fill, Point, Shape, Table, Text, Tone, Voice};

use crate::plan::{Plan, Tied};
use crate::rules::audience::Audience;

/// Letters in the drawing, in points on paper.
const LETTERS: f32 = 9.5;

/// The map, what its lines mean, and the table.
pub(super) fn blocks(plan: &Plan, audience: Audience) -> Vec<Block> {
    let meaning = "Thick line: strong. Dots: thin. Zigzag: stressful. Cut: broken off.";
    let meaning =
        if audience == Audience::Own { format!("{meaning} Filled: in recovery.") } else { meaning.into() };
    vec![
        Block::Drawing(drawing(&plan.map(audience), &plan.name, audience)),
        Block::Note(meaning.into()),
        Block::Table(table(plan, audience)),
    ]
}

/// Every category in the order of the house; on the own copy an empty one asks what to try.
fn table(plan: &Plan, audience: Audience) -> Table {
    let columns = vec![Column::new("Kind", 0.34), Column::new("Who", 0.4), Column::new("Any time?", 0.26)];
    let mut rows = Vec::new();
    for category in Category::ALL.iter().copied() {
        let mut ties = plan.rows(audience).filter(|tied| tied.category == category).peekable();
        if ties.peek().is_none() && audience == Audience::Own {
            rows.push(vec![category.words().into(), "One I would like to try: ____".into()]);
        }
        rows.extend(ties.map(row));
    }
    Table { columns, rows }
}

fn row(tied: &Tied) -> Vec<Text> {
    vec![tied.category.words().into(), tied.label.as_str().into(), tied.reach_any_time.words().into()]
}

fn drawing(map: &map::Drawing, name: &str, audience: Audience) -> Drawing {
    let mut shapes: Vec<Shape> = RINGS
        .iter()
        .map(|radius| Shape::Circle {
            center: point(MIDDLE),
            radius: small(*radius),
            fill: edge(None, Tone::Line, 0.5),
        })
        .collect();
    for sector in &map.sectors {
        shapes.push(line(sector.ray.0, sector.ray.1, 0.4, Tone::Line, Dash::Solid));
        // To others a kind without anyone would say that somebody was left out, and what kind of people they know.
        if sector.count == 0 && audience != Audience::Own {
            continue;
        }
        shapes.extend(sector.title.lines.iter().map(|title| label(title, Voice::Bold, Tone::Ink)));
        shapes.extend(sector.more.iter().map(|more| label(more, Voice::Plain, Tone::Quiet)));
    }
    shapes.extend(map.ring_names.iter().map(|ring| label(ring, Voice::Plain, Tone::Quiet)));
    for node in &map.nodes {
        shapes.extend(ties(node));
        shapes.push(shape(node));
        shapes.push(label(&node.label, Voice::Plain, Tone::Ink));
    }
    shapes.push(Shape::Circle {
        center: point(MIDDLE),
        radius: small(ME),
        fill: edge(Some(Tone::Paper), Tone::Ink, 1.5),
    });
    let me = Label {
        text: "me".into(),
        at: map::Point { y: MIDDLE.y + 6.0, ..MIDDLE },
        anchor: map::Anchor::Middle,
    };
    shapes.push(label(&me, Voice::Bold, Tone::Ink));
    Drawing { alt: map.description(name), width: small(map::WIDTH), height: small(map::HEIGHT), shapes }
}

fn ties(node: &Node) -> Vec<Shape> {
    let (thickness, dash) = match node.line.style {
        Style::Strong => (3.0, Dash::Solid),
        Style::Thin => (1.0, Dash::Dotted),
        Style::Steady | Style::Stressful | Style::Broken => (1.2, Dash::Solid),
    };
    let pairs = node.line.strokes.iter().flat_map(|stroke| stroke.iter().zip(stroke.iter().skip(1)));
    pairs.map(|(from, to)| line(*from, *to, thickness, Tone::Accent, dash)).collect()
}

fn shape(node: &Node) -> Shape {
    let inside = if node.in_recovery { Tone::Accent } else { Tone::Paper };
    let (center, half, fill) = (point(node.at), small(NODE), edge(Some(inside), Tone::Ink, 1.2));
    match node.shape {
        map::Shape::Circle => Shape::Circle { center, radius: half, fill },
        map::Shape::Square => Shape::Square { center, half, fill },
        map::Shape::Diamond => Shape::Diamond { center, half, fill },
    }
}

fn label(label: &Label, voice: Voice, tone: Tone) -> Shape {
    let anchor = match label.anchor {
        map::Anchor::Start => Anchor::Start,
        map::Anchor::Middle => Anchor::Middle,
        map::Anchor::End => Anchor::End,
    };
    Shape::Label { at: point(label.at), anchor, text: label.text.clone(), voice, size: LETTERS, tone }
}

fn line(from: map::Point, to: map::Point, thickness: f32, tone: Tone, dash: Dash) -> Shape {
    Shape::Line { from: point(from), to: point(to), thickness, tone, dash }
}

fn edge(inside: Option<Tone>, edge: Tone, thickness: f32) -> Fill {
    Fill { inside, edge, thickness }
}

fn point(at: map::Point) -> Point {
    Point::new(small(at.x), small(at.y))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "places in a drawing of 920 by 720 are exact enough in f32"
)]
fn small(number: f64) -> f32 {
    number as f32
}
