//! The client record: people, the clients among them, episodes of care, notes, the timeline.
//!
//! A *person* is anyone the center knows of; a *client* is a person with a record, and has the same key. What a
//! viewer may see is decided once, in [`client::visible_to`]: lists, pages, search and exports all start there.
//!
//! Tables: `people`, `clients`, `episodes`, `level_spans`, `notes`, `corrections`.
//!
//! Invariants: one open episode a person (a unique index settles races); levels of care cover an episode without gap
//! or overlap, also when a day is corrected; what is corrected keeps its reason; notes are sealed under the person's own key; a death, however it became known, closes the gate for that
//! person; of two merged records the survivor answers for both references.

pub mod client;
pub mod correction;
mod entity;
pub mod episode;
mod holding;
pub mod note;
pub mod person;
pub mod rules;
pub mod tags;
pub mod timeline;

pub use entity::client::Model as Client;
pub use entity::episode::{EpisodeId, Model as Episode};
pub use entity::level_span::Model as LevelSpan;
pub use entity::person::Model as Person;
pub use holding::ClientHolding;
