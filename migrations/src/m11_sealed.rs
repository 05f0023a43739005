//! Three free texts that stood in clear are sealed under the person's own key from here on. No center is in service yet,
//! so what stood there is not carried over: a step cannot seal, it has no key.

use sea_orm_migration::prelude::*;

use crate::columns::bytes_null;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (table, column) in
        [("requests", "next_step"), ("requests", "relationship"), ("episodes", "discharged_to")]
    {
        m.alter_table(Table::alter().table(table).drop_column(column).take()).await?;
        m.alter_table(Table::alter().table(table).add_column(bytes_null(column)).take()).await?;
    }
    Ok(())
}
