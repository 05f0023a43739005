//! The words of the letters: templates, filled.

use askama::Template;
use foundation::center::Center;
use foundation::{Error, Lang};

use super::knowing::Known;
use super::{Facts, LetterKind};

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
    by_phone: bool,
    /// The time it is about: its weekday, and the whole of it.
    weekday: String,
    at: String,
    link: String,
    stop: String,
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
    ) -> Self {
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
            signed: staff.clone().unwrap_or_else(|| center.neutral_name.clone()),
            staff,
            answer_by: at.map(|at| match lang {
                Lang::English => at.format("%A, %B %-d, %-I:%M %p").to_string(),
                Lang::Spanish => format!("{}, {}", lang.day(at.date_naive()), lang.clock(at.time())),
            }),
            by_phone: facts.by_phone,
            weekday,
            at: about.unwrap_or_default(),
            link: link.unwrap_or_default(),
            stop,
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
        Ok(worded)
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
        match (self.lang, self.name.as_str()) {
            (Lang::English, "") => "Hello,".into(),
            (Lang::English, name) => format!("Hi {name},"),
            (Lang::Spanish, "") => "Hola,".into(),
            (Lang::Spanish, name) => format!("Hola {name},"),
        }
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
#[template(path = "mail/we_got_your_note/es/subject.txt")]
struct NoteSubjectSpanish;

#[derive(Template)]
#[template(path = "mail/we_got_your_note/es/body.txt")]
struct NoteTextSpanish<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/we_got_your_note/es/body.html")]
struct NotePageSpanish<'a> {
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
#[template(path = "mail/our_time/subject.txt")]
struct TimeSubject<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/our_time/body.txt")]
struct TimeText<'a> {
    w: &'a Words,
    letter: LetterKind,
}

#[derive(Template)]
#[template(path = "mail/our_time/body.html")]
struct TimePage<'a> {
    w: &'a Words,
    letter: LetterKind,
}

#[derive(Template)]
#[template(path = "mail/our_time/es/subject.txt")]
struct TimeSubjectSpanish<'a> {
    w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/our_time/es/body.txt")]
struct TimeTextSpanish<'a> {
    w: &'a Words,
    letter: LetterKind,
}

#[derive(Template)]
#[template(path = "mail/our_time/es/body.html")]
struct TimePageSpanish<'a> {
    w: &'a Words,
    letter: LetterKind,
}
