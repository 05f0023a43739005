//! Finishing: a copy that was drawn becomes an edition, and a copy for a named reader a disclosure in the same unit.

use consent::consents::{Consent, ConsentId};
use consent::disclosures::disclose;
use consent::gate::{Answer, may_hand_over, may_share};
use consent::rules::notice::{Notice, PROHIBITION};
use foundation::center::Center;
use foundation::{Act, Day, Error, PersonId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, Set};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::entity::edition::{ActiveModel, Column, EditionId, Entity};
use crate::plan::{Plan, is_current};
use crate::rules::audience::{Audience, sections_under};
use crate::writing::subject;

/// For whom a copy is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The person.
    Own,
    /// The one a consent names; the copy shows what the consent names.
    Named(Box<Consent>),
}

impl Reader {
    /// The kind of copy.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Own => Audience::Own,
            Self::Named(_) => Audience::Named,
        }
    }

    fn consent(&self) -> Option<&Consent> {
        match self {
            Self::Own => None,
            Self::Named(consent) => Some(consent),
        }
    }
}

/// It stands at the foot of every page of a copy for someone else: no other copy is rendered.
const NOTICE: Notice<'static> = Notice::OnPaper(PROHIBITION);

/// The reader named `recipient`, if a consent in force on `today` names them and anything of a plan.
///
/// # Errors
/// `gate` with the gate's reason; `scope` when the consent is about something else.
pub async fn named_reader(
    reader: &impl ConnectionTrait,
    person: PersonId,
    recipient: &str,
    today: Day,
) -> Result<Reader, Error> {
    let (answer, consent) = may_share(reader, person, recipient, NOTICE, today).await?;
    let Some(consent) = consent else { return Err(refused("gate", answer.words())) };
    if sections_under(&consent.scope.0).is_empty() {
        return Err(refused("scope", "The consent names this reader, but no part of the plan."));
    }
    Ok(Reader::Named(Box::new(consent)))
}

/// Keeps a copy that was drawn for `to` as the next edition. `file` are its bytes, of which the hash stays. For a named
/// reader the gate is asked again here and the disclosure is written with it: if the consent ended or was replaced since
/// the copy was drawn, nothing leaves. Nor does it when a section or a tie changed since `plan` was read: a tie that was
/// marked harmful meanwhile would be on the paper. Returns the edition's number.
pub async fn finish(unit: &mut Unit, plan: &Plan, to: &Reader, file: &[u8]) -> Result<i32, Error> {
    let person = plan.person;
    let care = subject(unit.tx(), person).await?;
    let permit = unit.permit(Act::FinishPlan, &care)?;
    // Two who finish at the same moment: one waits for the other, and each has a number.
    clients::client::hold(unit, person).await?;
    if !is_current(unit.tx(), plan).await? {
        return Err(refused("plan_changed", "The plan changed while the copy was made. Make it again."));
    }
    let consent = match to.consent() {
        None => own(unit, person).await?,
        Some(drawn) => Some(shared(unit, person, drawn).await?),
    };
    let last = Entity::find()
        .filter(Column::PersonId.eq(person))
        .order_by_desc(Column::Number)
        .one(unit.tx())
        .await?;
    let (id, number): (EditionId, i32) = (unit.id(), last.map_or(0, |edition| edition.number) + 1);
    let row = ActiveModel {
        id: Set(id),
        person_id: Set(person),
        number: Set(number),
        audience: Set(to.audience()),
        consent_id: Set(consent),
        hash: Set(Sha256::digest(file).to_vec()),
        made_at: Set(unit.now()),
        made_by: Set(unit.actor().staff_id()),
    };
    unit.insert(row).await?;
    unit.record(permit, json!({ "edition": id, "number": number, "audience": to.audience() }));
    Ok(number)
}

/// The person's own copy rests on no consent; it is handed to nobody once they have died.
async fn own(unit: &Unit, person: PersonId) -> Result<Option<ConsentId>, Error> {
    match may_hand_over(unit.tx(), person).await? {
        Answer::Allow => Ok(None),
        Answer::Died => Err(refused(
            "died",
            "This person died. A copy goes only to a reader whom a personal representative names in a signed consent (42 CFR §2.15).",
        )),
        no => Err(refused("gate", no.words())),
    }
}

/// Asks again, writes the disclosure, and makes sure that it rests on the very consent the copy was drawn under.
async fn shared(unit: &mut Unit, person: PersonId, drawn: &Consent) -> Result<ConsentId, Error> {
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    named_reader(unit.tx(), person, &drawn.recipient, today).await?;
    let care = subject(unit.tx(), person).await?;
    let consent = disclose(unit, &care, &drawn.recipient, ("plan", NOTICE)).await?;
    if consent.id == drawn.id {
        Ok(consent.id)
    } else {
        Err(refused("consent_changed", "The consent was replaced meanwhile. Make the copy again."))
    }
}
