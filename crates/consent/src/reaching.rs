//! How a person can be reached, read once for a page: the numbers and addresses, and what was said about using them.

use std::collections::{HashMap, HashSet};

use foundation::{Day, Error, Faults, Instant, PersonId, Zone};
use sea_orm::ConnectionTrait;

use crate::carried;
use crate::contact_override;
use crate::contact_point::{self, ContactPoint, ContactPointId, Kind, NewContactPoint};
use crate::contact_rules::{self, ContactRules, Risk, SafeContactCard};
use crate::rules::area_code::zones_of;
use crate::rules::contact::{Hours, Permission};
use crate::rules::quiet_hours::{self, Whereabouts, WhyNow};
use crate::suppression::{self, Suppression};

/// That a person died, as far as whoever would reach them must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownDeath {
    pub recorded_at: Instant,
    /// The day of it, if it is known.
    pub on: Option<Day>,
}

/// The contact points in use, oldest first, and the rules, when somebody asked for them; whether the person died, and
/// whether nobody writes to the address that letters would go to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaching {
    pub points: Vec<ContactPoint>,
    /// What was said for this person. What holds may be stricter: see [`Reaching::rules_to_call`].
    pub rules: Option<ContactRules>,
    pub death: Option<KnownDeath>,
    pub suppressed: Option<Suppression>,
    /// What was said in a request that was merged into one of theirs, and not settled since.
    also: Vec<Also>,
    /// The zone they live in, when they told us.
    lives_in: Option<Zone>,
}

/// The card of somebody whose request goes on in this person's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Also {
    rules: Option<ContactRules>,
    points: Vec<ContactPoint>,
}

impl Reaching {
    /// How this person can be reached.
    pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Self, Error> {
        let points = contact_point::of(reader, person).await?;
        let suppressed = match contact_point::to_write_to(&points) {
            Some(address) => suppression::find(reader, &address.folded).await?,
            None => None,
        };
        let rules = contact_rules::of(reader, person).await?;
        let also = unsettled(reader, person, rules.as_ref()).await?;
        let death = carried::death(reader, person).await?;
        let lives_in = carried::zone(reader, person).await?;
        Ok(Self { points, rules, death, suppressed, also, lives_in })
    }

    /// How those of these people can be reached of whom more was said than one set of rules: of one number alone, or in a
    /// request that was merged into theirs. Of most nothing was.
    pub async fn of_particular(
        reader: &impl ConnectionTrait,
        people: impl IntoIterator<Item = PersonId>,
    ) -> Result<HashMap<PersonId, Self>, Error> {
        let people: Vec<PersonId> = people.into_iter().collect();
        let mut particular: HashSet<PersonId> =
            contact_point::particular(reader, people.clone()).await?.into_iter().collect();
        particular.extend(carried::with_merged(reader, people).await?);
        let mut all = HashMap::with_capacity(particular.len());
        for person in particular {
            all.insert(person, Self::of(reader, person).await?);
        }
        Ok(all)
    }

    /// The same, with a number that was said on the phone a minute ago and stands on no record yet.
    #[must_use]
    pub fn with_number(mut self, person: PersonId, number: &str, now: Instant) -> Self {
        let Ok(new) = NewContactPoint::phone(number) else { return self };
        if !self.points.iter().any(|point| point.folded == new.folded()) {
            self.points.insert(0, new.unsaved(person, now));
        }
        self
    }

    /// The number to call, as typed: of those that were not refused, the one that is known longest. Nobody calls someone
    /// who died.
    pub fn phone(&self) -> Option<&str> {
        self.number().map(|point| point.value.as_str())
    }

    /// The number somebody may dial: none after a no. What was said long ago is asked again first, see [`Self::is_stale`].
    pub fn number_to_dial(&self) -> Option<&str> {
        let rules = self.rules_to_call();
        let is_refused =
            rules.is_some_and(|rules| rules.do_not_contact_at.is_some() || rules.call == Permission::Never);
        if is_refused { None } else { self.phone() }
    }

    /// The same with its key: a try that finds it is not theirs anymore ends this one.
    pub fn number(&self) -> Option<&ContactPoint> {
        if self.death.is_some() {
            return None;
        }
        let mut numbers = self.points.iter().filter(|point| point.kind == Kind::Phone);
        let may_be_called = |point: &&ContactPoint| match self.rules_at(point) {
            Some(rules) => rules.call != Permission::Never,
            None => !point.is_refused(),
        };
        numbers.clone().find(may_be_called).or_else(|| numbers.next())
    }

    /// A number or address as a page may show it. Nobody dials by what was said long ago before they say that they ask
    /// first: until then only the card has the number.
    pub fn written(&self, point: &ContactPoint, now: Instant) -> String {
        if point.kind == Kind::Email || !self.is_stale(now) {
            return point.value.clone();
        }
        let before_the_last = point.folded.chars().count().saturating_sub(4);
        format!("ends in {}", point.folded.chars().skip(before_the_last).collect::<String>())
    }

    /// The address letters go to.
    pub fn email(&self) -> Option<&ContactPoint> {
        contact_point::to_write_to(&self.points)
    }

    /// The hours in which the person may be called at the number to call.
    pub fn hours(&self) -> Option<Hours> {
        self.rules_to_call().and_then(|rules| rules.call_hours.0)
    }

    /// The rules as they hold for the person: of two merged cards each answer the stricter, until somebody asks again.
    fn holding(&self) -> Option<ContactRules> {
        let said = self.also.iter().filter_map(|also| also.rules.as_ref());
        said.fold(self.rules.clone(), |own, theirs| {
            Some(match own {
                Some(own) => contact_rules::stricter(own, theirs),
                None => contact_rules::stricter_than_nothing(theirs),
            })
        })
    }

    /// The rules as they hold at one number or address.
    fn rules_at(&self, point: &ContactPoint) -> Option<ContactRules> {
        let same = |other: &&ContactPoint| other.kind == point.kind && other.folded == point.folded;
        let theirs = self.also.iter().flat_map(|also| also.points.iter().filter(same));
        let here = contact_rules::at_point(self.holding()?, point);
        Some(theirs.fold(here, contact_rules::at_point))
    }

    /// The rules as they hold at the number to call.
    pub fn rules_to_call(&self) -> Option<ContactRules> {
        match self.number() {
            Some(number) => self.rules_at(number),
            None => self.holding(),
        }
    }

    /// The rules as they hold at a number of theirs, or at the number to call when nobody says which.
    pub(crate) fn rules_to_reach(&self, number: Option<ContactPointId>) -> Option<ContactRules> {
        match number.and_then(|id| self.points.iter().find(|point| point.id == id)) {
            Some(point) => self.rules_at(point),
            None => self.rules_to_call(),
        }
    }

    /// Whether a moment lies in the hours they named, by the clock on their own wall.
    pub(crate) fn is_named_hour(&self, hours: Option<&Hours>, at: Instant) -> bool {
        quiet_hours::is_safe_hour(hours, &self.whereabouts(), at)
    }

    /// The rules as they hold at the address letters go to.
    fn rules_to_write(&self) -> Option<ContactRules> {
        match self.email() {
            Some(address) => self.rules_at(address),
            None => self.holding(),
        }
    }

    /// Whether letters may go to the address they would go to.
    pub(crate) fn email_permission(&self) -> Permission {
        self.rules_to_write().map_or(Permission::NotAsked, |rules| rules.email)
    }

    /// Whether what is safe at the address was said so long ago that it is asked again before a letter goes there.
    pub(crate) fn email_is_stale(&self, now: Instant) -> bool {
        self.rules_to_write().is_some_and(|rules| contact_rules::is_stale(rules.captured_at, now))
    }

    /// Whether somebody else may read what comes to the address. That one address is theirs alone is said at the address.
    pub(crate) fn others_read_mail(&self) -> bool {
        let alone =
            |point: &ContactPoint| point.own_rules.as_ref().is_some_and(|own| own.may_use == Permission::Ok);
        !self.email().is_some_and(alone)
            && self.rules_to_write().is_some_and(|rules| !rules.risks.0.is_empty())
    }

    /// Whether they asked not to be contacted, here or in a request that goes on here.
    pub(crate) fn refuses_all(&self) -> bool {
        self.holding().is_some_and(|rules| rules.do_not_contact_at.is_some())
    }

    /// The clock on their own wall, as far as anybody knows: where they live, or where their number is from.
    pub fn zone(&self) -> Option<Zone> {
        let known = self.whereabouts();
        known.address.or_else(|| known.area_code.first().copied())
    }

    /// Where the person is, as far as the number to call and what they told us say.
    fn whereabouts(&self) -> Whereabouts {
        let area_code = self.number().map(|number| zones_of(&number.folded)).unwrap_or_default();
        Whereabouts { address: self.lives_in, area_code }
    }

    /// Whether a letter that we begin may come now: inside the hours they named.
    pub(crate) fn is_safe_hour(&self, now: Instant) -> bool {
        quiet_hours::is_safe_hour(self.hours().as_ref(), &self.whereabouts(), now)
    }

    /// From when on it may.
    pub(crate) fn next_safe(&self, now: Instant) -> Option<Instant> {
        quiet_hours::next_safe(self.hours().as_ref(), &self.whereabouts(), now)
    }

    /// Why nobody should call now: the hour where they are, or the hours they named. `None` at a good hour, and where there
    /// is no number to dial.
    pub fn why_not_now(&self, now: Instant) -> Option<String> {
        self.number()?;
        quiet_hours::why_not_now(&self.whereabouts(), self.hours().as_ref(), now)
    }

    /// The first good hour for a call from `at` on; `at` itself when none is known to be better.
    pub fn next_to_ring(&self, at: Instant) -> Instant {
        if self.number().is_none() {
            return at;
        }
        quiet_hours::next_to_ring(&self.whereabouts(), self.hours().as_ref(), at).unwrap_or(at)
    }

    /// Who else may listen or read, here or in a request that goes on here.
    pub(crate) fn risks(&self) -> Vec<Risk> {
        self.holding().map(|rules| rules.risks.0).unwrap_or_default()
    }

    /// Whether two merged cards say different things and nobody has asked since which one holds.
    pub fn is_unsettled(&self) -> bool {
        self.also.iter().any(|also| also.rules.is_some())
    }

    /// As this person alone said it, without what was said in requests that were merged into theirs: to show both sides
    /// of what is not settled.
    #[must_use]
    pub fn without_merged(&self) -> Self {
        Self { also: Vec::new(), ..self.clone() }
    }

    /// Whether what is safe at the number to call was said so long ago that it is asked again first.
    pub fn is_stale(&self, now: Instant) -> bool {
        self.rules_to_call().is_some_and(|rules| contact_rules::is_stale(rules.captured_at, now))
    }

    /// What everyone who may call them sees first: `name` as used, `me` the first name of who calls.
    pub fn card(&self, name: &str, me: &str, now: Instant) -> SafeContactCard {
        contact_rules::card(self, name, me, now)
    }
}

/// The reason that is kept for a call or text at this hour: one where the hour is not a good one, none where it is.
///
/// # Errors
/// A fault at `why_now`, with the hour where they are, when there is no reason and one is wanted.
pub fn at_this_hour(
    reaching: &Reaching,
    given: Option<WhyNow>,
    now: Instant,
) -> Result<Option<WhyNow>, Faults> {
    // A call outside hours they named is a call against what they said, and is judged as one.
    if reaching.hours().is_some() {
        return Ok(None);
    }
    // Whoever called at a good hour may write it down a little later.
    let before = reaching.why_not_now(now - contact_override::WRITTEN_DOWN_WITHIN);
    let Some(not_now) = before.and_then(|_| reaching.why_not_now(now)) else { return Ok(None) };
    let mut faults = Faults::default();
    if given.is_none() {
        faults.add("why_now", format!("{not_now} Choose why you tried at this hour"));
    }
    faults.or(|| given)
}

/// Where the first number of each of these people is from, as far as its area code tells.
pub async fn zones_by_number(
    reader: &impl ConnectionTrait,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, Zone>, Error> {
    let mut zones = HashMap::new();
    for (person, number) in contact_point::dialed::numbers(reader, people).await? {
        if let Some(zone) = zones_of(&number).first() {
            zones.entry(person).or_insert(*zone);
        }
    }
    Ok(zones)
}

/// The cards of those whose requests were merged into one of this person's, and into those again. What was asked of the
/// person after the merge settles it.
async fn unsettled(
    reader: &impl ConnectionTrait,
    person: PersonId,
    rules: Option<&ContactRules>,
) -> Result<Vec<Also>, Error> {
    let (mut also, mut seen, mut level) = (Vec::new(), vec![person], vec![(person, None)]);
    while let Some((into, since)) = level.pop() {
        for (other, merged_at) in carried::merged_into(reader, into).await? {
            // What was said in it stands beside this person's since the last merge on the way here.
            let since = Some(merged_at).max(since);
            let settled = rules.is_some_and(|rules| Some(rules.captured_at) > since);
            if settled || seen.contains(&other) {
                continue;
            }
            seen.push(other);
            level.push((other, since));
            let points = contact_point::of(reader, other).await?;
            also.push(Also { rules: contact_rules::of(reader, other).await?, points });
        }
    }
    Ok(also)
}
