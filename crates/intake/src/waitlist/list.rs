//! The list: everyone who waits, by level of care, in the order that explains itself. One statement; the class is sealed,
//! so the order is made here.

use std::collections::HashMap;

use chrono::TimeDelta;
use clients::episode::LevelOfCare;
use foundation::acts::{Reach, reach_of};
use foundation::confidential::seen_by;
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Day, Db, Error, Instant, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, FromQueryResult, QuerySelect, Statement};

use super::{DETAILS, Details, WaitId, read as read_details};
use crate::entity::wait;
use crate::rules::standing::number;
use crate::rules::waitlist::{Facts, WhyLeft, contact_due, expected, help_due, order, why};
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

    /// When they should hear from the center again.
    pub fn contact_due(&self) -> Instant {
        contact_due(self.added_at, self.contacted_at, self.contact_days)
    }

    /// When help is owed that nobody has given yet.
    pub fn help_due(&self) -> Option<Instant> {
        help_due(&self.facts(), !self.details.interim.is_empty())
    }
}

const ROWS: &str = "SELECT w.id, r.reference, p.name_used AS name, w.level, r.urgency, w.added_at, w.earliest_on, \
    w.contact_days, w.contacted_at, w.person_id, w.details AS sealed \
    FROM waits w JOIN requests r ON r.id = w.request_id JOIN people p ON p.id = COALESCE(r.was_about_id, w.person_id) \
    WHERE w.left_at IS NULL AND ";

/// Everyone who waits, level by level, each with their place and why.
pub async fn rows(db: &Db, viewer: &Actor) -> Result<Vec<Row>, Error> {
    if reach_of(viewer, Act::ViewWaitlist) == Reach::No {
        return Err(Error::Forbidden(Act::ViewWaitlist));
    }
    db.look(async |reader| read(reader, db.keyring(), viewer).await).await
}

pub(super) async fn read(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
) -> Result<Vec<Row>, Error> {
    let seen = seen_by(viewer, "r.confidential_to");
    let sql = format!("{ROWS}{seen} ORDER BY w.added_at LIMIT 500");
    let asked = Statement::from_string(reader.get_database_backend(), sql);
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

/// How long it took lately until there was a place, by level of care: the median of days, and of how many people. A
/// level from which nobody came lately is not in it.
pub async fn took(
    reader: &impl ConnectionTrait,
    now: Instant,
) -> Result<HashMap<LevelOfCare, (i64, usize)>, Error> {
    let found = wait::Entity::find()
        .select_only()
        .columns([wait::Column::Level, wait::Column::AddedAt, wait::Column::LeftAt])
        .filter(wait::Column::WhyLeft.eq(WhyLeft::Admitted))
        .filter(wait::Column::LeftAt.gt(now - LOOK_BACK))
        .into_tuple::<(LevelOfCare, Instant, Instant)>()
        .all(reader)
        .await?;
    let mut waited: HashMap<LevelOfCare, Vec<i64>> = HashMap::new();
    for (level, from, until) in found {
        waited.entry(level).or_default().push((until - from).num_days());
    }
    Ok(waited.into_iter().filter_map(|(level, days)| Some((level, expected(days)?))).collect())
}

/// The sentence under the title: a bold part and the rest.
pub fn sentence(rows: &[Row], now: Instant) -> (String, String) {
    let bold = match rows.len() {
        0 => "Nobody waits for a place.".to_owned(),
        1 => "One person waits for a place.".to_owned(),
        n => format!("{} people wait for a place.", number(n)),
    };
    let count = |of: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| of(row)).count();
    let silent = count(&|row| row.contact_due() <= now);
    let unhelped = count(&|row| row.help_due().is_some());
    let silent = match silent {
        0 => None,
        1 => Some("One should hear from us now.".to_owned()),
        n => Some(format!("{} should hear from us now.", number(n))),
    };
    let unhelped = match unhelped {
        0 => None,
        1 => Some("One is owed help while they wait.".to_owned()),
        n => Some(format!("{} are owed help while they wait.", number(n))),
    };
    (bold, unhelped.into_iter().chain(silent).collect::<Vec<_>>().join(" "))
}
