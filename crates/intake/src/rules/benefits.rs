//! Benefits checks as rules: the words of the field, where a check stands, how its clock stands, how long its answer
//! holds (domain reference 2.6 and 2.10). When it is due is `rules::due`'s to say.

pub mod amounts;
pub mod level;

use chrono::{Months, TimeDelta};
use foundation::{Day, Instant};

use super::clock::Clock;

foundation::words! {
    /// Kinds of plan.
    pub enum PlanKind {
        NotAsked = "not_asked", "Not asked yet",
        Hmo = "hmo", "HMO",
        Ppo = "ppo", "PPO",
        Epo = "epo", "EPO",
        Pos = "pos", "POS",
        Medicaid = "medicaid", "Medicaid managed care",
        Medicare = "medicare", "Medicare or Medicare Advantage",
        Tricare = "tricare", "TRICARE",
        Va = "va", "VA",
        Marketplace = "marketplace", "Marketplace",
        SelfFunded = "self_funded", "Self-funded by an employer (ERISA)",
        SelfPay = "self_pay", "No plan: they pay themselves",
        Unknown = "unknown", "Not known",
    }
}

foundation::words! {
    /// Who holds the plan, as the person is covered by it.
    pub enum Subscriber {
        NotAsked = "not_asked", "Not asked yet",
        Self_ = "self", "The person",
        Partner = "partner", "Their spouse or partner",
        Parent = "parent", "Their parent",
        Other = "other", "Someone else",
        Unknown = "unknown", "Not known",
    }
}

foundation::words! {
    /// Where a check stands.
    pub enum State {
        Asked = "asked", "Waiting",
        BeingChecked = "being_checked", "Being checked",
        Answered = "answered", "Verified, not approved yet",
        Approved = "approved", "Verified and approved",
        NotChecked = "not_checked", "Could not be checked",
    }
}

foundation::words! {
    /// Why a check came to nothing.
    pub enum WhyNot {
        NoPermission = "no_permission", "There is no written permission to ask by name",
        MissingFacts = "missing_facts", "Facts about the coverage are missing",
        NotFound = "not_found", "The plan does not know this member",
        Ended = "ended", "The coverage has ended",
        NotReached = "not_reached", "The plan could not be reached",
        NotTold = "not_told", "The plan would not say",
        NotWanted = "not_wanted", "The person does not want it",
    }
}

foundation::words! {
    /// By which way a plan was asked. Asking about substance use benefits for a named person is a disclosure and rests on
    /// written consent; the two other ways tell the plan nothing by us.
    pub enum Way {
        ByName = "by_name", "We asked the plan by name, about this care",
        General = "general", "A general eligibility check, with nothing about substance use",
        TheyCalled = "they_called", "The person called the plan, with us on the line",
        Nobody = "nobody", "No plan was asked",
    }
}

foundation::words! {
    /// By which means.
    pub enum Method {
        Phone = "phone", "Phone",
        Portal = "portal", "Portal of the plan",
        Transaction = "transaction", "Eligibility transaction (270/271)",
    }
}

foundation::words! {
    /// Whether the center is in the network of a plan.
    pub enum Network {
        NotAsked = "not_asked", "Not asked",
        In = "in", "In network",
        Out = "out", "Out of network",
        Unknown = "unknown", "The plan did not say",
    }
}

foundation::words! {
    /// Whether the plan must agree before care starts.
    pub enum PriorAuth {
        NotAsked = "not_asked", "Not asked",
        Yes = "yes", "Needed before care starts",
        No = "no", "Not needed",
        Unknown = "unknown", "The plan did not say",
    }
}

/// The facts that decide where a check stands.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub taken: bool,
    pub answered: bool,
    /// A second person looked it over.
    pub approved: bool,
    pub why_not: Option<WhyNot>,
}

/// Where a check stands.
pub fn state(facts: Facts) -> State {
    match facts {
        Facts { why_not: Some(_), .. } => State::NotChecked,
        Facts { approved: true, .. } => State::Approved,
        Facts { answered: true, .. } => State::Answered,
        Facts { taken: true, .. } => State::BeingChecked,
        _ => State::Asked,
    }
}

/// How the clock of a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// So much business time is left.
    Time(TimeDelta),
    /// It waits until the office works again.
    Waits(Instant),
    /// It is late since it was due.
    Late,
}

/// How much time is left at this moment, by the clock of the office.
pub fn left(now: Instant, due: Instant, office: &Clock<'_>) -> Left {
    if now >= due {
        return Left::Late;
    }
    match office.next(now) {
        Some(opens) if opens > now => Left::Waits(opens),
        _ => Left::Time(office.elapsed(now, due)),
    }
}

/// The last day on which an answer of this day may be relied on: plans are asked again every month.
pub fn valid_until(answered: Day) -> Day {
    answered.checked_add_months(Months::new(1)).unwrap_or(answered)
}

/// Days before the end on which someone should think of asking again.
pub const RUNS_OUT_WITHIN: i64 = 7;

/// How long an answer still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Yes,
    /// Its last day is near.
    RunsOut,
    /// Its last day is over.
    No,
}

/// How long an answer that is valid until `last` still holds on a day. It holds to the end of its last day.
pub fn holds(last: Day, today: Day) -> Holds {
    match (last - today).num_days() {
        days if days < 0 => Holds::No,
        days if days <= RUNS_OUT_WITHIN => Holds::RunsOut,
        _ => Holds::Yes,
    }
}

/// What is owed to someone who pays themselves (No Surprises Act, domain reference 2.6).
pub const GOOD_FAITH: &str = "Someone who pays without a plan gets a Good Faith Estimate in writing: within 1 business day \
    when care is scheduled 3 or more days ahead, within 3 business days when it is 10 or more days ahead or when they ask.";

#[cfg(test)]
mod tests;
