//! Copying out of a PostgreSQL database beside everyone who uses it, and filling an empty one.

use futures::TryStreamExt;
use sea_orm_migration::MigratorTrait;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};

use super::{Column, Gathering, Kind, LEFT_OUT, Part, Table};
use crate::error::Error;

/// A server whose statements may take as long as they need, and that writes moments as everyone reads them.
async fn patient(url: &str) -> Result<PgConnection, Error> {
    let options = super::super::postgres::options(url)?.options([
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("synchronous_commit", "on"),
        ("timezone", "UTC"),
        ("datestyle", "ISO"),
        ("bytea_output", "hex"),
    ]);
    PgConnection::connect_with(&options).await.map_err(broken)
}

/// A database that is being copied: one transaction that sees one moment.
pub struct Copying {
    connection: PgConnection,
    pub(super) steps: Vec<String>,
    pub(super) tables: Vec<Table>,
}

impl Copying {
    pub(super) async fn begin(url: &str) -> Result<Self, Error> {
        let mut connection = patient(url).await?;
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(broken)?;
        let steps = sqlx::query_scalar("SELECT version::text FROM seaql_migrations ORDER BY version");
        let steps = steps.fetch_all(&mut connection).await.map_err(broken)?;
        let tables = tables(&mut connection).await?;
        Ok(Self { connection, steps, tables })
    }

    pub(super) async fn parts<T: Future<Output = Result<(), Error>>>(
        mut self,
        take: &mut impl FnMut(Part) -> T,
    ) -> Result<(), Error> {
        for table in &self.tables {
            let mut gathered = Gathering::of(table);
            let sql = format!("COPY \"{}\" ({}) TO STDOUT", table.name, table.columns());
            let mut rows = self.connection.copy_out_raw(&sql).await.map_err(broken)?;
            // The server sends a row a message (its manual, "COPY Operations").
            while let Some(row) = rows.try_next().await.map_err(broken)? {
                gathered.part.lines.extend_from_slice(&row);
                gathered.part.rows += 1;
                if let Some(part) = gathered.full() {
                    take(part).await?;
                }
            }
            take(gathered.take()).await?;
        }
        self.connection.close().await.map_err(broken)
    }
}

/// The tables of the database, but for those that are not copied.
async fn tables(connection: &mut PgConnection) -> Result<Vec<Table>, Error> {
    let found: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.table_name::text, c.column_name::text, c.data_type::text FROM information_schema.columns c \
         JOIN information_schema.tables t USING (table_schema, table_name) \
         WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' \
         AND c.table_name <> 'seaql_migrations' ORDER BY c.table_name, c.ordinal_position",
    )
    .fetch_all(connection)
    .await
    .map_err(broken)?;
    let mut tables: Vec<Table> = Vec::new();
    for (table, name, kind) in found {
        if LEFT_OUT.contains(&table.as_str()) {
            continue;
        }
        let kind = match kind.as_str() {
            "uuid" => Kind::Uuid,
            "text" | "character varying" => Kind::Text,
            "integer" | "bigint" | "smallint" => Kind::Whole,
            "boolean" => Kind::YesNo,
            "timestamp with time zone" => Kind::Instant,
            "date" => Kind::Day,
            "jsonb" | "json" => Kind::Json,
            "bytea" => Kind::Bytes,
            _ => return Err(Error::Broken(format!("{table}.{name} is {kind}, which no copy holds"))),
        };
        let column = Column { name, kind };
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(column),
            None => tables.push(Table { name: table, columns: vec![column] }),
        }
    }
    Ok(tables)
}

/// A database that is being filled, in one transaction, without its triggers and its references: what triggers did when a
/// row was first written is in the copy already, and the references are made anew, and with that checked, at the end.
pub struct Filling {
    connection: PgConnection,
    pub(super) tables: Vec<Table>,
    references: Vec<(String, String, String)>,
}

impl Filling {
    pub(super) async fn begin(url: &str, steps: u32) -> Result<Self, Error> {
        let mut connection = patient(url).await?;
        refuse_full(url, &mut connection, steps).await?;
        let tables_of = super::super::postgres::patient(url).await?;
        migrations::Migrator::up(&tables_of, Some(steps)).await?;
        tables_of.close().await?;
        connection.execute("BEGIN").await.map_err(broken)?;
        let references: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE contype = 'f' AND connamespace = current_schema()::regnamespace",
        )
        .fetch_all(&mut connection)
        .await
        .map_err(broken)?;
        for (table, name, _) in &references {
            run(&mut connection, format!("ALTER TABLE {table} DROP CONSTRAINT \"{name}\"")).await?;
        }
        let tables = tables(&mut connection).await?;
        for table in &tables {
            run(&mut connection, format!("ALTER TABLE \"{}\" DISABLE TRIGGER USER", table.name)).await?;
            run(&mut connection, format!("DELETE FROM \"{}\"", table.name)).await?;
        }
        Ok(Self { connection, tables, references })
    }

    pub(super) async fn put(&mut self, table: &Table, part: &[u8]) -> Result<(), Error> {
        let sql = format!("COPY \"{}\" ({}) FROM STDIN", table.name, table.columns());
        let mut rows = self.connection.copy_in_raw(&sql).await.map_err(broken)?;
        rows.send(part).await.map_err(broken)?;
        rows.finish().await.map_err(broken)?;
        Ok(())
    }

    pub(super) async fn done(mut self) -> Result<(), Error> {
        for table in &self.tables {
            run(&mut self.connection, format!("ALTER TABLE \"{}\" ENABLE TRIGGER USER", table.name)).await?;
        }
        for (table, name, definition) in self.references {
            run(&mut self.connection, format!("ALTER TABLE {table} ADD CONSTRAINT \"{name}\" {definition}"))
                .await?;
        }
        self.connection.execute("COMMIT").await.map_err(broken)?;
        // The server learns what it holds; until then it would plan for empty tables.
        self.connection.execute("ANALYZE").await.map_err(broken)?;
        self.connection.close().await.map_err(broken)
    }
}

/// A database is empty when nothing ever happened in it. Tables of the same steps may be there: those of a try that broke off.
async fn refuse_full(url: &str, connection: &mut PgConnection, steps: u32) -> Result<(), Error> {
    let made: bool = sqlx::query_scalar("SELECT to_regclass('seaql_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await
        .map_err(broken)?;
    if !made {
        return Ok(());
    }
    let used = "SELECT EXISTS (SELECT 1 FROM ledger) OR EXISTS (SELECT 1 FROM staff)";
    let taken: i64 = sqlx::query_scalar("SELECT count(*) FROM seaql_migrations")
        .fetch_one(&mut *connection)
        .await
        .map_err(broken)?;
    let used: bool = sqlx::query_scalar(used).fetch_one(connection).await.map_err(broken)?;
    if used || taken > i64::from(steps) {
        return Err(super::not_empty(&super::Place::Postgres(url.to_owned()).shown()));
    }
    Ok(())
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), Error> {
    connection.execute(AssertSqlSafe(sql)).await.map_err(broken)?;
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn broken(e: sqlx::Error) -> Error {
    Error::Broken(format!("PostgreSQL: {e}"))
}
