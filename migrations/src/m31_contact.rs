//! What is safe at one number or address alone, and the word by which each knows the other.

use sea_orm_migration::prelude::*;

use crate::columns::{json_null, sql, text_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("contact_points").add_column(json_null("own_rules")).take()).await?;
    m.alter_table(Table::alter().table("contact_rules").add_column(text_null("code_word")).take()).await?;
    let few =
        "CREATE INDEX contact_points_particular ON contact_points (person_id) WHERE own_rules IS NOT NULL";
    sql(m, &[few], &[few]).await
}
