//! What of a person can be changed by a form, parsed.

use foundation::{Day, Faults, read_day};

use super::plain;

/// What of a person can be changed by a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub name_used: String,
    pub legal_name: Option<String>,
    pub pronouns: Option<String>,
    pub born_on: Option<Day>,
    pub language: String,
}

impl Identity {
    /// Parses a form's strings. A birth date is a date of the last 120 years.
    pub fn parse(
        name_used: &str,
        legal_name: &str,
        pronouns: &str,
        born_on: &str,
        language: &str,
        today: Day,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name_used = plain(name_used);
        let legal_name = Some(plain(legal_name)).filter(|n| !n.is_empty());
        let pronouns = Some(plain(pronouns)).filter(|p| !p.is_empty());
        for (field, text) in [("name_used", Some(&name_used)), ("legal_name", legal_name.as_ref())] {
            if text.is_some_and(|t| t.chars().count() > 120) {
                faults.add(field, "Enter a shorter name, up to 120 characters");
            }
        }
        if pronouns.as_ref().is_some_and(|p| p.chars().count() > 40) {
            faults.add("pronouns", "Enter shorter pronouns, up to 40 characters");
        }
        let born = born_on.trim();
        let date = (!born.is_empty()).then(|| read_day(born));
        let oldest = today - chrono::TimeDelta::days(120 * 366);
        let born_on = match date {
            None => None,
            Some(Some(date)) if date <= today && date >= oldest => Some(date),
            Some(_) => {
                faults.add("born_on", "Enter the birth date as year-month-day, like 1984-03-27");
                None
            }
        };
        let language = if language.trim().is_empty() { "en" } else { language.trim() }.to_owned();
        faults.or(|| Self { name_used, legal_name, pronouns, born_on, language })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_date_lies_in_a_lifetime() {
        let today: Day = "2026-03-02".parse().unwrap();
        let born = |text| Identity::parse("Jo", "", "", text, "", today);
        assert!(born("").unwrap().born_on.is_none());
        assert!(born("1984-03-27").unwrap().born_on.is_some());
        assert!(born("2026-03-03").is_err() && born("1884-03-27").is_err() && born("27.3.84").is_err());
    }
}
