//! The map of connections for the screen of staff: the rules give the places, this gives the names of the style sheet.

use alumni::connections::Line;
use alumni::rules::connection::Nearness;
use alumni::rules::map::{self, Copy, Drawn, Shape, Style};

use crate::look::{MapDrawing, MapLabel, MapNode, MapTie};

/// The places of all ties; those marked unsafe are on this screen alone.
pub(super) fn of(lines: &[&Line]) -> map::Drawing {
    let drawn: Vec<Drawn<'_>> = lines.iter().map(|line| drawn(line)).collect();
    map::draw(&drawn, Copy::Staff)
}

fn drawn(line: &Line) -> Drawn<'_> {
    Drawn {
        label: &line.label,
        category: line.row.category,
        kind: line.row.kind,
        use_status: line.row.use_status,
        tie: line.row.tie,
        nearness: Nearness::parse(&line.row.nearness.to_string()).unwrap_or(Nearness::Close),
        marked_unsafe: line.is_unsafe(),
        may_be_printed: line.row.may_be_printed,
    }
}

/// As the template draws it.
pub(super) fn shown(drawing: &map::Drawing, name: &str) -> MapDrawing {
    let label = |label: &map::Label, harmful| MapLabel {
        words: label.text.clone(),
        x: label.at.x,
        y: label.at.y,
        anchor: label.anchor.as_str(),
        harmful,
    };
    let ray =
        |s: &map::Sector| format!("M{:.1} {:.1}L{:.1} {:.1}", s.ray.0.x, s.ray.0.y, s.ray.1.x, s.ray.1.y);
    let titles = drawing.sectors.iter().flat_map(|s| &s.title.lines).map(|l| label(l, false));
    let more = drawing.sectors.iter().filter_map(|s| s.more.as_ref()).map(|l| label(l, false));
    MapDrawing {
        id: "map",
        title: format!("The connections of {name}"),
        description: drawing.description(name),
        size: (map::WIDTH, map::HEIGHT),
        middle: (map::MIDDLE.x, map::MIDDLE.y),
        me: name.split_whitespace().next().unwrap_or(name).chars().take(9).collect(),
        rings: map::RINGS.to_vec(),
        rays: drawing.sectors.iter().map(ray).collect(),
        sectors: titles.collect(),
        ties: drawing
            .nodes
            .iter()
            .map(|n| MapTie { class: style(n.line.style), path: n.line.path(), harmful: n.marked_unsafe })
            .collect(),
        nodes: drawing
            .nodes
            .iter()
            .map(|n| MapNode {
                shape: shape(n.shape),
                x: n.at.x,
                y: n.at.y,
                in_recovery: n.in_recovery,
                harmful: n.marked_unsafe,
            })
            .collect(),
        labels: drawing.nodes.iter().map(|n| label(&n.label, n.marked_unsafe)).chain(more).collect(),
    }
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Strong => "tie-strong",
        Style::Steady => "",
        Style::Thin => "tie-thin",
        Style::Stressful => "tie-stress",
        Style::Broken => "tie-gray",
    }
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Circle => "circle",
        Shape::Square => "square",
        Shape::Diamond => "diamond",
    }
}
