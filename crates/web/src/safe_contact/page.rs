//! The page of how one person may be reached: a form for each number, and one for the manner.

use askama::Template;
use consent::contact_point::{ContactPoint, ContactPointId, Kind, OwnRules};
use consent::contact_rules::Risk;
use consent::rules::contact::SaidBy;
use consent::{ContactRules, Reaching};
use foundation::{Error, Faults, Instant};

use super::About;
use crate::call::Cell;
use crate::clients::{hours_to_choose, value_words};
use crate::differing::{Differs, differing};
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::{Place, Problem};
use crate::page::{Page, Shell};

/// The fields of the form for one number, and of the manner of calling.
const PARTS: [(&str, &str); 6] = [
    ("may_use", "May we use it?"),
    ("voicemail", "Voicemail here"),
    ("answering", "If someone else answers here"),
    ("from", "Best hours from"),
    ("until", "Best hours until"),
    ("days", "Monday to Friday only"),
];
const MANNER: [(&str, &str); 4] = [
    ("ask_for", "Ask for"),
    ("identify_as", "We say we are"),
    ("code_word", "Code word"),
    ("risks[]", "Who else may read or listen"),
];

/// One number or address, with its form.
struct Point {
    id: ContactPointId,
    /// As it may be shown: what was said long ago is asked again before anyone dials.
    value: String,
    is_phone: bool,
    /// When it was said, for whoever saves after a colleague.
    said_at: String,
    own: OwnRules,
}

impl Point {
    fn asks(&self) -> &'static str {
        if self.is_phone { "May we call here?" } else { "May we write here?" }
    }
}

#[derive(Template)]
#[template(path = "pages/clients/safe_contact.html")]
pub(super) struct SafeContact {
    back: String,
    name: String,
    points: Vec<Point>,
    rules_version: String,
    rules: Option<ContactRules>,
    hours: Vec<(String, String)>,
    typed: Typed,
    faults: Faults,
    problem: Problem,
    place: Place,
}

impl SafeContact {
    pub(super) async fn new(
        house: &House,
        about: &About,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let (name, reaching) = house
            .look(async |reader| {
                let name = clients::person::name_of(reader, about.person).await?;
                Ok((name, Reaching::of(reader, about.person).await?))
            })
            .await?;
        Ok(Self {
            back: about.back.clone(),
            name: clients::person::shown(&name),
            points: reaching.points.iter().map(|one| point(one, &reaching, house.now())).collect(),
            rules_version: reaching.rules.as_ref().map_or(0, |rules| rules.version).to_string(),
            rules: reaching.rules,
            hours: hours_to_choose(),
            typed: typed.clone(),
            faults: faults.clone(),
            problem: Problem::from(faults),
            place: about.place,
        })
    }

    /// A field of the form for one number: what was typed, else what is known.
    fn at(&self, point: &Point, part: &str) -> Cell {
        let name = format!("{}_{part}", point.id);
        let value =
            if self.is_sent(point) { self.typed.text(&name).to_owned() } else { kept(&point.own, part) };
        Cell { fault: self.faults.of(&name).map(str::to_owned), name, value }
    }

    /// Whether the form of this number was sent, and is shown again.
    fn is_sent(&self, point: &Point) -> bool {
        let mine = format!("{}_", point.id);
        self.typed.all().any(|(name, _)| name.starts_with(&mine))
    }

    /// A field of the manner of calling.
    fn cell(&self, name: &str) -> Cell {
        let value = if self.sent_manner() { self.typed.text(name).to_owned() } else { self.of_manner(name) };
        Cell { name: name.to_owned(), value, fault: self.faults.of(name).map(str::to_owned) }
    }

    /// What is kept of the manner.
    fn of_manner(&self, name: &str) -> String {
        let of = |rules: &ContactRules| match name {
            "ask_for" => rules.ask_for.clone(),
            "identify_as" => rules.identify_as.clone(),
            "risks[]" => Some(rules.risks.0.iter().map(|risk| risk.as_str()).collect::<Vec<_>>().join(",")),
            _ => rules.code_word.clone(),
        };
        self.rules.as_ref().and_then(of).unwrap_or_default()
    }

    /// What a colleague wrote down of a number meanwhile, at the form that was sent.
    fn theirs_at(&self, point: &Point) -> Option<Vec<Differs>> {
        if self.faults.of("stale").is_none() || !self.is_sent(point) {
            return None;
        }
        let parts = PARTS.iter().filter(|(part, _)| point.is_phone || *part == "may_use");
        let now = parts.map(|(part, label)| (format!("{}_{part}", point.id), *label, kept(&point.own, part)));
        Some(differing(&self.typed, now, |name, value| {
            match name.rsplit_once('_').map_or(name, |(_, part)| part) {
                // The same words as on the form.
                _ if value == "not_asked" => "As for all".to_owned(),
                "use" => value_words("call", value),
                "from" | "until" => value_words("call_from", value),
                "days" => value_words("call_days", value),
                part => value_words(part, value),
            }
        }))
    }

    /// The same of the manner of calling.
    fn theirs_of_manner(&self) -> Option<Vec<Differs>> {
        if self.faults.of("stale").is_none() || !self.sent_manner() {
            return None;
        }
        let now = MANNER.iter().map(|(name, label)| ((*name).to_owned(), *label, self.of_manner(name)));
        Some(differing(&self.typed, now, value_words))
    }

    /// Whether they asked not to be contacted.
    fn refuses_all(&self) -> bool {
        self.rules.as_ref().is_some_and(|rules| rules.do_not_contact_at.is_some())
    }

    /// How they themselves can say that they want to be contacted again.
    fn own_words() -> Vec<(&'static str, &'static str)> {
        [SaidBy::Voice, SaidBy::Mail].map(|by| (by.as_str(), by.words())).to_vec()
    }

    fn sent_manner(&self) -> bool {
        !self.typed.text("rules_version").is_empty()
    }

    fn has_risk(&self, risk: Risk) -> bool {
        if self.sent_manner() {
            return self.typed.many("risks[]").any(|typed| typed == risk.as_str());
        }
        self.rules.as_ref().is_some_and(|rules| rules.risks.0.contains(&risk))
    }
}

fn point(one: &ContactPoint, reaching: &Reaching, now: Instant) -> Point {
    Point {
        id: one.id,
        is_phone: one.kind == Kind::Phone,
        said_at: one.own_rules.as_ref().map(|own| own.said_at.to_rfc3339()).unwrap_or_default(),
        value: reaching.written(one, now),
        own: one.own_rules.clone().unwrap_or_else(|| OwnRules::asked_at(now)),
    }
}

/// What stands in a field before anything is typed.
fn kept(own: &OwnRules, part: &str) -> String {
    match (part, own.hours) {
        ("may_use", _) => own.may_use.as_str().to_owned(),
        ("voicemail", _) => own.voicemail.as_str().to_owned(),
        ("answering", _) => own.answering.as_str().to_owned(),
        ("from", Some(hours)) => hours.from.to_string(),
        ("until", Some(hours)) => hours.until.to_string(),
        ("days", Some(hours)) if hours.weekdays_only => "yes".to_owned(),
        _ => String::new(),
    }
}

impl Page for SafeContact {
    fn title(&self) -> String {
        format!("How to reach {}", self.name)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(self.place)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
