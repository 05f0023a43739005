//! Sites: where people are met, with the clock of the place.

use clients::person::plain;
use foundation::{Act, Error, Faults, Subject, Unit, Zone};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set};
use serde_json::json;

use crate::entity::site;
pub use crate::entity::site::{Model as Site, SiteId};

/// The longest name and address.
const NAME: usize = 80;
const ADDRESS: usize = 300;

/// A place that can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSite {
    name: String,
    address: String,
    zone: Zone,
}

impl NewSite {
    /// Reads a form.
    ///
    /// # Errors
    /// What cannot be used, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = plain(text("site_name"));
        if name.is_empty() || name.chars().count() > NAME {
            faults.add("site_name", "Enter what colleagues call this place, like Cedar, second floor");
        }
        let address = plain(text("address"));
        if address.is_empty() || address.chars().count() > ADDRESS {
            faults.add("address", "Enter the address as it is told on the phone");
        }
        let Ok(zone) = text("zone").parse() else {
            faults.add("zone", "Choose the time zone of this place");
            return Err(faults);
        };
        faults.or(|| Self { name, address, zone })
    }
}

/// Opens a site.
pub async fn add(unit: &mut Unit, new: NewSite) -> Result<SiteId, Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let id: SiteId = unit.id();
    let row = site::ActiveModel {
        id: Set(id),
        name: Set(new.name),
        address: Set(new.address),
        zone: Set(new.zone.name().to_owned()),
        made_at: Set(unit.now()),
        ended_at: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    unit.record(permit, json!({ "fields": ["site"], "site": id }));
    Ok(id)
}

/// Puts a site right. `version` is the one the form was shown with. What is booked keeps the moment it was agreed for.
pub async fn change(unit: &mut Unit, id: SiteId, version: i32, new: NewSite) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let update = site::Entity::update_many()
        .col_expr(site::Column::Name, Expr::value(new.name))
        .col_expr(site::Column::Address, Expr::value(new.address))
        .col_expr(site::Column::Zone, Expr::value(new.zone.name()));
    settle(unit, update, id, version).await?;
    unit.record(permit, json!({ "fields": ["site"], "site": id }));
    Ok(())
}

/// Nobody is met there from now on. What is booked there stays booked until somebody moves it.
pub async fn end(unit: &mut Unit, id: SiteId, version: i32) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let update = site::Entity::update_many().col_expr(site::Column::EndedAt, Expr::value(Some(unit.now())));
    settle(unit, update, id, version).await?;
    unit.record(permit, json!({ "fields": ["site"], "site": id, "ended": true }));
    Ok(())
}

async fn settle(
    unit: &Unit,
    update: sea_orm::UpdateMany<site::Entity>,
    id: SiteId,
    version: i32,
) -> Result<(), Error> {
    let done = update
        .col_expr(site::Column::Version, Expr::col(site::Column::Version).add(1))
        .filter(site::Column::Id.eq(id))
        .filter(site::Column::Version.eq(version))
        .filter(site::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Every site, by name; also those where nobody is met any more.
pub async fn all(reader: &impl ConnectionTrait) -> Result<Vec<Site>, Error> {
    Ok(site::Entity::find().order_by_asc(site::Column::Name).all(reader).await?)
}

/// Those where people are met now.
pub async fn open(reader: &impl ConnectionTrait) -> Result<Vec<Site>, Error> {
    Ok(all(reader).await?.into_iter().filter(|site| site.ended_at.is_none()).collect())
}
