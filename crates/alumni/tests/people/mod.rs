//! The alumni of the stories: Zoë and Devonte in Ray's caseload, Kathleen in Ines's.
#![expect(clippy::expect_used, reason = "a story that cannot be set up should stop")]
#![expect(dead_code, reason = "each story file is a program of its own and needs only some of them")]

use alumni::aftercare::{AftercareId, Choice, enrol};
use alumni::connection::{Facts, Known, NewConnection, ReportedBy};
use alumni::rules::connection::{Category, Contact, Kind, Stance, Tie, UseStatus};
use alumni::rules::response::{Answer, Answers};
use clients::episode::{DischargeKind, Discharged, LevelOfCare};
use clients::person::NewPerson;
use foundation::testing::{Cast, House};
use foundation::{Actor, Day, PersonId};

/// A person with a record, carried by `counselor`.
pub async fn client(house: &House, name: &str, counselor: &Actor) -> PersonId {
    let new = NewPerson::parse(name).expect("a name");
    house
        .write(&Actor::House, async |unit| {
            let id = clients::person::add(unit, new.clone(), &[]).await?;
            clients::client::start(unit, id, counselor.staff_id()).await?;
            Ok(id)
        })
        .await
        .expect("a client")
}

/// A discharge on `on`, as the clients' room hands it over.
pub fn discharge(person: PersonId, on: &str, kind: DischargeKind) -> Discharged {
    let level = LevelOfCare::HighIntensityResidential;
    Discharged {
        episode: sea_orm::prelude::Uuid::nil().into(),
        person,
        on: day(on),
        kind,
        level,
        early_leaver: kind.is_early(),
    }
}

/// Enrolled by Carol after a completed stay.
pub async fn enrolled(house: &House, cast: &Cast, person: PersonId, on: &str) -> AftercareId {
    let discharged = discharge(person, on, DischargeKind::Completed);
    house
        .write(&cast.carol, async |unit| enrol(unit, &discharged, None::<Choice>).await)
        .await
        .expect("enrols")
}

/// A supportive relative who calls every week.
pub fn relative(label: &str) -> Facts {
    Facts {
        label: label.into(),
        note: None,
        phone: Some("(212) 555-0143".into()),
        category: Category::FriendsFamily,
        sub_code: None,
        kind: Kind::Person,
        use_status: UseStatus::DoesNotUse,
        stance: Stance::EncouragesRecovery,
        contact: Contact::Weekly,
        tie: Tie::Steady,
        nearness: 2,
        reach_any_time: Known::Yes,
        has_current_phone: Known::Yes,
        how_met: None,
        reported_by: ReportedBy::Alum,
        since_on: None,
        last_contact_on: None,
        may_be_printed: false,
        linked_person_id: None,
    }
}

/// The same, checked.
pub fn checked(facts: Facts) -> NewConnection {
    NewConnection::parse(facts).expect("good facts")
}

/// A civil date.
pub fn day(text: &str) -> Day {
    text.parse().expect("a date")
}

/// Someone who is doing well.
pub fn well() -> Answers {
    Answers::default()
}

/// Someone who must talk to a live person now.
pub fn thoughts_of_dying() -> Answers {
    Answers { thoughts: Answer::Is(true), ..Answers::default() }
}
