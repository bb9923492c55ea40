//! Opening a log: what is there is read and checked from the place on that a snapshot does not cover, a torn last write
//! is cut, and a truncation that was under way is finished.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;

use super::marks::{Marks, Vote};
use super::record::{Kind, LogId};
use super::segment::{Segment, SegmentHeader, first_of, name};
use super::writer::{SPARE, Spares, Staged, Tail, Writer, apply_cut, begin, make_spare, zero};
use super::{Counters, Log, Places, Position, Queue, Readable, Shared, State};
use crate::disk::{Disk, SyncPoint, create_folder};
use crate::error::{Damage, OnPath, StartError};
use crate::workers::Workers;

/// An opened log, and what was found.
pub(crate) struct Recovered {
    pub(crate) log: Log,
    /// A last write that was cut by a crash, was never answered, and has been cut.
    pub(crate) torn: Option<Damage>,
    /// The batches behind the place that the snapshot covers, newest last: the last that `keep` wanted.
    pub(crate) last_batch: Option<(LogId, Bytes)>,
    /// The marks were missing, which was accepted, and are made anew from the log.
    pub(crate) marks_made: bool,
}

/// What whoever opens a log knows and wants.
pub(crate) struct Wanted<'w> {
    /// What a snapshot covers: segments wholly before it are not read.
    pub(crate) covered: Option<LogId>,
    /// Whether all of the log is to be ready, also what the snapshot covers: other nodes may lack it.
    pub(crate) whole: bool,
    /// Says of a batch whether it counts; the last that does is given back.
    pub(crate) keep: &'w dyn Fn(LogId, &[u8]) -> bool,
    /// Asked once the log has been read and before anything of it is changed or made.
    pub(crate) check: &'w dyn Fn(&Seen<'_>) -> Result<(), StartError>,
    /// For whom this node voted where that was lost: itself, the only one there is.
    pub(crate) voter: u64,
}

/// What was read of a log.
pub(crate) struct Seen<'s> {
    /// The last record there is.
    pub(crate) last: Option<LogId>,
    /// The last batch that counts, behind what a snapshot covers.
    pub(crate) last_batch: Option<&'s (LogId, Bytes)>,
}

/// Opens the log.
pub(crate) fn open(
    disk: Arc<dyn Disk>,
    workers: &Arc<dyn Workers>,
    places: Places,
    wanted: &Wanted<'_>,
) -> Result<Recovered, StartError> {
    let folder = &places.folder;
    let covered = wanted.covered;
    create_folder(&*disk, folder).on(folder)?;
    // A segment may have its name from a process that died before the name was kept; from now on others build on it.
    disk.sync_folder(folder, SyncPoint::SegmentName).on(folder)?;
    let mut marks = read_marks(&*disk, &places)?;
    finish_cut(&*disk, &places, &mut marks)?;
    let mut firsts: Vec<u64> = disk.list(folder).on(folder)?.iter().filter_map(|name| first_of(name)).collect();
    firsts.sort_unstable();
    let mut found = Found::new(covered, wanted.whole);
    if firsts.is_empty() {
        if covered.is_some() || marks.vote.is_some() {
            return Err(Damage::new(folder, 0, "there is no segment, though there was a log").into());
        }
    } else {
        found.read(&*disk, &places, &firsts, wanted.keep)?;
    }
    if let (Some(covered), Some(end)) = (covered, &found.end)
        && found.state.last.is_none_or(|last| last.index < covered.index)
    {
        let what = format!("the log ends before record {}, which a snapshot covers", covered.index + 1);
        return Err(Damage::new(&end.path, end.offset as u64, what).into());
    }
    (wanted.check)(&Seen { last: found.state.last, last_batch: found.last_batch.as_ref() })?;
    let spare = folder.join(SPARE);
    if disk.exists(&spare).on(&spare)? {
        disk.remove(&spare).on(&spare)?;
    }
    let tail = if let Some(end) = found.end.take() {
        found.mend(end)?
    } else {
        let file = make_spare(&*disk, folder, places.segment_bytes).on(folder)?;
        let header = SegmentHeader::new(places.cluster, 0, places.segment_bytes);
        let tail = begin(&*disk, folder, file, 0, &header).on(folder)?;
        found.files.insert(0, tail.readable());
        found.state.segments = 1;
        tail
    };
    if let Some(torn) = &found.torn {
        tracing::warn!("a last write that did not get to the disk whole was never answered and has been cut: {torn}");
    }

    let mut state = found.state;
    let marks_made = marks.vote.is_none() && state.last.is_some_and(|last| last.term > 0);
    if marks_made {
        // Whoever led in that term had this node's vote. It is kept with the next one.
        let term = state.last.map_or(0, |last| last.term);
        marks.vote = Some(Vote { term, node: wanted.voter, committed: true });
    }
    state.vote = marks.vote;
    state.files = found.files;
    let spares = Spares::new(Arc::clone(&disk), Arc::clone(workers), folder, places.segment_bytes);
    let shared = Arc::new(Shared {
        disk,
        places,
        state: Mutex::new(state),
        queue: Mutex::new(Queue::default()),
        counters: Counters::default(),
        lock: Mutex::new(None),
        failed: std::sync::atomic::AtomicBool::new(false),
        moved: tokio::sync::Notify::new(),
    });
    let writer = Writer { shared: Arc::clone(&shared), marks, tail, spares, staged: Staged::default() };
    let writer = workers.keep("bayan-log", Box::new(writer)).on(&shared.places.folder)?;
    let log = Log { shared, writer: Mutex::new(Some(writer)) };
    Ok(Recovered { log, torn: found.torn, last_batch: found.last_batch, marks_made })
}

fn read_marks(disk: &dyn Disk, places: &Places) -> Result<Marks, StartError> {
    let Some(marks) = Marks::read(disk, &places.marks)? else {
        return Ok(Marks { cluster: places.cluster, vote: None, purged: None, cut: None });
    };
    same_cluster(&places.marks, marks.cluster, places)?;
    Ok(marks)
}

fn same_cluster(path: &Path, found: crate::cluster::ClusterId, places: &Places) -> Result<(), StartError> {
    if found == places.cluster {
        return Ok(());
    }
    let (found, expected) = (found.to_string(), places.cluster.to_string());
    Err(StartError::OtherCluster { path: path.to_owned(), found, expected })
}

fn finish_cut(disk: &dyn Disk, places: &Places, marks: &mut Marks) -> Result<(), StartError> {
    let Some(cut) = marks.cut else {
        return Ok(());
    };
    let path = places.folder.join(name(cut.segment));
    let file = disk.open(&path).on(&path)?;
    apply_cut(disk, &places.folder, &*file, cut).on(&path)?;
    marks.cut = None;
    marks.write(disk, &places.marks).on(&places.marks)
}

struct Found {
    state: State,
    files: BTreeMap<u64, Readable>,
    torn: Option<Damage>,
    last_batch: Option<(LogId, Bytes)>,
    covered: Option<LogId>,
    whole: bool,
    end: Option<End>,
}

/// Where the log ends, and what is to be mended there.
struct End {
    path: PathBuf,
    file: Arc<dyn crate::disk::File>,
    segment: Segment,
    offset: usize,
    torn: Option<(usize, usize, &'static str)>,
}

impl Found {
    fn new(covered: Option<LogId>, whole: bool) -> Self {
        let purged = covered.filter(|_| !whole);
        let state = State {
            window: VecDeque::new(),
            window_bytes: 0,
            positions: VecDeque::new(),
            positions_first: purged.map_or(0, |purged| purged.index + 1),
            terms: Vec::new(),
            last: None,
            purged,
            nodes: BTreeSet::new(),
            vote: None,
            files: BTreeMap::new(),
            segments: 0,
            failed: None,
        };
        Found { state, files: BTreeMap::new(), torn: None, last_batch: None, covered, whole, end: None }
    }

    fn read(
        &mut self,
        disk: &dyn Disk,
        places: &Places,
        firsts: &[u64],
        keep: &dyn Fn(LogId, &[u8]) -> bool,
    ) -> Result<(), StartError> {
        let wanted = self.covered.filter(|_| !self.whole).map_or(0, |covered| covered.index + 1);
        let from = firsts.partition_point(|first| *first <= wanted).saturating_sub(1);
        if firsts[from] > wanted {
            let what = format!("the log begins with record {}; record {wanted} is missing", firsts[from]);
            return Err(Damage::new(&places.folder.join(name(firsts[from])), 0, what).into());
        }
        self.state.segments = firsts.len() as u64;
        let mut expected = firsts[from];
        for (at, first) in firsts.iter().enumerate().skip(from) {
            let path = places.folder.join(name(*first));
            if *first != expected {
                return Err(Damage::new(&path, 0, format!("record {expected} is missing before this segment")).into());
            }
            let file = disk.open(&path).on(&path)?;
            let segment = Segment::read(&path, &*file)?;
            same_cluster(&path, segment.header.cluster, places)?;
            if segment.header.first != *first {
                return Err(Damage::new(&path, 0, "its name is not that of its first record").into());
            }
            let last = at + 1 == firsts.len();
            if segment.is_cut() && !last {
                return Err(Damage::new(&path, segment.length() as u64, "the file is cut short").into());
            }
            let salt = segment.header.salt();
            let scanned = segment.scan(last, &mut |placed| self.take(*first, &path, placed, keep))?;
            if let Some(id) = scanned.last {
                expected = id.index + 1;
            }
            if last {
                let file = Arc::clone(&file);
                self.end = Some(End { path, file, segment, offset: scanned.end, torn: scanned.torn });
            }
            self.files.insert(*first, Readable { file, salt });
        }
        if self.state.last.is_none() && expected > 0 {
            // Nothing behind what the snapshot covers.
            self.state.last = self.covered.filter(|covered| covered.index < expected);
        }
        Ok(())
    }

    fn take(
        &mut self,
        segment: u64,
        path: &Path,
        placed: super::segment::Placed,
        keep: &dyn Fn(LogId, &[u8]) -> bool,
    ) -> Result<(), Damage> {
        let record = placed.record;
        let is_covered = self.covered.is_some_and(|covered| record.id.index <= covered.index);
        if let Some(covered) = self.covered
            && record.id.index == covered.index
        {
            if record.id != covered {
                let what = "a record is of another term than the snapshot that covers it says";
                return Err(Damage::new(path, placed.offset as u64, what));
            }
            self.state.last = Some(covered);
        }
        if is_covered && !self.whole {
            return Ok(());
        }
        if self.state.terms.last().is_none_or(|term| term.term != record.id.term) {
            self.state.terms.push(record.id);
        }
        self.state.last = Some(record.id);
        self.state.positions.push_back(Position {
            segment,
            offset: u32::try_from(placed.offset).expect("a segment is smaller than four gibibytes"),
            length: u32::try_from(record.payload.len()).expect("smaller than its segment"),
        });
        self.state.hear_of_nodes(&record).map_err(|what| Damage::new(path, placed.offset as u64, what))?;
        if !is_covered && record.kind == Kind::Batch && keep(record.id, &record.payload) {
            self.last_batch = Some((record.id, record.payload));
        }
        Ok(())
    }

    /// Cuts what is torn. What was read is synced in any case: the process before may have died between its write and
    /// its sync, and from now on others build on it.
    fn mend(&mut self, end: End) -> Result<Tail, StartError> {
        let End { path, file, segment, offset, torn } = end;
        if let Some((offset, end, what)) = torn {
            zero(&*file, offset as u64, end as u64).on(&path)?;
            self.torn = Some(Damage::new(&path, offset as u64, what));
        }
        if segment.is_cut() {
            file.allocate(segment.header.bytes).on(&path)?;
            file.set_len(segment.header.bytes).on(&path)?;
            zero(&*file, segment.length() as u64, segment.header.bytes).on(&path)?;
            if self.torn.is_none() {
                self.torn = Some(Damage::new(&path, segment.length() as u64, "the file was shorter than it was made"));
            }
        }
        file.sync(SyncPoint::Recovered).on(&path)?;
        let room = usize::try_from(segment.header.bytes).unwrap_or(usize::MAX);
        let salt = segment.header.salt();
        Ok(Tail { segment: segment.header.first, file, offset, room, salt })
    }
}
