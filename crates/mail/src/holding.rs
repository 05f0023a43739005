//! What this room keeps about a person.

use foundation::holding::{Holding, Holds};
use foundation::sealed::Keyring;
use foundation::{PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{DatabaseConnection, QueryOrder};
use serde_json::{Value as Json, json};

use crate::entity::{message, own_words};
use crate::outbox::cancelling::withdraw;
use crate::own_words::BODY;
use crate::third_party;

/// Messages: that they were sent, when and why; the words only of those that somebody wrote themselves.
pub struct MailHolding;

impl Holding for MailHolding {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[("messages", "person_id"), ("own_words", "person_id"), ("third_party_letters", "about_person_id")]
    }

    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Json> {
        Box::pin(async move {
            let rows = message::Entity::find()
                .filter(message::Column::PersonId.eq(person))
                .order_by_asc(message::Column::Id)
                .all(reader)
                .await?;
            let plain = |row: &message::Model| {
                json!({ "letter": row.letter, "purpose": row.purpose, "state": row.state,
                        "queued_at": row.queued_at, "sent_at": row.sent_at, "maybe_sent": row.maybe_sent })
            };
            // What was written to them about somebody else belongs to that one's record.
            let others = third_party::among(reader, rows.iter().map(|row| row.id).collect()).await?;
            let rows: Vec<message::Model> =
                rows.into_iter().filter(|row| !others.contains(&row.id)).collect();
            let written = crate::own_words::all_of(reader, keyring, person).await?;
            let letters = written
                .iter()
                .filter(|one| one.about_another.is_none())
                .map(|one| json!({ "subject": one.subject, "text": one.body, "state": one.state, "sent_at": one.sent_at }));
            Ok(
                json!({ "messages": rows.iter().map(plain).collect::<Vec<_>>(), "letters": letters.collect::<Vec<_>>() }),
            )
        })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            let keyring = unit.db().keyring().clone();
            for old in
                own_words::Entity::find().filter(own_words::Column::PersonId.eq(from)).all(unit.tx()).await?
            {
                let text = keyring.open(unit.tx(), from, BODY, &old.body).await?;
                let body = unit.seal(survivor, BODY, &text).await?;
                own_words::Entity::update_many()
                    .col_expr(own_words::Column::PersonId, Expr::value(survivor))
                    .col_expr(own_words::Column::Body, Expr::value(body))
                    .filter(own_words::Column::Id.eq(old.id))
                    .exec(unit.tx())
                    .await?;
            }
            message::Entity::update_many()
                .col_expr(message::Column::PersonId, Expr::value(survivor))
                .filter(message::Column::PersonId.eq(from))
                .exec(unit.tx())
                .await?;
            third_party::keeping::reassign(unit, from, survivor).await
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            third_party::keeping::erase(unit, person).await?;
            own_words::Entity::delete_many()
                .filter(own_words::Column::PersonId.eq(person))
                .exec(unit.tx())
                .await?;
            message::Entity::delete_many()
                .filter(message::Column::PersonId.eq(person))
                .exec(unit.tx())
                .await?;
            Ok(())
        })
    }

    /// What waits for somebody who died does not leave. What left cannot be called back.
    fn end_for_death<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            withdraw(unit, person, None, "This person died.").await?;
            Ok(())
        })
    }
}
