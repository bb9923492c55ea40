//! Backups: a copy of a node's folder that is made while the node runs, and a folder that is made of it again.
//!
//! What a committed entry was written as never changes, so a backup is a store of pieces under the hash of what is in
//! them, and each run adds those that are new: the end of the log, files, and a *set* that names all pieces of one moment.
//! A run that was cut off leaves pieces that no set names; the next one finds them and goes on. Secrets go to a folder of
//! their own, and only as they are now: a person who was forgotten comes back from no backup that was made since.

mod make;
mod restore;
pub(crate) mod set;
#[cfg(test)]
mod tests;

use core::fmt;
use std::io;
use std::path::{Path, PathBuf};

use exchange::units::{Instant, Sequence};

use crate::error::{Damage, StartError};

pub use make::{BackedUp, Backup, backup};
pub use restore::{Restore, Restored, Until, restore};

/// Makes ciphertext of what is kept, or opens it again.
pub type Transform<'t> = &'t dyn Fn(&[u8]) -> io::Result<Vec<u8>>;

/// Why there is no backup, or no folder of it. Each is one line that says what to do.
#[derive(Debug)]
pub enum BackupError {
    /// The folder that is backed up, or made, or its secrets.
    Node(StartError),
    /// The log has no signed head, so nothing says what of it is in order.
    NoHead(PathBuf),
    /// The history of the node is complete only from this entry on.
    Incomplete(Sequence),
    /// Another run has the backup.
    Busy(PathBuf),
    /// The backup is of another venue, of another node, or of another history.
    Other {
        /// The backup.
        path: PathBuf,
        /// Of what it is.
        what: String,
    },
    /// Secrets and data would lie together.
    Together(PathBuf),
    /// The backup was made with encryption and now is asked for without, or the reverse.
    Sealed {
        /// The backup.
        path: PathBuf,
        /// Whether it is encrypted.
        is: bool,
    },
    /// There is no backup.
    Nothing(PathBuf),
    /// What is kept is not what was kept.
    Damaged(Damage),
    /// What is kept cannot be opened.
    Closed {
        /// What.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// Where the folder is to be made there is something.
    NotEmpty(PathBuf),
    /// The backup ends before that.
    Beyond {
        /// The last entry it has.
        last: Sequence,
        /// Its stamp.
        at: Instant,
    },
    /// The first entry is later than that.
    Before,
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackupError::Node(error) => error.fmt(f),
            BackupError::NoHead(path) => {
                let path = path.display();
                write!(f, "{path}: no entry is signed for yet; set the venue up first, then back it up")
            }
            BackupError::Incomplete(from) => write!(
                f,
                "the history of this node is complete from entry {from} on only; back up a node whose history `bayan cluster status` calls whole, or wait until this one's is"
            ),
            BackupError::Busy(path) => {
                write!(f, "{}: another run is backing up to this folder; wait for its end", path.display())
            }
            BackupError::Other { path, what } => {
                write!(f, "{} {what}; name another folder to back up to", path.display())
            }
            BackupError::Together(path) => write!(
                f,
                "{} lies with the data, and whoever has both can read sealed bids; name a folder elsewhere for the secrets",
                path.display()
            ),
            BackupError::Sealed { path, is: true } => {
                write!(f, "{} is encrypted; name the recipients, or the identity that opens it", path.display())
            }
            BackupError::Sealed { path, is: false } => {
                write!(f, "{} is not encrypted; leave recipients and identity away, or name another", path.display())
            }
            BackupError::Nothing(path) => {
                write!(f, "{} holds no backup; name the folder that `bayan backup --to` wrote", path.display())
            }
            BackupError::Damaged(damage) => {
                write!(f, "{damage}; this backup is damaged there: take another copy of it, or an earlier entry")
            }
            BackupError::Closed { path, why } => {
                write!(
                    f,
                    "{} cannot be opened: {why}; name the identity whose recipient it was made for",
                    path.display()
                )
            }
            BackupError::NotEmpty(path) => {
                write!(f, "{} is not empty; name a folder that is, nothing was changed", path.display())
            }
            BackupError::Beyond { last, at } => {
                write!(f, "the backup ends with entry {last} of {at}; name that or an earlier one")
            }
            BackupError::Before => f.write_str("no entry of the backup is as early as that; name a later moment"),
        }
    }
}

impl std::error::Error for BackupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            BackupError::Node(error) => Some(error),
            BackupError::Damaged(damage) => Some(damage),
            BackupError::Closed { why, .. } => Some(why),
            _ => None,
        }
    }
}

impl From<StartError> for BackupError {
    fn from(error: StartError) -> Self {
        BackupError::Node(error)
    }
}

impl From<Damage> for BackupError {
    fn from(damage: Damage) -> Self {
        BackupError::Node(damage.into())
    }
}

/// Where the secrets of a cluster lie in the folder that is kept for secrets.
fn secrets_of(folder: &Path, cluster: crate::cluster::ClusterId) -> PathBuf {
    folder.join(cluster.to_string())
}
