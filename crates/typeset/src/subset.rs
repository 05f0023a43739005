//! Cuts a TrueType font down to the glyphs a document uses. Glyph numbers stay, so nothing else has to change.

use std::collections::BTreeSet;
use ttf_parser::{RawFace, Tag};

/// Tables a PDF reader needs besides the outlines. Hinting programs stay where a face has them, since its glyphs call them.
const COPIED: [&[u8; 4]; 3] = [b"cvt ", b"fpgm", b"prep"];

/// The font with only these glyphs and those they are composed of. `None` when the bytes are no TrueType font.
pub fn subset(font: &[u8], glyphs: &BTreeSet<u16>) -> Option<Vec<u8>> {
    let raw = RawFace::parse(font, 0).ok()?;
    let source = Source::read(&raw)?;
    let kept = source.with_parts(glyphs);
    let count = kept.last()?.checked_add(1)?;

    let mut outlines = Vec::new();
    let mut places = Vec::new();
    let mut metrics = Vec::new();
    for id in 0..count {
        places.extend(u32::try_from(outlines.len()).ok()?.to_be_bytes());
        if kept.contains(&id) {
            outlines.extend_from_slice(source.outline(id)?);
            outlines.resize(outlines.len().next_multiple_of(4), 0);
            metrics.extend(source.metric(id)?);
        } else {
            metrics.extend([0; 4]);
        }
    }
    places.extend(u32::try_from(outlines.len()).ok()?.to_be_bytes());

    let mut tables: Vec<([u8; 4], Vec<u8>)> = vec![
        (*b"glyf", outlines),
        // Long offsets; the checksum of the whole file is left open, as PDF readers do not look at it.
        (*b"head", patched(&patched(raw.table(Tag::from_bytes(b"head"))?, 50, [0, 1])?, 8, [0; 4])?),
        (*b"hhea", patched(raw.table(Tag::from_bytes(b"hhea"))?, 34, count.to_be_bytes())?),
        (*b"hmtx", metrics),
        (*b"loca", places),
        (*b"maxp", patched(raw.table(Tag::from_bytes(b"maxp"))?, 4, count.to_be_bytes())?),
    ];
    for tag in COPIED {
        if let Some(table) = raw.table(Tag::from_bytes(tag)) {
            tables.push((*tag, table.to_vec()));
        }
    }
    tables.sort_unstable_by_key(|(tag, _)| *tag);
    written(&tables)
}

struct Source<'a> {
    glyf: &'a [u8],
    loca: &'a [u8],
    hmtx: &'a [u8],
    long: bool,
    metrics: usize,
}

impl<'a> Source<'a> {
    fn read(raw: &RawFace<'a>) -> Option<Self> {
        let table = |tag: &[u8; 4]| raw.table(Tag::from_bytes(tag));
        Some(Self {
            glyf: table(b"glyf")?,
            loca: table(b"loca")?,
            hmtx: table(b"hmtx")?,
            long: u16_at(table(b"head")?, 50)? != 0,
            metrics: usize::from(u16_at(table(b"hhea")?, 34)?),
        })
    }

    fn outline(&self, id: u16) -> Option<&'a [u8]> {
        let at = usize::from(id);
        let place = |at: usize| -> Option<usize> {
            if self.long {
                usize::try_from(u32_at(self.loca, at * 4)?).ok()
            } else {
                Some(usize::from(u16_at(self.loca, at * 2)?) * 2)
            }
        };
        self.glyf.get(place(at)?..place(at + 1)?)
    }

    /// Advance and left side; glyphs after the last full entry share its advance.
    fn metric(&self, id: u16) -> Option<[u8; 4]> {
        let at = usize::from(id);
        let last = self.metrics.checked_sub(1)?;
        let advance = u16_at(self.hmtx, at.min(last) * 4)?;
        let left = if at <= last { at * 4 + 2 } else { self.metrics * 4 + (at - self.metrics) * 2 };
        let [a, b] = advance.to_be_bytes();
        let [c, d] = u16_at(self.hmtx, left).unwrap_or(0).to_be_bytes();
        Some([a, b, c, d])
    }

    /// The glyphs, glyph 0, and every part of a composed glyph.
    fn with_parts(&self, glyphs: &BTreeSet<u16>) -> BTreeSet<u16> {
        let mut kept = BTreeSet::from([0]);
        let mut open: Vec<u16> = glyphs.iter().copied().collect();
        while let Some(id) = open.pop() {
            if kept.insert(id) {
                open.extend(self.outline(id).map(parts).unwrap_or_default());
            }
        }
        kept
    }
}

/// The parts of a composed outline (OpenType `glyf`, component flags).
fn parts(outline: &[u8]) -> Vec<u16> {
    const WORDS: u16 = 0x1;
    const SCALE: u16 = 0x8;
    const MORE: u16 = 0x20;
    const TWO_SCALES: u16 = 0x40;
    const MATRIX: u16 = 0x80;
    let mut parts = Vec::new();
    if u16_at(outline, 0).is_none_or(|contours| contours < 0x8000) {
        return parts;
    }
    let mut at = 10;
    while let (Some(flags), Some(id)) = (u16_at(outline, at), u16_at(outline, at + 2)) {
        parts.push(id);
        at += if flags & WORDS == 0 { 6 } else { 8 };
        at += match flags {
            _ if flags & SCALE != 0 => 2,
            _ if flags & TWO_SCALES != 0 => 4,
            _ if flags & MATRIX != 0 => 8,
            _ => 0,
        };
        if flags & MORE == 0 {
            break;
        }
    }
    parts
}

fn written(tables: &[([u8; 4], Vec<u8>)]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let power = count.checked_ilog2()?;
    let range = 16_u16.checked_shl(power)?;
    let mut file = vec![0, 1, 0, 0];
    for number in [count, range, u16::try_from(power).ok()?, (count * 16).checked_sub(range)?] {
        file.extend(number.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    for (tag, table) in tables {
        file.extend(tag);
        for number in [checksum(table), u32::try_from(offset).ok()?, u32::try_from(table.len()).ok()?] {
            file.extend(number.to_be_bytes());
        }
        offset += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        file.extend(table);
        file.resize(file.len().next_multiple_of(4), 0);
    }
    Some(file)
}

fn checksum(table: &[u8]) -> u32 {
    table.chunks(4).fold(0, |sum: u32, word| {
        let mut four = [0; 4];
        for (to, from) in four.iter_mut().zip(word) {
            *to = *from;
        }
        sum.wrapping_add(u32::from_be_bytes(four))
    })
}

fn patched<const N: usize>(table: &[u8], at: usize, bytes: [u8; N]) -> Option<Vec<u8>> {
    let mut table = table.to_vec();
    table.get_mut(at..at + N)?.copy_from_slice(&bytes);
    Some(table)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}
