//! What the page of one request says: how it stands, what happened, who it is about, in sentences.

use chrono::{Datelike, Days, TimeDelta};
use clients::rules::tags::Tags;
use clients::timeline::Knot;
use consent::contact_rules::SafeContactCard;
use consent::rules::contact::Permission;
use foundation::staff::Directory;
use foundation::{Act, Actor, Instant, StaffId, Zone, may};
use intake::call::{Call, CallId};
use intake::clocks::Clocks;
use intake::referral_out::{Opened, ReferralOutId};
use intake::request::merged::{Happened, Merged};
use intake::request::page::Page as Read;
use intake::rules::countdown::{Countdown, awaited, countdown};
use intake::rules::outcome::Reason;
use intake::rules::reasons::Reasons;
use intake::rules::standing::{Group, long};
use intake::rules::words::{Disposition, ForWhom};
use mail::own_words::Written;
use mail::{MessageId, State};

use crate::inbox::when;
use crate::look::{Fact, Tag};

use super::comparing::day;
use super::danger_hours::DangerLine;

pub(super) struct EventLine {
    pub class: &'static str,
    pub icon: &'static str,
    pub who: String,
    pub did: &'static str,
    pub when: String,
    pub detail: Option<String>,
    pub note: Option<String>,
    /// The merged request it happened to.
    pub from: Option<String>,
    /// What left the house, or was to leave it.
    pub letter: Option<LetterLine>,
}

/// A letter as the history shows it: what was said to them, and whether it reached the door.
pub(super) struct LetterLine {
    pub id: MessageId,
    pub subject: &'static str,
    pub body: String,
    pub tag: Tag,
    pub why: String,
    pub can_be_called_back: bool,
}

fn letter_line(
    letter: &Written,
    may_call_back: bool,
    staff: &Directory,
    (now, zone): (Instant, Zone),
) -> LetterLine {
    let sent = || letter.sent_at.map(|at| when(at, now, zone)).unwrap_or_default();
    let why = match (letter.state, &letter.reason) {
        (State::AwaitingRelease, _) => {
            "It is about someone else. A supervisor or the privacy officer must release it.".into()
        }
        (State::Sent, _) => [sent(), decided(letter, staff)].join(". ").trim_end_matches(". ").to_owned(),
        (State::Cancelled | State::Queued | State::Held, _) if !decided(letter, staff).is_empty() => {
            [letter.reason.clone().unwrap_or_default(), decided(letter, staff)].join(" ")
        }
        (State::Queued, None) if letter.due_at > now => "It leaves within a minute.".into(),
        (_, Some(reason)) => reason.clone(),
        (_, None) => String::new(),
    };
    LetterLine {
        id: letter.id,
        subject: letter.subject,
        body: letter.body.clone(),
        tag: crate::mail::tag(letter.state),
        why,
        can_be_called_back: may_call_back
            && matches!(letter.state, State::AwaitingRelease | State::Queued | State::Held),
    }
}

/// What a second person decided about a letter to somebody else, and why; empty when nobody had to.
fn decided(letter: &Written, staff: &Directory) -> String {
    let Some(another) = &letter.about_another else { return String::new() };
    let (Some(decision), Some(by)) = (another.decision, another.decided_by) else { return String::new() };
    let by = staff.name(by).unwrap_or("a former colleague");
    let reason = another.reason.as_deref().unwrap_or_default();
    format!("{} by {by}: {reason}", decision.words())
}

/// A request that goes on in this one.
pub(super) struct MergedLine {
    pub reference: String,
    pub since: String,
    pub about: String,
    /// How they may be reached, when they did not say the same here.
    /// The center's words on it.
    pub tags: Vec<String>,
    pub otherwise: Option<SafeContactCard>,
    pub words: Option<String>,
    pub promised: Option<String>,
    pub apart_until: Option<String>,
}

pub(super) struct Stage {
    pub words: &'static str,
    pub detail: String,
    pub class: &'static str,
}

/// A call with its sheet, and how it stands.
pub(super) struct CallLine {
    pub id: CallId,
    pub words: String,
}

pub(super) fn call_line(call: &Call, staff: &Directory, now: Instant, zone: Zone) -> CallLine {
    let who = staff.name(call.staff_id).unwrap_or("a former colleague");
    let stands = match (call.ended_at, call.parked_at) {
        (Some(_), _) => "finished",
        (None, Some(_)) => "cut off, go on with it",
        (None, None) => "not finished, go on with it",
    };
    CallLine { id: call.id, words: format!("{}, by {who}: {stands}", when(call.began_at, now, zone)) }
}

/// In an hour, tomorrow morning, Monday morning.
pub(super) fn quick(now: Instant, zone: Zone) -> Vec<(String, String)> {
    let local = now.with_timezone(&zone);
    let morning = |days: u64| {
        let day = local.date_naive().checked_add_days(Days::new(days))?;
        Some(day.format("%Y-%m-%dT09:00").to_string())
    };
    let monday = 7 - u64::from(local.weekday().num_days_from_monday());
    let hour = (local + TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M").to_string();
    let days = [(1, "Tomorrow 9 am"), (monday, "Monday 9 am")];
    let mornings = days.into_iter().filter_map(|(days, words)| Some((morning(days)?, words.to_owned())));
    [(hour, "One hour".to_owned())].into_iter().chain(mornings).collect()
}

/// In four hours, as its field is filled in first.
pub(super) fn waiting_until(now: Instant, zone: Zone) -> String {
    (now.with_timezone(&zone) + TimeDelta::hours(4)).format("%Y-%m-%dT%H:%M").to_string()
}

pub(super) fn asleep(read: &Read, now: Instant, zone: Zone) -> String {
    let Some(until) = read.request.snoozed_until.filter(|until| *until > now) else { return String::new() };
    let through = if read.request.snoozed_through { ", also when they call or write" } else { "" };
    format!("Until {}{through}.", when(until, now, zone))
}

pub(super) fn heading(read: &Read) -> String {
    if read.request.caller_id == read.request.prospective_id || read.request.for_whom == ForWhom::Self_ {
        return read.caller.clone();
    }
    match (&read.relationship, read.prospective.as_str()) {
        (_, name) if name != "Name not given" => format!("{}, for {name}", read.caller),
        (Some(relationship), _) => format!("{}, as their {relationship}", read.caller),
        _ => format!("{}, for someone else", read.caller),
    }
}

pub(super) fn stands(
    read: &Read,
    (clocks, reasons): (&Clocks, &Reasons),
    now: Instant,
    zone: Zone,
) -> String {
    let r = &read.request;
    let own_reason = r.own_reason.and_then(|id| reasons.words(id));
    let since = match (now - r.received_at).num_minutes() {
        0 => "They asked just now.".to_owned(),
        _ => format!("They asked {} ago.", long(r.received_at, now)),
    };
    let what = match read.group {
        Group::Closed => {
            let why = own_reason.or(r.disposition_reason.map(Reason::words));
            let why = why.map(|why| format!(", {}", why.to_lowercase())).unwrap_or_default();
            format!(
                "Closed: {}{why}.",
                r.disposition.map(Disposition::words).unwrap_or_default().to_lowercase()
            )
        }
        Group::Promised => {
            let at = r.next_step_at.map(|at| when(at, now, zone)).unwrap_or_default();
            format!("Next: {}, {at}.", read.next_step.clone().unwrap_or_default())
        }
        _ if read.waits.is_some() => String::new(),
        _ if DangerLine::of(r, &read.reaching, now, zone).is_some() => {
            "Someone may be in danger, and they chose hours: read what they said before you call.".into()
        }
        Group::Waiting => "Nothing is agreed yet. Set the next step, or close with an outcome.".into(),
        _ => match countdown(
            &clocks
                .clock(zone, (r.channel, r.urgency), read.reaching.hours().as_ref())
                .read_in(read.reaching.zone()),
            None,
            r.due_at,
            now,
        ) {
            Countdown::Late(since) => format!("The first call is {} late.", long(since, now)),
            Countdown::Left(time) => format!("The first call is due in {}.", long(now, now + time)),
            Countdown::Rests(again) | Countdown::Waits(_, again) => format!(
                "The clock is paused until {}; the first call is due {}.",
                when(again, now, zone),
                when(r.due_at, now, zone)
            ),
        },
    };
    match waits(read, now, zone) {
        Some(waits) => format!("{since} {waits}. {what}").trim_end().to_owned(),
        None => format!("{since} {what}"),
    }
}

/// "Paused: waits for Jo’s call until today 3:00 pm".
pub(super) fn waits(read: &Read, now: Instant, zone: Zone) -> Option<String> {
    let pause = read.waits.as_ref()?;
    let name = if read.caller == "Name not given" { "" } else { read.caller.as_str() };
    Some(format!("Paused: {} until {}", awaited(pause.why, name), when(pause.until_at, now, zone)))
}

pub(super) fn owner_line(read: &Read, me: &Actor, now: Instant, zone: Zone) -> String {
    let since = read.request.claimed_at.map(|at| when(at, now, zone)).unwrap_or_default();
    match (&read.owner, read.request.owner_id) {
        (_, Some(id)) if Some(id) == me.staff_id() => format!("Yours since {since}"),
        (Some(name), _) => format!("{name}, since {since}"),
        _ => "Nobody has it yet".into(),
    }
}

pub(super) fn stages(read: &Read, now: Instant, zone: Zone) -> Vec<Stage> {
    let r = &read.request;
    let steps = [
        ("Received", Some(r.received_at)),
        ("Taken", r.owner_id.and(r.claimed_at)),
        ("First attempt", read.attempts.first().map(|a| a.made_at)),
        ("Reached", r.reached_at),
        ("Became a client", r.converted_at),
    ];
    let mut at_found = false;
    steps
        .into_iter()
        .map(|(words, at)| {
            let class = match (at, at_found) {
                (Some(_), _) => "",
                (None, false) => {
                    at_found = true;
                    "at"
                }
                (None, true) => "later",
            };
            Stage { words, detail: at.map(|at| when(at, now, zone)).unwrap_or_default(), class }
        })
        .collect()
}

/// Who asked there, how and when, and by what they can be reached.
pub(super) fn about_merged(one: &Merged, now: Instant, zone: Zone) -> String {
    let asked = [one.request.channel.words().to_owned(), when(one.request.received_at, now, zone)];
    let points = one.points.iter().filter(|point| !point.is_refused() && !one.card.stale);
    let points = points.map(|point| point.value.clone());
    let parts: Vec<String> = std::iter::once(one.caller.clone()).chain(asked).chain(points).collect();
    parts.join(" · ")
}

pub(super) fn merged_lines(
    read: &Read,
    me: &Actor,
    (staff, tags): (&Directory, &Tags),
    now: Instant,
    zone: Zone,
) -> Vec<MergedLine> {
    let line = |one: &Merged| {
        let r = &one.request;
        let by = match one.merged_by {
            Some(id) if Some(id) == me.staff_id() => "you",
            by => by.and_then(|id| staff.name(id)).unwrap_or("a former colleague"),
        };
        let parts = may(me, Act::UnmergeRequests, &r.subject());
        let promised = one.next_step.as_ref().zip(r.next_step_at);
        // The stricter of both holds, so the card on top may say what was said there: compared is what was said here.
        let said_here = read.reaching.without_merged().card("", "", now).ways;
        MergedLine {
            reference: r.reference.clone(),
            since: format!("merged by {by}, {}", when(one.merged_at, now, zone)),
            about: about_merged(one, now, zone),
            otherwise: Some(&one.card)
                .filter(|card| card.ways != said_here || !card.lines.is_empty())
                .cloned(),
            words: one.words.clone(),
            tags: tags.of(&r.tagged()).into_iter().map(|(_, words)| words).collect(),
            promised: promised.map(|(what, at)| format!("{what}, {}", when(at, now, zone))),
            apart_until: one.apart_until.filter(|_| parts).map(|at| day(at, zone)),
        }
    };
    read.merged.iter().map(line).collect()
}

/// Where somebody was sent on to, and whether it is time to ask after them.
pub(super) fn sent_on(one: &Opened, now: Instant, zone: Zone) -> (ReferralOutId, String) {
    let on = &one.referral;
    let ask = match on.confirm_at {
        Some(at) if at <= now => ", ask now whether they arrived".to_owned(),
        Some(at) => format!(", to be asked after {}", when(at, now, zone)),
        None => String::new(),
    };
    (on.id, format!("{}: {}{ask}", one.organization, on.state.words().to_lowercase()))
}

pub(super) fn event_line(
    happened: &Happened,
    may_call_back: bool,
    staff: &Directory,
    (now, zone): (Instant, Zone),
) -> EventLine {
    let event = &happened.event;
    let (class, icon) = match event.knot {
        Knot::People if happened.letter.is_some() => ("info", "mail"),
        Knot::People => ("steady", "hand"),
        Knot::House => ("info", "building-2"),
        Knot::Note => ("person", "pencil"),
    };
    EventLine {
        class,
        icon,
        who: event.who.clone(),
        did: event.did,
        when: when(event.at, now, zone),
        detail: event.detail.clone(),
        note: event.note.clone(),
        from: happened.from.clone(),
        letter: happened.letter.as_ref().map(|l| letter_line(l, may_call_back, staff, (now, zone))),
    }
}

pub(super) fn caller_facts(read: &Read) -> Vec<Fact> {
    let reaching = &read.reaching;
    let never = reaching.rules_to_call().is_some_and(|rules| rules.call == Permission::Never);
    // Nobody dials by what was said long ago before they say that they ask first.
    let phone = match reaching.phone() {
        Some(_) if never => Some("Do not call".to_owned()),
        Some(_) if read.card.stale => Some("On the card above".to_owned()),
        phone => phone.map(str::to_owned),
    };
    let email = reaching.email();
    let email = email.map(|at| if at.is_refused() { "Do not write".to_owned() } else { at.value.clone() });
    vec![
        Fact::new("Name used", Some(read.caller.clone()).filter(|n| n != "Name not given")),
        Fact::new("They are their", read.relationship.clone()),
        Fact::new("Speaks", Some(read.language.words().into())),
        Fact::new("Phone", phone),
        Fact::new("E-mail", email),
        Fact::new("Asked", Some(read.request.for_whom.words().into())),
        Fact::new("In danger right now", Some(read.request.danger.words().into())),
    ]
}

pub(super) fn prospective_facts(read: &Read) -> Vec<Fact> {
    vec![Fact::new("Name", Some(read.prospective.clone()).filter(|name| name != "Name not given"))]
}

/// What may be told to somebody who asks for another one: what that one allowed in writing, naming them; without it,
/// nothing, also not that they called (42 CFR 2.13(c)).
pub(super) fn told_back(read: &Read) -> String {
    let named = Some(&read.prospective).filter(|name| **name != clients::person::shown(""));
    match read.told_back.as_slice() {
        [] => {
            let whom = named.map_or("the person who may need care", String::as_str);
            format!("Nothing about {whom}: there is no written consent that names them.")
        }
        scopes => format!("By the written consent that names them: {}. Nothing else.", scopes.join(", ")),
    }
}

/// Who watches, as colleagues say it.
pub(super) fn watchers_line(read: &Read, me: &Actor, staff: &Directory) -> String {
    let name = |id: &StaffId| {
        if Some(*id) == me.staff_id() { "you" } else { staff.name(*id).unwrap_or("a former colleague") }
    };
    let names: Vec<&str> = read.watchers.iter().map(name).collect();
    match names.as_slice() {
        [] => "Nobody watches it.".into(),
        names => format!("Watched by {}.", names.join(", ")),
    }
}
