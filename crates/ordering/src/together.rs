//! A node as one of several: commands go to whoever leads, and what it shows is what the cluster has.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use exchange::{Command, Reply};
use openraft::type_config::async_runtime::watch::WatchReceiver;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::agreement::Agreement;
use crate::answers;
use crate::census::NodeStatus;
use crate::circle::Circle;
use crate::config::ClusterConfig;
use crate::engine::machine::World;
use crate::engine::{Peer, Raft};
use crate::error::{StartError, Unavailable};
use crate::files::Files;
use crate::forward::Forwarder;
use crate::keys::Keys;
use crate::log::Log;
use crate::membership::{ACT_MAX, Acting};
use crate::metrics::Metrics;
use crate::net::Listener;
use crate::net::frame::Kind;
use crate::net::message::{self, Act, Acted};
use crate::net::server::Server;
use crate::node::Queue;
use crate::peers::{Lane, Peers};
use crate::reader::{self, Following, Sources};
use crate::standing::Standing;
use crate::way::{FORWARD_MAX, Towards, Way};

/// How long handing the lead over may take before a stop goes on without.
const HAND_OVER_MAX: Duration = Duration::from_secs(2);
/// After how many times the silence that begins an election a leader is taken for gone: an election may go by unnoticed.
const SILENCE: u32 = 3;
/// How often a node that waits to be added looks whether it was refused.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What an operator does to the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClusterAct {
    /// A node, whose folder was made for it, is to get the log without a vote.
    AddLearner {
        /// Its number, which no node ever had.
        node: u64,
        /// Where the others reach it.
        address: String,
    },
    /// A learner that has the log is to vote.
    Promote(u64),
    /// A node is to be one of the cluster no more.
    Remove(u64),
    /// Another node is to lead.
    TransferLeader(u64),
}

/// What a node that is one of several has beside what every node has.
pub(crate) struct Together {
    node: u64,
    raft: Raft,
    world: Arc<World>,
    log: Arc<Log>,
    way: Way,
    standing: Standing,
    /// From whom it takes the log, where it is a reader.
    sources: Option<Arc<Sources>>,
    forwarded: Arc<AtomicU64>,
    peers: Arc<Peers>,
    pub(crate) keys: Keys,
    acting: Acting,
    answers: answers::Node,
}

impl Together {
    /// Begins to hear and to call the others; gives the tasks that do it.
    #[expect(clippy::too_many_arguments, reason = "each is a part of the node that is put together here")]
    pub(crate) fn start(
        config: ClusterConfig,
        peers: Arc<Peers>,
        listener: Box<dyn Listener>,
        raft: &Raft,
        world: &Arc<World>,
        log: &Arc<Log>,
        files: &Files,
        queue: &Queue,
        stop: &watch::Receiver<bool>,
    ) -> (Together, Vec<JoinHandle<()>>) {
        let node = peers.identity.node;
        let forwarded = Arc::new(AtomicU64::new(0));
        let (forward, jobs) = mpsc::channel(FORWARD_MAX);
        let sources = (!config.sources.is_empty()).then(|| Arc::new(Sources::new(node, config.sources.clone())));
        let (circle, towards, standing) = match &sources {
            None => (
                Circle::Cluster { node, raft: raft.clone() },
                Towards::Leader { node, raft: raft.clone(), queue: queue.clone() },
                Standing::Node {
                    raft: raft.clone(),
                    heard: Arc::default(),
                    silence_max: config.election_after * SILENCE,
                },
            ),
            Some(sources) => (
                Circle::Sources(Arc::clone(sources)),
                Towards::Source(Arc::clone(sources)),
                Standing::Reader(Arc::clone(sources)),
            ),
        };
        let forwarder = Forwarder {
            towards: towards.clone(),
            peers: Arc::clone(&peers),
            // The leader says within its own time that it does not know.
            within: config.command_max + Duration::from_secs(1),
            count: Arc::clone(&forwarded),
        };
        let way = Way {
            towards,
            world: Arc::clone(world),
            log: Arc::clone(log),
            peers: Arc::clone(&peers),
            forward,
            command_max: config.command_max,
        };
        let keys =
            Keys { circle: circle.clone(), world: Arc::clone(world), files: files.clone(), peers: Arc::clone(&peers) };
        let agreement = Agreement {
            circle,
            raft: raft.clone(),
            world: Arc::clone(world),
            log: Arc::clone(log),
            peers: Arc::clone(&peers),
        };
        let acting = Acting { node, raft: raft.clone(), log: Arc::clone(log), peers: Arc::clone(&peers) };
        let answers = answers::Node {
            identity: peers.identity,
            raft: raft.clone(),
            world: Arc::clone(world),
            files: files.clone(),
            queue: queue.clone(),
            acting: acting.clone(),
            within: config.command_max,
            address: config.address,
            url: config.url,
            log: Arc::clone(log),
            keys: keys.clone(),
            way: way.clone(),
            standing: standing.clone(),
            readers: Arc::default(),
            shut_out: Arc::new(OnceLock::new()),
        };
        let server = Server {
            identity: peers.identity,
            answers: Arc::new(answers.clone()),
            counters: Arc::clone(&peers.counters),
        };
        let mut tasks = vec![
            tokio::spawn(server.run(listener, stop.clone())),
            tokio::spawn(forwarder.run(jobs, stop.clone())),
            tokio::spawn(keys.clone().run(stop.clone())),
            tokio::spawn(agreement.run(stop.clone())),
        ];
        match &sources {
            None => {
                tasks.push(tokio::spawn(watch_lead(raft.clone(), Arc::clone(world), Arc::clone(&peers), stop.clone())))
            }
            Some(sources) => {
                let following = Following {
                    sources: Arc::clone(sources),
                    raft: raft.clone(),
                    log: Arc::clone(log),
                    peers: Arc::clone(&peers),
                };
                let own = {
                    let (answers, sources) = (answers.clone(), Arc::clone(sources));
                    move || answers.report(&sources)
                };
                tasks.push(tokio::spawn(following.run(stop.clone())));
                tasks.push(tokio::spawn(reader::report(Arc::clone(sources), Arc::clone(&peers), own, stop.clone())));
            }
        }
        let together = Together {
            node,
            raft: raft.clone(),
            world: Arc::clone(world),
            log: Arc::clone(log),
            way,
            standing,
            sources,
            forwarded,
            peers,
            keys,
            acting,
            answers,
        };
        (together, tasks)
    }

    /// Puts a command in the one order; see [`Way::submit`].
    pub(crate) async fn submit(&self, command: Command) -> Result<Reply, Unavailable> {
        self.way.submit(command).await
    }

    /// Waits until this node has what the leader has by now; see [`Way::catch_up`].
    pub(crate) async fn catch_up(&self) -> bool {
        self.way.catch_up().await
    }

    /// Whether somebody leads and this node has what that one has, or is only a moment behind it.
    pub(crate) fn is_in_step(&self) -> bool {
        self.standing.is_in_step(&self.world)
    }

    /// Whether what is read here may be old.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.standing.is_cut_off()
    }

    /// Waits until it is in step.
    pub(crate) async fn caught_up(&self) -> Result<(), StartError> {
        let mut said = false;
        let mut server = self.raft.server_metrics();
        loop {
            if let Some(why) = self.answers.shut_out.get() {
                return Err(StartError::Setting(why.clone()));
            }
            if let Some(why) = self.log.failed() {
                return Err(self.world.differs.lock().take().unwrap_or(StartError::Engine(why)));
            }
            if self.standing.lacks(&self.world) == Some(0) && (self.sources.is_none() || !self.is_cut_off()) {
                return Ok(());
            }
            let voters = server.borrow_and_update().membership_config.membership().voter_ids().count();
            if voters == 0 && !said && self.sources.is_none() {
                said = true;
                let node = self.node;
                tracing::info!(
                    "node {node} waits to be added: `bayan cluster add-learner {node}` on a node of the cluster"
                );
            }
            tokio::select! {
                changed = server.changed() => if changed.is_err() {
                    return Err(StartError::Engine("it has stopped".to_owned()));
                },
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Asks all how they are.
    pub(crate) async fn status(&self) -> Vec<NodeStatus> {
        self.answers.all().await
    }

    /// Whether all know these rules; if not, who does not.
    pub(crate) async fn all_know(&self, rules: u32) -> Result<(), String> {
        self.answers.all_know(rules).await
    }

    /// Has the leader do it.
    pub(crate) async fn act(&self, act: ClusterAct) -> Result<(), String> {
        if self.sources.is_some() {
            return Err("a reader has no part in the cluster; ask a node of it".to_owned());
        }
        let act = match act {
            ClusterAct::AddLearner { node, address } => {
                Act::AddLearner { node, peer: Peer { address, instance: None } }
            }
            ClusterAct::Promote(node) => Act::Promote(node),
            ClusterAct::Remove(node) => Act::Remove(node),
            ClusterAct::TransferLeader(node) => Act::TransferLeader(node),
        };
        let leader = {
            let metrics = self.raft.server_metrics();
            let metrics = metrics.borrow_watched();
            metrics.current_leader
        };
        match leader {
            None => Err("nobody leads just now, so nothing can be changed; bring a majority back first".to_owned()),
            Some(leader) if leader == self.node => self.acting.act(act).await,
            Some(leader) => {
                let members = self.answers.members();
                let peer = members.iter().find(|(node, ..)| *node == leader).map(|(_, peer, _)| peer);
                let peer =
                    peer.ok_or_else(|| format!("node {leader} leads, and this node does not know where it is yet"))?;
                let link = self.peers.link_to(leader, peer, Lane::Word);
                let answer = link.call(Kind::Act, message::bytes(&act), ACT_MAX * 2).await;
                let answer = answer.map_err(|error| error.to_string())?;
                let acted: Acted = minicbor::decode(&answer).map_err(|error| error.to_string())?;
                acted.refused.map_or(Ok(()), Err)
            }
        }
    }

    /// Hands the lead over, where this node has it and another can take it.
    pub(crate) async fn hand_over(&self) {
        if !self.raft.is_leader() {
            return;
        }
        let Some(to) = self.acting.successor() else { return };
        match tokio::time::timeout(HAND_OVER_MAX, self.acting.transfer(to)).await {
            Ok(Ok(())) => tracing::info!("node {to} leads from now on"),
            Ok(Err(why)) => tracing::warn!("the lead could not be handed over: {why}"),
            Err(_) => tracing::warn!("node {to} has not taken the lead within {HAND_OVER_MAX:?}"),
        }
    }

    pub(crate) fn fill(&self, metrics: &mut Metrics) {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        metrics.forwarded = load(&self.forwarded);
        metrics.readers = self.answers.readers.count() as u64;
        if let Some(sources) = &self.sources {
            metrics.reader_level = sources.chain().len() as u64;
            metrics.reader_lacks = sources.lacks(&self.world);
            metrics.reader_age = sources.age();
            metrics.reader_switches = load(&sources.switches);
        }
        metrics.peers_accepted = load(&self.peers.counters.accepted);
        metrics.peers_refused = load(&self.peers.counters.refused);
        metrics.peers_dialled = load(&self.peers.counters.dialled);
        metrics.peers_broken = load(&self.peers.counters.broken);
    }
}

/// Begins and ends this node's leading: what a node does by itself, such as stamping the log, only one may do. And lets go
/// of links to nodes that are none of the cluster any more.
async fn watch_lead(raft: Raft, world: Arc<World>, peers: Arc<Peers>, mut stopping: watch::Receiver<bool>) {
    let mut server = raft.server_metrics();
    loop {
        let (leads, term) = {
            let metrics = server.borrow_and_update();
            let membership = metrics.membership_config.membership();
            peers.keep(|node| membership.get_node(&node).is_some());
            (metrics.state.is_leader(), metrics.vote.leader_id.term)
        };
        let leading = world.leading.load(Ordering::Acquire);
        if leads && !leading && world.term() == term {
            tracing::info!(term, "this node leads");
            world.begin_tenure();
        } else if !leads && leading {
            tracing::info!(term, "this node does not lead any more");
            world.end_tenure();
        }
        tokio::select! {
            changed = server.changed() => if changed.is_err() {
                return;
            },
            () = world.terms.notified() => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}
