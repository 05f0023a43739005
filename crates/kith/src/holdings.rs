//! Everything the house keeps about people: every room's holding, and what one person may be given of it.

use alumni::holding::Alumni;
use clients::ClientHolding;
use consent::ConsentHolding;
use foundation::break_glass::BreakGlassHolding;
use foundation::holding::Holding;
use foundation::links::LinkHolding;
use foundation::{Act, Actor, Db};
use intake::IntakeHolding;
use mail::MailHolding;
use plans::holding::Plans;
use serde_json::{Map, Value as Json, json};

static ALL: [&dyn Holding; 8] = [
    &LinkHolding,
    &BreakGlassHolding,
    &ConsentHolding,
    &MailHolding,
    &ClientHolding,
    &IntakeHolding,
    &Alumni,
    &Plans,
];

/// One for each room, in the order of the house.
pub fn all() -> &'static [&'static dyn Holding] {
    &ALL
}

/// Everything that is kept about a client and belongs to their own record (45 CFR 164.524), unsealed. The ledger has it
/// before anything is given out.
pub async fn export(db: &Db, reference: &str) -> anyhow::Result<Json> {
    let person = clients::client::by_reference(db.reader(), reference).await?;
    let care = clients::client::subject(db.reader(), person).await?;
    db.write(&Actor::House, async |unit| {
        let permit = unit.permit(Act::ExportRecord, &care)?;
        unit.record(permit, json!({ "by": "command line" }));
        Ok::<_, foundation::Error>(())
    })
    .await?;
    let mut rooms = Map::new();
    for holding in all() {
        rooms.insert(holding.name().to_owned(), holding.export(db.reader(), db.keyring(), person).await?);
    }
    Ok(Json::Object(rooms))
}

#[cfg(test)]
mod tests;
