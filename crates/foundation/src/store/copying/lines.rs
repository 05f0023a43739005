//! A row as a line: fields between tabs, `\N` for nothing, a backslash before what would break the line. PostgreSQL's own
//! words for it: its manual, COPY, "Text Format".

use uuid::Uuid;

use super::Kind;
use crate::chance::{hex, unhex};
use crate::clock::Instant;
use crate::error::Error;

/// Writes a text as a field.
pub(super) fn write_text(line: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'\\' => line.extend(b"\\\\"),
            b'\n' => line.extend(b"\\n"),
            b'\r' => line.extend(b"\\r"),
            b'\t' => line.extend(b"\\t"),
            other => line.push(other),
        }
    }
}

/// Writes bytes as a field.
pub(super) fn write_bytes(line: &mut Vec<u8>, bytes: &[u8]) {
    line.extend(b"\\\\x");
    line.extend(hex(bytes).bytes());
}

/// Writes nothing as a field.
pub(super) fn write_null(line: &mut Vec<u8>) {
    line.extend(b"\\N");
}

/// The fields of a line without its end.
pub(super) fn fields(line: &str) -> Result<Vec<Option<String>>, Error> {
    line.split('\t').map(field).collect()
}

fn field(raw: &str) -> Result<Option<String>, Error> {
    if raw == "\\N" {
        return Ok(None);
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        text.push(match chars.next() {
            Some('\\') => '\\',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('v') => '\u{b}',
            other => {
                return Err(Error::Broken(format!(
                    "a field of the copy has a sign it should not have: {other:?}"
                )));
            }
        });
    }
    Ok(Some(text))
}

/// A field as SQLite keeps it: the way sea-orm would have bound the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Text(String),
    Whole(i64),
    Bytes(Vec<u8>),
}

/// Reads a field of a kind.
pub(super) fn value(kind: Kind, field: Option<String>) -> Result<Value, Error> {
    let Some(text) = field else { return Ok(Value::Null) };
    let strange = || Error::Broken(format!("a field of the copy is no {kind:?}"));
    Ok(match kind {
        Kind::Uuid => Value::Bytes(text.parse::<Uuid>().map_err(|_| strange())?.as_bytes().to_vec()),
        Kind::Text | Kind::Json | Kind::Day => Value::Text(text),
        Kind::Whole => Value::Whole(text.parse().map_err(|_| strange())?),
        Kind::YesNo => Value::Whole(match text.as_str() {
            "t" => 1,
            "f" => 0,
            _ => return Err(strange()),
        }),
        Kind::Instant => Value::Text(instant(&text).ok_or_else(strange)?),
        Kind::Bytes => Value::Bytes(text.strip_prefix("\\x").and_then(unhex).ok_or_else(strange)?),
    })
}

/// SQLite compares moments as texts, so each must be written as the driver writes it.
fn instant(text: &str) -> Option<String> {
    let moment: Instant = text.parse().ok().or_else(|| {
        let at = chrono::DateTime::parse_from_str(&format!("{text}00"), "%Y-%m-%d %H:%M:%S%.f%z").ok()?;
        Some(at.to_utc())
    })?;
    Some(moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false))
}
