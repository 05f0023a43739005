//! Macros: several acts in one, for oneself or for everyone, previewed before they are run.

mod doing;
mod running;

use clients::person::plain;
use foundation::sealed::Keyring;
use foundation::search::fold;
use foundation::{Act, Actor, Error, Faults, StaffId, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Set};

use crate::entity::saved_macro;
pub use crate::entity::saved_macro::MacroId;
use crate::rules::macros::{Step, steps};
use crate::whose::{Kept, Whose, share, take_away, theirs, there, visible, write_over};

pub use running::{Outlook, Part, rehearse, run};

const NAME: &str = "macros.name";
const STEPS: &str = "macros.steps";
/// Macros somebody can have beside each other.
const MOST: u64 = 50;

/// A macro about to be saved.
#[derive(Clone, Debug)]
pub struct NewMacro {
    name: String,
    steps: Vec<Step>,
    shared: bool,
}

impl NewMacro {
    /// Parses a form's strings.
    ///
    /// # Errors
    /// No name, nothing to do, or what does not go together, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str, shared: bool) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = plain(text("macro_name"));
        if name.is_empty() || name.chars().count() > 60 {
            faults.add("macro_name", "Enter a short name, up to 60 characters");
        }
        match steps(text) {
            Ok(steps) => faults.or(|| Self { name, steps, shared }),
            Err(wrong) => {
                faults.0.extend(wrong.0);
                Err(faults)
            }
        }
    }

    fn sealed(&self, unit: &Unit) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let steps = serde_json::to_string(&self.steps).map_err(|e| Error::Broken(format!("a macro: {e}")))?;
        Ok((unit.seal_for_center(NAME, &self.name)?, unit.seal_for_center(STEPS, &steps)?))
    }
}

/// Saves a macro.
pub async fn save(unit: &mut Unit, new: NewMacro) -> Result<MacroId, Error> {
    let id: MacroId = unit.id();
    let permit = unit.permit(Act::SaveMacro, &subject(id))?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::SaveMacro))?;
    if visible::<saved_macro::Entity>(me).count(unit.tx()).await? >= MOST {
        return Err(refused("macro_name", format!("{MOST} macros are there. Take one away first.")));
    }
    can_be_run(unit, me, &new, None).await?;
    share(unit, &subject(id), new.shared)?;
    let (name, steps) = new.sealed(unit)?;
    let row = saved_macro::ActiveModel {
        id: Set(id),
        staff_id: Set(me),
        name: Set(name),
        steps: Set(steps),
        shared: Set(new.shared),
        saved_at: Set(unit.now()),
        ended_at: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "shared": new.shared }));
    Ok(id)
}

/// Changes a macro. `version` is the one the form was shown with.
pub async fn change(unit: &mut Unit, id: MacroId, version: i32, new: NewMacro) -> Result<(), Error> {
    let permit = unit.permit(Act::SaveMacro, &subject(id))?;
    let row = theirs::<saved_macro::Entity>(unit, &subject(id)).await?;
    can_be_run(unit, row.staff_id, &new, Some(id)).await?;
    share(unit, &subject(id), new.shared || row.shared)?;
    let (name, steps) = new.sealed(unit)?;
    let content = saved_macro::Entity::update_many()
        .col_expr(saved_macro::Column::Name, Expr::value(name))
        .col_expr(saved_macro::Column::Steps, Expr::value(steps));
    write_over(unit, &subject(id), version, new.shared, content).await?;
    unit.record(permit, serde_json::json!({ "shared": new.shared, "changed": true }));
    Ok(())
}

/// Takes a macro away: one's own, or a shared one by who may share.
pub async fn end(unit: &mut Unit, id: MacroId) -> Result<(), Error> {
    let permit = unit.permit(Act::EndMacro, &subject(id))?;
    take_away::<saved_macro::Entity>(unit, &subject(id)).await?;
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

fn subject(id: MacroId) -> Subject {
    Subject::of("macro", id)
}

/// A name of its own; and what is for everyone uses a reply that everyone has.
async fn can_be_run(unit: &Unit, me: StaffId, new: &NewMacro, but: Option<MacroId>) -> Result<(), Error> {
    let mut faults = Faults::default();
    let known = all(unit.tx(), unit.db().keyring()).await?;
    let doubled =
        |one: &Macro| one.whose.is_for(Some(me)) && Some(one.id) != but && fold(&one.name) == fold(&new.name);
    if known.iter().any(doubled) {
        faults.add("macro_name", "A macro of this name is there. Choose another name");
    }
    let reply = new.steps.iter().find_map(|step| if let Step::Reply(id) = step { Some(*id) } else { None });
    if let Some(id) = reply {
        let replies = crate::replies::all(unit.tx(), unit.db().keyring()).await?;
        match replies.iter().find(|reply| reply.id == id && reply.whose.is_for(Some(me))) {
            None => faults.add("macro_reply", "This reply is gone. Choose another one"),
            Some(reply) if new.shared && !reply.whose.shared => {
                faults.add("macro_reply", "A macro for everyone needs a reply for everyone");
            }
            Some(_) => {}
        }
    }
    Ok(faults.or(|| ())?)
}

/// A macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Macro {
    pub id: MacroId,
    pub whose: Whose,
    pub name: String,
    pub steps: Vec<Step>,
    pub version: i32,
}

impl Macro {
    /// Whether this colleague may change it or take it away.
    pub fn is_theirs(&self, viewer: &Actor) -> bool {
        self.whose.is_theirs(viewer, &subject(self.id))
    }
}

/// Every macro there is, oldest first; which of them somebody sees, [`Whose::is_for`] tells.
pub async fn all(reader: &impl ConnectionTrait, keyring: &Keyring) -> Result<Vec<Macro>, Error> {
    let rows = there::<saved_macro::Entity>().order_by_asc(saved_macro::Column::Id).all(reader).await?;
    rows.iter().map(|row| opened(keyring, row)).collect()
}

/// The macro with this key, when this colleague may run it.
pub async fn one(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    me: Option<StaffId>,
    id: MacroId,
) -> Result<Macro, Error> {
    let row = there::<saved_macro::Entity>().filter(saved_macro::Column::Id.eq(id)).one(reader).await?;
    let row = row.ok_or(Error::NotFound)?;
    Some(opened(keyring, &row)?).filter(|one| one.whose.is_for(me)).ok_or(Error::NotFound)
}

/// The names of macros that were run, also of those that are gone; what somebody keeps for themselves is named to nobody
/// else.
pub(crate) async fn names(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    me: Option<StaffId>,
    ids: Vec<MacroId>,
) -> Result<Vec<(MacroId, String)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = saved_macro::Entity::find().filter(saved_macro::Column::Id.is_in(ids)).all(reader).await?;
    let opened: Vec<Macro> = rows.iter().map(|row| opened(keyring, row)).collect::<Result<_, _>>()?;
    Ok(opened.into_iter().filter(|one| one.whose.is_for(me)).map(|one| (one.id, one.name)).collect())
}

fn opened(keyring: &Keyring, row: &saved_macro::Model) -> Result<Macro, Error> {
    let name = keyring.open_for_center(NAME, &row.name)?;
    let steps = keyring.open_for_center(STEPS, &row.steps)?;
    Ok(Macro {
        id: row.id,
        whose: saved_macro::Entity::whose(row),
        name: String::from_utf8_lossy(&name).into_owned(),
        steps: serde_json::from_slice(&steps).map_err(|e| Error::Broken(format!("a macro: {e}")))?,
        version: row.version,
    })
}
