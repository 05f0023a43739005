//! Where the words stand: titles outside the rings, labels outside their node, each at the place where it covers least.

use super::placing::{Layout, Spread};
use super::{HEIGHT, ME, MIDDLE, NODE, Point, RINGS, WIDTH};
use crate::rules::connection::Nearness;

/// Width of an average letter and height of a line at 17.5 px, in units of the drawing.
const LETTER: f64 = 8.6;
const LINE: f64 = 19.0;
/// Longer names are cut in the drawing; the table has them whole.
const LONGEST: usize = 22;

/// How a text hangs on its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// The value of SVG's `text-anchor`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A line of text with the point of its baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub text: String,
    pub at: Point,
    pub anchor: Anchor,
}

/// The name and count of a sector, in one or two lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Title {
    pub lines: Vec<Label>,
}

/// A box that is taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn covers(&self, other: &Self) -> f64 {
        let wide = self.right.min(other.right) - self.left.max(other.left);
        let high = self.bottom.min(other.bottom) - self.top.max(other.top);
        if wide > 0.0 && high > 0.0 { wide * high } else { 0.0 }
    }

    fn around(at: Point, radius: f64) -> Self {
        Self { left: at.x - radius, top: at.y - radius, right: at.x + radius, bottom: at.y + radius }
    }

    /// How much of it lies outside the drawing.
    pub(super) fn outside(&self) -> f64 {
        let over = (-self.left).max(0.0) + (self.right - WIDTH).max(0.0);
        over + (-self.top).max(0.0) + (self.bottom - HEIGHT).max(0.0)
    }
}

impl Label {
    fn new(text: String, at: Point, anchor: Anchor) -> Self {
        Self { text, at, anchor }
    }

    /// The box its letters take, estimated.
    pub(super) fn area(&self) -> Area {
        let letters = u32::try_from(self.text.chars().count()).unwrap_or(u32::MAX);
        let wide = f64::from(letters) * LETTER;
        let left = match self.anchor {
            Anchor::Start => self.at.x,
            Anchor::Middle => self.at.x - wide / 2.0,
            Anchor::End => self.at.x - wide,
        };
        Area { left, top: self.at.y - LINE * 0.78, right: left + wide, bottom: self.at.y + LINE * 0.22 }
    }

    /// Whether two labels cover each other.
    pub fn touches(&self, other: &Self) -> bool {
        self.area().covers(&other.area()) > 0.0
    }
}

/// What is taken so far.
pub(super) struct Room {
    nodes: Vec<Area>,
    words: Vec<Area>,
}

impl Room {
    /// The person, every node and every title are there before any label.
    pub(super) fn around(layout: &Layout<'_>) -> Self {
        let mut nodes: Vec<Area> =
            layout.nodes.iter().map(|node| Area::around(node.at, NODE + 1.0)).collect();
        nodes.push(Area::around(MIDDLE, ME));
        let titles = layout.sectors.iter().flat_map(|sector| title(sector).lines);
        Self { nodes, words: titles.map(|line| line.area()).collect() }
    }

    /// The label of a node: below, above, beside or at a corner, whichever covers least; the first wins a tie.
    pub(super) fn beside(&mut self, at: Point, name: &str) -> Label {
        let text = short(name);
        let (down, up, aside) = (NODE + LINE * 0.95, NODE + LINE * 0.4, NODE + 6.0);
        let outward = at.y >= MIDDLE.y;
        let (first, second) = if outward { (down, -up) } else { (-up, down) };
        let mut places = vec![
            (0.0, first, Anchor::Middle),
            (0.0, second, Anchor::Middle),
            (aside, LINE * 0.3, Anchor::Start),
            (-aside, LINE * 0.3, Anchor::End),
        ];
        for (x, anchor) in [(8.0, Anchor::Start), (-8.0, Anchor::End)] {
            places.push((x, first, anchor));
            places.push((x, second, anchor));
        }
        for more in [LINE, LINE * 2.0] {
            places.push((0.0, first + more.copysign(first), Anchor::Middle));
            places.push((0.0, second + more.copysign(second), Anchor::Middle));
        }
        let labels = places
            .into_iter()
            .map(|(x, y, anchor)| Label::new(text.clone(), Point { x: at.x + x, y: at.y + y }, anchor));
        self.take(labels, at)
    }

    /// "and 4 more", near the outer ring of the sector.
    pub(super) fn more(&mut self, sector: &Spread) -> Option<Label> {
        if sector.folded == 0 {
            return None;
        }
        let text = format!("and {} more", sector.folded);
        let angles = [0.5, 0.35, 0.65, 0.2, 0.8].map(|part| sector.from + (sector.to - sector.from) * part);
        let radii = [RINGS[2] - 14.0, RINGS[1] + 10.0, RINGS[2] + 8.0];
        let at = Point::at(sector.mid(), RINGS[2]);
        let labels = radii.into_iter().flat_map(|radius| angles.map(|angle| Point::at(angle, radius)));
        Some(self.take(labels.map(|at| Label::new(text.clone(), at, Anchor::Middle)), at))
    }

    fn take(&mut self, labels: impl Iterator<Item = Label>, at: Point) -> Label {
        let mut best = Label::new(String::new(), at, Anchor::Middle);
        let mut least = f64::INFINITY;
        for label in labels {
            let cost = self.cost(&label.area());
            if cost < least {
                (best, least) = (label, cost);
            }
        }
        self.words.push(best.area());
        best
    }

    /// Words on words are worse than words on a node; leaving the drawing is worst.
    fn cost(&self, area: &Area) -> f64 {
        let words: f64 = self.words.iter().map(|taken| taken.covers(area)).sum();
        let nodes: f64 = self.nodes.iter().map(|taken| taken.covers(area)).sum();
        words * 3.0 + nodes + area.outside() * 1000.0
    }
}

/// The title of a sector, outside the rings; at the sides in two lines, because there is less room.
pub(super) fn title(sector: &Spread) -> Title {
    let angle = sector.mid();
    let at = Point::at(angle, RINGS[2] + 16.0);
    let text = format!("{} · {}", sector.category.words(), sector.count);
    let beside = angle.cos().abs() > 0.35;
    let anchor = match angle.cos() {
        _ if !beside => Anchor::Middle,
        cos if cos > 0.0 => Anchor::Start,
        _ => Anchor::End,
    };
    let lines = if beside { two_lines(&text) } else { vec![text] };
    // Above the middle the last line stands on the ring, below it the first one hangs from it.
    let lines_high = LINE * f64::from(u32::try_from(lines.len()).unwrap_or(1) - 1);
    let top = if angle.sin() < 0.0 { at.y - lines_high } else { at.y + LINE * 0.6 };
    let mut y = top - LINE;
    let label = |text: String| {
        y += LINE;
        Label::new(text, Point { x: at.x, y }, anchor)
    };
    Title { lines: lines.into_iter().map(label).collect() }
}

/// "closest", "close", "less close": along the ray where the last sector begins.
pub(super) fn ring_names(layout: &Layout<'_>, room: &mut Room) -> Vec<Label> {
    let Some(ray) = layout.sectors.first().map(|sector| sector.from) else { return Vec::new() };
    let names = [Nearness::Closest, Nearness::Close, Nearness::LessClose].into_iter().zip(RINGS);
    let label = |(nearness, ring): (Nearness, f64)| {
        let edge = Point::at(ray, ring);
        let at = Point { x: edge.x + 4.0, y: edge.y + 16.0 };
        Label::new(nearness.words().into(), at, Anchor::Start)
    };
    let labels: Vec<Label> = names.map(label).collect();
    room.words.extend(labels.iter().map(Label::area));
    labels
}

/// Breaks at the space nearest to the middle; the count stays with the last word.
fn two_lines(text: &str) -> Vec<String> {
    let half = text.len() / 2;
    let fits = |(at, _): &(usize, &str)| text.get(*at..).is_some_and(|rest| !rest.starts_with(" ·"));
    let before_count = text.find(" ·").unwrap_or(text.len());
    let spaces = text.match_indices(' ').filter(fits).filter(|(at, _)| *at < before_count);
    match spaces.min_by_key(|(at, _)| at.abs_diff(half)) {
        Some((at, _)) => {
            let (first, rest) = text.split_at(at);
            vec![first.to_owned(), rest.trim_start().to_owned()]
        }
        None => vec![text.to_owned()],
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let cut: String = name.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}
