//! What of a person's life decides what is asked of them here: whether they live, and whether they are in care now. Both
//! are read where they stand, never copied: a death or an admission counts at once.

use std::collections::HashMap;

use clients::episode;
use foundation::{Day, Error, PersonId, refused};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// Refuses what makes no sense for somebody who died.
pub(crate) async fn must_live(reader: &impl ConnectionTrait, person: PersonId) -> Result<(), Error> {
    match clients::person::died_at(reader, person).await? {
        Some(_) => Err(refused("died", "It is recorded that this person died. Nothing is asked of them.")),
        None => Ok(()),
    }
}

/// Since when a person is in care; `None` for whoever is not.
pub(crate) async fn in_care_since(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<Day>, Error> {
    let stays = episode::of(reader, person).await?;
    Ok(stays.into_iter().find(|stay| stay.discharged_on.is_none()).map(|stay| stay.admitted_on))
}

/// Leaves people who died out of a question over `column`, which names a person.
pub(crate) fn alive(column: impl ExprTrait) -> Expr {
    let mut died: SelectStatement = Query::select();
    died.column("id").from("people").and_where(Expr::col("died_at").is_not_null());
    column.not_in_subquery(died)
}

#[derive(FromQueryResult)]
struct InCare {
    person_id: PersonId,
    admitted_on: Day,
}

/// Everyone who is in care now, with the day of their admission, in one statement.
pub(crate) async fn in_care(reader: &impl ConnectionTrait) -> Result<HashMap<PersonId, Day>, Error> {
    let mut ask = Query::select();
    ask.columns(["person_id", "admitted_on"])
        .from("episodes")
        .and_where(Expr::col("discharged_on").is_null());
    let mut all = HashMap::new();
    for row in reader.query_all(&ask).await? {
        let one = InCare::from_query_result(&row, "")?;
        all.insert(one.person_id, one.admitted_on);
    }
    Ok(all)
}
