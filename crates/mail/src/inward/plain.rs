//! Text that people can read as it is: HTML without its marks, lines that end one way, nothing hidden.

use mail_parser::decoders::html::add_html_token;

/// Elements whose content nobody reads.
const UNREAD: [&str; 6] = ["script", "style", "head", "title", "template", "noscript"];
/// Elements that begin a line.
const LINES: [&str; 17] = [
    "br",
    "p",
    "div",
    "li",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "ul",
    "ol",
    "hr",
    "pre",
];
/// The longest entity, like `&CounterClockwiseContourIntegral;`.
const ENTITY: usize = 40;

/// What someone would read in a browser, without marks. One pass, whatever is left open.
pub(super) fn of_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        words(text, &mut out);
        rest = after_tag(tag, &mut out);
    }
    words(rest, &mut out);
    out
}

/// What follows the tag that `html` begins with.
fn after_tag<'a>(html: &'a str, out: &mut String) -> &'a str {
    let end = |of: &str| html.find(of).and_then(|at| html.get(at + of.len()..)).unwrap_or_default();
    if html.starts_with("<!--") {
        return end("-->");
    }
    let inside = html.get(1..).unwrap_or_default();
    let name: String = inside
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(20)
        .collect::<String>()
        .to_ascii_lowercase();
    // A sign that begins no tag is a sign: "2 < 3".
    if name.is_empty() && !inside.starts_with(['!', '?', '/']) {
        out.push('<');
        return inside;
    }
    if LINES.contains(&name.as_str()) {
        out.push('\n');
    }
    if UNREAD.contains(&name.as_str()) && !inside.starts_with('/') {
        return past(html, &format!("</{name}"));
    }
    end(">")
}

/// What follows the closing tag, however it is written; nothing when it is never closed.
fn past<'a>(html: &'a str, closing: &str) -> &'a str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        rest = rest.get(at..).unwrap_or_default();
        if rest.get(..closing.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(closing)) {
            return rest.find('>').and_then(|at| rest.get(at + 1..)).unwrap_or_default();
        }
        rest = rest.get(2..).unwrap_or_default();
    }
    ""
}

/// The words between two tags: spaces and line ends are one space, entities are what they stand for.
fn words(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '&'
            && let Some(end) = rest.bytes().take(ENTITY).position(|b| b == b';')
            && let Some(entity) = rest.get(..=end)
        {
            add_html_token(out, entity.as_bytes(), false);
            rest = rest.get(end + 1..).unwrap_or_default();
            continue;
        }
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with([' ', '\n']) && !out.is_empty() {
            out.push(' ');
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
}

/// At most so many characters, with lines that end one way and at most one empty line between two. Whether it was cut.
pub(super) fn kept(text: &str, at_most: usize) -> (String, bool) {
    let text =
        text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\u{a0}', " ");
    let mut out = String::new();
    let mut empty = 0;
    for line in text.lines() {
        let line: String =
            line.chars().filter(|c| *c == '\t' || !crate::letter::breaks_or_hides(*c)).collect();
        let line = line.trim_end();
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty > 1 {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    let out = out.trim();
    match out.char_indices().nth(at_most) {
        Some((at, _)) => (out.get(..at).unwrap_or_default().trim_end().to_owned(), true),
        None => (out.to_owned(), false),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn html_reads_as_a_person_would_read_it() {
        let html = "<html><head><title>x</title><style type='a'>p{}</style></head><body><div>Hello</div><div>my \
                    son&nbsp;is &lt;17&gt; &amp; 2 < 3</div><p>Call&#x21;<br>Jo</p><SCRIPT >alert(1)</ScRiPt >\
                    <!-- <p>no</p> -->end";
        assert_eq!(kept(&of_html(html), 500).0, "Hello\n\nmy son is <17> & 2 < 3\n\nCall!\nJo\nend");
    }

    #[test]
    fn what_is_left_open_swallows_the_rest_and_nothing_else() {
        assert_eq!(of_html("a<script>b"), "a");
        assert_eq!(of_html("a<b"), "a");
        assert_eq!(of_html("a &nosuch; &amp"), "a &nosuch; &amp");
    }

    #[test]
    fn nothing_rings_hides_or_runs_the_other_way() {
        assert_eq!(kept("a\0b\u{7}\u{202e}c\r\n\r\n\r\n\r\nd\u{feff}", 50), ("abc\n\nd".into(), false));
        assert_eq!(kept("abcdef", 3), ("abc".into(), true));
    }

    proptest! {
        #[test]
        fn whatever_is_sent_no_tag_of_a_script_is_left_and_nothing_breaks(html in "[<>/a-z!&#;é \\-]{0,200}") {
            let text = of_html(&format!("{html}<script>evil</script>"));
            prop_assert!(!text.contains("<script"), "{}", text);
        }
    }
}
