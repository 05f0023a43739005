//! The pages of a check-in in their order, and what each asks (domain reference 4.7).

use foundation::drafts::Draft;

foundation::words! {
    /// The pages, in order, with their headings.
    pub enum Step {
        Safe = "safe", "Is this a good moment to answer?",
        Overall = "overall", "How are things overall?",
        Used = "used", "Any alcohol or drug use since last time?",
        About = "about", "A little more, so that we can help",
        UnwellNow = "unwell-now", "Please call 911 now.",
        StaySafe = "stay-safe", "Thank you for telling us. Please read this.",
        Urge = "urge", "How strong was the strongest urge?",
        Sure = "sure", "How sure are you about staying on track this coming week?",
        Week = "week", "Your last seven days",
        Medicines = "medicines", "Did your medicines go as planned?",
        Changes = "changes", "Did anything big change?",
        Home = "home", "Has anyone hurt you, or made you afraid, since last time?",
        SafeNow = "safe-now", "Thank you for telling us. It is not your fault.",
        Thoughts = "thoughts", "Did you have thoughts of not wanting to be alive, or of hurting yourself?",
        HelpNow = "help-now", "Thank you for saying so. You do not have to be alone with it.",
        Commitments = "commitments", "One thing until next time",
        Help = "help", "What could we do that would help?",
    }
}

impl Step {
    /// Whether its grave question is answered by pressing the answer itself: a yes counts when it is given, and whoever closes
    /// the page after it has been heard.
    pub fn is_pressed(self) -> bool {
        matches!(self, Self::About | Self::Home | Self::Thoughts)
    }

    /// The answers a page asks for.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Safe => &["safe_to_talk"],
            Self::Overall => &["overall"],
            Self::Used => &["used"],
            Self::About => &["used_opioids", "naloxone_at_hand", "danger_signs_now", "overdose"],
            Self::Urge => &["urge"],
            Self::Sure => &["confidence"],
            Self::Week => &["supportive_days", "risky_days", "activities"],
            Self::Medicines => &["medicines_as_planned", "medicine_gap_days", "next_dose_secured"],
            Self::Changes => &["lost_housing", "lost_job", "changes"],
            Self::Home => &["violence"],
            Self::Thoughts => &["thoughts"],
            Self::UnwellNow | Self::StaySafe | Self::SafeNow | Self::HelpNow => &[],
            Self::Commitments => &["last_commitment", "next_commitment"],
            Self::Help => &["would_help", "connections", "call_me"],
        }
    }

    /// Whether the page only says where to turn. It tells nothing about anyone.
    pub fn is_help(self) -> bool {
        matches!(self, Self::UnwellNow | Self::SafeNow | Self::HelpNow)
    }

    /// The page after this one. Who says that they did not use is not asked what; who would rather not say is asked what
    /// keeps people alive. Who is in danger sees where to turn at once. What happens at home is asked only of somebody
    /// who said that this is a good moment to answer.
    pub fn after(self, draft: &Draft) -> Option<Self> {
        let yes = |field: &str| draft.text(field) == "yes";
        let next = match self {
            Self::Used if draft.text("used") == "none" => Self::Urge,
            Self::About if yes("danger_signs_now") => Self::UnwellNow,
            Self::About | Self::UnwellNow if has_used(draft) => Self::StaySafe,
            Self::About | Self::UnwellNow => Self::Urge,
            Self::Changes if !yes("safe_to_talk") => Self::Thoughts,
            Self::Home if !yes("violence") => Self::Thoughts,
            Self::Thoughts if !yes("thoughts") => Self::Commitments,
            Self::Help => return None,
            other => *Self::ALL.iter().skip_while(|step| **step != other).nth(1)?,
        };
        Some(next)
    }

    /// The page before this one, as the answers led to it.
    pub fn before(self, draft: &Draft) -> Option<Self> {
        let mut at = Self::Safe;
        while let Some(next) = at.after(draft) {
            if next == self {
                return Some(at);
            }
            at = next;
        }
        None
    }

    /// About how long the rest takes.
    pub fn time_left(self) -> &'static str {
        match Self::ALL.iter().position(|s| *s == self).unwrap_or(0) {
            0..=6 => "About 3 minutes left.",
            7..=9 => "About 2 minutes left.",
            10..=14 => "About a minute left.",
            _ => "Almost done.",
        }
    }
}

/// Whether they said anything by which they used: then tolerance and naloxone are spoken of.
pub fn has_used(draft: &Draft) -> bool {
    matches!(draft.text("used"), "once_or_twice" | "more")
        || ["used_opioids", "overdose", "danger_signs_now"].iter().any(|field| draft.text(field) == "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pairs: &[(&str, &str)]) -> Draft {
        let answers = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Draft { answers, ..Draft::default() }
    }

    fn walk(draft: &Draft) -> Vec<Step> {
        std::iter::successors(Some(Step::Safe), |step| step.after(draft)).collect()
    }

    #[test]
    fn naloxone_and_overdose_are_asked_of_everyone_who_did_not_say_no() {
        for used in ["once_or_twice", "more", "declined", ""] {
            assert!(walk(&said(&[("used", used)])).contains(&Step::About), "{used:?}");
        }
        assert!(!walk(&said(&[("used", "none")])).contains(&Step::About));
        assert!(!walk(&said(&[("used", "declined")])).contains(&Step::StaySafe), "nothing was reported");
        assert!(walk(&said(&[("used", "declined"), ("overdose", "yes")])).contains(&Step::StaySafe));
    }

    #[test]
    fn what_happens_at_home_is_asked_only_when_it_is_safe_to_answer() {
        assert!(walk(&said(&[("safe_to_talk", "yes")])).contains(&Step::Home));
        assert!(!walk(&said(&[])).contains(&Step::Home));
    }

    #[test]
    fn each_grave_answer_is_followed_by_where_to_turn() {
        let after = |step: Step, field: &str| step.after(&said(&[(field, "yes"), ("safe_to_talk", "yes")]));
        assert_eq!(after(Step::About, "danger_signs_now"), Some(Step::UnwellNow));
        assert_eq!(after(Step::About, "overdose"), Some(Step::StaySafe));
        assert_eq!(after(Step::Home, "violence"), Some(Step::SafeNow));
        assert_eq!(after(Step::Thoughts, "thoughts"), Some(Step::HelpNow));
    }

    #[test]
    fn back_leads_the_way_one_came() {
        let draft = said(&[("used", "more"), ("danger_signs_now", "yes")]);
        assert_eq!(Step::Urge.before(&draft), Some(Step::StaySafe));
        assert_eq!(Step::StaySafe.before(&draft), Some(Step::UnwellNow));
        assert_eq!(Step::UnwellNow.before(&draft), Some(Step::About));
    }
}
