//! The tags of a center: one short list of words for requests and people alike, so that the same thing has one name.

use foundation::Faults;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

foundation::id! {
    /// A tag of the center's.
    TagId
}

/// Characters of a tag.
const LONGEST: usize = 30;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub id: TagId,
    pub words: String,
    /// Not offered any more. Whatever has it keeps it.
    pub ended: bool,
}

/// The list of a center, in the order it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags(pub Vec<Tag>);

/// The tags something has, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Tagged(pub Vec<TagId>);

impl Tags {
    /// The words of a new tag.
    ///
    /// # Errors
    /// No words, too many, or words another tag has, at `words`.
    pub fn parse(&self, words: &str) -> Result<String, Faults> {
        let mut faults = Faults::default();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let folded = foundation::search::fold(&words);
        if words.is_empty() || words.chars().count() > LONGEST {
            faults.add("words", format!("Enter the tag in up to {LONGEST} characters"));
        } else if self.0.iter().any(|tag| foundation::search::fold(&tag.words) == folded) {
            faults.add("words", "There is such a tag already");
        }
        faults.or(|| words)
    }

    /// What can be chosen: the key and the words.
    pub fn offered(&self) -> Vec<(TagId, String)> {
        self.0.iter().filter(|tag| !tag.ended).map(|tag| (tag.id, tag.words.clone())).collect()
    }

    /// The words of a tag, also of one that is not offered any more.
    pub fn words(&self, id: TagId) -> Option<&str> {
        self.0.iter().find(|tag| tag.id == id).map(|tag| tag.words.as_str())
    }

    /// Those something has, with their words, in the order of the list.
    pub fn of(&self, tagged: &Tagged) -> Vec<(TagId, String)> {
        let has = self.0.iter().filter(|tag| tagged.0.contains(&tag.id));
        has.map(|tag| (tag.id, tag.words.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_has_one_name() {
        let id = TagId(sea_orm::prelude::Uuid::nil());
        let tags = Tags(vec![Tag { id, words: "Café meeting".into(), ended: true }]);
        for again in ["café meeting", "  CAFE   meeting "] {
            assert_eq!(tags.parse(again).unwrap_err().of("words"), Some("There is such a tag already"));
        }
        for none in ["", "   ", &"x".repeat(31)] {
            assert!(tags.parse(none).is_err(), "{none:?}");
        }
        assert_eq!(tags.parse("  Veteran ").unwrap(), "Veteran");
        assert!(tags.offered().is_empty(), "what ended is not offered");
        assert_eq!(tags.of(&Tagged(vec![id])), [(id, "Café meeting".to_owned())], "and keeps its words");
    }
}
