//! What a story needs: the real program on a free port, a visitor without script, and a real browser.

pub mod at;
pub mod browser;
pub mod dovecot;
pub mod program;
pub mod visitor;
pub mod weather;
