//! Disclosures: what left the house to whom, under which consent, with which notice. Written in the unit of leaving;
//! if this row cannot be written nothing leaves. Read as the accounting of disclosures (42 CFR §2.25).

use foundation::{Act, Error, PersonId, StaffId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Set};

use crate::consents::{Consent, ConsentId, Scope};
use crate::gate::{Answer, may_share};
use crate::rules::notice::{Notice, PROHIBITION_VERSION};

foundation::id! {
    /// A disclosure.
    DisclosureId
}

mod entity {
    //! A row of `disclosures`.
    use foundation::{Instant, PersonId, StaffId};
    use sea_orm::entity::prelude::*;

    use super::DisclosureId;
    use crate::consents::{ConsentId, Scopes};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "disclosures")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DisclosureId,
        pub person_id: PersonId,
        pub consent_id: Option<ConsentId>,
        pub basis: String,
        pub recipient: String,
        pub what: String,
        /// What the consent allowed to be shown, told to the reader beside the notice (§2.32(b)).
        #[sea_orm(column_type = "JsonBinary")]
        pub scope: Scopes,
        pub purpose: String,
        pub notice_version: String,
        pub disclosed_at: Instant,
        pub disclosed_by: Option<StaffId>,
        /// The letter it left in.
        pub message_id: Option<Uuid>,
        /// Who let it go, when it was not the one who wrote it.
        pub released_by: Option<StaffId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use entity::Model as Disclosure;

/// Lets `what` go to a named reader if a consent in force names them, and writes it down. Returns the consent it rests
/// on, whose scope bounds what may be shown; otherwise the gate's reason.
pub async fn disclose(
    unit: &mut Unit,
    care: &Subject,
    recipient: &str,
    (what, notice): (&str, Notice<'_>),
) -> Result<Consent, Error> {
    disclose_as(unit, Act::Disclose, care, recipient, &[], (what, notice)).await
}

/// The same by an act of its own, such as asking a plan: the consent must allow everything in `wanted`. `notice` is how
/// the notice of §2.32 goes along with `what`.
pub async fn disclose_as(
    unit: &mut Unit,
    act: Act,
    care: &Subject,
    recipient: &str,
    wanted: &[Scope],
    (what, notice): (&str, Notice<'_>),
) -> Result<Consent, Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(act, care)?;
    let today = unit.today(foundation::center::Center::load(unit.tx()).await?.zone);
    let (answer, consent) = may_share(unit.tx(), person, recipient, notice, today).await?;
    let Some(consent) = consent else { return Err(foundation::refused("gate", answer.words())) };
    if !consent.covers(wanted) {
        return Err(foundation::refused("gate", Answer::NoConsent.words()));
    }
    let id: DisclosureId = unit.id();
    let row = entity::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        consent_id: Set(Some(consent.id)),
        basis: Set("consent".into()),
        recipient: Set(consent.recipient.clone()),
        what: Set(what.to_owned()),
        scope: Set(consent.scope.clone()),
        purpose: Set(consent.purpose.clone()),
        notice_version: Set(PROHIBITION_VERSION.into()),
        disclosed_at: Set(unit.now()),
        disclosed_by: Set(unit.actor().staff_id()),
        message_id: Set(None),
        released_by: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "disclosure": id, "consent": consent.id, "what": what }));
    Ok(consent)
}

/// A letter about a person that leaves to somebody else.
#[derive(Clone, Debug)]
pub struct LetterDisclosure {
    pub message: Uuid,
    pub person: PersonId,
    pub recipient: String,
    pub what: String,
    /// The consent it rests on; without one, `basis` is what the second person let it go on.
    pub consent: Option<Consent>,
    pub basis: String,
    pub purpose: String,
    /// Who wrote it.
    pub author: Option<StaffId>,
    pub released_by: Option<StaffId>,
}

/// Writes a letter that is leaving into the accounting. For an act that is permitted and recorded by its caller: the
/// unit in which the letter is handed to the mail server.
pub async fn account_letter(unit: &mut Unit, letter: LetterDisclosure) -> Result<DisclosureId, Error> {
    let id: DisclosureId = unit.id();
    let consent = letter.consent;
    let row = entity::ActiveModel {
        id: Set(id),
        person_id: Set(letter.person),
        basis: Set(letter.basis),
        recipient: Set(letter.recipient),
        what: Set(letter.what),
        purpose: Set(letter.purpose),
        notice_version: Set(consent.as_ref().map_or("", |_| PROHIBITION_VERSION).into()),
        scope: Set(consent.as_ref().map(|c| c.scope.clone()).unwrap_or_default()),
        consent_id: Set(consent.map(|c| c.id)),
        disclosed_at: Set(unit.now()),
        disclosed_by: Set(letter.author),
        message_id: Set(Some(letter.message)),
        released_by: Set(letter.released_by),
    };
    unit.insert(row).await?;
    Ok(id)
}

/// A letter that is in the accounting never arrived: its row says so. For an act that is recorded by its caller.
pub async fn mark_undelivered(unit: &Unit, id: DisclosureId) -> Result<(), Error> {
    let Some(row) = entity::Entity::find_by_id(id).one(unit.tx()).await? else { return Ok(()) };
    entity::Entity::update_many()
        .col_expr(entity::Column::What, Expr::value(format!("{}; it did not arrive", row.what)))
        .filter(entity::Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// The accounting of a person's disclosures, newest first.
pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Disclosure>, Error> {
    Ok(entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person))
        .order_by_desc(entity::Column::Id)
        .all(reader)
        .await?)
}

/// What left under one consent, newest first: shown when it is taken back.
pub async fn under(
    reader: &impl ConnectionTrait,
    person: PersonId,
    consent: ConsentId,
) -> Result<Vec<Disclosure>, Error> {
    Ok(of(reader, person).await?.into_iter().filter(|d| d.consent_id == Some(consent)).collect())
}

pub(crate) async fn move_to(unit: &Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    entity::Entity::update_many()
        .col_expr(entity::Column::PersonId, Expr::value(survivor))
        .filter(entity::Column::PersonId.eq(from))
        .exec(unit.tx())
        .await?;
    Ok(())
}

pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    entity::Entity::delete_many().filter(entity::Column::PersonId.eq(person)).exec(unit.tx()).await?;
    Ok(())
}
