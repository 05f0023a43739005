//! The words of the letters: templates, filled.

use askama::Template;
use foundation::Error;
use foundation::center::Center;

use super::knowing::Known;
use super::{Facts, LetterKind};

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
        center: &Center,
        facts: Facts,
        link: Option<String>,
        stop: String,
    ) -> Self {
        let staff = known.counselor.as_deref().and_then(|n| n.split_whitespace().next()).map(str::to_owned);
        let about = facts.at.map(|at| at.with_timezone(&facts.zone.unwrap_or(center.zone)));
        let about = |form: &str| about.map(|at| at.format(form).to_string()).unwrap_or_default();
        let at = facts.answer_by.map(|at| at.with_timezone(&center.zone));
        Self {
            name: known.name_used.trim().to_owned(),
            office: center.neutral_name.clone(),
            phone: center.neutral_phone.clone(),
            signed: staff.clone().unwrap_or_else(|| center.neutral_name.clone()),
            staff,
            answer_by: at.map(|at| at.format("%A, %B %-d, %-I:%M %p").to_string()),
            by_phone: facts.by_phone,
            weekday: about("%A"),
            at: about("%A, %B %-d, %-I:%M %p (%Z)"),
            link: link.unwrap_or_default(),
            stop,
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
            LetterKind::TimeKept | LetterKind::TimeMoved | LetterKind::TimeOff | LetterKind::TimeReminder => {
                self.filled(
                    &TimeSubject { w: self },
                    &TimeText { w: self, letter },
                    &TimePage { w: self, letter },
                )
            }
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
