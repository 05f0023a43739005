//! Search: people and requests found by folded terms. Folding happens in Rust before anything is stored, so that both
//! databases find the same; only the two statements in the files below differ.

mod postgres;
mod sqlite;

use sea_orm::{ConnectionTrait, DbBackend};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use crate::error::Error;
use crate::unit::Unit;

/// Folds a text for finding and sorting: no case, no accents, letters and digits only, one space between words.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            // Letters that Unicode does not take apart but people type without.
            'ł' => 'l',
            'ø' => 'o',
            'đ' => 'd',
            'ı' => 'i',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    let plain = plain.replace('ß', "ss").replace('æ', "ae");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Digits only, for phone numbers: the last seven are also kept as a term of their own, as people remember them.
pub fn digits(text: &str) -> String {
    text.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect()
}

/// The terms of a phone number: all its digits, the last seven and the last four.
pub fn phone_terms(number: &str) -> String {
    let all = digits(number);
    let tail = |n: usize| all.len().checked_sub(n).and_then(|from| all.get(from..)).unwrap_or_default();
    format!("{all} {} {}", tail(7), tail(4))
}

impl Unit {
    /// Makes a thing findable by these texts, replacing what it was findable by. Folds them.
    pub async fn make_findable(&self, kind: &str, id: Uuid, texts: &[&str]) -> Result<(), Error> {
        let terms = texts.iter().map(|t| fold(t)).collect::<Vec<_>>().join(" ");
        match self.tx().get_database_backend() {
            DbBackend::Postgres => postgres::put(self.tx(), kind, id, &terms).await,
            _ => sqlite::put(self.tx(), kind, id, &terms).await,
        }
    }
}

/// The keys of things of a kind whose terms begin with every word of the query; at most `limit`. The caller filters
/// them by what the viewer may see.
pub async fn find(
    reader: &impl ConnectionTrait,
    kind: &str,
    query: &str,
    limit: u32,
) -> Result<Vec<Uuid>, Error> {
    let folded = fold(query);
    let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).take(8).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    match reader.get_database_backend() {
        DbBackend::Postgres => postgres::find(reader, kind, &words, limit).await,
        _ => sqlite::find(reader, kind, &words, limit).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_as_people_type_them() {
        assert_eq!(fold("Zoë Nguyễn-Łukaszewicz"), "zoe nguyen lukaszewicz");
        assert_eq!(fold("  O’Brien,  Séan "), "o brien sean");
        assert_eq!(fold("Дмитрий Straße"), "дмитрии strasse");
        assert_eq!(fold("😀"), "");
    }

    #[test]
    fn a_phone_number_is_found_by_its_tail() {
        assert_eq!(phone_terms("+1 (212) 555-0142"), "12125550142 5550142 0142");
        assert_eq!(phone_terms("42"), "42  ");
    }
}
