//! What a center's own public form asks: which of the questions that can be left out it leaves out, and the few it asks
//! beyond. Danger, whom it is for, one way of contact and what may be said there are always asked: without them nobody can
//! be called back safely.

use foundation::{Faults, Lang};
use serde::{Deserialize, Serialize};

foundation::id! {
    /// A question of a center's own.
    QuestionId
}

foundation::words! {
    /// What a form can leave out.
    pub enum Optional {
        Other = "other", "Who they are to the person, and that one’s name",
        Name = "name", "What we call them",
        Words = "words", "What would help, in their words",
    }
}

foundation::words! {
    /// How a question is answered.
    pub enum Kind {
        Line = "line", "In a few words",
        YesNo = "yes_no", "Yes or no",
        Choice = "choice", "One of these",
    }
}

/// Characters of a question, and of an answer in a few words.
const LONGEST: usize = 120;
const LONGEST_ANSWER: usize = 200;
/// Questions a form can have beyond, and choices of one.
pub const MOST: usize = 5;
const MOST_CHOICES: usize = 8;

/// A text in the languages of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub english: String,
    /// Without one, the English words are shown.
    pub spanish: Option<String>,
}

impl Said {
    fn parse(english: &str, spanish: &str) -> Self {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { english: one_line(english), spanish: Some(one_line(spanish)).filter(|s| !s.is_empty()) }
    }

    /// The words in a language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match (lang, &self.spanish) {
            (Lang::Spanish, Some(spanish)) => spanish,
            _ => &self.english,
        }
    }

    fn is_too_long(&self) -> bool {
        [Some(&self.english), self.spanish.as_ref()]
            .into_iter()
            .flatten()
            .any(|s| s.chars().count() > LONGEST)
    }
}

/// A question of a center's own. Nobody must answer it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub words: Said,
    pub kind: Kind,
    /// What can be chosen, when one of some is.
    pub choices: Vec<Said>,
}

impl Question {
    /// Parses a form's strings. Choices stand on a line each, in English, and in Spanish after a bar.
    ///
    /// # Errors
    /// No question, no way to answer it, or fewer than two choices, each at its field.
    pub fn parse<'a>(id: QuestionId, text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let words = Said::parse(text("english"), text("spanish"));
        if words.english.is_empty() || words.is_too_long() {
            faults.add("english", format!("Enter the question in up to {LONGEST} characters"));
        }
        let kind = Kind::parse(text("kind"));
        let lines = text("choices").lines().filter(|line| !line.trim().is_empty());
        let choice = |line: &str| match line.split_once('|') {
            Some((english, spanish)) => Said::parse(english, spanish),
            None => Said::parse(line, ""),
        };
        let choices: Vec<Said> = lines.map(choice).collect();
        match kind {
            None => faults.add("kind", "Choose how it is answered"),
            Some(Kind::Choice) if !(2..=MOST_CHOICES).contains(&choices.len()) => {
                faults.add("choices", format!("Enter 2 to {MOST_CHOICES} choices, one on a line"));
            }
            Some(Kind::Choice) if choices.iter().any(|one| one.english.is_empty() || one.is_too_long()) => {
                faults.add("choices", format!("Enter each choice in up to {LONGEST} characters"));
            }
            Some(_) => {}
        }
        match kind {
            Some(kind) if faults.0.is_empty() => {
                let choices = if kind == Kind::Choice { choices } else { Vec::new() };
                Ok(Self { id, words, kind, choices })
            }
            _ => Err(faults),
        }
    }

    /// The name of its field.
    pub fn field(&self) -> String {
        format!("own_{}", self.id)
    }

    /// What can be chosen, as sent and as read; empty for an answer in words.
    pub fn options(&self, lang: Lang) -> Vec<(String, String)> {
        let yes_no = |yes: &str| vec![("yes".into(), yes.to_owned()), ("no".into(), "No".to_owned())];
        match (self.kind, lang) {
            (Kind::Line, _) => Vec::new(),
            (Kind::YesNo, Lang::English) => yes_no("Yes"),
            (Kind::YesNo, Lang::Spanish) => yes_no("Sí"),
            (Kind::Choice, _) => {
                let choices = self.choices.iter().enumerate();
                choices.map(|(at, said)| (at.to_string(), said.in_lang(lang).to_owned())).collect()
            }
        }
    }

    /// An answer as it is read in a language; nothing when there is none.
    pub fn answer(&self, value: &str, lang: Lang) -> Option<String> {
        match self.kind {
            Kind::Line => Some(value.trim().to_owned()).filter(|text| !text.is_empty()),
            _ => self.options(lang).into_iter().find(|(sent, _)| sent == value).map(|(_, words)| words),
        }
    }

    /// What is wrong with an answer.
    pub fn fault(&self, value: &str) -> Option<&'static str> {
        let too_long = self.kind == Kind::Line && value.trim().chars().count() > LONGEST_ANSWER;
        too_long.then_some("Write less here, up to 200 characters")
    }
}

/// The form of a center. An empty one asks everything the house asks, and nothing beyond.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicForm {
    pub left_out: Vec<Optional>,
    pub questions: Vec<Question>,
}

impl PublicForm {
    /// Whether it asks this.
    pub fn asks(&self, optional: Optional) -> bool {
        !self.left_out.contains(&optional)
    }

    /// What somebody wrote, and under it each question of the center's own with its answer, a line each, in the language
    /// of those who read it.
    pub fn whole<'a>(&self, words: &str, answer: impl Fn(&str) -> &'a str) -> String {
        let own = self.questions.iter().filter_map(|question| {
            let said = question.answer(answer(&question.field()), Lang::English)?;
            Some(format!("{} {said}", asked(&question.words.english)))
        });
        let own: Vec<String> = own.collect();
        let parts = [words.trim().to_owned(), own.join("\n")];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    }
}

/// A question before its answer.
fn asked(question: &str) -> String {
    if question.ends_with(['?', ':', '.']) { question.to_owned() } else { format!("{question}:") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(fields: &[(&str, &'static str)]) -> Result<Question, Faults> {
        let id = QuestionId(sea_orm::prelude::Uuid::from_u128(fields.len() as u128));
        Question::parse(id, |name| fields.iter().find(|(one, _)| *one == name).map_or("", |(_, value)| value))
    }

    fn insurance() -> Question {
        let choices = "Private insurance | Seguro privado\n\nMedicaid\nNone | Ninguno\n";
        question(&[
            ("english", "Which  insurance do you have?"),
            ("spanish", "¿Qué seguro tiene?"),
            ("kind", "choice"),
            ("choices", choices),
        ])
        .unwrap()
    }

    #[test]
    fn a_question_has_words_and_a_way_to_answer_it() {
        let asked = insurance();
        assert_eq!(asked.words.in_lang(Lang::English), "Which insurance do you have?");
        let read = |lang| asked.options(lang).into_iter().map(|(_, words)| words).collect::<Vec<_>>();
        assert_eq!(read(Lang::Spanish), ["Seguro privado", "Medicaid", "Ninguno"]);
        assert_eq!(asked.answer("2", Lang::English).as_deref(), Some("None"));
        for (value, lang) in [("3", Lang::English), ("", Lang::Spanish), ("None", Lang::English)] {
            assert_eq!(asked.answer(value, lang), None, "{value}");
        }
        let long = "x".repeat(121).leak();
        for (fields, at) in [
            (vec![("kind", "line")], "english"),
            (vec![("english", &*long), ("kind", "line")], "english"),
            (vec![("english", "Which?")], "kind"),
            (vec![("english", "Which?"), ("kind", "choice"), ("choices", "Only one")], "choices"),
            (vec![("english", "Which?"), ("kind", "choice"), ("choices", "One\n| Dos")], "choices"),
        ] {
            assert!(question(&fields).unwrap_err().of(at).is_some(), "{fields:?}");
        }
    }

    #[test]
    fn answers_stand_under_the_words_in_the_language_of_those_who_read_them() {
        let drives = question(&[("english", "Can someone drive you"), ("kind", "yes_no")]).unwrap();
        let form = PublicForm { left_out: vec![], questions: vec![insurance(), drives] };
        let [first, second] = [form.questions[0].field(), form.questions[1].field()];
        let given = |name: &str| {
            if name == first {
                "0"
            } else if name == second {
                "no"
            } else {
                ""
            }
        };
        let whole = form.whole("  Please call. ", given);
        assert_eq!(
            whole,
            "Please call.\n\nWhich insurance do you have? Private insurance\nCan someone drive you: No"
        );
        assert_eq!(form.whole("", |_| ""), "");
        assert_eq!(form.whole("Please call.", |_| "nonsense"), "Please call.");
    }
}
