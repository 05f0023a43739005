//! Appointments: sites, the hours of clinicians there and their exceptions, booked times, private calendar feeds. Free times
//! are computed and never stored.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, day, day_null, index, instant, instant_null, key, number, sql, table, text, text_null, uuid,
    uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    sites_and_hours(m).await?;
    appointments(m).await?;
    let feed =
        vec![key(), uuid("staff_id"), bytes("token_hash"), instant("made_at"), instant_null("ended_at")];
    table(m, "calendar_feeds", feed, &[("staff_id", "staff")]).await?;
    index(m, "calendar_feeds", &["token_hash"], true).await?;
    let one = "CREATE UNIQUE INDEX calendar_feeds_open ON calendar_feeds (staff_id) WHERE ended_at IS NULL";
    sql(m, &[one], &[one]).await?;
    // A time that is moved or given up takes its letters with it.
    index(m, "messages", &["subject_id"], false).await
}

async fn sites_and_hours(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let site = vec![
        key(),
        text("name"),
        text("address"),
        text("zone"),
        instant("made_at"),
        instant_null("ended_at"),
        number("version", 1),
    ];
    table(m, "sites", site, &[]).await?;
    let weekly = vec![
        key(),
        uuid("staff_id"),
        uuid("site_id"),
        number("weekdays", 0),
        number("opens", 0),
        number("closes", 1440),
        number("slot_minutes", 60),
        day("from_on"),
        day_null("until_on"),
        instant("made_at"),
        instant_null("ended_at"),
    ];
    table(m, "weekly_hours", weekly, &[("staff_id", "staff"), ("site_id", "sites")]).await?;
    index(m, "weekly_hours", &["staff_id"], false).await?;
    let exception = vec![
        key(),
        uuid("staff_id"),
        text("kind"),
        uuid_null("site_id"),
        day("first_on"),
        day("last_on"),
        number("opens", 0),
        number("closes", 1440),
        number("slot_minutes", 0),
        instant("made_at"),
        instant_null("ended_at"),
    ];
    table(m, "hours_exceptions", exception, &[("staff_id", "staff"), ("site_id", "sites")]).await?;
    index(m, "hours_exceptions", &["last_on"], false).await
}

async fn appointments(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("person_id"),
        uuid("staff_id"),
        uuid("site_id"),
        instant("starts_at"),
        instant("ends_at"),
        text("zone"),
        instant("first_starts_at"),
        instant("booked_at"),
        uuid_null("booked_by"),
        text("state"),
        text_null("why"),
        instant_null("confirmed_at"),
        instant_null("asked_at"),
        instant_null("settled_at"),
        instant("changed_at"),
        number("sequence", 0),
        number("version", 1),
    ];
    let references =
        [("request_id", "requests"), ("person_id", "people"), ("staff_id", "staff"), ("site_id", "sites")];
    table(m, "appointments", columns, &references).await?;
    index(m, "appointments", &["request_id", "id"], false).await?;
    index(m, "appointments", &["person_id"], false).await?;
    index(m, "appointments", &["starts_at"], false).await?;
    index(m, "appointments", &["staff_id", "starts_at"], false).await?;
    // Of two desks that book one time one wins, and a request has one time ahead of it.
    let taken = "CREATE UNIQUE INDEX appointments_taken ON appointments (staff_id, starts_at) \
                 WHERE state IN ('booked', 'arrived')";
    let open = "CREATE UNIQUE INDEX appointments_open ON appointments (request_id) WHERE state = 'booked'";
    // Whom to ask about: those who should be here and of whom nobody has said so.
    let unasked = "CREATE INDEX appointments_unasked ON appointments (starts_at) \
                   WHERE state = 'booked' AND asked_at IS NULL";
    sql(m, &[taken, open, unasked], &[taken, open, unasked]).await
}
