//! Discreet by default: words that must not be in a subject, a sender, a body or a file name of what leaves the house.

mod words;

use foundation::search::fold;

use words::{ANYWHERE, OUTSIDE, PHRASES};

/// Which part of a message is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Subject, sender, title, file name.
    Outside,
    /// Body.
    Inside,
}

/// The words of `text` that give something away, each once; empty when it may leave. `center` is the legal name of the
/// center, which gives everything away.
#[must_use]
pub fn revealing(text: &str, part: Part, center: &str) -> Vec<String> {
    let folded = fold(&apart(text));
    let is_blocked = |word: &str| {
        ANYWHERE.iter().copied().flatten().any(|listed| is_form_of(word, listed))
            || (part == Part::Outside && OUTSIDE.iter().any(|listed| is_form_of(word, listed)))
    };
    let words: Vec<&str> = folded.split(' ').filter(|word| is_blocked(word)).collect();
    let within = format!(" {folded} ");
    let center = fold(center);
    // A phrase one of whose words is named already says nothing more.
    let says_more = |phrase: &&str| !phrase.split(' ').any(|word| words.contains(&word));
    let phrases = PHRASES.iter().copied().filter(says_more).chain([center.as_str()]);
    let phrases = phrases.filter(|phrase| !phrase.is_empty() && within.contains(&format!(" {phrase} ")));
    let mut found: Vec<String> = Vec::new();
    for word in words.iter().copied().chain(phrases) {
        if !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// Whether a folded word is the one listed; a star stands for every form that begins so.
fn is_form_of(word: &str, listed: &str) -> bool {
    match listed.strip_suffix('*') {
        Some(beginning) => word.starts_with(beginning),
        None => word == listed,
    }
}

/// A word that gives something away, with the sentence it stands in, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    pub word: String,
    /// Empty when the words of a phrase stand in two sentences.
    pub sentence: String,
}

/// The same as [`revealing`], with the sentence of each word, for whoever wrote it.
#[must_use]
pub fn revealing_sentences(text: &str, part: Part, center: &str) -> Vec<Telling> {
    let mut found: Vec<Telling> = Vec::new();
    for sentence in sentences(text) {
        for word in revealing(sentence, part, center) {
            let word = as_typed(sentence, &word);
            if !found.iter().any(|one| fold(&one.word) == fold(&word)) {
                found.push(Telling { word, sentence: sentence.to_owned() });
            }
        }
    }
    for word in revealing(text, part, center) {
        if !found.iter().any(|one| fold(&one.word) == word) {
            found.push(Telling { word, sentence: String::new() });
        }
    }
    found
}

/// The sentences of a text, without what is between them.
fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut from = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        if c == '\n' || (ended && c.is_whitespace()) {
            all.push(text.get(from..at).unwrap_or_default().trim());
            from = at;
        }
        ended = matches!(c, '.' | '!' | '?' | '…');
    }
    all.push(text.get(from..).unwrap_or_default().trim());
    all.retain(|sentence| !sentence.is_empty());
    all
}

/// A folded word as it stands in its sentence; a phrase stays as it is.
fn as_typed(sentence: &str, word: &str) -> String {
    let typed = sentence
        .split_whitespace()
        .map(|typed| typed.trim_matches(|c: char| !c.is_alphanumeric()))
        .find(|typed| fold(typed) == word);
    typed.unwrap_or(word).to_owned()
}

/// Words that are written together come apart (`RecoveryPlan.pdf`), and what is invisible does not split a word.
fn apart(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before_is_small = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if before_is_small && c.is_uppercase() {
            out.push(' ');
        }
        before_is_small = c.is_lowercase();
        out.push(c);
    }
    out
}

/// Soft hyphen, zero-width characters, word joiner, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_says_nothing() {
        let cedar = "Cedar Recovery Center";
        assert!(revealing("Checking in", Part::Outside, cedar).is_empty());
        assert_eq!(revealing("Your RECOVERY meeting", Part::Outside, cedar), ["recovery", "meeting"]);
        assert_eq!(
            revealing("A note from Cedar  Recovery-Center", Part::Inside, cedar),
            ["cedar recovery center"]
        );
        // A word inside another word is no word.
        assert!(revealing("Nana called", Part::Outside, cedar).is_empty());
    }

    #[test]
    fn accents_and_case_hide_nothing() {
        assert_eq!(revealing("Détox", Part::Inside, ""), ["detox"]);
    }

    #[test]
    fn a_file_name_hides_nothing_and_neither_does_what_cannot_be_seen() {
        for name in ["RecoveryPlan.pdf", "recovery_plan.pdf", "my-recovery.pdf", "Re\u{ad}covery"] {
            assert_eq!(revealing(name, Part::Outside, ""), ["recovery"], "{name}");
        }
        assert!(revealing("notes.pdf", Part::Outside, "Cedar Recovery Center").is_empty());
    }

    #[test]
    fn each_word_is_named_once_and_a_phrase_is_a_word() {
        assert_eq!(revealing("Drug talk, drug talk", Part::Inside, ""), ["drug"]);
        assert_eq!(revealing("How is it since you left us?", Part::Inside, ""), ["since you left us"]);
        assert_eq!(revealing("The A.A. on Tuesday", Part::Outside, ""), ["a a"]);
        assert_eq!(revealing("42 CFR part 2", Part::Inside, ""), ["42 cfr"]);
    }

    fn found(text: &str) -> Vec<String> {
        revealing(text, Part::Inside, "Cedar Recovery Center")
    }

    #[test]
    fn drugs_medicines_and_levels_of_care_are_known_in_both_languages_and_in_their_forms() {
        for (text, words) in [
            ("There is a bed in residential for you.", &["residential"][..]),
            ("Withdrawal care starts on Monday.", &["withdrawal"]),
            ("Bring your Suboxone, please.", &["suboxone"]),
            ("It was fentanyl, vodka and cocaine.", &["fentanyl", "vodka", "cocaine"]),
            ("He relapsed; they think of detoxing him.", &["relapsed", "detoxing"]),
            ("She is addicted to oxycodone.", &["addicted", "oxycodone"]),
            ("We have an outpatient place, or IOP.", &["outpatient", "iop"]),
            ("Your recovery meeting is at six.", &["recovery meeting"]),
            ("He stopped drinking on Monday.", &["stopped drinking"]),
            ("The clinics call it naltrexone.", &["clinics", "naltrexone"]),
            ("Su tratamiento de adicción al alcoholismo.", &["tratamiento", "adiccion", "alcoholismo"]),
            ("Una clínica de rehabilitación con metadona.", &["clinica", "rehabilitacion", "metadona"]),
            ("Dejó las drogas y la cocaína.", &["drogas", "cocaina"]),
            ("Los pacientes en recuperación.", &["pacientes", "en recuperacion"]),
            ("Volvió a beber cerveza; fue una recaída.", &["cerveza", "recaida", "volvio a beber"]),
            ("Lleva dos años sobria, sin opioides.", &["sobria", "opioides"]),
        ] {
            assert_eq!(found(text), words, "{text}");
        }
    }

    #[test]
    fn plain_speech_in_both_languages_raises_no_alarm() {
        for text in [
            "I will be at the drugstore next to the bank until five.",
            "The heroine of the book weeds her garden at the crack of dawn.",
            "Drink some water, it is hot; would Tuesday at 2 work?",
            "Nana, Naomi and Ron came by; Percy withdrew forty dollars.",
            "Have patience with the bus. It treats everyone alike.",
            "We can plan a meeting with your sister in the coffee shop.",
            "The pot is on the stove and the joint of the door is loose.",
            "I am glad you wrote. I will call after work, from the street by the river.",
            "Su hermana vino ayer y dejó el paraguas en la puerta.",
            "¿Le va bien el martes a las dos? Tome agua, hace calor.",
            "La droguería de la esquina cierra a las cinco.",
            "Me recuperé del resfriado y recibí su carta con atención.",
            "Tenga paciencia con el autobús; Cristal llega con el pan.",
            "Queremos alegrarle el día. Llámeme cuando pueda.",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn every_word_of_the_reference_is_blocked_in_a_subject() {
        let listed = "recovery sober rehab treatment addiction alcohol drug detox relapse alumni counselor clinic patient \
                      meeting AA NA therapy";
        for word in listed.split_whitespace() {
            assert_eq!(revealing(word, Part::Outside, ""), [fold(word)], "{word}");
        }
        assert!(!revealing("Harbor House", Part::Outside, "Harbor House").is_empty());
    }

    #[test]
    fn the_writer_sees_which_word_in_which_sentence() {
        let text = "Hi Rita,\n\nhe came in. Bring his Suboxone, please! ¿Y la metadona?\nThank you.";
        let told = revealing_sentences(text, Part::Inside, "");
        let told: Vec<(&str, &str)> = told.iter().map(|t| (t.word.as_str(), t.sentence.as_str())).collect();
        assert_eq!(told, [("Suboxone", "Bring his Suboxone, please!"), ("metadona", "¿Y la metadona?")]);
        assert!(revealing_sentences("Would Tuesday work? Call me.", Part::Inside, "").is_empty());
        let split = revealing_sentences("See you at A.\nA. it is", Part::Inside, "");
        assert_eq!((split.len(), split[0].sentence.as_str()), (1, ""));
    }

    #[test]
    fn the_letters_of_the_house_may_leave() {
        let body = "Hi Jordan, it's Sam. How is your week going? If you'd like to answer a few short questions, use this \
                    private link. If you ever need urgent help, call or text 988, or 911 in an emergency.";
        assert!(revealing(body, Part::Inside, "Cedar Recovery Center").is_empty());
        for subject in [
            "Checking in",
            "Hello from Sam",
            "A quick question",
            "Our call on Tuesday",
            "Your note is ready",
            "Thinking of you today",
            "Is this the right address?",
            "We got your note",
            "Sorry we missed you",
            "The door is open",
            "A good day to say hello",
            "Still okay to write?",
            "Done",
        ] {
            assert!(revealing(subject, Part::Outside, "Cedar Recovery Center").is_empty(), "{subject}");
        }
        assert!(
            revealing(super::super::notice::ELECTRONIC_RISK, Part::Inside, "Cedar Recovery Center")
                .is_empty()
        );
    }
}
