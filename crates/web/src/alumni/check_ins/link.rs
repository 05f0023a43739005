//! How the link in a letter opens: the word agreed on, doing without it, and a new letter when a link was closed.

use alumni::link_word::{self, Door, LinkAccess, NewWord};
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::{Act, Actor, Error, Instant, PersonId, refused};

use super::{At, act_on, shown};
use crate::failure::Failure;
use crate::form::{Typed, key};
use crate::house::House;
use crate::look::Tag;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let word = Access::Staff(Act::SetLinkWord);
    Routes::default()
        .act("/clients/{id}/link-word", word, set)
        .act("/clients/{id}/link-word/without", word, go_without)
        .act("/clients/{id}/link-word/birthday", word, ask_again)
        .act("/clients/{id}/check-ins/letter", Access::Staff(Act::LogCheckIn), send_again)
}

async fn set(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    change(&house, &me, &id, &typed, async |person| {
        let word = NewWord::parse(typed.text("link_word"))?;
        house.write(&me, async |unit| link_word::set(unit, person, &word).await).await
    })
    .await
}

async fn go_without(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    change(&house, &me, &id, &typed, async |person| {
        let said_by = typed.text("said_by").to_owned();
        house.write(&me, async |unit| link_word::go_without(unit, person, &said_by).await).await
    })
    .await
}

async fn ask_again(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    change(&house, &me, &id, &typed, async |person| {
        house.write(&me, async |unit| link_word::ask_again(unit, person).await).await
    })
    .await
}

/// Changes how the links open, or shows the page again with what must be put right.
async fn change(
    house: &House,
    me: &Actor,
    id: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(PersonId) -> Result<(), Error>,
) -> Result<Response, Failure> {
    let person = key(id)?;
    match work(person).await {
        Ok(()) => Ok(sent_on(&format!("/clients/{person}/check-ins"), Said::LinkWordSet, "")),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, me, person, typed, &Failure::from(error).faults()?).await
        }
        Err(other) => Err(other.into()),
    }
}

/// A new letter with a new link, for the check-in that is due.
async fn send_again(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let person = key(&id)?;
    act_on(&house, &me, &id, &typed, async |on| {
        if !on.is_due {
            return Err(refused("letter", "No check-in is due, so there is nothing to ask by letter."));
        }
        let send =
            async |unit: &mut _| followups::check_ins::send_again(unit, person, on.id, on.due_on).await;
        house.write(&me, send).await?;
        Ok(Said::LetterAgain)
    })
    .await
}

/// How the links open, in words.
pub(super) struct LinkSheet {
    pub(super) tag: Option<Tag>,
    pub(super) words: String,
    /// A link was closed by wrong tries.
    pub(super) closed: String,
    pub(super) goes_without: bool,
}

impl LinkSheet {
    pub(super) fn new(access: &LinkAccess, when: impl Fn(Instant) -> String) -> Self {
        let words = match (access.door, &access.goes_without) {
            (_, Some((at, said_by))) => {
                format!("They chose to open it without a word. Said by: {said_by}, {}.", when(*at))
            }
            (Door::Asks { word: true, birthday: true }, _) => {
                "It asks for the agreed word, or for the day and month of birth.".into()
            }
            (Door::Asks { word: true, .. }, _) => "It asks for the agreed word.".into(),
            (Door::Asks { .. }, _) => "It asks for the day and month of birth.".into(),
            (Door::Open | Door::Closed, None) => {
                "There is no agreed word, and no birth date on the record. The link in a letter shows nothing but \
                 911, 988 and “Please call me”. Agree on a word when you talk."
                    .into()
            }
        };
        let closed = access.closed_at.map(&when).map(|at| {
            format!("The link of the newest letter was closed {at}, after five wrong tries. Call first: somebody else may \
                     read their mail. Then send a new letter.")
        });
        Self {
            tag: (access.door == Door::Closed).then(|| Tag::new("soon", "diamond", "Agreed word missing")),
            words,
            closed: closed.unwrap_or_default(),
            goes_without: access.goes_without.is_some(),
        }
    }
}
