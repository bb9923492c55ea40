//! The log: segments of checksummed records, appended by one writer that makes all that has queued durable with
//! one write and one sync. It knows the engine's entries, not what is in them.
//!
//! Sealed segments stay on the disk: what the engine calls purging only moves a mark. Whatever was lost at the end by a
//! torn write was never answered and is cut, and said; any other damage stops the node with file and offset.

mod marks;
mod open;
pub(crate) mod record;
pub(crate) mod segment;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::sync::Notify;

pub(crate) use marks::{Marks, Vote};
pub(crate) use open::{Recovered, Seen, Wanted, open};
use record::Salt;
pub(crate) use record::{Kind, LogId, Record};

use crate::cluster::ClusterId;
use crate::disk::{Disk, File, Lock};
use crate::workers::Kept;

/// Told when what was asked is on the disk, or when it failed.
pub(crate) type Done = Box<dyn FnOnce(io::Result<()>) + Send>;

/// The log of a node.
pub(crate) struct Log {
    shared: Arc<Shared>,
    writer: Mutex<Option<Box<dyn Kept>>>,
}

/// What the writer and the readers have in common.
struct Shared {
    disk: Arc<dyn Disk>,
    places: Places,
    state: Mutex<State>,
    queue: Mutex<Queue>,
    counters: Counters,
    /// The data folder's lock: no other process may have it while anything here still writes.
    lock: Mutex<Option<Box<dyn Lock>>>,
    /// Whether the state says why nothing more is taken; read without its lock.
    failed: AtomicBool,
    /// Woken when more is on the disk, or nothing more will be.
    moved: Notify,
}

/// Where the log lies, and its measures.
#[derive(Clone)]
pub(crate) struct Places {
    /// The folder of the segments.
    pub(crate) folder: PathBuf,
    /// The file of the engine's marks.
    pub(crate) marks: PathBuf,
    pub(crate) cluster: ClusterId,
    pub(crate) segment_bytes: u64,
    pub(crate) memory_bytes: usize,
}

#[derive(Default)]
struct Counters {
    bytes: AtomicU64,
    syncs: AtomicU64,
}

/// What is known of the log, the newest of it in memory.
struct State {
    /// The newest records; all that are not on the disk yet are among them.
    window: VecDeque<Record>,
    window_bytes: usize,
    /// Where each record behind the mark lies, as far as they are on the disk.
    positions: VecDeque<Position>,
    /// The index of the first of them.
    positions_first: u64,
    /// The first index of each term behind the mark, rising.
    terms: Vec<LogId>,
    last: Option<LogId>,
    purged: Option<LogId>,
    vote: Option<Vote>,
    /// The segments whose records may be read, by their first index.
    files: BTreeMap<u64, Readable>,
    /// How many segments there are.
    segments: u64,
    /// The numbers of all nodes that the records behind the mark have ever named.
    nodes: BTreeSet<u64>,
    failed: Option<String>,
}

/// A segment whose records may be read.
#[derive(Clone)]
struct Readable {
    file: Arc<dyn File>,
    salt: Salt,
}

#[derive(Clone, Copy, Debug)]
struct Position {
    /// The first index of the segment.
    segment: u64,
    offset: u32,
    length: u32,
}

#[derive(Default)]
struct Queue {
    work: Vec<Work>,
    closed: bool,
}

enum Work {
    Append { records: Vec<Record>, done: Done },
    Vote { vote: Vote, done: Done },
    Purge { upto: LogId, done: Done },
    Truncate { from: u64, done: Done },
}

/// The engine's view of the log.
pub(crate) struct Extent {
    pub(crate) purged: Option<LogId>,
    pub(crate) last: Option<LogId>,
}

/// What an operator wants to know of the log.
pub(crate) struct LogMetrics {
    pub(crate) bytes: u64,
    pub(crate) syncs: u64,
    pub(crate) segments: u64,
    pub(crate) last: Option<LogId>,
}

impl Log {
    /// Appends records. They can be read at once; `done` is told when they are on the disk.
    pub(crate) fn append(&self, records: Vec<Record>, done: Done) -> io::Result<()> {
        let room = usize::try_from(self.shared.places.segment_bytes).unwrap_or(usize::MAX) - segment::FIRST;
        if records.iter().any(|record| record::size(record.payload.len()) > room) {
            return Err(io::Error::other("a record is larger than a segment"));
        }
        {
            let mut state = self.shared.state.lock();
            state.check()?;
            for record in &records {
                state.hear_of_nodes(record).map_err(io::Error::other)?;
                state.remember(record);
            }
        }
        self.ask(Work::Append { records, done })
    }

    /// Keeps the data folder's lock until the last write is done.
    pub(crate) fn hold(&self, lock: Box<dyn Lock>) {
        *self.shared.lock.lock() = Some(lock);
    }

    pub(crate) fn save_vote(&self, vote: Vote, done: Done) -> io::Result<()> {
        self.ask(Work::Vote { vote, done })
    }

    /// Moves the mark behind which the engine reads no more. No byte of the log goes away.
    pub(crate) fn purge(&self, upto: LogId, done: Done) -> io::Result<()> {
        self.ask(Work::Purge { upto, done })
    }

    /// Takes away the records from `from` on, which a later leader has overruled.
    pub(crate) fn truncate(&self, from: u64, done: Done) -> io::Result<()> {
        self.ask(Work::Truncate { from, done })
    }

    pub(crate) fn vote(&self) -> Option<Vote> {
        self.shared.state.lock().vote
    }

    pub(crate) fn extent(&self) -> Extent {
        let state = self.shared.state.lock();
        Extent { purged: state.purged, last: state.last }
    }

    /// Whether the record at this index is on this node's disk.
    pub(crate) fn has_kept(&self, index: u64) -> bool {
        let state = self.shared.state.lock();
        index < state.positions_first + state.positions.len() as u64
    }

    /// Waits until the record at this index is on this node's disk.
    pub(crate) async fn kept(&self, index: u64) -> io::Result<()> {
        loop {
            let moved = self.shared.moved.notified();
            tokio::pin!(moved);
            // Listening begins before it is looked, so that no move is missed.
            moved.as_mut().enable();
            if self.has_kept(index) {
                return Ok(());
            }
            self.shared.state.lock().check()?;
            moved.await;
        }
    }

    /// Why the log takes nothing more in this process.
    pub(crate) fn failed(&self) -> Option<String> {
        if !self.shared.failed.load(Ordering::Acquire) {
            return None;
        }
        self.shared.state.lock().failed.clone()
    }

    /// The log takes nothing more in this process.
    pub(crate) fn fail(&self, why: &str) {
        self.shared.fail(why);
    }

    /// The records from `start` to before `end` that are behind the mark; at least one if there is any, and no more
    /// than fit `bytes_max` after it.
    pub(crate) fn read(&self, start: u64, end: u64, bytes_max: usize) -> io::Result<Vec<Record>> {
        let (on_disk, mut records) = {
            let state = self.shared.state.lock();
            state.plan(start, end, bytes_max)
        };
        if on_disk.is_empty() {
            return Ok(records);
        }
        let mut read = Vec::with_capacity(on_disk.len() + records.len());
        for group in on_disk.chunk_by(|a, b| a.segment == b.segment) {
            self.shared.read_group(group, &mut read)?;
        }
        read.append(&mut records);
        Ok(read)
    }

    /// Whether a record that is ready has ever named a node by this number.
    pub(crate) fn has_named(&self, node: u64) -> bool {
        self.shared.state.lock().nodes.contains(&node)
    }

    pub(crate) fn metrics(&self) -> LogMetrics {
        let state = self.shared.state.lock();
        LogMetrics {
            bytes: self.shared.counters.bytes.load(Ordering::Relaxed),
            syncs: self.shared.counters.syncs.load(Ordering::Relaxed),
            segments: state.segments,
            last: state.last,
        }
    }

    fn ask(&self, work: Work) -> io::Result<()> {
        {
            let mut queue = self.shared.queue.lock();
            if queue.closed {
                return Err(io::Error::other("the log is closed"));
            }
            queue.work.push(work);
        }
        if let Some(writer) = &*self.writer.lock() {
            writer.wake();
        }
        Ok(())
    }

    /// Does what was asked, ends the writer and lets go of the lock. It waits for the disk.
    pub(crate) fn close(&self) {
        self.shared.queue.lock().closed = true;
        let writer = self.writer.lock().take();
        if let Some(writer) = writer {
            writer.wake();
            writer.end();
        }
        self.shared.lock.lock().take();
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn fail(&self, why: &str) {
        self.state.lock().fail(why);
        self.failed.store(true, Ordering::Release);
        self.moved.notify_waiters();
    }

    /// Reads records that lie in one segment, one behind the other.
    fn read_group(&self, group: &[Position], records: &mut Vec<Record>) -> io::Result<()> {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            return Ok(());
        };
        let path = self.places.folder.join(segment::name(first.segment));
        let Readable { file, salt } = self.file(first.segment, &path)?;
        let from = first.offset as usize;
        let mut buffer = vec![0; last.offset as usize + record::size(last.length as usize) - from];
        let read = file.read_at(from as u64, &mut buffer)?;
        buffer.truncate(read);
        let bytes = bytes::Bytes::from(buffer);
        for position in group {
            let start = position.offset as usize - from;
            let payload = start + record::HEADER..start + record::HEADER + position.length as usize;
            let found = bytes.get(start..).and_then(|bytes| record::header(bytes, salt));
            match (found, bytes.get(payload.clone())) {
                (Some(found), Some(bytes_of)) if crc32c::crc32c(bytes_of) == found.crc => {
                    records.push(Record { id: found.id, kind: found.kind, payload: bytes.slice(payload) });
                }
                _ => {
                    let what = "a record is no longer what was written";
                    return Err(io::Error::other(crate::Damage::new(&path, u64::from(position.offset), what)));
                }
            }
        }
        Ok(())
    }

    fn file(&self, first: u64, path: &std::path::Path) -> io::Result<Readable> {
        if let Some(known) = self.state.lock().files.get(&first) {
            return Ok(known.clone());
        }
        Readable::open(&*self.disk, path)
    }
}

impl Readable {
    fn open(disk: &dyn Disk, path: &std::path::Path) -> io::Result<Self> {
        let file = disk.open(path)?;
        let mut sector = [0; segment::FIRST];
        let read = file.read_at(0, &mut sector)?;
        let header = segment::SegmentHeader::decode(&sector[..read]);
        let header = header.map_err(|unreadable| io::Error::other(unreadable.damage(path)))?;
        Ok(Readable { file, salt: header.salt() })
    }
}

impl State {
    fn check(&self) -> io::Result<()> {
        match &self.failed {
            Some(why) => Err(io::Error::other(why.clone())),
            None => Ok(()),
        }
    }

    fn fail(&mut self, why: &str) {
        if self.failed.is_none() {
            tracing::error!("the log has failed and takes nothing more until a restart: {why}");
            self.failed = Some(why.to_owned());
        }
    }

    /// Remembers which nodes a record names. One that was taken back counts too: a number serves once.
    fn hear_of_nodes(&mut self, record: &Record) -> Result<(), String> {
        if record.kind == Kind::Membership {
            let nodes: crate::engine::store::StoredNodes =
                minicbor::decode(&record.payload).map_err(|error| format!("a membership cannot be read: {error}"))?;
            self.nodes.extend(nodes.nodes.iter().map(|(node, _)| *node));
        }
        Ok(())
    }

    /// A record is part of the log from now on.
    fn remember(&mut self, record: &Record) {
        if let Some(last) = self.last {
            assert_eq!(record.id.index, last.index + 1, "the log has no hole");
        }
        if self.terms.last().is_none_or(|term| term.term != record.id.term) {
            self.terms.push(record.id);
        }
        self.last = Some(record.id);
        self.window_bytes += record.payload.len();
        self.window.push_back(record.clone());
    }

    /// The records up to here are on the disk, at these places.
    fn written(&mut self, places: &[Position], memory_bytes: usize) {
        self.positions.extend(places);
        let behind = self.positions_first + self.positions.len() as u64;
        while self.window_bytes > memory_bytes && self.window.front().is_some_and(|record| record.id.index < behind) {
            if let Some(record) = self.window.pop_front() {
                self.window_bytes -= record.payload.len();
            }
        }
    }

    /// What must be read from the disk for a range, and what follows it from memory.
    fn plan(&self, start: u64, end: u64, bytes_max: usize) -> (Vec<Position>, Vec<Record>) {
        let last = self.last.map_or(0, |last| last.index + 1);
        let start = start.max(self.positions_first);
        let end = end.min(last);
        let window_first = self.window.front().map_or(last, |record| record.id.index);
        let mut bytes = 0;
        let mut positions = Vec::new();
        let mut records = Vec::new();
        for index in start..end {
            if bytes > bytes_max {
                break;
            }
            let offset = |first: u64| usize::try_from(index - first).unwrap_or(usize::MAX);
            if index < window_first {
                let position = self.positions[offset(self.positions_first)];
                bytes += position.length as usize;
                positions.push(position);
            } else {
                let record = &self.window[offset(window_first)];
                bytes += record.payload.len();
                records.push(record.clone());
            }
        }
        (positions, records)
    }

    /// The records from `from` on are no longer part of the log.
    fn forget_from(&mut self, from: u64, before: Option<LogId>) {
        while self.window.back().is_some_and(|record| record.id.index >= from) {
            if let Some(record) = self.window.pop_back() {
                self.window_bytes -= record.payload.len();
            }
        }
        self.positions.truncate(usize::try_from(from - self.positions_first).unwrap_or(usize::MAX));
        self.terms.retain(|term| term.index < from);
        self.last = before;
    }

    /// The name of the record at an index behind the mark, or of the mark itself.
    fn id_at(&self, index: u64) -> Option<LogId> {
        if self.purged.is_some_and(|purged| purged.index == index) {
            return self.purged;
        }
        let term = self.terms.iter().rev().find(|term| term.index <= index)?.term;
        Some(LogId { term, index })
    }

    fn purge(&mut self, upto: LogId) {
        self.purged = Some(upto);
        while self.positions_first <= upto.index && self.positions.pop_front().is_some() {
            self.positions_first += 1;
        }
        self.positions_first = self.positions_first.max(upto.index + 1);
        while self.window.front().is_some_and(|record| record.id.index <= upto.index) {
            if let Some(record) = self.window.pop_front() {
                self.window_bytes -= record.payload.len();
            }
        }
        // The term that goes on behind the mark begins there now.
        let running = self.terms.iter().rev().find(|term| term.index <= upto.index + 1).map(|term| term.term);
        self.terms.retain(|term| term.index > upto.index + 1);
        if let Some(term) = running
            && self.last.is_some_and(|last| last.index > upto.index)
        {
            self.terms.insert(0, LogId { term, index: upto.index + 1 });
        }
        if self.last.is_none_or(|last| last.index < upto.index) {
            self.last = Some(upto);
        }
    }
}
