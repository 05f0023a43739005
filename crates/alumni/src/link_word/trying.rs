//! Giving the word of a link. Five tries; they are counted in the tables before anything is compared, so that many at
//! once are not more than five.

use chrono::Datelike;
use foundation::links::{self, Link};
use foundation::{Act, Error, News, Unit};
use sea_orm::EntityTrait;
use serde_json::json;

use super::setting::fold;
use super::{WORD, born_on};
use crate::caseload::subject;
use crate::entity::link_word::Entity;

/// What somebody gave: a word, or the day and month of birth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    pub word: String,
    /// Day and month, as chosen.
    pub birthday: Option<(u32, u32)>,
}

impl Given {
    /// Whether anything was given at all: an empty form is no try.
    pub fn is_nothing(&self) -> bool {
        fold(&self.word).is_empty() && self.birthday.is_none()
    }
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Right,
    /// So many tries are left.
    Wrong(i32),
    /// It was the last one, or there was none left: the link shows nothing any more.
    Closed,
}

/// Somebody gives the word of a link. A right one is no try.
pub async fn give(unit: &mut Unit, link: &Link, given: &Given) -> Result<Tried, Error> {
    let person = link.person_id;
    let permit = unit.permit(Act::TryLink, &subject(unit.tx(), "link", link.id, person).await?)?;
    let tried = match links::claim_try(unit, link.id).await? {
        None => Tried::Closed,
        Some(_) if is_right(unit, link, given).await? => {
            links::give_try_back(unit, link.id).await?;
            Tried::Right
        }
        Some(0) => {
            links::close_by_tries(unit, link.id).await?;
            unit.tell(News::Alumni);
            Tried::Closed
        }
        Some(left) => Tried::Wrong(left),
    };
    let result = match tried {
        Tried::Right => "right",
        Tried::Wrong(_) => "wrong",
        Tried::Closed => "closed",
    };
    unit.record(permit, json!({ "result": result }));
    Ok(tried)
}

async fn is_right(unit: &Unit, link: &Link, given: &Given) -> Result<bool, Error> {
    let row = Entity::find_by_id(link.person_id).one(unit.tx()).await?;
    let keyring = unit.db().keyring();
    let word = fold(&given.word);
    let kept = row.and_then(|row| row.word).unwrap_or_default();
    let by_word = !word.is_empty() && is_same(&keyring.hash(WORD, &word), &kept);
    let born = born_on(unit.tx(), link.person_id).await?.map(|day| (day.day(), day.month()));
    let birthday = |day: Option<(u32, u32)>| match day {
        Some((day, month)) => keyring.hash(WORD, &format!("{day} {month}")),
        None => Vec::new(),
    };
    let by_birthday = born.is_some() && is_same(&birthday(given.birthday), &birthday(born));
    Ok(by_word | by_birthday)
}

/// Compares in the same time whatever the two are: how long it takes tells nothing about what is right.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differs = one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b));
    one.len() == other.len() && !one.is_empty() && std::hint::black_box(differs) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_like_nothing() {
        assert!(is_same(&[1, 2], &[1, 2]));
        assert!(!is_same(&[1, 2], &[1, 3]) && !is_same(&[1], &[1, 2]) && !is_same(&[], &[]));
        assert!(Given { word: " !".into(), birthday: None }.is_nothing());
    }
}
