//! The form of one tie: from what was chosen to facts, and from a tie to what the form shows.

use alumni::connection::{Facts, Known, MetAt, ReportedBy};
use alumni::connections::Line;
use alumni::rules::connection::{Category, Contact, Kind, Stance, SubCode, Tie, UseStatus};
use foundation::{Day, Faults, read_day};

use crate::form::Typed;
use crate::look::Field;

/// The fields, as they are named in the form.
const FIELDS: [&str; 17] = [
    "label",
    "category",
    "sub_code",
    "kind",
    "nearness",
    "contact",
    "tie",
    "stance",
    "use_status",
    "reach_any_time",
    "phone",
    "has_current_phone",
    "how_met",
    "since_on",
    "last_contact_on",
    "note",
    "may_be_printed",
];

/// What was typed, over what was known before where the form does not ask.
pub(super) fn read(typed: &Typed, before: Option<&Line>) -> Result<Facts, Faults> {
    let mut faults = Faults::default();
    let category = Category::parse(typed.text("category"));
    if category.is_none() {
        faults.add("category", "Choose the kind of connection");
    }
    let kind = Kind::parse(typed.text("kind"));
    if kind.is_none() {
        faults.add("kind", "Choose what it is: a person, a group, a place, a professional");
    }
    let since_on = day(typed, "since_on", &mut faults);
    let last_contact_on = day(typed, "last_contact_on", &mut faults);
    let facts = Facts {
        label: typed.text("label").to_owned(),
        note: typed.given("note").map(str::to_owned),
        phone: typed.given("phone").map(str::to_owned),
        category: category.unwrap_or(Category::FriendsFamily),
        sub_code: typed.given("sub_code").map(str::to_owned),
        kind: kind.unwrap_or(Kind::Person),
        use_status: UseStatus::parse(typed.text("use_status")).unwrap_or(UseStatus::NotAsked),
        stance: Stance::parse(typed.text("stance")).unwrap_or(Stance::NotAsked),
        contact: Contact::parse(typed.text("contact")).unwrap_or(Contact::NotAsked),
        tie: Tie::parse(typed.text("tie")).unwrap_or(Tie::Steady),
        nearness: typed.text("nearness").parse().unwrap_or(2),
        reach_any_time: Known::parse(typed.text("reach_any_time")).unwrap_or(Known::NotAsked),
        has_current_phone: Known::parse(typed.text("has_current_phone")).unwrap_or(Known::NotAsked),
        how_met: MetAt::parse(typed.text("how_met")),
        reported_by: before.map_or(ReportedBy::Alum, |line| line.row.reported_by),
        since_on,
        last_contact_on,
        may_be_printed: typed.checked("may_be_printed"),
        linked_person_id: before.and_then(|line| line.row.linked_person_id),
    };
    faults.or(|| facts)
}

fn day(typed: &Typed, field: &'static str, faults: &mut Faults) -> Option<Day> {
    let text = typed.given(field)?;
    let read = read_day(text);
    if read.is_none() {
        faults.add(field, "Enter a day, like 2026-03-02");
    }
    read
}

/// The fields of the form: what was typed, else what is kept, else nothing.
pub(super) fn fields(kept: Option<&Line>, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let sent = typed.all().any(|(name, _)| name == "label");
    FIELDS
        .iter()
        .map(|name| {
            let field = Field::of(name, typed, faults);
            match kept {
                Some(line) if !sent => Field { value: value(line, name), ..field },
                _ => field,
            }
        })
        .collect()
}

fn value(line: &Line, field: &str) -> String {
    let row = &line.row;
    match field {
        "label" => line.label.clone(),
        "phone" => line.phone.clone().unwrap_or_default(),
        "note" => line.note.clone().unwrap_or_default(),
        "category" => row.category.as_str().into(),
        "sub_code" => row.sub_code.clone().unwrap_or_default(),
        "kind" => row.kind.as_str().into(),
        "use_status" => row.use_status.as_str().into(),
        "stance" => row.stance.as_str().into(),
        "contact" => row.contact.as_str().into(),
        "tie" => row.tie.as_str().into(),
        "nearness" => row.nearness.to_string(),
        "reach_any_time" => row.reach_any_time.as_str().into(),
        "has_current_phone" => row.has_current_phone.as_str().into(),
        "how_met" => row.how_met.map_or(String::new(), |met| met.as_str().into()),
        "since_on" => row.since_on.map_or(String::new(), |d| d.to_string()),
        "last_contact_on" => row.last_contact_on.map_or(String::new(), |d| d.to_string()),
        "may_be_printed" if row.may_be_printed => "yes".into(),
        _ => String::new(),
    }
}

/// A choice of the form: its value and its words.
pub(super) type Choice = (&'static str, &'static str);

/// The choices of every list of the form.
pub(super) struct Choices {
    pub(super) categories: Vec<Choice>,
    pub(super) sub_codes: Vec<Choice>,
    pub(super) kinds: Vec<Choice>,
    pub(super) contacts: Vec<Choice>,
    pub(super) ties: Vec<Choice>,
    pub(super) stances: Vec<Choice>,
    pub(super) uses: Vec<Choice>,
    pub(super) known: Vec<Choice>,
    pub(super) met: Vec<Choice>,
    pub(super) nearness: Vec<Choice>,
}

impl Choices {
    pub(super) fn new() -> Self {
        Self {
            categories: Category::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            sub_codes: SubCode::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            kinds: Kind::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            contacts: Contact::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            ties: Tie::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            stances: Stance::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            uses: UseStatus::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            known: Known::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            met: MetAt::ALL.iter().map(|c| (c.as_str(), c.words())).collect(),
            nearness: vec![("3", "closest"), ("2", "close"), ("1", "less close")],
        }
    }
}
