//! A rule that is tested and never run is worse than none: readers believe it. Whatever is public under `rules/` is named
//! somewhere else in the program or in a template, outside of tests.
#![expect(clippy::unwrap_used, reason = "a tree that cannot be read is a failed test")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What begins the name of a public item.
const ITEMS: [&str; 8] = [
    "pub fn ",
    "pub const fn ",
    "pub async fn ",
    "pub const ",
    "pub static ",
    "pub struct ",
    "pub enum ",
    "pub trait ",
];

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Every file under a folder whose name ends so.
fn files(folder: &Path, end: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, end, into);
        } else if path.to_string_lossy().ends_with(end) {
            into.push(path);
        }
    }
}

/// Whether a source file is part of the program, rather than of its tests.
fn is_of_the_program(path: &Path) -> bool {
    let path = path.to_string_lossy();
    ["/tests/", "/tests.rs", "/testing/", "/testing.rs", "/examples/"].iter().all(|part| !path.contains(part))
}

/// The code of a file without its comments and without the test modules in it.
fn code(text: &str) -> String {
    let mut kept = String::new();
    let mut in_tests = false;
    let mut is_next = false;
    for line in text.lines() {
        let begins = is_next && line.contains("mod ") && line.ends_with('{');
        is_next = line.trim() == "#[cfg(test)]";
        in_tests = in_tests || begins;
        if !in_tests && !line.trim_start().starts_with("//") {
            kept.push_str(line.split(" // ").next().unwrap_or_default());
            kept.push('\n');
        }
        if in_tests && line == "}" {
            in_tests = false;
        }
    }
    kept
}

/// The names of the public items of a rule file.
fn public_names(code: &str) -> Vec<&str> {
    let named = |line: &str| ITEMS.iter().find_map(|item| line.trim_start().strip_prefix(item).map(str::len));
    code.lines()
        .filter_map(|line| named(line).map(|rest| &line[line.len() - rest..]))
        .filter_map(|rest| rest.strip_prefix("fn ").unwrap_or(rest).split(|c| !is_name(c)).next())
        .filter(|name| !name.is_empty() && *name != "_")
        .collect()
}

/// Public items of rules that nothing else names.
fn without_a_caller<'a>(rules: &[(&'a str, &'a str)], everything: &[&str]) -> Vec<(&'a str, &'a str)> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for word in everything.iter().flat_map(|text| text.split(|c| !is_name(c))) {
        *times.entry(word).or_default() += 1;
    }
    let names = |(file, code): &(&'a str, &'a str)| {
        let file = *file;
        public_names(code).into_iter().map(move |name| (file, name)).collect::<Vec<_>>()
    };
    rules.iter().flat_map(names).filter(|(_, name)| times.get(name).is_none_or(|n| *n <= 1)).collect()
}

#[test]
fn every_public_rule_is_named_outside_of_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut sources, mut templates) = (Vec::new(), Vec::new());
    files(&root.join("crates"), ".rs", &mut sources);
    files(&root.join("templates"), "", &mut templates);
    let read = |path: &PathBuf| (path.to_string_lossy().into_owned(), fs::read_to_string(path).unwrap());
    let sources: Vec<(String, String)> = sources
        .iter()
        .filter(|path| is_of_the_program(path))
        .map(|path| (path.to_string_lossy().into_owned(), code(&fs::read_to_string(path).unwrap())))
        .collect();
    let templates: Vec<(String, String)> = templates.iter().map(read).collect();
    let rules: Vec<(&str, &str)> = sources
        .iter()
        .filter(|(path, _)| path.contains("/rules/") || path.ends_with("/rules.rs"))
        .map(|(path, code)| (path.as_str(), code.as_str()))
        .collect();
    assert!(rules.len() > 40, "the rules were not found: {}", rules.len());
    let everything: Vec<&str> = sources
        .iter()
        .map(|(_, code)| code.as_str())
        .chain(templates.iter().map(|(_, t)| t.as_str()))
        .collect();
    assert_eq!(without_a_caller(&rules, &everything), []);
}

#[test]
fn a_rule_that_only_its_own_test_calls_is_found() {
    let rule = "//! May we?\npub fn may_ring() -> bool {\n    true\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    \
                fn mari_is_rung() {\n        assert!(super::may_ring());\n    }\n}\n";
    let code = code(rule);
    let rules = [("rules/quiet.rs", code.as_str())];
    assert_eq!(without_a_caller(&rules, &[&code]), [("rules/quiet.rs", "may_ring")]);
    let caller = "fn call() { if quiet::may_ring() {} }";
    assert_eq!(without_a_caller(&rules, &[&code, caller]), []);
}
