//! The client list and the client record: identity, how to reach, consents, stays, what happened.

mod beside;
mod changing_state;
mod disclosures;
pub(crate) mod head;
mod list;
mod reaching;
mod record;
mod said;

use axum::extract::{Path, State};
use axum::response::Response;
use clients::client;
use clients::episode::{self, Admission, Discharge, DischargeKind, EpisodeId, LevelOfCare};
use clients::person::{DeathSource, Identity, change};
use consent::consents::{self, ConsentId, ConsentKind, NewConsent, Scope, YesHow};
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Faults, PersonId, StaffId, Subject, may, read_day};
use intake::request::converting::requests_of;

use crate::differing::settled;
use crate::failure::Failure;
use crate::form::{Asked, Seen, Typed, chosen, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;
use crate::signed_paper;
pub(crate) use list::{level_words, without_counselor};
pub(crate) use reaching::{hours_to_choose, value_words};
use record::{Around, Record};
pub(crate) use record::{clear_reasons, ways_to_say_yes};

/// The routes of this file.
pub fn routes() -> Routes {
    let open = Access::Staff(Act::OpenClient);
    Routes::default()
        .page("/clients", Access::Staff(Act::ViewClients), list::list)
        .page("/clients/{id}", open, open_record)
        .page("/clients/{id}/what-they-said", open, said::page)
        .act("/clients/{id}/identity", Access::Staff(Act::ChangeClient), identify)
        .and(reaching::routes())
        .and(changing_state::routes())
        .and(disclosures::routes())
        .act("/clients/{id}/counselor", Access::Staff(Act::ChangeClient), assign)
        .act("/clients/{id}/consents", Access::Staff(Act::RecordConsent), record_consent)
        .act("/clients/{id}/consents/paper", Access::Staff(Act::RecordConsent), print_consent)
        .act("/clients/{id}/consents/{consent}/revocation", Access::Staff(Act::RevokeConsent), revoke)
        .act("/clients/{id}/episodes", Access::Staff(Act::Admit), admit)
        .act("/clients/{id}/episodes/{episode}/level", Access::Staff(Act::ChangeLevelOfCare), change_level)
        .act("/clients/{id}/episodes/{episode}/discharge", Access::Staff(Act::Discharge), discharge)
        .act("/clients/{id}/notes", Access::Staff(Act::NoteClient), note)
}

type At = Path<String>;
type Under = Path<(String, String)>;

async fn open_record(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    Asked(asked): Asked,
) -> Result<Response, Failure> {
    // Which stay the form that corrects dates stands at.
    let typed =
        asked.given("correct").map_or_else(Typed::default, |stay| Typed::default().with("stay", stay));
    let faults = Faults::default();
    let before = asked.text("before").parse().ok();
    shown(&house, &me, key(&id)?, Seen { typed: &typed, faults: &faults, before }).await
}

/// The record, noted as opened before it is shown.
async fn shown(house: &House, me: &Actor, id: PersonId, seen: Seen<'_>) -> Result<Response, Failure> {
    let around = Around::of(house, me).await?;
    let (record, opened) = house
        .look(async |reader| {
            let page = client::page(reader, me, id).await?;
            // Written down while the rest is read; shown when both are done.
            let opened = house.readings().hand_in(me, Act::OpenClient, &page.subject).await?;
            Ok((Record::new(&around, reader, page, seen).await?, opened))
        })
        .await?;
    opened.written().await?;
    Ok(show(record))
}

/// Does something to a record and shows it again, or shows what must be put right with everything typed.
async fn act_on(
    house: &House,
    me: &Actor,
    id: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Subject) -> Result<Said, Error>,
) -> Result<Response, Failure> {
    let id = key(id)?;
    let care = client::subject(house.reader(), id).await?;
    if !may(me, Act::OpenClient, &care) {
        return Err(Error::NotFound.into());
    }
    match work(&care).await {
        Ok(said) => Ok(sent_on(&format!("/clients/{id}"), said, &id.to_string())),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, me, id, Seen::again(typed, &Failure::from(error).faults()?)).await
        }
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            let sent = |field| typed.all().any(|(name, _)| name == field);
            let at = match (sent("rules_version"), sent("name_used")) {
                (true, _) => "rules",
                (_, true) => "identity",
                // What was typed elsewhere is one field: it stands there, and the record beside it is the newer one.
                _ => "main",
            };
            let then = if at == "main" { "look at what is there now" } else { "choose field by field" };
            faults.add(
                at,
                format!(
                    "Someone changed this record while you were at it. What you typed is still here; {then}"
                ),
            );
            shown(house, me, id, Seen::again(typed, &faults)).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn today(house: &House) -> Result<Day, Error> {
    Ok(house.today(Center::of(house).await?.zone))
}

fn date(typed: &Typed, field: &str, words: &str) -> Result<Day, Error> {
    chosen(read_day(typed.text(field)), field, words)
}

async fn identify(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let typed = settled(&typed);
    act_on(&house, &me, &id, &typed, async |care| {
        let to = Identity::parse(
            typed.text("name_used"),
            typed.text("legal_name"),
            typed.text("pronouns"),
            typed.text("born_on"),
            typed.text("language"),
            today(&house).await?,
        )?;
        let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
        house.write(&me, async |unit| change(unit, care, version, to).await).await?;
        Ok(Said::IdentityChanged)
    })
    .await
}

/// Gives the person to a counselor's caseload.
async fn assign(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let done = act_on(&house, &me, &id, &typed, async |care| {
        let to: Option<StaffId> = typed.text("counselor").parse().ok();
        let to = chosen(to, "counselor", "Choose a counselor")?;
        house.write(&me, async |unit| client::assign(unit, care, to).await).await?;
        Ok(Said::Assigned)
    })
    .await?;
    // Given to another team, the record is not theirs to see any more: they go on with their day.
    let care = client::subject(house.reader(), key(&id)?).await?;
    if may(&me, Act::OpenClient, &care) { Ok(done) } else { Ok(sent_on("/", Said::Assigned, "")) }
}

async fn record_consent(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let today = today(&house).await?;
        let new = if typed.text("kind") == ConsentKind::NamedDisclosure.as_str() {
            let signed = date(&typed, "signed_on", "Enter the day it was signed, like 2026-03-02")?;
            let ends = match typed.given("expires_on") {
                Some(_) => Some(date(&typed, "expires_on", "Enter the day it ends, like 2026-12-31")?),
                None => None,
            };
            let scope: Vec<Scope> = typed.many("scope[]").filter_map(Scope::parse).collect();
            let (recipient, purpose) = (typed.text("recipient"), typed.text("purpose"));
            NewConsent::named(recipient, &scope, purpose, signed, ends, today)?
                .on(signed_paper::read(&typed)?)
        } else {
            let how = chosen(YesHow::parse(typed.text("yes_how")), "yes_how", "Choose how they said yes")?;
            NewConsent::email(today).said(how)
        };
        house.write(&me, async |unit| consents::record(unit, care, new).await).await?;
        Ok(Said::ConsentRecorded)
    })
    .await
}

/// The paper to sign, with what was typed of it.
async fn print_consent(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let person = key(&id)?;
    let care = client::subject(house.reader(), person).await?;
    if !may(&me, Act::OpenClient, &care) || !may(&me, Act::RecordConsent, &care) {
        return Err(Error::NotFound.into());
    }
    let scope: Vec<Scope> = typed.many("scope[]").filter_map(Scope::parse).collect();
    let of = (typed.text("recipient"), scope.as_slice(), typed.text("purpose"));
    match signed_paper::print(&house, person, of, &typed).await {
        Ok(file) => Ok(file),
        Err(error) => shown(&house, &me, person, Seen::again(&typed, &Failure::from(error).faults()?)).await,
    }
}

async fn revoke(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, consent)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let consent: ConsentId = consent.parse().map_err(|_| Error::NotFound)?;
        house.write(&me, async |unit| consents::revoke(unit, care, consent, "said to staff").await).await?;
        Ok(Said::ConsentRevoked)
    })
    .await
}

async fn admit(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let admitted_on = date(&typed, "admitted_on", "Enter the day of admission, like 2026-03-02")?;
        let level = chosen(LevelOfCare::parse(typed.text("level")), "level", "Choose the level of care")?;
        let person = care.person.ok_or(Error::NotFound)?;
        let request = requests_of(house.reader(), &me, person).await?.first().map(|r| r.id.0);
        let today = today(&house).await?;
        let admission = Admission { admitted_on, level, request };
        house
            .write(&me, async |unit| {
                episode::admit(unit, care, admission, today).await?;
                // Whoever is in care is not asked by letter how they are at home.
                alumni::aftercare::pause_for_care(unit, person).await
            })
            .await?;
        Ok(Said::Admitted)
    })
    .await
}

async fn change_level(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, episode)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let episode: EpisodeId = episode.parse().map_err(|_| Error::NotFound)?;
        let on = date(&typed, "from_on", "Enter the day it changes, like 2026-03-02")?;
        let level =
            chosen(LevelOfCare::parse(typed.text("new_level")), "new_level", "Choose the level of care")?;
        house.write(&me, async |unit| episode::change_level(unit, care, episode, level, on).await).await?;
        Ok(Said::LevelChanged)
    })
    .await
}

async fn discharge(
    State(house): State<House>,
    Me(me, _): Me,
    Path((id, episode)): Under,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let episode: EpisodeId = episode.parse().map_err(|_| Error::NotFound)?;
        let discharged_on = date(&typed, "discharged_on", "Enter the day of discharge, like 2026-03-02")?;
        let kind = chosen(
            DischargeKind::parse(typed.text("discharge_kind")),
            "discharge_kind",
            "Choose how the stay ended",
        )?;
        let to = typed.given("discharged_to").map(clients::person::plain);
        let fits = to.as_ref().is_none_or(|to| to.chars().count() <= 120);
        chosen(fits.then_some(()), "discharged_to", "Enter where they go in up to 120 characters")?;
        let today = today(&house).await?;
        let told_by = match kind {
            DischargeKind::Deceased => chosen(
                DeathSource::choices().find(|one| one.as_str() == typed.text("told_by")),
                "told_by",
                "Choose who told us of the death",
            )?,
            _ => DeathSource::NotRecorded,
        };
        let how = Discharge { discharged_on, kind, to, told_by };
        house
            .write(&me, async |unit| {
                let discharged = episode::discharge(unit, care, episode, how, today).await?;
                // Aftercare begins in the same unit, so that nobody has to remember it and nobody who left is forgotten.
                if !discharged.kind.is_followed_up() {
                    return Ok(Said::DeathRecorded);
                }
                alumni::aftercare::enrol(unit, &discharged, None).await?;
                Ok(Said::Discharged)
            })
            .await
    })
    .await
}

async fn note(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &id, &typed, async |care| {
        let text = typed.text("note").to_owned();
        let quotes = typed.checked("quotes_another");
        house
            .write(&me, async |unit| {
                clients::note::write_marked(unit, Act::NoteClient, care, &text, quotes).await.map(|_| ())
            })
            .await?;
        Ok(Said::NoteKept)
    })
    .await
}
