//! The three shells: staff, public, plain. Each takes rendered content and writes the rest of the page.

use askama::Template;
use foundation::staff::Session;
use foundation::{Act, Role};

use super::Place;
use crate::filters;
use crate::house::House;

/// The rail around staff pages.
#[derive(Template)]
#[template(path = "layout/staff.html")]
pub struct StaffLayout {
    title: String,
    content: String,
    place: Place,
    name: String,
    initials: String,
    roles: String,
    rail: Vec<RailWord>,
    may_call: bool,
    theme: Option<String>,
    demo: bool,
    ends_in: i64,
}

struct RailWord {
    place: Place,
    href: &'static str,
    icon: &'static str,
    words: &'static str,
}

const RAIL: [(Place, &str, &str, &str, Act); 5] = [
    (Place::MyDay, "/", "sunrise", "My day", Act::ViewMyDay),
    (Place::Inbox, "/inbox", "inbox", "Inbox", Act::ViewInbox),
    (Place::Clients, "/clients", "users", "Clients", Act::ViewClients),
    (Place::Admin, "/admin/audit", "shield-check", "Ledger", Act::ViewAudit),
    (Place::Admin, "/admin/staff", "settings", "Staff", Act::ManageStaff),
];

impl StaffLayout {
    /// Gathers what the rail shows: only words this person may use.
    pub(crate) async fn new(
        house: &House,
        title: String,
        content: String,
        place: Place,
        session: &Session,
        theme: Option<String>,
    ) -> Self {
        let actor = session.actor();
        let may = |act| foundation::acts::reach_of(&actor, act) != foundation::acts::Reach::No;
        let rail = RAIL
            .into_iter()
            .filter(|(.., act)| may(*act))
            .map(|(place, href, icon, words, _)| RailWord { place, href, icon, words })
            .collect();
        Self {
            title,
            content,
            place,
            name: session.staff.name.to_string(),
            initials: initials(&session.staff.name),
            roles: session.staff.roles.iter().map(|r: &Role| r.words()).collect::<Vec<_>>().join(", "),
            rail,
            may_call: may(Act::ReceiveRequest),
            theme,
            demo: house.ways().demo,
            ends_in: (session.ends_at - house.now()).num_seconds().max(0),
        }
    }
}

/// Initials for the square beside a name: first letters of the first and last word.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|w| w.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The column of public pages.
#[derive(Template)]
#[template(path = "layout/public.html")]
pub struct PublicLayout {
    pub title: String,
    pub content: String,
    pub name: String,
    pub leave: bool,
    pub theme: Option<String>,
}

/// A sheet on an empty desk.
#[derive(Template)]
#[template(path = "layout/plain.html")]
pub struct PlainLayout {
    pub title: String,
    pub content: String,
    pub theme: Option<String>,
    pub demo: bool,
}
