//! A referral that came in: a hospital, a court or an employer sends somebody. It is a request like any other, with what
//! the professional told beside it and a decision that is due within two hours.

pub mod deciding;
pub mod form;
pub(crate) mod keeping;
pub mod receiving;

use foundation::Error;
use foundation::sealed::Keyring;
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::entity::referral_in;
pub use crate::entity::referral_in::{Model as ReferralIn, ReferralInId};
use crate::organization::OrganizationId;
use crate::request::RequestId;
use crate::rules::referral::{Agrees, Protected, Soon};

/// Where its texts are sealed.
pub(crate) const DETAILS: &str = "referrals_in.details";
pub(crate) const REASON: &str = "referrals_in.reason";

/// What the professional told: sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who refers, where and as what.
    pub referrer: String,
    pub organization: String,
    pub position: String,
    /// Where the person is now.
    pub place: String,
    /// How they may be reached, if they agree.
    pub reach: String,
    pub reason: String,
    /// The level of care the referrer thinks of, as stored.
    pub level: String,
    pub soon: Soon,
    pub agrees: Agrees,
    pub protected: Protected,
    /// The notice that came along, word for word (42 CFR §2.32). It stands wherever the reason is shown.
    pub notice: Option<String>,
}

/// A referral to be read.
#[derive(Clone, Debug)]
pub struct Opened {
    pub referral: ReferralIn,
    /// `None` of someone who was forgotten.
    pub told: Option<Told>,
    /// Why the center cannot help.
    pub reason: Option<String>,
    /// The organization, when it is among the sources.
    pub known_as: Option<(OrganizationId, String)>,
}

/// The referral by which a request came in, if it did.
pub async fn of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    request: RequestId,
) -> Result<Option<Opened>, Error> {
    let found =
        referral_in::Entity::find().filter(referral_in::Column::RequestId.eq(request)).one(reader).await?;
    let Some(referral) = found else { return Ok(None) };
    let told = if referral.details.is_empty() {
        None
    } else {
        Some(read(&keyring.open(reader, referral.person_id, DETAILS, &referral.details).await?)?)
    };
    let reason = match &referral.reason {
        Some(sealed) => Some(keyring.open(reader, referral.person_id, REASON, sealed).await?),
        None => None,
    };
    let known_as = match referral.organization_id {
        Some(id) => crate::organization::going_on(reader, id).await.ok().map(|one| (one.id, one.name)),
        None => None,
    };
    Ok(Some(Opened { referral, told, reason, known_as }))
}

fn read(text: &str) -> Result<Told, Error> {
    serde_json::from_str(text).map_err(|e| Error::Broken(format!("a referral: {e}")))
}

fn written(told: &Told) -> Result<String, Error> {
    serde_json::to_string(told).map_err(|e| Error::Broken(format!("a referral: {e}")))
}
