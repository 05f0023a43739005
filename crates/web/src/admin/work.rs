//! What somebody carries, kind by kind: how much, who may have it instead, and giving it to them in one unit. An
//! administrator sees numbers and moments here, and nobody's name.

use foundation::acts::{Reach, reach};
use foundation::on_call::list_turns;
use foundation::staff::inviting::everyone;
use foundation::staff::{Member, closing};
use foundation::{Act, Error, Faults, Instant, Role, StaffId, Unit, Zone};
use intake::appointments::hours::CLINICIANS;
use intake::handing_over::{self, Carried};
use sea_orm::ConnectionTrait;

use crate::form::Typed;
use crate::inbox::when;

/// What a form says for "nobody yet".
pub(super) const NOBODY: &str = "nobody";

/// A kind of work that moves as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Requests,
    Checks,
    Appointments,
    Records,
    Team,
}

impl Kind {
    pub(super) const ALL: [Self; 5] =
        [Self::Requests, Self::Checks, Self::Appointments, Self::Records, Self::Team];

    /// The field of the form.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Checks => "checks",
            Self::Appointments => "appointments",
            Self::Records => "records",
            Self::Team => "team",
        }
    }

    /// Whether somebody with these roles may have it.
    pub(super) fn fits(self, roles: &[Role]) -> bool {
        let may = |act| roles.iter().any(|role| reach(*role, act) != Reach::No);
        match self {
            Self::Requests => may(Act::ClaimRequest),
            Self::Checks => may(Act::TakeBenefits),
            Self::Appointments => roles.iter().any(|role| CLINICIANS.contains(role)),
            Self::Records => roles.contains(&Role::Counselor),
            Self::Team => roles.contains(&Role::Supervisor),
        }
    }

    /// What becomes of it when nobody gets it; a person who comes at a booked time must meet somebody.
    pub(super) fn without_anyone(self) -> Option<&'static str> {
        match self {
            Self::Requests => Some("Nobody yet: they are unassigned in the inbox"),
            Self::Checks => Some("Nobody yet: back in the queue"),
            Self::Appointments => None,
            Self::Records => Some("Nobody yet: on every supervisor's day"),
            Self::Team => Some("Nobody yet: no supervisor sees their records"),
        }
    }
}

/// What somebody carries now.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    intake: Carried,
    records: u64,
    /// The people they supervise, by name.
    team: Vec<String>,
    /// Letters of theirs that have not left.
    pub(super) letters: u64,
    /// Their turns on the on-call list, in words. They end with the account, and nobody takes them over by themselves.
    pub(super) turns: Vec<String>,
}

fn noun(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

impl Work {
    pub(super) async fn of(reader: &impl ConnectionTrait, staff: StaffId) -> Result<Self, Error> {
        let everyone = everyone(reader).await?;
        let team = everyone.into_iter().filter(|one| one.supervisor_id == Some(staff));
        Ok(Self {
            intake: handing_over::carried_by(reader, staff).await?,
            records: clients::client::handing_over::carried_by(reader, staff).await?,
            team: team.filter(|one| one.disabled_at.is_none()).map(|one| one.name).collect(),
            letters: mail::own_words::how_many_wait(reader, staff).await?,
            turns: list_turns(reader)
                .await?
                .0
                .iter()
                .filter(|turn| turn.staff == staff)
                .map(|turn| format!("{}, {}", turn.days_words(), crate::on_call::hours_words(turn)))
                .collect(),
        })
    }

    /// How much there is of a kind.
    pub(super) fn amount(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Requests => self.intake.requests,
            Kind::Checks => self.intake.checks,
            Kind::Appointments => self.intake.appointments,
            Kind::Records => self.records,
            Kind::Team => u64::try_from(self.team.len()).unwrap_or(u64::MAX),
        }
    }

    /// The kinds there is something of.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(|kind| self.amount(*kind) > 0)
    }

    /// In words, like "6 requests".
    pub(super) fn words(&self, kind: Kind) -> String {
        let n = self.amount(kind);
        match kind {
            Kind::Requests => noun(n, "request", "requests"),
            Kind::Checks => noun(n, "benefits check", "benefits checks"),
            Kind::Appointments => noun(n, "appointment", "appointments"),
            Kind::Records => noun(n, "client record", "client records"),
            Kind::Team => noun(n, "person they supervise", "people they supervise"),
        }
    }

    /// What is due first of it, and who they are that may be named here.
    pub(super) fn note(&self, kind: Kind, now: Instant, zone: Zone) -> String {
        let first = |at: Option<Instant>| at.map(|at| when(at, now, zone)).unwrap_or_default();
        match kind {
            Kind::Requests if self.intake.next_steps > 0 => {
                let steps = noun(self.intake.next_steps, "next step was", "next steps were");
                format!("{steps} promised, the first {}", first(self.intake.next_step_at))
            }
            Kind::Appointments => format!("The first {}", first(self.intake.appointment_at)),
            Kind::Team => self.team.join(", "),
            Kind::Requests | Kind::Checks | Kind::Records => String::new(),
        }
    }

    /// Who may have a kind instead of `from`: key and name.
    pub(super) fn takers(kind: Kind, staff: &[Member], from: StaffId) -> Vec<(String, String)> {
        let here = staff.iter().filter(|one| one.disabled_at.is_none() && one.id != from);
        let mut takers: Vec<(String, String)> = here
            .filter(|one| kind.fits(&one.roles))
            .map(|one| (one.id.to_string(), one.name.clone()))
            .collect();
        takers.extend(kind.without_anyone().map(|words| (NOBODY.to_owned(), words.to_owned())));
        takers
    }

    /// What these roles could not go on with, in a sentence; `None` when nothing would be left lying.
    pub(super) fn left_lying(&self, roles: &[Role]) -> Option<String> {
        // Who supervises whom is asked where the roles are changed.
        let kinds = self.kinds().filter(|kind| *kind != Kind::Team && !kind.fits(roles));
        let words: Vec<String> = kinds.map(|kind| self.words(kind)).collect();
        (!words.is_empty()).then(|| format!("Hand over {} first", words.join(" and ")))
    }

    /// Gives everything to those who were chosen, in the unit of the caller. How much moved.
    pub(super) async fn hand_over(
        &self,
        unit: &mut Unit,
        from: StaffId,
        typed: &Typed,
    ) -> Result<usize, Error> {
        let mut faults = Faults::default();
        let chosen: Vec<(Kind, Option<StaffId>)> =
            self.kinds().filter_map(|kind| Some((kind, chosen(kind, typed, &mut faults)?))).collect();
        faults.or(|| ())?;
        let mut moved = 0;
        for (kind, to) in chosen {
            moved += match (kind, to) {
                (Kind::Requests, to) => handing_over::hand_over_requests(unit, from, to).await?,
                (Kind::Checks, to) => handing_over::hand_over_checks(unit, from, to).await?,
                (Kind::Appointments, Some(to)) => {
                    handing_over::hand_over_appointments(unit, from, to).await?
                }
                (Kind::Records, to) => {
                    let done = clients::client::handing_over::hand_over(unit, from, to).await;
                    done.map_err(|error| at_field(error, Kind::Records))?
                }
                (Kind::Team, Some(to)) => closing::hand_over_team(unit, from, to).await?,
                (Kind::Appointments | Kind::Team, None) => 0,
            };
        }
        Ok(moved)
    }
}

/// A refusal of a room below belongs at the field it is about.
fn at_field(error: Error, kind: Kind) -> Error {
    match error {
        Error::Refused(refusal) => {
            let mut faults = Faults::default();
            faults.add(kind.field(), refusal.sentence.trim_end_matches('.'));
            faults.into()
        }
        other => other,
    }
}

/// Who was chosen for a kind; a fault when nobody was.
#[expect(clippy::option_option, reason = "nothing chosen, nobody chosen and a colleague are three answers")]
fn chosen(kind: Kind, typed: &Typed, faults: &mut Faults) -> Option<Option<StaffId>> {
    let text = typed.text(kind.field());
    if text == NOBODY && kind.without_anyone().is_some() {
        return Some(None);
    }
    if let Ok(to) = text.parse() {
        return Some(Some(to));
    }
    let what = match kind {
        Kind::Requests => "the requests",
        Kind::Checks => "the benefits checks",
        Kind::Appointments => "the appointments",
        Kind::Records => "the client records",
        Kind::Team => "the people they supervise",
    };
    faults.add(kind.field(), format!("Choose who takes over {what}"));
    None
}
