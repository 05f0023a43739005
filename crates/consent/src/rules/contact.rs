//! What the answers about being reached mean, which of two is stricter, and the words that follow from them.

use serde::{Deserialize, Serialize};

foundation::words! {
    /// May this way be used?
    pub enum Permission {
        NotAsked = "not_asked", "not asked yet",
        Ok = "ok", "any time",
        OnlyUrgent = "only_urgent", "only if urgent",
        Never = "never", "never",
    }
}

foundation::words! {
    /// What may be left on a voicemail.
    pub enum Voicemail {
        NotAsked = "not_asked", "not asked yet",
        NameAndNumber = "name_and_number", "a first name and a number",
        Never = "never", "never",
    }
}

foundation::words! {
    /// What to do when someone else answers.
    pub enum Answering {
        NotAsked = "not_asked", "Not asked yet",
        AskByName = "ask_by_name", "Ask for me by name, say nothing else",
        HangUp = "hang_up", "Hang up and try again later",
        NotSure = "not_sure", "I’m not sure",
    }
}

foundation::words! {
    /// Who said so.
    pub enum SaidBy {
        Self_ = "self", "They told us on the form",
        Voice = "voice", "They told us by voice",
        Mail = "mail", "They wrote to us by e-mail",
        OldRecords = "old_records", "It stands in old records",
        Family = "family", "Someone close told us",
        Referrer = "referrer", "The referrer told us",
    }
}

impl Permission {
    /// The stricter of two. Not asked is stricter than yes: silence is no permission.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        let rank = |p| match p {
            Self::Ok => 0,
            Self::OnlyUrgent => 1,
            Self::NotAsked => 2,
            Self::Never => 3,
        };
        if rank(self) >= rank(other) { self } else { other }
    }

    /// The class of the mark.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::NotAsked => "unk",
            Self::Ok => "yes",
            Self::OnlyUrgent => "some",
            Self::Never => "no",
        }
    }

    /// The mark.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::NotAsked => "dashed",
            Self::Ok => "check",
            Self::OnlyUrgent => "half",
            Self::Never => "crossed",
        }
    }
}

impl Voicemail {
    /// The stricter of two.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        let rank = |v| match v {
            Self::NameAndNumber => 0,
            Self::NotAsked => 1,
            Self::Never => 2,
        };
        if rank(self) >= rank(other) { self } else { other }
    }

    /// The class of the mark.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::NotAsked => "unk",
            Self::NameAndNumber => "some",
            Self::Never => "no",
        }
    }

    /// The mark.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::NotAsked => "dashed",
            Self::NameAndNumber => "half",
            Self::Never => "crossed",
        }
    }
}

/// Hours in which a call is safe: from and until a full hour, on all days or on weekdays only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// First hour, 0 to 23.
    pub from: u8,
    /// The hour at which it ends, 1 to 24, after `from`.
    pub until: u8,
    /// Monday to Friday only.
    pub weekdays_only: bool,
}

impl Hours {
    /// Hours that make sense.
    #[must_use]
    pub fn new(from: u8, until: u8, weekdays_only: bool) -> Option<Self> {
        (from < until && until <= 24).then_some(Self { from, until, weekdays_only })
    }

    /// "weekdays, 9 am to 4 pm".
    #[must_use]
    pub fn words(&self) -> String {
        let days = if self.weekdays_only { "weekdays, " } else { "" };
        format!("{days}{} to {}", clock(self.from), clock(self.until))
    }
}

/// An hour as people say it.
#[must_use]
pub fn clock(hour: u8) -> String {
    match hour {
        0 | 24 => "midnight".into(),
        12 => "noon".into(),
        h if h < 12 => format!("{h} am"),
        h => format!("{} pm", h - 12),
    }
}

/// What was said about calling, and whether another way is left.
#[derive(Clone, Copy, Debug)]
pub struct Calling<'a> {
    pub call: Permission,
    pub hours: Option<&'a Hours>,
    pub answering: Answering,
    /// Whether they allowed a text or an e-mail, and there is where to send it.
    pub another_way: bool,
}

/// What the caller may do and say, as one reads it aloud before dialing.
#[must_use]
pub fn words_to_say(calling: &Calling<'_>, name: &str, phone: Option<&str>, me: &str) -> String {
    let Calling { call, hours, answering, another_way } = *calling;
    let instead = if another_way {
        "Use another way they allowed."
    } else {
        "No other way is allowed: wait until they come to us."
    };
    let Some(phone) = phone else { return format!("There is no phone number. {instead}") };
    match call {
        Permission::Never => return format!("Do not call. {instead}"),
        Permission::NotAsked => return format!("Call {phone}, and ask first: “Is it safe to talk?”"),
        Permission::Ok | Permission::OnlyUrgent => {}
    }
    let when = hours.map(|h| format!(" {}", h.words())).unwrap_or_default();
    let if_other = match answering {
        Answering::AskByName => {
            format!("If anyone else answers: “Hi, is {name} there? It’s {me}.” Nothing else.")
        }
        Answering::HangUp => "If anyone else answers: hang up, and try again later.".into(),
        Answering::NotAsked | Answering::NotSure => {
            format!("If anyone else answers: hang up. Ask {name} what we may say when you reach them.")
        }
    };
    format!("Call {phone}{when}. Ask for {name}. {if_other}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_no_permission() {
        assert_eq!(Permission::Ok.stricter(Permission::NotAsked), Permission::NotAsked);
        assert_eq!(Permission::Never.stricter(Permission::Ok), Permission::Never);
        assert_eq!(Voicemail::NameAndNumber.stricter(Voicemail::Never), Voicemail::Never);
    }

    #[test]
    fn the_stricter_of_two_does_not_depend_on_the_order() {
        for a in Permission::ALL {
            for b in Permission::ALL {
                assert_eq!(a.stricter(*b), b.stricter(*a));
            }
        }
    }

    #[test]
    fn jo_may_be_called_on_weekdays_and_nobody_learns_why() {
        let hours = Hours::new(9, 16, true).unwrap();
        let calling = Calling {
            call: Permission::Ok,
            hours: Some(&hours),
            answering: Answering::AskByName,
            another_way: false,
        };
        let say = words_to_say(&calling, "Jo", Some("555-0142"), "Sam");
        assert_eq!(
            say,
            "Call 555-0142 weekdays, 9 am to 4 pm. Ask for Jo. If anyone else answers: “Hi, is Jo there? It’s Sam.” Nothing else."
        );
    }

    #[test]
    fn who_allows_no_call_is_reached_another_way_only_when_there_is_one() {
        let never = |another_way| Calling {
            call: Permission::Never,
            hours: None,
            answering: Answering::NotAsked,
            another_way,
        };
        let say = |another_way, phone| words_to_say(&never(another_way), "Jo", phone, "Sam");
        assert_eq!(say(true, Some("555-0142")), "Do not call. Use another way they allowed.");
        let none = "No other way is allowed: wait until they come to us.";
        assert_eq!(say(false, Some("555-0142")), format!("Do not call. {none}"));
        assert_eq!(say(false, None), format!("There is no phone number. {none}"));
    }

    #[test]
    fn hours_that_end_before_they_begin_are_no_hours() {
        assert!(Hours::new(16, 9, false).is_none());
        assert!(Hours::new(9, 25, false).is_none());
        assert_eq!(Hours::new(0, 24, false).unwrap().words(), "midnight to midnight");
    }
}
