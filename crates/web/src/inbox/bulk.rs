//! Acts on several requests at once. Each is an act of its own: what cannot be done for one is said with its reason, and
//! the others are done.

use axum::extract::State;
use axum::response::Response;
use clients::rules::tags::TagId;
use clients::tags;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, Role, StaffId, Unit, Zone, read_moment};
use intake::Request;
use intake::inbox::{View, Which};
use intake::reasons;
use intake::request::snoozing::{self, Snooze};
use intake::request::undoing::{self, Beside, UndoGroup};
use intake::request::{claiming, closing, seen, tagging};
use intake::rules::outcome::Closing;
use intake::rules::reasons::Offered;

use super::Inbox;
use crate::failure::Failure;
use crate::form::{Typed, chosen};
use crate::house::House;
use crate::look::{Fault, Problem};
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .act("/inbox/chosen/claim", Access::Staff(Act::ClaimRequest), claim)
        .act("/inbox/chosen/owner", Access::Staff(Act::GiveRequest), give)
        .act("/inbox/chosen/snooze", Access::Staff(Act::SnoozeRequest), snooze)
        .act("/inbox/chosen/closing", Access::Staff(Act::CloseRequest), close)
        .act("/inbox/chosen/tag", Access::Staff(Act::TagRequest), tag)
        .act("/inbox/chosen/untag", Access::Staff(Act::UntagRequest), untag)
}

/// At once; more is a decision about a list, not about people.
pub(crate) const MOST: usize = 50;

/// What the viewer may do with those they choose.
#[expect(clippy::struct_excessive_bools, reason = "one button each")]
pub(super) struct Offer {
    pub claim: bool,
    pub give: Vec<(StaffId, String)>,
    pub snooze: bool,
    pub close: bool,
    /// Why they can be closed.
    pub reasons: Offered,
    pub run: bool,
    /// The words that can be put on them.
    pub tags: Vec<(TagId, String)>,
    /// A day from now, for the browser's field.
    pub tomorrow: String,
}

impl Offer {
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        which: Which,
        now: Instant,
        zone: Zone,
    ) -> Result<Self, Error> {
        let over = matches!(which, Which::View(View::Closed | View::CheckIn) | Which::Received { .. });
        let may = |act| !over && reach_of(me, act) != Reach::No;
        let give = if may(Act::GiveRequest) {
            Directory::of(house).await?.working_as(&[Role::Intake, Role::FrontDesk, Role::Supervisor])
        } else {
            Vec::new()
        };
        let tomorrow = (now + chrono::TimeDelta::days(1)).with_timezone(&zone);
        let tomorrow = tomorrow.format("%Y-%m-%dT09:00").to_string();
        Ok(Self {
            claim: may(Act::ClaimRequest),
            give,
            snooze: may(Act::SnoozeRequest),
            close: may(Act::CloseRequest),
            reasons: reasons::of(house).await?.offered(),
            run: may(Act::RunMacro),
            tags: if may(Act::TagRequest) { tags::of(house).await?.offered() } else { Vec::new() },
            tomorrow,
        })
    }

    pub(super) fn is_any(&self) -> bool {
        self.claim || self.snooze || !self.give.is_empty() || self.close
    }
}

/// What is done with each of them.
#[derive(Clone, Copy)]
enum What {
    Claim,
    Give(StaffId),
    Snooze(Snooze),
    Close(Closing),
    Tag(TagId),
    Untag(TagId),
}

impl What {
    async fn with(self, unit: &mut Unit, request: &Request) -> Result<(), Error> {
        match self {
            Self::Claim => claiming::claim(unit, request).await,
            Self::Give(to) => claiming::give(unit, request, to).await,
            Self::Snooze(to) => snoozing::snooze(unit, request, request.version, to).await,
            Self::Close(how) => closing::close(unit, request, how).await,
            Self::Tag(id) => tagging::tag(unit, request, id).await,
            Self::Untag(id) => tagging::untag(unit, request, id).await,
        }
    }
}

/// Does it with each chosen request, in a unit of its own, and shows the inbox: with what could not be done and why.
async fn each(
    house: &House,
    me: &Actor,
    typed: &Typed,
    what: Result<What, Error>,
) -> Result<Response, Failure> {
    let what = match what {
        Ok(what) => what,
        Err(error) => {
            let faults: Faults = Failure::from(error).faults()?;
            return again(house, me, typed, Problem::from(&faults)).await;
        }
    };
    let mut problem = Problem::default();
    let mut wrong = |field: String, words: String| problem.0.push(Fault { field, words });
    let chosen: Vec<&str> = typed.many("pick[]").collect();
    if chosen.is_empty() || chosen.len() > MOST {
        wrong("inbox-rows".into(), format!("Choose between 1 and {MOST} requests from the list"));
        return again(house, me, typed, problem).await;
    }
    let (mut group, mut whole) = (None, true);
    for reference in chosen {
        let at = format!("r-{reference}");
        match one(house, me, reference, what, group).await {
            Ok(Some(under)) => group = Some(under),
            Ok(None) => whole = false,
            Err(Error::Stale) => wrong(at, format!("{reference}: somebody changed it just now, look again")),
            Err(Error::Refused(no)) => wrong(at, format!("{reference}: {}", no.sentence)),
            Err(Error::Invalid(faults)) => wrong(at, format!("{reference}: {faults}")),
            Err(Error::NotFound) => wrong(at, format!("{reference}: there is no such request")),
            Err(other) => return Err(other.into()),
        }
    }
    if problem.0.is_empty() {
        // Undone at all of them or not from here.
        let about = group.filter(|_| whole).map_or_else(|| "all".to_owned(), |group| group.to_string());
        return Ok(sent_on("/inbox", Said::ChosenDone, &about));
    }
    let mut page = Inbox::new(house, me, typed, problem).await?;
    page.undo = group.filter(|_| whole);
    Ok(show(page))
}

/// Does it at one of them; what it can be undone under, if it can.
async fn one(
    house: &House,
    me: &Actor,
    reference: &str,
    what: What,
    group: Option<UndoGroup>,
) -> Result<Option<UndoGroup>, Error> {
    let request = seen(house.reader(), me, reference).await?;
    house
        .write(me, async |unit| {
            let can_be_undone = match what {
                What::Close(how) => closing::can_be_undone(unit.tx(), &request, how).await?,
                What::Claim | What::Give(_) | What::Snooze(_) | What::Tag(_) | What::Untag(_) => true,
            };
            let before = undoing::before(unit, &request).await?;
            what.with(unit, &request).await?;
            if !can_be_undone {
                return Ok(None);
            }
            let group = group.unwrap_or_else(|| unit.id());
            undoing::remember(unit, group, before, Beside::default()).await?;
            Ok(Some(group))
        })
        .await
}

pub(crate) async fn again(
    house: &House,
    me: &Actor,
    typed: &Typed,
    problem: Problem,
) -> Result<Response, Failure> {
    Ok(show(Inbox::new(house, me, typed, problem).await?))
}

async fn claim(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    each(&house, &me, &typed, Ok(What::Claim)).await
}

async fn give(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let to = chosen(typed.text("to").parse().ok(), "to", "Choose a colleague");
    each(&house, &me, &typed, to.map(What::Give)).await
}

async fn tag(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let id = chosen(typed.text("put_tag").parse().ok(), "put_tag", "Choose a tag");
    each(&house, &me, &typed, id.map(What::Tag)).await
}

async fn untag(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let id = chosen(typed.text("put_tag").parse().ok(), "put_tag", "Choose a tag");
    each(&house, &me, &typed, id.map(What::Untag)).await
}

async fn snooze(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let until = read_moment(typed.text("snooze_until"), Center::of(&house).await?.zone);
    let to = Snooze::parse(until, typed.checked("through"), house.now());
    each(&house, &me, &typed, to.map(What::Snooze).map_err(Error::from)).await
}

async fn close(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    // Whether somebody may be asked again is a question to each of them.
    let how = Closing::parse(typed.text("disposition"), typed.text("reason"), "").and_then(|how| {
        let mut faults = Faults::default();
        if how.is_death() {
            faults.add(
                "disposition",
                "A death is said of one person, with who told us. Open the request to record it",
            );
        }
        faults.or(|| how)
    });
    each(&house, &me, &typed, how.map(What::Close).map_err(Error::from)).await
}
