//! Kinds of substances, by what stopping or an overdose can do: the table of domain reference 2.5.

use foundation::Instant;

/// A substance as far as triage needs it: from the grid of the call sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    pub kind: Substance,
    /// Days of the last thirty.
    pub days: Option<u8>,
    pub last: Option<Instant>,
}

foundation::words! {
    /// Kinds of substances.
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

/// Daily use in the sense of triage: most days of the last thirty.
const DAILY: u8 = 20;

impl Use {
    /// Whether they used it most days, and so lately that stopping can still turn dangerous.
    pub(super) fn is_dangerous_to_stop(&self, now: Instant) -> bool {
        // When nobody knows when the last time was, it may have been yesterday.
        let lately = |days: i64| self.last.is_none_or(|at| (now - at).num_hours() <= days * 24);
        self.days.is_some_and(|days| days >= DAILY) && self.kind.days_of_danger().is_some_and(lately)
    }
}

impl Substance {
    /// When stopping is felt, what is dangerous, what the caller is told: the table of domain reference 2.5.
    pub const fn danger(self) -> Option<(&'static str, &'static str, &'static str)> {
        Some(match self {
            Self::Alcohol => (
                "Begins 6 to 24 hours after the last drink. Seizures mostly at 12 to 48 hours; confusion with fever at 48 to 96, and to day 5 and later.",
                "Seizure, confusion, seeing things, fever, heavy sweating with a fast pulse, severe shaking, repeated vomiting. Earlier seizures, many detoxes or sedatives make it likelier.",
                "Do not stop suddenly alone. It needs medical supervision; 911 for danger signs.",
            ),
            Self::Benzodiazepines => (
                "1 to 2 days for short-acting, 2 to 10 for long-acting ones; lasts weeks.",
                "Seizure, confusion, psychosis, thoughts of suicide.",
                "Never stop abruptly. Taper only with the prescriber.",
            ),
            Self::Ghb => ("Within hours, and fast.", "Confusion, seizure.", "Emergency department."),
            Self::Opioids => (
                "6 to 12 hours, 24 to 72 for methadone; worst on day 2 or 3.",
                "Overdose: hard to wake, slow or gurgling breath, pinpoint pupils, blue or gray lips. Stopping: dehydration, loss of a pregnancy, thoughts of suicide; afterwards the old amount can kill.",
                "Overdose: 911, naloxone, rescue breaths, naloxone again after 2 to 3 minutes, on their side, stay. Medication can start fast. Keep naloxone; do not use alone.",
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

    /// For how many days after the last time stopping daily use can turn dangerous. Sedatives count as long-acting ones:
    /// whoever takes pills from the street does not know which.
    const fn days_of_danger(self) -> Option<i64> {
        match self {
            Self::Alcohol | Self::Ghb => Some(7),
            Self::Benzodiazepines => Some(10),
            _ => None,
        }
    }
}
