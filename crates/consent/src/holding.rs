//! What this room keeps about a person.

use crate::rules::contact::SaidBy;
use foundation::PersonId;
use foundation::Unit;
use foundation::holding::{Holding, Holds, OthersWords};
use foundation::sealed::Keyring;
use sea_orm::DatabaseConnection;
use serde_json::{Value as Json, json};

use crate::{consents, contact_override, contact_point, contact_rules, disclosures, gate, suppression};

/// A letter that told nothing of the person is no disclosure of theirs; its row shows only who had written to us.
fn names_who_wrote(one: &disclosures::Disclosure) -> bool {
    one.basis == "tells_nothing"
}

/// Whether somebody else than the person said how they may be reached.
fn is_from_another(said_by: SaidBy) -> bool {
    matches!(said_by, SaidBy::Family | SaidBy::Referrer)
}

/// Contact points, rules, consents, decisions of the gate, disclosures.
pub struct ConsentHolding;

impl Holding for ConsentHolding {
    fn name(&self) -> &'static str {
        "consent"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("contact_points", "person_id"),
            ("contact_rules", "person_id"),
            ("consents", "person_id"),
            ("gate_decisions", "person_id"),
            ("disclosures", "person_id"),
            ("contact_overrides", "person_id"),
            ("suppressions", "person_id"),
        ]
    }

    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Json> {
        Box::pin(async move {
            let points = contact_point::all_of(reader, person).await?;
            let consents = consents::of(reader, person).await?;
            let disclosures = disclosures::of(reader, person).await?;
            let disclosures: Vec<_> = disclosures.iter().filter(|d| !names_who_wrote(d)).collect();
            let rules =
                contact_rules::of(reader, person).await?.filter(|rules| !is_from_another(rules.said_by));
            let overrides = contact_override::export(reader, keyring, person).await?;
            let stops = suppression::all_of(reader, person).await?;
            Ok(json!({
                "contact_rules": rules.map(|r| json!({ "call": r.call, "call_hours": r.call_hours, "voicemail": r.voicemail,
                    "text_message": r.text_message, "email": r.email, "ask_for": r.ask_for, "identify_as": r.identify_as, "code_word": r.code_word,
                    "risks": r.risks, "said_by": r.said_by, "captured_at": r.captured_at,
                    "do_not_contact_at": r.do_not_contact_at })),
                "called_against_this": overrides,
                "contact_points": points.iter().map(|p| json!({ "kind": p.kind, "value": p.value, "own_rules": p.own_rules, "ended_at": p.ended_at, "end_reason": p.end_reason })).collect::<Vec<_>>(),
                "consents": consents.iter().map(|c| json!({ "kind": c.kind, "recipient": c.recipient, "purpose": c.purpose,
                    "scope": c.scope, "aim": c.aim, "statements": c.statements, "signed_on": c.signed_on, "signer": c.signer,
                    "signer_name": c.signer_name, "language": c.language, "copy_given": c.copy_given, "expires_on": c.expires_on, "revoked_at": c.revoked_at })).collect::<Vec<_>>(),
                "stopped": stops.iter().map(|s| json!({ "since": s.since, "lifted_at": s.lifted_at, "lifted_how": s.lifted_how })).collect::<Vec<_>>(),
                "disclosures": disclosures.iter().map(|d| json!({ "recipient": d.recipient, "what": d.what,
                    "purpose": d.purpose, "at": d.disclosed_at })).collect::<Vec<_>>(),
            }))
        })
    }

    fn said_by_others<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        _: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Vec<OthersWords>> {
        Box::pin(async move {
            let mut all = Vec::new();
            let rules = contact_rules::of(reader, person).await?;
            if let Some(rules) = rules.filter(|rules| is_from_another(rules.said_by)) {
                all.push(OthersWords {
                    item: "contact_rules".into(),
                    kind: "How they may be reached, as someone else told us",
                    at: rules.captured_at,
                    content: json!({ "said_by": rules.said_by.words(), "ask_for": rules.ask_for, "risks": rules.risks }),
                });
            }
            for one in disclosures::of(reader, person).await?.into_iter().filter(names_who_wrote) {
                all.push(OthersWords {
                    item: format!("disclosure/{}", one.id),
                    kind: "A letter to someone who wrote to us, that told nothing of the person",
                    at: one.disclosed_at,
                    content: json!({ "to": one.recipient, "what": one.what }),
                });
            }
            Ok(all)
        })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            contact_point::move_to(unit, from, survivor).await?;
            contact_rules::move_to(unit, from, survivor).await?;
            consents::move_to(unit, from, survivor).await?;
            disclosures::move_to(unit, from, survivor).await?;
            contact_override::move_to(unit, from, survivor).await?;
            suppression::move_to(unit, from, survivor).await?;
            gate::move_to(unit, from, survivor).await
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            contact_point::forget(unit, person).await?;
            contact_rules::forget(unit, person).await?;
            consents::forget(unit, person).await?;
            gate::forget(unit, person).await?;
            contact_override::forget(unit, person).await?;
            suppression::forget(unit, person).await?;
            disclosures::forget(unit, person).await
        })
    }
}
