//! The fields of a request as JSON: every one a string, named as the form names it, each once, and nothing else.

use std::collections::BTreeMap;
use std::fmt;

use foundation::Faults;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::problem::Problem;

/// Fields that take any text.
const TEXTS: [&str; 8] =
    ["name", "other_name", "relationship", "phone", "email", "call_from", "call_until", "words"];
/// Fields that take one of a few words.
const CHOICES: [(&str, &[&str]); 7] = [
    ("danger", &["yes", "no", "not_sure", "not_asked"]),
    ("for_whom", &["self", "family", "friend", "patient", "not_said"]),
    ("call", &["any", "hours", "never"]),
    ("call_days", &["all", "weekdays"]),
    ("voicemail", &["name_and_number", "never", "not_asked"]),
    ("answering", &["ask_by_name", "hang_up", "not_sure", "not_asked"]),
    ("email_ok", &["yes", "no"]),
];

/// What was sent, by field.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// Pairs as they stand in the body, so that one that comes twice is seen.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Pairs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        from.deserialize_map(Read)
    }
}

/// Reads a body.
pub(super) fn read(body: &str) -> Result<Fields, Problem> {
    let Pairs(pairs) =
        serde_json::from_str(body).map_err(|_| Problem::unreadable("The body is not one JSON object."))?;
    let (mut fields, mut faults) = (Fields::default(), Faults::default());
    for (name, value) in pairs {
        match field(&name, value) {
            Ok(_) if fields.0.contains_key(&name) => faults.add(name, "It is there twice"),
            Ok(text) => {
                fields.0.insert(name, text);
            }
            // What was no name of ours is cut: it is shown to whoever wrote the page.
            Err(words) => faults.add(name.chars().take(40).collect::<String>(), words),
        }
    }
    if faults.0.is_empty() { Ok(fields) } else { Err(Problem::of_faults(faults)) }
}

fn field(name: &str, value: Value) -> Result<String, String> {
    let choices = CHOICES.iter().find(|(field, _)| *field == name).map(|(_, choices)| *choices);
    if choices.is_none() && !TEXTS.contains(&name) {
        return Err("There is no such field".into());
    }
    let Value::String(text) = value else { return Err("Send a string".into()) };
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("It holds characters that cannot be kept".into());
    }
    match choices {
        Some(choices) if !text.is_empty() && !choices.contains(&text.as_str()) => {
            Err(format!("Send one of: {}", choices.join(", ")))
        }
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_a_choice_takes_are_the_words_of_the_house() {
        use consent::rules::contact::{Answering, Voicemail};
        use intake::rules::words::{Danger, ForWhom};
        let of = |name: &str| CHOICES.iter().find(|(field, _)| *field == name).unwrap().1;
        assert!(of("danger").iter().all(|word| Danger::parse(word).is_some()));
        assert!(of("for_whom").iter().all(|word| ForWhom::parse(word).is_some()));
        assert!(of("voicemail").iter().all(|word| Voicemail::parse(word).is_some()));
        assert!(of("answering").iter().all(|word| Answering::parse(word).is_some()));
        assert_eq!((of("danger").len(), of("for_whom").len()), (Danger::ALL.len(), ForWhom::ALL.len()));
    }

    #[test]
    fn every_fault_is_told_at_its_field() {
        let body = r#"{"name":"Jo","nmae":"Jo","phone":5550142,"danger":"maybe","words":"a\u0000b","email":"","email":""}"#;
        let problem = format!("{:?}", read(body).unwrap_err());
        for told in
            ["no such field", "Send a string", "Send one of: yes, no", "cannot be kept", "there twice"]
        {
            assert!(problem.contains(told), "{told}: {problem}");
        }
        for unreadable in ["", "[]", "null", "{", "{\"name\":\"x\"} more", &"[".repeat(20_000)] {
            assert!(
                format!("{:?}", read(unreadable).unwrap_err()).contains("not one JSON object"),
                "{unreadable}"
            );
        }
    }
}
