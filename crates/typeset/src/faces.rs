//! The faces carried inside the program, and which of them has a letter.

use crate::error::TypesetError;
use std::sync::LazyLock;

/// A face. The order is the order of fonts in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// Source Sans 3, body text.
    Regular,
    /// Source Sans 3 Italic.
    Italic,
    /// Source Sans 3 Semibold, labels and small headings.
    Semibold,
    /// Source Sans 3 Bold, bold words.
    Bold,
    /// Literata Semibold, titles.
    Serif,
    /// `DejaVu` Sans, for letters the others lack.
    Other,
}

/// Printed in place of a letter no face has.
pub const MISSING: char = '□';

/// A face ready to shape with.
pub struct Loaded {
    /// PostScript name.
    pub name: &'static str,
    /// The whole font file.
    pub bytes: &'static [u8],
    /// Shapes, and answers questions about glyphs.
    pub shaper: rustybuzz::Face<'static>,
    /// Font units in one em.
    pub per_em: f32,
}

struct Faces {
    regular: Loaded,
    italic: Loaded,
    semibold: Loaded,
    bold: Loaded,
    serif: Loaded,
    other: Loaded,
}

static FACES: LazyLock<Result<Faces, &'static str>> = LazyLock::new(Faces::read);

impl Faces {
    fn read() -> Result<Self, &'static str> {
        Ok(Self {
            regular: load("SourceSans3-Regular", include_bytes!("../fonts/SourceSans3_400Regular.ttf"))?,
            italic: load("SourceSans3-It", include_bytes!("../fonts/SourceSans3_400Regular_Italic.ttf"))?,
            semibold: load("SourceSans3-Semibold", include_bytes!("../fonts/SourceSans3_600SemiBold.ttf"))?,
            bold: load("SourceSans3-Bold", include_bytes!("../fonts/SourceSans3_700Bold.ttf"))?,
            serif: load("Literata-SemiBold", include_bytes!("../fonts/Literata_600SemiBold.ttf"))?,
            other: load("DejaVuSans", include_bytes!("../fonts/DejaVuSans.ttf"))?,
        })
    }
}

fn load(name: &'static str, bytes: &'static [u8]) -> Result<Loaded, &'static str> {
    let shaper = rustybuzz::Face::from_slice(bytes, 0).ok_or(name)?;
    let per_em = f32::from(u16::try_from(shaper.units_per_em()).map_err(|_| name)?);
    Ok(Loaded { name, bytes, shaper, per_em })
}

impl Face {
    /// The face, read once for the life of the program.
    ///
    /// # Errors
    /// [`TypesetError::Face`] when the embedded bytes are no font.
    pub fn loaded(self) -> Result<&'static Loaded, TypesetError> {
        let faces = FACES.as_ref().map_err(|name| TypesetError::Face(name))?;
        Ok(match self {
            Self::Regular => &faces.regular,
            Self::Italic => &faces.italic,
            Self::Semibold => &faces.semibold,
            Self::Bold => &faces.bold,
            Self::Serif => &faces.serif,
            Self::Other => &faces.other,
        })
    }

    /// The face that prints this letter when this one is asked for; `None` when no face has it.
    ///
    /// # Errors
    /// As [`Face::loaded`].
    pub fn having(self, letter: char) -> Result<Option<Self>, TypesetError> {
        let stand_in = if matches!(self, Self::Serif | Self::Bold) { Self::Semibold } else { Self::Regular };
        for face in [self, stand_in, Self::Other] {
            if face.loaded()?.shaper.glyph_index(letter).is_some() {
                return Ok(Some(face));
            }
        }
        Ok(None)
    }
}
