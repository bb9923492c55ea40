//! Records from before the base of a log, on their way into segments of its own. They are believed when all of them are
//! there: their entries make up the tree of the snapshot that the log begins behind, and the last is its record. Until then
//! nobody reads them.

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use exchange::units::Sequence;

use super::base::{Older, remove};
use super::marks::Base;
use super::record::{LogId, Record, Salt, encode, finish, place, size};
use super::segment::{FIRST, Segment, SegmentHeader, first_of, name};
use super::{Kind, Places, Position, Readable};
use crate::disk::{Disk, File, SyncPoint};
use crate::engine::batch;
use crate::engine::store::StoredNodes;
use crate::tree::Tree;

/// The name of the segment that is being filled.
const FILLED: &str = "older.new";
/// The file is synced in pieces, so that the log's own syncs do not wait behind all of it.
const SYNC_BYTES: usize = 4 << 20;

/// Why records are not taken.
#[derive(Debug)]
pub(crate) enum Unproven {
    /// They are not the history of this log. Whatever was taken before is not to be believed either.
    Differs(String),
    /// The disk said no.
    Disk(io::Error),
}

impl From<io::Error> for Unproven {
    fn from(error: io::Error) -> Self {
        Unproven::Disk(error)
    }
}

/// History before a base, as far as it is there.
pub(crate) struct Filling {
    disk: Arc<dyn Disk>,
    places: Places,
    base: Base,
    /// The index of the next record.
    next: u64,
    last: Option<LogId>,
    tree: Tree,
    older: Older,
    open: Option<Open>,
}

/// The segment that is being filled.
struct Open {
    file: Arc<dyn File>,
    first: u64,
    salt: Salt,
    offset: usize,
    synced: usize,
}

impl Filling {
    /// Looks at what a process before has left: whole segments without a gap stay, everything else goes. It reads all of it.
    pub(crate) fn open(disk: Arc<dyn Disk>, places: Places, base: Base) -> io::Result<Filling> {
        let tree = Tree::default();
        let (older, last) = (Older::default(), None);
        let mut filling = Filling { disk, places, base, next: 0, last, tree, older, open: None };
        for first in filling.firsts()? {
            if let Err(why) = filling.read(first) {
                match why {
                    Unproven::Disk(error) => return Err(error),
                    Unproven::Differs(what) => tracing::warn!(
                        "history from record {first} on is fetched anew: what is here cannot be used: {what}"
                    ),
                }
                break;
            }
        }
        let good = filling.next;
        let names = filling.firsts()?.into_iter().filter(|first| *first >= good).map(name);
        let half = filling.disk.exists(&filling.path_of_open())?.then(|| FILLED.to_owned());
        remove(&*filling.disk, &filling.places.folder, names.rev().chain(half))?;
        Ok(filling)
    }

    /// The base that it leads up to.
    pub(crate) fn base(&self) -> &Base {
        &self.base
    }

    /// The index of the next record that is wanted.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// Whether all are there.
    pub(crate) fn is_full(&self) -> bool {
        self.next > self.base.log.index
    }

    /// Takes records that follow those that are there.
    ///
    /// # Errors
    /// They are not what is wanted, or cannot be written; begin anew with [`Filling::forget`] or [`Filling::open`].
    pub(crate) fn push(&mut self, records: &[Record]) -> Result<(), Unproven> {
        let mut bytes = Vec::new();
        let mut positions = Vec::new();
        for record in records {
            self.look_at(record)?;
            let size = size(record.payload.len());
            let mut open = match self.open.take() {
                Some(open) => open,
                None => self.begin(record.id.index)?,
            };
            if place(open.offset + bytes.len()) + size > self.room() {
                self.write(&mut open, &mut bytes, &mut positions)?;
                self.seal(open)?;
                open = self.begin(record.id.index)?;
            }
            encode(record, offset_of(open.offset), &mut bytes);
            let end = open.offset + bytes.len();
            if end > self.room() {
                return Err(Unproven::Differs("a record is larger than a segment".to_owned()));
            }
            positions.push(Position {
                segment: open.first,
                offset: offset_of(end - size),
                length: offset_of(record.payload.len()),
            });
            self.open = Some(open);
            self.follow(record)?;
        }
        if let Some(mut open) = self.open.take() {
            self.write(&mut open, &mut bytes, &mut positions)?;
            self.open = Some(open);
        }
        Ok(())
    }

    /// All of it, where it is what the snapshot says.
    ///
    /// # Errors
    /// It is not, or cannot be written.
    pub(crate) fn finish(mut self) -> Result<Older, Unproven> {
        if self.last != Some(self.base.log) || self.tree != self.base.tree {
            let what = "the records before the base do not lead to what the snapshot says";
            return Err(Unproven::Differs(what.to_owned()));
        }
        if let Some(open) = self.open.take() {
            self.seal(open)?;
        }
        Ok(self.older)
    }

    /// Takes everything away that is there.
    pub(crate) fn forget(disk: &dyn Disk, places: &Places, base: &Base) -> io::Result<()> {
        let folder = &places.folder;
        let mut names: Vec<String> = disk.list(folder)?;
        names.retain(|name| name == FILLED || first_of(name).is_some_and(|first| first <= base.log.index));
        remove(disk, folder, names.into_iter().rev())
    }

    fn firsts(&self) -> io::Result<Vec<u64>> {
        let mut firsts: Vec<u64> =
            self.disk.list(&self.places.folder)?.iter().filter_map(|name| first_of(name)).collect();
        firsts.retain(|first| *first <= self.base.log.index);
        firsts.sort_unstable();
        Ok(firsts)
    }

    fn path_of_open(&self) -> PathBuf {
        self.places.folder.join(FILLED)
    }

    fn room(&self) -> usize {
        usize::try_from(self.places.segment_bytes).unwrap_or(usize::MAX)
    }

    /// Takes a whole segment that is there.
    fn read(&mut self, first: u64) -> Result<(), Unproven> {
        let differs = |what: String| Unproven::Differs(what);
        if first != self.next {
            return Err(differs(format!("record {} is missing before it", self.next)));
        }
        let path = self.places.folder.join(name(first));
        let file = self.disk.open(&path)?;
        let segment = Segment::read(&path, &*file).map_err(|error| differs(error.to_string()))?;
        if segment.header.cluster != self.places.cluster || segment.header.first != first || segment.is_cut() {
            return Err(differs(format!("{} is not a whole segment of this log", path.display())));
        }
        let salt = segment.header.salt();
        let before = (self.next, self.last, self.tree.clone(), self.older.positions.len());
        let mut why = None;
        let scanned = segment.scan(false, &mut |placed| {
            let position = Position {
                segment: first,
                offset: offset_of(placed.offset),
                length: offset_of(placed.record.payload.len()),
            };
            self.older.positions.push_back(position);
            let followed = self.look_at(&placed.record).and_then(|()| self.follow(&placed.record));
            followed.map_err(|unproven| {
                why = Some(unproven);
                crate::error::Damage::new(&path, placed.offset as u64, "it is not what is wanted here")
            })
        });
        if let Err(damage) = scanned {
            let (next, last, tree, positions) = before;
            (self.next, self.last, self.tree) = (next, last, tree);
            self.older.positions.truncate(positions);
            self.older.terms.retain(|term| term.index < next);
            return Err(why.unwrap_or_else(|| differs(damage.to_string())));
        }
        self.older.files.insert(first, Readable { file, salt });
        Ok(())
    }

    fn look_at(&self, record: &Record) -> Result<(), Unproven> {
        let LogId { term, index } = record.id;
        if index != self.next || index > self.base.log.index {
            return Err(Unproven::Differs(format!("record {index} comes where record {} belongs", self.next)));
        }
        if self.last.is_some_and(|last| term < last.term) || term > self.base.log.term {
            return Err(Unproven::Differs(format!("record {index} is of term {term}, which cannot be there")));
        }
        Ok(())
    }

    /// Adds a record to what is known, and compares with what the snapshot says.
    fn follow(&mut self, record: &Record) -> Result<(), Unproven> {
        let index = record.id.index;
        let cannot = |what: &dyn core::fmt::Display| Unproven::Differs(format!("record {index}: {what}"));
        match record.kind {
            Kind::Blank => {}
            Kind::Membership => {
                let nodes: StoredNodes = minicbor::decode(&record.payload).map_err(|error| cannot(&error))?;
                self.older.nodes.extend(nodes.nodes.iter().map(|(node, _)| *node));
            }
            Kind::Batch => {
                let due = Sequence(self.tree.leaves() + 1);
                if !batch::is_void(&record.payload, record.id.term, due).map_err(|error| cannot(&error))? {
                    for entry in batch::entries(&record.payload).map_err(|error| cannot(&error))? {
                        self.tree.push(entry.map_err(|error| cannot(&error))?);
                        if !self.base.tree.begins_with(&self.tree) {
                            return Err(cannot(&"its entries are not those that the snapshot was made of"));
                        }
                    }
                }
            }
        }
        if self.older.terms.last().is_none_or(|term| term.term != record.id.term) {
            self.older.terms.push(record.id);
        }
        self.last = Some(record.id);
        self.next = index + 1;
        Ok(())
    }

    fn begin(&self, first: u64) -> io::Result<Open> {
        let path = self.path_of_open();
        if self.disk.exists(&path)? {
            self.disk.remove(&path)?;
        }
        let header = SegmentHeader::new(self.places.cluster, first, self.places.segment_bytes);
        let file = self.disk.create(&path)?;
        file.allocate(header.bytes)?;
        file.set_len(header.bytes)?;
        file.write_at(0, &header.encode())?;
        Ok(Open { file, first, salt: header.salt(), offset: FIRST, synced: 0 })
    }

    fn write(&mut self, open: &mut Open, bytes: &mut Vec<u8>, positions: &mut Vec<Position>) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let ends = offset_of(open.offset + bytes.len());
        for position in positions.iter() {
            finish(&mut bytes[position.offset as usize - open.offset..], ends, open.salt);
        }
        open.file.write_at(open.offset as u64, bytes)?;
        open.offset += bytes.len();
        if open.offset - open.synced >= SYNC_BYTES {
            open.file.sync(SyncPoint::OlderData)?;
            open.synced = open.offset;
        }
        bytes.clear();
        self.older.positions.extend(positions.drain(..));
        Ok(())
    }

    /// From here on it is a segment that outlasts this process.
    fn seal(&mut self, open: Open) -> io::Result<()> {
        let folder = &self.places.folder;
        open.file.sync(SyncPoint::OlderData)?;
        self.disk.rename(&self.path_of_open(), &folder.join(name(open.first)))?;
        self.disk.sync_folder(folder, SyncPoint::OlderName)?;
        self.older.files.insert(open.first, Readable { file: open.file, salt: open.salt });
        Ok(())
    }
}

fn offset_of(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("a segment is smaller than four gibibytes")
}
