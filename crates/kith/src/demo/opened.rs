//! Two locked records that were opened: one when a counselor stood in for another and was reviewed, one since
//! yesterday evening, for the privacy officer to review.

use clients::client::{self, ListQuery};
use foundation::break_glass::{self, Cause, Finding, Line, NewBreakGlass, Review, View, Window};
use foundation::{Act, Actor, Db, Error, Instant, StaffActor, Subject};

use super::Cast;
use super::history::at;

pub(super) async fn live(db: &Db, cast: &Cast, now: Instant) -> anyhow::Result<()> {
    let query = ListQuery { limit: 2, ..ListQuery::default() };
    let carried = client::list(db.reader(), &cast.ines, &query).await?;
    let [first, second] = carried.as_slice() else { anyhow::bail!("Ines carries nobody") };

    db.clock().move_to(at(now, 12, 15, 40));
    let why = "Ines is at a training, and her client calls in tears and wants to leave today.";
    let theirs = client::subject(db.reader(), first.id).await?;
    opens(db, &cast.ray, &theirs, Cause::StandingIn, why).await?;
    db.clock().move_to(at(now, 11, 9, 15));
    for line in break_glass::list(db.reader(), View::Waiting, None, 1).await? {
        let found =
            Review::parse(Finding::Right.as_str(), "Ines confirms it: she had asked Ray to stand in.")
                .map_err(Error::from)?;
        db.write(&cast.petra, async |unit| break_glass::review(unit, line.id, found).await).await?;
    }

    db.clock().move_to(at(now, 1, 19, 5));
    let why = "They fainted at the open evening, and the ambulance crew asks what they take.";
    let theirs = client::subject(db.reader(), second.id).await?;
    opens(db, &cast.linus, &theirs, Cause::MedicalEmergency, why).await
}

/// Opens a record and looks at it, as the page does.
async fn opens(db: &Db, who: &Actor, theirs: &Subject, cause: Cause, why: &str) -> anyhow::Result<()> {
    let why = NewBreakGlass::parse(cause.as_str(), why).map_err(Error::from)?;
    db.write(who, async |unit| {
        let session = unit.id();
        break_glass::break_glass(unit, session, theirs, why).await
    })
    .await?;
    let opened = break_glass::list(db.reader(), View::Waiting, None, 1).await?;
    let window = |line: &Line| Window { id: line.id, person: line.person, ends_at: line.ends_at };
    let (Actor::Staff(staff), opened) = (who.clone(), opened.iter().map(window).collect()) else {
        anyhow::bail!("only staff open a record")
    };
    let looking = Actor::Staff(StaffActor { opened, ..staff });
    for act in [Act::OpenClient, Act::OpenPlan] {
        db.readings().record(&looking, act, theirs).await?;
    }
    Ok(())
}
