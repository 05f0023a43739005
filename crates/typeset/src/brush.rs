//! Ink into printpdf operations: glyphs at their places, lines, areas.

use crate::drawing::Dash;
use crate::error::TypesetError;
use crate::measures::PAGE_HEIGHT;
use crate::paint::Used;
use crate::program::{font_id, written_width};
use crate::shaping::{Run, is_invisible};
use crate::strips::{Ink, Outline, Place};
use crate::words::Tone;
use printpdf::{
    Codepoint, Color, Line, LineDashPattern, LinePoint, Op, PaintMode, PdfFontHandle, Point, Polygon,
    PolygonRing, Pt, Rgb, TextItem, WindingOrder,
};

/// The operations of a page, and the color they last chose.
#[derive(Default)]
pub struct Brush {
    /// Operations so far.
    pub ops: Vec<Op>,
    inside: Option<Tone>,
}

impl Brush {
    /// Paints ink on a strip that begins `top` points below the top of the page.
    pub fn ink(&mut self, ink: Ink, top: f32) -> Result<(), TypesetError> {
        match ink {
            Ink::Words { at, run } => self.words(&run, (at.0, top + at.1))?,
            Ink::Rule { from, to, thickness, tone, dash } => {
                self.edge(tone, thickness, dash);
                let points = vec![point(from, top), point(to, top)];
                self.ops.push(Op::DrawLine { line: Line { points, is_closed: false } });
            }
            Ink::Area { outline, inside, edge } => self.area(&outline, inside, edge, top),
        }
        Ok(())
    }

    fn words(&mut self, run: &Run, at: Place) -> Result<(), TypesetError> {
        self.fill(run.tone);
        let mut line = Vec::new();
        let mut pen = at.0;
        let mut start = pen;
        for glyph in &run.glyphs {
            let own = written_width(run.face, glyph.id)?;
            let code = |offset| Codepoint::with_cid(glyph.id, offset, glyph.says.clone());
            if glyph.up.abs() > 0.5 {
                // A mark above or below: a text section of its own is the only way printpdf has to lift it.
                self.section(run, (start, at.1), std::mem::take(&mut line));
                let lifted = (pen + glyph.right * run.size / 1000.0, at.1 - glyph.up * run.size / 1000.0);
                self.section(run, lifted, vec![TextItem::GlyphIds(vec![code(0.0)])]);
                start = pen + glyph.advance * run.size / 1000.0;
            } else {
                if glyph.right.abs() > 0.5 {
                    line.push(TextItem::Offset(-glyph.right));
                }
                let back = own + if glyph.right.abs() > 0.5 { glyph.right } else { 0.0 } - glyph.advance;
                line.push(TextItem::GlyphIds(vec![code(if back.abs() < 0.05 { 0.0 } else { back })]));
            }
            pen += glyph.advance * run.size / 1000.0;
        }
        self.section(run, (start, at.1), line);
        Ok(())
    }

    /// `SetTextCursor` moves from where it was, so each stretch gets a section of its own.
    fn section(&mut self, run: &Run, at: Place, items: Vec<TextItem>) {
        if items.is_empty() {
            return;
        }
        let font = PdfFontHandle::External(font_id(run.face));
        self.ops.extend([
            Op::StartTextSection,
            Op::SetFont { font, size: Pt(run.size) },
            Op::SetTextCursor { pos: point(at, 0.0).p },
            Op::ShowText { items },
            Op::EndTextSection,
        ]);
    }

    fn area(&mut self, outline: &Outline, inside: Option<Tone>, edge: Option<(Tone, f32)>, top: f32) {
        let mode = match (inside, edge) {
            (Some(_), Some(_)) => PaintMode::FillStroke,
            (Some(_), None) => PaintMode::Fill,
            (None, Some(_)) => PaintMode::Stroke,
            (None, None) => return,
        };
        if let Some(tone) = inside {
            self.fill(tone);
        }
        if let Some((tone, thickness)) = edge {
            self.edge(tone, thickness, Dash::Solid);
        }
        let points = match outline {
            Outline::Corners(corners) => corners.iter().map(|corner| point(*corner, top)).collect(),
            Outline::Circle(center, radius) => circle(*center, *radius, top),
        };
        let rings = vec![PolygonRing { points }];
        let polygon = Polygon { rings, mode, winding_order: WindingOrder::NonZero };
        self.ops.push(Op::DrawPolygon { polygon });
    }

    fn fill(&mut self, tone: Tone) {
        if self.inside != Some(tone) {
            self.inside = Some(tone);
            self.ops.push(Op::SetFillColor { col: color(tone) });
        }
    }

    fn edge(&mut self, tone: Tone, thickness: f32, dash: Dash) {
        let pattern: &[f32] = match dash {
            Dash::Solid => &[],
            Dash::Dashed => &[5.0, 3.5],
            Dash::Dotted => &[1.2, 2.6],
        };
        self.ops.extend([
            Op::SetOutlineColor { col: color(tone) },
            Op::SetOutlineThickness { pt: Pt(thickness) },
            Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, pattern) },
        ]);
    }
}

/// Remembers the glyphs of a run. What was typed, when a reader of the file could not get it back from the glyphs: boxes
/// for missing letters, one glyph shared by two letters, letters spread over several glyphs. It is said beside them.
pub fn said(run: &Run, used: &mut Used) -> Option<String> {
    let known = used.entry(run.face).or_default();
    let mut same = true;
    for glyph in &run.glyphs {
        let says = known.entry(glyph.id).or_insert_with(|| {
            if glyph.says.is_empty() { "\u{fffd}".to_owned() } else { glyph.says.clone() }
        });
        same &= *says == glyph.says;
    }
    let typed: String = run.text.chars().filter(|letter| !is_invisible(*letter)).collect();
    let mut glyphs: Vec<&str> = run.glyphs.iter().map(|glyph| glyph.says.as_str()).collect();
    if run.level % 2 == 1 {
        glyphs.reverse();
    }
    (!same || typed != glyphs.concat()).then_some(typed)
}

fn point((x, y): Place, top: f32) -> LinePoint {
    // A hundredth of a point is finer than any printer, and keeps the file small.
    let rounded = |length: f32| Pt((length * 100.0).round() / 100.0);
    LinePoint { p: Point { x: rounded(x), y: rounded(PAGE_HEIGHT - top - y) }, bezier: false }
}

/// Four curves; the handles are at the usual 0.5523 of the radius.
fn circle((x, y): Place, r: f32, top: f32) -> Vec<LinePoint> {
    let h = r * 0.5523;
    let curve = |a: Place, b: Place, end: Place| {
        let handle = |place| LinePoint { bezier: true, ..point(place, top) };
        [handle(a), handle(b), point(end, top)]
    };
    let mut points = vec![point((x + r, y), top)];
    points.extend(curve((x + r, y + h), (x + h, y + r), (x, y + r)));
    points.extend(curve((x - h, y + r), (x - r, y + h), (x - r, y)));
    points.extend(curve((x - r, y - h), (x - h, y - r), (x, y - r)));
    points.extend(curve((x + h, y - r), (x + r, y - h), (x + r, y)));
    points
}

/// The inks of the house's light theme, on white.
fn color(tone: Tone) -> Color {
    let [r, g, b]: [u8; 3] = match tone {
        Tone::Ink => [0x1c, 0x19, 0x15],
        Tone::Quiet => [0x54, 0x4f, 0x47],
        Tone::Accent => [0x14, 0x60, 0x4d],
        Tone::Line => [0xbf, 0xba, 0xb1],
        Tone::Wash => [0xef, 0xeb, 0xe6],
        Tone::Paper => [0xff, 0xff, 0xff],
    };
    let part = |byte: u8| (f32::from(byte) / 255.0 * 1000.0).round() / 1000.0;
    Color::Rgb(Rgb { r: part(r), g: part(g), b: part(b), icc_profile: None })
}
