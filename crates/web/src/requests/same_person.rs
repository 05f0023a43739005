//! Who may be the same person: a piece of the page of a request and of the call sheet.

use askama::Template;
use foundation::center::Center;
use foundation::{Actor, Error, Instant, PersonId, Zone};
use intake::Request;
use intake::request::recognizing::KnownBy;
use intake::same_person::{Alike, Asked as Sought, Is, like};

use crate::filters;
use crate::house::House;
use crate::inbox::when;
use crate::look::Field;

/// Someone who was found, in the words of the page.
pub(crate) struct Line {
    pub name: String,
    pub href: String,
    /// What it leads to and how it stands.
    pub what: String,
    pub reasons: String,
    /// The reference of an open request, which can be merged.
    pub open: Option<String>,
    /// A client, who can be recognized.
    pub client: Option<PersonId>,
}

impl Line {
    pub(super) fn of(found: Alike, now: Instant, zone: Zone) -> Self {
        let reasons: Vec<String> = found.reasons.iter().map(intake::rules::likeness::Reason::words).collect();
        let client = if let Is::Client { id, .. } = found.is { Some(id) } else { None };
        let (href, what, open) = match found.is {
            Is::Client { id, reference } => (format!("/clients/{id}"), format!("Client {reference}"), None),
            Is::Request { reference, received_at, open, .. } => {
                let stands = if open { "open" } else { "closed" };
                let what = format!("Request {reference}, {stands}, from {}", when(received_at, now, zone));
                (format!("/inbox/{reference}"), what, Some(reference).filter(|_| open))
            }
        };
        Self { name: found.name, href, what, reasons: reasons.join(". "), open, client }
    }
}

#[derive(Template)]
#[template(path = "pages/inbox/same_person.html")]
pub(crate) struct SamePerson {
    pub lines: Vec<Line>,
    /// The request that can be merged with one of them.
    pub merge: Option<String>,
    /// The request in which a client can be recognized.
    pub recognize: Option<String>,
    pub known_by: Field,
}

impl SamePerson {
    fn ways() -> Vec<(&'static str, &'static str)> {
        KnownBy::ALL.iter().map(|way| (way.as_str(), way.words())).collect()
    }
}

/// Who may be the same as somebody of whom only this is known: what stands on a call sheet.
pub(crate) async fn like_what_was_said(
    house: &House,
    me: &Actor,
    said: impl Fn(&'static str) -> String,
    own: Option<&Request>,
) -> Result<SamePerson, Error> {
    let given = |names: &[&'static str]| -> Vec<String> {
        names.iter().map(|name| said(name)).filter(|text| !text.is_empty()).collect()
    };
    let mut people: Vec<_> = own.iter().flat_map(|r| [r.caller_id, r.prospective_id]).collect();
    people.dedup();
    let sought = Sought {
        names: given(&["name", "other_name"]),
        phones: given(&["phone"]),
        emails: given(&["email"]),
        but: own.map(|r| r.id),
        people,
    };
    let found = house.look(async |reader| like(reader, me, sought).await).await?;
    let (now, zone) = (house.now(), Center::of(house).await?.zone);
    Ok(SamePerson {
        lines: found.into_iter().map(|one| Line::of(one, now, zone)).collect(),
        merge: None,
        recognize: None,
        known_by: Field::default(),
    })
}
