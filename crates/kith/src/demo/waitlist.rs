//! The waitlist of today: a few who wait for a place, in every class.

use foundation::{Actor, Db, Error};
use intake::request::by_reference;
use intake::rules::waitlist::Interim;
use intake::waitlist::{NewWait, adding};

/// Name, level of care, class, what helps meanwhile.
type Waits = (&'static str, &'static str, &'static str, &'static [Interim]);

const WAITS: [Waits; 4] = [
    ("Kofi", "3.5", "not_asked", &[]),
    ("Ingrid S.", "3.5", "pregnant", &[]),
    ("Graciela", "3.5", "injecting", &[Interim::Naloxone, Interim::PeerCalls]),
    ("Rosalind", "2.1", "other", &[Interim::Telehealth]),
];

/// Puts someone on the list, if they wait.
pub(super) async fn live(db: &Db, who: &Actor, name: &str, reference: &str) -> anyhow::Result<()> {
    let Some((_, level, class, interim)) = WAITS.iter().find(|waits| waits.0 == name) else { return Ok(()) };
    let about = by_reference(db.reader(), reference).await?;
    let typed = |field: &str| match field {
        "level" => *level,
        "class" => *class,
        _ => "",
    };
    let new = NewWait::parse(typed, interim.to_vec()).map_err(Error::from)?;
    db.write(who, async |unit| adding::add(unit, &about, new).await).await?;
    Ok(())
}
