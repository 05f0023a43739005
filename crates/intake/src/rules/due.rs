//! When something is due (service levels of the domain reference, 2.10): the first call within 15 minutes while someone
//! answers and within 60 outside of that, a referral decided within two office hours, a benefits check within two. The
//! clock waits for the hours the person allows; who may be in danger is called now, whatever any calendar says.

use chrono::TimeDelta;
use consent::rules::contact::Hours as Safe;
use foundation::{Faults, Instant, Zone};
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Hours};
use super::clock::{Clock, Stretch};
use super::danger_hours::OutsideHours;
use super::words::{Channel, Urgency};

/// How many minutes each thing may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// The first call, while someone answers.
    pub answering: u16,
    /// The first call, outside of that.
    pub otherwise: u16,
    /// The decision about a referral, in office hours.
    pub referral: u16,
    /// A benefits check, in office hours.
    pub benefits: u16,
    /// How far ahead the first time that is offered lies: nobody can be there in two minutes.
    #[serde(default = "usual_lead")]
    pub lead: u16,
}

/// What holds where no center said otherwise, also for targets that were saved before there was a lead.
const fn usual_lead() -> u16 {
    60
}

impl Default for Targets {
    fn default() -> Self {
        Self { answering: 15, otherwise: 60, referral: 120, benefits: 120, lead: usual_lead() }
    }
}

/// The fields of the targets with their words.
pub const TARGETS: [(&str, &str); 5] = [
    ("first_call", "First call while someone answers"),
    ("first_call_otherwise", "First call at other times"),
    ("referral", "Answer to a referral, in office hours"),
    ("benefits", "Benefits check, in office hours"),
    ("lead", "Lead time: the first appointment offered is at least this far ahead"),
];

impl Targets {
    /// Parses minutes, each from 1 to 5 days of office hours; a lead may be none at all.
    ///
    /// # Errors
    /// At each field that holds no such number.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let [answering, otherwise, referral, benefits, lead] = TARGETS.map(|(field, _)| {
            let least = u16::from(field != "lead");
            let minutes = text(field).trim().parse::<u16>().ok().filter(|n| (least..=2880).contains(n));
            minutes.unwrap_or_else(|| {
                faults.add(field, format!("Enter minutes as a number from {least} to 2880"));
                0
            })
        });
        faults.or(|| Self { answering, otherwise, referral, benefits, lead })
    }

    /// The minutes, in the order of [`TARGETS`].
    pub fn typed(&self) -> [String; 5] {
        [self.answering, self.otherwise, self.referral, self.benefits, self.lead].map(|n| n.to_string())
    }
}

/// The calendar of the center and what is due by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    pub calendar: Calendar,
    pub targets: Targets,
}

/// What of a request decides when it is due.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub at: Instant,
    pub channel: Channel,
    pub urgency: Urgency,
    /// The hours in which the caller may be called.
    pub safe: Option<&'a Safe>,
    /// Where the clock hangs by which the caller named them, when that is known.
    pub theirs: Option<Zone>,
    /// Whether these hours may be passed over while someone may be in danger.
    pub outside: Option<OutsideHours>,
    /// When we waited for them.
    pub pauses: &'a [Stretch],
}

impl<'a> Asked<'a> {
    /// The hours that hold: none where they said that danger comes before them.
    fn hours(&self) -> Option<&'a Safe> {
        self.safe.filter(|_| !OutsideHours::lifts(self.outside, self.urgency))
    }
}

impl Clocks {
    /// The clock that runs for a request of this channel. Who may be in danger waits for no office.
    pub fn clock<'a>(
        &'a self,
        zone: Zone,
        (channel, urgency): (Channel, Urgency),
        safe: Option<&'a Safe>,
    ) -> Clock<'a> {
        if waits_for_office(channel, urgency) {
            return Clock { office: Some((&self.calendar, Hours::Office)), ..Clock::of(zone, safe) };
        }
        Clock::of(zone, safe)
    }

    /// The moment by which someone who asked should have been called.
    pub fn first_call(&self, asked: Asked<'_>, zone: Zone) -> Instant {
        if asked.urgency == Urgency::Emergency {
            return asked.at;
        }
        let free = self.clock(zone, (asked.channel, asked.urgency), asked.hours()).read_in(asked.theirs);
        let minutes = match asked.channel {
            channel if waits_for_office(channel, asked.urgency) => self.targets.referral,
            _ if self.someone_answers(next(&free, asked.at), zone) => self.targets.answering,
            _ => self.targets.otherwise,
        };
        let clock = Clock { pauses: asked.pauses, ..free };
        after(&clock, asked.at, TimeDelta::minutes(i64::from(minutes)))
    }

    /// The moment before which whoever asked is told that we call: somebody answers here, and they allow it. Nothing where
    /// the two never meet; it is never earlier than [`Self::first_call`].
    pub fn promise(&self, asked: Asked<'_>, zone: Zone) -> Option<Instant> {
        let here = Some((&self.calendar, Hours::Answering));
        let clock = Clock {
            office: here,
            pauses: asked.pauses,
            ..Clock::of(zone, asked.hours()).read_in(asked.theirs)
        };
        let minutes = TimeDelta::minutes(i64::from(self.targets.answering));
        Some(clock.due(asked.at, minutes)?.max(self.first_call(asked, zone)))
    }

    /// The next moment at which someone answers.
    pub fn answers_next(&self, from: Instant, zone: Zone) -> Option<Instant> {
        Clock { office: Some((&self.calendar, Hours::Answering)), ..Clock::of(zone, None) }.next(from)
    }

    /// The moment by which a professional hears whether we can help.
    pub fn decision(&self, asked: Instant, zone: Zone) -> Instant {
        after(&self.office(zone), asked, TimeDelta::minutes(i64::from(self.targets.referral)))
    }

    /// The moment by which the center wants to know what a plan pays.
    pub fn benefits(&self, asked: Instant, zone: Zone) -> Instant {
        let target = TimeDelta::minutes(i64::from(self.targets.benefits));
        after(&self.office(zone), asked, target)
    }

    /// The clock of the office alone.
    pub fn office(&self, zone: Zone) -> Clock<'_> {
        Clock { office: Some((&self.calendar, Hours::Office)), ..Clock::of(zone, None) }
    }

    /// Whether someone answers at a moment.
    pub fn someone_answers(&self, at: Instant, zone: Zone) -> bool {
        Clock { office: Some((&self.calendar, Hours::Answering)), ..Clock::of(zone, None) }.is_running(at)
    }
}

fn waits_for_office(channel: Channel, urgency: Urgency) -> bool {
    channel == Channel::Referral && !urgency.is_pressing()
}

/// The moment at which so much of a clock has run. Where office and person never meet, the hours of the person count alone:
/// nobody is called against what they said, and nobody is never due.
pub fn after(clock: &Clock<'_>, from: Instant, target: TimeDelta) -> Instant {
    let due = clock.due(from, target).or_else(|| Clock { office: None, ..*clock }.due(from, target));
    due.unwrap_or(from + target)
}

fn next(clock: &Clock<'_>, from: Instant) -> Instant {
    clock.next(from).unwrap_or(from)
}

/// `from`, or the next moment at which `hours` allow a call. Whoever is called back is called back at any hour the person
/// allows: no calendar of the center puts that off.
pub fn next_allowed(from: Instant, zone: Zone, hours: &Safe) -> Instant {
    next(&Clock::of(zone, Some(hours)), from)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;
    use proptest::prelude::*;

    use super::super::calendar::Week;
    use super::*;

    const CHICAGO: Zone = chrono_tz::America::Chicago;

    fn moment(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn due_at(at: &str, safe: Option<&Safe>) -> Instant {
        due_by(&Clocks::default(), at, Channel::Web, safe)
    }

    fn due_by(clocks: &Clocks, at: &str, channel: Channel, safe: Option<&Safe>) -> Instant {
        let asked = Asked {
            at: moment(at),
            channel,
            urgency: Urgency::Routine,
            safe,
            theirs: None,
            outside: None,
            pauses: &[],
        };
        clocks.first_call(asked, CHICAGO)
    }

    #[test]
    fn jo_writes_at_ten_in_the_morning_and_is_called_within_fifteen_minutes() {
        // 10:12 in Chicago
        assert_eq!(due_at("2026-03-02T16:12:00Z", None), moment("2026-03-02T16:27:00Z"));
    }

    #[test]
    fn a_note_at_two_at_night_is_answered_within_the_hour() {
        assert_eq!(due_at("2026-03-02T08:00:00Z", None), moment("2026-03-02T09:00:00Z"));
    }

    #[test]
    fn nobody_is_called_before_the_hours_they_allow() {
        let hours = Safe::new(9, 16, true).unwrap();
        // Saturday 22:00 in Chicago: the next weekday hour is Monday 9:00.
        assert_eq!(due_at("2026-03-08T04:00:00Z", Some(&hours)), moment("2026-03-09T14:15:00Z"));
        // Within the hours nothing waits.
        assert_eq!(due_at("2026-03-02T16:12:00Z", Some(&hours)), moment("2026-03-02T16:27:00Z"));
        // Five minutes before they end: the other ten run when they begin again.
        assert_eq!(due_at("2026-03-02T21:55:00Z", Some(&hours)), moment("2026-03-03T15:10:00Z"));
    }

    #[test]
    fn the_night_the_clocks_change_is_no_exception() {
        // 8 March 2026, 2:00 does not exist in Chicago; hours from 2 begin at 3.
        let hours = Safe::new(2, 6, false).unwrap();
        assert_eq!(due_at("2026-03-08T07:00:00Z", Some(&hours)), moment("2026-03-08T09:00:00Z"));
    }

    #[test]
    fn on_a_holiday_the_first_call_has_the_hour_of_the_night_and_a_referral_waits_for_the_office() {
        let calendar =
            Calendar::with(Week::alike(480, 1200, 7), Week::alike(480, 1020, 5), "2026-03-02 Founding Day");
        let clocks = Clocks { calendar: calendar.unwrap(), targets: Targets::default() };
        let monday = "2026-03-02T16:12:00Z";
        assert_eq!(due_by(&clocks, monday, Channel::Web, None), moment("2026-03-02T17:12:00Z"));
        assert_eq!(due_by(&clocks, monday, Channel::Referral, None), moment("2026-03-03T16:00:00Z"));
    }

    #[test]
    fn a_referral_of_someone_who_can_be_called_at_night_only_is_still_due() {
        let night = Safe::new(20, 22, false).unwrap();
        let due = due_by(&Clocks::default(), "2026-03-02T16:12:00Z", Channel::Referral, Some(&night));
        assert_eq!(due, moment("2026-03-03T04:00:00Z"));
    }

    #[test]
    fn who_may_be_in_danger_is_due_now_on_any_day() {
        let calendar =
            Calendar::with(Week::alike(480, 1200, 7), Week::alike(480, 1020, 5), "2026-03-02 Founding Day");
        let clocks = Clocks { calendar: calendar.unwrap(), targets: Targets::default() };
        let (at, safe) = (moment("2026-03-02T16:12:00Z"), Safe::new(2, 3, true));
        for channel in Channel::ALL {
            let pauses = [(at, at + TimeDelta::hours(5))];
            let (channel, urgency) = (*channel, Urgency::Emergency);
            let asked = Asked {
                at,
                channel,
                urgency,
                safe: safe.as_ref(),
                theirs: None,
                outside: None,
                pauses: &pauses,
            };
            assert_eq!(clocks.first_call(asked, CHICAGO), at);
        }
    }

    fn promised(
        at: &str,
        urgency: Urgency,
        safe: Option<&Safe>,
        outside: Option<OutsideHours>,
    ) -> Option<Instant> {
        let asked = Asked {
            at: moment(at),
            channel: Channel::Web,
            urgency,
            safe,
            theirs: None,
            outside,
            pauses: &[],
        };
        Clocks::default().promise(asked, CHICAGO)
    }

    #[test]
    fn a_page_promises_only_when_somebody_is_here_and_they_allow_it() {
        let any = |at| promised(at, Urgency::Routine, None, None);
        // 10:12 in the morning; 2:40 at night; five minutes before the last one leaves.
        assert_eq!(any("2026-03-02T16:12:00Z"), Some(moment("2026-03-02T16:27:00Z")));
        assert_eq!(any("2026-03-03T08:40:00Z"), Some(moment("2026-03-03T14:15:00Z")));
        assert_eq!(any("2026-03-03T01:55:00Z"), Some(moment("2026-03-03T14:10:00Z")));
        // Hours in which nobody is here.
        let night = Safe::new(22, 24, false);
        assert_eq!(promised("2026-03-02T16:12:00Z", Urgency::Routine, night.as_ref(), None), None);
    }

    #[test]
    fn maria_in_danger_is_promised_what_she_allowed_and_never_what_is_past() {
        let (at, hours) = ("2026-03-02T19:39:00Z", Safe::new(14, 22, false));
        // 1:39 pm in Chicago: her hours begin at 2.
        let promise = |outside| promised(at, Urgency::Emergency, hours.as_ref(), outside);
        assert_eq!(promise(None), Some(moment("2026-03-02T20:15:00Z")));
        assert_eq!(promise(Some(OutsideHours::No)), Some(moment("2026-03-02T20:15:00Z")));
        assert_eq!(promise(Some(OutsideHours::Yes)), Some(moment("2026-03-02T19:54:00Z")));
    }

    #[test]
    fn a_hospital_that_is_not_sure_about_danger_is_called_as_soon_as_anyone() {
        let at = moment("2026-03-02T08:00:00Z");
        let asked = |urgency| Asked {
            at,
            channel: Channel::Referral,
            urgency,
            safe: None,
            theirs: None,
            outside: None,
            pauses: &[],
        };
        let clocks = Clocks::default();
        assert_eq!(clocks.first_call(asked(Urgency::Urgent), CHICAGO), at + TimeDelta::hours(1));
        assert_eq!(clocks.first_call(asked(Urgency::Routine), CHICAGO), clocks.decision(at, CHICAGO));
        assert!(clocks.decision(at, CHICAGO) > at + TimeDelta::hours(6));
    }

    #[test]
    fn targets_are_minutes() {
        let parse =
            |first: &'static str| Targets::parse(|field| if field == "first_call" { first } else { "60" });
        assert_eq!(parse("5").unwrap().answering, 5);
        for wrong in ["", "0", "-5", "2881", "ten", "1e3"] {
            assert_eq!(parse(wrong).unwrap_err().0[0].field, "first_call", "{wrong}");
        }
    }

    #[test]
    fn targets_that_were_saved_before_there_was_a_lead_have_the_usual_one() {
        let old = r#"{"answering":15,"otherwise":60,"referral":120,"benefits":120}"#;
        assert_eq!(serde_json::from_str::<Targets>(old).unwrap(), Targets::default());
        let none = Targets::parse(|field| if field == "lead" { "0" } else { "60" }).unwrap();
        assert_eq!(none.lead, 0);
    }

    proptest! {
        #[test]
        fn a_call_is_never_due_before_the_request_nor_outside_the_hours(
            minutes in 0i64..1_051_200, from in 0u8..23, length in 1u8..12, weekdays in any::<bool>()
        ) {
            let received = moment("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let hours = Safe::new(from, (from + length).min(24), weekdays).unwrap();
            let begins = next_allowed(received, CHICAGO, &hours);
            prop_assert!(begins >= received);
            prop_assert!(begins - received <= TimeDelta::days(4));
            let local = begins.with_timezone(&CHICAGO);
            prop_assert!(!(weekdays && matches!(local.weekday(), chrono::Weekday::Sat | chrono::Weekday::Sun)));
        }
    }
}
