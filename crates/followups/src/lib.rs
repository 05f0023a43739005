//! Cadences: which message is due to whom and why, derived from the records
