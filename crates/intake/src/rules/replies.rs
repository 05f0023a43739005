//! Placeholders of a saved reply: a closed list, checked when a reply is saved and again when it is used.

use super::naming::nearest;

foundation::words! {
    /// What a reply can say of its reader and its moment.
    pub enum Placeholder {
        Name = "name", "the name they use",
        Me = "me", "your first name",
        Office = "office", "the neutral name of the center",
        Phone = "phone", "the number of the center",
        NextTime = "next_time", "when the next step is",
    }
}

impl Placeholder {
    /// Why there is nothing to put in its place, and what to do.
    pub fn missing(self) -> &'static str {
        match self {
            Self::Name => "they gave no name",
            Self::NextTime => "no next step is set",
            Self::Me => "your name is not known here",
            Self::Office => "the center has no neutral name",
            Self::Phone => "the center has no number",
        }
    }
}

/// A piece of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Place(&'a str),
    /// A brace that is never closed, or closes nothing.
    Brace,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        found.push(Piece::Text(before));
        let inside = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        if let Some((name, after)) = inside.filter(|(name, _)| !name.contains(['{', '\n'])) {
            found.push(Piece::Place(name.trim()));
            rest = after;
        } else {
            found.push(Piece::Brace);
            rest = from.get(1..).unwrap_or_default();
        }
    }
    found.push(Piece::Text(rest));
    found
}

/// What is wrong with the placeholders of a text, in a sentence; `None` when every one is known.
pub fn wrong(text: &str) -> Option<String> {
    let mut said = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Place(name) if Placeholder::parse(name).is_none() => {
                let known = Placeholder::ALL.iter().map(|p| p.as_str());
                let meant =
                    nearest(&name.to_lowercase(), known).map(|known| format!(" Did you mean {{{known}}}?"));
                said.push(format!("Nothing is known as {{{name}}}.{}", meant.unwrap_or_default()));
            }
            Piece::Brace => said.push("A brace stands alone. Placeholders look like {name}.".to_owned()),
            Piece::Place(_) | Piece::Text(_) => {}
        }
    }
    said.dedup();
    (!said.is_empty()).then(|| said.join(" "))
}

/// The text with what is known in its places.
///
/// # Errors
/// The placeholders for which there is nothing, each once.
pub fn fill(text: &str, known: impl Fn(Placeholder) -> Option<String>) -> Result<String, Vec<Placeholder>> {
    let mut missing = Vec::new();
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Brace => {}
            Piece::Place(name) => match Placeholder::parse(name) {
                Some(place) => match known(place) {
                    Some(value) => filled.push_str(&value),
                    None if missing.contains(&place) => {}
                    None => missing.push(place),
                },
                // A reply of a later version of the house: said as it stands, so that a person sees it.
                None => filled.extend(["{", name, "}"]),
            },
        }
    }
    if missing.is_empty() { Ok(filled) } else { Err(missing) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jo(place: Placeholder) -> Option<String> {
        match place {
            Placeholder::Name => Some("Jo".into()),
            Placeholder::Me => Some("Ana".into()),
            Placeholder::NextTime => None,
            Placeholder::Office => Some("Cedar Office".into()),
            Placeholder::Phone => Some("(212) 555-0100".into()),
        }
    }

    #[test]
    fn a_reply_is_filled_with_what_is_known() {
        assert_eq!(fill("Hi {name}, it’s { me }.", jo).unwrap(), "Hi Jo, it’s Ana.");
    }

    #[test]
    fn what_is_missing_stops_it_and_is_named_once() {
        assert_eq!(fill("{next_time}? {name}! {next_time}.", jo), Err(vec![Placeholder::NextTime]));
    }

    #[test]
    fn an_unknown_placeholder_is_flagged_with_the_nearest_one() {
        assert_eq!(wrong("Hi {nmae}"), Some("Nothing is known as {nmae}. Did you mean {name}?".into()));
        assert_eq!(wrong("{zzzzzzzzzzzz}"), Some("Nothing is known as {zzzzzzzzzzzz}.".into()));
        assert_eq!(wrong("Hi {name}, {office} {phone} {me} {next_time}"), None);
        assert!(wrong("a { b").is_some() && wrong("a } b").is_some() && wrong("{{name}}").is_some());
    }

    proptest! {
        #[test]
        fn a_text_that_passed_is_filled_and_no_brace_is_left(text in "[a-z {}\\n]{0,60}") {
            if wrong(&text).is_none() {
                let filled = fill(&text, |_| Some("x".into())).unwrap();
                let brace = filled.contains(['{', '}']);
                prop_assert!(!brace, "a brace is left");
            }
        }

        #[test]
        fn what_somebody_is_called_is_never_read_as_a_placeholder(name in ".{0,20}") {
            let filled = fill("Hi {name}.", |_| Some(name.clone())).unwrap();
            prop_assert_eq!(filled, format!("Hi {name}."));
        }
    }
}
