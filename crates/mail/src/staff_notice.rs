//! The letter that tells a colleague that something waits, and nothing about anyone; and where each is written to.

use std::collections::HashMap;

use foundation::center::Center;
use foundation::jobs::Failure;
use foundation::restored::Restored;
use foundation::staff::inviting::member;
use foundation::{Act, Db, Error, Faults, Lang, StaffId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, Set};
use serde_json::json;

use crate::Postroom;
use crate::delivery::Outcome;
use crate::entity::notice_address::{ActiveModel, Column, Entity};
use crate::letter::{Address, Letter, MessageId};

/// What a test letter says.
const TEST: &str = "This is a test. If you can read it, letters leave as they should.";

/// An address of a colleague as typed, or none.
///
/// # Errors
/// At `notice_email`.
pub fn parse_address(typed: &str) -> Result<Option<String>, Faults> {
    let mut faults = Faults::default();
    let email = match typed.trim() {
        "" => None,
        typed => Address::parse(typed)
            .map(|address| address.as_str().to_owned())
            .map_err(|why| faults.add("notice_email", why.to_string()))
            .ok(),
    };
    faults.or(|| email)
}

/// Where one colleague is written to.
pub async fn address_of(reader: &impl ConnectionTrait, staff: StaffId) -> Result<Option<String>, Error> {
    Ok(Entity::find_by_id(staff).one(reader).await?.map(|row| row.email))
}

/// Where everyone is written to who said so.
pub async fn list_addresses(reader: &impl ConnectionTrait) -> Result<HashMap<StaffId, String>, Error> {
    Ok(Entity::find().all(reader).await?.into_iter().map(|row| (row.staff_id, row.email)).collect())
}

/// Sets or forgets where a colleague is written to, inside an act of their own that records it.
pub async fn keep_address(unit: &mut Unit, staff: StaffId, email: Option<String>) -> Result<(), Error> {
    let Some(email) = email else {
        Entity::delete_by_id(staff).exec(unit.tx()).await?;
        return Ok(());
    };
    let row = ActiveModel { staff_id: Set(staff), email: Set(email), changed_at: Set(unit.now()) };
    let again =
        OnConflict::column(Column::StaffId).update_columns([Column::Email, Column::ChangedAt]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(unit.tx()).await?;
    Ok(())
}

/// Sets where I am written to.
pub async fn set_own_address(unit: &mut Unit, email: Option<String>) -> Result<(), Error> {
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::ChangeOwnAccount))?;
    let permit = unit.permit(Act::ChangeOwnAccount, &Subject::of("staff", me))?;
    keep_address(unit, me, email).await?;
    unit.record(permit, json!({ "fields": ["notice_email"] }));
    Ok(())
}

/// The letter to a colleague about one thing that waits; `None` when they have left, or gave no address. The same thing makes
/// the same letter, however often it is tried.
pub async fn write(
    db: &Db,
    staff: StaffId,
    about: Uuid,
    text: &'static str,
) -> Result<Option<Letter>, Error> {
    // The job comes again; what is written in the meantime may be of a day that is over.
    if Restored::on_hold(db.reader()).await?.is_some() {
        return Err(Error::Busy);
    }
    let to = member(db.reader(), staff).await?;
    let email = address_of(db.reader(), staff).await?;
    let Some(email) = email.filter(|_| to.disabled_at.is_none()) else { return Ok(None) };
    let center = Center::load(db.reader()).await?;
    let address = |text: &str| Address::parse(text).map_err(|why| Error::Broken(why.to_string()));
    let from_address = address(&center.mail_from)?;
    Ok(Some(Letter {
        to_name: to.name,
        to_address: address(&email)?,
        from_name: center.neutral_name,
        message_id: MessageId::new(Uuid::from_u128(about.as_u128() ^ staff.0.as_u128()), &from_address),
        from_address,
        reply_to: None,
        subject: "Something is waiting".to_owned(),
        text: text.to_owned(),
        html: None,
        date: db.now(),
        unsubscribe: None,
        lang: Lang::English,
    }))
}

/// Sends a colleague a letter that says only that it arrived; what became of it, or `None` when they gave no address.
pub async fn test(db: &Db, room: &Postroom, staff: StaffId) -> Result<Option<Outcome>, Error> {
    let about = Uuid::from_u128(u128::try_from(db.now().timestamp_millis()).unwrap_or_default());
    let Some(letter) = write(db, staff, about, TEST).await? else { return Ok(None) };
    let letter = Letter { subject: "A test letter".to_owned(), ..letter };
    let written = letter.write().map_err(|why| Error::Broken(why.to_string()))?;
    let outcome = room.post.deliver(&written).await;
    room.post.learn(&outcome, db.now());
    Ok(Some(outcome))
}

/// Hands the letter to the mail server.
///
/// # Errors
/// [`Failure::Again`] when the mail server asks for it; [`Failure::GiveUp`] when it refuses.
pub async fn deliver(room: &Postroom, letter: &Letter) -> Result<(), Failure> {
    let written = letter.write().map_err(|why| Failure::GiveUp(why.to_string()))?;
    match room.post.deliver(&written).await {
        Outcome::Accepted { .. } => Ok(()),
        // One letter too many tells nobody anything; none at all might.
        Outcome::TryLater { .. } | Outcome::Unknown { .. } => {
            Err(Failure::Again("the mail server is busy".into()))
        }
        refused => Err(Failure::GiveUp(format!("the mail server says {}", refused.name()))),
    }
}
