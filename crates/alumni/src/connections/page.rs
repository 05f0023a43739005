//! The connections page: every tie in its category, the empty categories too, with what the indicator is made from and
//! how the person sees it. Six statements and the names.

use foundation::center::Center;
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Day, Error, PersonId, day};
use sea_orm::{ConnectionTrait, EntityTrait};

use super::counting::Inputs;
use super::{CLIENT_VIEW, MapState, Snapshot, snapshotting};
use crate::connection::{Connection, LABEL, NOTE, PHONE};
use crate::entity::map;
use crate::rules::connection::Category;
use crate::rules::indicator::{self, Reading};
use crate::{aftercare, caseload};

/// Snapshots shown under "then and now".
const THEN: u64 = 24;

/// One tie with its words opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub row: Connection,
    pub label: String,
    pub note: Option<String>,
    /// The number to call them by.
    pub phone: Option<String>,
}

impl Line {
    /// Marked harmful: on the staff screen only, never in a drawing that leaves.
    pub fn is_unsafe(&self) -> bool {
        self.row.unsafe_at.is_some()
    }
}

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct ConnectionsPage {
    pub person: PersonId,
    /// All seven categories in the order of the house, each with its ties, the empty ones too.
    pub categories: Vec<(Category, Vec<Line>)>,
    /// Ties that ended, the last to end first.
    pub before: Vec<Line>,
    pub state: MapState,
    pub confirmed_on: Option<Day>,
    /// What the indicator is read from; an unsafe tie is in it only as a reason to ask whether it is safe at home.
    pub inputs: Inputs,
    /// The indicator as it reads today: a band that has got too old since it was kept is hidden here.
    pub reading: Reading,
    /// Readings kept before, the newest first.
    pub snapshots: Vec<Snapshot>,
    /// How the person sees it, and since when.
    pub client_view: Option<(String, Option<Day>)>,
    /// The map's version, for forms that change it.
    pub version: i32,
}

/// The page of one person. The caller records the opening; who may not see it gets [`Error::NotFound`].
pub async fn page(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    person: PersonId,
    now: foundation::Instant,
) -> Result<ConnectionsPage, Error> {
    caseload::seen_by(viewer, Act::OpenConnections, reader, person).await?;
    let today = day(now, Center::load(reader).await?.zone);
    let ties = snapshotting::open_ties(reader, person).await?;
    let map = map::Entity::find_by_id(person).one(reader).await?;
    let aftercare = aftercare::active(reader, person).await?;
    let inputs = Inputs::of(&ties, map.as_ref(), aftercare.as_ref(), today);
    let client_view = match map.as_ref().and_then(|map| map.client_view.as_deref()) {
        Some(sealed) => {
            let words = keyring.open(reader, person, CLIENT_VIEW, sealed).await?;
            Some((words, map.as_ref().and_then(|map| map.client_view_on)))
        }
        None => None,
    };
    let snapshots = snapshotting::newest(reader, person, THEN).await?;
    let before = match snapshots.first() {
        Some(newest) => snapshotting::before(reader, person, newest.taken_on).await?,
        None => None,
    };
    Ok(ConnectionsPage {
        person,
        reading: indicator::read(&inputs.for_rules(before.as_ref())),
        before: opened(reader, keyring, snapshotting::ended_ties(reader, person).await?).await?,
        categories: by_category(opened(reader, keyring, ties).await?),
        state: inputs.state,
        confirmed_on: inputs.confirmed_on,
        snapshots,
        inputs,
        client_view,
        version: map.map_or(0, |map| map.version),
    })
}

/// The version of a person's map; it goes up with every tie that is written, changed, marked or ended. 0 without a map.
pub async fn version(reader: &impl ConnectionTrait, person: PersonId) -> Result<i32, Error> {
    Ok(map::Entity::find_by_id(person).one(reader).await?.map_or(0, |map| map.version))
}

async fn opened(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    ties: Vec<Connection>,
) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::with_capacity(ties.len());
    for row in ties {
        let label = keyring.open(reader, row.person_id, LABEL, &row.label).await?;
        let note = match &row.note {
            Some(sealed) => Some(keyring.open(reader, row.person_id, NOTE, sealed).await?),
            None => None,
        };
        let phone = match &row.phone {
            Some(sealed) => Some(keyring.open(reader, row.person_id, PHONE, sealed).await?),
            None => None,
        };
        lines.push(Line { row, label, note, phone });
    }
    Ok(lines)
}

/// The nearest first within a category.
fn by_category(mut lines: Vec<Line>) -> Vec<(Category, Vec<Line>)> {
    lines.sort_by(|a, b| b.row.nearness.cmp(&a.row.nearness).then_with(|| a.label.cmp(&b.label)));
    let of = |category: Category| lines.iter().filter(|l| l.row.category == category).cloned().collect();
    Category::ALL.iter().map(|category| (*category, of(*category))).collect()
}
