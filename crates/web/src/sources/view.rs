//! What the pages of referral sources show.

use askama::Template;
use foundation::Faults;
use intake::organization::contacts::WithNotes;
use intake::organization::counting::Group as Counted;
use intake::organization::finding::Wanted;
use intake::organization::{Organization, OrganizationId, Page as Read};
use intake::rules::source::{Came, Preferred, SourceKind, Told};

use crate::filters;
use crate::form::Typed;
use crate::look::{Fact, Field, Place, Problem};
use crate::page::{Page, Shell};

/// The choices of a field, as stored and as read.
pub(crate) type Choices = Vec<(&'static str, &'static str)>;

/// What an organization can be.
pub(crate) fn kinds_of_organizations() -> Choices {
    SourceKind::of_organizations().map(|kind| (kind.as_str(), kind.words())).collect()
}

fn ways() -> Choices {
    Preferred::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

/// A line of the list.
struct Line {
    id: OrganizationId,
    name: String,
    kind: &'static str,
    reached: String,
}

impl Line {
    fn of(one: Organization) -> Self {
        let reached = [one.phone, one.email].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Self { id: one.id, name: one.name, kind: one.kind.words(), reached }
    }
}

/// A group of the federal data set with the kinds in it.
struct Group {
    words: &'static str,
    told: Told,
    kinds: Vec<(&'static str, Told)>,
}

#[derive(Template)]
#[template(path = "pages/sources/list.html")]
pub(super) struct ListPage {
    query: String,
    kind: &'static str,
    ended: bool,
    /// Each with what came from it in the last twelve months.
    rows: Vec<(Line, Told)>,
    /// The query of the next page.
    older: Option<String>,
    groups: Vec<Group>,
    /// Whether the numbers are told as they are.
    exact: bool,
    change: bool,
}

impl ListPage {
    pub(super) fn new(
        wanted: &Wanted,
        found: Vec<(Organization, Came)>,
        on: Option<(String, OrganizationId)>,
        groups: Vec<Counted>,
        exact: bool,
        change: bool,
    ) -> Self {
        let kind = wanted.kind.map_or("", SourceKind::as_str);
        let older = on.map(|(name, id)| {
            let show = if wanted.ended { "ended" } else { "" };
            let after = format!("{id} {name}");
            let pairs = [("q", wanted.query.as_str()), ("kind", kind), ("show", show), ("after", &after)];
            serde_urlencoded::to_string(pairs).unwrap_or_default()
        });
        let group = |(group, came, kinds): Counted| Group {
            words: group.words(),
            told: came.told(exact),
            kinds: kinds
                .into_iter()
                // From a group and all of its kinds but one, that one could be reckoned.
                .filter(|(kind, _)| exact && kind.words() != group.words())
                .map(|(kind, came)| (kind.words(), came.told(exact)))
                .collect(),
        };
        Self {
            query: wanted.query.clone(),
            kind,
            ended: wanted.ended,
            rows: found.into_iter().map(|(one, came)| (Line::of(one), came.told(exact))).collect(),
            older,
            groups: groups.into_iter().map(group).collect(),
            exact,
            change,
        }
    }
}

impl ListPage {
    fn is_kind(&self, kind: &str) -> bool {
        self.kind == kind
    }
}

impl Page for ListPage {
    fn title(&self) -> String {
        "Where people come from".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
}

/// Those that read like the name being typed.
#[derive(Template)]
#[template(path = "pages/sources/alike.html")]
pub(super) struct Alike {
    found: Vec<Line>,
}

impl Alike {
    pub(super) fn of(found: Vec<Organization>) -> Self {
        Self { found: found.into_iter().map(Line::of).collect() }
    }
}

/// Every field: as it was sent, or as it is kept.
fn fields(
    names: &[&'static str],
    typed: &Typed,
    faults: &Faults,
    kept: impl Fn(&str) -> Option<String>,
) -> Vec<Field> {
    let sent = typed.all().next().is_some();
    let field = |name: &&'static str| {
        let field = Field::of(name, typed, faults);
        if sent { field } else { Field { value: kept(name).unwrap_or_default(), ..field } }
    };
    names.iter().map(field).collect()
}

fn field<'a>(fields: &'a [Field], name: &str) -> &'a Field {
    static NONE: Field = Field { name: "", value: String::new(), fault: None };
    fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
}

#[derive(Template)]
#[template(path = "pages/sources/organization_form.html")]
pub(super) struct OrganizationForm {
    id: Option<OrganizationId>,
    name: String,
    version: i32,
    alike: Alike,
    fields: Vec<Field>,
    problem: Problem,
}

impl OrganizationForm {
    pub(super) fn new(
        on: Option<(&Organization, Option<&str>)>,
        found: Vec<Organization>,
        typed: &Typed,
        faults: &Faults,
    ) -> Self {
        let kept = |name: &str| {
            let (one, notes) = on?;
            match name {
                "name" => Some(one.name.clone()),
                "kind" => Some(one.kind.to_string()),
                "address" => one.address.clone(),
                "phone" => one.phone.clone(),
                "email" => one.email.clone(),
                "preferred" => one.preferred.map(|way| way.to_string()),
                "notes" => notes.map(str::to_owned),
                _ => None,
            }
        };
        let names = ["name", "kind", "address", "phone", "email", "preferred", "notes", "another"];
        Self {
            fields: fields(&names, typed, faults, kept),
            problem: Problem::from(faults),
            id: on.map(|(one, _)| one.id),
            name: on.map(|(one, _)| one.name.clone()).unwrap_or_default(),
            version: on.map_or(0, |(one, _)| one.version),
            alike: Alike::of(found),
        }
    }

    fn field(&self, name: &str) -> &Field {
        field(&self.fields, name)
    }
}

impl Page for OrganizationForm {
    fn title(&self) -> String {
        "A referral source".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

#[derive(Template)]
#[template(path = "pages/sources/contact_form.html")]
pub(super) struct ContactForm {
    at: Organization,
    contact: Option<WithNotes>,
    fields: Vec<Field>,
    problem: Problem,
}

impl ContactForm {
    pub(super) fn new(at: &Organization, contact: Option<WithNotes>, typed: &Typed, faults: &Faults) -> Self {
        let kept = |name: &str| {
            let (one, notes) = contact.as_ref()?;
            match name {
                "name" => Some(one.name.clone()),
                "position" => one.position.clone(),
                "phone" => one.phone.clone(),
                "email" => one.email.clone(),
                "preferred" => one.preferred.map(|way| way.to_string()),
                "notes" => notes.clone(),
                _ => None,
            }
        };
        let names = ["name", "position", "phone", "email", "preferred", "notes"];
        Self {
            fields: fields(&names, typed, faults, kept),
            problem: Problem::from(faults),
            at: at.clone(),
            contact,
        }
    }

    fn field(&self, name: &str) -> &Field {
        field(&self.fields, name)
    }
}

impl Page for ContactForm {
    fn title(&self) -> String {
        "Whom to call at a referral source".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

#[derive(Template)]
#[template(path = "pages/sources/organization.html")]
pub(super) struct OrganizationPage {
    one: Organization,
    stands: String,
    facts: Vec<Fact>,
    notes: Option<String>,
    contacts: Vec<WithNotes>,
    ever: Told,
    year: Told,
    /// Of the last twelve months, by each who works there.
    by: Vec<(String, Told)>,
    exact: bool,
    change: bool,
    with: Field,
    problem: Problem,
}

impl OrganizationPage {
    pub(super) fn new(read: Read, exact: bool, change: bool, typed: &Typed, faults: &Faults) -> Self {
        let Read { organization: one, notes, contacts, came } = read;
        let fact = |label, value: Option<String>| Fact { label, value, missing: "Not written down" };
        let by = contacts
            .iter()
            .filter_map(|(who, _)| Some((who.name.clone(), came.by.get(&who.id)?.told(exact))));
        let stands =
            format!("{}.{}", one.kind.words(), if one.is_live() { "" } else { " Not in use any more." });
        Self {
            stands,
            facts: vec![
                fact("Phone", one.phone.clone()),
                fact("E-mail", one.email.clone()),
                fact("Address", one.address.clone()),
                fact("Likes to be reached", one.preferred.map(|way| way.words().to_owned())),
                fact("Counted for the state as", Some(one.kind.teds().words().to_owned())),
            ],
            ever: came.ever.told(exact),
            year: came.year.told(exact),
            by: by.collect(),
            exact,
            change,
            notes,
            contacts,
            with: Field::of("with", typed, faults),
            problem: Problem::from(faults),
            one,
        }
    }
}

impl Page for OrganizationPage {
    fn title(&self) -> String {
        "A referral source".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
