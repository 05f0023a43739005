//! What this room keeps about people, for export, merge and forgetting.

mod dying;
mod forgetting;
mod moving;

use foundation::holding::{Holding, Holds, OthersWords};
use foundation::sealed::Keyring;
use foundation::{Error, Instant, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryOrder};
use serde_json::{Value, json};

use crate::check_in::{ALUM_ANSWERS, ANSWERS, ATTEMPT_NOTE, Outcome, TALK_NOTE};
use crate::connection::{LABEL, NOTE, PHONE};
use crate::connections::{CLIENT_VIEW, snapshotting};
use crate::entity::{aftercare, alum_answers, attempt, check_in, connection, link_word as word, map, talk};
use crate::link_word::SAID_BY;

/// Somebody else picked up: the person gets what was noted by a decision only.
const SOMEBODY_ELSE: [Outcome; 2] = [Outcome::MessageLeft, Outcome::WrongNumber];

/// Connections, aftercare, check-ins and flags of a person.
pub struct Alumni;

impl Holding for Alumni {
    fn name(&self) -> &'static str {
        "alumni"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("connections", "person_id"),
            ("connections", "linked_person_id"),
            ("connection_maps", "id"),
            ("connection_snapshots", "person_id"),
            ("aftercares", "person_id"),
            ("check_ins", "person_id"),
            ("check_in_attempts", "person_id"),
            ("alum_answers", "person_id"),
            ("link_words", "id"),
            ("flags", "person_id"),
            ("talks", "person_id"),
        ]
    }

    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Value> {
        Box::pin(async move {
            Ok(json!({
                "connections": connections(reader, keyring, person).await?,
                "how_they_see_it": own_view(reader, keyring, person).await?,
                "aftercare": aftercares(reader, person).await?,
                "check_ins": check_ins(reader, keyring, person).await?,
                "link_word": link_word(reader, keyring, person).await?,
                "said_through_links": said_through_links(reader, keyring, person).await?,
                "attempts": attempts(reader, keyring, person).await?,
                "calls_outside_of_aftercare": talks(reader, keyring, person).await?,
            }))
        })
    }

    /// Where somebody else picked up, what is noted is what that one said.
    fn said_by_others<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Vec<OthersWords>> {
        Box::pin(async move {
            let mut all = Vec::new();
            let tries = attempt::Entity::find()
                .filter(attempt::Column::PersonId.eq(person))
                .filter(attempt::Column::Outcome.is_in(SOMEBODY_ELSE))
                .order_by_asc(attempt::Column::Id)
                .all(reader)
                .await?;
            let talks = talk::Entity::find()
                .filter(talk::Column::PersonId.eq(person))
                .filter(talk::Column::Outcome.is_in(SOMEBODY_ELSE))
                .order_by_asc(talk::Column::Id)
                .all(reader)
                .await?;
            let tries =
                tries.into_iter().map(|row| (format!("attempt/{}", row.id), ATTEMPT_NOTE, row.at, row.note));
            let talks =
                talks.into_iter().map(|row| (format!("talk/{}", row.id), TALK_NOTE, row.at, row.note));
            for (item, place, at, note) in tries.chain(talks) {
                let note = opened(reader, keyring, person, place, note.as_deref()).await?;
                let Some(note) = note.filter(|note| !note.trim().is_empty()) else { continue };
                let kind = "A note of a call that someone else answered";
                all.push(OthersWords { item, kind, at, content: json!({ "text": note }) });
            }
            Ok(all)
        })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            moving::Move { unit: &*unit, from, survivor }.all().await?;
            // What was kept of two half maps says nothing of the one they became.
            snapshotting::anew(unit, survivor).await
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move { forgetting::all(unit, person).await })
    }

    fn end_for_death<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move { dying::end_all(unit, person).await })
    }

    fn take_up_again<'a>(
        &'a self,
        unit: &'a mut Unit,
        person: PersonId,
        recorded_at: Instant,
    ) -> Holds<'a, ()> {
        Box::pin(async move { dying::take_up_again(unit, person, recorded_at).await })
    }
}

/// Ties as the person told them. What leaves never holds a harmful tie: an export may be read by the one it names.
async fn connections(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<Value>, Error> {
    let rows = connection::Entity::find()
        .filter(connection::Column::PersonId.eq(person))
        .filter(connection::Column::UnsafeAt.is_null())
        .order_by_asc(connection::Column::Id)
        .all(reader)
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(json!({
            "label": keyring.open(reader, person, LABEL, &row.label).await?,
            "note": opened(reader, keyring, person, NOTE, row.note.as_deref()).await?,
            "phone": opened(reader, keyring, person, PHONE, row.phone.as_deref()).await?,
            "category": row.category, "sub_code": row.sub_code, "kind": row.kind,
            "use_status": row.use_status, "stance": row.stance, "contact": row.contact, "tie": row.tie,
            "nearness": row.nearness, "reach_any_time": row.reach_any_time,
            "has_current_phone": row.has_current_phone, "how_met": row.how_met,
            "reported_by": row.reported_by, "since_on": row.since_on, "last_contact_on": row.last_contact_on,
            "ended_at": row.ended_at, "end_reason": row.end_reason,
        }));
    }
    Ok(out)
}

async fn own_view(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Option<String>, Error> {
    let Some(map) = map::Entity::find_by_id(person).one(reader).await? else { return Ok(None) };
    opened(reader, keyring, person, CLIENT_VIEW, map.client_view.as_deref()).await
}

async fn aftercares(reader: &DatabaseConnection, person: PersonId) -> Result<Vec<Value>, Error> {
    let rows = aftercare::Entity::find()
        .filter(aftercare::Column::PersonId.eq(person))
        .order_by_asc(aftercare::Column::Id)
        .all(reader)
        .await?;
    let plain = |row: aftercare::Model| {
        json!({ "discharged_on": row.discharged_on, "track": row.track, "paused_until": row.paused_until,
                "enrolled_at": row.enrolled_at, "begun_how": row.begun_how, "ended_at": row.ended_at,
                "end_reason": row.end_reason, "opioid_use": row.opioid_use })
    };
    Ok(rows.into_iter().map(plain).collect())
}

async fn check_ins(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<Value>, Error> {
    let rows = check_in::Entity::find()
        .filter(check_in::Column::PersonId.eq(person))
        .order_by_asc(check_in::Column::DueOn)
        .all(reader)
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let answers = opened(reader, keyring, person, ANSWERS, row.answers.as_deref()).await?;
        let answers: Option<Value> = answers.and_then(|text| serde_json::from_str(&text).ok());
        out.push(json!({ "due_on": row.due_on, "answered_at": row.answered_at, "answers": answers }));
    }
    Ok(out)
}

/// How their links open; the word itself is kept as a hash alone.
async fn link_word(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Option<Value>, Error> {
    let Some(row) = word::Entity::find_by_id(person).one(reader).await? else { return Ok(None) };
    let said_by = opened(reader, keyring, person, SAID_BY, row.said_by.as_deref()).await?;
    Ok(Some(json!({
        "word_agreed": row.word.is_some(), "goes_without_at": row.goes_without_at, "said_by": said_by,
        "changed_at": row.changed_at,
    })))
}

/// What they said through links, also what was never sent to the end.
async fn said_through_links(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<Value>, Error> {
    let rows = alum_answers::Entity::find()
        .filter(alum_answers::Column::PersonId.eq(person))
        .order_by_asc(alum_answers::Column::Id)
        .all(reader)
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let text = keyring.open(reader, person, ALUM_ANSWERS, &row.answers).await?;
        let answers: Option<Value> = serde_json::from_str(&text).ok();
        out.push(json!({ "began_at": row.began_at, "said_at": row.said_at, "finished_at": row.finished_at, "answers": answers }));
    }
    Ok(out)
}

async fn attempts(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<Value>, Error> {
    let rows = attempt::Entity::find()
        .filter(attempt::Column::PersonId.eq(person))
        .order_by_asc(attempt::Column::Id)
        .all(reader)
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let note = match row.outcome {
            outcome if SOMEBODY_ELSE.contains(&outcome) => None,
            _ => opened(reader, keyring, person, ATTEMPT_NOTE, row.note.as_deref()).await?,
        };
        out.push(json!({ "at": row.at, "way": row.way, "outcome": row.outcome, "note": note }));
    }
    Ok(out)
}

async fn talks(
    reader: &DatabaseConnection,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<Value>, Error> {
    let rows = talk::Entity::find()
        .filter(talk::Column::PersonId.eq(person))
        .order_by_asc(talk::Column::Id)
        .all(reader)
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let note = match row.outcome {
            outcome if SOMEBODY_ELSE.contains(&outcome) => None,
            _ => opened(reader, keyring, person, TALK_NOTE, row.note.as_deref()).await?,
        };
        out.push(json!({ "at": row.at, "way": row.way, "outcome": row.outcome, "note": note }));
    }
    Ok(out)
}

async fn opened(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
    place: &str,
    sealed: Option<&[u8]>,
) -> Result<Option<String>, Error> {
    match sealed {
        Some(sealed) => Ok(Some(keyring.open(reader, person, place, sealed).await?)),
        None => Ok(None),
    }
}
