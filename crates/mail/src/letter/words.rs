//! Text that is safe in a header or a body: what can break a line, hide or turn text around is taken out.

/// Longest display name, in characters; a longer one is cut, because a name is a courtesy and not an address.
const NAME: usize = 120;
/// Longest subject, in characters.
const SUBJECT: usize = 250;

/// A display name on one line; `None` when nothing printable is left.
///
/// lettre 0.11.23 panics on CR or LF in a display name, and loses the recipient on NUL.
pub(super) fn name(typed: &str) -> Option<String> {
    let name = one_line(typed, NAME);
    (!name.is_empty()).then_some(name)
}

/// A subject on one line.
pub(super) fn subject(typed: &str) -> String {
    one_line(typed, SUBJECT)
}

/// A body whose lines end in one way; tabs stay, other controls go.
pub(super) fn body(typed: &str) -> String {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    typed
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
        .collect::<String>()
        .replace('\n', "\r\n")
}

pub(crate) fn one_line(typed: &str, at_most: usize) -> String {
    let spaced: String = typed.chars().map(|c| if breaks_or_hides(c) { ' ' } else { c }).collect();
    let joined = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = joined.chars().take(at_most).collect();
    cut.trim_end().to_owned()
}

/// Controls, line and paragraph separators, and the marks that let text run the other way and pose as other text.
pub(crate) fn breaks_or_hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_broken_line_in_it_stays_one_name() {
        assert_eq!(name("Zoë\r\nBcc: all@example.org\0"), Some("Zoë Bcc: all@example.org".into()));
        assert_eq!(name("  Ada \u{202E} Lovelace "), Some("Ada Lovelace".into()));
        assert_eq!(name("\r\n\t\0"), None);
    }

    #[test]
    fn a_body_keeps_its_lines_and_tabs_and_nothing_that_rings_or_rewinds() {
        assert_eq!(body("Hi\rZoë,\n\tsee\u{7} you\r\n"), "Hi\r\nZoë,\r\n\tsee you\r\n");
    }
}
