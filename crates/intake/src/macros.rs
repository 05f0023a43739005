//! Macros: several acts in one, for oneself or for everyone, previewed before they are run.
