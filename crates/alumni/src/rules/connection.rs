//! What can be said of a connection (domain reference 4.9): seven categories, kind, use, stance, contact, tie, nearness.
//! Not asked, declined and not known are answers of their own; a rule may count none of them as a no.

foundation::words! {
    /// The seven categories, in the order of the house.
    pub enum Category {
        RecoveryGroup = "recovery_group", "Recovery groups",
        VolunteerGroup = "volunteer_group", "Volunteering",
        TreatmentPeer = "treatment_peer", "People from treatment",
        SchoolResource = "school_resource", "School",
        ReligiousSpiritual = "religious_spiritual", "Faith and spirit",
        HealthcareProvider = "healthcare_provider", "Health care",
        FriendsFamily = "friends_family", "Family and friends",
    }
}

foundation::words! {
    /// What stands at the other end of a tie.
    pub enum Kind {
        Person = "person", "person",
        Group = "group", "group",
        Organization = "organization", "organization or place",
        Professional = "professional", "professional",
    }
}

foundation::words! {
    /// How the other one stands to alcohol and drugs, as far as the person tells.
    pub enum UseStatus {
        InRecovery = "in_recovery", "in recovery",
        DoesNotUse = "does_not_use", "does not use",
        UsesLightly = "uses_lightly", "uses lightly",
        UsesHeavily = "uses_heavily", "uses heavily",
        Unknown = "unknown", "not known",
        Declined = "declined", "rather not say",
        NotAsked = "not_asked", "not asked yet",
        DoesNotApply = "does_not_apply", "does not apply",
    }
}

foundation::words! {
    /// How the other one stands to the person's recovery.
    pub enum Stance {
        EncouragesRecovery = "encourages_recovery", "encourages",
        Neutral = "neutral", "neutral",
        Mixed = "mixed", "mixed",
        EncouragesUse = "encourages_use", "encourages use",
        Unknown = "unknown", "not known",
        Declined = "declined", "rather not say",
        NotAsked = "not_asked", "not asked yet",
    }
}

foundation::words! {
    /// How often they were in contact in the last 30 days.
    pub enum Contact {
        Daily = "daily", "every day",
        Weekly = "weekly", "every week",
        TwoOrThreeAMonth = "two_or_three_a_month", "two or three times a month",
        Monthly = "monthly", "once a month",
        NotThisMonth = "none", "not in the last 30 days",
        Unknown = "unknown", "not known",
        Declined = "declined", "rather not say",
        NotAsked = "not_asked", "not asked yet",
    }
}

foundation::words! {
    /// What the tie is like, as the person feels it.
    pub enum Tie {
        Strong = "strong", "strong",
        Steady = "steady", "steady",
        Thin = "thin", "thin",
        Stressful = "stressful", "stressful",
        Broken = "broken", "broken off",
    }
}

foundation::words! {
    /// How near the other one is, in the person's own words. Stored as the numbers 1 to 3.
    pub enum Nearness {
        LessClose = "1", "less close",
        Close = "2", "close",
        Closest = "3", "closest",
    }
}

foundation::words! {
    /// What exactly, when it helps. Each belongs to one category.
    pub enum SubCode {
        Aa = "aa", "AA",
        Na = "na", "NA",
        Ca = "ca", "CA",
        AlAnon = "al_anon", "Al-Anon",
        Smart = "smart", "SMART Recovery",
        LifeRing = "life_ring", "LifeRing",
        WomenForSobriety = "women_for_sobriety", "Women for Sobriety",
        RecoveryDharma = "recovery_dharma", "Recovery Dharma",
        Refuge = "refuge", "Refuge Recovery",
        CelebrateRecovery = "celebrate_recovery", "Celebrate Recovery",
        Wellbriety = "wellbriety", "Wellbriety",
        Mara = "mara", "Medication-Assisted Recovery Anonymous",
        OnlineMeeting = "online_meeting", "online meeting",
        Sponsor = "sponsor", "sponsor or sponsee",
        RecoveryCommunityCenter = "recovery_community_center", "recovery community center",
        RecoveryResidence = "recovery_residence", "recovery residence",
        RecoveryCoach = "recovery_coach", "recovery coach",
        Charity = "charity", "charity",
        ServiceWork = "service_work", "service work",
        SportsCoaching = "sports_coaching", "sports coaching",
        Civic = "civic", "civic group",
        AnimalShelter = "animal_shelter", "animal shelter",
        MetInTreatment = "met_in_treatment", "person met in treatment",
        AlumniGroup = "alumni_group", "alumni group",
        AlumniMentor = "alumni_mentor", "alumni mentor",
        CollegiateRecovery = "collegiate_recovery", "collegiate recovery program",
        SchoolCounseling = "school_counseling", "school counseling",
        DisabilityOffice = "disability_office", "disability office",
        Advisor = "advisor", "advisor",
        Tutoring = "tutoring", "tutoring",
        AdultEducation = "adult_education", "adult education",
        RecoveryHighSchool = "recovery_high_school", "recovery high school",
        Congregation = "congregation", "congregation",
        Clergy = "clergy", "clergy",
        Meditation = "meditation", "meditation",
        PrayerGroup = "prayer_group", "prayer group",
        SweatLodge = "sweat_lodge", "sweat lodge",
        PrimaryCare = "primary_care", "doctor",
        Psychiatrist = "psychiatrist", "psychiatrist",
        Therapist = "therapist", "therapist",
        Otp = "otp", "opioid treatment program",
        Pharmacist = "pharmacist", "pharmacist",
        Dentist = "dentist", "dentist",
        CaseManager = "case_manager", "case manager",
        Partner = "partner", "partner",
        Parent = "parent", "parent",
        Sibling = "sibling", "sibling",
        Child = "child", "child",
        Relative = "relative", "relative",
        Friend = "friend", "friend",
        Coworker = "coworker", "coworker",
        Neighbor = "neighbor", "neighbor",
        Pet = "pet", "pet",
    }
}

impl Category {
    /// The sub-codes that belong to it, as stored (domain reference 4.9).
    pub fn sub_codes(self) -> &'static [&'static str] {
        match self {
            Self::RecoveryGroup => &[
                "aa",
                "na",
                "ca",
                "al_anon",
                "smart",
                "life_ring",
                "women_for_sobriety",
                "recovery_dharma",
                "refuge",
                "celebrate_recovery",
                "wellbriety",
                "mara",
                "online_meeting",
                "sponsor",
                "recovery_community_center",
                "recovery_residence",
                "recovery_coach",
            ],
            Self::VolunteerGroup => {
                &["charity", "service_work", "sports_coaching", "civic", "animal_shelter"]
            }
            Self::TreatmentPeer => &["met_in_treatment", "alumni_group", "alumni_mentor"],
            Self::SchoolResource => &[
                "collegiate_recovery",
                "school_counseling",
                "disability_office",
                "advisor",
                "tutoring",
                "adult_education",
                "recovery_high_school",
            ],
            Self::ReligiousSpiritual => {
                &["congregation", "clergy", "meditation", "prayer_group", "sweat_lodge"]
            }
            Self::HealthcareProvider => {
                &["primary_care", "psychiatrist", "therapist", "otp", "pharmacist", "dentist", "case_manager"]
            }
            Self::FriendsFamily => &[
                "partner", "parent", "sibling", "child", "relative", "friend", "coworker", "neighbor", "pet",
            ],
        }
    }
}

impl Kind {
    /// A group, or a place where people come together.
    pub fn is_group(self) -> bool {
        matches!(self, Self::Group | Self::Organization)
    }
}

impl UseStatus {
    /// Whether it was told at all.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Unknown | Self::Declined | Self::NotAsked | Self::DoesNotApply)
    }
}

impl Stance {
    /// Whether it was told at all.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Unknown | Self::Declined | Self::NotAsked)
    }
}

impl Contact {
    /// Whether it was told at all. A tie of unknown contact is in no count (domain reference 4.10).
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Unknown | Self::Declined | Self::NotAsked)
    }

    /// Daily or weekly contact; a group counts from two times in 30 days (domain reference 4.10).
    pub fn is_active(self, kind: Kind) -> bool {
        match self {
            Self::Daily | Self::Weekly => true,
            Self::TwoOrThreeAMonth => kind.is_group(),
            Self::Monthly | Self::NotThisMonth | Self::Unknown | Self::Declined | Self::NotAsked => false,
        }
    }
}

impl Nearness {
    /// The one stored as this number.
    pub fn of(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::LessClose),
            2 => Some(Self::Close),
            3 => Some(Self::Closest),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sub_code_belongs_to_one_category_and_has_words() {
        for code in SubCode::ALL {
            let homes = Category::ALL.iter().filter(|c| c.sub_codes().contains(&code.as_str())).count();
            assert_eq!(homes, 1, "{code} lives in {homes} categories");
        }
        for code in Category::ALL.iter().flat_map(|c| c.sub_codes()) {
            assert!(SubCode::parse(code).is_some_and(|c| !c.words().is_empty()), "{code} has no words");
        }
    }

    #[test]
    fn the_food_bank_twice_a_month_is_active_and_a_friend_twice_a_month_is_not() {
        assert!(Contact::TwoOrThreeAMonth.is_active(Kind::Group));
        assert!(!Contact::TwoOrThreeAMonth.is_active(Kind::Person));
        assert!(!Contact::Monthly.is_active(Kind::Group));
    }

    #[test]
    fn what_is_stored_reads_back_and_nothing_else_does() {
        for category in Category::ALL {
            assert_eq!(Category::parse(category.as_str()), Some(*category));
        }
        assert_eq!(Category::ALL.len(), 7);
        assert_eq!(Contact::parse("none"), Some(Contact::NotThisMonth));
        assert_eq!(Contact::parse("Weekly"), None);
        assert_eq!(Nearness::of(3).map(Nearness::words), Some("closest"));
        assert_eq!(Nearness::of(0), None);
    }
}
