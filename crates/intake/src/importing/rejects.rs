//! Rows that were not brought in, given back as a file with the reason in a column of its own. No cell can start a formula
//! in a spreadsheet, and the file can be put right and brought in again.

use super::reading::{Row, Table};

/// The heading of the column with the reasons.
pub const REASON: &str = "Why not";

/// Whether a spreadsheet would take a cell that begins so for a formula (OWASP, CSV injection).
pub(super) fn begins_a_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r')
}

/// The rows, each with its reasons.
pub fn file<'a>(table: &Table, rows: impl Iterator<Item = (&'a Row, &'a [String])>) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new()
        .delimiter(table.separator())
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        // The mark in front tells spreadsheets that it is UTF-8.
        .from_writer(vec![0xef, 0xbb, 0xbf]);
    let safe = |cell: &str| {
        if cell.starts_with(begins_a_formula) { format!("'{cell}") } else { cell.to_owned() }
    };
    let headings = table.header.iter().filter(|heading| *heading != REASON).map(|heading| safe(heading));
    let mut wrote = out.write_record(headings.chain([REASON.to_owned()]));
    let reason_at = table.header.iter().position(|heading| heading == REASON);
    for (row, reasons) in rows {
        let width = table.header.len().max(row.cells.len());
        let cells = (0..width).filter(|at| Some(*at) != reason_at);
        let cells = cells.map(|at| row.cells.get(at).map_or_else(String::new, |cell| safe(cell)));
        wrote = wrote.and_then(|()| out.write_record(cells.chain([safe(&reasons.join("; "))])));
    }
    // A vector in memory takes everything.
    wrote.ok().and_then(|()| out.into_inner().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Mapping;
    use super::*;

    #[test]
    fn a_reason_that_quotes_the_file_starts_no_formula_either() {
        let table = Table::read(b"Name;Phone\nJo;1", &Mapping::default()).unwrap();
        let reasons = ["=HYPERLINK(1) is no day".to_owned(), "and more".to_owned()];
        let given = file(&table, table.rows.iter().map(|row| (row, reasons.as_slice())));
        let text = String::from_utf8(given).unwrap();
        assert!(text.ends_with("Jo;1;\"'=HYPERLINK(1) is no day; and more\"\r\n"), "{text}");
    }

    #[test]
    fn no_cell_starts_a_formula_and_what_is_put_right_comes_in_again() {
        let table =
            Table::read(b"Name;Phone\n=HYPERLINK(1);+1 212 555 0142\n@x;-1", &Mapping::default()).unwrap();
        let reasons = ["because; of".to_owned()];
        let given = file(&table, table.rows.iter().map(|row| (row, reasons.as_slice())));
        let text = String::from_utf8(given.clone()).unwrap();
        assert_eq!(
            text,
            "\u{feff}Name;Phone;Why not\r\n'=HYPERLINK(1);'+1 212 555 0142;\"because; of\"\r\n'@x;'-1;\"because; of\"\r\n"
        );
        let again = Table::read(&given, &Mapping::default()).unwrap();
        assert_eq!(again.rows.first().unwrap().cells.first().unwrap(), "=HYPERLINK(1)");
        // Given back a second time, the reasons are not given twice.
        let second = file(&again, again.rows.iter().map(|row| (row, reasons.as_slice())));
        assert_eq!(second, given);
    }
}
