//! Search: people and requests found by folded terms. Folding happens in Rust before anything is stored, so that both
//! databases find the same; only the two statements in the files below differ.

mod postgres;
mod sqlite;

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, Value};
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

/// A word of a [`Pattern`], folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// This word.
    Whole(String),
    /// Every word that begins so.
    Begins(String),
}

/// What is looked for when nobody knows how it was written: any of these, each with all of its parts, each part in any of
/// its words.
pub type Pattern = Vec<Vec<Vec<Word>>>;

/// The things of a kind whose terms begin with every word of a query, a window at a time: what fits half the town costs
/// no more than what fits one, and nobody who may be seen is cut off behind a thousand who may not.
#[derive(Clone, Debug)]
pub struct Hits {
    backend: DbBackend,
    kind: &'static str,
    /// In the words of the index.
    query: String,
    /// The last one of the window before.
    after: Option<Value>,
    size: u64,
}

/// The first window is about a page, the later ones are for those who may see few of many.
const FIRST: u64 = 200;
const LATER: u64 = 2000;

impl Hits {
    /// Nothing is found by nothing.
    pub fn of(backend: DbBackend, kind: &'static str, query: &str) -> Option<Self> {
        let folded = fold(query);
        let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).take(8).collect();
        let query = match backend {
            DbBackend::Postgres => postgres::query(&words),
            _ => sqlite::query(&words),
        };
        (!words.is_empty()).then_some(Self { backend, kind, query, after: None, size: FIRST })
    }

    /// The things that fit a pattern. Nothing is found by an empty one; a part without words is left out.
    pub fn fitting(backend: DbBackend, kind: &'static str, pattern: &Pattern) -> Option<Self> {
        let (and, or) = if backend == DbBackend::Postgres { (" & ", " | ") } else { (" AND ", " OR ") };
        let word = |word: &Word| {
            let (text, begins) = match word {
                Word::Whole(text) => (text, false),
                Word::Begins(text) => (text, true),
            };
            // Letters and digits only: none can be an operator.
            let text: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
            (!text.is_empty()).then(|| match backend {
                DbBackend::Postgres => postgres::word(&text, begins),
                _ => sqlite::word(&text, begins),
            })
        };
        let either =
            |words: Vec<String>, by: &str| (!words.is_empty()).then(|| format!("({})", words.join(by)));
        let part = |part: &Vec<Word>| either(part.iter().filter_map(word).collect(), or);
        let whole = |parts: &Vec<Vec<Word>>| either(parts.iter().filter_map(part).collect(), and);
        let query = either(pattern.iter().filter_map(whole).collect(), or)?;
        Some(Self { backend, kind, query, after: None, size: FIRST })
    }

    /// The keys in the window: one column, for `IN`.
    pub fn keys(&self) -> SelectStatement {
        self.window("subject_id")
    }

    /// Goes on to the next window; `false` when this one was the last.
    pub async fn advance(&mut self, reader: &impl ConnectionTrait) -> Result<bool, Error> {
        let place = self.place();
        let last = self.window(place).offset(self.size - 1).limit(1).take();
        let Some(row) = reader.query_one(&last).await? else { return Ok(false) };
        self.after = Some(match self.backend {
            DbBackend::Postgres => row.try_get::<Uuid>("", place)?.into(),
            _ => row.try_get::<i64>("", place)?.into(),
        });
        self.size = LATER;
        Ok(true)
    }

    /// What the index is walked by.
    fn place(&self) -> &'static str {
        if self.backend == DbBackend::Postgres { "subject_id" } else { "rowid" }
    }

    fn window(&self, column: &'static str) -> SelectStatement {
        let place = self.place();
        let matches = match self.backend {
            DbBackend::Postgres => postgres::matches(&self.query),
            _ => sqlite::matches(&self.query),
        };
        let mut window = Query::select();
        window.column(column).from("search_index").and_where(matches);
        window.and_where(Expr::col("subject_kind").eq(self.kind));
        if let Some(after) = &self.after {
            window.and_where(Expr::col(place).gt(Expr::value(after.clone())));
        }
        // Written as text on PostgreSQL, in the same order: else it walks all keys in order and looks at each one's words,
        // for the sake of the few it will keep.
        let order = match self.backend {
            DbBackend::Postgres => Expr::cust("subject_id::text"),
            _ => Expr::col(place),
        };
        window.order_by_expr(order, Order::Asc).limit(self.size).take()
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
