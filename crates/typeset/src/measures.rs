//! Sizes on paper, in points, for normal and large print.

/// US Letter.
pub const PAGE_WIDTH: f32 = 612.0;
/// US Letter.
pub const PAGE_HEIGHT: f32 = 792.0;
/// Left and right: one inch, which keeps a line near 70 letters.
pub const SIDE: f32 = 72.0;
/// Top and bottom: 0.75 inch.
pub const EDGE: f32 = 54.0;
/// Line height as a multiple of the letter size.
pub const LEADING: f32 = 1.35;

/// Letter sizes of one edition.
#[derive(Debug, Clone, Copy)]
pub struct Measures {
    /// Body text.
    pub body: f32,
    /// Notes and table headers.
    pub small: f32,
    /// Footers.
    pub foot: f32,
    /// Text on cards.
    pub card: f32,
    /// Headings by rank.
    pub heading: [f32; 3],
    /// Against normal print.
    pub factor: f32,
}

impl Measures {
    /// Large print follows the American Printing House: 18 pt body, nothing under 14.
    pub fn new(large: bool) -> Self {
        if large {
            Self {
                body: 18.0,
                small: 16.0,
                foot: 14.0,
                card: 15.0,
                heading: [30.0, 24.0, 20.0],
                factor: 18.0 / 13.0,
            }
        } else {
            Self { body: 13.0, small: 11.5, foot: 9.5, card: 10.5, heading: [24.0, 18.0, 14.5], factor: 1.0 }
        }
    }

    /// The text column of a page.
    #[expect(
        clippy::unused_self,
        reason = "the column belongs to the measures, though both editions share it"
    )]
    pub fn column(self) -> Column {
        Column { x: SIDE, width: PAGE_WIDTH - 2.0 * SIDE }
    }
}

/// A strip of paper text runs in, measured from the left edge of the page.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its left edge.
    pub x: f32,
    /// Its width.
    pub width: f32,
}

impl Column {
    /// The column with its left edge moved in.
    pub fn indented(self, by: f32) -> Self {
        Self { x: self.x + by, width: (self.width - by).max(1.0) }
    }

    /// The column made narrower on both sides.
    pub fn padded(self, by: f32) -> Self {
        Self { x: self.x + by, width: (self.width - 2.0 * by).max(1.0) }
    }
}

/// A small count as a length; counts on a page stay far below the limit.
pub fn count(n: usize) -> f32 {
    f32::from(u16::try_from(n).unwrap_or(u16::MAX))
}
