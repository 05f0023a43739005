//! What came in another way today: a message at the topmost request of somebody with an address, an automatic answer that was set aside, and a key of
//! the website.

use chrono::TimeDelta;
use consent::contact_point;
use foundation::{Db, Error, Instant};
use intake::api_key::{self, NewKey};
use intake::inbox::{View, rows};
use intake::inward::receiving::{Delivery, receive};
use intake::request::by_reference;

use super::Cast;
use crate::arriving::on_reply;

pub(super) async fn live(db: &Db, cast: &Cast, now: Instant) -> anyhow::Result<()> {
    db.clock().move_to(now - TimeDelta::minutes(2));
    let mut found = None;
    for row in rows(db, &cast.ana, View::Everyone, None).await? {
        let caller = by_reference(db.reader(), &row.reference).await?.caller_id;
        if let Some(address) = contact_point::email_of(db.reader(), caller).await? {
            found = Some((row, address.value));
            break;
        }
    }
    let Some((row, address)) = found else { return Ok(()) };
    let (name, reference) = (&row.name, &row.reference);
    let message = format!(
        "From: {name} <{address}>\r\nMessage-ID: <first@mail.example>\r\nSubject: Re: {reference}\r\n\r\n\
         I am at the neighbor's now. Please use the number I gave, I have my phone with me.\r\n"
    );
    let away = "From: Out of office <robot@mail.example>\r\nMessage-ID: <second@mail.example>\r\n\
                Auto-Submitted: auto-replied\r\n\r\nI am away.\r\n";
    for bytes in [message.as_bytes(), away.as_bytes()] {
        receive(db, Delivery { bytes, envelope: None, pages_elsewhere: false, on_reply }).await?;
    }
    let key = NewKey::parse("The website", "https://cedar-office.example").map_err(Error::from)?;
    db.write(&cast.linus, async |unit| api_key::make(unit, key).await).await?;
    Ok(())
}
