//! Who is at a request right now: as long as their page is open and somebody is at it. Kept in memory, because it is true
//! for a moment only; another process of the same center does not see it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use foundation::StaffId;
use foundation::staff::Directory;
use tokio::sync::broadcast;

/// The people at each request, by its reference; whoever has two pages open stands there twice.
#[derive(Clone)]
pub struct Presence(Arc<Inner>);

struct Inner {
    here: Mutex<HashMap<String, Vec<StaffId>>>,
    changed: broadcast::Sender<()>,
}

impl Default for Presence {
    fn default() -> Self {
        Self(Arc::new(Inner { here: Mutex::default(), changed: broadcast::channel(64).0 }))
    }
}

impl Presence {
    /// Somebody is at a request until what is returned is dropped.
    pub fn arrive(&self, at: &str, who: StaffId) -> Here {
        self.here().entry(at.to_owned()).or_default().push(who);
        // Nobody listening is no fault.
        let _ = self.0.changed.send(());
        Here { presence: self.clone(), at: at.to_owned(), who }
    }

    /// Rings whenever somebody comes or goes.
    pub fn changes(&self) -> broadcast::Receiver<()> {
        self.0.changed.subscribe()
    }

    /// The others at a request, by name; empty when nobody is.
    pub fn others(&self, at: &str, me: Option<StaffId>, staff: &Directory) -> String {
        let mut names: Vec<String> = match self.here().get(at) {
            Some(here) => here
                .iter()
                .filter(|who| Some(**who) != me)
                .filter_map(|who| staff.name(*who).map(str::to_owned))
                .collect(),
            None => return String::new(),
        };
        names.sort();
        names.dedup();
        match names.as_slice() {
            [] => String::new(),
            [one] => format!("{one} is here now"),
            [most @ .., last] => format!("{} and {last} are here now", most.join(", ")),
        }
    }

    fn here(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<StaffId>>> {
        self.0.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody at a request.
pub struct Here {
    presence: Presence,
    at: String,
    who: StaffId,
}

impl Drop for Here {
    fn drop(&mut self) {
        let mut all = self.presence.here();
        if let Some(here) = all.get_mut(&self.at) {
            if let Some(place) = here.iter().position(|who| *who == self.who) {
                here.swap_remove(place);
            }
            if here.is_empty() {
                all.remove(&self.at);
            }
        }
        drop(all);
        let _ = self.presence.0.changed.send(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_two_pages_open_is_here_until_both_are_closed() {
        let presence = Presence::default();
        let ana = StaffId(uuid::Uuid::from_u128(1));
        let (one, two) = (presence.arrive("CR-4F7K2", ana), presence.arrive("CR-4F7K2", ana));
        drop(one);
        assert_eq!(presence.here().get("CR-4F7K2").map(Vec::len), Some(1));
        drop(two);
        assert!(presence.here().is_empty(), "an empty place stays in memory");
    }
}
