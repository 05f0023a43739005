//! Writing a connection down.

use foundation::{Act, Error, News, PersonId, Unit};
use sea_orm::Set;
use serde_json::json;

use super::{ConnectionId, Facts, LABEL, NOTE, NewConnection, PHONE, seal_if};
use crate::caseload::subject;
use crate::connections::snapshotting;
use crate::entity;

/// Writes down a tie of `person`. The map counts as begun, and a snapshot is kept.
pub async fn record(unit: &mut Unit, person: PersonId, new: NewConnection) -> Result<ConnectionId, Error> {
    let id: ConnectionId = unit.id();
    let permit = unit.permit(Act::RecordConnection, &subject(unit.tx(), "connection", id, person).await?)?;
    let row = row_of(unit, id, person, new.facts()).await?;
    unit.insert(row).await?;
    snapshotting::after_edit(unit, person).await?;
    unit.record(permit, json!({ "connection": id }));
    unit.tell(News::Alumni);
    Ok(id)
}

async fn row_of(
    unit: &Unit,
    id: ConnectionId,
    person: PersonId,
    facts: Facts,
) -> Result<entity::connection::ActiveModel, Error> {
    let label = unit.seal(person, LABEL, &facts.label).await?;
    let note = seal_if(unit, person, NOTE, facts.note.as_deref()).await?;
    let phone = seal_if(unit, person, PHONE, facts.phone.as_deref()).await?;
    Ok(entity::connection::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        label: Set(label),
        note: Set(note),
        phone: Set(phone),
        category: Set(facts.category),
        sub_code: Set(facts.sub_code),
        kind: Set(facts.kind),
        use_status: Set(facts.use_status),
        stance: Set(facts.stance),
        contact: Set(facts.contact),
        tie: Set(facts.tie),
        nearness: Set(facts.nearness),
        reach_any_time: Set(facts.reach_any_time),
        has_current_phone: Set(facts.has_current_phone),
        how_met: Set(facts.how_met),
        reported_by: Set(facts.reported_by),
        since_on: Set(facts.since_on),
        last_contact_on: Set(facts.last_contact_on),
        may_be_printed: Set(facts.may_be_printed),
        linked_person_id: Set(facts.linked_person_id),
        unsafe_at: Set(None),
        created_at: Set(unit.now()),
        ended_at: Set(None),
        end_reason: Set(None),
        version: Set(1),
    })
}
