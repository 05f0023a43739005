//! Every word of a document, to look for what may not be on it.

use typeset::{Block, Document, Shape, Text};

use crate::rules::rendering::Words;

pub(super) fn of(document: &Document) -> Words {
    let mut body = Vec::new();
    for block in &document.blocks {
        collect(block, &mut body);
    }
    Words {
        title: document.title.clone(),
        footer: document.footer.clone().unwrap_or_default(),
        body: body.join("\n") + document.author.as_deref().unwrap_or_default(),
    }
}

fn collect(block: &Block, into: &mut Vec<String>) {
    match block {
        Block::Heading { text, .. } => into.push(text.clone()),
        Block::Paragraph(text) | Block::Note(text) | Block::CheckBox { text, .. } => into.push(plain(text)),
        Block::Bullets(items) | Block::Numbers(items) => into.extend(items.iter().map(plain)),
        Block::Facts(facts) => {
            into.extend(facts.iter().map(|fact| format!("{} {}", fact.name, plain(&fact.value))));
        }
        Block::Table(table) => {
            into.extend(table.columns.iter().map(|column| column.header.clone()));
            into.extend(table.rows.iter().flatten().map(plain));
        }
        Block::Boxed(blocks) => blocks.iter().for_each(|block| collect(block, into)),
        Block::Drawing(drawing) => {
            into.push(drawing.alt.clone());
            into.extend(drawing.shapes.iter().filter_map(|shape| match shape {
                Shape::Label { text, .. } => Some(text.clone()),
                _ => None,
            }));
        }
        Block::Cards(cards) => {
            into.extend(cards.iter().map(|card| card.title.clone()));
            into.extend(cards.iter().flat_map(|card| &card.lines).map(plain));
        }
        Block::WritingLines(_) | Block::PageBreak => {}
    }
}

fn plain(text: &Text) -> String {
    text.0.iter().map(|span| span.text.as_str()).collect()
}
