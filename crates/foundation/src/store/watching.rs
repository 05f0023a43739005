//! How the database stands: asked again and again, with a real row that is written and read back, so that pages and whoever
//! watches the machine need not ask it themselves and wait.

use std::time::Duration;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, Set, Statement};
use tokio::time::timeout;

use super::Store;
use crate::clock::Instant;
use crate::error::{Away, Error};

/// So long a database may take for the smallest question.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
/// So long the smallest write may wait: an import holds the one writer of SQLite for seconds.
const WRITES_WITHIN: Duration = Duration::from_secs(5);
/// Heartbeats of processes that are gone are kept so long.
const KEPT: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// How the database stood when it was last asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it answers.
    pub reads: Result<(), Away>,
    /// Whether it keeps what it is given.
    pub writes: Result<(), Away>,
}

impl Standing {
    /// All is well.
    pub const WELL: Self = Self { reads: Ok(()), writes: Ok(()) };

    /// What is wrong, the worse first.
    pub fn fault(self) -> Option<Away> {
        self.reads.and(self.writes).err()
    }
}

mod heartbeat {
    //! A process, and when it last wrote.
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "heartbeats")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Asks how the database stands, as the process `id`. Never longer than a few seconds.
pub(crate) async fn ask(store: &Store, id: Uuid, now: Instant) -> Standing {
    let reads = within(ANSWERS_WITHIN, Away::Silent, answers(store)).await;
    if reads.is_err() {
        if let Some(doubt) = &store.doubt {
            doubt.now();
        }
        return Standing { reads, writes: reads };
    }
    let writes = within(WRITES_WITHIN, Away::Locked, beats(store, id, now)).await;
    Standing { reads, writes }
}

async fn within(
    longest: Duration,
    late: Away,
    asked: impl Future<Output = Result<(), Error>>,
) -> Result<(), Away> {
    match timeout(longest, asked).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Error::Away(away))) => Err(away),
        Ok(Err(e)) => {
            tracing::error!(error = %e, "the database was asked how it stands");
            Err(late)
        }
        Err(_) => Err(late),
    }
}

async fn answers(store: &Store) -> Result<(), Error> {
    let ask = Statement::from_string(store.reader.get_database_backend(), "SELECT 1");
    store.reader.query_one_raw(ask).await?;
    Ok(())
}

async fn beats(store: &Store, id: Uuid, now: Instant) -> Result<(), Error> {
    let tx = store.begin().await?;
    let moved = heartbeat::Entity::update_many()
        .col_expr(heartbeat::Column::At, Expr::value(now))
        .filter(heartbeat::Column::Id.eq(id))
        .exec(&tx)
        .await?;
    if moved.rows_affected == 0 {
        heartbeat::Entity::delete_many().filter(heartbeat::Column::At.lt(now - KEPT)).exec(&tx).await?;
        let first = heartbeat::ActiveModel { id: Set(id), at: Set(now) };
        heartbeat::Entity::insert(first).exec_without_returning(&tx).await?;
    }
    store.commit(tx).await?;
    let kept = heartbeat::Entity::find_by_id(id).one(&store.reader).await?;
    if kept.is_none_or(|row| row.at != now) {
        return Err(Error::Broken("what was written just now cannot be read".into()));
    }
    Ok(())
}
