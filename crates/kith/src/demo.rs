//! The sample center: invented people with a history, in a folder that is thrown away; the same for the same seed.

use foundation::center::Center;
use foundation::staff::inviting::{NewMember, invite};
use foundation::{Actor, Chance, Clock, Role};
use web::Ways;

use crate::serving::{self, Opened};
use crate::settings::Settings;

/// Everyone in the sample center signs in with this.
const PASSWORD: &str = "a sample pass phrase";

/// The staff, a person for every role.
const STAFF: [(&str, &str, Role); 9] = [
    ("Ben Kealoha", "ben", Role::FrontDesk),
    ("Ana Ruiz", "ana", Role::Intake),
    ("Tess Moreau", "tess", Role::Benefits),
    ("Ray Okafor", "ray", Role::Counselor),
    ("Mina Castellanos", "mina", Role::Supervisor),
    ("Carol Lindqvist", "carol", Role::AlumniCoordinator),
    ("Linus Berg", "linus", Role::Admin),
    ("Petra Novák", "petra", Role::PrivacyOfficer),
    ("Odile Kamara", "odile", Role::Auditor),
];

/// `kith demo`.
pub async fn run(settings: Settings, seed: u64) -> anyhow::Result<()> {
    serving::start_log();
    let folder = std::env::temp_dir().join(format!("kith-demo-{}", std::process::id()));
    let settings = Settings { data: folder.clone(), database: String::new(), ..settings };
    anyhow::ensure!(settings.listen.ip().is_loopback(), "the sample center is for this machine alone");
    let opened = Opened::at(&settings, Clock::system(), Chance::seeded(seed)).await?;
    furnish(&opened).await?;
    println!("\n  A sample center of invented people. It forgets everything when it stops.\n");
    println!("  Sign in with the password “{PASSWORD}” as:");
    for (name, sign_in, role) in STAFF {
        println!("    {sign_in:<8} {name}, {}", role.words().to_lowercase());
    }
    println!();
    let ways =
        Ways { public_url: settings.url(), factor_required: false, demo: true, trusted_proxies: Vec::new() };
    let served = serving::open_doors(opened.db, ways, None, &settings).await;
    std::fs::remove_dir_all(&folder)?;
    served
}

async fn furnish(opened: &Opened) -> anyhow::Result<()> {
    let db = &opened.db;
    let center = Center {
        name: "Cedar Recovery Center".into(),
        neutral_name: "Cedar Office".into(),
        neutral_phone: "(212) 555-0100".into(),
        mail_from: "hello@cedar-office.example".into(),
        zone: chrono_tz::America::Chicago,
        leave_to: "https://www.weather.gov/".into(),
    };
    db.write(&Actor::House, async |unit| center.found(unit).await).await?;
    for (name, sign_in, role) in STAFF {
        let new = NewMember::parse(name, sign_in, &[role], PASSWORD, false, db.chance()).await?;
        db.write(&Actor::House, async |unit| invite(unit, new).await).await?;
    }
    Ok(())
}
