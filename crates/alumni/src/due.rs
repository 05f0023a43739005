//! What is due: check-ins derived from discharge date and track, so that a discharge date that moves, moves them.

use std::collections::HashMap;

use foundation::center::Center;
use foundation::{Day, Error, Instant, PersonId, Zone, day};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType, QuerySelect, RelationTrait};

use crate::aftercare::{Aftercare, AftercareId};
use crate::entity::{aftercare, check_in};
use crate::rules::schedule::{self, Planned};

/// A check-in that someone should be asked for: what mail is queued from. Aftercare and due day are its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueCheckIn {
    pub person: PersonId,
    pub aftercare: AftercareId,
    pub due_on: Day,
    /// First and last day on which reaching them counts for this check-in.
    pub window: (Day, Day),
}

/// A row as far as it matters to what is due.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct Seen {
    pub(crate) aftercare_id: AftercareId,
    pub(crate) reached_at: Option<Instant>,
}

/// The rows of every active aftercare.
pub(crate) type SeenOf = HashMap<AftercareId, Vec<Seen>>;

/// Every due day of an aftercare, in order, from its first day to its last.
pub(crate) fn planned(aftercare: &Aftercare) -> Vec<Planned> {
    schedule::planned(aftercare.track, &aftercare.custom_days.0, aftercare.discharged_on)
}

/// Check-ins whose window is open on `today` and that no two-way contact has satisfied: of everyone in aftercare who
/// did not ask for quiet. Two statements, however many alumni there are.
pub async fn due(reader: &impl ConnectionTrait, today: Day) -> Result<Vec<DueCheckIn>, Error> {
    let zone = Center::load(reader).await?.zone;
    let all = aftercare::Entity::find()
        .filter(aftercare::Column::EndedAt.is_null())
        .filter(aftercare::Column::CountsFrom.lte(today))
        .all(reader)
        .await?;
    let seen = seen(reader).await?;
    let open = all.iter().flat_map(|aftercare| {
        let contacts = contacts(seen.get(&aftercare.id), zone);
        planned(aftercare)
            .into_iter()
            .filter(|p| p.due_on >= aftercare.counts_from && p.window_from <= today && today <= p.window_to)
            .filter(move |p| !schedule::is_satisfied(p, &contacts))
            .map(|p| DueCheckIn {
                person: aftercare.person_id,
                aftercare: aftercare.id,
                due_on: p.due_on,
                window: (p.window_from, p.window_to),
            })
    });
    Ok(open.collect())
}

/// What is known of the check-ins of every active aftercare, in one statement.
pub(crate) async fn seen(reader: &impl ConnectionTrait) -> Result<SeenOf, Error> {
    let rows = check_in::Entity::find()
        .select_only()
        .columns([check_in::Column::AftercareId, check_in::Column::ReachedAt])
        .join(JoinType::InnerJoin, check_in::Relation::Aftercare.def())
        .filter(aftercare::Column::EndedAt.is_null())
        .into_model::<Seen>()
        .all(reader)
        .await?;
    let mut of = SeenOf::new();
    for row in rows {
        of.entry(row.aftercare_id).or_default().push(row);
    }
    Ok(of)
}

/// The civil days of two-way contact.
pub(crate) fn contacts(seen: Option<&Vec<Seen>>, zone: Zone) -> Vec<Day> {
    seen.into_iter().flatten().filter_map(|row| row.reached_at).map(|at| day(at, zone)).collect()
}
