//! A benefits check: what a plan pays for, asked for a request. Nothing waits for it: an assessment least of all.
//! The queue of those who check, and the one answer that is kept until it runs out.

pub mod answering;
pub mod approving;
pub mod asking;
pub mod coverage;
pub mod findings;
pub mod queue;
pub(crate) mod resealing;
pub mod taking;

use clients::person::shown;
use consent::consents::{Consent, ConsentKind, Scope, standing};
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Day, Error, may};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder};

use crate::entity::benefit_check;
pub use crate::entity::benefit_check::{BenefitCheckId, Model as BenefitCheck};
use crate::request::{Request, RequestId, by_reference};
use crate::rules::benefits::{Facts, State, state};
use coverage::Coverage;
use findings::Outcome;

/// Where its texts are sealed.
pub(crate) const COVERAGE: &str = "benefit_checks.coverage";
pub(crate) const OUTCOME: &str = "benefit_checks.outcome";

impl BenefitCheck {
    /// Where it stands.
    pub fn state(&self) -> State {
        state(Facts {
            taken: self.taken_at.is_some(),
            answered: self.answered_at.is_some(),
            approved: self.approved_at.is_some(),
            why_not: self.why_not,
        })
    }

    /// Whether the plan said something.
    pub fn has_findings(&self) -> bool {
        matches!(self.state(), State::Answered | State::Approved)
    }

    /// Whether someone still has to find out.
    pub fn is_open(&self) -> bool {
        self.answered_at.is_none()
    }
}

/// A check with what was given and what came of it.
#[derive(Clone, Debug)]
pub struct Opened {
    pub check: BenefitCheck,
    pub coverage: Coverage,
    pub outcome: Option<Outcome>,
}

/// The page of the checks of one request. It tells nothing of the story: whoever checks needs the coverage alone.
#[derive(Clone, Debug)]
pub struct Page {
    pub request: Request,
    /// The person who may need care.
    pub name: String,
    /// The newest check.
    pub newest: Option<Opened>,
    /// The answer of an earlier check, while a newer one has none.
    pub before: Option<Opened>,
    /// What the last call told of the coverage, when nobody has asked for a check yet.
    pub from_call: Option<Coverage>,
    /// The consent in force that lets the plan be asked by name.
    pub consent: Option<Consent>,
}

/// The page of the checks of a request. The caller records the opening of its request.
pub async fn page(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    reference: &str,
    today: Day,
) -> Result<Page, Error> {
    let request = by_reference(reader, reference).await?;
    if !may(viewer, Act::ViewBenefits, &request.subject()) {
        return Err(Error::NotFound);
    }
    let name = shown(&clients::person::name_of(reader, request.asked_as()).await?);
    let mut checks = of(reader, request.id).await?.into_iter();
    let newest = match checks.next() {
        Some(check) => Some(opened(reader, keyring, check).await?),
        None => None,
    };
    let is_open = newest.as_ref().is_some_and(|newest| newest.check.is_open());
    let before = match checks.find(|check| is_open && check.has_findings()) {
        Some(check) => Some(opened(reader, keyring, check).await?),
        None => None,
    };
    let from_call = if newest.is_none() { told(reader, keyring, &request).await? } else { None };
    let consent = match &newest {
        Some(newest) => permission(reader, &newest.check, &newest.coverage, today).await?,
        None => None,
    };
    Ok(Page { request, name, newest, before, from_call, consent })
}

/// What the newest call of a request told of the coverage.
async fn told(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    request: &Request,
) -> Result<Option<Coverage>, Error> {
    let Some(call) = crate::call::of(reader, request.id).await?.into_iter().next() else { return Ok(None) };
    let sheet = crate::call::opened(reader, keyring, &call).await?;
    Ok(Some(Coverage::from_call(&sheet)))
}

/// The consent in force under which whoever answers for this plan may be asked by name that day, if there is one.
pub async fn permission(
    reader: &impl ConnectionTrait,
    check: &BenefitCheck,
    coverage: &Coverage,
    today: Day,
) -> Result<Option<Consent>, Error> {
    let Some(asked) = coverage.who_is_asked() else { return Ok(None) };
    let kind = ConsentKind::NamedDisclosure;
    let (_, consent) = standing(reader, check.person_id, kind, Some(asked), today).await?;
    Ok(consent.filter(|consent| consent.covers(&[Scope::Benefits])))
}

/// The checks of a request, newest first.
pub async fn of(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<BenefitCheck>, Error> {
    Ok(benefit_check::Entity::find()
        .filter(benefit_check::Column::RequestId.eq(id))
        .order_by_desc(benefit_check::Column::Id)
        .all(reader)
        .await?)
}

/// The newest check of a request: what its page says in one line.
pub async fn newest(reader: &impl ConnectionTrait, id: RequestId) -> Result<Option<BenefitCheck>, Error> {
    Ok(benefit_check::Entity::find()
        .filter(benefit_check::Column::RequestId.eq(id))
        .order_by_desc(benefit_check::Column::Id)
        .one(reader)
        .await?)
}

pub(crate) async fn opened(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    check: BenefitCheck,
) -> Result<Opened, Error> {
    // Of someone who was forgotten nothing is left to open.
    let coverage = if check.coverage.is_empty() {
        Coverage::default()
    } else {
        read(&keyring.open(reader, check.person_id, COVERAGE, &check.coverage).await?)?
    };
    let outcome = match &check.outcome {
        Some(sealed) => Some(read(&keyring.open(reader, check.person_id, OUTCOME, sealed).await?)?),
        None => None,
    };
    Ok(Opened { check, coverage, outcome })
}

/// The checks of a request as their person may take them along.
pub(crate) async fn export(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    id: RequestId,
) -> Result<Vec<serde_json::Value>, Error> {
    let mut checks = Vec::new();
    for check in of(reader, id).await? {
        let Opened { check, coverage, outcome } = opened(reader, keyring, check).await?;
        checks.push(serde_json::json!({
            "asked_at": check.asked_at, "coverage": coverage, "answered_at": check.answered_at, "way": check.way,
            "why_not": check.why_not, "outcome": outcome, "valid_until": check.valid_until,
        }));
    }
    Ok(checks)
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::Broken(format!("a benefits check: {e}")))
}

fn written<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::Broken(format!("a benefits check: {e}")))
}
