//! Writes the tree of tags: what each stretch of a page is, in reading order (ISO 32000-1, 14.7).

use crate::finish::whole;
use crate::structure::{Kid, Node, NodeId, Role, Structure};
use lopdf::{Dictionary, Document, Object, ObjectId, dictionary, text_string};
use std::collections::BTreeMap;

/// Adds the tree; the object to name in the catalog.
pub fn write(file: &mut Document, structure: &Structure, pages: &[ObjectId]) -> ObjectId {
    let root = file.new_object_id();
    let ids: BTreeMap<NodeId, ObjectId> =
        structure.nodes().map(|(node, _)| (node, file.new_object_id())).collect();
    let mut on_page: Vec<BTreeMap<usize, ObjectId>> = vec![BTreeMap::new(); pages.len()];
    for (node, what) in structure.nodes() {
        let Some(id) = ids.get(&node).copied() else { continue };
        for kid in &what.kids {
            if let Kid::Mark { page, number } = kid
                && let Some(marks) = on_page.get_mut(*page)
            {
                marks.insert(*number, id);
            }
        }
        file.objects.insert(id, Object::Dictionary(element(what, root, &ids, pages)));
    }
    let parents = parent_tree(file, &on_page);
    let top = ids.get(&structure.root()).copied().map_or(Object::Null, Object::Reference);
    let tree = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => vec![top],
        "ParentTree" => parents,
        "ParentTreeNextKey" => whole(pages.len()),
    };
    file.objects.insert(root, Object::Dictionary(tree));
    root
}

fn element(node: &Node, root: ObjectId, ids: &BTreeMap<NodeId, ObjectId>, pages: &[ObjectId]) -> Dictionary {
    let parent = node.parent.and_then(|parent| ids.get(&parent)).copied().unwrap_or(root);
    let kids: Vec<Object> = node.kids.iter().filter_map(|kid| held(kid, ids, pages)).collect();
    let mut element = dictionary! {
        "Type" => "StructElem",
        "S" => node.role.tag(),
        "P" => parent,
        "K" => kids,
    };
    if let Some(alt) = &node.alt {
        element.set("Alt", text_string(alt));
    }
    if let Some(attributes) = attributes(node) {
        element.set("A", attributes);
    }
    element
}

fn held(kid: &Kid, ids: &BTreeMap<NodeId, ObjectId>, pages: &[ObjectId]) -> Option<Object> {
    match kid {
        Kid::Node(node) => ids.get(node).copied().map(Object::Reference),
        Kid::Mark { page, number } => {
            let page = *pages.get(*page)?;
            Some(dictionary! { "Type" => "MCR", "Pg" => page, "MCID" => whole(*number) }.into())
        }
    }
}

/// What a tag says beside its name: the kind of list, what a header heads, where a picture stands.
fn attributes(node: &Node) -> Option<Dictionary> {
    match node.role {
        Role::List(numbered) => {
            let numbering = if numbered { "Decimal" } else { "Disc" };
            Some(dictionary! { "O" => "List", "ListNumbering" => numbering })
        }
        Role::ColumnHeader => Some(dictionary! { "O" => "Table", "Scope" => "Column" }),
        Role::RowHeader => Some(dictionary! { "O" => "Table", "Scope" => "Row" }),
        Role::Figure => {
            let edges: Vec<Object> = node.bounds?.iter().map(|edge| Object::Real(*edge)).collect();
            Some(dictionary! { "O" => "Layout", "Placement" => "Block", "BBox" => edges })
        }
        _ => None,
    }
}

/// From a page and a stretch's number back to its tag.
fn parent_tree(file: &mut Document, on_page: &[BTreeMap<usize, ObjectId>]) -> ObjectId {
    let mut numbers: Vec<Object> = Vec::new();
    for (page, marks) in on_page.iter().enumerate() {
        let last = marks.keys().next_back().map_or(0, |last| last + 1);
        let owners: Vec<Object> =
            (0..last).map(|n| marks.get(&n).copied().map_or(Object::Null, Object::Reference)).collect();
        numbers.push(whole(page));
        numbers.push(Object::Reference(file.add_object(owners)));
    }
    file.add_object(dictionary! { "Nums" => numbers })
}
