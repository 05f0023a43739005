//! Whom to reach today: what is known of every alum a viewer may see. A few statements, however many they are; the
//! rules put them in order and say why.

mod standing;

use foundation::{Actor, Day, Error};
use sea_orm::ConnectionTrait;

use crate::rules::worklist::{self, Group};

pub use standing::{MapToday, Standing, standings};

/// One line of the list, with why it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub standing: Standing,
    /// Sentences, the weightiest first; never empty.
    pub reasons: Vec<String>,
}

/// The list of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worklist {
    /// The sentence on top.
    pub sentence: String,
    /// Groups that hold anyone, in the order they are worked; within a group who comes first stands first.
    pub groups: Vec<(Group, Vec<Line>)>,
    /// Who is in care again, so that nothing of theirs falls due; by name.
    pub in_care: Vec<Standing>,
    /// Everyone in aftercare, or with something open, whom the viewer may see, on the list or not.
    pub all: usize,
}

/// The list of `viewer` for `today`.
pub async fn worklist(reader: &impl ConnectionTrait, viewer: &Actor, today: Day) -> Result<Worklist, Error> {
    let standings = standings(reader, viewer, today).await?;
    let all = standings.len();
    let mut in_care: Vec<Standing> =
        standings.iter().filter(|s| s.in_care_since.is_some() && !s.ended).cloned().collect();
    in_care.sort_by(|a, b| (&a.name_used, a.person).cmp(&(&b.name_used, b.person)));
    let placed = standings.into_iter().filter_map(|s| Some((worklist::place(&s.facts(), today)?, s)));
    // By name first, so that lines that weigh the same keep their places from one look to the next.
    let mut placed: Vec<_> = placed.collect();
    placed.sort_by(|(_, a), (_, b)| (&a.name_used, a.person).cmp(&(&b.name_used, b.person)));
    let listed = placed.len();
    let mut groups: Vec<(Group, Vec<Line>)> = Vec::new();
    for (place, standing) in worklist::ordered(placed) {
        let line = Line { standing, reasons: place.reasons };
        match groups.last_mut() {
            Some((group, lines)) if *group == place.group => lines.push(line),
            _ => groups.push((place.group, vec![line])),
        }
    }
    Ok(Worklist { sentence: worklist::sentence(listed, all), groups, in_care, all })
}
