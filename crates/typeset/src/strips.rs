//! Strips: pieces of a document that no page break may cut, with the ink on them.

use crate::document::Level;
use crate::drawing::Dash;
use crate::lines::Line;
use crate::measures::LEADING;
use crate::shaping::Run;
use crate::structure::NodeId;
use crate::words::Tone;
use std::rc::Rc;

/// A place: x from the left edge of the page, y downward from the top of the strip, in points.
pub type Place = (f32, f32);

/// Something printed.
#[derive(Debug, Clone)]
pub enum Ink {
    /// Words; `at` is the left end of the baseline.
    Words {
        /// Where.
        at: Place,
        /// What.
        run: Run,
    },
    /// A straight line.
    Rule {
        /// One end.
        from: Place,
        /// The other end.
        to: Place,
        /// Width.
        thickness: f32,
        /// Ink.
        tone: Tone,
        /// How it runs.
        dash: Dash,
    },
    /// A closed shape.
    Area {
        /// Its outline.
        outline: Outline,
        /// Inside.
        inside: Option<Tone>,
        /// Edge and its width.
        edge: Option<(Tone, f32)>,
    },
}

/// The outline of an area.
#[derive(Debug, Clone)]
pub enum Outline {
    /// Corners in order.
    Corners(Vec<Place>),
    /// A circle.
    Circle(Place, f32),
}

/// Ink and what it means; without a node it only decorates.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The node it belongs to.
    pub node: Option<NodeId>,
    /// The ink.
    pub ink: Ink,
}

/// An entry of the outline shown beside the page.
#[derive(Debug, Clone)]
pub struct Bookmark {
    /// Its rank.
    pub level: Level,
    /// Its words.
    pub title: String,
}

/// A piece no page break may cut.
#[derive(Debug, Clone, Default)]
pub struct Strip {
    /// Its height.
    pub height: f32,
    /// White above it, left out at the top of a page.
    pub gap: f32,
    /// Stands on the same page as the next strip.
    pub keep: bool,
    /// Begins a new page.
    pub new_page: bool,
    /// What is on it.
    pub marks: Vec<Mark>,
    /// The heading it begins.
    pub bookmark: Option<Bookmark>,
    /// Printed above it when it is the first on a page.
    pub head: Option<Rc<Strip>>,
    /// The picture it shows, with its left edge and width.
    pub figure: Option<(NodeId, f32, f32)>,
}

impl Strip {
    /// An empty strip.
    pub fn blank(height: f32) -> Self {
        Self { height, ..Self::default() }
    }

    /// Adds words of a line, its top `down` below the top of the strip.
    pub fn write(&mut self, line: Line, x: f32, down: f32, size: f32, node: Option<NodeId>) {
        // Half of a capital above the middle of the line: looks centered in both faces.
        let baseline = down + size * (LEADING / 2.0 + 0.33);
        let mut pen = x;
        for run in line.runs {
            let width = run.width;
            self.marks.push(Mark { node, ink: Ink::Words { at: (pen, baseline), run } });
            pen += width;
        }
    }

    /// Adds a line that only decorates.
    pub fn rule(&mut self, from: Place, to: Place, thickness: f32, tone: Tone) {
        let ink = Ink::Rule { from, to, thickness, tone, dash: Dash::Solid };
        self.marks.push(Mark { node: None, ink });
    }

    /// Moves everything on it down, making it so much taller.
    pub fn lower(&mut self, by: f32) {
        self.height += by;
        for mark in &mut self.marks {
            mark.ink.lower(by);
        }
    }
}

impl Ink {
    fn lower(&mut self, by: f32) {
        match self {
            Self::Words { at, .. } => at.1 += by,
            Self::Rule { from, to, .. } => {
                from.1 += by;
                to.1 += by;
            }
            Self::Area { outline: Outline::Corners(corners), .. } => {
                for corner in corners {
                    corner.1 += by;
                }
            }
            Self::Area { outline: Outline::Circle(center, _), .. } => center.1 += by,
        }
    }
}

/// A strip for each line. The first two and the last two stay together.
pub fn stacked(lines: Vec<Line>, x: f32, size: f32, node: Option<NodeId>) -> Vec<Strip> {
    let count = lines.len();
    let mut strips = Vec::with_capacity(count);
    for (at, line) in lines.into_iter().enumerate() {
        let mut strip = Strip::blank(size * LEADING);
        strip.write(line, x, 0.0, size, node);
        strip.keep = at + 1 < count && (at == 0 || at + 2 == count);
        strips.push(strip);
    }
    strips
}
