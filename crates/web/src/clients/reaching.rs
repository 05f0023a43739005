//! How the person of a record may be reached: contact points that come and end, and what is safe, asked again.

use axum::extract::{Path, State};
use axum::response::Response;
use consent::contact_point::{self, ContactPointId, NewContactPoint};
use consent::contact_rules::{self, ContactRules, Manner, NewContactRules, Risk};
use consent::rules::contact::{Answering, Hours, Permission, SaidBy, Voicemail, clock};
use foundation::{Act, Error};

use super::{At, Under, act_on};
use crate::differing::{Stands, settled};
use crate::failure::Failure;
use crate::form::{Typed, chosen};
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let reach = Access::Staff(Act::SetContactPoint);
    Routes::default()
        .act("/clients/{id}/contact-points", reach, add_point)
        .act("/clients/{id}/contact-points/{point}/ending", reach, end_point)
        .act("/clients/{id}/safe-contact", Access::Staff(Act::SetSafeContact), set_rules)
}

async fn add_point(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let person = care.person.ok_or(Error::NotFound)?;
        let mut new = Vec::new();
        if let Some(phone) = typed.given("phone") {
            new.push(NewContactPoint::phone(phone)?);
        }
        if let Some(email) = typed.given("email") {
            new.push(NewContactPoint::email(email)?);
        }
        chosen(new.first(), "phone", "Enter a phone number or an e-mail address")?;
        house
            .write(&me, async |unit| {
                for point in new {
                    contact_point::add(unit, person, point).await?;
                }
                clients::person::find_by_everything(unit, person).await
            })
            .await?;
        Ok(Said::PointAdded)
    })
    .await
}

async fn end_point(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, point)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let point: ContactPointId = point.parse().map_err(|_| Error::NotFound)?;
        let person = care.person.ok_or(Error::NotFound)?;
        house
            .write(&me, async |unit| {
                contact_point::end(unit, point, care).await?;
                clients::person::find_by_everything(unit, person).await
            })
            .await?;
        Ok(Said::PointEnded)
    })
    .await
}

/// What the person says now, in place of what was said before. Whoever changed it meanwhile is not overwritten.
async fn set_rules(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let typed = settled(&typed);
    act_on(&house, &me, &id, &typed, async |care| {
        let person = care.person.ok_or(Error::NotFound)?;
        let shown = typed.text("rules_version");
        let risks: Vec<Risk> = typed.many("risks[]").filter_map(Risk::parse).collect();
        house
            .write(&me, async |unit| {
                // Before anything that may be wrong: a page that is shown again must not pass for a newer one.
                contact_rules::as_shown(unit, person, shown).await?;
                let new = NewContactRules { hours: hours(&typed)?, ..said(&typed) };
                let manner = Manner::parse(|name| typed.text(name), &risks)?;
                contact_rules::set(unit, care, new).await?;
                intake::clocks::hours_changed(unit, person).await?;
                contact_rules::set_manner(unit, care, manner).await
            })
            .await?;
        Ok(Said::RulesSet)
    })
    .await
}

fn said(typed: &Typed) -> NewContactRules {
    let permission = |field| Permission::parse(typed.text(field)).unwrap_or(Permission::NotAsked);
    NewContactRules {
        call: permission("call"),
        hours: None,
        voicemail: Voicemail::parse(typed.text("voicemail")).unwrap_or(Voicemail::NotAsked),
        text_message: permission("text_message"),
        email: permission("email_rule"),
        if_someone_else_answers: Answering::parse(typed.text("answering")).unwrap_or(Answering::NotAsked),
        said_by: SaidBy::Voice,
    }
}

/// The hours that are safe; both ends or none.
fn hours(typed: &Typed) -> Result<Option<Hours>, Error> {
    let (from, until) = (typed.text("call_from"), typed.text("call_until"));
    if from.is_empty() && until.is_empty() {
        return Ok(None);
    }
    let read = from.parse().ok().zip(until.parse().ok());
    let weekdays = typed.text("call_days") == "yes";
    let read = read.and_then(|(from, until)| Hours::new(from, until, weekdays));
    chosen(read, "call_from", "Choose from when until when a call is safe").map(Some)
}

/// What stands in the fields before anything is typed.
pub(super) fn kept(rules: Option<&ContactRules>, name: &str) -> Option<String> {
    let Some(rules) = rules else {
        let is_asked = matches!(name, "call" | "text_message" | "email_rule" | "voicemail" | "answering");
        return is_asked.then(|| Permission::NotAsked.to_string());
    };
    let hours = rules.call_hours.0;
    match name {
        "call" => Some(rules.call.to_string()),
        "text_message" => Some(rules.text_message.to_string()),
        "email_rule" => Some(rules.email.to_string()),
        "voicemail" => Some(rules.voicemail.to_string()),
        "answering" => Some(rules.if_someone_else_answers.to_string()),
        "call_from" => Some(hours?.from.to_string()),
        "call_until" => Some(hours?.until.to_string()),
        "call_days" => hours?.weekdays_only.then(|| "yes".to_owned()),
        "ask_for" => rules.ask_for.clone(),
        "identify_as" => rules.identify_as.clone(),
        "code_word" => rules.code_word.clone(),
        "risks[]" => Some(rules.risks.0.iter().map(|risk| risk.as_str()).collect::<Vec<_>>().join(",")),
        _ => None,
    }
}

/// The rules as they stand now, beside what somebody typed of them.
pub(super) fn stand(rules: Option<&ContactRules>) -> Vec<Stands> {
    let fields = [
        ("call", "May we call?"),
        ("text_message", "May we text?"),
        ("email_rule", "May we e-mail?"),
        ("call_from", "A call is safe from"),
        ("call_until", "A call is safe until"),
        ("call_days", "Monday to Friday only"),
        ("voicemail", "Voicemail"),
        ("answering", "If someone else answers"),
        ("ask_for", "Ask for"),
        ("identify_as", "We say we are"),
        ("code_word", "Code word"),
        ("risks[]", "Who else may listen"),
    ];
    fields
        .into_iter()
        .map(|(name, label)| (name.to_owned(), label, kept(rules, name).unwrap_or_default()))
        .collect()
}

/// A value of the rules in words.
pub(crate) fn value_words(name: &str, value: &str) -> String {
    let words = match name {
        "call" | "text_message" | "email_rule" => Permission::parse(value).map(Permission::words),
        "voicemail" => Voicemail::parse(value).map(Voicemail::words),
        "answering" => Answering::parse(value).map(Answering::words),
        "risks[]" => Risk::parse(value).map(Risk::words),
        "call_days" if !value.is_empty() => Some("yes"),
        "call_from" | "call_until" => return value.parse().map(clock).unwrap_or_default(),
        _ => None,
    };
    words.unwrap_or(value).to_owned()
}

/// Every full hour, as people say it.
pub(crate) fn hours_to_choose() -> Vec<(String, String)> {
    (0..=24).map(|h: u8| (h.to_string(), clock(h))).collect()
}
