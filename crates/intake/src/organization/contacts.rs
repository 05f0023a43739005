//! Whom to call at an organization: written down, put right, ended.

use foundation::{Act, Error, Faults, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, QueryOrder, Set};

use super::recording::{find_by_everything, sealed};
use super::{CONTACT_NOTES, Contact, ContactId, Organization, OrganizationId, Reached, line, name};
use crate::entity::contact;

/// Someone at an organization, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContact {
    name: String,
    position: Option<String>,
    reached: Reached,
}

impl NewContact {
    /// Reads a form.
    ///
    /// # Errors
    /// What cannot be kept, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = name(&text, "Enter the name of whom to call there", &mut faults);
        let position = line(&text, "position", &mut faults);
        let reached = Reached::parse(&text, &mut faults);
        faults.or(|| Self { name, position, reached })
    }
}

/// Someone at an organization with the notes about them, opened.
pub type WithNotes = (Contact, Option<String>);

/// Those who can be called at an organization now, by name.
pub async fn of(reader: &impl ConnectionTrait, id: OrganizationId) -> Result<Vec<Contact>, Error> {
    Ok(contact::Entity::find()
        .filter(contact::Column::OrganizationId.eq(id))
        .filter(contact::Column::EndedAt.is_null())
        .order_by_asc(contact::Column::Name)
        .order_by_asc(contact::Column::Id)
        .all(reader)
        .await?)
}

/// Writes down whom to call.
pub async fn add(unit: &mut Unit, at: &Organization, new: NewContact) -> Result<ContactId, Error> {
    let permit = unit.permit(Act::ChangeSources, &at.subject())?;
    let id: ContactId = unit.id();
    let row = contact::ActiveModel {
        id: Set(id),
        organization_id: Set(at.id),
        name: Set(new.name),
        position: Set(new.position),
        phone: Set(new.reached.phone),
        email: Set(new.reached.email),
        preferred: Set(new.reached.preferred),
        notes: Set(sealed(unit, CONTACT_NOTES, new.reached.notes.as_deref())?),
        added_at: Set(unit.now()),
        added_by: Set(unit.actor().staff_id()),
        ended_at: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    find_by_everything(unit, at.id).await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "contact": id }));
    Ok(id)
}

/// Puts right what is known of whom to call.
pub async fn change(
    unit: &mut Unit,
    at: &Organization,
    id: ContactId,
    version: i32,
    new: NewContact,
) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSources, &at.subject())?;
    let notes = sealed(unit, CONTACT_NOTES, new.reached.notes.as_deref())?;
    let done = contact::Entity::update_many()
        .col_expr(contact::Column::Name, Expr::value(new.name))
        .col_expr(contact::Column::Position, Expr::value(new.position))
        .col_expr(contact::Column::Phone, Expr::value(new.reached.phone))
        .col_expr(contact::Column::Email, Expr::value(new.reached.email))
        .col_expr(contact::Column::Preferred, Expr::value(new.reached.preferred))
        .col_expr(contact::Column::Notes, Expr::value(notes))
        .col_expr(contact::Column::Version, Expr::col(contact::Column::Version).add(1))
        .filter(contact::Column::Id.eq(id))
        .filter(contact::Column::OrganizationId.eq(at.id))
        .filter(contact::Column::Version.eq(version))
        .filter(contact::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    find_by_everything(unit, at.id).await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "contact": id }));
    Ok(())
}

/// They work there no more. What came through them stays counted.
pub async fn end(unit: &mut Unit, at: &Organization, id: ContactId) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSources, &at.subject())?;
    contact::Entity::update_many()
        .col_expr(contact::Column::EndedAt, Expr::value(Some(unit.now())))
        .filter(contact::Column::Id.eq(id))
        .filter(contact::Column::OrganizationId.eq(at.id))
        .filter(contact::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    find_by_everything(unit, at.id).await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "contact": id, "ended": true }));
    Ok(())
}
