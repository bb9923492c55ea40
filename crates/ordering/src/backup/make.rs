//! Making a backup of a folder whose node may be running.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use exchange::files::FileHash;
use exchange::units::{Instant, Sequence};
use zeroize::Zeroizing;

use super::set::{KeptFile, KeptPiece, KeptSegment, PieceHash, Set, Store, names_of_files};
use super::{BackupError, Transform, secrets_of};
use crate::cluster::Membership;
use crate::disk::{Disk, SyncPoint, create_folder, read_all, replace};
use crate::engine::batch;
use crate::error::{Damage, OnPath, StartError};
use crate::files::{file_hash, path_of};
use crate::head;
use crate::history::base_of;
use crate::log::Kind;
use crate::log::record::size;
use crate::log::segment::{FIRST, Next, Segment, first_of, name};
use crate::open::Layout;
use crate::vault::Vault;

/// What is to be backed up, and where to.
pub struct Backup<'b> {
    /// The folder of a node, which may be running.
    pub data: &'b Path,
    /// Its secrets.
    pub secrets: &'b Path,
    /// Where the backup is, or is to be.
    pub to: &'b Path,
    /// Where a copy of the venue's secrets is to be, apart from the backup.
    pub secrets_to: &'b Path,
    /// Makes ciphertext of what is kept, where that is wanted.
    pub seal: Option<Transform<'b>>,
}

/// What was backed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// The last entry that is in the backup.
    pub sequence: Sequence,
    /// Its stamp.
    pub at: Instant,
    /// How many bytes were written that no run before had.
    pub new_bytes: u64,
    /// How many files that members handed in are in it.
    pub files: u64,
    /// Files whose bytes are not those that their names say: they are not in it.
    pub damaged: Vec<Damage>,
}

/// Backs up all that was signed for when it began, and the files and keys that go with it.
///
/// # Errors
/// One line that says what to do; what was kept by then is not kept again by the next run.
pub fn backup(asked: &Backup<'_>, disk: &Arc<dyn Disk>) -> Result<BackedUp, BackupError> {
    let disk = &**disk;
    let layout = Layout { data: asked.data.to_owned(), secrets: asked.secrets.to_owned() };
    let path = layout.cluster();
    let membership = Membership::read(disk, &path)?
        .ok_or_else(|| Damage::new(&path, 0, "this file is missing; name a folder that holds a node's data"))?;
    if let Some(base) = base_of(disk, &layout)? {
        return Err(BackupError::Incomplete(Sequence(base.sequence.0 + 1)));
    }
    if asked.secrets_to.starts_with(asked.to) || asked.to.starts_with(asked.secrets_to) {
        return Err(BackupError::Together(asked.secrets_to.to_owned()));
    }
    // What cannot be read is not kept either.
    Vault::open(disk, &layout.secrets, membership.cluster)?;
    let store = Store { disk, folder: asked.to.to_owned() };
    create_folder(disk, &store.folder).on(&store.folder)?;
    let lock = store.folder.join("lock");
    let _lock = disk.lock(&lock).on(&lock)?.ok_or_else(|| BackupError::Busy(store.folder.clone()))?;
    let before = match store.ends()?.last() {
        Some(end) => Some(store.set(*end)?),
        None => None,
    };
    if let Some(before) = &before {
        belongs(before, &membership, asked)?;
    }
    let mut run = Run { disk, store: &store, seal: asked.seal, new_bytes: 0, damaged: Vec::new() };
    // A file is there before the entry that names it, so those that are there now belong to entries that are signed for
    // later; and what came in between is looked for again.
    let mut files: BTreeMap<FileHash, PieceHash> =
        before.iter().flat_map(|before| &before.files).map(|kept| (kept.file, kept.piece)).collect();
    let folder = layout.files();
    let there = run.files(&folder, &mut files)?;
    let path = layout.head();
    let bytes = read_all(disk, &path).on(&path)?.ok_or_else(|| BackupError::NoHead(path.clone()))?;
    let (head, cluster) = head::decode(&bytes).map_err(|unreadable| unreadable.at(&path))?;
    if cluster != membership.cluster || !head.is_genuine() {
        return Err(Damage::new(&path, 0, "the head is not signed by this node's key").into());
    }
    if head.sequence == Sequence(0) {
        return Err(BackupError::NoHead(path));
    }
    let there: BTreeSet<FileHash> = there.into_iter().chain(run.files(&folder, &mut files)?).collect();
    files.retain(|file, _| there.contains(file));

    let (segments, (sequence, at)) = run.log(&layout, head.sequence, before)?;
    let set = Set {
        cluster,
        node: membership.node,
        sequence,
        at,
        head: bytes.into(),
        sealed: asked.seal.is_some(),
        segments,
        files: files.iter().map(|(file, piece)| KeptFile { file: *file, piece: *piece }).collect(),
    };
    run.secrets(&layout.secrets, &secrets_of(asked.secrets_to, cluster))?;
    store.keep_set(&set)?;
    let Run { new_bytes, damaged, .. } = run;
    Ok(BackedUp { sequence, at, new_bytes, files: set.files.len() as u64, damaged })
}

fn belongs(before: &Set, membership: &Membership, asked: &Backup<'_>) -> Result<(), BackupError> {
    let other = |what: String| Err(BackupError::Other { path: asked.to.to_owned(), what });
    if before.cluster != membership.cluster {
        return other(format!("is of cluster {}, not of {}", before.cluster, membership.cluster));
    }
    if before.node != membership.node {
        return other(format!("is of the folder of node {}, not of node {}", before.node, membership.node));
    }
    if before.sealed != asked.seal.is_some() {
        return Err(BackupError::Sealed { path: asked.to.to_owned(), is: before.sealed });
    }
    Ok(())
}

struct Run<'r> {
    disk: &'r dyn Disk,
    store: &'r Store<'r>,
    seal: Option<Transform<'r>>,
    new_bytes: u64,
    damaged: Vec<Damage>,
}

impl Run<'_> {
    fn keep(&mut self, bytes: &[u8]) -> Result<PieceHash, StartError> {
        let (hash, written) = self.store.keep(bytes, self.seal)?;
        self.new_bytes += written;
        Ok(hash)
    }

    /// Keeps the files of a folder that are not kept yet; says which are there.
    fn files(&mut self, folder: &Path, kept: &mut BTreeMap<FileHash, PieceHash>) -> Result<Vec<FileHash>, StartError> {
        let there = names_of_files(self.disk, folder)?;
        for file in &there {
            if kept.contains_key(file) {
                continue;
            }
            let path = path_of(folder, file);
            // One that was let go of in the meantime is no part of it.
            let Some(bytes) = read_all(self.disk, &path).on(&path)? else { continue };
            if file_hash(&bytes) != *file {
                let damage = Damage::new(&path, 0, "the bytes of this file are not those that its name says");
                if !self.damaged.contains(&damage) {
                    self.damaged.push(damage);
                }
                continue;
            }
            kept.insert(*file, self.keep(&bytes)?);
        }
        Ok(there)
    }

    /// Keeps the log up to the record that has an entry, and says which entry is the last in it.
    fn log(
        &mut self,
        layout: &Layout,
        upto: Sequence,
        before: Option<Set>,
    ) -> Result<(Vec<KeptSegment>, (Sequence, Instant)), BackupError> {
        let folder = layout.log();
        let (mut kept, mut last) = match before {
            Some(before) => (before.segments, (before.sequence, before.at)),
            None => (Vec::new(), (Sequence(0), Instant::MIN)),
        };
        if upto < last.0 && !kept.is_empty() {
            return Err(self.of_another_history());
        }
        let listed = self.disk.list(&folder).on(&folder)?;
        let mut firsts: Vec<u64> = listed.iter().filter_map(|name| first_of(name)).collect();
        firsts.sort_unstable();
        if firsts.len() < kept.len() || kept.iter().zip(&firsts).any(|(kept, first)| kept.first != *first) {
            return Err(self.of_another_history());
        }
        let mut expected = None;
        for (at, first) in firsts.iter().enumerate() {
            let path = folder.join(name(*first));
            let file = self.disk.open(&path).on(&path)?;
            let mut sector = vec![0; FIRST];
            let read = file.read_at(0, &mut sector).on(&path)?;
            if kept.get(at).is_some_and(|kept| *kept.header != *blake3::hash(&sector[..read]).as_bytes()) {
                return Err(self.of_another_history());
            }
            // All of it was kept where the one behind it was begun, and that was kept too.
            if at + 1 < kept.len() {
                continue;
            }
            let segment = Segment::read(&path, &*file)?;
            if segment.header.first != *first || expected.is_some_and(|expected| *first != expected) {
                let what = "its name is not that of its first record, or a segment is missing";
                return Err(Damage::new(&path, 0, what).into());
            }
            let pieces = kept.get(at).map(|kept| kept.pieces.clone()).unwrap_or_default();
            let reach = Reach { path: &path, segment: &segment, is_last: at + 1 == firsts.len(), upto };
            let (end, behind) = reach.read(covered(&pieces), &mut last)?;
            expected = behind;
            let pieces = self.stretch(&segment, end, pieces)?;
            let header = (*blake3::hash(&sector[..read]).as_bytes()).into();
            kept.truncate(at);
            kept.push(KeptSegment { first: *first, bytes: segment.header.bytes, header, pieces });
            if behind.is_none() {
                return Ok((kept, last));
            }
        }
        Err(StartError::HistoryShort { path: folder, last: last.0, signed: upto }.into())
    }

    /// Keeps what a segment has up to `end` and behind the pieces that are kept, which must be what they were.
    fn stretch(
        &mut self,
        segment: &Segment,
        end: usize,
        mut pieces: Vec<KeptPiece>,
    ) -> Result<Vec<KeptPiece>, BackupError> {
        let mut from = 0;
        for piece in &pieces {
            let to = from + usize::try_from(piece.bytes).unwrap_or(usize::MAX);
            if segment.bytes().get(from..to).is_none_or(|bytes| blake3::hash(bytes) != *piece.hash) {
                return Err(self.of_another_history());
            }
            from = to;
        }
        if end > from {
            let bytes = segment.bytes().slice(from..end);
            pieces.push(KeptPiece { bytes: bytes.len() as u64, hash: self.keep(&bytes)? });
        }
        Ok(pieces)
    }

    fn of_another_history(&self) -> BackupError {
        let what = "is of another history than this folder, or of a later state of it".to_owned();
        BackupError::Other { path: self.store.folder.clone(), what }
    }

    /// Keeps the secrets that all nodes share, as they are now, in place of those of before, whose bytes are overwritten: the
    /// key of a person who was forgotten since is in none of them.
    fn secrets(&mut self, from: &Path, to: &Path) -> Result<(), StartError> {
        create_folder(self.disk, to).on(to)?;
        for name in Vault::SHARED {
            let (source, path) = (from.join(name), to.join(name));
            let bytes =
                read_all(self.disk, &source).on(&source)?.ok_or_else(|| StartError::SecretMissing(source.clone()))?;
            let bytes = Zeroizing::new(bytes);
            let sealed = self.seal.map(|seal| seal(&bytes)).transpose().on(&path)?;
            let stored = sealed.as_deref().unwrap_or(&bytes);
            let old = if self.disk.exists(&path).on(&path)? { Some(self.disk.open(&path).on(&path)?) } else { None };
            replace(self.disk, &path, stored, SyncPoint::SecretData, SyncPoint::SecretName).on(&path)?;
            if let Some(old) = old {
                let length = usize::try_from(old.len().on(&path)?).unwrap_or(usize::MAX);
                old.write_at(0, &vec![0; length]).and_then(|()| old.sync(SyncPoint::SecretData)).on(&path)?;
            }
        }
        Ok(())
    }
}

/// How many bytes these pieces have.
fn covered(pieces: &[KeptPiece]) -> usize {
    usize::try_from(pieces.iter().map(|piece| piece.bytes).sum::<u64>()).unwrap_or(usize::MAX)
}

/// How much of a segment is wanted.
struct Reach<'s> {
    path: &'s Path,
    segment: &'s Segment,
    is_last: bool,
    /// The record that has this entry is the last that is wanted.
    upto: Sequence,
}

impl Reach<'_> {
    /// Where it ends, and the index of the record behind the segment; none where what is wanted ends in it. `last` is told the last
    /// entry behind what is covered already.
    fn read(&self, covered: usize, last: &mut (Sequence, Instant)) -> Result<(usize, Option<u64>), StartError> {
        let (mut offset, mut index) = (FIRST, self.segment.header.first);
        loop {
            match self.segment.next(offset, index, self.is_last)? {
                Next::Record(placed) => {
                    if placed.offset >= covered
                        && let Some(found) = last_of(&placed.record, last.0, self.path, placed.offset)?
                    {
                        *last = found;
                    }
                    offset = placed.offset + size(placed.record.payload.len());
                    index += 1;
                    if last.0 >= self.upto && offset >= covered {
                        return Ok((offset, None));
                    }
                }
                Next::End(_) | Next::Torn { .. } => return Ok((offset, Some(index))),
            }
        }
    }
}

/// The last entry of a record and its stamp, where `before` is the last entry before it; of one that has none, none.
fn last_of(
    record: &crate::log::Record,
    before: Sequence,
    path: &Path,
    offset: usize,
) -> Result<Option<(Sequence, Instant)>, Damage> {
    let cannot =
        |error: minicbor::decode::Error| Damage::new(path, offset as u64, format!("a batch cannot be read: {error}"));
    let due = Sequence(before.0 + 1);
    if record.kind != Kind::Batch || batch::is_void(&record.payload, record.id.term, due).map_err(cannot)? {
        return Ok(None);
    }
    Ok(batch::last(&record.payload).map_err(cannot)?.map(|entry| (entry.sequence, entry.at)))
}
