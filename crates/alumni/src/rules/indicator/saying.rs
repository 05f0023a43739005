//! The parts and the reading as sentences. Numbers only: who is meant is seen in the list, never in a suggestion.

use super::{Counts, Part, Reading, Standing};

/// To whom it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Staff read about someone.
    Them,
    /// The person reads about themselves.
    You,
}

impl Whom {
    fn them(self) -> &'static str {
        match self {
            Self::Them => "them",
            Self::You => "you",
        }
    }
    fn they(self) -> &'static str {
        match self {
            Self::Them => "They",
            Self::You => "You",
        }
    }
}

impl Part {
    /// The plain sentence of this part.
    pub fn sentence(self, counts: &Counts, whom: Whom) -> String {
        let (them, subject) = (whom.them(), whom.they());
        match (self, counts) {
            (Self::DailyCircle, Counts { supportive: Some(n), .. }) => match n {
                0 => format!("No one who supports {them} is in touch every week."),
                1 => format!("One person who supports {them} is in touch every week."),
                n => format!("{} people who support {them} are in touch every week.", count(*n)),
            },
            (Self::InRecovery, Counts { in_recovery: Some(n), .. }) => match n {
                0 => "No one in recovery is in touch every week yet.".into(),
                1 => "One person in recovery is in touch every week.".into(),
                n => format!("{} people in recovery are in touch every week.", count(*n)),
            },
            (Self::Belonging, Counts { sessions: Some(n), .. }) => match n {
                0 => format!("{subject} were with no group in 30 days."),
                1 => format!("{subject} were with a group once in 30 days."),
                2 => format!("{subject} were with a group twice in 30 days."),
                n => format!("{subject} were with a group {n} times in 30 days."),
            },
            (Self::Reach, Counts { reachable: Some(n), .. }) => match n {
                0 => "No one can be called at any hour yet, with a number written down.".into(),
                1 => "One person can be called at any hour, and the number is written down.".into(),
                n => format!(
                    "{} people can be called at any hour, and their numbers are written down.",
                    count(*n)
                ),
            },
            (Self::Variety, Counts { categories: Some(n), .. }) => match n {
                0 => "None of the seven kinds was active this month.".into(),
                1 => "One of the seven kinds was active this month.".into(),
                n => format!("{} of the seven kinds were active this month.", count(*n)),
            },
            (Self::AroundUse, Counts { around_use: Some(_), around_use_weight: None, .. }) => {
                "Known of too few of the people closest, so it is left out.".into()
            }
            (Self::AroundUse, Counts { around_use: Some((heavy, known)), .. }) => around_use(*heavy, *known),
            (Self::AroundUse, Counts { supportive: Some(_), .. }) => {
                "Nobody in weekly touch of whom it could be said.".into()
            }
            _ => "Not known yet, so it is left out.".into(),
        }
    }

    /// A first step when this is the lowest part (domain reference 4.10). Never to cut anyone off, and never to meet
    /// somebody who is unsafe, uses heavily or encourages use: `invitable` says how many others there are.
    pub fn suggestion(self, invitable: u32) -> &'static str {
        match self {
            Self::DailyCircle if invitable == 0 => {
                "Get to know one new person: choose a meeting or a class together and go along the first time."
            }
            Self::DailyCircle => {
                "Invite one person who supports them, and who does not use around them, to a coffee or a walk this week."
            }
            Self::InRecovery => {
                "With their consent, introduce someone in recovery, in person rather than by a leaflet."
            }
            Self::Belonging => {
                "Choose one meeting or class together; go along the first time, or introduce someone there."
            }
            Self::Reach => "Write down two numbers together: people to call on a hard night, who do not use.",
            Self::Variety => "Ask what they used to enjoy or always wanted to try, and choose one thing.",
            Self::AroundUse => "Plan for people and places: what to do instead comes first.",
        }
    }
}

impl Reading {
    /// "8 of 12, all six parts known", or why there is no number.
    pub fn based_on(&self) -> String {
        match (self.standing, self.sum) {
            (Standing::NotAsked, _) => "Not asked yet.".into(),
            (_, None) => format!("Based on {} of 6 parts: too little to add up.", self.known),
            (_, Some(sum)) if self.known == 6 => format!("{sum} of 12, all six parts known."),
            (_, Some(sum)) => format!("{sum} of 12, based on {} of 6 parts.", self.known),
        }
    }

    /// The band in words, or why it is hidden.
    pub fn heading(&self) -> &'static str {
        match (self.band, self.standing) {
            (Some(band), _) => band.words(),
            (None, Standing::NotAsked) => "Not asked yet",
            (None, Standing::Begun) => "Not gone through yet",
            (None, Standing::OutOfDate) => "Out of date",
            (None, Standing::Current) => "Too little is known",
        }
    }

    /// The suggestion for the lowest part; none while the map is not current.
    pub fn suggestion(&self) -> Option<&'static str> {
        let lowest = self.lowest.filter(|_| self.standing == Standing::Current)?;
        Some(lowest.suggestion(self.counts.invitable))
    }
}

fn around_use(heavy: u32, known: u32) -> String {
    let of = match known {
        1 => "Of the one person in weekly touch of whom it is known".to_owned(),
        n => format!("Of the {} people in weekly touch of whom it is known", count(n).to_lowercase()),
    };
    match heavy {
        0 => format!("{of}, no one uses heavily or encourages use."),
        1 => format!("{of}, one uses heavily or encourages use."),
        n => format!("{of}, {} use heavily or encourage use.", count(n).to_lowercase()),
    }
}

/// Small numbers as words, at the start of a sentence.
fn count(n: u32) -> String {
    const WORDS: [&str; 10] = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    let word = usize::try_from(n).ok().and_then(|n| WORDS.get(n));
    word.map_or_else(|| n.to_string(), |word| (*word).to_owned())
}
