//! The state machine the engine drives: it opens, executes, hashes, tells the observers, and answers, in this order.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use exchange::files::FileHash;
use exchange::markets::auction::AuctionStatus;
use exchange::units::{AuctionId, Instant, Sequence};
use exchange::{Applied, Entry, Exchange, Output, Profile, Reply};
use futures_util::{Stream, StreamExt};
use openraft::EntryPayload;
use openraft::entry::RaftEntry as _;
use openraft::storage::{ApplyResponder, EntryResponder, RaftSnapshotBuilder, RaftStateMachine, Snapshot};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::store::StoredNodes;
use super::{Outcome, RaftLogId, SnapshotMeta, StoredMembership, Types, batch, to_ours, to_theirs};
use crate::error::StartError;
use crate::head::SignedHead;
use crate::log::{Log, LogId};
use crate::net::message::Checkpoint;
use crate::node::Observer;
use crate::snapshot::{Header, Loaded, Snapshots, Taken};
use crate::tree::Tree;
use crate::vault::Vault;
use crate::workers::{Workers, blocking};

/// A run is handed to the observers at the latest when it has this many entries or bytes of events.
const RUN_ENTRIES: u64 = 4_096;
const RUN_BYTES: usize = 1 << 20;

/// How many checkpoints are remembered: others may be behind.
const CHECKPOINTS: usize = 64;

/// What is true now, shared by the applying thread and those who read.
pub(crate) struct World {
    pub(crate) state: Mutex<State>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) snapshots: Snapshots,
    /// The last entry applied and told to the observers.
    sequence: AtomicU64,
    /// The term of the last record applied: once it is this node's own, everything before it is applied too.
    term: AtomicU64,
    /// When the log should be stamped next; `i64::MAX`: never.
    due: AtomicI64,
    /// Until when the ticker sleeps.
    pub(crate) sleeps_until: AtomicI64,
    /// Woken when something was applied that the ticker did not expect.
    pub(crate) ticker: Notify,
    /// Woken when a snapshot or a key is due, or the term has changed.
    pub(crate) keeper: Notify,
    /// Woken when a record of another term than the last was applied.
    pub(crate) terms: Notify,
    /// Woken whenever something was applied.
    applied: Notify,
    /// Who does what waits for the disk.
    pub(crate) workers: Arc<dyn Workers>,
    snapshot_every: u64,
    pub(crate) snapshot: Mutex<Option<(Header, PathBuf)>>,
    /// After how many entries one of several nodes notes the digest of its state; `None`: it has nobody to compare with.
    checkpoint_every: Option<u64>,
    /// The last that were noted.
    pub(crate) checkpoints: Mutex<VecDeque<Checkpoint>>,
    /// While recovery replays the log, keys are not looked for: what is due then is found at the end of it.
    pub(crate) leading: AtomicBool,
    /// Why the log does not give what was signed.
    pub(crate) differs: Mutex<Option<StartError>>,
}

/// The state itself.
pub(crate) struct State {
    pub(crate) exchange: Exchange,
    pub(crate) tree: Tree,
    pub(crate) applied: Option<LogId>,
    pub(crate) membership: StoredMembership,
    /// What was signed for an entry that is still to come.
    expected: Option<SignedHead>,
    sealed: Sealed,
}

/// Sealed auctions whose key is not in the log yet.
#[derive(Default)]
struct Sealed {
    /// How many auctions have been looked at.
    seen: usize,
    open: Vec<AuctionId>,
    asked: BTreeSet<AuctionId>,
    due: Vec<AuctionId>,
}

impl Sealed {
    /// Finds the sealed auctions that have ended, at the cost of those that have not.
    fn look(&mut self, exchange: &Exchange) {
        let auctions = exchange.auctions();
        let fresh = auctions.get(self.seen..).unwrap_or_default();
        let fresh = fresh.iter().filter(|auction| auction.terms.is_sealed() && !auction.key_revealed);
        self.open.extend(fresh.map(|auction| auction.id));
        self.seen = auctions.len();
        self.open.retain(|id| {
            let place = (id.0 as usize).checked_sub(1);
            let Some(auction) = place.and_then(|place| exchange.auctions().get(place)) else {
                return false;
            };
            match auction.status {
                AuctionStatus::Closed | AuctionStatus::Cancelled => {
                    if !auction.key_revealed && self.asked.insert(*id) {
                        self.due.push(*id);
                    }
                    false
                }
                AuctionStatus::Rejected => false,
                _ => true,
            }
        });
    }
}

impl World {
    /// Whether anybody keeps a file under this hash.
    pub(crate) fn names_file(&self, hash: &FileHash) -> bool {
        self.state.lock().exchange.files().with_hash(hash).next().is_some()
    }

    pub(crate) fn new(
        vault: Arc<Vault>,
        snapshots: Snapshots,
        workers: Arc<dyn Workers>,
        snapshot_every: u64,
        checkpoint_every: Option<u64>,
        loaded: Option<Loaded>,
        expected: Option<SignedHead>,
    ) -> io::Result<Self> {
        let (exchange, tree, applied, membership, snapshot) = match loaded {
            Some(loaded) => {
                let header = loaded.header;
                let membership = StoredMembership::new(header.nodes_log.map(to_theirs), header.nodes.membership()?);
                (loaded.exchange, header.tree.clone(), Some(header.log), membership, Some((header, loaded.path)))
            }
            None => (Exchange::new(), Tree::default(), None, StoredMembership::default(), None),
        };
        let sequence = exchange.sequence();
        // A head that the snapshot is beyond was checked when that snapshot was not there yet.
        let expected = expected.filter(|head| head.sequence > sequence);
        let state = State { exchange, tree, applied, membership, expected, sealed: Sealed::default() };
        Ok(World {
            state: Mutex::new(state),
            vault,
            snapshots,
            sequence: AtomicU64::new(sequence.0),
            term: AtomicU64::new(0),
            due: AtomicI64::new(i64::MAX),
            sleeps_until: AtomicI64::new(i64::MAX),
            ticker: Notify::new(),
            keeper: Notify::new(),
            terms: Notify::new(),
            applied: Notify::new(),
            workers,
            snapshot_every,
            snapshot: Mutex::new(snapshot),
            checkpoint_every,
            checkpoints: Mutex::default(),
            leading: AtomicBool::new(false),
            differs: Mutex::new(None),
        })
    }

    /// Has work done that waits for the disk, and waits for what comes of it.
    pub(crate) async fn blocking<T: Send + 'static>(&self, act: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
        blocking(&*self.workers, act).await
    }

    /// The last entry applied and told to the observers.
    pub(crate) fn sequence(&self) -> Sequence {
        Sequence(self.sequence.load(Ordering::Acquire))
    }

    /// The term of the last record applied.
    pub(crate) fn term(&self) -> u64 {
        self.term.load(Ordering::Acquire)
    }

    /// When the log should be stamped next.
    pub(crate) fn due(&self) -> Instant {
        Instant::from_us(self.due.load(Ordering::Acquire))
    }

    /// The stamp of the last entry applied; `None` before the first.
    pub(crate) fn last_stamp(&self) -> Option<Instant> {
        let state = self.state.lock();
        (state.exchange.sequence() > Sequence(0)).then(|| state.exchange.now())
    }

    pub(crate) fn snapshot_sequence(&self) -> Sequence {
        self.snapshot.lock().as_ref().map_or(Sequence(0), |(header, _)| header.sequence)
    }

    /// Whether enough has come since the last snapshot.
    pub(crate) fn snapshot_due(&self, every: u64) -> bool {
        self.sequence().0.saturating_sub(self.snapshot_sequence().0) >= every
    }

    /// The sealed auctions whose keys should become entries now.
    pub(crate) fn keys_due(&self) -> Vec<AuctionId> {
        core::mem::take(&mut self.state.lock().sealed.due)
    }

    /// Whether the key of a sealed auction is an entry.
    pub(crate) fn key_is_revealed(&self, auction: AuctionId) -> bool {
        let state = self.state.lock();
        let place = (auction.0 as usize).checked_sub(1);
        place.and_then(|place| state.exchange.auctions().get(place)).is_some_and(|auction| auction.key_revealed)
    }

    /// From now on this node leads: whatever is due is looked for anew.
    pub(crate) fn begin_tenure(&self) {
        let mut state = self.state.lock();
        let State { exchange, sealed, .. } = &mut *state;
        *sealed = Sealed::default();
        sealed.look(exchange);
        self.leading.store(true, Ordering::Release);
        self.set_due(exchange.next_stamp());
        drop(state);
        self.keeper.notify_one();
    }

    /// From now on another node leads: what is due is its business.
    pub(crate) fn end_tenure(&self) {
        let _state = self.state.lock();
        self.leading.store(false, Ordering::Release);
        self.set_due(None);
    }

    /// Waits until this entry was applied here and told to the observers; says whether it was, within that time.
    pub(crate) async fn reached(&self, sequence: Sequence, within: Duration) -> bool {
        let reached = async {
            loop {
                let mut applied = core::pin::pin!(self.applied.notified());
                applied.as_mut().enable();
                if self.sequence() >= sequence {
                    return;
                }
                applied.await;
            }
        };
        self.sequence() >= sequence || tokio::time::timeout(within, reached).await.is_ok()
    }

    /// Takes the state for a snapshot.
    pub(crate) fn take(&self) -> Option<Taken> {
        let mut state = self.state.lock();
        Some(Taken {
            sequence: state.exchange.sequence(),
            log: state.applied?,
            nodes: StoredNodes::of(state.membership.membership()),
            nodes_log: state.membership.log_id().as_ref().map(to_ours),
            tree: state.tree.clone(),
            state_digest: state.exchange.digest(),
            exchange: state.exchange.snapshot(),
        })
    }

    fn set_due(&self, due: Option<Instant>) {
        let due = due.map_or(i64::MAX, Instant::us);
        self.due.store(due, Ordering::Release);
        if due < self.sleeps_until.load(Ordering::Acquire) {
            self.ticker.notify_one();
        }
    }
}

/// What the engine drives.
pub(crate) struct Machine {
    world: Arc<World>,
    log: Arc<Log>,
    observers: Mutex<Vec<Box<dyn Observer>>>,
}

/// What entries leave behind until the run is handed on.
#[derive(Default)]
struct Run {
    first: Option<Sequence>,
    last: Sequence,
    at: Instant,
    entries: u64,
    output: Output,
    answers: Vec<(ApplyResponder<Types>, Outcome)>,
    term: u64,
}

impl Machine {
    pub(crate) fn new(world: Arc<World>, log: Arc<Log>, mut observers: Vec<Box<dyn Observer>>) -> Self {
        {
            let state = world.state.lock();
            observers.iter_mut().for_each(|observer| observer.begin(&state.exchange));
        }
        Machine { world, log, observers: Mutex::new(observers) }
    }

    fn execute(&self, entry: super::RaftEntry, run: &mut Run) -> io::Result<Outcome> {
        let id = to_ours(&entry.log_id());
        let mut state = self.world.state.lock();
        let outcome = match entry.payload {
            EntryPayload::Blank => Outcome::Void,
            EntryPayload::Membership(membership) => {
                state.membership = StoredMembership::new(Some(to_theirs(id)), membership);
                Outcome::Void
            }
            EntryPayload::Normal(proposed) => {
                let payload = proposed.payload();
                let due = Sequence(state.exchange.sequence().0 + 1);
                if batch::is_void(payload, id.term, due).map_err(io::Error::other)? {
                    Outcome::Void
                } else {
                    Outcome::Applied(self.execute_batch(&mut state, payload, run)?)
                }
            }
        };
        state.applied = Some(id);
        run.term = id.term;
        Ok(outcome)
    }

    fn execute_batch(&self, state: &mut State, payload: &[u8], run: &mut Run) -> io::Result<Vec<Reply>> {
        let entries = batch::entries(payload).map_err(io::Error::other)?.map(|bytes| {
            let bytes = bytes.map_err(io::Error::other)?;
            Ok((bytes, Entry::decode(bytes).map_err(io::Error::other)?))
        });
        let entries: Vec<(&[u8], Entry)> = entries.collect::<io::Result<_>>()?;
        let mut replies = Vec::with_capacity(entries.len());
        for near in entries.chunks(Exchange::LOOK_AHEAD) {
            state.exchange.look_ahead(near.iter().map(|(_, entry)| &entry.command));
            for (bytes, entry) in near {
                replies.push(self.execute_entry(state, bytes, entry, run)?);
            }
        }
        Ok(replies)
    }

    fn execute_entry(&self, state: &mut State, bytes: &[u8], entry: &Entry, run: &mut Run) -> io::Result<Reply> {
        let due = Sequence(state.exchange.sequence().0 + 1);
        if entry.sequence != due {
            return Err(io::Error::other(format!("entry {} stands where {due} belongs", entry.sequence)));
        }
        // Whoever executed it under other rules would have another world than the rest.
        let rules = entry.command.body.rules();
        if rules > Profile::RULES_KNOWN {
            return Err(io::Error::other(format!(
                "entry {due} asks for rules {rules}, and this program knows them up to {}: install the version that the other nodes run",
                Profile::RULES_KNOWN
            )));
        }
        let opened = self.world.vault.opened(&entry.command);
        let reply = state.exchange.execute(entry, opened, &mut run.output);
        state.tree.push(bytes);
        assert_eq!(state.tree.leaves(), entry.sequence.0, "a leaf for every entry");
        run.first.get_or_insert(entry.sequence);
        (run.last, run.at) = (entry.sequence, entry.at);
        run.entries += 1;
        if self.world.checkpoint_every.is_some_and(|every| entry.sequence.0.is_multiple_of(every)) {
            let checkpoint = Checkpoint { sequence: entry.sequence, digest: state.exchange.digest().into() };
            let mut checkpoints = self.world.checkpoints.lock();
            if checkpoints.len() == CHECKPOINTS {
                checkpoints.pop_front();
            }
            checkpoints.push_back(checkpoint);
        }
        if state.expected.is_some_and(|head| head.sequence == entry.sequence) {
            self.check_head(state)?;
        }
        Ok(reply)
    }

    /// The log must give, at the signed entry, what was signed.
    fn check_head(&self, state: &mut State) -> io::Result<()> {
        let Some(head) = state.expected.take() else {
            return Ok(());
        };
        let what = if state.tree.head() != head.hash {
            "the hash over all entries is another"
        } else if state.exchange.digest() != head.state_digest {
            "the digest of the state is another"
        } else {
            return Ok(());
        };
        let error = StartError::HistoryDiffers {
            path: self.world.snapshots.folder.with_file_name("log"),
            sequence: head.sequence,
            what: what.to_owned(),
        };
        let message = io::Error::other(error.to_string());
        *self.world.differs.lock() = Some(error);
        Err(message)
    }

    /// Hands the run to the observers and answers those who wait.
    fn finish(&self, run: &mut Run) {
        let world = &*self.world;
        let done = core::mem::take(run);
        if let Some(first) = done.first {
            let applied = Arc::new(Applied {
                first,
                last: done.last,
                at: done.at,
                events: done.output.events,
                private: done.output.private,
            });
            let mut state = world.state.lock();
            for observer in self.observers.lock().iter_mut() {
                observer.applied(&applied, &state.exchange);
            }
            world.sequence.store(done.last.0, Ordering::Release);
            if world.leading.load(Ordering::Acquire) {
                let State { exchange, sealed, .. } = &mut *state;
                sealed.look(exchange);
                world.set_due(exchange.next_stamp());
                if !sealed.due.is_empty() {
                    world.keeper.notify_one();
                }
            }
            if world.snapshot_due(world.snapshot_every) {
                world.keeper.notify_one();
            }
            world.applied.notify_waiters();
        }
        if done.term != 0 && world.term.swap(done.term, Ordering::AcqRel) != done.term {
            world.keeper.notify_one();
            world.terms.notify_one();
        }
        for (responder, outcome) in done.answers {
            responder.send(outcome);
        }
    }
}

impl RaftStateMachine<Types> for Machine {
    type SnapshotData = SnapshotFile;
    type SnapshotBuilder = Builder;

    async fn applied_state(&mut self) -> io::Result<(Option<RaftLogId>, StoredMembership)> {
        let state = self.world.state.lock();
        Ok((state.applied.map(to_theirs), state.membership.clone()))
    }

    async fn apply<Strm>(&mut self, mut entries: Strm) -> io::Result<()>
    where
        Strm: Stream<Item = io::Result<EntryResponder<Types>>> + Unpin + Send,
    {
        let mut run = Run::default();
        while let Some(item) = entries.next().await {
            let (entry, responder) = item?;
            let index = entry.log_id().index();
            if !self.log.has_kept(index) {
                // A majority has it, and this node does not yet. Whatever is made of the state, a snapshot or a signed head,
                // would stand for what a loss of power takes away again.
                self.finish(&mut run);
                self.log.kept(index).await?;
            }
            let outcome = self.execute(entry, &mut run)?;
            if let Some(responder) = responder {
                run.answers.push((responder, outcome));
            }
            if run.entries >= RUN_ENTRIES || run.output.events.len() >= RUN_BYTES {
                self.finish(&mut run);
            }
        }
        self.finish(&mut run);
        Ok(())
    }

    async fn try_create_snapshot_builder(&mut self, force: bool) -> Option<Builder> {
        let builder = Builder { world: Arc::clone(&self.world) };
        (force || builder.world.snapshot.lock().is_some()).then_some(builder)
    }

    async fn get_snapshot_builder(&mut self) -> Builder {
        Builder { world: Arc::clone(&self.world) }
    }

    async fn install_snapshot(&mut self, _meta: &SnapshotMeta, snapshot: SnapshotFile) -> io::Result<()> {
        let loaded = self.world.snapshots.load(&snapshot.path).map_err(io::Error::other)?;
        let header = loaded.header;
        let mut state = self.world.state.lock();
        state.membership = StoredMembership::new(header.nodes_log.map(to_theirs), header.nodes.membership()?);
        state.exchange = loaded.exchange;
        state.tree = header.tree.clone();
        state.applied = Some(header.log);
        state.sealed = Sealed::default();
        self.observers.lock().iter_mut().for_each(|observer| observer.begin(&state.exchange));
        self.world.sequence.store(header.sequence.0, Ordering::Release);
        *self.world.snapshot.lock() = Some((header, loaded.path));
        Ok(())
    }

    async fn get_current_snapshot(&mut self) -> io::Result<Option<StoredSnapshot>> {
        current(&self.world)
    }
}

type StoredSnapshot = openraft::type_config::alias::SnapshotOf<Types, SnapshotFile>;

/// A snapshot on the disk.
#[derive(Clone, Debug)]
pub(crate) struct SnapshotFile {
    pub(crate) path: PathBuf,
}

fn current(world: &World) -> io::Result<Option<StoredSnapshot>> {
    let snapshot = world.snapshot.lock();
    let Some((header, path)) = &*snapshot else {
        return Ok(None);
    };
    let meta = SnapshotMeta {
        last_log_id: Some(to_theirs(header.log)),
        last_membership: StoredMembership::new(header.nodes_log.map(to_theirs), header.nodes.membership()?),
    };
    Ok(Some(Snapshot { meta, snapshot: SnapshotFile { path: path.clone() } }))
}

/// Snapshots are written by the keeper, outside of the engine, so that one that cannot be written stops nobody. The
/// engine is only told of those that are on the disk.
pub(crate) struct Builder {
    world: Arc<World>,
}

impl RaftSnapshotBuilder<Types> for Builder {
    type SnapshotData = SnapshotFile;

    async fn build_snapshot(&mut self) -> io::Result<StoredSnapshot> {
        current(&self.world)?.ok_or_else(|| io::Error::other("there is no snapshot on the disk yet"))
    }
}
