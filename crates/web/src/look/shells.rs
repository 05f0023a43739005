//! The three shells: staff, public, plain. Each takes rendered content and writes the rest of the page.

use askama::Template;
use foundation::center::Center;
use foundation::staff::Session;
use foundation::{Act, Instant, Lang, PersonId, Role, Zone};

use super::Place;
use crate::filters;
use crate::house::House;

/// The rail around staff pages.
#[derive(Template)]
#[template(path = "layout/staff.html")]
pub struct StaffLayout {
    pub title: String,
    /// The rendered page: safe HTML.
    pub content: String,
    /// Which word of the rail is current.
    pub place: Place,
    pub name: String,
    pub initials: String,
    pub roles: String,
    pub rail: Vec<RailWord>,
    /// Whether this person may start a call.
    pub may_call: bool,
    /// `light`, `dark`, or as the system has it.
    pub theme: Option<String>,
    /// A sample center: a strip on every page says so.
    pub demo: bool,
    /// Seconds until the session ends for want of a person.
    pub ends_in: i64,
    /// Locked records that are open to this session for now.
    pub opened: Vec<Opened>,
    /// What just happened.
    pub toast: Option<Toast>,
}

/// A locked record that was opened with a reason.
pub struct Opened {
    pub person: PersonId,
    /// When it closes by itself, on the center's clock.
    pub until: String,
}

/// A word of the rail: a place, and how much waits there.
pub struct RailWord {
    pub place: Place,
    pub href: &'static str,
    pub icon: &'static str,
    pub words: &'static str,
    pub count: Option<u64>,
    /// Rooms behind the word, shown while one is in it.
    pub rooms: Vec<(&'static str, &'static str)>,
}

/// How much waits behind the words of the rail; `None` says nothing rather than a false 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct RailCounts {
    pub my_day: Option<u64>,
    pub inbox: Option<u64>,
    /// Benefits checks that nobody has taken.
    pub benefits: Option<u64>,
    pub alumni: Option<u64>,
    /// Messages that are held and want a person.
    pub mail: Option<u64>,
}

/// What just happened in one sentence, and how to take it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub sentence: String,
    /// The label and the address an undo is posted to.
    pub undo: Option<(String, String)>,
}

const RAIL: [(Place, &str, &str, &str, Act); 8] = [
    (Place::MyDay, "/", "sunrise", "My day", Act::ViewMyDay),
    (Place::Inbox, "/inbox", "inbox", "Inbox", Act::ViewInbox),
    (Place::Appointments, "/appointments", "calendar", "Appointments", Act::ViewAppointments),
    (Place::Benefits, "/benefits", "shield-check", "Benefits", Act::ViewBenefits),
    (Place::Clients, "/clients", "users", "Clients", Act::ViewClients),
    (Place::Alumni, "/alumni", "heart-handshake", "Alumni", Act::ViewAlumni),
    (Place::Mail, "/mail", "mail", "Mail", Act::ViewMail),
    (Place::Dashboards, "/dashboards/today", "chart-column", "Dashboards", Act::ViewDashboards),
];
/// The rooms of administration, each with its own permission.
const ADMIN: [(&str, &str, Act); 17] = [
    ("/admin/staff", "Staff", Act::ManageStaff),
    ("/admin/settings", "The center", Act::ViewSettings),
    ("/admin/sites", "Sites", Act::ViewSettings),
    ("/admin/hours", "Hours and targets", Act::ViewSettings),
    ("/admin/on-call", "On call", Act::ViewSettings),
    ("/admin/form", "What the form asks", Act::ViewSettings),
    ("/admin/channels", "How requests arrive", Act::ViewSettings),
    ("/admin/health", "Health", Act::ViewHealth),
    ("/admin/routing", "Who gets requests", Act::ViewSettings),
    ("/admin/escalation", "Before it is late", Act::ViewSettings),
    ("/admin/reasons", "Why a request ends", Act::ViewSettings),
    ("/admin/tags", "Tags", Act::ViewSettings),
    ("/admin/import", "Old inquiries", Act::ImportRequests),
    ("/admin/audit", "Ledger", Act::ViewAudit),
    ("/admin/break-glass", "Opened records", Act::ViewBreakGlass),
    ("/admin/contact-overrides", "Calls against rules", Act::ViewContactOverrides),
    ("/admin/confidential", "Confidential", Act::OverseeConfidential),
];

/// The words of the rail for someone: only what they may use.
pub fn rail(may: impl Fn(Act) -> bool) -> Vec<RailWord> {
    let word =
        |(place, href, icon, words, _)| RailWord { place, href, icon, words, count: None, rooms: vec![] };
    let mut rail: Vec<RailWord> = RAIL.into_iter().filter(|(.., act)| may(*act)).map(word).collect();
    let rooms: Vec<_> =
        ADMIN.into_iter().filter(|(.., act)| may(*act)).map(|(href, words, _)| (href, words)).collect();
    if let Some((href, _)) = rooms.first().copied() {
        rail.push(RailWord {
            place: Place::Admin,
            href,
            icon: "settings",
            words: "Admin",
            count: None,
            rooms,
        });
    }
    rail
}

/// Most sessions have nothing open, and ask nothing.
async fn opened(house: &House, session: &Session) -> Vec<Opened> {
    if session.staff.opened.is_empty() {
        return Vec::new();
    }
    let zone = Center::of(house).await.map_or(Zone::UTC, |center| center.zone);
    let until = |at: Instant| at.with_timezone(&zone).format("%-I:%M %P").to_string();
    session.staff.opened.iter().map(|w| Opened { person: w.person, until: until(w.ends_at) }).collect()
}

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
        Self {
            title,
            content,
            place,
            name: session.staff.name.to_string(),
            initials: initials(&session.staff.name),
            roles: session.staff.roles.iter().map(|r: &Role| r.words()).collect::<Vec<_>>().join(", "),
            rail: rail(may),
            may_call: may(Act::ReceiveRequest),
            theme,
            demo: house.ways().demo,
            ends_in: (session.ends_after(house.now()) - house.now()).num_seconds().max(0),
            opened: opened(house, session).await,
            toast: None,
        }
    }

    /// With what waits behind the words.
    #[must_use]
    pub fn counting(mut self, counts: RailCounts) -> Self {
        for word in &mut self.rail {
            word.count = match word.place {
                Place::MyDay => counts.my_day,
                Place::Inbox => counts.inbox,
                Place::Benefits => counts.benefits,
                Place::Alumni => counts.alumni,
                Place::Mail => counts.mail,
                _ => None,
            };
        }
        self
    }

    /// With what just happened.
    #[must_use]
    pub fn saying(mut self, toast: Option<Toast>) -> Self {
        self.toast = toast;
        self
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
    pub lang: Lang,
    /// Where whoever chooses another language here goes on.
    pub chooses: Option<&'static str>,
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
