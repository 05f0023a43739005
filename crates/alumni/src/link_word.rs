//! The word before a check-in link shows anything: what an alum agreed on with us, or the day and month of birth. Letters
//! are opened by whoever reads the mailbox; the word is what that reader does not have (domain reference 1.13).

mod setting;
mod trying;

use foundation::{Act, Actor, Error, Instant, PersonId, StaffId};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

use crate::caseload;
use crate::entity::link_word::{Entity, Model};

pub use setting::{NewWord, ask_again, go_without, set};
pub use trying::{Given, Tried, give};

/// Where who said so is sealed.
pub(crate) const SAID_BY: &str = "link_words.said_by";
/// Where the word is hashed under the center's key.
pub(crate) const WORD: &str = "link_words.word";

/// What a link asks before it shows a name or a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// They chose to do without.
    Open,
    /// One of these opens it.
    Asks { word: bool, birthday: bool },
    /// Neither is known, so nothing can be asked, and nothing is shown but how to reach somebody.
    Closed,
}

/// The rule: who chose to do without is asked nothing; else what is known is asked; else the link shows nothing.
pub fn decide(goes_without: bool, word: bool, birthday: bool) -> Door {
    match (goes_without, word || birthday) {
        (true, _) => Door::Open,
        (false, true) => Door::Asks { word, birthday },
        (false, false) => Door::Closed,
    }
}

/// What a link of `person` asks.
pub async fn door(reader: &impl ConnectionTrait, person: PersonId) -> Result<Door, Error> {
    let row = Entity::find_by_id(person).one(reader).await?;
    let word = row.as_ref().is_some_and(|row| row.word.is_some());
    let goes_without = row.is_some_and(|row| row.goes_without_at.is_some());
    Ok(decide(goes_without, word, born_on(reader, person).await?.is_some()))
}

/// How the links of a person open, as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkAccess {
    pub door: Door,
    /// They chose to do without: when, and who said so.
    pub goes_without: Option<(Instant, String)>,
    pub changed_by: Option<StaffId>,
    /// Of the newest link, when its last try was wrong and it was closed by that; a new letter is needed.
    pub closed_at: Option<Instant>,
}

/// How the links of a person open, for whoever may see their check-ins.
pub async fn load_access(
    reader: &impl ConnectionTrait,
    keyring: &foundation::sealed::Keyring,
    viewer: &Actor,
    person: PersonId,
) -> Result<LinkAccess, Error> {
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, person).await?;
    let row = Entity::find_by_id(person).one(reader).await?;
    let goes_without = match &row {
        Some(Model { goes_without_at: Some(at), said_by: Some(said), .. }) => {
            Some((*at, keyring.open(reader, person, SAID_BY, said).await?))
        }
        _ => None,
    };
    let newest = foundation::links::find_newest(reader, foundation::links::Purpose::CheckIn, person).await?;
    Ok(LinkAccess {
        door: door(reader, person).await?,
        goes_without,
        changed_by: row.and_then(|row| row.changed_by),
        closed_at: newest.and_then(|link| link.closed_at),
    })
}

/// The birth date on the record; the column is read here and never written.
async fn born_on(reader: &impl ConnectionTrait, person: PersonId) -> Result<Option<Date>, Error> {
    let mut ask = Query::select();
    ask.from("people").column("born_on").and_where(Expr::col("id").eq(person));
    let row = reader.query_one(&ask).await?.ok_or(Error::NotFound)?;
    Ok(row.try_get("", "born_on")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_asks_what_is_known_and_shows_nothing_when_nothing_is() {
        assert_eq!(decide(false, true, false), Door::Asks { word: true, birthday: false });
        assert_eq!(decide(false, false, true), Door::Asks { word: false, birthday: true });
        assert_eq!(decide(false, false, false), Door::Closed);
        assert_eq!(decide(true, false, false), Door::Open);
        assert_eq!(decide(true, true, true), Door::Open, "it is their choice");
    }
}
