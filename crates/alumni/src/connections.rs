//! The connections of one person as a whole: the map's state, how the person sees it, and the page that shows it.

mod confirming;
mod counting;
mod page;
pub(crate) mod snapshotting;

pub use confirming::{Confirmation, confirm, say_own_view};
pub use counting::{CountedTie, Inputs};
pub use page::{ConnectionsPage, Line, page, version};

pub use crate::entity::snapshot::Model as Snapshot;

/// Where it is sealed how the person sees it.
pub(crate) const CLIENT_VIEW: &str = "connection_maps.client_view";

foundation::id! {
    /// A snapshot of the indicator.
    SnapshotId
}

foundation::words! {
    /// What is known of the map as a whole. An empty map that nobody asked about is not an empty life.
    pub enum MapState {
        NotAsked = "not_asked", "not asked yet",
        Begun = "begun", "begun",
        Confirmed = "confirmed", "gone through together",
        TrulyNone = "truly_none", "gone through together: nobody at present",
    }
}

impl MapState {
    /// Whether the map was gone through with the person, so that what is not on it is not there.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Confirmed | Self::TrulyNone)
    }
}
