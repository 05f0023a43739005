//! Episodes of care: admitted once at a time, moved between levels, discharged in any way.

mod correcting;
mod dying;

use foundation::center::Center;
use foundation::sealed::Keyring;
use foundation::{Act, Day, Error, Faults, PersonId, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Set};

pub use correcting::{CorrectedStay, correct_dates};
pub(crate) use dying::{end_for_death, take_up_again};

pub use crate::entity::episode::{EpisodeId, Model as Episode};
pub use crate::entity::level_span::Model as LevelSpan;
use crate::entity::{episode, level_span, person};
use crate::person::{Death, DeathSource};
pub use crate::rules::care::{DischargeKind, LevelOfCare};

/// Where the place someone went to is sealed.
const TO: &str = "episodes.discharged_to";

/// What an admission needs.
#[derive(Clone, Copy, Debug)]
pub struct Admission {
    pub admitted_on: Day,
    pub level: LevelOfCare,
    /// The request it began with.
    pub request: Option<Uuid>,
}

/// What a discharge needs.
#[derive(Clone, Debug)]
pub struct Discharge {
    pub discharged_on: Day,
    pub kind: DischargeKind,
    /// Where the person goes, in a few words.
    pub to: Option<String>,
    /// Who told us, of somebody who died.
    pub told_by: DeathSource,
}

/// What aftercare must know of a discharge: the alumni room begins it in the same unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discharged {
    pub episode: EpisodeId,
    pub person: PersonId,
    pub on: Day,
    pub kind: DischargeKind,
    pub level: LevelOfCare,
    /// Left before the stay was complete: aftercare begins on the Close track.
    pub early_leaver: bool,
}

/// Admits a client. Of two admissions at once one wins; a second open episode is refused.
pub async fn admit(
    unit: &mut Unit,
    care: &Subject,
    admission: Admission,
    today: Day,
) -> Result<EpisodeId, Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::Admit, care)?;
    let mut faults = Faults::default();
    if admission.admitted_on > today {
        faults.add("admitted_on", "Enter the day of admission, today or earlier");
    }
    let known = person::Entity::find_by_id(person).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if known.died_at.is_some() {
        return Err(refused("died", "It is recorded that this person died. Correct that first."));
    }
    let last = of(unit.tx(), person).await?;
    if last.iter().any(|e| e.discharged_on.is_none()) {
        return Err(refused("in_care", "This person is in care already. Discharge first, then admit again."));
    }
    if last.iter().filter_map(|e| e.discharged_on).any(|out| admission.admitted_on < out) {
        faults.add("admitted_on", "Enter a day after the last discharge");
    }
    faults.or(|| ())?;
    let id: EpisodeId = unit.id();
    let row = episode::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        request_id: Set(admission.request),
        admitted_on: Set(admission.admitted_on),
        admitted_level: Set(admission.level),
        discharged_on: Set(None),
        discharge_kind: Set(None),
        discharged_to: Set(None),
        created_at: Set(unit.now()),
        version: Set(1),
    };
    match unit.insert(row).await {
        Err(Error::Exists) => Err(refused("in_care", "Someone else admitted this person just now.")),
        other => other,
    }?;
    begin_span(unit, id, person, admission.level, admission.admitted_on).await?;
    unit.record(
        permit,
        serde_json::json!({ "episode": id, "level": admission.level, "on": admission.admitted_on }),
    );
    Ok(id)
}

/// Moves an open episode to another level from a day on.
pub async fn change_level(
    unit: &mut Unit,
    care: &Subject,
    id: EpisodeId,
    to: LevelOfCare,
    on: Day,
) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeLevelOfCare, care)?;
    let (episode, span) = open(unit, care, id).await?;
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    if on < span.from_on || on > today {
        let mut faults = Faults::default();
        faults.add("from_on", "Enter a day on or after the last change of level, and not in the future");
        return Err(faults.into());
    }
    end_span(unit, &span, on).await?;
    begin_span(unit, id, episode.person_id, to, on).await?;
    unit.record(permit, serde_json::json!({ "episode": id, "level": to, "on": on }));
    Ok(())
}

/// Ends an episode. Whatever kind: the caller begins aftercare with what is returned.
pub async fn discharge(
    unit: &mut Unit,
    care: &Subject,
    id: EpisodeId,
    discharge: Discharge,
    today: Day,
) -> Result<Discharged, Error> {
    let permit = unit.permit(Act::Discharge, care)?;
    let (episode, span) = open(unit, care, id).await?;
    if discharge.discharged_on < span.from_on || discharge.discharged_on > today {
        let mut faults = Faults::default();
        faults.add(
            "discharged_on",
            "Enter the day of discharge: not before the last change of level, and not in the future",
        );
        return Err(faults.into());
    }
    let to = match &discharge.to {
        Some(to) => Some(unit.seal(episode.person_id, TO, to).await?),
        None => None,
    };
    let done = episode::Entity::update_many()
        .col_expr(episode::Column::DischargedOn, Expr::value(Some(discharge.discharged_on)))
        .col_expr(episode::Column::DischargeKind, Expr::value(Some(discharge.kind)))
        .col_expr(episode::Column::DischargedTo, Expr::value(to))
        .col_expr(episode::Column::Version, Expr::value(episode.version + 1))
        .filter(episode::Column::Id.eq(id))
        .filter(episode::Column::DischargedOn.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    end_span(unit, &span, discharge.discharged_on).await?;
    if discharge.kind == DischargeKind::Deceased {
        let death = Death { on: Some(discharge.discharged_on), source: discharge.told_by };
        crate::person::end(unit, episode.person_id, death).await?;
    }
    unit.record(
        permit,
        serde_json::json!({ "episode": id, "kind": discharge.kind, "on": discharge.discharged_on }),
    );
    Ok(Discharged {
        episode: id,
        person: episode.person_id,
        on: discharge.discharged_on,
        kind: discharge.kind,
        level: span.level,
        early_leaver: discharge.kind.is_early(),
    })
}

async fn open(unit: &Unit, care: &Subject, id: EpisodeId) -> Result<(Episode, level_span::Model), Error> {
    let episode = episode::Entity::find_by_id(id).one(unit.tx()).await?;
    let episode = episode.filter(|e| Some(e.person_id) == care.person).ok_or(Error::NotFound)?;
    let span = level_span::Entity::find()
        .filter(level_span::Column::EpisodeId.eq(id))
        .filter(level_span::Column::UntilOn.is_null())
        .one(unit.tx())
        .await?;
    match span {
        Some(span) if episode.discharged_on.is_none() => Ok((episode, span)),
        _ => Err(refused("not_in_care", "This stay has ended already.")),
    }
}

async fn begin_span(
    unit: &mut Unit,
    id: EpisodeId,
    person: PersonId,
    level: LevelOfCare,
    on: Day,
) -> Result<(), Error> {
    let row = level_span::ActiveModel {
        id: Set(unit.id()),
        episode_id: Set(id),
        person_id: Set(person),
        level: Set(level),
        from_on: Set(on),
        until_on: Set(None),
    };
    unit.insert(row).await
}

async fn end_span(unit: &Unit, span: &level_span::Model, on: Day) -> Result<(), Error> {
    level_span::Entity::update_many()
        .col_expr(level_span::Column::UntilOn, Expr::value(Some(on)))
        .filter(level_span::Column::Id.eq(span.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// The episodes of a person, newest first.
pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Episode>, Error> {
    Ok(episode::Entity::find()
        .filter(episode::Column::PersonId.eq(person))
        .order_by_desc(episode::Column::AdmittedOn)
        .order_by_desc(episode::Column::Id)
        .all(reader)
        .await?)
}

/// Where the person went when an episode ended, if it was said.
pub async fn went_to(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    episode: &Episode,
) -> Result<Option<String>, Error> {
    match &episode.discharged_to {
        Some(sealed) => Ok(Some(keyring.open(reader, episode.person_id, TO, sealed).await?)),
        None => Ok(None),
    }
}

/// The same place under the survivor's key, for a merge.
pub(crate) async fn reseal(unit: &mut Unit, episode: &Episode, survivor: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    let Some(to) = went_to(unit.tx(), &keyring, episode).await? else { return Ok(()) };
    let sealed = unit.seal(survivor, TO, &to).await?;
    episode::Entity::update_many()
        .col_expr(episode::Column::DischargedTo, Expr::value(Some(sealed)))
        .filter(episode::Column::Id.eq(episode.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// The levels of care of a person's episodes, oldest first. Within an episode each begins on the day the one before
/// ended.
pub async fn spans_of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Vec<LevelSpan>, Error> {
    Ok(level_span::Entity::find()
        .filter(level_span::Column::PersonId.eq(person))
        .order_by_asc(level_span::Column::FromOn)
        .order_by_asc(level_span::Column::Id)
        .all(reader)
        .await?)
}
