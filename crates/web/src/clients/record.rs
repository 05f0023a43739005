//! What the record page shows, in the words of the page.

mod fields;
mod standing;
mod state;
mod stays;

use std::sync::Arc;

use alumni::aftercare;
use askama::Template;
use clients::client;
use clients::episode::{DischargeKind, EpisodeId, LevelOfCare};
use clients::person::DeathSource;
use clients::timeline::{self, Event, Knot, Look};
use consent::consents::{self, Consent, ConsentId, ConsentKind, Scope, State};
use consent::contact_point::ContactPoint;
use consent::contact_rules::Risk;
use consent::contact_rules::{self, SafeContactCard};
use consent::reaching::Reaching;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::ledger::asking::Of;
use foundation::staff::Directory;
use foundation::{
    Act, Actor, Day, EntryId, Error, Faults, Instant, PersonId, Role, StaffId, Subject, Zone, may,
};
use intake::request::converting::{kept_from, requests_of};
use sea_orm::ConnectionTrait;

use super::beside::{identity, risks, theirs};
use super::head::{Head, Part};
use super::reaching;
use crate::alerts::Needs;
use crate::differing::Differs;
use crate::filters;
use crate::form::{Seen, Typed};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tab};
use crate::page::{Page, Shell};
use crate::signed_paper::PaperForm;
use fields::FIELDS;
use standing::{facts, long_date, stands};
use state::Stop;
pub(crate) use state::{clear_reasons, ways_to_say_yes};
use stays::{Stay, stays};

struct ConsentLine {
    id: ConsentId,
    words: String,
    state: String,
    /// Who signed, in which language, whether they have a copy; empty of a yes to e-mail.
    signed: String,
    /// What it lacks and what to do, when nobody may rely on it.
    deficient: Option<String>,
    /// Whether it is there to be taken back.
    can_end: bool,
}

struct EventLine {
    class: &'static str,
    icon: &'static str,
    event: Event,
    when: String,
}

/// What buttons the viewer sees: the same question the act asks.
#[expect(clippy::struct_excessive_bools, reason = "one button each")]
struct MayDo {
    change: bool,
    admit: bool,
    discharge: bool,
    consent: bool,
    reach: bool,
    note: bool,
    record_death: bool,
    correct_death: bool,
    correct_stay: bool,
    confirm_stop: bool,
    clear: bool,
}

#[derive(Template)]
#[template(path = "pages/clients/record.html")]
pub(super) struct Record {
    id: PersonId,
    name: String,
    reference: String,
    tabs: Vec<Tab>,
    stands: String,
    /// That this person died, said first.
    death: Option<String>,
    needs: Option<Needs>,
    death_told: &'static str,
    death_corrections: Vec<String>,
    /// Why nobody writes to their address, and what to do.
    stop: Option<Stop>,
    /// The stay at which the form stands that corrects dates, and whether somebody is at it.
    corrected_stay: String,
    correcting: bool,
    card: SafeContactCard,
    facts: Vec<Fact>,
    /// Each number and address, as it may be shown.
    points: Vec<(ContactPoint, String)>,
    /// Where each has rules of its own; empty for who may not set them.
    each_number: String,
    consents: Vec<ConsentLine>,
    paper: PaperForm,
    /// What somebody chose to share, when the form comes back to be put right.
    shared: Vec<Scope>,
    email_allowed: bool,
    stays: Vec<Stay>,
    events: Vec<EventLine>,
    /// From where the timeline goes on.
    older: Option<EntryId>,
    requests: Vec<String>,
    may: MayDo,
    version: i32,
    fields: Vec<Field>,
    problem: Problem,
    rules: Option<contact_rules::ContactRules>,
    risks: Vec<Risk>,
    /// What a colleague saved meanwhile.
    theirs: Vec<Differs>,
    /// Who may carry this person, for whoever may give them.
    counselors: Vec<(StaffId, String)>,
    hours: Vec<(String, String)>,
}

/// Events shown at once.
const EVENTS: u64 = 20;

/// What is known before the look: who asks, and what the house keeps in mind.
pub(super) struct Around<'a> {
    house: &'a House,
    me: &'a Actor,
    zone: Zone,
    staff: Arc<Directory>,
}

impl<'a> Around<'a> {
    pub(super) async fn of(house: &'a House, me: &'a Actor) -> Result<Self, Error> {
        Ok(Self { house, me, zone: Center::of(house).await?.zone, staff: Directory::of(house).await? })
    }
}

impl Record {
    #[expect(clippy::too_many_lines, reason = "everything that stands on the page, in its order")]
    pub(super) async fn new(
        around: &Around<'_>,
        reader: &impl ConnectionTrait,
        page: client::Page,
        seen: Seen<'_>,
    ) -> Result<Self, Error> {
        let Seen { typed, faults, .. } = seen;
        let Around { house, me, zone, staff } = around;
        let zone = *zone;
        let (now, today) = (house.now(), house.today(zone));
        let id = page.person.id;
        let reaching = Reaching::of(reader, id).await?;
        let consents = consents::of(reader, id).await?;
        let without = kept_from(reader, me).await?;
        let look = Look {
            of: Of::Person(id),
            without: &without,
            person: id,
            before_that: None,
            before: seen.before,
            limit: EVENTS,
        };
        let timeline = timeline::of(reader, house.keyring(), staff, me.staff_id(), look).await?;
        let requests = match reach_of(me, Act::OpenRequest) {
            Reach::No => Vec::new(),
            _ => requests_of(reader, me, id).await?.into_iter().map(|one| one.reference).collect(),
        };
        let needs = Needs::load(reader, me, &page.subject).await?;
        let has_check_ins = aftercare::is_on(reader, id).await?;
        let corrections = state::corrections(reader, house.keyring(), staff, id, zone).await?;
        let name = clients::person::shown(&page.person.name_used);
        let stop = Stop::of(&reaching, zone);
        let head = Head::with(me, &page, Part::Record);
        let written = reaching.points.iter().map(|one| (one.clone(), reaching.written(one, now)));
        let sets = may(me, Act::SetSafeContact, &page.subject);
        let my_name = me.staff().map_or("", |s| s.name.split(' ').next().unwrap_or_default());
        Ok(Self {
            id,
            card: match &needs {
                Some(needs) if needs.is_red => reaching.card(&name, my_name, now).in_danger(&reaching, false),
                _ => reaching.card(&name, my_name, now),
            },
            needs,
            tabs: head.tabs,
            stands: stands(&page, today, has_check_ins),
            death: head.death,
            death_told: page.person.death_source.map_or("", DeathSource::words),
            death_corrections: state::of_death(&corrections),
            correcting: typed.given("stay").is_some(),
            corrected_stay: match (typed.given("stay"), page.episodes.first()) {
                (Some(chosen), _) => chosen.to_owned(),
                (None, newest) => newest.map(|stay| stay.id.to_string()).unwrap_or_default(),
            },
            facts: facts(&page),
            reference: page.client.reference.clone(),
            name,
            email_allowed: stop.is_none()
                && consents.iter().any(|c| c.kind == ConsentKind::ElectronicContact && c.is_in_force(today)),
            consents: consents
                .iter()
                .map(|c| consent_line(c, stop.as_ref(), today, page.person.died_at.is_some()))
                .collect(),
            stop,
            stays: stays(reader, house.keyring(), &page.episodes, &corrections, today).await?,
            paper: PaperForm::of(typed, faults),
            shared: typed.many("scope[]").filter_map(Scope::parse).collect(),
            older: timeline.older,
            events: timeline.events.into_iter().map(|e| event_line(e, now, zone)).collect(),
            requests,
            may: MayDo::new(me, &page.subject),
            // A page that is shown again for a fault must not pass for a newer one.
            version: match (typed.text("version").parse(), faults.of("identity")) {
                (Ok(sent), None) => sent,
                _ => page.person.version,
            },
            fields: fields(&page, reaching.rules.as_ref(), typed, faults),
            counselors: counselors(staff, me, &page),
            hours: super::hours_to_choose(),
            problem: Problem::from(faults),
            risks: risks(typed, reaching.rules.as_ref()),
            theirs: theirs(&page, reaching.rules.as_ref(), typed, faults),
            points: written.collect(),
            each_number: if sets { format!("/clients/{id}/safe-contact") } else { String::new() },
            rules: reaching.rules.clone(),
        })
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }

    fn paper_href(&self) -> String {
        format!("/clients/{}/consents/paper", self.id)
    }

    /// Whether the one form that corrects dates stands at this stay.
    fn corrects(&self, id: &EpisodeId) -> bool {
        self.corrected_stay == id.to_string()
    }

    /// A field of the form that corrects the dates of a stay: what was typed, else the day that stands there.
    fn stay_field(&self, stay: &Stay, name: &'static str) -> Field {
        let typed = self.field(name);
        if typed.fault.is_some() || !typed.value.is_empty() {
            return typed.clone();
        }
        let day = match name {
            "new_admitted_on" => Some(stay.admitted_on),
            "new_discharged_on" => stay.discharged_on,
            _ => None,
        };
        Field { name, value: day.map(|day| day.to_string()).unwrap_or_default(), fault: None }
    }

    fn in_care(&self) -> bool {
        self.stays.iter().any(|s| s.open)
    }

    fn has_risk(&self, risk: Risk) -> bool {
        self.risks.contains(&risk)
    }

    /// The version of what was said, so that a colleague's answer is not overwritten.
    fn rules_version(&self) -> i32 {
        self.rules.as_ref().map_or(0, |rules| rules.version)
    }
}

/// What was typed wins over what is kept, so that nothing typed is lost when something must be put right.
fn fields(
    page: &client::Page,
    rules: Option<&contact_rules::ContactRules>,
    typed: &Typed,
    faults: &Faults,
) -> Vec<Field> {
    let sent = typed.all().next().is_some();
    let kept = |name: &str| identity(page, name).or_else(|| reaching::kept(rules, name)).unwrap_or_default();
    FIELDS
        .iter()
        .map(|name| {
            let field = Field::of(name, typed, faults);
            if sent && typed.all().any(|(sent, _)| sent == *name) {
                field
            } else {
                Field { value: kept(name), ..field }
            }
        })
        .collect()
}

/// Counselors who work here now, but for the one who carries them already.
fn counselors(staff: &Directory, me: &Actor, page: &client::Page) -> Vec<(StaffId, String)> {
    if !may(me, Act::ChangeClient, &page.subject) {
        return Vec::new();
    }
    staff
        .working_as(&[Role::Counselor])
        .into_iter()
        .filter(|(id, _)| Some(*id) != page.client.counselor_id)
        .collect()
}

impl MayDo {
    fn new(me: &Actor, care: &Subject) -> Self {
        Self {
            change: may(me, Act::ChangeClient, care),
            admit: may(me, Act::Admit, care),
            discharge: may(me, Act::Discharge, care),
            consent: may(me, Act::RecordConsent, care),
            reach: may(me, Act::SetContactPoint, care),
            note: may(me, Act::NoteClient, care),
            record_death: may(me, Act::RecordDeath, care),
            correct_death: may(me, Act::CorrectDeath, care),
            correct_stay: may(me, Act::CorrectStay, care),
            confirm_stop: may(me, Act::ConfirmStop, care),
            clear: may(me, Act::ClearAddress, care),
        }
    }
}

/// A consent is never called in force beside an address that nobody writes to.
fn consent_line(consent: &Consent, stop: Option<&Stop>, today: Day, died: bool) -> ConsentLine {
    let stopped =
        stop.filter(|_| consent.kind == ConsentKind::ElectronicContact && consent.is_in_force(today));
    let words = match consent.kind {
        ConsentKind::ElectronicContact => "May be written to by e-mail".to_owned(),
        ConsentKind::NamedDisclosure => {
            let scope: Vec<&str> = consent.scope.0.iter().map(|s| s.words()).collect();
            let until = consent.expires_on.map(|d| format!(", until {}", long_date(d))).unwrap_or_default();
            format!("{} may get: {}. For: {}{until}", consent.recipient, scope.join(", "), consent.purpose)
        }
    };
    ConsentLine {
        id: consent.id,
        words,
        state: match stopped {
            _ if died && consent.kind == ConsentKind::ElectronicContact => "No letter leaves any more".into(),
            Some(stop) => stop.words.clone(),
            None => consent.state(today).words().to_owned(),
        },
        signed: signed(consent),
        deficient: (consent.state(today) == State::Deficient).then(|| lacks(consent)),
        can_end: !died && matches!(consent.state(today), State::Active | State::Deficient),
    }
}

/// "Signed by a parent or guardian (Linh Nguyễn), in English, copy given".
fn signed(consent: &Consent) -> String {
    if consent.kind == ConsentKind::ElectronicContact {
        return String::new();
    }
    let by = consent.signer_name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let language = consent.language.map(|one| format!("; {}", one.words())).unwrap_or_default();
    let copy = if consent.copy_given { "; copy given" } else { "; no copy given yet" };
    format!("Signed by: {}{by}{language}{copy}", consent.signer.words())
}

/// What a paper lacks on its face, and what to do about it.
fn lacks(consent: &Consent) -> String {
    let missing: Vec<String> = consent.missing().iter().map(|one| format!("“{}”", one.words())).collect();
    format!(
        "The law asks that the paper says {}. Until it does, nothing is shared under it. Print the paper below, have it \
         signed, and record it anew.",
        missing.join(", ")
    )
}

fn event_line(event: Event, now: Instant, zone: Zone) -> EventLine {
    let (class, icon) = match event.knot {
        Knot::People => ("steady", "heart-handshake"),
        Knot::House => ("info", "building-2"),
        Knot::Note => ("person", "pencil"),
    };
    EventLine { class, icon, when: when(event.at, now, zone), event }
}

impl Page for Record {
    fn title(&self) -> String {
        format!("Record {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Clients)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
