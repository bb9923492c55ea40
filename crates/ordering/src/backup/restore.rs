//! Making a folder of a backup, as it was after any entry.
//!
//! The folder is that of another node: it signs with a key of its own, since the old one may have signed for what comes
//! behind that entry. Where the log is that of several nodes, it ends with a record by which the new one is the only one, under
//! a number that none of them had; so no old node that is still somewhere takes part in what comes after.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use bytes::Bytes;
use exchange::files::FileHash;
use exchange::units::{Instant, Sequence};
use exchange::{Entry, Exchange, Output};
use zeroize::Zeroizing;

use super::set::{KeptSegment, PieceHash, Set, Store};
use super::{BackupError, Transform, secrets_of};
use crate::cluster::Membership;
use crate::disk::{Disk, SyncPoint, create_folder, put, read_all, replace};
use crate::engine::store::StoredNodes;
use crate::engine::{Peer, batch};
use crate::error::{Damage, OnPath, StartError};
use crate::files::{file_hash, path_of};
use crate::head::{self, SignedHead};
use crate::history::Records;
use crate::log::segment::name;
use crate::log::{self, Done, Kind, LogId, Places, Record, Vote};
use crate::open::Layout;
use crate::tree::Tree;
use crate::vault::{Opener, Vault};
use crate::workers::{Threads, Workers};

/// How far a folder is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// As far as the backup does.
    End,
    /// Up to and with this entry.
    Entry(Sequence),
    /// Up to and with the last entry that is not stamped later than this.
    Time(Instant),
}

/// What is to be made, and of what.
pub struct Restore<'r> {
    /// The backup.
    pub from: &'r Path,
    /// Where the copies of the venue's secrets are.
    pub secrets_from: &'r Path,
    /// The folder that is to be made.
    pub data: &'r Path,
    /// Where its secrets are to be.
    pub secrets: &'r Path,
    /// How far it is to go.
    pub until: Until,
    /// Opens what was kept as ciphertext.
    pub open: Option<Transform<'r>>,
    /// When it is.
    pub now: Instant,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The last entry.
    pub sequence: Sequence,
    /// Its stamp.
    pub at: Instant,
    /// The tree head over all entries.
    pub hash: [u8; 32],
    /// The digest of the state.
    pub state_digest: [u8; 32],
    /// The number of the node that the folder is of.
    pub node: u64,
    /// How many files the log names at its end that are there.
    pub files: u64,
    /// Files that it names and that no backup has: they had been let go of when one was made.
    pub missing: Vec<FileHash>,
}

/// The log up to where it is to go, re-executed.
struct Replayed {
    at: Instant,
    hash: [u8; 32],
    state_digest: [u8; 32],
    named: Vec<FileHash>,
    /// The record that has the last entry, and its entries up to that one.
    id: LogId,
    cut: Vec<Entry>,
    /// Whether the record has more.
    has_more: bool,
}

/// Makes a folder of a backup. Every entry is executed anew on the way, up to the one that the backup's head was signed for.
///
/// # Errors
/// One line that says what to do. What was begun by then is no node's folder: remove it.
pub fn restore(asked: &Restore<'_>, disk: &Arc<dyn Disk>) -> Result<Restored, BackupError> {
    let store = Store { disk: &**disk, folder: asked.from.to_owned() };
    let layout = Layout { data: asked.data.to_owned(), secrets: asked.secrets.to_owned() };
    let set = choose(&store, asked.until)?;
    if set.sealed != asked.open.is_some() {
        return Err(BackupError::Sealed { path: asked.from.to_owned(), is: set.sealed });
    }
    for folder in [&layout.data, &layout.secrets] {
        if disk.exists(folder).on(folder)? && !disk.list(folder).on(folder)?.is_empty() {
            return Err(BackupError::NotEmpty(folder.clone()));
        }
    }
    create_folder(&**disk, &layout.data).on(&layout.data)?;
    let lock = disk.lock(&layout.lock()).on(&layout.lock())?.ok_or_else(|| StartError::Locked(layout.data.clone()))?;
    let vault = secrets(asked, &set, &**disk, &layout)?;
    create_folder(&**disk, &layout.log()).on(&layout.log())?;
    for segment in &set.segments {
        write_segment(&store, segment, asked.open, &layout)?;
    }
    let upto = last_wanted(&set, asked.until, disk, &layout)?;
    let (replayed, mut nodes) = replay(&set, upto, disk, &layout)?;
    let alone = nodes.len() <= 1;
    let node = if alone { nodes.pop_last().unwrap_or(1) } else { nodes.pop_last().unwrap_or(0) + 1 };
    cut(&replayed, &set, node, alone, disk, &layout)?;
    let (files, missing) = files(&store, &replayed.named, &set, asked.open, &layout)?;
    let mut head = SignedHead {
        sequence: last_sequence(&replayed),
        hash: replayed.hash,
        state_digest: replayed.state_digest,
        signed_at: asked.now,
        signature: [0; 64],
        key: vault.public_key(),
    };
    head.signature = vault.sign(&head.signed_bytes());
    let path = layout.head();
    head::write(&**disk, &path, &head, set.cluster).on(&path)?;
    // It is a node's folder from here on.
    let membership = Membership { cluster: set.cluster, node, instance: None };
    let path = layout.cluster();
    replace(&**disk, &path, &membership.encode(), SyncPoint::ClusterData, SyncPoint::FolderName).on(&path)?;
    drop(lock);
    let Replayed { at, hash, state_digest, .. } = replayed;
    Ok(Restored { sequence: head.sequence, at, hash, state_digest, node, files, missing })
}

fn last_sequence(replayed: &Replayed) -> Sequence {
    replayed.cut.last().map_or(Sequence(0), |entry| entry.sequence)
}

/// The first set that goes far enough.
fn choose(store: &Store<'_>, until: Until) -> Result<Set, BackupError> {
    let ends = store.ends()?;
    let Some(last) = ends.last() else {
        return Err(BackupError::Nothing(store.folder.clone()));
    };
    let beyond = || store.set(*last).and_then(|set| Err(BackupError::Beyond { last: set.sequence, at: set.at }));
    match until {
        Until::End => store.set(*last),
        Until::Entry(Sequence(0)) => Err(BackupError::Before),
        Until::Entry(entry) => match ends.iter().find(|end| **end >= entry) {
            Some(end) => store.set(*end),
            None => beyond(),
        },
        Until::Time(time) => {
            for end in &ends {
                let set = store.set(*end)?;
                if set.at >= time {
                    return Ok(set);
                }
            }
            beyond()
        }
    }
}

fn secrets(asked: &Restore<'_>, set: &Set, disk: &dyn Disk, layout: &Layout) -> Result<Vault, BackupError> {
    let from = secrets_of(asked.secrets_from, set.cluster);
    Vault::settle(disk, &layout.secrets, set.cluster, &|name| {
        let path = from.join(name);
        let stored = read_all(disk, &path).on(&path)?.ok_or_else(|| StartError::SecretMissing(path.clone()))?;
        let bytes = match asked.open {
            Some(open) => open(&stored).map_err(|why| BackupError::Closed { path, why })?,
            None => stored,
        };
        Ok::<_, BackupError>(Zeroizing::new(bytes))
    })?;
    Ok(Vault::open(disk, &layout.secrets, set.cluster)?)
}

fn write_segment(
    store: &Store<'_>,
    segment: &KeptSegment,
    open: Option<Transform<'_>>,
    layout: &Layout,
) -> Result<(), BackupError> {
    let path = layout.log().join(name(segment.first));
    let file = store.disk.create(&path).on(&path)?;
    file.allocate(segment.bytes).and_then(|()| file.set_len(segment.bytes)).on(&path)?;
    let mut at = 0;
    for piece in &segment.pieces {
        let bytes = store.take(&piece.hash, open)?;
        file.write_at(at, &bytes).on(&path)?;
        at += bytes.len() as u64;
    }
    file.sync(SyncPoint::SegmentData).on(&path)?;
    Ok(())
}

/// The entry with which the folder is to end.
fn last_wanted(set: &Set, until: Until, disk: &Arc<dyn Disk>, layout: &Layout) -> Result<Sequence, BackupError> {
    let time = match until {
        Until::End => return Ok(set.sequence),
        Until::Entry(entry) => return Ok(entry),
        Until::Time(time) => time,
    };
    let mut last = Sequence(0);
    for found in Records::open(Arc::clone(disk), layout, set.cluster).map_err(BackupError::Damaged)? {
        let found = found.map_err(BackupError::Damaged)?;
        for (entry, _) in found.entries(Sequence(last.0 + 1)).map_err(BackupError::Damaged)? {
            if entry.at > time {
                return if last == Sequence(0) { Err(BackupError::Before) } else { Ok(last) };
            }
            last = entry.sequence;
        }
    }
    Ok(last)
}

/// Executes the log up to the entry that was signed for; gives the state where the folder is to end, and every number that a
/// node ever had.
fn replay(
    set: &Set,
    upto: Sequence,
    disk: &Arc<dyn Disk>,
    layout: &Layout,
) -> Result<(Replayed, BTreeSet<u64>), BackupError> {
    let damaged = |damage: Damage| BackupError::Damaged(damage);
    let signed = head::decode(&set.head).map_err(|unreadable| damaged(unreadable.damage(&layout.head())))?.0;
    let opener = Opener::with_secret(&**disk, &layout.secrets, set.cluster)?
        .ok_or_else(|| StartError::SecretMissing(layout.secrets.clone()))?;
    let (mut exchange, mut tree, mut output) = (Exchange::new(), Tree::default(), Output::default());
    let (mut nodes, mut reached) = (BTreeSet::new(), None::<Replayed>);
    for found in Records::open(Arc::clone(disk), layout, set.cluster).map_err(damaged)? {
        let found = found.map_err(damaged)?;
        if found.record.kind == Kind::Membership {
            let stored: StoredNodes = minicbor::decode(&found.record.payload)
                .map_err(|error| damaged(found.damage(&format!("a membership cannot be read: {error}"))))?;
            nodes.extend(stored.nodes.iter().map(|(node, _)| *node));
        }
        let mut before = Vec::new();
        for (entry, bytes) in found.entries(Sequence(exchange.sequence().0 + 1)).map_err(damaged)? {
            found.expect(&entry, Sequence(exchange.sequence().0 + 1)).map_err(damaged)?;
            let is_behind = entry.sequence > upto;
            if is_behind && let Some(reached) = &mut reached {
                reached.has_more |= reached.id == found.record.id;
            }
            let opened = opener.open(&entry.command).map_err(|what| damaged(found.damage(&what)))?;
            exchange.execute(&entry, opened, &mut output);
            output.clear();
            tree.push(bytes);
            if entry.sequence == signed.sequence
                && (tree.head() != signed.hash || exchange.digest() != signed.state_digest)
            {
                let what = "the log does not give what was signed for it";
                return Err(damaged(found.damage(what)));
            }
            if is_behind {
                continue;
            }
            before.push(entry);
            if exchange.sequence() == upto {
                reached = Some(Replayed {
                    at: exchange.now(),
                    hash: tree.head(),
                    state_digest: exchange.digest(),
                    named: exchange.files().hashes().map(|(hash, _)| *hash).collect(),
                    id: found.record.id,
                    cut: core::mem::take(&mut before),
                    has_more: false,
                });
            }
        }
    }
    let reached =
        reached.ok_or_else(|| damaged(Damage::new(&layout.log(), 0, "the log ends before its backup does")))?;
    if exchange.sequence() < signed.sequence {
        let what =
            format!("it ends with entry {}, but a head was signed for entry {}", exchange.sequence(), signed.sequence);
        return Err(damaged(Damage::new(&layout.log(), 0, what)));
    }
    Ok((reached, nodes))
}

/// Takes away what lies behind the last entry, by the same lines by which a node takes away what was overruled.
fn cut(
    replayed: &Replayed,
    set: &Set,
    node: u64,
    alone: bool,
    disk: &Arc<dyn Disk>,
    layout: &Layout,
) -> Result<(), BackupError> {
    let segment_bytes = set.segments.first().map_or(64 << 20, |segment| segment.bytes);
    let places = Places {
        folder: layout.log(),
        marks: layout.marks(),
        cluster: set.cluster,
        segment_bytes,
        memory_bytes: 1 << 20,
    };
    let wanted = log::Wanted { covered: None, whole: true, keep: &|_, _| false, check: &|_| Ok(()), voter: node };
    let workers: Arc<dyn Workers> = Arc::new(Threads);
    let log = log::open(Arc::clone(disk), &workers, places, &wanted)?.log;
    let done = |ask: &dyn Fn(Done) -> std::io::Result<()>| {
        let (tell, told) = channel();
        ask(Box::new(move |result| {
            // Whoever asked waits for it.
            let _ = tell.send(result);
        }))
        .and_then(|()| told.recv().map_err(std::io::Error::other)?)
        .on(&layout.log())
    };
    let LogId { mut term, index } = replayed.id;
    let from = if replayed.has_more { index } else { index + 1 };
    done(&|tell| log.truncate(from, tell))?;
    let mut records = Vec::new();
    if replayed.has_more {
        let mut builder = batch::Builder::new();
        for entry in &replayed.cut {
            builder.push(entry, usize::MAX);
        }
        let payload = builder.finish(term).payload().clone();
        records.push(Record { id: replayed.id, kind: Kind::Batch, payload });
    }
    if !alone {
        term += 1;
        let nodes = StoredNodes { voters: vec![vec![node]], nodes: vec![(node, Peer::default())] };
        let payload = minicbor::to_vec(nodes).expect("writing to memory does not fail");
        records.push(Record {
            id: LogId { term, index: index + 1 },
            kind: Kind::Membership,
            payload: Bytes::from(payload),
        });
    }
    if !records.is_empty() {
        done(&|tell| log.append(records.clone(), tell))?;
    }
    let vote = Vote { term, node, committed: true };
    done(&|tell| log.save_vote(vote, tell))?;
    log.close();
    Ok(())
}

/// Puts the files where they belong that the state names; says how many, and which no backup has.
fn files(
    store: &Store<'_>,
    named: &[FileHash],
    set: &Set,
    open: Option<Transform<'_>>,
    layout: &Layout,
) -> Result<(u64, Vec<FileHash>), BackupError> {
    let mut kept: BTreeMap<FileHash, PieceHash> = set.files.iter().map(|kept| (kept.file, kept.piece)).collect();
    if named.iter().any(|file| !kept.contains_key(file)) {
        for end in store.ends()? {
            kept.extend(store.set(end)?.files.iter().map(|kept| (kept.file, kept.piece)));
        }
    }
    let (folder, mut count, mut missing) = (layout.files(), 0, Vec::new());
    create_folder(store.disk, &folder).on(&folder)?;
    for file in named {
        let Some(piece) = kept.get(file) else {
            missing.push(*file);
            continue;
        };
        let (bytes, path) = (store.take(piece, open)?, path_of(&folder, file));
        if file_hash(&bytes) != *file {
            let what = "the bytes of this file are not those that the log names";
            return Err(BackupError::Damaged(Damage::new(&store.piece(piece), 0, what)));
        }
        let below = path.parent().expect("a file lies in a folder");
        create_folder(store.disk, below).on(below)?;
        put(store.disk, &path, &bytes, SyncPoint::FileData).on(&path)?;
        store.disk.sync_folder(below, SyncPoint::FileName).on(below)?;
        count += 1;
    }
    Ok((count, missing))
}
