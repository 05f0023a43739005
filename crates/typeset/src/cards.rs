//! Cards of wallet size with dashed lines to cut along, two in a row, one in large print.

use crate::blocks::{Setting, spaced};
use crate::document::Card;
use crate::drawing::Dash;
use crate::error::TypesetError;
use crate::faces::Face;
use crate::lines::{Line, Look, set};
use crate::measures::{Column, LEADING, PAGE_WIDTH};
use crate::strips::{Ink, Mark, Place, Strip};
use crate::structure::{NodeId, Role};
use crate::words::{Text, Tone};

/// Width of a bank card, 3⅜ inches.
const WIDTH: f32 = 243.0;
/// Height of a bank card, 2⅛ inches.
const HEIGHT: f32 = 153.0;
const PAD: f32 = 11.0;

impl Setting {
    /// Rows of cards, in the middle of the page; none is cut by a page break.
    pub fn cards(
        &mut self,
        parent: NodeId,
        cards: &[Card],
        column: Column,
    ) -> Result<Vec<Strip>, TypesetError> {
        let large = self.measures.factor > 1.0;
        // Two bank cards are wider than a column of text, and still leave a margin of 0.8 inch.
        let in_a_row: usize = if large || column.width < 2.0 * WIDTH - 30.0 { 1 } else { 2 };
        let width = if large { WIDTH * 1.6 } else { WIDTH };
        let mut strips = Vec::new();
        for (row, pair) in cards.chunks(in_a_row).enumerate() {
            let mut left = if in_a_row == 2 { PAGE_WIDTH / 2.0 - WIDTH } else { column.x };
            let mut set = Vec::new();
            for card in pair {
                set.push((left, self.card(parent, card, width)?));
                left += width;
            }
            let least = if large { HEIGHT * 1.6 } else { HEIGHT };
            let height = set.iter().map(|(_, card)| card.height + 2.0 * PAD).fold(least, f32::max);
            let mut strip = Strip::blank(height);
            for (left, card) in set {
                cut_line(&mut strip, left, width, height);
                for (line, down, size, node) in card.lines {
                    strip.write(line, left + PAD, PAD + down, size, Some(node));
                }
            }
            // Rows touch, so that one cut serves two cards.
            strips.extend(spaced(vec![strip], if row == 0 { self.measures.body } else { 0.0 }));
        }
        Ok(strips)
    }

    fn card(&mut self, parent: NodeId, card: &Card, width: f32) -> Result<SetCard, TypesetError> {
        let section = self.structure.add(parent, Role::Section);
        let size = self.measures.card;
        let title = Text::from(card.title.as_str());
        let title_look = Look { size: size + 1.5, plain: Face::Semibold, tone: Tone::Ink };
        let line_look = Look { size, plain: Face::Regular, tone: Tone::Ink };
        let mut set_card = SetCard { lines: Vec::new(), height: 0.0 };
        for (text, look) in
            std::iter::once((&title, title_look)).chain(card.lines.iter().map(|line| (line, line_look)))
        {
            let node = self.structure.add(section, Role::Paragraph);
            for line in set(text, look, width - 2.0 * PAD)? {
                set_card.lines.push((line, set_card.height, look.size, node));
                set_card.height += look.size * LEADING;
            }
        }
        Ok(set_card)
    }
}

struct SetCard {
    lines: Vec<(Line, f32, f32, NodeId)>,
    height: f32,
}

fn cut_line(strip: &mut Strip, left: f32, width: f32, height: f32) {
    let right = left + width;
    let sides: [(Place, Place); 4] = [
        ((left, 0.0), (right, 0.0)),
        ((right, 0.0), (right, height)),
        ((left, height), (right, height)),
        ((left, 0.0), (left, height)),
    ];
    for (from, to) in sides {
        let ink = Ink::Rule { from, to, thickness: 0.6, tone: Tone::Quiet, dash: Dash::Dashed };
        strip.marks.push(Mark { node: None, ink });
    }
}
