//! Writes the bookmarks beside the page: each heading with its place, smaller ones under larger ones.

use crate::document::Level;
use crate::finish::whole;
use crate::strips::Bookmark;
use lopdf::{Document, Object, ObjectId, dictionary, text_string};

/// One entry, with the ranks under it.
struct Entry<'a> {
    id: ObjectId,
    title: &'a str,
    level: Level,
    page: ObjectId,
    top: f32,
    under: Vec<Entry<'a>>,
}

/// Adds the outline; `None` when there is no heading.
pub fn write(
    file: &mut Document,
    headings: &[(Bookmark, usize, f32)],
    pages: &[ObjectId],
) -> Option<ObjectId> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for (bookmark, page, top) in headings {
        let page = *pages.get(*page)?;
        let id = file.new_object_id();
        let entry =
            Entry { id, title: &bookmark.title, level: bookmark.level, page, top: *top, under: Vec::new() };
        nest(&mut entries, entry);
    }
    let (first, last) = (entries.first()?.id, entries.last()?.id);
    let root = file.new_object_id();
    let shown = put(file, &entries, root);
    let outline =
        dictionary! { "Type" => "Outlines", "First" => first, "Last" => last, "Count" => whole(shown) };
    file.objects.insert(root, Object::Dictionary(outline));
    Some(root)
}

/// Under the last entry of a higher rank, or beside it.
fn nest<'a>(entries: &mut Vec<Entry<'a>>, entry: Entry<'a>) {
    match entries.last_mut() {
        Some(last) if last.level < entry.level => nest(&mut last.under, entry),
        _ => entries.push(entry),
    }
}

/// Writes entries and all under them; how many there are.
fn put(file: &mut Document, entries: &[Entry<'_>], parent: ObjectId) -> usize {
    let mut shown = 0;
    for (at, entry) in entries.iter().enumerate() {
        let under = put(file, &entry.under, entry.id);
        shown += 1 + under;
        let place = vec![
            Object::Reference(entry.page),
            Object::Name(b"XYZ".to_vec()),
            Object::Integer(0),
            Object::Real(entry.top),
            Object::Null,
        ];
        let mut item =
            dictionary! { "Title" => text_string(entry.title), "Parent" => parent, "Dest" => place };
        let beside = |at: Option<usize>| at.and_then(|at| entries.get(at)).map(|entry| entry.id);
        for (name, id) in [
            ("Prev", beside(at.checked_sub(1))),
            ("Next", beside(at.checked_add(1))),
            ("First", entry.under.first().map(|entry| entry.id)),
            ("Last", entry.under.last().map(|entry| entry.id)),
        ] {
            if let Some(id) = id {
                item.set(name, id);
            }
        }
        if under > 0 {
            item.set("Count", whole(under));
        }
        file.objects.insert(entry.id, Object::Dictionary(item));
    }
    shown
}
