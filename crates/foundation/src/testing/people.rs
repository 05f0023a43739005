//! The staff of the test house: Ana at intake, Ben at the front desk, Ray the counselor with Mina his supervisor,
//! Ines the counselor of another team, Carol for the alumni, Linus the administrator, Petra the privacy officer.

use crate::actor::Actor;
use crate::center::Center;
use crate::db::Db;
use crate::ids::StaffId;
use crate::role::Role;
use crate::staff::inviting::{NewMember, invite, member};

/// Everyone, ready to act.
pub struct Cast {
    pub ana: Actor,
    pub ben: Actor,
    pub ray: Actor,
    pub mina: Actor,
    pub ines: Actor,
    pub carol: Actor,
    pub linus: Actor,
    pub petra: Actor,
}

/// Adds one member of staff, with the password `a long enough pass phrase`.
pub async fn staff_named(db: &Db, name: &str, roles: &[Role], supervisor: Option<StaffId>) -> Actor {
    let sign_in = name.replace(' ', ".");
    let new = NewMember::parse(name, &sign_in, roles, "a long enough pass phrase", false, db.chance())
        .await
        .expect("a good account");
    let new = match supervisor {
        Some(supervisor) => new.supervised_by(supervisor),
        None => new,
    };
    let id = db.write(&Actor::House, async |unit| invite(unit, new).await).await.expect("invites");
    member(db.reader(), id).await.expect("is there").actor()
}

impl Cast {
    /// Founds the center and invites everyone.
    pub async fn on(db: &Db) -> Self {
        let center = Center {
            name: "Cedar Recovery Center".into(),
            neutral_name: "Cedar Office".into(),
            neutral_phone: "(212) 555-0100".into(),
            mail_from: "hello@cedar-office.example".into(),
            zone: chrono_tz::America::Chicago,
            leave_to: "https://www.weather.gov/".into(),
        };
        db.write(&Actor::House, async |unit| center.found(unit).await).await.expect("founds");
        let mina = staff_named(db, "Mina Castellanos", &[Role::Supervisor], None).await;
        let team = mina.staff_id();
        Self {
            ana: staff_named(db, "Ana Ruiz", &[Role::Intake], None).await,
            ben: staff_named(db, "Ben Kealoha", &[Role::FrontDesk], None).await,
            ray: staff_named(db, "Ray Okafor", &[Role::Counselor], team).await,
            ines: staff_named(db, "Ines Duarte", &[Role::Counselor], None).await,
            carol: staff_named(db, "Carol Lindqvist", &[Role::AlumniCoordinator], None).await,
            linus: staff_named(db, "Linus Berg", &[Role::Admin], None).await,
            petra: staff_named(db, "Petra Novák", &[Role::PrivacyOfficer], None).await,
            mina,
        }
    }
}
