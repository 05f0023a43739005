//! Writing an organization down, and putting it right.

use foundation::search::{fold, phone_terms};
use foundation::{Act, Error, Faults, Subject, Unit};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::{KIND, NOTES, NewOrganization, Organization, OrganizationId, contacts};
use crate::entity::organization;

/// Writes an organization down.
///
/// # Errors
/// A fault at `another` when one of this name is there and nobody said that this is another one.
pub async fn record(unit: &mut Unit, new: NewOrganization) -> Result<OrganizationId, Error> {
    let id: OrganizationId = unit.id();
    let permit = unit.permit(Act::ChangeSources, &Subject::of("referral_organization", id))?;
    not_there_yet(unit, &new, None).await?;
    let row = organization::ActiveModel {
        id: Set(id),
        name_folded: Set(fold(&new.name)),
        name: Set(new.name),
        kind: Set(new.kind),
        address: Set(new.address),
        phone: Set(new.reached.phone),
        email: Set(new.reached.email),
        preferred: Set(new.reached.preferred),
        notes: Set(sealed(unit, NOTES, new.reached.notes.as_deref())?),
        added_at: Set(unit.now()),
        added_by: Set(unit.actor().staff_id()),
        ended_at: Set(None),
        version: Set(1),
        merged_into: Set(None),
    };
    unit.insert(row).await?;
    find_by_everything(unit, id).await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "organization": id }));
    Ok(id)
}

/// Puts an organization right. `version` is the one the page was shown with.
pub async fn change(
    unit: &mut Unit,
    on: &Organization,
    version: i32,
    new: NewOrganization,
) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSources, &on.subject())?;
    not_there_yet(unit, &new, Some(on)).await?;
    let notes = sealed(unit, NOTES, new.reached.notes.as_deref())?;
    let done = organization::Entity::update_many()
        .col_expr(organization::Column::NameFolded, Expr::value(fold(&new.name)))
        .col_expr(organization::Column::Name, Expr::value(new.name))
        .col_expr(organization::Column::Kind, Expr::value(new.kind))
        .col_expr(organization::Column::Address, Expr::value(new.address))
        .col_expr(organization::Column::Phone, Expr::value(new.reached.phone))
        .col_expr(organization::Column::Email, Expr::value(new.reached.email))
        .col_expr(organization::Column::Preferred, Expr::value(new.reached.preferred))
        .col_expr(organization::Column::Notes, Expr::value(notes))
        .col_expr(organization::Column::Version, Expr::col(organization::Column::Version).add(1))
        .filter(organization::Column::Id.eq(on.id))
        .filter(organization::Column::Version.eq(version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    find_by_everything(unit, on.id).await?;
    unit.house_changed();
    unit.record(
        permit,
        serde_json::json!({ "fields": ["name", "kind", "address", "phone", "email", "notes"] }),
    );
    Ok(())
}

/// Two places may share a name; one place written down twice splits what came from it.
async fn not_there_yet(unit: &Unit, new: &NewOrganization, on: Option<&Organization>) -> Result<(), Error> {
    let same = organization::Entity::find()
        .filter(organization::Column::NameFolded.eq(fold(&new.name)))
        .filter(organization::Column::EndedAt.is_null())
        .all(unit.tx())
        .await?;
    let other = same.iter().any(|one| on.is_none_or(|on| on.id != one.id));
    if other && !new.another {
        let mut faults = Faults::default();
        faults.add("another", "One of this name is here already. Open it, or say that this is another one");
        return Err(faults.into());
    }
    Ok(())
}

pub(super) fn sealed(unit: &Unit, place: &str, text: Option<&str>) -> Result<Option<Vec<u8>>, Error> {
    text.map(|text| unit.seal_for_center(place, text)).transpose()
}

/// Makes an organization findable by its own name and number and those of whoever is called there.
pub(super) async fn find_by_everything(unit: &Unit, id: OrganizationId) -> Result<(), Error> {
    let row = organization::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let mut texts = vec![row.name, row.phone.map(|n| phone_terms(&n)).unwrap_or_default()];
    for contact in contacts::of(unit.tx(), id).await? {
        texts.push(contact.name);
        texts.extend(contact.phone.map(|n| phone_terms(&n)));
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    unit.make_findable(KIND, id.0, &texts).await
}
