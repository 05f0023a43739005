//! A second person looks over what a plan said.

use sea_orm_migration::prelude::*;

use crate::columns::{instant_null, uuid_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [instant_null("approved_at"), uuid_null("approved_by")] {
        m.alter_table(Table::alter().table("benefit_checks").add_column(column).take()).await?;
    }
    Ok(())
}
