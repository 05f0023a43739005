//! The consultation-request inbox: receive, claim, attempt, convert
