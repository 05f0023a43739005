//! Writing to the person who asked: a letter in own words, through the gate, lying there for a minute before it leaves.

use consent::Reaching;
use consent::gate::{self, Answer, Purpose};
use foundation::{Act, Error, Instant, Lang, News, PersonId, Unit, Zone, day, refused};
use mail::MessageId;
use mail::own_words::{self, OwnWords};
use sea_orm::ConnectionTrait;

use super::Request;
use super::merging::going_on;

/// Whether a letter may go to the caller, and where it would go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    pub answer: Answer,
    /// The address, when it may.
    pub to: Option<String>,
    /// The language they want to be spoken to in, as far as there are letters in it.
    pub lang: Lang,
}

/// What the gate would say now to a letter to somebody who can be reached so and is spoken to in this language. It is
/// asked again when the letter leaves.
pub async fn outlook(
    reader: &impl ConnectionTrait,
    caller: PersonId,
    (reaching, lang): (&Reaching, Lang),
    (now, zone): (Instant, Zone),
) -> Result<Outlook, Error> {
    let today = day(now, zone);
    let answer = gate::foresee_of(reader, caller, reaching, Purpose::AnswerRequest, (now, today)).await?;
    let to = reaching.email().filter(|_| answer == Answer::Allow).map(|point| point.value.clone());
    Ok(Outlook { answer, to, lang })
}

/// Writes to the person who asked.
///
/// # Errors
/// A refusal at `letter` with the reason of the gate, or when the request is closed.
pub async fn write(unit: &mut Unit, wanted: &Request, words: OwnWords) -> Result<MessageId, Error> {
    let wanted = going_on(unit.tx(), wanted.id).await?;
    let permit = unit.permit(Act::WriteMessage, &wanted.subject())?;
    if !wanted.is_open() {
        return Err(refused("letter", "This request is closed. Open it again before you write."));
    }
    let answer = gate::foresee(unit.tx(), wanted.caller_id, Purpose::AnswerRequest, unit.now()).await?;
    if answer != Answer::Allow {
        return Err(refused("letter", format!("No letter can go to them. {}", answer.words())));
    }
    let id = own_words::queue(unit, wanted.caller_id, wanted.id.0, words).await?;
    unit.record(permit, serde_json::json!({ "message": id }));
    unit.tell(News::Inbox);
    Ok(id)
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
