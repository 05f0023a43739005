//! Style, faces, icons and scripts, carried inside the program and served under names that change with their content,
//! so that a browser may keep them for ever.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use foundation::hex;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::routes::{Access, Routes};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets/"]
struct Files;

/// The sources of the sheet of staff pages, in the order of their layers.
const STAFF: [&str; 8] =
    ["fonts", "tokens", "elements", "components", "desk", "pages-public", "pages-staff", "print"];
/// The sources of the sheet of public pages: a cracked phone at night loads nothing it does not show.
const PUBLIC: [&str; 6] = ["fonts", "tokens", "elements", "components", "pages-public", "print"];

struct Asset {
    url: &'static str,
    kind: &'static str,
    bytes: Vec<u8>,
}

struct Shelf {
    by_name: HashMap<String, Asset>,
    by_hashed: HashMap<String, String>,
    icons: HashMap<String, String>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(stock);

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/assets/{name}", Access::Public, serve)
}

/// The address of an asset by its plain name; of nothing, when there is none (a test asks for every name used).
pub fn url(name: &str) -> &'static str {
    SHELF.by_name.get(name).map_or("", |a| a.url)
}

/// An icon as it is written into a page.
pub fn icon(name: &str) -> &'static str {
    SHELF.icons.get(name).map_or("", String::as_str)
}

/// Everything carried: address and content. For writing pages to files and looking at them.
pub fn carried() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    SHELF.by_name.values().map(|a| (a.url, a.bytes.as_slice()))
}

/// The names of all icons, in order.
pub fn icons() -> Vec<&'static str> {
    let mut names: Vec<_> = SHELF.icons.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

async fn serve(Path(name): Path<String>) -> Response {
    let found = SHELF.by_hashed.get(&name).and_then(|plain| SHELF.by_name.get(plain));
    match found {
        Some(asset) => (
            [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")],
            asset.bytes.clone(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn stock() -> Shelf {
    let mut shelf = Shelf { by_name: HashMap::new(), by_hashed: HashMap::new(), icons: HashMap::new() };
    let mut scripts = Vec::new();
    for path in Files::iter() {
        let Some(file) = Files::get(&path) else { continue };
        match path.rsplit_once('/') {
            Some(("fonts", name)) if !name.starts_with("LICENSE") => {
                shelf.add(name, "font/woff2", file.data.into_owned());
            }
            Some(("js", name)) => {
                scripts.push((name.to_owned(), String::from_utf8_lossy(&file.data).into_owned()));
            }
            Some(("icons", name)) => {
                if let Some(name) = name.strip_suffix(".svg") {
                    shelf.icons.insert(name.to_owned(), inline(&String::from_utf8_lossy(&file.data)));
                }
            }
            _ => {}
        }
    }
    // Those that import nothing first, so that the others can name them by their hashed addresses.
    scripts.sort_by_key(|(name, text)| (text.contains("\nimport "), name.clone()));
    for (name, mut text) in scripts {
        for (other, asset) in &shelf.by_name {
            text = text.replace(&format!("import \"./{other}\""), &format!("import \"{}\"", asset.url));
        }
        shelf.add(&name, "text/javascript; charset=utf-8", text.into_bytes());
    }
    for (name, sources) in [("kith.css", STAFF.as_slice()), ("public.css", PUBLIC.as_slice())] {
        let sheet = style(&shelf, sources);
        shelf.add(name, "text/css; charset=utf-8", sheet.into_bytes());
    }
    shelf
}

/// Sources as one sheet, each face by its hashed address. Comments stay at home: they are for us.
fn style(shelf: &Shelf, sources: &[&str]) -> String {
    let mut sheet = String::from("@layer tokens, elements, components, pages, print;\n");
    for source in sources {
        if let Some(file) = Files::get(&format!("css/{source}.css")) {
            sheet.push_str(&without_comments(&String::from_utf8_lossy(&file.data)));
        }
    }
    for (name, asset) in &shelf.by_name {
        sheet = sheet.replace(&format!("../fonts/{name}"), asset.url);
    }
    sheet
}

/// Our sheets hold no `/*` inside a string, so a plain search is enough.
fn without_comments(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once("*/").map_or("", |(_, after)| after));
    }
    out.lines().map(str::trim).filter(|l| !l.is_empty()).fold(String::new(), |all, line| all + line + "\n")
}

/// The drawing of an icon file, as an inline icon: hidden from the ear, because the word beside it is read.
fn inline(file: &str) -> String {
    let from = file.find('>').map_or(0, |at| at + 1);
    let to = file.rfind("</svg>").unwrap_or(file.len());
    let drawing = file.get(from..to).unwrap_or_default();
    format!(r#"<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{drawing}</svg>"#)
}

impl Shelf {
    fn add(&mut self, name: &str, kind: &'static str, bytes: Vec<u8>) {
        let print = hex(&Sha256::digest(&bytes)).chars().take(12).collect::<String>();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}.{print}.{ending}");
        // Made once for the life of the process.
        let url: &'static str = Box::leak(format!("/assets/{hashed}").into_boxed_str());
        self.by_hashed.insert(hashed, name.to_owned());
        self.by_name.insert(name.to_owned(), Asset { url, kind, bytes });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheets_name_no_file_that_is_not_carried() {
        for name in ["kith.css", "public.css"] {
            let css = String::from_utf8(SHELF.by_name.get(name).unwrap().bytes.clone()).unwrap();
            assert!(css.contains("/assets/source-sans-3-latin-wght-normal."), "{name}");
            assert!(!css.contains("../fonts/"), "{name}: a face is named that is not carried");
            assert!(!css.contains("@import") && !css.contains("http") && !css.contains("/*"), "{name}");
            assert_eq!(css.matches('{').count(), css.matches('}').count(), "{name}: a brace is missing");
        }
    }

    /// The words of every literal `class` in the pages of a folder of templates.
    fn classes(folder: &str) -> Vec<String> {
        let folder =
            std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates")).join(folder);
        let mut all = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let page = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let literal = page.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let plain = literal.filter(|classes| !classes.contains('{'));
            all.extend(plain.flat_map(str::split_whitespace).map(str::to_owned));
        }
        all
    }

    #[test]
    fn whoever_asks_for_help_sees_no_page_without_its_style() {
        let css = String::from_utf8(SHELF.by_name.get("public.css").unwrap().bytes.clone()).unwrap();
        for class in ["pages/public", "pages/check_in"].into_iter().flat_map(classes) {
            let named = css.match_indices(&format!(".{class}")).any(|(at, found)| {
                let next = css[at + found.len()..].chars().next().unwrap_or(' ');
                !next.is_alphanumeric() && next != '-' && next != '_'
            });
            assert!(named, "public.css says nothing of .{class}");
        }
    }

    #[test]
    fn scripts_import_each_other_by_hashed_addresses() {
        for name in ["staff.js", "public.js"] {
            let text = String::from_utf8(SHELF.by_name.get(name).unwrap().bytes.clone()).unwrap();
            assert!(text.contains("import \"/assets/once.") && !text.contains("\"./"), "{name}: {text}");
        }
    }

    #[test]
    fn dark_by_choice_and_dark_by_system_are_the_same_dark() {
        let css = String::from_utf8(Files::get("css/tokens.css").unwrap().data.into_owned()).unwrap();
        let roles = |from: &str| {
            let block = css.split(from).nth(1).unwrap();
            let block = block.split('}').next().unwrap();
            let mut lines: Vec<String> = block
                .split(';')
                .filter_map(|l| l.split("*/").last().map(|l| l.trim().replace('{', "").trim().to_owned()))
                .filter(|l| l.starts_with("--"))
                .collect();
            lines.sort();
            lines
        };
        let chosen = roles(":root[data-theme=\"dark\"]");
        let by_system = roles(":root:not([data-theme=\"light\"])");
        assert!(chosen.len() > 40, "found {} roles", chosen.len());
        assert_eq!(chosen, by_system);
    }
}
