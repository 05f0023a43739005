//! The sample center: invented people with a history of eighteen months, in a folder that is thrown away, or one
//! that is kept; the same for the same seed, but for the day it is started on.

mod alumni;
mod appointments;
mod benefits;
mod channels;
mod clocks;
mod history;
mod opened;
mod people;
mod plans;
mod sources;
mod teamwork;
mod today;
mod tries;
mod waitlist;

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use foundation::center::Center;
use foundation::jobs::running::Runner;
use foundation::staff::inviting::{NewMember, invite, is_empty, member};
use foundation::{Actor, Chance, Clock, Db, Instant, Role, Zone};
use mail::delivery::Post;
use mail::{Captured, Postroom};
use web::Ways;

use crate::background;
use crate::log;
use crate::opened::Opened;
use crate::serving;
use crate::settings::Settings;

/// Everyone in the sample center signs in with this.
const PASSWORD: &str = "a sample pass phrase";

/// The staff, a person for every role.
const STAFF: [(&str, &str, Role); 11] = [
    ("Ben Kealoha", "ben", Role::FrontDesk),
    ("Ana Ruiz", "ana", Role::Intake),
    ("Sam Whitfield", "sam", Role::Intake),
    ("Tess Moreau", "tess", Role::Benefits),
    ("Mina Castellanos", "mina", Role::Supervisor),
    ("Ray Okafor", "ray", Role::Counselor),
    ("Ines Duarte", "ines", Role::Counselor),
    ("Carol Lindqvist", "carol", Role::AlumniCoordinator),
    ("Linus Berg", "linus", Role::Admin),
    ("Petra Novák", "petra", Role::PrivacyOfficer),
    ("Odile Kamara", "odile", Role::Auditor),
];

/// The staff as the history acts through them.
pub(crate) struct Cast {
    pub(crate) ben: Actor,
    pub(crate) ana: Actor,
    pub(crate) sam: Actor,
    pub(crate) tess: Actor,
    pub(crate) ray: Actor,
    pub(crate) ines: Actor,
    pub(crate) mina: Actor,
    pub(crate) carol: Actor,
    pub(crate) linus: Actor,
    pub(crate) petra: Actor,
    /// The work in the background, done at its moment in the history.
    pub(crate) work: Runner,
}

/// In a folder that is kept: what is in it is a sample center, and no other center is ever mixed with one. It says how
/// many seconds its clock runs ahead of the machine's, so that no time goes back there when it is opened again.
const MARK: &str = "sample-center";

/// The sample center is in Chicago.
pub(crate) const ZONE: Zone = chrono_tz::America::Chicago;

/// A day and time at the sample center, as the command line takes it.
///
/// # Errors
/// Says what is wanted when it is none.
pub fn read_moment(text: &str) -> Result<Instant, String> {
    foundation::read_moment(text, ZONE).ok_or_else(|| "write a day and a time, like 2026-12-24T02:00".into())
}

/// The clock of the sample center in a folder: every command about it goes by that one. `None` where there is none.
pub(crate) fn clock_of(folder: &Path) -> Option<Clock> {
    let mark = std::fs::read_to_string(folder.join(MARK)).ok()?;
    let ahead = mark.lines().find_map(|line| line.strip_prefix("seconds ahead: "));
    let ahead = ahead.and_then(|seconds| TimeDelta::try_seconds(seconds.trim().parse().ok()?));
    Some(Clock::ahead_by(ahead.unwrap_or_default()))
}

/// `kith demo`: in a folder that is thrown away, or in `kept`, where a sample center is opened as it was left. `at` is
/// when it opens for the first time.
pub async fn run(
    settings: Settings,
    seed: u64,
    at: Option<Instant>,
    kept: Option<PathBuf>,
) -> anyhow::Result<()> {
    log::start(&settings);
    anyhow::ensure!(settings.listen.ip().is_loopback(), "the sample center is for this machine alone");
    let thrown_away = || std::env::temp_dir().join(format!("kith-demo-{}", std::process::id()));
    let folder = kept.clone().unwrap_or_else(thrown_away);
    let settings = Settings { data: folder.clone(), ..settings };
    let captured = Captured::kept_in(&folder.join("letters"))?;
    let room = Postroom { captured, ..serving::postroom(&settings, Post::Captured) };
    if clock_of(&folder).is_some() {
        anyhow::ensure!(at.is_none(), "this sample center was made before, and its time does not go back");
    } else {
        // A real center is not even brought to the newest step.
        let empty = !settings.place()?.is_made().await?
            || is_empty(Opened::existing(&settings).await?.db.reader()).await?;
        anyhow::ensure!(empty, "the sample center wants an empty place, so that it mixes with nobody");
        let ahead = at.map_or(0, |at| (at - Clock::system().now()).num_seconds());
        let clock = Clock::ahead_by(TimeDelta::seconds(ahead));
        Box::pin(furnish(&settings, &room, clock, seed)).await?;
        std::fs::write(folder.join(MARK), format!("Invented people only.\nseconds ahead: {ahead}\n"))?;
    }
    // Served with a running clock and true chance: the history's stream can be known from its seed.
    let opened = Opened::to_serve(&settings).await?;
    let ways = Ways {
        public_url: settings.url(),
        links_url: settings.links(),
        data: settings.data.clone(),
        anchor: settings.anchor_file(),
        factor_required: false,
        demo: true,
        trusted_proxies: settings.proxies()?,
    };
    let served =
        serving::open_doors(opened, room, ways, (None, greeting(kept.as_deref(), &settings)), &settings)
            .await;
    if kept.is_none() {
        std::fs::remove_dir_all(&folder)?;
    }
    served
}

/// Who can sign in, and where the letters are.
fn greeting(kept: Option<&Path>, settings: &Settings) -> String {
    let kept = kept.map_or_else(
        || "It forgets everything when it stops.".into(),
        |folder| format!("It is kept in {}.", folder.display()),
    );
    let staff: Vec<String> = STAFF
        .into_iter()
        .map(|(name, sign_in, role)| format!("    {sign_in:<8} {name}, {}\n", role.words().to_lowercase()))
        .collect();
    format!(
        "\n  A sample center of invented people.\n  {kept}\n\n  Sign in with the password “{PASSWORD}” as:\n{}\n  \
         Letters are kept, and none is sent: {}/mail\n  The links in them ask for the word “{}”.\n\n",
        staff.concat(),
        settings.url(),
        alumni::LINK_WORD
    )
}

/// Writes the history, each event at its own time, through the same acts as the pages.
pub(crate) async fn furnish(
    settings: &Settings,
    room: &Postroom,
    now: Clock,
    seed: u64,
) -> anyhow::Result<Db> {
    let now = now.now();
    let past = Clock::set(now - TimeDelta::days(548));
    let opened = Opened::scratch(settings, past, Chance::seeded(seed)).await?;
    let db = opened.db;
    let cast = staff(&db, room).await?;
    sources::found(&db, &cast).await?;
    appointments::open(&db, &cast).await?;
    history::live(&db, &cast, now).await?;
    opened::live(&db, &cast, now).await?;
    // The letters of yesterday morning: there is something to read, and a link to answer.
    db.clock().move_to(history::at(now, 1, 11, 0));
    followups::check_ins::reconcile(&db).await?;
    cast.work.run_due(&db).await?;
    today::live(&db, &cast, now).await?;
    appointments::live(&db, &cast, now).await?;
    teamwork::live(&db, &cast, now).await?;
    channels::live(&db, &cast, now).await?;
    db.clock().move_to(now);
    Ok(db)
}

async fn staff(db: &Db, room: &Postroom) -> anyhow::Result<Cast> {
    let center = Center {
        name: "Cedar Recovery Center".into(),
        neutral_name: "Cedar Office".into(),
        neutral_phone: "(212) 555-0100".into(),
        mail_from: "hello@cedar-office.example".into(),
        zone: ZONE,
        leave_to: "https://www.weather.gov/".into(),
    };
    db.write(&Actor::House, async |unit| center.found(unit).await).await?;
    let mut actors = std::collections::HashMap::new();
    let mut supervisor = None;
    for (name, sign_in, role) in STAFF {
        let mut new = NewMember::parse(name, sign_in, &[role], PASSWORD, false, db.chance()).await?;
        if let (Role::Counselor, Some(supervisor)) = (role, supervisor) {
            new = new.supervised_by(supervisor);
        }
        let id = db.write(&Actor::House, async |unit| invite(unit, new).await).await?;
        if role == Role::Supervisor {
            supervisor = Some(id);
        }
        actors.insert(sign_in, member(db.reader(), id).await?.actor());
    }
    let mut take = |name| actors.remove(name).ok_or_else(|| anyhow::anyhow!("{name} is not on the staff"));
    Ok(Cast {
        ben: take("ben")?,
        ana: take("ana")?,
        sam: take("sam")?,
        tess: take("tess")?,
        ray: take("ray")?,
        ines: take("ines")?,
        mina: take("mina")?,
        carol: take("carol")?,
        linus: take("linus")?,
        petra: take("petra")?,
        work: background::runner(room),
    })
}

#[cfg(test)]
mod tests;
