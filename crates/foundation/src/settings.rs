//! Settings of the house: a name and its JSON, with a version that a change must name. Each room keeps its own under its
//! own name; who may change one and what is recorded is that room's to say.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::unit::Unit;

mod setting {
    //! A row of settings.
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: Json,
        pub changed_at: Instant,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A setting and the version that a change must name; `None` while nobody has set it.
pub async fn read<T: DeserializeOwned>(
    reader: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<(T, i32)>, Error> {
    let Some(row) = setting::Entity::find_by_id(name).one(reader).await? else { return Ok(None) };
    let value = serde_json::from_value(row.value);
    Ok(Some((value.map_err(|e| Error::Broken(format!("the setting {name}: {e}")))?, row.version)))
}

/// Sets it, for the first time when `version` is 0. Call it under a permit.
///
/// # Errors
/// [`Error::Stale`] when somebody set it in between.
pub async fn keep<T: Serialize>(unit: &mut Unit, name: &str, value: &T, version: i32) -> Result<(), Error> {
    if version != 0 {
        return replace(unit, name, value, version).await;
    }
    match begin(unit, name, value).await {
        Err(Error::Exists) => Err(Error::Stale),
        other => other,
    }
}

/// Sets what nobody has set yet. [`Error::Exists`] when somebody has.
pub(crate) async fn begin<T: Serialize>(unit: &mut Unit, name: &str, value: &T) -> Result<(), Error> {
    unit.insert(setting::ActiveModel {
        name: Set(name.to_owned()),
        value: Set(written(value)?),
        changed_at: Set(unit.now()),
        version: Set(1),
    })
    .await?;
    unit.house_changed();
    Ok(())
}

/// Sets anew what was read with this version; [`Error::Stale`] when somebody did in between.
pub(crate) async fn replace<T: Serialize>(
    unit: &mut Unit,
    name: &str,
    value: &T,
    version: i32,
) -> Result<(), Error> {
    let changed = setting::Entity::update_many()
        .col_expr(setting::Column::Value, Expr::value(written(value)?))
        .col_expr(setting::Column::ChangedAt, Expr::value(unit.now()))
        .col_expr(setting::Column::Version, Expr::col(setting::Column::Version).add(1))
        .filter(setting::Column::Name.eq(name))
        .filter(setting::Column::Version.eq(version))
        .exec(unit.tx())
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.house_changed();
    Ok(())
}

fn written<T: Serialize>(value: &T) -> Result<serde_json::Value, Error> {
    serde_json::to_value(value).map_err(|e| Error::Broken(e.to_string()))
}
