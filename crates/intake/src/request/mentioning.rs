//! Naming a colleague in a note, like @ana: they find it on their day until they say that they saw it.

use clients::note::{self, NoteId};
use foundation::sealed::Keyring;
use foundation::search::fold;
use foundation::staff::inviting::everyone;
use foundation::staff::{Directory, Member};
use foundation::{Act, Actor, Error, Faults, Instant, News, StaffId, Unit, may};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};

use super::{Request, RequestId};
pub use crate::entity::mention::MentionId;
use crate::entity::{mention, request};
use crate::rules::naming::nearest;

/// Colleagues in one note; more is a meeting.
const MOST: usize = 10;
/// Mentions on one day at the most.
const SHOWN: u64 = 50;
/// So much of a note is shown beside a name.
const OPENING: usize = 120;

/// What stands after each @ of a text, where one begins a word.
fn handles(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c == '@' && !before.is_alphanumeric() {
            let rest = text.get(at + 1..).unwrap_or_default();
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "._-".contains(c))).unwrap_or(rest.len());
            // A dot at the end closes the sentence.
            let handle = rest.get(..end).unwrap_or_default().trim_end_matches(['.', '-', '_']);
            if !handle.is_empty() && !found.contains(&handle) {
                found.push(handle);
            }
        }
        before = c;
    }
    found
}

/// Whom a handle means: a sign-in name, or a first name that one alone has.
fn meant<'a>(handle: &str, here: &'a [Member]) -> Result<&'a Member, String> {
    let wanted = fold(handle);
    if let Some(one) = here.iter().find(|one| fold(&one.sign_in_name) == wanted) {
        return Ok(one);
    }
    let first = |one: &Member| fold(one.name.split_whitespace().next().unwrap_or_default());
    let fits: Vec<&Member> =
        here.iter().filter(|one| first(one) == wanted || fold(&one.name) == wanted).collect();
    match fits.as_slice() {
        [one] => Ok(one),
        [] => {
            let names: Vec<(String, &str)> = here
                .iter()
                .flat_map(|one| [(fold(&one.sign_in_name), one), (first(one), one)])
                .map(|(name, one)| (name, one.sign_in_name.as_str()))
                .collect();
            let near = nearest(&wanted, names.iter().map(|(name, _)| name.as_str()));
            let near = near.and_then(|near| names.iter().find(|(name, _)| name == near));
            let near = near.map(|(_, handle)| format!(" Did you mean @{handle}?"));
            Err(format!("Nobody here is called @{handle}.{}", near.unwrap_or_default()))
        }
        [..] => Err(format!("More than one here is called @{handle}. Use the name they sign in with")),
    }
}

/// The colleagues a note names, each of whom may see the request.
///
/// # Errors
/// A fault at `note` for a name nobody has, and for a colleague who may not see the request.
async fn named(unit: &Unit, on: &Request, text: &str) -> Result<Vec<Member>, Error> {
    let handles = handles(text);
    if handles.is_empty() {
        return Ok(Vec::new());
    }
    let here: Vec<Member> =
        everyone(unit.tx()).await?.into_iter().filter(|one| one.disabled_at.is_none()).collect();
    let mut faults = Faults::default();
    if handles.len() > MOST {
        faults.add("note", format!("Name up to {MOST} colleagues in one note"));
    }
    let mut named: Vec<Member> = Vec::new();
    for handle in handles.into_iter().take(MOST) {
        match meant(handle, &here) {
            Ok(one) if !may(&one.actor(), Act::OpenRequest, &on.subject()) => {
                faults.add("note", format!("{} cannot see requests. Ask them in another way", one.name));
            }
            Ok(one) if named.iter().any(|before| before.id == one.id) => {}
            Ok(one) => named.push(one.clone()),
            Err(words) => faults.add("note", words),
        }
    }
    Ok(faults.or(|| named)?)
}

/// Tells those who are named in a note. Whoever names themselves needs no telling.
pub(super) async fn mention(unit: &mut Unit, on: &Request, text: &str, note: NoteId) -> Result<(), Error> {
    let me = unit.actor().staff_id();
    for one in named(unit, on, text).await? {
        let Some(by) = me.filter(|me| *me != one.id) else { continue };
        let permit = unit.permit(Act::NameColleague, &on.subject())?;
        let row = mention::ActiveModel {
            id: Set(unit.id()),
            request_id: Set(on.id),
            note_id: Set(note),
            person_id: Set(on.prospective_id),
            staff_id: Set(one.id),
            by_id: Set(by),
            named_at: Set(unit.now()),
            seen_at: Set(None),
        };
        unit.insert(row).await?;
        unit.record(permit, serde_json::json!({ "to": one.id }));
    }
    Ok(())
}

/// Takes the mentions of a note back with it.
///
/// # Errors
/// A refusal when somebody has seen theirs.
pub(super) async fn unmention(unit: &Unit, note: NoteId) -> Result<(), Error> {
    let seen = mention::Entity::find()
        .filter(mention::Column::NoteId.eq(note))
        .filter(mention::Column::SeenAt.is_not_null())
        .count(unit.tx())
        .await?;
    if seen > 0 {
        return Err(foundation::refused("seen", "A colleague has read the note already. It stands."));
    }
    mention::Entity::delete_many().filter(mention::Column::NoteId.eq(note)).exec(unit.tx()).await?;
    Ok(())
}

/// Says that one saw it. Twice is once.
pub async fn see(unit: &mut Unit, id: MentionId) -> Result<(), Error> {
    let me = unit.actor().staff_id();
    let row = mention::Entity::find_by_id(id).one(unit.tx()).await?;
    let row = row.filter(|row| Some(row.staff_id) == me).ok_or(Error::NotFound)?;
    let about = request::Entity::find_by_id(row.request_id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::SeeMention, &about.subject())?;
    mention::Entity::update_many()
        .col_expr(mention::Column::SeenAt, Expr::value(Some(unit.now())))
        .filter(mention::Column::Id.eq(id))
        .filter(mention::Column::SeenAt.is_null())
        .exec(unit.tx())
        .await?;
    unit.record(permit, serde_json::json!({}));
    unit.tell(News::Inbox);
    Ok(())
}

/// Where somebody was named and has not said that they saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: MentionId,
    pub reference: String,
    /// Who asked.
    pub name: String,
    pub by: String,
    pub at: Instant,
    /// The beginning of the note.
    pub opening: String,
}

/// Where the viewer was named, the newest first. What they may not see (any more) does not exist here.
pub async fn unseen(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    keyring: &Keyring,
    staff: &Directory,
) -> Result<Vec<Named>, Error> {
    let rows = mention::Entity::find()
        .filter(mention::Column::StaffId.eq(viewer.staff_id()))
        .filter(mention::Column::SeenAt.is_null())
        .order_by_desc(mention::Column::Id)
        .limit(SHOWN)
        .all(reader)
        .await?;
    let mut all = Vec::new();
    for row in rows {
        let about = request::Entity::find_by_id(row.request_id).one(reader).await?.ok_or(Error::NotFound)?;
        if !may(viewer, Act::OpenRequest, &about.subject()) {
            continue;
        }
        let mut notes = note::opened(reader, keyring, row.person_id, vec![row.note_id]).await?;
        let Some(note) = notes.remove(&row.note_id) else { continue };
        all.push(Named {
            id: row.id,
            reference: about.reference,
            name: clients::person::name_of(reader, about.caller_id).await?,
            by: staff.name(row.by_id).unwrap_or("A former colleague").to_owned(),
            at: row.named_at,
            opening: opening(&note.text),
        });
    }
    Ok(all)
}

/// The request somebody was named at.
pub async fn about(reader: &impl ConnectionTrait, id: MentionId, me: StaffId) -> Result<RequestId, Error> {
    let row = mention::Entity::find_by_id(id).one(reader).await?;
    row.filter(|row| row.staff_id == me).map(|row| row.request_id).ok_or(Error::NotFound)
}

fn opening(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= OPENING {
        return line;
    }
    let cut: String = line.chars().take(OPENING).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_at_begins_a_name_where_a_word_begins_and_an_address_is_none() {
        assert_eq!(handles("@ana, can you? Also @ben.kealoha. jo@example.com"), ["ana", "ben.kealoha"]);
        assert_eq!(handles("(@Ana) @ana"), ["Ana", "ana"]);
        assert!(handles("@ @@ a@b mail@").is_empty());
        assert_eq!(handles("@zoë?"), ["zoë"]);
    }

    #[test]
    fn the_beginning_of_a_note_is_one_line() {
        assert_eq!(opening("Look\n at   this"), "Look at this");
        assert_eq!(opening(&"é".repeat(200)).chars().count(), OPENING + 1);
    }
}
