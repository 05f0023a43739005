//! Drawings into a strip: the viewport scaled to the column, letters kept at their size.

use crate::blocks::{Setting, spaced};
use crate::drawing::{Anchor, Drawing, Fill, Point, Shape};
use crate::error::TypesetError;
use crate::faces::Face;
use crate::lines::{Look, set};
use crate::measures::Column;
use crate::strips::{Ink, Mark, Outline, Place, Strip};
use crate::structure::{NodeId, Role};
use crate::words::{Text, Voice};

impl Setting {
    /// One strip with the whole drawing.
    pub fn drawing(
        &mut self,
        parent: NodeId,
        drawing: &Drawing,
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let sized = |length: f32| length.is_finite() && length > 0.0;
        if !sized(drawing.width) || !sized(drawing.height) {
            return Err(TypesetError::Viewport);
        }
        let figure = self.structure.add(parent, Role::Figure);
        self.structure.describe(figure, &drawing.alt);
        // Room for a heading above it on the same page.
        let scale = (column.width / drawing.width).min(self.page_height() * 0.85 / drawing.height);
        let width = drawing.width * scale;
        let left = column.x + (column.width - width) / 2.0;
        let view = View { left, scale, letters: self.measures.factor };
        let mut strip = Strip::blank(drawing.height * scale);
        strip.figure = Some((figure, left, width));
        for shape in &drawing.shapes {
            for ink in view.ink(shape)? {
                strip.marks.push(Mark { node: Some(figure), ink });
            }
        }
        Ok(spaced(vec![strip], self.measures.body * 0.8))
    }
}

struct View {
    left: f32,
    scale: f32,
    letters: f32,
}

impl View {
    fn place(&self, point: Point) -> Place {
        (self.left + point.x * self.scale, point.y * self.scale)
    }

    fn ink(&self, shape: &Shape) -> Result<Vec<Ink>, TypesetError> {
        Ok(vec![match shape {
            Shape::Line { from, to, thickness, tone, dash } => Ink::Rule {
                from: self.place(*from),
                to: self.place(*to),
                thickness: *thickness,
                tone: *tone,
                dash: *dash,
            },
            Shape::Circle { center, radius, fill } => {
                area(Outline::Circle(self.place(*center), radius * self.scale), *fill)
            }
            Shape::Square { center, half, fill } => {
                self.corners(*center, *half, &[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)], *fill)
            }
            Shape::Diamond { center, half, fill } => {
                self.corners(*center, *half, &[(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)], *fill)
            }
            Shape::Label { .. } => return self.label(shape),
        }])
    }

    fn corners(&self, center: Point, half: f32, signs: &[(f32, f32)], fill: Fill) -> Ink {
        let at = |(x, y): &(f32, f32)| self.place(Point::new(center.x + x * half, center.y + y * half));
        area(Outline::Corners(signs.iter().map(at).collect()), fill)
    }

    fn label(&self, shape: &Shape) -> Result<Vec<Ink>, TypesetError> {
        let Shape::Label { at, anchor, text, voice, size, tone } = shape else { return Ok(Vec::new()) };
        let plain = match voice {
            Voice::Plain => Face::Regular,
            Voice::Bold => Face::Bold,
            Voice::Italic => Face::Italic,
        };
        let look = Look { size: size * self.letters, plain, tone: *tone };
        let (x, y) = self.place(*at);
        let one_line = text.replace('\n', " ");
        let mut inks = Vec::new();
        for line in set(&Text::from(one_line), look, f32::INFINITY)? {
            let mut pen = match anchor {
                Anchor::Start => x,
                Anchor::Middle => x - line.width / 2.0,
                Anchor::End => x - line.width,
            };
            for run in line.runs {
                let width = run.width;
                inks.push(Ink::Words { at: (pen, y), run });
                pen += width;
            }
        }
        Ok(inks)
    }
}

fn area(outline: Outline, fill: Fill) -> Ink {
    let edge = (fill.thickness > 0.0).then_some((fill.edge, fill.thickness));
    Ink::Area { outline, inside: fill.inside, edge }
}
