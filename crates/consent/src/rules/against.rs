//! Whether a call or a voicemail went against what the person said about being reached.

use foundation::{Instant, Zone};

use super::contact::{Hours, Permission, Voicemail};
use super::quiet_hours::is_within;

foundation::words! {
    /// What they had said.
    pub enum Broken {
        DoNotContact = "do_not_contact", "They asked not to be contacted",
        Never = "never", "They said no to calls",
        Voicemail = "voicemail", "They said no to voicemail",
        Hours = "hours", "It was outside the hours they allow",
    }
}

/// What holds for the number that was called.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub asked_not_to_be_contacted: bool,
    pub call: Permission,
    pub voicemail: Voicemail,
    /// Nothing where every hour is right, also because danger comes before hours.
    pub hours: Option<&'a Hours>,
}

/// What of it a call at this moment breaks, the gravest first. What nobody asked is broken by no call: whoever calls asks.
pub fn against(said: Said<'_>, left_voicemail: bool, now: Instant, zone: Zone) -> Option<Broken> {
    match said {
        said if said.asked_not_to_be_contacted => Some(Broken::DoNotContact),
        Said { call: Permission::Never, .. } => Some(Broken::Never),
        Said { voicemail: Voicemail::Never, .. } if left_voicemail => Some(Broken::Voicemail),
        Said { hours: Some(hours), .. } if !is_within(*hours, now, zone) => Some(Broken::Hours),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Said<'static> = Said {
        asked_not_to_be_contacted: false,
        call: Permission::Ok,
        voicemail: Voicemail::NameAndNumber,
        hours: None,
    };

    fn broken(said: Said<'_>, left_voicemail: bool, at: &str) -> Option<Broken> {
        against(said, left_voicemail, at.parse().unwrap(), chrono_tz::America::New_York)
    }

    #[test]
    fn a_voicemail_against_never_a_call_against_never_and_one_outside_the_hours() {
        // Monday, 3 pm in New York; Saturday, 3 pm; Monday, 8 am.
        let (monday, saturday, early) =
            ("2026-03-02T20:00:00Z", "2026-03-07T20:00:00Z", "2026-03-02T13:00:00Z");
        assert_eq!(broken(OPEN, true, monday), None);
        let denise = Said { voicemail: Voicemail::Never, ..OPEN };
        assert_eq!(broken(denise, true, monday), Some(Broken::Voicemail));
        assert_eq!(broken(denise, false, monday), None);
        let never = Said { call: Permission::Never, ..denise };
        assert_eq!(broken(never, true, monday), Some(Broken::Never));
        assert_eq!(
            broken(Said { asked_not_to_be_contacted: true, ..never }, false, monday),
            Some(Broken::DoNotContact)
        );
        let hours = Hours::new(9, 16, true);
        let office = Said { hours: hours.as_ref(), ..OPEN };
        assert_eq!(broken(office, false, monday), None);
        for outside in [saturday, early] {
            assert_eq!(broken(office, false, outside), Some(Broken::Hours), "{outside}");
        }
        let not_asked = Said { call: Permission::NotAsked, voicemail: Voicemail::NotAsked, ..OPEN };
        assert_eq!(broken(not_asked, true, monday), None);
    }
}
