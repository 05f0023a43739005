//! Who may be the same person (domain reference 2.14): the same number, the same address, or a name alike. Only ever a
//! question to a colleague: nothing is merged by it.

mod nicknames;

use chrono::Datelike;
use foundation::Day;
use foundation::search::{Pattern, Word, digits, fold};

/// Why two people may be one, weightiest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The record says so already.
    SamePerson,
    Phone,
    Email,
    SameName,
    /// Names alike, each with the words in which they differ.
    SimilarName {
        ours: String,
        theirs: String,
    },
}

impl Reason {
    /// The reason as a colleague reads it.
    pub fn words(&self) -> String {
        match self {
            Self::SamePerson => "The same person by our records".into(),
            Self::Phone => "Same phone number".into(),
            Self::Email => "Same e-mail address".into(),
            Self::SameName => "Same name".into(),
            Self::SimilarName { ours, theirs } => format!("Similar name: {ours} and {theirs}"),
        }
    }
}

/// Whether two birth dates speak against each other: both known, and of different years. A day or month is heard wrong
/// more easily than a year.
pub fn born_apart(a: Option<Day>, b: Option<Day>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a.year() != b.year())
}

/// All digits by which a phone number may have been written down: with and without the 1 of the North American plan.
pub fn phone_forms(typed: &str) -> Vec<String> {
    let all = digits(typed);
    match (all.len(), all.strip_prefix('1')) {
        (11, Some(rest)) => vec![rest.to_owned(), all],
        (10, _) => vec![format!("1{all}"), all],
        (0..7, _) => Vec::new(),
        _ => vec![all],
    }
}

/// How a word of a name is like a word of another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kinship {
    Same,
    Nickname,
    Misspelled,
    /// One gave the first letter only.
    Initial,
}

const ALL: [Kinship; 4] = [Kinship::Same, Kinship::Nickname, Kinship::Misspelled, Kinship::Initial];

fn kinship(a: &str, b: &str) -> Option<Kinship> {
    let first_letter = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    if a == b {
        Some(Kinship::Same)
    } else if nicknames::are_one(a, b) {
        Some(Kinship::Nickname)
    } else if first_letter(a, b) || first_letter(b, a) {
        Some(Kinship::Initial)
    } else {
        misspelled(a, b).then_some(Kinship::Misspelled)
    }
}

/// One letter more, less, other, or two in each other's place; two such slips in a long word. Of a short word another
/// letter makes another name: Eric is not Erin.
fn misspelled(ours: &str, theirs: &str) -> bool {
    let letters = |word: &str| word.chars().collect::<Vec<char>>();
    let (ours, theirs) = (letters(ours), letters(theirs));
    let (short, long) = (ours.len().min(theirs.len()), ours.len().max(theirs.len()));
    if short < 4 || long - short > 2 {
        return false;
    }
    let sorted = |mut word: Vec<char>| {
        word.sort_unstable();
        word
    };
    match slips(&ours, &theirs) {
        0 => true,
        // Of the same letters: two are in each other's place.
        1 => short > 4 || short != long || sorted(ours) == sorted(theirs),
        2 => short >= 8,
        _ => false,
    }
}

/// Letters to put in, take out, change or swap with their neighbor, so that one word becomes the other.
fn slips(a: &[char], b: &[char]) -> usize {
    let at = |row: &[usize], n: usize| row.get(n).copied().unwrap_or(usize::MAX / 2);
    let earlier = |of: &[char], n: usize| n.checked_sub(1).and_then(|n| of.get(n).copied());
    let mut above_it: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = at(&above, j) + usize::from(x != y);
            let mut fewest = changed.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let crossed = earlier(a, i) == Some(*y) && earlier(b, j) == Some(*x);
            if let Some(j) = j.checked_sub(1).filter(|_| crossed) {
                fewest = fewest.min(at(&above_it, j) + 1);
            }
            row.push(fewest);
        }
        above_it = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

/// Whether two names may be of one person: every word of the shorter one is like a word of the longer, one of them at least
/// the same or said for it, and at most one misspelled. Someone who gave one word is like others who gave one.
pub fn alike(ours: &str, theirs: &str) -> Option<Reason> {
    let (ours_folded, theirs_folded) = (fold(ours), fold(theirs));
    let (a, b) = (words(&ours_folded), words(&theirs_folded));
    if a.is_empty() || b.is_empty() || (a.len() == 1) != (b.len() == 1) {
        return None;
    }
    if ours_folded == theirs_folded {
        return Some(Reason::SameName);
    }
    // Of two names with as many words the order is settled too, so that likeness goes both ways.
    let pairs = if (a.len(), &a) <= (b.len(), &b) {
        paired(&a, &b)?
    } else {
        paired(&b, &a)?.into_iter().map(|(y, x, kin)| (x, y, kin)).collect()
    };
    let count = |kin: Kinship| pairs.iter().filter(|(_, _, k)| *k == kin).count();
    if count(Kinship::Misspelled) > 1 || count(Kinship::Initial) == pairs.len() {
        return None;
    }
    let differing: Vec<_> = pairs.iter().filter(|(_, _, kin)| *kin != Kinship::Same).collect();
    if differing.is_empty() {
        // The same words in another order, or one more of them.
        return Some(Reason::SimilarName { ours: ours.to_owned(), theirs: theirs.to_owned() });
    }
    let said = |name: &str, folded: Vec<&str>| {
        let as_written =
            |word: &&str| name.split_whitespace().find(|w| fold(w) == **word).unwrap_or(word).to_owned();
        folded.iter().map(as_written).collect::<Vec<_>>().join(" ")
    };
    Some(Reason::SimilarName {
        ours: said(ours, differing.iter().map(|(x, _, _)| *x).collect()),
        theirs: said(theirs, differing.iter().map(|(_, y, _)| *y).collect()),
    })
}

fn words(folded: &str) -> Vec<&str> {
    folded.split(' ').filter(|w| !w.is_empty()).collect()
}

/// Each word of the shorter name with one of the longer, the closest kin first; `None` when one stays alone.
fn paired<'a>(short: &[&'a str], long: &[&'a str]) -> Option<Vec<(&'a str, &'a str, Kinship)>> {
    let (mut alone, mut free) = (short.to_vec(), long.to_vec());
    let mut pairs = Vec::new();
    for wanted in ALL {
        alone.retain(|x| {
            let Some(at) = free.iter().position(|y| kinship(x, y) == Some(wanted)) else { return true };
            pairs.push((*x, free.swap_remove(at), wanted));
            false
        });
        // Names without a word in common are done with here, and most are of that kind.
        if wanted == Kinship::Nickname && alone.len() > 1 && pairs.is_empty() {
            return None;
        }
    }
    alone.is_empty().then_some(pairs)
}

/// Words of a name that are looked for; of longer ones the first are enough.
const MOST_WORDS: usize = 4;

/// What people with a name like this are found by, for the index of names: two of its words, of which one may be written
/// wrong from the start. `None` for a name of one word: so many are called like that, that the index is no help.
pub fn sought(name: &str) -> Option<Pattern> {
    let folded = fold(name);
    let words: Vec<&str> = words(&folded).into_iter().take(MOST_WORDS).collect();
    let mut pattern = Pattern::new();
    for (n, first) in words.iter().enumerate() {
        for second in words.iter().skip(n + 1) {
            pattern.push(vec![exactly(first), loosely(second)]);
            pattern.push(vec![loosely(first), exactly(second)]);
        }
    }
    (!pattern.is_empty()).then_some(pattern)
}

/// The word and what else people say for it.
fn exactly(word: &str) -> Vec<Word> {
    let also = nicknames::others(word).map(|name| Word::Whole(name.to_owned()));
    std::iter::once(Word::Whole(word.to_owned())).chain(also).collect()
}

/// Whatever begins with the same letter, with the first two letters swapped, or as one hears it.
fn loosely(word: &str) -> Vec<Word> {
    const HEARD: [(char, char); 10] = [
        ('c', 'k'),
        ('s', 'z'),
        ('s', 'c'),
        ('j', 'h'),
        ('j', 'g'),
        ('v', 'b'),
        ('y', 'j'),
        ('y', 'i'),
        ('f', 'p'),
        ('x', 'j'),
    ];
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return Vec::new() };
    let heard = HEARD.iter().filter_map(|(a, b)| match first {
        f if f == *a => Some(*b),
        f if f == *b => Some(*a),
        _ => None,
    });
    let Some(second) = letters.next() else { return vec![Word::Begins(first.to_string())] };
    let heard = heard.map(|first| Word::Begins(format!("{first}{second}")));
    let begins = [first.to_string(), format!("{second}{first}")].map(Word::Begins);
    begins.into_iter().chain(heard).chain(exactly(word)).collect()
}

#[cfg(test)]
mod tests;
