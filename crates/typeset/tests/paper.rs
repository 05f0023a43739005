//! What is on the paper can be read, copied out, navigated and printed again, byte for byte.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use std::process::Command;

use typeset::{Block, Column, Document, Drawing, Fact, Level, Table, Text, TypesetError};

fn plan(blocks: Vec<Block>) -> Document {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let mut document = Document::new("My plan", "en", day);
    document.footer = Some("My plan".into());
    document.blocks = blocks;
    document
}

/// The answer of a program of Debian's about the document.
fn asked(program: &str, before: &[&str], document: &Document, after: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.pdf");
    std::fs::write(&path, typeset::pdf(document).unwrap()).unwrap();
    let answer = Command::new(program).args(before).arg(&path).args(after).output().unwrap();
    assert!(answer.status.success(), "{program}: {}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap()
}

fn read(document: &Document) -> String {
    asked("pdftotext", &["-layout"], document, &["-"])
}

#[test]
fn any_name_prints_and_is_copied_out_as_it_was_typed() {
    let names = [
        "Zoë Nguyễn-Łukaszewicz",
        "Дмитрий Волков",
        "Ωmega Παπαδόπουλος",
        "Siobhán Ní Dhomhnaill",
        "Efficient Office Affairs",
        "O’Brien “Buck” Hollis",
    ];
    let text = read(&plan(names.map(Block::paragraph).to_vec()));
    for name in names {
        assert!(text.contains(name), "{name} is not in:\n{text}");
    }
}

#[test]
fn a_letter_no_face_has_is_a_box_to_the_eye_and_itself_to_who_copies_it() {
    let document = plan(vec![Block::paragraph("Mornings 🙂 and 漢 too.")]);
    let text = read(&document);
    assert!(text.contains('🙂') && text.contains('漢'), "{text}");
    let tagged = asked("pdfinfo", &["-struct-text"], &document, &[]);
    assert!(tagged.contains("Mornings") && tagged.contains("too."), "{tagged}");
}

#[test]
fn a_decomposed_name_and_a_name_from_right_to_left_are_whole() {
    // Composed on the way: e and a mark become one letter.
    let text = read(&plan(vec![Block::paragraph("Ame\u{301}lie"), Block::paragraph("ليلى حسن")]));
    assert!(text.contains("Amélie"), "{text}");
    assert!(text.contains("حسن"), "{text}");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = plan(vec![Block::heading(Level::One, "My plan"), Block::paragraph("Call Del first.")]);
    assert_eq!(typeset::pdf(&document).unwrap(), typeset::pdf(&document).unwrap());
}

#[test]
fn the_file_names_its_title_and_language_and_nobody_who_made_it() {
    let document = plan(vec![Block::paragraph("Call Del first.")]);
    let info = asked("pdfinfo", &[], &document, &[]);
    assert!(info.contains("Title:           My plan") && info.contains("Tagged:          yes"), "{info}");
    for telling in ["Author", "Producer", "Creator", "printpdf"] {
        assert!(!info.contains(telling), "{telling} is in:\n{info}");
    }
    let bytes = typeset::pdf(&document).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert!(asked("qpdf", &["--check"], &document, &[]).contains("No syntax or stream encoding errors"));
}

#[test]
fn a_long_table_breaks_between_rows_and_says_its_header_again() {
    let rows = (1..=60).map(|n| vec![format!("Person {n}").into(), "calls on Sundays".into()]).collect();
    let table = Table { columns: vec![Column::new("Who", 1.0), Column::new("How", 2.0)], rows };
    let document = plan(vec![Block::Table(table)]);
    let text = read(&document);
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() >= 2);
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains("Who") && page.contains("How"), "page {} has no header", at + 1);
        assert!(page.contains(&format!("Page {} of {}", at + 1, pages.len())));
    }
    for n in 1..=60 {
        assert_eq!(text.matches(&format!("Person {n} ")).count(), 1, "person {n}");
    }
    // Repeated for the eye only: heard once.
    assert_eq!(asked("pdfinfo", &["-struct-text"], &document, &[]).matches("\"Who\"").count(), 1);
}

#[test]
fn headings_become_bookmarks_and_tags() {
    let document = plan(vec![
        Block::heading(Level::One, "My plan"),
        Block::heading(Level::Two, "Medicines"),
        Block::Facts(vec![Fact::new("Next visit", "Monday")]),
        Block::Bullets(vec!["One".into(), "Two".into()]),
    ]);
    let tags = asked("pdfinfo", &["-struct"], &document, &[]);
    for tag in ["H1", "H2", "Table", "TH", "TD", "L (block)", "LI"] {
        assert!(tags.contains(tag), "{tag} is not in:\n{tags}");
    }
    let outline = asked("qpdf", &["--json", "--json-key=outlines"], &document, &[]);
    assert!(outline.contains("\"My plan\"") && outline.contains("\"Medicines\""), "{outline}");
}

#[test]
fn large_print_is_larger_and_nothing_is_lost() {
    let mut document = plan((0..40).map(|n| Block::paragraph(format!("Line number {n}."))).collect());
    let pages = |document: &Document| read(document).matches('\u{c}').count();
    let normal = pages(&document);
    document.large_print = true;
    assert!(pages(&document) > normal);
    assert!(read(&document).contains("Line number 39."));
}

#[test]
fn an_empty_document_is_a_page_and_endless_words_are_cut_but_kept() {
    assert!(read(&plan(Vec::new())).contains("Page 1 of 1"));
    let endless = "a".repeat(500);
    let text: String = read(&plan(vec![Block::paragraph(endless.as_str())])).split_whitespace().collect();
    assert!(text.contains(&endless));
}

#[test]
fn a_file_of_three_pages_stays_small() {
    let paragraphs =
        (0..60).map(|n| Block::Paragraph(Text::default().bold("Step ").plain(format!("{n}: call Del."))));
    let mut document = plan(paragraphs.collect());
    document.blocks.insert(0, Block::heading(Level::One, "My plan"));
    assert!(typeset::pdf(&document).unwrap().len() < 120_000);
}

#[test]
fn a_document_that_contradicts_itself_is_refused() {
    let no_columns = plan(vec![Block::Table(Table::default())]);
    assert!(matches!(typeset::pdf(&no_columns), Err(TypesetError::Columns)));
    let wide = Table { columns: vec![Column::new("Who", 1.0)], rows: vec![vec!["a".into(), "b".into()]] };
    assert!(matches!(typeset::pdf(&plan(vec![Block::Table(wide)])), Err(TypesetError::Row { row: 1, .. })));
    let flat = Drawing { alt: String::new(), width: 0.0, height: 10.0, shapes: Vec::new() };
    assert!(matches!(typeset::pdf(&plan(vec![Block::Drawing(flat)])), Err(TypesetError::Viewport)));
}
