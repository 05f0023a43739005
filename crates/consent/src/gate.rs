//! THE GATE. Every message passes here at the moment of leaving; the facts are read then and the answer is stored
//! beside what left or stayed.

pub mod another;

use foundation::center::Center;
use foundation::{Day, Error, Instant, PersonId, Unit, day};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};

use crate::carried;
use crate::consents::{Consent, ConsentId, ConsentKind, standing};
use crate::reaching::Reaching;
use crate::rules::gate::{self as rules, Departure, Letter};
use crate::rules::notice::Notice;

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
    /// When it may leave, if it is only the hour that forbids it now.
    pub not_before: Option<Instant>,
    consent: Option<ConsentId>,
}

/// May an e-mail go to this person now? `what` is the message it is about. The decision is stored in this unit.
pub async fn decide(
    unit: &mut Unit,
    person: PersonId,
    purpose: Purpose,
    what: Uuid,
) -> Result<Decision, Error> {
    let reaching = Reaching::of(unit.tx(), person).await?;
    let now = (unit.now(), unit.today(Center::load(unit.tx()).await?.zone));
    let (letter, consent) = letter(unit.tx(), person, &reaching, now, purpose).await?;
    let answer = rules::decide(Departure::Letter(letter));
    let address = reaching.email().filter(|_| answer == Answer::Allow).map(|point| point.value.clone());
    let not_before = reaching.next_safe(unit.now()).filter(|_| answer == Answer::NotNow);
    let decision = Decision { answer, address, not_before, consent };
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
    now: (Instant, Day),
) -> Result<Answer, Error> {
    let (letter, _) = letter(reader, person, reaching, now, purpose).await?;
    Ok(rules::decide(Departure::Letter(letter)))
}

/// May the person's own copy of something be handed over?
pub async fn may_hand_over(reader: &impl ConnectionTrait, person: PersonId) -> Result<Answer, Error> {
    let died = carried::death(reader, person).await?.is_some();
    Ok(rules::decide(Departure::OwnCopy { died }))
}

/// May something about the person go to the reader of this name, with its notice? The consent it would rest on is given
/// with a yes.
pub async fn may_share(
    reader: &impl ConnectionTrait,
    person: PersonId,
    recipient: &str,
    notice: Notice<'_>,
    today: Day,
) -> Result<(Answer, Option<Consent>), Error> {
    let (consent, row) =
        standing(reader, person, ConsentKind::NamedDisclosure, Some(recipient), today).await?;
    // What a personal representative signed holds also now (42 CFR §2.15); nothing else does.
    let died =
        carried::death(reader, person).await?.is_some() && !row.as_ref().is_some_and(Consent::outlives);
    let with_notice = notice.goes_along();
    let answer = rules::decide(Departure::Disclosure { died, consent, with_notice });
    Ok((answer, row.filter(|_| answer == Answer::Allow)))
}

/// Everything the rule looks at, with the consent it rests on.
async fn letter(
    reader: &impl ConnectionTrait,
    person: PersonId,
    reaching: &Reaching,
    (now, today): (Instant, Day),
    purpose: Purpose,
) -> Result<(Letter, Option<ConsentId>), Error> {
    let point = reaching.email();
    let (consent, row) = standing(reader, person, ConsentKind::ElectronicContact, None, today).await?;
    let paused = carried::paused_until(reader, person).await?;
    let letter = Letter {
        purpose,
        died: reaching.death.is_some(),
        do_not_contact: reaching.refuses_all(),
        suppressed: reaching.suppressed.is_some(),
        has_address: point.is_some(),
        email: reaching.email_permission(),
        asked_long_ago: reaching.email_is_stale(now),
        read_by_others: reaching.others_read_mail(),
        safe_hour: reaching.is_safe_hour(now),
        paused: paused.is_some_and(|until| today < until),
        in_care: carried::in_care(reader, person).await?,
        consent,
    };
    Ok((letter, row.map(|c| c.id)))
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
