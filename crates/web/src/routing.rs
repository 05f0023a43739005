//! The rules by which requests are given, and who takes requests now.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::{Act, Actor, Faults, Instant, StaffId, Subject, Zone, may};
use intake::duty::{self, Duty};
use intake::routing::{self, Change};
use intake::rules::calendar::DAYS;
use intake::rules::routing::{LANGUAGES, Rule, RuleId, TypedRule};
use intake::rules::words::{Channel, ForWhom, Urgency};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::listing::changed;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    let change = Access::Staff(Act::ChangeSettings);
    Routes::default()
        .page("/admin/routing", Access::Staff(Act::ViewSettings), page)
        .act("/admin/routing", change, add)
        .act("/admin/routing/{rule}/removal", change, remove)
        .act("/admin/routing/{rule}/raising", change, raise)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let zone = Center::of(house).await?.zone;
    let (rules, version) = routing::rules(house.reader()).await?;
    let staff = duty::all(house.reader()).await?;
    let staff: Vec<_> = staff.into_iter().map(|(one, duty)| (one.id, one.name, duty)).collect();
    Ok(show(RoutingPage::new(me, (rules, version), &staff, house.now(), zone, typed, faults)))
}

async fn change(
    house: &House,
    me: &Actor,
    typed: &Typed,
    change: Result<Change, Faults>,
) -> Result<Response, Failure> {
    let faults = changed(typed, "name", change, async |version, change| {
        house.write(me, async |unit| routing::change(unit, version, change).await).await
    })
    .await?;
    if faults.0.is_empty() {
        return Ok(sent_on("/admin/routing", Said::RulesChanged, ""));
    }
    shown(house, me, typed, &faults).await
}

async fn add(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let rule = TypedRule {
        name: typed.text("name"),
        channel: typed.text("channel"),
        language: typed.text("language"),
        for_whom: typed.text("for_whom"),
        urgency: typed.text("urgency"),
        from: typed.text("hours_from"),
        until: typed.text("hours_until"),
        returning: typed.checked("returning"),
    };
    let of = |day: &str| DAYS.iter().position(|(short, _)| *short == day).and_then(|n| u8::try_from(n).ok());
    let days = typed.many("days[]").filter_map(of).collect();
    // Who left since the page was shown is in no group.
    let here: Vec<StaffId> = duty::all(house.reader()).await?.iter().map(|(one, _)| one.id).collect();
    let group =
        typed.many("group[]").filter_map(|id| id.parse().ok()).filter(|id| here.contains(id)).collect();
    let rule = Rule::parse(rule, days, group);
    change(&house, &me, &typed, rule.map(Change::Add)).await
}

async fn remove(
    State(house): State<House>,
    Me(me, _): Me,
    Path(rule): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let rule: RuleId = key(&rule)?;
    change(&house, &me, &typed, Ok(Change::Remove(rule))).await
}

async fn raise(
    State(house): State<House>,
    Me(me, _): Me,
    Path(rule): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let rule: RuleId = key(&rule)?;
    change(&house, &me, &typed, Ok(Change::Raise(rule))).await
}

/// A rule as the page shows it.
struct Line {
    id: RuleId,
    name: String,
    when: String,
    group: String,
    /// Who of them takes requests now.
    there: String,
    is_first: bool,
}

/// A colleague who can be in a group.
struct One {
    id: StaffId,
    name: String,
    duty: &'static str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "pages/admin/routing.html")]
struct RoutingPage {
    may_change: bool,
    version: i32,
    rules: Vec<Line>,
    staff: Vec<One>,
    days: Vec<(&'static str, &'static str, bool)>,
    name: Field,
    channel: Field,
    language: Field,
    for_whom: Field,
    urgency: Field,
    returning: Field,
    hours_from: Field,
    hours_until: Field,
    group: Field,
    problem: Problem,
}

impl RoutingPage {
    fn new(
        me: &Actor,
        (rules, version): (Vec<Rule>, i32),
        staff: &[(StaffId, String, Option<Duty>)],
        now: Instant,
        zone: Zone,
        typed: &Typed,
        faults: &Faults,
    ) -> Self {
        let there = |duty: &Option<Duty>| duty.as_ref().is_some_and(|duty| duty.is_on(now, zone));
        let names = |rule: &Rule, only: bool| {
            let of = staff.iter().filter(|(id, _, duty)| rule.group.contains(id) && (!only || there(duty)));
            of.map(|(_, name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let lines = rules.iter().enumerate().map(|(n, rule)| Line {
            id: rule.id,
            name: rule.name.clone(),
            when: rule.words(),
            group: names(rule, false),
            there: names(rule, true),
            is_first: n == 0,
        });
        let field = |name| Field::of(name, typed, faults);
        Self {
            may_change: may(me, Act::ChangeSettings, &Subject::center()),
            version,
            rules: lines.collect(),
            days: DAYS
                .iter()
                .map(|(short, words)| (*short, *words, typed.many("days[]").any(|day| day == *short)))
                .collect(),
            name: field("name"),
            channel: field("channel"),
            language: field("language"),
            for_whom: field("for_whom"),
            urgency: field("urgency"),
            returning: field("returning"),
            hours_from: field("hours_from"),
            hours_until: field("hours_until"),
            group: field("group"),
            problem: Problem::from(faults),
            staff: staff
                .iter()
                .map(|(id, name, duty)| One {
                    id: *id,
                    name: name.clone(),
                    duty: if there(duty) { "Takes requests now" } else { "Takes none now" },
                    chosen: typed.many("group[]").any(|chosen| chosen == id.to_string()),
                })
                .collect(),
        }
    }

    fn channels() -> Vec<(&'static str, &'static str)> {
        // Whoever is on the phone has somebody already.
        let others = Channel::ALL.iter().filter(|channel| **channel != Channel::Phone);
        others.map(|channel| (channel.as_str(), channel.words())).collect()
    }

    fn languages() -> [(&'static str, &'static str); 2] {
        LANGUAGES
    }

    fn whoms() -> Vec<(&'static str, &'static str)> {
        ForWhom::ALL.iter().map(|whom| (whom.as_str(), whom.words())).collect()
    }

    fn urgencies() -> Vec<(&'static str, &'static str)> {
        Urgency::ALL.iter().map(|urgency| (urgency.as_str(), urgency.words())).collect()
    }
}

impl Page for RoutingPage {
    fn title(&self) -> String {
        "Who gets requests".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
