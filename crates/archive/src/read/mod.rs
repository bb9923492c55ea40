//! Reading: a small pool of read-only connections, and one file a subject. Every list is bounded and goes on from a
//! cursor; every read sees whole transactions only.
//!
//! Reads block; an async caller runs them where blocking is allowed.

mod auctions;
mod bids;
mod catalogue;
mod contracts;
mod notices;
mod postings;
mod quotes;
mod trail;

use std::path::PathBuf;
use std::time::{Duration, Instant as Clock};

use parking_lot::{Condvar, Mutex};
use rusqlite::{CachedStatement, Connection, ErrorCode, Params, Row};

use crate::Archive;
use crate::error::ArchiveError;
use crate::schema::{failed, open_reader};
use crate::value::{Column, Sql};

pub use quotes::{CandlesWanted, EXPORT_MAX, TradesWanted};

/// How many rows a page has at the most, whatever was asked for.
pub const LIMIT_MAX: usize = 500;

/// How long a read waits for one of the others to end.
const TURN_WAIT: Duration = Duration::from_secs(2);

/// Connections for reading, opened when they are first needed.
pub(crate) struct Readers {
    path: PathBuf,
    state: Mutex<Pool>,
    returned: Condvar,
}

struct Pool {
    idle: Vec<Connection>,
    /// How many more may go on.
    free: usize,
    closed: bool,
}

impl Readers {
    pub fn new(path: PathBuf, most: usize) -> Self {
        let state = Mutex::new(Pool { idle: Vec::new(), free: most.max(1), closed: false });
        Readers { path, state, returned: Condvar::new() }
    }

    pub fn close(&self) {
        let mut pool = self.state.lock();
        pool.closed = true;
        pool.idle.clear();
        self.returned.notify_all();
    }

    fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, ArchiveError>) -> Result<T, ArchiveError> {
        let until = Clock::now() + TURN_WAIT;
        let mut pool = self.state.lock();
        while pool.free == 0 && !pool.closed {
            if self.returned.wait_until(&mut pool, until).timed_out() {
                return Err(ArchiveError::Busy);
            }
        }
        if pool.closed {
            return Err(ArchiveError::Closed);
        }
        pool.free -= 1;
        let idle = pool.idle.pop();
        drop(pool);

        let turn = Turn(self);
        let conn = match idle {
            Some(conn) => conn,
            None => open_reader(&self.path)?,
        };
        let result = read(&conn);
        turn.give_back(conn);
        result
    }
}

/// A reader's turn; it ends also where reading fails.
struct Turn<'r>(&'r Readers);

impl Turn<'_> {
    fn give_back(self, conn: Connection) {
        let mut pool = self.0.state.lock();
        if !pool.closed {
            pool.idle.push(conn);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.state.lock().free += 1;
        self.0.returned.notify_one();
    }
}

impl Archive {
    /// Runs a read on a connection of the pool. Damage that it finds fails the whole archive.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, ArchiveError>) -> Result<T, ArchiveError> {
        self.intake.refuse_if_over()?;
        let result = self.readers.with(read);
        if let Err(error @ ArchiveError::Sqlite { source, .. }) = &result
            && matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure)
            )
        {
            self.intake.fail(error.to_string());
        }
        result
    }

    /// The rows of a query.
    fn rows<T>(
        &self,
        doing: &'static str,
        sql: &str,
        params: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, ArchiveError> {
        let fail = failed(doing, &self.path);
        self.read(|conn| {
            let mut statement: CachedStatement<'_> = conn.prepare_cached(sql).map_err(&fail)?;
            statement.query_map(params, row).and_then(Iterator::collect).map_err(&fail)
        })
    }
}

/// A column as a value of the exchange.
fn get<T: Column>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    row.get::<_, Sql<T>>(column).map(|value| value.0)
}

/// A column that holds CBOR.
pub(crate) fn get_cbor<T: for<'b> minicbor::Decode<'b, ()>>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let bytes = row.get_ref(column)?.as_blob()?;
    minicbor::decode(bytes).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, Box::new(error))
    })
}

/// A row that is not what it should be.
fn wrong(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Integer, what.into())
}

/// How many rows are read for a page: one more than shown, which tells whether there are more.
fn bounded(limit: usize) -> (usize, i64) {
    let limit = limit.clamp(1, LIMIT_MAX);
    (limit, i64::try_from(limit + 1).expect("a page is small"))
}
