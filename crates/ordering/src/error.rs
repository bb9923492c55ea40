//! What can go wrong, in words that say what to do.

use core::fmt;
use std::io;
use std::path::{Path, PathBuf};

use exchange::units::Sequence;

/// Why a command has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// Surely nothing was done; ask again later (503).
    Refused(String),
    /// Surely nothing was done: nobody leads just now, or this node does not; ask again in a moment (503).
    Leaderless(String),
    /// It may have been done; ask again with the same key (504 `outcome_unknown`).
    Unknown(String),
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unavailable::Refused(why) | Unavailable::Leaderless(why) => write!(f, "not accepted: {why}"),
            Unavailable::Unknown(why) => write!(f, "the outcome is unknown: {why}"),
        }
    }
}

impl std::error::Error for Unavailable {}

/// Something on the disk is not what was written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// Where in the file, in bytes from its beginning.
    pub offset: u64,
    /// What is wrong.
    pub what: String,
}

impl Damage {
    pub(crate) fn new(file: &Path, offset: u64, what: impl Into<String>) -> Self {
        Damage { file: file.to_owned(), offset, what: what.into() }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", self.file.display(), self.offset, self.what)
    }
}

impl std::error::Error for Damage {}

/// What is said of a missing head, after its path.
pub(crate) const HEAD_MISSING: &str = "the last signed head is missing, though the log has entries, so nobody can tell \
     whether the log was cut; restore it from a backup or another node, or accept the log as it is with \
     --accept-missing-head";

/// What is said of missing marks, after their path.
pub(crate) const ENGINE_MISSING: &str = "the engine's marks are missing, though the engine has written to the log; restore \
     this file together with the log, or go on from the log alone with --accept-missing-engine";

/// Why a node does not start. Each is one line that says what to do.
#[derive(Debug)]
pub enum StartError {
    /// Another process has the folder.
    Locked(PathBuf),
    /// The folder's parts belong to different clusters.
    OtherCluster {
        /// What was looked at.
        path: PathBuf,
        /// The cluster it names.
        found: String,
        /// The cluster of the data folder.
        expected: String,
    },
    /// A secret that the venue had at its first start is gone.
    SecretMissing(PathBuf),
    /// Written by a later version.
    Newer {
        /// The file.
        path: PathBuf,
        /// The format's version in it.
        version: u32,
        /// The newest version that is understood.
        known: u32,
    },
    /// The log or another file is damaged.
    Damage(Damage),
    /// The log ends before the entry that the last signed head covers.
    HistoryShort {
        /// The log's folder.
        path: PathBuf,
        /// The last entry that is there.
        last: Sequence,
        /// The last entry that was signed for.
        signed: Sequence,
    },
    /// The last signed head is gone, though the log has entries.
    HeadMissing(PathBuf),
    /// The engine's marks are gone, though the log has records of its terms.
    EngineMissing(PathBuf),
    /// The log, re-executed, does not give what was signed.
    HistoryDiffers {
        /// The log's folder.
        path: PathBuf,
        /// Where they differ.
        sequence: Sequence,
        /// In what they differ.
        what: String,
    },
    /// A setting that cannot be.
    Setting(String),
    /// The disk said no.
    Disk {
        /// What was tried on it.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// The engine did not come up.
    Engine(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Locked(path) => write!(
                f,
                "{} is in use by another node; stop that one first or name another data folder",
                path.display()
            ),
            StartError::OtherCluster { path, found, expected } => write!(
                f,
                "{} belongs to cluster {found}, not to {expected}; name the folders that belong together",
                path.display()
            ),
            StartError::SecretMissing(path) => write!(
                f,
                "{} is missing, and without it the log cannot be read in full; restore the secrets folder of this venue",
                path.display()
            ),
            StartError::Newer { path, version, known } => write!(
                f,
                "{} was written by a newer version (format {version}, this program knows up to {known}); start the newer program",
                path.display()
            ),
            StartError::Damage(damage) => {
                write!(f, "{damage}; restore this file from a backup or another node, nothing was changed")
            }
            StartError::HistoryShort { path, last, signed } => write!(
                f,
                "{} ends with entry {last}, but a head was signed for entry {signed}; restore the missing segments, nothing was changed",
                path.display()
            ),
            StartError::HeadMissing(path) => write!(f, "{}: {HEAD_MISSING}, nothing was changed", path.display()),
            StartError::EngineMissing(path) => write!(f, "{}: {ENGINE_MISSING}, nothing was changed", path.display()),
            StartError::HistoryDiffers { path, sequence, what } => write!(
                f,
                "{} does not give what was signed for entry {sequence}: {what}; restore the log from a backup or another node; no whole entry was changed, but this start has cut a torn end, if there was one, and added its vote and an empty record",
                path.display()
            ),
            StartError::Setting(what) => f.write_str(what),
            StartError::Disk { path, error } => {
                write!(
                    f,
                    "{}: {error}; make the folder readable and writable and see that the disk is not full",
                    path.display()
                )
            }
            StartError::Engine(what) => write!(f, "the consensus engine did not start: {what}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::Damage(damage) => Some(damage),
            StartError::Disk { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<Damage> for StartError {
    fn from(damage: Damage) -> Self {
        StartError::Damage(damage)
    }
}

/// Remembers on what the disk said no.
pub(crate) trait OnPath<T> {
    fn on(self, path: &Path) -> Result<T, StartError>;
}

impl<T> OnPath<T> for io::Result<T> {
    fn on(self, path: &Path) -> Result<T, StartError> {
        self.map_err(|error| StartError::Disk { path: path.to_owned(), error })
    }
}
