//! Paragraphs into lines: where Unicode allows a break, and in which order a line with two directions is seen.

use crate::error::TypesetError;
use crate::faces::Face;
use crate::shaping::{Run, Style, cleaned, is_invisible, shape};
use crate::words::{Text, Tone, Voice};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_normalization::char::is_combining_mark;

/// How a whole text is to look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Letter size in points.
    pub size: f32,
    /// Face of plain words.
    pub plain: Face,
    /// Ink.
    pub tone: Tone,
}

/// One line, its runs in the order they are seen from left to right.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Its runs.
    pub runs: Vec<Run>,
    /// Its width in points.
    pub width: f32,
}

/// Sets text into lines no wider than `width`. Empty text makes no line.
pub fn set(text: &Text, look: Look, width: f32) -> Result<Vec<Line>, TypesetError> {
    let source = Source::read(text, look);
    let mut fill = Filling { width, lines: Vec::new(), runs: Vec::new(), used: 0.0 };
    let mut start = 0;
    for (end, kind) in linebreaks(&source.text) {
        source.place(start..end, width, &mut fill)?;
        if kind == BreakOpportunity::Mandatory {
            fill.end_line();
        }
        start = end;
    }
    Ok(fill.lines)
}

/// One text as a string, with the style of each stretch and the direction of each byte.
struct Source {
    text: String,
    faces: Vec<(usize, Face)>,
    levels: Vec<Level>,
    look: Look,
}

impl Source {
    fn read(text: &Text, look: Look) -> Self {
        let mut whole = String::new();
        let mut faces = Vec::new();
        for span in &text.0 {
            whole.push_str(&cleaned(&span.text));
            let face = match span.voice {
                Voice::Plain => look.plain,
                Voice::Bold => Face::Bold,
                Voice::Italic => Face::Italic,
            };
            faces.push((whole.len(), face));
        }
        let trimmed = whole.trim_end_matches(char::is_whitespace).len();
        whole.truncate(trimmed);
        let levels = BidiInfo::new(&whole, Some(Level::ltr())).levels;
        Self { text: whole, faces, levels, look }
    }

    fn style(&self, at: usize) -> Style {
        let face = self.faces.iter().find(|(end, _)| at < *end).map_or(self.look.plain, |(_, face)| *face);
        let level = self.levels.get(at).map_or(0, Level::number);
        Style { face, size: self.look.size, tone: self.look.tone, level }
    }

    /// Puts one unbreakable stretch on the line, or on the next, or cuts it when no line could hold it.
    fn place(&self, range: Range<usize>, width: f32, fill: &mut Filling) -> Result<(), TypesetError> {
        let runs = self.shaped(range.clone())?;
        let whole: f32 = runs.iter().map(|run| run.width).sum();
        let visible = whole - self.trailing(&range, &runs)?;
        if visible > width && self.text.get(range.clone()).is_some_and(|text| text.chars().count() > 1) {
            for part in self.cut(range, width)? {
                let runs = self.shaped(part)?;
                let visible = runs.iter().map(|run| run.width).sum();
                fill.push(runs, visible);
            }
        } else {
            fill.push(runs, visible);
        }
        Ok(())
    }

    fn shaped(&self, range: Range<usize>) -> Result<Vec<Run>, TypesetError> {
        let mut runs = Vec::new();
        let mut start = range.start;
        while start < range.end {
            let style = self.style(start);
            let same = |at: &usize| {
                let there = self.style(*at);
                there.face == style.face && there.level == style.level
            };
            let end = (start..range.end).find(|at| !same(at)).unwrap_or(range.end);
            runs.extend(shape(self.text.get(start..end).unwrap_or(""), style)?);
            start = end;
        }
        Ok(runs)
    }

    /// Width of the blanks at the end of a stretch, which may hang over the edge.
    fn trailing(&self, range: &Range<usize>, runs: &[Run]) -> Result<f32, TypesetError> {
        let text = self.text.get(range.clone()).unwrap_or("");
        let blanks = text.get(text.trim_end().len()..).unwrap_or("");
        let Some(last) = runs.last() else { return Ok(0.0) };
        let style = Style { face: last.face, size: last.size, tone: last.tone, level: 0 };
        Ok(shape(blanks, style)?.iter().map(|run| run.width).sum())
    }

    /// Cuts a stretch wider than a line between letters, never before a mark that belongs to the letter before.
    fn cut(&self, range: Range<usize>, width: f32) -> Result<Vec<Range<usize>>, TypesetError> {
        let text = self.text.get(range.clone()).unwrap_or("");
        let mut parts = Vec::new();
        let mut start = range.start;
        let mut used = 0.0;
        for (offset, letter) in text.char_indices() {
            let at = range.start + offset;
            let own: f32 = self.shaped(at..at + letter.len_utf8())?.iter().map(|run| run.width).sum();
            let clings = is_combining_mark(letter) || is_invisible(letter) || letter.is_whitespace();
            if used + own > width && at > start && !clings {
                parts.push(start..at);
                start = at;
                used = 0.0;
            }
            used += own;
        }
        parts.push(start..range.end);
        Ok(parts)
    }
}

struct Filling {
    width: f32,
    lines: Vec<Line>,
    runs: Vec<Run>,
    used: f32,
}

impl Filling {
    fn push(&mut self, runs: Vec<Run>, visible: f32) {
        // A hundredth of a point forgives the rounding of a sum.
        if !self.runs.is_empty() && self.used + visible > self.width + 0.01 {
            self.end_line();
        }
        self.used += runs.iter().map(|run| run.width).sum::<f32>();
        self.runs.extend(runs);
    }

    fn end_line(&mut self) {
        let runs = seen_order(std::mem::take(&mut self.runs));
        self.lines.push(Line { runs, width: std::mem::take(&mut self.used) });
    }
}

/// Rule L2 of the Unicode bidirectional algorithm: from the highest level down, turn every stretch of it around.
fn seen_order(mut runs: Vec<Run>) -> Vec<Run> {
    let highest = runs.iter().map(|run| run.level).max().unwrap_or(0);
    for level in (1..=highest).rev() {
        let mut start = 0;
        while start < runs.len() {
            let stretch = runs.iter().skip(start).take_while(|run| run.level >= level).count();
            if let Some(turned) = runs.get_mut(start..start + stretch) {
                turned.reverse();
            }
            start += stretch.max(1);
        }
    }
    runs
}
