//! A letter about a person to somebody else: may it leave now? Asked beside [`super::decide`], which says whether the one
//! it goes to may be written to at all. A fixed reply tells nothing and needs no consent; everything else does, or the
//! release of a second person (42 CFR §2.13, §2.31).

use foundation::center::Center;
use foundation::{Day, Error, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};

use super::{DecisionId, decision};
use crate::consents::{Consent, ConsentKind, Scope, standing};
use crate::rules::gate::{Answer, Departure, Purpose, Standing, decide};

/// On what a letter about a person rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterBasis<'a> {
    /// One of the center's fixed replies, which say nothing of anybody.
    Fixed,
    /// A consent that names the reader; what the letter tells.
    Consent(&'a [Scope]),
    /// A second person looked at it: whether they let it go, and whether it tells nothing of the person.
    Release { released: bool, tells_nothing: bool },
}

/// What the gate would say at this moment, with the consent it rests on.
pub async fn foresee_letter(
    reader: &impl ConnectionTrait,
    about: PersonId,
    recipient: &str,
    basis: LetterBasis<'_>,
    today: Day,
) -> Result<(Answer, Option<Consent>), Error> {
    let died = crate::carried::death(reader, about).await?.is_some();
    match basis {
        LetterBasis::Release { released: false, .. } => Ok((Answer::NotReleased, None)),
        LetterBasis::Release { tells_nothing, .. } if died && !tells_nothing => Ok((Answer::Died, None)),
        LetterBasis::Fixed | LetterBasis::Release { .. } => Ok((Answer::Allow, None)),
        LetterBasis::Consent(tells) => {
            let kind = ConsentKind::NamedDisclosure;
            let (stands, consent) = standing(reader, about, kind, Some(recipient), today).await?;
            let fits = consent.filter(|consent| !tells.is_empty() && consent.covers(tells));
            let stands = if stands == Standing::InForce && fits.is_none() { Standing::None } else { stands };
            // Of someone who died only what their personal representative signed holds (42 CFR §2.15). A letter carries the
            // notice and the scope by itself.
            let died = died && !fits.as_ref().is_some_and(Consent::outlives);
            let departure = Departure::Disclosure { died, consent: stands, with_notice: true };
            Ok((decide(departure), fits))
        }
    }
}

/// The same at the moment of leaving; the decision is stored in this unit.
pub async fn decide_letter(
    unit: &mut Unit,
    about: PersonId,
    recipient: &str,
    basis: LetterBasis<'_>,
    what: Uuid,
) -> Result<(Answer, Option<Consent>), Error> {
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let (answer, consent) = foresee_letter(unit.tx(), about, recipient, basis, today).await?;
    let id: DecisionId = unit.id();
    let row = decision::ActiveModel {
        id: Set(id),
        person_id: Set(about),
        channel: Set("email".into()),
        purpose: Set(Purpose::ShareRecord),
        answer: Set(answer),
        consent_id: Set(consent.as_ref().map(|consent| consent.id)),
        subject_id: Set(what),
        decided_at: Set(unit.now()),
    };
    unit.insert(row).await?;
    Ok((answer, consent))
}
