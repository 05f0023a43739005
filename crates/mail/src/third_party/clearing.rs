//! At the moment of leaving: the gate is asked about the person a letter tells of, the notice goes along, and the
//! accounting has it in the unit in which it is handed to the mail server.

use chrono::Datelike;
use consent::consents::{Consent, Scope};
use consent::disclosures::{self, LetterDisclosure};
use consent::gate::Answer;
use consent::gate::another::{self, LetterBasis as Rests};
use consent::rules::notice::PROHIBITION;
use foundation::{Day, Error, Lang, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use super::{LetterBasis, ReleaseDecision, ReleaseGround};
use crate::entity::{message, own_words, third_party_letter};
use crate::outbox::MessageId;

/// A letter about a person that may leave now.
pub(crate) struct Clearance {
    row: third_party_letter::Model,
    recipient: String,
    consent: Option<Consent>,
}

impl Clearance {
    /// What the law wants beside it, in the language of the letter.
    pub(crate) fn notice(&self, lang: Lang) -> Option<[String; 2]> {
        self.consent.as_ref().map(|consent| notice(consent, lang))
    }

    /// The text of a fixed reply, made anew.
    pub(crate) fn fixed(&self, lang: Lang) -> Option<&'static str> {
        self.row.fixed_reply.map(|reply| reply.text(lang))
    }
}

/// Asks the gate about a letter that tells of a person; `None` when it goes to the one it is about.
pub(crate) async fn clear(
    unit: &mut Unit,
    message: &message::Model,
) -> Result<Result<Option<Clearance>, Answer>, Error> {
    let found = third_party_letter::Entity::find_by_id(message.id).one(unit.tx()).await?;
    let Some(row) = found else { return Ok(Ok(None)) };
    let recipient = crate::compose::name_of(unit.tx(), message.person_id).await?;
    let rests = match row.basis {
        LetterBasis::Fixed => Rests::Fixed,
        LetterBasis::Consent => Rests::Consent(&row.tells.0),
        LetterBasis::Release => Rests::Release {
            released: row.decision == Some(ReleaseDecision::Released),
            tells_nothing: row.ground == Some(ReleaseGround::TellsNothing),
        },
    };
    let (answer, consent) =
        another::decide_letter(unit, row.about_person_id, &recipient, rests, message.id.0).await?;
    Ok(match answer {
        Answer::Allow => Ok(Some(Clearance { row, recipient, consent })),
        other => Err(other),
    })
}

/// Writes it into the accounting, once however often it is tried. A fixed reply tells nothing and is no disclosure.
pub(crate) async fn account(
    unit: &mut Unit,
    message: &message::Model,
    cleared: Clearance,
) -> Result<(), Error> {
    let Clearance { row, recipient, consent } = cleared;
    if row.basis == LetterBasis::Fixed || row.disclosure_id.is_some() {
        return Ok(());
    }
    let author = own_words::Entity::find_by_id(message.id).one(unit.tx()).await?.map(|own| own.author_id);
    let tells: Vec<&str> = row.tells.0.iter().map(|scope| scope.words()).collect();
    let what = if tells.is_empty() { String::new() } else { format!(": {}", tells.join("; ")) };
    let letter = LetterDisclosure {
        message: message.id.0,
        person: row.about_person_id,
        recipient,
        what: format!("a letter by e-mail{what}"),
        purpose: consent.as_ref().map_or_else(|| message.purpose.words().to_owned(), |c| c.purpose.clone()),
        basis: row.ground.map_or(LetterBasis::Consent.as_str(), ReleaseGround::as_str).to_owned(),
        consent,
        author,
        released_by: row.decided_by,
    };
    let id = disclosures::account_letter(unit, letter).await?;
    third_party_letter::Entity::update_many()
        .col_expr(third_party_letter::Column::DisclosureId, Expr::value(Some(id)))
        .filter(third_party_letter::Column::Id.eq(message.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// A letter the mail server refused never reached anyone: the accounting says so.
pub(crate) async fn mark_undelivered(unit: &Unit, id: MessageId) -> Result<(), Error> {
    let row = third_party_letter::Entity::find_by_id(id).one(unit.tx()).await?;
    match row.and_then(|row| row.disclosure_id) {
        Some(disclosure) => disclosures::mark_undelivered(unit, disclosure).await,
        None => Ok(()),
    }
}

/// The notice of 42 CFR §2.32, and what the consent allows (§2.32(b)), under a letter in this language.
#[must_use]
pub fn notice(consent: &Consent, lang: Lang) -> [String; 2] {
    let scope: Vec<&str> = consent.scope.0.iter().map(|scope| in_words(*scope, lang)).collect();
    let scope = scope.join("; ");
    let signed = said(consent.signed_on, lang);
    let ends = consent.expires_on.map(|day| said(day, lang));
    let told = match (lang, ends) {
        (Lang::English, Some(ends)) => format!(
            "You get this under a written permission that names you. It allows us to share: {scope}. It was signed on \
             {signed} and ends on {ends}."
        ),
        (Lang::English, None) => format!(
            "You get this under a written permission that names you. It allows us to share: {scope}. It was signed on \
             {signed}."
        ),
        (Lang::Spanish, Some(ends)) => format!(
            "Usted recibe esto por un permiso escrito que le nombra. Nos permite compartir: {scope}. Se firmó el {signed} \
             y termina el {ends}."
        ),
        (Lang::Spanish, None) => format!(
            "Usted recibe esto por un permiso escrito que le nombra. Nos permite compartir: {scope}. Se firmó el {signed}."
        ),
    };
    [PROHIBITION.to_owned(), told]
}

/// A text with the notice at its end.
#[must_use]
pub fn ends_with(text: &str, notice: Option<&[String; 2]>) -> String {
    match notice {
        Some(lines) => format!("{}\n\n{}\n", text.trim_end(), lines.join("\n")),
        None => text.to_owned(),
    }
}

fn said(day: Day, lang: Lang) -> String {
    match lang {
        Lang::English => day.format("%b %-d, %Y").to_string(),
        Lang::Spanish => format!("{} de {}", lang.day(day), day.year()),
    }
}

fn in_words(scope: Scope, lang: Lang) -> &'static str {
    match (lang, scope) {
        (Lang::English, scope) => scope.words(),
        (Lang::Spanish, Scope::Plan) => "Mi plan",
        (Lang::Spanish, Scope::Appointments) => "Mis próximas visitas",
        (Lang::Spanish, Scope::Medicines) => "Mis medicinas",
        (Lang::Spanish, Scope::SupportNetwork) => "Mi círculo de apoyo",
        (Lang::Spanish, Scope::Attendance) => "Que recibo atención, y desde cuándo",
        (Lang::Spanish, Scope::Benefits) => "Que pregunto por atención, para que mi plan diga qué paga",
        (Lang::Spanish, Scope::Referral) => "Lo que otro proveedor necesita para recibirme, y si llegué",
    }
}
