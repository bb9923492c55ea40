//! The bytes of files, beside the log: `DATA/files/ab/abcd…`, each under the SHA-256 of its bytes.
//!
//! One seam: what keeps files for the house is [`Files`] and nothing else. A file is written beside, synced, renamed, and
//! its folder synced, before the command that names it is put in order; so what the log names is there. In a cluster this
//! is where a file becomes durable on a majority before its command is proposed.
//!
//! What the log does not name is removed when its command is refused, and what a crash left at the next start. Who asks
//! holds a file from before it is looked for until its command is decided, so that nothing is removed that somebody is
//! about to name.

mod check;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use exchange::files::FileHash;
use minicbor::bytes::ByteArray;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::disk::{Disk, SyncPoint, create_folder, put, read_all};
use crate::error::{Damage, StartError};

pub(crate) use check::{all, check, sweep};

/// What the bytes of a file are called everywhere: their SHA-256.
#[must_use]
pub fn file_hash(bytes: &[u8]) -> FileHash {
    ByteArray::from(<[u8; 32]>::from(Sha256::digest(bytes)))
}

/// Why a file cannot be given.
#[derive(Debug)]
pub enum FileUnread {
    /// It is not there, though the log names it, or its bytes are not those that the log names.
    Damaged(Damage),
    /// The disk said no.
    Disk(PathBuf, io::Error),
    /// The log names it no more: it was let go of while it was asked for.
    Gone,
}

impl core::fmt::Display for FileUnread {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            FileUnread::Damaged(damage) => write!(f, "{damage}; restore this file from a backup or another node"),
            FileUnread::Disk(path, error) => write!(f, "{}: {error}", path.display()),
            FileUnread::Gone => f.write_str("the file was let go of"),
        }
    }
}

impl std::error::Error for FileUnread {}

/// The files of a data folder; cheap to clone, all clones are the same.
#[derive(Clone)]
pub(crate) struct Files(Arc<Inner>);

struct Inner {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    reserve_bytes: u64,
    /// How many are about to name a file, and so need it.
    held: Mutex<HashMap<FileHash, u32>>,
    /// One file is written at a time: together they would only keep each other, and the log, from the disk.
    writing: Mutex<()>,
    /// What the log names and is not there as it should be.
    damaged: Mutex<BTreeSet<FileHash>>,
    written: AtomicU64,
}

/// A file that somebody is about to name. It stays while this lives.
pub(crate) struct Hold {
    files: Files,
    hash: FileHash,
}

impl Hold {
    pub(crate) const fn hash(&self) -> FileHash {
        self.hash
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut held = self.files.0.held.lock();
        let count = held.get_mut(&self.hash).expect("who holds a file is counted");
        *count -= 1;
        if *count == 0 {
            held.remove(&self.hash);
        }
    }
}

impl Files {
    /// The files in a folder, which is made where there is none. `reserve_bytes` stay free on the disk for the log.
    pub(crate) fn open(disk: Arc<dyn Disk>, folder: PathBuf, reserve_bytes: u64) -> io::Result<Self> {
        create_folder(&*disk, &folder)?;
        Ok(Files(Arc::new(Inner {
            disk,
            folder,
            reserve_bytes,
            held: Mutex::default(),
            writing: Mutex::default(),
            damaged: Mutex::default(),
            written: AtomicU64::new(0),
        })))
    }

    /// Holds a file that is there, or is about to be.
    pub(crate) fn hold(&self, hash: FileHash) -> Hold {
        *self.0.held.lock().entry(hash).or_insert(0) += 1;
        Hold { files: self.clone(), hash }
    }

    /// Makes bytes durable under their hash, and holds them.
    pub(crate) fn put(&self, bytes: &[u8]) -> io::Result<Hold> {
        let Inner { disk, folder, .. } = &*self.0;
        let hold = self.hold(file_hash(bytes));
        let path = path_of(folder, &hold.hash);
        let below = path.parent().expect("a file lies in a folder");
        let _one = self.0.writing.lock();
        create_folder(&**disk, below)?;
        // What is there may have its name from a process that died before the name was kept, and may have rotted since.
        let there = read_all(&**disk, &path)?.is_some_and(|found| found == bytes);
        if !there {
            self.judge_room(bytes.len() as u64)?;
            if let Err(error) = put(&**disk, &path, bytes, SyncPoint::FileData) {
                self.clear_away(&path.with_extension(BESIDE));
                return Err(error);
            }
            self.0.written.fetch_add(1, Ordering::Relaxed);
        }
        if let Err(error) = disk.sync_folder(below, SyncPoint::FileName) {
            // A sync that failed proves nothing when it is asked for again, so the file is to be written again too.
            if !there {
                self.clear_away(&path);
            }
            return Err(error);
        }
        self.0.damaged.lock().remove(&hold.hash);
        Ok(hold)
    }

    /// A file must not take the room that the log needs to go on.
    fn judge_room(&self, bytes: u64) -> io::Result<()> {
        let free = self.0.disk.free_bytes(&self.0.folder)?;
        if free < bytes.saturating_add(self.0.reserve_bytes) {
            return Err(io::Error::new(
                io::ErrorKind::StorageFull,
                format!("{free} bytes are free, and {} are kept for the log", self.0.reserve_bytes),
            ));
        }
        Ok(())
    }

    /// Takes away what is of no use; where that cannot be, the next start does it.
    fn clear_away(&self, path: &Path) {
        let gone = self.0.disk.exists(path).and_then(|there| if there { self.0.disk.remove(path) } else { Ok(()) });
        if let Err(error) = gone {
            tracing::warn!("{}: {error}; nothing names this file, and the next start removes it", path.display());
        }
    }

    /// Lets go of a hold, and of the file where nobody else holds it and nothing names it.
    pub(crate) fn release(&self, hold: Hold, is_named: impl FnOnce(&FileHash) -> bool) {
        let hash = hold.hash;
        let held = self.0.held.lock();
        if held.get(&hash) == Some(&1) && !is_named(&hash) {
            self.clear_away(&path_of(&self.0.folder, &hash));
            self.0.damaged.lock().remove(&hash);
        }
        drop(held);
        drop(hold);
    }

    /// The bytes under this hash. They are the right ones: others are not given.
    pub(crate) fn read(
        &self,
        hash: &FileHash,
        is_named: impl FnOnce(&FileHash) -> bool,
    ) -> Result<Vec<u8>, FileUnread> {
        let path = path_of(&self.0.folder, hash);
        let found = read_all(&*self.0.disk, &path).map_err(|error| FileUnread::Disk(path.clone(), error))?;
        check::judge(&path, hash, found).map_err(|damage| {
            // Whoever lets it go takes the same lock, and looks after the log has let it go.
            let _held = self.0.held.lock();
            if !is_named(hash) {
                return FileUnread::Gone;
            }
            self.0.damaged.lock().insert(*hash);
            FileUnread::Damaged(damage)
        })
    }

    /// What is there, by its names alone.
    pub(crate) fn all(&self) -> Result<Vec<FileHash>, StartError> {
        all(&*self.0.disk, &self.0.folder)
    }

    /// Whether there is a file under this hash, by its name alone.
    pub(crate) fn is_there(&self, hash: &FileHash) -> bool {
        self.0.disk.exists(&path_of(&self.0.folder, hash)).unwrap_or(false)
    }

    /// How many that the log names were found missing or altered, and are not there anew.
    pub(crate) fn damaged(&self) -> u64 {
        self.0.damaged.lock().len() as u64
    }

    /// How many were written.
    pub(crate) fn written(&self) -> u64 {
        self.0.written.load(Ordering::Relaxed)
    }
}

/// What is being written has this ending until it is whole.
const BESIDE: &str = "new";

fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Where a file lies.
pub(crate) fn path_of(folder: &Path, hash: &FileHash) -> PathBuf {
    let name = hex(&**hash);
    folder.join(&name[..2]).join(name)
}
