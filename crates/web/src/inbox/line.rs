//! A row of the inbox in the words of the page.

use clients::rules::tags::Tags;
use consent::rules::contact::{Permission, Voicemail};
use foundation::{Instant, Lang, StaffId, Zone};
use intake::clocks::Clocks;
use intake::inbox::Row;
use intake::rules::countdown::{Countdown, awaited};
use intake::rules::danger_hours::OutsideHours;
use intake::rules::standing::{Group, long};
use intake::rules::words::{Channel, ForWhom};

use crate::look::Tag;

/// A row as the page shows it.
pub struct Line {
    pub reference: String,
    /// When it came in, for programs and as people say it.
    pub received: String,
    pub came: String,
    pub name: String,
    pub about: String,
    /// Only a few know of it, of whom the viewer is one.
    pub confidential: bool,
    /// The center's words on it.
    pub tags: Vec<String>,
    pub urgency: Tag,
    pub channel: &'static str,
    pub icon: &'static str,
    pub safe: Tag,
    pub due: String,
    pub due_tone: &'static str,
    pub age: String,
    pub owner: String,
    pub initials: String,
    pub who: &'static str,
    /// Which colleagues look at it now.
    pub here: String,
}

/// By what a row is told: to whom, at which moment, by which clocks.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    pub me: Option<StaffId>,
    pub now: Instant,
    pub zone: Zone,
    pub clocks: &'a Clocks,
    pub tags: &'a Tags,
}

impl Line {
    /// A row in the words of the page.
    pub fn new(row: Row, told: Told<'_>) -> Self {
        let (me, group) = (told.me, row.group());
        let (due, due_tone) = due(&row, group, told);
        let (owner, who) = match (&row.owner, row.owner_id) {
            (_, Some(id)) if Some(id) == me => ("You".to_owned(), "who-me"),
            (Some(name), _) => (name.clone(), ""),
            _ => ("Nobody yet".into(), "who-none"),
        };
        let initials = row.owner.as_deref().map_or_else(|| "–".into(), crate::look::initials);
        Self {
            received: row.received_at.to_rfc3339(),
            came: when(row.received_at, told.now, told.zone),
            name: clients::person::shown(&row.name),
            about: about(&row),
            confidential: row.confidential,
            tags: tags(&row, told.tags),
            urgency: Tag { tone: row.urgency.tone(), mark: row.urgency.mark(), words: row.urgency.words() },
            channel: row.channel.words(),
            icon: icon(row.channel),
            safe: safe(&row, told),
            due,
            due_tone,
            age: age(&row, group, told),
            owner,
            initials,
            who,
            here: String::new(),
            reference: row.reference,
        }
    }
}

fn tags(row: &Row, all: &Tags) -> Vec<String> {
    let of = |tagged| all.of(tagged).into_iter().map(|(_, words)| words).collect();
    row.tags.as_ref().map(of).unwrap_or_default()
}

fn about(row: &Row) -> String {
    let whom = match row.for_whom {
        ForWhom::Self_ | ForWhom::NotSaid => String::new(),
        other => other.words().to_lowercase(),
    };
    let what = match (&row.next_step, row.disposition) {
        (_, Some(disposition)) => disposition.words().into(),
        (Some(step), None) => step.clone(),
        _ => whom,
    };
    match (Lang::of(&row.language), what.as_str()) {
        (Lang::English, _) => what,
        (lang, "") => format!("speaks {}", lang.words()),
        (lang, _) => format!("{what} · speaks {}", lang.words()),
    }
}

fn icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Web | Channel::Website => "globe",
        Channel::Phone => "phone-incoming",
        Channel::Referral => "building-2",
        Channel::Email => "mail",
        Channel::OldRecords => "history",
    }
}

/// The safe-contact mark of the row: what must be known before anyone dials.
fn safe(row: &Row, told: Told<'_>) -> Tag {
    // Danger and hours stand against each other: which of the two counts is read before anyone dials.
    if let Some(found) = row.danger_hours(told.now, told.zone) {
        let (tone, mark, words) = match (found.said, found.not_before) {
            (Some(OutsideHours::Yes), _) => ("calm", "check", "Any time, in danger"),
            (_, None) => ("soon", "half", "Certain hours, now is one"),
            (Some(OutsideHours::No), Some(_)) => ("now", "crossed", "Not outside their hours"),
            (None, Some(_)) => ("now", "crossed", "Not outside their hours; not asked"),
        };
        return Tag { tone, mark, words };
    }
    let (tone, mark, words) = match (row.call, row.voicemail) {
        (None | Some(Permission::NotAsked), _) => ("plain", "dashed", "Not asked yet"),
        (Some(Permission::Never), _) => ("now", "crossed", "Do not call"),
        _ if row.hours().is_some() => ("soon", "half", "Certain hours"),
        (_, Some(Voicemail::Never)) => ("soon", "half", "No voicemail"),
        _ => ("calm", "check", "Any time"),
    };
    Tag { tone, mark, words }
}

fn due(row: &Row, group: Group, told: Told<'_>) -> (String, &'static str) {
    let Told { now, zone, .. } = told;
    if let Some(until) = row.snoozed_until.filter(|_| row.is_snoozed(now)) {
        return (format!("until {}", when(until, now, zone)), "plain");
    }
    if let Some(at) = row.check_in_at {
        return (format!("ask {}", when(at, now, zone)), "plain");
    }
    match (group, row.next_step_at) {
        (Group::Closed, _) => ("Closed".into(), "plain"),
        // Whoever may be in danger is waited for by nobody.
        (Group::Safety, _) => match row.danger_hours(now, zone).and_then(|found| found.not_before) {
            Some(at) => (format!("Call {}, not before", when(at, now, zone)), "urgent"),
            None => ("Call now".into(), "now"),
        },
        _ if row.waits_for(now).is_some() => ("Paused".into(), "plain"),
        (Group::Promised, Some(at)) if at <= now => (late(at, now), "now"),
        (Group::Promised, Some(at)) => (when(at, now, zone), "plain"),
        (Group::Waiting, _) => ("No next step".into(), "soon"),
        // How long they wait stands below it.
        _ => match row.countdown(told.clocks, zone, now) {
            Countdown::Late(since) => (late(since, now), "now"),
            Countdown::Left(time) => (format!("{} left", long(now, now + time)), "urgent"),
            Countdown::Rests(_) | Countdown::Waits(..) => ("Paused".into(), "plain"),
        },
    }
}

/// A moment as a colleague says it: "at 11:00", "tomorrow 9:00", "Mon 2 Mar 9:00".
pub fn when(at: Instant, now: Instant, zone: Zone) -> String {
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone).date_naive());
    let clock = local.format("%-I:%M %P");
    match (local.date_naive() - today).num_days() {
        0 => format!("today {clock}"),
        1 => format!("tomorrow {clock}"),
        -1 => format!("yesterday {clock}"),
        days if days.abs() > 300 => format!("{} {clock}", local.format("%-d %b %Y")),
        _ => format!("{} {clock}", local.format("%a %-d %b")),
    }
}

/// How late it is; what is due this very minute is not late yet.
fn late(since: Instant, now: Instant) -> String {
    if (now - since).num_minutes() == 0 { "Due now".into() } else { format!("Late {}", long(since, now)) }
}

fn age(row: &Row, group: Group, told: Told<'_>) -> String {
    let Told { now, zone, .. } = told;
    if let Some((why, until)) = row.waits_for(now).filter(|_| group != Group::Closed) {
        return format!("{} until {}", awaited(why, &row.name), when(until, now, zone));
    }
    if group == Group::FirstCall
        && let Countdown::Rests(again) = row.countdown(told.clocks, zone, now)
    {
        return format!("the clock goes on {}", when(again, now, zone));
    }
    if let Some(woke) = row.woke(now) {
        return format!("awake again for {}", long(woke, now));
    }
    match (group, row.attempts) {
        (Group::FirstCall | Group::Safety, _) => format!("waiting {}", long(row.received_at, now)),
        (_, 1) => "1 attempt".into(),
        (_, n) if n > 1 => format!("{n} attempts"),
        _ => format!("since {}", long(row.received_at, now)),
    }
}
