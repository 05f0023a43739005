//! The plan of a person: everything its page and its paper need, in few statements.

use std::collections::HashMap;

use alumni::connection::{Known, MetAt};
use alumni::connections;
use alumni::rules::connection::{Category, Kind, Nearness, Stance, SubCode, Tie, UseStatus};
use alumni::rules::map::{self, Copy, Drawn};
use consent::consents::{Consent, ConsentId, Scope};
use foundation::center::Center;
use foundation::sealed::Keyring;
use foundation::staff::inviting::everyone;
use foundation::{Act, Actor, Day, Error, Instant, PersonId, StaffId, day, may};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder};

use crate::entity::edition::EditionId;
use crate::entity::{edition, section};
use crate::rules::audience::{Audience, names_of};
use crate::rules::readiness::{self, Readiness};
use crate::rules::rendering::mentions;
use crate::rules::section::SectionKey;
use crate::writing::{WORDS, subject};

/// One section, written or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub key: SectionKey,
    /// Empty when nothing is written.
    pub text: String,
    /// 0 when it was never written.
    pub version: i32,
    pub changed_at: Option<Instant>,
    /// A colleague's name.
    pub changed_by: Option<String>,
}

impl Section {
    /// The lines with words in them.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Whether there are any words.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.lines().next().is_some()
    }
}

/// A tie of the circle. A harmful one never becomes this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tied {
    pub label: String,
    pub category: Category,
    pub kind: Kind,
    pub use_status: UseStatus,
    pub stance: Stance,
    pub tie: Tie,
    pub nearness: Nearness,
    pub reach_any_time: Known,
    /// The number to call them by; printed on the person's own copy alone.
    pub phone: Option<String>,
    pub may_be_printed: bool,
    /// Somebody, or a group, from treatment: that one is a patient too, and no copy for others tells of them, whatever the
    /// person ticked (42 CFR §2.12(a)(1)).
    pub from_treatment: bool,
}

impl Tied {
    /// Whether it may be on a copy for somebody else.
    #[must_use]
    pub fn goes_to_others(&self) -> bool {
        self.may_be_printed && !self.from_treatment
    }
}

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    pub id: EditionId,
    pub number: i32,
    pub audience: Audience,
    pub consent: Option<ConsentId>,
    /// SHA-256 of the file.
    pub hash: Vec<u8>,
    pub made_at: Instant,
    pub made_by: Option<String>,
}

/// Everything the page and the paper need.
#[derive(Clone, Debug)]
pub struct Plan {
    pub person: PersonId,
    pub name: String,
    pub today: Day,
    /// First name of the counselor.
    pub made_with: Option<String>,
    /// Every section in order, the empty ones too.
    pub sections: Vec<Section>,
    /// The circle, by category, the nearest first; without harmful ties.
    pub circle: Vec<Tied>,
    pub readiness: Readiness,
    /// The newest first.
    pub editions: Vec<Edition>,
    /// The version of the map the circle was read from.
    pub(crate) map_version: i32,
    /// Names of harmful ties, only to look for them in what was typed; never shown.
    pub(crate) harmful: Vec<String>,
}

impl Plan {
    /// One section.
    #[must_use]
    pub fn section(&self, key: SectionKey) -> Option<&Section> {
        self.sections.iter().find(|section| section.key == key)
    }

    /// The circle as a drawing. On a copy for others it does not tell who else is in recovery.
    #[must_use]
    pub fn map(&self, audience: Audience) -> map::Drawing {
        let drawn: Vec<Drawn<'_>> = self.circle.iter().map(|tied| tied.drawn(audience)).collect();
        map::draw(&drawn, if audience == Audience::Own { Copy::Own } else { Copy::Others })
    }

    /// The circle as a table for this reader: only ties the person wants printed go to others, and nobody from treatment.
    pub fn rows(&self, audience: Audience) -> impl Iterator<Item = &Tied> {
        self.circle.iter().filter(move |tied| audience == Audience::Own || tied.goes_to_others())
    }

    /// The people and groups of whom the reader of this consent may not learn, also not by a line that was typed: nobody of
    /// the circle without that part of the consent, and with it those who may be printed. Nobody reads their own name out.
    #[must_use]
    pub fn names_withheld(&self, consent: &Consent) -> Vec<String> {
        let whole_circle = consent.scope.0.contains(&Scope::SupportNetwork);
        let withheld = self.circle.iter().filter(|tied| !(whole_circle && tied.goes_to_others()));
        let names = withheld.flat_map(|tied| names_of(&tied.label, tied.kind));
        names.filter(|name| !mentions(&consent.recipient, name)).collect()
    }
}

/// Whether what the plan was read from is still so: every section, and the map with its harmful ties.
pub(crate) async fn is_current(reader: &impl ConnectionTrait, plan: &Plan) -> Result<bool, Error> {
    let rows = section::Entity::find().filter(section::Column::PersonId.eq(plan.person)).all(reader).await?;
    let now: HashMap<SectionKey, i32> = rows.into_iter().map(|row| (row.section, row.version)).collect();
    let same = plan.sections.iter().all(|s| now.get(&s.key).copied().unwrap_or(0) == s.version);
    Ok(same && connections::version(reader, plan.person).await? == plan.map_version)
}

impl Tied {
    fn drawn(&self, audience: Audience) -> Drawn<'_> {
        Drawn {
            label: &self.label,
            category: self.category,
            kind: self.kind,
            use_status: if audience == Audience::Own { self.use_status } else { UseStatus::NotAsked },
            tie: self.tie,
            nearness: self.nearness,
            marked_unsafe: false,
            may_be_printed: self.goes_to_others(),
        }
    }
}

/// The plan of one person. The caller records the opening; who may not see it gets [`Error::NotFound`].
pub async fn page(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    person: PersonId,
    now: Instant,
) -> Result<Plan, Error> {
    let care = subject(reader, person).await?;
    if !may(viewer, Act::OpenPlan, &care) {
        return Err(Error::NotFound);
    }
    let names: HashMap<StaffId, String> =
        everyone(reader).await?.into_iter().map(|member| (member.id, member.name)).collect();
    let sections = sections(reader, keyring, person, &names).await?;
    let ties = connections::page(reader, keyring, viewer, person, now).await?;
    let map_version = ties.version;
    let lines = ties.categories.into_iter().flat_map(|(_, lines)| lines);
    let (harmful, safe): (Vec<_>, Vec<_>) = lines.partition(connections::Line::is_unsafe);
    let circle: Vec<Tied> = safe.into_iter().map(tied).collect();
    let written: Vec<SectionKey> = sections
        .iter()
        .filter(|s| s.is_written() || (s.key == SectionKey::Network && !circle.is_empty()))
        .map(|s| s.key)
        .collect();
    Ok(Plan {
        person,
        name: clients::person::name_of(reader, person).await?,
        today: day(now, Center::load(reader).await?.zone),
        made_with: care.counselor.and_then(|id| names.get(&id)).and_then(|n| first_name(n)),
        readiness: readiness::read(&written),
        sections,
        circle,
        editions: editions(reader, person, &names).await?,
        map_version,
        harmful: harmful.into_iter().map(|line| line.label).collect(),
    })
}

fn first_name(name: &str) -> Option<String> {
    name.split_whitespace().next().map(str::to_owned)
}

fn tied(line: connections::Line) -> Tied {
    let row = line.row;
    Tied {
        label: line.label,
        phone: line.phone,
        category: row.category,
        kind: row.kind,
        use_status: row.use_status,
        stance: row.stance,
        tie: row.tie,
        nearness: Nearness::of(row.nearness).unwrap_or(Nearness::LessClose),
        reach_any_time: row.reach_any_time,
        may_be_printed: row.may_be_printed,
        from_treatment: row.category == Category::TreatmentPeer
            || row.how_met == Some(MetAt::InTreatment)
            || row.linked_person_id.is_some()
            || row.sub_code.as_deref().and_then(SubCode::parse).is_some_and(is_from_treatment),
    }
}

fn is_from_treatment(code: SubCode) -> bool {
    matches!(code, SubCode::MetInTreatment | SubCode::AlumniGroup | SubCode::AlumniMentor)
}

async fn sections(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
    names: &HashMap<StaffId, String>,
) -> Result<Vec<Section>, Error> {
    let rows = section::Entity::find().filter(section::Column::PersonId.eq(person)).all(reader).await?;
    let mut rows: HashMap<SectionKey, section::Model> =
        rows.into_iter().map(|row| (row.section, row)).collect();
    let mut sections = Vec::with_capacity(SectionKey::ALL.len());
    for key in SectionKey::ALL.iter().copied() {
        sections.push(match rows.remove(&key) {
            None => Section { key, text: String::new(), version: 0, changed_at: None, changed_by: None },
            Some(row) => Section {
                key,
                text: keyring.open(reader, person, WORDS, &row.answers).await?,
                version: row.version,
                changed_at: Some(row.changed_at),
                changed_by: row.changed_by.and_then(|id| names.get(&id).cloned()),
            },
        });
    }
    Ok(sections)
}

async fn editions(
    reader: &impl ConnectionTrait,
    person: PersonId,
    names: &HashMap<StaffId, String>,
) -> Result<Vec<Edition>, Error> {
    let rows = edition::Entity::find()
        .filter(edition::Column::PersonId.eq(person))
        .order_by_desc(edition::Column::Number)
        .all(reader)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Edition {
            id: row.id,
            number: row.number,
            audience: row.audience,
            consent: row.consent_id,
            hash: row.hash,
            made_at: row.made_at,
            made_by: row.made_by.and_then(|id| names.get(&id).cloned()),
        })
        .collect())
}
