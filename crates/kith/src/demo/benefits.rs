//! Benefits checks of today's people: some wait, one is being checked, some were answered, one runs out.

use chrono::{Months, TimeDelta};
use clients::episode::LevelOfCare;
use consent::consents::{self, Aim, NewConsent, Scope, SignedPaper};
use foundation::{Db, Error, Instant, Subject, day};
use intake::benefits::answering::{self, NotChecked};
use intake::benefits::coverage::Coverage;
use intake::benefits::findings::Findings;
use intake::benefits::{BenefitCheck, approving, asking, newest, taking};
use intake::request::{Request, by_reference};

use super::Cast;

/// What became of a check, and how many minutes ago.
#[derive(Clone, Copy)]
enum Became {
    Waits,
    IsChecked(i64),
    Answered(i64, Said),
    NotChecked(i64, Said),
}

/// A form, as it is typed.
type Said = &'static [(&'static str, &'static str)];

/// Name, minutes since it was asked for, the card, the levels of care, what became of it.
type Checked = (&'static str, i64, Said, &'static [LevelOfCare], Became);

const RESIDENTIAL: &[LevelOfCare] = &[LevelOfCare::HighIntensityResidential];
const TWO: &[LevelOfCare] = &[LevelOfCare::IntensiveOutpatient, LevelOfCare::ManagedResidential];

const CHECKED: [Checked; 7] = [
    (
        "Priya",
        25,
        &[("plan", "Prairie Health"), ("plan_kind", "hmo"), ("member_id", "PH 4471 902")],
        RESIDENTIAL,
        Became::Waits,
    ),
    (
        "Emmett",
        100,
        &[("plan", "Lakeland Mutual"), ("plan_kind", "ppo"), ("subscriber", "partner")],
        TWO,
        Became::Waits,
    ),
    (
        "Rosalind",
        95,
        &[
            ("plan", "Prairie Health"),
            ("plan_kind", "ppo"),
            ("member_id", "PH 8820 117"),
            ("administrator", "Harbor Behavioral"),
            ("subscriber", "self"),
        ],
        RESIDENTIAL,
        Became::IsChecked(40),
    ),
    (
        "Tyrell",
        1200,
        &[
            ("plan", "Lakeland Mutual"),
            ("plan_kind", "ppo"),
            ("member_id", "LM-30-5571"),
            ("group_number", "0077"),
            ("payer_phone", "(800) 555-0133"),
            ("subscriber", "self"),
        ],
        TWO,
        Became::Answered(
            1130,
            &[
                ("way", "by_name"),
                ("method", "phone"),
                ("call_reference", "I-20731"),
                ("representative", "Marla"),
                ("network_2_1", "in"),
                ("deductible_2_1", "1,500"),
                ("deductible_met_2_1", "300"),
                ("most_2_1", "6,000"),
                ("most_met_2_1", "?"),
                ("share_2_1", "$40"),
                ("days_2_1", "none"),
                ("prior_auth_2_1", "no"),
                ("network_3_7", "in"),
                ("same_3_7", "yes"),
                ("share_3_7", "20%"),
                ("days_3_7", "30"),
                ("prior_auth_3_7", "yes"),
                ("prior_auth_phone_3_7", "(800) 555-0134"),
                (
                    "estimate",
                    "About $1,200 before care starts, then about $90 a day, and $6,000 in a year at most.",
                ),
            ],
        ),
    ),
    (
        "Marcus T.",
        1000,
        &[("plan_kind", "self_pay")],
        &[LevelOfCare::IntensiveOutpatient],
        Became::Answered(
            980,
            &[("way", "nobody"), ("estimate", "A week of evenings costs $450. You can pay week by week.")],
        ),
    ),
    (
        "Ingrid S.",
        1600,
        &[("plan", "Northern Union"), ("plan_kind", "not_asked")],
        RESIDENTIAL,
        Became::NotChecked(
            1500,
            &[
                ("why_not", "not_reached"),
                ("tried_way", "nobody"),
                ("tried", "On hold twice, an hour in all."),
            ],
        ),
    ),
    (
        "Kofi",
        39_400,
        &[("plan", "Prairie Health"), ("plan_kind", "marketplace"), ("subscriber", "parent")],
        &[LevelOfCare::IntensiveOutpatient],
        Became::Answered(
            39_300,
            &[
                ("way", "they_called"),
                ("method", "phone"),
                ("call_reference", "none given"),
                ("network_2_1", "out"),
                ("deductible_2_1", "?"),
                ("share_2_1", "40%"),
                ("prior_auth_2_1", "yes"),
            ],
        ),
    ),
];

/// How many minutes ago a check was asked for, for someone who has one.
pub(super) fn asked_ago(name: &str) -> Option<i64> {
    CHECKED.iter().find(|checked| checked.0 == name).map(|checked| checked.1)
}

/// Writes the check of someone, if they have one.
pub(super) async fn live(
    db: &Db,
    cast: &Cast,
    now: Instant,
    name: &str,
    reference: &str,
) -> anyhow::Result<()> {
    let Some((_, ago, card, levels, became)) = CHECKED.iter().find(|checked| checked.0 == name) else {
        return Ok(());
    };
    let at = |minutes: i64| now - TimeDelta::minutes(minutes);
    db.clock().move_to(at(*ago));
    let about = by_reference(db.reader(), reference).await?;
    let coverage = Coverage::parse(typed(card), levels.to_vec(), day(db.now(), super::ZONE));
    let coverage = coverage.map_err(Error::from)?;
    db.write(&cast.ana, async |unit| asking::ask(unit, &about, &coverage).await).await?;
    let Some(check) = newest(db.reader(), about.id).await? else { return Ok(()) };
    let (Became::IsChecked(when) | Became::Answered(when, _) | Became::NotChecked(when, _)) = *became else {
        return Ok(());
    };
    db.clock().move_to(at(when));
    db.write(&cast.tess, async |unit| taking::take(unit, &check, &about).await).await?;
    let Some(check) = newest(db.reader(), about.id).await? else { return Ok(()) };
    match *became {
        Became::Answered(_, said) => answer(db, cast, &check, &about, &coverage, said).await,
        Became::NotChecked(_, said) => {
            let not = NotChecked::parse(typed(said)).map_err(Error::from)?;
            db.write(&cast.tess, async |unit| answering::give_up(unit, &check, &about, not).await).await?;
            Ok(())
        }
        Became::Waits | Became::IsChecked(_) => Ok(()),
    }
}

fn typed(said: Said) -> impl Fn(&str) -> &'static str {
    |name| said.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
}

/// The answer, under a permission of that day where the plan was asked by name.
async fn answer(
    db: &Db,
    cast: &Cast,
    check: &BenefitCheck,
    about: &Request,
    coverage: &Coverage,
    said: Said,
) -> anyhow::Result<()> {
    let findings = Findings::parse(typed(said), coverage).map_err(Error::from)?;
    if let (Some(who), "by_name") = (coverage.who_is_asked(), typed(said)("way")) {
        let today = day(db.now(), super::ZONE);
        let until = today.checked_add_months(Months::new(6));
        let new = NewConsent::named(
            who,
            &[Scope::Benefits],
            "to learn what the plan pays for care",
            today,
            until,
            today,
        );
        let name = consent::name_on_record(db.reader(), about.prospective_id).await?;
        let paper = SignedPaper::ours(&name, Aim::Care, "in the paper file, third tab");
        let new = new.map_err(Error::from)?.on(paper);
        let care = Subject::of("person", about.prospective_id).concerning(about.prospective_id);
        db.write(&cast.ana, async |unit| consents::record(unit, &care, new).await).await?;
    }
    let by_plan = !coverage.is_self_pay();
    db.write(&cast.tess, async |unit| answering::answer(unit, check, about, findings).await).await?;
    // What someone pays themselves still waits for a second pair of eyes.
    if let Some(answered) = newest(db.reader(), about.id).await?.filter(|_| by_plan) {
        db.write(&cast.mina, async |unit| approving::approve(unit, &answered, about).await).await?;
    }
    Ok(())
}
