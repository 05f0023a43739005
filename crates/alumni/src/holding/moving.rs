//! Moving everything to the survivor of a merge. What is sealed is sealed anew: each person has a key of their own.

use std::cmp::{max, min};

use foundation::{Error, Instant, PersonId, Unit};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use crate::aftercare::{self, Aftercare, EndReason};
use crate::check_in::{ALUM_ANSWERS, ANSWERS, ATTEMPT_NOTE, TALK_NOTE};
use crate::connection::{LABEL, NOTE, PHONE};
use crate::connections::{CLIENT_VIEW, MapState, snapshotting};
use crate::entity::{
    self, alum_answers, attempt, check_in, connection, flag, link_word, map, snapshot, talk,
};
use crate::flag::DONE;
use crate::link_word::SAID_BY;

/// From one person to another, inside one unit.
pub(super) struct Move<'a> {
    pub(super) unit: &'a Unit,
    pub(super) from: PersonId,
    pub(super) survivor: PersonId,
}

impl Move<'_> {
    /// Everything this room keeps.
    pub(super) async fn all(&self) -> Result<(), Error> {
        self.connections().await?;
        self.map().await?;
        self.snapshots().await?;
        self.aftercares().await?;
        self.check_ins().await?;
        self.alum_answers().await?;
        self.attempts().await?;
        self.talks().await?;
        self.link_word().await?;
        self.flags().await
    }

    async fn anew(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let text = self.unit.db().keyring().open(self.unit.tx(), self.from, place, sealed).await?;
        self.unit.seal(self.survivor, place, &text).await
    }

    async fn anew_if(&self, place: &str, sealed: Option<&[u8]>) -> Result<Option<Vec<u8>>, Error> {
        match sealed {
            Some(sealed) => Ok(Some(self.anew(place, sealed).await?)),
            None => Ok(None),
        }
    }

    async fn connections(&self) -> Result<(), Error> {
        use connection::{Column, Entity};
        let rows = Entity::find().filter(Column::PersonId.eq(self.from)).all(self.unit.tx()).await?;
        for row in rows {
            Entity::update_many()
                .col_expr(Column::Label, Expr::value(self.anew(LABEL, &row.label).await?))
                .col_expr(Column::Note, Expr::value(self.anew_if(NOTE, row.note.as_deref()).await?))
                .col_expr(Column::Phone, Expr::value(self.anew_if(PHONE, row.phone.as_deref()).await?))
                .col_expr(Column::PersonId, Expr::value(self.survivor))
                .filter(Column::Id.eq(row.id))
                .exec(self.unit.tx())
                .await?;
        }
        Entity::update_many()
            .col_expr(Column::LinkedPersonId, Expr::value(Some(self.survivor)))
            .filter(Column::LinkedPersonId.eq(self.from))
            .exec(self.unit.tx())
            .await?;
        Ok(())
    }

    /// Both ways of seeing it stay; a map made of two has to be gone through again.
    async fn map(&self) -> Result<(), Error> {
        let Some(old) = map::Entity::find_by_id(self.from).one(self.unit.tx()).await? else { return Ok(()) };
        snapshotting::ensure_map(self.unit, self.survivor).await?;
        let kept =
            map::Entity::find_by_id(self.survivor).one(self.unit.tx()).await?.ok_or(Error::NotFound)?;
        let keyring = self.unit.db().keyring();
        let mut views = Vec::new();
        for row in [&kept, &old] {
            if let Some(sealed) = &row.client_view {
                views.push(keyring.open(self.unit.tx(), row.id, CLIENT_VIEW, sealed).await?);
            }
        }
        let view = match views.join("\n\n").as_str() {
            "" => None,
            text => Some(self.unit.seal(self.survivor, CLIENT_VIEW, text).await?),
        };
        let state = if snapshotting::has_ties(self.unit.tx(), self.survivor).await? {
            MapState::Begun
        } else {
            kept.state
        };
        map::Entity::update_many()
            .col_expr(map::Column::ClientView, Expr::value(view))
            .col_expr(map::Column::ClientViewOn, Expr::value(max(kept.client_view_on, old.client_view_on)))
            .col_expr(map::Column::State, Expr::value(state))
            .col_expr(map::Column::ConfirmedOn, Expr::value(min(kept.confirmed_on, old.confirmed_on)))
            .col_expr(map::Column::Version, Expr::col(map::Column::Version).add(1))
            .filter(map::Column::Id.eq(self.survivor))
            .exec(self.unit.tx())
            .await?;
        map::Entity::delete_by_id(self.from).exec(self.unit.tx()).await?;
        Ok(())
    }

    async fn snapshots(&self) -> Result<(), Error> {
        snapshot::Entity::update_many()
            .col_expr(snapshot::Column::PersonId, Expr::value(self.survivor))
            .filter(snapshot::Column::PersonId.eq(self.from))
            .exec(self.unit.tx())
            .await?;
        Ok(())
    }

    /// One stays active: that of the later discharge, as quiet as the quieter of the two.
    async fn aftercares(&self) -> Result<(), Error> {
        use entity::aftercare::{Column, Entity};
        let ours = aftercare::active(self.unit.tx(), self.survivor).await?;
        let theirs = aftercare::active(self.unit.tx(), self.from).await?;
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            let (stays, ends) =
                if theirs.discharged_on > ours.discharged_on { (theirs, ours) } else { (ours, theirs) };
            self.end_for(&ends, &stays).await?;
        }
        Entity::update_many()
            .col_expr(Column::PersonId, Expr::value(self.survivor))
            .filter(Column::PersonId.eq(self.from))
            .exec(self.unit.tx())
            .await?;
        Ok(())
    }

    async fn end_for(&self, ends: &Aftercare, stays: &Aftercare) -> Result<(), Error> {
        use entity::aftercare::{Column, Entity};
        Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(Some(self.unit.now())))
            .col_expr(Column::EndReason, Expr::value(Some(EndReason::NewDischarge)))
            .filter(Column::Id.eq(ends.id))
            .exec(self.unit.tx())
            .await?;
        Entity::update_many()
            .col_expr(Column::CountsFrom, Expr::value(max(stays.counts_from, ends.counts_from)))
            .col_expr(Column::PausedUntil, Expr::value(max(stays.paused_until, ends.paused_until)))
            .filter(Column::Id.eq(stays.id))
            .exec(self.unit.tx())
            .await?;
        Ok(())
    }

    async fn check_ins(&self) -> Result<(), Error> {
        use check_in::{Column, Entity};
        let rows = Entity::find().filter(Column::PersonId.eq(self.from)).all(self.unit.tx()).await?;
        for row in rows {
            let answers = self.anew_if(ANSWERS, row.answers.as_deref()).await?;
            Entity::update_many()
                .col_expr(Column::Answers, Expr::value(answers))
                .col_expr(Column::PersonId, Expr::value(self.survivor))
                .filter(Column::Id.eq(row.id))
                .exec(self.unit.tx())
                .await?;
        }
        Ok(())
    }

    async fn alum_answers(&self) -> Result<(), Error> {
        use alum_answers::{Column, Entity};
        let rows = Entity::find().filter(Column::PersonId.eq(self.from)).all(self.unit.tx()).await?;
        for row in rows {
            Entity::update_many()
                .col_expr(Column::Answers, Expr::value(self.anew(ALUM_ANSWERS, &row.answers).await?))
                .col_expr(Column::PersonId, Expr::value(self.survivor))
                .filter(Column::Id.eq(row.id))
                .exec(self.unit.tx())
                .await?;
        }
        Ok(())
    }

    /// A word is stricter than doing without, and of two words that of the survivor stays.
    async fn link_word(&self) -> Result<(), Error> {
        use link_word::{Column, Entity};
        let tx = self.unit.tx();
        let Some(theirs) = Entity::find_by_id(self.from).one(tx).await? else { return Ok(()) };
        let ours = Entity::find_by_id(self.survivor).one(tx).await?;
        let takes_theirs = match &ours {
            None => true,
            Some(ours) => ours.word.is_none() && theirs.goes_without_at.is_none(),
        };
        Entity::delete_by_id(self.from).exec(tx).await?;
        if !takes_theirs {
            return Ok(());
        }
        let said_by = self.anew_if(SAID_BY, theirs.said_by.as_deref()).await?;
        if ours.is_none() {
            let row = link_word::ActiveModel {
                id: Set(self.survivor),
                word: Set(theirs.word),
                goes_without_at: Set(theirs.goes_without_at),
                said_by: Set(said_by),
                changed_at: Set(theirs.changed_at),
                changed_by: Set(theirs.changed_by),
            };
            return self.unit.insert(row).await;
        }
        Entity::update_many()
            .col_expr(Column::Word, Expr::value(theirs.word))
            .col_expr(Column::GoesWithoutAt, Expr::value(None::<Instant>))
            .col_expr(Column::SaidBy, Expr::value(None::<Vec<u8>>))
            .filter(Column::Id.eq(self.survivor))
            .exec(tx)
            .await?;
        Ok(())
    }

    async fn attempts(&self) -> Result<(), Error> {
        use attempt::{Column, Entity};
        let rows = Entity::find().filter(Column::PersonId.eq(self.from)).all(self.unit.tx()).await?;
        for row in rows {
            let note = self.anew_if(ATTEMPT_NOTE, row.note.as_deref()).await?;
            Entity::update_many()
                .col_expr(Column::Note, Expr::value(note))
                .col_expr(Column::PersonId, Expr::value(self.survivor))
                .filter(Column::Id.eq(row.id))
                .exec(self.unit.tx())
                .await?;
        }
        Ok(())
    }

    async fn talks(&self) -> Result<(), Error> {
        use talk::{Column, Entity};
        let rows = Entity::find().filter(Column::PersonId.eq(self.from)).all(self.unit.tx()).await?;
        for row in rows {
            let note = self.anew_if(TALK_NOTE, row.note.as_deref()).await?;
            Entity::update_many()
                .col_expr(Column::Note, Expr::value(note))
                .col_expr(Column::PersonId, Expr::value(self.survivor))
                .filter(Column::Id.eq(row.id))
                .exec(self.unit.tx())
                .await?;
        }
        Ok(())
    }

    async fn flags(&self) -> Result<(), Error> {
        use flag::{Column, Entity};
        let rows = Entity::find().filter(Column::PersonId.eq(self.from)).all(self.unit.tx()).await?;
        for row in rows {
            let done = self.anew_if(DONE, row.done.as_deref()).await?;
            Entity::update_many()
                .col_expr(Column::Done, Expr::value(done))
                .col_expr(Column::PersonId, Expr::value(self.survivor))
                .filter(Column::Id.eq(row.id))
                .exec(self.unit.tx())
                .await?;
        }
        Ok(())
    }
}
