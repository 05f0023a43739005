//! What the check-in page shows, in its words.

use super::flags::{FlagLine, flag_lines};
use super::link::LinkSheet;
use super::told::{self, Past};
use crate::clients::head::Head;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Field, Place, Problem, Tab};
use crate::page::{Page, Shell};
use alumni::aftercare::{self, Aftercare, AftercarePage, EndReason, OpioidUse};
use alumni::check_in::{self, Attempt, Outcome, Talk, Way};
use alumni::rules::schedule::{State, Track};
use alumni::rules::worklist::in_care_words;
use askama::Template;
use consent::contact_point::Kind;
use consent::contact_rules::StillHolds;
use consent::gate::{self, Answer, Purpose};
use consent::rules::quiet_hours::WhyNow;
use consent::{Reaching, SafeContactCard};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Day, Error, Faults, Instant, Subject, Zone, day, may};

type Choice = (&'static str, &'static str);

/// A try.
struct Tried {
    when: String,
    words: String,
}

/// The page.
#[expect(clippy::struct_excessive_bools, reason = "one button or section each")]
#[derive(Template)]
#[template(path = "pages/alumni/check_ins.html")]
pub(super) struct CheckIns {
    head: Head,
    tabs: Vec<Tab>,
    /// Where each number has rules of its own; empty for who may not set them.
    each_number: String,
    card: SafeContactCard,
    /// Why no letter asks them how they are; `None` when one may.
    no_letter: Option<&'static str>,
    bold: String,
    rest: String,
    active: bool,
    paused: bool,
    /// How check-ins ended last, and who ended them.
    ended: Option<String>,
    /// Whether they can begin again: they ended, and the person lives and is not in care.
    may_begin: bool,
    /// Their numbers, when a wrong one must be told from another.
    numbers: Vec<(String, String)>,
    /// The only number, for the form of a try.
    number: String,
    /// What a call of today counts for.
    call_is_for: String,
    may_log: bool,
    may_change: bool,
    to_come: Vec<(String, &'static str)>,
    flags: Vec<FlagLine>,
    past: Vec<Past>,
    /// Questions of safety that the newest answers leave open.
    open: Vec<&'static str>,
    /// How the link in a letter opens.
    link: LinkSheet,
    may_set_word: bool,
    is_due: bool,
    tries: Vec<Tried>,
    /// Of the aftercare, for forms that change it.
    version: i32,
    yes_no: Vec<Choice>,
    track: &'static str,
    track_is: &'static str,
    custom_days: String,
    /// What is known of opioid use, in one word.
    opioids: &'static str,
    ways: Vec<Choice>,
    outcomes: Vec<Choice>,
    reasons: Vec<Choice>,
    fields: Vec<Field>,
    problem: Problem,
    logging: bool,
}

/// Every field of every form of the page: what was typed or chosen stands there again when something must be put right.
const FIELDS: [&str; 41] = [
    "because",
    "number",
    "again_track",
    "again_how",
    "link_word",
    "said_by",
    "letter",
    "way",
    "still_holds",
    "why_now",
    "outcome",
    "note",
    "paused_until",
    "custom_days",
    "reason",
    "opioid_use",
    "track",
    "safe_to_talk",
    "overall",
    "used",
    "used_opioids",
    "naloxone_at_hand",
    "danger_signs_now",
    "overdose",
    "urge",
    "confidence",
    "supportive_days",
    "activities",
    "risky_days",
    "medicines_as_planned",
    "medicine_gap_days",
    "next_dose_secured",
    "lost_housing",
    "lost_job",
    "changes",
    "violence",
    "thoughts",
    "last_commitment",
    "next_commitment",
    "would_help",
    "connections",
];

impl CheckIns {
    #[expect(clippy::too_many_lines, reason = "everything that stands on the page, in its order")]
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        head: Head,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let (reader, now) = (house.reader(), house.now());
        let zone = Center::load(reader).await?.zone;
        let page = aftercare::page(reader, me, head.id, now).await?;
        let past = told::past(house, me, head.id, page.as_ref(), zone).await?;
        let flags = flag_lines(house, me, head.id, &past, typed, faults).await?;
        let tries = check_in::attempts_of(reader, me, head.id, 10).await?;
        let access = alumni::link_word::load_access(reader, house.keyring(), me, head.id).await?;
        let talks = check_in::talks_of(reader, me, head.id, 10).await?;
        let last = aftercare::of(reader, me, head.id).await?.into_iter().next();
        let in_care = clients::episode::of(reader, head.id).await?;
        let in_care = in_care.into_iter().find(|stay| stay.discharged_on.is_none()).map(|s| s.admitted_on);
        let staff = Directory::of(house).await?;
        let ended = last.as_ref().and_then(|last| ended(last, &staff, zone));
        let reaching = Reaching::of(reader, head.id).await?;
        let (bold, rest) = stands(page.as_ref(), &head, in_care, ended.is_some());
        let alive = head.death.is_none();
        let no_letter = no_letter(house, &head, &reaching).await?;
        let sets = may(me, Act::SetSafeContact, &head.care) && may(me, Act::OpenClient, &head.care);
        let fields = FIELDS.iter().map(|name| Field::of(name, typed, faults));
        Ok(Self {
            tabs: head.tabs.clone(),
            card: card(&reaching, me, &head, now),
            no_letter,
            each_number: if sets { format!("/clients/{}/safe-contact", head.id) } else { String::new() },
            bold,
            rest,
            active: page.is_some(),
            may_begin: page.is_none() && last.is_some() && alive && in_care.is_none(),
            ended: ended.filter(|_| page.is_none()),
            number: reaching.number().map(|point| point.id.to_string()).unwrap_or_default(),
            numbers: numbers(&reaching, now),
            paused: page.as_ref().is_some_and(|p| p.aftercare.paused_until.is_some_and(|d| p.today < d)),
            call_is_for: page.as_ref().map_or_else(
                || "They are in no check-ins now: the call is written down all the same.".into(),
                call_is_for,
            ),
            may_log: may(me, Act::LogCheckIn, &head.care) && alive,
            may_change: may(me, Act::ChangeAftercare, &head.care) && alive,
            to_come: page.as_ref().map(to_come).unwrap_or_default(),
            flags,
            open: if head.death.is_some() { Vec::new() } else { told::still_open(&past) },
            link: LinkSheet::new(&access, |at| when(at, now, zone)),
            may_set_word: may(me, Act::SetLinkWord, &head.care),
            is_due: page.as_ref().is_some_and(|p| p.open().is_some()),
            past,
            tries: tried(&tries, &talks, now, zone),
            version: page.as_ref().map_or(0, |p| p.aftercare.version),
            yes_no: vec![
                ("yes", "Yes"),
                ("no", "No"),
                ("not_known", "Not known"),
                ("declined", "Rather not say"),
            ],
            track: page.as_ref().map_or("", |p| p.aftercare.track.as_str()),
            track_is: page.as_ref().map_or("", |p| p.aftercare.track.words()),
            custom_days: page.as_ref().map(own_days).unwrap_or_default(),
            opioids: page
                .as_ref()
                .and_then(|p| p.aftercare.opioid_use)
                .map_or("Not asked yet", OpioidUse::words),
            ways: Way::ALL.iter().map(|w| (w.as_str(), w.words())).collect(),
            outcomes: Outcome::ALL.iter().map(|o| (o.as_str(), o.words())).collect(),
            reasons: [EndReason::Wished, EndReason::Completed, EndReason::EnrolledByMistake]
                .map(|r| (r.as_str(), r.words()))
                .to_vec(),
            fields: fields.collect(),
            logging: typed.all().any(|(name, _)| name == "overall" || name == "next_commitment"),
            problem: Problem::from(faults),
            head,
        })
    }

    pub(super) fn care(&self) -> &Subject {
        &self.head.care
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

/// Why no letter asks them how they are; `None` when one may.
async fn no_letter(house: &House, head: &Head, reaching: &Reaching) -> Result<Option<&'static str>, Error> {
    let now = (house.now(), house.today(Center::of(house).await?.zone));
    let answer = gate::foresee_of(house.reader(), head.id, reaching, Purpose::CheckIn, now).await?;
    Ok((!matches!(answer, Answer::Allow | Answer::NotNow)).then(|| answer.words()))
}

/// Whoever calls sees first how this person may be reached.
fn card(reaching: &Reaching, me: &Actor, head: &Head, now: Instant) -> SafeContactCard {
    let my_name = me.staff().map_or("", |s| s.name.split(' ').next().unwrap_or_default());
    let card = reaching.card(&head.name, my_name, now);
    if head.needs.as_ref().is_some_and(|needs| needs.is_red) { card.in_danger(reaching, false) } else { card }
}

/// Which number was dialed, when there is more than one.
fn numbers(reaching: &Reaching, now: Instant) -> Vec<(String, String)> {
    let phones = reaching.points.iter().filter(|point| point.kind == Kind::Phone);
    let all: Vec<_> = phones.map(|one| (one.id.to_string(), reaching.written(one, now))).collect();
    if all.len() > 1 { all } else { Vec::new() }
}

/// "Ended Nov 20, 2026 by Ray Ortiz: asked for no more check-ins."
fn ended(last: &Aftercare, staff: &Directory, zone: Zone) -> Option<String> {
    let on = day(last.ended_at?, zone).format("%b %-d, %Y").to_string();
    let by =
        last.ended_by.and_then(|id| staff.name(id)).map(|name| format!(" by {name}")).unwrap_or_default();
    let why = last.end_reason.map(|reason| format!(": {}", reason.words())).unwrap_or_default();
    Some(format!("Ended {on}{by}{why}."))
}

pub(super) fn long(day: Day) -> String {
    day.format("%-d %B %Y").to_string()
}

fn stands(page: Option<&AftercarePage>, head: &Head, in_care: Option<Day>, ended: bool) -> (String, String) {
    if let Some(words) = &head.death {
        return (words.clone(), "Check-ins, letters and calls have stopped.".into());
    }
    if let Some(since) = in_care {
        return (in_care_words(since), "They begin anew at the discharge.".into());
    }
    let Some(page) = page else {
        let rest = if ended { "" } else { "They start by themselves when a stay ends." };
        return ("No check-ins now.".into(), rest.into());
    };
    let days = (page.today - page.aftercare.discharged_on).num_days();
    let bold = match (page.open(), page.aftercare.paused_until.filter(|until| page.today < *until)) {
        (_, Some(until)) => format!("Paused until {}, as they wished.", long(until)),
        (Some(due), None) if due.due_on < page.today => {
            format!("Check-in, day {}, was due on {}.", due.day, long(due.due_on))
        }
        (Some(due), None) => format!("Check-in, day {}, is due on {}.", due.day, long(due.due_on)),
        (None, None) => "Nothing is due.".into(),
    };
    let next = page.next().map(|p| format!(" The next one is on {}.", long(p.due_on))).unwrap_or_default();
    let closer =
        page.closer_until.map(|d| format!(" Followed more closely until {}.", long(d))).unwrap_or_default();
    (bold, format!("Day {days} since the stay ended, {} track.{next}{closer}", page.aftercare.track.words()))
}

fn call_is_for(page: &AftercarePage) -> String {
    page.open().map_or_else(
        || "No check-in is open: this counts as a talk besides the schedule.".into(),
        |due| format!("Counts for the check-in of day {}.", due.day),
    )
}

fn to_come(page: &AftercarePage) -> Vec<(String, &'static str)> {
    let coming = page.days.iter().filter(|(_, s)| matches!(s, State::ToCome | State::Due | State::Overdue));
    coming.take(5).map(|(p, s)| (format!("Day {}, {}", p.day, long(p.due_on)), s.words())).collect()
}

fn own_days(page: &AftercarePage) -> String {
    page.aftercare.custom_days.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The tries and the calls outside of aftercare, the newest first.
fn tried(tries: &[Attempt], talks: &[Talk], now: Instant, zone: Zone) -> Vec<Tried> {
    let words = |way: Way, outcome: Outcome| format!("{}: {}", way.words(), outcome.words());
    let mut all: Vec<(Instant, String)> = tries.iter().map(|t| (t.at, words(t.way, t.outcome))).collect();
    all.extend(talks.iter().map(|t| (t.at, words(t.way, t.outcome))));
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all.into_iter().take(10).map(|(at, words)| Tried { when: when(at, now, zone), words }).collect()
}

/// What may be said of opioid use.
pub(super) fn opioid_answers() -> Vec<Choice> {
    OpioidUse::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

/// The tracks one may choose.
pub(super) fn tracks() -> Vec<Choice> {
    Track::ALL.iter().map(|t| (t.as_str(), t.words())).collect()
}

/// The tracks that need no days of their own.
pub(super) fn tracks_of_the_house() -> Vec<Choice> {
    tracks().into_iter().filter(|(track, _)| *track != Track::Custom.as_str()).collect()
}

impl Page for CheckIns {
    fn title(&self) -> String {
        format!("Check-ins {}", self.head.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Alumni)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
