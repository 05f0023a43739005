//! Aftercare support plans: sections, editions, copies by reader
