//! What a form holds before anyone has read it: strings by their names.

/// What was typed, by anyone, in any form. Every field may be empty; one way of contact is needed.
#[derive(Clone, Debug, Default)]
pub struct TypedRequest<'a> {
    pub danger: &'a str,
    pub for_whom: &'a str,
    pub relationship: &'a str,
    pub name: &'a str,
    /// The name of the person who may need care, when it is someone else.
    pub other_name: &'a str,
    pub phone: &'a str,
    pub email: &'a str,
    /// `any`, `hours` or `never`.
    pub call: &'a str,
    pub call_from: &'a str,
    pub call_until: &'a str,
    pub call_days: &'a str,
    /// Whether they may be called outside these hours while someone may be in danger: `yes` or `no`.
    pub outside_hours: &'a str,
    pub voicemail: &'a str,
    pub answering: &'a str,
    pub email_ok: &'a str,
    pub words: &'a str,
}

impl<'a> TypedRequest<'a> {
    /// Reads every field by its name, from whatever form holds them.
    pub fn read(text: impl Fn(&'static str) -> &'a str) -> Self {
        Self {
            danger: text("danger"),
            for_whom: text("for_whom"),
            relationship: text("relationship"),
            name: text("name"),
            other_name: text("other_name"),
            phone: text("phone"),
            email: text("email"),
            call: text("call"),
            call_from: text("call_from"),
            call_until: text("call_until"),
            call_days: text("call_days"),
            outside_hours: text("outside_hours"),
            voicemail: text("voicemail"),
            answering: text("answering"),
            email_ok: text("email_ok"),
            words: text("words"),
        }
    }
}
