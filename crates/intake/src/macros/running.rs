//! Running a macro: all of it at a request, or nothing. The preview is a rehearsal: the same acts in a unit that is thrown
//! away, so that it cannot promise what the run would not do.

use foundation::staff::Directory;
use foundation::{Act, Actor, Db, Error, Unit, refused};

use super::Macro;
use super::doing::{Done, called, take};
use crate::request::undoing::{self, Beside, UndoGroup};
use crate::request::{Request, RequestId, closing};
use crate::rules::macros::Step;
use crate::rules::outcome::Closing;

/// One thing that would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub words: String,
    /// Nothing changes by it.
    pub already: bool,
    /// Why it cannot be done.
    pub why_not: Option<String>,
}

/// What a macro would do to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    pub parts: Vec<Part>,
    /// Whether it can be undone as a whole afterwards.
    pub reversible: bool,
}

impl Outlook {
    /// Whether all of it can be done, and it changes anything.
    #[must_use]
    pub fn can_be_run(&self) -> bool {
        self.parts.iter().all(|part| part.why_not.is_none()) && self.parts.iter().any(|part| !part.already)
    }
}

/// Runs it and throws everything away: what would happen, and what could not.
pub async fn rehearse(db: &Db, actor: &Actor, what: &Macro, request: &Request) -> Result<Outlook, Error> {
    let staff = Directory::of(db).await?;
    let zone = foundation::center::Center::of(db).await?.zone;
    let mut parts = Vec::new();
    let mut reversible = true;
    let thrown_away = db
        .write(actor, async |unit| {
            let mut beside = Beside::default();
            for step in &what.steps {
                let now = fresh(unit, request.id).await?;
                reversible &= is_reversible(unit, &now, step).await?;
                parts.push(match take(unit, &now, step, &staff, &mut beside).await {
                    Ok(Done::Changes(words)) => Part { words, already: false, why_not: None },
                    Ok(Done::Already(words)) => Part { words, already: true, why_not: None },
                    Err(error) => Part {
                        words: called(step, &staff, unit.now(), zone),
                        already: false,
                        why_not: Some(why_not(error)?),
                    },
                });
            }
            Err::<(), Error>(Error::Stale)
        })
        .await;
    match thrown_away {
        Ok(()) | Err(Error::Stale) => Ok(Outlook { parts, reversible }),
        Err(other) => Err(other),
    }
}

/// Why a step cannot be done, in a sentence; what is no reason is an error.
fn why_not(error: Error) -> Result<String, Error> {
    match error {
        Error::Refused(no) => Ok(no.sentence),
        Error::Invalid(faults) => Ok(format!("{faults}.")),
        Error::Forbidden(_) => Ok("This is not yours to do.".to_owned()),
        Error::Stale => Ok("The request is closed, or somebody changed it just now.".to_owned()),
        other => Err(other),
    }
}

async fn fresh(unit: &Unit, id: RequestId) -> Result<Request, Error> {
    use sea_orm::EntityTrait;
    crate::entity::request::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)
}

async fn is_reversible(unit: &Unit, request: &Request, step: &Step) -> Result<bool, Error> {
    match step {
        Step::Close(disposition, reason) => {
            closing::can_be_undone(unit.tx(), request, Closing::parse(disposition, reason, "")?).await
        }
        _ => Ok(true),
    }
}

/// Runs a macro at a request that still stands as it was shown. What can be undone whole is remembered under `group`, or
/// under a new one; the one it is under, if it is.
///
/// # Errors
/// [`Error::Stale`] when the request moved on since the preview; why a part of it cannot be done, and then nothing is.
pub async fn run(
    unit: &mut Unit,
    what: &Macro,
    request: &Request,
    version: i32,
    group: Option<UndoGroup>,
    staff: &Directory,
) -> Result<Option<UndoGroup>, Error> {
    let permit = unit.permit(Act::RunMacro, &request.subject())?;
    if !what.whose.is_for(unit.actor().staff_id()) {
        return Err(Error::NotFound);
    }
    let before = undoing::before(unit, request).await?;
    if before.version() != version {
        return Err(Error::Stale);
    }
    let mut beside = Beside::default();
    let (mut reversible, mut changes) = (true, false);
    for step in &what.steps {
        let now = fresh(unit, request.id).await?;
        reversible &= is_reversible(unit, &now, step).await?;
        changes |= matches!(take(unit, &now, step, staff, &mut beside).await?, Done::Changes(_));
    }
    if !changes {
        return Err(refused("already", "It is so already. Nothing was changed."));
    }
    unit.record(permit, serde_json::json!({ "macro": what.id }));
    if !reversible {
        return Ok(None);
    }
    let group = group.unwrap_or_else(|| unit.id());
    undoing::remember(unit, group, before, beside).await?;
    Ok(Some(group))
}
