//! The disk's seam. Production stands on [`RealDisk`], tests on `sim::SimDisk`; both run the same writer and recovery.
//!
//! Whatever must outlast a power loss passes a sync, and every place in the code that asks for one has a name
//! ([`SyncPoint`]), so that a test can leave out exactly that one and see the loss.

mod real;

use std::io;
use std::path::Path;
use std::sync::Arc;

pub use real::RealDisk;

/// A place in the code that asks the disk to keep what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SyncPoint {
    /// The name of a new folder.
    FolderName,
    /// A new segment: its header and its zeros, before it has its name.
    SegmentData,
    /// The name of a new segment.
    SegmentName,
    /// What was appended to the log, before anyone is answered.
    Append,
    /// What recovery has read, before anyone builds on it: the process before may have died between write and sync.
    Recovered,
    /// The zeros where a truncation took entries away.
    TruncatedData,
    /// The removal of whole segments by a truncation.
    TruncatedName,
    /// Vote and marks of the engine.
    EngineData,
    /// Their name.
    EngineName,
    /// A snapshot.
    SnapshotData,
    /// Its name.
    SnapshotName,
    /// A signed head.
    HeadData,
    /// Its name.
    HeadName,
    /// Which cluster the folder belongs to. Its name is kept with those of the folders made right after it.
    ClusterData,
    /// A secret that was made at the first start.
    SecretData,
    /// Its name.
    SecretName,
    /// A new key of a person.
    PersonAdded,
    /// The zeros where a person's key was.
    PersonForgotten,
    /// A file that somebody keeps, before it has its name.
    FileData,
    /// Its name.
    FileName,
    /// What a backup keeps.
    BackupData,
    /// Its name.
    BackupName,
    /// Records from before a log's base, fetched from another node.
    OlderData,
    /// The name of their segment.
    OlderName,
}

impl SyncPoint {
    /// Every place.
    pub const ALL: [SyncPoint; 24] = [
        SyncPoint::FolderName,
        SyncPoint::SegmentData,
        SyncPoint::SegmentName,
        SyncPoint::Append,
        SyncPoint::Recovered,
        SyncPoint::TruncatedData,
        SyncPoint::TruncatedName,
        SyncPoint::EngineData,
        SyncPoint::EngineName,
        SyncPoint::SnapshotData,
        SyncPoint::SnapshotName,
        SyncPoint::HeadData,
        SyncPoint::HeadName,
        SyncPoint::ClusterData,
        SyncPoint::SecretData,
        SyncPoint::SecretName,
        SyncPoint::PersonAdded,
        SyncPoint::PersonForgotten,
        SyncPoint::FileData,
        SyncPoint::FileName,
        SyncPoint::BackupData,
        SyncPoint::BackupName,
        SyncPoint::OlderData,
        SyncPoint::OlderName,
    ];
}

/// Files by path.
pub trait Disk: Send + Sync {
    /// Makes a folder; the one above it must exist. A folder that is there already is fine.
    ///
    /// # Errors
    /// What the disk says.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes a file that is not there yet, for its owner alone (mode 0600).
    ///
    /// # Errors
    /// It exists, or what the disk says.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>>;
    /// Opens a file to read and write.
    ///
    /// # Errors
    /// It does not exist, or what the disk says.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>>;
    /// The names in a folder, in order.
    ///
    /// # Errors
    /// What the disk says.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Whether there is a file or a folder.
    ///
    /// # Errors
    /// What the disk says.
    fn exists(&self, path: &Path) -> io::Result<bool>;
    /// Gives a file another name; a file that had it is replaced.
    ///
    /// # Errors
    /// What the disk says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file's name away.
    ///
    /// # Errors
    /// What the disk says.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Returns once the names in a folder are kept.
    ///
    /// # Errors
    /// What the disk says; the names may be lost.
    fn sync_folder(&self, folder: &Path, point: SyncPoint) -> io::Result<()>;
    /// Takes a folder for this process alone, until the lock is dropped. `None`: another has it.
    ///
    /// # Errors
    /// What the disk says.
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>>;
    /// How many bytes can still be written to the disk of this folder.
    ///
    /// # Errors
    /// What the disk says.
    fn free_bytes(&self, folder: &Path) -> io::Result<u64>;
}

/// A folder taken for this process alone while it lives.
pub trait Lock: Send + Sync {}

/// An open file.
pub trait File: Send + Sync {
    /// Writes all of the bytes at a place.
    ///
    /// # Errors
    /// What the disk says; some of the bytes may be there.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Reads into the buffer as far as the file goes; says how many bytes.
    ///
    /// # Errors
    /// What the disk says.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// How long the file is, in bytes.
    ///
    /// # Errors
    /// What the disk says.
    fn len(&self) -> io::Result<u64>;
    /// Whether the file has no bytes.
    ///
    /// # Errors
    /// What the disk says.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Makes the file this long.
    ///
    /// # Errors
    /// What the disk says.
    fn set_len(&self, bytes: u64) -> io::Result<()>;
    /// Takes room for this many bytes on the disk.
    ///
    /// # Errors
    /// What the disk says, a full disk for one.
    fn allocate(&self, bytes: u64) -> io::Result<()>;
    /// Returns once what was written is kept.
    ///
    /// # Errors
    /// What the disk says; what was written since the last sync may be lost, and asking again proves nothing.
    fn sync(&self, point: SyncPoint) -> io::Result<()>;
}

/// Puts a whole file in place of another, so that after a crash either the old one or the new one is there.
pub(crate) fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8], data: SyncPoint, name: SyncPoint) -> io::Result<()> {
    put(disk, path, bytes, data)?;
    disk.sync_folder(path.parent().unwrap_or(Path::new(".")), name)
}

/// As [`replace`], for a file whose name is kept by a later sync of its folder.
pub(crate) fn put(disk: &dyn Disk, path: &Path, bytes: &[u8], data: SyncPoint) -> io::Result<()> {
    let beside = path.with_extension("new");
    if disk.exists(&beside)? {
        disk.remove(&beside)?;
    }
    let file = disk.create(&beside)?;
    file.write_at(0, bytes)?;
    file.sync(data)?;
    disk.rename(&beside, path)
}

/// Makes a folder, where there is none, and keeps its name. A folder that is there may have been made by a process that
/// died before its sync, so the name is kept in any case.
pub(crate) fn create_folder(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) else {
        return disk.create_folder(path);
    };
    let there = disk.exists(path)?;
    if !there {
        if !disk.exists(above)? {
            create_folder(disk, above)?;
        }
        disk.create_folder(path)?;
    }
    match disk.sync_folder(above, SyncPoint::FolderName) {
        // A folder above the data folder may be none of ours; then whoever made this one has seen to its name.
        Err(error) if there && error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        other => other,
    }
}

/// A whole file; `None` where there is none.
pub(crate) fn read_all(disk: &dyn Disk, path: &Path) -> io::Result<Option<Vec<u8>>> {
    if !disk.exists(path)? {
        return Ok(None);
    }
    let file = disk.open(path)?;
    let length = usize::try_from(file.len()?).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    let read = file.read_at(0, &mut bytes)?;
    bytes.truncate(read);
    Ok(Some(bytes))
}
