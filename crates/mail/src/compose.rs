//! Letters: made from what is true at the moment of leaving, looked over for words that give something away.

mod knowing;
mod wording;

use chrono::TimeDelta;
use consent::rules::discreet::{Part, revealing};
use foundation::center::Center;
use foundation::links::{self, Purpose};
use foundation::{Error, Instant, Lang, PersonId, Unit, Zone};
use sea_orm::{ConnectionTrait, FromJsonQueryResult};
use serde::{Deserialize, Serialize};

use crate::entity::message;
use crate::letter::{Address, Letter, MessageId, StopLink};
use crate::outbox::capturing::Postroom;
use crate::own_words::OwnWords;
use crate::third_party::{Clearance, ends_with};
use wording::{Own, Worded, Words};

/// Stopping must work for at least 30 days after sending (CAN-SPAM); a letter found a year later still works.
const STOP_LASTS: TimeDelta = TimeDelta::days(400);
/// A private link is good for so long (domain reference 1.13).
const LINK_LASTS: TimeDelta = TimeDelta::days(7);

foundation::words! {
    /// Which letter.
    pub enum LetterKind {
        WeGotYourNote = "we_got_your_note", "We got your note",
        CheckingIn = "checking_in", "Checking in",
        TimeKept = "time_kept", "A time is kept",
        TimeMoved = "time_moved", "A time was moved",
        TimeOff = "time_off", "A time is off",
        TimeReminder = "time_reminder", "A reminder of a time",
        OwnWords = "own_words", "A letter in our own words",
    }
}

impl LetterKind {
    /// The version of its words; it goes up with every change of a template.
    pub fn version(self) -> &'static str {
        match self {
            Self::WeGotYourNote
            | Self::CheckingIn
            | Self::TimeKept
            | Self::TimeMoved
            | Self::TimeOff
            | Self::TimeReminder
            | Self::OwnWords => "1",
        }
    }

    /// The language it is written in for someone who reads this one.
    fn written_in(self, reads: Lang) -> Lang {
        match self {
            Self::WeGotYourNote
            | Self::TimeKept
            | Self::TimeMoved
            | Self::TimeOff
            | Self::TimeReminder
            | Self::OwnWords => reads,
            // What it leads to, an instrument, is asked in English.
            Self::CheckingIn => Lang::English,
        }
    }

    /// The private page the letter leads to, beside the one that stops it.
    fn leads_to(self) -> Option<(Purpose, &'static str)> {
        match self {
            Self::WeGotYourNote
            | Self::TimeKept
            | Self::TimeMoved
            | Self::TimeOff
            | Self::TimeReminder
            | Self::OwnWords => None,
            Self::CheckingIn => Some((Purpose::CheckIn, "/c/")),
        }
    }
}

/// What a letter cannot look up when it leaves: times and yes or no, never a person's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Facts {
    /// By when someone answers.
    #[serde(default)]
    pub answer_by: Option<Instant>,
    /// The number by which the reader names it: it says nothing about anyone.
    #[serde(default)]
    pub reference: Option<String>,
    /// Whether the answer is a call.
    #[serde(default)]
    pub by_phone: bool,
    /// The time it is about.
    #[serde(default)]
    pub at: Option<Instant>,
    /// The clock that time was agreed on; the center's when there is none.
    #[serde(default)]
    pub zone: Option<Zone>,
}

/// Why a letter does not leave, in a sentence for staff.
pub(crate) enum Kept {
    /// Something of this letter: a person looks at it.
    ByItself(String),
    /// Something of the center, which keeps every letter alike: it waits until that is put right.
    BySetting(String),
}

/// What in the center's settings would keep every letter here; `None` when nothing does.
#[must_use]
pub fn kept_by_setting(center: &Center, links_url: &str) -> Option<String> {
    if let Some(words) = sender_reveals(&center.neutral_name, &center.mail_from, &center.name) {
        return Some(format!(
            "Letters wait: {words} in the sender’s name or address would give something away. An administrator can change \
             that in Settings."
        ));
    }
    StopLink::parse(&format!("{links_url}/u/0")).is_err().then(|| {
        "Letters wait: the address their links begin with must be https. Whoever looks after the computer sets it."
            .to_owned()
    })
}

/// The words of a sender's name or address that give something away, as a list; `None` when there are none.
#[must_use]
pub fn sender_reveals(neutral_name: &str, mail_from: &str, center: &str) -> Option<String> {
    let mut found: Vec<String> =
        [neutral_name, mail_from].iter().flat_map(|text| revealing(text, Part::Outside, center)).collect();
    found.sort();
    found.dedup();
    (!found.is_empty()).then(|| found.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join(", "))
}

/// The letter of a message to `address`, with links made for it in this unit. The inner error is why it does not leave.
pub(crate) async fn letter(
    unit: &mut Unit,
    room: &Postroom,
    row: &message::Model,
    address: &str,
    cleared: Option<&Clearance>,
) -> Result<Result<Letter, Kept>, Error> {
    let center = Center::load(unit.tx()).await?;
    let (to, from) = match addresses(&center, room, address) {
        Ok(both) => both,
        Err(kept) => return Ok(Err(kept)),
    };
    let known = knowing::of(unit.tx(), row.person_id).await?;
    let stop = links::issue(unit, Purpose::Stop, row.person_id, row.id.0, STOP_LASTS).await?;
    let stop = format!("{}/u/{}", room.public_url, stop.reveal());
    let link = match row.letter.leads_to() {
        None => None,
        Some((purpose, path)) => {
            let secret = links::issue(unit, purpose, row.person_id, row.subject_id, LINK_LASTS).await?;
            Some(format!("{}{path}{}", room.public_url, secret.reveal()))
        }
    };
    let Ok(unsubscribe) = StopLink::parse(&stop) else {
        return Ok(Err(Kept::BySetting(
            "Letters wait: the address their links begin with cannot be used.".into(),
        )));
    };
    let mut own = match row.letter {
        LetterKind::OwnWords => Some(wording::own(unit.tx(), unit.db().keyring(), row.id).await?),
        _ => None,
    };
    if let Some(own) = &mut own
        && let Some(text) = cleared.and_then(|cleared| cleared.fixed(own.words.lang))
    {
        text.clone_into(&mut own.words.body);
    }
    let lang = own.as_ref().map_or_else(|| row.letter.written_in(known.lang()), |own| own.words.lang);
    let words = Words::new(&known, lang, &center, row.facts.clone(), link, stop, own);
    let worded = words.of(row.letter)?;
    if let Some(why) = gives_away(&worded, &center) {
        return Ok(Err(Kept::ByItself(why)));
    }
    // The notice tells by itself; the law wants it beside what a consent lets out (42 CFR §2.32).
    let notice = cleared.and_then(|cleared| cleared.notice(lang));
    Ok(Ok(Letter {
        to_name: words.name,
        to_address: to,
        from_name: worded.from_name,
        reply_to: None,
        subject: worded.subject,
        text: ends_with(&worded.text, notice.as_ref()),
        html: Some(with_notice(worded.html, notice.as_ref())),
        message_id: MessageId::new(row.id.0, &from),
        from_address: from,
        date: unit.now(),
        unsubscribe: Some(unsubscribe),
        lang,
    }))
}

/// Who it goes to and who it comes from, unless one of them cannot be used.
fn addresses(center: &Center, room: &Postroom, to: &str) -> Result<(Address, Address), Kept> {
    if let Some(why) = kept_by_setting(center, &room.public_url) {
        return Err(Kept::BySetting(why));
    }
    let to = Address::parse(to)
        .map_err(|why| Kept::ByItself(format!("The address cannot be written to. {why}")))?;
    let from = Address::parse(&center.mail_from).map_err(|why| {
        Kept::BySetting(format!("Letters wait: the sender’s address cannot be used. {why}"))
    })?;
    Ok((to, from))
}

/// The page with the notice as its last paragraph. What the notice says is ours and holds no mark-up.
fn with_notice(html: String, notice: Option<&[String; 2]>) -> String {
    match notice {
        Some(lines) => html.replace("</body>", &format!("<p>{}</p>\n</body>", lines.join("<br>"))),
        None => html,
    }
}

/// The name of whoever a letter goes to.
pub(crate) async fn name_of(reader: &impl ConnectionTrait, person: PersonId) -> Result<String, Error> {
    Ok(knowing::of(reader, person).await?.name_used.trim().to_owned())
}

/// A letter in own words as its reader will see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    pub from: String,
    pub subject: String,
    pub text: String,
}

/// What a letter in own words will look like, before anybody queues it.
pub async fn sight(
    reader: &impl ConnectionTrait,
    person: PersonId,
    author: &str,
    words: &OwnWords,
) -> Result<Sight, Error> {
    let center = Center::load(reader).await?;
    let known = knowing::of(reader, person).await?;
    let lang = words.lang;
    let own = Own { words: words.clone(), author: wording::first(author) };
    let stop = "(a link that stops these letters)".to_owned();
    let worded = Words::new(&known, lang, &center, Facts::default(), None, stop, Some(own))
        .of(LetterKind::OwnWords)?;
    Ok(Sight { from: worded.from_name, subject: worded.subject, text: worded.text })
}

/// Templates are looked over when they are written; names and settings come later, so each letter is as well.
fn gives_away(worded: &Worded, center: &Center) -> Option<String> {
    let outside = [&worded.subject, &worded.from_name].map(|t| revealing(t, Part::Outside, &center.name));
    let inside = [&worded.text, &worded.html].map(|t| revealing(t, Part::Inside, &center.name));
    let mut found: Vec<String> = outside.into_iter().chain(inside).flatten().collect();
    found.sort();
    found.dedup();
    (!found.is_empty()).then(|| format!("A word in it would give something away: {}.", found.join(", ")))
}
