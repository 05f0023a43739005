//! What a row would become, before anything is written: a request with its day and how it ended, or the reasons why not.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use consent::rules::contact::SaidBy;
use foundation::{Instant, Zone, hex};

use super::reading::{Row, Table};
use super::{Days, Field, Mapping, Standing};
use crate::request::receiving::{NewRequest, TypedRequest};
use crate::rules::outcome::Closing;
use crate::rules::words::{Channel, Disposition, ForWhom};

/// Nobody kept inquiries before this in a file that is read today; it is a year with two digits.
const OLDEST: i32 = 1990;

/// A row that can come in.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Names the row for good.
    pub submission: String,
    pub new: NewRequest,
    pub over: Option<Disposition>,
    /// Its number and address as they are folded, to see whether they are known.
    pub folded: Vec<String>,
}

/// What a row becomes, or why it does not.
pub fn row(
    table: &Table,
    mapping: &Mapping,
    row: &Row,
    now: Instant,
    zone: Zone,
) -> Result<Ready, Vec<String>> {
    let mut reasons = Vec::new();
    let cell = |field| table.cell(row, mapping, field).unwrap_or_default();
    if row.cells.len() > table.header.len() {
        reasons.push(format!(
            "It has {} cells and the first row has {}",
            row.cells.len(),
            table.header.len()
        ));
    }
    if row
        .cells
        .iter()
        .flat_map(|cell| cell.chars())
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        reasons.push("It holds characters that cannot be kept".into());
    }
    let mut moment = |field: Field| match when(cell(field), mapping.days, zone) {
        Some(at) if at <= now => Some(at),
        Some(_) => {
            reasons.push(format!("{}: it lies ahead", heading(mapping, field)));
            None
        }
        None => {
            let like = mapping.days.words();
            reasons.push(format!("{}: enter a day like {like}", heading(mapping, field)));
            None
        }
    };
    let received = moment(Field::Received);
    let over = ended(mapping, cell(Field::Status), cell(Field::Disposition));
    let closed_at = match over {
        Some(_) if !cell(Field::Closed).is_empty() => moment(Field::Closed),
        _ => received,
    };
    let typed = typed(cell);
    let new = NewRequest::parse(&typed, Channel::OldRecords, SaidBy::OldRecords).map_err(|faults| {
        reasons.extend(faults.0.into_iter().map(|fault| match Field::parse(&fault.field) {
            Some(field) => format!("{}: {}", heading(mapping, field), fault.words),
            None => fault.words,
        }));
    });
    match (new, received, closed_at) {
        (Ok(new), Some(received), Some(closed_at)) if reasons.is_empty() => {
            let closing = |disposition| Closing { disposition, ..Closing::OF_DEATH };
            Ok(Ready {
                submission: format!("old-records {}", hex(&table.key(row, mapping))),
                over,
                folded: new.folded(),
                new: new.of_before(received, over.map(|how| (closing(how), closed_at.max(received)))),
            })
        }
        _ => Err(reasons),
    }
}

fn typed<'a>(cell: impl Fn(Field) -> &'a str) -> TypedRequest<'a> {
    TypedRequest {
        for_whom: for_whom(cell(Field::ForWhom), cell(Field::OtherName)).as_str(),
        relationship: cell(Field::Relationship),
        name: cell(Field::Name),
        other_name: cell(Field::OtherName),
        phone: cell(Field::Phone),
        email: cell(Field::Email),
        words: cell(Field::Words),
        ..TypedRequest::default()
    }
}

fn heading(mapping: &Mapping, field: Field) -> String {
    mapping.column(field).unwrap_or(field.words()).to_owned()
}

/// How it ended; `None` while it goes on.
fn ended(mapping: &Mapping, status: &str, disposition: &str) -> Option<Disposition> {
    let is_open = if status.is_empty() {
        mapping.without_status == Standing::Open
    } else {
        mapping.open_words.iter().any(|word| same(word, status))
    };
    let said =
        Disposition::ALL.iter().find(|d| same(d.as_str(), disposition) || same(d.words(), disposition));
    (!is_open).then(|| said.copied().unwrap_or(mapping.closed_as))
}

fn for_whom(cell: &str, other_name: &str) -> ForWhom {
    let said =
        ForWhom::ALL.iter().find(|whom| same(whom.as_str(), cell) || same(whom.words(), cell)).copied();
    match said {
        Some(whom) => whom,
        // Who has a name of their own is another person than the one who asked.
        None if !other_name.is_empty() => ForWhom::Family,
        None => ForWhom::NotSaid,
    }
}

fn same(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

/// A day, with or without a time; noon when there is none.
fn when(text: &str, days: Days, zone: Zone) -> Option<Instant> {
    if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc()).filter(|at| chrono::Datelike::year(at) >= OLDEST);
    }
    let formats: &[&str] = match days {
        Days::Iso => &["%Y-%m-%d"],
        Days::Us => &["%m/%d/%Y", "%m-%d-%Y"],
        Days::Eu => &["%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"],
    };
    let times = ["%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M:%S %p"];
    let plain = text.replacen('T', " ", 1);
    let (day, time) = plain.split_once(' ').map_or((plain.as_str(), ""), |(day, time)| (day, time.trim()));
    let date = formats.iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok())?;
    let time = if time.is_empty() {
        NaiveTime::from_hms_opt(12, 0, 0)?
    } else {
        times.iter().find_map(|format| NaiveTime::parse_from_str(time, format).ok())?
    };
    let local = NaiveDateTime::new(date, time);
    // In the hour the clocks skip, the next one that exists.
    let found = zone.from_local_datetime(&local).earliest();
    let found =
        found.or_else(|| zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest())?;
    Some(found.to_utc()).filter(|_| chrono::Datelike::year(&date) >= OLDEST)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHICAGO: Zone = chrono_tz::America::Chicago;

    #[test]
    fn days_are_read_as_the_file_writes_them() {
        let at = |text, days| when(text, days, CHICAGO).map(|at| at.to_rfc3339());
        let noon = Some("2026-03-02T18:00:00+00:00".to_owned());
        assert_eq!(at("2026-03-02", Days::Iso), noon);
        assert_eq!(at("03/02/2026", Days::Us), noon);
        assert_eq!(at("3/2/2026 12:00 PM", Days::Us), noon);
        assert_eq!(at("02.03.2026 12:00", Days::Eu), noon);
        assert_eq!(at("2026-03-02T12:00:00", Days::Iso), noon);
        assert_eq!(at("2026-03-02T18:00:00Z", Days::Eu), noon);
        // 8 March 2026, 2:30 does not exist in Chicago.
        assert_eq!(at("2026-03-08 02:30", Days::Iso), Some("2026-03-08T08:30:00+00:00".into()));
        for bad in ["", "yesterday", "2026-02-30", "03/02/26", "13/13/2026", "2026-03-02 25:00"] {
            assert!(Days::ALL.iter().all(|days| when(bad, *days, CHICAGO).is_none()), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_cell_it_is_a_moment_or_none(text in "\\PC{0,30}", n in 0usize..3) {
            let days = Days::ALL.get(n).copied().unwrap();
            if let Some(at) = when(&text, days, CHICAGO) {
                prop_assert!(chrono::Datelike::year(&at) >= OLDEST - 1);
            }
        }
    }
}
