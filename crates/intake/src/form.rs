//! The public form as an administrator has set it.

use std::sync::Arc;

use foundation::{Act, Db, Error, Subject, Unit, refused, settings};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::rules::form::{MOST, Optional, PublicForm, Question, QuestionId};

const NAME: &str = "public_form";

/// The form as it is set, and the version that a change must name.
pub async fn with_version(reader: &impl ConnectionTrait) -> Result<(PublicForm, i32), Error> {
    Ok(settings::read(reader, NAME).await?.unwrap_or_default())
}

/// The form for a page, up to five seconds old.
pub async fn of(db: &Db) -> Result<Arc<PublicForm>, Error> {
    db.kept(async { Ok(with_version(db.reader()).await?.0) }).await
}

/// What is done to the form.
#[derive(Clone, Debug)]
pub enum Change {
    Add(Question),
    Remove(QuestionId),
    LeaveOut(Optional),
    Ask(Optional),
}

/// Changes the form. `version` is the one the page was shown with. Whoever is filling it in sees the change on the next
/// page; an answer to a question that is gone is not sent.
///
/// # Errors
/// [`Error::Stale`] when somebody changed it in between; a refusal when there are too many questions.
pub async fn change(unit: &mut Unit, version: i32, change: Change) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let (mut form, _) = with_version(unit.tx()).await?;
    match change {
        Change::Add(_) if form.questions.len() >= MOST => {
            let why = format!("Ask at most {MOST} questions of your own. Take one away first.");
            return Err(refused("english", why));
        }
        Change::Add(question) => form.questions.push(Question { id: unit.id(), ..question }),
        Change::Remove(id) => {
            let at = form.questions.iter().position(|one| one.id == id).ok_or(Error::NotFound)?;
            form.questions.remove(at);
        }
        Change::LeaveOut(optional) if form.asks(optional) => form.left_out.push(optional),
        Change::LeaveOut(_) => {}
        Change::Ask(optional) => form.left_out.retain(|one| *one != optional),
    }
    settings::keep(unit, NAME, &form, version).await?;
    unit.record(permit, json!({ "fields": ["public_form"], "questions": form.questions.len() }));
    Ok(())
}
