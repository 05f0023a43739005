//! A row of the `alum_answers` table: what an alum said through a link, so far or whole. Answers that were the first of
//! their check-in stand in its own row as well.

use foundation::{Instant, PersonId};
use sea_orm::entity::prelude::*;

use crate::check_in::{AlumAnswersId, CheckInId};
use crate::flag::Reasons;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alum_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AlumAnswersId,
    pub check_in_id: CheckInId,
    pub person_id: PersonId,
    /// Sealed: the answers as JSON, as far as they were given.
    pub answers: Vec<u8>,
    /// Names of the grave rules that were ever met, also when the answer was changed later.
    #[sea_orm(column_type = "JsonBinary")]
    pub grave: Reasons,
    pub began_at: Instant,
    pub said_at: Instant,
    /// When the last page was sent; `None` while nothing more has come.
    pub finished_at: Option<Instant>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
