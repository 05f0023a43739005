//! Everything the house keeps about people: every room's holding, and what one person may be given of it.

use foundation::holding::Holding;
use foundation::{Act, Actor, Db};
use serde_json::{Value as Json, json};

/// One for each room, in the order of the house.
pub fn all() -> &'static [&'static dyn Holding] {
    web::own_record::holdings()
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
    Ok(web::own_record::export(db, person).await?)
}

#[cfg(test)]
mod tests;
