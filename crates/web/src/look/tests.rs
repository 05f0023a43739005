//! The look holds its promises: nothing inline, nothing from elsewhere, every name used is carried, every page renders.

use std::any::Any;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use askama::Template;

use super::{
    Bar, DesignPage, Due, Fact, Line, Place, PlainLayout, PublicLayout, StaffLayout, Toast, initials, rail,
};
use crate::assets;

pub(super) fn templates() -> Vec<(PathBuf, String)> {
    fn gather(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, into);
            } else if path.extension().is_some_and(|e| e == "html") {
                let text = std::fs::read_to_string(&path).unwrap();
                into.push((path, text));
            }
        }
    }
    let mut all = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates");
    for folder in ["layout", "pieces", "pages"] {
        gather(&root.join(folder), &mut all);
    }
    assert!(all.len() > 10, "the templates were not found");
    all
}

/// What the form token filter needs; the token of these tests opens nothing.
fn values() -> HashMap<&'static str, Box<dyn Any>> {
    HashMap::from([(crate::filters::FORM_TOKEN, Box::new("0f".to_owned()) as Box<dyn Any>)])
}

fn staff(place: Place, toast: Option<Toast>) -> String {
    let layout = StaffLayout {
        title: "My day".into(),
        content: "<h1>Whom to reach today</h1>".into(),
        place,
        name: "Ana Ruiz".into(),
        initials: initials("Ana Ruiz"),
        roles: "Intake".into(),
        rail: rail(|_| true),
        may_call: true,
        theme: Some("dark".into()),
        demo: true,
        ends_in: 900,
        opened: Vec::new(),
        toast,
    };
    layout.render_with_values(&values()).unwrap()
}

/// Attributes of a tag that begin with one of these names.
fn attribute_of(text: &str, starts: &str) -> bool {
    text.split('<').filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag)).any(|tag| {
        tag.split_ascii_whitespace().skip(1).any(|word| {
            word.strip_prefix(starts).is_some_and(|rest| {
                let name: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
                rest.strip_prefix(name.as_str()).is_some_and(|r| r.starts_with('='))
                    && (starts != "style" || name.is_empty())
            })
        })
    })
}

#[test]
fn the_search_for_inline_attributes_finds_them() {
    assert!(attribute_of("<p class=\"x\" style=\"a\">", "style"));
    assert!(attribute_of("<p onclick=\"a()\">", "on"));
    assert!(!attribute_of("<p data-on=\"a\">style=\"no\"</p>", "on"));
}

#[test]
fn no_template_holds_inline_style_script_or_anything_from_elsewhere() {
    for (path, text) in templates() {
        let place = path.display();
        assert!(
            !attribute_of(&text, "style"),
            "{place}: a style attribute, which the content policy refuses"
        );
        assert!(!attribute_of(&text, "on"), "{place}: an inline handler, which the content policy refuses");
        assert!(!text.contains("<style"), "{place}: an inline style sheet");
        assert!(
            !text.replace("<script type=\"module\" src=", "").contains("<script"),
            "{place}: an inline script"
        );
        for elsewhere in ["src=\"http", "src=\"//", "url(", "<img", "<iframe", "@import"] {
            assert!(!text.contains(elsewhere), "{place}: loads {elsewhere}");
        }
    }
}

#[test]
fn every_icon_and_asset_a_template_names_is_carried() {
    let icons = assets::icons();
    let mut seen = 0;
    for (path, text) in templates() {
        for (filter, known) in [("|icon }}", true), ("|asset }}", false)] {
            for before in
                text.split(filter).collect::<Vec<_>>().split_last().map(|(_, b)| b).unwrap_or_default()
            {
                let Some(name) = before.strip_suffix('"').and_then(|b| b.rsplit('"').next()) else {
                    continue;
                };
                seen += 1;
                let carried = if known { icons.contains(&name) } else { !assets::url(name).is_empty() };
                assert!(carried, "{}: {name} is not carried", path.display());
            }
        }
    }
    assert!(seen > 20, "only {seen} names were found");
}

#[test]
fn every_piece_file_says_first_how_it_is_used() {
    for (path, text) in templates() {
        assert!(text.starts_with("{#"), "{} does not say what it is for", path.display());
    }
}

#[test]
fn the_design_page_shows_every_piece_and_no_id_twice() {
    let html = DesignPage::new().render_with_values(&values()).unwrap();
    for piece in [
        "class=\"safe\"",
        "class=\"thread\"",
        "class=\"steps\"",
        "class=\"map\"",
        "class=\"chart\"",
        "class=\"tabs\"",
    ] {
        assert!(html.contains(piece), "{piece} is missing");
    }
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    for missing in ["Not asked yet", "Declined", "Not known"] {
        assert!(html.contains(missing));
    }
}

#[test]
fn ana_sees_one_current_word_and_how_to_take_back_what_she_just_did() {
    let toast =
        Toast { sentence: "Closed: A. Park.".into(), undo: Some(("Undo".into(), "/inbox/x/reopen".into())) };
    let html = staff(Place::Inbox, Some(toast));
    assert_eq!(html.matches("aria-current=").count(), 1);
    assert!(html.contains("action=\"/inbox/x/reopen\"") && html.contains("data-theme=\"dark\""));
    assert!(html.contains("Everyone in it is invented"));
}

#[test]
fn someone_who_may_do_nothing_sees_no_word_of_the_rail() {
    assert!(rail(|_| false).is_empty());
}

#[test]
fn the_way_out_is_the_first_stop_of_the_tab_key_and_the_crisis_lines_are_on_every_public_page() {
    let page = PublicLayout {
        title: "Talk to us".into(),
        content: String::new(),
        name: "Cedar Office".into(),
        leave: true,
        theme: None,
        lang: foundation::Lang::English,
        chooses: None,
    };
    let html = page.render_with_values(&values()).unwrap();
    let first = html.split("<a ").nth(1).unwrap();
    assert!(first.contains("data-leave") && first.contains("href=\"/leave\""), "{first}");
    assert!(html.contains("tel:911") && html.contains("tel:988"));
    assert!(!html.contains("Kith"), "a public page names the program");
}

#[test]
fn the_sign_in_sheet_renders() {
    let page =
        PlainLayout { title: "Sign in".into(), content: "<h1>Sign in</h1>".into(), theme: None, demo: false };
    assert!(page.render_with_values(&values()).unwrap().contains("<h1>Sign in</h1>"));
}

#[test]
fn style_and_scripts_of_a_public_page_stay_under_fifty_kilobytes() {
    let weight: usize = assets::carried()
        .filter(|(url, _)| {
            ["public.", "leave.", "once."].iter().any(|n| url.starts_with(&format!("/assets/{n}")))
        })
        .map(|(_, bytes)| bytes.len())
        .sum();
    assert!((10_000..50_000).contains(&weight), "{weight} bytes");
}

#[test]
fn time_left_is_said_as_people_say_it() {
    assert_eq!(Due::left(96, 120).words, "1 h 36 min left");
    assert_eq!(Due::left(3, 15).tone, "soon");
    assert_eq!(Due::late(60).words, "Late 1 h");
    assert_eq!(Due::left(4320, 5000).words, "3 days left");
}

#[test]
fn a_blank_fact_says_that_nobody_asked() {
    let fact = Fact::new("Last drink", Some(String::new()));
    assert_eq!((fact.value, fact.missing), (None, "Not asked yet"));
}

#[test]
fn a_month_nobody_counted_is_a_dashed_bridge_and_not_a_zero() {
    let point = |label: &str, count| Bar { label: label.into(), count, behind: None };
    let line = Line {
        id: "l",
        question: String::new(),
        answer: String::new(),
        unit: "People",
        points: vec![point("May", Some(8)), point("Jun", None), point("Jul", Some(4)), point("Aug", Some(8))],
        definition: String::new(),
    };
    let (solid, bridge) = line.paths();
    assert_eq!((solid.matches('M').count(), bridge.matches('M').count()), (1, 1));
    assert_eq!(bridge, "M20.0 24.0L300.0 104.0");
    assert_eq!(line.known().len(), 3);
}
