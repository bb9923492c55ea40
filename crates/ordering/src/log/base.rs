//! A log that begins behind a snapshot, and what comes of it when history before that is complete.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::path::Path;

use super::marks::{Base, Marks};
use super::record::LogId;
use super::segment::{SegmentHeader, first_of, name};
use super::writer::{Writer, begin, make_spare};
use super::{Done, Log, Places, Position, Readable, State, Work};
use crate::disk::{Disk, SyncPoint};
use crate::error::{Damage, OnPath, StartError};

/// Puts a file where it belongs; doing it again does nothing.
pub(crate) type Place = Box<dyn FnOnce() -> io::Result<()> + Send>;

/// A snapshot that a log is to begin behind.
pub(crate) struct Begin {
    pub(crate) base: Base,
    /// The last record of this log that is surely not overruled.
    pub(crate) applied: Option<LogId>,
    /// Puts the snapshot where a start looks for it.
    pub(crate) place: Place,
}

/// The records before the base, proven and in their segments.
#[derive(Default)]
pub(crate) struct Older {
    pub(super) positions: VecDeque<Position>,
    pub(super) terms: Vec<LogId>,
    pub(super) nodes: BTreeSet<u64>,
    pub(super) files: BTreeMap<u64, Readable>,
}

impl Log {
    /// Begins the log anew behind a snapshot. What this log had before stays on the disk, where it may serve as history.
    /// A log that has the snapshot's last record needs no such thing, and keeps all that it has.
    pub(crate) fn begin_at(&self, begin: Begin, done: Done) -> io::Result<()> {
        self.ask(Work::Begin { begin: Box::new(begin), done })
    }

    /// History before the base is complete: the log begins with the first record from now on.
    pub(crate) fn complete(&self, older: Older, done: Done) -> io::Result<()> {
        self.ask(Work::Complete { older: Box::new(older), done })
    }

    /// Where the log begins; `None`: with the first record.
    pub(crate) fn base(&self) -> Option<Base> {
        self.shared.state.lock().base.clone()
    }

    /// The first entry of the history that is complete to the end.
    pub(crate) fn history_from(&self) -> exchange::units::Sequence {
        exchange::units::Sequence(self.shared.state.lock().base.as_ref().map_or(0, |base| base.sequence.0) + 1)
    }

    /// The index of the first record that can be given to others.
    pub(crate) fn first(&self) -> u64 {
        self.shared.state.lock().positions_first
    }

    /// Where the log lies, and on what.
    pub(crate) fn places(&self) -> (std::sync::Arc<dyn Disk>, Places) {
        (std::sync::Arc::clone(&self.shared.disk), self.shared.places.clone())
    }

    /// The last record behind which there are at least this many bytes of others; `None`: there are fewer.
    pub(crate) fn before_last(&self, bytes: u64) -> Option<u64> {
        let state = self.shared.state.lock();
        let mut behind = 0;
        let found = state.positions.iter().rposition(|position| {
            let is_behind = behind >= bytes;
            behind += u64::from(position.length);
            is_behind
        });
        found.map(|at| state.positions_first + at as u64)
    }

    /// How many bytes of records there are from this index on.
    pub(crate) fn bytes_from(&self, index: u64) -> u64 {
        let state = self.shared.state.lock();
        let at = usize::try_from(index.saturating_sub(state.positions_first)).unwrap_or(usize::MAX);
        state.positions.iter().skip(at).map(|position| u64::from(position.length)).sum()
    }

    /// The numbers of all nodes that there ever were; `None`: the log begins behind a snapshot that does not say.
    pub(crate) fn named(&self) -> Option<Vec<u64>> {
        let state = self.shared.state.lock();
        let before = match &state.base {
            Some(base) => base.named.as_deref()?,
            None => &[],
        };
        Some(before.iter().copied().chain(state.nodes.iter().copied()).collect::<BTreeSet<u64>>().into_iter().collect())
    }
}

impl Writer {
    pub(super) fn begin_at(&mut self, begin: Begin) -> io::Result<()> {
        let Begin { base, applied, place } = begin;
        let own = applied.map_or(0, |applied| applied.index + 1);
        let last = {
            let state = self.shared.state.lock();
            if state.last.is_some_and(|last| last.index >= base.log.index) {
                let found = state.id_at(base.log.index);
                if found != Some(base.log) {
                    let (index, term) = (base.log.index, base.log.term);
                    return Err(io::Error::other(format!(
                        "record {index} is not that of term {term} which is covered"
                    )));
                }
                drop(state);
                return place();
            }
            state.last
        };
        // What may be overruled is no history.
        if last.is_some_and(|last| last.index >= own) {
            self.truncate(own)?;
        }
        let log = base.log;
        self.save(|marks| marks.base = Some(Base { is_ready: false, ..base }))?;
        place()?;
        self.roll(log.index + 1)?;
        self.save(|marks| {
            if let Some(base) = &mut marks.base {
                base.is_ready = true;
            }
        })?;
        let base = self.marks.base.clone();
        self.shared.state.lock().begin_at(base, log);
        Ok(())
    }

    pub(super) fn complete(&mut self, older: Older) -> io::Result<()> {
        self.save(|marks| marks.base = None)?;
        self.shared.state.lock().complete(older);
        Ok(())
    }
}

impl State {
    fn begin_at(&mut self, base: Option<Base>, log: LogId) {
        self.window.clear();
        self.window_bytes = 0;
        self.positions.clear();
        self.positions_first = log.index + 1;
        self.terms.clear();
        self.nodes.clear();
        self.last = Some(log);
        self.purged = Some(log);
        self.base = base;
        self.files.retain(|first, _| *first > log.index);
        self.segments = self.files.len() as u64;
    }

    fn complete(&mut self, mut older: Older) {
        let behind = older.positions.len() as u64;
        assert_eq!(behind, self.positions_first, "history goes up to where the log begins");
        older.positions.append(&mut self.positions);
        self.positions = older.positions;
        self.positions_first = 0;
        if let (Some(last), Some(first)) = (older.terms.last(), self.terms.first())
            && last.term == first.term
        {
            self.terms.remove(0);
        }
        older.terms.append(&mut self.terms);
        self.terms = older.terms;
        self.nodes.append(&mut older.nodes);
        self.files.append(&mut older.files);
        self.segments = self.files.len() as u64;
        self.purged = None;
        self.base = None;
    }
}

/// Finishes the beginning of a log behind a snapshot, which a crash has cut short: nothing was appended to it yet. The
/// snapshot is in its place already.
pub(super) fn finish_begin(disk: &dyn Disk, places: &Places, marks: &mut Marks) -> Result<(), StartError> {
    let Some(base) = marks.base.as_mut().filter(|base| !base.is_ready) else {
        return Ok(());
    };
    let first = base.log.index + 1;
    let folder = &places.folder;
    for name in disk.list(folder).on(folder)? {
        if name == super::writer::SPARE || first_of(&name).is_some_and(|found| found >= first) {
            let path = folder.join(name);
            disk.remove(&path).on(&path)?;
        }
    }
    let file = make_spare(disk, folder, places.segment_bytes).on(folder)?;
    let header = SegmentHeader::new(places.cluster, first, places.segment_bytes);
    begin(disk, folder, file, first, &header).on(folder)?;
    base.is_ready = true;
    marks.write(disk, &places.marks).on(&places.marks)
}

/// Of the segments in a folder those that the log is made of: all, or those behind its base, of which the first must be there.
pub(crate) fn live(folder: &Path, mut firsts: Vec<u64>, base: Option<&Base>) -> Result<Vec<u64>, Damage> {
    firsts.sort_unstable();
    let Some(base) = base else { return Ok(firsts) };
    let first = base.log.index + 1;
    firsts.retain(|found| *found >= first);
    if firsts.first() == Some(&first) {
        return Ok(firsts);
    }
    Err(Damage::new(&folder.join(name(first)), 0, "the segment is missing with which this node's log begins"))
}

/// Takes a name away for good.
pub(super) fn remove(disk: &dyn Disk, folder: &Path, names: impl Iterator<Item = String>) -> io::Result<()> {
    let mut any = false;
    for name in names {
        disk.remove(&folder.join(name))?;
        any = true;
    }
    if any { disk.sync_folder(folder, SyncPoint::TruncatedName) } else { Ok(()) }
}
