//! Every phone number on a page can be pressed: no template writes one as plain text.

use super::tests::templates;
use crate::phones::find;

/// What a template names a phone number by.
const NAMES: [&str; 6] = ["phone", "number_to_call", "card.say", "written", "line.value", "p.value"];
/// Where such a name is no number that is shown: the number of something else, or one nobody may dial.
const NOT_SHOWN: [&str; 3] = ["line.value", "written", "p.value"];

/// The expressions a template writes outside of tags, and its text without any expression.
fn written(text: &str) -> (Vec<&str>, String) {
    let (mut found, mut plain, mut rest) = (Vec::new(), String::new(), text);
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let ends =
            [("{{", "}}"), ("{%", "%}"), ("{#", "#}")].into_iter().find(|(open, _)| from.starts_with(open));
        let Some((open, close)) = ends else {
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        let Some((inside, after)) = from.get(2..).and_then(|from| from.split_once(close)) else { break };
        // Inside of a tag it is an attribute: a value of a field, an address.
        let is_in_tag = plain.rfind('<') > plain.rfind('>');
        if open == "{{" && !is_in_tag {
            found.push(inside.trim());
        }
        rest = after;
    }
    plain.push_str(rest);
    (found, plain)
}

fn is_phone(expression: &str) -> bool {
    let path = expression.split('|').next().unwrap_or_default().trim();
    let is_path = path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    is_path && NAMES.iter().any(|name| path == *name || path.ends_with(&format!(".{name}")))
}

#[test]
fn no_template_writes_a_phone_number_that_cannot_be_pressed() {
    let mut seen = 0;
    for (path, text) in templates() {
        let (found, plain) = written(&text);
        for expression in found.into_iter().filter(|expression| is_phone(expression)) {
            let is_link = expression.ends_with("|tel") || expression.ends_with("|phones");
            // Beside the link stands the same number as plain text, for whoever may not dial it or cannot see.
            let beside = NOT_SHOWN.contains(&expression) && text.contains(&format!("{expression}|tel"));
            assert!(is_link || beside, "{}: {{{{ {expression} }}}} is no link", path.display());
            seen += usize::from(is_link);
        }
        // A number that stands in the template itself: of a hotline, of an example.
        let unlinked =
            plain.split("href=\"tel:").map(|part| part.split_once("</a>").map_or(part, |(_, after)| after));
        let unlinked: String = unlinked.collect();
        let outside = unlinked.split('>').map(|part| part.split('<').next().unwrap_or_default());
        let outside = outside.collect::<Vec<_>>().join(" ");
        assert_eq!(find(&outside), None, "{}: a number of its own is no link", path.display());
    }
    assert!(seen >= 12, "only {seen} numbers were found");
}

#[test]
fn the_walk_finds_a_raw_number() {
    assert!(
        is_phone("who.phone")
            && is_phone("phone")
            && !is_phone("\"phone\"")
            && !is_phone("self.field(\"phone\")")
    );
    assert_eq!(written("<p title=\"{{ phone }}\">{{ phone }}</p>").0, ["phone"]);
}
