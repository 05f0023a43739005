//! The words of the letters: templates, filled.

mod papers;

use askama::Template;
use foundation::center::Center;
use foundation::sealed::Keyring;
use foundation::staff::inviting::member;
use foundation::{Error, Lang};
use sea_orm::{ConnectionTrait, EntityTrait};

use self::papers::{
    CheckPage, CheckSubject, CheckText, NotePage, NotePageSpanish, NoteSubject, NoteSubjectSpanish, NoteText,
    NoteTextSpanish, OwnPage, OwnSubject, OwnText, TimePage, TimePageSpanish, TimeSubject,
    TimeSubjectSpanish, TimeText, TimeTextSpanish,
};
use super::knowing::Known;
use super::{Facts, LetterKind};
use crate::entity::own_words;
use crate::outbox::MessageId;
use crate::own_words::{BODY, OwnWords};

/// What somebody wrote themselves.
pub(super) struct Own {
    pub(super) words: OwnWords,
    /// The first name of who wrote it; empty when they work here no more.
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
    let author = member(reader, row.author_id).await?;
    // Whoever left since signs nothing: the office does.
    let author = if author.disabled_at.is_none() { first(&author.name) } else { String::new() };
    Ok(Own { words: OwnWords { line: row.subject_line, lang: Lang::of(&row.language), body }, author })
}

/// Everything a template may say.
pub(super) struct Words {
    pub(super) name: String,
    lang: Lang,
    /// The neutral name of the center.
    office: String,
    phone: String,
    /// Who signs: a first name, or the neutral name.
    signed: String,
    /// The first name of the counselor, when there is one.
    staff: Option<String>,
    answer_by: Option<String>,
    reference: Option<String>,
    by_phone: bool,
    /// The time it is about: its weekday, and the whole of it.
    weekday: String,
    at: String,
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
        lang: Lang,
        center: &Center,
        facts: Facts,
        link: Option<String>,
        stop: String,
        own: Option<Own>,
    ) -> Self {
        // Own words whose author left are the office's, never a colleague's who did not write them.
        let author = own.as_ref().map(|own| Some(own.author.clone()).filter(|author| !author.is_empty()));
        let office = center.neutral_name.clone();
        let staff = known.counselor.as_deref().and_then(|n| n.split_whitespace().next()).map(str::to_owned);
        let about = facts.at.map(|at| at.with_timezone(&facts.zone.unwrap_or(center.zone)));
        let weekday = about.map(|at| lang.weekday(at.date_naive()).to_owned()).unwrap_or_default();
        let about = about.map(|at| match lang {
            Lang::English => at.format("%A, %B %-d, %-I:%M %p (%Z)").to_string(),
            Lang::Spanish => {
                let (day, clock) = (lang.day(at.date_naive()), lang.clock(at.time()));
                format!("{day}, {clock} ({})", at.format("%Z"))
            }
        });
        let at = facts.answer_by.map(|at| at.with_timezone(&center.zone));
        Self {
            name: known.name_used.trim().to_owned(),
            lang,
            office: center.neutral_name.clone(),
            phone: center.neutral_phone.clone(),
            signed: author.unwrap_or_else(|| staff.clone()).unwrap_or(office),
            staff,
            answer_by: at.map(|at| match lang {
                Lang::English => at.format("%A, %B %-d, %-I:%M %p").to_string(),
                Lang::Spanish => format!("{}, {}", lang.day(at.date_naive()), lang.clock(at.time())),
            }),
            reference: facts.reference.clone(),
            by_phone: facts.by_phone,
            weekday,
            at: about.unwrap_or_default(),
            link: link.unwrap_or_default(),
            stop,
            own,
        }
    }

    pub(super) fn of(&self, letter: LetterKind) -> Result<Worded, Error> {
        let worded = match (letter, self.lang) {
            (LetterKind::WeGotYourNote, Lang::Spanish) => {
                self.filled(&NoteSubjectSpanish, &NoteTextSpanish { w: self }, &NotePageSpanish { w: self })
            }
            (LetterKind::WeGotYourNote, Lang::English) => {
                self.filled(&NoteSubject, &NoteText { w: self }, &NotePage { w: self })
            }
            (LetterKind::CheckingIn, _) => {
                self.filled(&CheckSubject, &CheckText { w: self }, &CheckPage { w: self })
            }
            (LetterKind::OwnWords, _) => {
                self.filled(&OwnSubject { w: self }, &OwnText { w: self }, &OwnPage { w: self })
            }
            (_, Lang::Spanish) => self.filled(
                &TimeSubjectSpanish { w: self },
                &TimeTextSpanish { w: self, letter },
                &TimePageSpanish { w: self, letter },
            ),
            (_, Lang::English) => self.filled(
                &TimeSubject { w: self },
                &TimeText { w: self, letter },
                &TimePage { w: self, letter },
            ),
        };
        let mut worded = worded.map_err(|e| Error::Broken(format!("a letter: {e}")))?;
        if letter == LetterKind::CheckingIn
            && let Some(staff) = &self.staff
        {
            worded.from_name = format!("{staff} – {}", self.office);
        }
        if let Some(own) = self.own.as_ref().filter(|own| !own.author.is_empty()) {
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
        self.lang == Lang::Spanish
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
    ///
    /// No surname: whoever looks over a shoulder learns no more than a first name.
    fn greeting(&self) -> String {
        match (self.lang, self.name.split_whitespace().next().unwrap_or_default()) {
            (Lang::English, "") => "Hello,".into(),
            (Lang::English, name) => format!("Hi {name},"),
            (Lang::Spanish, "") => "Hola,".into(),
            (Lang::Spanish, name) => format!("Hola {name},"),
        }
    }
}
