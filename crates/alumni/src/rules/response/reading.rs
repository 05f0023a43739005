//! From what was typed or chosen to answers, the same for a page in private and for staff who ask. A question left out
//! was not asked; "rather not say" and "not known" stay what they are.

use std::str::FromStr;

use foundation::Faults;

use super::{Answer, Answers, Commitment, Scale, Use, WeekDays};

/// Characters of an answer in someone's own words.
const LONGEST: usize = 2000;
/// More days without a medicine, or activities in a week, than anyone means.
const MOST: u8 = 99;

impl Answers {
    /// Reads the fields by their names.
    ///
    /// # Errors
    /// A fault by field for words that are too long and numbers that are none.
    pub fn read<'a>(text: impl Fn(&'static str) -> &'a str) -> Result<Self, Faults> {
        let (read, faults) = Self::read_fields(text);
        faults.or(|| read)
    }

    /// Reads what was said so far, whatever must still be put right: a slip on one page keeps no grave answer from being
    /// heard.
    pub fn read_so_far<'a>(text: impl Fn(&'static str) -> &'a str) -> Self {
        Self::read_fields(text).0
    }

    fn read_fields<'a>(text: impl Fn(&'static str) -> &'a str) -> (Self, Faults) {
        let mut faults = Faults::default();
        let read = Self {
            safe_to_talk: yes_no(text("safe_to_talk")),
            overall: one(text("overall"), scale),
            used: one(text("used"), Use::parse),
            used_opioids: yes_no(text("used_opioids")),
            naloxone_at_hand: yes_no(text("naloxone_at_hand")),
            danger_signs_now: yes_no(text("danger_signs_now")),
            overdose: yes_no(text("overdose")),
            urge: one(text("urge"), scale),
            confidence: one(text("confidence"), scale),
            supportive_days: one(text("supportive_days"), week_days),
            activities: number("activities", text("activities"), &mut faults),
            risky_days: one(text("risky_days"), week_days),
            medicines_as_planned: yes_no(text("medicines_as_planned")),
            medicine_gap_days: number("medicine_gap_days", text("medicine_gap_days"), &mut faults),
            next_dose_secured: yes_no(text("next_dose_secured")),
            lost_housing: yes_no(text("lost_housing")),
            lost_job: yes_no(text("lost_job")),
            changes: words("changes", text("changes"), &mut faults),
            violence: yes_no(text("violence")),
            thoughts: yes_no(text("thoughts")),
            last_commitment: one(text("last_commitment"), Commitment::parse),
            next_commitment: words("next_commitment", text("next_commitment"), &mut faults),
            would_help: words("would_help", text("would_help"), &mut faults),
            connections: words("connections", text("connections"), &mut faults),
        };
        (read, faults)
    }
}

fn one<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Answer<T> {
    match text {
        "declined" => Answer::Declined,
        "not_known" => Answer::NotKnown,
        other => parse(other).map_or(Answer::NotAsked, Answer::Is),
    }
}

fn yes_no(text: &str) -> Answer<bool> {
    one(text, |t| match t {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    })
}

fn scale(text: &str) -> Option<Scale> {
    u8::from_str(text).ok().and_then(Scale::new)
}

fn week_days(text: &str) -> Option<WeekDays> {
    u8::from_str(text).ok().and_then(WeekDays::new)
}

fn number(field: &'static str, text: &str, faults: &mut Faults) -> Answer<u8> {
    match (text, u8::from_str(text)) {
        ("", _) => Answer::NotAsked,
        (_, Ok(n)) if n <= MOST => Answer::Is(n),
        _ => {
            faults.add(field, "Enter a number, like 2");
            Answer::NotAsked
        }
    }
}

fn words(field: &'static str, text: &str, faults: &mut Faults) -> Answer<String> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        faults.add(field, "Shorten it to 2,000 characters");
    }
    if text.is_empty() { Answer::NotAsked } else { Answer::Is(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_declined_and_said_are_three_things() {
        let typed = [("used", "declined"), ("urge", "7"), ("thoughts", "no"), ("activities", "2")];
        let read =
            Answers::read(|name| typed.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)).unwrap();
        assert_eq!(read.used, Answer::Declined);
        assert_eq!(read.urge.value().map(|n| n.get()), Some(7));
        assert_eq!(read.thoughts, Answer::Is(false));
        assert_eq!(read.overall, Answer::NotAsked);
        assert_eq!(read.activities, Answer::Is(2));
    }

    #[test]
    fn a_slip_somewhere_keeps_no_grave_answer_from_being_heard() {
        let so_far = Answers::read_so_far(|name| match name {
            "activities" => "two",
            "thoughts" => "yes",
            _ => "",
        });
        assert_eq!((so_far.thoughts, so_far.activities), (Answer::Is(true), Answer::NotAsked));
    }

    #[test]
    fn a_number_that_is_none_is_a_fault_and_not_a_zero() {
        let faults = Answers::read(|name| if name == "activities" { "two" } else { "" }).unwrap_err();
        assert_eq!(faults.of("activities"), Some("Enter a number, like 2"));
        // Outside the scale nobody answered.
        let read = Answers::read(|name| if name == "urge" { "11" } else { "" }).unwrap();
        assert_eq!(read.urge, Answer::NotAsked);
    }
}
