//! The tree of tags a screen reader walks: what is a heading, a list, a cell, a picture.

use crate::document::Level;

/// A node of the tree, by its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(usize);

/// Standard structure types of PDF 1.7, those we use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The whole.
    Document,
    /// A heading of rank 1 to 3.
    Heading(Level),
    /// A paragraph.
    Paragraph,
    /// A list; ordered or not.
    List(bool),
    /// An item.
    Item,
    /// Its bullet or number.
    Label,
    /// Its text.
    Body,
    /// A table.
    Table,
    /// A row.
    Row,
    /// A header cell of a column.
    ColumnHeader,
    /// A header cell of a row.
    RowHeader,
    /// A cell.
    Cell,
    /// A section set apart.
    Section,
    /// A drawing.
    Figure,
}

/// What a node holds, in reading order.
#[derive(Debug, Clone, Copy)]
pub enum Kid {
    /// Another node.
    Node(NodeId),
    /// A marked stretch of a page, by the page's place and the stretch's number on it.
    Mark {
        /// Page, from 0.
        page: usize,
        /// Number of the stretch.
        number: usize,
    },
}

/// One node.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub role: Role,
    /// Where it belongs; `None` for the root.
    pub parent: Option<NodeId>,
    /// What it holds.
    pub kids: Vec<Kid>,
    /// Words in place of a picture.
    pub alt: Option<String>,
    /// Where a picture stands: page, and left, bottom, right, top in points.
    pub bounds: Option<[f32; 4]>,
}

/// The tree while it grows.
#[derive(Debug)]
pub struct Structure {
    nodes: Vec<Node>,
}

impl Structure {
    /// A tree with only its root.
    pub fn new() -> Self {
        let root = Node { role: Role::Document, parent: None, kids: Vec::new(), alt: None, bounds: None };
        Self { nodes: vec![root] }
    }

    /// The root.
    #[expect(clippy::unused_self, reason = "a root belongs to its tree")]
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// A new last child.
    pub fn add(&mut self, parent: NodeId, role: Role) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { role, parent: Some(parent), kids: Vec::new(), alt: None, bounds: None });
        self.hold(parent, Kid::Node(id));
        id
    }

    /// Says a picture in words.
    pub fn describe(&mut self, node: NodeId, alt: &str) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.alt = Some(alt.to_owned());
        }
    }

    /// Says where a picture stands on its page.
    pub fn bound(&mut self, node: NodeId, bounds: [f32; 4]) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.bounds = Some(bounds);
        }
    }

    /// Adds what a node holds.
    pub fn hold(&mut self, node: NodeId, kid: Kid) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.kids.push(kid);
        }
    }

    /// The name of a node's structure type.
    pub fn tag(&self, node: NodeId) -> &'static str {
        self.nodes.get(node.0).map_or("Span", |node| node.role.tag())
    }

    /// All nodes, parents before children.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(at, node)| (NodeId(at), node))
    }
}

impl Role {
    /// Its name in the file (ISO 32000-1, 14.8.4).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Heading(Level::One) => "H1",
            Self::Heading(Level::Two) => "H2",
            Self::Heading(Level::Three) => "H3",
            Self::Paragraph => "P",
            Self::List(_) => "L",
            Self::Item => "LI",
            Self::Label => "Lbl",
            Self::Body => "LBody",
            Self::Table => "Table",
            Self::Row => "TR",
            Self::ColumnHeader | Self::RowHeader => "TH",
            Self::Cell => "TD",
            Self::Section => "Sect",
            Self::Figure => "Figure",
        }
    }
}
