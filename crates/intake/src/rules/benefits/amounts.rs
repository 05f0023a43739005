//! What a plan says in numbers, as it was typed: money in whole cents, a share, a number of days. Not asked, not said and
//! none are three answers.

use serde::{Deserialize, Serialize};

/// What stands for "the plan did not say" in a field.
const NOT_SAID: [&str; 3] = ["?", "unknown", "not known"];
const NONE: [&str; 4] = ["none", "no", "0", "$0"];

/// Money in whole cents of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub u32);

impl Cents {
    /// Reads dollars as people type them: `1500`, `$1,500`, `75.50`. A comma that groups no thousands and cents of one
    /// digit are not guessed at.
    pub fn parse(typed: &str) -> Option<Self> {
        let text = typed.trim();
        let text = text.strip_prefix('$').unwrap_or(text).trim_start();
        let (dollars, cents) = match text.split_once('.') {
            Some((dollars, cents)) if cents.len() == 2 => (dollars, cents),
            Some(_) => return None,
            None => (text, "00"),
        };
        let cents: u32 = digits(cents)?;
        grouped(dollars)?.checked_mul(100)?.checked_add(cents).map(Self)
    }
}

impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (dollars, cents) = ((self.0 / 100).to_string(), self.0 % 100);
        let mut grouped = String::new();
        for (n, digit) in dollars.chars().enumerate() {
            if n > 0 && (dollars.len() - n).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if cents == 0 { write!(f, "${grouped}") } else { write!(f, "${grouped}.{cents:02}") }
    }
}

/// Whole dollars below ten million, with commas between thousands or with none.
fn grouped(text: &str) -> Option<u32> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    let whole = format!("{first}{}", rest.concat());
    if is_grouped && !first.is_empty() && whole.len() <= 7 { digits(&whole) } else { None }
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn is_one_of(typed: &str, words: &[&str]) -> bool {
    words.contains(&typed.trim().to_lowercase().as_str())
}

/// An amount of money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    #[default]
    NotAsked,
    NotSaid,
    Known(Cents),
}

impl Amount {
    /// Reads an amount; empty was not asked, `?` was not said.
    ///
    /// # Errors
    /// What to do about what was typed, to stand after the name of the field.
    pub fn parse(typed: &str) -> Result<Self, &'static str> {
        if typed.trim().is_empty() {
            return Ok(Self::NotAsked);
        }
        if is_one_of(typed, &NOT_SAID) {
            return Ok(Self::NotSaid);
        }
        if is_one_of(typed, &NONE) {
            return Ok(Self::Known(Cents(0)));
        }
        Cents::parse(typed)
            .map(Self::Known)
            .ok_or("enter dollars, like 1,500 or 75.50, “none” for none, or ? if the plan did not say")
    }

    /// What it says.
    pub fn words(self) -> String {
        match self {
            Self::NotAsked => "Not asked".into(),
            Self::NotSaid => "The plan did not say".into(),
            Self::Known(Cents(0)) => "None".into(),
            Self::Known(cents) => cents.to_string(),
        }
    }

    /// The cents, when they are known.
    pub fn known(self) -> Option<Cents> {
        if let Self::Known(cents) = self { Some(cents) } else { None }
    }
}

/// What the person pays each time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    #[default]
    NotAsked,
    NotSaid,
    /// A fixed sum each time.
    Copay(Cents),
    /// So many of a hundred parts of each bill.
    Coinsurance(u8),
}

impl Share {
    /// Reads `$40` or `20%`; a bare number could be either.
    ///
    /// # Errors
    /// What to do about what was typed.
    pub fn parse(typed: &str) -> Result<Self, &'static str> {
        const SAY: &str = "Enter a copay like $40 or a coinsurance like 20%, or ? if the plan did not say";
        let text = typed.trim();
        if text.is_empty() {
            return Ok(Self::NotAsked);
        }
        if is_one_of(text, &NOT_SAID) {
            return Ok(Self::NotSaid);
        }
        if is_one_of(text, &NONE) {
            return Ok(Self::Copay(Cents(0)));
        }
        if let Some(percent) = text.strip_suffix('%') {
            let percent = digits(percent.trim()).and_then(|p| u8::try_from(p).ok()).filter(|p| *p <= 100);
            return percent.map(Self::Coinsurance).ok_or(SAY);
        }
        let copay = text.starts_with('$').then(|| Cents::parse(text)).flatten();
        copay.map(Self::Copay).ok_or(SAY)
    }

    /// What it says.
    pub fn words(self) -> String {
        match self {
            Self::NotAsked => "Not asked".into(),
            Self::NotSaid => "The plan did not say".into(),
            Self::Copay(Cents(0)) | Self::Coinsurance(0) => "Nothing".into(),
            Self::Copay(cents) => format!("{cents} copay"),
            Self::Coinsurance(percent) => format!("{percent}% coinsurance"),
        }
    }
}

/// How many days the plan pays for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayLimit {
    #[default]
    NotAsked,
    NotSaid,
    NoLimit,
    Days(u16),
}

impl DayLimit {
    /// Reads a number of days or "none".
    ///
    /// # Errors
    /// What to do about what was typed.
    pub fn parse(typed: &str) -> Result<Self, &'static str> {
        let text = typed.trim();
        let days = || digits(text).and_then(|d| u16::try_from(d).ok()).filter(|d| (1..=366).contains(d));
        match text {
            "" => Ok(Self::NotAsked),
            text if is_one_of(text, &NOT_SAID) => Ok(Self::NotSaid),
            text if is_one_of(text, &["none", "no", "no limit"]) => Ok(Self::NoLimit),
            _ => days()
                .map(Self::Days)
                .ok_or("Enter a number of days, like 30, “none” for no limit, or ? if the plan did not say"),
        }
    }

    /// What it says.
    pub fn words(self) -> String {
        match self {
            Self::NotAsked => "Not asked".into(),
            Self::NotSaid => "The plan did not say".into(),
            Self::NoLimit => "No limit".into(),
            Self::Days(1) => "1 day".into(),
            Self::Days(days) => format!("{days} days"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "compared with what was read, or was not")]
    fn cents(n: u32) -> Option<Cents> {
        Some(Cents(n))
    }

    #[test]
    fn dollars_are_read_as_people_type_them_and_nothing_is_guessed() {
        assert_eq!(Cents::parse("1500"), cents(150_000));
        assert_eq!(Cents::parse(" $1,500 "), cents(150_000));
        assert_eq!(Cents::parse("$ 75.50"), cents(7_550));
        assert_eq!(Cents::parse("1,234,567.89"), cents(123_456_789));
        for odd in ["", "$", "1,50", "12,5000", "75.5", "75.", "-5", "1e3", "٣", "12345678", "1,,000", ".50"]
        {
            assert_eq!(Cents::parse(odd), None, "{odd} was taken");
        }
    }

    #[test]
    fn not_asked_not_said_and_none_are_three_answers() {
        assert_eq!(Amount::parse(" "), Ok(Amount::NotAsked));
        assert_eq!(Amount::parse("?"), Ok(Amount::NotSaid));
        assert_eq!(Amount::parse("none"), Ok(Amount::Known(Cents(0))));
        assert_eq!(DayLimit::parse("None"), Ok(DayLimit::NoLimit));
        assert_eq!(DayLimit::parse("30"), Ok(DayLimit::Days(30)));
        assert!(DayLimit::parse("0").is_err() && DayLimit::parse("a month").is_err());
    }

    #[test]
    fn a_share_says_whether_it_is_dollars_or_percent() {
        assert_eq!(Share::parse("$40"), Ok(Share::Copay(Cents(4_000))));
        assert_eq!(Share::parse("20 %"), Ok(Share::Coinsurance(20)));
        assert!(Share::parse("20").is_err() && Share::parse("120%").is_err() && Share::parse("$x").is_err());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again_as_the_same(n in 0u32..999_999_999) {
            prop_assert_eq!(Cents::parse(&Cents(n).to_string()), cents(n));
        }

        #[test]
        fn nothing_that_is_typed_makes_it_fall_over(typed in "\\PC{0,12}") {
            let _ = (Amount::parse(&typed), Share::parse(&typed), DayLimit::parse(&typed));
        }
    }
}
