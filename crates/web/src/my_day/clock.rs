//! A clock that jumped, told to those who look after the machine and to those who watch over the ledger.

use chrono::TimeDelta;
use foundation::acts::{Reach, reach_of};
use foundation::clock::jumping::{self, Jump};
use foundation::{Act, Actor, Error, Zone};

use crate::house::House;
use crate::inbox::when;

/// The jumps of the last week as sentences, newest first; none for whoever can do nothing about them.
pub(super) async fn jumps(house: &House, me: &Actor, zone: Zone) -> Result<Vec<String>, Error> {
    if [Act::ManageStaff, Act::ViewAudit].into_iter().all(|act| reach_of(me, act) == Reach::No) {
        return Ok(Vec::new());
    }
    let now = house.now();
    let jumps = jumping::lately(house.reader(), now).await?;
    Ok(jumps.iter().map(|jump| sentence(jump, &when(jump.at, now, zone))).collect())
}

fn sentence(jump: &Jump, when: &str) -> String {
    let way = if jump.by < TimeDelta::zero() { "back" } else { "ahead" };
    format!("It went {way} {} ({when}).", long(jump.by.abs()))
}

fn long(by: TimeDelta) -> String {
    let (n, one, many) = match by {
        by if by >= TimeDelta::days(2) => (by.num_days(), "day", "days"),
        by if by >= TimeDelta::hours(2) => (by.num_hours(), "hour", "hours"),
        by => (by.num_minutes(), "minute", "minutes"),
    };
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_told_as_people_say_it() {
        let at = "2026-03-02T12:00:00Z".parse().unwrap();
        let told = |by| sentence(&Jump { at, by }, "today at 6 am");
        assert_eq!(told(-TimeDelta::hours(3)), "It went back 3 hours (today at 6 am).");
        assert_eq!(told(TimeDelta::days(6)), "It went ahead 6 days (today at 6 am).");
        assert_eq!(told(-TimeDelta::minutes(90)), "It went back 90 minutes (today at 6 am).");
    }
}
