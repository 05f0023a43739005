//! Referring: to whom, for what, how soon, and by which way. With a consent in force the provider is told, and it is
//! accounted for; without one the person calls there and somebody sits with them, and nothing leaves the house.

use clients::episode::LevelOfCare;
use clients::person::plain;
use consent::consents::Scope;
use consent::disclosures;
use foundation::{Act, Error, Faults, News, Unit, refused};
use sea_orm::Set;

use super::packet::{self, Part, packed};
use super::{DETAILS, Details, Happened, PACKET, ReferralOutId, permission, written};
use crate::entity::referral_out;
use crate::organization::finding::named;
use crate::request::Request;
use crate::rules::referral::{Handoff, Soon, State, WarmStep, confirm_at};

/// What it is called in the accounting of disclosures.
pub(super) const TOLD: &str = "referral: what another provider needs to take them in";

/// Characters of what they need, and why so soon.
pub(super) const LONG: usize = 1000;

/// A referral as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReferral {
    to: String,
    need: String,
    level: Option<LevelOfCare>,
    soon: Soon,
    because: String,
    way: Handoff,
    parts: Vec<Part>,
    steps: Vec<WarmStep>,
}

impl NewReferral {
    /// Reads a form; `parts` is what is to be told, `steps` what was done already.
    ///
    /// # Errors
    /// What is missing, each at its field.
    pub fn parse<'a>(
        text: impl Fn(&str) -> &'a str,
        parts: Vec<Part>,
        steps: Vec<WarmStep>,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let to = plain(text("to"));
        if to.is_empty() {
            faults.add("to", "Enter the name of the provider");
        }
        let need = text("need").trim().to_owned();
        if need.is_empty() || need.chars().count() > LONG {
            faults.add("need", format!("Enter what they need there, up to {LONG} characters"));
        }
        let because = plain(text("because"));
        if because.chars().count() > LONG {
            faults.add("because", format!("Write less here, up to {LONG} characters"));
        }
        let soon = Soon::parse(text("soon"));
        if soon.is_none() {
            faults.add("soon", "Choose how soon it is needed");
        }
        let way = Handoff::parse(text("way"));
        if way.is_none() {
            faults.add("way", "Choose whether they allowed us to tell, or call there themselves");
        }
        let level = LevelOfCare::parse(text("level"));
        match (soon, way, faults.0.is_empty()) {
            (Some(soon), Some(way), true) => Ok(Self { to, need, level, soon, because, way, parts, steps }),
            _ => Err(faults),
        }
    }
}

/// Refers somebody to another provider.
///
/// # Errors
/// A fault at `to` when the provider is not among the sources, at `way` when the provider is to be told and no consent in
/// force allows it; a refusal when the request is closed.
pub async fn refer(unit: &mut Unit, about: &Request, new: NewReferral) -> Result<ReferralOutId, Error> {
    let permit = unit.permit(Act::ReferOut, &about.subject())?;
    if !about.is_open() {
        return Err(refused("closed", "This request is closed. Open it again first."));
    }
    let Some(provider) = named(unit.tx(), &new.to).await? else {
        return Err(fault("to", "No provider of this name is among the sources. Record it there first"));
    };
    let (now, person) = (unit.now(), about.prospective_id);
    let (mut packet, mut consent_id) = (None, None);
    if new.way == Handoff::Packet {
        let today = unit.today(foundation::center::Center::load(unit.tx()).await?.zone);
        if permission(unit.tx(), about, &provider.name, today).await?.is_none() {
            return Err(fault(
                "way",
                "Record their written permission for this provider first, or let them call there: without it nothing is told",
            ));
        }
        let (name, wanted) = (provider.name.clone(), [Scope::Referral]);
        let (act, care) = (Act::TellProvider, about.subject());
        let consent =
            disclosures::disclose_as(unit, act, &care, &name, &wanted, (TOLD, packet::NOTICE)).await?;
        let by = unit.actor().staff().map(|me| me.name.to_string()).unwrap_or_default();
        let keyring = unit.db().keyring().clone();
        let told = packed(unit.tx(), &keyring, about, &new.parts, &consent, &by, now).await?;
        packet = Some(unit.seal(person, PACKET, &written(&told)?).await?);
        consent_id = Some(consent.id);
    }
    let happened = vec![Happened { at: now, state: State::Offered, words: String::new() }];
    let details = Details { need: new.need, because: new.because, steps: new.steps, happened };
    let id: ReferralOutId = unit.id();
    let row = referral_out::ActiveModel {
        id: Set(id),
        request_id: Set(about.id),
        person_id: Set(person),
        organization_id: Set(provider.id),
        way: Set(new.way),
        state: Set(State::Offered),
        soon: Set(new.soon),
        level: Set(new.level),
        details: Set(unit.seal(person, DETAILS, &written(&details)?).await?),
        packet: Set(packet),
        consent_id: Set(consent_id),
        referred_at: Set(now),
        referred_by: Set(unit.actor().staff_id()),
        appointment_at: Set(None),
        arrived_at: Set(None),
        confirm_at: Set(confirm_at(State::Offered, now, now, 0)),
        confirms: Set(0),
        ended_at: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "referral": id, "way": new.way, "consent": consent_id }));
    unit.tell(News::Inbox);
    Ok(id)
}

pub(super) fn fault(field: &str, words: &str) -> Error {
    let mut faults = Faults::default();
    faults.add(field, words);
    faults.into()
}
