//! What another provider is told: only the parts that were chosen, only under the consent that allows it, kept word for
//! word as it left, with its scope and the notice that goes with it (42 CFR §2.32).

use consent::Reaching;
use consent::consents::Consent;
use consent::rules::notice::{Notice, PROHIBITION};
use foundation::center::Center;
use foundation::sealed::Keyring;
use foundation::{Error, Instant};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::call::sheet::{SUBSTANCES, Sheet, value_of};
use crate::request::{NEXT_STEP, Request, WORDS};
use crate::rules::words::Danger;

foundation::words! {
    /// What can be told (domain reference 2.13).
    pub enum Part {
        Reason = "reason", "Why they look for care",
        Substances = "substances", "Substances and last use",
        Withdrawal = "withdrawal", "Trouble when stopping before",
        Medicines = "medicines", "Medicines, also for addiction",
        Allergies = "allergies", "Allergies",
        Safety = "safety", "What is known of danger",
        Appointments = "appointments", "What was agreed next",
        Contact = "contact", "How they may be reached safely",
    }
}

/// A label with what stands there.
pub type Line = (String, String);

/// The notice is a part of every packet.
pub(super) const NOTICE: Notice<'static> = Notice::OnPaper(PROHIBITION);

/// What left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    pub to: String,
    pub at: Instant,
    /// Whom to call back here, and by which number.
    pub callback: String,
    pub lines: Vec<Line>,
    /// A clear account of what the consent allows (§2.32(b)).
    pub scope: Vec<String>,
    pub purpose: String,
    pub notice: String,
}

/// What there is to tell of somebody, part by part; a part of which nothing is known is not there.
pub async fn known(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    about: &Request,
    now: Instant,
) -> Result<Vec<(Part, Vec<Line>)>, Error> {
    let person = about.prospective_id;
    let open = async |place: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => keyring.open(reader, person, place, sealed).await.map(Some),
        None => Ok(None),
    };
    let words = open(WORDS, &about.words).await?;
    let step = open(NEXT_STEP, &about.next_step).await?;
    let sheet = match crate::call::of(reader, about.id).await?.first() {
        Some(call) => crate::call::opened(reader, keyring, call).await?,
        None => Sheet::default(),
    };
    let zone = Center::load(reader).await?.zone;
    let mut parts = Vec::new();
    for part in Part::ALL {
        let lines: Vec<Line> = match part {
            Part::Reason => words.iter().map(|words| (part.words().to_owned(), words.clone())).collect(),
            Part::Substances => substances(&sheet),
            Part::Withdrawal => told(&sheet, &["a_stopped_before", "a_overdose_before"]),
            Part::Medicines => told(&sheet, &["a_medicines", "a_medication"]),
            Part::Allergies => told(&sheet, &["a_allergies"]),
            Part::Safety if about.danger == Danger::NotAsked => Vec::new(),
            Part::Safety => vec![
                ("In danger when we first asked".to_owned(), about.danger.words().to_owned()),
                ("How urgent we see it".to_owned(), about.urgency.words().to_owned()),
            ],
            Part::Appointments => {
                let at = about.next_step_at.map(|at| at.with_timezone(&zone).format("%-d %B %Y, %-I:%M %P"));
                let step = step.iter().zip(at);
                step.map(|(what, at)| (part.words().to_owned(), format!("{what}, {at}"))).collect()
            }
            Part::Contact => contact(reader, about, now).await?,
        };
        if !lines.is_empty() {
            parts.push((*part, lines));
        }
    }
    Ok(parts)
}

fn substances(sheet: &Sheet) -> Vec<Line> {
    let one = |n: usize| {
        let at = |part: &str| {
            let name = format!("s{n}_{part}");
            Some(value_of(sheet, &name)).filter(|value| !value.is_empty())
        };
        let kind = at("kind")?;
        let days = at("days").map(|days| format!("{days} days of the last 30"));
        let last = at("last").map(|last| format!("last {last}"));
        Some((kind, [at("amount"), days, last].into_iter().flatten().collect::<Vec<_>>().join(", ")))
    };
    (1..=SUBSTANCES).filter_map(one).collect()
}

fn told(sheet: &Sheet, names: &[&str]) -> Vec<Line> {
    let one = |name: &&str| {
        let (answer, more) = (value_of(sheet, name), value_of(sheet, &format!("{name}_more")));
        let said: Vec<String> = [answer, more].into_iter().filter(|said| !said.is_empty()).collect();
        (!said.is_empty()).then(|| (crate::call::sheet::field_words(name), said.join(": ")))
    };
    names.iter().filter_map(one).collect()
}

/// How the person may be reached, if anyone asked.
async fn contact(reader: &impl ConnectionTrait, about: &Request, now: Instant) -> Result<Vec<Line>, Error> {
    let person = about.asked_as();
    let reaching = Reaching::of(reader, person).await?;
    let points = reaching.points.iter();
    let mut lines: Vec<Line> = points.map(|one| (one.kind.words().to_owned(), one.value.clone())).collect();
    if reaching.rules.is_some() || reaching.points.iter().any(|point| point.own_rules.is_some()) {
        let card = reaching.card("them", "", now);
        // What is dangerous at one number is dangerous whoever calls it.
        lines
            .extend(card.lines.iter().map(|one| (format!("{}, what is safe", one.value), one.words.clone())));
        lines.extend(card.ways.iter().map(|way| (format!("{}, what is safe", way.name), way.words.clone())));
    }
    Ok(lines)
}

/// Puts together what leaves.
pub(super) async fn packed(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    about: &Request,
    chosen: &[Part],
    consent: &Consent,
    by: &str,
    now: Instant,
) -> Result<Packet, Error> {
    let center = Center::load(reader).await?;
    let name = clients::person::name_of(reader, about.prospective_id).await?;
    let mut lines: Vec<Line> = vec![("Name".into(), name)];
    for (part, told) in known(reader, keyring, about, now).await? {
        if chosen.contains(&part) {
            lines.extend(told);
        }
    }
    Ok(Packet {
        to: consent.recipient.clone(),
        at: now,
        callback: format!("{by}, {}", center.neutral_phone),
        lines,
        scope: consent.scope.0.iter().map(|scope| scope.words().to_owned()).collect(),
        purpose: consent.purpose.clone(),
        notice: PROHIBITION.into(),
    })
}
