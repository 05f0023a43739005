//! Connections, aftercare, check-ins, flags.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, bytes_null, day, day_null, flag, index, instant, instant_null, json, key, number, sql, table,
    text, text_null, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    connections(m).await?;
    maps(m).await?;
    aftercare(m).await?;
    check_ins(m).await?;
    flags(m).await
}

async fn connections(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        // Names of third parties are sealed; what is counted is not.
        bytes("label"),
        bytes_null("note"),
        text("category"),
        text_null("sub_code"),
        text("kind"),
        text("use_status"),
        text("stance"),
        text("contact"),
        text("tie"),
        number("nearness", 2),
        text("reach_any_time"),
        text("has_current_phone"),
        text_null("how_met"),
        text("reported_by"),
        day_null("since_on"),
        day_null("last_contact_on"),
        flag("may_be_printed", false),
        uuid_null("linked_person_id"),
        instant_null("unsafe_at"),
        instant("created_at"),
        instant_null("ended_at"),
        text_null("end_reason"),
        number("version", 1),
    ];
    table(m, "connections", columns, &[("person_id", "people")]).await?;
    index(m, "connections", &["person_id"], false).await?;
    index(m, "connections", &["linked_person_id"], false).await
}

async fn maps(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        // The person's own key: one map a person.
        key(),
        text("state"),
        day_null("confirmed_on"),
        // Missing means not asked, which is not none.
        ColumnDef::new("group_sessions").integer().null().take(),
        // Missing means not asked; the answer is the person's and decides nothing about the care.
        ColumnDef::new("ucla3").integer().null().take(),
        day_null("ucla3_on"),
        // The last reading, so that a list of everyone needs no second look at their ties.
        text_null("band"),
        bytes_null("client_view"),
        day_null("client_view_on"),
        number("version", 1),
    ];
    table(m, "connection_maps", columns, &[("id", "people")]).await?;
    let columns = vec![
        key(),
        uuid("person_id"),
        instant("at"),
        day("taken_on"),
        json("inputs"),
        json("result"),
        text_null("band"),
        text("rule_version"),
    ];
    table(m, "connection_snapshots", columns, &[("person_id", "people")]).await?;
    index(m, "connection_snapshots", &["person_id", "id"], false).await
}

async fn aftercare(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        uuid("episode_id"),
        day("discharged_on"),
        text("discharge_kind"),
        flag("early_leaver", false),
        text("track"),
        // Days after discharge, for the track the person chose.
        json("custom_days"),
        // Check-ins due before this day are neither due nor missed: a pause, a new track and a late start move it.
        day("counts_from"),
        day_null("paused_until"),
        instant("enrolled_at"),
        instant_null("ended_at"),
        text_null("end_reason"),
        number("version", 1),
    ];
    table(m, "aftercares", columns, &[("person_id", "people")]).await?;
    index(m, "aftercares", &["person_id"], false).await?;
    let one_active =
        "CREATE UNIQUE INDEX aftercares_one_active ON aftercares (person_id) WHERE ended_at IS NULL";
    sql(m, &[one_active], &[one_active]).await
}

async fn check_ins(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("aftercare_id"),
        uuid("person_id"),
        day("due_on"),
        day("window_from"),
        day("window_to"),
        text("origin"),
        number("attempts", 0),
        instant_null("reached_at"),
        instant_null("answered_at"),
        text_null("answered_by"),
        uuid_null("answered_by_staff_id"),
        bytes_null("answers"),
        instant("opened_at"),
        number("version", 1),
    ];
    let references = [("aftercare_id", "aftercares"), ("person_id", "people")];
    table(m, "check_ins", columns, &references).await?;
    // Opened twice at once, it is still one check-in.
    index(m, "check_ins", &["aftercare_id", "due_on"], true).await?;
    index(m, "check_ins", &["person_id", "due_on"], false).await?;
    let columns = vec![
        key(),
        uuid("check_in_id"),
        uuid("person_id"),
        instant("at"),
        day("on_day"),
        uuid_null("staff_id"),
        text("way"),
        text("outcome"),
        bytes_null("note"),
    ];
    let references = [("check_in_id", "check_ins"), ("person_id", "people")];
    table(m, "check_in_attempts", columns, &references).await?;
    index(m, "check_in_attempts", &["check_in_id"], false).await?;
    index(m, "check_in_attempts", &["person_id", "at"], false).await
}

async fn flags(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        uuid_null("check_in_id"),
        text("kind"),
        text("level"),
        // Names of rules, never what was answered: the sentences are made from the sealed answers.
        json("reasons"),
        instant("raised_at"),
        instant_null("settled_at"),
        uuid_null("settled_by"),
        bytes_null("done"),
        number("version", 1),
    ];
    table(m, "flags", columns, &[("person_id", "people")]).await?;
    index(m, "flags", &["person_id"], false).await?;
    index(m, "flags", &["settled_at", "level"], false).await
}
