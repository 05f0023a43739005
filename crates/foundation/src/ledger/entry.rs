//! One row of the ledger. `details` holds field names, references and counts: never free text, never a value. The code
//! proves that this program wrote it: without the center's key nobody else can.

use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;

use crate::acts::Act;
use crate::clock::Instant;
use crate::ids::{EntryId, PersonId};
use crate::sealed::Keyring;

/// An entry. Readable everywhere, writable only through a unit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EntryId,
    pub at: Instant,
    /// `staff`, `alum`, `visitor` or `house`.
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub act: Act,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub person_id: Option<PersonId>,
    pub details: Json,
    /// Of the row under the center's key; none on rows older than these codes.
    pub code: Option<Vec<u8>>,
}

impl Model {
    /// Hands every field but the code over with its length, so that no two entries read alike. `details` is the text that
    /// stands for [`Model::details`].
    pub(super) fn fields(&self, details: &str, mut field: impl FnMut(&[u8])) {
        field(self.id.0.as_bytes());
        field(&self.at.timestamp_millis().to_be_bytes());
        field(self.actor_kind.as_bytes());
        field(self.actor_id.as_ref().map_or(&[][..], |id| &id.as_bytes()[..]));
        field(self.act.as_str().as_bytes());
        field(self.subject_kind.as_bytes());
        field(self.subject_id.as_bytes());
        field(self.person_id.as_ref().map_or(&[][..], |id| &id.0.as_bytes()[..]));
        field(details.as_bytes());
    }

    /// The row as it is written, with its code.
    pub(crate) fn coded(mut self, keyring: &Keyring) -> ActiveModel {
        self.code = Some(self.code_under(keyring));
        self.into_active_model().reset_all()
    }

    /// Whether this program wrote the row as it stands.
    pub(super) fn is_ours(&self, keyring: &Keyring) -> bool {
        self.code.as_ref().is_some_and(|code| *code == self.code_under(keyring))
    }

    fn code_under(&self, keyring: &Keyring) -> Vec<u8> {
        let mut whole = Vec::with_capacity(256);
        // PostgreSQL gives the keys of an object back in another order than it got them.
        self.fields(&sorted(&self.details).to_string(), |bytes| {
            whole.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            whole.extend_from_slice(bytes);
        });
        keyring.hash_bytes("ledger.code", &whole)
    }
}

/// The same with the keys of every object in order.
pub(super) fn sorted(json: &Json) -> Json {
    match json {
        Json::Object(pairs) => {
            let mut pairs: Vec<_> = pairs.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            Json::Object(pairs.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect())
        }
        Json::Array(values) => Json::Array(values.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
