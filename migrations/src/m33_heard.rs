//! What an alum said through a link: so far, before the last page, and after somebody else had written answers down.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, index, instant, instant_null, json, key, number, sql, table, uuid};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("check_in_id"),
        uuid("person_id"),
        // Sealed: the answers as JSON, as far as they were given.
        bytes("answers"),
        // Names of the grave rules that were ever met, also when the answer was changed later.
        json("grave"),
        instant("began_at"),
        instant("said_at"),
        instant_null("finished_at"),
        number("version", 1),
    ];
    let references = [("check_in_id", "check_ins"), ("person_id", "people")];
    table(m, "alum_answers", columns, &references).await?;
    index(m, "alum_answers", &["person_id"], false).await?;
    // Pressed twice at once, it is still said once.
    let one_open =
        "CREATE UNIQUE INDEX alum_answers_one_open ON alum_answers (check_in_id) WHERE finished_at IS NULL";
    sql(m, &[one_open], &[one_open]).await
}
