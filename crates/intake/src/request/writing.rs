//! Writing to whoever asked: a letter in own words or a fixed reply, through the gate, lying there for a minute before it
//! leaves. A letter to somebody else than the person it is about is a disclosure: without a consent that names its reader
//! it waits for a second person.

use consent::Reaching;
use consent::consents::{Consent, Scope};
use consent::gate::another::{LetterBasis, foresee_letter};
use consent::gate::{self, Answer, Purpose};
use consent::rules::discreet::Part;
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Faults, Instant, Lang, News, PersonId, Unit, Zone, day, refused};
use mail::MessageId;
use mail::own_words::{self, OwnWords};
use mail::third_party::{FixedReply, NewBasis, NewThirdPartyLetter};
use sea_orm::ConnectionTrait;

use super::merging::going_on;
use super::recognizing::may_know;
use super::{Request, watching};

/// Whether a letter may go to the caller, and where it would go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    pub answer: Answer,
    /// The address, when it may.
    pub to: Option<String>,
    /// The language they want to be spoken to in, as far as there are letters in it.
    pub lang: Lang,
    /// Whether they ask about somebody else: then only a fixed reply leaves at once.
    pub about_another: bool,
    /// The consent that names them, when one is in force.
    pub consent: Option<Consent>,
}

/// What the gate would say now to a letter to somebody who can be reached so and is spoken to in this language. It is
/// asked again when the letter leaves.
pub async fn outlook(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    request: &Request,
    (reaching, lang): (&Reaching, Lang),
    (now, zone): (Instant, Zone),
) -> Result<Outlook, Error> {
    let (caller, today) = (request.caller_id, day(now, zone));
    let answer = gate::foresee_of(reader, caller, reaching, Purpose::AnswerRequest, (now, today)).await?;
    let to = reaching.email().filter(|_| answer == Answer::Allow).map(|point| point.value.clone());
    let about_another = request.is_asked_by_another();
    let consent = if about_another { naming(reader, viewer, request, today).await? } else { None };
    Ok(Outlook { answer, to, lang, about_another, consent })
}

/// The consent in force of the person a request is about that names its caller, as far as the viewer may know of it.
async fn naming(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    request: &Request,
    today: Day,
) -> Result<Option<Consent>, Error> {
    let whose =
        if may_know(reader, viewer, request).await? { request.prospective_id } else { request.asked_as() };
    consent_for(reader, whose, request.caller_id, today).await
}

/// The consent in force of one person that names another.
pub(crate) async fn consent_for(
    reader: &impl ConnectionTrait,
    about: PersonId,
    named: PersonId,
    today: Day,
) -> Result<Option<Consent>, Error> {
    use consent::consents::{ConsentKind, standing};
    let name = clients::person::name_of(reader, named).await?;
    let (_, consent) = standing(reader, about, ConsentKind::NamedDisclosure, Some(&name), today).await?;
    Ok(consent)
}

/// What became of a letter as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenLetter {
    pub id: MessageId,
    /// Whether it waits until a second person released it.
    pub waits: bool,
}

/// Writes to whoever asked. `tells` is what the letter tells about the person, when somebody else asked: under a consent
/// that allows all of it the letter leaves, otherwise it waits for a second person.
///
/// # Errors
/// A refusal at `letter` with the reason of the gate, or when the request is closed; a fault at `letter` when a letter to
/// somebody else holds a word that would give something away.
pub async fn write(
    unit: &mut Unit,
    wanted: &Request,
    words: OwnWords,
    tells: &[Scope],
) -> Result<WrittenLetter, Error> {
    let wanted = going_on(unit.tx(), wanted.id).await?;
    let basis =
        if wanted.is_asked_by_another() { Some(basis(unit, &wanted, &words, tells).await?) } else { None };
    put(unit, &wanted, words, basis).await
}

/// Sends one of the center's fixed replies, in the language of who asked.
///
/// # Errors
/// As for [`write()`].
pub async fn send_fixed(
    unit: &mut Unit,
    wanted: &Request,
    reply: FixedReply,
    lang: Lang,
) -> Result<WrittenLetter, Error> {
    let wanted = going_on(unit.tx(), wanted.id).await?;
    put(unit, &wanted, reply.letter(lang), Some(NewBasis::Fixed(reply))).await
}

async fn put(
    unit: &mut Unit,
    wanted: &Request,
    words: OwnWords,
    basis: Option<NewBasis>,
) -> Result<WrittenLetter, Error> {
    let permit = unit.permit(Act::WriteMessage, &wanted.subject())?;
    if !wanted.is_open() {
        return Err(refused("letter", "This request is closed. Open it again before you write."));
    }
    let answer = gate::foresee(unit.tx(), wanted.caller_id, Purpose::AnswerRequest, unit.now()).await?;
    if answer != Answer::Allow {
        return Err(refused("letter", format!("No letter can go to them. {}", answer.words())));
    }
    let waits = basis.as_ref().is_some_and(NewBasis::waits);
    let another = basis.map(|basis| NewThirdPartyLetter { about: wanted.prospective_id, basis });
    let id = own_words::queue(unit, wanted.caller_id, wanted.id.0, words, another).await?;
    unit.record(permit, serde_json::json!({ "message": id, "waits": waits }));
    if waits && foundation::may(unit.actor(), Act::WatchRequest, &wanted.subject()) {
        // Its writer finds on the day what the second person decided.
        watching::watch(unit, wanted).await?;
    }
    unit.tell(News::Inbox);
    Ok(WrittenLetter { id, waits })
}

/// On what a letter to somebody else rests. One without a consent reads as neutral as the subject of a letter.
async fn basis(
    unit: &mut Unit,
    wanted: &Request,
    words: &OwnWords,
    tells: &[Scope],
) -> Result<NewBasis, Error> {
    let center = Center::load(unit.tx()).await?;
    if tells.is_empty() {
        return match own_words::blocked_in(words.body(), Part::Outside, &center) {
            None => Ok(NewBasis::Release),
            Some(why) => {
                let mut faults = Faults::default();
                faults.add("letter", why);
                Err(faults.into())
            }
        };
    }
    let today = unit.today(center.zone);
    let recipient = clients::person::name_of(unit.tx(), wanted.caller_id).await?;
    let rests = LetterBasis::Consent(tells);
    let (answer, consent) =
        foresee_letter(unit.tx(), wanted.prospective_id, &recipient, rests, today).await?;
    match (answer, consent) {
        (Answer::Allow, Some(consent)) => Ok(NewBasis::Consent(Box::new(consent), tells.to_vec())),
        (answer, _) => Err(refused(
            "letter",
            format!("{} Untick what it tells, and it waits for a second person instead.", answer.words()),
        )),
    }
}

/// Calls a letter back that has not left.
///
/// # Errors
/// [`Error::NotFound`] when the letter is not of this request, a refusal when it has left.
pub async fn call_back(unit: &mut Unit, wanted: &Request, id: MessageId) -> Result<(), Error> {
    let permit = unit.permit(Act::CallMessageBack, &wanted.subject())?;
    let about = mail::outbox::one(unit.tx(), id).await?.subject_id;
    if going_on(unit.tx(), super::RequestId(about)).await?.id != wanted.id {
        return Err(Error::NotFound);
    }
    own_words::call_back(unit, id).await?;
    unit.record(permit, serde_json::json!({ "called_back": id }));
    unit.tell(News::Inbox);
    Ok(())
}
