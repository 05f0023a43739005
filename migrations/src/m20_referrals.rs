//! Where people come from and where they go on to: referral organizations with their contacts, the touches of a request,
//! and referrals in both directions. No column anywhere holds money (EKRA, 18 USC 220).

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, bytes_null, flag, index, instant, instant_null, key, number, sql, table, text, text_null, uuid,
    uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    organizations(m).await?;
    touches(m).await?;
    referrals_in(m).await?;
    referrals_out(m).await
}

async fn organizations(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let reached_by = || [text_null("phone"), text_null("email"), text_null("preferred"), bytes_null("notes")];
    let kept =
        || [instant("added_at"), uuid_null("added_by"), instant_null("ended_at"), number("version", 1)];
    let mut columns = vec![key(), text("name"), text("name_folded"), text("kind"), text_null("address")];
    columns.extend(reached_by());
    columns.extend(kept());
    columns.push(uuid_null("merged_into"));
    table(m, "referral_organizations", columns, &[("merged_into", "referral_organizations")]).await?;
    index(m, "referral_organizations", &["name_folded", "id"], false).await?;
    let mut columns = vec![key(), uuid("organization_id"), text("name"), text_null("position")];
    columns.extend(reached_by());
    columns.extend(kept());
    table(m, "referral_contacts", columns, &[("organization_id", "referral_organizations")]).await?;
    index(m, "referral_contacts", &["organization_id"], false).await
}

async fn touches(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("person_id"),
        text("way"),
        text("kind"),
        uuid_null("organization_id"),
        uuid_null("contact_id"),
        bytes_null("detail"),
        flag("is_primary", false),
        instant("added_at"),
        uuid_null("added_by"),
        instant_null("ended_at"),
    ];
    let references = [
        ("request_id", "requests"),
        ("person_id", "people"),
        ("organization_id", "referral_organizations"),
        ("contact_id", "referral_contacts"),
    ];
    table(m, "touches", columns, &references).await?;
    index(m, "touches", &["request_id"], false).await?;
    index(m, "touches", &["person_id"], false).await?;
    index(m, "touches", &["organization_id"], false).await?;
    // Of all that led to a request one is the first among them, whoever presses first.
    let primary =
        "CREATE UNIQUE INDEX touches_primary ON touches (request_id) WHERE is_primary AND ended_at IS NULL";
    sql(m, &[primary], &[primary]).await
}

async fn referrals_in(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("person_id"),
        uuid_null("organization_id"),
        bytes("details"),
        instant("due_at"),
        instant_null("decided_at"),
        uuid_null("decided_by"),
        text_null("decision"),
        bytes_null("reason"),
        number("version", 1),
    ];
    let references = [
        ("request_id", "requests"),
        ("person_id", "people"),
        ("organization_id", "referral_organizations"),
        ("decided_by", "staff"),
    ];
    table(m, "referrals_in", columns, &references).await?;
    index(m, "referrals_in", &["request_id"], true).await?;
    index(m, "referrals_in", &["organization_id"], false).await?;
    index(m, "referrals_in", &["person_id"], false).await
}

async fn referrals_out(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("person_id"),
        uuid("organization_id"),
        text("way"),
        text("state"),
        text("soon"),
        text_null("level"),
        // Why there, what was agreed, the steps of the handoff: sealed under the person's key.
        bytes("details"),
        // What left, word for word, sealed alike.
        bytes_null("packet"),
        uuid_null("consent_id"),
        instant("referred_at"),
        uuid_null("referred_by"),
        instant_null("appointment_at"),
        instant_null("arrived_at"),
        instant_null("confirm_at"),
        number("confirms", 0),
        instant_null("ended_at"),
        number("version", 1),
    ];
    let references = [
        ("request_id", "requests"),
        ("person_id", "people"),
        ("organization_id", "referral_organizations"),
        ("referred_by", "staff"),
    ];
    table(m, "referrals_out", columns, &references).await?;
    index(m, "referrals_out", &["request_id", "id"], false).await?;
    index(m, "referrals_out", &["person_id"], false).await?;
    index(m, "referrals_out", &["organization_id"], false).await?;
    // Who is to be asked after next, however many referrals there ever were.
    let open = "CREATE INDEX referrals_out_open ON referrals_out (confirm_at, id) WHERE ended_at IS NULL";
    sql(m, &[open], &[open]).await
}
