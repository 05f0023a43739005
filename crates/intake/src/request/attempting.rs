//! Every try to reach the person who asked, and what follows from it.

use clients::person;
use consent::contact_override::{self, Contact, Overridden};
use consent::contact_rules::{StillHolds, asked_again};
use consent::rules::against::Tried;
use consent::{Reaching, contact_point};
use foundation::center::Center;
use foundation::{Act, Error, Faults, Instant, News, Unit, Zone, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set};

use super::merging::going_on;
use super::{NEXT_STEP, Request, RequestId};
use crate::entity::{attempt, request};
use crate::rules::cadence::{Beyond, Limit, Next, limit, next};
use crate::rules::danger_hours::OutsideHours;
use crate::rules::outcome::next_check_in;
use crate::rules::words::{Direction, Outcome};

/// Minutes of the longest call that is written down.
pub(crate) const LONGEST: i32 = 600;

/// One try, as it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    pub outcome: Outcome,
    pub direction: Direction,
    /// How long they talked.
    pub minutes: Option<i32>,
    /// Why it was made beyond the usual number.
    pub beyond: Option<Beyond>,
    /// Whether what is safe still holds, when that was said long ago.
    pub still_holds: Option<StillHolds>,
    /// Why they were called against what they had said, where they were.
    pub because: String,
}

impl From<Outcome> for Try {
    /// We called.
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            direction: Direction::WeCalled,
            minutes: None,
            beyond: None,
            still_holds: None,
            because: String::new(),
        }
    }
}

impl Try {
    /// Parses a form's strings. We called, when nobody says otherwise.
    ///
    /// # Errors
    /// No outcome, one that does not go with who called, or minutes that are none, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let direction = Direction::parse(text("direction")).unwrap_or(Direction::WeCalled);
        let outcome = Outcome::parse(text("outcome"));
        match (outcome, direction) {
            (None, _) => faults.add("outcome", "Choose how it went"),
            (Some(Outcome::NoAnswer | Outcome::VoicemailLeft), Direction::TheyCalled) => {
                faults.add("outcome", "They called, so somebody answered. Choose how it went");
            }
            _ => {}
        }
        let minutes = text("minutes").trim();
        let talked = minutes.parse().ok().filter(|minutes| (0..=LONGEST).contains(minutes));
        if talked.is_none() && !minutes.is_empty() {
            faults.add("minutes", format!("Enter whole minutes up to {LONGEST}, or leave it empty"));
        }
        match outcome {
            Some(outcome) if faults.0.is_empty() => {
                let beyond = Beyond::parse(text("beyond"));
                let still_holds = StillHolds::parse(text("still_holds"));
                let because = text("because").to_owned();
                Ok(Self { outcome, direction, minutes: talked, beyond, still_holds, because })
            }
            _ => Err(faults),
        }
    }

    /// Whether somebody else picked up at a number that we dialed: it is theirs no more.
    fn is_somebody_elses_number(&self) -> bool {
        self.outcome == Outcome::WrongNumber && self.direction == Direction::WeCalled
    }

    /// How it went, in the words of the timeline.
    fn words(&self) -> String {
        let mut words = self.outcome.words().to_owned();
        if self.direction == Direction::TheyCalled {
            words.push_str(". They called");
        }
        match self.minutes {
            None | Some(0) => words,
            Some(1) => words + ", 1 minute",
            Some(minutes) => format!("{words}, {minutes} minutes"),
        }
    }
}

/// Logs a try and proposes the next one. The person's own rules were on the page before the dial; here they decide
/// when the next try may be. What was tried for a request that was merged is a try of the one that goes on for it.
///
/// # Errors
/// A fault at `beyond` when the usual number of tries is made and no reason says why there is one more; one at
/// `still_holds` when what is safe was said long ago and nobody says whether it still holds; one at `because` when they
/// were called against what they had said and nobody says why.
pub async fn attempt(unit: &mut Unit, wanted: &Request, tried: impl Into<Try>) -> Result<Next, Error> {
    let (tried, wanted) = (tried.into(), going_on(unit.tx(), wanted.id).await?);
    // A closed request says that first.
    let against = if wanted.is_open() { judge(unit, &wanted, &tried).await? } else { None };
    attempt_judged(unit, &wanted, tried, against).await
}

/// Judges a try by what they had said before it. What they say in the call itself holds for the next one.
///
/// # Errors
/// A fault at `because` when it broke something and nobody says why.
pub(crate) async fn judge(unit: &Unit, wanted: &Request, tried: &Try) -> Result<Option<Overridden>, Error> {
    if tried.direction == Direction::TheyCalled {
        return Ok(None);
    }
    let reaching = Reaching::of(unit.tx(), wanted.caller_id).await?;
    let contact = Contact {
        tried: if tried.outcome == Outcome::VoicemailLeft { Tried::Voicemail } else { Tried::Call },
        number: None,
        lifted: OutsideHours::lifts(wanted.outside_hours, wanted.urgency),
        because: &tried.because,
    };
    Ok(contact_override::judge(&reaching, &contact, unit.now())?)
}

/// The same as [`attempt`], for a try that was judged already.
pub(crate) async fn attempt_judged(
    unit: &mut Unit,
    wanted: &Request,
    mut tried: Try,
    against: Option<Overridden>,
) -> Result<Next, Error> {
    let outcome = tried.outcome;
    let wanted = &going_on(unit.tx(), wanted.id).await?;
    let permit = unit.permit(Act::LogAttempt, &wanted.subject())?;
    if !wanted.is_open() {
        return Err(refused("closed", "This request is closed. Reopen it first."));
    }
    let zone = person::zone_of(unit.tx(), wanted.caller_id).await?;
    let zone = zone.unwrap_or(Center::load(unit.tx()).await?.zone);
    let before = of(unit.tx(), wanted.id).await?;
    asked_again(unit, wanted.caller_id, tried.still_holds, talked(outcome)).await?;
    tried.beyond = reason(limit_of(&before, Some(outcome), unit.now(), zone), tried.beyond)?;
    super::waiting::tried(unit, wanted).await?;
    write_down(unit, wanted, &tried).await?;
    if let Some(against) = &against {
        contact_override::keep(unit, wanted.caller_id, &wanted.reference, against).await?;
    }
    if tried.is_somebody_elses_number() {
        contact_point::end_dialed(unit, wanted.caller_id, None).await?;
        person::find_by_everything(unit, wanted.caller_id).await?;
    }
    let reaching = Reaching::of(unit.tx(), wanted.caller_id).await?;
    let hours = reaching.hours();
    let times: Vec<Instant> = before.iter().map(|one| one.made_at).chain([unit.now()]).collect();
    let next = next(outcome, &times, zone, hours.as_ref());
    let (step, at): (Option<Vec<u8>>, Option<Instant>) = match next {
        Next::TryAgain(at) => {
            let step = unit.seal(wanted.prospective_id, NEXT_STEP, "Try again").await?;
            (Some(step), Some(reaching.next_to_ring(at)))
        }
        // A time that is booked stays promised, whatever else was talked about.
        Next::Talked | Next::Stop | Next::Enough => {
            crate::appointments::booking::promised(unit, wanted).await?
        }
    };
    let mut update = request::Entity::update_many()
        .col_expr(request::Column::Attempts, Expr::col(request::Column::Attempts).add(1))
        .col_expr(request::Column::NextStep, Expr::value(step))
        .col_expr(request::Column::NextStepAt, Expr::value(at))
        .col_expr(request::Column::WokeAt, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        // What is promised is sealed for this person.
        .filter(request::Column::ProspectiveId.eq(wanted.prospective_id));
    if outcome == Outcome::Reached && wanted.reached_at.is_none() {
        update = update.col_expr(request::Column::ReachedAt, Expr::value(Some(unit.now())));
    }
    if update.exec(unit.tx()).await?.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(
        permit,
        serde_json::json!({ "outcome": outcome, "outcome_words": tried.words(), "beyond": tried.beyond, "still_holds": tried.still_holds, "against": against.map(|against| against.broken) }),
    );
    unit.tell(News::Inbox);
    Ok(next)
}

/// Whether they were on the line, and could be asked something.
fn talked(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Reached | Outcome::Declined)
}

/// Which limit a try now would go beyond.
pub fn limit_of(
    before: &[attempt::Model],
    outcome: Option<Outcome>,
    now: Instant,
    zone: Zone,
) -> Option<Limit> {
    let tries: Vec<_> = before.iter().map(|one| (one.made_at, one.outcome)).collect();
    limit(&tries, outcome, now, zone)
}

/// The reason that is kept: one where a limit is passed, none where there is none.
fn reason(passed: Option<Limit>, given: Option<Beyond>) -> Result<Option<Beyond>, Faults> {
    let mut faults = Faults::default();
    if passed.is_some() && given.is_none() {
        faults.add("beyond", "Choose why there is one more try");
    }
    faults.or(|| given.filter(|_| passed.is_some()))
}

async fn write_down(unit: &mut Unit, wanted: &Request, tried: &Try) -> Result<(), Error> {
    let row = attempt::ActiveModel {
        id: Set(unit.id()),
        request_id: Set(wanted.id),
        person_id: Set(wanted.caller_id),
        staff_id: Set(unit.actor().staff_id()),
        outcome: Set(tried.outcome),
        direction: Set(Some(tried.direction)),
        minutes: Set(tried.minutes),
        made_at: Set(unit.now()),
        beyond: Set(tried.beyond),
    };
    unit.insert(row).await
}

/// Whether a try that was written down by a slip can be taken back whole: one that ended no pause and no number, and
/// renewed nothing that was said.
pub(super) fn can_be_taken_back(wanted: &Request, tried: &Try, now: Instant) -> bool {
    !wanted.is_waiting(now) && !tried.is_somebody_elses_number() && tried.still_holds != Some(StillHolds::Yes)
}

/// The newest try of a request, to be taken back.
///
/// # Errors
/// [`Error::NotFound`] when nobody tried.
pub async fn newest(unit: &Unit, wanted: &Request) -> Result<Uuid, Error> {
    of(unit.tx(), wanted.id).await?.pop().map(|one| one.id).ok_or(Error::NotFound)
}

/// Takes back a try that was not made. That it was written down stays in the ledger.
pub(super) async fn take_back(unit: &Unit, wanted: &Request, id: Uuid) -> Result<(), Error> {
    attempt::Entity::delete_by_id(id)
        .filter(attempt::Column::RequestId.eq(wanted.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// Logs that somebody who gave permission was asked how it goes, and plans the next time. A no ends it.
///
/// # Errors
/// A refusal when nobody may ask, or when a colleague has asked since the page was shown; a fault at `still_holds` as with
/// [`attempt`], and one at `because`.
pub async fn check_in(unit: &mut Unit, wanted: &Request, tried: impl Into<Try>) -> Result<(), Error> {
    let tried = tried.into();
    let (outcome, still_holds) = (tried.outcome, tried.still_holds);
    let permit = unit.permit(Act::LogAttempt, &wanted.subject())?;
    asked_again(unit, wanted.caller_id, still_holds, talked(outcome)).await?;
    let against = judge(unit, wanted, &tried).await?;
    let (Some(closed_at), Some(due)) = (wanted.closed_at, wanted.check_in_at) else {
        return Err(refused("check_in", "Nobody gave permission to ask again here."));
    };
    write_down(unit, wanted, &tried).await?;
    if let Some(against) = &against {
        contact_override::keep(unit, wanted.caller_id, &wanted.reference, against).await?;
    }
    if tried.is_somebody_elses_number() {
        contact_point::end_dialed(unit, wanted.caller_id, None).await?;
        person::find_by_everything(unit, wanted.caller_id).await?;
    }
    let done = usize::try_from(wanted.check_ins + 1).unwrap_or(usize::MAX);
    // What was missed while nobody asked is not made up for: the next one lies ahead.
    let ahead = (done..done + 20).map_while(|n| next_check_in(closed_at, n)).find(|at| *at > unit.now());
    let next = ahead.filter(|_| !matches!(outcome, Outcome::Declined | Outcome::WrongNumber));
    let kept = request::Entity::update_many()
        .col_expr(request::Column::CheckInAt, Expr::value(next))
        .col_expr(request::Column::CheckIns, Expr::col(request::Column::CheckIns).add(1))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::CheckInAt.eq(due))
        .exec(unit.tx())
        .await?;
    if kept.rows_affected == 0 {
        return Err(refused("check_in", "A colleague has asked just now."));
    }
    unit.record(
        permit,
        serde_json::json!({ "outcome": outcome, "outcome_words": outcome.words(), "check_in": true, "still_holds": still_holds, "against": against.map(|against| against.broken) }),
    );
    unit.tell(News::Inbox);
    Ok(())
}

/// The tries of a request, oldest first.
pub async fn of(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<attempt::Model>, Error> {
    Ok(attempt::Entity::find()
        .filter(attempt::Column::RequestId.eq(id))
        .order_by_asc(attempt::Column::Id)
        .all(reader)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(fields: &[(&str, &'static str)]) -> Result<Try, Faults> {
        Try::parse(|name| fields.iter().find(|(one, _)| *one == name).map_or("", |(_, value)| value))
    }

    #[test]
    fn who_called_and_how_long_are_kept_and_told() {
        let called =
            parse(&[("outcome", "reached"), ("direction", "they_called"), ("minutes", " 12 ")]).unwrap();
        assert_eq!((called.direction, called.minutes), (Direction::TheyCalled, Some(12)));
        assert_eq!(called.words(), "Reached, and we talked. They called, 12 minutes");
        let ours = parse(&[("outcome", "reached"), ("minutes", "1")]).unwrap();
        assert_eq!(ours.words(), "Reached, and we talked, 1 minute");
        assert_eq!(parse(&[("outcome", "no_answer")]).unwrap(), Try::from(Outcome::NoAnswer));
        for minutes in ["a while", "-3", "601", "1.5"] {
            let faults = parse(&[("outcome", "reached"), ("minutes", minutes)]).unwrap_err();
            assert!(faults.of("minutes").is_some(), "{minutes}");
        }
        // Whoever called was there.
        let faults = parse(&[("outcome", "no_answer"), ("direction", "they_called")]).unwrap_err();
        assert!(faults.of("outcome").is_some());
        assert_eq!(parse(&[]).unwrap_err().of("outcome"), Some("Choose how it went"));
    }
}
