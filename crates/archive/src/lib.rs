//! The archive: what happened, as SQL, for history, statements and reports.
//!
//! One SQLite file, built from the exchange's events alone, in their order, by a thread of its own. It may lag and never
//! makes the exchange wait; what it could not hold it asks to be fed again ([`Archive::behind`]). Its position is
//! written in the same transaction as the rows, so that a file left by a crash goes on where it was, and a file that was
//! deleted is rebuilt from the first entry with the same content ([`Archive::content_hash`]).
//!
//! What is secret or personal never reaches it: no password, login, session or person, and of a sealed bid no price
//! before it is opened. What is true now is not here but in the exchange; what screens show live is in the projection.
#![forbid(unsafe_code)]

mod cursor;
mod dump;
mod error;
mod intake;
mod notices;
mod read;
mod record;
mod schema;
mod scribe;
mod trail;
mod value;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use exchange::Applied;
use exchange::units::{Instant, Sequence};
use parking_lot::Mutex;

pub use cursor::{Cursor, Page};
pub use error::ArchiveError;
pub use intake::{Health, Lag};
pub use notices::{Notice, NoticeKind};
pub use read::{CandlesWanted, EXPORT_MAX, LIMIT_MAX, TradesWanted};
pub use record::{
    Act, ActKind, Approval, Auction, AuctionFilter, Bid, Cancelled, Contract, Counts, Decided, Lot, Member, Order,
    Outcome, Posting, Product, Trade, TrailFilter, TrailLine, Viewer,
};
pub use trail::ACTS as TRAIL_ACTS;

use intake::{Intake, Mark, Stop};
use read::Readers;

/// How an archive is kept.
#[derive(Clone, Debug)]
pub struct Options {
    /// What tells this venue's history from every other's, such as a hash of its log's identity. It is written into
    /// the file, and a file with another one is refused. `None`: not compared.
    pub venue: Option<[u8; 32]>,
    /// How many bytes of runs may wait to be written; beyond it runs are let go by, and the archive is behind.
    pub queue_bytes_max: usize,
    /// How long a transaction is put off at the most, so that many entries share one. Somebody who waits for an entry
    /// ([`Archive::reached`]) is not kept waiting by it.
    pub commit_every: Duration,
    /// How many reads go on at once; one more waits for its turn.
    pub readers: usize,
    /// How long a write that failed is put off before it is tried again: the disk was full, say.
    pub retry_every: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            venue: None,
            queue_bytes_max: 32 << 20,
            commit_every: Duration::from_millis(250),
            readers: 4,
            retry_every: Duration::from_secs(5),
        }
    }
}

/// The archive, open. Dropped without [`Archive::close`] it ends after the transaction that it is in, and what waited is
/// to be fed again.
pub struct Archive {
    path: PathBuf,
    intake: Arc<Intake>,
    readers: Readers,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Archive {
    /// Opens the file with the default [`Options`], made or migrated as needed.
    ///
    /// # Errors
    /// The file cannot be opened, was written by a newer version, or is no archive.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ArchiveError> {
        Self::open_with(path, Options::default())
    }

    /// Opens the file, made or migrated as needed.
    ///
    /// # Errors
    /// As [`Archive::open`]; and the file is of another venue.
    pub fn open_with(path: impl AsRef<Path>, options: Options) -> Result<Self, ArchiveError> {
        let path = path.as_ref().to_owned();
        let (conn, sequence, at) = schema::open(&path, options.venue)?;
        let intake = Intake::new(Mark { sequence, at }, options.queue_bytes_max, options.commit_every);
        let intake = Arc::new(intake);
        let writer = writer::start(conn, path.clone(), Arc::clone(&intake), options.retry_every)?;
        let readers = Readers::new(path.clone(), options.readers);
        Ok(Archive { path, intake, readers, writer: Mutex::new(Some(writer)) })
    }

    /// Opens the file as [`Archive::open_with`]; a damaged one is set aside under another name, said, and begun anew: it
    /// holds nothing that the log has not, and must not keep the exchange from starting.
    ///
    /// # Errors
    /// As [`Archive::open_with`], but for damage; and the damaged file cannot be renamed.
    pub fn open_or_renew(path: impl AsRef<Path>, options: Options) -> Result<Self, ArchiveError> {
        let path = path.as_ref();
        match Archive::open_with(path, options.clone()) {
            Err(error) if error.is_damage() => {
                let aside = set_aside(path)?;
                tracing::warn!("{error}; it was set aside as {} and is rebuilt from the log", aside.display());
                Archive::open_with(path, options)
            }
            opened => opened,
        }
    }

    /// Says where the log ends, before anything is fed. From then on [`Archive::behind`] tells what is missing.
    ///
    /// # Errors
    /// [`ArchiveError::Ahead`]: the archive knows entries that the log has not.
    pub fn begin(&self, log: Sequence, at: Instant) -> Result<(), ArchiveError> {
        let archive = self.position();
        if archive > log {
            return Err(ArchiveError::Ahead { path: self.path.clone(), archive, log });
        }
        self.intake.hear(Mark { sequence: log, at });
        Ok(())
    }

    /// Takes the next run in, from the exchange's own thread: it never waits. What is written already is skipped, also
    /// where it is part of the run. A run that leaves a gap, or that there is no room for, is let go by: then
    /// [`Archive::behind`] says from where to feed again.
    pub fn push(&self, run: Arc<Applied>) {
        self.intake.push(run);
    }

    /// Takes the next run in, from a thread that catches up: it waits until there is room.
    ///
    /// # Errors
    /// [`ArchiveError::Gap`] says what is missing before it; [`ArchiveError::Stalled`] that there is no room and writing
    /// fails for now: feed it again later; [`ArchiveError::Failed`] and [`ArchiveError::Closed`] that
    /// nothing is taken in any more.
    pub fn feed(&self, run: Arc<Applied>) -> Result<(), ArchiveError> {
        self.intake.feed(run)
    }

    /// Says why the one who feeds cannot, so that [`Archive::health`] tells; `None`: it can again.
    pub fn tell_unfed(&self, why: Option<String>) {
        self.intake.tell_unfed(why);
    }

    /// The last entry that is written.
    #[must_use]
    pub fn position(&self) -> Sequence {
        self.intake.position().sequence
    }

    /// The first entry that was let go by, or is in the log and was never fed; `None`: nothing is missing.
    #[must_use]
    pub fn behind(&self) -> Option<Sequence> {
        self.intake.behind()
    }

    /// How far it is behind the newest entry that it has heard of.
    #[must_use]
    pub fn lag(&self) -> Lag {
        self.intake.lag()
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        self.intake.health()
    }

    /// Waits until an entry is written; false where that does not come about in time, or not any more.
    pub async fn reached(&self, sequence: Sequence, timeout: Duration) -> bool {
        let mut progress = self.intake.want(sequence);
        let waited = progress.wait_for(|progress| progress.written >= sequence || progress.over);
        match tokio::time::timeout(timeout, waited).await {
            Ok(Ok(progress)) => progress.written >= sequence,
            Ok(Err(_)) | Err(_) => false,
        }
    }

    /// Waits until something behind an entry is written, without hurrying that; `None`: nothing will be any more.
    pub async fn passed(&self, sequence: Sequence) -> Option<Sequence> {
        let mut progress = self.intake.watch();
        let passed = progress.wait_for(|progress| progress.written > sequence || progress.over).await;
        passed.ok().map(|progress| progress.written).filter(|written| *written > sequence)
    }

    /// As [`Archive::reached`], for threads that may block.
    #[must_use]
    pub fn reached_blocking(&self, sequence: Sequence, timeout: Duration) -> bool {
        self.intake.wait(sequence, timeout)
    }

    /// Writes what was taken in and closes the file. Reads are refused from then on. Closed again, it only waits.
    ///
    /// # Errors
    /// [`ArchiveError::Failed`]: it has failed, before or now.
    pub fn close(&self) -> Result<(), ArchiveError> {
        self.end(Stop::Drained);
        match self.health() {
            Health::Failed(text) => Err(ArchiveError::Failed(text)),
            Health::Following | Health::Behind(_) | Health::Stalled(_) | Health::Closed => Ok(()),
        }
    }

    fn end(&self, how: Stop) {
        self.intake.stop(how);
        let mut writer = self.writer.lock();
        if let Some(thread) = writer.take()
            && thread.join().is_err()
        {
            self.intake.fail("the archive's thread has panicked; start the node again".to_owned());
        }
        self.readers.close();
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        self.end(Stop::Now);
    }
}

/// Renames a file, and what SQLite keeps beside it, to the first name that is free.
fn set_aside(path: &Path) -> Result<PathBuf, ArchiveError> {
    let with = |path: &Path, ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let aside = (1..).map(|n| with(path, &format!(".damaged-{n}"))).find(|name| !name.exists());
    let aside = aside.expect("numbers do not end");
    for ending in ["", "-wal", "-shm"] {
        let from = with(path, ending);
        match std::fs::rename(&from, with(&aside, ending)) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(ArchiveError::File { path: from, source });
            }
            _ => {}
        }
    }
    Ok(aside)
}
