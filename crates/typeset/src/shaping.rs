//! Words into glyphs: the right face for each letter, ligatures and marks by the font's own rules.

use crate::error::TypesetError;
use crate::faces::{Face, MISSING};
use crate::words::Tone;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A glyph where the shaper put it. Lengths in thousandths of an em.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its number in the face.
    pub id: u16,
    /// How far the pen moves.
    pub advance: f32,
    /// Moved to the right of the pen.
    pub right: f32,
    /// Moved above the baseline.
    pub up: f32,
    /// The letters it stands for; empty when the glyph before it already said them.
    pub says: String,
}

/// Glyphs of one face, size and direction, left to right as seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Their face.
    pub face: Face,
    /// Letter size in points.
    pub size: f32,
    /// Their ink.
    pub tone: Tone,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
    /// Width in points.
    pub width: f32,
    /// What was typed, in reading order.
    pub text: String,
    /// Bidirectional embedding level; odd reads right to left.
    pub level: u8,
}

/// How text is to look.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The face asked for.
    pub face: Face,
    /// Letter size in points.
    pub size: f32,
    /// Ink.
    pub tone: Tone,
    /// Bidirectional embedding level.
    pub level: u8,
}

/// Text as it is set: composed letters, one kind of line end, no tabs, nothing that only turns direction around.
pub fn cleaned(text: &str) -> String {
    let text =
        text.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    text.nfc().filter_map(printable).collect()
}

fn printable(letter: char) -> Option<char> {
    match letter {
        '\n' => Some(letter),
        '\t' => Some(' '),
        // Overrides and isolates could show a line in another order than it was typed in.
        '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{61c}'
        | '\u{feff}' => None,
        _ if letter.is_control() => Some('\u{fffd}'),
        _ => Some(letter),
    }
}

/// Letters that leave no mark of their own and need no glyph.
pub fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}' | '\n')
}

/// Shapes a piece of text of one style and direction.
pub fn shape(text: &str, style: Style) -> Result<Vec<Run>, TypesetError> {
    let mut runs = Vec::new();
    for (face, piece) in by_face(text, style.face)? {
        if let Some(run) = match face {
            Some(face) => glyphs(&piece, Style { face, ..style })?,
            None => boxes(&piece, style)?,
        } {
            runs.push(run);
        }
    }
    if style.level % 2 == 1 {
        runs.reverse();
    }
    Ok(runs)
}

/// Cuts text where the face has to change. Marks and joiners stay with the letter they belong to.
fn by_face(text: &str, wanted: Face) -> Result<Vec<(Option<Face>, String)>, TypesetError> {
    let mut pieces: Vec<(Option<Face>, String)> = Vec::new();
    for letter in text.chars() {
        let clings = is_combining_mark(letter) || is_invisible(letter);
        let face = match pieces.last() {
            Some((Some(face), _)) if clings => {
                if is_invisible(letter) || face.loaded()?.shaper.glyph_index(letter).is_some() {
                    Some(*face)
                } else {
                    wanted.having(letter)?
                }
            }
            Some((None, _)) if clings => None,
            _ if is_invisible(letter) => Some(wanted),
            _ => wanted.having(letter)?,
        };
        match pieces.last_mut() {
            Some((last, piece)) if *last == face => piece.push(letter),
            _ => pieces.push((face, letter.to_string())),
        }
    }
    Ok(pieces)
}

fn glyphs(text: &str, style: Style) -> Result<Option<Run>, TypesetError> {
    let face = style.face.loaded()?;
    let mut buffer = rustybuzz::UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if style.level % 2 == 1 {
        rustybuzz::Direction::RightToLeft
    } else {
        rustybuzz::Direction::LeftToRight
    });
    let shaped = rustybuzz::shape(&face.shaper, &[], buffer);
    let ends = Clusters::of(text, shaped.glyph_infos());
    let milli = |units: i32| f32::from(i16::try_from(units).unwrap_or(i16::MAX)) * 1000.0 / face.per_em;
    let mut said = None;
    let mut glyphs = Vec::new();
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let cluster = ends.text(text, info.cluster);
        if !cluster.is_empty() && cluster.chars().all(is_invisible) {
            continue;
        }
        let says = if said == Some(info.cluster) { "" } else { cluster };
        said = Some(info.cluster);
        glyphs.push(Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: milli(position.x_advance),
            right: milli(position.x_offset),
            up: milli(position.y_offset),
            says: says.chars().filter(|letter| !is_invisible(*letter)).collect(),
        });
    }
    Ok(run(glyphs, text, style))
}

/// One visible box for each letter no face has; what was typed stays with the run.
fn boxes(text: &str, style: Style) -> Result<Option<Run>, TypesetError> {
    let Some(face) = style.face.having(MISSING)? else { return Err(TypesetError::Face("no face has a box")) };
    let seen: String = text
        .chars()
        .filter(|letter| !is_combining_mark(*letter) && !is_invisible(*letter))
        .map(|_| MISSING)
        .collect();
    let shown = if seen.is_empty() { MISSING.to_string() } else { seen };
    let mut run = glyphs(&shown, Style { face, ..style })?;
    if let Some(run) = &mut run {
        text.clone_into(&mut run.text);
    }
    Ok(run)
}

fn run(glyphs: Vec<Glyph>, text: &str, style: Style) -> Option<Run> {
    if glyphs.is_empty() {
        return None;
    }
    let width = glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * style.size / 1000.0;
    let text = text.trim_end_matches('\n').to_owned();
    Some(Run {
        face: style.face,
        size: style.size,
        tone: style.tone,
        glyphs,
        width,
        text,
        level: style.level,
    })
}

/// Where each cluster of a shaped piece ends in its text.
struct Clusters(Vec<usize>);

impl Clusters {
    fn of(text: &str, infos: &[rustybuzz::GlyphInfo]) -> Self {
        let mut starts: Vec<usize> =
            infos.iter().filter_map(|info| usize::try_from(info.cluster).ok()).collect();
        starts.push(text.len());
        starts.sort_unstable();
        starts.dedup();
        Self(starts)
    }

    fn text<'a>(&self, text: &'a str, cluster: u32) -> &'a str {
        let start = usize::try_from(cluster).unwrap_or(0);
        let end = self.0.iter().find(|end| **end > start).copied().unwrap_or(text.len());
        text.get(start..end).unwrap_or("")
    }
}
