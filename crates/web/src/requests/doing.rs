//! What was done at a request, and how it is taken back.

use foundation::{Actor, Error, Unit};
use intake::Request;
use intake::request::undoing::{self, Beside, UndoGroup};

use crate::house::House;
use crate::said::Said;

/// What was done, where it is said, and what takes it back.
pub(super) struct Done {
    pub to: String,
    pub said: Said,
    pub undo: Option<UndoGroup>,
}

impl Done {
    pub fn new(to: impl Into<String>, said: Said) -> Self {
        Self { to: to.into(), said, undo: None }
    }

    pub fn undone_by(self, group: UndoGroup) -> Self {
        Self { undo: Some(group), ..self }
    }
}

impl From<(String, Said)> for Done {
    fn from((to, said): (String, Said)) -> Self {
        Self::new(to, said)
    }
}

/// Does something that can be undone; `work` says what it did beside the request.
pub(super) async fn undoable(
    house: &House,
    me: &Actor,
    request: &Request,
    work: impl AsyncFnOnce(&mut Unit) -> Result<Beside, Error>,
) -> Result<UndoGroup, Error> {
    house
        .write(me, async |unit| {
            let before = undoing::before(unit, request).await?;
            let beside = work(unit).await?;
            let group = unit.id();
            undoing::remember(unit, group, before, beside).await?;
            Ok(group)
        })
        .await
}
