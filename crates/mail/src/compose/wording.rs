//! The words of the letters: templates, filled.

use askama::Template;
use foundation::Error;
use foundation::center::Center;
use foundation::sealed::Keyring;
use foundation::staff::inviting::member;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::knowing::Known;
use super::{Facts, LetterKind};
use crate::entity::own_words;
use crate::letter::Lang;
use crate::outbox::MessageId;
use crate::own_words::{BODY, OwnWords};

/// What somebody wrote themselves.
pub(super) struct Own {
    pub(super) words: OwnWords,
    /// The first name of who wrote it.
    pub(super) author: String,
}

/// The first word of a name.
pub(super) fn first(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

/// What was written in a letter, opened.
pub(super) async fn own(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    id: MessageId,
) -> Result<Own, Error> {
    let row = own_words::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    let body = keyring.open(reader, row.person_id, BODY, &row.body).await?;
    let author = first(&member(reader, row.author_id).await?.name);
    Ok(Own { words: OwnWords { line: row.subject_line, lang: Lang::of_tag(&row.language), body }, author })
}

/// Everything a template may say.
pub(super) struct Words {
    pub(super) name: String,
    /// The neutral name of the center.
    office: String,
    phone: String,
    /// Who signs: a first name, or the neutral name.
    signed: String,
    /// The first name of the counselor, when there is one.
    staff: Option<String>,
    answer_by: Option<String>,
    by_phone: bool,
    link: String,
    stop: String,
    own: Option<Own>,
}

/// A letter in words.
pub(super) struct Worded {
    pub(super) from_name: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

impl Words {
    #[expect(clippy::needless_pass_by_value, reason = "the facts of a letter are used up by writing it")]
    pub(super) fn new(
        known: &Known,
        center: &Center,
        facts: Facts,
        link: Option<String>,
        stop: String,
        own: Option<Own>,
    ) -> Self {
        let author = own.as_ref().map(|own| own.author.clone());
        let staff = known.counselor.as_deref().and_then(|n| n.split_whitespace().next()).map(str::to_owned);
        let at = facts.answer_by.map(|at| at.with_timezone(&center.zone));
        Self {
            name: known.name_used.trim().to_owned(),
            office: center.neutral_name.clone(),
            phone: center.neutral_phone.clone(),
            signed: author.or_else(|| staff.clone()).unwrap_or_else(|| center.neutral_name.clone()),
            staff,
            answer_by: at.map(|at| at.format("%A, %B %-d, %-I:%M %p").to_string()),
            by_phone: facts.by_phone,
            link: link.unwrap_or_default(),
            stop,
            own,
        }
    }

    pub(super) fn of(&self, letter: LetterKind) -> Result<Worded, Error> {
        let worded = match letter {
            LetterKind::WeGotYourNote => {
                self.filled(&NoteSubject, &NoteText { w: self }, &NotePage { w: self })
            }
            LetterKind::CheckingIn => {
                self.filled(&CheckSubject, &CheckText { w: self }, &CheckPage { w: self })
            }
            LetterKind::OwnWords => {
                self.filled(&OwnSubject { w: self }, &OwnText { w: self }, &OwnPage { w: self })
            }
        };
        let mut worded = worded.map_err(|e| Error::Broken(format!("a letter: {e}")))?;
        if letter == LetterKind::CheckingIn
            && let Some(staff) = &self.staff
        {
            worded.from_name = format!("{staff} – {}", self.office);
        }
        if let Some(own) = &self.own {
            worded.from_name = format!("{} – {}", own.author, self.office);
        }
        Ok(worded)
    }

    fn body(&self) -> &str {
        self.own.as_ref().map_or("", |own| own.words.body.as_str())
    }

    /// The lines of each paragraph.
    fn paragraphs(&self) -> Vec<Vec<&str>> {
        self.body().split("\n\n").map(|paragraph| paragraph.trim().lines().collect()).collect()
    }

    fn subject(&self) -> &'static str {
        self.own.as_ref().map_or("", |own| own.words.line.on_paper(own.words.lang))
    }

    fn in_spanish(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.words.lang == Lang::Spanish)
    }

    fn filled(
        &self,
        subject: &impl Template,
        text: &impl Template,
        page: &impl Template,
    ) -> askama::Result<Worded> {
        Ok(Worded {
            from_name: self.office.clone(),
            subject: subject.render()?.trim().to_owned(),
            text: text.render()?.trim().to_owned() + "\n",
            html: page.render()?.trim().to_owned(),
        })
    }

    /// "Hi Jo," or, to someone who gave no name, "Hello,".
    fn greeting(&self) -> String {
        if self.name.is_empty() { "Hello,".into() } else { format!("Hi {},", self.name) }
    }
}

#[derive(Template)]
#[template(path = "mail/we_got_your_note/subject.txt")]
struct NoteSubject;

#[derive(Template)]
#[template(path = "mail/we_got_your_note/body.txt")]
struct NoteText<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/we_got_your_note/body.html")]
struct NotePage<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/checking_in/subject.txt")]
struct CheckSubject;

#[derive(Template)]
#[template(path = "mail/checking_in/body.txt")]
struct CheckText<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/checking_in/body.html")]
struct CheckPage<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/own_words/subject.txt")]
struct OwnSubject<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/own_words/body.txt")]
struct OwnText<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/own_words/body.html")]
struct OwnPage<'a> {
    w: &'a Words,
}
