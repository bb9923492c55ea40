//! Snapshots: the exchange's state at one entry, so that a start need not execute everything from the beginning.
//!
//! A snapshot holds what sealed bids hold, so all of its payload is encrypted. It is written beside, synced, given its
//! name, and read back; the one before it stays until then, and one more after that. The format, byte by byte:
//! docs/formats.md.

mod arriving;
mod lending;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use exchange::Exchange;
use exchange::units::Sequence;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::cluster::{ClusterId, random};
use crate::disk::{Disk, SyncPoint, read_all};
use crate::engine::store::StoredNodes;
use crate::envelope::Kind;
use crate::error::{Damage, OnPath, StartError};
use crate::log::LogId;
use crate::tree::Tree;
use crate::vault::Vault;

pub(crate) use arriving::Arriving;
pub(crate) use lending::Lending;

const KIND: Kind = Kind { magic: *b"BAYANSNP", version: 1 };
pub(crate) const ALGORITHMS: &str =
    "payload chacha20-poly1305 in chunks of 1048576, key blake3; checksum crc32c; tree sha-256 rfc6962";

/// How many bytes of plaintext one chunk has; the last one may have fewer.
const CHUNK: usize = 1 << 20;
const TAG: usize = 16;
/// The file is synced in pieces, so that the log's own syncs do not wait behind all of it.
const SYNC_CHUNKS: usize = 4;
/// A header has a tree of at most 64 roots, some nodes and their addresses.
const HEADER_BYTES_MAX: usize = 64 << 10;
/// How many snapshots stay.
const KEEP: usize = 2;

/// What a snapshot's header says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Header {
    #[n(0)]
    pub(crate) cluster: ClusterId,
    #[n(1)]
    pub(crate) algorithms: String,
    /// The last entry it covers.
    #[n(2)]
    pub(crate) sequence: Sequence,
    /// The last record of the log it covers.
    #[n(3)]
    pub(crate) log: LogId,
    /// Who the nodes were, and which record says so.
    #[n(4)]
    pub(crate) nodes: StoredNodes,
    #[n(5)]
    pub(crate) nodes_log: Option<LogId>,
    /// The log's tree up to that entry.
    #[n(6)]
    pub(crate) tree: Tree,
    /// The digest of the state.
    #[n(7)]
    pub(crate) state_digest: ByteArray<32>,
    /// Draws the file's key.
    #[n(8)]
    pub(crate) file: ByteArray<16>,
    /// How many bytes the payload has, decrypted.
    #[n(9)]
    pub(crate) payload: u64,
    /// The numbers of all nodes that there ever were; `None`: it was written by a program that did not say so.
    #[n(10)]
    pub(crate) named: Option<Vec<u64>>,
}

impl Header {
    fn is_sound(&self) -> bool {
        self.tree.is_sound() && self.tree.leaves() == self.sequence.0
    }

    /// How long the file is whose frame has this length; `None` where no memory holds that.
    fn file_bytes(&self, frame: usize) -> Option<usize> {
        let plain = usize::try_from(self.payload).ok()?;
        chunk_count(plain).checked_mul(TAG)?.checked_add(plain)?.checked_add(frame)
    }
}

/// A state, taken to be written elsewhere.
pub(crate) struct Taken {
    pub(crate) sequence: Sequence,
    pub(crate) log: LogId,
    pub(crate) nodes: StoredNodes,
    pub(crate) nodes_log: Option<LogId>,
    pub(crate) tree: Tree,
    pub(crate) state_digest: [u8; 32],
    /// The numbers of all nodes that there ever were, where that is known.
    pub(crate) named: Option<Vec<u64>>,
    pub(crate) exchange: exchange::Snapshot,
}

/// Where snapshots lie and by what they are encrypted.
#[derive(Clone)]
pub(crate) struct Snapshots {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    pub(crate) cluster: ClusterId,
    pub(crate) vault: Arc<Vault>,
    /// The entry of the snapshot behind which this node's log begins, which stays as long as it does; 0: there is none.
    pub(crate) spared: Arc<AtomicU64>,
}

/// A snapshot in memory.
pub(crate) struct Loaded {
    pub(crate) header: Header,
    pub(crate) exchange: Exchange,
    pub(crate) path: PathBuf,
}

fn name(sequence: Sequence) -> String {
    format!("{:020}.snapshot", sequence.0)
}

impl Snapshots {
    /// Writes a snapshot, reads it back, and lets the oldest go.
    pub(crate) fn write(&self, taken: Taken) -> io::Result<(Header, PathBuf)> {
        let payload = taken.exchange.encode();
        let header = Header {
            cluster: self.cluster,
            algorithms: ALGORITHMS.to_owned(),
            sequence: taken.sequence,
            log: taken.log,
            nodes: taken.nodes,
            nodes_log: taken.nodes_log,
            tree: taken.tree,
            state_digest: taken.state_digest.into(),
            file: random().into(),
            payload: payload.len() as u64,
            named: taken.named,
        };
        let path = self.folder.join(name(taken.sequence));
        let beside = path.with_extension("new");
        if self.disk.exists(&beside)? {
            self.disk.remove(&beside)?;
        }
        let file = self.disk.create(&beside)?;
        let head = KIND.seal(&header);
        file.write_at(0, &head)?;
        let mut at = head.len() as u64;
        let cipher = Cipher::new(&self.vault, &header, &head);
        let chunks = chunk_count(payload.len());
        for (number, chunk) in chunks_of(&payload).enumerate() {
            let sealed = cipher.seal(number, number + 1 == chunks, chunk);
            file.write_at(at, &sealed)?;
            at += sealed.len() as u64;
            if number % SYNC_CHUNKS == SYNC_CHUNKS - 1 {
                file.sync(SyncPoint::SnapshotData)?;
            }
        }
        drop(payload);
        file.sync(SyncPoint::SnapshotData)?;
        self.disk.rename(&beside, &path)?;
        self.disk.sync_folder(&self.folder, SyncPoint::SnapshotName)?;
        self.payload_of(&path).map_err(io::Error::other)?;
        self.let_go()?;
        Ok((header, path))
    }

    /// Removes all but the newest.
    fn let_go(&self) -> io::Result<()> {
        let names = self.names()?;
        let spared = name(Sequence(self.spared.load(Ordering::Acquire)));
        for name in names.iter().rev().skip(KEEP).filter(|name| **name != spared) {
            self.disk.remove(&self.folder.join(name))?;
        }
        Ok(())
    }

    /// Where the snapshot of an entry lies.
    pub(crate) fn path_of(&self, sequence: Sequence) -> PathBuf {
        self.folder.join(name(sequence))
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = self.disk.list(&self.folder)?;
        names.retain(|name| name.ends_with(".snapshot"));
        Ok(names)
    }

    /// The newest snapshot that verifies; each that does not is said in a warning.
    pub(crate) fn newest(&self) -> Result<(Option<Loaded>, Vec<String>), StartError> {
        crate::disk::create_folder(&*self.disk, &self.folder).on(&self.folder)?;
        for left in self.disk.list(&self.folder).on(&self.folder)?.iter().filter(|name| name.ends_with(".new")) {
            let path = self.folder.join(left);
            self.disk.remove(&path).on(&path)?;
        }
        // A snapshot may have its name from a process that died before the name was kept.
        self.disk.sync_folder(&self.folder, SyncPoint::SnapshotName).on(&self.folder)?;
        let mut warnings = Vec::new();
        for name in self.names().on(&self.folder)?.iter().rev() {
            match self.load(&self.folder.join(name)) {
                Ok(loaded) => return Ok((Some(loaded), warnings)),
                Err(error @ (StartError::Newer { .. } | StartError::OtherCluster { .. })) => return Err(error),
                Err(error) => {
                    tracing::warn!("a snapshot cannot be used, an older one or the whole log serves: {error}");
                    warnings.push(error.to_string());
                }
            }
        }
        Ok((None, warnings))
    }

    /// Reads, decrypts and restores a snapshot, and sees that the state has the digest it was written with.
    pub(crate) fn load(&self, path: &Path) -> Result<Loaded, StartError> {
        let (header, payload) = self.payload_of(path)?;
        let mut exchange = Exchange::restore(&payload)
            .map_err(|error| Damage::new(path, 0, format!("the state in it cannot be read: {error}")))?;
        if exchange.sequence() != header.sequence || exchange.digest() != *header.state_digest {
            return Err(Damage::new(path, 0, "the state in it is not the one it was written with").into());
        }
        Ok(Loaded { header, exchange, path: path.to_owned() })
    }

    fn payload_of(&self, path: &Path) -> Result<(Header, Vec<u8>), StartError> {
        let bytes = read_all(&*self.disk, path).on(path)?.unwrap_or_default();
        unseal(&self.vault, path, self.cluster, &bytes)
    }
}

/// A whole snapshot file in memory.
#[cfg(test)]
pub(crate) fn seal(vault: &Vault, header: &Header, payload: &[u8]) -> Vec<u8> {
    let mut bytes = KIND.seal(header);
    let cipher = Cipher::new(vault, header, &bytes);
    let chunks = chunk_count(payload.len());
    for (number, chunk) in chunks_of(payload).enumerate() {
        bytes.extend_from_slice(&cipher.seal(number, number + 1 == chunks, chunk));
    }
    bytes
}

/// Checks and decrypts a snapshot file.
pub(crate) fn unseal(
    vault: &Vault,
    path: &Path,
    cluster: ClusterId,
    bytes: &[u8],
) -> Result<(Header, Vec<u8>), StartError> {
    let (header, length): (Header, usize) = KIND.open(bytes).map_err(|unreadable| unreadable.at(path))?;
    if header.cluster != cluster {
        let (found, expected) = (header.cluster.to_string(), cluster.to_string());
        return Err(StartError::OtherCluster { path: path.to_owned(), found, expected });
    }
    let damage = |offset: usize, what: &str| StartError::Damage(Damage::new(path, offset as u64, what));
    if !header.is_sound() {
        return Err(damage(0, "its tree does not cover its entries"));
    }
    let plain = usize::try_from(header.payload).unwrap_or(usize::MAX);
    let chunks = chunk_count(plain);
    if header.file_bytes(length) != Some(bytes.len()) {
        return Err(damage(bytes.len(), "shorter or longer than it says"));
    }
    let cipher = Cipher::new(vault, &header, &bytes[..length]);
    let mut payload = Vec::with_capacity(plain);
    let mut at = length;
    for (number, sealed) in bytes[length..].chunks(CHUNK + TAG).enumerate() {
        let chunk = cipher.open(number, number + 1 == chunks, sealed);
        payload.extend_from_slice(&chunk.ok_or_else(|| damage(at, "a chunk is not what was written"))?);
        at += sealed.len();
    }
    Ok((header, payload))
}

/// The headers of all snapshots in a folder, with their files. What can be seen without the sealing secret is checked: frame,
/// cluster, tree, nodes, and the length. What is in the chunks is checked by the start that uses them.
pub(crate) fn headers(disk: &dyn Disk, folder: &Path, cluster: ClusterId) -> Result<Vec<(PathBuf, Header)>, Damage> {
    let mut headers = Vec::new();
    let cannot = |path: &Path, error: io::Error| Damage::new(path, 0, error.to_string());
    if !disk.exists(folder).map_err(|error| cannot(folder, error))? {
        return Ok(headers);
    }
    for name in disk.list(folder).map_err(|error| cannot(folder, error))? {
        if name.ends_with(".snapshot") {
            let path = folder.join(name);
            let file = disk.open(&path).map_err(|error| cannot(&path, error))?;
            let mut bytes = vec![0; HEADER_BYTES_MAX];
            let read = file.read_at(0, &mut bytes).map_err(|error| cannot(&path, error))?;
            let opened = KIND.open::<Header>(&bytes[..read]);
            let (header, length) = opened.map_err(|unreadable| unreadable.damage(&path))?;
            let damage = |offset: u64, what: &str| Damage::new(&path, offset, what);
            if header.cluster != cluster {
                return Err(damage(0, "it belongs to another cluster"));
            }
            if !header.is_sound() {
                return Err(damage(0, "its tree does not cover its entries"));
            }
            if header.nodes.membership().is_err() {
                return Err(damage(0, "its nodes are no membership"));
            }
            let found = file.len().map_err(|error| cannot(&path, error))?;
            if header.file_bytes(length) != usize::try_from(found).ok() {
                return Err(damage(found, "shorter or longer than it says"));
            }
            headers.push((path, header));
        }
    }
    Ok(headers)
}

fn chunk_count(payload: usize) -> usize {
    payload.div_ceil(CHUNK).max(1)
}

/// The chunks of a payload; of an empty one there is one, empty.
fn chunks_of(payload: &[u8]) -> impl Iterator<Item = &[u8]> {
    let none: Option<&[u8]> = payload.is_empty().then_some(&[]);
    none.into_iter().chain(payload.chunks(CHUNK))
}

/// A key serves one file, so the nonce may be the chunk's number; the last chunk is marked, so that none can be left
/// out. The header is bound to every chunk by its hash.
struct Cipher {
    cipher: ChaCha20Poly1305,
    header: [u8; 32],
}

impl Cipher {
    fn new(vault: &Vault, header: &Header, bytes: &[u8]) -> Self {
        let key = vault.snapshot_key(&header.file);
        Cipher { cipher: ChaCha20Poly1305::new(&Key::from(*key)), header: *blake3::hash(bytes).as_bytes() }
    }

    fn nonce(number: usize, last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&(number as u64).to_le_bytes());
        nonce[11] = u8::from(last);
        Nonce::from(nonce)
    }

    fn seal(&self, number: usize, last: bool, chunk: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: chunk, aad: &self.header };
        self.cipher.encrypt(&Self::nonce(number, last), payload).expect("a chunk is short enough to be encrypted")
    }

    fn open(&self, number: usize, last: bool, sealed: &[u8]) -> Option<Vec<u8>> {
        let payload = Payload { msg: sealed, aad: &self.header };
        self.cipher.decrypt(&Self::nonce(number, last), payload).ok()
    }
}
