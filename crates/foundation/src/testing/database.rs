//! A fresh database for a test, copied from one that was migrated once per process.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use tokio::sync::OnceCell;

use crate::db::Db;
use crate::store::{Place, Store};

/// What the test's database stands on; thrown away at the end.
pub(super) enum Base {
    Sqlite { folder: tempfile::TempDir },
    Postgres { server: String, name: String },
}

pub(super) async fn fresh() -> (Store, Base) {
    match std::env::var("KITH_TEST_POSTGRES") {
        Ok(server) => postgres(server).await,
        Err(_) => sqlite().await,
    }
}

async fn sqlite() -> (Store, Base) {
    static TEMPLATE: OnceCell<(tempfile::TempDir, PathBuf)> = OnceCell::const_new();
    let (_, template) = TEMPLATE
        .get_or_init(async || {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("template.db");
            let store = Store::open(&Place::Sqlite(file.clone())).await.expect("opens");
            store.migrate().await.expect("migrates");
            // Folds the write-ahead log into the one file that is copied.
            store.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.expect("checkpoints");
            store.close().await.expect("closes");
            (folder, file)
        })
        .await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kith.db");
    std::fs::copy(template, &file).expect("copies");
    let store = Store::open(&Place::Sqlite(file)).await.expect("opens");
    (store, Base::Sqlite { folder })
}

async fn postgres(server: String) -> (Store, Base) {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let template = TEMPLATE
        .get_or_init(async || {
            let name = format!("kith_template_{}", std::process::id());
            run(&server, &format!("DROP DATABASE IF EXISTS {name}")).await;
            run(&server, &format!("CREATE DATABASE {name}")).await;
            let store = Store::open(&Place::Postgres(format!("{server}/{name}"))).await.expect("opens");
            store.migrate().await.expect("migrates");
            store.close().await.expect("closes");
            name
        })
        .await;
    let name = format!("kith_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    run(&server, &format!("DROP DATABASE IF EXISTS {name}")).await;
    run(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    let store = Store::open(&Place::Postgres(format!("{server}/{name}"))).await.expect("opens");
    (store, Base::Postgres { server, name })
}

async fn run(server: &str, sql: &str) {
    let admin = Database::connect(format!("{server}/postgres")).await.expect("the test server answers");
    admin
        .execute_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await
        .expect("an administrative statement");
    admin.close().await.expect("closes");
}

impl Base {
    pub(super) fn place(&self) -> String {
        match self {
            Self::Sqlite { folder } => format!("sqlite:{}", folder.path().join("kith.db").display()),
            Self::Postgres { server, name } => format!("{server}/{name}"),
        }
    }

    pub(super) async fn close(self, db: &Db) {
        if let Base::Postgres { server, name } = self {
            let _ = db.store().clone().close().await;
            run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}
