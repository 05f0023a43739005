//! Drawings as a caller gives them: shapes in a viewport whose y axis points down, as in SVG.

use crate::words::{Tone, Voice};

/// A place in the viewport.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

impl Point {
    /// A place.
    pub fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
}

/// A drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// What it shows, in words, for those who cannot see it.
    pub alt: String,
    /// Width of the viewport, in units of its own.
    pub width: f32,
    /// Height of the viewport in the same units.
    pub height: f32,
    /// Painted in this order.
    pub shapes: Vec<Shape>,
}

/// How a line runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Long strokes.
    Dashed,
    /// Short strokes.
    Dotted,
}

/// Inside and edge of a closed shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    /// Inside; `None` leaves it open.
    pub inside: Option<Tone>,
    /// Edge.
    pub edge: Tone,
    /// Width of the edge in points on paper; 0 draws none.
    pub thickness: f32,
}

/// Where a word stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// The point is its left end.
    Start,
    /// The point is its middle.
    #[default]
    Middle,
    /// The point is its right end.
    End,
}

/// A thing in a drawing. Places and sizes are in viewport units; line widths and letter sizes are points on paper, so
/// that they stay readable however the drawing is scaled.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A straight line.
    Line {
        /// One end.
        from: Point,
        /// The other end.
        to: Point,
        /// Width in points.
        thickness: f32,
        /// Its ink.
        tone: Tone,
        /// How it runs.
        dash: Dash,
    },
    /// A circle.
    Circle {
        /// Its center.
        center: Point,
        /// Its radius.
        radius: f32,
        /// Inside and edge.
        fill: Fill,
    },
    /// A square on its side.
    Square {
        /// Its center.
        center: Point,
        /// Half of its side.
        half: f32,
        /// Inside and edge.
        fill: Fill,
    },
    /// A square on its corner.
    Diamond {
        /// Its center.
        center: Point,
        /// From the center to a corner.
        half: f32,
        /// Inside and edge.
        fill: Fill,
    },
    /// Words on one line.
    Label {
        /// Where, on the baseline.
        at: Point,
        /// Which end of the words that is.
        anchor: Anchor,
        /// The words.
        text: String,
        /// How they are said.
        voice: Voice,
        /// Letter size in points; large print makes it larger by the same factor as the body.
        size: f32,
        /// Their ink.
        tone: Tone,
    },
}
