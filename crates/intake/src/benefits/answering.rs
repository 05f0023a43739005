//! Answering a benefits check: once, with the way the plan was asked. Asking by name rests on a written consent in
//! force at that moment, and is accounted for as the disclosure it is (domain reference 2.6).

use clients::person::plain;
use consent::consents::{ConsentId, Scope};
use consent::disclosures;
use consent::rules::notice::Notice;
use foundation::center::Center;
use foundation::{Act, Day, Error, Faults, News, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::coverage::Coverage;
use super::findings::{Findings, Outcome};
use super::{BenefitCheck, OUTCOME, opened, permission, written};
use crate::entity::benefit_check;
use crate::request::Request;
use crate::rules::benefits::{Way, WhyNot, valid_until};

/// What it is called in the accounting of disclosures.
const WHAT: &str = "benefits check: that they ask about care";

/// The longest note about what was tried.
const NOTE: usize = 1000;

/// Keeps what the plan said. It holds for a month.
///
/// # Errors
/// A fault at `way` when the plan was asked by name without a consent in force; a refusal when someone else has the check
/// or it is answered; [`Error::Stale`] when its coverage was put right since the page was shown.
pub async fn answer(
    unit: &mut Unit,
    on: &BenefitCheck,
    about: &Request,
    findings: Findings,
) -> Result<(), Error> {
    let permit = unit.permit(Act::AnswerBenefits, &about.subject())?;
    let (now, coverage, today) = mine(unit, on).await?;
    let consent = asked(unit, &now, about, &coverage, findings.way, today).await?;
    let (way, until) = (findings.way, valid_until(today));
    let ended = Ended { way, consent, why_not: None, until: Some(until), outcome: Outcome::Found(findings) };
    settle(unit, &now, ended).await?;
    unit.record(permit, serde_json::json!({ "check": on.id, "way": way, "consent": consent }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Why a check came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked {
    why: WhyNot,
    way: Way,
    tried: String,
}

impl NotChecked {
    /// Reads a form.
    ///
    /// # Errors
    /// What is missing, at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (why, way) = (WhyNot::parse(text("why_not")), Way::parse(text("tried_way")));
        if why.is_none() {
            faults.add("why_not", "Choose why it could not be checked");
        }
        if way.is_none() {
            faults.add("tried_way", "Choose whether the plan was asked, and how");
        }
        let tried = plain(text("tried"));
        if tried.chars().count() > NOTE {
            faults.add("tried", format!("Write less here, up to {NOTE} characters"));
        }
        match (why, way, faults.0.is_empty()) {
            (Some(why), Some(way), true) => Ok(Self { why, way, tried }),
            _ => Err(faults),
        }
    }
}

/// Keeps that it could not be checked, and why. Nothing else waits for it.
///
/// # Errors
/// As with [`answer`]; asking in vain is a disclosure like any other, its fault is at `tried_way`.
pub async fn give_up(
    unit: &mut Unit,
    on: &BenefitCheck,
    about: &Request,
    not: NotChecked,
) -> Result<(), Error> {
    let permit = unit.permit(Act::AnswerBenefits, &about.subject())?;
    let (now, coverage, today) = mine(unit, on).await?;
    let NotChecked { why, way, tried } = not;
    let consent = match asked(unit, &now, about, &coverage, way, today).await {
        Err(Error::Invalid(faults)) => {
            let words = faults.of("way").unwrap_or_default();
            let mut here = Faults::default();
            here.add("tried_way", words);
            return Err(here.into());
        }
        other => other?,
    };
    let outcome = Outcome::NotChecked(tried);
    settle(unit, &now, Ended { way, consent, why_not: Some(why), until: None, outcome }).await?;
    unit.record(permit, serde_json::json!({ "check": on.id, "why_not": why, "way": way }));
    unit.tell(News::Inbox);
    Ok(())
}

/// The check as it is now, if it is open and mine.
async fn mine(unit: &Unit, on: &BenefitCheck) -> Result<(BenefitCheck, Coverage, Day), Error> {
    let now = benefit_check::Entity::find_by_id(on.id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if !now.is_open() {
        return Err(refused("answered", "This check was answered just now. Look again."));
    }
    if now.taken_by.is_none() || now.taken_by != unit.actor().staff_id() {
        return Err(refused("not_mine", "Take this check first, so that nobody asks the plan twice."));
    }
    // The coverage was put right meanwhile: what the plan said may be about another one.
    if now.version != on.version {
        return Err(Error::Stale);
    }
    let keyring = unit.db().keyring().clone();
    let opened = opened(unit.tx(), &keyring, now).await?;
    let zone = Center::load(unit.tx()).await?.zone;
    Ok((opened.check, opened.coverage, unit.today(zone)))
}

/// What asking by name rests on. It is written into the accounting of disclosures in the same unit, or nothing is kept.
async fn asked(
    unit: &mut Unit,
    on: &BenefitCheck,
    about: &Request,
    coverage: &Coverage,
    way: Way,
    today: Day,
) -> Result<Option<ConsentId>, Error> {
    if way != Way::ByName {
        return Ok(None);
    }
    let consent = permission(unit.tx(), on, coverage, today).await?;
    let (Some(consent), Some(who)) = (consent, coverage.who_is_asked()) else {
        let mut faults = Faults::default();
        faults.add(
            "way",
            "Record their written permission to ask this plan first, or choose another way: without it nobody may ask by name",
        );
        return Err(faults.into());
    };
    let wanted = [Scope::Benefits];
    let told = (WHAT, Notice::InWritingAfterwards);
    disclosures::disclose_as(unit, Act::AskPlan, &about.subject(), who, &wanted, told).await?;
    Ok(Some(consent.id))
}

struct Ended {
    way: Way,
    consent: Option<ConsentId>,
    why_not: Option<WhyNot>,
    until: Option<Day>,
    outcome: Outcome,
}

async fn settle(unit: &mut Unit, on: &BenefitCheck, ended: Ended) -> Result<(), Error> {
    let sealed = unit.seal(on.person_id, OUTCOME, &written(&ended.outcome)?).await?;
    let done = benefit_check::Entity::update_many()
        .col_expr(benefit_check::Column::AnsweredAt, Expr::value(Some(unit.now())))
        .col_expr(benefit_check::Column::AnsweredBy, Expr::value(unit.actor().staff_id()))
        .col_expr(benefit_check::Column::WhyNot, Expr::value(ended.why_not))
        .col_expr(benefit_check::Column::Way, Expr::value(Some(ended.way)))
        .col_expr(benefit_check::Column::ConsentId, Expr::value(ended.consent))
        .col_expr(benefit_check::Column::Outcome, Expr::value(Some(sealed)))
        .col_expr(benefit_check::Column::ValidUntil, Expr::value(ended.until))
        .col_expr(benefit_check::Column::Version, Expr::col(benefit_check::Column::Version).add(1))
        .filter(benefit_check::Column::Id.eq(on.id))
        .filter(benefit_check::Column::Version.eq(on.version))
        .filter(benefit_check::Column::AnsweredAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}
