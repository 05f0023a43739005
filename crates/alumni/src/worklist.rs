//! Whom to reach today: what is known of every alum a viewer may see. Three statements, however many they are; the
//! rules put them in order and say why.

use std::collections::HashMap;

use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, PersonId, StaffId, Zone};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType};

use crate::aftercare::{AftercareId, CustomDays};
use crate::caseload::{whom, with_counselor};
use crate::due::{self, Seen};
use crate::flag::{FlagKind, Reasons};
use crate::rules::response::Level;
use crate::rules::schedule::{self, Track};

/// What is known of one alum today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub person: PersonId,
    pub aftercare: AftercareId,
    pub reference: String,
    pub name_used: String,
    pub counselor: Option<StaffId>,
    pub days_since_discharge: i64,
    pub early_leaver: bool,
    /// Quiet, at their own wish, until this day.
    pub paused_until: Option<Day>,
    /// What was answered asks for somebody: the weightiest open flag with the names of its rules.
    pub flag: Option<(Level, Reasons)>,
    pub asked_for_call: bool,
    /// The oldest due day that no two-way contact has satisfied.
    pub due_on: Option<Day>,
    /// Check-ins in a row, up to the newest one over, without two-way contact.
    pub unreached: usize,
    /// The last reading of the map; `None` when nothing was asked yet.
    pub band: Option<String>,
    pub map_confirmed_on: Option<Day>,
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

/// What is known of everyone in aftercare whom `viewer` may see, as of `today`.
pub async fn standings(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    today: Day,
) -> Result<Vec<Standing>, Error> {
    let zone = Center::load(reader).await?.zone;
    let alumni = alumni(reader, viewer).await?;
    let seen = due::seen(reader).await?;
    let mut flags = open_flags(reader).await?;
    let standing = |alum: Alum| {
        let flags = flags.remove(&alum.person_id).unwrap_or_default();
        standing(seen.get(&alum.aftercare_id), flags, zone, today, alum)
    };
    Ok(alumni.into_iter().map(standing).collect())
}

async fn alumni(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<Alum>, Error> {
    let mut ask = Query::select();
    ask.from_as("aftercares", "a")
        .expr_as(Expr::col(("a", "id")), "aftercare_id")
        .columns([("a", "person_id"), ("a", "discharged_on"), ("a", "early_leaver"), ("a", "track")])
        .columns([("a", "custom_days"), ("a", "counts_from"), ("a", "paused_until")])
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
    with_counselor(&mut ask).and_where(Expr::col(("a", "ended_at")).is_null()).cond_where(whom(
        viewer,
        Act::ViewAlumni,
        Act::OpenCheckIns,
    )?);
    let rows = reader.query_all(&ask).await?;
    Ok(rows.iter().map(|row| Alum::from_query_result(row, "")).collect::<Result<_, _>>()?)
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

fn standing(seen: Option<&Vec<Seen>>, flags: Vec<OpenFlag>, zone: Zone, today: Day, alum: Alum) -> Standing {
    let contacts = due::contacts(seen, zone);
    let mut planned = schedule::planned(alum.track, &alum.custom_days.0, alum.discharged_on);
    planned.retain(|p| alum.counts_from <= p.due_on && p.window_from <= today);
    let paused_until = alum.paused_until.filter(|until| today < *until);
    let open = planned.iter().find(|p| today <= p.window_to && !schedule::is_satisfied(p, &contacts));
    let over = planned.iter().rev().filter(|p| p.window_to < today);
    let unreached = over.take_while(|p| !schedule::is_satisfied(p, &contacts)).count();
    let asked_for_call = flags.iter().any(|flag| flag.kind == FlagKind::AskedForCall);
    let answers = flags.into_iter().filter(|flag| flag.kind == FlagKind::Answers);
    // The levels are listed from the weightiest down.
    let weightiest = answers.min_by_key(|flag| flag.level);
    Standing {
        person: alum.person_id,
        aftercare: alum.aftercare_id,
        reference: alum.reference,
        name_used: alum.name_used,
        counselor: alum.counselor_id,
        days_since_discharge: (today - alum.discharged_on).num_days(),
        early_leaver: alum.early_leaver,
        paused_until,
        flag: weightiest.map(|flag| (flag.level, flag.reasons)),
        asked_for_call,
        due_on: open.map(|p| p.due_on),
        unreached,
        band: alum.band,
        map_confirmed_on: alum.confirmed_on,
    }
}
