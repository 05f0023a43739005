//! From the clock on the wall to moments: which stretches of time a span of a date is, also on the nights on which clocks
//! change.

use chrono::{NaiveTime, Offset, TimeDelta, TimeZone};

use super::Span;
use crate::clock::{Day, Instant, Zone};

/// A stretch of time: from its first moment until just before its last one.
pub type Stretch = (Instant, Instant);

/// The stretches in which the clock on the wall shows a span of a date: one on most days, none or two, or a longer or a
/// shorter one, when clocks change on it.
pub fn stretches(date: Day, span: Span, zone: Zone) -> impl Iterator<Item = Stretch> {
    let midnight = date.and_time(NaiveTime::MIN).and_utc();
    let (before, after) = (midnight - TimeDelta::days(1), midnight + TimeDelta::days(2));
    let (old, new) = (offset(before, zone), offset(after, zone));
    let at = |minute: u16, offset: TimeDelta| midnight + TimeDelta::minutes(i64::from(minute)) - offset;
    let [first, second] = if old == new {
        let whole = (at(span.from, old), at(span.until, old));
        [whole, (whole.1, whole.1)]
    } else {
        let change = change(before, after, zone);
        [
            (at(span.from, old), at(span.until, old).min(change)),
            (at(span.from, new).max(change), at(span.until, new)),
        ]
    };
    [first, second].into_iter().filter(|(begins, ends)| begins < ends)
}

fn offset(at: Instant, zone: Zone) -> TimeDelta {
    TimeDelta::seconds(i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()))
}

/// The moment between two at which the clocks of a zone change.
fn change(mut before: Instant, mut after: Instant, zone: Zone) -> Instant {
    let old = offset(before, zone);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if offset(middle, zone) == old { before = middle } else { after = middle }
    }
    after
}
