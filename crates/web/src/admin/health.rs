//! How the program runs, for whoever looks after the machine: what it stands on, the work in the background, and a test
//! letter. It names nobody.

use alumni::alert;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::clock::jumping;
use foundation::jobs::{State as Stands, standing};
use foundation::restored::Restored;
use foundation::store::backups::Nights;
use foundation::store::disk::Disk;
use foundation::{Act, Actor, Error, Faults, Instant, JobId, Subject, Zone, may};
use intake::importing::keeping;
use intake::inward::receiving;
use intake::{escalating, routing};
use mail::delivery::{Outcome, Post};
use mail::{outbox, staff_notice};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/admin/health", Access::Staff(Act::ViewHealth), page)
        .act("/admin/health/letter", Access::Staff(Act::SendTestLetter), send_letter)
        .act("/admin/jobs/{id}/retry", Access::Staff(Act::RetryJob), retry)
}

/// One thing and how it stands.
struct Line {
    mark: &'static str,
    tone: &'static str,
    about: &'static str,
    words: String,
}

/// A job that is not done.
struct JobLine {
    id: JobId,
    kind: &'static str,
    given_up: bool,
    next: String,
    tries: i32,
    why: String,
}

#[derive(Template)]
#[template(path = "pages/admin/health.html")]
struct Health {
    lines: Vec<Line>,
    to_look_at: usize,
    waiting: u64,
    jobs: Vec<JobLine>,
    may_act: bool,
    /// Where the viewer is written to, who may send a test letter there.
    address: Option<String>,
    /// What became of the test letter.
    told: Option<(bool, String)>,
    problem: Problem,
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    Ok(show(Health::new(&house, &me, None, &Faults::default()).await?))
}

/// Sends a letter to the viewer's own address at once, and says what the mail server said.
async fn send_letter(State(house): State<House>, Me(me, _): Me, _: Typed) -> Result<Response, Failure> {
    let staff = me.staff_id().ok_or(Error::Forbidden(Act::SendTestLetter))?;
    if Restored::on_hold(house.reader()).await?.is_some() {
        let mut faults = Faults::default();
        faults
            .add("letter", "The center is on hold after a restore, so no letter leaves. Let it go on first");
        return Ok(show(Health::new(&house, &me, None, &faults).await?));
    }
    house
        .write(&me, async |unit| {
            let permit = unit.permit(Act::SendTestLetter, &Subject::of("staff", staff))?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await?;
    let told = match staff_notice::test(&house, house.postroom(), staff).await? {
        None => (false, "You have no address here. Give one under Account, then try again.".to_owned()),
        Some(Outcome::Accepted { reply }) => {
            (true, format!("The mail server took it: {reply}. Look in your mail."))
        }
        Some(refused) => (false, format!("It did not leave: {}.", refused.words())),
    };
    Ok(show(Health::new(&house, &me, Some(told), &Faults::default()).await?))
}

/// Has a job tried now.
async fn retry(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: JobId = key(&id)?;
    house.write(&me, async |unit| standing::try_again(unit, id).await).await?;
    Ok(sent_on("/admin/health", Said::JobTried, ""))
}

impl Health {
    async fn new(
        house: &House,
        me: &Actor,
        told: Option<(bool, String)>,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let (now, zone) = (house.now(), Center::of(house).await?.zone);
        let lines = lines(house, now, zone).await?;
        let stands = standing::of(house.reader(), now).await?;
        let jobs = standing::undone(house.reader()).await?.into_iter().map(|job| JobLine {
            id: job.id,
            kind: words_of(&job.kind),
            given_up: job.state == Stands::GivenUp,
            next: when(job.run_at, now, zone),
            tries: job.attempts,
            why: job.last_error.unwrap_or_default(),
        });
        let may_act = may(me, Act::SendTestLetter, &Subject::center());
        let address = match me.staff_id() {
            Some(staff) if may_act => staff_notice::address_of(house.reader(), staff).await?,
            _ => None,
        };
        Ok(Self {
            to_look_at: lines.iter().filter(|line| line.tone != "calm").count(),
            lines,
            waiting: stands.waiting,
            jobs: jobs.collect(),
            may_act,
            address,
            told,
            problem: Problem::from(faults),
        })
    }
}

/// What a job does, for people.
fn words_of(kind: &str) -> &'static str {
    match kind {
        outbox::JOB => "A letter",
        escalating::JOB => "Telling a colleague of a request that waits",
        alert::JOB => "Telling a colleague of someone in aftercare",
        routing::JOB => "Giving a request to someone",
        receiving::TELL => "Showing mail in the inbox",
        keeping::JOB => "Bringing in old inquiries",
        _ => "Work of another version",
    }
}

fn well(about: &'static str, words: impl Into<String>) -> Line {
    Line { mark: "check", tone: "calm", about, words: words.into() }
}

fn wrong(about: &'static str, words: impl Into<String>) -> Line {
    Line { mark: "octagon", tone: "now", about, words: words.into() }
}

fn look(about: &'static str, words: impl Into<String>) -> Line {
    Line { mark: "triangle", tone: "soon", about, words: words.into() }
}

async fn lines(house: &House, now: Instant, zone: Zone) -> Result<Vec<Line>, Error> {
    let fault = house.standing().borrow().fault();
    let mut lines = vec![match fault {
        None => well("Database", "It keeps what it is given."),
        Some(fault) => wrong("Database", format!("Nothing can be kept: {fault}.")),
    }];
    if let Some(restored) = Restored::on_hold(house.reader()).await? {
        lines.push(wrong("On hold", format!("Restored from a backup {}.", when(restored.at, now, zone))));
    }
    if let Some(disk) = Disk::of(house.folder()) {
        lines.push(match disk {
            disk if disk.is_full() => wrong("Disk", format!("{}. Make room now.", disk.words())),
            disk if disk.is_low() => look("Disk", format!("{}. Make room soon.", disk.words())),
            disk => well("Disk", format!("{}.", disk.words())),
        });
    }
    lines.push(backup(house, now, zone).await?);
    lines.push(letters(house, now, zone));
    if let Some(health) = house.mailbox().map(mail::mailbox::Mailbox::health) {
        lines.push(match (health.fault, health.succeeded_at) {
            (Some(fault), _) => wrong("Mailbox", fault),
            (None, Some(at)) => well("Mailbox", format!("Looked into {}.", when(at, now, zone))),
            (None, None) => look("Mailbox", "Not looked into yet."),
        });
    }
    if house.lacks_addresses() {
        lines.push(wrong("Proxy", crate::address::LACKING));
    }
    for jump in jumping::lately(house.reader(), now).await? {
        lines.push(look(
            "Clock",
            format!("It jumped {} minutes, {}.", jump.by.num_minutes(), when(jump.at, now, zone)),
        ));
    }
    Ok(lines)
}

async fn backup(house: &House, now: Instant, zone: Zone) -> Result<Line, Error> {
    let Some(nights) = Nights::of(house.reader()).await? else {
        return Ok(look(
            "Backup",
            "None is made by itself. Whoever looks after the computer sets a folder for it.",
        ));
    };
    let last = match &nights.last {
        Some(last) => format!("The last one is from {}: {}.", when(last.at, now, zone), last.file),
        None => "There is none yet.".to_owned(),
    };
    Ok(match &nights.fault {
        Some(fault) => wrong("Backup", format!("{last} The last try failed: {fault}.")),
        None if nights.is_late(now) => wrong("Backup", last),
        None => well("Backup", last),
    })
}

fn letters(house: &House, now: Instant, zone: Zone) -> Line {
    let post = &house.postroom().post;
    match (post, post.lane().and_then(|lane| lane.trouble(now))) {
        (_, Some((since, words))) => wrong("Letters", format!("{words} (since {}).", when(since, now, zone))),
        (Post::Held, None) => look("Letters", "No mail server is set, so they wait."),
        (Post::Captured, None) => well("Letters", "A sample center keeps them here."),
        (Post::Smtp(_), None) => well("Letters", "Nothing stands in their way."),
    }
}

impl Page for Health {
    fn title(&self) -> String {
        "Health".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
