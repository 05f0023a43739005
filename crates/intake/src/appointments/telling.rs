//! Letters about a time: that it is kept, moved or off, and a word on the day before. Only through the gate, and in words that
//! say nothing to whoever reads along.

use consent::Reaching;
use consent::consents::{Consent, Scope};
use consent::gate::{self, Answer, Purpose};
use foundation::center::Center;
use foundation::{Day, Error, Instant, Unit, day};
use mail::outbox::{self, cancelling};
use mail::third_party::{self, NewBasis, NewThirdPartyLetter};
use mail::{Facts, LetterKind, NewMessage};
use sea_orm::ConnectionTrait;

use super::Appointment;
use crate::request::Request;
use crate::request::writing::consent_for;
use crate::rules::appointments::remind_at;

/// Said of whoever asked about somebody else whom no consent lets know of the visits.
const ANOTHER: &str = "They asked about someone else, and no consent lets them know of the visits.";

/// Why no letter about a time may go to whoever asked; `None` when it may.
pub async fn no_letter(
    reader: &impl ConnectionTrait,
    about: &Request,
    now: Instant,
) -> Result<Option<&'static str>, Error> {
    let answer = gate::foresee(reader, about.caller_id, Purpose::AnswerRequest, now).await?;
    if answer != Answer::Allow {
        return Ok(Some(answer.words()));
    }
    let today = day(now, Center::load(reader).await?.zone);
    let allowed = !about.is_asked_by_another() || visits_consent(reader, about, today).await?.is_some();
    Ok((!allowed).then_some(ANOTHER))
}

/// The consent under which somebody who asked about another may know of that one's visits.
async fn visits_consent(
    reader: &impl ConnectionTrait,
    about: &Request,
    today: Day,
) -> Result<Option<Consent>, Error> {
    let consent = consent_for(reader, about.prospective_id, about.caller_id, today).await?;
    Ok(consent.filter(|consent| consent.covers(&[Scope::Appointments])))
}

pub(super) async fn booked(unit: &mut Unit, about: &Request, on: &Appointment) -> Result<(), Error> {
    queue(unit, about, on, LetterKind::TimeKept, None).await?;
    remind(unit, about, on).await
}

pub(super) async fn moved(unit: &mut Unit, about: &Request, on: &Appointment) -> Result<(), Error> {
    withdrawn(unit, on).await?;
    queue(unit, about, on, LetterKind::TimeMoved, None).await?;
    remind(unit, about, on).await
}

pub(super) async fn cancelled(unit: &mut Unit, about: &Request, on: &Appointment) -> Result<(), Error> {
    withdrawn(unit, on).await?;
    // Of a time that is over nobody needs to hear that it is off.
    if on.starts_at <= unit.now() {
        return Ok(());
    }
    queue(unit, about, on, LetterKind::TimeOff, None).await
}

/// What waits about a time that holds no more does not leave.
pub(super) async fn withdrawn(unit: &mut Unit, on: &Appointment) -> Result<(), Error> {
    cancelling::withdraw_about(unit, on.id.into(), "The time it was about holds no more.").await?;
    Ok(())
}

async fn remind(unit: &mut Unit, about: &Request, on: &Appointment) -> Result<(), Error> {
    let hours = Reaching::of(unit.tx(), about.caller_id).await?.hours();
    match remind_at(on.starts_at, unit.now(), on.zone(), hours.as_ref()) {
        Some(at) => queue(unit, about, on, LetterKind::TimeReminder, Some(at)).await,
        None => Ok(()),
    }
}

/// Whoever may not be written to is told by phone: a letter that must stay is not queued in vain.
async fn queue(
    unit: &mut Unit,
    about: &Request,
    on: &Appointment,
    letter: LetterKind,
    due_at: Option<Instant>,
) -> Result<(), Error> {
    if no_letter(unit.tx(), about, unit.now()).await?.is_some() {
        return Ok(());
    }
    let message = NewMessage {
        person: about.caller_id,
        purpose: Purpose::AnswerRequest,
        letter,
        subject: on.id.into(),
        facts: Facts { at: Some(on.starts_at), zone: Some(on.zone()), ..Facts::default() },
        dedupe: format!("{letter} {} {}", on.id, on.sequence),
        due_at,
    };
    let queued = outbox::queue(unit, message).await?;
    let (Some(id), true) = (queued, about.is_asked_by_another()) else { return Ok(()) };
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let consent = visits_consent(unit.tx(), about, today).await?.ok_or(Error::NotFound)?;
    let basis = NewBasis::Consent(Box::new(consent), vec![Scope::Appointments]);
    third_party::attach(unit, id, NewThirdPartyLetter { about: about.prospective_id, basis }).await
}
