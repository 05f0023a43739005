//! The card of somebody who died: it says so first, and offers no way to reach anyone.

use super::{SafeContactCard, Way};
use crate::reaching::KnownDeath;
use crate::rules::contact::Permission;

/// The card that everyone sees who would have called.
pub(super) fn card(death: &KnownDeath) -> SafeContactCard {
    let on = death.on.map(|day| format!(" on {}", day.format("%b %-d, %Y"))).unwrap_or_default();
    SafeContactCard {
        heading: "This person died".into(),
        say: format!(
            "This person died{on}. Do not call and do not write. If family is to be told something, a person decides it."
        ),
        ways: ["Call", "Voicemail", "Text", "E-mail"]
            .into_iter()
            .map(|name| Way {
                class: Permission::Never.class(),
                mark: Permission::Never.mark(),
                name,
                words: "died".into(),
            })
            .collect(),
        source: "Everything Kith did by itself for them has stopped.".into(),
        stale: false,
        not_now: None,
        danger: false,
        unsettled: false,
        code_word: None,
        lines: Vec::new(),
        risks: Vec::new(),
    }
}
