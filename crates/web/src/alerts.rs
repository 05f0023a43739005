//! Alumni who need somebody now or today: the rows on top of the day and of the worklist, and "I'll handle it".

use std::collections::HashSet;

use alumni::alert::{self, Alert};
use alumni::flag::{FlagId, FlagKind};
use alumni::rules::response::Level;
use alumni::rules::worklist::WROTE_BACK;
use axum::extract::{Path, State};
use axum::response::Response;
use consent::Reaching;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Instant, PersonId, Subject, Zone, may};
use intake::rules::standing::long;
use sea_orm::ConnectionTrait;

use crate::failure::Failure;
use crate::form::{Typed, key};
use crate::house::House;
use crate::look::Tag;
use crate::promises::say_when;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// Rows shown; the worklist has everyone.
const MAX_SHOWN: usize = 30;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().act("/flags/{flag}/handling", Access::Staff(Act::HandleFlag), handle)
}

async fn handle(
    State(house): State<House>,
    Me(me, _): Me,
    Path(flag): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let flag: FlagId = key(&flag)?;
    let seen = typed.text("version").parse().unwrap_or_default();
    let back = if typed.text("back") == "alumni" { "/alumni" } else { "/" };
    match house.write(&me, async |unit| alert::handle(unit, flag, seen).await).await {
        Ok(()) => Ok(sent_on(back, Said::FlagHandled, "")),
        // A colleague was first, or they said more: the row says it.
        Err(Error::Refused(_)) => Ok(sent_on(back, Said::FlagHandledBefore, "")),
        Err(other) => Err(other.into()),
    }
}

/// One alum who needs somebody, as a row shows it.
pub(crate) struct AlertLine {
    pub(crate) flag: FlagId,
    pub(crate) version: i32,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) tag: Tag,
    /// The words of why.
    pub(crate) reasons: Vec<&'static str>,
    /// Whether they wrote, so that one reads it before calling.
    pub(crate) wrote: bool,
    /// What else the worklist knows of them today.
    pub(crate) also: Vec<String>,
    /// "12 minutes ago".
    pub(crate) age: String,
    /// By when somebody should have called.
    pub(crate) due: String,
    pub(crate) is_late: bool,
    pub(crate) counselor: String,
    pub(crate) handler: Option<String>,
    /// The heading of the safe-contact card, when there is more to it than a number to call.
    pub(crate) contact: String,
    /// Who else may listen or could harm them.
    pub(crate) risks: String,
    pub(crate) dial: Option<Dial>,
}

impl AlertLine {
    /// Whether a live person must call now.
    pub(crate) fn is_red(&self) -> bool {
        self.tag.tone == "now"
    }
}

/// A number to call, as shown and as a link.
pub(crate) struct Dial {
    pub(crate) number: String,
    pub(crate) href: String,
    /// What is safe was said long ago: the number is shown to who says that they ask first.
    pub(crate) asks_first: bool,
}

impl Dial {
    fn to(number: &str, asks_first: bool) -> Self {
        let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Self { number: number.to_owned(), href: format!("tel:{digits}"), asks_first }
    }
}

/// The rows a viewer may see, red first.
pub(crate) async fn list_lines(house: &House, me: &Actor) -> Result<Vec<AlertLine>, Error> {
    let (now, zone) = (house.now(), Center::of(house).await?.zone);
    let staff = Directory::of(house).await?;
    let found = house
        .look(async |reader| {
            let mut found = Vec::new();
            for alert in alert::list_alerts(reader, me).await?.into_iter().take(MAX_SHOWN) {
                let reaching = Reaching::of(reader, alert.person).await?;
                found.push((alert, reaching));
            }
            Ok(found)
        })
        .await?;
    Ok(found.into_iter().map(|(alert, reaching)| line(&alert, &reaching, &staff, (now, zone))).collect())
}

fn line(alert: &Alert, reaching: &Reaching, staff: &Directory, (now, zone): (Instant, Zone)) -> AlertLine {
    let card = reaching.card(&alert.name_used, "", now);
    let name = |id| staff.name(id).unwrap_or("a former colleague").to_owned();
    let is_late = alert.due_at <= now;
    AlertLine {
        flag: alert.flag,
        version: alert.version,
        person: alert.person,
        name: clients::person::shown(&alert.name_used),
        tag: tag(alert),
        reasons: reasons(alert),
        wrote: alert.kind == FlagKind::WroteBack,
        also: Vec::new(),
        age: format!("{} ago", long(alert.raised_at, now)),
        due: match (alert.level, is_late) {
            (Level::Red, _) => "Call now".to_owned(),
            (_, true) => format!("Late {}", long(alert.due_at, now)),
            (_, false) => format!("Call by {}", say_when(alert.due_at, now, zone)),
        },
        is_late,
        counselor: alert.counselor.map_or_else(|| "No counselor".to_owned(), name),
        handler: alert.handler.filter(|_| alert.is_handled(now)).map(name),
        contact: match (reaching.rules.is_some(), card.stale) {
            (_, true) => format!("{}. Said long ago: ask first", card.heading),
            (true, false) if reaching.hours().is_none() && reaching.number_to_dial().is_some() => {
                String::new()
            }
            _ => match reaching.hours() {
                Some(hours) => format!("{}: {}", card.heading, hours.words()),
                None => card.heading,
            },
        },
        risks: card.risks.join(", "),
        dial: reaching.number_to_dial().map(|number| Dial::to(number, card.stale)),
    }
}

/// That somebody needs a call, as every part of their record says it first.
pub(crate) struct Needs {
    pub(crate) tag: Tag,
    pub(crate) reasons: Vec<&'static str>,
    pub(crate) is_red: bool,
}

impl Needs {
    /// Of a person whose check-ins `me` may see; nothing when nobody needs to call them.
    pub(crate) async fn load(
        reader: &impl ConnectionTrait,
        me: &Actor,
        care: &Subject,
    ) -> Result<Option<Self>, Error> {
        let Some(person) = care.person.filter(|_| may(me, Act::OpenCheckIns, care)) else { return Ok(None) };
        let found = alert::find_open(reader, person).await?;
        Ok(found.map(|alert| Self {
            tag: tag(&alert),
            reasons: reasons(&alert),
            is_red: alert.level == Level::Red,
        }))
    }
}

/// By when somebody calls, as the tag of a flag says it.
pub(crate) fn tag(alert: &Alert) -> Tag {
    let hours = (alert.due_at - alert.raised_at).num_hours();
    match (alert.level, hours) {
        (Level::Red, _) => Tag::new("now", "octagon", "A live person, now"),
        (_, ..=4) => Tag::new("urgent", "triangle", "A call within 4 hours"),
        _ => Tag::new("urgent", "triangle", "A call within a day"),
    }
}

fn reasons(alert: &Alert) -> Vec<&'static str> {
    match alert.kind {
        FlagKind::Silence => vec!["Went silent on the Close track, and opioids are part of it."],
        FlagKind::WroteBack => vec![WROTE_BACK],
        _ => alert.reasons.iter().map(|reason| reason.words()).collect(),
    }
}

/// The sentence of a day with alerts: how many need somebody.
pub(crate) fn sentence(lines: &[AlertLine]) -> Option<String> {
    // People, not flags: one may have two.
    let red: HashSet<_> = lines.iter().filter(|line| line.is_red()).map(|line| line.person).collect();
    let everyone: HashSet<_> = lines.iter().map(|line| line.person).collect();
    Some(match (red.len(), everyone.len()) {
        (0, 0) => return None,
        (0, 1) => "1 alum needs a call today.".to_owned(),
        (0, n) => format!("{n} alumni need a call today."),
        (1, _) => "1 alum needs a live person now.".to_owned(),
        (n, _) => format!("{n} alumni need a live person now."),
    })
}

/// Somebody on call was told of it, and the record is locked for them: it opens with a reason.
pub(crate) struct LockedLine {
    pub(crate) reference: String,
    pub(crate) tag: Tag,
    pub(crate) age: String,
}

/// What the viewer was told of as the one on call, and may only open with a reason.
pub(crate) async fn list_locked(house: &House, me: &Actor) -> Result<Vec<LockedLine>, Error> {
    let now = house.now();
    let locked = alert::list_locked(house.reader(), me).await?.into_iter().map(|one| LockedLine {
        tag: match one.level {
            Level::Red => Tag::new("now", "octagon", "A live person, now"),
            _ => Tag::new("urgent", "triangle", "A call today"),
        },
        age: format!("{} ago", long(one.raised_at, now)),
        reference: one.reference,
    });
    Ok(locked.collect())
}
