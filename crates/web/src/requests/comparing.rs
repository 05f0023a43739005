//! What the page shows on which two requests are merged.

use askama::Template;
use foundation::center::Center;
use foundation::{Actor, Error, Faults, Instant, Zone};
use intake::request::merged::{Compared, Side as Read};
use intake::rules::merging::until;

use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tag};
use crate::page::{Page, Shell};

/// One of the two, as it is weighed.
struct Side {
    reference: String,
    name: String,
    small: String,
    urgency: Tag,
    facts: Vec<Fact>,
    chosen: bool,
}

/// Two requests side by side, and what merging them does.
#[derive(Template)]
#[template(path = "pages/inbox/merging.html")]
pub(super) struct ComparePage {
    /// The request whose page it is reached from, and the other one.
    reference: String,
    with: String,
    sides: Vec<Side>,
    urgency: &'static str,
    due: String,
    step: Option<String>,
    until: String,
    /// Whether what they said about how to reach them differs.
    otherwise: bool,
    survivor: Field,
    problem: Problem,
}

impl ComparePage {
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        compared: Compared,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let now = house.now();
        let [older, newer] = compared.sides;
        let (reference, with) = (older.request.reference.clone(), newer.request.reference.clone());
        // The original goes on, unless somebody chooses otherwise.
        let chosen = typed.given("survivor").unwrap_or(&reference).to_owned();
        let otherwise = older.card.ways != newer.card.ways;
        let side = |read, small: &str| Side::new(read, small, me, &chosen, now, zone);
        Ok(Self {
            sides: vec![side(older, "It came first"), side(newer, "It came later")],
            otherwise,
            reference,
            with,
            urgency: compared.with.urgency.words(),
            due: when(compared.with.due_at, now, zone),
            step: compared.with.step_at.map(|at| when(at, now, zone)),
            until: day(until(now), zone),
            survivor: Field::of("survivor", typed, faults),
            problem: Problem::from(faults),
        })
    }
}

/// A day as it stands on a button.
pub(super) fn day(at: Instant, zone: Zone) -> String {
    at.with_timezone(&zone).format("%-d %B").to_string()
}

impl Side {
    fn new(read: Read, small: &str, me: &Actor, chosen: &str, now: Instant, zone: Zone) -> Self {
        let r = &read.request;
        let owner = match (read.owner, r.owner_id) {
            (_, Some(id)) if Some(id) == me.staff_id() => "You".to_owned(),
            (Some(name), _) => name,
            _ => "Nobody yet".into(),
        };
        let promised = read.next_step.zip(r.next_step_at);
        let promised = promised
            .map_or_else(|| "Nothing".into(), |(what, at)| format!("{what}, {}", when(at, now, zone)));
        let last =
            read.last.map_or_else(String::new, |e| format!("{} {}, {}", e.who, e.did, when(e.at, now, zone)));
        let fact = |label, value: String| Fact::new(label, Some(value));
        Self {
            name: read.caller,
            small: small.to_owned(),
            urgency: Tag { tone: r.urgency.tone(), mark: r.urgency.mark(), words: r.urgency.words() },
            chosen: r.reference == chosen,
            facts: vec![
                fact("Received", when(r.received_at, now, zone)),
                fact("By", r.channel.words().into()),
                fact("Asked", r.for_whom.words().into()),
                fact("Owner", owner),
                fact("Call due", when(r.due_at, now, zone)),
                fact("Promised", promised),
                fact("Reaching them", read.card.say),
                fact("Last", last),
            ],
            reference: r.reference.clone(),
        }
    }
}

impl Page for ComparePage {
    fn title(&self) -> String {
        "Merge two requests".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

/// The question with which other request one is merged.
#[derive(Template)]
#[template(path = "pages/inbox/merging_with.html")]
pub(super) struct WhichPage {
    reference: String,
    with: Field,
    problem: Problem,
}

impl WhichPage {
    pub(super) fn new(reference: &str, with: &str, faults: &Faults) -> Self {
        let fault = faults.of("with").map(str::to_owned);
        Self {
            reference: reference.to_uppercase(),
            with: Field { name: "with", value: with.to_owned(), fault },
            problem: Problem::from(faults),
        }
    }
}

impl Page for WhichPage {
    fn title(&self) -> String {
        "Merge a request".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
