//! What came of a check, to be read, told and printed.

use intake::BenefitCheck;
use intake::benefits::Opened;
use intake::benefits::coverage::Coverage;
use intake::benefits::findings::{Findings, Outcome};
use intake::rules::benefits::Way;
use intake::rules::benefits::level::LevelFinding;

use super::view::{Around, holding};
use crate::look::Fact;

/// What came of a check, to be read and printed.
pub(super) struct Answer {
    pub(super) verified: String,
    pub(super) holds: String,
    pub(super) levels: Vec<Level>,
    pub(super) estimate: String,
    /// After asking by name: what must follow in writing.
    pub(super) notice: Option<String>,
}

pub(super) struct Level {
    pub(super) words: &'static str,
    pub(super) told: Vec<String>,
    pub(super) facts: Vec<Fact>,
    pub(super) notes: String,
}

/// The answer of a check, when the plan said something.
pub(super) fn answered(opened: &Opened, around: Around<'_>) -> Option<Answer> {
    let Opened { check, coverage, outcome: Some(Outcome::Found(findings)) } = opened else { return None };
    Some(Answer {
        verified: verified(check, coverage, findings, around),
        holds: check.valid_until.map(|last| holding(last, around.today())).unwrap_or_default(),
        levels: findings.levels.iter().map(level).collect(),
        estimate: findings.estimate.clone(),
        notice: coverage.who_is_asked().filter(|_| findings.way == Way::ByName).map(str::to_owned),
    })
}

fn verified(check: &BenefitCheck, coverage: &Coverage, findings: &Findings, around: Around<'_>) -> String {
    let at = check.answered_at.unwrap_or(check.asked_at).with_timezone(&around.zone);
    let who = around.name(check.answered_by);
    let mut words = vec![format!("Verified {} by {who}.", at.format("%-d %B %Y, %-I:%M %P"))];
    words.push(match check.approved_at {
        Some(at) => {
            let at = at.with_timezone(&around.zone).format("%-d %B");
            format!("Approved {at} by {}.", around.name(check.approved_by))
        }
        None => "Nobody else looked it over yet.".into(),
    });
    words.push(format!("{}.", findings.way.words()));
    if let Some(asked) = coverage.who_is_asked() {
        words.push(format!("Asked of: {asked}."));
    }
    if let Some(method) = findings.method {
        words.push(format!("{}.", method.words()));
    }
    if !findings.representative.is_empty() {
        words.push(format!("Spoke with {}.", findings.representative));
    }
    if !findings.call_reference.is_empty() {
        words.push(format!("Reference {}.", findings.call_reference));
    }
    words.join(" ")
}

fn level(finding: &LevelFinding) -> Level {
    let fact = |label, words: String| {
        let missing = ["Not asked", "The plan did not say"].into_iter().find(|missing| *missing == words);
        Fact { label, value: missing.is_none().then_some(words), missing: missing.unwrap_or("Not asked") }
    };
    let mut facts = vec![
        fact("Network", finding.network.words().into()),
        fact("Deductible", finding.deductible.words()),
        fact("Met so far", finding.deductible_met.words()),
        fact("Most they pay in a year", finding.most.words()),
        fact("Paid of that so far", finding.most_met.words()),
        fact("Copay or coinsurance", finding.share.words()),
        fact("Limit on days", finding.days.words()),
        fact("Prior authorization", finding.prior_auth.words().into()),
    ];
    if !finding.prior_auth_phone.is_empty() {
        facts.push(fact("Phone for it", finding.prior_auth_phone.clone()));
    }
    Level { words: finding.level.words(), told: finding.told(), facts, notes: finding.notes.clone() }
}
