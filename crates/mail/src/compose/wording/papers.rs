//! The letters as templates: a subject, a body as text and one as a page; those in Spanish stand beside the English ones.

use askama::Template;

use super::super::LetterKind;
use super::Words;

#[derive(Template)]
#[template(path = "mail/we_got_your_note/subject.txt")]
pub(super) struct NoteSubject;

#[derive(Template)]
#[template(path = "mail/we_got_your_note/body.txt")]
pub(super) struct NoteText<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/we_got_your_note/body.html")]
pub(super) struct NotePage<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/we_got_your_note/es/subject.txt")]
pub(super) struct NoteSubjectSpanish;

#[derive(Template)]
#[template(path = "mail/we_got_your_note/es/body.txt")]
pub(super) struct NoteTextSpanish<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/we_got_your_note/es/body.html")]
pub(super) struct NotePageSpanish<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/checking_in/subject.txt")]
pub(super) struct CheckSubject;

#[derive(Template)]
#[template(path = "mail/checking_in/body.txt")]
pub(super) struct CheckText<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/checking_in/body.html")]
pub(super) struct CheckPage<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/our_time/subject.txt")]
pub(super) struct TimeSubject<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/our_time/body.txt")]
pub(super) struct TimeText<'a> {
    pub(super) w: &'a Words,
    pub(super) letter: LetterKind,
}

#[derive(Template)]
#[template(path = "mail/our_time/body.html")]
pub(super) struct TimePage<'a> {
    pub(super) w: &'a Words,
    pub(super) letter: LetterKind,
}

#[derive(Template)]
#[template(path = "mail/our_time/es/subject.txt")]
pub(super) struct TimeSubjectSpanish<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/our_time/es/body.txt")]
pub(super) struct TimeTextSpanish<'a> {
    pub(super) w: &'a Words,
    pub(super) letter: LetterKind,
}

#[derive(Template)]
#[template(path = "mail/our_time/es/body.html")]
pub(super) struct TimePageSpanish<'a> {
    pub(super) w: &'a Words,
    pub(super) letter: LetterKind,
}

#[derive(Template)]
#[template(path = "mail/own_words/subject.txt")]
pub(super) struct OwnSubject<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/own_words/body.txt")]
pub(super) struct OwnText<'a> {
    pub(super) w: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/own_words/body.html")]
pub(super) struct OwnPage<'a> {
    pub(super) w: &'a Words,
}
