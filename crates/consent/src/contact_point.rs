//! A contact point: a phone number or an e-mail address of a person, kept as typed and folded for finding, with what was
//! said of it alone.

use foundation::search::{digits, fold};
use foundation::{Act, Error, Faults, Instant, PersonId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, QueryTrait, Set};

use crate::contact_rules;
use crate::rules::contact::Permission;

pub(crate) mod dialed;
mod own_rules;

pub use dialed::end_dialed;
pub(crate) use own_rules::confirm;
pub use own_rules::{OwnRules, set_own_rules};

foundation::id! {
    /// A contact point.
    ContactPointId
}

foundation::words! {
    /// Which way of reaching someone.
    pub enum Kind {
        Phone = "phone", "Phone",
        Email = "email", "E-mail",
    }
}

foundation::words! {
    /// Why a number or address is in use no more.
    pub enum PointEnd {
        NotTheirs = "not_theirs", "not their number anymore",
        Merged = "merged", "the same one stands on the merged record",
    }
}

mod entity {
    //! A row of `contact_points`.
    use foundation::{Instant, PersonId};
    use sea_orm::entity::prelude::*;

    use super::{ContactPointId, Kind, OwnRules, PointEnd};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contact_points")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ContactPointId,
        pub person_id: PersonId,
        pub kind: Kind,
        pub value: String,
        pub folded: String,
        pub created_at: Instant,
        pub verified_at: Option<Instant>,
        pub ended_at: Option<Instant>,
        pub end_reason: Option<PointEnd>,
        /// What was said of this one beside what holds for the person.
        #[sea_orm(column_type = "JsonBinary", nullable)]
        pub own_rules: Option<OwnRules>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use entity::Model as ContactPoint;

/// A contact point that was typed and can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContactPoint {
    kind: Kind,
    value: String,
    folded: String,
}

impl NewContactPoint {
    /// A phone number in any way of writing it: 7 to 15 digits (ITU-T E.164 allows 15).
    pub fn phone(typed: &str) -> Result<Self, Faults> {
        let plain = digits(typed);
        let mut faults = Faults::default();
        let odd = typed.chars().any(|c| !(c.is_ascii_digit() || " ()+-./#x".contains(c) || c == '\u{a0}'));
        if !(7..=15).contains(&plain.len()) || odd {
            faults.add("phone", "Enter a phone number with all its digits, like 212 555 0142");
        }
        faults.or(|| Self { kind: Kind::Phone, value: typed.trim().to_owned(), folded: plain })
    }

    /// An e-mail address that mail can be delivered to. Quoted names, IP literals and bare hosts are refused: they
    /// are legal somewhere and a mistake here.
    pub fn email(typed: &str) -> Result<Self, Faults> {
        let value = typed.trim();
        let mut faults = Faults::default();
        if !is_deliverable(value) {
            faults.add("email", "Enter an e-mail address like name@example.com");
        }
        faults.or(|| Self { kind: Kind::Email, value: value.to_owned(), folded: value.to_lowercase() })
    }

    /// Which kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// As it is compared: digits alone, or an address in small letters.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// As typed.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// As a contact point that stands on no record yet.
    pub(crate) fn unsaved(self, person_id: PersonId, now: Instant) -> ContactPoint {
        ContactPoint {
            id: ContactPointId(Uuid::nil()),
            person_id,
            kind: self.kind,
            value: self.value,
            folded: self.folded,
            created_at: now,
            verified_at: None,
            ended_at: None,
            own_rules: None,
            end_reason: None,
        }
    }
}

fn is_deliverable(address: &str) -> bool {
    let Some((name, domain)) = address.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"\",;:<>()[]\\@".contains(c);
    let label = |l: &str| !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-');
    let host = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    address.len() <= 254
        && !name.is_empty()
        && name.len() <= 64
        && name.chars().all(plain)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && domain.contains('.')
        && domain.chars().all(host)
        && domain.split('.').all(label)
        && domain.rsplit('.').next().is_some_and(|tld| tld.chars().any(char::is_alphabetic))
}

/// Writes a contact point down. The same one twice is one.
pub async fn add(unit: &mut Unit, person: PersonId, new: NewContactPoint) -> Result<ContactPointId, Error> {
    let same = entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person))
        .filter(entity::Column::Folded.eq(&new.folded))
        .filter(entity::Column::EndedAt.is_null())
        .one(unit.tx())
        .await?;
    if let Some(same) = same {
        return Ok(same.id);
    }
    let id: ContactPointId = unit.id();
    let care = crate::carried::subject(unit.tx(), "contact_point", id, person).await?;
    let permit = unit.permit(Act::SetContactPoint, &care)?;
    let folded = new.folded;
    let row = entity::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        kind: Set(new.kind),
        value: Set(new.value),
        folded: Set(folded.clone()),
        created_at: Set(unit.now()),
        verified_at: Set(None),
        ended_at: Set(None),
        end_reason: Set(None),
        // A number that comes back brings along what was said of it.
        own_rules: Set(said_before(unit, person, &folded).await?),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "kind": new.kind }));
    Ok(id)
}

/// Writes a contact point down for another record of somebody as well, with what was said of it: of two the stricter.
pub async fn also_of(unit: &mut Unit, person: PersonId, point: ContactPoint) -> Result<(), Error> {
    let ContactPoint { kind, value, folded, own_rules: said, .. } = point;
    let id = add(unit, person, NewContactPoint { kind, value, folded }).await?;
    let Some(said) = said else { return Ok(()) };
    contact_rules::or_nothing_asked(unit, &Subject::of("person", person).concerning(person)).await?;
    let there = own_rules::held(unit, person).await?.into_iter().find(|point| point.id == id);
    let there = there.and_then(|point| point.own_rules);
    let both = there.map_or_else(|| said.clone(), |own| own.stricter(&said));
    own_rules::keep(unit, id, Some(both)).await
}

/// What was said of a number or address that the person had before.
async fn said_before(unit: &Unit, person: PersonId, folded: &str) -> Result<Option<OwnRules>, Error> {
    let ended = entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person))
        .filter(entity::Column::Folded.eq(folded))
        .filter(entity::Column::OwnRules.is_not_null())
        .order_by_desc(entity::Column::EndedAt)
        .one(unit.tx())
        .await?;
    Ok(ended.and_then(|point| point.own_rules))
}

/// Those of these people of whom something was said of one number or address alone.
pub(crate) async fn particular(
    reader: &impl ConnectionTrait,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<Vec<PersonId>, Error> {
    let said: Vec<ContactPoint> = entity::Entity::find()
        .filter(entity::Column::OwnRules.is_not_null())
        .filter(entity::Column::EndedAt.is_null())
        .filter(entity::Column::PersonId.is_in(people))
        .all(reader)
        .await?;
    let mut people: Vec<PersonId> = said.into_iter().map(|point| point.person_id).collect();
    people.dedup();
    Ok(people)
}

/// Ends a contact point: nothing is sent there from now on.
pub async fn end(unit: &mut Unit, id: ContactPointId, care: &Subject) -> Result<(), Error> {
    let permit = unit.permit(Act::SetContactPoint, care)?;
    let ended = entity::Entity::update_many()
        .col_expr(entity::Column::EndedAt, Expr::value(Some(unit.now())))
        .col_expr(entity::Column::EndReason, Expr::value(Some(PointEnd::NotTheirs)))
        .filter(entity::Column::Id.eq(id))
        .filter(entity::Column::PersonId.eq(care.person))
        .filter(entity::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if ended.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    unit.record(permit, serde_json::json!({ "ended": id, "with": PointEnd::NotTheirs.words() }));
    Ok(())
}

/// The contact points of a person that are in use, oldest first.
pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Vec<ContactPoint>, Error> {
    Ok(entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person))
        .filter(entity::Column::EndedAt.is_null())
        .order_by_asc(entity::Column::Id)
        .all(reader)
        .await?)
}

/// The e-mail address of a person that is in use, the newest at which letters are not refused.
pub async fn email_of(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<ContactPoint>, Error> {
    Ok(to_write_to(&of(reader, person).await?).cloned())
}

/// The address letters go to: the newest that was not refused. When all were, the newest, so that the gate says why not.
pub(crate) fn to_write_to(points: &[ContactPoint]) -> Option<&ContactPoint> {
    let mut addresses = points.iter().filter(|point| point.kind == Kind::Email);
    addresses.clone().rfind(|point| !point.is_refused()).or_else(|| addresses.next_back())
}

impl ContactPoint {
    /// Whether they said that nobody should call or write there.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.own_rules.as_ref().is_some_and(|own| own.may_use == Permission::Never)
    }
}

/// Whose numbers and addresses in use are these, as they are folded: one look into their index, in no order; of a number
/// that half the town gives, `most` are enough.
pub async fn holders(
    reader: &impl ConnectionTrait,
    folded: Vec<String>,
    most: u64,
) -> Result<Vec<ContactPoint>, Error> {
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    Ok(entity::Entity::find()
        .filter(entity::Column::Folded.is_in(folded))
        .filter(entity::Column::EndedAt.is_null())
        .limit(most)
        .all(reader)
        .await?)
}

/// Whether somebody who holds one of these said that nobody should write or call there.
pub(crate) async fn refused(reader: &impl ConnectionTrait, folded: &[String]) -> Result<bool, Error> {
    let said = entity::Entity::find()
        .filter(entity::Column::Folded.is_in(folded.iter().map(String::as_str)))
        .filter(entity::Column::EndedAt.is_null())
        .filter(entity::Column::OwnRules.is_not_null())
        .all(reader)
        .await?;
    Ok(said.iter().any(ContactPoint::is_refused))
}

/// The people who hold one of these, to ask something else about them in the same look.
pub(crate) fn held_by(folded: &[String]) -> SelectStatement {
    entity::Entity::find()
        .select_only()
        .column(entity::Column::PersonId)
        .filter(entity::Column::Folded.is_in(folded.iter().map(String::as_str)))
        .filter(entity::Column::EndedAt.is_null())
        .into_query()
}

/// What a contact point is found by.
#[must_use]
pub fn terms(new: &NewContactPoint) -> String {
    match new.kind {
        Kind::Phone => foundation::search::phone_terms(&new.value),
        Kind::Email => fold(&new.value),
    }
}

pub(crate) async fn all_of(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<ContactPoint>, Error> {
    Ok(entity::Entity::find().filter(entity::Column::PersonId.eq(person)).all(reader).await?)
}

pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    entity::Entity::delete_many().filter(entity::Column::PersonId.eq(person)).exec(unit.tx()).await?;
    Ok(())
}

pub(crate) async fn move_to(unit: &Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    let at: Instant = unit.now();
    let own = own_rules::held(unit, survivor).await?;
    for theirs in own_rules::held(unit, from).await? {
        let Some(said) = theirs.own_rules else { continue };
        let Some(kept) = own.iter().find(|point| point.folded == theirs.folded) else { continue };
        let both = kept.own_rules.clone().map_or_else(|| said.clone(), |own| own.stricter(&said));
        own_rules::keep(unit, kept.id, Some(both)).await?;
    }
    let kept: Vec<String> = own.into_iter().map(|point| point.folded).collect();
    // The survivor's own stay; what both have ends on the other side, so that nothing is there twice.
    entity::Entity::update_many()
        .col_expr(entity::Column::EndedAt, Expr::value(Some(at)))
        .col_expr(entity::Column::EndReason, Expr::value(Some(PointEnd::Merged)))
        .filter(entity::Column::PersonId.eq(from))
        .filter(entity::Column::Folded.is_in(kept))
        .exec(unit.tx())
        .await?;
    entity::Entity::update_many()
        .col_expr(entity::Column::PersonId, Expr::value(survivor))
        .filter(entity::Column::PersonId.eq(from))
        .exec(unit.tx())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_way_of_writing_a_number_is_fine_and_half_a_number_is_not() {
        for good in ["212 555 0142", "(212) 555-0142", "+1 212.555.0142", "5550142"] {
            assert!(NewContactPoint::phone(good).is_ok(), "{good}");
        }
        for bad in ["", "0142", "call me", "212 555 0142; rm", "1234567890123456"] {
            assert!(NewContactPoint::phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_is_one_that_mail_can_be_delivered_to() {
        for good in ["jo@example.com", "zoë.nguyen+x@mail.example.org", " Jo@Example.COM "] {
            assert!(NewContactPoint::email(good).is_ok(), "{good}");
        }
        for bad in [
            "jo",
            "jo@localhost",
            "jo@[127.0.0.1]",
            "a@b@c.d",
            "jo@x..com",
            "j\r\no@x.com",
            "\"j o\"@x.com",
            "jo@x.com,b@x.com",
            "jo@1.2.3.4",
        ] {
            assert!(NewContactPoint::email(bad).is_err(), "{bad}");
        }
    }
}
