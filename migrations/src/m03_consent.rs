//! How people may be reached and what may be told to whom: contact points, contact rules, consents, what the gate
//! decided, what was disclosed, addresses nobody writes to.

use sea_orm_migration::prelude::*;

use crate::columns::{
    day, day_null, flag, index, instant, instant_null, json, key, number, table, text, text_null, uuid,
    uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        text("kind"),
        text("value"),
        text("folded"),
        instant("created_at"),
        instant_null("verified_at"),
        instant_null("ended_at"),
    ];
    table(m, "contact_points", columns, &[("person_id", "people")]).await?;
    index(m, "contact_points", &["person_id"], false).await?;
    index(m, "contact_points", &["folded"], false).await?;
    let columns = vec![
        uuid("person_id").primary_key().take(),
        text("call"),
        json("call_hours"),
        text("voicemail"),
        text("text_message"),
        text("email"),
        text("if_someone_else_answers"),
        text("said_by"),
        flag("confirmed_by_voice", false),
        instant("captured_at"),
        uuid_null("captured_by"),
        // How to ask for them, how the caller introduces, who else reads or listens.
        text_null("ask_for"),
        text_null("identify_as"),
        json("risks"),
        instant_null("do_not_contact_at"),
        number("version", 1),
    ];
    let mut statement = Table::create();
    statement.table("contact_rules");
    for mut column in columns {
        statement.col(&mut column);
    }
    statement.foreign_key(ForeignKey::create().from("contact_rules", "person_id").to("people", "id"));
    m.create_table(statement.take()).await?;
    consents(m).await
}

async fn consents(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        text("kind"),
        text("recipient"),
        text("recipient_folded"),
        json("scope"),
        text("purpose"),
        day("signed_on"),
        day_null("expires_on"),
        text("expires_event"),
        // The other elements of 42 CFR §2.31(a): whose, by whom, what the paper says, who signed.
        text("person_name"),
        text("discloser"),
        json("statements"),
        text("revocation_how"),
        text("signer"),
        text("signature"),
        text("text_version"),
        instant("recorded_at"),
        uuid_null("recorded_by"),
        instant_null("revoked_at"),
        text_null("revoked_how"),
        uuid_null("superseded_by"),
    ];
    table(m, "consents", columns, &[("person_id", "people")]).await?;
    index(m, "consents", &["person_id", "kind"], false).await?;
    leaving(m).await
}

/// What left the house and what stayed.
async fn leaving(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        text("channel"),
        text("purpose"),
        text("answer"),
        uuid_null("consent_id"),
        uuid("subject_id"),
        instant("decided_at"),
    ];
    table(m, "gate_decisions", columns, &[]).await?;
    index(m, "gate_decisions", &["person_id"], false).await?;
    index(m, "gate_decisions", &["subject_id"], false).await?;
    let columns = vec![
        key(),
        uuid("person_id"),
        uuid_null("consent_id"),
        text("basis"),
        text("recipient"),
        text("what"),
        json("scope"),
        text("purpose"),
        text("notice_version"),
        instant("disclosed_at"),
        uuid_null("disclosed_by"),
    ];
    table(m, "disclosures", columns, &[("person_id", "people")]).await?;
    index(m, "disclosures", &["person_id"], false).await?;
    let columns = vec![
        // Kept for ever and as a hash only: who must not be written to outlives every record.
        ColumnDef::new("address_hash").binary().not_null().primary_key().take(),
        text("reason"),
        instant("since"),
    ];
    table(m, "suppressions", columns, &[]).await?;
    Ok(())
}
