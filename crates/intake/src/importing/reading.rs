//! From bytes to rows: the encoding, the separator, quotes, and rows that are longer or shorter than the first one.

use std::borrow::Cow;

use encoding_rs::{Encoding as Charset, UTF_8, WINDOWS_1252};
use foundation::{Faults, hash_of};

use super::{Encoding, LARGEST, MOST_ROWS, Mapping};

/// Separators that are looked for.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// The most columns.
const COLUMNS: usize = 200;

/// A file as rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Row>,
    separator: u8,
}

/// One row with the line it begins on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

impl Table {
    /// Reads a file. Rows without any word are left out.
    ///
    /// # Errors
    /// It is too large, empty, or its header names one column twice; at `file`.
    pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<Self, Faults> {
        let fault = |words: String| {
            let mut faults = Faults::default();
            faults.add("file", words);
            faults
        };
        if bytes.len() > LARGEST {
            return Err(fault("The file is larger than 16 MB. Cut it into several".into()));
        }
        let text = decoded(bytes, mapping.encoding);
        if text.contains('\0') {
            return Err(fault("This is no CSV file. Save the table as CSV and choose that file".into()));
        }
        let separator = separator(&text, mapping);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
        let mut rows = reader.records().map(|record| {
            let record = record.map_err(|_| fault("The file cannot be read as CSV".into()))?;
            let line = lines.of(record.position().map_or(0, csv::Position::byte));
            Ok::<_, Faults>(Row { line, cells: record.iter().map(cell).collect() })
        });
        let header = match rows.next() {
            Some(row) => row?.cells,
            None => return Err(fault("The file is empty".into())),
        };
        let named =
            |n: usize| header.get(n).is_some_and(|h| !h.is_empty() && header.iter().take(n).any(|o| o == h));
        if header.len() > COLUMNS {
            return Err(fault("The file has more than 200 columns".into()));
        }
        if let Some(twice) = (0..header.len()).find(|n| named(*n)).and_then(|n| header.get(n)) {
            return Err(fault(format!("Two columns are called “{twice}”. Give one of them another name")));
        }
        let mut kept = Vec::new();
        for row in rows {
            let row = row?;
            if row.cells.iter().any(|cell| !cell.is_empty()) {
                kept.push(row);
            }
            if kept.len() > MOST_ROWS {
                return Err(fault("The file has more than 100,000 rows. Cut it into several".into()));
            }
        }
        Ok(Self { header, rows: kept, separator })
    }

    /// The separator, to write rows as they came.
    pub(super) fn separator(&self) -> u8 {
        self.separator
    }

    /// Names a row for good: by the number it had there, or by everything in it.
    pub(super) fn key(&self, row: &Row, mapping: &Mapping) -> Vec<u8> {
        match self.cell(row, mapping, super::Field::Key).filter(|key| !key.is_empty()) {
            Some(key) => hash_of(&format!("number {key}")),
            None => hash_of(&format!("row {}", row.cells.join("\u{1f}"))),
        }
    }

    /// The cell of a field; `None` when no column holds it.
    pub(super) fn cell<'a>(&self, row: &'a Row, mapping: &Mapping, field: super::Field) -> Option<&'a str> {
        let heading = mapping.column(field)?;
        let at = self.header.iter().position(|h| h == heading)?;
        row.cells.get(at).map(String::as_str)
    }
}

/// Counts lines as people do. The reader's own count stops between the two characters that end a line on Windows.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first thing at or after this place.
    fn of(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        let ends = |b: &&u8| matches!(b, b'\r' | b'\n');
        let start = start + self.text.iter().skip(start).take_while(ends).count();
        let between = self.text.get(self.at..start).unwrap_or_default();
        self.line += between.split(|b| *b == b'\n').count().saturating_sub(1) as u64;
        self.at = start;
        self.line
    }
}

/// A cell as it was before [`super::rejects`] made it safe, in case it comes from there.
fn cell(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(super::rejects::begins_a_formula) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

fn decoded(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    if let Some((charset, _)) = Charset::for_bom(bytes) {
        return charset.decode(bytes).0;
    }
    match encoding {
        Encoding::Windows1252 => WINDOWS_1252.decode(bytes).0,
        Encoding::Utf8 => UTF_8.decode(bytes).0,
        Encoding::Auto => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => WINDOWS_1252.decode(bytes).0,
        },
    }
}

/// The one that was chosen, or the one the header has most of outside of quotes.
fn separator(text: &str, mapping: &Mapping) -> u8 {
    if let Some(chosen) = mapping.separator.chars().next().filter(char::is_ascii) {
        return chosen as u8;
    }
    let (mut counts, mut quoted) = ([0usize; SEPARATORS.len()], false);
    for c in text.chars().take(20_000) {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => break,
            c if !quoted => {
                for (count, _) in counts.iter_mut().zip(SEPARATORS).filter(|(_, separator)| *separator == c) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    let most = counts.into_iter().zip(SEPARATORS).rev().max_by_key(|(count, _)| *count);
    most.map_or(b',', |(_, separator)| separator as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Table {
        Table::read(bytes, &Mapping::default()).unwrap()
    }

    #[test]
    fn files_are_read_as_the_programs_of_offices_write_them() {
        let plain = "Name,Phone\r\n\"Alvarez, Jo\",5550142\r\n,,\r\n\r\n\"say \"\"hi\"\"\nagain\",2\r\n";
        let table = read(plain.as_bytes());
        assert_eq!(table.header, ["Name", "Phone"]);
        let cells: Vec<_> =
            table.rows.iter().map(|row| (row.line, row.cells.first().unwrap().as_str())).collect();
        assert_eq!(cells, [(2, "Alvarez, Jo"), (5, "say \"hi\"\nagain")]);
        for (bytes, what) in [
            ("\u{feff}Name;Phone\nZoë;1".as_bytes().to_vec(), "a mark in front, semicolons"),
            ([b"Name\tPhone\nZo".as_slice(), b"\xeb\t1"].concat(), "Windows-1252, tabs"),
            (
                b"\xff\xfeN\0a\0m\0e\0;\0P\0h\0o\0n\0e\0\n\0Z\0o\0\xeb\0;\x001\0".to_vec(),
                "UTF-16 as Excel writes it",
            ),
        ] {
            let table = read(&bytes);
            assert_eq!(table.header, ["Name", "Phone"], "{what}");
            assert_eq!(table.rows.first().unwrap().cells, ["Zoë", "1"], "{what}");
        }
    }

    #[test]
    fn what_is_no_table_says_so() {
        for bad in [b"".as_slice(), b"a,a\n1,2", b"PK\x03\x04\0\0\0"] {
            assert!(Table::read(bad, &Mapping::default()).unwrap_err().of("file").is_some(), "{bad:?}");
        }
        let wide =
            vec!["x"; 201].iter().enumerate().map(|(n, x)| format!("{x}{n}")).collect::<Vec<_>>().join(",");
        assert!(Table::read(wide.as_bytes(), &Mapping::default()).is_err());
        assert!(Table::read(&vec![b'a'; LARGEST + 1], &Mapping::default()).is_err());
    }
}
