//! Receiving: from what was typed to a request with its people, contact points and rules, in one unit.

mod elsewhere;
mod typed;

use clients::person::{self, NewPerson};
use consent::contact_point::{self, NewContactPoint};
use consent::contact_rules::{self, NewContactRules};
use consent::gate::Purpose;
use consent::rules::area_code::zones_of;
use consent::rules::contact::{Answering, Hours, Permission, SaidBy, Voicemail};
use foundation::center::Center;
use foundation::{Act, Error, Faults, Instant, Lang, News, PersonId, Subject, Unit};
use mail::{Facts, LetterKind, NewMessage, outbox};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};

pub use typed::TypedRequest;

use super::{RELATIONSHIP, Request, RequestId, WORDS};
use crate::clocks;
use crate::entity::request;
use crate::routing;
use crate::rules::danger_hours::OutsideHours;
use crate::rules::due::Asked;
use crate::rules::words::{Channel, Danger, ForWhom, Urgency};

/// Characters of what a person may write about what would help.
pub const LONGEST_WORDS: usize = 4000;

/// A request that can be received.
#[derive(Clone, Debug)]
pub struct NewRequest {
    channel: Channel,
    danger: Danger,
    outside_hours: Option<OutsideHours>,
    pub(super) for_whom: ForWhom,
    pub(super) relationship: Option<String>,
    pub(super) caller: NewPerson,
    pub(super) other: Option<NewPerson>,
    pub(super) points: Vec<NewContactPoint>,
    pub(super) rules: NewContactRules,
    pub(super) words: Option<String>,
    /// Whether a letter says that it arrived, where the person allows one.
    acknowledged: bool,
    /// How it stood in old records, when it is from there.
    before: Option<elsewhere::Before>,
}

impl NewRequest {
    /// A call of which nothing is known yet.
    ///
    /// # Errors
    /// None: an empty sheet is a request.
    pub fn by_phone() -> Result<Self, Faults> {
        Self::parse(&TypedRequest::default(), Channel::Phone, SaidBy::Voice)
    }

    /// The language the caller reads and wants to be spoken to in.
    #[must_use]
    pub fn speaking(mut self, lang: Lang) -> Self {
        self.caller = self.caller.speaking(lang.tag());
        self
    }

    /// Parses what was typed.
    pub fn parse(typed: &TypedRequest<'_>, channel: Channel, said_by: SaidBy) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let for_whom = ForWhom::parse(typed.for_whom).unwrap_or(ForWhom::NotSaid);
        let caller = take(NewPerson::parse(typed.name), &mut faults);
        let other = if matches!(for_whom, ForWhom::Self_ | ForWhom::NotSaid) {
            None
        } else {
            take(NewPerson::parse(typed.other_name), &mut faults)
        };
        let danger = Danger::parse(typed.danger).unwrap_or(Danger::NotAsked);
        let outside_hours = outside_hours(typed, danger, channel, &mut faults);
        let points = points(typed, channel, &mut faults);
        let rules = rules(typed, said_by, &mut faults);
        let words = Some(typed.words.trim()).filter(|w| !w.is_empty()).map(str::to_owned);
        if words.as_ref().is_some_and(|w| w.chars().count() > LONGEST_WORDS) {
            faults.add("words", "Write less here, up to 4,000 characters; there is time to talk");
        }
        let relationship = Some(person::plain(typed.relationship)).filter(|r| !r.is_empty());
        if relationship.as_ref().is_some_and(|r| r.chars().count() > 60) {
            faults.add("relationship", "Enter a shorter word, like sister");
        }
        match (caller, faults.0.is_empty()) {
            (Some(caller), true) => Ok(Self {
                channel,
                danger,
                outside_hours,
                for_whom,
                relationship,
                caller,
                other,
                points,
                rules,
                words,
                acknowledged: true,
                before: None,
            }),
            _ => Err(faults),
        }
    }
}

fn take<T>(parsed: Result<T, Faults>, faults: &mut Faults) -> Option<T> {
    parsed.map_err(|more| faults.0.extend(more.0)).ok()
}

/// Danger and hours are asked together: a person at the form says which counts. Where nobody could ask, nobody did.
fn outside_hours(
    typed: &TypedRequest<'_>,
    danger: Danger,
    channel: Channel,
    faults: &mut Faults,
) -> Option<OutsideHours> {
    if typed.call != "hours" || !Urgency::of(danger).is_pressing() {
        return None;
    }
    let said = OutsideHours::parse(typed.outside_hours);
    if said.is_none() && channel == Channel::Web {
        faults.add("outside_hours", "Choose whether we may call outside these hours");
    }
    said
}

/// One way of contact is all that is needed; who is on the phone may keep even that.
fn points(typed: &TypedRequest<'_>, channel: Channel, faults: &mut Faults) -> Vec<NewContactPoint> {
    let (phone, email) = (typed.phone.trim(), typed.email.trim());
    if phone.is_empty() && email.is_empty() && channel != Channel::Phone {
        faults.add("phone", "Enter a phone number or an e-mail address, so that we can answer");
    }
    let phone = (!phone.is_empty()).then(|| take(NewContactPoint::phone(phone), faults)).flatten();
    let email = (!email.is_empty()).then(|| take(NewContactPoint::email(email), faults)).flatten();
    phone.into_iter().chain(email).collect()
}

fn rules(typed: &TypedRequest<'_>, said_by: SaidBy, faults: &mut Faults) -> NewContactRules {
    let hour = |text: &str| text.trim().parse::<u8>().ok();
    let (call, hours) = match typed.call {
        "any" => (Permission::Ok, None),
        "never" => (Permission::Never, None),
        "hours" => {
            let hours = hour(typed.call_from).zip(hour(typed.call_until));
            let hours =
                hours.and_then(|(from, until)| Hours::new(from, until, typed.call_days == "weekdays"));
            if hours.is_none() {
                faults.add("call_from", "Choose from when until when we may call");
            }
            (Permission::Ok, hours)
        }
        _ => (Permission::NotAsked, None),
    };
    NewContactRules {
        call,
        hours,
        voicemail: Voicemail::parse(typed.voicemail).unwrap_or(Voicemail::NotAsked),
        text_message: Permission::NotAsked,
        email: match typed.email_ok {
            "yes" => Permission::Ok,
            "no" => Permission::Never,
            _ => Permission::NotAsked,
        },
        if_someone_else_answers: Answering::parse(typed.answering).unwrap_or(Answering::NotAsked),
        said_by,
    }
}

/// A request that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub id: RequestId,
    pub reference: String,
    /// False when the same submission was here before: nothing was written a second time.
    pub fresh: bool,
}

/// Receives a request. `submission` is the form's own secret: sent twice, it is one request.
pub async fn receive(unit: &mut Unit, submission: &str, mut new: NewRequest) -> Result<Received, Error> {
    if let Some(before) = by_submission(unit.tx(), submission).await? {
        return Ok(Received { id: before.id, reference: before.reference, fresh: false });
    }
    new.rules.email = may_we_mail(unit, &new).await?;
    let (caller, prospective) = people(unit, &new).await?;
    contact_rules::set(unit, &Subject::of("person", caller).concerning(caller), new.rules.clone()).await?;
    let id: RequestId = unit.id();
    let permit = unit.permit(Act::ReceiveRequest, &Subject::of("request", id).concerning(prospective))?;
    let words = sealed(unit, prospective, WORDS, new.words.as_deref()).await?;
    let relationship = sealed(unit, prospective, RELATIONSHIP, new.relationship.as_deref()).await?;
    let reference = unused_reference(unit).await?;
    let (due_at, promise) = due(unit, &new).await?;
    let row = request::ActiveModel {
        id: Set(id),
        reference: Set(reference.clone()),
        submission: Set(submission.to_owned()),
        relationship: Set(relationship),
        caller_id: Set(caller),
        prospective_id: Set(prospective),
        words: Set(words),
        due_at: Set(due_at),
        ..untouched(&new, unit.now())
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "reference": reference, "channel": new.channel }));
    // Whoever is on the phone has somebody already; who asked long ago is no news.
    if new.channel != Channel::Phone && new.before.is_none() {
        routing::queue(unit, id).await?;
    }
    if new.acknowledged {
        acknowledge(unit, (id, &reference), caller, &new.rules, promise).await?;
    }
    unit.tell(News::Inbox);
    Ok(Received { id, reference, fresh: true })
}

/// A request with which nobody has done anything yet; of old records what was done before stands in it.
fn untouched(new: &NewRequest, now: Instant) -> request::ActiveModel {
    let over = new.before.and_then(|before| before.over);
    request::ActiveModel {
        channel: Set(new.channel),
        for_whom: Set(new.for_whom),
        was_about_id: Set(None),
        danger: Set(new.danger),
        urgency: Set(Urgency::of(new.danger)),
        outside_hours: Set(new.outside_hours),
        received_at: Set(new.before.map_or(now, |before| before.received_at)),
        owner_id: Set(None),
        claimed_at: Set(None),
        reached_at: Set(None),
        next_step: Set(None),
        next_step_at: Set(None),
        closed_at: Set(over.map(|(_, at)| at)),
        disposition: Set(over.map(|(how, _)| how.disposition)),
        disposition_reason: Set(over.and_then(|(how, _)| how.reason)),
        own_reason: Set(None),
        check_in_at: Set(None),
        check_ins: Set(0),
        converted_at: Set(None),
        snoozed_until: Set(None),
        snoozed_through: Set(false),
        woke_at: Set(None),
        waiting_until: Set(None),
        attempts: Set(0),
        confidential_to: Set(None),
        tags: Set(None),
        version: Set(1),
        ..<request::ActiveModel as Default>::default()
    }
}

/// An address may be somebody else's than theirs who typed it. Where one who holds it said before that nobody should write
/// there, staff ask first; whoever typed it is told nothing of that. On the phone they were asked by a voice.
async fn may_we_mail(unit: &Unit, new: &NewRequest) -> Result<Permission, Error> {
    let said = new.rules.email;
    if said != Permission::Ok || new.channel == Channel::Phone {
        return Ok(said);
    }
    let addresses = new.points.iter().filter(|point| point.kind() == contact_point::Kind::Email);
    let addresses: Vec<String> = addresses.map(|point| point.folded().to_owned()).collect();
    let refused = contact_rules::anyone_refuses_mail(unit.tx(), &addresses).await?;
    Ok(if refused { Permission::NotAsked } else { said })
}

/// Who said yes to e-mail gets a short letter: we have it, and by when someone answers. In the unit that received, so
/// that nobody is confirmed on a page and forgotten by mail.
async fn acknowledge(
    unit: &mut Unit,
    (id, reference): (RequestId, &str),
    caller: PersonId,
    rules: &NewContactRules,
    answer_by: Option<Instant>,
) -> Result<(), Error> {
    if rules.email != Permission::Ok || contact_point::email_of(unit.tx(), caller).await?.is_none() {
        return Ok(());
    }
    let letter = NewMessage {
        person: caller,
        purpose: Purpose::AnswerRequest,
        letter: LetterKind::WeGotYourNote,
        subject: id.into(),
        facts: Facts {
            answer_by,
            reference: Some(reference.to_owned()),
            by_phone: may_be_called(unit, caller, rules).await?,
            ..Facts::default()
        },
        dedupe: format!("request {id}"),
        due_at: None,
    };
    outbox::queue(unit, letter).await.map(|_| ())
}

async fn may_be_called(unit: &Unit, caller: PersonId, rules: &NewContactRules) -> Result<bool, Error> {
    let points = contact_point::of(unit.tx(), caller).await?;
    Ok(rules.call != Permission::Never && points.iter().any(|p| p.kind == contact_point::Kind::Phone))
}

async fn sealed(
    unit: &mut Unit,
    person: PersonId,
    place: &str,
    text: Option<&str>,
) -> Result<Option<Vec<u8>>, Error> {
    match text {
        Some(text) => Ok(Some(unit.seal(person, place, text).await?)),
        None => Ok(None),
    }
}

/// Someone in danger is called now, whatever the hours; everyone else by the clocks of the center, within the hours they
/// allow.
/// What they are told is what is true: when somebody is here, and at an hour they allow.
async fn due(unit: &Unit, new: &NewRequest) -> Result<(Instant, Option<Instant>), Error> {
    let zone = Center::load(unit.tx()).await?.zone;
    let asked = Asked {
        at: unit.now(),
        channel: new.channel,
        urgency: Urgency::of(new.danger),
        safe: new.rules.hours.as_ref(),
        // Nobody has told us where they live yet: their number tells.
        theirs: new.points.iter().find_map(|point| zones_of(point.folded()).first().copied()),
        outside: new.outside_hours,
        pauses: &[],
    };
    let clocks = clocks::load(unit.tx()).await?;
    Ok((clocks.first_call(asked, zone), clocks.promise(asked, zone)))
}

/// Caller and prospective client are two people, unless someone asks for themselves.
async fn people(unit: &mut Unit, new: &NewRequest) -> Result<(PersonId, PersonId), Error> {
    let terms: Vec<String> = new.points.iter().map(contact_point::terms).collect();
    let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
    let caller = person::add(unit, new.caller.clone(), &terms).await?;
    for point in &new.points {
        contact_point::add(unit, caller, point.clone()).await?;
    }
    let is_other = !matches!(new.for_whom, ForWhom::Self_ | ForWhom::NotSaid);
    let prospective = match &new.other {
        Some(other) if is_other => person::add(unit, other.clone(), &[]).await?,
        _ => caller,
    };
    Ok((caller, prospective))
}

/// The request of a submission: what a lost response, a refresh or a second press comes back to.
pub async fn by_submission(
    reader: &impl ConnectionTrait,
    submission: &str,
) -> Result<Option<Request>, Error> {
    Ok(request::Entity::find().filter(request::Column::Submission.eq(submission)).one(reader).await?)
}

async fn unused_reference(unit: &Unit) -> Result<String, Error> {
    loop {
        let reference = unit.chance().reference("CR");
        if request::Entity::find()
            .filter(request::Column::Reference.eq(&reference))
            .one(unit.tx())
            .await?
            .is_none()
        {
            return Ok(reference);
        }
    }
}
