//! A row of `benefit_checks`.

use consent::consents::ConsentId;
use foundation::{Day, Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::rules::benefits::{Way, WhyNot};

foundation::id! {
    /// A benefits check.
    BenefitCheckId
}

/// A benefits check. Where it stands is computed from these facts (`rules::benefits`), never stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "benefit_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BenefitCheckId,
    pub request_id: RequestId,
    /// Whose coverage it is: the person who may need care.
    pub person_id: PersonId,
    /// The coverage as given, sealed under that person's key.
    pub coverage: Vec<u8>,
    pub asked_at: Instant,
    pub asked_by: Option<StaffId>,
    /// When the center wants to know, by its own target.
    pub due_at: Instant,
    pub taken_at: Option<Instant>,
    pub taken_by: Option<StaffId>,
    pub answered_at: Option<Instant>,
    pub answered_by: Option<StaffId>,
    /// Why it could not be checked, when that came of it.
    pub why_not: Option<WhyNot>,
    /// By which way the plan was asked.
    pub way: Option<Way>,
    /// The consent that asking by name rested on.
    pub consent_id: Option<ConsentId>,
    /// What came of it, sealed under the person's key.
    pub outcome: Option<Vec<u8>>,
    /// The last day on which the answer may be relied on.
    pub valid_until: Option<Day>,
    /// When a second person looked over what the plan said.
    pub approved_at: Option<Instant>,
    pub approved_by: Option<StaffId>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
