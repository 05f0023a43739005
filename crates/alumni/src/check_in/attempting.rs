//! Logging a try to reach someone: who tried, how, and what came of it.

use consent::ContactPointId;
use consent::contact_override::{self, Contact};
use consent::contact_rules::{self, StillHolds};
use consent::reaching::{self, Reaching};
use consent::rules::against::{Broken, Tried};
use consent::rules::quiet_hours::WhyNow;
use foundation::center::Center;
use foundation::{Act, Day, Error, Faults, News, PersonId, Unit};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set};
use serde_json::json;

mod numbers;

pub(super) use numbers::end_wrong;

use super::{ATTEMPT_NOTE, AttemptId, CheckIn, CheckInId, Outcome, Way, opening};
use crate::aftercare::{self, AftercareId};
use crate::caseload::subject;
use crate::entity::{attempt, check_in};
use crate::living;

/// A try, as staff log it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttempt {
    pub(super) way: Way,
    pub(super) outcome: Outcome,
    pub(super) note: Option<String>,
    still_holds: Option<StillHolds>,
    why_now: Option<WhyNow>,
    number: Option<ContactPointId>,
    because: String,
}

impl NewAttempt {
    /// Checks what was typed. The note may be empty.
    pub fn parse(way: Way, outcome: Outcome, note: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let note = note.trim();
        if note.chars().count() > 2000 {
            faults.add("note", "Shorten the note to 2,000 characters");
        }
        faults.or(|| Self {
            way,
            outcome,
            note: (!note.is_empty()).then(|| note.to_owned()),
            still_holds: None,
            why_now: None,
            number: None,
            because: String::new(),
        })
    }
}

impl NewAttempt {
    /// With what was said of rules that are old: whether they still hold.
    #[must_use]
    pub fn asked_again(self, still_holds: Option<StillHolds>) -> Self {
        Self { still_holds, ..self }
    }

    /// At this number of theirs, as the page showed it. Without it, the number the card offers.
    #[must_use]
    pub fn at_number(self, number: Option<ContactPointId>) -> Self {
        Self { number, ..self }
    }

    /// With why it was made at an hour that is not a good one where they are.
    #[must_use]
    pub fn at_this_hour(self, why_now: Option<WhyNow>) -> Self {
        Self { why_now, ..self }
    }

    /// With why it was made against what they had said about being reached.
    #[must_use]
    pub fn because(self, because: &str) -> Self {
        Self { because: because.to_owned(), ..self }
    }

    /// How it reached them, as far as what they said is judged by it.
    fn tried(&self) -> Tried {
        match (self.way, self.outcome) {
            (Way::Text, _) => Tried::Text,
            (Way::Call, Outcome::Voicemail | Outcome::MessageLeft) => Tried::Voicemail,
            (Way::Call | Way::Video, _) => Tried::Call,
            (Way::Mail | Way::Letter | Way::InPerson, _) => Tried::Otherwise,
        }
    }

    fn way_rings(&self) -> bool {
        matches!(self.way, Way::Call | Way::Text)
    }
}

/// Logs a try for the check-in due on `due_on`. A two-way contact satisfies the check-in, with or without answers.
///
/// A number that is not theirs anymore ends, and the try does not count against the check-in.
///
/// # Errors
/// A fault at `still_holds` when they were called by rules that are old, and nobody says whether they still hold; one at
/// `why_now` when it is not a good hour where they are, and one at `because` when it was against what they had said about
/// being reached, and nobody says why they were tried.
pub async fn log_attempt(
    unit: &mut Unit,
    aftercare: AftercareId,
    due_on: Day,
    mut new: NewAttempt,
) -> Result<CheckInId, Error> {
    let aftercare = aftercare::one(unit.tx(), aftercare).await?;
    let person = aftercare.person_id;
    let permit =
        unit.permit(Act::LogCheckIn, &subject(unit.tx(), "aftercare", aftercare.id, person).await?)?;
    let against = before_it_is_logged(unit, person, &mut new).await?;
    let check_in = opening::ensure(unit, &aftercare, due_on).await?;
    keep(unit, &check_in, &new).await?;
    count(unit, check_in.id, new.outcome).await?;
    numbers::end_wrong(unit, person, &new).await?;
    let details = json!({ "check_in": check_in.id, "way": new.way, "outcome": new.outcome, "why_now": new.why_now, "against": against });
    unit.record(permit, details);
    unit.tell(News::Alumni);
    Ok(check_in.id)
}

/// What holds for every try: nobody calls someone who died, rules that are old are asked again first, and what
/// was done against what they had said is kept with its reason for the privacy officer. What was broken, if anything.
pub(super) async fn before_it_is_logged(
    unit: &mut Unit,
    person: PersonId,
    new: &mut NewAttempt,
) -> Result<Option<Broken>, Error> {
    living::must_live(unit.tx(), person).await?;
    let reaching = Reaching::of(unit.tx(), person).await?;
    new.why_now = match new.tried() {
        Tried::Otherwise => None,
        _ => reaching::at_this_hour(&reaching, new.why_now, unit.now())?,
    };
    let contact = Contact { tried: new.tried(), number: new.number, lifted: false, because: &new.because };
    let against = contact_override::judge(&reaching, &contact, unit.now())?;
    // Whoever answered at somebody else's number cannot say whether the rules still hold.
    if new.way_rings() && new.outcome.is_try() {
        contact_rules::asked_again(unit, person, new.still_holds, new.outcome.is_two_way()).await?;
    }
    if let Some(against) = &against {
        contact_override::keep(unit, person, "a check-in", against).await?;
    }
    Ok(against.map(|against| against.broken))
}

async fn keep(unit: &mut Unit, check_in: &CheckIn, new: &NewAttempt) -> Result<(), Error> {
    let person = check_in.person_id;
    let note = match &new.note {
        Some(note) => Some(unit.seal(person, ATTEMPT_NOTE, note).await?),
        None => None,
    };
    let zone = Center::load(unit.tx()).await?.zone;
    let id: AttemptId = unit.id();
    let row = attempt::ActiveModel {
        id: Set(id),
        check_in_id: Set(check_in.id),
        person_id: Set(person),
        at: Set(unit.now()),
        on_day: Set(unit.today(zone)),
        staff_id: Set(unit.actor().staff_id()),
        way: Set(new.way),
        outcome: Set(new.outcome),
        note: Set(note),
        why_now: Set(new.why_now),
    };
    unit.insert(row).await
}

/// Counts in the database, so that two who log at once are both counted; the first contact stays the first.
async fn count(unit: &Unit, id: CheckInId, outcome: Outcome) -> Result<(), Error> {
    use check_in::{Column, Entity};
    let mut update = Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(i32::from(outcome.is_try())))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id));
    if outcome.is_two_way() {
        let first = Func::coalesce([Expr::col(Column::ReachedAt), Expr::value(unit.now())]);
        update = update.col_expr(Column::ReachedAt, first.into());
    }
    update.exec(unit.tx()).await?;
    Ok(())
}
