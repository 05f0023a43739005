//! The list: everyone who waits, by level of care, in the order that explains itself. One statement; the class is sealed,
//! so the order is made here.

use chrono::TimeDelta;
use clients::episode::LevelOfCare;
use foundation::acts::{Reach, reach_of};
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Day, Db, Error, Instant, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, FromQueryResult, QuerySelect, Statement};

use super::{DETAILS, Details, WaitId, read as read_details};
use crate::entity::wait;
use crate::rules::waitlist::{Facts, WhyLeft, expected, order, why};
use crate::rules::words::Urgency;

/// Expected waits look back so far.
const LOOK_BACK: TimeDelta = TimeDelta::days(90);

/// Someone who waits.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: WaitId,
    pub reference: String,
    pub name: String,
    pub level: LevelOfCare,
    pub urgency: Urgency,
    pub added_at: Instant,
    pub earliest_on: Option<Day>,
    pub contact_days: i32,
    pub contacted_at: Option<Instant>,
    person_id: PersonId,
    sealed: Vec<u8>,
    #[sea_orm(skip)]
    pub details: Details,
    /// Their place on the list of their level, from 1.
    #[sea_orm(skip)]
    pub place: usize,
    /// Why it is this one.
    #[sea_orm(skip)]
    pub why: String,
}

impl Row {
    /// What decides their place.
    pub fn facts(&self) -> Facts {
        Facts { class: self.details.class, urgency: self.urgency, added_at: self.added_at }
    }
}

const ROWS: &str = "SELECT w.id, r.reference, p.name_used AS name, w.level, r.urgency, w.added_at, w.earliest_on, \
    w.contact_days, w.contacted_at, w.person_id, w.details AS sealed \
    FROM waits w JOIN requests r ON r.id = w.request_id JOIN people p ON p.id = w.person_id \
    WHERE w.left_at IS NULL ORDER BY w.added_at LIMIT 500";

/// Everyone who waits, level by level, each with their place and why.
pub async fn rows(db: &Db, viewer: &Actor) -> Result<Vec<Row>, Error> {
    if reach_of(viewer, Act::ViewWaitlist) == Reach::No {
        return Err(Error::Forbidden(Act::ViewWaitlist));
    }
    db.look(async |reader| read(reader, db.keyring()).await).await
}

pub(super) async fn read(reader: &impl ConnectionTrait, keyring: &Keyring) -> Result<Vec<Row>, Error> {
    let asked = Statement::from_string(reader.get_database_backend(), ROWS);
    let mut rows = Row::find_by_statement(asked).all(reader).await?;
    for row in &mut rows {
        if !row.sealed.is_empty() {
            row.details = read_details(&keyring.open(reader, row.person_id, DETAILS, &row.sealed).await?)?;
        }
    }
    rows.sort_by_key(|row| (row.level, order(&row.facts()), row.id));
    let mut before: Option<(LevelOfCare, usize, Facts)> = None;
    for row in &mut rows {
        let ahead = before.filter(|(level, ..)| *level == row.level);
        row.place = ahead.map_or(1, |(_, place, _)| place + 1);
        row.why = why(ahead.map(|(.., facts)| facts).as_ref(), &row.facts());
        before = Some((row.level, row.place, row.facts()));
    }
    Ok(rows)
}

/// How long it took lately until there was a place of this level: the median of days, and of how many people.
pub async fn took(
    reader: &impl ConnectionTrait,
    level: LevelOfCare,
    now: Instant,
) -> Result<Option<(i64, usize)>, Error> {
    let found = wait::Entity::find()
        .select_only()
        .columns([wait::Column::AddedAt, wait::Column::LeftAt])
        .filter(wait::Column::Level.eq(level))
        .filter(wait::Column::WhyLeft.eq(WhyLeft::Admitted))
        .filter(wait::Column::LeftAt.gt(now - LOOK_BACK))
        .into_tuple::<(Instant, Instant)>()
        .all(reader)
        .await?;
    Ok(expected(found.into_iter().map(|(from, until)| (until - from).num_days()).collect()))
}
