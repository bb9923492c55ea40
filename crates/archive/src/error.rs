//! What can go wrong with the archive: what was tried, on what, and what to do. None of it stops the exchange.

use std::fmt;
use std::path::PathBuf;

use exchange::units::Sequence;

/// Why the archive could not be opened, written or read.
#[derive(Debug)]
pub enum ArchiveError {
    /// SQLite refused: a full disk, a damaged file, a missing right.
    Sqlite {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file could not be made or opened.
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file was written by a newer version.
    Newer {
        /// Which file.
        path: PathBuf,
        /// The format it has.
        found: i64,
        /// The newest format this version knows.
        known: i64,
    },
    /// The file holds the history of another venue.
    OtherVenue {
        /// Which file.
        path: PathBuf,
    },
    /// The file is a database, but no archive.
    NotAnArchive {
        /// Which file.
        path: PathBuf,
    },
    /// The file is further than the log: it belongs to another log, or the log was cut short.
    Ahead {
        /// Which file.
        path: PathBuf,
        /// The last entry in the archive.
        archive: Sequence,
        /// The last entry of the log.
        log: Sequence,
    },
    /// Entries are missing before what was fed.
    Gap {
        /// The first entry that is missing: feed from here.
        needs: Sequence,
        /// The first entry of what was fed.
        fed: Sequence,
    },
    /// Events that this version cannot read.
    Events {
        /// In the run that begins with this entry.
        first: Sequence,
        /// What is wrong with them.
        source: minicbor::decode::Error,
    },
    /// What is in the file does not fit the events, or cannot be read as what it should be.
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// The thread that writes could not be started.
    Thread(std::io::Error),
    /// Writing failed before; the text says why.
    Failed(String),
    /// Writing fails for now and is tried again; the text says why. There is no room for more until it succeeds.
    Stalled(String),
    /// All readers are busy.
    Busy,
    /// The archive has been closed.
    Closed,
    /// A text that is no cursor of this list.
    Cursor,
}

impl ArchiveError {
    /// Whether it may pass by itself or by what an operator does while the node runs: a full disk, a right that is missing,
    /// another program that holds the file.
    pub(crate) fn may_pass(&self) -> bool {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure,
        };
        let ArchiveError::Sqlite { source, .. } = self else { return false };
        matches!(
            source.sqlite_error_code(),
            Some(DiskFull | SystemIoFailure | CannotOpen | ReadOnly | PermissionDenied | DatabaseBusy | DatabaseLocked)
        )
    }

    /// Whether the file itself is spoilt, so that no second try can read it: what it held can be rebuilt from the log.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            ArchiveError::Sqlite { source, .. } => {
                matches!(source.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
            }
            ArchiveError::Damaged { .. } => true,
            _ => false,
        }
    }
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArchiveError::Sqlite { doing, path, source } => write!(
                f,
                "archive {}: {doing} failed: {source}; make room or mend the disk, or delete the file, it is rebuilt from the log",
                path.display()
            ),
            ArchiveError::File { path, source } => write!(
                f,
                "archive {} cannot be opened: {source}; name a file in a folder that exists and may be written",
                path.display()
            ),
            ArchiveError::Newer { path, found, known } => write!(
                f,
                "archive {} has format {found}, this version knows up to {known}; run the newer version, or delete the file, it is rebuilt from the log",
                path.display()
            ),
            ArchiveError::OtherVenue { path } => write!(
                f,
                "archive {} belongs to another venue; name another file, or delete this one, it is rebuilt from the log",
                path.display()
            ),
            ArchiveError::NotAnArchive { path } => {
                write!(f, "{} is a database, but no archive of Bayan; name another file", path.display())
            }
            ArchiveError::Ahead { path, archive, log } => write!(
                f,
                "archive {} knows entry {archive}, the log ends with {log}; if this is the right log, delete the archive, it is rebuilt",
                path.display()
            ),
            ArchiveError::Gap { needs, fed } => {
                write!(f, "the archive was fed from entry {fed} and needs {needs} first; feed it again from there")
            }
            ArchiveError::Events { first, source } => write!(
                f,
                "the events of the run from entry {first} cannot be read: {source}; run the version that wrote them"
            ),
            ArchiveError::Damaged { path, what } => {
                write!(f, "archive {}: {what}; delete the file, it is rebuilt from the log", path.display())
            }
            ArchiveError::Thread(source) => write!(f, "the archive's thread cannot be started: {source}"),
            ArchiveError::Failed(text) | ArchiveError::Stalled(text) => f.write_str(text),
            ArchiveError::Busy => f.write_str("all readers of the archive are busy; ask again"),
            ArchiveError::Closed => f.write_str("the archive has been closed"),
            ArchiveError::Cursor => f.write_str("this is no cursor of this list; begin without one"),
        }
    }
}

impl std::error::Error for ArchiveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ArchiveError::Sqlite { source, .. } => Some(source),
            ArchiveError::Events { source, .. } => Some(source),
            ArchiveError::File { source, .. } | ArchiveError::Thread(source) => Some(source),
            _ => None,
        }
    }
}
