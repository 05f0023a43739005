//! THE GATE. Every message passes here at the moment of leaving; the facts are read then and the answer is stored
//! beside what left or stayed.

pub mod another;

use foundation::center::Center;
use foundation::{Day, Error, Instant, PersonId, Unit, day};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};

use crate::carried;
use crate::consents::{ConsentId, ConsentKind, standing};
use crate::reaching::Reaching;
use crate::rules::gate::{Facts, may_write};

pub use crate::rules::gate::{Answer, Purpose};
pub use crate::suppression::suppress;

foundation::id! {
    /// A decision of the gate.
    DecisionId
}

mod decision {
    //! A row of `gate_decisions`.
    use foundation::{Instant, PersonId};
    use sea_orm::entity::prelude::*;

    use super::{Answer, DecisionId, Purpose};
    use crate::consents::ConsentId;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "gate_decisions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DecisionId,
        pub person_id: PersonId,
        pub channel: String,
        pub purpose: Purpose,
        pub answer: Answer,
        pub consent_id: Option<ConsentId>,
        pub subject_id: Uuid,
        pub decided_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the gate said, and on what it rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub answer: Answer,
    /// The address to write to; only when allowed.
    pub address: Option<String>,
    consent: Option<ConsentId>,
}

/// What only rooms above this one know when something is about to leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Until when the person asked for a pause.
    pub paused_until: Option<Instant>,
    /// Whether the outbox is on hold after a restore.
    pub held: bool,
}

/// May an e-mail go to this person now? `what` is the message it is about. The decision is stored in this unit.
pub async fn decide(
    unit: &mut Unit,
    person: PersonId,
    purpose: Purpose,
    what: Uuid,
) -> Result<Decision, Error> {
    decide_in(unit, person, purpose, what, Circumstances::default()).await
}

/// The same, with what the caller knows of a pause or a hold.
pub async fn decide_in(
    unit: &mut Unit,
    person: PersonId,
    purpose: Purpose,
    what: Uuid,
    circumstances: Circumstances,
) -> Result<Decision, Error> {
    let reaching = Reaching::of(unit.tx(), person).await?;
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let (facts, consent) = facts(unit.tx(), person, &reaching, today, (purpose, circumstances)).await?;
    let answer = unless_in_care(unit.tx(), person, purpose, may_write(&facts, unit.now())).await?;
    let address = reaching.email().filter(|_| answer == Answer::Allow).map(|point| point.value.clone());
    let decision = Decision { answer, address, consent };
    let row = decision::ActiveModel {
        id: Set(unit.id()),
        person_id: Set(person),
        channel: Set("email".into()),
        purpose: Set(purpose),
        answer: Set(answer),
        consent_id: Set(decision.consent),
        subject_id: Set(what),
        decided_at: Set(unit.now()),
    };
    unit.insert(row).await?;
    Ok(decision)
}

/// What the gate would say at this moment. It lets nothing out: it only saves a message from being queued in vain, and
/// tells staff beforehand.
pub async fn foresee(
    reader: &impl ConnectionTrait,
    person: PersonId,
    purpose: Purpose,
    now: Instant,
) -> Result<Answer, Error> {
    let (reaching, today) = (Reaching::of(reader, person).await?, day(now, Center::load(reader).await?.zone));
    foresee_of(reader, person, &reaching, purpose, (now, today)).await
}

/// The same for a page that knows already how the person can be reached, and what day it is at the center.
pub async fn foresee_of(
    reader: &impl ConnectionTrait,
    person: PersonId,
    reaching: &Reaching,
    purpose: Purpose,
    (now, today): (Instant, Day),
) -> Result<Answer, Error> {
    let (facts, _) = facts(reader, person, reaching, today, (purpose, Circumstances::default())).await?;
    unless_in_care(reader, person, purpose, may_write(&facts, now)).await
}

/// Nobody is asked by letter how they are at home while they are in care: readmission pauses the check-ins at once.
async fn unless_in_care(
    reader: &impl ConnectionTrait,
    person: PersonId,
    purpose: Purpose,
    answer: Answer,
) -> Result<Answer, Error> {
    let asks = purpose == Purpose::CheckIn && answer == Answer::Allow;
    Ok(if asks && carried::in_care(reader, person).await? { Answer::InCare } else { answer })
}

/// Everything the rule looks at, with the consent it rests on.
async fn facts(
    reader: &impl ConnectionTrait,
    person: PersonId,
    reaching: &Reaching,
    today: Day,
    (purpose, circumstances): (Purpose, Circumstances),
) -> Result<(Facts, Option<ConsentId>), Error> {
    let (rules, point) = (reaching.rules.as_ref(), reaching.email());
    let (consent, row) = standing(reader, person, ConsentKind::ElectronicContact, None, today).await?;
    let facts = Facts {
        purpose,
        died: reaching.death.is_some(),
        do_not_contact: rules.is_some_and(|r| r.do_not_contact_at.is_some()),
        suppressed: reaching.suppressed.is_some(),
        has_address: point.is_some(),
        email: reaching.email_permission(),
        consent,
        paused_until: circumstances.paused_until,
        held: circumstances.held,
    };
    Ok((facts, row.map(|c| c.id)))
}

pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    decision::Entity::delete_many().filter(decision::Column::PersonId.eq(person)).exec(unit.tx()).await?;
    Ok(())
}

pub(crate) async fn move_to(unit: &Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    decision::Entity::update_many()
        .col_expr(decision::Column::PersonId, sea_orm::sea_query::Expr::value(survivor))
        .filter(decision::Column::PersonId.eq(from))
        .exec(unit.tx())
        .await?;
    Ok(())
}
