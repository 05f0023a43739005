//! Whether a call, a voicemail or a text went against what the person said about being reached.

use super::contact::{Permission, Voicemail};

foundation::words! {
    /// What they had said.
    pub enum Broken {
        DoNotContact = "do_not_contact", "They asked not to be contacted",
        Never = "never", "They said no to calls",
        Text = "text", "They said no to texts",
        Voicemail = "voicemail", "They said no to voicemail",
        Hours = "hours", "It was outside the hours they allow",
    }
}

/// How somebody was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Call,
    Voicemail,
    Text,
    /// By a letter or a visit: only a wish for silence speaks against it.
    Otherwise,
}

/// What holds for the number that was tried.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub asked_not_to_be_contacted: bool,
    pub call: Permission,
    pub text: Permission,
    pub voicemail: Voicemail,
    /// They named hours, and it was in none of them; never where danger comes before hours.
    pub outside_hours: bool,
}

/// What of it a try breaks, the gravest first. What nobody asked is broken by no call: whoever calls asks.
pub fn against(said: Said, tried: Tried) -> Option<Broken> {
    match (said, tried) {
        (said, _) if said.asked_not_to_be_contacted => Some(Broken::DoNotContact),
        (_, Tried::Otherwise) => None,
        (Said { call: Permission::Never, .. }, Tried::Call | Tried::Voicemail) => Some(Broken::Never),
        (Said { text: Permission::Never, .. }, Tried::Text) => Some(Broken::Text),
        (Said { voicemail: Voicemail::Never, .. }, Tried::Voicemail) => Some(Broken::Voicemail),
        (said, _) if said.outside_hours => Some(Broken::Hours),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Said = Said {
        asked_not_to_be_contacted: false,
        call: Permission::Ok,
        text: Permission::Ok,
        voicemail: Voicemail::NameAndNumber,
        outside_hours: false,
    };

    #[test]
    fn the_gravest_that_denise_said_is_what_a_try_breaks() {
        assert_eq!(against(OPEN, Tried::Voicemail), None);
        let denise = Said { voicemail: Voicemail::Never, outside_hours: true, ..OPEN };
        assert_eq!(against(denise, Tried::Voicemail), Some(Broken::Voicemail));
        assert_eq!(against(denise, Tried::Call), Some(Broken::Hours));
        let never = Said { call: Permission::Never, ..denise };
        assert_eq!(against(never, Tried::Voicemail), Some(Broken::Never));
        assert_eq!(against(never, Tried::Text), Some(Broken::Hours), "a text is no call");
        let no_text = Said { text: Permission::Never, ..never };
        assert_eq!(against(no_text, Tried::Text), Some(Broken::Text));
        let silence = Said { asked_not_to_be_contacted: true, ..no_text };
        for tried in [Tried::Call, Tried::Voicemail, Tried::Text, Tried::Otherwise] {
            assert_eq!(against(silence, tried), Some(Broken::DoNotContact));
        }
        assert_eq!(against(no_text, Tried::Otherwise), None, "a letter rings nowhere");
    }

    #[test]
    fn what_nobody_asked_is_broken_by_no_try() {
        let not_asked = Permission::NotAsked;
        let said = Said { call: not_asked, text: not_asked, voicemail: Voicemail::NotAsked, ..OPEN };
        for tried in [Tried::Call, Tried::Voicemail, Tried::Text] {
            assert_eq!(against(said, tried), None);
        }
    }
}
