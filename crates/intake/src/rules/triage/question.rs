//! The safety questions, in the order they are asked (domain reference 2.4, letters A to H): what each is called, how it is
//! asked aloud, how fast a yes alone makes it, and what the caller is told.

use crate::rules::words::Urgency;

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
        Breathing = "breathing", "Hard to wake, not breathing normally, or blue or gray lips",
        Seizure = "seizure", "A seizure now or just now, or chest pain",
        Attempt = "attempt", "An attempt on their own life happening now",
        Weapon = "weapon", "Violence now, or a threat with a weapon",
        Taken = "taken", "Pills, poison or a large amount in the last 6 hours, cannot stay awake, or a head injury while intoxicated",
        Signs = "signs_now", "Confusion, seeing or hearing things, fever with shaking, shaking that stops walking or drinking, vomiting over 12 hours, or a racing pulse, now",
        Daily = "daily", "Alcohol or sedatives most days, and the last within 7 days (3 days for short-acting sedatives, 10 for long-acting ones)",
        Ghb = "ghb", "GHB, baclofen or phenibut every day, and cutting down or stopping",
        Risks = "risks", "A past seizure or delirium tremens, 65 or older, or a serious illness",
        EndingLife = "ending_life", "Thoughts of killing themselves",
        Means = "means", "A plan for it, or the means at hand, now",
        PastAttempt = "past_attempt", "A past attempt on their own life",
        Others = "others", "Thoughts of killing or badly hurting someone",
        Harm = "harm", "Someone may hurt them, or a child is at risk now",
        Overdose = "overdose", "An overdose in the last 24 hours, even if awake now",
        NoNaloxone = "no_naloxone", "Uses opioids or stimulants, and has no naloxone at hand",
        Tolerance = "tolerance", "Left a jail, a detox or a hospital in the last 14 days",
        Pregnant = "pregnant", "Pregnant, and using opioids, alcohol or sedatives",
        Beside = "beside", "Sees or believes what is not there, cannot be calmed, or is overheated on stimulants",
    }
}

/// Questions as they were asked until November 2026. Their answers stay in the sheets and are read in the words they were
/// asked in.
pub const EARLIER: &[(&str, &str)] = &[
    ("unresponsive", "Hard to wake, not breathing well, a seizure or chest pain now"),
    ("violence", "A threat with a weapon, or an attempt on their own life happening now"),
    (
        "withdrawal",
        "Alcohol or sedatives every day, and the last within 3 days (10 for long-acting sedatives)",
    ),
    (
        "signs",
        "With it: a past seizure, confusion, seeing or hearing things, fever, heavy shaking, vomiting over 12 hours, a racing pulse, 65 or older, serious illness",
    ),
];

impl Question {
    /// How fast a yes alone makes it. The stricter of two the reference allows: whoever sees it otherwise says why.
    pub(super) const fn if_yes(self) -> Urgency {
        match self {
            Self::Breathing
            | Self::Seizure
            | Self::Attempt
            | Self::Weapon
            | Self::Taken
            | Self::Means
            | Self::Others
            | Self::Harm
            | Self::Beside => Urgency::Emergency,
            Self::Signs | Self::Ghb | Self::EndingLife | Self::Overdose => Urgency::Urgent,
            Self::Daily | Self::PastAttempt | Self::NoNaloxone | Self::Tolerance | Self::Pregnant => {
                Urgency::SameDay
            }
            // It means something together with the daily use it belongs to.
            Self::Risks => Urgency::Routine,
        }
    }

    /// Whether it belongs to letter A, where "not known" is not "no": somebody goes and looks, or 911 does.
    pub(super) const fn is_life_now(self) -> bool {
        matches!(self, Self::Breathing | Self::Seizure | Self::Attempt | Self::Weapon)
    }

    /// The words to say, where a caller must be asked plainly.
    pub const fn aloud(self) -> &'static str {
        match self {
            Self::Breathing => "Are they awake? Are they breathing normally? What color are their lips?",
            Self::Attempt => "Has anyone done something to end their life, just now?",
            Self::Weapon => "Is anyone violent right now, or threatening with a weapon?",
            Self::EndingLife => "Are you having thoughts of killing yourself?",
            Self::Means => "Do you have a plan? Do you have what you would use with you now?",
            Self::PastAttempt => "Have you ever tried to kill yourself? When was the last time?",
            Self::Others => "Are you having thoughts of killing or badly hurting someone else?",
            Self::Harm => {
                "Is anyone hurting you, or are you afraid of someone at home? You can answer just yes or no."
            }
            _ => "",
        }
    }

    /// What to say to the caller for a yes.
    pub(super) const fn tell(self) -> &'static str {
        match self {
            Self::Breathing => "Try to wake them. Shout their name. I stay on the line with you.",
            Self::Seizure => "Stay beside them. I tell you what to do until help is there.",
            Self::Attempt => {
                "I am sending help now. I stay with you. Can you put what was used out of reach? Is anyone with you?"
            }
            Self::Weapon => {
                "Is that person near you, or can they hear us? Just say yes or no. Do you want the police? If you can leave safely, go now."
            }
            Self::Taken => {
                "Poison Control, 1-800-222-1222, can listen in. Nothing to eat or drink, and no vomiting on purpose."
            }
            Self::Daily => "Do not stop suddenly, do not be alone, do not drive.",
            Self::Signs => {
                "This can turn dangerous within hours. It needs an emergency department now. Do not drive yourself."
            }
            Self::Ghb => {
                "Stopping this can turn dangerous within hours. It needs an emergency department now."
            }
            Self::Risks => "Because of that, stopping needs an emergency department, not a wait at home.",
            Self::EndingLife => "I am glad you told me. Let us call 988 together now.",
            Self::PastAttempt => {
                "Thank you for telling me. Please tell me at once if those thoughts come back today."
            }
            Self::Means => {
                "Stay with me. Is someone with you? Please put the means out of reach while we talk."
            }
            Self::Others => {
                "Thank you for telling me. Is that person with you now? Can you go to another room, away from any weapon, while we talk?"
            }
            Self::Harm => {
                "Is that person near you, or can they hear us? Just say yes or no. Do you want the police? The Domestic Violence Hotline, 1-800-799-7233, is there day and night."
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

    /// What to say when it is not known, for the questions of letter A.
    pub(super) const fn tell_unknown(self) -> &'static str {
        match self {
            Self::Weapon => {
                "Is that person near you, or can they hear us? Just say yes or no. Do not go closer to find out."
            }
            _ => "Please go and look now, and take the phone with you. I stay on the line.",
        }
    }

    /// What staff do for a yes that presses.
    pub(super) const fn act(self) -> &'static str {
        match self {
            Self::Breathing | Self::Seizure | Self::Attempt | Self::Taken | Self::Means | Self::Beside => {
                "Stay on the line. 911, with the place first. Ask a colleague to call while you talk."
            }
            Self::Weapon => {
                "Stay on the line. First ask whether that person is near or listening, and whether they want the police. A life is in danger now: 911, with the place first."
            }
            Self::Harm => {
                "Stay on the line. First ask whether that person is near or listening, and whether they want the police. For an adult 911 is their choice, except when a life is in danger now. A child at risk: the local procedure and your state’s duty to report, now."
            }
            Self::Others => {
                "Stay on the line and bring in a colleague. Someone in danger now: 911. Then your local procedure, with your supervisor, before you hang up."
            }
            Self::EndingLife | Self::PastAttempt => {
                "Connect them now: 988 together on the line, or a mobile crisis team. Call back within 2 hours to make sure they are safe."
            }
            _ => {
                "The emergency department now, and somebody drives them. No way to get there: 911. Call back within 2 hours to make sure they arrived."
            }
        }
    }

    /// What staff do when it is not known, for the questions of letter A.
    pub(super) const fn act_unknown(self) -> &'static str {
        match self {
            Self::Weapon => {
                "Stay on the line. Nobody goes closer to find out. They cannot tell you, or are not there: 911 for a welfare check, with the place first."
            }
            _ => {
                "Stay on the line while they go and look. They cannot look, or are not there: 911 for a welfare check, with the place first."
            }
        }
    }
}
