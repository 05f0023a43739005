//! What the pages of referrals to other providers show.

use askama::Template;
use clients::episode::LevelOfCare;
use foundation::{Act, Actor, Faults, Instant, Zone, may};
use intake::Request;
use intake::referral_out::due::Row;
use intake::referral_out::packet::{Line, Packet, Part};
use intake::referral_out::{Opened, Page as Read, ReferralOutId};
use intake::rules::referral::{Handoff, Known, Soon, State, WarmStep};

use crate::filters;
use crate::form::Typed;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tag};
use crate::page::{Page, Shell};
use crate::signed_paper::PaperForm;

/// The choices of a field, as stored and as read.
type Choices = Vec<(&'static str, &'static str)>;

fn soons() -> Choices {
    Soon::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

fn levels() -> Choices {
    LevelOfCare::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

fn knowns() -> Choices {
    Known::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

fn tag(state: State) -> Tag {
    let (tone, mark) = match state {
        State::Arrived => ("calm", "check"),
        State::NoShow => ("now", "crossed"),
        State::ReEngage | State::Offered => ("soon", "half"),
        State::Accepted | State::Scheduled => ("steady", "disc"),
        State::Declined | State::Ended => ("plain", "ring"),
    };
    Tag::new(tone, mark, state.words())
}

/// Somebody who was sent on, in the list.
pub(crate) struct Due {
    pub href: String,
    /// "Did she arrive at Harbor House?", without knowing who is a she.
    pub asks: String,
    pub name: String,
    pub state: Tag,
    pub at: String,
    pub tone: &'static str,
}

impl Due {
    pub(crate) fn of(row: &Row, now: Instant, zone: Zone) -> Self {
        let (due, tone) = match row.confirm_at {
            Some(at) if at <= now => (format!("since {}", when(at, now, zone)), "now"),
            Some(at) => (when(at, now, zone), "plain"),
            None => ("Asked twice, not known".into(), "plain"),
        };
        let name = clients::person::shown(&row.name);
        let asks = match row.state {
            State::NoShow => format!("Call them: they did not arrive at {}", row.organization),
            State::ReEngage => format!("Offer {} again, or another place", row.organization),
            _ => format!("Did they arrive at {}?", row.organization),
        };
        Self {
            href: format!("/inbox/{}/referrals/{}", row.reference, row.id),
            asks,
            name,
            state: tag(row.state),
            at: due,
            tone,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/referrals/due.html")]
pub(super) struct DuePage {
    bold: String,
    rest: String,
    rows: Vec<Due>,
}

impl DuePage {
    pub(super) fn new(rows: &[Row], now: Instant, zone: Zone) -> Self {
        let due = rows.iter().filter(|row| row.is_due(now)).count();
        let bold = match due {
            0 => "Nobody is to be asked after now.".to_owned(),
            1 => "One person is to be asked after now.".to_owned(),
            n => format!("{n} people are to be asked after now."),
        };
        let rest = match rows.len() {
            0 => "Nobody is on the way to another provider.".to_owned(),
            1 => "One is on the way to another provider.".to_owned(),
            n => format!("{n} are on the way to another provider."),
        };
        Self { bold, rest, rows: rows.iter().map(|row| Due::of(row, now, zone)).collect() }
    }
}

impl Page for DuePage {
    fn title(&self) -> String {
        "Sent on".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
}

/// A referral of a request, in its list.
struct Sent {
    id: ReferralOutId,
    to: String,
    state: Tag,
    when: String,
}

#[derive(Template)]
#[template(path = "pages/referrals/send_on.html")]
pub(super) struct SendOnPage {
    reference: String,
    name: String,
    open: bool,
    sent: Vec<Sent>,
    known: Vec<(Part, Vec<Line>)>,
    parts: Vec<String>,
    steps: Vec<String>,
    /// Whom they allowed us to tell, and until when.
    permissions: Vec<String>,
    providers: Vec<String>,
    refer: bool,
    /// Whether the form of a permission stands open, for those who may record one.
    permit: Option<bool>,
    fields: Vec<Field>,
    paper: PaperForm,
    problem: Problem,
}

const FIELDS: [&str; 9] =
    ["to", "need", "level", "soon", "because", "way", "provider", "signed_on", "expires_on"];

impl SendOnPage {
    pub(super) fn new(
        read: Read,
        me: &Actor,
        typed: &Typed,
        faults: &Faults,
        now: Instant,
        zone: Zone,
    ) -> Self {
        let subject = read.request.subject();
        let sent = |one: &Opened| Sent {
            id: one.referral.id,
            to: one.organization.clone(),
            state: tag(one.referral.state),
            when: when(one.referral.referred_at, now, zone),
        };
        let in_force = read.permissions.iter().map(|one| {
            let until = one.expires_on.map(|day| day.format(", until %-d %B %Y").to_string());
            format!("{}{}", one.recipient, until.unwrap_or_default())
        });
        let typed_any = typed.all().any(|(name, _)| name == "to");
        let every = || Part::ALL.iter().map(ToString::to_string).collect();
        let of_paper = ["provider", "signed_on", "expires_on"];
        let paper = PaperForm::of(typed, faults);
        Self {
            open: read.request.is_open(),
            sent: read.referrals.iter().map(sent).collect(),
            parts: if typed_any { typed.many("parts[]").map(str::to_owned).collect() } else { every() },
            steps: typed.many("steps[]").map(str::to_owned).collect(),
            permissions: in_force.collect(),
            refer: may(me, Act::ReferOut, &subject),
            permit: may(me, Act::RecordConsent, &subject)
                .then(|| paper.has_faults() || of_paper.iter().any(|name| faults.of(name).is_some())),
            paper,
            fields: FIELDS.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
            known: read.known,
            providers: read.providers,
            name: read.name,
            reference: read.request.reference,
        }
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }

    fn paper_href(&self) -> String {
        format!("/inbox/{}/referrals/permission/paper", self.reference)
    }

    fn tells(&self, part: &str) -> bool {
        self.parts.iter().any(|one| one == part)
    }

    fn took(&self, step: &str) -> bool {
        self.steps.iter().any(|one| one == step)
    }
}

impl Page for SendOnPage {
    fn title(&self) -> String {
        format!("Sent on {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

#[derive(Template)]
#[template(path = "pages/referrals/referral.html")]
pub(super) struct ReferralPage {
    reference: String,
    id: ReferralOutId,
    version: i32,
    name: String,
    to: String,
    state: Tag,
    stands: String,
    facts: Vec<Fact>,
    happened: Vec<(String, &'static str, String)>,
    steps: Vec<(WarmStep, bool)>,
    next: Choices,
    told: bool,
    packet: bool,
    follow: bool,
    fields: Vec<Field>,
    problem: Problem,
}

impl ReferralPage {
    #[expect(clippy::too_many_arguments, reason = "a page is made once, of all that is on it")]
    pub(super) fn new(
        request: Request,
        name: String,
        one: Opened,
        me: &Actor,
        typed: &Typed,
        faults: &Faults,
        now: Instant,
        zone: Zone,
    ) -> Self {
        let on = &one.referral;
        let subject = request.subject();
        let names = ["state", "appointment_at", "known", "words"];
        let stands = match (on.state, on.confirm_at) {
            (State::Arrived, _) => "They arrived.".to_owned(),
            (State::NoShow, _) => {
                "They did not arrive. Call them, ask the safety questions first.".to_owned()
            }
            (_, Some(at)) if at <= now => {
                format!("Ask now whether they arrived, since {}.", when(at, now, zone))
            }
            (_, Some(at)) => format!("Ask whether they arrived: {}.", when(at, now, zone)),
            (state, None) if state.is_open() => "Asked twice, and nobody knows.".to_owned(),
            _ => "Nobody asks after this any more.".to_owned(),
        };
        let happened = one.details.happened.iter();
        Self {
            id: on.id,
            version: on.version,
            state: tag(on.state),
            stands,
            facts: facts(&one, now, zone),
            happened: happened.map(|h| (when(h.at, now, zone), h.state.words(), h.words.clone())).collect(),
            steps: WarmStep::ALL.iter().map(|step| (*step, one.details.steps.contains(step))).collect(),
            next: on.state.next().iter().map(|state| (state.as_str(), state.words())).collect(),
            told: one.packet.is_some(),
            packet: one.packet.is_some() && may(me, Act::TellProvider, &subject),
            follow: on.state.is_open() && may(me, Act::FollowReferral, &subject),
            fields: names.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
            to: one.organization,
            reference: request.reference,
            name,
        }
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

fn facts(one: &Opened, now: Instant, zone: Zone) -> Vec<Fact> {
    let on = &one.referral;
    let fact = |label, value: Option<String>| Fact { label, value, missing: "Not said" };
    vec![
        fact("What they need there", Some(one.details.need.clone())),
        fact("Level of care", on.level.map(|level| level.words().to_owned())),
        fact("How soon", Some(on.soon.words().to_owned())),
        fact("Why so soon", Some(one.details.because.clone()).filter(|b| !b.is_empty())),
        fact("By which way", Some(on.way.words().to_owned())),
        fact("Appointment", on.appointment_at.map(|at| when(at, now, zone))),
        fact("Their number", one.phone.clone()),
        fact("Sent on", Some(when(on.referred_at, now, zone))),
    ]
}

impl Page for ReferralPage {
    fn title(&self) -> String {
        format!("Sent on {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

#[derive(Template)]
#[template(path = "pages/referrals/packet.html")]
pub(super) struct PacketPage {
    reference: String,
    id: ReferralOutId,
    at: String,
    packet: Packet,
}

impl PacketPage {
    pub(super) fn new(request: &Request, one: &Opened, packet: Packet, zone: Zone) -> Self {
        Self {
            reference: request.reference.clone(),
            id: one.referral.id,
            at: packet.at.with_timezone(&zone).format("%-d %B %Y, %-I:%M %P").to_string(),
            packet,
        }
    }
}

impl Page for PacketPage {
    // What prints says nothing in its title.
    fn title(&self) -> String {
        format!("Papers {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
}
