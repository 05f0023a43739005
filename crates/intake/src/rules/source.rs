//! Where people come from: the kinds of the center, each in one group of the federal admission data set (domain reference
//! 2.1, 2.8), and what may be told of how many came from where. Nothing here knows money, on purpose (1.22).

use foundation::Instant;

foundation::words! {
    /// Where a request came from.
    pub enum SourceKind {
        Self_ = "self", "They came by themselves",
        Alum = "alum", "An alum",
        FamilyFriend = "family_friend", "Family or a friend",
        Hospital = "hospital", "Hospital or emergency department",
        Detox = "detox", "Detox or withdrawal management",
        Residential = "residential", "Residential program",
        Outpatient = "outpatient", "Outpatient program or therapist",
        Physician = "physician", "Primary care or psychiatry",
        OpioidProgram = "otp", "Opioid treatment program",
        Employer = "employer", "Employer, EAP or union",
        School = "school", "School or college",
        Court = "court", "Court, probation, parole or DUI program",
        ChildWelfare = "child_welfare", "Child welfare",
        RecoveryResidence = "recovery_residence", "Recovery residence",
        RecoveryCommunity = "recovery_community", "Recovery community or peer",
        CrisisLine = "crisis_line", "Crisis line or 988",
        Payer = "payer", "Health plan or case management",
        Faith = "faith", "Faith community",
        Event = "event", "Community event",
        WebSearch = "web_search", "Web search",
        Directory = "directory", "Directory",
        FindTreatment = "find_treatment", "FindTreatment.gov",
        Ad = "ad", "Advertisement",
        Other = "other", "Something else",
        Unknown = "unknown", "Not known",
    }
}

foundation::words! {
    /// The groups of the federal admission data set (TEDS).
    pub enum Teds {
        Individual = "individual", "Individual, with self and family",
        CriminalJustice = "criminal_justice", "Criminal justice or DUI",
        SudProvider = "sud_provider", "Substance use care provider",
        HealthProvider = "health_provider", "Other health care provider",
        School = "school", "School",
        Employer = "employer", "Employer or EAP",
        Community = "community", "Other community",
        NotKnown = "not_known", "Not known",
    }
}

impl SourceKind {
    /// The group it is counted in.
    pub const fn teds(self) -> Teds {
        match self {
            Self::Self_
            | Self::Alum
            | Self::FamilyFriend
            | Self::WebSearch
            | Self::Directory
            | Self::FindTreatment
            | Self::Ad => Teds::Individual,
            Self::Court => Teds::CriminalJustice,
            Self::Detox | Self::Residential | Self::Outpatient | Self::OpioidProgram => Teds::SudProvider,
            Self::Hospital | Self::Physician => Teds::HealthProvider,
            Self::School => Teds::School,
            Self::Employer => Teds::Employer,
            Self::ChildWelfare
            | Self::RecoveryResidence
            | Self::RecoveryCommunity
            | Self::CrisisLine
            | Self::Payer
            | Self::Faith
            | Self::Event => Teds::Community,
            Self::Other | Self::Unknown => Teds::NotKnown,
        }
    }

    /// Those an organization can be of.
    pub fn of_organizations() -> impl Iterator<Item = Self> {
        let nobody = [Self::Self_, Self::Alum, Self::FamilyFriend, Self::WebSearch, Self::Ad, Self::Unknown];
        Self::ALL.iter().copied().filter(move |kind| !nobody.contains(kind))
    }
}

foundation::words! {
    /// How it is known.
    pub enum TouchWay {
        SelfReported = "self_reported", "They said so: “How did you hear of us?”",
        FirstTouch = "first_touch", "The first time they met us",
        Professional = "professional_referrer", "A professional sent them",
    }
}

foundation::words! {
    /// How an organization or a contact likes to be reached.
    pub enum Preferred {
        Phone = "phone", "By phone",
        Email = "email", "By e-mail",
        Fax = "fax", "By fax",
    }
}

/// What came from somewhere: the moment of each request and of the admission it became.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Came {
    pub inquiries: usize,
    pub admissions: usize,
    /// Half of those who were admitted waited so many days or less.
    pub median_days: Option<i64>,
}

impl Came {
    /// Counts requests as `(received, became a client)`.
    pub fn of(requests: &[(Instant, Option<Instant>)]) -> Self {
        let mut days: Vec<i64> =
            requests.iter().filter_map(|(from, to)| to.map(|to| (to - *from).num_days().max(0))).collect();
        days.sort_unstable();
        let middle = days.len().checked_sub(1).map(|last| last / 2);
        Self {
            inquiries: requests.len(),
            admissions: days.len(),
            median_days: middle.and_then(|at| days.get(at)).copied(),
        }
    }

    /// As it may be told to someone who may not open the requests behind it: of so few that one could guess who it was,
    /// only that they are few.
    #[must_use]
    pub fn told(self, opens_requests: bool) -> Told {
        let count = |n: usize| if opens_requests || n >= FEW { n.to_string() } else { few() };
        let tells = opens_requests || self.admissions >= FEW;
        Told {
            inquiries: count(self.inquiries),
            admissions: count(self.admissions),
            days: match self.median_days.filter(|_| tells) {
                Some(1) => "1 day".into(),
                Some(days) => format!("{days} days"),
                None => "–".into(),
            },
        }
    }
}

/// Fewer than this could be told apart by name.
const FEW: usize = 5;

fn few() -> String {
    format!("fewer than {FEW}")
}

/// Numbers in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub inquiries: String,
    pub admissions: String,
    pub days: String,
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn every_kind_is_in_one_federal_group_and_every_group_has_a_kind() {
        for group in Teds::ALL {
            assert!(SourceKind::ALL.iter().any(|kind| kind.teds() == *group), "{group} is empty");
        }
        assert_eq!(SourceKind::ALL.len(), 25);
        assert_eq!(SourceKind::Court.teds(), Teds::CriminalJustice);
        assert_eq!(SourceKind::Hospital.teds(), Teds::HealthProvider);
        assert_eq!(SourceKind::of_organizations().count(), 19);
    }

    #[test]
    fn the_median_is_of_those_who_came_in_and_nobody_is_no_number() {
        let monday: Instant = "2026-03-02T15:00:00Z".parse().unwrap();
        let after = |days: i64| (monday, Some(monday + TimeDelta::days(days)));
        let came = Came::of(&[after(4), after(1), (monday, None), after(9)]);
        assert_eq!(came, Came { inquiries: 4, admissions: 3, median_days: Some(4) });
        assert_eq!(Came::of(&[(monday, None)]).median_days, None);
    }

    #[test]
    fn who_may_not_open_the_requests_cannot_tell_one_person_from_the_numbers() {
        let few = Came { inquiries: 7, admissions: 1, median_days: Some(2) };
        let told = few.told(false);
        assert_eq!(
            (told.inquiries.as_str(), told.admissions.as_str(), told.days.as_str()),
            ("7", "fewer than 5", "–")
        );
        // None is told like few: else the next one who comes would be seen.
        assert_eq!(Came::default().told(false).inquiries, "fewer than 5");
        assert_eq!(few.told(true).admissions, "1");
    }
}
