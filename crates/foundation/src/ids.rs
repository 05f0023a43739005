//! Typed keys: UUIDv7 made from the unit's clock and chance, so that they sort by time and a test can repeat them.

use uuid::Uuid;

use crate::chance::Chance;
use crate::clock::Instant;

/// Declares a key: a newtype over a UUID that the database, forms and JSON understand.
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            sea_orm::DeriveValueType, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub sea_orm::prelude::Uuid);

        impl From<sea_orm::prelude::Uuid> for $name {
            fn from(id: sea_orm::prelude::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for sea_orm::prelude::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = <sea_orm::prelude::Uuid as std::str::FromStr>::Err;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                sea_orm::prelude::Uuid::parse_str(s).map(Self)
            }
        }

        /// A key is never a row number.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::Exec(sea_orm::RuntimeErr::Internal("a key is a UUID, not a number".into())))
            }
        }
    };
}

id! {
    /// A person: someone who asks, someone who may need care, a client. Each person has a sealing key of their own.
    PersonId
}
id! {
    /// A member of staff.
    StaffId
}
id! {
    /// A ledger entry.
    EntryId
}
id! {
    /// A job waiting to be done.
    JobId
}

/// A new UUIDv7 for `now`. `order` (12 bits) keeps ids of one unit in the order they were made.
pub(crate) fn new_id(now: Instant, order: u16, chance: &Chance) -> Uuid {
    let mut random = chance.bytes::<10>();
    let [high, low] = (order & 0x0fff).to_be_bytes();
    random[0] = high;
    random[1] = low;
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_moment_sort_as_they_were_made() {
        let chance = Chance::seeded(1);
        let now = "2026-03-02T12:00:00Z".parse().unwrap();
        let ids: Vec<Uuid> = (0..4096).map(|n| new_id(now, n, &chance)).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }
}
