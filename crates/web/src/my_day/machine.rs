//! What whoever looks after the machine must look at: a center on hold, a night without a backup, mail that does not leave.

use foundation::acts::{Reach, reach_of};
use foundation::restored::Restored;
use foundation::store::backups::Nights;
use foundation::{Act, Actor, Error, Zone};

use crate::house::House;
use crate::inbox::when;

/// One thing to look at.
pub(super) struct Trouble {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: &'static str,
    pub(super) words: String,
    pub(super) act: Option<(&'static str, &'static str)>,
}

/// All of it, the gravest first; nothing for whoever can do nothing about it.
pub(super) async fn troubles(house: &House, me: &Actor, zone: Zone) -> Result<Vec<Trouble>, Error> {
    if reach_of(me, Act::ReleaseCenter) == Reach::No {
        return Ok(Vec::new());
    }
    let now = house.now();
    let mut all = Vec::new();
    if let Some(restored) = Restored::on_hold(house.reader()).await? {
        all.push(Trouble {
            tone: "now",
            icon: "triangle-alert",
            title: "This center is on hold",
            words: format!(
                "It was restored from a backup {}. No letter leaves, and only administrators can sign in, until you let \
                 it go on.",
                when(restored.at, now, zone)
            ),
            act: Some(("/admin/restored", "Look at it")),
        });
    }
    if let Some(nights) = Nights::of(house.reader()).await?
        && (nights.is_late(now) || nights.fault.is_some())
    {
        let last = match &nights.last {
            Some(last) => format!("The last one that can be read is from {}.", when(last.at, now, zone)),
            None => "There is none yet.".to_owned(),
        };
        let why =
            nights.fault.as_ref().map(|why| format!(" The last try failed: {why}.")).unwrap_or_default();
        all.push(Trouble {
            tone: "now",
            icon: "triangle-alert",
            title: "The nightly backup did not work",
            words: format!("{last}{why} Tell whoever looks after the computer."),
            act: None,
        });
    }
    if house.lacks_addresses() {
        all.push(Trouble {
            tone: "soon",
            icon: "triangle-alert",
            title: "The proxy in front hides everyone",
            words: crate::address::LACKING.to_owned(),
            act: Some(("/admin/health", "See how the program runs")),
        });
    }
    if let Some((since, words)) = house.postroom().post.lane().and_then(|lane| lane.trouble(now)) {
        all.push(Trouble {
            tone: "now",
            icon: "mail",
            title: "Letters do not leave",
            words: format!(
                "{words} (since {}). Letters wait and leave by themselves when it is put right.",
                when(since, now, zone)
            ),
            act: Some(("/mail", "See what waits")),
        });
    }
    Ok(all)
}
