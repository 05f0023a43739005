//! What the page of one request shows, in the words of the page.

use askama::Template;
use clients::episode::LevelOfCare;
use clients::rules::tags::TagId;
use clients::tags;
use consent::contact_rules::StillHolds;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, Role, StaffId, Zone, may};
use intake::clocks;
use intake::reasons;
use intake::referral_out::ReferralOutId;
use intake::replies;
use intake::request::page::Page as Read;
use intake::request::writing;
use intake::rules::reasons::Offered;
use intake::rules::standing::Group;
use intake::rules::waiting::WhyWaiting;
use intake::rules::words::Outcome;
use mail::own_words::Sight;
use mail::third_party::FixedReply;

use crate::differing::Differs;
use crate::filters;
use crate::form::{Seen, Typed};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tag};
use crate::page::{Page, Shell};
use crate::replies::subject_lines;
use crate::{appointments, benefits};

use super::beside::{each_number, handles, offered_tags, theirs, where_to};
use super::confiding::Confided;
use super::danger_hours::DangerLine;
use super::fields::FIELDS;
use super::messages::{MessageLine, message_lines};
use super::once_more::OnceMore;
use super::referred::Referred;
use super::same_person::{Line, SamePerson};
use super::telling::{
    CallLine, EventLine, MergedLine, Stage, asleep, call_line, caller_facts, event_line, heading,
    merged_lines, owner_line, prospective_facts, quick, stages, stands, told_back, waiting_until, waits,
    watchers_line,
};
use super::touching::Came;

/// What buttons the viewer sees: the same question the act asks.
#[expect(clippy::struct_excessive_bools, reason = "one button each")]
struct MayDo {
    claim: bool,
    release: bool,
    give: bool,
    log: bool,
    confirm: bool,
    admit: bool,
    call: bool,
    snooze: bool,
    wake: bool,
    wait: bool,
    go_on: bool,
    ask_again: bool,
    write: bool,
    watch: bool,
    tag: bool,
    run: bool,
    close: bool,
    convert: bool,
    merge: bool,
    not_them: bool,
    waitlist: bool,
}

#[derive(Template)]
#[template(path = "pages/inbox/request.html")]
pub(super) struct RequestPage {
    read: Read,
    heading: String,
    stands: String,
    /// Danger and hours, where they stand against each other.
    danger_hours: Option<DangerLine>,
    /// For what of theirs it waits.
    waits: Option<String>,
    urgency: Tag,
    owner_line: String,
    mine: bool,
    stages: Vec<Stage>,
    events: Vec<EventLine>,
    /// What came in about it since.
    messages: Vec<MessageLine>,
    merged: Vec<MergedLine>,
    /// Who may be the same person; `None` when nobody is asked for any more.
    same_person: Option<SamePerson>,
    caller_facts: Vec<Fact>,
    prospective_facts: Vec<Fact>,
    may: MayDo,
    once_more: OnceMore,
    confided: Confided,
    colleagues: Vec<(StaffId, String)>,
    counselors: Vec<(StaffId, String)>,
    outcomes: &'static [Outcome],
    reasons: Offered,
    /// Where every number has rules of its own; empty for who may not set them.
    each_number: String,
    /// The center's words on it, and those that can be put on it.
    tags: Vec<(TagId, String)>,
    tags_offered: Vec<(String, String)>,
    calls: Vec<CallLine>,
    /// Moments to put it aside until, by one button each.
    quick: Vec<(String, String)>,
    asleep: String,
    /// Which colleagues look at it as well.
    here: String,
    /// When somebody who allowed it is asked again.
    ask_again: String,
    /// What may be told to a caller about the one they ask for.
    told_back: String,
    came: Came,
    /// Where they were sent on to and how that stands, for those who follow it: the key and the words.
    sent_on: Option<Vec<(ReferralOutId, String)>>,
    /// What a professional told who sent them.
    referred: Option<Referred>,
    /// How the benefits check stands, for those who may see it.
    benefits: Option<String>,
    /// How the appointment stands, for those who book.
    appointment: Option<String>,
    /// They should be here by now, and nobody has said so.
    asked: bool,
    /// What a letter to them would need to know.
    composer: Composer,
    watchers: String,
    watched: bool,
    /// Whom a note can name.
    handles: Vec<(String, String)>,
    fields: Vec<Field>,
    /// What a colleague promised while this viewer typed something else.
    theirs: Vec<Differs>,
    problem: Problem,
}

/// Writing to the person who asked: where it would go, or why nothing can go.
struct Composer {
    to: Option<String>,
    why_not: &'static str,
    /// Their language, as far as there are letters in it.
    language: &'static str,
    replies: Vec<String>,
    subject_lines: Vec<(&'static str, &'static str)>,
    sight: Option<Sight>,
    /// Whether somebody is writing.
    open: bool,
    /// What can be sent to somebody who asks about another; `None` for who asks for themselves.
    another: Option<ToAnother>,
}

/// Writing to somebody who asks about another: the fixed replies, and what a consent lets them know.
struct ToAnother {
    fixed: Vec<(&'static str, &'static str)>,
    /// Every fixed reply as it reads, in the language of who asked.
    texts: Vec<(&'static str, &'static str)>,
    /// What the consent that names them allows, and whether it was ticked.
    allowed: Vec<(&'static str, &'static str, bool)>,
}

impl ToAnother {
    fn new(outlook: &writing::Outlook, typed: &Typed) -> Self {
        let ticked: Vec<&str> = typed.many("tells[]").collect();
        let scope = outlook.consent.iter().flat_map(|consent| &consent.scope.0);
        Self {
            fixed: FixedReply::ALL.iter().map(|reply| (reply.as_str(), reply.words())).collect(),
            texts: FixedReply::ALL.iter().map(|reply| (reply.words(), reply.text(outlook.lang))).collect(),
            allowed: scope.map(|s| (s.as_str(), s.words(), ticked.contains(&s.as_str()))).collect(),
        }
    }
}

impl Composer {
    async fn new(
        house: &House,
        me: &Actor,
        read: &Read,
        seen: Seen<'_>,
        sight: Option<Sight>,
    ) -> Result<Self, Error> {
        let outlook = &read.outlook;
        let replies = if outlook.to.is_some() && may(me, Act::WriteMessage, &read.request.subject()) {
            replies::all(house.reader(), house.keyring()).await?
        } else {
            Vec::new()
        };
        let names =
            replies.into_iter().filter(|reply| reply.whose.is_for(me.staff_id())).map(|reply| reply.name);
        let written = seen.typed.given("letter").is_some();
        let faulty = ["letter", "subject_line", "reply", "fixed_reply"]
            .iter()
            .any(|field| seen.faults.of(field).is_some());
        Ok(Self {
            to: outlook.to.clone(),
            why_not: outlook.answer.words(),
            language: outlook.lang.tag(),
            replies: names.collect(),
            subject_lines: subject_lines(),
            open: written || faulty || sight.is_some(),
            another: outlook.about_another.then(|| ToAnother::new(outlook, seen.typed)),
            sight,
        })
    }
}

impl RequestPage {
    #[expect(clippy::too_many_lines, reason = "everything that stands on the page, in its order")]
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        mut read: Read,
        seen: Seen<'_>,
        sight: Option<Sight>,
    ) -> Result<Self, Error> {
        let Seen { typed, faults, .. } = seen;
        let (zone, now) = (Center::of(house).await?.zone, house.now());
        let staff = Directory::of(house).await?;
        let came = Came::new(house, me, &mut read, zone).await?;
        let referred = Referred::new(&mut read, me, &staff, now, zone);
        let (reasons, tags) = (reasons::of(house).await?, tags::of(house).await?);
        let composer = Composer::new(house, me, &read, seen, sight).await?;
        let calls_back = may(me, Act::CallMessageBack, &read.request.subject());
        Ok(Self {
            once_more: OnceMore::of(&read, now, zone),
            confided: Confided::of(&read, me, &staff),
            sent_on: where_to(&read, me, now, zone),
            came,
            referred,
            heading: heading(&read),
            stands: stands(&read, (&*clocks::of(house).await?, &reasons), now, zone),
            danger_hours: DangerLine::of(&read.request, &read.reaching, now, zone),
            waits: waits(&read, now, zone),
            urgency: urgency(&read),
            owner_line: owner_line(&read, me, now, zone),
            mine: read.request.owner_id.is_some() && read.request.owner_id == me.staff_id(),
            stages: stages(&read, now, zone),
            events: {
                let line = |e| event_line(e, calls_back, &staff, (now, zone));
                read.history.events.iter().map(line).collect()
            },
            messages: message_lines(&read.messages, now, zone),
            merged: merged_lines(&read, me, (&staff, &tags), now, zone),
            same_person: read.request.is_open().then(|| {
                let known_by = Field::of("known_by", typed, faults);
                same_person(&mut read, me, known_by, now, zone)
            }),
            caller_facts: caller_facts(&read),
            prospective_facts: prospective_facts(&read),
            may: MayDo::new(me, &read, now),
            colleagues: staff.working_as(&[Role::Intake, Role::FrontDesk, Role::Supervisor]),
            counselors: staff.working_as(&[Role::Counselor]),
            outcomes: Outcome::ALL,
            reasons: reasons.offered(),
            each_number: each_number(&read, me),
            tags: tags.of(&read.request.tagged()),
            tags_offered: offered_tags(&tags, &read),
            quick: quick(now, zone),
            asleep: asleep(&read, now, zone),
            here: house.presence().others(&read.request.reference, me.staff_id(), &staff),
            ask_again: asked_again(&read, now, zone),
            told_back: told_back(&read),
            calls: read.calls.iter().map(|call| call_line(call, &staff, now, zone)).collect(),
            benefits: may(me, Act::ViewBenefits, &read.request.subject())
                .then(|| benefits::view::line(read.benefits.as_ref(), &staff, now, zone)),
            theirs: theirs(&read, seen, zone),
            fields: fields(typed, faults, now, zone),
            appointment: may(me, Act::BookAppointment, &read.request.subject())
                .then(|| appointments::view::line(read.appointment.as_ref(), &staff, now)),
            asked: read.appointment.as_ref().is_some_and(|on| on.is_asked(now)),
            watchers: watchers_line(&read, me, &staff),
            watched: me.staff_id().is_some_and(|id| read.watchers.contains(&id)),
            handles: handles(&staff, &read),
            composer,
            problem: Problem::from(faults),
            read,
        })
    }

    /// What they may do next.
    fn whys() -> Vec<(&'static str, &'static str)> {
        WhyWaiting::ALL.iter().map(|why| (why.as_str(), why.words())).collect()
    }

    /// How asking again can go.
    fn answers(&self) -> Vec<(&'static str, &'static str)> {
        self.outcomes.iter().map(|outcome| (outcome.as_str(), outcome.words())).collect()
    }

    /// Whether one more try wants a reason.
    fn asks_why(&self) -> bool {
        !self.once_more.is_usual() || self.field("beyond").fault.is_some()
    }

    fn levels() -> Vec<(&'static str, &'static str)> {
        LevelOfCare::ALL.iter().map(|level| (level.as_str(), level.words())).collect()
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

fn urgency(read: &Read) -> Tag {
    let urgency = read.request.urgency;
    Tag { tone: urgency.tone(), mark: urgency.mark(), words: urgency.words() }
}

/// When somebody who allowed it is asked again.
fn asked_again(read: &Read, now: Instant, zone: Zone) -> String {
    let at = read.request.check_in_at;
    at.map_or_else(String::new, |at| format!("They said we may. Next: {}.", when(at, now, zone)))
}

/// What was typed; a moment at which waiting ends is filled in first.
fn fields(typed: &Typed, faults: &Faults, now: Instant, zone: Zone) -> Vec<Field> {
    let fields = FIELDS.iter().map(|name| match Field::of(name, typed, faults) {
        field if *name == "waiting_until" && field.value.is_empty() && field.fault.is_none() => {
            Field { value: waiting_until(now, zone), ..field }
        }
        field => field,
    });
    fields.collect()
}

impl MayDo {
    fn new(me: &Actor, read: &Read, now: Instant) -> Self {
        let asleep = read.request.snoozed_until.is_some_and(|until| until > now);
        // Whoever may be in danger is not put aside.
        let is_pressing = read.group == Group::Safety;
        let subject = read.request.subject();
        let (open, owned) = (read.request.is_open(), read.request.owner_id.is_some());
        let may = |act| may(me, act, &subject);
        Self {
            claim: open && !owned && may(Act::ClaimRequest),
            release: open && read.request.owner_id == me.staff_id() && owned && may(Act::ReleaseRequest),
            give: open && may(Act::GiveRequest),
            log: open && may(Act::LogAttempt),
            confirm: open && read.card.stale && may(Act::SetSafeContact),
            admit: may(Act::Admit),
            call: open && may(Act::TakeCall),
            snooze: open && !asleep && !is_pressing && may(Act::SnoozeRequest),
            wait: open && read.waits.is_none() && !is_pressing && may(Act::WaitForCaller),
            go_on: read.waits.is_some() && may(Act::GoOnWithRequest),
            ask_again: read.request.check_in_at.is_some() && may(Act::LogAttempt),
            wake: open && asleep && may(Act::WakeRequest),
            write: open && may(Act::WriteMessage),
            watch: may(Act::WatchRequest),
            tag: may(Act::TagRequest),
            run: open && may(Act::RunMacro),
            close: may(Act::CloseRequest),
            convert: open && may(Act::ConvertRequest),
            merge: open && may(Act::MergeRequests),
            waitlist: may(Act::ViewWaitlist),
            not_them: open && read.request.was_about_id.is_some() && may(Act::RecognizeClient),
        }
    }
}

fn same_person(read: &mut Read, me: &Actor, known_by: Field, now: Instant, zone: Zone) -> SamePerson {
    let lines = std::mem::take(&mut read.alike).into_iter().map(|one| Line::of(one, now, zone)).collect();
    let merges = may(me, Act::MergeRequests, &read.request.subject());
    let recognizes =
        may(me, Act::RecognizeClient, &read.request.subject()) && read.request.was_about_id.is_none();
    let reference = || read.request.reference.clone();
    SamePerson { lines, merge: merges.then(reference), recognize: recognizes.then(reference), known_by }
}

impl Page for RequestPage {
    fn title(&self) -> String {
        format!("Request {}", self.read.request.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
