//! Names that are nearly right: the nearest of those there are, for whoever mistyped one.

/// The one of `known` that is nearest to what was typed, when it is near at all.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = |name: &str| 1 + typed.chars().count().max(name.chars().count()) / 2;
    known
        .into_iter()
        .map(|name| (distance(typed, name), name))
        .filter(|(apart, name)| *apart <= near(name))
        .min_by_key(|(apart, _)| *apart)
        .map(|(_, name)| name)
}

/// How many letters must be put in, taken out, changed or swapped with the next one (Damerau, each place at most once).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or_default();
    let (mut above_that, mut above): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=b.len()).collect());
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least =
                (at(&above, j) + usize::from(x != y)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&above_that, j - 1) + 1);
            }
            row.push(least);
        }
        above_that = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_right_finds_the_one_that_was_meant() {
        assert_eq!(nearest("nmae", ["name", "phone", "office"]), Some("name"));
        assert_eq!(nearest("telephone", ["name", "phone", "office"]), Some("phone"));
        assert_eq!(nearest("ann", ["ana", "ben"]), Some("ana"));
        assert_eq!(nearest("xyzzy", ["name", "phone"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!((distance("", "abc"), distance("bne", "ben"), distance("bne", "ana")), (3, 1, 2));
    }
}
