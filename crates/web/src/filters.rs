//! Template filters that need to know the request, the form token and the language, and those that draw.

#![expect(clippy::inline_always, reason = "written by the filter macro")]

use askama::filters::Safe;
use askama::{Result, Values};
use foundation::Lang;

/// The key under which the rendering layer hands the token in.
pub const FORM_TOKEN: &str = "form_token";

/// Writes the hidden field every form of a session needs: `{{ ""|form_token }}` right after the opening tag.
#[askama::filter_fn]
pub fn form_token(_: &str, values: &dyn Values) -> Result<Safe<String>> {
    let token: &String = askama::get_value(values, FORM_TOKEN)?;
    // The token is hex, made by us: nothing in it needs escaping.
    Ok(Safe(format!(r#"<input type="hidden" name="form_token" value="{token}">"#)))
}

/// The key under which the rendering layer hands the visitor's language in.
pub const LANG: &str = "lang";

/// Says words in the language of whoever reads the page: `{{ "Back"|t }}`. Staff pages are in English.
#[askama::filter_fn]
pub fn t(words: &str, values: &dyn Values) -> Result<String> {
    let lang = askama::get_value::<Lang>(values, LANG).copied().unwrap_or_default();
    Ok(crate::language::say(lang, words).into_owned())
}

/// Writes an icon by its file name: `{{ "phone"|icon }}`. An icon never stands alone: a word is beside it.
#[askama::filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> Result<Safe<&'static str>> {
    Ok(Safe(crate::assets::icon(name)))
}

/// Writes one of the house's own marks: `{{ "octagon"|mark }}`. State is read by shape and word before color.
#[askama::filter_fn]
pub fn mark(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    let inside = match name {
        "octagon" => {
            r#"<path class="f" d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z"/><path class="t" d="M8 4.2v4.6M8 11.6v.1"/>"#
        }
        "triangle" => r#"<path class="f" d="M8 .8 15.6 14.6H.4z"/>"#,
        "diamond" => r#"<path class="f" d="M8 .4 15.6 8 8 15.6.4 8z"/>"#,
        "disc" => r#"<circle class="f" cx="8" cy="8" r="6.6"/>"#,
        "dashed" => r#"<circle class="o" cx="8" cy="8" r="6.2" stroke-dasharray="2.6 2.3"/>"#,
        "ring" => r#"<circle class="o" cx="8" cy="8" r="6.2"/>"#,
        "check" => {
            r#"<circle class="f" cx="8" cy="8" r="7.4"/><path class="t" d="m4.8 8.2 2.3 2.3 4.2-4.7"/>"#
        }
        "half" => {
            r#"<circle class="o" cx="8" cy="8" r="6.4"/><path class="f" d="M8 1.6a6.4 6.4 0 0 1 0 12.8z"/>"#
        }
        "crossed" => r#"<circle class="o" cx="8" cy="8" r="6.6"/><path class="o" d="M3.6 12.4l8.8-8.8"/>"#,
        "late" => {
            r#"<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M8 4.2v4.4M8 11.4v.1" stroke="var(--sheet)" stroke-width="2" stroke-linecap="round"/>"#
        }
        _ => "",
    };
    Ok(Safe(format!(r#"<svg class="mk" viewBox="0 0 16 16" aria-hidden="true">{inside}</svg>"#)))
}

/// The address of an asset: `{{ "kith.css"|asset }}`.
#[askama::filter_fn]
pub fn asset(name: &str, _: &dyn Values) -> Result<&'static str> {
    Ok(crate::assets::url(name))
}

/// Writes a phone number as a link that dials it: `{{ phone|tel }}`. What is no number stays as it is.
#[askama::filter_fn]
pub fn tel(number: &str, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(crate::phones::link(number)))
}

/// Writes a text in which every phone number is a link: `{{ card.say|phones }}`.
#[askama::filter_fn]
pub fn phones(text: &str, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(crate::phones::link_all(text)))
}
