//! The statements behind the pages that are measured, written after what the program sends: what the minimal handler runs.

use uuid::Uuid;

use crate::minimal::{Asked, Given};

const QUIET: &str = "'open_client', 'open_request', 'open_connections', 'open_check_ins', 'open_plan', 'create_person', 'issue_link', 'save_call'";

fn asked(sql: impl Into<String>, values: Vec<Given>) -> Asked {
    Asked { sql: sql.into(), values }
}

/// Rows of the inbox.
pub fn inbox() -> Vec<Asked> {
    let rows = "SELECT r.id, r.reference, p.name_used AS name, r.for_whom, r.channel, r.urgency, r.received_at, r.due_at, \
        r.reached_at, r.next_step, r.next_step_at, r.closed_at, r.disposition, r.check_in_at, r.attempts, \
        r.snoozed_until, r.woke_at, r.owner_id, s.name AS owner, \
        p.language, c.call, c.voicemail, c.call_hours, r.waiting_until, w.why AS waiting_why, t.kind AS source FROM requests \
        r JOIN people p ON p.id = r.caller_id LEFT JOIN staff s ON s.id = r.owner_id LEFT JOIN contact_rules c ON \
        c.person_id = r.caller_id LEFT JOIN touches t ON t.request_id = r.id AND t.is_primary AND t.ended_at IS NULL \
        LEFT JOIN pauses w ON w.request_id = r.id AND w.ended_at IS NULL AND r.waiting_until IS NOT NULL \
        WHERE r.closed_at IS NULL ORDER BY CASE r.urgency WHEN 'emergency' THEN 0 \
        WHEN 'urgent' THEN 1 ELSE 2 END, r.due_at, r.id LIMIT 200";
    vec![asked(rows, vec![])]
}

/// A record, without its ledger entry.
pub fn record(of: Uuid) -> Vec<Asked> {
    [
        "SELECT c.id, c.reference, c.counselor_id, c.created_at, c.about, c.version, p.id, p.name_used, p.legal_name, \
         p.name_folded, p.pronouns, p.born_on, p.zone, p.language, p.created_at, p.survivor_id, p.died_at, p.version, s.id, \
         s.name, s.supervisor_id, s.disabled_at FROM clients c LEFT JOIN people p ON p.id = c.id LEFT JOIN staff s ON \
         s.id = c.counselor_id WHERE c.id = $1 LIMIT 1"
            .to_owned(),
        "SELECT * FROM episodes WHERE person_id = $1 ORDER BY admitted_on DESC, id DESC".to_owned(),
        "SELECT * FROM contact_points WHERE person_id = $1 AND ended_at IS NULL ORDER BY id".to_owned(),
        "SELECT * FROM contact_rules WHERE person_id = $1".to_owned(),
        "SELECT * FROM consents WHERE person_id = $1 ORDER BY id DESC".to_owned(),
        format!("SELECT * FROM ledger WHERE act NOT IN ({QUIET}) AND person_id = $1 ORDER BY id DESC LIMIT 21"),
        "SELECT * FROM notes WHERE person_id = $1".to_owned(),
        "SELECT reference FROM requests WHERE prospective_id = $1 ORDER BY id DESC".to_owned(),
    ]
    .into_iter()
    .map(|sql| asked(sql, vec![Given::Key(of)]))
    .collect()
}

/// A page of those who are found.
pub fn search(word: &str, postgres: bool) -> Vec<Asked> {
    let (hits, by, word) = if postgres {
        ("words @@ to_tsquery('simple', $1)", "subject_id::text", format!("{word}:*"))
    } else {
        ("search_index MATCH $1", "rowid", format!("\"{word}\"*"))
    };
    let sql = format!(
        "SELECT c.id, c.reference, c.created_at, p.name_used, s.name, e.admitted_on, l.level FROM clients c JOIN people p \
         ON p.id = c.id LEFT JOIN staff s ON s.id = c.counselor_id LEFT JOIN episodes e ON e.person_id = c.id AND \
         e.discharged_on IS NULL LEFT JOIN level_spans l ON l.episode_id = e.id AND l.until_on IS NULL WHERE \
         p.survivor_id IS NULL AND c.id IN (SELECT subject_id FROM search_index WHERE {hits} AND subject_kind = 'person' \
         ORDER BY {by} LIMIT 200) ORDER BY p.name_folded, c.id LIMIT 50"
    );
    vec![asked(sql, vec![Given::Text(word)])]
}

/// The worklist of a counselor.
pub fn worklist(me: Uuid) -> Vec<Asked> {
    let alumni = "SELECT a.id, a.person_id, a.discharged_on, a.early_leaver, a.track, a.custom_days, a.counts_from, \
        a.paused_until, a.end_reason, c.reference, c.counselor_id, p.name_used, m.band, m.confirmed_on FROM aftercares a \
        JOIN clients c ON c.id = a.person_id JOIN people p ON p.id = a.person_id LEFT JOIN connection_maps m ON m.id = \
        a.person_id WHERE a.ended_at IS NULL AND c.counselor_id = $1";
    let pasts = "SELECT i.aftercare_id, i.due_on, i.attempts, i.reached_at, f.raised_at FROM check_ins i JOIN aftercares a \
        ON a.id = i.aftercare_id JOIN clients c ON c.id = a.person_id LEFT JOIN flags f ON f.check_in_id = i.id AND f.kind \
        = 'answers' WHERE a.ended_at IS NULL AND c.counselor_id = $1";
    let flags = "SELECT person_id, kind, level, reasons FROM flags WHERE settled_at IS NULL";
    let mine = || vec![Given::Key(me)];
    vec![asked(alumni, mine()), asked(pasts, mine()), asked(flags, vec![])]
}

/// One answer of the public form: the draft is read and kept.
pub fn answer() -> Vec<Asked> {
    let token = || Given::Bytes(vec![7; 32]);
    let read = "SELECT token_hash, answers, begun_at, expires_at FROM drafts WHERE token_hash = $1";
    let sent = "SELECT id FROM requests WHERE submission = 'of nobody'";
    let keep = "INSERT INTO drafts (token_hash, answers, begun_at, expires_at) VALUES ($1, $2, CURRENT_TIMESTAMP, \
        '2099-01-01 00:00:00+00:00') ON CONFLICT (token_hash) DO UPDATE SET answers = excluded.answers";
    vec![
        asked(sent, vec![]),
        asked(read, vec![token()]),
        asked(keep, vec![token(), Given::Bytes(vec![3; 160])]),
    ]
}
