//! History read back from the segments, from the first entry: for the archive that is rebuilt, and for whoever checks
//! that nothing was altered.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use exchange::units::{AuctionId, Instant, Price, Sequence};
use exchange::{Applied, Body, Entry, Exchange, Output, Principal};

use crate::cluster::{ClusterId, Membership};
use crate::config::Accept;
use crate::disk::{Disk, RealDisk};
use crate::engine::batch;
use crate::engine::store::StoredNodes;
use crate::error::{Damage, ENGINE_MISSING, HEAD_MISSING, StartError};
use crate::files;
use crate::head;
use crate::log::record::size;
use crate::log::segment::{FIRST, Next, Segment, first_of, name};
use crate::log::{Base, Kind, Marks, Record, live};
use crate::open::Layout;
use crate::snapshot::{self, Snapshots};
use crate::tree::Tree;
use crate::vault::{Opener, Vault};

/// How far a long reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the log read.
    pub bytes: u64,
    /// Bytes of the log in all.
    pub bytes_total: u64,
    /// The last entry read.
    pub sequence: Sequence,
}

/// What a verified log leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The first entry that was looked at: 1, or the one behind the snapshot with which this node's log begins, as long as
    /// its history before that is not complete.
    pub from: Sequence,
    /// The last entry.
    pub sequence: Sequence,
    /// The tree head over all entries.
    pub hash: [u8; 32],
    /// The digest of the state.
    pub state_digest: [u8; 32],
    /// BLAKE3 over the encoded events of all entries that were looked at, in order: what was told to every screen and to the archive.
    pub events: [u8; 32],
    /// The entry of the last signed head, which agrees; `None` where there is none of those entries.
    pub signed: Option<Sequence>,
    /// How many files the log names; all of them are there with their bytes.
    pub files: u64,
    /// A last write that was cut by a crash and never answered, where there is one: it says where.
    pub torn: Option<Damage>,
}

/// The entries of a log in order, each with the price of the sealed bid it makes, opened.
pub struct History {
    records: Records,
    opener: Opener,
    until: Option<Sequence>,
    ready: VecDeque<(Entry, Option<Price>)>,
    last: Sequence,
    over: bool,
}

impl Iterator for History {
    type Item = Result<(Entry, Option<Price>), Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.over || self.until.is_some_and(|until| self.last >= until) {
                return None;
            }
            if let Some((entry, price)) = self.ready.pop_front() {
                self.last = entry.sequence;
                return Some(Ok((entry, price)));
            }
            match self.records.next() {
                None => self.over = true,
                Some(record) => {
                    if let Err(damage) = record.and_then(|found| self.unpack(&found)) {
                        self.over = true;
                        return Some(Err(damage));
                    }
                }
            }
        }
    }
}

impl History {
    fn unpack(&mut self, found: &Found) -> Result<(), Damage> {
        let mut expected = Sequence(self.last.0 + 1);
        for (entry, _) in found.entries(expected)? {
            found.expect(&entry, expected)?;
            expected = Sequence(expected.0 + 1);
            let price = self.opener.open(&entry.command).map_err(|what| found.damage(&what))?;
            self.ready.push_back((entry, price));
        }
        Ok(())
    }
}

/// Reads the entries of a data folder from the first to `until`, or to the end. The node may be running when `until`
/// is an entry it has applied. Sealed bids are opened with the sealing secret where it is there, otherwise with the keys
/// that the log itself reveals.
///
/// # Errors
/// What is damaged, and where.
pub fn history(data: &Path, secrets: &Path, until: Option<Sequence>) -> Result<History, Damage> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    history_on(&disk, data, secrets, until)
}

pub(crate) fn history_on(
    disk: &Arc<dyn Disk>,
    data: &Path,
    secrets: &Path,
    until: Option<Sequence>,
) -> Result<History, Damage> {
    let layout = Layout { data: data.to_owned(), secrets: secrets.to_owned() };
    let cluster = cluster_of(&**disk, &layout)?;
    let opener = opener(disk, &layout, cluster)?;
    let records = Records::open(Arc::clone(disk), &layout, cluster)?;
    if let Some(base) = &records.base {
        let what = format!("{INCOMPLETE}: it is complete from entry {} on for now", base.sequence.0 + 1);
        return Err(Damage::new(&layout.marks(), 0, what));
    }
    Ok(History { records, opener, until, ready: VecDeque::new(), last: Sequence(0), over: false })
}

/// What is said of a folder whose log begins behind a snapshot.
const INCOMPLETE: &str = "the history of this node is not complete, and follows in the background as it runs";

/// The first entry of a folder's history that is complete to the end; 1: all of it is. The node may be running.
///
/// # Errors
/// What is damaged.
pub fn history_from(data: &Path) -> Result<Sequence, Damage> {
    let layout = Layout { data: data.to_owned(), secrets: PathBuf::new() };
    let base = base_of(&RealDisk, &layout)?;
    Ok(Sequence(base.map_or(0, |base| base.sequence.0) + 1))
}

/// Where a folder's log begins; `None`: with the first record.
pub(crate) fn base_of(disk: &dyn Disk, layout: &Layout) -> Result<Option<Base>, Damage> {
    let path = layout.marks();
    Ok(Marks::read(disk, &path).map_err(|error| damaged(&path, error))?.and_then(|marks| marks.base))
}

/// Runs are handed out at the latest when they have this many entries.
const RUN_ENTRIES: u64 = 4_096;

/// Re-executes history on an empty exchange and hands out what it leaves behind, in runs without a gap: what rebuilds
/// an archive. `each` says whether to go on.
///
/// # Errors
/// What is damaged, and where.
pub fn replay(
    data: &Path,
    secrets: &Path,
    until: Option<Sequence>,
    each: &mut dyn FnMut(&Arc<Applied>) -> bool,
) -> Result<Exchange, Damage> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    replay_on(&disk, data, secrets, until, each)
}

pub(crate) fn replay_on(
    disk: &Arc<dyn Disk>,
    data: &Path,
    secrets: &Path,
    until: Option<Sequence>,
    each: &mut dyn FnMut(&Arc<Applied>) -> bool,
) -> Result<Exchange, Damage> {
    let mut exchange = Exchange::new();
    let mut output = Output::default();
    let mut first = Sequence(1);
    for item in history_on(disk, data, secrets, until)? {
        let (entry, opened) = item?;
        exchange.execute(&entry, opened, &mut output);
        if entry.sequence.0 - first.0 + 1 >= RUN_ENTRIES {
            if !each(&run(first, &exchange, &mut output)) {
                return Ok(exchange);
            }
            first = Sequence(entry.sequence.0 + 1);
        }
    }
    if exchange.sequence() >= first {
        each(&run(first, &exchange, &mut output));
    }
    Ok(exchange)
}

fn run(first: Sequence, exchange: &Exchange, output: &mut Output) -> Arc<Applied> {
    let output = core::mem::take(output);
    Arc::new(Applied {
        first,
        last: exchange.sequence(),
        at: exchange.now(),
        events: output.events,
        private: output.private,
    })
}

/// Re-executes the log of a stopped node, from its first entry or from the snapshot with which it begins: checksums, padding, canonical encoding, order, tree, state, the headers of
/// snapshots, the engine's marks, and the last signed head; the last two must be there once the log has entries. Then every
/// file that the log names at its end: it is there, with the bytes that its hash says. Snapshots are not decrypted: the start
/// that uses one does that.
///
/// # Errors
/// The first place where it is not what was written.
pub fn verify(data: &Path, secrets: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Verified, Damage> {
    verify_accepting(data, secrets, Accept::default(), progress)
}

/// As [`verify`], of a folder that has lost files beside its log. Where the head is accepted to be missing, nothing says
/// how far the log went: [`Verified::signed`] is `None`.
///
/// # Errors
/// As [`verify`].
pub fn verify_accepting(
    data: &Path,
    secrets: &Path,
    accept: Accept,
    progress: &mut dyn FnMut(Progress),
) -> Result<Verified, Damage> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    verify_on(&disk, data, secrets, accept, progress)
}

pub(crate) fn verify_on(
    disk: &Arc<dyn Disk>,
    data: &Path,
    secrets: &Path,
    accept: Accept,
    progress: &mut dyn FnMut(Progress),
) -> Result<Verified, Damage> {
    let layout = Layout { data: data.to_owned(), secrets: secrets.to_owned() };
    let cluster = cluster_of(&**disk, &layout)?;
    let _lock = disk
        .lock(&layout.lock())
        .map_err(|error| Damage::new(&layout.lock(), 0, error.to_string()))?
        .ok_or_else(|| damaged(&layout.data, StartError::Locked(layout.data.clone())))?;
    let mut promised = promised(disk, &layout, cluster)?;
    let signed = promised.head;
    let mut records = Records::open(Arc::clone(disk), &layout, cluster)?;
    let (mut exchange, mut tree) = match &records.base {
        None => (Exchange::new(), Tree::default()),
        Some(base) => begun_with(disk, &layout, cluster, base)?,
    };
    let opener = opener(disk, &layout, cluster)?;
    let before = exchange.sequence();
    let mut at = if before == Sequence(0) { Instant::MIN } else { exchange.now() };
    promised.begin_at(before, &tree, &mut exchange)?;
    let mut output = Output::default();
    let mut events = blake3::Hasher::new();
    let voted = voted(&**disk, &layout, cluster)?;
    while let Some(found) = records.next() {
        let found = found?;
        let term = found.record.id.term;
        match voted {
            None if term > 0 && !accept.missing_engine => {
                return Err(Damage::new(&layout.marks(), 0, ENGINE_MISSING));
            }
            Some(voted) if voted < term => {
                let what = format!("it knows of no vote after term {voted}, but the log has records of term {term}");
                return Err(Damage::new(&layout.marks(), 0, what));
            }
            _ => {}
        }
        found.check_canonical()?;
        for (entry, bytes) in found.entries(Sequence(exchange.sequence().0 + 1))? {
            if signed.is_none() && !accept.missing_head {
                return Err(Damage::new(&layout.head(), 0, HEAD_MISSING));
            }
            found.expect(&entry, Sequence(exchange.sequence().0 + 1))?;
            if entry.at < at {
                return Err(found.damage(&format!("the stamp of entry {} goes back", entry.sequence)));
            }
            at = entry.at;
            let opened = opener.open(&entry.command).map_err(|what| found.damage(&what))?;
            exchange.execute(&entry, opened, &mut output);
            events.update(&output.events);
            output.clear();
            tree.push(bytes);
            promised.check(entry.sequence, &tree, &mut exchange, &found)?;
        }
        progress(records.progress(exchange.sequence()));
    }
    if let Some((sequence, promises)) = promised.at.first_key_value() {
        let path = promises.first().map_or(&layout.data, |promise| &promise.path);
        let what = format!("the log ends with entry {}, but this was made at entry {sequence}", exchange.sequence());
        return Err(Damage::new(path, 0, what));
    }
    let named = exchange.files().hashes().map(|(hash, _)| hash);
    let files = files::check(&**disk, &layout.files(), named)?;
    Ok(Verified {
        from: Sequence(before.0 + 1),
        sequence: exchange.sequence(),
        hash: tree.head(),
        state_digest: exchange.digest(),
        events: events.finalize().into(),
        signed: signed.filter(|signed| *signed >= before),
        files,
        torn: records.torn,
    })
}

/// What was said before of the log at certain entries: by the signed head and by the snapshots.
struct Promised {
    head: Option<Sequence>,
    at: BTreeMap<Sequence, Vec<Promise>>,
}

/// A tree head and a digest of the state, and which file says so.
struct Promise {
    path: PathBuf,
    hash: [u8; 32],
    state_digest: [u8; 32],
}

fn promised(disk: &Arc<dyn Disk>, layout: &Layout, cluster: ClusterId) -> Result<Promised, Damage> {
    let mut promised = Promised { head: None, at: BTreeMap::new() };
    let path = layout.head();
    if let Some((head, found)) = head::read(&**disk, &path).map_err(|error| damaged(&path, error))? {
        let node = Opener::node_key(&**disk, &layout.secrets).map_err(|error| damaged(&layout.secrets, error))?;
        if found != cluster || !head.is_genuine() || node.is_some_and(|key| key != head.key) {
            return Err(Damage::new(&path, 0, "the head is not signed by this node's key"));
        }
        promised.head = Some(head.sequence);
        if head.sequence > Sequence(0) {
            let promise = Promise { path, hash: head.hash, state_digest: head.state_digest };
            promised.at.entry(head.sequence).or_default().push(promise);
        }
    }
    for (path, header) in snapshot::headers(&**disk, &layout.snapshots(), cluster)? {
        let promise = Promise { path, hash: header.tree.head(), state_digest: header.state_digest.into() };
        promised.at.entry(header.sequence).or_default().push(promise);
    }
    Ok(promised)
}

impl Promised {
    /// What was said of entries before the first that is looked at cannot be compared; of that state itself it can.
    fn begin_at(&mut self, before: Sequence, tree: &Tree, exchange: &mut Exchange) -> Result<(), Damage> {
        self.at.retain(|sequence, _| *sequence >= before);
        for promise in self.at.remove(&before).unwrap_or_default() {
            if promise.hash != tree.head() || promise.state_digest != exchange.digest() {
                let what = format!("it is not what the snapshot says with which this log begins, of entry {before}");
                return Err(Damage::new(&promise.path, 0, what));
            }
        }
        Ok(())
    }

    fn check(&mut self, sequence: Sequence, tree: &Tree, exchange: &mut Exchange, found: &Found) -> Result<(), Damage> {
        if self.at.first_key_value().is_none_or(|(first, _)| *first > sequence) {
            return Ok(());
        }
        for promise in self.at.remove(&sequence).unwrap_or_default() {
            let differs = if promise.hash != tree.head() {
                "the hash over all entries"
            } else if promise.state_digest != exchange.digest() {
                "the digest of the state"
            } else {
                continue;
            };
            let what = format!("{differs} up to entry {sequence} is not the one that {} has", promise.path.display());
            return Err(found.damage(&what));
        }
        Ok(())
    }
}

/// The last term in which the node voted, as its marks say; `None` where there are none.
fn voted(disk: &dyn Disk, layout: &Layout, cluster: ClusterId) -> Result<Option<u64>, Damage> {
    let path = layout.marks();
    match Marks::read(disk, &path).map_err(|error| damaged(&path, error))? {
        None => Ok(None),
        Some(marks) if marks.cluster != cluster => Err(Damage::new(&path, 0, "it belongs to another cluster")),
        Some(marks) => Ok(Some(marks.vote.map_or(0, |vote| vote.term))),
    }
}

fn damaged(path: &Path, error: StartError) -> Damage {
    match error {
        StartError::Damage(damage) => damage,
        other => Damage::new(path, 0, other.to_string()),
    }
}

fn cluster_of(disk: &dyn Disk, layout: &Layout) -> Result<ClusterId, Damage> {
    let path = layout.cluster();
    match Membership::read(disk, &path) {
        Ok(Some(membership)) => Ok(membership.cluster),
        Ok(None) => Err(Damage::new(&path, 0, "this file is missing; name a folder that holds a node's data")),
        Err(error) => Err(damaged(&path, error)),
    }
}

/// The state with which a log begins that was given a snapshot first.
fn begun_with(
    disk: &Arc<dyn Disk>,
    layout: &Layout,
    cluster: ClusterId,
    base: &Base,
) -> Result<(Exchange, Tree), Damage> {
    let vault = Vault::open(&**disk, &layout.secrets, cluster).map_err(|error| damaged(&layout.secrets, error))?;
    let (folder, vault) = (layout.snapshots(), Arc::new(vault));
    let snapshots = Snapshots { disk: Arc::clone(disk), folder, cluster, vault, spared: Arc::default() };
    let path = snapshots.placed(base.sequence).map_err(|error| Damage::new(&snapshots.folder, 0, error.to_string()))?;
    let loaded = snapshots.load(&path).map_err(|error| damaged(&path, error))?;
    let header = loaded.header;
    if header.log != base.log || header.tree != base.tree || header.state_digest != base.state_digest {
        return Err(Damage::new(&path, 0, "it is not the snapshot with which this log begins"));
    }
    Ok((loaded.exchange, header.tree))
}

/// With the sealing secret every bid can be opened; without it the log is read for the keys it reveals.
fn opener(disk: &Arc<dyn Disk>, layout: &Layout, cluster: ClusterId) -> Result<Opener, Damage> {
    let secret = Opener::with_secret(&**disk, &layout.secrets, cluster);
    if let Some(opener) = secret.map_err(|error| damaged(&layout.secrets, error))? {
        return Ok(opener);
    }
    let mut keys: HashMap<AuctionId, [u8; 32]> = HashMap::new();
    let records = Records::open(Arc::clone(disk), layout, cluster)?;
    let mut due = Sequence(records.base.as_ref().map_or(0, |base| base.sequence.0) + 1);
    for found in records {
        for (entry, _) in found?.entries(due)? {
            due = Sequence(entry.sequence.0 + 1);
            if let (Principal::System, Body::RevealKey { auction, key }) = (entry.command.principal, entry.command.body)
            {
                keys.insert(auction, key.into());
            }
        }
    }
    Ok(Opener::Revealed(keys))
}

/// The records of all segments, in order.
pub(crate) struct Records {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    cluster: ClusterId,
    left: VecDeque<u64>,
    segment: Option<Segment>,
    offset: usize,
    index: u64,
    bytes: u64,
    bytes_total: u64,
    torn: Option<Damage>,
    over: bool,
    /// Where the log begins; `None`: with the first record.
    base: Option<Base>,
}

/// A record and where it was found.
pub(crate) struct Found {
    pub(crate) record: Record,
    path: PathBuf,
    offset: usize,
}

impl Records {
    pub(crate) fn open(disk: Arc<dyn Disk>, layout: &Layout, cluster: ClusterId) -> Result<Self, Damage> {
        let folder = layout.log();
        let listed = disk.list(&folder).map_err(|error| Damage::new(&folder, 0, error.to_string()))?;
        let base = base_of(&*disk, layout)?;
        let there = listed.iter().filter_map(|name| first_of(name)).collect();
        let left: VecDeque<u64> = match &base {
            // A crash came before anything was appended.
            Some(base) if !base.is_ready => VecDeque::new(),
            base => live(&folder, there, base.as_ref())?.into(),
        };
        if base.is_none() && left.front() != Some(&0) {
            let what = "the first segment is missing; restore the segments from the first record on";
            return Err(Damage::new(&folder, 0, what));
        }
        let mut bytes_total = 0;
        for first in &left {
            let path = folder.join(name(*first));
            let length = disk.open(&path).and_then(|file| file.len());
            bytes_total += length.map_err(|error| Damage::new(&path, 0, error.to_string()))?;
        }
        Ok(Records {
            disk,
            folder,
            cluster,
            left,
            segment: None,
            offset: 0,
            index: base.as_ref().map_or(0, |base| base.log.index + 1),
            bytes: 0,
            bytes_total,
            torn: None,
            over: false,
            base,
        })
    }

    fn progress(&self, sequence: Sequence) -> Progress {
        Progress { bytes: self.bytes + self.offset as u64, bytes_total: self.bytes_total, sequence }
    }

    fn step(&mut self) -> Result<Option<Found>, Damage> {
        loop {
            let Some(segment) = &self.segment else {
                let Some(first) = self.left.pop_front() else {
                    return Ok(None);
                };
                self.segment = Some(self.read(first)?);
                self.offset = FIRST;
                continue;
            };
            let last = self.left.is_empty();
            match segment.next(self.offset, self.index, last)? {
                Next::Record(placed) => {
                    self.offset = placed.offset + size(placed.record.payload.len());
                    self.index += 1;
                    let path = segment.path.clone();
                    return Ok(Some(Found { record: placed.record, path, offset: placed.offset }));
                }
                Next::Torn { offset, what, .. } => {
                    self.torn = Some(Damage::new(&segment.path, offset as u64, what));
                    return Ok(None);
                }
                Next::End(_) => {
                    self.bytes += segment.length() as u64;
                    self.offset = 0;
                    self.segment = None;
                }
            }
        }
    }

    fn read(&self, first: u64) -> Result<Segment, Damage> {
        let path = self.folder.join(name(first));
        if first != self.index {
            let what = format!("record {} is missing before this segment", self.index);
            return Err(Damage::new(&path, 0, what));
        }
        let file = self.disk.open(&path).map_err(|error| Damage::new(&path, 0, error.to_string()))?;
        let segment = Segment::read(&path, &*file).map_err(|error| damaged(&path, error))?;
        if segment.header.cluster != self.cluster || segment.header.first != first {
            return Err(Damage::new(&path, 0, "the segment is not one of this log"));
        }
        if segment.is_cut() && !self.left.is_empty() {
            return Err(Damage::new(&path, segment.length() as u64, "the file is cut short"));
        }
        Ok(segment)
    }
}

impl Iterator for Records {
    type Item = Result<Found, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let step = self.step().transpose();
        self.over = !matches!(step, Some(Ok(_)));
        step
    }
}

impl Found {
    pub(crate) fn damage(&self, what: &str) -> Damage {
        Damage::new(&self.path, self.offset as u64, what)
    }

    /// The entries of a batch with their canonical bytes, where `due` is the next; of anything else, and of a void batch, none.
    pub(crate) fn entries(&self, due: Sequence) -> Result<Vec<(Entry, &[u8])>, Damage> {
        let cannot = |error: minicbor::decode::Error| self.damage(&format!("a batch cannot be read: {error}"));
        if self.record.kind != Kind::Batch {
            return Ok(Vec::new());
        }
        if batch::is_void(&self.record.payload, self.record.id.term, due).map_err(cannot)? {
            return Ok(Vec::new());
        }
        let entries = batch::entries(&self.record.payload).map_err(cannot)?;
        entries.map(|bytes| bytes.and_then(|bytes| Ok((Entry::decode(bytes)?, bytes))).map_err(cannot)).collect()
    }

    pub(crate) fn expect(&self, entry: &Entry, sequence: Sequence) -> Result<(), Damage> {
        if entry.sequence == sequence {
            return Ok(());
        }
        Err(self.damage(&format!("entry {} stands where entry {sequence} belongs", entry.sequence)))
    }

    /// What is stored must be what would be written again.
    fn check_canonical(&self) -> Result<(), Damage> {
        let payload = &self.record.payload;
        let again = match self.record.kind {
            Kind::Blank => vec![0x80],
            Kind::Membership => {
                let nodes: StoredNodes = minicbor::decode(payload)
                    .map_err(|error| self.damage(&format!("a membership cannot be read: {error}")))?;
                minicbor::to_vec(nodes).expect("writing to memory does not fail")
            }
            Kind::Batch => {
                let cannot = |error: minicbor::decode::Error| self.damage(&format!("a batch cannot be read: {error}"));
                let mut builder = batch::Builder::new();
                for bytes in batch::entries(payload).map_err(cannot)? {
                    builder.push(&Entry::decode(bytes.map_err(cannot)?).map_err(cannot)?, usize::MAX);
                }
                builder.finish(batch::term(payload).map_err(cannot)?).payload().to_vec()
            }
        };
        if again == payload[..] { Ok(()) } else { Err(self.damage("a record is not in its canonical form")) }
    }
}
