//! A letter in somebody's own words: checked when it is written, sealed while it is kept, looked over again when it leaves.
//! The subject is one of a few that say nothing.

mod reading;

use std::collections::HashMap;

use chrono::TimeDelta;
use consent::gate::Purpose;
use consent::rules::discreet::{Part, Telling, revealing_sentences};
use foundation::center::Center;
use foundation::{Act, Error, Faults, News, PersonId, StaffId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, QuerySelect, Set};

use crate::compose::{Facts, LetterKind};
use crate::entity::{message, own_words};
use crate::outbox::{MessageId, NewMessage, State, keep_waiting, put, unused};
use crate::third_party::{self, NewThirdPartyLetter};
use foundation::Lang;

pub use crate::compose::{Sight, sight};
pub use reading::{Written, all_of, how_many_wait, of};

pub(crate) const BODY: &str = "own_words.body";
/// So long a letter lies there before it leaves: whoever sees a mistake as they press can call it back.
pub const LIES: TimeDelta = TimeDelta::minutes(1);
/// Characters in one letter at the most; what is longer is a talk.
pub const LONGEST: usize = 4000;

foundation::words! {
    /// The subjects there are (domain reference 1.13 and B.1).
    pub enum SubjectLine {
        Question = "question", "A quick question",
        OurCall = "our_call", "Our call",
        Hello = "hello", "A short hello",
        MissedYou = "missed_you", "Sorry we missed you",
        NoteReady = "note_ready", "Your note is ready",
        ThinkingOfYou = "thinking_of_you", "Thinking of you today",
        OpenDoor = "open_door", "The door is open",
    }
}

impl SubjectLine {
    /// As it stands on the letter.
    #[must_use]
    pub fn on_paper(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::English, line) => line.words(),
            (Lang::Spanish, Self::Question) => "Una pregunta breve",
            (Lang::Spanish, Self::OurCall) => "Nuestra llamada",
            (Lang::Spanish, Self::Hello) => "Un breve saludo",
            (Lang::Spanish, Self::MissedYou) => "Sentimos no haberle encontrado",
            (Lang::Spanish, Self::NoteReady) => "Su nota está lista",
            (Lang::Spanish, Self::ThinkingOfYou) => "Pensamos en usted hoy",
            (Lang::Spanish, Self::OpenDoor) => "La puerta está abierta",
        }
    }
}

/// Words that may leave, as far as they tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWords {
    pub(crate) line: SubjectLine,
    pub(crate) lang: Lang,
    pub(crate) body: String,
}

impl OwnWords {
    /// Parses what was written.
    ///
    /// # Errors
    /// No subject at `subject_line`; no words, too many, or one that gives something away, at `letter`.
    pub fn parse(line: &str, body: &str, lang: Lang, center: &Center) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let line = SubjectLine::parse(line);
        if line.is_none() {
            faults.add("subject_line", "Choose a subject. It says nothing on purpose");
        }
        let body = body.replace("\r\n", "\n").trim().to_owned();
        if body.is_empty() || body.chars().count() > LONGEST {
            faults.add("letter", "Write the letter, up to 4,000 characters");
        } else if let Some(words) = blocked(&body, center) {
            faults.add("letter", words);
        }
        match line {
            Some(line) if faults.0.is_empty() => Ok(Self { line, lang, body }),
            _ => Err(faults),
        }
    }

    /// What was written.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }
}

/// What in a text must not leave, in a sentence for who wrote it.
#[must_use]
pub fn blocked(body: &str, center: &Center) -> Option<String> {
    blocked_in(body, Part::Inside, center)
}

/// The same for a text that must be as neutral as this part of a letter.
#[must_use]
pub fn blocked_in(body: &str, part: Part, center: &Center) -> Option<String> {
    let found = revealing_sentences(body, part, &center.name);
    (!found.is_empty()).then(|| {
        let told: Vec<String> = found.iter().map(in_its_sentence).collect();
        format!("Say it in other words. It would tell whoever reads over their shoulder: {}", told.join("; "))
    })
}

fn in_its_sentence(telling: &Telling) -> String {
    match telling.sentence.as_str() {
        "" => format!("“{}”", telling.word),
        sentence => format!("“{}” in “{sentence}”", telling.word),
    }
}

/// Who wrote these letters.
pub async fn authors(
    reader: &impl ConnectionTrait,
    ids: &[MessageId],
) -> Result<HashMap<MessageId, StaffId>, Error> {
    let rows = own_words::Entity::find()
        .select_only()
        .columns([own_words::Column::Id, own_words::Column::AuthorId])
        .filter(own_words::Column::Id.is_in(ids.to_vec()))
        .into_tuple()
        .all(reader)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Queues a letter in the own words of the actor. For an act that is permitted and recorded by its caller; `about` is what
/// it belongs to, and `tells` the person it tells of when that is not its reader.
pub async fn queue(
    unit: &mut Unit,
    person: PersonId,
    about: Uuid,
    words: OwnWords,
    tells: Option<NewThirdPartyLetter>,
) -> Result<MessageId, Error> {
    let author = unit.actor().staff_id().ok_or(Error::Forbidden(Act::WriteMessage))?;
    let id: MessageId = unit.id();
    let due_at = unit.now() + LIES;
    let new = NewMessage {
        person,
        purpose: Purpose::AnswerRequest,
        letter: LetterKind::OwnWords,
        subject: about,
        facts: Facts::default(),
        dedupe: format!("own words {id}"),
        due_at: Some(due_at),
    };
    if tells.as_ref().is_some_and(|letter| letter.basis.waits()) {
        keep_waiting(unit, id, new).await?;
    } else {
        put(unit, id, new).await?;
    }
    if let Some(letter) = tells {
        third_party::attach(unit, id, letter).await?;
    }
    let row = own_words::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        author_id: Set(author),
        subject_line: Set(words.line),
        language: Set(words.lang.tag().to_owned()),
        body: Set(unit.seal(person, BODY, &words.body).await?),
    };
    unit.insert(row).await?;
    Ok(id)
}

/// Calls a letter back that has not left. For an act that is permitted and recorded by its caller.
///
/// # Errors
/// A refusal when it is leaving at this moment or has left.
pub async fn call_back(unit: &mut Unit, id: MessageId) -> Result<(), Error> {
    let done = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Cancelled))
        .col_expr(message::Column::Reason, Expr::value(Some("Called back before it left.")))
        .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
        .filter(message::Column::Id.eq(id))
        .filter(unused())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("gone", "The letter has left already. It cannot be called back."));
    }
    unit.tell(News::Mail);
    Ok(())
}
