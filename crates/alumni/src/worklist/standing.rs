//! What is known of each alum today, in a few statements for everyone.

mod reaching;

use std::collections::HashMap;

use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, PersonId, StaffId};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType};

use crate::aftercare::{AftercareId, CustomDays, EndReason, OpioidUse};
use crate::caseload::{whom, with_counselor};
use crate::due::{self, Course, Past};
use crate::flag::{FlagKind, Reasons};
use crate::living;
use crate::rules::indicator::{Band, is_out_of_date};
use crate::rules::response::{Level, Reason};
use crate::rules::schedule::{self, Planned, Silence, State, Track};
use crate::rules::worklist::Facts;

/// What is known of one alum today.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Standing {
    pub person: PersonId,
    pub aftercare: AftercareId,
    pub reference: String,
    pub name_used: String,
    pub counselor: Option<StaffId>,
    pub discharged_on: Day,
    pub days_since_discharge: i64,
    pub early_leaver: bool,
    pub track: Track,
    /// Followed more closely than by the track, after what they answered, up to this day.
    pub closer_until: Option<Day>,
    /// Aftercare is over, and something they said is still open.
    pub ended: bool,
    /// Quiet, at their own wish, until this day.
    pub paused_until: Option<Day>,
    /// What was answered asks for somebody: the weightiest level that is open, with its reasons.
    pub flag: Option<(Level, Vec<Reason>)>,
    pub asked_for_call: bool,
    /// Their number turned out not to be theirs, and there is no other.
    pub no_number: bool,
    /// They pressed stop on this day, and nobody has asked by a safe way what they want.
    pub stopped_on: Option<Day>,
    /// In care again since this day: nothing falls due, and nobody is asked by letter.
    pub in_care_since: Option<Day>,
    /// Answered a letter, and nobody has read it.
    pub wrote_back: bool,
    pub words_not_read: bool,
    /// The oldest due day that no two-way contact has satisfied.
    pub due_on: Option<Day>,
    /// Check-ins in a row, up to the newest one over, without two-way contact.
    pub unreached: usize,
    /// Whom that silence concerns, when it is somebody's task, and the due day it lasts up to.
    pub silence: Option<(Silence, Day)>,
    /// The oldest open call that follows a red answer.
    pub after_red_on: Option<Day>,
    pub map: MapToday,
}

/// The map of connections as it stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapToday {
    /// `None` when nothing was asked yet and while the map is too old to be read.
    pub band: Option<Band>,
    pub confirmed_on: Option<Day>,
    pub out_of_date: bool,
}

impl Standing {
    /// What the rules put in order.
    pub(super) fn facts(&self) -> Facts {
        Facts {
            flag: self.flag.clone(),
            asked_for_call: self.asked_for_call,
            no_number: self.no_number,
            stopped_on: self.stopped_on,
            in_care_since: self.in_care_since,
            wrote_back: self.wrote_back,
            words_not_read: self.words_not_read,
            due_on: self.due_on,
            unreached: u32::try_from(self.unreached).unwrap_or(u32::MAX),
            silence: self.silence.map(|(silence, _)| silence),
            after_red_on: self.after_red_on,
            discharged_on: Some(self.discharged_on),
            early_leaver: self.early_leaver,
            band: self.map.band,
            // Nobody goes through the map of someone who asked for no more check-ins.
            map_confirmed_on: self.map.confirmed_on.filter(|_| !self.ended && self.in_care_since.is_none()),
            paused_until: self.paused_until,
        }
    }
}

#[derive(FromQueryResult)]
struct Alum {
    person_id: PersonId,
    aftercare_id: AftercareId,
    reference: String,
    name_used: String,
    counselor_id: Option<StaffId>,
    discharged_on: Day,
    early_leaver: bool,
    track: Track,
    custom_days: CustomDays,
    counts_from: Day,
    paused_until: Option<Day>,
    end_reason: Option<EndReason>,
    opioid_use: Option<OpioidUse>,
    band: Option<String>,
    confirmed_on: Option<Day>,
}

#[derive(FromQueryResult)]
struct OpenFlag {
    person_id: PersonId,
    kind: FlagKind,
    level: Level,
    reasons: Reasons,
}

/// What is known, as of `today`, of everyone whom `viewer` may see and who is in aftercare, or was and still has
/// something open.
pub async fn standings(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    today: Day,
) -> Result<Vec<Standing>, Error> {
    let zone = Center::load(reader).await?.zone;
    let alumni = alumni(reader, viewer).await?;
    let keys: Vec<_> = alumni.iter().map(|alum| alum.aftercare_id).collect();
    let mut pasts = due::pasts_of(reader, zone, &keys).await?;
    let mut flags = open_flags(reader).await?;
    let in_care = living::in_care(reader).await?;
    let mut stops = reaching::unasked_stops(reader, zone).await?;
    let callable = reaching::with_number(reader, &flags).await?;
    let standing = |alum: Alum| {
        let person = alum.person_id;
        let past = pasts.remove(&alum.aftercare_id).unwrap_or_default();
        let flags = flags.remove(&person).unwrap_or_default();
        let lost = flags.iter().any(|flag| flag.kind == FlagKind::NoNumber) && !callable.contains(&person);
        let now = Now { today, in_care_since: in_care.get(&person).copied() };
        Standing { no_number: lost, stopped_on: stops.remove(&person), ..standing(&past, flags, now, alum) }
    };
    Ok(alumni.into_iter().map(standing).collect())
}

/// What holds at the moment of asking.
#[derive(Clone, Copy)]
struct Now {
    today: Day,
    in_care_since: Option<Day>,
}

async fn alumni(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<Alum>, Error> {
    let mut ask = Query::select();
    ask.from_as("aftercares", "a")
        .expr_as(Expr::col(("a", "id")), "aftercare_id")
        .columns([("a", "person_id"), ("a", "discharged_on"), ("a", "early_leaver"), ("a", "track")])
        .columns([("a", "custom_days"), ("a", "counts_from"), ("a", "paused_until"), ("a", "end_reason")])
        .column(("a", "opioid_use"))
        .columns([("c", "reference"), ("c", "counselor_id")])
        .column(("p", "name_used"))
        .columns([("m", "band"), ("m", "confirmed_on")])
        .join_as(JoinType::InnerJoin, "clients", "c", Expr::col(("c", "id")).equals(("a", "person_id")))
        .join_as(JoinType::InnerJoin, "people", "p", Expr::col(("p", "id")).equals(("a", "person_id")))
        .join_as(
            JoinType::LeftJoin,
            "connection_maps",
            "m",
            Expr::col(("m", "id")).equals(("a", "person_id")),
        );
    ask.and_where(Expr::col(("p", "died_at")).is_null());
    with_counselor(&mut ask).cond_where(in_aftercare_or_waiting()).cond_where(whom(
        viewer,
        Act::ViewAlumni,
        Act::OpenCheckIns,
    )?);
    let rows = reader.query_all(&ask).await?;
    Ok(rows.iter().map(|row| Alum::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// The active aftercare, or the last one of someone whose words are still open: who asked for no more check-ins and
/// then wrote that they do not want to live must not be on no list. Nobody is sent to reach someone who died.
fn in_aftercare_or_waiting() -> Condition {
    let mut open = Query::select();
    open.expr(Expr::val(1))
        .from_as("flags", "w")
        .and_where(Expr::col(("w", "person_id")).equals(("a", "person_id")))
        .and_where(Expr::col(("w", "settled_at")).is_null());
    let mut later: SelectStatement = Query::select();
    later
        .expr(Expr::val(1))
        .from_as("aftercares", "b")
        .and_where(Expr::col(("b", "person_id")).equals(("a", "person_id")))
        .and_where(
            Expr::col(("b", "ended_at")).is_null().or(Expr::col(("b", "id")).gt(Expr::col(("a", "id")))),
        );
    let waiting = Condition::all()
        .add(Expr::col(("a", "end_reason")).ne(EndReason::Died.as_str()))
        .add(Expr::exists(open))
        .add(Expr::exists(later).not());
    Condition::any().add(Expr::col(("a", "ended_at")).is_null()).add(waiting)
}

/// Open flags of everyone; the caller keeps only those of people it may show.
async fn open_flags(reader: &impl ConnectionTrait) -> Result<HashMap<PersonId, Vec<OpenFlag>>, Error> {
    let mut ask = Query::select();
    ask.from("flags")
        .columns(["person_id", "kind", "level", "reasons"])
        .and_where(Expr::col("settled_at").is_null());
    let mut of: HashMap<PersonId, Vec<OpenFlag>> = HashMap::new();
    for row in reader.query_all(&ask).await? {
        let flag = OpenFlag::from_query_result(&row, "")?;
        of.entry(flag.person_id).or_default().push(flag);
    }
    Ok(of)
}

fn standing(past: &Past, flags: Vec<OpenFlag>, now: Now, alum: Alum) -> Standing {
    let Now { today, in_care_since } = now;
    let ended = alum.end_reason.is_some();
    let course = Course {
        track: alum.track,
        own_days: &alum.custom_days.0,
        discharged_on: alum.discharged_on,
        counts_from: alum.counts_from,
    };
    let is_asked = !ended && in_care_since.is_none();
    let begun = if is_asked { course.begun(past, today) } else { Vec::new() };
    let after_red_on = if is_asked { past.after_red(&course.planned(past), today) } else { None };
    let open = begun.iter().find(|p| past.is_open(p, today)).map(|p| p.due_on);
    let closer_until = schedule::closer_until(&past.closer_from, today).filter(|_| !ended);
    let out_of_date = alum.confirmed_on.is_some_and(|on| is_out_of_date(on, Some(alum.discharged_on), today));
    let band = alum.band.as_deref().and_then(Band::parse).filter(|_| !out_of_date);
    let map = MapToday { band, confirmed_on: alum.confirmed_on, out_of_date };
    Standing {
        person: alum.person_id,
        aftercare: alum.aftercare_id,
        reference: alum.reference,
        name_used: alum.name_used,
        counselor: alum.counselor_id,
        discharged_on: alum.discharged_on,
        days_since_discharge: (today - alum.discharged_on).num_days(),
        early_leaver: alum.early_leaver,
        track: alum.track,
        closer_until,
        ended,
        paused_until: alum.paused_until.filter(|until| today < *until),
        asked_for_call: flags.iter().any(|flag| flag.kind == FlagKind::AskedForCall),
        no_number: false,
        stopped_on: None,
        in_care_since,
        wrote_back: flags.iter().any(|flag| flag.kind == FlagKind::WroteBack),
        words_not_read: flags.iter().any(|flag| flag.kind == FlagKind::WordsNotRead),
        flag: weightiest(flags),
        due_on: open.or(after_red_on),
        unreached: past.unreached(&begun, today),
        silence: silence_of(past, &begun, today, (alum.track, closer_until.is_some()), alum.opioid_use),
        after_red_on,
        map,
    }
}

/// Whom a silence concerns. The closer weeks after a grave answer are the Close track, whatever the track is.
fn silence_of(
    past: &Past,
    begun: &[Planned],
    today: Day,
    (track, is_closer): (Track, bool),
    opioids: Option<OpioidUse>,
) -> Option<(Silence, Day)> {
    let track = if is_closer { Track::Close } else { track };
    let over: Vec<(Planned, State)> = begun.iter().map(|p| (*p, past.state(p, today))).collect();
    let silence = schedule::silence(track, opioids.and_then(OpioidUse::known), &over)?;
    let last = over.iter().rev().find(|(_, state)| *state == State::Unreached)?;
    Some((silence, last.0.due_on))
}

/// The gravest level among open answers, with every reason that was given for it.
fn weightiest(flags: Vec<OpenFlag>) -> Option<(Level, Vec<Reason>)> {
    let answers: Vec<OpenFlag> = flags.into_iter().filter(|flag| flag.kind == FlagKind::Answers).collect();
    // The levels are listed from the weightiest down.
    let level = answers.iter().map(|flag| flag.level).min()?;
    let named = answers.iter().filter(|flag| flag.level == level).flat_map(|flag| &flag.reasons.0);
    let mut reasons: Vec<Reason> = named.filter_map(|name| Reason::parse(name)).collect();
    reasons.sort_unstable();
    reasons.dedup();
    Some((level, reasons))
}
