//! What the signed paper of a consent shows (who signed for whom, in which language, whether a copy was given, what it is
//! for), and why somebody was called at an hour that was not a good one.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, text_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in ["aim", "signer_name", "language"] {
        m.alter_table(Table::alter().table("consents").add_column(text_null(column)).take()).await?;
    }
    m.alter_table(Table::alter().table("consents").add_column(flag("copy_given", false)).take()).await?;
    m.alter_table(Table::alter().table("check_in_attempts").add_column(text_null("why_now")).take()).await
}
