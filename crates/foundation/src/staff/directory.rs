//! Who works here and who did: names for a timeline, colleagues to choose from. Staff are few, and every page names some.

use std::sync::Arc;

use super::account::Member;
use super::inviting::everyone;
use crate::db::Db;
use crate::error::Error;
use crate::ids::StaffId;
use crate::role::Role;

/// Everyone on the staff, by name; also those who left.
#[derive(Clone, Debug, Default)]
pub struct Directory(Vec<Member>);

impl Directory {
    /// The directory, up to five seconds old.
    pub async fn of(db: &Db) -> Result<Arc<Self>, Error> {
        db.kept(async { Ok(Self(everyone(db.reader()).await?)) }).await
    }

    /// The name of someone who works here or did.
    pub fn name(&self, id: StaffId) -> Option<&str> {
        self.0.iter().find(|member| member.id == id).map(|member| member.name.as_str())
    }

    /// Everyone who works here now, by name.
    pub fn working(&self) -> impl Iterator<Item = &Member> {
        self.0.iter().filter(|member| member.disabled_at.is_none())
    }

    /// Those who work here now and hold one of these roles, by name.
    pub fn working_as(&self, roles: &[Role]) -> Vec<(StaffId, String)> {
        let here = self.0.iter().filter(|m| m.disabled_at.is_none());
        here.filter(|m| m.roles.iter().any(|role| roles.contains(role)))
            .map(|m| (m.id, m.name.clone()))
            .collect()
    }
}
