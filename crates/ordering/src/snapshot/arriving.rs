//! A snapshot that comes from another node, piece by piece: first the frame, then the chunks as they lie in that node's
//! file. Each chunk is checked by its tag before it is written, so what is there after a restart is worth something.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use minicbor::bytes::ByteArray;

use super::{CHUNK, Cipher, HEADER_BYTES_MAX, Header, KIND, Loaded, SYNC_CHUNKS, Snapshots, TAG, chunk_count, name};
use crate::disk::{File, SyncPoint};
use crate::error::{OnPath, StartError};

/// The name of what has come so far.
const PART: &str = "arriving.part";

/// A snapshot of another node, as far as it is here.
pub(crate) struct Arriving {
    file: Arc<dyn File>,
    header: Header,
    /// How many bytes the frame has.
    frame: usize,
    cipher: Cipher,
    /// How many chunks are here.
    chunks: usize,
}

impl Snapshots {
    fn path_of_part(&self) -> PathBuf {
        self.folder.join(PART)
    }

    /// What a process before has left of one, as far as it is good; `None`: nothing that could be gone on with.
    pub(crate) fn arriving(&self) -> io::Result<Option<Arriving>> {
        let path = self.path_of_part();
        if !self.disk.exists(&path)? {
            return Ok(None);
        }
        let file = self.disk.open(&path)?;
        let mut frame = vec![0; HEADER_BYTES_MAX];
        let read = file.read_at(0, &mut frame)?;
        frame.truncate(read);
        let Some(mut arriving) = self.understood(file, &frame) else {
            self.forget_arriving()?;
            return Ok(None);
        };
        let mut sealed = vec![0; CHUNK + TAG];
        while !arriving.is_whole() {
            let wanted = &mut sealed[..arriving.size(arriving.chunks)];
            let read = arriving.file.read_at(arriving.place(arriving.chunks), wanted)?;
            if read < wanted.len() || !arriving.is_good(wanted) {
                break;
            }
            arriving.chunks += 1;
        }
        Ok(Some(arriving))
    }

    /// Begins with the frame of one. `None`: this is no frame of a snapshot of this cluster.
    pub(crate) fn begin_arriving(&self, frame: &[u8]) -> io::Result<Option<Arriving>> {
        self.forget_arriving()?;
        let file = self.disk.create(&self.path_of_part())?;
        file.write_at(0, frame)?;
        Ok(self.understood(file, frame).filter(|arriving| arriving.frame == frame.len()))
    }

    fn understood(&self, file: Arc<dyn File>, frame: &[u8]) -> Option<Arriving> {
        let (header, length) = KIND.open::<Header>(frame).ok()?;
        let is_ours = header.cluster == self.cluster && header.is_sound() && header.nodes.membership().is_ok();
        let cipher = Cipher::new(&self.vault, &header, &frame[..length]);
        // A length that no memory holds is none.
        header.file_bytes(length)?;
        is_ours.then_some(Arriving { file, header, frame: length, cipher, chunks: 0 })
    }

    /// Takes away what has come.
    pub(crate) fn forget_arriving(&self) -> io::Result<()> {
        let path = self.path_of_part();
        if self.disk.exists(&path)? { self.disk.remove(&path) } else { Ok(()) }
    }

    /// Where the snapshot of an entry lies that a log begins behind, also where a crash came before it had its name.
    pub(crate) fn placed(&self, sequence: exchange::units::Sequence) -> io::Result<PathBuf> {
        let path = self.path_of(sequence);
        Ok(if self.disk.exists(&path)? { path } else { self.path_of_part() })
    }

    /// Gives a snapshot that is all there, and whose state was seen to be good, the name by which a start finds it. Done again
    /// it does nothing.
    pub(crate) fn place(&self, sequence: exchange::units::Sequence) -> io::Result<PathBuf> {
        let (from, to) = (self.path_of_part(), self.folder.join(name(sequence)));
        if self.disk.exists(&from)? {
            self.disk.rename(&from, &to)?;
        }
        self.disk.sync_folder(&self.folder, SyncPoint::SnapshotName)?;
        Ok(to)
    }
}

impl Arriving {
    /// By which number all nodes that have this file know it.
    pub(crate) fn number(&self) -> ByteArray<16> {
        self.header.file
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// The number of the piece that comes next; the frame is piece 0.
    pub(crate) fn next(&self) -> u64 {
        self.chunks as u64 + 1
    }

    /// Whether all of it is here.
    pub(crate) fn is_whole(&self) -> bool {
        self.chunks == self.count()
    }

    /// How many bytes of it are here, and how many it has.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        let whole = self.header.file_bytes(self.frame).unwrap_or(usize::MAX) as u64;
        (self.place(self.chunks).min(whole), whole)
    }

    fn count(&self) -> usize {
        chunk_count(self.plain())
    }

    fn plain(&self) -> usize {
        usize::try_from(self.header.payload).unwrap_or(usize::MAX)
    }

    fn place(&self, chunk: usize) -> u64 {
        (self.frame + chunk * (CHUNK + TAG)) as u64
    }

    fn size(&self, chunk: usize) -> usize {
        (self.plain() - chunk * CHUNK).min(CHUNK) + TAG
    }

    fn is_good(&self, sealed: &[u8]) -> bool {
        self.cipher.open(self.chunks, self.chunks + 1 == self.count(), sealed).is_some()
    }

    /// Takes the next chunk. Says whether it is what the frame says: another is not written.
    pub(crate) fn push(&mut self, sealed: &[u8]) -> io::Result<bool> {
        if self.is_whole() || !self.is_good(sealed) {
            return Ok(false);
        }
        self.file.write_at(self.place(self.chunks), sealed)?;
        self.chunks += 1;
        if self.chunks.is_multiple_of(SYNC_CHUNKS) || self.is_whole() {
            self.file.sync(SyncPoint::SnapshotData)?;
        }
        Ok(true)
    }

    /// Reads the state out of it and sees that it has the digest which the frame says.
    pub(crate) fn load(self, snapshots: &Snapshots) -> Result<Loaded, StartError> {
        let path = snapshots.path_of_part();
        let whole = self.bytes().1;
        // A part of before may have been longer.
        self.file.set_len(whole).on(&path)?;
        self.file.sync(SyncPoint::SnapshotData).on(&path)?;
        // Before a mark says that the log begins there.
        snapshots.disk.sync_folder(&snapshots.folder, SyncPoint::SnapshotName).on(&snapshots.folder)?;
        snapshots.load(&path)
    }
}
