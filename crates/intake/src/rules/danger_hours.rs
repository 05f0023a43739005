//! Somebody may be in danger, and they said in which hours they may be called. Which of the two counts is theirs to say: it
//! is asked on the form, and where nobody asked, the stricter counts and staff see that the two stand against each other.

use consent::rules::contact::Hours;
use foundation::{Instant, Zone};

use super::due::next_allowed;
use super::words::Urgency;

foundation::words! {
    /// Whether they may be called outside their hours while someone may be in danger.
    pub enum OutsideHours {
        Yes = "yes", "Yes, while someone may be in danger",
        No = "no", "No, only in these hours",
    }
}

impl OutsideHours {
    /// Whether they said yes, and somebody may be in danger: then their hours hold nobody back.
    pub fn lifts(said: Option<Self>, urgency: Urgency) -> bool {
        said == Some(Self::Yes) && urgency.is_pressing()
    }
}

/// How danger and hours stand to each other for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DangerHours {
    /// "2 pm to 10 pm".
    pub hours: String,
    pub said: Option<OutsideHours>,
    /// From when on they may be called, when that is not now.
    pub not_before: Option<Instant>,
}

impl DangerHours {
    /// Nothing when nobody may be in danger, or when they may be called at any time.
    pub fn of(
        (urgency, said): (Urgency, Option<OutsideHours>),
        hours: Option<&Hours>,
        now: Instant,
        zone: Zone,
    ) -> Option<Self> {
        let hours = hours.filter(|_| urgency.is_pressing())?;
        let next = next_allowed(now, zone, hours);
        let not_before = (next > now && said != Some(OutsideHours::Yes)).then_some(next);
        Some(Self { hours: hours.words(), said, not_before })
    }

    /// What they said, as one sentence.
    pub fn what_they_said(&self) -> String {
        let hours = &self.hours;
        match self.said {
            Some(OutsideHours::Yes) => {
                format!("They allow calls {hours}. While someone may be in danger, also outside these hours.")
            }
            Some(OutsideHours::No) => {
                format!(
                    "They allow calls {hours}. They said no to calls outside these hours, also in danger."
                )
            }
            None => format!("They allow calls {hours}. Nobody asked about calls outside these hours."),
        }
    }

    /// What staff do; `when` says a moment as the page does.
    pub fn rule(&self, when: impl Fn(Instant) -> String) -> String {
        match self.not_before {
            None => "Call now.".to_owned(),
            Some(at) => format!(
                "Do not call, text or leave a message before {}. If you think a life is in danger now, ask your supervisor at once: \
                 911 can look in on them if you know where they are.",
                when(at)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maria_is_in_danger_and_allows_calls_from_two_to_ten() {
        let zone = chrono_tz::America::New_York;
        let hours = Hours::new(14, 22, false).unwrap();
        // 1:39 pm and 2:10 pm of a Monday in March.
        let before: Instant = "2026-03-02T18:39:00Z".parse().unwrap();
        let within: Instant = "2026-03-02T19:10:00Z".parse().unwrap();
        let two: Instant = "2026-03-02T19:00:00Z".parse().unwrap();
        let of = |said, now| DangerHours::of((Urgency::Emergency, said), Some(&hours), now, zone).unwrap();
        for said in [None, Some(OutsideHours::No)] {
            assert_eq!(of(said, before).not_before, Some(two), "the stricter counts");
            assert!(of(said, before).rule(|_| "2:00 pm".into()).starts_with("Do not call, text or leave"));
            assert_eq!(of(said, within).not_before, None);
        }
        let yes = of(Some(OutsideHours::Yes), before);
        assert_eq!((yes.not_before, yes.rule(|_| String::new()).as_str()), (None, "Call now."));
        assert!(yes.what_they_said().contains("also outside these hours"));
        // Nobody is in danger, or there are no hours: nothing stands against anything.
        assert_eq!(DangerHours::of((Urgency::Routine, None), Some(&hours), before, zone), None);
        assert_eq!(DangerHours::of((Urgency::Emergency, None), None, before, zone), None);
    }
}
