//! Finishing: a call ends with an outcome, or with a promise that has an owner and a time, and never before somebody
//! acted on danger.

use clients::person::{Death, DeathSource};
use consent::contact_rules::StillHolds;
use foundation::center::Center;
use foundation::ledger::asking::{Of, entries};
use foundation::{Act, Error, Faults, Instant, StaffId, Unit, Zone, read_moment, refused};

use super::sheet::Sheet;
use super::{Call, kept, mark, own_request_of, request_of};
use crate::appointments::booking;
use crate::appointments::offering::Choice;
use crate::entity::call;
use crate::request::attempting::{LONGEST, Try};
use crate::request::describing::{self, Described};
use crate::request::stepping::{self, NextStep};
use crate::request::{attempting, claiming, closing};
use crate::rules::cadence::Beyond;
use crate::rules::outcome::Closing;
use crate::rules::triage::Question;
use crate::rules::words::{Direction, Disposition, Outcome};
use crate::touch::{self, NewTouch};

/// What follows a call.
#[derive(Clone, Debug, PartialEq, Eq)]
enum After {
    /// It is over, like this.
    Closed(Closing),
    /// This time is theirs, with what else was promised.
    Booked(Choice, Option<String>, Option<StaffId>),
    /// This is promised, and this colleague keeps it when it is not whoever took the call.
    Promised(NextStep, Option<StaffId>),
}

/// A sheet with which a call can end.
#[derive(Clone, Debug)]
pub struct Finished {
    described: Described,
    after: After,
}

impl Finished {
    /// Whether a call can end with this sheet.
    ///
    /// # Errors
    /// What is missing, each at its field: a safety question, what was done about danger, an outcome or a promise.
    pub fn parse(sheet: &Sheet, now: Instant, zone: Zone) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        safe(sheet, now, zone, &mut faults);
        let described = Described::whole(sheet).map_err(|more| faults.0.extend(more.0)).ok();
        let after = after(sheet, now, zone).map_err(|more| faults.0.extend(more.0)).ok();
        let needs_clinician = !sheet.text("level").is_empty() && sheet.text("level_by").is_empty();
        if needs_clinician {
            faults.add("level_by", "Enter which clinician had this idea, or leave the level open");
        }
        match (described, after, faults.0.is_empty()) {
            (Some(described), Some(after), true) => Ok(Self { described, after }),
            _ => Err(faults),
        }
    }
}

/// Every safety question has one of its four answers, and somebody acted when they press. Who dialed a wrong number need
/// not be asked, and what was not asked stays so; but once one question is answered, all are.
fn safe(sheet: &Sheet, now: Instant, zone: Zone, faults: &mut Faults) {
    let found = sheet.triage(now, zone);
    let is_asked = Question::ALL.iter().any(|question| !sheet.text(&format!("q_{question}")).is_empty());
    let is_wrong_number = sheet.text("disposition") == Disposition::WrongNumber.as_str() && !is_asked;
    for question in found.open.iter().filter(|_| !is_wrong_number) {
        faults.add(
            format!("q_{question}"),
            format!("Ask, or mark as not known or declined: {}", question.words()),
        );
    }
    if !sheet.text("judged").is_empty() && !sheet.is_judged() {
        faults.add("judged_because", "Enter why you see it otherwise");
    }
    if sheet.urgency(now, zone).is_pressing() && sheet.text("acted").is_empty() {
        faults.add("acted", "Enter what was done about the danger: who was called, when, who is with them");
    }
}

fn after(sheet: &Sheet, now: Instant, zone: Zone) -> Result<After, Faults> {
    let owner = sheet.text("owner").parse().ok();
    if !sheet.text("slot").is_empty() {
        return offered(sheet, owner);
    }
    if !sheet.text("disposition").is_empty() {
        let how = Closing::parse(sheet.text("disposition"), sheet.text("reason"), sheet.text("check_in"));
        return how.map(After::Closed);
    }
    if sheet.text("next_step").is_empty() && sheet.text("next_step_at").is_empty() {
        let mut faults = Faults::default();
        faults.add("next_step", "Offer a time, or enter what happens next and when, or choose how it ended");
        return Err(faults);
    }
    let step = NextStep::parse(sheet.text("next_step"), read_moment(sheet.text("next_step_at"), zone), now)?;
    Ok(After::Promised(step, owner))
}

/// The time that was offered and taken.
fn offered(sheet: &Sheet, owner: Option<StaffId>) -> Result<After, Faults> {
    let mut faults = Faults::default();
    if !sheet.text("disposition").is_empty() {
        faults.add("slot", "You chose a time and also how it ended. Keep one of the two");
        return Err(faults);
    }
    let words = Some(sheet.text("next_step")).filter(|words| !words.is_empty()).map(str::to_owned);
    if let Some(choice) = Choice::parse(sheet.text("slot")) {
        return Ok(After::Booked(choice, words, owner));
    }
    faults.add("slot", "Choose one of the times we can offer");
    Err(faults)
}

/// Ends a call whose sheet was saved: the request says who it is, that they were reached, and what follows.
///
/// # Errors
/// What is missing, at its field. Nothing is lost by it: the sheet stays as it was saved.
pub async fn finish(unit: &mut Unit, on: &Call) -> Result<(), Error> {
    let zone = Center::load(unit.tx()).await?.zone;
    let sheet = kept(unit, on).await?;
    let Finished { described, after } = Finished::parse(&sheet, unit.now(), zone)?;
    let permit = unit.permit(Act::FinishCall, &on.subject())?;
    mark(unit, on, call::Column::EndedAt).await?;
    unit.record(permit, serde_json::json!({}));
    let request = request_of(unit, on).await?;
    if !request.is_open() && request.converted_at.is_none() {
        return Err(refused(
            "closed",
            "A colleague closed this request meanwhile. Open it again, then finish the call.",
        ));
    }
    // They are on the line: whoever dialled, nobody was called once too often.
    let talked = Try {
        direction: Direction::parse(sheet.text("direction")).unwrap_or(Direction::TheyCalled),
        minutes: if was_parked(unit, on).await? { None } else { minutes_since(on.began_at, unit.now()) },
        beyond: Some(Beyond::AskedFor),
        still_holds: StillHolds::parse(sheet.text("still_holds")),
        because: sheet.text("because").to_owned(),
        ..Outcome::Reached.into()
    };
    // By what they had said before: what they say now holds for the next call.
    let against = attempting::judge(unit, &request, &talked).await?;
    let own = own_request_of(unit, on).await?;
    describing::describe(unit, &own, described).await?;
    if let Some(told) = NewTouch::told(sheet.text("source_kind"), sheet.text("heard_from")) {
        let own = own_request_of(unit, on).await?;
        touch::add(unit, &own, told).await?;
    }
    let request = request_of(unit, on).await?;
    // Who became a client meanwhile goes on in the record; what was promised stands on the sheet.
    if !request.is_open() {
        return Ok(());
    }
    attempting::attempt_judged(unit, &request, talked, against).await?;
    let request = request_of(unit, on).await?;
    match after {
        After::Closed(how) => {
            let told = Death { on: None, source: DeathSource::Caller };
            closing::close(unit, &request, how.told(told)).await
        }
        After::Promised(step, to) => {
            stepping::step(unit, &request, request.version, step).await?;
            kept_by(unit, on, to).await
        }
        After::Booked(choice, words, to) => {
            match booking::book(unit, &request, choice, words.as_deref()).await {
                Err(Error::Refused(no)) => {
                    let mut faults = Faults::default();
                    faults.add("slot", no.sentence);
                    return Err(faults.into());
                }
                other => other?,
            };
            kept_by(unit, on, to).await
        }
    }
}

/// A call that was cut off and taken up again says nothing of how long they talked.
async fn was_parked(unit: &Unit, on: &Call) -> Result<bool, Error> {
    let told = entries(unit.tx(), Of::Subject(on.id.0), None, 200).await?;
    Ok(told.iter().any(|entry| entry.act == Act::ParkCall))
}

/// As long as a call lasts; a sheet that lay open for hours was not a call of hours.
fn minutes_since(began: Instant, now: Instant) -> Option<i32> {
    i32::try_from((now - began).num_minutes()).ok().filter(|minutes| *minutes <= LONGEST)
}

/// Gives the request to whoever keeps what was promised.
async fn kept_by(unit: &mut Unit, on: &Call, to: Option<StaffId>) -> Result<(), Error> {
    let request = request_of(unit, on).await?;
    match to.filter(|to| Some(*to) != request.owner_id) {
        Some(to) => claiming::give(unit, &request, to).await,
        None => Ok(()),
    }
}
