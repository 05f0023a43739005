//! Who among the alumni cannot be reached as before: they pressed stop and nobody asked, or their number is lost.

use std::collections::{HashMap, HashSet};

use consent::contact_point::Kind;
use foundation::{Day, Error, Instant, PersonId, Zone, day};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::OpenFlag;
use crate::flag::FlagKind;

#[derive(FromQueryResult)]
struct Stop {
    person_id: PersonId,
    since: Instant,
}

#[derive(FromQueryResult)]
struct Holder {
    person_id: PersonId,
}

/// Whoever pressed stop, with the day, while no one has asked them by a safe way and nothing lifted it.
pub(super) async fn unasked_stops(
    reader: &impl ConnectionTrait,
    zone: Zone,
) -> Result<HashMap<PersonId, Day>, Error> {
    let mut ask = Query::select();
    ask.columns(["person_id", "since"])
        .from("suppressions")
        .and_where(Expr::col("person_id").is_not_null())
        .and_where(Expr::col("confirmed_at").is_null())
        .and_where(Expr::col("lifted_at").is_null());
    let mut stops = HashMap::new();
    for row in reader.query_all(&ask).await? {
        let stop = Stop::from_query_result(&row, "")?;
        stops.insert(stop.person_id, day(stop.since, zone));
    }
    Ok(stops)
}

/// Of those whose number was lost, whoever has one again.
pub(super) async fn with_number(
    reader: &impl ConnectionTrait,
    flags: &HashMap<PersonId, Vec<OpenFlag>>,
) -> Result<HashSet<PersonId>, Error> {
    let is_lost = |open: &Vec<OpenFlag>| open.iter().any(|flag| flag.kind == FlagKind::NoNumber);
    let lost: Vec<PersonId> = flags.iter().filter(|(_, open)| is_lost(open)).map(|(who, _)| *who).collect();
    if lost.is_empty() {
        return Ok(HashSet::new());
    }
    let mut ask = Query::select();
    ask.column("person_id")
        .from("contact_points")
        .and_where(Expr::col("person_id").is_in(lost))
        .and_where(Expr::col("kind").eq(Kind::Phone.as_str()))
        .and_where(Expr::col("ended_at").is_null());
    let rows = reader.query_all(&ask).await?;
    let holders = rows.iter().map(|row| Holder::from_query_result(row, "").map(|one| one.person_id));
    Ok(holders.collect::<Result<_, _>>()?)
}
