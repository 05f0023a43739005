//! Benefits checks: the queue, and the page of one request's check with everything that is done about it.

mod answer;
mod beside;
mod queue;
pub mod view;

use axum::extract::{Path, State};
use axum::response::Response;
use clients::episode::LevelOfCare;
use consent::consents::{self, NewConsent, Scope};
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Faults, Subject, day, read_day, refused};
use intake::benefits::answering::{self, NotChecked};
use intake::benefits::coverage::Coverage;
use intake::benefits::findings::Findings;
use intake::benefits::{self, Opened, Page as Read, approving, asking, taking};

use crate::differing::settled;
use crate::failure::Failure;
use crate::form::{Typed, chosen};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{ByItself, Me};
use crate::signed_paper;
use view::CheckPage;

/// What their permission is for, on the paper and in the record.
const PURPOSE: &str = "to learn what the plan pays for care";

/// The routes of this file.
pub fn routes() -> Routes {
    let (see, answering) = (Access::Staff(Act::ViewBenefits), Access::Staff(Act::AnswerBenefits));
    Routes::default()
        .page("/benefits", see, queue::queue)
        .page("/inbox/{reference}/benefits", see, open)
        .act("/inbox/{reference}/benefits", Access::Staff(Act::AskBenefits), ask)
        .act("/inbox/{reference}/benefits/coverage", Access::Staff(Act::AskBenefits), correct)
        .act("/inbox/{reference}/benefits/taking", Access::Staff(Act::TakeBenefits), take)
        .act("/inbox/{reference}/benefits/returning", Access::Staff(Act::ReturnBenefits), give_back)
        .act("/inbox/{reference}/benefits/permission", Access::Staff(Act::RecordConsent), permit)
        .act("/inbox/{reference}/benefits/permission/paper", Access::Staff(Act::RecordConsent), print)
        .act("/inbox/{reference}/benefits/answer", answering, answer)
        .act("/inbox/{reference}/benefits/approval", Access::Staff(Act::ApproveBenefits), approve)
        .act("/inbox/{reference}/benefits/no-answer", answering, give_up)
}

type At = Path<String>;

async fn today(house: &House) -> Result<Day, Error> {
    Ok(day(house.now(), Center::of(house).await?.zone))
}

async fn read(house: &House, me: &Actor, reference: &str) -> Result<Read, Error> {
    let today = today(house).await?;
    house.look(async |reader| benefits::page(reader, house.keyring(), me, reference, today).await).await
}

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    shown(&house, &me, &reference, &Typed::default(), &Faults::default(), by_itself).await
}

/// The page. The coverage is part of the request, so its opening is recorded as one of the request.
async fn shown(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    faults: &Faults,
    by_itself: bool,
) -> Result<Response, Failure> {
    let read = read(house, me, reference).await?;
    let subject = read.request.subject();
    if by_itself {
        house.readings().go_on(me, Act::OpenRequest, &subject).await?;
    } else {
        house.readings().record(me, Act::OpenRequest, &subject).await?;
    }
    Ok(show(CheckPage::new(house, me, read, typed, faults).await?))
}

/// Does something about the check and shows its page again, or the page with what must be put right.
async fn act_on(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Read) -> Result<Said, Error>,
) -> Result<Response, Failure> {
    let read = read(house, me, reference).await?;
    let faults = match work(&read).await {
        Ok(said) => return Ok(sent_on(&format!("/inbox/{reference}/benefits"), said, reference)),
        Err(Error::Invalid(faults)) => faults,
        Err(Error::Refused(no)) => about_the_check(no.sentence),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            // What a colleague put right stands beside what was typed, to be chosen field by field.
            let may_be_put_right = read.newest.as_ref().is_some_and(|newest| newest.check.is_open());
            let of_coverage = may_be_put_right && typed.every().any(|(name, _)| name == "plan_kind");
            let words =
                "Someone changed this check while you were at it. Look again; what you typed is below";
            faults.add(if of_coverage { "coverage" } else { "check" }, words);
            faults
        }
        Err(other) => return Err(other.into()),
    };
    shown(house, me, reference, typed, &faults, false).await
}

fn about_the_check(words: String) -> Faults {
    let mut faults = Faults::default();
    faults.add("check", words);
    faults
}

fn newest(read: &Read) -> Result<&Opened, Error> {
    read.newest.as_ref().ok_or_else(|| refused("none", "Ask for a check first."))
}

/// The newest check, if it is still the one that the page was shown with.
fn as_shown<'a>(read: &'a Read, typed: &Typed) -> Result<&'a Opened, Error> {
    let opened = newest(read)?;
    if opened.check.version.to_string() == typed.text("version") { Ok(opened) } else { Err(Error::Stale) }
}

fn coverage(typed: &Typed, today: Day) -> Result<Coverage, Faults> {
    let levels = LevelOfCare::ALL.iter().copied();
    let levels = levels.filter(|level| typed.many("level[]").any(|one| one == level.as_str())).collect();
    Coverage::parse(|name| typed.text(name), levels, today)
}

async fn ask(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let coverage = coverage(&typed, today(&house).await?)?;
        house.write(&me, async |unit| asking::ask(unit, &read.request, &coverage).await).await?;
        Ok(Said::BenefitsAsked)
    })
    .await
}

async fn correct(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let typed = settled(&typed);
    act_on(&house, &me, &reference, &typed, async |read| {
        as_shown(read, &typed)?;
        let coverage = coverage(&typed, today(&house).await?)?;
        let (on, version) = (&newest(read)?.check, typed.text("version").parse().map_err(|_| Error::Stale)?);
        let about = &read.request;
        house.write(&me, async |unit| asking::correct(unit, on, about, version, &coverage).await).await?;
        Ok(Said::CoverageCorrected)
    })
    .await
}

async fn take(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let on = &newest(read)?.check;
        house.write(&me, async |unit| taking::take(unit, on, &read.request).await).await?;
        Ok(Said::BenefitsTaken)
    })
    .await
}

async fn give_back(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let on = &newest(read)?.check;
        house.write(&me, async |unit| taking::give_back(unit, on, &read.request).await).await?;
        Ok(Said::BenefitsReturned)
    })
    .await
}

/// Their written permission to ask whoever answers for the plan by name.
async fn permit(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let who = newest(read)?.coverage.who_is_asked();
        let who = who.ok_or_else(|| refused("nobody", "They pay themselves: no plan is asked."))?;
        if read.name == clients::person::shown("") {
            return Err(refused(
                "name",
                "Write down their name on the call sheet first; the paper needs it.",
            ));
        }
        let new = permission(&typed, who, today(&house).await?)?;
        let person = read.request.prospective_id;
        let care = Subject::of("person", person).concerning(person);
        house.write(&me, async |unit| consents::record(unit, &care, new).await).await?;
        Ok(Said::ConsentRecorded)
    })
    .await
}

/// The paper they sign, so that the plan may be asked by name.
async fn print(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let read = read(&house, &me, &reference).await?;
    let who = newest(&read)?.coverage.who_is_asked().map(str::to_owned);
    let who = who.ok_or_else(|| refused("nobody", "They pay themselves: no plan is asked."))?;
    let of = (who.as_str(), [Scope::Benefits].as_slice(), PURPOSE);
    match signed_paper::print(&house, read.request.prospective_id, of, &typed).await {
        Ok(file) => Ok(file),
        Err(error) => shown(&house, &me, &reference, &typed, &Failure::from(error).faults()?, false).await,
    }
}

fn permission(typed: &Typed, who: &str, today: Day) -> Result<NewConsent, Error> {
    let signed = read_day(typed.text("signed_on"));
    let signed = chosen(signed, "signed_on", "Enter the day it was signed, like 2026-03-02")?;
    let ends = read_day(typed.text("expires_on"));
    let ends = chosen(ends, "expires_on", "Enter the day it ends, like 2026-12-31")?;
    let new = NewConsent::named(who, &[Scope::Benefits], PURPOSE, signed, Some(ends), today)?;
    Ok(new.on(signed_paper::read(typed)?))
}

async fn answer(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let on = as_shown(read, &typed)?;
        let findings = Findings::parse(|name| typed.text(name), &on.coverage)?;
        let about = &read.request;
        house.write(&me, async |unit| answering::answer(unit, &on.check, about, findings).await).await?;
        Ok(Said::BenefitsAnswered)
    })
    .await
}

async fn approve(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let on = &as_shown(read, &typed)?.check;
        house.write(&me, async |unit| approving::approve(unit, on, &read.request).await).await?;
        Ok(Said::BenefitsApproved)
    })
    .await
}

async fn give_up(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let on = &as_shown(read, &typed)?.check;
        let not = NotChecked::parse(|name| typed.text(name))?;
        house.write(&me, async |unit| answering::give_up(unit, on, &read.request, not).await).await?;
        Ok(Said::BenefitsNotChecked)
    })
    .await
}
