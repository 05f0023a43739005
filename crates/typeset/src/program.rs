//! Font programs for printpdf: each face cut down to what the document uses, under a name printpdf does not make up.

use crate::error::TypesetError;
use crate::faces::Face;
use crate::subset::subset;
use printpdf::{FontId, FontMetrics, FontType, ParsedFont, PdfFont, PdfFontMetricsStub};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The name of a face inside a file. printpdf's own names are random.
pub fn font_id(face: Face) -> FontId {
    FontId(format!("Face{face:?}"))
}

/// The width printpdf will write for a glyph, in thousandths of an em: cut to a whole number, as it does.
pub fn written_width(face: Face, glyph: u16) -> Result<f32, TypesetError> {
    let loaded = face.loaded()?;
    let units = loaded.shaper.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
    Ok((f32::from(units) * 1000.0 / loaded.per_em).trunc())
}

/// The face with only these glyphs.
pub fn font(face: Face, glyphs: &BTreeMap<u16, String>) -> Result<PdfFont, TypesetError> {
    let loaded = face.loaded()?;
    let shaper = &loaded.shaper;
    let ids = glyphs.keys().copied().collect();
    let original_bytes = subset(loaded.bytes, &ids).ok_or(TypesetError::Face(loaded.name))?;
    let font_name = Some(format!("{}+{}", subset_tag(&original_bytes), loaded.name));
    let widths = glyphs.keys().map(|id| {
        let width = shaper.glyph_hor_advance(ttf_parser::GlyphId(*id)).unwrap_or(0);
        (*id, width)
    });
    let bounds = shaper.global_bounding_box();
    let slant = shaper.italic_angle().to_radians().tan();
    let units_per_em = u16::try_from(shaper.units_per_em()).unwrap_or(1000);
    Ok(PdfFont::new(ParsedFont {
        original_bytes,
        font_index: 0,
        font_name,
        codepoint_to_glyph: BTreeMap::new(),
        glyph_widths: widths.collect(),
        units_per_em,
        font_metrics: FontMetrics { ascent: shaper.ascender(), descent: shaper.descender() },
        font_type: FontType::TrueType,
        pdf_font_metrics: PdfFontMetricsStub {
            units_per_em,
            x_min: bounds.x_min,
            y_min: bounds.y_min,
            x_max: bounds.x_max,
            y_max: bounds.y_max,
            caret_slope_rise: 1000,
            caret_slope_run: if slant < 0.0 { 200 } else { 0 },
            us_weight_class: shaper.weight().to_number(),
        },
    }))
}

/// Six capitals that differ when the cut differs (ISO 32000-1, 9.6.4).
fn subset_tag(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}
