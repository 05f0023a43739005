//! Measures: each a definition in words, a question to the records, and the list behind it.
//!
//! Numbers are counted from the same rows the lists show; nothing is stored. Months and days are civil ones of the
//! center's zone, grouped in Rust so that both databases agree. An unknown is never a zero.
//!
//! Tables: none of its own.

pub mod today;
