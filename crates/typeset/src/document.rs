//! The document a caller builds: blocks in reading order, and what stands around them.

use crate::drawing::Drawing;
use crate::words::Text;
use chrono::NaiveDate;

/// A document before it is set.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Shown in the window title and read first by screen readers. Anyone holding the file sees it: keep it neutral.
    pub title: String,
    /// Language of the text as BCP 47, such as `en` or `es`.
    pub language: String,
    /// The day the file claims to be made on.
    pub made_on: NaiveDate,
    /// Body text of 18 pt instead of 13.
    pub large_print: bool,
    /// Printed at the foot of every page, beside the page number.
    pub footer: Option<String>,
    /// How the page number is said; `{page}` and `{pages}` are filled in.
    pub numbering: String,
    /// Named in the metadata. `None` names nobody.
    pub author: Option<String>,
    /// What is printed, in reading order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// An empty document in normal print, with English page numbers and nobody named.
    pub fn new(title: impl Into<String>, language: impl Into<String>, made_on: NaiveDate) -> Self {
        Self {
            title: title.into(),
            language: language.into(),
            made_on,
            large_print: false,
            footer: None,
            numbering: "Page {page} of {pages}".to_owned(),
            author: None,
            blocks: Vec::new(),
        }
    }
}

/// Rank of a heading. Each becomes a bookmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The title of the document.
    One,
    /// A section.
    Two,
    /// A part of a section.
    Three,
}

/// One piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; never left alone at the foot of a page.
    Heading {
        /// Its rank.
        level: Level,
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph(Text),
    /// Second text: a source, a date, a remark.
    Note(Text),
    /// A list with bullets.
    Bullets(Vec<Text>),
    /// A list with numbers, from 1.
    Numbers(Vec<Text>),
    /// Names and values beside each other.
    Facts(Vec<Fact>),
    /// A table with a header row.
    Table(Table),
    /// A framed section, on one page if a page can hold it.
    Boxed(Vec<Block>),
    /// So many empty lines for handwriting.
    WritingLines(u8),
    /// A box to tick, with its text.
    CheckBox {
        /// Already ticked.
        ticked: bool,
        /// What is agreed to or done.
        text: Text,
    },
    /// What follows begins on a new page.
    PageBreak,
    /// A drawing as wide as the column, smaller if a page could not hold it.
    Drawing(Drawing),
    /// Cards of wallet size with cut lines.
    Cards(Vec<Card>),
}

impl Block {
    /// A heading.
    pub fn heading(level: Level, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into() }
    }

    /// A paragraph.
    pub fn paragraph(text: impl Into<Text>) -> Self {
        Self::Paragraph(text.into())
    }
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// How it stands.
    pub value: Text,
}

impl Fact {
    /// A fact.
    pub fn new(name: impl Into<String>, value: impl Into<Text>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// Its part of the width, relative to the other columns.
    pub share: f32,
}

impl Column {
    /// A column.
    pub fn new(header: impl Into<String>, share: f32) -> Self {
        Self { header: header.into(), share }
    }
}

/// A table. Rows stay whole unless one is taller than a page; the header is repeated on every page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Its columns, at least one.
    pub columns: Vec<Column>,
    /// Its rows; missing cells at the end are empty.
    pub rows: Vec<Vec<Text>>,
}

/// A card of wallet size (3⅜ × 2⅛ inches). With more words than fit it grows downward, to be folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its first line.
    pub title: String,
    /// Its other lines.
    pub lines: Vec<Text>,
}
