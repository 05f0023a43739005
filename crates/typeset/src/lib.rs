//! PDF typesetting on printpdf: fonts, flowing text, tables, drawings, bookmarks. Knows pages, not people.
//!
//! A caller fills a [`Document`] with [`Block`]s and asks [`pdf`] for bytes:
//!
//! ```
//! use typeset::{Block, Document, Level};
//!
//! let made_on = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
//! let mut plan = Document::new("My plan", "en", made_on);
//! plan.blocks.push(Block::heading(Level::One, "My plan"));
//! plan.blocks.push(Block::paragraph("Call Łukasz first."));
//! assert!(typeset::pdf(&plan).unwrap().starts_with(b"%PDF-1.7"));
//! ```
//!
//! The way of a document: blocks are set into *strips* (pieces no page break may cut), strips are dealt onto pages,
//! pages are painted as printpdf operations while the structure tree learns where its text went, and the result is
//! finished with tags, bookmarks and metadata printpdf does not write.
//!
//! Invariants:
//! - Pure: no clock, no chance, no file. The same document gives the same bytes.
//! - No letter is dropped. What no face has is shown as □; what was typed can be copied out either way.
//!   Text is put into Unicode's composed form (NFC); controls that only change direction are left out, because they
//!   could make a line read differently from what was typed.
//! - Every page is US Letter with margins of 0.75 inch or more; body text is 13 pt, 18 pt in large print.
//! - Everything that carries meaning is tagged; what only decorates (rules, frames, footers, repeated headers) is an
//!   artifact a screen reader passes over. PDF/UA is followed but not claimed: no validator has confirmed it.
//! - The metadata says title, language and day, and nothing of who made it, unless the caller names an author.

mod blocks;
mod brush;
mod cards;
mod document;
mod drawing;
mod error;
mod faces;
mod finish;
mod lines;
mod measures;
mod outline;
mod pages;
mod paint;
mod pictures;
mod program;
mod shaping;
mod strips;
mod structure;
mod subset;
mod tables;
mod tags;
mod words;

pub use document::{Block, Card, Column, Document, Fact, Level, Table};
pub use drawing::{Anchor, Dash, Drawing, Fill, Point, Shape};
pub use error::TypesetError;
pub use words::{Span, Text, Tone, Voice};

/// Sets a document as PDF 1.7.
///
/// Takes some milliseconds; call it away from the async runtime and outside any transaction.
///
/// # Errors
/// [`TypesetError`] when the document contradicts itself (a table without columns, a row wider than its table, a
/// drawing without size), or when an embedded face or the writing library let us down.
pub fn pdf(document: &Document) -> Result<Vec<u8>, TypesetError> {
    let mut setting = blocks::Setting::new(document)?;
    let column = setting.measures.column();
    let strips = setting.blocks(&document.blocks, column)?;
    let pages = pages::deal(strips, setting.footer_height());
    paint::print(setting, document, pages)?.finish(document)
}
