//! Going through the map together: what is on it holds as of today, also when there is truly nobody.

use foundation::center::Center;
use foundation::{Act, Day, Error, Faults, News, PersonId, Unit, refused};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::json;

use super::{CLIENT_VIEW, MapState, snapshotting};
use crate::caseload::subject;
use crate::entity::map::{Column, Entity};

/// What was gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Said that there is nobody at present. Refused while a connection is on the map.
    truly_none: bool,
    group_sessions: Option<i32>,
    ucla3: Option<i32>,
}

impl Confirmation {
    /// `group_sessions` are those attended in the last 30 days; `ucla3` is the three-item loneliness sum, 3 to 9.
    /// `None` means not asked.
    pub fn parse(truly_none: bool, group_sessions: Option<i32>, ucla3: Option<i32>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        if group_sessions.is_some_and(|n| !(0..=200).contains(&n)) {
            faults.add("group_sessions", "Enter how many group sessions in 30 days, 0 to 200");
        }
        if ucla3.is_some_and(|n| !(3..=9).contains(&n)) {
            faults.add("ucla3", "The three answers add up to 3 to 9");
        }
        faults.or(|| Self { truly_none, group_sessions, ucla3 })
    }
}

/// Confirms the map as of today and keeps a snapshot.
pub async fn confirm(unit: &mut Unit, person: PersonId, confirmation: Confirmation) -> Result<(), Error> {
    let permit =
        unit.permit(Act::ConfirmConnections, &subject(unit.tx(), "client", person, person).await?)?;
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    if confirmation.truly_none && snapshotting::has_ties(unit.tx(), person).await? {
        return Err(refused(
            "not_none",
            "There are connections on the map. End them first, or confirm the map as it is.",
        ));
    }
    if !confirmation.truly_none && !snapshotting::has_ties(unit.tx(), person).await? {
        return Err(refused(
            "empty",
            "Nothing is on the map yet. Add a connection, or say that there is nobody.",
        ));
    }
    let state = if confirmation.truly_none { MapState::TrulyNone } else { MapState::Confirmed };
    snapshotting::ensure_map(unit, person).await?;
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::ConfirmedOn, Expr::value(Some(today)))
        .col_expr(Column::GroupSessions, Expr::value(confirmation.group_sessions))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(person));
    if let Some(sum) = confirmation.ucla3 {
        update = update
            .col_expr(Column::Ucla3, Expr::value(Some(sum)))
            .col_expr(Column::Ucla3On, Expr::value(Some(today)));
    }
    update.exec(unit.tx()).await?;
    snapshotting::take(unit, person).await?;
    unit.record(permit, json!({ "state": state }));
    unit.tell(News::Alumni);
    Ok(())
}

/// Keeps how the person sees it, in their own words. Shown wherever the reading is shown; an empty text takes it away.
pub async fn say_own_view(unit: &mut Unit, person: PersonId, words: &str) -> Result<(), Error> {
    let permit =
        unit.permit(Act::ConfirmConnections, &subject(unit.tx(), "client", person, person).await?)?;
    let words = words.trim();
    if words.chars().count() > 2000 {
        return Err(refused("client_view", "Shorten it to 2,000 characters."));
    }
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let (sealed, on): (Option<Vec<u8>>, Option<Day>) = if words.is_empty() {
        (None, None)
    } else {
        (Some(unit.seal(person, CLIENT_VIEW, words).await?), Some(today))
    };
    snapshotting::ensure_map(unit, person).await?;
    Entity::update_many()
        .col_expr(Column::ClientView, Expr::value(sealed))
        .col_expr(Column::ClientViewOn, Expr::value(on))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(person))
        .exec(unit.tx())
        .await?;
    unit.record(permit, json!({ "fields": ["client_view"] }));
    unit.tell(News::Alumni);
    Ok(())
}
