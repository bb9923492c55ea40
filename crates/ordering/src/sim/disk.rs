//! A disk in memory that remembers what was synced and what was not.
//!
//! The model: a file's bytes are kept in sectors of 512 bytes; a sector that was written and not synced is, after a
//! power loss, either the new one or the one that was synced last, each by itself, and so is the file's length. Names
//! (of files and folders) are kept by folder; after a power loss a folder has seen some number of the first of its
//! changes that were not synced. A failed sync loses what it should have kept and leaves no trace, as Linux does.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::disk::{Disk, File, Lock, SyncPoint};

const SECTOR: usize = 512;

/// A disk in memory; cheap to clone, all clones are the same disk.
#[derive(Clone, Default)]
pub struct SimDisk(Arc<Mutex<Machine>>);

#[derive(Default)]
struct Machine {
    /// Counts power losses and killed processes; what was opened before is dead.
    boot: u64,
    files: BTreeMap<u64, Content>,
    next_file: u64,
    folders: BTreeMap<PathBuf, Folder>,
    locked: BTreeSet<PathBuf>,
    operations: u64,
    off_at: Option<u64>,
    off: bool,
    writes: u64,
    fail_write: Option<u64>,
    syncs: u64,
    fail_sync: Option<u64>,
    fail_point: Option<SyncPoint>,
    ignored: Option<SyncPoint>,
    room: Option<u64>,
    asked: BTreeMap<SyncPoint, u64>,
}

#[derive(Default)]
struct Content {
    now: Vec<u8>,
    kept: Vec<u8>,
    dirty: BTreeSet<usize>,
    length_dirty: bool,
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Named {
    File(u64),
    Folder,
}

#[derive(Default)]
struct Folder {
    now: BTreeMap<String, Named>,
    kept: BTreeMap<String, Named>,
    /// Changes since the last sync, in order; each is all or nothing.
    changes: Vec<Vec<(String, Option<Named>)>>,
}

impl Folder {
    fn change(&mut self, change: Vec<(String, Option<Named>)>) {
        for (name, named) in &change {
            set(&mut self.now, name, *named);
        }
        self.changes.push(change);
    }
}

fn set(names: &mut BTreeMap<String, Named>, name: &str, named: Option<Named>) {
    match named {
        Some(named) => names.insert(name.to_owned(), named),
        None => names.remove(name),
    };
}

/// A small generator (SplitMix64), so that a seed says everything.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound as u64).max(1)).unwrap_or(0)
    }
}

impl SimDisk {
    /// An empty disk with one folder, which is kept.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let disk = SimDisk::default();
        disk.0.lock().folders.insert(root.into(), Folder::default());
        disk
    }

    /// The disk as a process sees it that starts now.
    #[must_use]
    pub fn process(&self) -> Arc<dyn Disk> {
        let boot = self.0.lock().boot;
        Arc::new(Process { disk: self.clone(), boot })
    }

    /// The power goes: what was not synced is lost or torn at random, and every process is dead. Then it comes back.
    pub fn lose_power(&self, seed: u64) {
        let mut machine = self.0.lock();
        machine.restart();
        let mut dice = Dice(seed);
        for content in machine.files.values_mut() {
            content.lose(&mut dice);
        }
        for folder in machine.folders.values_mut() {
            let survive = dice.below(folder.changes.len() + 1);
            for change in folder.changes.drain(..).take(survive) {
                for (name, named) in change {
                    set(&mut folder.kept, &name, named);
                }
            }
            folder.now = folder.kept.clone();
        }
        machine.forget_unreachable();
    }

    /// The process is killed: it is dead, but the machine still has what it wrote, synced or not.
    pub fn kill(&self) {
        self.0.lock().restart();
    }

    /// The power goes, or the process dies, at this many operations from now: that operation and all after it fail
    /// until [`SimDisk::lose_power`] or [`SimDisk::kill`].
    pub fn stop_after(&self, operations: u64) {
        let mut machine = self.0.lock();
        machine.off_at = Some(machine.operations + operations);
    }

    /// Whether it has come to that.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.0.lock().off
    }

    /// How many operations there have been.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.0.lock().operations
    }

    /// How often each place has asked for a sync.
    #[must_use]
    pub fn syncs_by_point(&self) -> BTreeMap<SyncPoint, u64> {
        self.0.lock().asked.clone()
    }

    /// The write after this many more fails, with a part of it done.
    pub fn fail_write_after(&self, writes: u64) {
        let mut machine = self.0.lock();
        machine.fail_write = Some(machine.writes + writes);
    }

    /// The sync after this many more fails and loses what it should have kept.
    pub fn fail_sync_after(&self, syncs: u64) {
        let mut machine = self.0.lock();
        machine.fail_sync = Some(machine.syncs + syncs);
    }

    /// The next sync of this place fails and loses what it should have kept.
    pub fn fail_sync_of(&self, point: SyncPoint) {
        self.0.lock().fail_point = Some(point);
    }

    /// The syncs of one place do nothing and say that they did.
    pub fn ignore(&self, point: Option<SyncPoint>) {
        self.0.lock().ignored = point;
    }

    /// The disk has room for this many bytes in all; `None`: for any number.
    pub fn set_room(&self, bytes: Option<u64>) {
        self.0.lock().room = bytes;
    }

    /// How many bytes its files have.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.0.lock().used()
    }

    /// From now on nothing fails any more.
    pub fn mend(&self) {
        let mut machine = self.0.lock();
        (machine.fail_write, machine.fail_sync, machine.fail_point) = (None, None, None);
        if !machine.off {
            machine.off_at = None;
        }
    }

    /// Another disk is put in its place, which is empty. Every process is dead.
    pub fn wipe(&self) {
        let mut machine = self.0.lock();
        machine.restart();
        let root = machine.folders.keys().next().cloned();
        machine.files.clear();
        machine.folders = root.map(|root| (root, Folder::default())).into_iter().collect();
    }

    /// The names of the files in a folder.
    #[must_use]
    pub fn names(&self, folder: &Path) -> Vec<String> {
        let machine = self.0.lock();
        let names = machine.folders.get(folder).map(|folder| &folder.now);
        let file = |(name, named): (&String, &Named)| matches!(named, Named::File(_)).then(|| name.clone());
        names.into_iter().flatten().filter_map(file).collect()
    }

    /// The bytes of a file.
    #[must_use]
    pub fn contents(&self, path: &Path) -> Option<Vec<u8>> {
        let machine = self.0.lock();
        let file = machine.file(path)?;
        machine.files.get(&file).map(|content| content.now.clone())
    }

    /// Puts bytes in place of a file's, synced, as damage would.
    pub fn corrupt(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut machine = self.0.lock();
        if let Some(file) = machine.file(path)
            && let Some(content) = machine.files.get_mut(&file)
        {
            change(&mut content.now);
            content.keep();
        }
    }
}

impl Content {
    fn keep(&mut self) {
        self.kept.clone_from(&self.now);
        self.dirty.clear();
        self.length_dirty = false;
    }

    /// What a failed sync leaves: nothing on the disk, and nothing that a later sync would know of.
    fn drop_dirty(&mut self) {
        self.dirty.clear();
        self.length_dirty = false;
    }

    fn lose(&mut self, dice: &mut Dice) {
        let length = if self.length_dirty && dice.coin() { self.now.len() } else { self.kept.len() };
        let mut after = self.kept.clone();
        after.resize(length, 0);
        for sector in core::mem::take(&mut self.dirty) {
            if !dice.coin() {
                continue;
            }
            let start = sector * SECTOR;
            let end = (start + SECTOR).min(length).min(self.now.len());
            if start < end {
                after[start..end].copy_from_slice(&self.now[start..end]);
            }
        }
        self.now = after;
        self.keep();
    }

    fn resize(&mut self, length: usize) {
        if length == self.now.len() {
            return;
        }
        self.length_dirty = true;
        let from = length.min(self.now.len());
        self.now.resize(length, 0);
        if from < length && !from.is_multiple_of(SECTOR) {
            self.dirty.insert(from / SECTOR);
        }
    }

    fn write(&mut self, offset: usize, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if self.now.len() < offset + bytes.len() {
            self.resize(offset + bytes.len());
        }
        self.now[offset..offset + bytes.len()].copy_from_slice(bytes);
        self.dirty.extend(offset / SECTOR..=(offset + bytes.len() - 1) / SECTOR);
    }
}

impl Machine {
    fn restart(&mut self) {
        self.boot += 1;
        self.off = false;
        self.off_at = None;
        self.fail_write = None;
        self.fail_sync = None;
        self.fail_point = None;
        self.locked.clear();
    }

    fn alive(&mut self, boot: u64) -> io::Result<()> {
        if self.boot != boot || self.off {
            return Err(io::Error::other("the machine is off"));
        }
        self.operations += 1;
        if self.off_at.is_some_and(|at| self.operations > at) {
            self.off = true;
            return Err(io::Error::other("the machine goes off"));
        }
        Ok(())
    }

    /// As [`Machine::alive`], but what goes off in the middle of it may have been done.
    fn alive_or_half(&mut self, boot: u64) -> io::Result<bool> {
        if self.boot != boot || self.off {
            return Err(io::Error::other("the machine is off"));
        }
        Ok(self.alive(boot).is_ok())
    }

    fn named(&self, path: &Path) -> Option<Named> {
        if self.folders.contains_key(path) && path.parent().is_none_or(|above| !self.folders.contains_key(above)) {
            return Some(Named::Folder);
        }
        self.folders.get(path.parent()?)?.now.get(path.file_name()?.to_str()?).copied()
    }

    fn file(&self, path: &Path) -> Option<u64> {
        match self.named(path)? {
            Named::File(file) => Some(file),
            Named::Folder => None,
        }
    }

    fn folder_of(&mut self, path: &Path) -> io::Result<(&mut Folder, String)> {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidInput)?.to_owned();
        let above = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
        let folder = self.folders.get_mut(above).ok_or(io::ErrorKind::NotFound)?;
        Ok((folder, name))
    }

    fn used(&self) -> u64 {
        self.files.values().map(|content| content.now.len() as u64).sum()
    }

    fn check_room(&self, more: u64) -> io::Result<()> {
        match self.room {
            Some(room) if more > 0 && self.used() + more > room => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }

    /// Folders whose names were lost are gone with all that is in them.
    fn forget_unreachable(&mut self) {
        loop {
            let lost: Vec<PathBuf> = self
                .folders
                .keys()
                .filter(|path| {
                    let Some(above) = path.parent().and_then(|above| self.folders.get(above)) else {
                        // A root, or a folder whose own folder went in an earlier round.
                        return path.parent().is_some_and(|above| {
                            !self.folders.contains_key(above)
                                && self.folders.keys().any(|root| above.starts_with(root) && root != *path)
                        });
                    };
                    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                    above.now.get(name) != Some(&Named::Folder)
                })
                .cloned()
                .collect();
            if lost.is_empty() {
                break;
            }
            for path in lost {
                self.folders.remove(&path);
            }
        }
        let named: BTreeSet<u64> = self
            .folders
            .values()
            .flat_map(|folder| folder.now.values())
            .filter_map(|named| if let Named::File(file) = named { Some(*file) } else { None })
            .collect();
        self.files.retain(|file, _| named.contains(file));
    }

    fn sync_fails(&mut self, point: SyncPoint) -> bool {
        self.syncs += 1;
        if self.fail_point == Some(point) {
            self.fail_point = None;
            return true;
        }
        self.fail_sync.is_some_and(|at| self.syncs > at) && self.fail_sync.take().is_some()
    }
}

struct Process {
    disk: SimDisk,
    boot: u64,
}

impl Process {
    fn handle(&self, file: u64) -> Arc<dyn File> {
        Arc::new(Open { disk: self.disk.clone(), boot: self.boot, file })
    }
}

impl Disk for Process {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        match machine.named(path) {
            Some(Named::Folder) => return Ok(()),
            Some(Named::File(_)) => return Err(io::ErrorKind::AlreadyExists.into()),
            None => {}
        }
        let (folder, name) = machine.folder_of(path)?;
        folder.change(vec![(name, Some(Named::Folder))]);
        machine.folders.insert(path.to_owned(), Folder::default());
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        if machine.named(path).is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let file = machine.next_file;
        machine.next_file += 1;
        let (folder, name) = machine.folder_of(path)?;
        folder.change(vec![(name, Some(Named::File(file)))]);
        machine.files.insert(file, Content::default());
        Ok(self.handle(file))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        let file = machine.file(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(self.handle(file))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        let folder = machine.folders.get(folder).ok_or(io::ErrorKind::NotFound)?;
        Ok(folder.now.keys().cloned().collect())
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        Ok(machine.named(path).is_some())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        let file = machine.file(from).ok_or(io::ErrorKind::NotFound)?;
        if from.parent() != to.parent() {
            return Err(io::Error::other("names move within a folder only"));
        }
        let (_, new) = machine.folder_of(to)?;
        let (folder, old) = machine.folder_of(from)?;
        folder.change(vec![(old, None), (new, Some(Named::File(file)))]);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        machine.file(path).ok_or(io::ErrorKind::NotFound)?;
        let (folder, name) = machine.folder_of(path)?;
        folder.change(vec![(name, None)]);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path, point: SyncPoint) -> io::Result<()> {
        let mut machine = self.disk.0.lock();
        let done = machine.alive_or_half(self.boot)?;
        *machine.asked.entry(point).or_default() += 1;
        let ignored = machine.ignored == Some(point);
        if machine.sync_fails(point) {
            return Err(io::Error::other("the sync fails"));
        }
        let folder = machine.folders.get_mut(folder).ok_or(io::ErrorKind::NotFound)?;
        if done && !ignored {
            folder.kept = folder.now.clone();
            folder.changes.clear();
        }
        if done { Ok(()) } else { Err(io::Error::other("the machine goes off")) }
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        if !machine.locked.insert(path.to_owned()) {
            return Ok(None);
        }
        Ok(Some(Box::new(Held { disk: self.disk.clone(), boot: self.boot, path: path.to_owned() })))
    }

    fn free_bytes(&self, _folder: &Path) -> io::Result<u64> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        Ok(machine.room.map_or(1 << 40, |room| room.saturating_sub(machine.used())))
    }
}

struct Held {
    disk: SimDisk,
    boot: u64,
    path: PathBuf,
}

impl Lock for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        let mut machine = self.disk.0.lock();
        if machine.boot == self.boot {
            machine.locked.remove(&self.path);
        }
    }
}

struct Open {
    disk: SimDisk,
    boot: u64,
    file: u64,
}

impl Open {
    fn content<'m>(&self, machine: &'m mut Machine) -> io::Result<&'m mut Content> {
        machine.files.get_mut(&self.file).ok_or_else(|| io::Error::other("the file is gone"))
    }
}

fn index(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}

impl File for Open {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut machine = self.disk.0.lock();
        let done = machine.alive_or_half(self.boot)?;
        machine.writes += 1;
        let offset = index(offset)?;
        let length = self.content(&mut machine)?.now.len();
        machine.check_room((offset + bytes.len()).saturating_sub(length) as u64)?;
        let writes = machine.writes;
        if machine.fail_write.is_some_and(|at| writes > at) {
            machine.fail_write = None;
            // A part that ends with a sector: a disk writes sectors whole.
            let half = ((offset + bytes.len() / 2) / SECTOR * SECTOR).saturating_sub(offset);
            self.content(&mut machine)?.write(offset, &bytes[..half]);
            return Err(io::Error::other("the write fails"));
        }
        // Going off in the middle of a write leaves all of it to chance: it is written, and not synced.
        self.content(&mut machine)?.write(offset, bytes);
        if done { Ok(()) } else { Err(io::Error::other("the machine goes off")) }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        let offset = index(offset)?;
        let content = self.content(&mut machine)?;
        let available = content.now.get(offset..).unwrap_or_default();
        let read = available.len().min(buffer.len());
        buffer[..read].copy_from_slice(&available[..read]);
        Ok(read)
    }

    fn len(&self) -> io::Result<u64> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        Ok(self.content(&mut machine)?.now.len() as u64)
    }

    fn set_len(&self, bytes: u64) -> io::Result<()> {
        let mut machine = self.disk.0.lock();
        machine.alive(self.boot)?;
        let length = self.content(&mut machine)?.now.len() as u64;
        machine.check_room(bytes.saturating_sub(length))?;
        let bytes = index(bytes)?;
        self.content(&mut machine)?.resize(bytes);
        Ok(())
    }

    fn allocate(&self, bytes: u64) -> io::Result<()> {
        if bytes > self.len()? { self.set_len(bytes) } else { Ok(()) }
    }

    fn sync(&self, point: SyncPoint) -> io::Result<()> {
        let mut machine = self.disk.0.lock();
        let done = machine.alive_or_half(self.boot)?;
        *machine.asked.entry(point).or_default() += 1;
        let ignored = machine.ignored == Some(point);
        if machine.sync_fails(point) {
            self.content(&mut machine)?.drop_dirty();
            return Err(io::Error::other("the sync fails"));
        }
        if done && !ignored {
            self.content(&mut machine)?.keep();
        }
        if done { Ok(()) } else { Err(io::Error::other("the machine goes off")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the disk of the tests itself: what was synced stays, and what was not can be lost, names included.
    #[test]
    fn loses_what_was_not_synced_and_nothing_else() {
        let path = |name: &str| PathBuf::from("/d").join(name);
        let (mut lost_name, mut lost_sector, mut kept_sector) = (0, 0, 0);
        for seed in 0..64 {
            let disk = SimDisk::new("/d");
            let process = disk.process();
            let kept = process.create(&path("kept")).unwrap();
            kept.write_at(0, &[1; 2048]).unwrap();
            kept.sync(SyncPoint::Append).unwrap();
            process.sync_folder(Path::new("/d"), SyncPoint::SegmentName).unwrap();
            kept.write_at(512, &[2; 1024]).unwrap();
            process.create(&path("fresh")).unwrap();
            disk.lose_power(seed);
            assert!(kept.write_at(0, &[3]).is_err(), "an old handle is dead");
            let bytes = disk.contents(&path("kept")).expect("a synced name stays");
            assert_eq!((&bytes[..512], &bytes[1536..]), (&[1; 512][..], &[1; 512][..]));
            for sector in bytes[512..1536].chunks(512) {
                assert!(sector == [1; 512] || sector == [2; 512], "a sector is old or new");
                if sector[0] == 1 { lost_sector += 1 } else { kept_sector += 1 }
            }
            lost_name += usize::from(disk.contents(&path("fresh")).is_none());
        }
        assert!(lost_name > 10 && lost_sector > 10 && kept_sector > 10);
    }
}
