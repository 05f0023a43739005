//! Finding a record one may not see, before the glass is broken: by its number, or by full name with date of birth.
//! Never a search: whoever does not know the person exactly finds nobody.

use foundation::search::fold;
use foundation::{Day, Error, Faults, PersonId, read_day};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QuerySelect};

use crate::entity::{client, person};

/// Whose record is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// A record number like `K-4F7K3`.
    Reference(String),
    /// The whole name, used or legal, and the date of birth.
    Person { name: String, born_on: Day },
}

impl Sought {
    /// Reads what was typed: the number, or name and date of birth.
    pub fn parse(reference: &str, name: &str, born_on: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        if !reference.is_empty() {
            return Ok(Self::Reference(reference.to_owned()));
        }
        if name.is_empty() && born_on.is_empty() {
            faults.add("reference", "Enter the record number, or the full name with the date of birth");
            return Err(faults);
        }
        if name.is_empty() {
            faults.add("name", "Enter the full name that belongs to this date of birth");
        }
        let born_on: Option<Day> = read_day(born_on);
        if born_on.is_none() {
            faults.add("born_on", "Enter the date of birth, like 1988-03-02");
        }
        faults.or(|| Self::Person { name: name.to_owned(), born_on: born_on.unwrap_or_default() })
    }
}

/// The person whose record is sought; [`Error::NotFound`] for nobody and for more than one.
pub async fn locked(reader: &impl ConnectionTrait, sought: &Sought) -> Result<PersonId, Error> {
    let (name, born_on) = match sought {
        Sought::Reference(reference) => return super::by_reference(reader, reference).await,
        Sought::Person { name, born_on } => (fold(name), born_on),
    };
    let of_that_day = person::Entity::find()
        .inner_join(client::Entity)
        .filter(person::Column::BornOn.eq(*born_on))
        .filter(person::Column::SurvivorId.is_null())
        .limit(1000)
        .all(reader)
        .await?;
    let legal = |p: &person::Model| p.legal_name.as_ref().is_some_and(|legal| fold(legal) == name);
    let mut called_so = of_that_day.into_iter().filter(|p| p.name_folded == name || legal(p));
    match (called_so.next(), called_so.next()) {
        (Some(only), None) => Ok(only.id),
        _ => Err(Error::NotFound),
    }
}
