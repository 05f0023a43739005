//! The ground floor: clock, ids, database, unit of work, acts, ledger, jobs, search, sealed values
