//! Where a request stands, computed from its facts, and how the whole inbox stands, in one sentence.

use foundation::Instant;

use super::words::Urgency;

/// The groups of the inbox, in the order they are worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Safety,
    FirstCall,
    Promised,
    Waiting,
    Closed,
}

impl Group {
    /// The heading.
    pub fn words(self) -> &'static str {
        match self {
            Self::Safety => "Safety first",
            Self::FirstCall => "Waiting for a first call",
            Self::Promised => "Promised",
            Self::Waiting => "Talked, next step open",
            Self::Closed => "Closed",
        }
    }
}

/// The facts that decide.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub urgency: Urgency,
    pub reached: bool,
    pub attempts: i32,
    pub next_step_at: Option<Instant>,
    pub closed: bool,
}

/// The group of a request. Safety comes before everything that is open.
pub fn group(facts: &Facts) -> Group {
    match facts {
        f if f.closed => Group::Closed,
        f if f.urgency == Urgency::Emergency && !f.reached => Group::Safety,
        f if f.next_step_at.is_some() => Group::Promised,
        f if f.reached || f.attempts > 0 => Group::Waiting,
        _ => Group::FirstCall,
    }
}

/// How long, in the words of a clock: "29 minutes", "3 hours", "2 days".
pub fn long(from: Instant, to: Instant) -> String {
    let minutes = (to - from).num_minutes().max(0);
    let count = |n: i64, word: &str| if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") };
    match minutes {
        m if m < 60 => count(m, "minute"),
        m if m < 48 * 60 => count(m / 60, "hour"),
        m => count(m / (24 * 60), "day"),
    }
}

/// How the inbox stands, for the sentence under its title.
#[derive(Clone, Debug, Default)]
pub struct Stand {
    pub safety: usize,
    pub first_call: usize,
    pub promised: usize,
    /// Who waits longest for a first call, and since when.
    pub longest: Option<(String, Instant)>,
}

/// The sentence: a bold part and the rest.
pub fn sentence(stand: &Stand, now: Instant) -> (String, String) {
    let people = |n: usize| match n {
        1 => "One person waits".to_owned(),
        n => format!("{} people wait", number(n)),
    };
    let mut bold = Vec::new();
    match stand.safety {
        0 => {}
        1 => bold.push("One person may be in danger.".to_owned()),
        n => bold.push(format!("{} people may be in danger.", number(n))),
    }
    let mut rest = Vec::new();
    match (stand.first_call, &stand.longest) {
        (0, _) => bold.push("No one is waiting for a first call.".into()),
        (1, Some((name, since))) => {
            bold.push("One person waits for a first call:".into());
            rest.push(format!("{name}, for {}.", long(*since, now)));
        }
        (n, Some((name, since))) => {
            bold.push(format!("{} for a first call;", people(n)));
            rest.push(format!("the longest, {name}, for {}.", long(*since, now)));
        }
        (n, None) => bold.push(format!("{} for a first call.", people(n))),
    }
    match stand.promised {
        0 => {}
        1 => rest.push("One next step is promised.".into()),
        n => rest.push(format!("{} next steps are promised.", number(n))),
    }
    (bold.join(" "), rest.join(" "))
}

/// Small numbers as words, as one would say them.
pub(crate) fn number(n: usize) -> String {
    const WORDS: [&str; 10] = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
    WORDS.get(n).map_or_else(|| n.to_string(), |w| (*w).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2026-03-02T16:29:00Z".parse().unwrap()
    }

    #[test]
    fn five_people_wait_and_the_longest_is_teofilo() {
        let since = now() - chrono::TimeDelta::minutes(29);
        let stand = Stand { safety: 1, first_call: 5, promised: 4, longest: Some(("Teofilo".into(), since)) };
        let (bold, rest) = sentence(&stand, now());
        assert_eq!(bold, "One person may be in danger. Five people wait for a first call;");
        assert_eq!(rest, "the longest, Teofilo, for 29 minutes. Four next steps are promised.");
    }

    #[test]
    fn an_empty_inbox_says_so() {
        let (bold, rest) = sentence(&Stand::default(), now());
        assert_eq!((bold.as_str(), rest.as_str()), ("No one is waiting for a first call.", ""));
    }

    #[test]
    fn a_person_in_danger_is_first_until_reached_and_never_lost_among_promises() {
        let facts = Facts {
            urgency: Urgency::Emergency,
            reached: false,
            attempts: 2,
            next_step_at: Some(now()),
            closed: false,
        };
        assert_eq!(group(&facts), Group::Safety);
        assert_eq!(group(&Facts { reached: true, ..facts }), Group::Promised);
        assert_eq!(group(&Facts { closed: true, ..facts }), Group::Closed);
        assert_eq!(
            group(&Facts { urgency: Urgency::Routine, attempts: 0, next_step_at: None, ..facts }),
            Group::FirstCall
        );
    }

    #[test]
    fn waiting_is_told_in_the_words_of_a_clock() {
        let ago = |minutes| long(now() - chrono::TimeDelta::minutes(minutes), now());
        assert_eq!(
            [ago(1), ago(59), ago(60), ago(2879), ago(2880)],
            ["1 minute", "59 minutes", "1 hour", "47 hours", "2 days"]
        );
    }
}
