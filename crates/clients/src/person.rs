//! A person: written down once, found by name and contact, changed with care.

use foundation::search::fold;
use foundation::{Act, Day, Error, Faults, PersonId, Subject, Unit, Zone};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, Set};

mod alike;
mod finding;
mod identity;
mod living;
mod naming;

pub use alike::{Known, known, named_like};
pub use finding::{Found, find};
pub use identity::Identity;
pub use living::{Death, DeathSource, correct_death, died_at, end, record_death};
pub use naming::{lives_in, name};

use crate::entity::person;

/// What a search finds.
pub const KIND: &str = "person";

/// A person about to be written down. Names may be anything Unicode, one word or many; control characters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    name_used: String,
    legal_name: Option<String>,
    pronouns: Option<String>,
    born_on: Option<Day>,
    zone: Option<Zone>,
    language: String,
}

impl NewPerson {
    /// A person of whom more than the name is known.
    #[must_use]
    pub fn of(identity: Identity) -> Self {
        let Identity { name_used, legal_name, pronouns, born_on, language } = identity;
        Self { name_used, legal_name, pronouns, born_on, zone: None, language }
    }

    /// The person's own zone, when it differs from the center's.
    #[must_use]
    pub fn in_zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Parses a name as typed. An empty name is allowed where nobody gave one: it reads "Name not given".
    pub fn parse(name: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name_used = plain(name);
        if name_used.chars().count() > 120 {
            faults.add("name", "Enter a shorter name, up to 120 characters");
        }
        faults.or(|| Self {
            name_used,
            legal_name: None,
            pronouns: None,
            born_on: None,
            zone: None,
            language: "en".into(),
        })
    }

    /// The language the person wants to be spoken to in, as a BCP 47 tag.
    #[must_use]
    pub fn speaking(mut self, language: &str) -> Self {
        language.clone_into(&mut self.language);
        self
    }

    /// The name used.
    pub fn name(&self) -> &str {
        &self.name_used
    }
}

/// A name without control characters and double spaces.
pub fn plain(name: &str) -> String {
    let spaced: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes a person down; `terms` are further texts to be found by, such as a phone number.
pub async fn add(unit: &mut Unit, new: NewPerson, terms: &[&str]) -> Result<PersonId, Error> {
    let id: PersonId = unit.id();
    let permit = unit.permit(Act::CreatePerson, &Subject::of("person", id).concerning(id))?;
    let legal_name = new.legal_name;
    let row = person::ActiveModel {
        id: Set(id),
        name_folded: Set(fold(&new.name_used)),
        name_used: Set(new.name_used.clone()),
        legal_name: Set(legal_name.clone()),
        pronouns: Set(new.pronouns),
        born_on: Set(new.born_on),
        zone: Set(new.zone.map(|zone| zone.name().to_owned())),
        language: Set(new.language),
        created_at: Set(unit.now()),
        survivor_id: Set(None),
        died_at: Set(None),
        died_on: Set(None),
        death_source: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    let names = [Some(new.name_used.as_str()), legal_name.as_deref()];
    let texts: Vec<&str> = names.into_iter().flatten().chain(terms.iter().copied()).collect();
    unit.make_findable(KIND, id.0, &texts).await?;
    unit.record(permit, serde_json::json!({}));
    Ok(id)
}

/// The name a person goes by; "Name not given" when there is none.
pub async fn name_of(reader: &impl ConnectionTrait, id: PersonId) -> Result<String, Error> {
    Ok(spoken_to(reader, id).await?.0)
}

/// A person's name as it is shown, and the tag of the language they want to be spoken to in.
pub async fn spoken_to(reader: &impl ConnectionTrait, id: PersonId) -> Result<(String, String), Error> {
    let row = person::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    Ok((shown(&row.name_used), row.language))
}

/// The zone a person lives in, when they said another one than the center's.
pub async fn zone_of(reader: &impl ConnectionTrait, id: PersonId) -> Result<Option<Zone>, Error> {
    let row = person::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    row.zone.map(|name| name.parse().map_err(|_| Error::Broken(format!("a zone called {name}")))).transpose()
}

/// The language a person wants to be spoken to in, as a BCP 47 tag.
pub async fn language_of(reader: &impl ConnectionTrait, id: PersonId) -> Result<String, Error> {
    Ok(spoken_to(reader, id).await?.1)
}

/// A name as pages show it.
pub fn shown(name: &str) -> String {
    if name.is_empty() { "Name not given".into() } else { name.to_owned() }
}

/// Changes a person. `version` is the one the form was shown with: if someone saved in between, nothing is written.
pub async fn change(unit: &mut Unit, care: &Subject, version: i32, to: Identity) -> Result<(), Error> {
    let id = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::ChangeClient, care)?;
    let changed = person::Entity::update_many()
        .col_expr(person::Column::NameFolded, Expr::value(fold(&to.name_used)))
        .col_expr(person::Column::NameUsed, Expr::value(to.name_used.clone()))
        .col_expr(person::Column::LegalName, Expr::value(to.legal_name.clone()))
        .col_expr(person::Column::Pronouns, Expr::value(to.pronouns))
        .col_expr(person::Column::BornOn, Expr::value(to.born_on))
        .col_expr(person::Column::Language, Expr::value(to.language))
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(id))
        .filter(person::Column::Version.eq(version))
        .exec(unit.tx())
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::Stale);
    }
    find_by_everything(unit, id).await?;
    unit.record(
        permit,
        serde_json::json!({ "fields": ["name_used", "legal_name", "pronouns", "born_on", "language"] }),
    );
    Ok(())
}

/// Makes a person findable by both names and every contact point.
pub async fn find_by_everything(unit: &Unit, id: PersonId) -> Result<(), Error> {
    let row = person::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let mut texts = vec![row.name_used, row.legal_name.unwrap_or_default()];
    for point in consent::contact_point::of(unit.tx(), id).await? {
        texts.push(match point.kind {
            consent::contact_point::Kind::Phone => foundation::search::phone_terms(&point.value),
            consent::contact_point::Kind::Email => point.value,
        });
    }
    if let Some(client) = crate::entity::client::Entity::find_by_id(id).one(unit.tx()).await? {
        texts.push(client.reference);
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    unit.make_findable(KIND, id.0, &texts).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_anything_people_are_called() {
        for name in ["Zoë", "Rosalind Achterberg-van der Meulen", "李", "Wm. “Buck” Hollis", ""] {
            assert_eq!(NewPerson::parse(name).unwrap().name(), name);
        }
        assert_eq!(NewPerson::parse(" Jo\r\n\tAnn ").unwrap().name(), "Jo Ann");
        assert!(NewPerson::parse(&"x".repeat(121)).is_err());
    }
}
