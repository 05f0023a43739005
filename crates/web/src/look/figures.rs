//! View structs of numbers and drawings: a stat, a bar chart, the connection map. All are drawn by the server.

/// One number as a sentence, with its whole and who is missing.
#[derive(Clone, Debug)]
pub struct Stat {
    /// `None`: too few people, or nobody was asked. Shown in words, never as 0.
    pub count: Option<u64>,
    pub of: u64,
    pub sentence: String,
    /// The list behind the number: address and words.
    pub behind: Option<(String, String)>,
    pub definition: String,
}

/// A bar: label, count, whole.
#[derive(Clone, Debug)]
pub struct Bar {
    pub label: String,
    /// `None` is drawn as a dashed gap and said in words.
    pub count: Option<u64>,
    /// The list behind the number, for who may open it.
    pub behind: Option<String>,
}

/// A zero-based bar chart of one series with direct labels, and the same as a table.
#[derive(Clone, Debug)]
pub struct Bars {
    pub id: &'static str,
    /// The question the chart answers.
    pub question: String,
    /// The answer in words.
    pub answer: String,
    /// What is counted, as the table's column head.
    pub unit: &'static str,
    pub bars: Vec<Bar>,
    pub definition: String,
}

/// A bar placed on the drawing, in its units.
pub struct Placed {
    pub y: f64,
    pub middle: f64,
    pub width: f64,
    pub label: String,
    pub count: Option<u64>,
}

const ROW: f64 = 30.0;
/// Where bars begin, so that labels have room.
const START: f64 = 150.0;
const LONGEST: f64 = 280.0;

impl Bars {
    /// Height of the drawing.
    pub fn height(&self) -> f64 {
        self.placed().last().map_or(0.0, |bar| bar.y + ROW)
    }

    /// The bars with their places; the longest fills the width.
    pub fn placed(&self) -> Vec<Placed> {
        let most = self.bars.iter().filter_map(|b| b.count).max().unwrap_or(1).max(1);
        let mut y = 0.0;
        let mut placed = Vec::new();
        for bar in &self.bars {
            let share = bar.count.map_or(0.0, |n| ratio(n, most));
            placed.push(Placed {
                y: y + 4.0,
                middle: y + 19.0,
                width: share * LONGEST,
                label: bar.label.clone(),
                count: bar.count,
            });
            y += ROW;
        }
        placed
    }

    /// Where bars begin.
    pub fn start(&self) -> f64 {
        START
    }
}

/// A share of the whole; counts of people are far below the 32 bits an exact conversion needs.
fn ratio(part: u64, whole: u64) -> f64 {
    let narrow = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    narrow(part) / narrow(whole)
}

/// A series over time with direct labels at its ends, zero-based, and the same as a table. A missing value breaks the
/// line; a dashed bridge shows the gap.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: &'static str,
    /// The question the chart answers.
    pub question: String,
    /// The answer in words.
    pub answer: String,
    pub unit: &'static str,
    /// In order of time.
    pub points: Vec<Bar>,
    pub definition: String,
}

/// A known point on the drawing.
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub count: u64,
}

const TOP: f64 = 24.0;
const BOTTOM: f64 = 184.0;
const LEFT: f64 = 20.0;
const RIGHT: f64 = 440.0;

impl Line {
    /// Every place in time, known or not.
    fn places(&self) -> Vec<(f64, Option<Point>)> {
        let most = self.points.iter().filter_map(|p| p.count).max().unwrap_or(1).max(1);
        let steps = self.points.len().saturating_sub(1).max(1) as u64;
        let place = |(at, point): (usize, &Bar)| {
            let x = LEFT + ratio(at as u64, steps) * (RIGHT - LEFT);
            let known =
                point.count.map(|count| Point { x, y: BOTTOM - ratio(count, most) * (BOTTOM - TOP), count });
            (x, known)
        };
        self.points.iter().enumerate().map(place).collect()
    }

    /// The known points.
    pub fn known(&self) -> Vec<Point> {
        self.places().into_iter().filter_map(|(_, point)| point).collect()
    }

    /// The solid pieces of the line, then the dashed bridges over what is not known, as path data.
    pub fn paths(&self) -> (String, String) {
        let (mut solid, mut bridges) = (String::new(), String::new());
        let mut last: Option<Point> = None;
        let mut gap = false;
        for (_, point) in self.places() {
            let Some(point) = point else {
                gap = true;
                continue;
            };
            if let Some(from) = &last {
                let piece = format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, point.x, point.y);
                if gap { bridges.push_str(&piece) } else { solid.push_str(&piece) }
            }
            gap = false;
            last = Some(point);
        }
        (solid, bridges)
    }

    /// The words under the line: where, and which.
    pub fn ticks(&self) -> Vec<(f64, &str)> {
        self.places().iter().zip(&self.points).map(|((x, _), p)| (*x, p.label.as_str())).collect()
    }
}

/// The connection map, placed: the rules of the alumni room give the coordinates, this says how they are drawn.
#[derive(Clone, Debug, Default)]
pub struct MapDrawing {
    pub id: &'static str,
    pub title: String,
    /// What the drawing shows, for the ear; ends by naming the table.
    pub description: String,
    /// Width and height of the drawing's own units.
    pub size: (f64, f64),
    pub middle: (f64, f64),
    /// Who is in the middle.
    pub me: String,
    /// Radii of the rings, closest first.
    pub rings: Vec<f64>,
    /// Lines between sectors, as path data.
    pub rays: Vec<String>,
    pub sectors: Vec<MapLabel>,
    pub ties: Vec<MapTie>,
    pub nodes: Vec<MapNode>,
    pub labels: Vec<MapLabel>,
}

/// A line of the map.
#[derive(Clone, Debug)]
pub struct MapTie {
    /// `tie-strong`, `tie-thin`, `tie-stress`, `tie-gray`, or nothing for steady.
    pub class: &'static str,
    pub path: String,
    /// Drawn on the staff screen only.
    pub harmful: bool,
}

/// A person (circle), group or place (square) or professional (diamond).
#[derive(Clone, Debug)]
pub struct MapNode {
    pub shape: &'static str,
    pub x: f64,
    pub y: f64,
    /// In recovery: filled, with a check.
    pub in_recovery: bool,
    pub harmful: bool,
}

/// Words on the map.
#[derive(Clone, Debug)]
pub struct MapLabel {
    pub words: String,
    pub x: f64,
    pub y: f64,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
    pub harmful: bool,
}
