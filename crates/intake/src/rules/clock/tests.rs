//! The laws of the clock: it agrees with somebody who looks at the wall every minute, it adds up, and due and elapsed
//! are each other's inverse.

use chrono::{NaiveTime, Timelike};
use proptest::prelude::*;

use super::super::calendar::{DAY, Week};
use super::*;

const ZONES: [Zone; 8] = [
    chrono_tz::America::Chicago,
    chrono_tz::America::New_York,
    chrono_tz::America::Phoenix,
    chrono_tz::Pacific::Honolulu,
    chrono_tz::America::Havana,
    chrono_tz::Australia::Lord_Howe,
    chrono_tz::Europe::London,
    chrono_tz::Africa::Casablanca,
];

/// The weeks around which clocks change somewhere, and the others of two years.
fn moments() -> impl Strategy<Value = Instant> {
    let start: Instant = "2026-01-01T00:00:00Z".parse().unwrap();
    let around = prop_oneof![
        3 => (0i64..730 * 1440).boxed(),
        // 8 March and 1 November 2026, 29 March and 25 October 2026, 5 April 2026.
        2 => prop_oneof![Just(66i64), Just(304), Just(87), Just(297), Just(94)]
            .prop_flat_map(|day| (day - 1) * 1440..(day + 2) * 1440)
            .boxed(),
    ];
    around.prop_map(move |minutes| start + TimeDelta::minutes(minutes))
}

fn spans() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(String::new()),
        3 => (0u16..DAY - 1).prop_flat_map(|from| (Just(from), from + 1..=DAY)).prop_map(|(a, b)| clocks(a, b)),
        2 => Just("8-12, 13-17".to_owned()),
        1 => Just("0-24".to_owned()),
        1 => Just("0-2:30, 22-24".to_owned()),
    ]
}

fn clocks(from: u16, until: u16) -> String {
    format!("{}:{:02}-{}:{:02}", from / 60, from % 60, until / 60, until % 60)
}

fn calendars() -> impl Strategy<Value = Calendar> {
    (prop::collection::vec(spans(), 7), prop::collection::vec(0u64..730, 0..40)).prop_map(
        |(days, holidays)| {
            let of = |field: &str| {
                let at = super::super::calendar::DAYS.iter().position(|(short, _)| field.ends_with(short));
                days[at.unwrap()].as_str()
            };
            let first: Day = "2026-01-01".parse().unwrap();
            let lines: Vec<String> =
                holidays.iter().map(|ahead| format!("{} A day off", first + Days::new(*ahead))).collect();
            let week = Week::parse("h", of).unwrap();
            let week = if week.is_empty() { Week::alike(540, 1020, 5) } else { week };
            Calendar::with(week.clone(), week, &lines.join("\n")).unwrap()
        },
    )
}

fn safe() -> impl Strategy<Value = Option<Safe>> {
    prop::option::of(
        (0u8..24, 1u8..25, any::<bool>())
            .prop_map(|(from, length, weekdays)| Safe::new(from, (from + length).min(24), weekdays).unwrap()),
    )
}

fn pauses() -> impl Strategy<Value = Vec<Stretch>> {
    prop::collection::vec((moments(), 0i64..4000), 0..3).prop_map(|all| {
        all.into_iter().map(|(from, minutes)| (from, from + TimeDelta::minutes(minutes))).collect()
    })
}

/// Whether the clock runs, as somebody sees it who looks at the wall, the calendar and the card of the person.
fn looks(clock: &Clock<'_>, at: Instant) -> bool {
    let wall = at.with_timezone(&clock.zone);
    let minute = u16::try_from(wall.hour() * 60 + wall.minute()).unwrap();
    let in_office = clock.office.is_none_or(|(calendar, hours)| {
        let spans = calendar.spans(hours, wall.date_naive());
        spans.iter().any(|span| (span.from..span.until).contains(&minute))
    });
    let is_safe = clock.safe.is_none_or(|safe| {
        let weekend = matches!(wall.weekday(), Weekday::Sat | Weekday::Sun);
        (safe.from..safe.until).contains(&u8::try_from(wall.hour()).unwrap())
            && !(safe.weekdays_only && weekend)
    });
    in_office && is_safe && !clock.pauses.iter().any(|(from, until)| (*from..*until).contains(&at))
}

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Gaps, overlaps, holidays, pauses: every minute counts once when the wall shows an open hour, and never else.
    #[test]
    fn it_agrees_with_whoever_looks_at_the_wall_every_minute(
        zone in prop::sample::select(&ZONES[..]), calendar in calendars(), safe in safe(), pauses in pauses(),
        from in moments(), length in 0i64..4 * 1440
    ) {
        let clock = Clock { zone, office: Some((&calendar, Hours::Office)), safe: safe.as_ref(), theirs: None, pauses: &pauses };
        let counted = (0..length).filter(|n| looks(&clock, from + minutes(*n))).count();
        prop_assert_eq!(clock.elapsed(from, from + minutes(length)).num_minutes(), i64::try_from(counted).unwrap());
        prop_assert_eq!(clock.is_running(from), looks(&clock, from));
    }

    #[test]
    fn it_never_runs_backwards_and_adds_up_wherever_it_is_cut(
        zone in prop::sample::select(&ZONES[..]), calendar in calendars(), safe in safe(), pauses in pauses(),
        from in moments(), a in 0i64..9000, b in 0i64..9000
    ) {
        let clock = Clock { zone, office: Some((&calendar, Hours::Answering)), safe: safe.as_ref(), theirs: None, pauses: &pauses };
        let (middle, end) = (from + minutes(a), from + minutes(a + b));
        let whole = clock.elapsed(from, end);
        prop_assert!(clock.elapsed(from, middle) <= whole && whole <= minutes(a + b));
        prop_assert_eq!(clock.elapsed(from, middle) + clock.elapsed(middle, end), whole);
        prop_assert_eq!(clock.elapsed(end, from), TimeDelta::zero());
    }

    #[test]
    fn due_and_elapsed_are_each_others_inverse(
        zone in prop::sample::select(&ZONES[..]), calendar in calendars(), safe in safe(), pauses in pauses(),
        from in moments(), target in 1i64..3000, sooner in 1i64..3000
    ) {
        let clock = Clock { zone, office: Some((&calendar, Hours::Office)), safe: safe.as_ref(), theirs: None, pauses: &pauses };
        if let Some(due) = clock.due(from, minutes(target)) {
            prop_assert_eq!(clock.elapsed(from, due), minutes(target));
            // It ran until the very moment at which it is due, and what is due sooner is due before.
            prop_assert!(clock.elapsed(due - TimeDelta::milliseconds(1), due) > TimeDelta::zero());
            let earlier = clock.due(from, minutes(sooner.min(target))).unwrap();
            prop_assert!(earlier <= due);
            prop_assert_eq!(clock.due(earlier, minutes(target - sooner.min(target))).map(|at| at.max(due)), Some(
                if sooner < target { due } else { clock.next(earlier).unwrap().max(due) }
            ));
        }
    }

    #[test]
    fn a_pause_puts_it_off_by_exactly_what_would_have_run(
        zone in prop::sample::select(&ZONES[..]), calendar in calendars(), safe in safe(),
        from in moments(), target in 1i64..1000, begins in 0i64..5000, length in 0i64..5000
    ) {
        let free = Clock { zone, office: Some((&calendar, Hours::Office)), safe: safe.as_ref(), theirs: None, pauses: &[] };
        let pause = [(from + minutes(begins), from + minutes(begins + length))];
        let held = Clock { pauses: &pause, ..free };
        if let (Some(due), Some(later)) = (free.due(from, minutes(target)), held.due(from, minutes(target))) {
            prop_assert!(later >= due);
            prop_assert_eq!(free.elapsed(due, later), free.elapsed(pause[0].0, pause[0].1.min(later).max(pause[0].0)));
            // What is kept in the table: what is left when the pause begins runs from its end on.
            if due > pause[0].0 {
                let left = free.elapsed(pause[0].0, due);
                prop_assert_eq!(free.due(pause[0].1, left), Some(later));
            }
        }
    }

    #[test]
    fn a_holiday_never_runs(
        zone in prop::sample::select(&ZONES[..]), calendar in calendars(), day in 0u64..730
    ) {
        let first: Day = "2026-01-01".parse().unwrap();
        let day = first + Days::new(day);
        let off = Calendar::with(calendar.answering.clone(), calendar.office.clone(), &format!("{day} Off")).unwrap();
        let clock = Clock { zone, office: Some((&off, Hours::Office)), safe: None, theirs: None, pauses: &[] };
        let noon = Clock::of(zone, None).due(day.and_time(NaiveTime::MIN).and_utc() - minutes(1440), minutes(1)).unwrap();
        for n in 0..60 {
            let at = noon + minutes(n * 60);
            prop_assert!(at.with_timezone(&zone).date_naive() != day || !clock.is_running(at));
        }
    }
}

#[test]
fn a_day_has_the_hours_its_clocks_give_it() {
    let hours = |zone: Zone, day: &str| {
        let date: Day = day.parse().unwrap();
        stretches(date, Span::WHOLE, zone).map(|(a, b)| b - a).sum::<TimeDelta>().num_minutes()
    };
    assert_eq!(hours(chrono_tz::America::Chicago, "2026-03-08"), 23 * 60);
    assert_eq!(hours(chrono_tz::America::Chicago, "2026-11-01"), 25 * 60);
    assert_eq!(hours(chrono_tz::America::Chicago, "2026-07-04"), 24 * 60);
    // Half an hour on Lord Howe Island; a day that never was on Samoa.
    assert_eq!(hours(chrono_tz::Australia::Lord_Howe, "2026-04-05"), 24 * 60 + 30);
    assert_eq!(hours(chrono_tz::Pacific::Apia, "2011-12-30"), 0);
}

/// Ana calls from Honolulu and named ten to four; the office in Chicago works nine to five.
#[test]
fn hours_are_read_by_the_clock_of_whoever_named_them() {
    let calendar = Calendar::default();
    let hours = Safe::new(10, 16, false).unwrap();
    let clock = Clock {
        office: Some((&calendar, Hours::Office)),
        ..Clock::of(chrono_tz::America::Chicago, Some(&hours)).read_in(Some(chrono_tz::Pacific::Honolulu))
    };
    // Monday 2 March 2026, 11 am in Chicago, is 7 am there; at ten there it is two here.
    let morning = "2026-03-02T17:00:00Z".parse().unwrap();
    assert_eq!(clock.next(morning), Some("2026-03-02T20:00:00Z".parse().unwrap()));
    assert!(!clock.is_running(morning));
    // Without an office the hours run on into our evening.
    let free = Clock { office: None, ..clock };
    let evening = "2026-03-03T01:30:00Z".parse().unwrap();
    assert!(free.is_running(evening), "3:30 pm there");
    assert_eq!(
        free.next("2026-03-03T02:00:00Z".parse().unwrap()),
        Some("2026-03-03T20:00:00Z".parse().unwrap())
    );
}
