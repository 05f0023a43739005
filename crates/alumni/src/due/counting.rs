//! How many alumni are due and how many were reached: numbers for a dashboard, that name nobody.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType};

use super::{Course, Past, pasts};
use crate::aftercare::{Aftercare, AftercareId};
use crate::caseload::{whom, with_counselor};
use crate::entity::aftercare;
use crate::living;
use crate::rules::schedule::State;

/// Days looked back for who was reached.
pub const LOOKED_BACK: i64 = 30;

/// Alumni of everyone, as of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// People in aftercare, paused ones too; not those who are in care again, nor anyone who died.
    pub in_aftercare: u64,
    /// Of them, those with an open check-in that no two-way contact has satisfied.
    pub due: u64,
    /// Check-ins that fell due in the last [`LOOKED_BACK`] days and are over: reached, or their window ended.
    pub over: u64,
    /// Of those, the ones with two-way contact.
    pub reached: u64,
}

impl Counted {
    /// What is counted as reached.
    pub const REACHED: &str = "Check-ins of everyone in aftercare that fell due in the last 30 days and are over: reached \
        when both spoke, by phone, in person or through their link, inside the window. A letter or voicemail without an \
        answer is not a contact. Check-ins of people who asked for quiet or are in care again are left out.";
    /// What is counted as due.
    pub const DUE: &str =
        "People in aftercare with a check-in whose window is open and who were not spoken with yet.";
}

/// The active aftercares of everyone who lives and is not in care again: whom the numbers and their lists are about.
async fn at_home(reader: &impl ConnectionTrait) -> Result<Vec<Aftercare>, Error> {
    let mut all = aftercare::Entity::find()
        .filter(aftercare::Column::EndedAt.is_null())
        .filter(living::alive(Expr::col(aftercare::Column::PersonId)))
        .all(reader)
        .await?;
    let in_care = living::in_care(reader).await?;
    all.retain(|one| !in_care.contains_key(&one.person_id));
    Ok(all)
}

/// Counts, in a few statements.
pub async fn count(reader: &impl ConnectionTrait, today: Day) -> Result<Counted, Error> {
    let zone = Center::load(reader).await?.zone;
    let all = at_home(reader).await?;
    let pasts = pasts(reader, zone).await?;
    let nothing = Past::default();
    Ok(all.iter().fold(Counted::default(), |counted, one| {
        let past = pasts.get(&one.id).unwrap_or(&nothing);
        add(counted, &Course::from(one), past, today)
    }))
}

fn add(mut counted: Counted, course: &Course<'_>, past: &Past, today: Day) -> Counted {
    let mut begun = course.begun(past, today).into_iter();
    let of_late = over_of_late(course, past, today);
    counted.in_aftercare += 1;
    counted.due += u64::from(begun.any(|p| matches!(past.state(&p, today), State::Due | State::Overdue)));
    counted.over += of_late.len() as u64;
    counted.reached += of_late.values().map(|reached| u64::from(*reached)).sum::<u64>();
    counted
}

/// The check-ins of an aftercare that fell due lately and are over, and whether both spoke.
fn over_of_late(course: &Course<'_>, past: &Past, today: Day) -> BTreeMap<Day, bool> {
    let since = today - TimeDelta::days(LOOKED_BACK);
    let begun = course.begun(past, today).into_iter().filter(|p| since < p.due_on && p.due_on <= today);
    begun
        .filter_map(|p| match past.state(&p, today) {
            State::Reached => Some((p.due_on, true)),
            State::Unreached => Some((p.due_on, false)),
            _ => None,
        })
        .collect()
}

/// A check-in that fell due in the last [`LOOKED_BACK`] days and is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    pub person: PersonId,
    pub name_used: String,
    pub reference: String,
    pub due_on: Day,
    pub reached: bool,
}

#[derive(FromQueryResult)]
struct Named {
    id: AftercareId,
    person_id: PersonId,
    name_used: String,
    reference: String,
}

/// The list behind [`Counted::over`], as far as the viewer may see it: the newest first, those who were not reached
/// before those who were.
pub async fn over(reader: &impl ConnectionTrait, viewer: &Actor, today: Day) -> Result<Vec<Over>, Error> {
    let zone = Center::load(reader).await?.zone;
    let mut ask = Query::select();
    ask.from_as("aftercares", "a")
        .columns([("a", "id"), ("a", "person_id")])
        .columns([("p", "name_used"), ("c", "reference")])
        .join_as(JoinType::InnerJoin, "clients", "c", Expr::col(("c", "id")).equals(("a", "person_id")))
        .join_as(JoinType::InnerJoin, "people", "p", Expr::col(("p", "id")).equals(("a", "person_id")));
    with_counselor(&mut ask).and_where(Expr::col(("a", "ended_at")).is_null()).cond_where(whom(
        viewer,
        Act::ViewAlumni,
        Act::OpenCheckIns,
    )?);
    let mut named: HashMap<AftercareId, Named> = HashMap::new();
    for row in reader.query_all(&ask).await? {
        let one = Named::from_query_result(&row, "")?;
        named.insert(one.id, one);
    }
    let all = at_home(reader).await?;
    let pasts = pasts(reader, zone).await?;
    let nothing = Past::default();
    let mut list: Vec<Over> = Vec::new();
    for one in &all {
        let Some(who) = named.get(&one.id) else { continue };
        let past = pasts.get(&one.id).unwrap_or(&nothing);
        let of_late = over_of_late(&Course::from(one), past, today);
        list.extend(of_late.into_iter().map(|(due_on, reached)| Over {
            person: who.person_id,
            name_used: who.name_used.clone(),
            reference: who.reference.clone(),
            due_on,
            reached,
        }));
    }
    list.sort_by(|a, b| {
        (a.reached, std::cmp::Reverse(a.due_on), &a.name_used).cmp(&(
            b.reached,
            std::cmp::Reverse(b.due_on),
            &b.name_used,
        ))
    });
    Ok(list)
}
