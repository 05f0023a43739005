//! Blocks into strips: headings, paragraphs, lists, boxes to tick, frames, lines to write on.

use crate::document::{Block, Document, Level};
use crate::error::TypesetError;
use crate::faces::Face;
use crate::lines::{Line, Look, set};
use crate::measures::{Column, EDGE, LEADING, Measures, PAGE_HEIGHT, count};
use crate::strips::{Bookmark, Strip, stacked};
use crate::structure::{NodeId, Role, Structure};
use crate::words::{Text, Tone};

/// A document being set: its sizes, and the tree of tags as it grows.
pub struct Setting {
    /// Sizes.
    pub measures: Measures,
    /// Tags.
    pub structure: Structure,
    /// What the footer says, set.
    pub footer: Vec<Line>,
}

/// A line holds about so many ems at most: some 70 letters, which the eye can follow.
const MEASURE: f32 = 34.0;

impl Setting {
    /// Nothing set yet but the footer, which decides how much a page can hold.
    ///
    /// # Errors
    /// [`TypesetError::Face`] when an embedded face is no font.
    pub fn new(document: &Document) -> Result<Self, TypesetError> {
        let measures = Measures::new(document.large_print);
        let text = Text::from(document.footer.clone().unwrap_or_default());
        let look = Look { size: measures.foot, plain: Face::Regular, tone: Tone::Quiet };
        // Beside it stands the page number.
        let footer = set(&text, look, measures.column().width - 9.0 * measures.foot)?;
        Ok(Self { measures, structure: Structure::new(), footer })
    }

    /// Strips of all blocks of a document.
    pub fn blocks(&mut self, blocks: &[Block], column: Column) -> Result<Vec<Strip>, TypesetError> {
        let root = self.structure.root();
        self.blocks_in(root, blocks, column)
    }

    /// Strips of blocks that belong to one node.
    pub fn blocks_in(
        &mut self,
        parent: NodeId,
        blocks: &[Block],
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let mut strips: Vec<Strip> = Vec::new();
        let mut new_page = false;
        for block in blocks {
            if matches!(block, Block::PageBreak) {
                new_page = true;
                continue;
            }
            let mut set = self.block(parent, block, column)?;
            if let Some(first) = set.first_mut() {
                first.new_page |= std::mem::take(&mut new_page);
            }
            strips.extend(set);
        }
        Ok(strips)
    }

    fn block(&mut self, parent: NodeId, block: &Block, column: Column) -> Result<Vec<Strip>, TypesetError> {
        match block {
            Block::Heading { level, text } => self.heading(parent, *level, text, column),
            Block::Paragraph(text) => self.paragraph(parent, text, self.body(), column),
            Block::Note(text) => {
                let look = Look { size: self.measures.small, plain: Face::Regular, tone: Tone::Quiet };
                self.paragraph(parent, text, look, column)
            }
            Block::Bullets(items) => self.list(parent, items, false, column),
            Block::Numbers(items) => self.list(parent, items, true, column),
            Block::Facts(facts) => self.facts(parent, facts, column),
            Block::Table(table) => self.table(parent, table, column),
            Block::Boxed(blocks) => self.boxed(parent, blocks, column),
            Block::WritingLines(lines) => Ok(self.writing_lines(*lines, column)),
            Block::CheckBox { ticked, text } => self.check_box(parent, *ticked, text, column),
            Block::PageBreak => Ok(Vec::new()),
            Block::Drawing(drawing) => self.drawing(parent, drawing, column),
            Block::Cards(cards) => self.cards(parent, cards, column),
        }
    }

    /// How body text looks.
    pub fn body(&self) -> Look {
        Look { size: self.measures.body, plain: Face::Regular, tone: Tone::Ink }
    }

    /// White above the foot, and the foot.
    pub fn footer_height(&self) -> f32 {
        count(self.footer.len().max(1)) * self.measures.foot * LEADING + self.measures.body
    }

    /// The height of a page between its margin and its foot.
    pub fn page_height(&self) -> f32 {
        // A footer longer than a page is nobody's wish; the floor keeps the arithmetic sound.
        (PAGE_HEIGHT - 2.0 * EDGE - self.footer_height()).max(100.0)
    }

    fn paragraph(
        &mut self,
        parent: NodeId,
        text: &Text,
        look: Look,
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let lines = set(text, look, column.width.min(look.size * MEASURE))?;
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let node = self.structure.add(parent, Role::Paragraph);
        Ok(spaced(stacked(lines, column.x, look.size, Some(node)), self.measures.body * 0.55))
    }

    fn heading(
        &mut self,
        parent: NodeId,
        level: Level,
        text: &str,
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let [one, two, three] = self.measures.heading;
        let (size, plain, before) = match level {
            Level::One => (one, Face::Serif, 1.4),
            Level::Two => (two, Face::Serif, 1.5),
            Level::Three => (three, Face::Semibold, 1.0),
        };
        let lines = set(&Text::from(text), Look { size, plain, tone: Tone::Ink }, column.width)?;
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let node = self.structure.add(parent, Role::Heading(level));
        let mut strips = stacked(lines, column.x, size, Some(node));
        for strip in &mut strips {
            strip.keep = true;
        }
        if let Some(first) = strips.first_mut() {
            first.bookmark = Some(Bookmark { level, title: text.to_owned() });
        }
        Ok(spaced(strips, self.measures.body * before))
    }

    fn list(
        &mut self,
        parent: NodeId,
        items: &[Text],
        numbered: bool,
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let list = self.structure.add(parent, Role::List(numbered));
        let look = self.body();
        let digits = items.len().to_string().len();
        let indent = look.size * if numbered { 0.75 + 0.5 * count(digits) } else { 1.1 };
        let mut strips = Vec::new();
        for (at, text) in items.iter().enumerate() {
            let sign = if numbered { format!("{}.", at + 1) } else { "•".to_owned() };
            let item = self.signed(list, &sign, text, (look, indent), column)?;
            strips.extend(spaced(item, look.size * if at == 0 { 0.45 } else { 0.25 }));
        }
        Ok(strips)
    }

    fn signed(
        &mut self,
        list: NodeId,
        sign: &str,
        text: &Text,
        (look, indent): (Look, f32),
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let item = self.structure.add(list, Role::Item);
        let label = self.structure.add(item, Role::Label);
        let body = self.structure.add(item, Role::Body);
        let inner = column.indented(indent);
        let lines = set(text, look, inner.width.min(look.size * MEASURE))?;
        let lines = if lines.is_empty() { vec![Line::default()] } else { lines };
        let mut strips = stacked(lines, inner.x, look.size, Some(body));
        if let Some(first) = strips.first_mut() {
            let words = std::mem::take(&mut first.marks);
            for line in set(&Text::from(sign), look, indent)?.into_iter().take(1) {
                first.write(line, column.x, 0.0, look.size, Some(label));
            }
            first.marks.extend(words);
        }
        Ok(strips)
    }

    fn check_box(
        &mut self,
        parent: NodeId,
        ticked: bool,
        text: &Text,
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let node = self.structure.add(parent, Role::Paragraph);
        let look = self.body();
        let inner = column.indented(look.size * 1.6);
        let lines = set(text, look, inner.width.min(look.size * MEASURE))?;
        let lines = if lines.is_empty() { vec![Line::default()] } else { lines };
        let mut strips = stacked(lines, inner.x, look.size, Some(node));
        if let Some(first) = strips.first_mut() {
            let words = std::mem::take(&mut first.marks);
            let sign = Text::from(if ticked { "☑ " } else { "☐ " });
            for line in set(&sign, Look { plain: Face::Other, ..look }, look.size * 2.0)?.into_iter().take(1)
            {
                first.write(line, column.x, 0.0, look.size, Some(node));
            }
            first.marks.extend(words);
        }
        Ok(spaced(strips, look.size * 0.45))
    }

    /// A frame around blocks. All strips hold on to each other as long as a page can carry them.
    fn boxed(
        &mut self,
        parent: NodeId,
        blocks: &[Block],
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let pad = self.measures.body * 1.1;
        let section = self.structure.add(parent, Role::Section);
        let mut strips = self.blocks_in(section, blocks, column.padded(pad))?;
        if let Some(first) = strips.first_mut() {
            first.gap = 0.0;
        }
        strips.insert(0, Strip::blank(pad * 0.7));
        strips.push(Strip::blank(pad * 0.9));
        let tall: f32 = strips.iter().map(|strip| strip.gap + strip.height).sum();
        let whole = tall <= self.page_height();
        let last = strips.len() - 1;
        let (left, right) = (column.x, column.x + column.width);
        for (at, strip) in strips.iter_mut().enumerate() {
            let gap = std::mem::take(&mut strip.gap);
            strip.lower(gap);
            strip.keep = at < last && (strip.keep || whole || at == 0 || at + 1 == last);
            let bottom = strip.height;
            strip.rule((left, 0.0), (left, bottom), 1.2, Tone::Ink);
            strip.rule((right, 0.0), (right, bottom), 1.2, Tone::Ink);
            if at == 0 {
                strip.rule((left - 0.6, 0.0), (right + 0.6, 0.0), 1.2, Tone::Ink);
            }
            if at == last {
                strip.rule((left - 0.6, bottom), (right + 0.6, bottom), 1.2, Tone::Ink);
            }
        }
        Ok(spaced(strips, self.measures.body))
    }

    fn writing_lines(&self, lines: u8, column: Column) -> Vec<Strip> {
        let height = self.measures.body * 2.1;
        (0..lines)
            .map(|_| {
                let mut strip = Strip::blank(height);
                strip.rule((column.x, height), (column.x + column.width, height), 0.7, Tone::Quiet);
                strip
            })
            .collect()
    }
}

/// The strips with white above the first.
pub fn spaced(mut strips: Vec<Strip>, gap: f32) -> Vec<Strip> {
    if let Some(first) = strips.first_mut() {
        first.gap = gap;
    }
    strips
}
