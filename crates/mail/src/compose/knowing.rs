//! What a letter knows of its reader: the name used, and the first name of the counselor. The tables belong to the rooms
//! above; these columns are read and none is written.

use foundation::{Error, Lang, PersonId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType};

/// A reader of letters.
#[derive(FromQueryResult)]
pub(super) struct Known {
    pub(super) name_used: String,
    /// The language they want to be spoken to in.
    language: String,
    /// The counselor's whole name; a letter shows the first word of it.
    pub(super) counselor: Option<String>,
}

impl Known {
    pub(super) fn lang(&self) -> Lang {
        Lang::of(&self.language)
    }
}

pub(super) async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Known, Error> {
    let mut ask = Query::select();
    ask.from_as("people", "p")
        .column(("p", "name_used"))
        .column(("p", "language"))
        .expr_as(Expr::col(("s", "name")), "counselor")
        .join_as(JoinType::LeftJoin, "clients", "c", Expr::col(("c", "id")).equals(("p", "id")))
        // Whoever works here no more signs nothing.
        .join_as(
            JoinType::LeftJoin,
            "staff",
            "s",
            Expr::col(("s", "id"))
                .equals(("c", "counselor_id"))
                .and(Expr::col(("s", "disabled_at")).is_null()),
        )
        .and_where(Expr::col(("p", "id")).eq(person));
    let row = reader.query_one(&ask).await?.ok_or(Error::NotFound)?;
    Ok(Known::from_query_result(&row, "")?)
}
