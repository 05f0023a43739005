//! The headers lettre does not know: who wrote (a machine), in what language, and how to stop it (RFC 8058).

use lettre::message::header::{Header, HeaderName, HeaderValue};

use super::StopLink;
use foundation::Lang;

type Unread = Box<dyn std::error::Error + Send + Sync>;

macro_rules! header {
    ($(#[$why:meta])* $name:ident, $called:literal) => {
        $(#[$why])*
        #[derive(Clone)]
        pub(super) struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($called)
            }

            fn parse(written: &str) -> Result<Self, Unread> {
                Ok(Self(written.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                // Every constructor below hands in printable ASCII without line ends; folding would tear a link.
                HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
            }
        }
    };
}

header!(
    /// RFC 3834: keeps vacation notices and other machines from answering.
    AutoSubmitted, "Auto-Submitted");
header!(
    /// RFC 3282: lets a screen reader choose its voice.
    ContentLanguage, "Content-Language");
header!(
    /// RFC 2369, with the one HTTPS link RFC 8058 asks for.
    ListUnsubscribe, "List-Unsubscribe");
header!(
    /// RFC 8058: the mailbox may press the link itself, by POST.
    ListUnsubscribePost, "List-Unsubscribe-Post");

impl AutoSubmitted {
    pub(super) fn generated() -> Self {
        Self("auto-generated".into())
    }
}

impl ContentLanguage {
    pub(super) fn of(lang: Lang) -> Self {
        Self(lang.tag().into())
    }
}

impl ListUnsubscribe {
    pub(super) fn by(link: &StopLink) -> Self {
        Self(format!("<{}>", link.as_str()))
    }
}

impl ListUnsubscribePost {
    pub(super) fn one_click() -> Self {
        Self("List-Unsubscribe=One-Click".into())
    }
}
