//! What a backup holds: pieces under the hash of what is in them, and sets that name them.

use std::path::PathBuf;

use exchange::files::FileHash;
use exchange::units::{Instant, Sequence};
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use super::{BackupError, Transform};
use crate::cluster::ClusterId;
use crate::disk::{Disk, SyncPoint, create_folder, read_all, replace};
use crate::envelope::{Kind, Unreadable};
use crate::error::{Damage, OnPath, StartError};

const KIND: Kind = Kind { magic: *b"BAYANBAK", version: 1 };

/// The BLAKE3 of what is in a piece, before encryption: its name.
pub(crate) type PieceHash = ByteArray<32>;

/// All that a backup has of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Set {
    #[n(0)]
    pub(crate) cluster: ClusterId,
    /// Whose folder it is: another node's log has the same entries in other places.
    #[n(1)]
    pub(crate) node: u64,
    /// The last entry.
    #[n(2)]
    pub(crate) sequence: Sequence,
    /// Its stamp.
    #[n(3)]
    pub(crate) at: Instant,
    /// The file `head`, which covers an entry not behind the last.
    #[n(4)]
    pub(crate) head: ByteVec,
    /// Whether the pieces are encrypted.
    #[n(5)]
    pub(crate) sealed: bool,
    #[n(6)]
    pub(crate) segments: Vec<KeptSegment>,
    #[n(7)]
    pub(crate) files: Vec<KeptFile>,
}

/// A segment of the log, as far as it goes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct KeptSegment {
    /// The index of its first record.
    #[n(0)]
    pub(crate) first: u64,
    /// How long the file is; what no piece has is zero.
    #[n(1)]
    pub(crate) bytes: u64,
    /// BLAKE3 of its first sector, which no two segments share.
    #[n(2)]
    pub(crate) header: ByteArray<32>,
    /// What is in it, one behind the other.
    #[n(3)]
    pub(crate) pieces: Vec<KeptPiece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct KeptPiece {
    #[n(0)]
    pub(crate) bytes: u64,
    #[n(1)]
    pub(crate) hash: PieceHash,
}

/// A file that members handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct KeptFile {
    /// As the log names it.
    #[n(0)]
    pub(crate) file: FileHash,
    #[n(1)]
    pub(crate) piece: PieceHash,
}

impl Set {
    pub(crate) fn encode(&self) -> Vec<u8> {
        KIND.seal(self)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        KIND.open_whole(bytes)
    }
}

/// The folder of a backup.
pub(crate) struct Store<'d> {
    pub(crate) disk: &'d dyn Disk,
    pub(crate) folder: PathBuf,
}

impl Store<'_> {
    fn sets(&self) -> PathBuf {
        self.folder.join("sets")
    }

    pub(crate) fn piece(&self, hash: &PieceHash) -> PathBuf {
        let name = blake3::Hash::from_bytes(**hash).to_hex();
        self.folder.join("pieces").join(&name[..2]).join(name.as_str())
    }

    /// The last entries of all sets, rising.
    pub(crate) fn ends(&self) -> Result<Vec<Sequence>, StartError> {
        let folder = self.sets();
        if !self.disk.exists(&folder).on(&folder)? {
            return Ok(Vec::new());
        }
        let end = |name: &String| name.strip_suffix(".set")?.parse().ok().map(Sequence);
        Ok(self.disk.list(&folder).on(&folder)?.iter().filter_map(end).collect())
    }

    fn set_path(&self, end: Sequence) -> PathBuf {
        self.sets().join(format!("{:020}.set", end.0))
    }

    pub(crate) fn set(&self, end: Sequence) -> Result<Set, BackupError> {
        let path = self.set_path(end);
        let bytes = read_all(self.disk, &path).on(&path)?.unwrap_or_default();
        Set::decode(&bytes).map_err(|unreadable| match unreadable.at(&path) {
            StartError::Damage(damage) => BackupError::Damaged(damage),
            other => BackupError::Node(other),
        })
    }

    /// Names what is kept: it counts from now on.
    pub(crate) fn keep_set(&self, set: &Set) -> Result<(), StartError> {
        let (folder, path) = (self.sets(), self.set_path(set.sequence));
        create_folder(self.disk, &folder).on(&folder)?;
        replace(self.disk, &path, &set.encode(), SyncPoint::BackupData, SyncPoint::BackupName).on(&path)
    }

    /// Keeps what is not kept yet. Gives its name, and how many bytes were written.
    pub(crate) fn keep(&self, bytes: &[u8], seal: Option<Transform<'_>>) -> Result<(PieceHash, u64), StartError> {
        let hash = PieceHash::from(*blake3::hash(bytes).as_bytes());
        let path = self.piece(&hash);
        // It has its name once it is whole. Where it is plain its length is looked at all the same.
        if self.disk.exists(&path).on(&path)? {
            let length = self.disk.open(&path).and_then(|file| file.len()).on(&path)?;
            if seal.is_some() || length == bytes.len() as u64 {
                return Ok((hash, 0));
            }
        }
        let below = path.parent().expect("a piece lies in a folder");
        create_folder(self.disk, below).on(below)?;
        let sealed = seal.map(|seal| seal(bytes)).transpose().on(&path)?;
        let stored = sealed.as_deref().unwrap_or(bytes);
        replace(self.disk, &path, stored, SyncPoint::BackupData, SyncPoint::BackupName).on(&path)?;
        Ok((hash, stored.len() as u64))
    }

    /// What was kept under this name: that, or nothing.
    pub(crate) fn take(&self, hash: &PieceHash, open: Option<Transform<'_>>) -> Result<Vec<u8>, BackupError> {
        let path = self.piece(hash);
        let damaged = |what: &str| BackupError::Damaged(Damage::new(&path, 0, what));
        let stored = read_all(self.disk, &path).on(&path)?.ok_or_else(|| damaged("this piece is missing"))?;
        let bytes = match open {
            Some(open) => open(&stored).map_err(|why| BackupError::Closed { path: path.clone(), why })?,
            None => stored,
        };
        if blake3::hash(&bytes) != **hash {
            return Err(damaged("its bytes are not those that its name says"));
        }
        Ok(bytes)
    }
}
