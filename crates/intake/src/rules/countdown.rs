//! How the clock of a first call stands at a moment, for the row and the page: late, so much left, or paused and why.

use chrono::TimeDelta;
use foundation::Instant;

use super::clock::Clock;
use super::waiting::WhyWaiting;

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Countdown {
    /// The next word is theirs, until a moment at most.
    Waits(WhyWaiting, Instant),
    /// It is late since then.
    Late(Instant),
    /// They may not be called, or the office does not work, until then.
    Rests(Instant),
    /// So much of its time is left.
    Left(TimeDelta),
}

/// How it stands at a moment. Whoever is waited for is not late; what is late does not rest.
pub fn countdown(
    clock: &Clock<'_>,
    waits: Option<(WhyWaiting, Instant)>,
    due: Instant,
    now: Instant,
) -> Countdown {
    if let Some((why, until)) = waits.filter(|(_, until)| *until > now) {
        return Countdown::Waits(why, until);
    }
    if due <= now {
        return Countdown::Late(due);
    }
    match clock.next(now) {
        Some(again) if again > now => Countdown::Rests(again),
        _ => Countdown::Left(clock.elapsed(now, due)),
    }
}

/// "waits for Jo’s call": whose next word it is.
pub fn awaited(why: WhyWaiting, name: &str) -> String {
    let first = clients::person::plain(name);
    match first.split(' ').next().filter(|first| !first.is_empty()) {
        Some(first) if first.ends_with('s') => format!("waits for {first}’ {}", why.awaited()),
        Some(first) => format!("waits for {first}’s {}", why.awaited()),
        None => format!("waits for their {}", why.awaited()),
    }
}

#[cfg(test)]
mod tests {
    use consent::rules::contact::Hours;

    use super::*;

    fn moment(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn it_says_what_the_clock_does_and_why() {
        let hours = Hours::new(9, 16, true);
        let clock = Clock::of(chrono_tz::America::Chicago, hours.as_ref());
        let (due, now) = (moment("2026-03-03T15:05:00Z"), moment("2026-03-02T21:50:00Z"));
        assert_eq!(countdown(&clock, None, due, now), Countdown::Left(TimeDelta::minutes(15)));
        let night = moment("2026-03-03T03:00:00Z");
        assert_eq!(countdown(&clock, None, due, night), Countdown::Rests(moment("2026-03-03T15:00:00Z")));
        assert_eq!(countdown(&clock, None, due, due), Countdown::Late(due));
        let waits = Some((WhyWaiting::TheyCallBack, night));
        assert_eq!(countdown(&clock, waits, now, now), Countdown::Waits(WhyWaiting::TheyCallBack, night));
        assert_eq!(countdown(&clock, waits, due, night), Countdown::Rests(moment("2026-03-03T15:00:00Z")));
    }

    #[test]
    fn whose_word_it_is_is_said_by_name() {
        let awaited = |name| awaited(WhyWaiting::TheyCallBack, name);
        assert_eq!(awaited("Ana Ruiz"), "waits for Ana’s call");
        assert_eq!(awaited("Luis"), "waits for Luis’ call");
        assert_eq!(awaited(""), "waits for their call");
    }
}
