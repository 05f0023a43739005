//! What may never be on a paper, looked for in its finished words (domain reference A.5, 11 and 12).

use consent::rules::notice::Paper;
use foundation::Refusal;
use foundation::search::fold;

use super::audience::Audience;

/// The words of a paper, as a reader would find them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    /// The foot of every page.
    pub footer: String,
    /// Everything else.
    pub body: String,
}

/// Whether a paper may be made. `legal_name` is the center's; `harmful` are the names of ties marked unsafe.
///
/// # Errors
/// The reason, with what to do about it.
pub fn may_render(
    audience: Audience,
    words: &Words,
    legal_name: &str,
    harmful: &[String],
) -> Result<(), Refusal> {
    let everything = format!("{}\n{}\n{}", words.title, words.footer, words.body);
    if harmful.iter().any(|name| mentions(&everything, name)) {
        return Err(no(
            "harmful",
            "A name that is marked as harmful is in the words of this plan. Take it out, or make the two names differ.",
        ));
    }
    match audience {
        Audience::Own if !Paper::OwnCopy.may_render(&everything) => Err(no(
            "notice_on_own_copy",
            "Their own copy may not name 42 CFR: that tells by itself. Take it out of the text.",
        )),
        Audience::Own if mentions(&everything, legal_name) => Err(no(
            "center_on_own_copy",
            "Their own copy may not name the center. Write “the office” in the text instead.",
        )),
        Audience::Named if !Paper::ForSomeoneElse.may_render(&words.footer) => {
            Err(no("no_notice", "The notice must be at the foot of every page of a copy for someone else."))
        }
        Audience::Own | Audience::Named => Ok(()),
    }
}

/// Whether whole words of `text` are this name, after folding case, accents and punctuation.
#[must_use]
pub fn mentions(text: &str, name: &str) -> bool {
    let name = fold(name);
    !name.is_empty() && format!(" {} ", fold(text)).contains(&format!(" {name} "))
}

fn no(code: &'static str, sentence: &str) -> Refusal {
    Refusal { code, sentence: sentence.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use consent::rules::notice::PROHIBITION;

    fn paper(footer: &str, body: &str) -> Words {
        Words { title: "My plan".into(), footer: footer.into(), body: body.into() }
    }

    fn code(audience: Audience, words: &Words, harmful: &[&str]) -> Option<&'static str> {
        let harmful: Vec<String> = harmful.iter().map(|name| (*name).to_owned()).collect();
        may_render(audience, words, "Harbor Recovery Center", &harmful).err().map(|no| no.code)
    }

    #[test]
    fn a_copy_for_dr_park_without_the_notice_on_every_page_is_refused() {
        let body = paper("Page", PROHIBITION);
        assert_eq!(code(Audience::Named, &body, &[]), Some("no_notice"));
        assert_eq!(code(Audience::Named, &paper(PROHIBITION, "Call Dana."), &[]), None);
    }

    #[test]
    fn danas_own_copy_names_neither_the_regulation_nor_the_center() {
        assert_eq!(code(Audience::Own, &paper(PROHIBITION, ""), &[]), Some("notice_on_own_copy"));
        let named = paper("", "Tuesday 6, HARBOR Recovery Center, room 2");
        assert_eq!(code(Audience::Own, &named, &[]), Some("center_on_own_copy"));
        assert_eq!(code(Audience::Own, &paper("Made for Dana", "Call the harbor office"), &[]), None);
    }

    #[test]
    fn a_harmful_name_stops_both_copies_however_it_is_written() {
        let words = paper(PROHIBITION, "My people: VÍCTOR, 555-0101");
        assert_eq!(code(Audience::Named, &words, &["Victor"]), Some("harmful"));
        assert_eq!(code(Audience::Own, &paper("", "I walk to Victor."), &["Víctor"]), Some("harmful"));
        assert_eq!(code(Audience::Own, &paper("", "A victory garden"), &["Victor"]), None);
    }

    #[test]
    fn an_empty_name_is_mentioned_nowhere() {
        assert!(!mentions("anything", " – "));
    }
}
