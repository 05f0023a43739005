//! The head of every part of a record: whose it is, and the way to the other parts one may open.

use clients::client;
use clients::person::DeathSource;
use consent::contact_rules::{Caution, cautions_of};
use foundation::{Act, Actor, Day, Error, PersonId, Subject, may};

use crate::alerts::Needs;
use crate::house::House;
use crate::look::Tab;

/// The parts of a record that have a page of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Record,
    Said,
    Connections,
    CheckIns,
    Plan,
}

const PARTS: [(Part, &str, &str, Act); 5] = [
    (Part::Record, "", "Record", Act::OpenClient),
    (Part::Said, "/what-they-said", "What they said", Act::OpenClient),
    (Part::Connections, "/connections", "Connections", Act::OpenConnections),
    (Part::CheckIns, "/check-ins", "Check-ins", Act::OpenCheckIns),
    (Part::Plan, "/plan", "Plan", Act::OpenPlan),
];

/// Whose record it is.
pub(crate) struct Head {
    pub(crate) id: PersonId,
    pub(crate) name: String,
    pub(crate) reference: String,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) care: Subject,
    /// What to mind before reaching them.
    pub(crate) caution: Caution,
    /// That they need a call now or today.
    pub(crate) needs: Option<Needs>,
    /// What every part of the record says first of somebody who died.
    pub(crate) death: Option<String>,
}

impl Head {
    /// The head of a record `me` may open, with `current` marked; [`Error::NotFound`] otherwise.
    pub(crate) async fn of(house: &House, me: &Actor, id: PersonId, current: Part) -> Result<Self, Error> {
        let page = client::page(house.reader(), me, id).await?;
        let caution = cautions_of(house.reader(), [id]).await?.remove(&id).unwrap_or_default();
        let needs = Needs::load(house.reader(), me, &page.subject).await?;
        Ok(Self { caution, needs, ..Self::with(me, &page, current) })
    }

    /// The same from a page that was asked for already, and that shows the whole card.
    pub(crate) fn with(me: &Actor, page: &client::Page, current: Part) -> Self {
        let id = page.person.id;
        let open = PARTS.into_iter().filter(|(.., act)| may(me, *act, &page.subject));
        Self {
            id,
            name: clients::person::shown(&page.person.name_used),
            reference: page.client.reference.clone(),
            tabs: open
                .map(|(part, path, words, _)| Tab {
                    href: format!("/clients/{id}{path}"),
                    words,
                    current: part == current,
                })
                .collect(),
            care: page.subject.clone(),
            caution: Caution::default(),
            needs: None,
            death: page.person.died_at.map(|_| died_words(page.person.died_on)),
        }
    }
}

/// "Died on Nov 28, 2026." or that the day is not known.
pub(crate) fn died_words(on: Option<Day>) -> String {
    on.map_or_else(
        || "This person died. The day is not known.".to_owned(),
        |day| format!("This person died on {}.", day.format("%b %-d, %Y")),
    )
}

/// Who may have told us of a death.
pub(crate) fn death_sources() -> Vec<(&'static str, &'static str)> {
    DeathSource::choices().map(|one| (one.as_str(), one.words())).collect()
}
