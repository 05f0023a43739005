//! Copying out of a SQLite file beside whoever serves it, and filling a new one.

use std::path::Path;

use futures::TryStreamExt;
use sea_orm_migration::MigratorTrait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use super::lines::{self, Value};
use super::{Column, Gathering, Kind, LEFT_OUT, Part, SEARCH_INDEX, Table};
use crate::error::Error;

/// What the search module keeps for itself, and the table by which its rows are found.
const OF_THE_INDEX: [&str; 6] = [
    "search_index_config",
    "search_index_content",
    "search_index_data",
    "search_index_docsize",
    "search_index_idx",
    "search_rows",
];

/// A file that is being copied: one transaction that reads.
pub struct Copying {
    connection: SqliteConnection,
    pub(super) steps: Vec<String>,
    pub(super) tables: Vec<Table>,
}

impl Copying {
    pub(super) async fn begin(file: &Path) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new().filename(file).pragma("query_only", "on");
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(broken)?;
        connection.execute("BEGIN").await.map_err(broken)?;
        // The first look fixes the moment.
        let steps = sqlx::query_scalar("SELECT version FROM seaql_migrations ORDER BY version");
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
            let sql = format!("SELECT {} FROM \"{}\"", table.columns(), table.name);
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut self.connection);
            while let Some(row) = rows.try_next().await.map_err(broken)? {
                write(&mut gathered.part.lines, table, &row)?;
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

/// Writes a row as a line.
fn write(line: &mut Vec<u8>, table: &Table, row: &SqliteRow) -> Result<(), Error> {
    for (nth, column) in table.columns.iter().enumerate() {
        if nth > 0 {
            line.push(b'\t');
        }
        let written = match column.kind {
            Kind::Uuid => row.try_get_unchecked::<Option<uuid::Uuid>, _>(nth).map_err(broken)?.map(|id| {
                line.extend(id.hyphenated().to_string().bytes());
            }),
            Kind::Bytes => row.try_get_unchecked::<Option<Vec<u8>>, _>(nth).map_err(broken)?.map(|bytes| {
                lines::write_bytes(line, &bytes);
            }),
            Kind::Whole => row.try_get_unchecked::<Option<i64>, _>(nth).map_err(broken)?.map(|n| {
                line.extend(n.to_string().bytes());
            }),
            Kind::YesNo => row.try_get_unchecked::<Option<bool>, _>(nth).map_err(broken)?.map(|yes| {
                line.push(if yes { b't' } else { b'f' });
            }),
            Kind::Text | Kind::Instant | Kind::Day | Kind::Json => {
                row.try_get_unchecked::<Option<String>, _>(nth).map_err(broken)?.map(|text| {
                    lines::write_text(line, &text);
                })
            }
        };
        if written.is_none() {
            lines::write_null(line);
        }
    }
    line.push(b'\n');
    Ok(())
}

/// The tables of a file, but for those that are not copied.
async fn tables(connection: &mut SqliteConnection) -> Result<Vec<Table>, Error> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' \
         AND name <> 'seaql_migrations' ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(broken)?;
    let mut tables = Vec::new();
    for name in names {
        if LEFT_OUT.contains(&name.as_str()) || OF_THE_INDEX.contains(&name.as_str()) {
            continue;
        }
        let columns = if name == SEARCH_INDEX {
            let column = |name: &str, kind| Column { name: name.into(), kind };
            let (kind, id, terms) = ("subject_kind", "subject_id", "terms");
            vec![column(kind, Kind::Text), column(id, Kind::Uuid), column(terms, Kind::Text)]
        } else {
            columns(connection, &name).await?
        };
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

async fn columns(connection: &mut SqliteConnection, table: &str) -> Result<Vec<Column>, Error> {
    let found: Vec<(String, String)> = sqlx::query_as("SELECT name, lower(type) FROM pragma_table_info(?)")
        .bind(table)
        .fetch_all(connection)
        .await
        .map_err(broken)?;
    let column = |(name, declared): (String, String)| {
        let kind = match declared.as_str() {
            "uuid_text" => Kind::Uuid,
            "text" | "varchar" => Kind::Text,
            "integer" | "bigint" => Kind::Whole,
            "boolean" => Kind::YesNo,
            "timestamp_with_timezone_text" => Kind::Instant,
            "date_text" => Kind::Day,
            "json_text" | "jsonb_text" => Kind::Json,
            "blob" | "blob(1)" | "varbinary_blob" => Kind::Bytes,
            _ => return Err(Error::Broken(format!("{table}.{name} is {declared}, which no copy holds"))),
        };
        Ok(Column { name, kind })
    };
    found.into_iter().map(column).collect()
}

/// A new file that is being filled, in one transaction and without its triggers: what they did when a row was first
/// written is in the copy already.
pub struct Filling {
    connection: SqliteConnection,
    pub(super) tables: Vec<Table>,
    triggers: Vec<String>,
}

impl Filling {
    pub(super) async fn begin(file: &Path, steps: u32) -> Result<Self, Error> {
        if std::fs::metadata(file).is_ok_and(|found| found.len() > 0) {
            return Err(super::not_empty(&file.display().to_string()));
        }
        let store = super::super::sqlite::open(file, false).await?;
        migrations::Migrator::up(&store.writer, Some(steps)).await?;
        store.close().await?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(false)
            .pragma("synchronous", "off");
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(broken)?;
        connection.execute("BEGIN IMMEDIATE").await.map_err(broken)?;
        let triggers: Vec<(String, String)> =
            sqlx::query_as("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
                .fetch_all(&mut connection)
                .await
                .map_err(broken)?;
        for (name, _) in &triggers {
            run(&mut connection, format!("DROP TRIGGER \"{name}\"")).await?;
        }
        let tables = tables(&mut connection).await?;
        for table in &tables {
            run(&mut connection, format!("DELETE FROM \"{}\"", table.name)).await?;
        }
        Ok(Self { connection, tables, triggers: triggers.into_iter().map(|(_, sql)| sql).collect() })
    }

    pub(super) async fn put(&mut self, table: &Table, part: &[u8]) -> Result<(), Error> {
        let text =
            std::str::from_utf8(part).map_err(|e| Error::Broken(format!("the copy is no text: {e}")))?;
        let places = vec!["?"; table.columns.len()].join(", ");
        let sql = format!("INSERT INTO \"{}\" ({}) VALUES ({places})", table.name, table.columns());
        let found_by =
            "INSERT INTO search_rows (subject_kind, subject_id, row) VALUES (?, ?, last_insert_rowid())";
        for line in text.lines() {
            let fields = lines::fields(line)?;
            if fields.len() != table.columns.len() {
                return Err(Error::Broken(format!("a line of {} has {} fields", table.name, fields.len())));
            }
            let values =
                table.columns.iter().zip(fields).map(|(column, field)| lines::value(column.kind, field));
            let values: Vec<Value> = values.collect::<Result<_, _>>()?;
            bound(AssertSqlSafe(sql.clone()), &values, &mut self.connection).await?;
            if table.name == SEARCH_INDEX {
                let of = |name: &str| {
                    let found = table.columns.iter().zip(&values).find(|(column, _)| column.name == name);
                    found.map(|(_, value)| value.clone())
                };
                let (Some(kind), Some(id)) = (of("subject_kind"), of("subject_id")) else {
                    return Err(Error::Broken("the search index of the copy has other columns".into()));
                };
                let subject = [kind, id];
                bound(AssertSqlSafe(found_by.to_owned()), &subject, &mut self.connection).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn done(mut self) -> Result<(), Error> {
        for trigger in self.triggers {
            run(&mut self.connection, trigger).await?;
        }
        let loose: Option<(String,)> =
            sqlx::query_as("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
                .fetch_optional(&mut self.connection)
                .await
                .map_err(broken)?;
        if let Some((table,)) = loose {
            return Err(Error::Broken(format!("a row of {table} belongs to one that is not in the copy")));
        }
        self.connection.execute("COMMIT").await.map_err(broken)?;
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.map_err(broken)?;
        self.connection.close().await.map_err(broken)
    }
}

async fn run(connection: &mut SqliteConnection, sql: String) -> Result<(), Error> {
    connection.execute(AssertSqlSafe(sql)).await.map_err(broken)?;
    Ok(())
}

async fn bound(
    sql: AssertSqlSafe<String>,
    values: &[Value],
    connection: &mut SqliteConnection,
) -> Result<(), Error> {
    let mut query = sqlx::query(sql);
    for value in values {
        query = match value.clone() {
            Value::Null => query.bind(None::<String>),
            Value::Text(text) => query.bind(text),
            Value::Whole(n) => query.bind(n),
            Value::Bytes(bytes) => query.bind(bytes),
        };
    }
    query.execute(connection).await.map_err(broken)?;
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn broken(e: sqlx::Error) -> Error {
    Error::Broken(format!("the database file: {e}"))
}
