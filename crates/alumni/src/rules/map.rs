//! The drawing of connections (look, section 4): the person in the middle, seven sectors, three rings, and what each tie
//! is like, readable without a hue. Plain numbers for an SVG template and for paper; no text of a note, no key of a person.

mod labels;
mod line;
mod placing;

use super::connection::{Category, Kind, Nearness, Tie, UseStatus};

pub use labels::{Anchor, Label, Title};
pub use line::{Line, Style};

/// Size of the drawing and its middle, in the units of the SVG's view box.
pub const WIDTH: f64 = 920.0;
pub const HEIGHT: f64 = 720.0;
pub const MIDDLE: Point = Point { x: 460.0, y: 360.0 };
/// Outer edges of the rings: closest, close, less close.
pub const RINGS: [f64; 3] = [152.0, 226.0, 302.0];
/// Radius of the person in the middle and of a node.
pub const ME: f64 = 31.0;
pub const NODE: f64 = 13.0;
/// Up to so many nodes are drawn; beyond that the thinner ties of a sector fold into "and 4 more".
pub const AT_MOST: usize = 24;

/// Sectors clockwise, family and friends on top.
pub const SECTORS: [Category; 7] = [
    Category::FriendsFamily,
    Category::RecoveryGroup,
    Category::TreatmentPeer,
    Category::VolunteerGroup,
    Category::SchoolResource,
    Category::ReligiousSpiritual,
    Category::HealthcareProvider,
];

/// For whom it is drawn. Whatever leaves is drawn without unsafe ties, and with counts made without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The screen of staff.
    Staff,
    /// The person's own copy.
    Own,
    /// A copy others may read: only ties the person wants printed.
    Others,
}

/// One tie to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn<'a> {
    pub label: &'a str,
    pub category: Category,
    pub kind: Kind,
    pub use_status: UseStatus,
    pub tie: Tie,
    pub nearness: Nearness,
    pub marked_unsafe: bool,
    pub may_be_printed: bool,
}

/// A point of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// Distance to another point.
    pub fn to(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point `radius` from the middle in the direction of `angle`, in radians, clockwise from the right.
    fn at(angle: f64, radius: f64) -> Self {
        Self { x: MIDDLE.x + radius * angle.cos(), y: MIDDLE.y + radius * angle.sin() }
    }
}

/// Shape of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A person.
    Circle,
    /// A group or place.
    Square,
    /// A professional.
    Diamond,
}

impl Shape {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Person => Self::Circle,
            Kind::Group | Kind::Organization => Self::Square,
            Kind::Professional => Self::Diamond,
        }
    }
}

/// One node with its line and label.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its place in the ties that were handed in.
    pub tie: usize,
    pub at: Point,
    pub shape: Shape,
    /// Filled, with a check.
    pub in_recovery: bool,
    pub marked_unsafe: bool,
    pub line: Line,
    pub label: Label,
}

/// One sector. Empty ones are drawn too.
#[derive(Clone, Debug, PartialEq)]
pub struct Sector {
    pub category: Category,
    /// Every tie of it in this copy, folded ones too.
    pub count: usize,
    /// The ray at its beginning, clockwise: from the person to the outer ring.
    pub ray: (Point, Point),
    pub title: Title,
    /// "and 4 more", when ties were folded.
    pub more: Option<Label>,
}

/// The whole drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    pub sectors: Vec<Sector>,
    pub nodes: Vec<Node>,
    /// Names of the rings, written along the first ray.
    pub ring_names: Vec<Label>,
    /// Ties in this copy, folded ones too: "17 connections in seven kinds".
    pub count: usize,
    /// Kinds that have any.
    pub kinds: usize,
}

impl Drawing {
    /// What the picture says, for those who do not see it.
    pub fn description(&self, name: &str) -> String {
        match (self.count, self.kinds) {
            (0, _) => format!("Nobody is on the map around {name} yet."),
            (1, _) => format!("One connection, drawn beside {name}. It is also in the table below."),
            (n, 1) => {
                format!("{n} connections of one kind, drawn around {name}. All are also in the table below.")
            }
            (n, kinds) => {
                format!(
                    "{n} connections of {kinds} kinds, drawn around {name}. All are also in the table below."
                )
            }
        }
    }
}

/// Draws the ties for a reader.
pub fn draw(ties: &[Drawn<'_>], copy: Copy) -> Drawing {
    let shown: Vec<(usize, &Drawn<'_>)> =
        ties.iter().enumerate().filter(|(_, tie)| is_for(tie, copy)).collect();
    let placed = placing::place(&shown);
    let mut room = labels::Room::around(&placed);
    let sectors: Vec<Sector> = placed
        .sectors
        .iter()
        .map(|sector| Sector {
            category: sector.category,
            count: sector.count,
            ray: (Point::at(sector.from, ME + 13.0), Point::at(sector.from, RINGS[2])),
            title: labels::title(sector),
            more: room.more(sector),
        })
        .collect();
    let ring_names = labels::ring_names(&placed, &mut room);
    let nodes = placed.nodes.iter().map(|node| drawn(node, &mut room)).collect();
    let kinds = sectors.iter().filter(|sector| sector.count > 0).count();
    Drawing { count: shown.len(), kinds, sectors, nodes, ring_names }
}

/// Whether a tie is in a copy at all.
fn is_for(tie: &Drawn<'_>, copy: Copy) -> bool {
    match copy {
        Copy::Staff => true,
        Copy::Own => !tie.marked_unsafe,
        Copy::Others => !tie.marked_unsafe && tie.may_be_printed,
    }
}

fn drawn(node: &placing::Placed<'_>, room: &mut labels::Room) -> Node {
    let tie = node.tie;
    Node {
        tie: node.index,
        at: node.at,
        shape: Shape::of(tie.kind),
        in_recovery: tie.use_status == UseStatus::InRecovery,
        marked_unsafe: tie.marked_unsafe,
        line: line::between(node.at, tie.tie),
        label: room.beside(node.at, tie.label),
    }
}

#[cfg(test)]
mod tests;
