//! Phone numbers as links: whoever reads one on a page can press it and talk, and nobody types it again.

use askama::filters::{Html, escape};

/// Digits of the shortest number that is dialed, and of the longest (ITU-T E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// A number as a link. What is no number (an address, nothing, "ends in 0142") stays text.
pub fn link(number: &str) -> String {
    match dialed(number) {
        Some(dialed) => written(&dialed, number),
        None => escaped(number),
    }
}

/// A text in which every number is a link.
pub fn link_all(text: &str) -> String {
    let mut written_so_far = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, length)) = find(rest) {
        let (before, from) = rest.split_at(at);
        let (number, after) = from.split_at(length);
        written_so_far.push_str(&escaped(before));
        written_so_far.push_str(&link(number));
        rest = after;
    }
    written_so_far + &escaped(rest)
}

fn written(dialed: &str, number: &str) -> String {
    format!("<a class=\"tel\" href=\"tel:{dialed}\">{}</a>", escaped(number))
}

fn escaped(text: &str) -> String {
    escape(text, Html).map(|safe| safe.to_string()).unwrap_or_default()
}

/// What a phone dials: digits, with the country in front where it is known, and an extension behind.
fn dialed(number: &str) -> Option<String> {
    if number.chars().any(|c| c.is_alphabetic() && !matches!(c, 'x' | 'X')) || number.contains('@') {
        return None;
    }
    let (main, extension) = number.split_once(['x', 'X', '#']).unwrap_or((number, ""));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (main, extension, is_whole) = (digits(main), digits(extension), main.trim().starts_with('+'));
    if !DIGITS.contains(&main.len()) {
        return None;
    }
    let mut dialed = match (main.len(), is_whole) {
        (10, false) => format!("+1{main}"),
        (11, false) if main.starts_with('1') => format!("+{main}"),
        (_, true) => format!("+{main}"),
        (_, false) => main,
    };
    if !extension.is_empty() {
        dialed = format!("{dialed};ext={extension}");
    }
    Some(dialed)
}

/// Where the first American number of a text begins, and how long it is: `(212) 555-0142`, `1-800-222-1222`.
pub fn find(text: &str) -> Option<(usize, usize)> {
    let stands_alone = |at: usize| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '/')
    };
    let starts = text.char_indices().filter(|(_, c)| c.is_ascii_digit() || matches!(c, '(' | '+'));
    starts.filter(|(at, _)| stands_alone(*at)).find_map(|(at, _)| Some((at, length(text.get(at..)?)?)))
}

/// How long the number is with which a text begins.
fn length(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut rest = text;
    let mut step = |bytes: usize| {
        at += bytes;
        text.get(at..).unwrap_or_default()
    };
    let is_separator = |c: char| matches!(c, ' ' | '-' | '.' | '\u{a0}');
    if let Some(after) = rest.strip_prefix("+1").or_else(|| rest.strip_prefix('1'))
        && let Some(c) = after.chars().next().filter(|c| is_separator(*c) || *c == '(')
    {
        let country = rest.len() - after.len();
        rest = step(country + if c == '(' { 0 } else { c.len_utf8() });
    }
    let bracket = rest.starts_with('(');
    if bracket {
        rest = step(1);
    }
    for (group, digits) in [3, 3, 4].into_iter().enumerate() {
        let found = rest.chars().take_while(char::is_ascii_digit).count();
        if found != digits {
            return None;
        }
        rest = step(digits);
        if group == 0 && bracket {
            rest = rest.strip_prefix(')').map(|_| step(1))?;
        }
        if group < 2 {
            let separator = rest.chars().next().filter(|c| is_separator(*c));
            match separator {
                Some(c) => rest = step(c.len_utf8()),
                None if group == 0 && bracket => {}
                None => return None,
            }
        }
    }
    (!rest.starts_with(|c: char| c.is_alphanumeric())).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_link_however_it_is_written() {
        for (number, dialed) in [
            ("(212) 555-0142", "+12125550142"),
            ("212 555 0142", "+12125550142"),
            ("1-800-222-1222", "+18002221222"),
            ("+44 20 7946 0018", "+442079460018"),
            ("(212) 555-0142 x12", "+12125550142;ext=12"),
            ("555-0142", "5550142"),
        ] {
            let expected = format!("<a class=\"tel\" href=\"tel:{dialed}\">{number}</a>");
            assert_eq!(link(number), expected);
        }
        for (text, stays) in [
            ("jo@example.org", "jo@example.org"),
            ("ends in 0142", "ends in 0142"),
            ("", ""),
            ("<b>", "&#60;b&#62;"),
        ] {
            assert_eq!(link(text), stays);
        }
    }

    #[test]
    fn in_a_text_every_number_is_a_link_and_nothing_else_is() {
        let linked = link_all("Poison Control, 1-800-222-1222, and Jo at (212) 555-0142 <now>.");
        assert_eq!(
            linked,
            "Poison Control, <a class=\"tel\" href=\"tel:+18002221222\">1-800-222-1222</a>, and Jo at \
             <a class=\"tel\" href=\"tel:+12125550142\">(212) 555-0142</a> &#60;now&#62;."
        );
        for text in ["on 2026-03-02 at 9", "CR-4F7K2", "1234-555-0142", "212 555 01423", "9 to 16", "800-22"]
        {
            assert_eq!(link_all(text), text);
        }
    }
}
