//! Staff write down how the links of somebody open: the word agreed on, or that they choose to do without.

use foundation::{Act, Error, Faults, News, PersonId, Unit};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};
use serde_json::json;

use super::{SAID_BY, WORD};
use crate::caseload::subject;
use crate::entity::link_word::{ActiveModel, Column, Entity};

/// Letters and digits below which a word is guessed in five tries.
const SHORTEST: usize = 4;
const LONGEST: usize = 60;

/// A word as it is compared: letters and digits alone, without case and accents, so that "Blue Boat!" is "blue boat".
pub(super) fn fold(word: &str) -> String {
    foundation::search::fold(word).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A word that was agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWord(pub(super) String);

impl NewWord {
    /// Checks what was typed.
    ///
    /// # Errors
    /// At `link_word` for one that is too short or too long.
    pub fn parse(typed: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let word = fold(typed);
        let length = word.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            faults.add("link_word", "Enter a word of 4 to 60 letters or digits");
        }
        faults.or(|| Self(word))
    }
}

/// The word they agreed on with us; it takes the place of an earlier one, and of doing without.
pub async fn set(unit: &mut Unit, person: PersonId, word: &NewWord) -> Result<(), Error> {
    let hash = unit.db().keyring().hash(WORD, &word.0);
    write(unit, person, "word", Row { word: Some(hash), said_by: None, goes_without: false }).await
}

/// They choose to open their links without a word. `said_by` is who said so, and how.
///
/// # Errors
/// A fault at `said_by` when nobody is named.
pub async fn go_without(unit: &mut Unit, person: PersonId, said_by: &str) -> Result<(), Error> {
    let said_by = said_by.trim();
    if said_by.is_empty() || said_by.chars().count() > 200 {
        let mut faults = Faults::default();
        faults.add("said_by", "Write who said so and how, like “Zoë, by phone”");
        return Err(Error::Invalid(faults));
    }
    let sealed = unit.seal(person, SAID_BY, said_by).await?;
    write(unit, person, "without", Row { word: None, said_by: Some(sealed), goes_without: true }).await
}

/// From now on the day and month of birth are asked again, where they are known.
pub async fn ask_again(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    write(unit, person, "birthday", Row { word: None, said_by: None, goes_without: false }).await
}

struct Row {
    word: Option<Vec<u8>>,
    said_by: Option<Vec<u8>>,
    goes_without: bool,
}

async fn write(unit: &mut Unit, person: PersonId, opens_by: &str, row: Row) -> Result<(), Error> {
    let subject = subject(unit.tx(), "link_word", person, person).await?;
    let permit = unit.permit(Act::SetLinkWord, &subject)?;
    let row = ActiveModel {
        id: Set(person),
        word: Set(row.word),
        goes_without_at: Set(row.goes_without.then(|| unit.now())),
        said_by: Set(row.said_by),
        changed_at: Set(unit.now()),
        changed_by: Set(unit.actor().staff_id()),
    };
    let over = OnConflict::column(Column::Id)
        .update_columns([
            Column::Word,
            Column::GoesWithoutAt,
            Column::SaidBy,
            Column::ChangedAt,
            Column::ChangedBy,
        ])
        .to_owned();
    Entity::insert(row).on_conflict(over).exec_without_returning(unit.tx()).await?;
    unit.record(permit, json!({ "opens_by": opens_by }));
    unit.tell(News::Alumni);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_however_it_is_typed_and_a_short_one_is_none() {
        assert_eq!(fold(" Blue  Boat! "), fold("blue boat"));
        assert_eq!(NewWord::parse("Café 21").unwrap(), NewWord::parse("cafe21").unwrap());
        assert!(NewWord::parse("a b!").is_err() && NewWord::parse("").is_err());
    }
}
