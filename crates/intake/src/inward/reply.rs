//! An answer to a letter about a client: its words go onto the record, where whoever cares for the client reads them, and
//! are raised for them in the same unit.

use clients::{client, note};
use consent::contact_point;
use foundation::{Act, Error, PersonId, Unit};
use mail::inward::Inward;
use sea_orm::entity::prelude::*;

use super::Written;
use super::receiving::OnReply;
use crate::entity::request;
use crate::request::RequestId;

/// Characters that go into one note; what is longer goes on in the next.
const ONE_NOTE: usize = 7500;

/// The client whose letter a message answers: the one a letter to somebody else was about, the one it was to, or the one
/// its request is about.
pub(super) async fn client_of(unit: &Unit, inward: &Inward) -> Result<Option<PersonId>, Error> {
    let Some(letter) = mail::outbox::answered_letter(unit.tx(), &inward.answers).await? else {
        return Ok(None);
    };
    // Whoever read it may be a client as well; what they answer is about the other one.
    if let Some(about) = mail::third_party::about_whom(unit.tx(), letter.id).await?
        && has_record(unit, about).await?
    {
        return Ok(Some(about));
    }
    if has_record(unit, letter.person_id).await? {
        return Ok(Some(letter.person_id));
    }
    let about = request::Entity::find_by_id(RequestId(letter.subject_id)).one(unit.tx()).await?;
    match about {
        Some(about) if has_record(unit, about.prospective_id).await? => Ok(Some(about.prospective_id)),
        _ => Ok(None),
    }
}

async fn has_record(unit: &Unit, person: PersonId) -> Result<bool, Error> {
    match client::subject(unit.tx(), person).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Writes the words onto the record and raises them for whoever cares for the client.
pub(super) async fn keep(
    unit: &mut Unit,
    client: PersonId,
    inward: &Inward,
    on_reply: OnReply,
) -> Result<(), Error> {
    let points = contact_point::of(unit.tx(), client).await?;
    let is_theirs = points.iter().any(|point| point.folded == inward.from_address);
    let text = text_of(&Written::from(inward.clone()), is_theirs);
    let care = client::subject(unit.tx(), client).await?;
    for part in parts(&text) {
        // Another address may be another person's: the client gets those words by a decision only.
        note::write_marked(unit, Act::ReceiveReply, &care, &part, !is_theirs).await?;
    }
    on_reply(unit, client).await
}

/// Who wrote, whether that is an address of the client's, and every word.
fn text_of(written: &Written, is_theirs: bool) -> String {
    let from = if written.from_name.is_empty() {
        format!("From {}.", written.from_address)
    } else {
        format!("From {}, {}.", written.from_name, written.from_address)
    };
    let whose =
        if is_theirs { "" } else { "This address is not on the record: someone else may have written." };
    let left_out = written.left_out();
    let head =
        [from.as_str(), whose].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    let all = [head.as_str(), &written.subject, &written.text, &left_out];
    all.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The text in pieces that fit into a note each.
fn parts(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(ONE_NOTE).map(|part| part.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str) -> Written {
        Written {
            from_name: name.into(),
            from_address: "tomas@example.org".into(),
            subject: "Re: Checking in".into(),
            text: "He died on Friday.".into(),
            attachments: Vec::new(),
            cut: false,
        }
    }

    #[test]
    fn a_brother_who_writes_is_not_taken_for_his_brother() {
        let text = text_of(&written("Tomás Reyes"), false);
        assert!(
            text.starts_with("From Tomás Reyes, tomas@example.org. This address is not on the record"),
            "{text}"
        );
        assert!(text.ends_with("Re: Checking in\n\nHe died on Friday."), "{text}");
        assert!(!text_of(&written(""), true).contains("not on the record"));
    }

    #[test]
    fn no_word_of_a_long_letter_is_lost() {
        let text = "é".repeat(2 * ONE_NOTE + 3);
        let parts = parts(&text);
        assert_eq!((parts.len(), parts.concat()), (3, text));
    }
}
