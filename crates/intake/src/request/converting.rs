//! A request becomes a client: once, with its history. The person stays the same person, so everything said on the
//! first call is in the record without being typed again.

use clients::client;
use clients::episode::{self, Admission, LevelOfCare};
use consent::contact_point;
use foundation::center::Center;
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Day, Error, Faults, News, PersonId, StaffId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

use super::Request;
use crate::entity::{appointment, call, request};
use crate::rules::waiting::EndedHow;
use crate::rules::waitlist::WhyLeft;
use crate::rules::words::Disposition;

/// How somebody comes in: who carries them, and when they are admitted at once, at which level of care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ComingIn {
    pub counselor: Option<StaffId>,
    pub admission: Option<(LevelOfCare, Day)>,
}

impl ComingIn {
    /// Parses a form's strings. No level means that the stay begins later, from the record.
    pub fn parse(counselor: &str, level: &str, on: Option<Day>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let counselor = Some(counselor).filter(|id| !id.is_empty()).map(|id| {
            id.parse().map_err(|_| faults.add("counselor", "Choose a counselor who works here now"))
        });
        let level = match level {
            "" => None,
            level => LevelOfCare::parse(level).or_else(|| {
                faults.add("level", "Choose the level of care from the list");
                None
            }),
        };
        if level.is_some() && on.is_none() {
            faults.add("admitted_on", "Enter the day of admission, like 2026-03-02");
        }
        faults.or(|| Self { counselor: counselor.and_then(Result::ok), admission: level.zip(on) })
    }
}

/// Makes the prospective person a client, closes the request as admitted, and begins the stay when its level is
/// decided: that level stays on the stay, whatever comes after.
pub async fn convert(unit: &mut Unit, wanted: &Request, how: ComingIn) -> Result<PersonId, Error> {
    let counselor = how.counselor;
    let permit = unit.permit(Act::ConvertRequest, &wanted.subject())?;
    if let Some(id) = counselor {
        client::handing_over::may_carry(unit.tx(), id).await?;
    }
    let won = request::Entity::update_many()
        .col_expr(request::Column::ConvertedAt, Expr::value(Some(unit.now())))
        .col_expr(request::Column::ClosedAt, Expr::value(Some(unit.now())))
        .col_expr(request::Column::Disposition, Expr::value(Some(Disposition::Admitted)))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::ConvertedAt.is_null())
        .filter(request::Column::ClosedAt.is_null())
        .exec(unit.tx())
        .await?;
    if won.rows_affected == 0 {
        return Err(match wanted.converted_at {
            None if !wanted.is_open() => refused("closed", "This request is closed. Open it again first."),
            _ => refused("converted", "This request became a client already."),
        });
    }
    super::waiting::over(unit, wanted, EndedHow::Closed).await?;
    crate::waitlist::leaving::with_the_request(unit, wanted, WhyLeft::Admitted).await?;
    if wanted.was_about_id == Some(wanted.caller_id) {
        also_reached_by(unit, wanted).await?;
    }
    crate::referral_out::following::end_with_the_request(unit, wanted).await?;
    crate::referral_in::deciding::accepted(unit, wanted).await?;
    crate::appointments::moving::with_the_client(unit, wanted).await?;
    // Someone who comes back has a record: it goes on, with the new request in it.
    if client::subject(unit.tx(), wanted.prospective_id).await.is_err() {
        client::start(unit, wanted.prospective_id, counselor).await?;
    }
    if let Some((level, admitted_on)) = how.admission {
        let care = client::subject(unit.tx(), wanted.prospective_id).await?;
        let today = unit.today(Center::load(unit.tx()).await?.zone);
        let admission = Admission { admitted_on, level, request: Some(wanted.id.0) };
        episode::admit(unit, &care, admission, today).await?;
    }
    unit.record(
        permit,
        serde_json::json!({ "client": wanted.prospective_id, "reference": wanted.reference }),
    );
    unit.tell(News::Inbox);
    Ok(wanted.prospective_id)
}

/// Someone who came back is reached by what they gave this time as well.
async fn also_reached_by(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    for point in contact_point::of(unit.tx(), wanted.caller_id).await? {
        contact_point::also_of(unit, wanted.prospective_id, point).await?;
    }
    Ok(())
}

/// The requests that led to a person's record, newest first, as far as the viewer may know of them.
pub async fn requests_of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
) -> Result<Vec<Request>, Error> {
    Ok(request::Entity::find()
        .filter(request::Column::ProspectiveId.eq(person))
        .filter(Expr::cust(seen_by(viewer, "confidential_to")))
        .order_by_desc(request::Column::Id)
        .all(reader)
        .await?)
}

/// What is kept from the viewer of a record: the requests that they must not know of, with their calls, times and letters,
/// whoever they are about now: what was done while a client was recognized in one stands in the ledger under that client.
pub async fn kept_from(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Vec<Uuid>, Error> {
    let mut kept: Vec<Uuid> = request::Entity::find()
        .select_only()
        .column(request::Column::Id)
        .filter(request::Column::ConfidentialTo.is_not_null())
        .filter(Expr::cust(format!("NOT {}", seen_by(viewer, "confidential_to"))))
        .into_tuple()
        .all(reader)
        .await?;
    if kept.is_empty() {
        return Ok(kept);
    }
    let times = appointment::Entity::find().select_only().column(appointment::Column::Id);
    let times = times.filter(appointment::Column::RequestId.is_in(kept.clone()));
    let times: Vec<Uuid> = times.into_tuple().all(reader).await?;
    let calls = call::Entity::find().select_only().column(call::Column::Id);
    let calls = calls.filter(call::Column::RequestId.is_in(kept.clone()));
    let calls: Vec<Uuid> = calls.into_tuple().all(reader).await?;
    kept.extend(times);
    let letters = mail::outbox::about(reader, &kept).await?;
    kept.extend(calls.into_iter().chain(letters));
    Ok(kept)
}
