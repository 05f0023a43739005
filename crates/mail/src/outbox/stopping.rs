//! Stop: one press ends e-mail to a person, whoever presses it with the letter in hand.

use consent::contact_point::{self, Kind};
use consent::{consents, suppression};
use foundation::links::{self, Purpose};
use foundation::{Act, Actor, Db, Error, PersonId, Subject, Unit};
use serde_json::json;

use super::cancelling::withdraw;

/// Stops everything by e-mail to the person whose letter carried `token`. The link is not used up: pressed again, it
/// is still right. `false` for a token that opens nothing; nobody outside is told the difference.
pub async fn stop(db: &Db, token: &str) -> Result<bool, Error> {
    let link = match links::open(db.reader(), Purpose::Stop, token, db.now()).await {
        Ok(link) => link,
        Err(Error::NotFound) => return Ok(false),
        Err(e) => return Err(e),
    };
    let person = link.person_id;
    db.write(&Actor::Alum(person), async |unit| stop_all(unit, person).await).await?;
    Ok(true)
}

async fn stop_all(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    let permit = unit.permit(Act::StopMessages, &Subject::of("person", person).concerning(person))?;
    consents::end_email(unit, person).await?;
    for point in contact_point::of(unit.tx(), person).await?.iter().filter(|p| p.kind == Kind::Email) {
        suppression::stop(unit, person, &point.folded).await?;
    }
    let cancelled = withdraw(unit, person, None, "They asked us to stop.").await?;
    unit.record(permit, json!({ "by": "stop link", "cancelled": cancelled }));
    Ok(())
}
