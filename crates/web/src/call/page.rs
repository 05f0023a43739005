//! What the call sheet shows: its fields, what the safety answers come to, and what was saved when.

use askama::Template;
use consent::contact_rules::StillHolds;
use consent::rules::contact::Permission;
use consent::{Reaching, SafeContactCard};
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, Role, StaffId, Zone};
use intake::Request;
use intake::appointments::offering::{self, Offer, said};
use intake::appointments::{self, Appointment};
use intake::call::sheet::{Asked, SUBSTANCES, Sheet, field_words};
use intake::call::{Call, CallId};
use intake::reasons;
use intake::request;
use intake::request::page::Page as Read;
use intake::rules::danger_hours::OutsideHours;
use intake::rules::reasons::Offered;
use intake::rules::triage::{Answer, Question, Substance, Triage};
use intake::rules::words::{Direction, Urgency};

use crate::appointments::view::Time;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::{Place, Problem};
use crate::page::{Page, Shell};
use crate::requests::danger_hours::DangerLine;
use crate::requests::same_person::{SamePerson, like_what_was_said};

use super::steps::{AROUND, HEALTH, steps};

/// Which sheet it is and how it was seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The sheet's own secret: sent twice, it is one call.
    pub submission: String,
    pub version: i32,
    /// How often this page has sent the sheet, see [`intake::call::saving::Seen`].
    pub turn: i32,
    /// The request it is about.
    pub about: Option<String>,
    /// This page's own secret, see [`intake::call::saving::Seen`].
    pub desk: String,
    /// The call, once it has begun.
    pub begun: Option<Begun>,
    /// Whether the phone system named the number of whoever rings.
    pub rang: bool,
    /// What was saved from another desk meanwhile.
    pub theirs: Option<Sheet>,
}

#[derive(Clone, Debug)]
pub(super) struct Begun {
    id: CallId,
    saved_at: Instant,
    began_at: Instant,
    parked: bool,
}

impl Seen {
    pub(super) fn of(call: &Call, request: &Request) -> Self {
        Self {
            submission: call.submission.clone(),
            version: call.version,
            about: Some(request.reference.clone()),
            begun: Some(Begun {
                id: call.id,
                saved_at: call.saved_at,
                began_at: call.began_at,
                parked: call.parked_at.is_some(),
            }),
            ..Self::default()
        }
    }
}

/// A secret for a page.
pub(super) fn new_desk(house: &House) -> String {
    house.chance().secret().reveal().to_owned()
}

/// The sheet that counts: what was sent, with the fields in which somebody chose what was saved from another desk.
pub(super) fn chosen(sent: &Sheet, kept: &Sheet, typed: &Typed) -> Sheet {
    sent.but_theirs(kept, |name| typed.text(&format!("use_{name}")) == "theirs")
}

/// What a request has told already, so that nobody asks it twice.
pub(super) fn from_request(read: &Read) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.set("direction", Direction::WeCalled.as_str());
    let named = |name: &str| if name == "Name not given" { String::new() } else { name.to_owned() };
    sheet.set("for_whom", read.request.for_whom.as_str());
    sheet.set("name", &named(&read.caller));
    if read.request.caller_id != read.request.prospective_id {
        sheet.set("other_name", &named(&read.prospective));
    }
    sheet.set("relationship", read.relationship.as_deref().unwrap_or_default());
    sheet.set("words", read.words.as_deref().unwrap_or_default());
    // What nobody may dial or write to is not put at hand; what was said long ago stands on the card until they ask.
    let may_be_called = read.reaching.rules_to_call().is_none_or(|rules| rules.call != Permission::Never);
    if let Some(phone) = read.reaching.phone().filter(|_| may_be_called && !read.card.stale) {
        sheet.set("phone", phone);
    }
    if let Some(email) = read.reaching.email().filter(|point| !point.is_refused()) {
        sheet.set("email", &email.value);
    }
    sheet
}

/// A field as the form's pieces need it.
pub(crate) struct Cell {
    pub name: String,
    pub value: String,
    pub fault: Option<String>,
}

impl Cell {
    pub(crate) fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

/// A field in which two desks differ.
struct Difference {
    name: String,
    words: String,
    theirs: String,
    ours: String,
    /// Nothing was typed here: what the other desk has is the better guess.
    is_theirs: bool,
}

#[derive(Template)]
#[template(path = "pages/call/sheet.html")]
pub(super) struct SheetPage {
    seen: Seen,
    sheet: Sheet,
    faults: Faults,
    problem: Problem,
    heading: String,
    saved: String,
    minutes: String,
    triage: Triage,
    urgency: Urgency,
    differences: Vec<Difference>,
    steps: Vec<(&'static str, &'static str, bool)>,
    colleagues: Vec<(StaffId, String)>,
    hours: Vec<(String, String)>,
    soonest: String,
    /// The next free times, to be offered.
    times: Vec<Time>,
    /// The time they have already.
    booked: Option<String>,
    /// What was chosen and is not among the free ones any more.
    gone: bool,
    same: SamePerson,
    /// What is safe, for a call about a request that is there: read before anyone dials.
    card: Option<SafeContactCard>,
    /// Danger and hours, where they stand against each other.
    danger_hours: Option<DangerLine>,
    /// Which colleagues are at the request as well.
    here: String,
    /// Whether the viewer may say how a request ended.
    may_close: bool,
    reasons: Offered,
}

impl SheetPage {
    fn open_words(&self) -> String {
        match self.triage.open.len() {
            1 => "1 safety question is not asked yet.".to_owned(),
            open => format!("{open} safety questions are not asked yet."),
        }
    }

    pub(super) async fn new(
        house: &House,
        me: &Actor,
        mut seen: Seen,
        sheet: Sheet,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let now = house.now();
        let staff = Directory::of(house).await?;
        if seen.desk.is_empty() {
            seen.desk = new_desk(house);
        }
        let own = match &seen.about {
            Some(reference) => Some(request::seen(house.reader(), me, reference).await?),
            None => None,
        };
        let (card, danger_hours) = match &own {
            Some(own) => {
                let (name, reaching) = reaching_of(house, own).await?;
                let reaching = reaching.with_number(own.caller_id, sheet.text("phone"), now);
                let line = DangerLine::of(own, &reaching, now, zone);
                let lifted = OutsideHours::lifts(own.outside_hours, own.urgency);
                let card = reaching.card(&name, first_name(me), now);
                let in_danger = own.urgency.is_pressing() && own.is_open();
                (Some(if in_danger { card.in_danger(&reaching, lifted) } else { card }), line)
            }
            None => (None, None),
        };
        let same = like_what_was_said(house, me, |name| sheet.text(name).to_owned(), own.as_ref()).await?;
        let triage = sheet.triage(now, zone);
        let (offers, booked) = times(house, own.as_ref(), now).await?;
        let times: Vec<Time> = offers.iter().map(|offer| Time::new(offer, now)).collect();
        let slot = sheet.text("slot");
        let clock = |at: Instant| at.with_timezone(&zone).format("%-I:%M:%S %P").to_string();
        Ok(Self {
            heading: heading(&sheet),
            saved: seen.begun.as_ref().map_or_else(String::new, |b| clock(b.saved_at)),
            minutes: seen.begun.as_ref().map_or_else(|| "0:00".into(), |b| lasted(b.began_at, now)),
            urgency: sheet.urgency(now, zone),
            differences: seen.theirs.as_ref().map(|theirs| differences(theirs, &sheet)).unwrap_or_default(),
            steps: steps(&sheet, &triage),
            colleagues: staff.working_as(&[Role::Intake, Role::FrontDesk, Role::Supervisor]),
            hours: (0..=24).map(|h: u8| (h.to_string(), consent::rules::contact::clock(h))).collect(),
            soonest: field_moment(now, zone),
            gone: !slot.is_empty() && times.iter().all(|time| time.value != slot),
            times,
            booked,
            same,
            card,
            danger_hours,
            here: seen
                .about
                .as_deref()
                .map_or_else(String::new, |about| house.presence().others(about, me.staff_id(), &staff)),
            reasons: reasons::of(house).await?.offered(),
            may_close: reach_of(me, Act::CloseRequest) != Reach::No,
            triage,
            seen,
            problem: Problem::from(faults),
            faults: faults.clone(),
            sheet,
        })
    }

    fn cell(&self, name: &str) -> Cell {
        Cell {
            name: name.to_owned(),
            value: self.sheet.text(name).to_owned(),
            fault: self.faults.of(name).map(str::to_owned),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a template hands over what it loops over by reference"
)]
impl SheetPage {
    /// A safety question with its answer, also one that was given in earlier words.
    fn question(&self, question: &Question) -> Cell {
        let cell = self.cell(&format!("q_{question}"));
        match self.sheet.answer(*question) {
            Answer::NotAsked => cell,
            answer => Cell { value: answer.as_str().to_owned(), ..cell },
        }
    }

    fn asked(&self, asked: &Asked) -> Cell {
        self.cell(&format!("a_{asked}"))
    }

    fn more(&self, asked: &Asked) -> Cell {
        self.cell(&format!("a_{asked}_more"))
    }

    fn used(&self, n: &usize, part: &str) -> Cell {
        self.cell(&format!("s{n}_{part}"))
    }

    /// Whether what is safe was said so long ago that it is asked again.
    fn asks_again(&self) -> bool {
        self.card.as_ref().is_some_and(|card| card.stale) || self.faults.of("still_holds").is_some()
    }

    /// Rows of the grid: what stands on it, and one free.
    fn uses(&self) -> Vec<usize> {
        let is_used =
            |n: &usize| ["kind", "amount", "days", "last"].iter().any(|p| !self.used(n, p).value.is_empty());
        let last = (1..=SUBSTANCES).rev().find(is_used).unwrap_or(0);
        (1..=(last + 1).clamp(2, SUBSTANCES)).collect()
    }
}

/// A substance, and when stopping is felt, what is dangerous, what the caller is told.
type Danger = (&'static str, (&'static str, &'static str, &'static str));

/// What can be dangerous about what people use, for the help beside the grid.
fn dangers() -> Vec<Danger> {
    Substance::ALL.iter().filter_map(|kind| Some((kind.words(), kind.danger()?))).collect()
}

/// How urgent a colleague may judge it.
fn judgeable() -> Vec<(&'static str, &'static str)> {
    Urgency::ALL.iter().filter(|u| **u != Urgency::NotAsked).map(|u| (u.as_str(), u.words())).collect()
}

/// Times offered on a call: as many as one reads aloud.
const TIMES: usize = 6;

/// The next free times, and the one they have already.
async fn times(
    house: &House,
    own: Option<&Request>,
    now: Instant,
) -> Result<(Vec<Offer>, Option<String>), Error> {
    house
        .look(async |reader| {
            let on = match own {
                Some(own) => appointments::newest(reader, own.id).await?.filter(Appointment::is_booked),
                None => None,
            };
            match on {
                Some(on) => Ok((Vec::new(), Some(said(on.starts_at, on.zone())))),
                None => Ok((offering::next(reader, now, TIMES).await?, None)),
            }
        })
        .await
}

/// What is safe to do and say, for a request that is there: read before anyone dials.
pub(crate) async fn card(house: &House, me: &Actor, own: &Request) -> Result<SafeContactCard, Error> {
    let (name, reaching) = reaching_of(house, own).await?;
    Ok(reaching.card(&name, first_name(me), house.now()))
}

async fn reaching_of(house: &House, own: &Request) -> Result<(String, Reaching), Error> {
    house
        .look(async |reader| {
            let name = clients::person::name_of(reader, own.caller_id).await?;
            Ok((name, Reaching::of(reader, own.caller_id).await?))
        })
        .await
}

fn first_name(me: &Actor) -> &str {
    me.staff().map_or("", |s| s.name.split(' ').next().unwrap_or_default())
}

fn heading(sheet: &Sheet) -> String {
    match sheet.text("name") {
        "" => "A call".into(),
        name => format!("Call with {name}"),
    }
}

fn lasted(from: Instant, to: Instant) -> String {
    let seconds = (to - from).num_seconds().max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn field_moment(at: Instant, zone: Zone) -> String {
    at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()
}

fn differences(theirs: &Sheet, ours: &Sheet) -> Vec<Difference> {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    let lines = theirs.differences(ours).map(|name| Difference {
        name: name.to_owned(),
        words: field_words(name),
        theirs: shown(theirs.text(name)),
        ours: shown(ours.text(name)),
        is_theirs: ours.text(name).is_empty(),
    });
    lines.collect()
}

impl Page for SheetPage {
    fn title(&self) -> String {
        "Call".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
