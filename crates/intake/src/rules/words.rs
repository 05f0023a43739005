//! The enumerations of intake and the words people read for them.

foundation::words! {
    /// How a request arrived.
    pub enum Channel {
        Web = "web", "Web form",
        Phone = "phone", "Phone",
        Referral = "referral", "Referral",
        Email = "email", "E-mail",
        Website = "website", "Website",
        OldRecords = "old_records", "Old records",
    }
}

foundation::words! {
    /// Whom it is about.
    pub enum ForWhom {
        Self_ = "self", "For themselves",
        Family = "family", "For someone in the family",
        Friend = "friend", "For a friend",
        Patient = "patient", "For someone in their care",
        NotSaid = "not_said", "Not said",
    }
}

foundation::words! {
    /// The answer to the first safety question: is anyone in danger right now?
    pub enum Danger {
        Yes = "yes", "Yes",
        No = "no", "No",
        NotSure = "not_sure", "Not sure",
        NotAsked = "not_asked", "Not asked",
    }
}

foundation::words! {
    /// How fast someone must be reached. Shape and word come before color.
    pub enum Urgency {
        Emergency = "emergency", "Emergency",
        Urgent = "urgent", "Urgent",
        SameDay = "same_day", "Same day",
        Routine = "routine", "Routine",
        NotAsked = "not_asked", "Not asked",
    }
}

impl Urgency {
    /// Urgency as far as the first question goes. A person in danger now is an emergency, whoever thinks otherwise
    /// later gives a reason; not knowing is urgent.
    pub fn of(danger: Danger) -> Self {
        match danger {
            Danger::Yes => Self::Emergency,
            Danger::NotSure => Self::Urgent,
            Danger::No => Self::Routine,
            Danger::NotAsked => Self::NotAsked,
        }
    }

    /// Whether somebody must act before anything else.
    pub fn is_pressing(self) -> bool {
        matches!(self, Self::Emergency | Self::Urgent)
    }

    /// The mark's name.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Emergency => "octagon",
            Self::Urgent => "triangle",
            Self::SameDay => "diamond",
            Self::Routine => "disc",
            Self::NotAsked => "dashed",
        }
    }

    /// The tone.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Emergency => "now",
            Self::Urgent => "urgent",
            Self::SameDay => "soon",
            Self::Routine => "steady",
            Self::NotAsked => "plain",
        }
    }

    /// Safety comes before age: 0 is first.
    pub fn rank(self) -> u8 {
        match self {
            Self::Emergency => 0,
            Self::Urgent => 1,
            Self::SameDay => 2,
            Self::NotAsked => 3,
            Self::Routine => 4,
        }
    }
}

foundation::words! {
    /// How a try to reach someone ended.
    pub enum Outcome {
        Reached = "reached", "Reached, and we talked",
        VoicemailLeft = "voicemail_left", "Left the allowed words on voicemail",
        NoAnswer = "no_answer", "No answer",
        WrongNumber = "wrong_number", "Wrong number",
        Declined = "declined", "They said no for now",
        NotSafe = "not_safe", "Not safe to talk",
    }
}

foundation::words! {
    /// Who called whom.
    pub enum Direction {
        WeCalled = "we_called", "We called",
        TheyCalled = "they_called", "They called",
    }
}

foundation::words! {
    /// How a request ended (domain reference 2.9). One, mandatory.
    pub enum Disposition {
        Admitted = "admitted", "Became a client here",
        ReferredConnected = "referred_out_connected", "Went elsewhere, and arrived",
        ReferredUnconfirmed = "referred_out_unconfirmed", "Went elsewhere, arrival not confirmed",
        Emergency = "emergency_911", "911 was called",
        EdSent = "ed_sent", "Went to an emergency department",
        Crisis988 = "crisis_988", "Connected to 988",
        Declined = "declined_by_person", "They said no",
        NotAppropriate = "not_clinically_appropriate", "We are not the right place",
        NoPayment = "no_payment_option", "No way to pay was found",
        NoCapacity = "no_capacity", "No place was free",
        Unreachable = "unreachable_after_cadence", "Could not be reached",
        InformationOnly = "information_only", "Asked for information only",
        NotAboutSud = "not_about_sud", "Not about substance use",
        WrongNumber = "spam_wrong_number", "Wrong number or not a request",
        Duplicate = "duplicate", "Is another request",
        Deceased = "deceased", "The person died",
        DoNotContact = "do_not_contact", "Asked not to be contacted",
    }
}

impl Disposition {
    /// Those a person can choose when closing. Becoming a client is an act of its own.
    pub fn choosable() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|d| *d != Self::Admitted)
    }
}
