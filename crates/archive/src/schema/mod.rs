//! The file: its format, its migrations, and whether it is ours to open.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use exchange::units::{Instant, Sequence};
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::error::ArchiveError;
use crate::value::Sql;

/// What each format adds to the one before; the place of a step, from 1, is the format it leads to. A step that was
/// released is never changed.
pub(crate) const MIGRATIONS: [&str; 7] = [
    include_str!("v1.sql"),
    include_str!("v2.sql"),
    include_str!("v3.sql"),
    include_str!("v4.sql"),
    include_str!("v5.sql"),
    include_str!("v6.sql"),
    include_str!("v7.sql"),
];

/// The newest format.
pub(crate) const FORMAT: i64 = MIGRATIONS.len() as i64;

/// "Byan": how a file says that it is an archive of Bayan.
pub(crate) const APPLICATION: i64 = 0x4279_616e;

/// How long a lock of another connection is waited for: a reader that recovers the write-ahead log holds one briefly.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Pages of the write-ahead log between two checkpoints: 2 MiB. Each checkpoint syncs twice, on the disk that the log of
/// the exchange syncs on too, and a bid that meets one waits for all of its pages: many short ones delay no bid for long.
const CHECKPOINT_PAGES: i64 = 512;

/// Pages that the writer keeps in memory, in KiB, written as SQLite wants it: below zero.
const WRITER_CACHE_KIB: i64 = -16 * 1024;

/// Maps an error of SQLite to what was tried on which file.
pub(crate) fn failed<'p>(doing: &'static str, path: &'p Path) -> impl Fn(rusqlite::Error) -> ArchiveError + 'p {
    move |source| ArchiveError::Sqlite { doing, path: path.to_owned(), source }
}

/// Opens the file for writing, made or migrated as needed, and reads how far it is.
pub(crate) fn open(path: &Path, venue: Option<[u8; 32]>) -> Result<(Connection, Sequence, Instant), ArchiveError> {
    create(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags).map_err(failed("opening", path))?;
    conn.busy_timeout(LOCK_WAIT).map_err(failed("opening", path))?;
    let format = format_of(&conn, path)?;
    tune(&conn).map_err(failed("opening", path))?;
    migrate(&mut conn, format).map_err(failed("migrating", path))?;
    claim(&conn, path, venue)?;
    let (position, at) = position(&conn, path)?;
    Ok((conn, position, at))
}

/// The last entry that is written, and its stamp.
pub(crate) fn position(conn: &Connection, path: &Path) -> Result<(Sequence, Instant), ArchiveError> {
    conn.query_row("SELECT position, at FROM archive", [], |row| {
        Ok((row.get::<_, Sql<Sequence>>(0)?.0, row.get::<_, Sql<Instant>>(1)?.0))
    })
    .map_err(failed("reading its position", path))
}

/// Opens the file for reading.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, ArchiveError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(failed("opening for reading", path))?;
    conn.busy_timeout(LOCK_WAIT).map_err(failed("opening for reading", path))?;
    Ok(conn)
}

/// What members paid and bid is not for every user of the machine: only the node's own may read the file. SQLite gives
/// its side files the same rights.
fn create(path: &Path) -> Result<(), ArchiveError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|source| ArchiveError::File { path: path.to_owned(), source })
}

/// The format of the file, 0 where it is new; refuses what is not ours to open, before anything is written.
fn format_of(conn: &Connection, path: &Path) -> Result<i64, ArchiveError> {
    let number = |sql| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(failed("opening", path));
    let (application, format) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    if application != APPLICATION {
        let is_new = application == 0 && format == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0;
        return if is_new { Ok(0) } else { Err(ArchiveError::NotAnArchive { path: path.to_owned() }) };
    }
    if format > FORMAT {
        return Err(ArchiveError::Newer { path: path.to_owned(), found: format, known: FORMAT });
    }
    Ok(format)
}

/// `synchronous = NORMAL` syncs at checkpoints only: a power loss may undo the last transactions, each with its
/// position, and what is missing is fed again.
fn tune(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
    conn.query_row(&format!("PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}"), [], |_| Ok(()))
}

/// Brings the file to the newest format, whole or not at all.
fn migrate(conn: &mut Connection, format: i64) -> rusqlite::Result<()> {
    let steps = MIGRATIONS.iter().skip(usize::try_from(format).unwrap_or(0));
    if steps.len() == 0 {
        return Ok(());
    }
    let transaction = conn.transaction()?;
    for step in steps {
        transaction.execute_batch(step)?;
    }
    transaction.execute(
        "INSERT INTO archive (only, position, at) VALUES (1, 0, ?1) ON CONFLICT DO NOTHING",
        [Sql(Instant::MIN)],
    )?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// Writes whose history this is, or finds that it is another's.
fn claim(conn: &Connection, path: &Path, venue: Option<[u8; 32]>) -> Result<(), ArchiveError> {
    let Some(venue) = venue else { return Ok(()) };
    let known: Option<Option<Vec<u8>>> = conn
        .query_row("SELECT venue FROM archive", [], |row| row.get(0))
        .optional()
        .map_err(failed("reading its venue", path))?;
    match known.flatten() {
        Some(known) if known == venue => Ok(()),
        Some(_) => Err(ArchiveError::OtherVenue { path: path.to_owned() }),
        None => {
            conn.execute("UPDATE archive SET venue = ?1", [venue]).map(drop).map_err(failed("writing its venue", path))
        }
    }
}
