//! The store itself: its connections, its clock, its source of ids.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Id;
use domain::agenda::Agenda;
use domain::time::Clock;
use migrations::{Migrator, MigratorTrait};
use moka::sync::Cache;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::error::Fault;
use crate::participant_link::LinkKey;
use crate::random::Random;
use crate::storage::Storage;

/// How many agenda items of published versions are kept at hand, with all that belongs to them.
const KEPT_ITEMS: u64 = 50_000;

/// What the store needs to begin.
#[derive(Debug)]
pub struct Connect {
    /// `sqlite://path/to/file.db` or `postgres://…`.
    pub url: String,
    /// The most connections kept for reading (SQLite) or for everything (PostgreSQL).
    pub connections: u32,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where the random part of ids and secrets comes from.
    pub random: Arc<dyn Random>,
    /// What the links of attendees are computed with; if nothing is said, a key that is made once and
    /// kept in the database.
    pub link_key: Option<LinkKey>,
    /// Where documents and pictures are kept; if nothing is said, in the database.
    pub storage: Option<Storage>,
}

/// Every event of every workspace, and all that belongs to them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// SQLite: a pool of readers. PostgreSQL: the one pool.
    read: DatabaseConnection,
    /// SQLite: the one writer. PostgreSQL: the one pool.
    write: DatabaseConnection,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    statements: Arc<AtomicU64>,
    /// The last id that was minted: its millisecond, and its count within it.
    minted: AtomicU64,
    /// How many may write, or wait to write, at the same time: those who read have the rest of the
    /// connections.
    writers: Arc<Semaphore>,
    /// What stood in published versions, by their ids: it never changes.
    versions: Cache<Uuid, Arc<Agenda>>,
    /// What the links of attendees are computed with, once it is known.
    link_key: OnceCell<LinkKey>,
    storage: Option<Storage>,
}

impl Store {
    /// Opens the database. SQLite makes the file if there is none.
    pub async fn connect(connect: Connect) -> Result<Self, Fault> {
        let statements = Arc::new(AtomicU64::new(0));
        let in_memory = connect.url.contains(":memory:") || connect.url.contains("mode=memory");
        let (read, write) = if connect.url.starts_with("sqlite:") && in_memory {
            // Readers and the writer would each have a database of their own.
            return Err(Fault::UnknownDatabase("sqlite::memory:".to_owned()));
        } else if connect.url.starts_with("sqlite:") {
            // The writer comes first: it makes the file and sets it to write-ahead logging.
            let write = open(sqlite(&connect.url, 1), &statements).await?;
            (
                open(sqlite(&connect.url, connect.connections), &statements).await?,
                write,
            )
        } else if connect.url.starts_with("postgres:") || connect.url.starts_with("postgresql:") {
            let mut options = ConnectOptions::new(&connect.url);
            options
                .max_connections(connect.connections)
                .acquire_timeout(Duration::from_secs(10))
                .sqlx_logging(false);
            let pool = open(options, &statements).await?;
            (pool.clone(), pool)
        } else {
            // What is no URL is not repeated: it may hold a password all the same.
            let scheme = connect.url.split_once("://").map(|(scheme, _)| scheme);
            let named = scheme.map_or("…".to_owned(), |scheme| format!("{scheme}://…"));
            return Err(Fault::UnknownDatabase(named));
        };
        let writers = usize::try_from(connect.connections / 2).unwrap_or(1).max(1);
        Ok(Self(Arc::new(Inner {
            read,
            write,
            clock: connect.clock,
            random: connect.random,
            statements,
            minted: AtomicU64::new(0),
            writers: Arc::new(Semaphore::new(writers)),
            versions: Cache::builder()
                .max_capacity(KEPT_ITEMS)
                .weigher(|_, agenda: &Arc<Agenda>| weight(agenda))
                .build(),
            link_key: OnceCell::new_with(connect.link_key),
            storage: connect.storage,
        })))
    }

    /// Brings the database to the shape that this program needs.
    pub async fn migrate(&self) -> Result<(), Fault> {
        Migrator::up(&self.0.write, None).await?;
        self.freeze_what_was_published().await
    }

    /// How many steps the database is behind this program. Looks and changes nothing: who serves
    /// needs no right to make tables.
    pub async fn pending_migrations(&self) -> Result<usize, Fault> {
        self.ping().await?;
        let steps = Migrator::migrations();
        let query = "SELECT version FROM seaql_migrations";
        let statement = Statement::from_string(self.backend(), query);
        // Without the table there was never a step.
        let done: HashSet<String> = match self.0.read.query_all_raw(statement).await {
            Ok(rows) => rows
                .iter()
                .map(|row| row.try_get("", "version"))
                .collect::<Result<_, _>>()?,
            Err(_no_table) => HashSet::new(),
        };
        let pending = steps.iter().filter(|step| !done.contains(step.name()));
        Ok(pending.count())
    }

    /// Where documents and pictures are kept, if not in the database.
    pub fn storage(&self) -> Option<&Storage> {
        self.0.storage.as_ref()
    }

    /// Whether the database is a file of this program's own, which no other node shares.
    pub fn is_embedded(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), Fault> {
        let backend = self.backend();
        self.0
            .read
            .execute_raw(Statement::from_string(backend, "SELECT 1"))
            .await?;
        Ok(())
    }

    /// How many statements the store has sent so far, for those who count them.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// The instant that this store takes for now.
    pub fn now(&self) -> DateTime<Utc> {
        // Both databases keep microseconds: a fact is the same before and after it was stored.
        chrono::SubsecRound::trunc_subsecs(self.0.clock.now(), 6)
    }

    /// Mints an id. Those of one store sort in the order in which they were minted, so that what
    /// was entered first comes first, also within one millisecond.
    pub(crate) fn mint<K>(&self) -> Result<Id<K>, Fault> {
        let mut random = [0; 8];
        self.0.random.fill(&mut random)?;
        let millis = u64::try_from(self.0.clock.now().timestamp_millis()).unwrap_or_default();
        // The millisecond and twelve bits of count. When the count is full, or the clock goes
        // back, the next millisecond is borrowed.
        let next = |last: u64| Some((last + 1).max(millis << 12));
        let (Ok(last) | Err(last)) =
            self.0
                .minted
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        let minted = next(last).unwrap_or(last);
        let count = u16::try_from(minted & 0x0fff).unwrap_or_default();
        Ok(Id::mint(minted >> 12, count, random))
    }

    /// Sees to it that what is minted from now on sorts behind an id that another node minted.
    pub(crate) fn mint_above<K>(&self, id: Id<K>) {
        let (high, _) = id.uuid().as_u64_pair();
        // The millisecond, the version, and twelve bits of count (RFC 9562, section 5.7).
        let minted = (high >> 16 << 12) | (high & 0x0fff);
        self.0.minted.fetch_max(minted, Ordering::Relaxed);
    }

    /// Makes a secret of 32 random bytes.
    pub(crate) fn secret(&self) -> Result<[u8; 32], Fault> {
        let mut random = [0; 32];
        self.0.random.fill(&mut random)?;
        Ok(random)
    }

    /// The connection to read with, outside of any transaction.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.0.read
    }

    /// The connection that transactions begin on.
    pub(crate) fn write(&self) -> &DatabaseConnection {
        &self.0.write
    }

    /// A turn to write, held until it is dropped.
    pub(crate) async fn turn_to_write(&self) -> Result<OwnedSemaphorePermit, Fault> {
        let turn = Arc::clone(&self.0.writers).acquire_owned().await;
        // Nobody closes it.
        turn.map_err(|closed| Fault::Random(closed.to_string()))
    }

    /// What stood in published versions, as far as there was room to keep it.
    pub(crate) fn kept_versions(&self) -> &Cache<Uuid, Arc<Agenda>> {
        &self.0.versions
    }

    pub(crate) fn link_key(&self) -> &OnceCell<LinkKey> {
        &self.0.link_key
    }

    /// Which of the two databases it is.
    pub(crate) fn backend(&self) -> DbBackend {
        self.0.read.get_database_backend()
    }
}

fn weight(agenda: &Agenda) -> u32 {
    u32::try_from(agenda.items().len().saturating_add(1)).unwrap_or(u32::MAX)
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let url = if url.contains("mode=") {
        url.to_owned()
    } else {
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}mode=rwc")
    };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(SqliteJournalMode::Wal)
                // What was acknowledged survives a power cut.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
        });
    options
}

async fn open(
    options: ConnectOptions,
    statements: &Arc<AtomicU64>,
) -> Result<DatabaseConnection, Fault> {
    let mut connection = Database::connect(options).await?;
    let statements = Arc::clone(statements);
    connection.set_metric_callback(move |_statement| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    Ok(connection)
}
