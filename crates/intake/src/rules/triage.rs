//! Safety triage on the phone (domain reference 2.4): what was answered, how fast someone must act, why, and what to say
//! and do. It never diagnoses, and a colleague who sees it otherwise gives a reason.

use foundation::Instant;

use super::words::Urgency;

foundation::words! {
    /// Four answers that are not the same, and the one that is not given yet.
    pub enum Answer {
        Yes = "yes", "Yes",
        No = "no", "No",
        Unknown = "unknown", "Not known",
        Declined = "declined", "Declined",
        NotAsked = "not_asked", "Not asked",
    }
}

foundation::words! {
    /// The safety questions, in the order they are asked. Any positive answer stops the script.
    pub enum Question {
        Unresponsive = "unresponsive", "Hard to wake, not breathing well, a seizure or chest pain now",
        Violence = "violence", "A threat with a weapon, or an attempt on their own life happening now",
        Taken = "taken", "Took pills, poison or a large amount in the last 6 hours, cannot stay awake, or hit their head while intoxicated",
        Withdrawal = "withdrawal", "Alcohol or sedatives every day, and the last within 3 days (10 for long-acting sedatives)",
        Signs = "signs", "With it: a past seizure, confusion, seeing or hearing things, fever, heavy shaking, vomiting over 12 hours, a racing pulse, 65 or older, serious illness",
        EndingLife = "ending_life", "Thoughts of ending their life",
        Means = "means", "A plan for it, or the means at hand, now",
        Harm = "harm", "Someone may hurt them, or a child is at risk now",
        Overdose = "overdose", "An overdose in the last 24 hours, even if awake now",
        NoNaloxone = "no_naloxone", "Uses opioids or stimulants, and has no naloxone at hand",
        Tolerance = "tolerance", "Left a jail, a detox or a hospital in the last 14 days",
        Pregnant = "pregnant", "Pregnant, and using opioids, alcohol or sedatives",
        Beside = "beside", "Sees or believes what is not there, cannot be calmed, or is overheated on stimulants",
    }
}

impl Question {
    /// How fast a yes alone makes it. The stricter of two the reference allows: whoever sees it otherwise says why.
    const fn if_yes(self) -> Urgency {
        match self {
            Self::Unresponsive | Self::Violence | Self::Taken | Self::Means | Self::Harm | Self::Beside => {
                Urgency::Emergency
            }
            Self::EndingLife | Self::Overdose => Urgency::Urgent,
            Self::Withdrawal | Self::NoNaloxone | Self::Tolerance | Self::Pregnant => Urgency::SameDay,
            // Signs mean something together with the withdrawal they belong to.
            Self::Signs => Urgency::Routine,
        }
    }

    /// What to say to the caller for a yes.
    const fn tell(self) -> &'static str {
        match self {
            Self::Unresponsive => {
                "If they are hard to wake and opioids are possible: naloxone now, breathe for them, turn them on their side, stay."
            }
            Self::Violence => "Get to a safe place first, if you can.",
            Self::Taken => {
                "Poison Control, 1-800-222-1222, can listen in. Nothing to eat or drink, and no vomiting on purpose."
            }
            Self::Withdrawal => "Do not stop suddenly, do not be alone, do not drive.",
            Self::Signs => "This can turn dangerous within hours. It needs an emergency department now.",
            Self::EndingLife => "I am glad you told me. Let us call 988 together now.",
            Self::Means => {
                "Stay with me. Is someone with you? Please put the means out of reach while we talk."
            }
            Self::Harm => {
                "The Domestic Violence Hotline, 1-800-799-7233, is there day and night. A child at risk: the local procedure, now."
            }
            Self::Overdose => {
                "Naloxone wears off after 30 to 90 minutes. They need an emergency department, even if they feel well."
            }
            Self::NoNaloxone => "Naloxone is sold without a prescription. Please have it in the house today.",
            Self::Tolerance => {
                "After a break the old amount can kill. Please do not use alone, and keep naloxone near."
            }
            Self::Pregnant => "See a doctor today. Please do not stop suddenly.",
            Self::Beside => "Keep it quiet and cool, and keep others at a distance.",
        }
    }
}

/// A substance as far as triage needs it: from the grid of the call sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    pub kind: Substance,
    /// Days of the last thirty.
    pub days: Option<u8>,
    pub last: Option<Instant>,
}

foundation::words! {
    /// Kinds of substances, by what stopping or an overdose can do (domain reference 2.5).
    pub enum Substance {
        Alcohol = "alcohol", "Alcohol",
        Opioids = "opioids", "Opioids (heroin, fentanyl, pain pills)",
        Benzodiazepines = "benzodiazepines", "Benzodiazepines, sleeping pills, barbiturates",
        Ghb = "ghb", "GHB, baclofen, phenibut",
        Stimulants = "stimulants", "Cocaine, meth, other stimulants",
        Cannabis = "cannabis", "Cannabis",
        Nicotine = "nicotine", "Tobacco, vapes",
        Kratom = "kratom", "Kratom, tianeptine, gabapentin",
        Other = "other", "Something else",
    }
}

impl Substance {
    /// When stopping is felt, what is dangerous, what the caller is told: the table of domain reference 2.5.
    pub const fn danger(self) -> Option<(&'static str, &'static str, &'static str)> {
        Some(match self {
            Self::Alcohol => (
                "Begins 6 to 24 hours after the last drink. Seizures mostly at 12 to 48 hours; confusion with fever at 48 to 96.",
                "Seizure, confusion, seeing things, fever, heavy sweating with a fast pulse, severe shaking, repeated vomiting. Earlier seizures, many detoxes or sedatives make it likelier.",
                "Do not stop suddenly alone. It needs medical supervision; 911 for danger signs.",
            ),
            Self::Benzodiazepines => (
                "1 to 2 days for short-acting, 2 to 10 for long-acting ones; lasts weeks.",
                "Seizure, confusion, psychosis, thoughts of suicide.",
                "Never stop abruptly. The prescriber leads the way down.",
            ),
            Self::Ghb => ("Within hours, and fast.", "Confusion, seizure.", "Emergency department."),
            Self::Opioids => (
                "6 to 12 hours, 24 to 72 for methadone; worst on day 2 or 3.",
                "Overdose: hard to wake, slow or gurgling breath, pinpoint pupils, blue or grey lips. Stopping: dehydration, loss of a pregnancy, thoughts of suicide; afterwards the old amount can kill.",
                "Overdose: 911, naloxone, rescue breaths, on their side, stay. Medication can start fast. Keep naloxone; do not use alone.",
            ),
            Self::Stimulants => (
                "A crash of 1 to 3 days.",
                "Chest pain, overheating, signs of a stroke, paranoia; in the crash thoughts of suicide.",
                "Cool them, 911, and ask about suicide.",
            ),
            Self::Kratom => ("Like opioids or sedatives.", "As there.", "Medical review."),
            Self::Cannabis => (
                "Days.",
                "Rarely dangerous; repeated vomiting.",
                "Drink enough; see a doctor if vomiting goes on.",
            ),
            Self::Nicotine | Self::Other => return None,
        })
    }

    /// Whether stopping after daily use can be dangerous.
    const fn is_dangerous_to_stop(self) -> bool {
        matches!(self, Self::Alcohol | Self::Benzodiazepines | Self::Ghb)
    }

    /// How many days back the last use still counts.
    const fn days_back(self) -> i64 {
        if matches!(self, Self::Benzodiazepines) { 10 } else { 3 }
    }
}

/// Daily use in the sense of triage: most days of the last thirty.
const DAILY: u8 = 20;

/// What the answers come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triage {
    pub urgency: Urgency,
    /// Why, in the words of the questions.
    pub because: Vec<String>,
    /// What to say to the caller.
    pub tell: Vec<&'static str>,
    /// What was not asked yet.
    pub open: Vec<Question>,
}

impl Triage {
    /// What staff do now; empty when nothing presses.
    pub fn act(&self) -> &'static str {
        match self.urgency {
            Urgency::Emergency => {
                "Stay on the line. 911, with the place first. Ask a colleague to call while you talk."
            }
            Urgency::Urgent => {
                "Connect them now: 988, a mobile crisis team or the emergency department. Call back within 2 hours that they arrived."
            }
            Urgency::SameDay => {
                "A nurse or clinician calls back within 60 minutes; offer an assessment tomorrow."
            }
            Urgency::Routine | Urgency::NotAsked => "",
        }
    }

    /// Whether the call must not end before somebody has acted.
    pub fn is_pressing(&self) -> bool {
        self.urgency.is_pressing()
    }
}

/// Puts the answers together. What is not known about a matter of life is not a no: it makes it the same day. Routine
/// only when every question was asked.
pub fn triage(answer: impl Fn(Question) -> Answer, uses: &[Use], now: Instant) -> Triage {
    let mut found =
        Triage { urgency: Urgency::Routine, because: Vec::new(), tell: Vec::new(), open: Vec::new() };
    let daily = uses.iter().find(|u| is_in_withdrawal_window(u, now));
    let withdrawal = match answer(Question::Withdrawal) {
        _ if daily.is_some() => Answer::Yes,
        said => said,
    };
    for &question in Question::ALL {
        let urgency = match answer(question) {
            Answer::Yes if question == Question::Signs => match withdrawal {
                Answer::Yes => Urgency::Emergency,
                Answer::No => Urgency::Routine,
                // Confusion or fever, and nobody knows what they stopped: an emergency department finds out.
                Answer::Unknown | Answer::Declined | Answer::NotAsked => Urgency::Urgent,
            },
            Answer::Yes if question == Question::Pregnant && withdrawal == Answer::Yes => Urgency::Urgent,
            Answer::Yes => question.if_yes(),
            Answer::Unknown | Answer::Declined if question.if_yes().rank() <= Urgency::Urgent.rank() => {
                Urgency::SameDay
            }
            Answer::NotAsked => {
                found.open.push(question);
                continue;
            }
            _ => continue,
        };
        if urgency == Urgency::Routine {
            continue;
        }
        found.urgency = sooner(found.urgency, urgency);
        if answer(question) == Answer::Yes {
            found.because.push(question.words().to_owned());
            found.tell.push(question.tell());
        } else {
            found.because.push(format!("Not known: {}", lower(question.words())));
        }
    }
    if let Some(one) = daily.filter(|_| answer(Question::Withdrawal) != Answer::Yes) {
        found.urgency = sooner(found.urgency, Urgency::SameDay);
        found.because.push(format!("{} most days, and lately", one.kind.words()));
        found.tell.push(Question::Withdrawal.tell());
    }
    if found.urgency == Urgency::Routine && !found.open.is_empty() {
        found.urgency = Urgency::NotAsked;
    }
    found
}

fn is_in_withdrawal_window(one: &Use, now: Instant) -> bool {
    // When nobody knows when the last time was, it may have been yesterday.
    let lately = one.last.is_none_or(|at| (now - at).num_hours() <= one.kind.days_back() * 24);
    one.kind.is_dangerous_to_stop() && one.days.is_some_and(|days| days >= DAILY) && lately
}

fn sooner(a: Urgency, b: Urgency) -> Urgency {
    if b.rank() < a.rank() { b } else { a }
}

fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    fn now() -> Instant {
        chrono::Utc.with_ymd_and_hms(2026, 3, 2, 15, 0, 0).unwrap()
    }

    fn with(said: &[(Question, Answer)]) -> Triage {
        let answer = |q| said.iter().find(|(one, _)| *one == q).map_or(Answer::No, |(_, a)| *a);
        triage(answer, &[], now())
    }

    #[test]
    fn a_man_who_stopped_drinking_two_days_ago_and_sees_things_is_an_emergency() {
        let one = with(&[(Question::Withdrawal, Answer::Yes), (Question::Signs, Answer::Yes)]);
        assert_eq!(one.urgency, Urgency::Emergency);
        assert!(one.act().starts_with("Stay on the line. 911") && one.is_pressing());
        assert!(one.tell.contains(&"Do not stop suddenly, do not be alone, do not drive."));
    }

    #[test]
    fn daily_drinking_alone_is_the_same_day_and_signs_without_it_are_nothing_of_their_own() {
        assert_eq!(with(&[(Question::Withdrawal, Answer::Yes)]).urgency, Urgency::SameDay);
        assert_eq!(with(&[(Question::Signs, Answer::Yes)]).urgency, Urgency::Routine);
        for not_no in [Answer::Unknown, Answer::Declined, Answer::NotAsked] {
            let signs = [(Question::Signs, Answer::Yes), (Question::Withdrawal, not_no)];
            assert_eq!(with(&signs).urgency, Urgency::Urgent, "{not_no}");
        }
        let pregnant = [(Question::Withdrawal, Answer::Yes), (Question::Pregnant, Answer::Yes)];
        assert_eq!(with(&pregnant).urgency, Urgency::Urgent);
    }

    #[test]
    fn an_overdose_yesterday_and_thoughts_of_suicide_are_urgent_and_a_plan_is_an_emergency() {
        assert_eq!(with(&[(Question::Overdose, Answer::Yes)]).urgency, Urgency::Urgent);
        assert_eq!(with(&[(Question::EndingLife, Answer::Yes)]).urgency, Urgency::Urgent);
        let plan = [(Question::EndingLife, Answer::Yes), (Question::Means, Answer::Yes)];
        assert_eq!(with(&plan).urgency, Urgency::Emergency);
    }

    #[test]
    fn not_known_is_not_no_and_not_asked_is_not_routine() {
        let unknown = with(&[(Question::Unresponsive, Answer::Unknown)]);
        assert_eq!(unknown.urgency, Urgency::SameDay);
        assert_eq!(unknown.because.len(), 1);
        assert!(unknown.because.iter().all(|why| why.starts_with("Not known: hard to wake")));
        let open = with(&[(Question::Harm, Answer::NotAsked)]);
        assert_eq!((open.urgency, open.open), (Urgency::NotAsked, vec![Question::Harm]));
        assert_eq!(with(&[]).urgency, Urgency::Routine);
        for question in [Question::EndingLife, Question::Overdose] {
            assert_eq!(with(&[(question, Answer::Declined)]).urgency, Urgency::SameDay, "{question}");
        }
    }

    #[test]
    fn what_the_grid_says_counts_as_much_as_the_question() {
        let drinks = |hours, days| Use {
            kind: Substance::Alcohol,
            days: Some(days),
            last: Some(now() - TimeDelta::hours(hours)),
        };
        let no = |_| Answer::No;
        let nobody_knows_when = Use { last: None, ..drinks(0, 30) };
        assert_eq!(triage(no, &[nobody_knows_when], now()).urgency, Urgency::SameDay);
        assert_eq!(triage(no, &[drinks(48, 30)], now()).urgency, Urgency::SameDay);
        assert_eq!(triage(no, &[drinks(80, 30)], now()).urgency, Urgency::Routine);
        assert_eq!(triage(no, &[drinks(48, 4)], now()).urgency, Urgency::Routine);
        let signs = |q| if q == Question::Signs { Answer::Yes } else { Answer::No };
        assert_eq!(triage(signs, &[drinks(48, 30)], now()).urgency, Urgency::Emergency);
        let pills = Use { kind: Substance::Benzodiazepines, ..drinks(9 * 24, 30) };
        assert_eq!(triage(no, &[pills], now()).urgency, Urgency::SameDay);
    }

    #[test]
    fn no_answer_ever_makes_it_less_urgent_than_a_no() {
        for &question in Question::ALL.iter().filter(|q| **q != Question::Withdrawal) {
            for &answer in Answer::ALL {
                let one = with(&[(question, answer), (Question::Withdrawal, Answer::Yes)]);
                assert!(one.urgency.rank() <= Urgency::SameDay.rank(), "{question:?} {answer:?}");
            }
        }
    }
}
