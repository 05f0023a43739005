//! Who may use which address: the table a privacy officer signs. To accept a change:
//! `KITH_ACCEPT=1 cargo test -p web --test routes`.

use web::routes::{Access, printed};

#[test]
fn the_route_table_is_the_one_that_was_signed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/routes.txt");
    let table = printed(&web::routes());
    if std::env::var_os("KITH_ACCEPT").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), table);
}

#[test]
fn only_these_addresses_answer_without_an_account() {
    let public: Vec<&str> = web::routes()
        .iter()
        .filter(|l| l.access == Access::Public)
        .map(|l| l.path)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    assert_eq!(
        public,
        [
            "/",
            "/api/v1/openapi.json",
            // What browsers ask beforehand; sending itself needs a key.
            "/api/v1/requests",
            "/assets/{name}",
            "/c/{token}",
            // They work before the word is given: a call, and the word itself.
            "/c/{token}/call",
            "/c/{token}/word",
            "/c/{token}/{step}",
            "/calendar/{file}",
            "/consultation",
            "/consultation/check",
            "/consultation/done",
            "/consultation/{step}",
            "/healthz",
            "/language",
            "/leave",
            "/readyz",
            "/referral",
            "/referral/done",
            "/setup",
            "/sign-in",
            "/u/{token}",
        ]
    );
}
