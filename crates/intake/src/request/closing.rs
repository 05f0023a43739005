//! Closing with one outcome, and opening again.

use foundation::{Act, Error, Instant, News, PersonId, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::Request;
use super::merging::merge_of;
use crate::entity::request;
use crate::reasons;
use crate::referral_in::deciding::is_undecided;
use crate::referral_out::following;
use crate::rules::outcome::{Closing, next_check_in};
use crate::rules::waiting::EndedHow;
use crate::rules::waitlist::WhyLeft;
use crate::rules::words::Disposition;

/// Closes a request. Who asked not to be contacted is not contacted by anyone from then on; of who died nobody writes
/// any more; who may be asked again is asked by the cadence.
pub async fn close(unit: &mut Unit, wanted: &Request, how: Closing) -> Result<(), Error> {
    let permit = unit.permit(Act::CloseRequest, &wanted.subject())?;
    let how = reasons::load(unit.tx()).await?.settled(how)?;
    if how.disposition == Disposition::ReferredConnected && !following::arrived(unit, wanted.id).await? {
        return Err(refused(
            "disposition",
            "Write down first, on the referral, that they arrived; until then the arrival is not confirmed.",
        ));
    }
    if is_undecided(unit, wanted.id).await? {
        return Err(refused(
            "decision",
            "Say first what we say to the referral: a professional waits for it.",
        ));
    }
    let due_at = super::waiting::over(unit, wanted, EndedHow::Closed).await?;
    settle(unit, wanted, Some(how)).await?;
    let booked = crate::appointments::moving::with_the_request(unit, wanted).await?;
    forget_what_is_over(unit, wanted, due_at, booked).await?;
    match how.disposition {
        Disposition::DoNotContact => {
            let silent = |person| Subject::of("person", person).concerning(person);
            consent::contact_rules::do_not_contact(unit, &silent(wanted.caller_id)).await?;
            // A client whom we recognized in the caller asked for it themselves: their record is silent too.
            if wanted.was_about_id == Some(wanted.caller_id) {
                let theirs = clients::client::subject(unit.tx(), wanted.prospective_id).await?;
                consent::contact_rules::do_not_contact(unit, &theirs).await?;
            }
        }
        // Every room ends what it does for them; this request has ended already.
        Disposition::Deceased => clients::person::end(unit, wanted.prospective_id, how.death).await?,
        _ => {}
    }
    if matches!(how.disposition, Disposition::DoNotContact | Disposition::Deceased) {
        following::end_with_the_request(unit, wanted).await?;
    }
    crate::waitlist::leaving::with_the_request(unit, wanted, WhyLeft::Closed).await?;
    unit.record(
        permit,
        serde_json::json!({ "disposition": how.disposition, "reason": how.reason, "own_reason": how.own, "check_in": how.check_in }),
    );
    Ok(())
}

/// Whether closing like this can be undone whole: a word that nobody is to contact them, a death, a place on the waitlist or a
/// time that was given up, and a clock that stood have gone further than the request.
pub async fn can_be_undone(
    reader: &impl ConnectionTrait,
    wanted: &Request,
    how: Closing,
) -> Result<bool, Error> {
    let goes_further = matches!(how.disposition, Disposition::DoNotContact | Disposition::Deceased);
    let gave_up = crate::waitlist::open_of(reader, wanted.id).await?.is_some()
        || crate::appointments::booked_of(reader, wanted.id).await?.is_some();
    Ok(!goes_further && !gave_up && wanted.waiting_until.is_none())
}

/// A time that was given away is promised no more, and a clock that stood runs on: whoever opens the request again finds it
/// as it is.
async fn forget_what_is_over(
    unit: &Unit,
    wanted: &Request,
    due_at: Instant,
    booked: bool,
) -> Result<(), Error> {
    let mut update = request::Entity::update_many()
        .col_expr(request::Column::DueAt, Expr::value(due_at))
        .filter(request::Column::Id.eq(wanted.id));
    if booked {
        update = update
            .col_expr(request::Column::NextStep, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(request::Column::NextStepAt, Expr::value(Option::<Instant>::None));
    }
    update.exec(unit.tx()).await?;
    Ok(())
}

/// Opens a closed request again; one that became a client or goes on in another request stays as it is.
pub async fn reopen(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::ReopenRequest, &wanted.subject())?;
    if wanted.converted_at.is_some() {
        return Err(refused("converted", "This request became a client. Go on in the record."));
    }
    if merge_of(unit.tx(), wanted.id).await?.is_some() {
        return Err(refused("merged", "This request goes on in another one. Take them apart instead."));
    }
    if wanted.disposition == Some(Disposition::Deceased)
        && clients::person::died_at(unit.tx(), wanted.prospective_id).await?.is_some()
    {
        return Err(refused("died", "It is recorded that this person died. Correct the death, and say why."));
    }
    settle(unit, wanted, None).await?;
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

/// The person died: whatever was open about them ends, with times, places and questions to come. The act that says so is
/// the one that is recorded.
pub(crate) async fn end_for_death(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    for wanted in about(unit, person).await? {
        if wanted.is_open() {
            let due_at = super::waiting::over(unit, &wanted, EndedHow::Closed).await?;
            settle(unit, &wanted, Some(Closing::OF_DEATH)).await?;
            let booked = crate::appointments::moving::with_the_request(unit, &wanted).await?;
            forget_what_is_over(unit, &wanted, due_at, booked).await?;
        } else {
            crate::appointments::moving::with_the_request(unit, &wanted).await?;
        }
        following::end_with_the_request(unit, &wanted).await?;
        crate::waitlist::leaving::with_the_request(unit, &wanted, WhyLeft::Closed).await?;
    }
    // Nobody asks any more how they are.
    request::Entity::update_many()
        .col_expr(request::Column::CheckInAt, Expr::value(Option::<Instant>::None))
        .filter(request::Column::ProspectiveId.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// The death was recorded by mistake: the requests that ended with it are open again. A time or a place that was given
/// up is not theirs any more; whoever goes on with the request sees that.
pub(crate) async fn take_up_again(
    unit: &mut Unit,
    person: PersonId,
    recorded_at: Instant,
) -> Result<(), Error> {
    for wanted in about(unit, person).await? {
        let ended_with_it = wanted.disposition == Some(Disposition::Deceased)
            && wanted.closed_at == Some(recorded_at)
            && wanted.converted_at.is_none();
        if ended_with_it && merge_of(unit.tx(), wanted.id).await?.is_none() {
            settle(unit, &wanted, None).await?;
        }
    }
    Ok(())
}

async fn about(unit: &Unit, person: PersonId) -> Result<Vec<Request>, Error> {
    Ok(request::Entity::find().filter(request::Column::ProspectiveId.eq(person)).all(unit.tx()).await?)
}

async fn settle(unit: &mut Unit, wanted: &Request, how: Option<Closing>) -> Result<(), Error> {
    let now = unit.now();
    let done = usize::try_from(wanted.check_ins).unwrap_or_default();
    let check_in_at = how.filter(|how| how.check_in).and_then(|_| next_check_in(now, done));
    let done = request::Entity::update_many()
        .col_expr(request::Column::ClosedAt, Expr::value(how.map(|_| now)))
        .col_expr(request::Column::SnoozedUntil, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::WokeAt, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::WaitingUntil, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::Disposition, Expr::value(how.map(|how| how.disposition)))
        .col_expr(request::Column::DispositionReason, Expr::value(how.and_then(|how| how.reason)))
        .col_expr(request::Column::OwnReason, Expr::value(how.and_then(|how| how.own)))
        .col_expr(request::Column::CheckInAt, Expr::value(check_in_at))
        .col_expr(request::Column::Version, Expr::value(wanted.version + 1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::Version.eq(wanted.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.tell(News::Inbox);
    Ok(())
}
