//! After the stay: the ties people have, and the check-ins that were answered. Nobody here is real.

use ::alumni::aftercare::AftercareId;
use ::alumni::check_in::{self, NewAttempt, Way};
use ::alumni::connection::{self, Facts, Known, MetAt, NewConnection, ReportedBy};
use ::alumni::connections::{self, Confirmation};
use ::alumni::link_word::NewWord;
use ::alumni::rules::connection::{Category, Contact, Kind, Stance, Tie, UseStatus};
use ::alumni::rules::response::{Answer, Answers, Commitment, Scale, Use, WeekDays};
use ::alumni::rules::schedule::{Track, planned};
use chrono::TimeDelta;
use consent::contact_rules::{self, StillHolds};
use consent::rules::quiet_hours::WhyNow;
use foundation::{Actor, Day, Db, Error, Instant, PersonId, Unit};

use super::history::at;

/// The word by which the links of everyone here open.
pub(super) const LINK_WORD: &str = "lighthouse";

/// Label, category, sub-code, kind, use, stance, contact, tie, nearness, whether they can be called at any hour.
type TieOf = (&'static str, Category, &'static str, Kind, UseStatus, Stance, Contact, Tie, i32, Known);

const TIES: [TieOf; 14] = {
    use Category as C;
    use Contact::{Daily, Monthly, TwoOrThreeAMonth, Weekly};
    use Kind::{Group, Organization, Person, Professional};
    use Stance::{EncouragesRecovery as For, EncouragesUse, Mixed, Neutral};
    use UseStatus as U;
    [
        ("Mom", C::FriendsFamily, "parent", Person, U::DoesNotUse, For, Daily, Tie::Strong, 3, Known::Yes),
        (
            "Tuesday Oak Street",
            C::RecoveryGroup,
            "na",
            Group,
            U::DoesNotApply,
            For,
            Weekly,
            Tie::Steady,
            2,
            Known::No,
        ),
        ("Del", C::RecoveryGroup, "sponsor", Person, U::InRecovery, For, Daily, Tie::Strong, 3, Known::Yes),
        (
            "Joss from the house",
            C::TreatmentPeer,
            "met_in_treatment",
            Person,
            U::InRecovery,
            For,
            Weekly,
            Tie::Steady,
            2,
            Known::Yes,
        ),
        (
            "Dr. Amari",
            C::HealthcareProvider,
            "primary_care",
            Professional,
            U::DoesNotApply,
            For,
            Monthly,
            Tie::Steady,
            1,
            Known::No,
        ),
        (
            "Riverside shelter",
            C::VolunteerGroup,
            "animal_shelter",
            Organization,
            U::DoesNotApply,
            Neutral,
            Weekly,
            Tie::Steady,
            1,
            Known::No,
        ),
        (
            "Sister Ana-Lena",
            C::FriendsFamily,
            "sibling",
            Person,
            U::UsesLightly,
            Mixed,
            Weekly,
            Tie::Thin,
            2,
            Known::Yes,
        ),
        (
            "St. Brigid’s choir",
            C::ReligiousSpiritual,
            "congregation",
            Group,
            U::DoesNotApply,
            For,
            Weekly,
            Tie::Steady,
            2,
            Known::No,
        ),
        (
            "Night school",
            C::SchoolResource,
            "adult_education",
            Organization,
            U::DoesNotApply,
            Neutral,
            Weekly,
            Tie::Thin,
            1,
            Known::No,
        ),
        (
            "Coach Pell",
            C::RecoveryGroup,
            "recovery_coach",
            Professional,
            U::InRecovery,
            For,
            Weekly,
            Tie::Steady,
            2,
            Known::Yes,
        ),
        (
            "Ruben, work",
            C::FriendsFamily,
            "coworker",
            Person,
            U::Unknown,
            Stance::Unknown,
            Daily,
            Tie::Thin,
            1,
            Known::NotAsked,
        ),
        ("Biscuit", C::FriendsFamily, "pet", Person, U::DoesNotApply, For, Daily, Tie::Strong, 3, Known::No),
        (
            "Counselor Wye",
            C::HealthcareProvider,
            "therapist",
            Professional,
            U::DoesNotApply,
            For,
            TwoOrThreeAMonth,
            Tie::Strong,
            2,
            Known::No,
        ),
        (
            "Old roommate",
            C::FriendsFamily,
            "friend",
            Person,
            U::UsesHeavily,
            EncouragesUse,
            Weekly,
            Tie::Stressful,
            2,
            Known::No,
        ),
    ]
};

/// How people stay in touch, by their number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    /// Answers; all is well.
    Steady,
    /// Answers; some weeks are hard.
    Wavering,
    /// Answered at first, and has not since.
    Quiet,
    /// The last answer asks for a call soon.
    Struggling,
}

impl Life {
    fn of(n: u32) -> Self {
        match n % 8 {
            2 => Self::Quiet,
            4 => Self::Wavering,
            7 => Self::Struggling,
            _ => Self::Steady,
        }
    }
}

/// An alum of the history.
pub(super) struct Alum {
    pub(super) n: u32,
    pub(super) person: PersonId,
    pub(super) aftercare: AftercareId,
    pub(super) track: Track,
    pub(super) discharged_on: Day,
}

/// From the discharge to now.
pub(super) async fn live(db: &Db, counselor: &Actor, now: Instant, alum: &Alum) -> anyhow::Result<()> {
    let zone = super::ZONE;
    if alum.n % 6 != 5 {
        db.write(counselor, async |unit| circle(unit, alum).await).await?;
    }
    let word = NewWord::parse(LINK_WORD).map_err(Error::from)?;
    db.write(counselor, async |unit| ::alumni::link_word::set(unit, alum.person, &word).await).await?;
    let today = foundation::day(now, zone);
    let mut begun = planned(alum.track, &[], alum.discharged_on);
    begun.retain(|due| due.window_from < today);
    let life = Life::of(alum.n);
    for (index, due) in begun.iter().enumerate() {
        let left = begun.len() - index;
        let is_open = today <= due.window_to;
        let on = due.due_on.min(today - TimeDelta::days(1));
        // The first days and the last ones are told whole; of the months between every second was missed.
        let missed = index >= 4 && left > 4 && index % 2 != 0;
        // Someone is due today.
        if missed || on < due.counts_from || (is_open && alum.n.is_multiple_of(4)) {
            continue;
        }
        db.clock().move_to(at(now, (today - on).num_days(), 11 + alum.n % 5, alum.n % 50));
        if life == Life::Quiet && left <= 4 {
            db.write(counselor, async |unit| unanswered(unit, alum, due.due_on).await).await?;
        } else {
            let answers = answers(life, index, is_open);
            db.write(counselor, async |unit| answered(unit, alum, due.due_on, &answers, left == 1).await)
                .await?;
        }
    }
    settle(db, counselor, now, alum, life).await
}

async fn unanswered(unit: &mut Unit, alum: &Alum, due_on: Day) -> Result<(), Error> {
    let tried = NewAttempt::parse(Way::Call, check_in::Outcome::NoAnswer, "")?;
    let tried = tried.asked_again(Some(StillHolds::CouldNotAsk)).at_this_hour(Some(WhyNow::TheyAsked));
    let tried = tried.because("They had asked for a call that evening.");
    check_in::log_attempt(unit, alum.aftercare, due_on, tried).await.map(|_| ())
}

/// At the newest check-in the map is gone through again, so that it can be read today.
async fn answered(
    unit: &mut Unit,
    alum: &Alum,
    due_on: Day,
    answers: &Answers,
    newest: bool,
) -> Result<(), Error> {
    // What is safe is asked again where it was said long ago, as the page asks for at every call.
    contact_rules::asked_again(unit, alum.person, Some(StillHolds::Yes), true).await?;
    check_in::log_answers(unit, alum.aftercare, due_on, answers).await?;
    if newest && alum.n % 6 != 5 {
        connections::confirm(unit, alum.person, gone_through(alum)?).await?;
    }
    Ok(())
}

fn gone_through(alum: &Alum) -> Result<Confirmation, Error> {
    Ok(Confirmation::parse(false, i32::try_from(alum.n % 7).ok(), None)?)
}

/// Flags of weeks gone by were looked after; only the newest of someone who struggles is open.
async fn settle(db: &Db, counselor: &Actor, now: Instant, alum: &Alum, life: Life) -> anyhow::Result<()> {
    let flags = ::alumni::flag::of(db.reader(), counselor, alum.person, 50).await?;
    let open: Vec<_> = flags.into_iter().filter(|f| f.settled_at.is_none()).collect();
    let keep = usize::from(life == Life::Struggling);
    db.clock().move_to(db.now().max(now - TimeDelta::days(400)) + TimeDelta::hours(2));
    db.write(counselor, async |unit| {
        for flag in open.iter().skip(keep) {
            ::alumni::flag::settle(
                unit,
                flag.id,
                flag.version,
                "Called the same day. We talked, and agreed on the next week.",
            )
            .await?;
        }
        Ok::<_, Error>(())
    })
    .await?;
    Ok(())
}

/// Five to nine ties, gone through together.
async fn circle(unit: &mut Unit, alum: &Alum) -> Result<(), Error> {
    let few = alum.n % 9 == 4;
    for (index, tie) in TIES.iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(0);
        let has = if few { index == 10 || index == 13 } else { (index * 5 + alum.n * 3) % 11 < 6 };
        if !has {
            continue;
        }
        let id = connection::record(unit, alum.person, NewConnection::parse(facts(index, tie))?).await?;
        if tie.0 == "Old roommate" && alum.n.is_multiple_of(2) {
            connection::mark_unsafe(unit, id).await?;
        }
    }
    connections::confirm(unit, alum.person, gone_through(alum)?).await
}

fn facts(index: u32, tie: &TieOf) -> Facts {
    let (label, category, sub_code, kind, use_status, stance, contact, tie, nearness, reach_any_time) = *tie;
    Facts {
        label: label.into(),
        note: None,
        phone: (reach_any_time == Known::Yes).then(|| format!("(212) 555-01{:02}", 60 + index)),
        category,
        sub_code: Some(sub_code.into()),
        kind,
        use_status,
        stance,
        contact,
        tie,
        nearness,
        reach_any_time,
        has_current_phone: reach_any_time,
        how_met: (category == Category::TreatmentPeer).then_some(MetAt::InTreatment),
        reported_by: ReportedBy::Alum,
        since_on: None,
        last_contact_on: None,
        may_be_printed: use_status != UseStatus::UsesHeavily,
        linked_person_id: None,
    }
}

fn answers(life: Life, index: usize, now_open: bool) -> Answers {
    let scale = |n| Scale::new(n).map_or(Answer::NotAsked, Answer::Is);
    let days = |n| WeekDays::new(n).map_or(Answer::NotAsked, Answer::Is);
    let hard = life == Life::Wavering && index % 4 == 2;
    let harder = life == Life::Struggling && now_open;
    Answers {
        safe_to_talk: Answer::Is(true),
        overall: scale(if harder {
            3
        } else if hard {
            5
        } else {
            8
        }),
        used: Answer::Is(if hard { Use::OnceOrTwice } else { Use::NotAtAll }),
        urge: scale(if harder {
            8
        } else if hard {
            5
        } else {
            2
        }),
        confidence: scale(if harder {
            3
        } else if hard {
            6
        } else {
            8
        }),
        supportive_days: days(if harder { 1 } else { 4 }),
        activities: Answer::Is(if harder { 0 } else { 2 }),
        risky_days: days(1),
        medicines_as_planned: Answer::Is(true),
        lost_housing: Answer::Is(false),
        lost_job: Answer::Is(false),
        thoughts: Answer::Is(false),
        last_commitment: Answer::Is(if hard { Commitment::Partly } else { Commitment::Done }),
        next_commitment: Answer::Is("Go to the Tuesday group, with Del.".into()),
        ..Answers::default()
    }
}
