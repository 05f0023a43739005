//! Contact overrides: somebody was called, or a voicemail left, against what they had said. It wants a reason, the reason is
//! kept, and the privacy officer reads it and says whether it was right.

use chrono::TimeDelta;
use foundation::sealed::Keyring;
use foundation::{Act, Error, Faults, Instant, News, PersonId, StaffId, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};

use crate::contact_point::ContactPointId;
use crate::reaching::Reaching;
use crate::rules::against::{Broken, Said, Tried, against};

const REASON: &str = "contact_overrides.reason";
/// Characters of a reason.
const LONGEST: usize = 500;
/// How long after a call it is written down.
pub(crate) const WRITTEN_DOWN_WITHIN: TimeDelta = TimeDelta::minutes(15);
/// Overrides one list shows.
const MOST: u64 = 100;

foundation::id! {
    /// One call against what somebody said.
    OverrideId
}

mod entity {
    //! A row of `contact_overrides`.
    use foundation::{Instant, PersonId, StaffId};
    use sea_orm::entity::prelude::*;

    use super::OverrideId;
    use crate::rules::against::Broken;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contact_overrides")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: OverrideId,
        pub person_id: PersonId,
        pub staff_id: Option<StaffId>,
        /// The reference of the request, or what else it was about.
        pub about: String,
        pub broken: Broken,
        /// Sealed under the person's key; empty when they were forgotten.
        pub reason: Vec<u8>,
        pub made_at: Instant,
        pub reviewed_at: Option<Instant>,
        pub reviewed_by: Option<StaffId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

use entity::{Column, Entity};

/// How somebody was reached, as far as what they said is judged by it.
#[derive(Clone, Copy, Debug)]
pub struct Contact<'a> {
    pub tried: Tried,
    /// The number that was tried; without it the one the card offers.
    pub number: Option<ContactPointId>,
    /// Danger comes before hours.
    pub lifted: bool,
    /// Why it was done all the same, as typed.
    pub because: &'a str,
}

/// What of what they had said was broken, with the reason that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overridden {
    pub broken: Broken,
    reason: String,
}

/// What reaching this person at this moment breaks.
pub fn broken_by(reaching: &Reaching, contact: &Contact<'_>, now: Instant) -> Option<Broken> {
    let rules = reaching.rules_to_reach(contact.number)?;
    // Whoever called within their hours may write it down a little later.
    let is_good = |at| reaching.is_named_hour(rules.call_hours.0.as_ref(), at);
    let said = Said {
        asked_not_to_be_contacted: rules.do_not_contact_at.is_some(),
        call: rules.call,
        text: rules.text_message,
        voicemail: rules.voicemail,
        outside_hours: !contact.lifted && !is_good(now) && !is_good(now - WRITTEN_DOWN_WITHIN),
    };
    against(said, contact.tried)
}

/// Judges a try by what they had said before it. What they say in it holds for the next one.
///
/// # Errors
/// A fault at `because` when it broke something and nobody says why.
pub fn judge(reaching: &Reaching, contact: &Contact<'_>, now: Instant) -> Result<Option<Overridden>, Faults> {
    let broken = broken_by(reaching, contact, now);
    broken.map(|broken| Ok(Overridden { broken, reason: reason_of(broken, contact.because)? })).transpose()
}

/// A reason that can be kept.
///
/// # Errors
/// At `because`, with what was broken, when there is none or it is too long.
fn reason_of(broken: Broken, typed: &str) -> Result<String, Faults> {
    let mut faults = Faults::default();
    let reason = typed.trim();
    if reason.is_empty() {
        let said = broken.words();
        faults.add("because", format!("{said}. Enter why it was done; the privacy officer reads it"));
    }
    if reason.chars().count() > LONGEST {
        faults.add("because", format!("Write up to {LONGEST} characters"));
    }
    faults.or(|| reason.to_owned())
}

/// Keeps that somebody was reached against what they said, in the unit that writes the call down.
pub async fn keep(
    unit: &mut Unit,
    person: PersonId,
    about: &str,
    Overridden { broken, reason }: &Overridden,
) -> Result<(), Error> {
    let reason = unit.seal(person, REASON, reason).await?;
    let row = entity::ActiveModel {
        id: Set(unit.id()),
        person_id: Set(person),
        staff_id: Set(unit.actor().staff_id()),
        about: Set(about.to_owned()),
        broken: Set(*broken),
        reason: Set(reason),
        made_at: Set(unit.now()),
        reviewed_at: Set(None),
        reviewed_by: Set(None),
    };
    unit.insert(row).await?;
    unit.tell(News::Privacy);
    Ok(())
}

/// One override as the privacy officer reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactOverride {
    pub id: OverrideId,
    pub person: PersonId,
    pub staff: Option<StaffId>,
    pub about: String,
    pub broken: Broken,
    /// Nothing when the person was forgotten, and the reason with them.
    pub reason: Option<String>,
    pub made_at: Instant,
    pub reviewed: Option<(Instant, Option<StaffId>)>,
}

/// How many nobody has reviewed yet.
pub async fn how_many_wait(reader: &impl ConnectionTrait) -> Result<u64, Error> {
    Ok(Entity::find().filter(Column::ReviewedAt.is_null()).count(reader).await?)
}

/// The newest, those that wait for a review first. The caller records that they were read.
pub async fn list(reader: &impl ConnectionTrait, keyring: &Keyring) -> Result<Vec<ContactOverride>, Error> {
    let waiting = Entity::find().filter(Column::ReviewedAt.is_null());
    let reviewed = Entity::find().filter(Column::ReviewedAt.is_not_null());
    let mut found = Vec::new();
    for part in [waiting, reviewed] {
        for row in part.order_by_desc(Column::Id).limit(MOST).all(reader).await? {
            let reason = match row.reason.as_slice() {
                [] => None,
                sealed => Some(keyring.open(reader, row.person_id, REASON, sealed).await?),
            };
            found.push(ContactOverride {
                id: row.id,
                person: row.person_id,
                staff: row.staff_id,
                about: row.about,
                broken: row.broken,
                reason,
                made_at: row.made_at,
                reviewed: row.reviewed_at.map(|at| (at, row.reviewed_by)),
            });
        }
    }
    Ok(found)
}

/// Marks one as reviewed, once, and not by whoever made the call.
///
/// # Errors
/// A refusal when it was reviewed already, or when it is one's own.
pub async fn review(unit: &mut Unit, id: OverrideId) -> Result<(), Error> {
    let row = Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let subject = Subject::of("contact_override", id).concerning(row.person_id);
    let permit = unit.permit(Act::ReviewContactOverride, &subject)?;
    if row.staff_id == unit.actor().staff_id() {
        return Err(refused("own", "You made this call. Somebody else reviews it."));
    }
    let done = Entity::update_many()
        .col_expr(Column::ReviewedAt, Expr::value(Some(unit.now())))
        .col_expr(Column::ReviewedBy, Expr::value(unit.actor().staff_id()))
        .filter(Column::Id.eq(id))
        .filter(Column::ReviewedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("reviewed", "This was reviewed already."));
    }
    unit.record(permit, serde_json::json!({ "broken": row.broken }));
    unit.tell(News::Privacy);
    Ok(())
}

/// What a person's export says of it.
pub(crate) async fn export(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<serde_json::Value>, Error> {
    let mut all = Vec::new();
    for row in Entity::find().filter(Column::PersonId.eq(person)).all(reader).await? {
        let reason = match row.reason.as_slice() {
            [] => None,
            sealed => Some(keyring.open(reader, person, REASON, sealed).await?),
        };
        all.push(serde_json::json!({ "at": row.made_at, "against": row.broken, "reason": reason }));
    }
    Ok(all)
}

pub(crate) async fn move_to(unit: &mut Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    for row in Entity::find().filter(Column::PersonId.eq(from)).all(unit.tx()).await? {
        let reason = match row.reason.as_slice() {
            [] => Vec::new(),
            sealed => {
                let text = keyring.open(unit.tx(), from, REASON, sealed).await?;
                unit.seal(survivor, REASON, &text).await?
            }
        };
        Entity::update_many()
            .col_expr(Column::PersonId, Expr::value(survivor))
            .col_expr(Column::Reason, Expr::value(reason))
            .filter(Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}

/// That it happened stays; the words die with the key.
pub(crate) async fn forget(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Reason, Expr::value(Vec::<u8>::new()))
        .filter(Column::PersonId.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}
