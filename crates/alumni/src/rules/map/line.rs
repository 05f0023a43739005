//! The line from the person to a node: weight, dots, zigzag or cut say what the tie is like.

use super::{ME, MIDDLE, NODE, Point};
use crate::rules::connection::Tie;

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// 5.5 wide.
    Strong,
    /// 2.25 wide.
    Steady,
    /// Dotted.
    Thin,
    /// A zigzag.
    Stressful,
    /// Cut, with two strokes across the gap.
    Broken,
}

/// Strokes of one tie, each a polyline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub style: Style,
    pub strokes: Vec<Vec<Point>>,
}

impl Line {
    /// The strokes as the path data of an SVG, to a tenth.
    pub fn path(&self) -> String {
        let stroke = |points: &Vec<Point>| {
            let each = points
                .iter()
                .enumerate()
                .map(|(n, p)| format!("{}{:.1} {:.1}", if n == 0 { "M" } else { "L" }, p.x, p.y));
            each.collect::<String>()
        };
        self.strokes.iter().map(stroke).collect()
    }
}

/// The line to a node at `to`, from the edge of the person to just before the node.
pub(super) fn between(to: Point, tie: Tie) -> Line {
    let along = Along::new(to);
    let (start, end) = (ME + 3.0, along.length - NODE - 4.0);
    let (style, strokes) = match tie {
        Tie::Strong => (Style::Strong, vec![vec![along.at(start, 0.0), along.at(end, 0.0)]]),
        Tie::Steady => (Style::Steady, vec![vec![along.at(start, 0.0), along.at(end, 0.0)]]),
        Tie::Thin => (Style::Thin, vec![vec![along.at(start, 0.0), along.at(end, 0.0)]]),
        Tie::Stressful => (Style::Stressful, vec![zigzag(&along, start, end)]),
        Tie::Broken => (Style::Broken, broken(&along, start, end)),
    };
    Line { style, strokes }
}

/// Teeth of even size, with a straight piece at both ends.
fn zigzag(along: &Along, start: f64, end: f64) -> Vec<Point> {
    const TOOTH: f64 = 13.0;
    let mut points = vec![along.at(start, 0.0)];
    let (mut at, mut side) = (start + TOOTH, 6.0);
    while at < end - TOOTH {
        points.push(along.at(at, side));
        at += TOOTH;
        side = -side;
    }
    points.push(along.at(end, 0.0));
    points
}

/// Two halves with a gap between them, and a slanted stroke at each side of the gap.
fn broken(along: &Along, start: f64, end: f64) -> Vec<Vec<Point>> {
    let middle = f64::midpoint(start, end);
    let slash = |at: f64| vec![along.at(at - 3.0, 7.0), along.at(at + 3.0, -7.0)];
    vec![
        vec![along.at(start, 0.0), along.at(middle - 6.0, 0.0)],
        vec![along.at(middle + 6.0, 0.0), along.at(end, 0.0)],
        slash(middle - 6.0),
        slash(middle + 6.0),
    ]
}

/// A direction from the middle.
struct Along {
    x: f64,
    y: f64,
    length: f64,
}

impl Along {
    fn new(to: Point) -> Self {
        let length = MIDDLE.to(to).max(1.0);
        Self { x: (to.x - MIDDLE.x) / length, y: (to.y - MIDDLE.y) / length, length }
    }

    /// `distance` from the middle along it, and `aside` to its right.
    fn at(&self, distance: f64, aside: f64) -> Point {
        Point {
            x: MIDDLE.x + self.x * distance - self.y * aside,
            y: MIDDLE.y + self.y * distance + self.x * aside,
        }
    }
}
