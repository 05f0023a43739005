//! The check-ins of one person: what is due, logging a call, the answers, what they asked of us, and the track.

mod flags;
mod link;
mod told;
mod view;

use alumni::aftercare::{self, AftercareId, Choice, EndReason, OpioidUse};
use alumni::check_in::{self, NewAttempt, Outcome, Way};
use alumni::flag::{self, FlagId};
use alumni::rules::response::Answers;
use alumni::rules::schedule::Track;
use axum::extract::{Path, State};
use axum::response::Response;
use consent::consents::YesHow;
use consent::contact_rules::StillHolds;
use consent::rules::quiet_hours::WhyNow;
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Faults, PersonId, read_day};

use crate::clients::head::{Head, Part};
use crate::failure::Failure;
use crate::form::{Typed, chosen, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;
use view::CheckIns;

/// The routes of this file.
pub fn routes() -> Routes {
    let log = Access::Staff(Act::LogCheckIn);
    let change = Access::Staff(Act::ChangeAftercare);
    Routes::default()
        .page("/clients/{id}/check-ins", Access::Staff(Act::OpenCheckIns), open)
        .act("/clients/{id}/check-ins/attempts", log, log_attempt)
        .act("/clients/{id}/check-ins/answers", log, log_answers)
        .act("/clients/{id}/flags/{flag}/settlement", Access::Staff(Act::SettleFlag), settle)
        .act("/clients/{id}/flags/{flag}/reading", Access::Staff(Act::SettleFlag), mark_read)
        .and(link::routes())
        .act("/clients/{id}/aftercare/track", change, change_track)
        .act("/clients/{id}/aftercare/opioids", change, set_opioids)
        .act("/clients/{id}/aftercare/pause", change, pause)
        .act("/clients/{id}/aftercare/resumption", change, resume)
        .act("/clients/{id}/aftercare/ending", change, end)
        .act("/clients/{id}/aftercare/again", Access::Staff(Act::EnrolAftercare), begin_again)
}

type At = Path<String>;

async fn open(State(house): State<House>, Me(me, _): Me, Path(id): At) -> Result<Response, Failure> {
    shown(&house, &me, key(&id)?, &Typed::default(), &Faults::default()).await
}

/// The page, noted as opened before it is shown.
async fn shown(
    house: &House,
    me: &Actor,
    id: PersonId,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let head = Head::of(house, me, id, Part::CheckIns).await?;
    let page = CheckIns::new(house, me, head, typed, faults).await?;
    house.readings().record(me, Act::OpenCheckIns, page.care()).await?;
    Ok(show(page))
}

/// Does something and shows the page again, or what must be put right with everything typed.
async fn act_on(
    house: &House,
    me: &Actor,
    id: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(Active) -> Result<Said, Error>,
) -> Result<Response, Failure> {
    let id = key(id)?;
    let page = house.look(async |reader| aftercare::page(reader, me, id, house.now()).await).await?;
    let page = page.ok_or(Error::NotFound)?;
    let today = house.today(Center::of(house).await?.zone);
    // What a call is for: the due day that is open, else a talk besides the schedule, today.
    let due_on = page.open().map_or(today, |p| p.due_on);
    let is_due = page.open().is_some();
    // Of the form: a page that was open while a colleague changed the aftercare changes nothing.
    let version = typed.text("version").parse().unwrap_or(0);
    let active = Active { id: page.aftercare.id, version, due_on, is_due };
    act_for(house, me, id, typed, async || work(active).await).await
}

/// The same, whether or not there is an active aftercare.
async fn act_for(
    house: &House,
    me: &Actor,
    id: PersonId,
    typed: &Typed,
    work: impl AsyncFnOnce() -> Result<Said, Error>,
) -> Result<Response, Failure> {
    match work().await {
        Ok(said) => Ok(sent_on(&format!("/clients/{id}/check-ins"), said, "")),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, me, id, typed, &Failure::from(error).faults()?).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The aftercare an act is about.
struct Active {
    id: AftercareId,
    version: i32,
    due_on: Day,
    /// Whether that is a day of the schedule whose window is open.
    is_due: bool,
}

async fn log_attempt(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let person: PersonId = key(&id)?;
    // Whoever sees the check-ins may log a call, also with somebody who is in none.
    Head::of(&house, &me, person, Part::CheckIns).await?;
    let page = house.look(async |reader| aftercare::page(reader, &me, person, house.now()).await).await?;
    let today = house.today(Center::of(&house).await?.zone);
    let open = page.as_ref().map(|page| (page.aftercare.id, page.open().map_or(today, |p| p.due_on)));
    act_for(&house, &me, person, &typed, async || {
        let way = chosen(Way::parse(typed.text("way")), "way", "Choose how you tried")?;
        let outcome = chosen(Outcome::parse(typed.text("outcome")), "outcome", "Choose what came of it")?;
        let new = NewAttempt::parse(way, outcome, typed.text("note"))?;
        let new = new.asked_again(StillHolds::parse(typed.text("still_holds")));
        let new = new.at_this_hour(WhyNow::parse(typed.text("why_now")));
        let new = new.because(typed.text("because"));
        let new = new.at_number(typed.text("number").parse().ok());
        house
            .write(&me, async |unit| match open {
                Some((aftercare, due_on)) => {
                    check_in::log_attempt(unit, aftercare, due_on, new).await.map(|_| ())
                }
                None => check_in::log_talk(unit, person, new).await.map(|_| ()),
            })
            .await?;
        Ok(if outcome == Outcome::WrongNumber { Said::NumberEnded } else { Said::CallLogged })
    })
    .await
}

async fn log_answers(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        let answers = Answers::read(|field| typed.text(field))?;
        let empty = answers == Answers::default();
        chosen((!empty).then_some(()), "overall", "Write down at least one answer, or log the call alone")?;
        house.write(&me, async |unit| check_in::log_answers(unit, on.id, on.due_on, &answers).await).await?;
        Ok(Said::AnswersKept)
    })
    .await
}

async fn settle(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, flag)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let flag: FlagId = flag.parse().map_err(|_| Error::NotFound)?;
    let flags = flag::of(house.reader(), &me, id, 100).await?;
    if flags.iter().all(|f| f.id != flag) {
        return Err(Error::NotFound.into());
    }
    let (done, seen) = (typed.text("done").to_owned(), seen(&typed));
    match house.write(&me, async |unit| flag::settle(unit, flag, seen, &done).await).await {
        Ok(()) => Ok(sent_on(&format!("/clients/{id}/check-ins"), Said::FlagSettled, "")),
        Err(Error::Refused(refusal)) => {
            let mut faults = Faults::default();
            faults.add(format!("done-{flag}"), refusal.sentence);
            shown(&house, &me, id, &typed, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Words that an alum wrote have been read.
async fn mark_read(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, flag)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let flag: FlagId = flag.parse().map_err(|_| Error::NotFound)?;
    if flag::of(house.reader(), &me, id, 100).await?.iter().all(|f| f.id != flag) {
        return Err(Error::NotFound.into());
    }
    match house.write(&me, async |unit| flag::mark_read(unit, flag, seen(&typed)).await).await {
        Ok(()) => Ok(sent_on(&format!("/clients/{id}/check-ins"), Said::WordsRead, "")),
        Err(Error::Refused(refusal)) => {
            let mut faults = Faults::default();
            faults.add(format!("done-{flag}"), refusal.sentence);
            shown(&house, &me, id, &typed, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The version of a flag as the page showed it.
fn seen(typed: &Typed) -> i32 {
    typed.text("version").parse().unwrap_or_default()
}

async fn change_track(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        let track = chosen(Track::parse(typed.text("track")), "track", "Choose how often")?;
        let choice = match track {
            Track::Custom => Choice::own_days(own_days(typed.text("custom_days")))?,
            other => Choice::of(other),
        };
        house.write(&me, async |unit| aftercare::change_track(unit, on.id, on.version, choice).await).await?;
        Ok(Said::TrackChanged)
    })
    .await
}

/// Days as typed: "1, 7, 30". What is no number becomes 0, which no schedule takes.
fn own_days(text: &str) -> Vec<u16> {
    let parts = text.split([',', ' ', ';']).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().unwrap_or(0)).collect()
}

async fn set_opioids(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        let said = OpioidUse::parse(typed.text("opioid_use"));
        let said = chosen(said, "opioid_use", "Choose whether opioids were part of it")?;
        house.write(&me, async |unit| aftercare::set_opioid_use(unit, on.id, said).await).await?;
        Ok(Said::OpioidsSet)
    })
    .await
}

async fn pause(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        let until = chosen(
            read_day(typed.text("paused_until")),
            "paused_until",
            "Enter a day after today, like 2026-03-02",
        )?;
        house.write(&me, async |unit| aftercare::pause(unit, on.id, on.version, until).await).await?;
        Ok(Said::Paused)
    })
    .await
}

async fn resume(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        house.write(&me, async |unit| aftercare::resume(unit, on.id, on.version).await).await?;
        Ok(Said::Resumed)
    })
    .await
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |on| {
        let reason = chosen(EndReason::parse(typed.text("reason")), "reason", "Choose why it ends")?;
        house.write(&me, async |unit| aftercare::end(unit, on.id, reason).await).await?;
        Ok(Said::AftercareEnded)
    })
    .await
}

/// Check-ins that had ended begin again, with how the person said yes.
async fn begin_again(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let person: PersonId = key(&id)?;
    Head::of(&house, &me, person, Part::CheckIns).await?;
    act_for(&house, &me, person, &typed, async || {
        let track = chosen(Track::parse(typed.text("again_track")), "again_track", "Choose how often")?;
        let how = chosen(YesHow::parse(typed.text("again_how")), "again_how", "Choose how they said yes")?;
        let choice = Choice::of(track);
        house.write(&me, async |unit| aftercare::begin_again(unit, person, choice, how).await).await?;
        Ok(Said::CheckInsBegun)
    })
    .await
}
