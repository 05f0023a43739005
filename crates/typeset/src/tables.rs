//! Tables and facts into strips: one strip a row, the header repeated where a page turns.

use crate::blocks::{Setting, spaced};
use crate::document::{Fact, Table};
use crate::error::TypesetError;
use crate::faces::Face;
use crate::lines::{Line, Look, set};
use crate::measures::{Column, LEADING, count};
use crate::strips::Strip;
use crate::structure::{NodeId, Role};
use crate::words::{Text, Tone};
use std::rc::Rc;

/// A cell before it is cut into strips.
struct Cell {
    lines: Vec<Line>,
    x: f32,
    look: Look,
    node: NodeId,
}

impl Setting {
    /// Names in one column, values in the other.
    pub fn facts(
        &mut self,
        parent: NodeId,
        facts: &[Fact],
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let table = self.structure.add(parent, Role::Table);
        let body = self.body();
        let name_look = Look { plain: Face::Semibold, ..body };
        let columns = split(column, &[0.32, 0.68], body.size);
        let mut strips = Vec::new();
        for fact in facts {
            let row = self.structure.add(table, Role::Row);
            let name = Text::from(fact.name.as_str());
            let mut cells = Vec::new();
            for ((column, text), (look, role)) in columns
                .iter()
                .zip([&name, &fact.value])
                .zip([(name_look, Role::RowHeader), (body, Role::Cell)])
            {
                let node = self.structure.add(row, role);
                cells.push(Cell { lines: set(text, look, column.width)?, x: column.x, look, node });
            }
            strips.extend(self.row(cells, body.size * 0.3, self.page_height()));
        }
        Ok(spaced(strips, body.size * 0.35))
    }

    /// A table with its header.
    pub fn table(
        &mut self,
        parent: NodeId,
        table: &Table,
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let shares: Vec<f32> = table.columns.iter().map(|column| column.share).collect();
        if shares.is_empty() || !shares.iter().all(|share| share.is_finite() && *share > 0.0) {
            return Err(TypesetError::Columns);
        }
        let body = self.body();
        let columns = split(column, &shares, body.size);
        let node = self.structure.add(parent, Role::Table);
        let mut strips = self.header(node, table, &columns, column)?;
        let head = strips.last().cloned().map(Rc::new);
        let head_height = head.as_ref().map_or(0.0, |head| head.height);
        // A header as tall as a third of the page would leave no room for what it heads.
        let head = head.filter(|_| head_height * 3.0 < self.page_height());
        for (at, texts) in table.rows.iter().enumerate() {
            if texts.len() > columns.len() {
                return Err(TypesetError::Row { row: at + 1, cells: texts.len(), columns: columns.len() });
            }
            let row = self.structure.add(node, Role::Row);
            let mut cells = Vec::new();
            for (at, column) in columns.iter().enumerate() {
                let node = self.structure.add(row, Role::Cell);
                let lines = texts.get(at).map_or(Ok(Vec::new()), |text| set(text, body, column.width))?;
                cells.push(Cell { lines, x: column.x, look: body, node });
            }
            for mut strip in self.row(cells, body.size * 0.4, self.page_height() - head_height) {
                strip.rule(
                    (column.x, strip.height),
                    (column.x + column.width, strip.height),
                    0.6,
                    Tone::Line,
                );
                strip.head.clone_from(&head);
                strips.push(strip);
            }
        }
        Ok(spaced(strips, body.size * 0.6))
    }

    fn header(
        &mut self,
        table: NodeId,
        given: &Table,
        columns: &[Column],
        whole: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let look = Look { size: self.measures.small, plain: Face::Semibold, tone: Tone::Ink };
        let row = self.structure.add(table, Role::Row);
        let mut cells = Vec::new();
        for (column, given) in columns.iter().zip(&given.columns) {
            let node = self.structure.add(row, Role::ColumnHeader);
            let lines = set(&Text::from(given.header.as_str()), look, column.width)?;
            cells.push(Cell { lines, x: column.x, look, node });
        }
        let mut strips = self.row(cells, look.size * 0.35, f32::INFINITY);
        for strip in &mut strips {
            strip.rule((whole.x, strip.height), (whole.x + whole.width, strip.height), 1.2, Tone::Ink);
            strip.keep = true;
        }
        Ok(strips)
    }

    /// One strip, or as many as a row taller than `most` needs.
    #[expect(clippy::unused_self, reason = "a row is set by the setting, like every other block")]
    fn row(&self, mut cells: Vec<Cell>, pad: f32, most: f32) -> Vec<Strip> {
        let line_height = cells.iter().map(|cell| cell.look.size * LEADING).fold(1.0, f32::max);
        let deepest = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0).max(1);
        let mut a_page = 1;
        while a_page < deepest && count(a_page + 1) * line_height + 2.0 * pad <= most {
            a_page += 1;
        }
        let mut strips = Vec::new();
        let mut left = deepest;
        while left > 0 {
            let now = left.min(a_page);
            let mut strip = Strip::blank(count(now) * line_height + 2.0 * pad);
            for cell in &mut cells {
                let lines: Vec<Line> = cell.lines.drain(..now.min(cell.lines.len())).collect();
                for (at, line) in lines.into_iter().enumerate() {
                    let down = pad + count(at) * line_height;
                    strip.write(line, cell.x, down, cell.look.size, Some(cell.node));
                }
            }
            strips.push(strip);
            left -= now;
        }
        strips
    }
}

/// Columns by their shares, with white between them.
fn split(column: Column, shares: &[f32], size: f32) -> Vec<Column> {
    let between = size * 0.9;
    let whole: f32 = shares.iter().sum();
    let room = (column.width - between * count(shares.len().saturating_sub(1))).max(1.0);
    let mut x = column.x;
    shares
        .iter()
        .map(|share| {
            let width = room * share / whole;
            let own = Column { x, width };
            x += width + between;
            own
        })
        .collect()
}
