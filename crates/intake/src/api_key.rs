//! Keys of the center's own website: with one it may send requests, and nothing else. A key is shown once; from which
//! pages browsers may use it stands on its list of origins.

pub mod submitting;

use foundation::{Act, Error, Faults, Secret, Subject, Unit, hash_of};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Set};
use serde::{Deserialize, Serialize};

use crate::entity::api_key;
pub use crate::entity::api_key::{ApiKeyId, Model as ApiKey};

/// How every key begins, so that one that got lost is recognised where it lies.
const PREFIX: &str = "kith_";
/// Characters of a key that stay to be seen.
const SEEN: usize = 9;
const LONGEST_NAME: usize = 60;
const MOST_ORIGINS: usize = 20;

foundation::words! {
    /// What a key lets its holder do.
    pub enum Scope {
        WriteRequests = "requests:write", "send requests",
    }
}

/// Web origins, like `https://cedar.example`, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sea_orm::FromJsonQueryResult)]
pub struct Origins(pub Vec<String>);

impl Origins {
    /// Whether pages of this origin may use the key.
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        self.0.iter().any(|allowed| allowed == origin)
    }
}

/// A key to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    name: String,
    origins: Origins,
}

impl NewKey {
    /// Parses a name, and origins, one on a line.
    ///
    /// # Errors
    /// No name, or what is no origin, at its field.
    pub fn parse(name: &str, origins: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = clients::person::plain(name);
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            faults.add("key_name", "Enter what the key is for, like “The website”, up to 60 characters");
        }
        let lines: Vec<&str> = origins.split_whitespace().collect();
        let mut kept: Vec<String> = Vec::new();
        for line in &lines {
            match origin(line) {
                Some(origin) if !kept.contains(&origin) => kept.push(origin),
                Some(_) => {}
                None => {
                    faults.add(
                        "origins",
                        "Enter addresses like https://cedar.example, one on a line, without a path",
                    );
                    break;
                }
            }
        }
        if kept.len() > MOST_ORIGINS {
            faults.add("origins", "Enter 20 addresses at the most");
        }
        faults.or(|| Self { name, origins: Origins(kept) })
    }
}

/// An origin as browsers write it: scheme, host in small letters, a port that is not the usual one.
fn origin(typed: &str) -> Option<String> {
    let typed = typed.trim_end_matches('/').to_ascii_lowercase();
    let host = typed.strip_prefix("https://")?;
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let label =
        |l: &str| !l.is_empty() && l.len() <= 63 && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let port_ok = port.is_none_or(|p| p.parse::<u16>().is_ok_and(|n| n > 0 && n.to_string() == p));
    if name.len() > 253 || !name.contains('.') || !name.split('.').all(label) || !port_ok {
        return None;
    }
    Some(typed.strip_suffix(":443").map_or(typed.clone(), str::to_owned))
}

/// Makes a key. What is given back is shown once and kept nowhere.
pub async fn make(unit: &mut Unit, new: NewKey) -> Result<Secret, Error> {
    let id: ApiKeyId = unit.id();
    let permit = unit.permit(Act::MakeKey, &Subject::of("api_key", id))?;
    let secret = format!("{PREFIX}{}", unit.secret().reveal());
    let row = api_key::ActiveModel {
        id: Set(id),
        name: Set(new.name),
        secret_hash: Set(hash_of(&secret)),
        begins_with: Set(secret.chars().take(SEEN).collect()),
        scope: Set(Scope::WriteRequests),
        origins: Set(new.origins.clone()),
        made_at: Set(unit.now()),
        made_by: Set(unit.actor().staff_id()),
        used_at: Set(None),
        ended_at: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "scope": Scope::WriteRequests, "origins": new.origins }));
    Ok(Secret::from_text(secret))
}

/// Ends a key, for good.
pub async fn end(unit: &mut Unit, id: ApiKeyId) -> Result<(), Error> {
    let permit = unit.permit(Act::EndKey, &Subject::of("api_key", id))?;
    let ended = api_key::Entity::update_many()
        .col_expr(api_key::Column::EndedAt, Expr::value(Some(unit.now())))
        .filter(api_key::Column::Id.eq(id))
        .filter(api_key::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if ended.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

/// Every key, those in use first.
pub async fn all(reader: &impl ConnectionTrait) -> Result<Vec<ApiKey>, Error> {
    let mut keys = api_key::Entity::find().order_by_desc(api_key::Column::Id).all(reader).await?;
    keys.sort_by_key(|key| key.ended_at.is_some());
    Ok(keys)
}

/// The key in use that a secret opens; [`Error::NotFound`] for one that ended and one that never was.
pub async fn open(reader: &impl ConnectionTrait, secret: &str) -> Result<ApiKey, Error> {
    let found =
        api_key::Entity::find().filter(api_key::Column::SecretHash.eq(hash_of(secret))).one(reader).await?;
    found.filter(|key| key.ended_at.is_none()).ok_or(Error::NotFound)
}

/// Whether pages of this origin may use any key that is in use.
pub async fn any_allows(reader: &impl ConnectionTrait, origin: &str) -> Result<bool, Error> {
    let keys = api_key::Entity::find().filter(api_key::Column::EndedAt.is_null()).all(reader).await?;
    Ok(keys.iter().any(|key| key.origins.allow(origin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_would_send() {
        let good = NewKey::parse(
            " The website ",
            "https://Cedar.example/\nhttps://www.cedar.example:8443 https://cedar.example:443",
        );
        assert_eq!(good.unwrap().origins.0, ["https://cedar.example", "https://www.cedar.example:8443"]);
        for bad in [
            "http://cedar.example",
            "*",
            "null",
            "https://*.example",
            "https://a.b/path",
            "https://a.b:0",
            "https://a b",
        ] {
            assert!(NewKey::parse("x", bad).unwrap_err().of("origins").is_some(), "{bad}");
        }
        assert!(NewKey::parse("", "").unwrap_err().of("key_name").is_some());
        assert!(NewKey::parse("A server alone", "").is_ok());
    }
}
