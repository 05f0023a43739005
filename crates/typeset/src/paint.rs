//! Pages into printpdf operations, while the tree of tags learns where its text went.

use crate::blocks::Setting;
use crate::brush::{Brush, said};
use crate::document::Document;
use crate::error::TypesetError;
use crate::faces::Face;
use crate::lines::{Look, set};
use crate::measures::{EDGE, PAGE_HEIGHT};
use crate::pages::{Page, Placed};
use crate::strips::{Bookmark, Ink, Mark, Strip, stacked};
use crate::structure::{Kid, NodeId, Structure};
use crate::words::{Text, Tone};
use printpdf::{DictItem, Op};
use std::collections::BTreeMap;

/// All glyphs a document uses of each face, with the letters each stands for.
pub type Used = BTreeMap<Face, BTreeMap<u16, String>>;

/// A document as operations, before it becomes a file.
pub struct Printed {
    /// Operations of each page.
    pub pages: Vec<Vec<Op>>,
    /// The tags, now knowing their places.
    pub structure: Structure,
    /// Headings with page (from 0) and distance from the bottom of the page.
    pub bookmarks: Vec<(Bookmark, usize, f32)>,
    /// Glyphs to embed.
    pub used: Used,
}

/// Paints all pages and numbers them.
pub fn print(mut setting: Setting, document: &Document, pages: Vec<Page>) -> Result<Printed, TypesetError> {
    let of = pages.len();
    let structure = std::mem::replace(&mut setting.structure, Structure::new());
    let mut painter = Painter {
        structure,
        bookmarks: Vec::new(),
        pages: Vec::new(),
        brush: Brush::default(),
        next: 0,
        used: Used::new(),
    };
    for (at, page) in pages.into_iter().enumerate() {
        for placed in page {
            painter.placed(placed)?;
        }
        let number = document.numbering.replace("{pages}", &of.to_string());
        painter.footer(&setting, &number.replace("{page}", &(at + 1).to_string()))?;
        painter.turn();
    }
    let Painter { structure, bookmarks, pages, used, .. } = painter;
    Ok(Printed { pages, structure, bookmarks, used })
}

/// A marked stretch of a page: whose it is, and what it says when its glyphs cannot.
#[derive(PartialEq)]
struct Stretch {
    node: Option<NodeId>,
    said: Option<String>,
}

struct Painter {
    structure: Structure,
    bookmarks: Vec<(Bookmark, usize, f32)>,
    pages: Vec<Vec<Op>>,
    brush: Brush,
    next: usize,
    used: Used,
}

impl Painter {
    fn placed(&mut self, placed: Placed) -> Result<(), TypesetError> {
        let Placed { top, strip, repeated } = placed;
        let Strip { bookmark, figure, marks, height, .. } = strip;
        let page = self.pages.len();
        if let Some(bookmark) = bookmark {
            self.bookmarks.push((bookmark, page, PAGE_HEIGHT - top));
        }
        if let Some((node, left, width)) = figure {
            self.structure.bound(node, [left, PAGE_HEIGHT - top - height, left + width, PAGE_HEIGHT - top]);
        }
        let mut open: Option<Stretch> = None;
        for Mark { node, ink } in marks {
            let said = self.said(&ink);
            // A header seen again on the next page must not be heard again.
            let stretch = Stretch { node: node.filter(|_| !repeated), said };
            if open.as_ref() != Some(&stretch) || stretch.said.is_some() {
                if open.is_some() {
                    self.brush.ops.push(Op::EndMarkedContent);
                }
                self.begin(&stretch);
                open = Some(stretch);
            }
            self.brush.ink(ink, top)?;
        }
        if open.is_some() {
            self.brush.ops.push(Op::EndMarkedContent);
        }
        Ok(())
    }

    fn said(&mut self, ink: &Ink) -> Option<String> {
        match ink {
            Ink::Words { run, .. } => said(run, &mut self.used),
            Ink::Rule { .. } | Ink::Area { .. } => None,
        }
    }

    /// What was typed stands in the properties of the stretch itself: some readers lose what follows a nested one.
    fn begin(&mut self, stretch: &Stretch) {
        let mut map = BTreeMap::new();
        if let Some(said) = &stretch.said {
            let mut data = vec![0xfe, 0xff];
            data.extend(said.encode_utf16().flat_map(u16::to_be_bytes));
            map.insert("ActualText".to_owned(), DictItem::String { data, literal: false });
        }
        let tag = match stretch.node {
            None => "Artifact",
            Some(node) => {
                let number = self.next;
                self.next += 1;
                self.structure.hold(node, Kid::Mark { page: self.pages.len(), number });
                map.insert("MCID".to_owned(), DictItem::Int(i64::try_from(number).unwrap_or(i64::MAX)));
                // Readers look for what was typed at spans alone; what the stretch is, the tree says.
                if stretch.said.is_some() { "Span" } else { self.structure.tag(node) }
            }
        }
        .to_owned();
        self.brush.ops.push(if map.is_empty() {
            Op::BeginMarkedContent { tag }
        } else {
            Op::BeginMarkedContentWithProperties { tag, properties: DictItem::Dict { map } }
        });
    }

    fn footer(&mut self, setting: &Setting, number: &str) -> Result<(), TypesetError> {
        let (column, foot) = (setting.measures.column(), setting.measures.foot);
        let mut strips = stacked(setting.footer.clone(), column.x, foot, None);
        if strips.is_empty() {
            strips.push(Strip::blank(0.0));
        }
        if let Some(first) = strips.first_mut() {
            let look = Look { size: foot, plain: Face::Regular, tone: Tone::Quiet };
            for line in set(&Text::from(number), look, f32::INFINITY)? {
                let x = column.x + column.width - line.width;
                first.write(line, x, 0.0, foot, None);
            }
        }
        let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
        let kind = [("Type".to_owned(), name("Pagination")), ("Subtype".to_owned(), name("Footer"))];
        let properties = DictItem::Dict { map: BTreeMap::from(kind) };
        self.brush.ops.push(Op::BeginMarkedContentWithProperties { tag: "Artifact".to_owned(), properties });
        let mut top = PAGE_HEIGHT - EDGE - setting.footer_height() + setting.measures.body;
        for strip in strips {
            for mark in strip.marks {
                self.said(&mark.ink);
                self.brush.ink(mark.ink, top)?;
            }
            top += strip.height;
        }
        self.brush.ops.push(Op::EndMarkedContent);
        Ok(())
    }

    fn turn(&mut self) {
        self.pages.push(std::mem::take(&mut self.brush).ops);
        self.next = 0;
    }
}
