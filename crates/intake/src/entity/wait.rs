//! A row of `waits`.

use clients::episode::LevelOfCare;
use foundation::{Day, Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::rules::waitlist::WhyLeft;

foundation::id! {
    /// A place on the waitlist.
    WaitId
}

/// A place on the waitlist. Which one it is follows from its facts (`rules::waitlist`) and is never stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "waits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaitId,
    pub request_id: RequestId,
    /// Who waits: the person who may need care.
    pub person_id: PersonId,
    pub level: LevelOfCare,
    /// Why they come first, what helps meanwhile, what was offered: sealed under their key.
    pub details: Vec<u8>,
    pub added_at: Instant,
    pub added_by: Option<StaffId>,
    /// Before this day they cannot come.
    pub earliest_on: Option<Day>,
    /// Someone keeps in touch every so many days.
    pub contact_days: i32,
    pub contacted_at: Option<Instant>,
    pub left_at: Option<Instant>,
    pub why_left: Option<WhyLeft>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
