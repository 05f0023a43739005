//! A letter to somebody else about a person waits here for a second person: a supervisor or the privacy officer, never
//! whoever wrote it. They read it whole, and let it go or not, with a reason.

use consent::gate::{self, Answer, Purpose};
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Day, Error, Instant, News, PersonId, StaffId, Subject, Unit, may};
use mail::MessageId;
use mail::own_words::{self, Written};
use mail::third_party::{self, NewRelease};
use sea_orm::ConnectionTrait;

use super::merging::going_on;
use super::writing::consent_for;
use super::{RELATIONSHIP, Request, RequestId};

/// A letter that waits for a second person, or about which one decided.
#[derive(Clone, Debug)]
pub struct LetterToRelease {
    pub id: MessageId,
    pub request: Request,
    /// Whom it goes to, and who they say they are to the person.
    pub reader: String,
    pub relationship: Option<String>,
    /// Whom it is about.
    pub about: String,
    pub about_id: PersonId,
    pub author: StaffId,
    pub written_at: Instant,
    pub letter: Written,
    /// Why it could not leave now even when released.
    pub no_letter: Option<&'static str>,
    /// Whether the person allowed in writing that the reader is told something.
    pub has_consent: bool,
}

impl LetterToRelease {
    /// The letter as permission and the ledger need it: it concerns the person it is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.request.subject()
    }

    /// Whether this colleague may decide about it.
    #[must_use]
    pub fn may_decide(&self, viewer: &Actor) -> bool {
        viewer.staff_id() != Some(self.author) && may(viewer, Act::ReleaseLetter, &self.subject())
    }
}

/// How many letters wait that this colleague may decide about.
pub async fn how_many_wait(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<usize, Error> {
    Ok(waiting_for(reader, viewer).await?.len())
}

async fn waiting_for(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<MessageId>, Error> {
    let ids = mail::outbox::asking::awaiting_release(reader, viewer).await?;
    let authors = own_words::authors(reader, &ids).await?;
    Ok(ids.into_iter().filter(|id| authors.get(id).copied() != viewer.staff_id()).collect())
}

/// The letters that wait and that this colleague may decide about, oldest first.
pub async fn list(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    (now, today): (Instant, Day),
) -> Result<Vec<LetterToRelease>, Error> {
    let mut letters = Vec::new();
    for id in waiting_for(reader, viewer).await? {
        letters.push(load(reader, keyring, viewer, id, (now, today)).await?);
    }
    Ok(letters)
}

/// One letter with what the second person needs to know. The caller records the reading.
///
/// # Errors
/// [`Error::NotFound`] when it is no such letter, or kept from the viewer.
pub async fn load(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    id: MessageId,
    (now, today): (Instant, Day),
) -> Result<LetterToRelease, Error> {
    let message = mail::outbox::one(reader, id).await?;
    let letter = own_words::of(reader, keyring, vec![id]).await?.remove(&id).ok_or(Error::NotFound)?;
    let another = letter.about_another.as_ref().ok_or(Error::NotFound)?;
    let request = going_on(reader, RequestId(message.subject_id)).await?;
    if !may(viewer, Act::ReviewLetter, &request.subject()) {
        return Err(Error::NotFound);
    }
    let about_id = another.about;
    let relationship = match &request.relationship {
        Some(sealed) => Some(keyring.open(reader, request.prospective_id, RELATIONSHIP, sealed).await?),
        None => None,
    };
    let answer = gate::foresee(reader, message.person_id, Purpose::AnswerRequest, now).await?;
    Ok(LetterToRelease {
        id,
        reader: clients::person::name_of(reader, message.person_id).await?,
        relationship,
        about: clients::person::name_of(reader, about_id).await?,
        about_id,
        author: letter.author,
        written_at: message.queued_at,
        no_letter: (answer != Answer::Allow).then(|| answer.words()),
        has_consent: consent_for(reader, about_id, message.person_id, today).await?.is_some(),
        letter,
        request,
    })
}

/// Lets a letter go. It leaves at once, if the gate still says so.
///
/// # Errors
/// As for [`third_party::release`].
pub async fn release(unit: &mut Unit, id: MessageId, new: NewRelease) -> Result<(), Error> {
    let permit = permitted(unit, Act::ReleaseLetter, id).await?;
    let ground = new.ground();
    third_party::release(unit, id, new).await?;
    unit.record(permit, serde_json::json!({ "message": id, "ground": ground }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Does not let it go; its writer reads why at the request.
///
/// # Errors
/// As for [`third_party::refuse`].
pub async fn refuse(unit: &mut Unit, id: MessageId, reason: &str) -> Result<(), Error> {
    let permit = permitted(unit, Act::RefuseLetter, id).await?;
    third_party::refuse(unit, id, reason).await?;
    unit.record(permit, serde_json::json!({ "message": id }));
    unit.tell(News::Inbox);
    Ok(())
}

async fn permitted(unit: &mut Unit, act: Act, id: MessageId) -> Result<foundation::Permit, Error> {
    let about = mail::outbox::one(unit.tx(), id).await?.subject_id;
    let request = going_on(unit.tx(), RequestId(about)).await?;
    unit.permit(act, &request.subject())
}
