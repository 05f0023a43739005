//! Following a referral until it is known what became of it: accepted, an appointment, arrived or not, in touch again.

use clients::person::plain;
use consent::consents::Scope;
use consent::disclosures;
use consent::rules::notice::Notice;
use foundation::{Act, Error, Faults, Instant, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::referring::{LONG, fault};
use super::{DETAILS, Details, Happened, ReferralOut, opened, permission, written};
use crate::entity::{referral_out, request};
use crate::request::{Request, RequestId};
use crate::rules::referral::{Known, State, WarmStep, confirm_at};
use crate::rules::words::Disposition;

/// What asking there by name is called in the accounting of disclosures.
const ASKED: &str = "referral: whether they arrived";

/// What came of it, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    to: State,
    appointment_at: Option<Instant>,
    known: Option<Known>,
    words: String,
}

impl Moved {
    /// Reads a form; `appointment_at` is the moment that was typed.
    ///
    /// # Errors
    /// What is missing, each at its field: an appointment without its time, an arrival nobody can know of, an end without
    /// its reason.
    pub fn parse<'a>(
        text: impl Fn(&str) -> &'a str,
        appointment_at: Option<Instant>,
        now: Instant,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let to = State::parse(text("state"));
        if to.is_none() {
            faults.add("state", "Choose what came of it");
        }
        let near = |at: &Instant| (*at - now).num_days().abs() <= 366;
        let appointment_at = appointment_at.filter(near).filter(|_| to == Some(State::Scheduled));
        if to == Some(State::Scheduled) && appointment_at.is_none() {
            faults.add("appointment_at", "Enter the day and time of the appointment");
        }
        let known = Known::parse(text("known"));
        if matches!(to, Some(State::Arrived | State::NoShow)) && known.is_none() {
            faults.add("known", "Choose how you know");
        }
        let words = plain(text("words"));
        if words.is_empty() && matches!(to, Some(State::Declined | State::Ended)) {
            faults.add("words", "Enter why");
        }
        if words.chars().count() > LONG {
            faults.add("words", format!("Write less here, up to {LONG} characters"));
        }
        match (to, faults.0.is_empty()) {
            (Some(to), true) => Ok(Self { to, appointment_at, known, words }),
            _ => Err(faults),
        }
    }
}

/// Writes down what came of it. `version` is the one the page was shown with.
///
/// # Errors
/// A refusal when it cannot follow what was before; a fault at `known` when somebody asked there by name without a consent
/// in force.
pub async fn move_on(
    unit: &mut Unit,
    on: &ReferralOut,
    about: &Request,
    version: i32,
    moved: Moved,
) -> Result<(), Error> {
    let permit = unit.permit(Act::FollowReferral, &about.subject())?;
    if !on.state.next().contains(&moved.to) {
        return Err(refused("way", "This cannot follow what was written down before. Look again."));
    }
    if moved.known == Some(Known::FromThem) && matches!(moved.to, State::Arrived | State::NoShow) {
        asked_by_name(unit, on, about).await?;
    }
    let now = unit.now();
    let keyring = unit.db().keyring().clone();
    let mut details = opened(unit.tx(), &keyring, on.clone()).await?.details;
    let words = [moved.known.map(|known| known.words().to_owned()), Some(moved.words.clone())];
    let words = words.into_iter().flatten().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(". ");
    details.happened.push(Happened { at: now, state: moved.to, words });
    let appointment_at = moved.appointment_at.or(on.appointment_at);
    let since = appointment_at.unwrap_or(on.referred_at);
    let arrived_at = (moved.to == State::Arrived).then_some(now);
    // A new appointment is asked after anew.
    let confirms = if moved.to == State::Scheduled { 0 } else { on.confirms };
    let done = usize::try_from(confirms).unwrap_or_default();
    let sealed = unit.seal(on.person_id, DETAILS, &written(&details)?).await?;
    let update = referral_out::Entity::update_many()
        .col_expr(referral_out::Column::State, Expr::value(moved.to))
        .col_expr(referral_out::Column::AppointmentAt, Expr::value(appointment_at))
        .col_expr(referral_out::Column::ArrivedAt, Expr::value(arrived_at))
        .col_expr(referral_out::Column::ConfirmAt, Expr::value(confirm_at(moved.to, now, since, done)))
        .col_expr(referral_out::Column::Confirms, Expr::value(confirms))
        .col_expr(referral_out::Column::EndedAt, Expr::value((!moved.to.is_open()).then_some(now)))
        .col_expr(referral_out::Column::Details, Expr::value(sealed));
    settle(unit, on, version, update).await?;
    if arrived_at.is_some() {
        connected(unit, about).await?;
    }
    unit.record(permit, serde_json::json!({ "referral": on.id, "state": moved.to, "known": moved.known }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Asking there whether somebody arrived says that they were to come: it rests on a consent, or it is not done.
async fn asked_by_name(unit: &mut Unit, on: &ReferralOut, about: &Request) -> Result<(), Error> {
    let provider = crate::organization::going_on(unit.tx(), on.organization_id).await?.name;
    let today = unit.today(foundation::center::Center::load(unit.tx()).await?.zone);
    if permission(unit.tx(), about, &provider, today).await?.is_none() {
        return Err(fault(
            "known",
            "No written permission in force lets us ask there by name. Ask the person instead",
        ));
    }
    let care = about.subject();
    let wanted = [Scope::Referral];
    let told = (ASKED, Notice::InWritingAfterwards);
    disclosures::disclose_as(unit, Act::TellProvider, &care, &provider, &wanted, told).await?;
    Ok(())
}

/// A request that was closed before anyone knew is closed as what it was.
async fn connected(unit: &Unit, about: &Request) -> Result<(), Error> {
    request::Entity::update_many()
        .col_expr(request::Column::Disposition, Expr::value(Some(Disposition::ReferredConnected)))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(about.id))
        .filter(request::Column::Disposition.eq(Disposition::ReferredUnconfirmed))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// Somebody tried to find out and nobody knows yet: it is asked again on its day.
pub async fn not_known_yet(
    unit: &mut Unit,
    on: &ReferralOut,
    about: &Request,
    version: i32,
) -> Result<(), Error> {
    let permit = unit.permit(Act::FollowReferral, &about.subject())?;
    if !on.state.is_open() {
        return Err(refused("way", "Nobody asks after this any more. Look again."));
    }
    let (now, since) = (unit.now(), on.appointment_at.unwrap_or(on.referred_at));
    let done = on.confirms + 1;
    let next = confirm_at(on.state, now, since, usize::try_from(done).unwrap_or_default());
    let update = referral_out::Entity::update_many()
        .col_expr(referral_out::Column::Confirms, Expr::value(done))
        .col_expr(referral_out::Column::ConfirmAt, Expr::value(next));
    settle(unit, on, version, update).await?;
    unit.record(permit, serde_json::json!({ "referral": on.id, "known": "not_yet" }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Which steps of a warm handoff were taken.
pub async fn keep_steps(
    unit: &mut Unit,
    on: &ReferralOut,
    about: &Request,
    version: i32,
    steps: Vec<WarmStep>,
) -> Result<(), Error> {
    let permit = unit.permit(Act::FollowReferral, &about.subject())?;
    let keyring = unit.db().keyring().clone();
    let kept = opened(unit.tx(), &keyring, on.clone()).await?.details;
    let details = Details { steps, ..kept };
    let sealed = unit.seal(on.person_id, DETAILS, &written(&details)?).await?;
    let update =
        referral_out::Entity::update_many().col_expr(referral_out::Column::Details, Expr::value(sealed));
    settle(unit, on, version, update).await?;
    unit.record(permit, serde_json::json!({ "referral": on.id, "fields": ["steps"] }));
    unit.tell(News::Inbox);
    Ok(())
}

async fn settle(
    unit: &Unit,
    on: &ReferralOut,
    version: i32,
    update: sea_orm::UpdateMany<referral_out::Entity>,
) -> Result<(), Error> {
    let done = update
        .col_expr(referral_out::Column::Version, Expr::col(referral_out::Column::Version).add(1))
        .filter(referral_out::Column::Id.eq(on.id))
        .filter(referral_out::Column::Version.eq(version))
        .filter(referral_out::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Whether somebody of this request is known to have arrived where they were sent.
pub(crate) async fn arrived(unit: &Unit, request: RequestId) -> Result<bool, Error> {
    let found = referral_out::Entity::find()
        .filter(referral_out::Column::RequestId.eq(request))
        .filter(referral_out::Column::ArrivedAt.is_not_null());
    Ok(found.count(unit.tx()).await? > 0)
}

/// Nobody asks any more: they became a client here, died, or do not want to be contacted. The act that did it is the one
/// that is recorded.
pub(crate) async fn end_with_the_request(unit: &Unit, about: &Request) -> Result<(), Error> {
    referral_out::Entity::update_many()
        .col_expr(referral_out::Column::State, Expr::value(State::Ended))
        .col_expr(referral_out::Column::EndedAt, Expr::value(Some(unit.now())))
        .col_expr(referral_out::Column::ConfirmAt, Expr::value(Option::<Instant>::None))
        .col_expr(referral_out::Column::Version, Expr::col(referral_out::Column::Version).add(1))
        .filter(referral_out::Column::RequestId.eq(about.id))
        .filter(referral_out::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(())
}
