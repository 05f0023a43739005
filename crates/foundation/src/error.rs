//! What can go wrong, sorted once: what a person may do about it decides the kind.

use sea_orm::{DbErr, SqlErr};

use crate::acts::Act;
pub use crate::store::away::Away;

/// Why an act or a question did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or not for this viewer: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// The actor may not do this.
    #[error("{0:?} is not allowed")]
    Forbidden(Act),
    /// A rule said no, in a sentence for the person who tried.
    #[error("{0}")]
    Refused(Refusal),
    /// Someone else saved first; both versions can be shown.
    #[error("someone else saved this first")]
    Stale,
    /// What was typed cannot be used as it is; by field.
    #[error("{0}")]
    Invalid(Faults),
    /// The same unique thing exists already: the caller of the act decides what that means.
    #[error("it exists already")]
    Exists,
    /// Too much at once; try again shortly.
    #[error("busy")]
    Busy,
    /// The database takes nothing for now. Nothing was written, and later it may be.
    #[error("{0}")]
    Away(Away),
    /// The database went away while it was asked to keep something: whether it did is not known.
    #[error("the database went away in the middle of a commit")]
    InDoubt,
    /// The database failed.
    #[error("database: {0}")]
    Store(DbErr),
    /// Something of the house itself is broken (keys, chain, randomness).
    #[error("broken: {0}")]
    Broken(String),
}

/// A rule's no: a code for tests and a sentence a person can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable name of the rule.
    pub code: &'static str,
    /// The sentence shown.
    pub sentence: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// A no with its sentence, ready for `return Err(refused(…))`.
pub fn refused(code: &'static str, sentence: impl Into<String>) -> Error {
    Error::Refused(Refusal { code, sentence: sentence.into() })
}

/// What is wrong with a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

/// One field's fault, in words that say what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the form field.
    pub field: String,
    /// What to do, in the label's own words.
    pub words: String,
}

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, field: impl Into<String>, words: impl Into<String>) {
        self.0.push(Fault { field: field.into(), words: words.into() });
    }

    /// The words for a field, if it has a fault.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|f| f.field == field).map(|f| f.words.as_str())
    }

    /// `Ok(value)` when nothing is wrong.
    pub fn or<T>(self, value: impl FnOnce() -> T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value()) } else { Err(self) }
    }
}

impl std::fmt::Display for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut words = self.0.iter().map(|fault| fault.words.as_str());
        f.write_str(words.next().unwrap_or_default())?;
        words.try_for_each(|w| write!(f, "; {w}"))
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Self::Invalid(faults)
    }
}

impl From<DbErr> for Error {
    fn from(e: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(_)) = e.sql_err() {
            return Self::Exists;
        }
        if let Some(away) = Away::of(&e) {
            return Self::Away(away);
        }
        match e {
            DbErr::RecordNotFound(_) => Self::NotFound,
            other => Self::Store(other),
        }
    }
}
