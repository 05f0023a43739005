//! Safety triage on the phone (domain reference 2.4): what was answered, how fast someone must act, why, and what to say
//! and do. It never diagnoses, and a colleague who sees it otherwise gives a reason.

mod first_aid;
mod question;
mod substance;
#[cfg(test)]
mod tests;

use foundation::Instant;

pub use first_aid::FirstAid;
pub use question::{Answer, EARLIER, Question};
pub use substance::{Substance, Use};

use super::words::Urgency;

/// From this age on stopping daily use is an emergency department's matter.
const OLD: u8 = 65;
/// Below this age a parent or guardian, state law and the duty to report are shown.
const OF_AGE: u8 = 18;

/// What the answers come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triage {
    pub urgency: Urgency,
    /// Why, in the words of the questions.
    pub because: Vec<String>,
    /// What to say to the caller.
    pub tell: Vec<&'static str>,
    /// What staff do now, the gravest first; empty when nothing presses.
    pub acts: Vec<&'static str>,
    /// First aid that may be needed while help is on its way.
    pub first_aid: Vec<FirstAid>,
    /// Whether the person is under 18.
    pub is_minor: bool,
    /// What was not asked yet, and must be.
    pub open: Vec<Question>,
}

impl Triage {
    /// Whether the call must not end before somebody has acted.
    pub fn is_pressing(&self) -> bool {
        self.urgency.is_pressing()
    }

    /// What staff must know about a person under 18.
    pub const MINOR: [&str; 3] = [
        "Ask who their parent or guardian is, and whether it is safe that they know.",
        "State law says who may agree to care and who may be told: ask your supervisor before you tell a parent anything.",
        "Harm or neglect must be reported by law. Do it today, with your supervisor.",
    ];
}

/// What stands on a sheet, as far as triage needs it.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub uses: &'a [Use],
    /// Years, when they are known.
    pub age: Option<u8>,
}

/// Puts the answers together. What is not known about a matter of life is not a no: where somebody may be dying now they
/// go and look, or 911 does; elsewhere it makes it the same day. Routine only when every question was asked.
pub fn triage(answer: impl Fn(Question) -> Answer, told: Told<'_>, now: Instant) -> Triage {
    let read = Reading::new(&answer, told, now);
    let mut found = Found::default();
    for &question in Question::ALL {
        match answer(question) {
            Answer::Yes => found.yes(question, read.if_yes(question)),
            Answer::Unknown | Answer::Declined => found.not_known(question, read.if_not_known(question)),
            Answer::NotAsked if read.is_asked(question) => found.open.push(question),
            Answer::NotAsked | Answer::No => {}
        }
    }
    read.what_the_grid_says(&answer, &mut found);
    found.into_triage(told.age)
}

/// What several answers say together.
#[expect(clippy::struct_excessive_bools, reason = "one answer each, and none follows from another")]
struct Reading {
    /// A substance of the grid that is dangerous to stop, used most days and lately.
    used: Option<Substance>,
    is_daily: bool,
    may_be_daily: bool,
    past_attempt: bool,
    may_end_life: bool,
    is_old: bool,
}

impl Reading {
    fn new(answer: &impl Fn(Question) -> Answer, told: Told<'_>, now: Instant) -> Self {
        let grave = |one: &&Use| one.is_dangerous_to_stop(now);
        let used = told.uses.iter().filter(grave).max_by_key(|one| one.kind == Substance::Ghb);
        let daily = [answer(Question::Daily), answer(Question::Ghb)];
        let is_daily = used.is_some() || daily.contains(&Answer::Yes);
        Self {
            used: used.map(|one| one.kind),
            is_daily,
            may_be_daily: is_daily || daily.iter().any(|said| *said != Answer::No),
            past_attempt: answer(Question::PastAttempt) == Answer::Yes,
            may_end_life: answer(Question::EndingLife) != Answer::No,
            is_old: told.age.is_some_and(|age| age >= OLD),
        }
    }

    /// Whether a question must be put at all. A plan is asked of whoever has the thoughts, and what makes stopping worse of
    /// whoever may be stopping; all else is asked of everyone.
    const fn is_asked(&self, question: Question) -> bool {
        match question {
            Question::Means => self.may_end_life,
            Question::Risks => self.may_be_daily,
            _ => true,
        }
    }

    const fn if_yes(&self, question: Question) -> Urgency {
        match question {
            Question::Signs if self.is_daily => Urgency::Emergency,
            Question::Risks | Question::Pregnant if self.is_daily => Urgency::Urgent,
            Question::Risks if self.may_be_daily => Urgency::SameDay,
            _ => question.if_yes(),
        }
    }

    fn if_not_known(&self, question: Question) -> Urgency {
        match question {
            _ if question.is_life_now() => Urgency::Emergency,
            Question::EndingLife if self.past_attempt => Urgency::Urgent,
            _ if question.if_yes().rank() <= Urgency::Urgent.rank() => Urgency::SameDay,
            _ => Urgency::Routine,
        }
    }

    /// What the grid of substances and the age say counts as much as the question.
    fn what_the_grid_says(&self, answer: &impl Fn(Question) -> Answer, found: &mut Found) {
        if let Some(kind) = self.used {
            let question = if kind == Substance::Ghb { Question::Ghb } else { Question::Daily };
            if answer(question) != Answer::Yes {
                let why = format!("{} most days, and lately", kind.words());
                found.add(question, question.if_yes(), why);
            }
        }
        if self.is_daily && self.is_old && answer(Question::Risks) != Answer::Yes {
            found.add(Question::Risks, Urgency::Urgent, format!("{OLD} or older, and daily use"));
        }
    }
}

/// What was found so far: what staff do, with how fast.
struct Found {
    urgency: Urgency,
    because: Vec<String>,
    tell: Vec<&'static str>,
    acts: Vec<(Urgency, &'static str)>,
    first_aid: Vec<FirstAid>,
    open: Vec<Question>,
}

impl Default for Found {
    fn default() -> Self {
        let (because, tell, acts) = (Vec::new(), Vec::new(), Vec::new());
        Self { urgency: Urgency::Routine, because, tell, acts, first_aid: Vec::new(), open: Vec::new() }
    }
}

impl Found {
    fn yes(&mut self, question: Question, urgency: Urgency) {
        if urgency != Urgency::Routine {
            self.add(question, urgency, question.words().to_owned());
        }
    }

    fn add(&mut self, question: Question, urgency: Urgency, why: String) {
        self.because.push(why);
        self.counts(question, urgency, (question.tell(), question.act()));
    }

    fn not_known(&mut self, question: Question, urgency: Urgency) {
        if urgency == Urgency::Routine {
            return;
        }
        self.because.push(format!("Not known: {}", lower(question.words())));
        let words = if question.is_life_now() {
            (question.tell_unknown(), question.act_unknown())
        } else {
            ("", question.act())
        };
        self.counts(question, urgency, words);
    }

    fn counts(&mut self, question: Question, urgency: Urgency, (tell, act): (&'static str, &'static str)) {
        self.urgency = sooner(self.urgency, urgency);
        if !tell.is_empty() && !self.tell.contains(&tell) {
            self.tell.push(tell);
        }
        if urgency.is_pressing() {
            self.acts.push((urgency, act));
        }
        let aid: &[FirstAid] = match question {
            Question::Breathing => &[FirstAid::Overdose, FirstAid::Seizure],
            Question::Seizure => &[FirstAid::Seizure],
            Question::Taken | Question::Overdose => &[FirstAid::Overdose],
            _ => &[],
        };
        for one in aid.iter().filter(|_| urgency.is_pressing()) {
            if !self.first_aid.contains(one) {
                self.first_aid.push(*one);
            }
        }
    }

    fn into_triage(mut self, age: Option<u8>) -> Triage {
        if self.urgency == Urgency::Routine && !self.open.is_empty() {
            self.urgency = Urgency::NotAsked;
        }
        self.acts.sort_by_key(|(urgency, _)| urgency.rank());
        let mut acts: Vec<&'static str> = Vec::new();
        for (_, act) in self.acts {
            if !acts.contains(&act) {
                acts.push(act);
            }
        }
        if self.urgency == Urgency::SameDay {
            acts.push("A nurse or clinician calls back within 60 minutes; offer an assessment tomorrow.");
        }
        Triage {
            urgency: self.urgency,
            because: self.because,
            tell: self.tell,
            acts,
            first_aid: self.first_aid,
            is_minor: age.is_some_and(|age| age < OF_AGE),
            open: self.open,
        }
    }
}

fn sooner(a: Urgency, b: Urgency) -> Urgency {
    if b.rank() < a.rank() { b } else { a }
}

fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
