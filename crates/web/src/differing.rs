//! What a colleague saved while somebody else typed something different: both beside each other, to be chosen field by
//! field.

use crate::form::Typed;

/// A field of which there are two values now.
pub(crate) struct Differs {
    pub name: String,
    pub label: &'static str,
    /// What was typed here, in words.
    pub ours: String,
    /// What stands there now: in words, and as the form sends it; of boxes, those that are ticked, with commas.
    pub theirs: String,
    pub value: String,
}

/// A field as it stands now: its name, its label, its value. The name of boxes ends with `[]`.
pub(crate) type Stands = (String, &'static str, String);

/// The fields that differ from what was typed, after a save that came too late. `words` says what a value means.
pub(crate) fn differing(
    typed: &Typed,
    now: impl IntoIterator<Item = Stands>,
    words: impl Fn(&str, &str) -> String,
) -> Vec<Differs> {
    let mut all = Vec::new();
    for (name, label, value) in now {
        let (ours, value) = if name.ends_with("[]") {
            (sorted(typed.many(&name)), sorted(value.split(',')))
        } else {
            (typed.text(&name).to_owned(), value)
        };
        if ours == value {
            continue;
        }
        let say = |value: &str| {
            let of = if name.ends_with("[]") { value.split(',').collect() } else { vec![value] };
            of.into_iter().map(|one| words(&name, one)).collect::<Vec<_>>().join(", ")
        };
        all.push(Differs { ours: say(&ours), theirs: say(&value), name: name.clone(), label, value });
    }
    all
}

fn sorted<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = values.filter(|one| !one.is_empty()).collect();
    all.sort_unstable();
    all.join(",")
}

/// What was typed, with what a colleague saved in each field of which somebody chose that: from here on there is one value
/// of each again.
pub(crate) fn settled(typed: &Typed) -> Typed {
    let mut settled = typed.clone();
    for (name, whose) in typed.all() {
        let Some(name) = name.strip_prefix("use_") else { continue };
        let theirs = typed.text(&format!("theirs_{name}"));
        settled = match (whose, name.ends_with("[]")) {
            ("theirs", true) => settled.with_many(name, theirs.split(',').filter(|one| !one.is_empty())),
            ("theirs", false) => settled.with(name, theirs),
            _ => settled,
        };
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Typed {
        Typed::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn what_was_chosen_once_is_what_the_form_says_from_then_on() {
        let sent = typed(
            "name=Jo&use_name=theirs&theirs_name=Johanna&day=2&use_day=ours&theirs_day=3\
                          &risk%5B%5D=a&use_risk%5B%5D=theirs&theirs_risk%5B%5D=b%2Cc",
        );
        let settled = settled(&sent);
        assert_eq!((settled.text("name"), settled.text("day")), ("Johanna", "2"));
        assert_eq!(settled.many("risk[]").collect::<Vec<_>>(), ["b", "c"]);
        // Chosen, it differs no more; what changed once more differs again.
        let now = |name: &str| [("name".to_owned(), "Name", name.to_owned())];
        let plain = |_: &str, value: &str| value.to_owned();
        assert!(differing(&settled, now("Johanna"), plain).is_empty());
        let again = differing(&settled, now("Hanna"), plain);
        assert_eq!((again[0].ours.as_str(), again[0].theirs.as_str()), ("Johanna", "Hanna"));
    }

    #[test]
    fn boxes_that_a_colleague_ticked_are_not_unticked_in_silence() {
        let now = [("risk[]".to_owned(), "Who may listen", "b,a".to_owned())];
        let both = differing(&typed("risk%5B%5D=a"), now, |_, value| value.to_uppercase());
        assert_eq!(
            (both[0].ours.as_str(), both[0].theirs.as_str(), both[0].value.as_str()),
            ("A", "A, B", "a,b")
        );
        let same = [("risk[]".to_owned(), "Who may listen", "a".to_owned())];
        assert!(differing(&typed("risk%5B%5D=a"), same, |_, value| value.to_owned()).is_empty());
        let none = [("risk[]".to_owned(), "Who may listen", "a".to_owned())];
        assert_eq!(differing(&typed(""), none, |_, value| value.to_owned())[0].ours, "");
    }
}
