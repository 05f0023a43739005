//! Why a database takes nothing for now: the codes of SQLite and PostgreSQL, and of the way to them, sorted by what somebody
//! can do about it. What is in none of these is a fault of the program.

use sea_orm::{DbErr, RuntimeErr};
use sqlx::Error as Driver;

/// Why the database takes nothing for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// Its disk is full.
    Full,
    /// Its disk cannot be written to, or fails.
    ReadOnly,
    /// Somebody else holds it.
    Locked,
    /// It does not answer.
    Silent,
}

impl Away {
    /// For the log and for whoever watches the machine.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "the disk of the database is full",
            Self::ReadOnly => "the database cannot be written to",
            Self::Locked => "the database is locked by another program",
            Self::Silent => "the database does not answer",
        }
    }

    /// What an error of the database says of it, if it says so.
    pub(crate) fn of(error: &DbErr) -> Option<Self> {
        match error {
            DbErr::ConnectionAcquire(_) => Some(Self::Silent),
            DbErr::Conn(RuntimeErr::SqlxError(e))
            | DbErr::Exec(RuntimeErr::SqlxError(e))
            | DbErr::Query(RuntimeErr::SqlxError(e)) => Self::of_driver(e),
            _ => None,
        }
    }

    fn of_driver(error: &Driver) -> Option<Self> {
        match error {
            Driver::Database(e) => {
                let code = e.code()?;
                code.parse().map_or_else(
                    |_| Self::of_sqlstate(&code),
                    |number| {
                        // A state of PostgreSQL has five characters, and some are all digits.
                        if code.len() == 5 { Self::of_sqlstate(&code) } else { Self::of_sqlite(number) }
                    },
                )
            }
            Driver::Io(_)
            | Driver::Tls(_)
            | Driver::PoolTimedOut
            | Driver::PoolClosed
            | Driver::WorkerCrashed => Some(Self::Silent),
            _ => None,
        }
    }

    /// The lowest byte is the kind (<https://www.sqlite.org/rescode.html>).
    fn of_sqlite(code: u32) -> Option<Self> {
        match code & 0xff {
            // SQLITE_FULL
            13 => Some(Self::Full),
            // SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN
            8 | 10 | 14 => Some(Self::ReadOnly),
            // SQLITE_BUSY, SQLITE_LOCKED
            5 | 6 => Some(Self::Locked),
            _ => None,
        }
    }

    /// Appendix A of the manual of PostgreSQL.
    fn of_sqlstate(state: &str) -> Option<Self> {
        match state {
            // disk_full, out_of_memory
            "53100" | "53200" => Some(Self::Full),
            // read_only_sql_transaction; io_error
            "25006" | "58030" => Some(Self::ReadOnly),
            // lock_not_available, deadlock_detected, serialization_failure
            "55P03" | "40P01" | "40001" => Some(Self::Locked),
            // query_canceled (its own limit), admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
            "57014" | "57P01" | "57P02" | "57P03" | "53300" => Some(Self::Silent),
            state if state.starts_with("08") => Some(Self::Silent),
            _ => None,
        }
    }
}

impl std::fmt::Display for Away {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_database_says_is_sorted_by_what_can_be_done() {
        for (code, away) in [
            (13, Some(Away::Full)),
            (8, Some(Away::ReadOnly)),
            (1032, Some(Away::ReadOnly)),
            (4874, Some(Away::ReadOnly)),
            (5, Some(Away::Locked)),
            (517, Some(Away::Locked)),
            (1, None),
            (2067, None),
        ] {
            assert_eq!(Away::of_sqlite(code), away, "{code}");
        }
        for (state, away) in [
            ("53100", Some(Away::Full)),
            ("25006", Some(Away::ReadOnly)),
            ("40P01", Some(Away::Locked)),
            ("57P01", Some(Away::Silent)),
            ("08006", Some(Away::Silent)),
            ("23505", None),
            ("42601", None),
        ] {
            assert_eq!(Away::of_sqlstate(state), away, "{state}");
        }
        assert_eq!(Away::of_driver(&Driver::PoolTimedOut), Some(Away::Silent));
        assert_eq!(Away::of_driver(&Driver::RowNotFound), None);
    }
}
