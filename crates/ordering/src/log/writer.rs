//! The one that writes the log: it takes all that has queued, writes it at once, syncs once, and then tells
//! everybody. Nothing waits for a timer: while a sync is under way the next lot gathers.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;

use super::marks::{Cut, Marks};
use super::record::{LogId, Record, Salt, encode, finish, place, size};
use super::segment::{FIRST, SegmentHeader, name};
use super::{Done, Position, Readable, Shared, Work};
use crate::disk::{Disk, File, SyncPoint};
use crate::workers::{Kept, Steps, Workers};

/// At most this much is written at once, so that one write never has to be held in memory twice over.
const WRITE_BYTES: usize = 4 << 20;
/// The zeros of a new segment are written in pieces, so that the log's own syncs do not wait behind all of them.
const ZEROS_BYTES: usize = 1 << 20;
const ZEROS_SYNC_BYTES: u64 = 4 << 20;

/// The name of the segment that is being made ready.
pub(super) const SPARE: &str = "spare.new";

pub(super) struct Writer {
    pub(super) shared: Arc<Shared>,
    pub(super) marks: Marks,
    pub(super) tail: Tail,
    pub(super) spares: Spares,
    pub(super) staged: Staged,
}

/// Where the next record goes.
pub(super) struct Tail {
    /// The first index of the segment.
    pub(super) segment: u64,
    pub(super) file: Arc<dyn File>,
    pub(super) offset: usize,
    /// How long the file is.
    pub(super) room: usize,
    pub(super) salt: Salt,
}

impl Tail {
    pub(super) fn readable(&self) -> Readable {
        Readable { file: Arc::clone(&self.file), salt: self.salt }
    }
}

/// What is written next.
#[derive(Default)]
pub(super) struct Staged {
    bytes: Vec<u8>,
    positions: Vec<Position>,
}

impl Steps for Writer {
    fn step(&mut self) -> bool {
        let mut staged = core::mem::take(&mut self.staged);
        let closed = loop {
            let work = {
                let mut queue = self.shared.queue.lock();
                if queue.work.is_empty() {
                    break queue.closed;
                }
                core::mem::take(&mut queue.work)
            };
            self.work(work, &mut staged);
        };
        self.staged = staged;
        !closed
    }
}

impl Writer {
    fn work(&mut self, work: Vec<Work>, staged: &mut Staged) {
        let mut waiting: Vec<Done> = Vec::with_capacity(work.len());
        for work in work {
            let (done, result) = match work {
                Work::Append { records, done } => {
                    let result = self.checked(|writer| writer.stage(&records, staged));
                    if result.is_ok() {
                        waiting.push(done);
                        continue;
                    }
                    (done, result)
                }
                Work::Vote { vote, done } => {
                    self.settle(staged, &mut waiting);
                    (done, self.checked(|writer| writer.save(|marks| marks.vote = Some(vote))))
                }
                Work::Purge { upto, done } => {
                    self.settle(staged, &mut waiting);
                    (done, self.checked(|writer| writer.purge(upto)))
                }
                Work::Truncate { from, done } => {
                    self.settle(staged, &mut waiting);
                    (done, self.checked(|writer| writer.truncate(from)))
                }
            };
            // What was staged before a failure has failed with it.
            self.settle(staged, &mut waiting);
            done(result);
        }
        self.settle(staged, &mut waiting);
    }

    /// Makes what is staged durable and tells those who wait for it.
    fn settle(&mut self, staged: &mut Staged, waiting: &mut Vec<Done>) {
        let result = self.checked(|writer| writer.flush(staged));
        for done in waiting.drain(..) {
            done(match &result {
                Ok(()) => Ok(()),
                Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
            });
        }
    }

    /// Once anything has failed, nothing is tried again: what is on the disk is not known any more.
    fn checked(&mut self, act: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.shared.state.lock().check()?;
        act(self).inspect_err(|error| self.shared.fail(&error.to_string()))
    }

    fn stage(&mut self, records: &[Record], staged: &mut Staged) -> io::Result<()> {
        for record in records {
            let size = size(record.payload.len());
            if staged.bytes.len() + size > WRITE_BYTES {
                self.flush(staged)?;
            }
            if place(self.tail.offset + staged.bytes.len()) + size > self.tail.room {
                self.flush(staged)?;
                self.roll(record.id.index)?;
            }
            let began = u32::try_from(self.tail.offset).expect("a segment is smaller than four gibibytes");
            encode(record, began, &mut staged.bytes);
            let end = self.tail.offset + staged.bytes.len();
            assert!(end <= self.tail.room, "a record fits an empty segment");
            staged.positions.push(Position {
                segment: self.tail.segment,
                offset: u32::try_from(end - size).expect("a segment is smaller than four gibibytes"),
                length: u32::try_from(record.payload.len()).expect("smaller than its segment"),
            });
        }
        Ok(())
    }

    fn flush(&mut self, staged: &mut Staged) -> io::Result<()> {
        if staged.bytes.is_empty() {
            return Ok(());
        }
        let ends =
            u32::try_from(self.tail.offset + staged.bytes.len()).expect("a segment is smaller than four gibibytes");
        for position in &staged.positions {
            finish(&mut staged.bytes[position.offset as usize - self.tail.offset..], ends, self.tail.salt);
        }
        let written = self.tail.file.write_at(self.tail.offset as u64, &staged.bytes);
        let synced = written.and_then(|()| self.tail.file.sync(SyncPoint::Append));
        let (bytes, positions) = (staged.bytes.len(), core::mem::take(&mut staged.positions));
        staged.bytes.clear();
        synced?;
        self.tail.offset += bytes;
        self.shared.counters.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.shared.counters.syncs.fetch_add(1, Ordering::Relaxed);
        self.shared.state.lock().written(&positions, self.shared.places.memory_bytes);
        self.shared.moved.notify_waiters();
        staged.positions = positions;
        staged.positions.clear();
        if self.tail.offset > self.tail.room / 2 {
            self.spares.order();
        }
        Ok(())
    }

    /// Goes on in a new segment, whose first record has this index.
    fn roll(&mut self, first: u64) -> io::Result<()> {
        let places = &self.shared.places;
        let file = self.spares.take()?;
        self.tail = begin(
            &*self.shared.disk,
            &places.folder,
            file,
            first,
            &SegmentHeader::new(places.cluster, first, places.segment_bytes),
        )?;
        let mut state = self.shared.state.lock();
        state.files.insert(first, self.tail.readable());
        state.segments += 1;
        Ok(())
    }

    fn save(&mut self, change: impl FnOnce(&mut Marks)) -> io::Result<()> {
        change(&mut self.marks);
        self.marks.write(&*self.shared.disk, &self.shared.places.marks)?;
        self.shared.state.lock().vote = self.marks.vote;
        Ok(())
    }

    fn purge(&mut self, upto: LogId) -> io::Result<()> {
        self.save(|marks| marks.purged = Some(upto))?;
        self.shared.state.lock().purge(upto);
        Ok(())
    }

    /// What is to go is written down first, so that a crash in between leaves no half of it: recovery goes on with it.
    fn truncate(&mut self, from: u64) -> io::Result<()> {
        let (position, before) = {
            let state = self.shared.state.lock();
            let Some(position) = from
                .checked_sub(state.positions_first)
                .and_then(|at| state.positions.get(usize::try_from(at).unwrap_or(usize::MAX)))
            else {
                return Ok(());
            };
            let before = from.checked_sub(1).and_then(|index| state.id_at(index));
            (*position, before)
        };
        let cut = Cut { segment: position.segment, offset: u64::from(position.offset) };
        self.save(|marks| marks.cut = Some(cut))?;
        let file = {
            let mut state = self.shared.state.lock();
            state.forget_from(from, before);
            let before = state.files.len();
            state.files.retain(|first, _| *first <= cut.segment);
            state.segments -= (before - state.files.len()) as u64;
            state.files.get(&cut.segment).cloned()
        };
        let places = &self.shared.places;
        let Readable { file, salt } = match file {
            Some(known) => known,
            None => Readable::open(&*self.shared.disk, &places.folder.join(name(cut.segment)))?,
        };
        apply_cut(&*self.shared.disk, &places.folder, &*file, cut)?;
        self.save(|marks| marks.cut = None)?;
        let room = usize::try_from(file.len()?).unwrap_or(usize::MAX);
        self.tail = Tail { segment: cut.segment, file, offset: position.offset as usize, room, salt };
        Ok(())
    }
}

/// Takes away everything from a place in the log on.
pub(super) fn apply_cut(disk: &dyn Disk, folder: &Path, file: &dyn File, cut: Cut) -> io::Result<()> {
    let mut later: Vec<String> = disk.list(folder)?;
    later.retain(|name| super::segment::first_of(name).is_some_and(|first| first > cut.segment));
    // From the end, so that the log has no hole at any time.
    for name in later.iter().rev() {
        disk.remove(&folder.join(name))?;
    }
    disk.sync_folder(folder, SyncPoint::TruncatedName)?;
    zero(file, cut.offset, file.len()?)?;
    file.sync(SyncPoint::TruncatedData)
}

/// Overwrites with zeros.
pub(super) fn zero(file: &dyn File, from: u64, to: u64) -> io::Result<()> {
    let zeros = vec![0; ZEROS_BYTES];
    let mut at = from;
    while at < to {
        let step = (to - at).min(ZEROS_BYTES as u64);
        file.write_at(at, &zeros[..usize::try_from(step).unwrap_or(ZEROS_BYTES)])?;
        at += step;
    }
    Ok(())
}

/// Turns a spare file into the segment that begins with `first`.
pub(super) fn begin(
    disk: &dyn Disk,
    folder: &Path,
    file: Arc<dyn File>,
    first: u64,
    header: &SegmentHeader,
) -> io::Result<Tail> {
    file.write_at(0, &header.encode())?;
    file.sync(SyncPoint::SegmentData)?;
    disk.rename(&folder.join(SPARE), &folder.join(name(first)))?;
    disk.sync_folder(folder, SyncPoint::SegmentName)?;
    let room = usize::try_from(header.bytes).unwrap_or(usize::MAX);
    Ok(Tail { segment: first, file, offset: FIRST, room, salt: header.salt() })
}

/// A file of zeros with room on the disk, to become a segment.
pub(super) fn make_spare(disk: &dyn Disk, folder: &Path, bytes: u64) -> io::Result<Arc<dyn File>> {
    let path = folder.join(SPARE);
    if disk.exists(&path)? {
        disk.remove(&path)?;
    }
    let file = disk.create(&path)?;
    file.allocate(bytes)?;
    let mut at = 0;
    while at < bytes {
        let to = (at + ZEROS_SYNC_BYTES).min(bytes);
        zero(&*file, at, to)?;
        file.sync(SyncPoint::SegmentData)?;
        at = to;
    }
    Ok(file)
}

/// Makes the next segment ready while this one is being filled.
pub(super) struct Spares {
    disk: Arc<dyn Disk>,
    workers: Arc<dyn Workers>,
    folder: PathBuf,
    bytes: u64,
    ordered: Option<Ordered>,
}

/// A segment that is being made ready.
struct Ordered {
    making: Box<dyn Kept>,
    made: Made,
}

/// What has come of it, once it is over.
type Made = Arc<Mutex<Option<io::Result<Arc<dyn File>>>>>;

struct Making {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    bytes: u64,
    made: Made,
}

impl Steps for Making {
    fn step(&mut self) -> bool {
        let made = make_spare(&*self.disk, &self.folder, self.bytes);
        *self.made.lock() = Some(made);
        false
    }
}

impl Spares {
    pub(super) fn new(disk: Arc<dyn Disk>, workers: Arc<dyn Workers>, folder: &Path, bytes: u64) -> Self {
        Spares { disk, workers, folder: folder.to_owned(), bytes, ordered: None }
    }

    /// Has the next one made, unless it is being made already. Where nobody can make it ahead it is made when it is needed.
    fn order(&mut self) {
        if self.ordered.is_some() {
            return;
        }
        let made = Made::default();
        let (disk, folder) = (Arc::clone(&self.disk), self.folder.clone());
        let steps = Making { disk, folder, bytes: self.bytes, made: Arc::clone(&made) };
        match self.workers.keep("bayan-segments", Box::new(steps)) {
            Ok(making) => self.ordered = Some(Ordered { making, made }),
            Err(error) => tracing::warn!("a segment cannot be made ready ahead: {error}"),
        }
    }

    /// The next one; waits for it.
    fn take(&mut self) -> io::Result<Arc<dyn File>> {
        if let Some(Ordered { making, made }) = self.ordered.take() {
            making.end();
            match made.lock().take() {
                Some(Ok(file)) => return Ok(file),
                // The disk may have been full when it was ordered and have room now. It is a new file, so nothing is
                // asked of the disk again that it has failed to keep.
                Some(Err(error)) => tracing::warn!("a segment could not be made ready ahead: {error}"),
                None => tracing::warn!("a segment was not made ready ahead"),
            }
        }
        make_spare(&*self.disk, &self.folder, self.bytes)
    }
}

impl Drop for Spares {
    /// Nothing is written to the folder behind whoever takes it next.
    fn drop(&mut self) {
        if let Some(Ordered { making, .. }) = self.ordered.take() {
            making.end();
        }
    }
}
