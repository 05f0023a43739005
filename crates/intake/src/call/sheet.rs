//! The call sheet: what is asked on the phone, in the order of the call (domain reference 2.2), and what was answered.

use consent::contact_rules::StillHolds;
use std::collections::BTreeMap;

use clients::rules::care::LevelOfCare;
use foundation::{Day, Faults, Instant, Zone, day, read_day, read_moment};

use crate::appointments::offering::Choice;
use crate::rules::outcome::Reason;
use crate::rules::reasons::ReasonId;
use crate::rules::source::SourceKind;
use crate::rules::triage::{Answer, EARLIER, Question, Substance, Told, Triage, Use, triage};
use crate::rules::words::{Direction, Disposition, ForWhom, Urgency};

/// Substances a sheet has room for (domain reference 2.3).
pub const SUBSTANCES: usize = 5;
/// Characters of a name, of a line, and of what is told at length.
const NAME: usize = 120;
const LINE: usize = 300;
const LONG: usize = 4000;

/// Lines and choices of the sheet that stand alone, in the order of the call, with the words of their labels.
const LINES: &[(&str, &str)] = &[
    ("phone", "Number to call back"),
    ("direction", "Who called"),
    ("still_holds", "Does what is safe still hold"),
    ("place", "Where they are right now"),
    ("safe_to_talk", "Safe to talk"),
    ("for_whom", "Who it is for"),
    ("relationship", "The caller is their"),
    ("name", "What to call the caller"),
    ("other_name", "Name of the one who may need care"),
    ("age", "Age or birth date"),
    ("pronouns", "Pronouns"),
    ("language", "Language"),
    ("notes_ok", "May we take notes"),
    ("call", "May we call"),
    ("call_from", "Call from"),
    ("call_until", "Call until"),
    ("call_days", "Days to call"),
    ("zone", "Their time zone"),
    ("voicemail", "Voicemail"),
    ("answering", "If someone else answers"),
    ("email", "E-mail address"),
    ("email_ok", "May we write to it"),
    ("plan", "Insurance plan"),
    ("member_id", "Member number"),
    ("payer_phone", "Phone number on the card"),
    ("source_kind", "How they came to us"),
    ("heard_from", "How they heard of us, in their words"),
    ("level", "A clinician’s idea of the level of care"),
    ("level_by", "Which clinician"),
    ("judged", "How urgent we see it"),
    ("slot", "The time we offered"),
    ("next_step", "What happens next"),
    ("next_step_at", "When"),
    ("owner", "Who keeps it"),
    ("disposition", "How it ended"),
    ("reason", "Why"),
    ("check_in", "May we check in later"),
];

/// Texts of the sheet.
const TEXTS: &[(&str, &str)] = &[
    ("words", "What made them call today"),
    ("acted", "What was done about the danger"),
    ("because", "Why they were called against what they said"),
    ("judged_because", "Why we see it otherwise"),
    ("wants", "What they wish for"),
];

foundation::words! {
    /// What is asked with one of four answers and a word about it (domain reference 2.2, steps 5 to 10).
    pub enum Asked {
        StoppedBefore = "stopped_before", "Trouble when stopping before: a seizure, seeing things, a hospital",
        OverdoseBefore = "overdose_before", "An overdose before",
        Conditions = "conditions", "Illnesses, pain, anything a doctor looks after",
        Medicines = "medicines", "Medicines, also for addiction",
        Allergies = "allergies", "Allergies",
        Mobility = "mobility", "Help with walking, seeing, hearing, reading",
        Mind = "mind", "Depression, trauma, other troubles of the mind, and treatment for them",
        Housing = "housing", "A safe place to live",
        Children = "children", "Children or others they look after",
        Work = "work", "Work or school that must know or wait",
        Legal = "legal", "Charges, probation, a court date",
        Transport = "transport", "A way to get here",
        Pets = "pets", "Pets that need a place",
        TreatedBefore = "treated_before", "Treatment before, and what helped",
        Medication = "medication", "Wants medication for addiction",
        Coverage = "coverage", "Insurance or another way to pay",
    }
}

/// A field of the sheet, and the most characters it takes.
fn fields() -> impl Iterator<Item = (String, usize)> {
    let most = |name: &str| if name.ends_with("name") { NAME } else { LINE };
    let lines = LINES.iter().map(move |(name, _)| ((*name).to_owned(), most(name)));
    let texts = TEXTS.iter().map(|(name, _)| ((*name).to_owned(), LONG));
    let questions = Question::ALL.iter().map(|q| (format!("q_{q}"), LINE));
    let asked = Asked::ALL.iter().flat_map(|a| [(format!("a_{a}"), LINE), (format!("a_{a}_more"), LINE)]);
    let uses = (1..=SUBSTANCES)
        .flat_map(|n| ["kind", "amount", "days", "last"].map(|part| (format!("s{n}_{part}"), LINE)));
    let earlier = EARLIER.iter().map(|(name, _)| (format!("q_{name}"), LINE));
    lines.chain(texts).chain(questions).chain(earlier).chain(asked).chain(uses)
}

/// The words of a field's label.
pub fn field_words(name: &str) -> String {
    let alone = LINES.iter().chain(TEXTS).find(|(one, _)| *one == name).map(|(_, words)| (*words).to_owned());
    let question = || {
        let name = name.strip_prefix("q_")?;
        let earlier = || EARLIER.iter().find(|(one, _)| *one == name).map(|(_, words)| *words);
        Question::parse(name).map(Question::words).or_else(earlier).map(str::to_owned)
    };
    let asked = || {
        let name = name.strip_prefix("a_")?;
        let more = name.strip_suffix("_more");
        let words = Asked::parse(more.unwrap_or(name))?.words();
        Some(if more.is_some() { format!("{words}: more about it") } else { words.to_owned() })
    };
    let used = || {
        let (n, part) = name.strip_prefix('s')?.split_once('_')?;
        let part = match part {
            "kind" => "what",
            "amount" => "how much",
            "days" => "days of the last 30",
            _ => "last time",
        };
        Some(format!("Substance {n}, {part}"))
    };
    alone.or_else(question).or_else(asked).or_else(used).unwrap_or_default()
}

/// What stands in a field, in the words of its choice.
fn value_words(name: &str, value: &str) -> String {
    let answer = |value| Answer::parse(value).map(|a| a.words().to_owned());
    let words = match name {
        "direction" => Direction::parse(value).map(|d| d.words().to_owned()),
        "still_holds" => StillHolds::parse(value).map(|s| s.words().to_owned()),
        "for_whom" => ForWhom::parse(value).map(|f| f.words().to_owned()),
        "judged" => Urgency::parse(value).map(|u| u.words().to_owned()),
        "disposition" => Disposition::parse(value).map(|d| d.words().to_owned()),
        "source_kind" => SourceKind::parse(value).map(|k| k.words().to_owned()),
        // In the words of the center on the page of the request.
        "reason" if value.parse::<ReasonId>().is_ok() => Some("a reason of the center’s own".to_owned()),
        "reason" => Reason::parse(value).map(|r| r.words().to_owned()),
        "level" => LevelOfCare::parse(value).map(|l| l.words().to_owned()),
        "owner" => Some("a colleague".to_owned()),
        // Who it is with and where is on the page of the request.
        "slot" => Choice::parse(value).map(|slot| slot.at.format("%A, %-d %B %Y, %-I:%M %P").to_string()),
        _ if name.ends_with("_kind") => Substance::parse(value).map(|s| s.words().to_owned()),
        _ if name.starts_with("q_") || name.starts_with("a_") && !name.ends_with("_more") => answer(value),
        _ if name.ends_with("_at") || name.ends_with("_last") => Some(value.replace('T', " ")),
        _ => None,
    };
    words.unwrap_or_else(|| value.replace('_', " "))
}

/// What stands in a field of a sheet, in the words of its choice; empty when nothing does.
pub fn value_of(sheet: &Sheet, name: &str) -> String {
    let value = sheet.text(name);
    if value.is_empty() { String::new() } else { value_words(name, value) }
}

/// A sheet to be read: every safety question, also those nobody asked, and everything that was answered.
pub fn answered(sheet: &Sheet) -> Vec<(String, String)> {
    let shown = fields().filter_map(|(name, _)| {
        let value = sheet.text(&name);
        if value.is_empty() && sheet.is_open_question(&name) {
            return Some((field_words(&name), Answer::NotAsked.words().to_owned()));
        }
        (!value.is_empty()).then(|| (field_words(&name), value_words(&name, value)))
    });
    shown.collect()
}

/// What was answered so far, by field. A field that is not there was not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Sheet(BTreeMap<String, String>);

impl Sheet {
    /// Reads every field of the sheet by its name; other names are passed over.
    ///
    /// # Errors
    /// A text that is too long, at its field.
    pub fn read<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut answers = BTreeMap::new();
        for (name, most) in fields() {
            let value = text(&name).trim();
            if value.chars().count() > most {
                faults.add(name, format!("Write less here, up to {most} characters"));
            } else if !value.is_empty() {
                answers.insert(name, value.to_owned());
            }
        }
        faults.or(|| Self(answers))
    }

    /// What stands in a field; empty when nothing does.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Writes into a field, for a sheet that begins from what is known.
    pub fn set(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    /// This sheet, with the fields taken from another where `theirs` says so.
    #[must_use]
    pub fn but_theirs(&self, other: &Self, theirs: impl Fn(&str) -> bool) -> Self {
        let mut chosen = self.clone();
        for name in self.differences(other).filter(|name| theirs(name)) {
            match other.0.get(name) {
                Some(value) => chosen.0.insert(name.to_owned(), value.clone()),
                None => chosen.0.remove(name),
            };
        }
        chosen
    }

    /// The names of fields in which two sheets differ.
    pub fn differences<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        let names: std::collections::BTreeSet<&str> =
            self.0.keys().chain(other.0.keys()).map(String::as_str).collect();
        names.into_iter().filter(|name| self.text(name) != other.text(name))
    }

    /// The answer to a safety question. One that was asked in earlier words counts as far as it goes: a no to two things
    /// is a no to each, and a yes to one of two leaves open which.
    pub fn answer(&self, question: Question) -> Answer {
        Answer::parse(self.text(&format!("q_{question}"))).unwrap_or_else(|| self.earlier(question))
    }

    fn earlier(&self, question: Question) -> Answer {
        let said = |name: &str| Answer::parse(self.text(&format!("q_{name}"))).unwrap_or(Answer::NotAsked);
        let one_of_two = |name: &str| match said(name) {
            Answer::Yes => Answer::Unknown,
            other => other,
        };
        match question {
            Question::Breathing | Question::Seizure => one_of_two("unresponsive"),
            Question::Attempt | Question::Weapon => one_of_two("violence"),
            Question::Signs => said("signs"),
            Question::Risks if said("signs") == Answer::No => Answer::No,
            // A no was about three days: nobody asked about the fourth.
            Question::Daily if said("withdrawal") != Answer::No => said("withdrawal"),
            _ => Answer::NotAsked,
        }
    }

    /// Whether a field is a safety question nobody asked, in whatever words.
    fn is_open_question(&self, name: &str) -> bool {
        let question = name.strip_prefix("q_").and_then(Question::parse);
        question.is_some_and(|question| self.answer(question) == Answer::NotAsked)
    }

    /// What was answered in earlier words, to be carried along.
    pub fn earlier_answers(&self) -> Vec<(String, &str)> {
        let names = EARLIER.iter().map(|(name, _)| format!("q_{name}"));
        names.map(|name| (name.clone(), self.text(&name))).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// What the safety answers come to at this moment.
    pub fn triage(&self, now: Instant, zone: Zone) -> Triage {
        let uses: Vec<Use> = (1..=SUBSTANCES).filter_map(|n| self.used(n, zone)).collect();
        let age = years(self.text("age"), day(now, zone));
        triage(|question| self.answer(question), Told { uses: &uses, age }, now)
    }

    fn used(&self, n: usize, zone: Zone) -> Option<Use> {
        Some(Use {
            kind: Substance::parse(self.text(&format!("s{n}_kind")))?,
            days: self.text(&format!("s{n}_days")).parse().ok(),
            last: read_moment(self.text(&format!("s{n}_last")), zone),
        })
    }

    /// How fast this person must be reached: what the answers come to, unless a colleague judged otherwise and said why.
    pub fn urgency(&self, now: Instant, zone: Zone) -> Urgency {
        match Urgency::parse(self.text("judged")) {
            Some(judged) if self.is_judged() => judged,
            _ => self.triage(now, zone).urgency,
        }
    }

    /// Whether a colleague sees it otherwise and said why.
    pub fn is_judged(&self) -> bool {
        Urgency::parse(self.text("judged")).is_some() && !self.text("judged_because").is_empty()
    }
}

/// The years in an age or a birth date as staff type it: `15`, `15 years`, `2010-05-04`, `5/4/2010`.
fn years(typed: &str, today: Day) -> Option<u8> {
    let typed = typed.trim();
    let american = || chrono::NaiveDate::parse_from_str(typed, "%m/%d/%Y").ok();
    if let Some(born) = read_day(typed).or_else(american) {
        return u8::try_from(today.years_since(born)?).ok();
    }
    let number: String = typed.chars().take_while(char::is_ascii_digit).collect();
    let is_alone = typed.get(number.len()..).is_some_and(|rest| !rest.contains(|c: char| c.is_ascii_digit()));
    number.parse().ok().filter(|age| is_alone && (1..=120).contains(age))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn a_sheet_keeps_its_fields_and_nothing_else() {
        let typed = |name: &str| match name {
            "phone" => " 212 555 0142 ",
            "q_harm" => "no",
            "somebody_made_this_up" => "x",
            _ => "",
        };
        let sheet = Sheet::read(typed).unwrap();
        assert_eq!(sheet.text("phone"), "212 555 0142");
        assert_eq!(sheet.answer(Question::Harm), Answer::No);
        assert_eq!(sheet.answer(Question::Means), Answer::NotAsked);
        assert_eq!(serde_json::to_string(&sheet).unwrap(), r#"{"phone":"212 555 0142","q_harm":"no"}"#);
    }

    #[test]
    fn what_was_answered_in_earlier_words_is_read_and_counts_as_far_as_it_goes() {
        let old = r#"{"q_violence":"yes","q_unresponsive":"no","q_withdrawal":"no","q_signs":"yes"}"#;
        let sheet: Sheet = serde_json::from_str(old).unwrap();
        for (question, answer) in [
            (Question::Attempt, Answer::Unknown),
            (Question::Weapon, Answer::Unknown),
            (Question::Seizure, Answer::No),
            (Question::Daily, Answer::NotAsked),
            (Question::Signs, Answer::Yes),
        ] {
            assert_eq!(sheet.answer(question), answer, "{question}");
        }
        let read = answered(&sheet);
        let words = |name| (field_words(name), "Yes".to_owned());
        assert!(read.contains(&words("q_violence")) && read.contains(&words("q_signs")), "{read:?}");
        assert!(!read.iter().any(|(label, _)| label == Question::Attempt.words()), "{read:?}");
        assert_eq!(sheet.earlier_answers().len(), 4);
    }

    #[test]
    fn an_age_is_read_as_staff_type_it() {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        for (typed, age) in [
            ("15", Some(15)),
            ("15 years", Some(15)),
            ("2010-03-03", Some(15)),
            ("3/2/2010", Some(16)),
            ("in her 30s", None),
            ("30-40", None),
            ("2030-01-01", None),
            ("", None),
        ] {
            assert_eq!(years(typed, today), age, "{typed}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_a_fault_at_its_field() {
        let long = "x".repeat(4001);
        let faults = Sheet::read(|name| if name == "words" { &long } else { "" }).unwrap_err();
        assert_eq!(faults.0.first().map(|f| f.field.as_str()), Some("words"));
    }

    #[test]
    fn two_sheets_tell_where_they_differ() {
        let one = Sheet::read(|name| if name == "place" { "at work" } else { "" }).unwrap();
        let two = Sheet::read(|name| if name == "name" { "Jo" } else { "" }).unwrap();
        assert_eq!(one.differences(&two).collect::<Vec<_>>(), ["name", "place"]);
        assert_eq!(one.differences(&one).count(), 0);
    }

    #[test]
    fn a_colleague_who_sees_it_otherwise_must_say_why() {
        let zone = foundation::Zone::UTC;
        let now = chrono::Utc.with_ymd_and_hms(2026, 3, 2, 15, 0, 0).unwrap();
        let mut sheet = Sheet::read(|name| if name.starts_with("q_") { "no" } else { "" }).unwrap();
        sheet.set("judged", "urgent");
        assert_eq!(sheet.urgency(now, zone), Urgency::Routine);
        sheet.set("judged_because", "Her voice: she was crying and would not say where she is.");
        assert_eq!(sheet.urgency(now, zone), Urgency::Urgent);
    }
}
