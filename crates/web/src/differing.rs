//! What a colleague saved while somebody else typed something different: both beside each other, to be chosen field by
//! field.

use crate::form::Typed;

/// A field of which there are two values now.
pub(crate) struct Differs {
    pub name: String,
    pub label: &'static str,
    /// What was typed here, in words.
    pub ours: String,
    /// What stands there now: in words, and as the form sends it.
    pub theirs: String,
    pub value: String,
}

/// A field as it stands now: its name, its label, its value.
pub(crate) type Stands = (String, &'static str, String);

/// The fields that differ from what was typed, after a save that came too late. `words` says what a value means.
pub(crate) fn differing(
    typed: &Typed,
    now: impl IntoIterator<Item = Stands>,
    words: impl Fn(&str, &str) -> String,
) -> Vec<Differs> {
    let both = now.into_iter().filter(|(name, _, value)| settled(typed, name) != value.as_str());
    both.map(|(name, label, value)| Differs {
        ours: words(&name, settled(typed, &name)),
        theirs: words(&name, &value),
        name,
        label,
        value,
    })
    .collect()
}

/// What a field of a form says, once somebody chose whose it is.
pub(crate) fn settled<'a>(typed: &'a Typed, name: &str) -> &'a str {
    match typed.text(&format!("use_{name}")) {
        "theirs" => typed.text(&format!("theirs_{name}")),
        _ => typed.text(name),
    }
}
