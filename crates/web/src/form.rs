//! Forms: strings by name, exactly once each, without control characters. A handler parses them into a value that
//! cannot be wrong, or shows the same page again.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use foundation::{EntryId, Error, Faults};

use crate::failure::Failure;
use crate::house::House;
use crate::session::FormToken;

/// The longest value of one field, in bytes; longer texts are refused before they are parsed.
const LONGEST: usize = 20_000;

/// What was typed. A field that is missing reads as empty: browsers leave unchecked boxes out.
#[derive(Clone, Debug, Default)]
pub struct Typed(BTreeMap<String, Vec<String>>);

impl Typed {
    /// The value of a field, trimmed.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|v| v.first()).map_or("", |v| v.trim())
    }

    /// The value of a field as typed, for passwords.
    pub fn exact(&self, name: &str) -> &str {
        self.0.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// The value of a field, `None` when it is empty.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|v| !v.is_empty())
    }

    /// Whether a box was checked.
    pub fn checked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Every value of a field that may come more than once: its name ends with `[]`.
    pub fn many(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(|v| v.trim())
    }

    /// Every value of every field.
    pub fn every(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.iter().map(move |v| (name.as_str(), v.as_str())))
    }

    /// All single values, for carrying them to the next page.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(k, v)| v.first().map(|v| (k.as_str(), v.as_str())))
    }

    /// What was typed, from where it was kept.
    pub fn kept(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(values.into_iter().map(|(name, value)| (name, vec![value])).collect())
    }

    /// The same with another value in one field.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), vec![value.to_owned()]);
        self
    }

    /// The same with these values in a field that may come more than once.
    #[must_use]
    pub fn with_many<'a>(mut self, name: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.insert(name.to_owned(), values.into_iter().map(str::to_owned).collect());
        self
    }

    /// Reads a body or a query.
    pub fn read(text: &[u8]) -> Result<Self, Failure> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(text)
            .map_err(|_| Failure::Unreadable("The form arrived damaged. Go back and send it again."))?;
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            if value.len() > LONGEST || name.len() > 100 {
                return Err(Failure::Unreadable("One of the answers is too long. Go back and shorten it."));
            }
            // Line breaks and tabs are text; every other control character is a mistake or an attack.
            if value.chars().chain(name.chars()).any(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t')) {
                return Err(Failure::Unreadable(
                    "An answer holds characters that cannot be kept. Go back and type it again.",
                ));
            }
            let values = fields.entry(name.clone()).or_default();
            if !values.is_empty() && !name.ends_with("[]") {
                return Err(Failure::Unreadable(
                    "The form arrived with an answer twice. Go back and send it again.",
                ));
            }
            values.push(value);
        }
        Ok(Self(fields))
    }
}

impl FromRequest<House> for Typed {
    type Rejection = Failure;

    async fn from_request(request: Request, house: &House) -> Result<Self, Failure> {
        let is_form = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.starts_with("application/x-www-form-urlencoded"));
        let token = request.extensions().get::<FormToken>().cloned();
        let body = Bytes::from_request(request, house).await.map_err(|_| Failure::TooLarge)?;
        if !is_form && !body.is_empty() {
            return Err(Failure::Unreadable("This address takes a form. Go back and use the page."));
        }
        let typed = Self::read(&body)?;
        match token {
            Some(FormToken(token)) if typed.exact("form_token") != token => Err(Failure::Origin),
            _ => Ok(typed),
        }
    }
}

/// How a record is shown: with what was typed and is not right yet, and from where its timeline goes on.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    pub typed: &'a Typed,
    pub faults: &'a Faults,
    pub before: Option<EntryId>,
}

impl<'a> Seen<'a> {
    /// Shown again with what must be put right.
    pub fn again(typed: &'a Typed, faults: &'a Faults) -> Self {
        Self { typed, faults, before: None }
    }
}

/// The key in an address; what is none is not found.
pub fn key<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// What was chosen, or a fault at its field.
pub fn chosen<T>(value: Option<T>, field: &str, words: &str) -> Result<T, Error> {
    value.ok_or_else(|| {
        let mut faults = Faults::default();
        faults.add(field, words);
        faults.into()
    })
}

/// The query of a page, read by the same rules. Unknown names are ignored by whoever asks.
pub struct Asked(pub Typed);

impl axum::extract::FromRequestParts<House> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &House) -> Result<Self, Failure> {
        Ok(Self(Typed::read(parts.uri.query().unwrap_or_default().as_bytes())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_typed_but_for_the_edges() {
        let typed =
            Typed::read("name=+Zo%C3%AB+&note=a%0D%0Ab&days%5B%5D=mon&days%5B%5D=tue".as_bytes()).unwrap();
        assert_eq!(typed.text("name"), "Zoë");
        assert_eq!(typed.text("note"), "a\r\nb");
        assert_eq!(typed.many("days[]").collect::<Vec<_>>(), ["mon", "tue"]);
        assert_eq!(typed.given("missing"), None);
    }

    #[test]
    fn what_cannot_be_kept_is_refused_and_not_repaired() {
        assert!(Typed::read(b"name=a%00b").is_err());
        assert!(Typed::read(b"name=a&name=b").is_err());
        assert!(Typed::read(format!("name={}", "x".repeat(20_001)).as_bytes()).is_err());
    }
}
