//! One step of a macro: done by the same act as by hand, and said in the words of the preview.

use consent::contact_point;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Error, Faults, Instant, Unit, Zone};
use mail::own_words::OwnWords;

use crate::replies::{self, ReplyId};
use crate::request::snoozing::Snooze;
use crate::request::stepping::NextStep;
use crate::request::undoing::Beside;
use crate::request::{Request, claiming, closing, noting, snoozing, stepping, watching, writing};
use crate::rules::macros::Step;
use crate::rules::outcome::Closing;

/// What a step was.
pub(super) enum Done {
    /// It changes something.
    Changes(String),
    /// It was so before.
    Already(String),
}

fn clock(at: Instant, zone: Zone) -> String {
    at.with_timezone(&zone).format("%a %-d %b, %-I:%M %P").to_string()
}

/// What a step is called, before anything is known of the request.
pub(super) fn called(step: &Step, staff: &Directory, now: Instant, zone: Zone) -> String {
    match step {
        Step::Watch => "You watch it".into(),
        Step::Take => "You take it".into(),
        Step::Give(to) => format!("{} has it then", staff.name(*to).unwrap_or("A former colleague")),
        Step::Note(text) => format!("A note, only us: “{text}”"),
        Step::Reply(_) => "A letter to them".into(),
        Step::Next(what, at) => format!("Next step: {what}, {}", clock(at.from(now, zone), zone)),
        Step::Aside(until, _) => format!("Put aside until {}", clock(until.from(now, zone), zone)),
        Step::Close(disposition, _) => {
            let words = crate::rules::words::Disposition::parse(disposition).map_or("", |d| d.words());
            format!("Closed: {words}")
        }
    }
}

/// Does one step to the request as it stands now.
pub(super) async fn take(
    unit: &mut Unit,
    request: &Request,
    step: &Step,
    staff: &Directory,
    beside: &mut Beside,
) -> Result<Done, Error> {
    let zone = Center::load(unit.tx()).await?.zone;
    let now = unit.now();
    let called = called(step, staff, now, zone);
    match step {
        Step::Watch => {
            if !watching::watch(unit, request).await? {
                return Ok(Done::Already("You watch it already".into()));
            }
            beside.watched = Some(false);
        }
        Step::Take if request.owner_id.is_some() && request.owner_id == unit.actor().staff_id() => {
            return Ok(Done::Already("It is yours already".into()));
        }
        Step::Take => claiming::claim(unit, request).await?,
        Step::Give(to) if request.owner_id == Some(*to) => {
            return Ok(Done::Already(format!("{} has it already", staff.name(*to).unwrap_or("They"))));
        }
        Step::Give(to) => claiming::give(unit, request, *to).await?,
        Step::Note(text) => beside.notes.push(noting::note(unit, request, text).await?),
        Step::Reply(id) => return reply(unit, request, *id, beside).await,
        Step::Next(what, at) => {
            let next = NextStep::parse(what, Some(at.from(now, zone)), now)?;
            stepping::step(unit, request, request.version, next).await?;
        }
        Step::Aside(until, through) => {
            let snooze = Snooze::parse(Some(until.from(now, zone)), *through, now)?;
            snoozing::snooze(unit, request, request.version, snooze).await?;
        }
        Step::Close(disposition, reason) => {
            closing::close(unit, request, Closing::parse(disposition, reason, "")?).await?;
        }
    }
    Ok(Done::Changes(called))
}

/// Writes a saved reply to them, with the whole letter in the words of the preview.
async fn reply(unit: &mut Unit, request: &Request, id: ReplyId, beside: &mut Beside) -> Result<Done, Error> {
    let center = Center::load(unit.tx()).await?;
    let me = unit.actor().staff().map(|staff| staff.name.to_string()).unwrap_or_default();
    let all = replies::all(unit.tx(), unit.db().keyring()).await?;
    let seen = |reply: &&replies::Reply| reply.id == id && reply.whose.is_for(unit.actor().staff_id());
    let Some(reply) = all.iter().find(seen) else {
        let mut faults = Faults::default();
        faults.add("macro_reply", "Its saved reply is gone");
        return Err(faults.into());
    };
    let filled = replies::filled(unit.tx(), &me, request, reply).await?;
    let words = OwnWords::parse(filled.line.as_str(), &filled.text, filled.lang, &center)?;
    let to = contact_point::email_of(unit.tx(), request.caller_id).await?.map(|point| point.value);
    let to = to.unwrap_or_default();
    let said = format!("A letter to {to}, “{}”: {}", filled.line.on_paper(filled.lang), words.body());
    let written = writing::write(unit, request, words, &[]).await?;
    beside.messages.push(written.id);
    let waits =
        "\n\nThey ask about someone else: it waits until a supervisor or the privacy officer releases it.";
    Ok(Done::Changes(if written.waits { said + waits } else { said }))
}
