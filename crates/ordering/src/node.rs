//! A node: one order for all commands, durable before anyone is answered.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use exchange::files::FileHash;
use exchange::units::{Instant, Sequence, Span};
use exchange::{Applied, Command, Exchange, Reply};
use openraft::SnapshotPolicy;
use openraft::type_config::async_runtime::watch::WatchReceiver;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::cluster::Membership;
use crate::config::{ClusterConfig, Config, Seams, default_secrets};
use crate::disk::{Disk, RealDisk};
use crate::engine::machine::{Machine, World};
use crate::engine::network::Reach;
use crate::engine::store::Store;
use crate::engine::{Peer, Raft, Types};
use crate::error::{Damage, OnPath, StartError, Unavailable};
use crate::files::{self, FileUnread, Files, Hold};
use crate::head::SignedHead;
use crate::keeper::{self, Heads, Keeper};
use crate::keys;
use crate::log::Log;
use crate::metrics::Metrics;
use crate::net::Identity;
use crate::open::{Layout, Opened, open};
use crate::peers::Peers;
use crate::sequencer::{Counters, Job, Sequencer};
use crate::together::{ClusterAct, NodeSaid, NodeStatus, Together};
use crate::vault::{PersonalData, Vault, number_of};
use crate::workers::blocking;

/// Told of everything that is applied, on the applying thread, in order, before anyone is answered. It must not block,
/// and it must not call back into the node.
pub trait Observer: Send {
    /// The state from which this node goes on: that of the snapshot it started from, or the empty exchange. Every
    /// entry after it comes through [`Observer::applied`], those that recovery finds in the log included.
    fn begin(&mut self, exchange: &Exchange);
    /// A run of entries was applied; `exchange` is the state after it.
    fn applied(&mut self, run: &Arc<Applied>, exchange: &Exchange);
}

/// How a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It leads, and all that is committed is applied.
    Leading,
    /// Another node leads, which it passes commands on to, and it has what that one has.
    Following,
    /// Nobody leads whom it knows, or it has not caught up yet: commands wait, reads may be old.
    Waiting,
    /// Its log has failed; only a restart helps. Reads go on.
    Failed(String),
    /// It was stopped.
    Stopped,
}

/// A running node; cheap to clone.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    config: Config,
    disk: Arc<dyn Disk>,
    clock: Arc<dyn Clock>,
    world: Arc<World>,
    log: Arc<Log>,
    files: Files,
    raft: Raft,
    queue: Queue,
    together: Option<Together>,
    counters: Arc<Counters>,
    heads: Arc<Heads>,
    stopping: watch::Sender<bool>,
    stopped: AtomicBool,
    /// The sequencer first, then what the node does by itself.
    tasks: Mutex<Vec<JoinHandle<()>>>,
    warnings: Vec<String>,
}

impl Node {
    /// Recovers (the newest snapshot that verifies and the log after it), starts consensus, and returns once it leads
    /// and all is applied. One of several nodes returns before that: see [`Node::caught_up`].
    ///
    /// # Errors
    /// Why it does not start.
    pub async fn start(config: Config, seams: Seams, observers: Vec<Box<dyn Observer>>) -> Result<Node, StartError> {
        let (to_open, disk, workers) = (config.clone(), Arc::clone(&seams.disk), Arc::clone(&seams.workers));
        let several = match (&config.cluster, &seams.network) {
            (Some(cluster), Some(network)) => Some((cluster.clone(), Arc::clone(network))),
            (Some(_), None) => return Err(StartError::Setting("a node of several needs a network".to_owned())),
            (None, _) => None,
        };
        // A taken address is said before anything of the folder is changed.
        let listener = match &several {
            Some((_, network)) => Some(network.listen().await.map_err(|error| {
                StartError::Setting(format!("cannot listen for the other nodes: {error}; correct listen of [cluster]"))
            })?),
            None => None,
        };
        let opened = blocking(&*seams.workers, move || open(&to_open, &disk, &workers)).await;
        let opened = opened.map_err(|error| StartError::Engine(error.to_string()))??;
        let Opened { lock, membership, vault, snapshots, loaded, recovered, head, layout, mut warnings } = opened;

        let log = Arc::new(recovered.log);
        log.hold(lock);
        let checkpoint_every = several.as_ref().map(|(cluster, _)| cluster.checkpoint_every.max(1));
        let workers = seams.workers;
        let world = World::new(vault, snapshots, workers, config.snapshot_every, checkpoint_every, loaded, head)
            .on(&layout.snapshots())?;
        let world = Arc::new(world);
        let machine = Machine::new(Arc::clone(&world), Arc::clone(&log), observers);
        let peers = several.as_ref().map(|(_, network)| {
            let identity = Identity {
                cluster: membership.cluster,
                node: membership.node,
                instance: membership.instance.expect("a node of several has drawn it"),
                secrets: world.vault.fingerprint_of_secrets().into(),
            };
            Arc::new(Peers::new(Arc::clone(network), identity))
        });
        let raft = start_engine(membership.node, machine, &log, &world, config.cluster.as_ref(), peers.clone()).await?;

        let reserve_bytes = config.files_reserve_bytes;
        // What one of several has applied so far may not name yet what it keeps.
        let sweep = several.is_none();
        let files = match open_files(&world, &seams.disk, layout.files(), reserve_bytes, sweep, &mut warnings).await {
            Ok(files) => files,
            Err(error) => {
                end(&raft, &world, &log).await;
                return Err(error);
            }
        };

        let counters = Arc::new(Counters::default());
        let (jobs, jobs_queue) = mpsc::channel(config.queue_max);
        let queue =
            Queue { jobs: jobs.clone(), counters: Arc::clone(&counters), log: Arc::clone(&log), max: config.queue_max };
        let (stopping, stop) = watch::channel(false);
        let heads = Arc::new(Heads {
            world: Arc::clone(&world),
            disk: Arc::clone(&seams.disk),
            clock: Arc::clone(&seams.clock),
            path: layout.head(),
            cluster: membership.cluster,
            last: Mutex::new(head),
            signing: tokio::sync::Mutex::new(()),
        });
        if head.is_none()
            && let Err(error) = heads.first().await
        {
            end(&raft, &world, &log).await;
            return Err(StartError::Disk { path: layout.head(), error });
        }
        let clock = seams.clock;
        let sequencer = Sequencer {
            raft: raft.clone(),
            world: Arc::clone(&world),
            log: Arc::clone(&log),
            clock: Arc::clone(&clock),
            counters: Arc::clone(&counters),
            batch_max: config.batch_max,
            batch_bytes_max: config.batch_bytes_max,
            in_flight_max: config.batches_in_flight_max,
            lease: several.as_ref().map(|(cluster, _)| cluster.election_after),
        };
        let keeper = Keeper {
            world: Arc::clone(&world),
            raft: raft.clone(),
            log: Arc::clone(&log),
            jobs: jobs.clone(),
            counters: Arc::clone(&counters),
            snapshot_every: config.snapshot_every,
            writing: Arc::new(AtomicBool::new(false)),
            not_before: Arc::new(AtomicU64::new(0)),
        };
        warnings.extend(clock_differs(world.last_stamp(), clock.now(), config.clock_apart_max));
        let together = several.zip(peers).zip(listener).map(|(((cluster, _), peers), listener)| {
            Together::start(cluster, peers, listener, &raft, &world, &log, &files, &queue, &stop)
        });
        if together.is_none() {
            world.begin_tenure();
        }
        let mut tasks = vec![
            tokio::spawn(sequencer.run(jobs_queue, stop.clone())),
            tokio::spawn(keeper::tick(Arc::clone(&world), Arc::clone(&clock), jobs.clone(), stop.clone())),
            tokio::spawn(keeper.run(stop.clone())),
            tokio::spawn(Arc::clone(&heads).run(config.head_every, stop.clone())),
            tokio::spawn(watch_engine(raft.clone(), Arc::clone(&log), stop.clone())),
        ];
        if together.is_none() {
            tasks.push(tokio::spawn(keys::forget_alone(Arc::clone(&world), stop)));
        }
        let together = together.map(|(together, its)| {
            tasks.extend(its);
            together
        });
        Ok(Node(Arc::new(Inner {
            config,
            disk: seams.disk,
            clock,
            world,
            log,
            files,
            raft,
            queue,
            together,
            counters,
            heads,
            stopping,
            stopped: AtomicBool::new(false),
            tasks: Mutex::new(tasks),
            warnings,
        })))
    }

    /// Puts a command in the one order and answers once it is durable and executed. A refusal by a rule is an answer.
    /// Whoever stops waiting does not stop the command.
    ///
    /// # Errors
    /// It surely was not done, or nobody knows.
    pub async fn submit(&self, command: Command) -> Result<Reply, Unavailable> {
        match &self.0.together {
            None => self.0.queue.place(command).await,
            Some(together) => together.submit(command).await,
        }
    }

    /// Waits until this node has what the cluster has: at once where it runs alone. Nothing of it should be shown before.
    ///
    /// # Errors
    /// It may not be one of the cluster, or its log has failed.
    pub async fn caught_up(&self) -> Result<(), StartError> {
        match &self.0.together {
            None => Ok(()),
            Some(together) => together.caught_up().await,
        }
    }

    /// Whether it leads, and so does what only one of several nodes may do.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.0.raft.is_leader()
    }

    /// Waits until this node has what the leader has by now: what somebody was answered by one node may be asked for at the
    /// next before that has heard of it. Says whether it has; who leads has it once a majority has confirmed that it does.
    pub async fn catch_up(&self) -> bool {
        match &self.0.together {
            None => true,
            Some(together) => together.catch_up().await,
        }
    }

    /// Whether what is read here may be old, since this node is cut off from the others. Never where it runs alone.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.0.together.as_ref().is_some_and(Together::is_cut_off)
    }

    /// How all nodes of the cluster are, as far as they answer; `None` where it runs alone.
    pub async fn status(&self) -> Option<Vec<NodeStatus>> {
        match &self.0.together {
            None => None,
            Some(together) => Some(together.status().await),
        }
    }

    /// Whether every node of the cluster has a program that knows these rules, so that they may be put in force: a node
    /// that meets rules it does not know stops.
    ///
    /// # Errors
    /// Which node does not, or does not answer, and what to do, in one line.
    pub async fn all_know(&self, rules: u32) -> Result<(), String> {
        for NodeStatus { node, said, .. } in self.status().await.unwrap_or_default() {
            match said {
                Some(said) if said.rules >= rules => {}
                Some(NodeSaid { version, rules: knows, .. }) => {
                    return Err(format!(
                        "node {node} runs {version}, which knows the rules up to {knows}; upgrade it before {rules} are put in force"
                    ));
                }
                None => {
                    return Err(format!(
                        "node {node} does not say which rules it knows; bring it back or remove it before {rules} are put in force"
                    ));
                }
            }
        }
        Ok(())
    }

    /// Changes who is of the cluster or who leads it, through whoever leads.
    ///
    /// # Errors
    /// Why not, and what to do, in one line.
    pub async fn act(&self, act: ClusterAct) -> Result<(), String> {
        match &self.0.together {
            None => Err("this node runs alone; give it a [cluster] in its configuration".to_owned()),
            Some(together) => together.act(act).await,
        }
    }

    /// Makes a key for a person, has a majority of the nodes keep it, and gives the person's data under it.
    ///
    /// # Errors
    /// The key could not be kept; there is no ciphertext, and nothing may be proposed.
    pub async fn encrypt_person(&self, person: PersonalData) -> io::Result<Vec<u8>> {
        let node = self.clone();
        let kept = self.0.world.blocking(move || node.vault().encrypt_person(&person)).await;
        let personal = kept.flatten()?;
        if let (Some(together), Some(number)) = (&self.0.together, number_of(&personal))
            && let Err(why) = together.keys.spread(number).await
        {
            // Nothing is under it, so it is of no use to anybody.
            if let Err(error) = self.forget_locally(personal).await {
                tracing::warn!("a key that was not spread could not be destroyed: {error}");
            }
            return Err(io::Error::other(why));
        }
        Ok(personal)
    }

    /// Destroys the key of a person for ever, on a majority of the nodes; the others follow. Says whether there was one here.
    ///
    /// # Errors
    /// The key may still be on a disk, and still serves.
    pub async fn forget_person(&self, personal: Vec<u8>) -> io::Result<bool> {
        let number = number_of(&personal);
        let was = self.forget_locally(personal).await?;
        if let (Some(together), Some(number)) = (&self.0.together, number) {
            together.keys.destroy(number).await.map_err(io::Error::other)?;
        }
        Ok(was)
    }

    async fn forget_locally(&self, personal: Vec<u8>) -> io::Result<bool> {
        let node = self.clone();
        self.0.world.blocking(move || node.vault().forget_person(&personal)).await.flatten()
    }

    /// Makes the bytes of a file durable, then puts the command that names them in order: `name` is told their hash. Where
    /// the command is refused, the bytes go again. Whoever stops waiting stops neither.
    ///
    /// # Errors
    /// As of [`Node::submit`]; a file that could not be kept surely was not named.
    pub async fn keep_file(
        &self,
        bytes: impl AsRef<[u8]> + Send + 'static,
        name: impl FnOnce(FileHash) -> Command + Send + 'static,
    ) -> Result<Reply, Unavailable> {
        let node = self.clone();
        let kept = tokio::spawn(async move {
            let files = node.0.files.clone();
            let to_others = node.0.together.as_ref().map(|_| bytes::Bytes::copy_from_slice(bytes.as_ref()));
            let put = node.0.world.blocking(move || files.put(bytes.as_ref())).await;
            let hold = put.flatten().map_err(|error| {
                tracing::error!(%error, "a file could not be kept");
                Unavailable::Refused(format!("the file could not be kept: {error}"))
            })?;
            if let (Some(together), Some(bytes)) = (&node.0.together, to_others)
                && let Err(why) = together.keys.spread_file(&bytes).await
            {
                node.let_go(hold).await;
                return Err(Unavailable::Refused(format!("the file could not be kept on a majority: {why}")));
            }
            let hash = hold.hash();
            node.decide_file(hold, name(hash)).await
        });
        kept.await.unwrap_or_else(|broken| Err(Unavailable::Unknown(broken.to_string())))
    }

    /// Puts a command in order by which somebody lets a file go, and removes the bytes that nothing names any more.
    ///
    /// # Errors
    /// As of [`Node::submit`].
    pub async fn drop_file(&self, hash: FileHash, command: Command) -> Result<Reply, Unavailable> {
        let node = self.clone();
        let hold = self.0.files.hold(hash);
        let dropped = tokio::spawn(async move { node.decide_file(hold, command).await });
        dropped.await.unwrap_or_else(|broken| Err(Unavailable::Unknown(broken.to_string())))
    }

    /// A file is held until it is decided whether the log names it.
    async fn decide_file(&self, hold: Hold, command: Command) -> Result<Reply, Unavailable> {
        let decided = self.submit(command).await;
        if let Err(Unavailable::Unknown(_)) = &decided {
            // The log of this process has failed, and the next start knows what it names.
            core::mem::forget(hold);
            return decided;
        }
        self.let_go(hold).await;
        decided
    }

    /// Lets go of a file, whose bytes go too where nothing names it and nobody else is about to.
    async fn let_go(&self, hold: Hold) {
        let node = self.clone();
        let released = self.0.world.blocking(move || {
            node.0.files.release(hold, |hash| node.0.world.names_file(hash));
        });
        if let Err(error) = released.await {
            tracing::error!(%error, "a file was not let go of");
        }
    }

    /// The bytes of a file. It waits for the disk: call it where blocking is allowed.
    ///
    /// # Errors
    /// They are not there, or are not those under this hash, or the disk says no.
    pub fn read_file(&self, hash: &FileHash) -> Result<Vec<u8>, FileUnread> {
        self.0.files.read(hash, |hash| self.0.world.names_file(hash))
    }

    /// The last entry applied and told to the observers.
    #[must_use]
    pub fn sequence(&self) -> Sequence {
        self.0.world.sequence()
    }

    /// A signed head that covers at least this entry. It is on the disk before it is given out.
    ///
    /// # Errors
    /// The node has not applied that entry, or the head could not be kept.
    pub async fn head(&self, at_least: Sequence) -> Result<SignedHead, Unavailable> {
        self.0.heads.at_least(at_least).await
    }

    /// Reads the state under its lock, which holds up the applying: copy what is wanted and return.
    pub fn read<T>(&self, read: impl FnOnce(&Exchange) -> T) -> T {
        read(&self.0.world.state.lock().exchange)
    }

    /// What is true now, for tests that alter it.
    #[cfg(test)]
    pub(crate) fn world(&self) -> &World {
        &self.0.world
    }

    /// What changes the nodes, for tests that leave a change half-way.
    #[cfg(test)]
    pub(crate) fn acting(&self) -> &crate::membership::Acting {
        &self.0.together.as_ref().expect("it is one of several").acting
    }

    /// The secrets beside the log.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.0.world.vault
    }

    /// What recovery found to be wrong and could help: a torn write that was cut, a snapshot that could not be used.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.0.warnings
    }

    /// Counters and gauges.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let inner = &*self.0;
        let mut metrics = Metrics::default();
        inner.counters.fill(&mut metrics);
        let log = inner.log.metrics();
        metrics.queue_max = inner.config.queue_max;
        metrics.queue_len = inner.config.queue_max - inner.queue.jobs.capacity();
        metrics.sequence = inner.world.sequence().0;
        metrics.term = inner.world.term();
        metrics.log_index = log.last.map_or(0, |last| last.index);
        metrics.log_bytes = log.bytes;
        metrics.log_syncs = log.syncs;
        metrics.segments = log.segments;
        metrics.snapshot_sequence = inner.world.snapshot_sequence().0;
        metrics.head_sequence = inner.heads.last().map_or(0, |head| head.sequence.0);
        metrics.disk_free_bytes = inner.disk.free_bytes(&inner.config.data).ok();
        metrics.clock_ahead_us = inner.clock.machine_ahead_us();
        metrics.clock_apart = inner.clock.is_apart();
        let stamp = inner.world.last_stamp();
        metrics.clock_behind_stamp_us = stamp.map_or(0, |stamp| stamp.since(inner.clock.now()).us());
        let (files, bytes) = self.read(|exchange| {
            let used = exchange.files().used();
            (used.files, used.bytes)
        });
        (metrics.files, metrics.files_bytes) = (files, bytes);
        (metrics.files_written, metrics.files_damaged) = (inner.files.written(), inner.files.damaged());
        metrics.failed = inner.log.failed().is_some();
        if let Some(together) = &inner.together {
            together.fill(&mut metrics);
        }
        metrics
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        let inner = &*self.0;
        if inner.stopped.load(Ordering::Acquire) {
            return Health::Stopped;
        }
        if let Some(why) = inner.log.failed() {
            return Health::Failed(why);
        }
        match &inner.together {
            Some(together) if !together.is_in_step() => Health::Waiting,
            _ if inner.raft.is_leader() => Health::Leading,
            Some(_) => Health::Following,
            _ => Health::Waiting,
        }
    }

    /// Stops: the queue is drained, a head is signed, a snapshot is taken where it pays, and the folder is free for
    /// another process. One of several that leads hands the lead over first. A node that is dropped without it ends as if it
    /// were killed, only later.
    pub async fn stop(&self) {
        let inner = &*self.0;
        if let Some(together) = &inner.together
            && !*inner.stopping.borrow()
        {
            together.hand_over().await;
        }
        if inner.stopping.send_replace(true) {
            return;
        }
        let tasks = core::mem::take(&mut *inner.tasks.lock());
        ended(tasks).await;
        if inner.log.failed().is_none() {
            if let Err(why) = inner.heads.at_least(inner.world.sequence()).await {
                tracing::warn!("{why}");
            }
            if inner.world.snapshot_due(inner.config.snapshot_on_stop_from.max(1)) {
                keeper::snapshot(&inner.world, &inner.raft, &inner.counters).await;
            }
        }
        end(&inner.raft, &inner.world, &inner.log).await;
        inner.stopped.store(true, Ordering::Release);
    }
}

/// A node that nobody has any more and nobody stopped ends as soon as it can; its folder stays locked until then.
impl Drop for Inner {
    fn drop(&mut self) {
        if self.stopping.send_replace(true) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let tasks = core::mem::take(&mut *self.tasks.lock());
        let (raft, world, log) = (self.raft.clone(), Arc::clone(&self.world), Arc::clone(&self.log));
        runtime.spawn(async move {
            ended(tasks).await;
            end(&raft, &world, &log).await;
        });
    }
}

async fn ended(tasks: Vec<JoinHandle<()>>) {
    for task in tasks {
        if let Err(error) = task.await {
            tracing::error!("a task of the node has ended badly: {error}");
        }
    }
}

async fn end(raft: &Raft, world: &World, log: &Arc<Log>) {
    if let Err(error) = raft.shutdown().await {
        tracing::error!("the consensus engine has ended badly: {error}");
    }
    let log = Arc::clone(log);
    if let Err(error) = world.blocking(move || log.close()).await {
        tracing::error!("the log was not closed: {error}");
    }
}

/// Opens the files, removes what a process that ended has left, and warns of what is missing: the state is that of the whole
/// log, and nobody can hand in a file yet.
async fn open_files(
    world: &Arc<World>,
    disk: &Arc<dyn Disk>,
    folder: PathBuf,
    reserve_bytes: u64,
    sweep: bool,
    warnings: &mut Vec<String>,
) -> Result<Files, StartError> {
    let (its, disk) = (Arc::clone(world), Arc::clone(disk));
    let swept = world.blocking(move || {
        let files = Files::open(disk, folder.clone(), reserve_bytes).on(&folder)?;
        if !sweep {
            return Ok((files, Vec::new()));
        }
        let named: Vec<FileHash> = {
            let state = its.state.lock();
            state.exchange.files().hashes().map(|(hash, _)| *hash).collect()
        };
        let missing = files::sweep(&files, named.iter())?;
        Ok::<_, StartError>((files, missing))
    });
    let (files, missing) = swept.await.map_err(|error| StartError::Engine(error.to_string()))??;
    warnings.extend(missing);
    Ok(files)
}

/// Starts the engine and waits until this node leads and has applied everything.
async fn start_engine(
    node: u64,
    machine: Machine,
    log: &Arc<Log>,
    world: &Arc<World>,
    several: Option<&ClusterConfig>,
    peers: Option<Arc<Peers>>,
) -> Result<Raft, StartError> {
    let engine = |what: &dyn core::fmt::Display| StartError::Engine(what.to_string());
    let ms = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let config = openraft::Config {
        cluster_name: "bayan".to_owned(),
        heartbeat_interval: several.map_or(100, |cluster| ms(cluster.heartbeat_every)),
        // A follower waits for the lease of the leader, `election_timeout_max`, and then as long again as it has drawn.
        election_timeout_min: several.map_or(500, |cluster| ms(cluster.election_after) / 2),
        election_timeout_max: several.map_or(1_000, |cluster| ms(cluster.election_after)),
        // A leader that is not heard by a majority falls silent from time to time, so that those who can hear each other
        // may choose another.
        quorum_loss_probe_interval: several.map(|cluster| ms(cluster.election_after) * 3),
        // All of the log is kept ready for nodes that lack it; alone there is nobody to lack anything.
        max_in_snapshot_log_to_keep: if several.is_some() { u64::MAX } else { 1_000 },
        // Snapshots are taken by their own count, of entries, and outside of the engine.
        snapshot_policy: SnapshotPolicy::Never,
        // Every start is a leadership of its own, so that places are given within one process only.
        enable_leader_restore: Some(false),
        enable_pre_vote: Some(true),
        ..openraft::Config::default()
    };
    let config = Arc::new(config.validate().map_err(|error| engine(&error))?);
    // A log that does not give what was signed is found while it is applied: the engine stops, and here is why.
    let why = |error: &dyn core::fmt::Display| world.differs.lock().take().unwrap_or_else(|| engine(error));
    let reach = Reach { peers: peers.clone() };
    let raft = Raft::new(node, config, reach, Store::new(Arc::clone(log)), machine).await.map_err(|e| why(&e))?;
    // Asked of the engine itself: what it tells to those who watch it may not have come yet.
    let (voters, others) = raft
        .with_raft_state(|state| {
            let membership = state.membership_state.effective().membership();
            (membership.voter_ids().collect::<Vec<u64>>(), membership.learner_ids().next().is_some())
        })
        .await
        .map_err(|error| why(&error))?;
    match several {
        // It is told by the others what it has missed, or that it belongs to them at all.
        Some(_) if voters != [node] => return Ok(raft),
        None if voters.len() > 1 || others => {
            end(&raft, world, log).await;
            return Err(StartError::Setting(
                "this folder is that of one of several nodes; say in [cluster] how it reaches them".to_owned(),
            ));
        }
        _ => {}
    }
    if raft.is_initialized().await.map_err(|error| why(&error))? {
        if !raft.voter_ids().any(|voter| voter == node) {
            let folder = world.snapshots.folder.with_file_name("log");
            let what = format!("nothing in it says that node {node} is one of the cluster, though it has voted");
            return Err(Damage::new(&folder, 0, what).into());
        }
        raft.trigger().elect(false).await.map_err(|error| why(&error))?;
    } else {
        raft.initialize(BTreeMap::from([(node, Peer::default())])).await.map_err(|error| why(&error))?;
    }
    let leads_or_ended = |metrics: &openraft::RaftMetrics<Types>| {
        let term = metrics.last_applied.as_ref().map(|id| id.committed_leader_id().term);
        metrics.running_state.is_err() || (metrics.state.is_leader() && term == Some(metrics.current_term))
    };
    let waiting = raft.wait(None).metrics(leads_or_ended, "this node leads and has applied everything").await;
    waiting.map_err(|error| why(&error))?.running_state.map_err(|error| why(&error))?;
    if let (Some(cluster), Some(peers)) = (several, peers) {
        let own = Peer { address: cluster.address.clone(), instance: Some(peers.identity.instance) };
        let known =
            raft.with_raft_state(move |state| state.membership_state.effective().membership().get_node(&node).cloned());
        let known = known.await.map_err(|error| engine(&error))?;
        if known.as_ref() != Some(&own) {
            // From now on others can be told where it is, and as which folder it is known.
            let change = openraft::ChangeMembers::SetNodes(BTreeMap::from([(node, own)]));
            raft.change_membership(change, true).await.map_err(|error| engine(&error))?;
        }
    }
    Ok(raft)
}

/// Commands on their way to this node's own sequencer.
#[derive(Clone)]
pub(crate) struct Queue {
    pub(crate) jobs: mpsc::Sender<Job>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) log: Arc<Log>,
    pub(crate) max: usize,
}

impl Queue {
    /// Puts a command in the one order, where this node leads, and answers once it is durable and executed.
    pub(crate) async fn place(&self, command: Command) -> Result<Reply, Unavailable> {
        if let Some(why) = self.log.failed() {
            return Err(Unavailable::Refused(why));
        }
        let (reply, answer) = oneshot::channel();
        match self.jobs.try_send(Job { command, reply }) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.counters.refused_full.fetch_add(1, Ordering::Relaxed);
                return Err(Unavailable::Refused(format!("{} commands are waiting already", self.max)));
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {
                return Err(Unavailable::Refused("the node is being stopped".to_owned()));
            }
        }
        answer.await.unwrap_or_else(|_| {
            self.counters.unknown.fetch_add(1, Ordering::Relaxed);
            let why = self.log.failed().unwrap_or_else(|| "the node stopped before it was answered".to_owned());
            Err(Unavailable::Unknown(why))
        })
    }

    /// As [`Queue::place`], within this time: a leader that has lost the majority may never hear what became of it.
    pub(crate) async fn place_within(&self, command: Command, within: Duration) -> Result<Reply, Unavailable> {
        tokio::time::timeout(within, self.place(command)).await.unwrap_or_else(|_| {
            self.counters.unknown.fetch_add(1, Ordering::Relaxed);
            Err(Unavailable::Unknown(format!("no majority has kept it within {within:?}")))
        })
    }
}

/// A node that was off this long is worth a line when it comes back.
const LONG_OFF: Span = Span::from_seconds(86_400);

/// Says what is odd about the clock at a start, beside the log's last stamp. A clock that is late may be wrong or may show
/// that the node was off, which nobody but an operator knows; one that is early lets time stand until it has caught up.
fn clock_differs(stamp: Option<Instant>, now: Instant, apart_max: Duration) -> Option<String> {
    let stamp = stamp?;
    let (early, late) = (stamp.since(now), now.since(stamp));
    let seconds = |span: Span| span.us() / 1_000_000;
    if u128::from(early.us().unsigned_abs()) > apart_max.as_micros() {
        let what = format!(
            "the machine's clock is {} s earlier than the last stamp of the log, {stamp}: until it is that late all entries \
             get that stamp and no deadline comes; set the machine's clock right and restart the node",
            seconds(early)
        );
        tracing::error!("{what}");
        Some(what)
    } else if late > LONG_OFF {
        let what = format!(
            "the machine's clock is {} s later than the last stamp of the log, {stamp}; if the node was not off so long, \
             stop it at once and set the clock right: a stamp cannot be taken back",
            seconds(late)
        );
        tracing::warn!("{what}");
        Some(what)
    } else {
        None
    }
}

/// When the engine ends by itself, nothing more is taken. What is watched changes with leaders and votes only: a task that
/// wakes with every write takes the core that the write needs next.
async fn watch_engine(raft: Raft, log: Arc<Log>, mut stopping: watch::Receiver<bool>) {
    let mut server = raft.server_metrics();
    loop {
        tokio::select! {
            changed = server.changed() => if changed.is_err() {
                let running = raft.metrics().borrow_watched().running_state.clone();
                log.fail(&match running {
                    Err(why) => why.to_string(),
                    Ok(()) => "the consensus engine has stopped".to_owned(),
                });
                return;
            },
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

/// Whether a folder holds a log or anything that says that there was one. Where it does not, [`Node::start`] begins a new
/// log there: ask first where only an old one may go on. Nothing is changed.
///
/// # Errors
/// The folder cannot be looked into.
pub fn is_data_folder(data: &Path) -> Result<bool, StartError> {
    let layout = Layout { data: data.to_owned(), secrets: default_secrets(data) };
    for path in [layout.cluster(), layout.log(), layout.marks(), layout.head(), layout.snapshots()] {
        if RealDisk.exists(&path).on(&path)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What tells the history in a data folder from every other venue's: BLAKE3 of its cluster's identity.
///
/// # Errors
/// The file `cluster` is missing or cannot be read.
pub fn venue_of(data: &Path) -> Result<[u8; 32], StartError> {
    let path = data.join("cluster");
    match Membership::read(&RealDisk, &path)? {
        Some(membership) => Ok(blake3::derive_key("bayan 2026 a venue's history v1", membership.cluster.as_bytes())),
        None => Err(Damage::new(&path, 0, "this file is missing").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{SimClock, SimDisk};

    /// Protects members from a node that takes commands which no engine will ever put in order.
    #[tokio::test]
    async fn when_the_engine_ends_nothing_more_is_taken() {
        let (disk, clock) = (SimDisk::new("/d"), Arc::new(SimClock::at(Instant::from_us(1_800_000_000_000_000))));
        let seams = Seams { disk: disk.process(), clock, network: None, ..Seams::default() };
        let node = Node::start(Config::new("/d/data"), seams, Vec::new()).await.unwrap();
        assert_eq!(node.0.log.failed(), None);
        node.0.raft.shutdown().await.unwrap();
        let failed = async {
            while node.0.log.failed().is_none() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), failed).await.expect("the end of the engine is seen");
        assert!(node.submit(Command::system(exchange::Body::Tick)).await.is_err());
    }

    /// Protects the venue where the engine has refused a batch and taken the next, as it does when a leader's lease ends for a
    /// moment: the one behind the hole is void on every node, what comes later is not, and neither a start nor a check stumbles.
    #[tokio::test]
    async fn what_stands_behind_a_refused_batch_is_void() {
        let (disk, clock) = (SimDisk::new("/d"), Arc::new(SimClock::at(Instant::from_us(1_800_000_000_000_000))));
        let start = || {
            let seams = Seams {
                disk: disk.process(),
                clock: Arc::clone(&clock) as Arc<dyn Clock>,
                network: None,
                ..Seams::default()
            };
            Node::start(Config::new("/d/data"), seams, Vec::new())
        };
        let tick = || Command::system(exchange::Body::Tick);
        let node = start().await.unwrap();
        let first = node.submit(tick()).await.unwrap().sequence;
        let term = node.0.raft.server_metrics().borrow_watched().vote.leader_id.term;
        let mut builder = crate::engine::batch::Builder::new();
        let behind = exchange::Entry { sequence: Sequence(first.0 + 7), at: node.read(|e| e.now()), command: tick() };
        assert!(builder.push(&behind, 1_000));
        let written = node.0.raft.client_write(builder.finish(term)).await.unwrap();
        assert!(matches!(written.data, crate::engine::Outcome::Void), "{:?}", written.data);
        assert_eq!(node.submit(tick()).await.unwrap().sequence, Sequence(first.0 + 1));
        node.stop().await;
        let verified = crate::sim::verify(&disk, Path::new("/d/data"), Path::new("/d/data/secrets")).unwrap();
        assert_eq!(verified.sequence, Sequence(first.0 + 1));
        let node = start().await.unwrap();
        assert!(node.submit(tick()).await.unwrap().sequence > Sequence(first.0 + 1));
        node.stop().await;
    }
}
