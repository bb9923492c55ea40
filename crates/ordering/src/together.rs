//! A node as one of several: commands go to whoever leads, and what it shows is what the cluster has.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use exchange::units::Sequence;
use exchange::{Command, Reply};
use openraft::Instant as _;
use openraft::type_config::async_runtime::watch::WatchReceiver;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant as Moment;

use crate::agreement::Agreement;
use crate::answers;
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
use crate::net::message::{self, Act, Acted, StatusSaid};
use crate::net::server::Server;
use crate::node::Queue;
use crate::peers::{Lane, Peers};
use crate::sequencer::Job;

/// How many commands may wait to be passed on.
const FORWARD_MAX: usize = 16_384;
/// How long it is until a command that found no leader is tried again, where nothing shows before that somebody leads.
const TRY_AGAIN: Duration = Duration::from_millis(20);
/// How long this node may take to hear of what the leader has answered.
const HEAR_MAX: Duration = Duration::from_secs(5);
/// How long catching up with the leader may take for the sake of one request.
pub(crate) const CATCH_UP_MAX: Duration = Duration::from_secs(1);
/// How long another node may take to say how it is.
const STATUS_MAX: Duration = Duration::from_millis(700);
/// How long handing the lead over may take before a stop goes on without.
const HAND_OVER_MAX: Duration = Duration::from_secs(2);
/// After how many times the silence that begins an election a leader is taken for gone: an election may go by unnoticed.
const SILENCE: u32 = 3;
/// A node that lacks more records than this is not in step.
const BEHIND_MAX: u64 = 1_000;
/// How often a node that waits to be added looks whether it was refused.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How a node of the cluster is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeStatus {
    /// Its number.
    pub node: u64,
    /// Where the other nodes reach it.
    pub address: String,
    /// Whether it votes; a learner does not.
    pub votes: bool,
    /// What it says of itself; `None`: it does not answer.
    pub said: Option<NodeSaid>,
}

/// What a node says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSaid {
    /// Whether it leads.
    pub leads: bool,
    /// The engine's term.
    pub term: u64,
    /// Who leads, as far as it knows.
    pub leader: Option<u64>,
    /// The last entry it has applied.
    pub sequence: Sequence,
    /// The digest of the state there.
    pub digest: [u8; 32],
    /// Its process.
    pub process: u32,
    /// Where members reach it.
    pub url: Option<String>,
    /// The version of its program.
    pub version: String,
    /// The newest rules that its program knows.
    pub rules: u32,
}

/// What programs know that do not say which rules they do.
const RULES_UNSAID: u32 = 2;

impl From<StatusSaid> for NodeSaid {
    fn from(said: StatusSaid) -> Self {
        NodeSaid {
            leads: said.leads,
            term: said.term,
            leader: said.leader,
            sequence: said.sequence,
            digest: *said.digest,
            process: said.process,
            url: said.url,
            version: said.version,
            rules: said.rules.unwrap_or(RULES_UNSAID),
        }
    }
}

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
    queue: Queue,
    forward: mpsc::Sender<Job>,
    forwarded: Arc<AtomicU64>,
    peers: Arc<Peers>,
    pub(crate) keys: Keys,
    pub(crate) acting: Acting,
    answers: answers::Node,
    command_max: Duration,
    /// How long a leader that is not heard, or does not hear a majority, still counts as one.
    silence_max: Duration,
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
        let forwarder = Forwarder {
            raft: raft.clone(),
            node,
            peers: Arc::clone(&peers),
            // The leader says within its own time that it does not know.
            within: config.command_max + Duration::from_secs(1),
            count: Arc::clone(&forwarded),
        };
        let keys = Keys {
            node,
            raft: raft.clone(),
            world: Arc::clone(world),
            files: files.clone(),
            peers: Arc::clone(&peers),
        };
        let agreement = Agreement {
            node,
            raft: raft.clone(),
            world: Arc::clone(world),
            log: Arc::clone(log),
            peers: Arc::clone(&peers),
        };
        let acting = Acting {
            node,
            raft: raft.clone(),
            log: Arc::clone(log),
            peers: Arc::clone(&peers),
            changing: Arc::default(),
        };
        let answers = answers::Node {
            identity: peers.identity,
            raft: raft.clone(),
            world: Arc::clone(world),
            files: files.clone(),
            queue: queue.clone(),
            acting: acting.clone(),
            within: config.command_max,
            url: config.url,
            heard: Arc::default(),
            shut_out: Arc::new(OnceLock::new()),
        };
        let server = Server {
            identity: peers.identity,
            answers: Arc::new(answers.clone()),
            counters: Arc::clone(&peers.counters),
        };
        let tasks = vec![
            tokio::spawn(server.run(listener, stop.clone())),
            tokio::spawn(forwarder.run(jobs, stop.clone())),
            tokio::spawn(keys.clone().run(stop.clone())),
            tokio::spawn(agreement.run(stop.clone())),
            tokio::spawn(acting.clone().finish_changes(stop.clone())),
            tokio::spawn(watch_lead(raft.clone(), Arc::clone(world), Arc::clone(&peers), stop.clone())),
        ];
        let together = Together {
            node,
            raft: raft.clone(),
            world: Arc::clone(world),
            log: Arc::clone(log),
            queue: queue.clone(),
            forward,
            forwarded,
            peers,
            keys,
            acting,
            answers,
            command_max: config.command_max,
            silence_max: config.election_after * SILENCE,
        };
        (together, tasks)
    }

    /// Puts a command in the one order, through whoever leads. While nobody does it waits; what may have been done is asked
    /// for again where asking twice makes it happen once.
    pub(crate) async fn submit(&self, command: Command) -> Result<Reply, Unavailable> {
        let until = Moment::now() + self.command_max;
        let can_be_repeated = command.request.is_some();
        let mut unknown = None;
        loop {
            if let Some(why) = self.log.failed() {
                return Err(unknown.map_or(Unavailable::Refused(why), Unavailable::Unknown));
            }
            let mut server = self.raft.server_metrics();
            let leader = server.borrow_and_update().current_leader;
            let left = until.saturating_duration_since(Moment::now());
            let answer = match leader {
                Some(leader) if leader == self.node => self.queue.place_within(command.clone(), left).await,
                Some(_) => self.pass_on(command.clone(), left).await,
                None => Err(Unavailable::Leaderless("nobody leads just now".to_owned())),
            };
            let why = match answer {
                Ok(reply) => {
                    // Whoever is answered here may read here what was done.
                    if self.world.reached(reply.sequence, HEAR_MAX).await {
                        return Ok(reply);
                    }
                    let sequence = reply.sequence;
                    return Err(Unavailable::Unknown(format!("entry {sequence} has not come to this node yet")));
                }
                Err(Unavailable::Leaderless(why)) => why,
                Err(Unavailable::Unknown(why)) if can_be_repeated => {
                    unknown = Some(why.clone());
                    why
                }
                Err(Unavailable::Refused(why)) => {
                    return Err(unknown.map_or(Unavailable::Refused(why), Unavailable::Unknown));
                }
                Err(Unavailable::Unknown(why)) => return Err(Unavailable::Unknown(why)),
            };
            if Moment::now() >= until {
                return Err(unknown.map_or(Unavailable::Leaderless(why), Unavailable::Unknown));
            }
            tokio::select! {
                changed = server.changed() => if changed.is_err() {
                    // The engine has ended: nobody will lead here any more.
                    let why = "the node is being stopped".to_owned();
                    return Err(unknown.map_or(Unavailable::Leaderless(why), Unavailable::Unknown));
                },
                () = tokio::time::sleep(TRY_AGAIN) => {}
            }
        }
    }

    async fn pass_on(&self, command: Command, within: Duration) -> Result<Reply, Unavailable> {
        let (reply, answer) = oneshot::channel();
        match self.forward.try_send(Job { command, reply }) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                return Err(Unavailable::Refused(format!("{FORWARD_MAX} commands wait already to be passed on")));
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {
                return Err(Unavailable::Refused("the node is being stopped".to_owned()));
            }
        }
        match tokio::time::timeout(within, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Unavailable::Unknown("the node stopped before it was answered".to_owned())),
            Err(_) => Err(Unavailable::Unknown(format!("the leader has not answered within {within:?}"))),
        }
    }

    /// Whether somebody leads and this node has what that one has, or is only a moment behind it.
    pub(crate) fn is_in_step(&self) -> bool {
        !self.is_cut_off() && self.lacks().is_some_and(|records| records <= BEHIND_MAX)
    }

    /// Waits until this node has what the leader has by now; says whether it has. Whoever leads asks a majority whether it
    /// still does, so that no one that was overruled unawares gives what is old for what is current.
    pub(crate) async fn catch_up(&self) -> bool {
        let leader = {
            let metrics = self.raft.server_metrics();
            let metrics = metrics.borrow_watched();
            match metrics.current_leader {
                Some(leader) if leader == self.node => None,
                Some(leader) => {
                    let Some(peer) = metrics.membership_config.membership().get_node(&leader).cloned() else {
                        return false;
                    };
                    Some((leader, peer))
                }
                None => return false,
            }
        };
        let Some((leader, peer)) = leader else { return self.answers.reached().await.is_ok() };
        let link = self.peers.link_to(leader, &peer, Lane::Word);
        let Ok(answer) = link.call(Kind::Reached, bytes::Bytes::new(), CATCH_UP_MAX).await else { return false };
        match minicbor::decode::<Sequence>(&answer) {
            Ok(sequence) => self.world.reached(sequence, CATCH_UP_MAX).await,
            Err(_) => false,
        }
    }

    /// Whether what is read here may be old: nobody leads whom this node hears, or it leads and hears no majority.
    pub(crate) fn is_cut_off(&self) -> bool {
        if self.raft.is_leader() {
            let heard = self.raft.as_leader().ok().and_then(|leader| leader.last_quorum_acked());
            return heard.is_none_or(|heard| heard.elapsed() > self.silence_max);
        }
        self.answers.heard.lock().is_none_or(|heard| heard.elapsed() > self.silence_max)
    }

    /// How many records this node has not applied of those that the leader says are committed; `None`: nobody leads whom it
    /// has heard, or nothing of that one's own is applied here yet, before which it may not know itself what is committed.
    fn lacks(&self) -> Option<u64> {
        let term = {
            let metrics = self.raft.server_metrics();
            let metrics = metrics.borrow_watched();
            metrics.current_leader.map(|_| metrics.vote.leader_id.term)
        };
        if term? != self.world.term() {
            return None;
        }
        let metrics = self.raft.data_metrics();
        let metrics = metrics.borrow_watched();
        let committed = metrics.cluster_committed.as_ref()?.index();
        Some(committed.saturating_sub(metrics.last_applied.as_ref()?.index()))
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
            if self.lacks() == Some(0) {
                return Ok(());
            }
            let voters = server.borrow_and_update().membership_config.membership().voter_ids().count();
            if voters == 0 && !said {
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

    fn members(&self) -> Vec<(u64, Peer, bool)> {
        let metrics = self.raft.server_metrics();
        let metrics = metrics.borrow_watched();
        let membership = metrics.membership_config.membership();
        let voters: Vec<u64> = membership.voter_ids().collect();
        membership.nodes().map(|(node, peer)| (*node, peer.clone(), voters.contains(node))).collect()
    }

    /// Asks all how they are.
    pub(crate) async fn status(&self) -> Vec<NodeStatus> {
        let all = self.members().into_iter().map(|(node, peer, votes)| async move {
            let said = if node == self.node {
                Some(self.answers.status())
            } else {
                let link = self.peers.link_to(node, &peer, Lane::Word);
                let answer = link.call(Kind::Status, bytes::Bytes::new(), STATUS_MAX).await;
                answer.ok().and_then(|answer| minicbor::decode::<StatusSaid>(&answer).ok())
            };
            NodeStatus { node, address: peer.address, votes, said: said.map(NodeSaid::from) }
        });
        futures_util::future::join_all(all).await
    }

    /// Has the leader do it.
    pub(crate) async fn act(&self, act: ClusterAct) -> Result<(), String> {
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
                let members = self.members();
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
