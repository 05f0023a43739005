//! First aid as it is told over the phone, line by line (domain reference 2.4).

foundation::words! {
    /// What first aid there is.
    pub enum FirstAid {
        Seizure = "seizure", "First aid: a seizure",
        Overdose = "overdose", "First aid: an overdose",
    }
}

impl FirstAid {
    /// The steps, in the order they are said.
    pub const fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Seizure => &[
                "Call 911, with the place first.",
                "Look at the clock: how long does it last?",
                "Move hard things away. Put something soft under their head. Do not hold them down.",
                "Put nothing in their mouth.",
                "When the shaking stops, roll them on their side. Stay until help is there.",
            ],
            Self::Overdose => &[
                "Call 911. Say “not breathing well” and the place.",
                "Give naloxone, if there is any.",
                "Breathe for them: head back, pinch the nose, one breath every 5 seconds.",
                "No better after 2 to 3 minutes: give naloxone again.",
                "Breathing: roll them on their side. Stay. Naloxone wears off before some drugs do.",
            ],
        }
    }
}
