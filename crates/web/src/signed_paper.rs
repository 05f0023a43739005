//! The signed paper of a consent to share: the fields that ask what stands on it, wherever a consent is recorded, and the
//! paper itself, printed before anyone signs.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use consent::consents::{Aim, PaperLanguage, Scope, SignedPaper, Signer, Statement};
use foundation::center::Center;
use foundation::{Error, Faults, PersonId, read_day};
use plans::permission::{FILE_NAME, Permission};

use crate::form::Typed;
use crate::house::House;
use crate::look::Field;

const FIELDS: [&str; 8] =
    ["name", "aim", "statements", "signer", "signer_name", "signature", "paper_language", "copy_given"];

/// What was typed of the paper, for a page that is shown again.
pub(crate) struct PaperForm {
    fields: Vec<Field>,
    ticked: Vec<Statement>,
}

impl PaperForm {
    pub(crate) fn of(typed: &Typed, faults: &Faults) -> Self {
        Self {
            fields: FIELDS.iter().map(|name| Field::of(name, typed, faults)).collect(),
            ticked: ticked(typed),
        }
    }

    /// The name the paper should have, before anything is typed.
    pub(crate) fn named(mut self, name: &str) -> Self {
        for field in self.fields.iter_mut().filter(|field| field.name == "name" && field.value.is_empty()) {
            name.clone_into(&mut field.value);
        }
        self
    }

    pub(crate) fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }

    pub(crate) fn is_ticked(&self, statement: Statement) -> bool {
        self.ticked.contains(&statement)
    }

    /// Whether something on it must be put right.
    pub(crate) fn has_faults(&self) -> bool {
        self.fields.iter().any(|field| field.fault.is_some())
    }

    #[expect(clippy::unused_self, reason = "a template asks the paper for its choices")]
    pub(crate) fn aims(&self) -> Vec<(&'static str, &'static str)> {
        Aim::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }

    #[expect(clippy::unused_self, reason = "a template asks the paper for its choices")]
    pub(crate) fn signers(&self) -> Vec<(&'static str, &'static str)> {
        Signer::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }

    #[expect(clippy::unused_self, reason = "a template asks the paper for its choices")]
    pub(crate) fn languages(&self) -> Vec<(&'static str, &'static str)> {
        PaperLanguage::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }
}

fn ticked(typed: &Typed) -> Vec<Statement> {
    typed.many("statements[]").filter_map(Statement::parse).collect()
}

/// What the paper says and shows, as it was typed.
pub(crate) fn read(typed: &Typed) -> Result<SignedPaper, Error> {
    Ok(SignedPaper::parse(|name| typed.text(name), ticked(typed))?)
}

/// The paper for `recipient`, to be signed by this person.
pub(crate) async fn print(
    house: &House,
    person: PersonId,
    (recipient, scope, purpose): (&str, &[Scope], &str),
    typed: &Typed,
) -> Result<Response, Error> {
    let until = read_day(typed.text("expires_on"));
    let permission = Permission::parse(recipient, scope, purpose, Aim::parse(typed.text("aim")), until)?;
    let center = Center::of(house).await?;
    let name = consent::name_on_record(house.reader(), person).await?;
    let document = permission.draw(&name, &center, house.today(center.zone));
    let broken = |e: &dyn std::fmt::Display| Error::Broken(format!("a paper could not be drawn: {e}"));
    let drawn = tokio::task::spawn_blocking(move || typeset::pdf(&document)).await.map_err(|e| broken(&e))?;
    let file = drawn.map_err(|e| broken(&e))?;
    let named = format!("attachment; filename=\"{FILE_NAME}\"");
    Ok(([(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, named)], file).into_response())
}
