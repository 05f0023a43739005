//! Which language a visitor reads: the one they chose, or the first their browser asks for that we write. Pages are
//! written in English; `{{ "words"|t }}` says the same in the visitor's language.

mod spanish;

use std::borrow::Cow;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use foundation::Lang;

use crate::form::Typed;
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::session::{cookie, set_cookie};

/// The cookie of the choice. It holds a language and nothing about anyone, and goes when the browser is closed.
const NAME: &str = "__Host-language";
/// The pages on which one may choose: the first ones, where nothing is typed yet.
const PAGES: [&str; 2] = ["/", "/consultation"];

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().act("/language", Access::Public, choose)
}

async fn choose(typed: Typed) -> Response {
    let mut headers = HeaderMap::new();
    set_cookie(&mut headers, NAME, Lang::of(typed.text("lang")).tag(), None);
    let to = PAGES.into_iter().find(|page| *page == typed.text("to")).unwrap_or("/");
    (headers, Redirect::to(to)).into_response()
}

/// The language a request asks for.
pub fn of(headers: &HeaderMap) -> Lang {
    if let Some(chosen) = cookie(headers, NAME) {
        return Lang::of(&chosen);
    }
    let asked = headers.get(ACCEPT_LANGUAGE).map(HeaderValue::to_str);
    let Some(Ok(asked)) = asked else { return Lang::English };
    // Browsers write them in order of liking; the first one that we write is it.
    let tags = asked.split(',').map(|one| one.split(';').next().unwrap_or_default().trim());
    let written = tags.filter(|tag| {
        let tag = tag.to_ascii_lowercase();
        tag.starts_with("en") || tag.starts_with("es")
    });
    written.map(Lang::of).next().unwrap_or_default()
}

/// The language of a visitor, for handlers.
pub struct Reads(pub Lang);

impl FromRequestParts<House> for Reads {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Infallible> {
        Ok(Self(of(&parts.headers)))
    }
}

/// The same words in a language. What is not translated stays as it is: a word too many in English is better than none.
pub fn say(lang: Lang, words: &str) -> Cow<'_, str> {
    match lang {
        Lang::English => Cow::Borrowed(words),
        Lang::Spanish => spanish::of(words).map_or(Cow::Borrowed(words), Cow::Borrowed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(languages: &'static str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(languages));
        of(&headers)
    }

    #[test]
    fn the_browser_is_believed_until_somebody_chooses() {
        assert_eq!(asking("es-MX,es;q=0.9,en;q=0.8"), Lang::Spanish);
        assert_eq!(asking("en-US,en;q=0.9,es;q=0.8"), Lang::English);
        assert_eq!(asking("nah, es;q=0.5, en;q=0.4"), Lang::Spanish);
        assert_eq!(asking("*"), Lang::English);
        assert_eq!(of(&HeaderMap::new()), Lang::English);
        let mut chosen = HeaderMap::new();
        chosen.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("es"));
        chosen.insert("cookie", HeaderValue::from_static("__Host-language=en"));
        assert_eq!(of(&chosen), Lang::English);
    }

    #[test]
    fn what_is_not_translated_stays_readable() {
        assert_eq!(say(Lang::Spanish, "Continue"), "Seguir");
        assert_eq!(say(Lang::Spanish, "Words nobody translated"), "Words nobody translated");
        assert_eq!(say(Lang::English, "Continue"), "Continue");
    }
}
