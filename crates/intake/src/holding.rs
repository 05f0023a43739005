//! What this room keeps about a person.

mod exporting;

use clients::rules::tags::Tagged;
use foundation::holding::{Holding, Holds, OthersWords};
use foundation::sealed::Keyring;
use foundation::{Instant, PersonId, Unit};
use sea_orm::DatabaseConnection;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use crate::benefits;
use crate::entity::{attempt, mention, merge, request, undo};
use crate::request::closing;
use crate::request::resealing::reseal;
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
        Box::pin(async move { Ok(json!({ "requests": exporting::requests(reader, keyring, id).await? })) })
    }

    fn said_by_others<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        id: PersonId,
    ) -> Holds<'a, Vec<OthersWords>> {
        Box::pin(async move { exporting::said_by_others(reader, keyring, id).await })
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
