//! What the page of a benefits check shows, in the words of the page.

use askama::Template;
use clients::episode::LevelOfCare;
use consent::rules::notice::PROHIBITION;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Day, Error, Faults, Instant, StaffId, Zone, day, may};
use intake::BenefitCheck;
use intake::benefits::coverage::{Coverage, FIELDS};
use intake::benefits::findings::{NAMES, Names, Outcome, names_of};
use intake::benefits::{Opened, Page as Read};
use intake::clocks;
use intake::rules::benefits::{
    GOOD_FAITH, Holds, Left, Method, Network, PlanKind, PriorAuth, State, Subscriber, Way, WhyNot, holds,
    left,
};
use intake::rules::clock::Clock;
use intake::rules::standing::long;

use super::answer::{Answer, answered};
use super::beside::theirs;
use crate::differing::Differs;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tag};
use crate::page::{Page, Shell};
use crate::signed_paper::PaperForm;

/// What buttons the viewer sees: the same question the act asks.
#[expect(clippy::struct_excessive_bools, reason = "one button each")]
struct MayDo {
    ask: bool,
    correct: bool,
    take: bool,
    give_back: bool,
    answer: bool,
    approve: bool,
    permit: bool,
}

#[derive(Template)]
#[template(path = "pages/benefits/check.html")]
pub(super) struct CheckPage {
    reference: String,
    name: String,
    stands: String,
    tag: Tag,
    version: i32,
    facts: Vec<Fact>,
    levels: Vec<&'static str>,
    /// What a colleague put right meanwhile.
    theirs: Vec<Differs>,
    chosen: Vec<&'static str>,
    /// Who would be told when the plan is asked by name.
    who: Option<String>,
    permission: Option<String>,
    self_pay: bool,
    /// What the answer is called.
    said: &'static str,
    /// What was tried, when it could not be checked.
    tried: Option<String>,
    answer: Option<Answer>,
    before: Option<Answer>,
    forms: Vec<&'static Names>,
    ways: Choices,
    may: MayDo,
    asking: bool,
    fields: Vec<Field>,
    paper: PaperForm,
    problem: Problem,
}

impl CheckPage {
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        read: Read,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let (staff, clocks) = (Directory::of(house).await?, clocks::of(house).await?);
        let around = Around { staff: &staff, now: house.now(), zone };
        let newest = read.newest.as_ref();
        let kept = newest.map(|newest| newest.coverage.clone()).or_else(|| read.from_call.clone());
        let kept = kept.unwrap_or_default();
        let asking = faults
            .0
            .iter()
            .any(|f| f.field == "levels" || f.field == "coverage" || FIELDS.contains(&f.field.as_str()));
        let state = newest.map(|newest| newest.check.state());
        Ok(Self {
            reference: read.request.reference.clone(),
            stands: stands(newest.map(|newest| &newest.check), around, &clocks.office(zone)),
            tag: state.map_or(Tag::NOT_ASKED, tag),
            version: newest.map_or(0, |newest| newest.check.version),
            facts: newest.map(|newest| facts(&newest.coverage)).unwrap_or_default(),
            levels: kept.levels.iter().map(|level| level.words()).collect(),
            theirs: theirs(&kept, typed, faults),
            chosen: chosen(typed, &kept),
            who: newest.and_then(|newest| newest.coverage.who_is_asked().map(str::to_owned)),
            permission: read.consent.as_ref().map(|consent| {
                let until = consent.expires_on.map(|on| format!(", until {}", long_date(on)));
                format!("signed {}{}", long_date(consent.signed_on), until.unwrap_or_default())
            }),
            self_pay: kept.is_self_pay(),
            said: if kept.is_self_pay() { "What it will cost" } else { "What the plan said" },
            tried: newest.and_then(tried),
            answer: newest.and_then(|newest| answered(newest, around)),
            before: read.before.as_ref().and_then(|before| answered(before, around)),
            forms: names_of(&kept.levels).filter(|_| !kept.is_self_pay()).collect(),
            ways: ways(&kept),
            may: MayDo::new(me, &read),
            asking,
            fields: fields(&kept, typed, faults),
            paper: PaperForm::of(typed, faults).named(&read.name),
            problem: Problem::from(faults),
            name: read.name,
        })
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }

    fn paper_href(&self) -> String {
        format!("/inbox/{}/benefits/permission/paper", self.reference)
    }

    fn fault(&self, name: &str) -> Option<&str> {
        self.problem.0.iter().find(|f| f.field == name).map(|f| f.words.as_str())
    }

    fn is_chosen(&self, level: &str) -> bool {
        self.chosen.contains(&level)
    }

    /// Whether the form in which this field stands was sent and is shown again.
    fn is_wrong(&self, names: &[&str]) -> bool {
        self.problem.0.iter().any(|fault| names.contains(&fault.field.as_str()))
    }
}

/// Who works here, and when and where it is read.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    staff: &'a Directory,
    pub(super) now: Instant,
    pub(super) zone: Zone,
}

impl Around<'_> {
    pub(super) fn name(&self, id: Option<StaffId>) -> &str {
        id.and_then(|id| self.staff.name(id)).unwrap_or("a former colleague")
    }
    pub(super) fn today(&self) -> Day {
        day(self.now, self.zone)
    }
    fn when(&self, at: Instant) -> String {
        when(at, self.now, self.zone)
    }
}

impl MayDo {
    fn new(me: &Actor, read: &Read) -> Self {
        let subject = read.request.subject();
        let check = read.newest.as_ref().map(|newest| &newest.check);
        let (open, taken) =
            (check.is_some_and(BenefitCheck::is_open), check.is_some_and(|check| check.taken_at.is_some()));
        let mine = check.is_some_and(|check| check.taken_by.is_some() && check.taken_by == me.staff_id());
        let may = |act| may(me, act, &subject);
        Self {
            ask: !open && may(Act::AskBenefits),
            correct: open && may(Act::AskBenefits),
            take: open && !taken && may(Act::TakeBenefits),
            give_back: open && taken && may(Act::ReturnBenefits),
            answer: open && mine && may(Act::AnswerBenefits),
            approve: check
                .is_some_and(|check| check.state() == State::Answered && check.answered_by != me.staff_id())
                && may(Act::ApproveBenefits),
            permit: open && may(Act::RecordConsent),
        }
    }
}

/// A date as it is written here.
pub(super) fn long_date(day: Day) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The state as a mark and a word.
pub(super) fn tag(state: State) -> Tag {
    match state {
        State::Asked => Tag::new("soon", "ring", State::Asked.words()),
        State::BeingChecked => Tag::new("person", "half", State::BeingChecked.words()),
        State::Answered => Tag::new("soon", "half", State::Answered.words()),
        State::Approved => Tag::new("calm", "check", State::Approved.words()),
        State::NotChecked => Tag::new("plain", "crossed", State::NotChecked.words()),
    }
}

/// The numbers of levels of care.
pub(super) fn codes(levels: &[LevelOfCare]) -> String {
    levels.iter().map(|level| level.as_str()).collect::<Vec<_>>().join(", ")
}

/// The countdown of an open check.
pub(super) fn clock(now: Instant, due: Instant, office: &Clock<'_>) -> (String, &'static str) {
    match left(now, due, office) {
        Left::Late => (format!("Late {}", long(due, now)), "now"),
        Left::Time(time) => (format!("{} left", long(now, now + time)), "urgent"),
        Left::Waits(_) => ("Clock waits".into(), "plain"),
    }
}

/// How the newest check stands, in one line of the request's page.
pub fn line(check: Option<&BenefitCheck>, staff: &Directory, now: Instant, zone: Zone) -> String {
    let around = Around { staff, now, zone };
    let Some(check) = check else { return "not asked for yet".into() };
    match (check.state(), check.valid_until) {
        (State::Asked, _) => format!("asked {}, nobody has it yet", ago(check.asked_at, now)),
        (State::BeingChecked, _) => format!("being checked by {}", around.name(check.taken_by)),
        (State::NotChecked, _) => "could not be checked".into(),
        (State::Answered | State::Approved, Some(last)) if holds(last, around.today()) == Holds::No => {
            format!("ran out on {}", long_date(last))
        }
        (State::Approved, Some(last)) => format!("verified and approved, until {}", long_date(last)),
        (State::Answered, Some(last)) => format!("verified until {}, not approved yet", long_date(last)),
        (State::Answered | State::Approved, None) => "verified".into(),
    }
}

fn ago(at: Instant, now: Instant) -> String {
    if (now - at).num_minutes() == 0 { "just now".into() } else { format!("{} ago", long(at, now)) }
}

fn stands(check: Option<&BenefitCheck>, around: Around<'_>, office: &Clock<'_>) -> String {
    let Some(check) = check else {
        return "Nobody has asked for a check yet. An assessment does not wait for it.".into();
    };
    let clock = || match left(around.now, check.due_at, office) {
        Left::Late => format!("It is {} late.", long(check.due_at, around.now)),
        Left::Time(time) => format!("It is due in {}.", long(around.now, around.now + time)),
        Left::Waits(at) => format!("The clock waits until {}.", around.when(at)),
    };
    let answered = check.answered_at.map(|at| around.when(at)).unwrap_or_default();
    match (check.state(), check.why_not, check.valid_until) {
        (State::Asked, ..) => {
            let (who, at) = (around.name(check.asked_by), ago(check.asked_at, around.now));
            format!("{who} asked {at}, and nobody has it yet. {}", clock())
        }
        (State::BeingChecked, ..) => {
            let since = check.taken_at.map(|at| around.when(at)).unwrap_or_default();
            format!("{} has it since {since}. {}", around.name(check.taken_by), clock())
        }
        (State::NotChecked, Some(why), _) => {
            format!(
                "It could not be checked, {answered}. {}. An assessment does not wait for it.",
                why.words()
            )
        }
        (_, _, Some(last)) => format!("Verified {answered}. {}", holding(last, around.today())),
        _ => format!("Answered {answered}."),
    }
}

pub(super) fn holding(last: Day, today: Day) -> String {
    match holds(last, today) {
        Holds::Yes => format!("It holds until {}.", long_date(last)),
        Holds::RunsOut => format!("It runs out on {}. Ask again before that.", long_date(last)),
        Holds::No => format!("It ran out on {}. Ask again.", long_date(last)),
    }
}

/// A fact of the coverage that may not have been asked yet.
fn facts(coverage: &Coverage) -> Vec<Fact> {
    let kind = match coverage.plan_kind {
        PlanKind::NotAsked => Fact::new("Kind of plan", None),
        PlanKind::Unknown => Fact::unknown("Kind of plan"),
        kind => Fact::new("Kind of plan", Some(kind.words().into())),
    };
    if coverage.is_self_pay() {
        return vec![kind];
    }
    let subscriber = match coverage.subscriber {
        Subscriber::NotAsked => Fact::new("Who holds the plan", None),
        Subscriber::Unknown => Fact::unknown("Who holds the plan"),
        who => Fact::new("Who holds the plan", Some(who.words().into())),
    };
    let text = |label, field| Fact::new(label, Some(coverage.text(field)));
    vec![
        text("Plan", "plan"),
        kind,
        text("Member ID", "member_id"),
        text("Group number", "group_number"),
        text("Provider services", "payer_phone"),
        text("Behavioral health", "administrator"),
        text("Their phone", "administrator_phone"),
        subscriber,
        text("Name on the plan", "subscriber_name"),
        Fact::new("Born on", coverage.subscriber_born.map(long_date)),
    ]
}

/// The levels that are ticked: as they were sent, or as they were given.
fn chosen(typed: &Typed, kept: &Coverage) -> Vec<&'static str> {
    let sent = typed.all().any(|(name, _)| name == "plan");
    let is_on = |level: &LevelOfCare| {
        if sent {
            typed.many("level[]").any(|one| one == level.as_str())
        } else {
            kept.levels.contains(level)
        }
    };
    LevelOfCare::ALL.iter().filter(|level| is_on(level)).map(|level| level.as_str()).collect()
}

/// Every field of every form: as it was sent, or as it is kept.
fn fields(kept: &Coverage, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let sent = |name: &str| typed.all().any(|(one, _)| one == name);
    let field = |name: &'static str, kept: String| {
        let field = Field::of(name, typed, faults);
        if sent(name) { field } else { Field { value: kept, ..field } }
    };
    let permission = ["signed_on", "expires_on"];
    let answer =
        ["way", "method", "call_reference", "representative", "estimate", "why_not", "tried_way", "tried"];
    let plain = permission.into_iter().chain(answer).map(|name| field(name, String::new()));
    let coverage = FIELDS.into_iter().map(|name| field(name, kept.text(name)));
    let levels = NAMES.iter().flat_map(Names::every).map(|name| field(name, String::new()));
    coverage.chain(plain).chain(levels).collect()
}

fn tried(newest: &Opened) -> Option<String> {
    match &newest.outcome {
        Some(Outcome::NotChecked(tried)) => Some(tried.clone()).filter(|tried| !tried.is_empty()),
        _ => None,
    }
}

/// The choices of a field, as stored and as read.
pub(super) type Choices = Vec<(&'static str, &'static str)>;

macro_rules! choices {
    ($name:ident, $of:ident) => {
        pub(super) fn $name() -> Choices {
            $of::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
        }
    };
}

choices!(kinds, PlanKind);
choices!(subscribers, Subscriber);
choices!(methods, Method);
choices!(networks, Network);
choices!(prior_auths, PriorAuth);
choices!(whys, WhyNot);
choices!(tries, Way);

/// The ways that fit: without a plan nobody is asked.
fn ways(coverage: &Coverage) -> Choices {
    let self_pay = coverage.is_self_pay();
    tries().into_iter().filter(|(way, _)| (*way == Way::Nobody.as_str()) == self_pay).collect()
}

impl Page for CheckPage {
    fn title(&self) -> String {
        format!("Benefits check {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Benefits)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
