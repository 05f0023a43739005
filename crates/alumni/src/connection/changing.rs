//! Changing a connection, and saying that it is harmful. A stale save changes nothing.

use foundation::{Act, Error, Instant, News, Unit};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::json;

use super::{Connection, ConnectionId, Facts, LABEL, NOTE, NewConnection, PHONE, one, seal_if};
use crate::caseload::subject;
use crate::connections::snapshotting;
use crate::entity::connection::{Column, Entity};

/// Replaces what is written about a tie, if nobody changed it since `version`; else [`Error::Stale`].
pub async fn change(
    unit: &mut Unit,
    id: ConnectionId,
    version: i32,
    new: NewConnection,
) -> Result<(), Error> {
    let before = one(unit.tx(), id).await?;
    let person = before.person_id;
    let permit = unit.permit(Act::ChangeConnection, &subject(unit.tx(), "connection", id, person).await?)?;
    let facts = new.facts();
    let fields = changed_fields(&before, &facts);
    let label = unit.seal(person, LABEL, &facts.label).await?;
    let note = seal_if(unit, person, NOTE, facts.note.as_deref()).await?;
    let phone = seal_if(unit, person, PHONE, facts.phone.as_deref()).await?;
    let changed = Entity::update_many()
        .col_expr(Column::Label, Expr::value(label))
        .col_expr(Column::Note, Expr::value(note))
        .col_expr(Column::Phone, Expr::value(phone))
        .col_expr(Column::Category, Expr::value(facts.category))
        .col_expr(Column::SubCode, Expr::value(facts.sub_code))
        .col_expr(Column::Kind, Expr::value(facts.kind))
        .col_expr(Column::UseStatus, Expr::value(facts.use_status))
        .col_expr(Column::Stance, Expr::value(facts.stance))
        .col_expr(Column::Contact, Expr::value(facts.contact))
        .col_expr(Column::Tie, Expr::value(facts.tie))
        .col_expr(Column::Nearness, Expr::value(facts.nearness))
        .col_expr(Column::ReachAnyTime, Expr::value(facts.reach_any_time))
        .col_expr(Column::HasCurrentPhone, Expr::value(facts.has_current_phone))
        .col_expr(Column::HowMet, Expr::value(facts.how_met))
        .col_expr(Column::ReportedBy, Expr::value(facts.reported_by))
        .col_expr(Column::SinceOn, Expr::value(facts.since_on))
        .col_expr(Column::LastContactOn, Expr::value(facts.last_contact_on))
        .col_expr(Column::MayBePrinted, Expr::value(facts.may_be_printed))
        .col_expr(Column::LinkedPersonId, Expr::value(facts.linked_person_id))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(version))
        .filter(Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::Stale);
    }
    snapshotting::after_edit(unit, person).await?;
    unit.record(permit, json!({ "fields": fields }));
    unit.tell(News::Alumni);
    Ok(())
}

/// The names of the plain fields that differ; sealed texts are named whenever they were saved.
fn changed_fields(before: &Connection, after: &Facts) -> Vec<&'static str> {
    let mut fields = vec!["label", "note", "phone"];
    let mut note = |differs: bool, name: &'static str| {
        if differs {
            fields.push(name);
        }
    };
    note(before.category != after.category || before.sub_code != after.sub_code, "category");
    note(before.kind != after.kind, "kind");
    note(before.use_status != after.use_status, "use_status");
    note(before.stance != after.stance, "stance");
    note(before.contact != after.contact, "contact");
    note(before.tie != after.tie, "tie");
    note(before.nearness != after.nearness, "nearness");
    note(before.reach_any_time != after.reach_any_time, "reach_any_time");
    note(before.has_current_phone != after.has_current_phone, "has_current_phone");
    note(before.may_be_printed != after.may_be_printed, "may_be_printed");
    note(before.linked_person_id != after.linked_person_id, "linked_person_id");
    fields
}

/// Marks a tie harmful: from now on it is in no count, no suggestion and nothing that leaves the house.
pub async fn mark_unsafe(unit: &mut Unit, id: ConnectionId) -> Result<(), Error> {
    let now = unit.now();
    set_standing(unit, id, Some(now)).await
}

/// Takes the mark back, as when it was set on the wrong line.
pub async fn mark_safe(unit: &mut Unit, id: ConnectionId) -> Result<(), Error> {
    set_standing(unit, id, None).await
}

async fn set_standing(unit: &mut Unit, id: ConnectionId, unsafe_at: Option<Instant>) -> Result<(), Error> {
    let before = one(unit.tx(), id).await?;
    let person = before.person_id;
    let permit = unit.permit(Act::ChangeConnection, &subject(unit.tx(), "connection", id, person).await?)?;
    Entity::update_many()
        .col_expr(Column::UnsafeAt, Expr::value(unsafe_at))
        .col_expr(Column::MayBePrinted, Expr::value(before.may_be_printed && unsafe_at.is_none()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    snapshotting::after_edit(unit, person).await?;
    // The ledger is read in timelines and accountings: it says that something changed, not what was said of a tie.
    unit.record(permit, json!({ "fields": ["standing"] }));
    unit.tell(News::Alumni);
    Ok(())
}
