//! The clocks of the inbox: when a request waits for the caller, who takes requests and gets them by a rule, and whom an
//! escalation told.

use sea_orm_migration::prelude::*;

use crate::columns::{
    flag, index, instant, instant_null, json, key, sql, table, text, text_null, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("requests").add_column(instant_null("waiting_until")).take()).await?;
    let columns = vec![
        key(),
        uuid("request_id"),
        text("why"),
        instant("began_at"),
        instant("until_at"),
        uuid_null("began_by"),
        // What was due when it began: what is left of it runs on from its end.
        instant("due_before"),
        instant_null("step_before"),
        instant_null("ended_at"),
        text_null("ended_how"),
    ];
    table(m, "pauses", columns, &[("request_id", "requests")]).await?;
    index(m, "pauses", &["request_id"], false).await?;
    let columns = vec![
        // One row for each member of staff who ever said when they take requests.
        uuid("staff_id").primary_key().take(),
        flag("taking", false),
        json("week"),
        text_null("email"),
        instant_null("given_at"),
        instant("changed_at"),
    ];
    table(m, "duties", columns, &[("staff_id", "staff")]).await?;
    let columns =
        vec![key(), uuid("request_id"), uuid("staff_id"), uuid("rule_id"), text("rule"), instant("given_at")];
    table(m, "routings", columns, &[("request_id", "requests"), ("staff_id", "staff")]).await?;
    index(m, "routings", &["request_id"], false).await?;
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("rule_id"),
        text("rule"),
        instant("due_at"),
        instant("told_at"),
        instant_null("answered_at"),
        uuid_null("answered_by"),
    ];
    table(m, "escalations", columns, &[("request_id", "requests")]).await?;
    // Once a request and a rule, whichever process is first.
    index(m, "escalations", &["request_id", "rule_id"], true).await?;
    let columns = vec![key(), uuid("escalation_id"), uuid("staff_id")];
    table(m, "escalations_told", columns, &[("escalation_id", "escalations"), ("staff_id", "staff")]).await?;
    index(m, "escalations_told", &["staff_id", "escalation_id"], true).await?;
    let open = "CREATE INDEX escalations_open ON escalations (told_at) WHERE answered_at IS NULL";
    // First calls that nobody has made, by when they are due. Whether it is closed comes first: SQLite takes an index that
    // answers one question more before any other one.
    let first = "CREATE INDEX requests_first_calls ON requests (closed_at, due_at) \
                 WHERE reached_at IS NULL AND attempts = 0";
    sql(m, &[open, first], &[open, first]).await
}
