//! That a person died: one act, wherever it becomes known, and the house stops everything it does for them at once
//! (domain reference 7.3). Every room ends what is its own through [`foundation::holding::Holding::end_for_death`].

use foundation::center::Center;
use foundation::{Act, Day, Error, Faults, Instant, PersonId, Subject, Unit, read_day, refused};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use crate::correction::{self, Change, CorrectedField, Reason};
use crate::entity::person;

foundation::words! {
    /// Who told us of a death.
    pub enum DeathSource {
        Family = "family", "Family or a friend told us",
        Caller = "caller", "Whoever called us said so",
        Present = "present", "Our staff were there",
        Provider = "provider", "A hospital or another provider told us",
        Official = "official", "An official notice or an obituary",
        Other = "other", "Someone else told us",
        NotRecorded = "not_recorded", "Not recorded who told us",
    }
}

impl DeathSource {
    /// Those a person can choose.
    pub fn choices() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|source| *source != Self::NotRecorded)
    }
}

/// A death as it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// The day, if it is known.
    pub on: Option<Day>,
    pub source: DeathSource,
}

impl Death {
    /// A death of which nothing more was written down, like one in an old file.
    pub const UNTOLD: Self = Self { on: None, source: DeathSource::NotRecorded };

    /// Parses a form. The day may be empty; who told us may not.
    pub fn parse(on: &str, source: &str, today: Day) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let day = read_day(on.trim());
        if !on.trim().is_empty() && day.is_none_or(|day| day > today) {
            faults.add("died_on", "Enter the day, today or earlier, or leave it empty if it is not known");
        }
        let source = Self::source(source);
        if source.is_none() {
            faults.add("death_source", "Choose who told us");
        }
        faults.or(|| Self { on: day, source: source.unwrap_or(DeathSource::NotRecorded) })
    }

    fn source(text: &str) -> Option<DeathSource> {
        DeathSource::choices().find(|one| one.as_str() == text)
    }
}

/// Writes down that a person died. From then on nothing leaves to them, nobody is asked to call them, and a stay that
/// was open has ended; the record stays protected.
pub async fn record_death(unit: &mut Unit, care: &Subject, death: Death) -> Result<(), Error> {
    let id = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::RecordDeath, care)?;
    if !mark(unit, id, death).await? {
        return Err(refused("died", "It is recorded already that this person died."));
    }
    follow(unit, id, death).await?;
    unit.record(permit, serde_json::json!({ "fields": ["died_at", "died_on", "death_source"] }));
    Ok(())
}

/// The same within an act that says it, such as a discharge: whoever said it before is believed.
pub async fn end(unit: &mut Unit, id: PersonId, death: Death) -> Result<(), Error> {
    if mark(unit, id, death).await? {
        follow(unit, id, death).await?;
    }
    Ok(())
}

/// It was a mistake: the person lives, and what ended with the death is taken up again.
pub async fn correct_death(unit: &mut Unit, care: &Subject, reason: &Reason) -> Result<(), Error> {
    let id = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::CorrectDeath, care)?;
    let row = person::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let Some(recorded_at) = row.died_at else {
        return Err(refused("lives", "No death is recorded here. A colleague may have corrected it."));
    };
    person::Entity::update_many()
        .col_expr(person::Column::DiedAt, Expr::value(None::<Instant>))
        .col_expr(person::Column::DiedOn, Expr::value(None::<Day>))
        .col_expr(person::Column::DeathSource, Expr::value(None::<DeathSource>))
        .filter(person::Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    let change = Change { field: CorrectedField::Death, episode: None, was: row.died_on, now_is: None };
    correction::keep(unit, id, change, reason).await?;
    crate::episode::take_up_again(unit, id).await?;
    for room in unit.db().holdings() {
        room.take_up_again(unit, id, recorded_at).await?;
    }
    unit.record(permit, serde_json::json!({ "fields": ["died_at", "died_on", "death_source"] }));
    Ok(())
}

/// Since when the house knows that a person died; `None` for whoever lives.
pub async fn died_at(reader: &impl ConnectionTrait, id: PersonId) -> Result<Option<Instant>, Error> {
    let row = person::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    Ok(row.died_at)
}

/// Everything that ends with a death, in the same unit.
async fn follow(unit: &mut Unit, id: PersonId, death: Death) -> Result<(), Error> {
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    crate::episode::end_for_death(unit, id, death.on.unwrap_or(today)).await?;
    for room in unit.db().holdings() {
        room.end_for_death(unit, id).await?;
    }
    Ok(())
}

/// `false` when it was written down before. What was not known then is filled in.
async fn mark(unit: &Unit, id: PersonId, death: Death) -> Result<bool, Error> {
    let marked = person::Entity::update_many()
        .col_expr(person::Column::DiedAt, Expr::value(Some(unit.now())))
        .col_expr(person::Column::DiedOn, Expr::value(death.on))
        .col_expr(person::Column::DeathSource, Expr::value(Some(death.source)))
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(id))
        .filter(person::Column::DiedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(marked.rows_affected == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_death_says_who_told_us_and_the_day_only_if_it_is_known() {
        let today: Day = "2026-03-02".parse().unwrap();
        let told = Death::parse("", "family", today).unwrap();
        assert_eq!(told, Death { on: None, source: DeathSource::Family });
        assert!(Death::parse("2026-03-03", "family", today).unwrap_err().of("died_on").is_some());
        assert!(Death::parse("last week", "family", today).unwrap_err().of("died_on").is_some());
        for nobody in ["", "not_recorded", "rumor"] {
            assert!(Death::parse("", nobody, today).unwrap_err().of("death_source").is_some());
        }
    }
}
