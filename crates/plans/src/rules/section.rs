//! The sections of a plan (domain reference 5.2), in their order of priority, in the person's own words.

use consent::consents::Scope;

foundation::words! {
    /// A section. The words are its title, as the person reads it.
    pub enum SectionKey {
        HelpNow = "help_now", "If I need help now",
        Reasons = "reasons", "My reasons and strengths",
        Commitments = "commitments", "My commitments",
        Appointments = "appointments", "My next visits",
        Medicines = "medicines", "My medicines",
        Overdose = "overdose", "Staying alive",
        Network = "network", "My circle",
        Signs = "signs", "Signs I am slipping, and what I do",
        Triggers = "triggers", "Hard places and times",
        Coping = "coping", "What helps me",
        UseAgain = "use_again", "If I use again",
        Rhythm = "rhythm", "My days and weeks",
        Groups = "groups", "My groups",
        Health = "health", "My health",
        Home = "home", "Where I live",
        Work = "work", "Work, school, money",
        Getting = "getting_there", "Getting there, and who looks after the children",
        Papers = "papers", "Court and papers",
        Meaning = "meaning", "Who I am besides",
        Faith = "faith", "Faith and spirit",
        Family = "family", "For my family and friends",
        CheckIns = "check_ins", "How we stay in touch",
    }
}

impl SectionKey {
    /// Always on the paper, with room to write by hand when nothing is written yet.
    #[must_use]
    pub fn is_core(self) -> bool {
        matches!(
            self,
            Self::HelpNow
                | Self::Reasons
                | Self::Commitments
                | Self::Appointments
                | Self::Medicines
                | Self::Overdose
                | Self::Network
        )
    }

    /// In the short plan for someone who leaves early: five minutes, and the way back (domain reference 5.4).
    #[must_use]
    pub fn is_in_short_plan(self) -> bool {
        matches!(
            self,
            Self::HelpNow
                | Self::Appointments
                | Self::Medicines
                | Self::Overdose
                | Self::Network
                | Self::UseAgain
        )
    }

    /// The part of a consent under which someone else may read it. What has a part of its own is not in "My plan":
    /// the stricter reading of a paper is the right one.
    #[must_use]
    pub fn scope(self) -> Scope {
        match self {
            Self::Appointments => Scope::Appointments,
            Self::Medicines => Scope::Medicines,
            Self::Network => Scope::SupportNetwork,
            _ => Scope::Plan,
        }
    }

    /// What to ask, in words to say aloud.
    #[must_use]
    pub fn prompt(self) -> &'static str {
        match self {
            Self::HelpNow => {
                "Two or three people with their numbers. Where is the naloxone? What do you want to say when you call?"
            }
            Self::Reasons => "Up to 3 reasons and 3 strengths, and one line to remember. Use your own words.",
            Self::Commitments => {
                "Up to 5. If it is … , then I … with … . How sure are you, from 0 to 10? Below 7, make it smaller."
            }
            Self::Appointments => {
                "What, with whom, day and time, where, phone, how to get there, who goes with you. The first within 7 days."
            }
            Self::Medicines => {
                "Copy from the list: name, what for, when, next fill or injection day, who to call if it runs out."
            }
            Self::Overdose => {
                "Where is the naloxone, until when is it good, and who knows how to give it? Who can be with you?"
            }
            Self::Network => {
                "What is each one good for: to listen, a ride, the children, a meeting, a crisis? Who would you like to try?"
            }
            Self::Signs => {
                "Thoughts, feelings, body, what you do: early, building, in danger. What do you do at each?"
            }
            Self::Triggers => "People, places, times, feelings, paydays, holidays. If it comes, then I …",
            Self::Coping => {
                "The first 3 things to do alone and with someone. Wait 15 minutes, breathe, eat, walk, sleep."
            }
            Self::UseAgain => "Whom do you call? Where are you safe? What may your family do?",
            Self::Rhythm => "Morning, midday, evening, weekend: sleep, food, movement, groups.",
            Self::Groups => "Which, when and where, who knows you there, how you get there, the first time.",
            Self::Health => {
                "Doctor, therapist, dentist, tests and shots, tobacco, pain without opioids, sleep."
            }
            Self::Home => "Where and with whom, until when, is it safe, and what if it ends?",
            Self::Work => "The day you go back, whom to talk to, benefits, a plan for payday.",
            Self::Getting => {
                "Bus, ride, cost, and what if it falls out? Who looks after children or parents?"
            }
            Self::Papers => "Court days, probation, fines, ID, Social Security card.",
            Self::Meaning => "What you love, what you are good at, one new thing to try and when.",
            Self::Faith => "Only if they want it.",
            Self::Family => "How you can help. What does not help. What you may know.",
            Self::CheckIns => {
                "How and when we call, what if we cannot reach you, whom we may tell, how to stop."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seven_core_sections_come_first_and_the_short_plan_ends_with_the_way_back() {
        let core: Vec<_> = SectionKey::ALL.iter().filter(|key| key.is_core()).collect();
        assert_eq!(core, SectionKey::ALL[..7].iter().collect::<Vec<_>>());
        let short: Vec<_> = SectionKey::ALL.iter().filter(|key| key.is_in_short_plan()).collect();
        assert_eq!((short.len(), short.last()), (6, Some(&&SectionKey::UseAgain)));
    }

    #[test]
    fn every_section_asks_something_and_none_is_under_attendance() {
        for key in SectionKey::ALL {
            assert!(key.prompt().ends_with(['.', '?', '…']), "{key}");
            assert_ne!(key.scope(), Scope::Attendance);
            assert_eq!(SectionKey::parse(key.as_str()), Some(*key));
        }
    }
}
