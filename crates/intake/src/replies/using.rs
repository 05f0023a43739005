//! Using a saved reply: found by its name, filled with what is known of the person and the moment.

use chrono::{Datelike, Timelike};
use foundation::Lang;
use foundation::center::Center;
use foundation::search::fold;
use foundation::{Error, Faults, Instant, StaffId, Zone};
use mail::own_words::SubjectLine;
use sea_orm::ConnectionTrait;

use super::Reply;
use crate::request::Request;
use crate::rules::replies::{Placeholder, fill};

/// A reply ready to be read over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    pub line: SubjectLine,
    pub lang: Lang,
    pub text: String,
}

/// Those of a colleague's replies whose name or text holds every word of `query`.
pub fn matching<'a>(replies: &'a [Reply], me: Option<StaffId>, query: &str) -> Vec<&'a Reply> {
    let query = fold(query);
    let holds = |reply: &Reply| {
        let all =
            format!("{} {} {}", reply.name, reply.english, reply.spanish.as_deref().unwrap_or_default());
        let all = fold(&all);
        query.split_whitespace().all(|word| all.contains(word))
    };
    replies.iter().filter(|reply| reply.whose.is_for(me) && holds(reply)).collect()
}

/// The reply that is meant by a name, or by a part of one.
///
/// # Errors
/// A fault at `reply` when none fits, or more than one.
pub fn by_name<'a>(replies: &'a [Reply], me: Option<StaffId>, typed: &str) -> Result<&'a Reply, Faults> {
    let wanted = fold(typed);
    let fault = |words: String| {
        let mut faults = Faults::default();
        faults.add("reply", words);
        faults
    };
    if wanted.is_empty() {
        return Err(fault("Choose a saved reply by its name".into()));
    }
    let seen: Vec<&Reply> = replies.iter().filter(|reply| reply.whose.is_for(me)).collect();
    if let Some(exact) = seen.iter().find(|reply| fold(&reply.name) == wanted) {
        return Ok(exact);
    }
    let fits: Vec<&&Reply> = seen.iter().filter(|reply| fold(&reply.name).contains(&wanted)).collect();
    match fits.as_slice() {
        [one] => Ok(one),
        [] => Err(fault("No saved reply is called that. Choose one from the list".into())),
        [first, second, ..] => {
            Err(fault(format!("“{}” and “{}” both fit. Write more of the name", first.name, second.name)))
        }
    }
}

/// A reply for one request, in the language of who asked.
///
/// # Errors
/// A fault at `reply` that says which placeholder has nothing, and why.
pub async fn filled(
    reader: &impl ConnectionTrait,
    me: &str,
    request: &Request,
    reply: &Reply,
) -> Result<Filled, Error> {
    let center = Center::load(reader).await?;
    let caller = clients::person::name_of(reader, request.caller_id).await?;
    let wanted = Lang::of(&clients::person::language_of(reader, request.caller_id).await?);
    let (text, lang) = match (&reply.spanish, wanted) {
        (Some(spanish), Lang::Spanish) => (spanish, Lang::Spanish),
        _ => (&reply.english, Lang::English),
    };
    let known = |place: Placeholder| {
        let value = match place {
            Placeholder::Name if caller == clients::person::shown("") => String::new(),
            Placeholder::Name => caller.clone(),
            Placeholder::Me => me.split_whitespace().next().unwrap_or_default().to_owned(),
            Placeholder::Office => center.neutral_name.clone(),
            Placeholder::Phone => center.neutral_phone.clone(),
            Placeholder::NextTime => {
                request.next_step_at.map(|at| moment(at, center.zone, lang)).unwrap_or_default()
            }
        };
        Some(value).filter(|value| !value.is_empty())
    };
    let text = fill(text, known).map_err(|missing| {
        let why =
            missing.iter().map(|place| format!("{{{}}} has nothing to say, {}", place, place.missing()));
        let mut faults = Faults::default();
        faults.add("reply", why.collect::<Vec<_>>().join("; "));
        faults
    })?;
    Ok(Filled { line: reply.line, lang, text })
}

const WEEKDAYS: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// A moment as a letter says it.
fn moment(at: Instant, zone: Zone, lang: Lang) -> String {
    let local = at.with_timezone(&zone);
    if lang == Lang::English {
        return local.format("%A, %B %-d, at %-I:%M %p").to_string();
    }
    let weekday = usize::try_from(local.weekday().num_days_from_monday()).ok().and_then(|n| WEEKDAYS.get(n));
    let month = usize::try_from(local.month0()).ok().and_then(|n| MONTHS.get(n));
    let clock = local.format("%-I:%M %p");
    let to = if local.hour12().1 == 1 { "a la" } else { "a las" };
    format!(
        "el {} {} de {} {to} {clock}",
        weekday.copied().unwrap_or_default(),
        local.day(),
        month.copied().unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_in_the_language_of_the_letter() {
        let at: Instant = "2026-03-03T20:00:00Z".parse().unwrap();
        let chicago = chrono_tz::America::Chicago;
        assert_eq!(moment(at, chicago, Lang::English), "Tuesday, March 3, at 2:00 PM");
        assert_eq!(moment(at, chicago, Lang::Spanish), "el martes 3 de marzo a las 2:00 PM");
    }
}
