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

/// How many letters must be put in, taken out or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, up) in b.iter().zip(row.iter().skip(1)) {
            let changed = before + usize::from(x != *y);
            left = changed.min(left + 1).min(up + 1);
            before = *up;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
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
        assert_eq!(distance("", "abc"), 3);
    }
}
