//! Names as people give them, write them and are called.

use proptest::prelude::*;

use super::*;

fn like(a: &str, b: &str) -> Option<String> {
    alike(a, b).map(|reason| reason.words())
}

#[test]
fn short_names_are_names() {
    assert_eq!(like("Danny Ortiz", "Daniel Ortiz").unwrap(), "Similar name: Danny and Daniel");
    assert_eq!(like("Pepe García", "Jose Luis Garcia").unwrap(), "Similar name: Pepe and Jose");
    assert_eq!(like("Bill", "William").unwrap(), "Similar name: Bill and William");
    for (a, b) in
        [("Chuy Ramos", "Jesús Ramos"), ("Toño Cruz", "Antonio Cruz"), ("Peggy Hale", "Margaret Hale")]
    {
        assert!(alike(a, b).is_some(), "{a} {b}");
    }
}

#[test]
fn accents_order_and_slips_of_the_pen_make_no_other_person() {
    assert_eq!(alike("Zoë Núñez", "zoe nunez"), Some(Reason::SameName));
    for (a, b) in [
        ("Teofilo Barrientos", "Teofilo Barreintos"),
        ("Marcus Thompson", "Marcus Tompson"),
        ("Jhon Smith", "John Smith"),
        ("Sara Lind", "Sarah Lind"),
        ("Ortiz, Daniel", "Daniel Ortiz"),
        ("Marcus T.", "Marcus Thompson"),
        ("Rosalind Achterberg-van der Meulen", "Rosalind Achterberg"),
    ] {
        assert!(alike(a, b).is_some(), "{a} {b}");
    }
}

#[test]
fn others_stay_others() {
    for (a, b) in [
        ("Erin Smith", "Eric Smith"),
        ("Daniel Ortiz", "Daniel Okafor"),
        ("Daniel", "Daniel Ortiz"),
        ("M. T.", "Marcus Thompson"),
        ("Jhon Smiht", "John Smith"),
        ("Jhon S.", "John Smith"),
        ("", ""),
        ("", "Jo"),
        ("Jo", "Al"),
    ] {
        assert_eq!(like(a, b), None, "{a} {b}");
    }
}

#[test]
fn a_number_is_the_same_with_and_without_its_one() {
    assert_eq!(phone_forms("+1 (212) 555-0142"), ["2125550142", "12125550142"]);
    assert_eq!(phone_forms("212 555 0142"), ["12125550142", "2125550142"]);
    assert_eq!(phone_forms("+44 20 7946 0018"), ["442079460018"]);
    assert!(phone_forms("0142").is_empty());
}

#[test]
fn only_years_that_are_both_known_speak_against_it() {
    let day = |text: &str| Some(text.parse().unwrap());
    assert!(born_apart(day("1984-03-27"), day("1985-03-27")));
    assert!(!born_apart(day("1984-03-27"), day("1984-07-23")));
    assert!(!born_apart(None, day("1984-03-27")));
}

/// Whether a name is among what is looked for, word by word, as both databases decide it.
fn fits(pattern: &Pattern, name: &str) -> bool {
    let folded = fold(name);
    let has = |word: &Word| match word {
        Word::Whole(text) => words(&folded).contains(&text.as_str()),
        Word::Begins(text) => words(&folded).iter().any(|w| w.starts_with(text.as_str())),
    };
    pattern.iter().any(|parts| parts.iter().all(|part| part.iter().any(has)))
}

#[test]
fn who_is_alike_is_also_looked_for() {
    for (a, b) in [
        ("Danny Ortiz", "Daniel Ortiz"),
        ("Pepe García", "Jose Luis Garcia"),
        ("Jhon Smith", "John Smith"),
        ("Adniel Smith", "Daniel Smith"),
        ("Kathryn Veltri", "Cathryn Veltri"),
        ("Marcus T.", "Marcus Thompson"),
        ("Marcus Thompson", "Marcus T."),
        ("Ana Barrientos", "Anita Varrientos"),
        ("Xavier Peña", "Javier Pena"),
    ] {
        assert!(alike(a, b).is_some(), "{a} {b}");
        assert!(fits(&sought(a).unwrap(), b), "{a} does not find {b}");
        assert!(fits(&sought(b).unwrap(), a), "{b} does not find {a}");
    }
    assert_eq!(sought("Danny"), None);
}

proptest! {
    #[test]
    fn likeness_goes_both_ways(a in "[A-Za-zé]{1,9}( [A-Za-zñ]{1,9}){0,2}", b in "[A-Za-zé]{1,9}( [A-Za-zñ]{1,9}){0,2}") {
        prop_assert_eq!(alike(&a, &b).is_some(), alike(&b, &a).is_some());
        prop_assert_eq!(alike(&a, &a), Some(Reason::SameName));
    }

    #[test]
    fn nothing_that_is_typed_breaks_it(a in "\\PC{0,40}", b in "\\PC{0,40}") {
        let _ = (alike(&a, &b), sought(&a), phone_forms(&b));
    }

    #[test]
    fn two_letters_in_each_others_place_are_found(name in "[b-y]{6,9}", at in 0_usize..5) {
        let mut letters: Vec<char> = name.chars().collect();
        letters.swap(at, at + 1);
        let other: String = letters.into_iter().collect();
        let (ours, theirs) = (format!("Ruth {name}"), format!("Ruth {other}"));
        prop_assert!(alike(&ours, &theirs).is_some());
        prop_assert!(fits(&sought(&ours).unwrap(), &theirs));
    }
}
