//! What this room keeps about a person.

use clients::rules::tags::Tagged;
use foundation::holding::{Holding, Holds};
use foundation::sealed::Keyring;
use foundation::{Instant, PersonId, Unit};
use sea_orm::DatabaseConnection;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use crate::benefits;
use crate::call;
use crate::entity::{attempt, mention, merge, request, undo};
use crate::request::closing;
use crate::request::resealing::reseal;
use crate::request::{NEXT_STEP, RELATIONSHIP, WORDS};
use crate::{referral_in, referral_out, touch, waitlist};

/// Requests, attempts, calls, messages, merges, benefits checks, places on the waitlist, appointments, touches and referrals,
/// who was named about them and what can still be undone, whether the person asked or may need care.
pub struct IntakeHolding;

impl Holding for IntakeHolding {
    fn name(&self) -> &'static str {
        "intake"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("requests", "caller_id"),
            ("requests", "prospective_id"),
            ("requests", "was_about_id"),
            ("attempts", "person_id"),
            ("calls", "person_id"),
            ("request_merges", "person_id"),
            ("benefit_checks", "person_id"),
            ("waits", "person_id"),
            ("touches", "person_id"),
            ("referrals_in", "person_id"),
            ("referrals_out", "person_id"),
            ("appointments", "person_id"),
            ("mentions", "person_id"),
            ("undos", "person_id"),
            ("inward_messages", "person_id"),
        ]
    }

    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        id: PersonId,
    ) -> Holds<'a, Json> {
        Box::pin(async move {
            // Only requests about this person: what they once asked for someone else is that one's record.
            let rows =
                request::Entity::find().filter(request::Column::ProspectiveId.eq(id)).all(reader).await?;
            let mut requests = Vec::new();
            for row in rows {
                let open = async |place: &str, sealed: &Option<Vec<u8>>| match sealed {
                    Some(sealed) => keyring.open(reader, id, place, sealed).await.map(Some),
                    None => Ok(None),
                };
                let attempts = crate::request::attempting::of(reader, row.id).await?;
                let pauses = crate::request::waiting::of(reader, row.id).await?;
                let mut calls = Vec::new();
                for one in call::of(reader, row.id).await? {
                    let sheet = call::opened(reader, keyring, &one).await?;
                    calls.push(json!({ "began_at": one.began_at, "ended_at": one.ended_at, "sheet": sheet }));
                }
                let messages = crate::inward::of(reader, keyring, &[row.id]).await?;
                let messages: Vec<Json> =
                    messages.iter().map(|m| json!({ "at": m.received_at, "message": m.written })).collect();
                let checks = benefits::export(reader, keyring, row.id).await?;
                let appointments = crate::appointments::keeping::export(reader, row.id).await?;
                let waits = waitlist::keeping::export(reader, keyring, row.id).await?;
                let touches = touch::keeping::export(reader, keyring, row.id).await?;
                let referred = referral_in::keeping::export(reader, keyring, row.id).await?;
                let tags = clients::tags::load(reader).await?;
                let referrals = referral_out::keeping::export(reader, keyring, row.id).await?;
                requests.push(json!({
                    "reference": row.reference, "received_at": row.received_at, "channel": row.channel,
                    "for_whom": row.for_whom, "relationship": open(RELATIONSHIP, &row.relationship).await?,
                    "words": open(WORDS, &row.words).await?, "danger": row.danger, "urgency": row.urgency, "outside_hours": row.outside_hours,
                    "next_step": open(NEXT_STEP, &row.next_step).await?, "next_step_at": row.next_step_at,
                    "waited_for_them": pauses.iter().map(|p| json!({ "why": p.why, "from": p.began_at, "until": p.ends() })).collect::<Vec<_>>(),
                    "attempts": attempts.iter().map(|a| json!({ "at": a.made_at, "outcome": a.outcome, "direction": a.direction, "minutes": a.minutes })).collect::<Vec<_>>(),
                    "calls": calls, "benefits": checks, "waitlist": waits, "appointments": appointments, "touches": touches, "messages": messages,
                    "referred": referred, "referrals": referrals, "closed_at": row.closed_at, "disposition": row.disposition, "tags": tags.of(&row.tagged()).into_iter().map(|(_, words)| words).collect::<Vec<_>>(), "converted_at": row.converted_at,
                }));
            }
            Ok(json!({ "requests": requests }))
        })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            for row in
                request::Entity::find().filter(request::Column::ProspectiveId.eq(from)).all(unit.tx()).await?
            {
                reseal(unit, &row, survivor).await?;
            }
            request::Entity::update_many()
                .col_expr(request::Column::CallerId, Expr::value(survivor))
                .filter(request::Column::CallerId.eq(from))
                .exec(unit.tx())
                .await?;
            request::Entity::update_many()
                .col_expr(request::Column::WasAboutId, Expr::value(survivor))
                .filter(request::Column::WasAboutId.eq(from))
                .exec(unit.tx())
                .await?;
            attempt::Entity::update_many()
                .col_expr(attempt::Column::PersonId, Expr::value(survivor))
                .filter(attempt::Column::PersonId.eq(from))
                .exec(unit.tx())
                .await?;
            // The notes go to the survivor, and whoever is named in one finds it there.
            mention::Entity::update_many()
                .col_expr(mention::Column::PersonId, Expr::value(survivor))
                .filter(mention::Column::PersonId.eq(from))
                .exec(unit.tx())
                .await?;
            Ok(())
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, id: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            // The funnel's facts stay without the words; the words die with the key.
            let nothing = || Expr::value(Option::<Vec<u8>>::None);
            request::Entity::update_many()
                .col_expr(request::Column::Words, nothing())
                .col_expr(request::Column::Relationship, nothing())
                .col_expr(request::Column::NextStep, nothing())
                .col_expr(request::Column::Tags, Expr::value(Option::<Tagged>::None))
                .filter(request::Column::ProspectiveId.eq(id))
                .exec(unit.tx())
                .await?;
            merge::Entity::update_many()
                .col_expr(merge::Column::NextStep, nothing())
                .filter(merge::Column::PersonId.eq(id))
                .exec(unit.tx())
                .await?;
            crate::entity::call::Entity::update_many()
                .col_expr(crate::entity::call::Column::Answers, Expr::value(Vec::<u8>::new()))
                .filter(crate::entity::call::Column::PersonId.eq(id))
                .exec(unit.tx())
                .await?;
            mention::Entity::delete_many().filter(mention::Column::PersonId.eq(id)).exec(unit.tx()).await?;
            undo::Entity::delete_many().filter(undo::Column::PersonId.eq(id)).exec(unit.tx()).await?;
            benefits::resealing::forget(unit, id).await?;
            waitlist::keeping::forget(unit, id).await?;
            touch::keeping::forget(unit, id).await?;
            referral_in::keeping::forget(unit, id).await?;
            referral_out::keeping::forget(unit, id).await?;
            crate::inward::forget(unit, id).await
        })
    }

    fn end_for_death<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move { closing::end_for_death(unit, person).await })
    }

    fn take_up_again<'a>(
        &'a self,
        unit: &'a mut Unit,
        person: PersonId,
        recorded_at: Instant,
    ) -> Holds<'a, ()> {
        Box::pin(async move { closing::take_up_again(unit, person, recorded_at).await })
    }
}
