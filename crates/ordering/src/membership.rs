//! Who is of the cluster: adding, promoting, removing, and handing the lead over. Only the leader does it; any other node
//! passes it on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use openraft::type_config::async_runtime::watch::WatchReceiver;
use openraft::{ChangeMembers, Instant as _};
use tokio::sync::watch;

use crate::engine::{Peer, Raft, Types};
use crate::log::Log;
use crate::net::link::Target;
use crate::net::message::Act;
use crate::peers::Peers;

/// A voter that has not answered for this long is not counted on when somebody is added or removed.
const HEARD_WITHIN: Duration = Duration::from_secs(2);
/// How many records a learner may lack and still be promoted: less than a second's work.
const LACKS_MAX: u64 = 1_000;
/// How long an act may take.
pub(crate) const ACT_MAX: Duration = Duration::from_secs(10);
/// How soon it is tried again to bring a change of the nodes to its end.
const FINISH_AGAIN: Duration = Duration::from_millis(100);
/// How often it is looked whether the lead was handed over.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What acts as the leader.
#[derive(Clone)]
pub(crate) struct Acting {
    pub(crate) node: u64,
    pub(crate) raft: Raft,
    pub(crate) log: Arc<Log>,
    pub(crate) peers: Arc<Peers>,
    /// Held while the nodes are being changed.
    pub(crate) changing: Arc<tokio::sync::Mutex<()>>,
}

type Metrics = openraft::RaftMetrics<Types>;

impl Acting {
    /// Does it, as the leader.
    ///
    /// # Errors
    /// Why not, and what to do, in one line.
    pub(crate) async fn act(&self, act: Act) -> Result<(), String> {
        match tokio::time::timeout(ACT_MAX, self.act_on(act)).await {
            Ok(done) => done,
            Err(_) => {
                Err(format!("it was not done within {ACT_MAX:?}, and may be yet; look with `bayan cluster status`"))
            }
        }
    }

    async fn act_on(&self, act: Act) -> Result<(), String> {
        // The lead may be handed over meanwhile.
        let _changing = match act {
            Act::TransferLeader(_) => None,
            _ => Some(self.changing.lock().await),
        };
        let metrics = &self.raft.metrics().borrow_watched().clone();
        if !metrics.state.is_leader() {
            return Err("this node does not lead any more; ask again".to_owned());
        }
        let membership = metrics.membership_config.membership();
        if membership.get_joint_config().len() > 1 && !matches!(act, Act::TransferLeader(_)) {
            return Err("another change of the nodes is being brought to its end; ask again".to_owned());
        }
        let voters: BTreeSet<u64> = membership.voter_ids().collect();
        match act {
            Act::AddLearner { node, peer } => {
                if membership.get_node(&node).is_some() {
                    return Err(format!("node {node} is one of the cluster already"));
                }
                if self.log.has_named(node) {
                    return Err(format!(
                        "the number {node} was used before, and whoever had it may come back; make the node anew under a number that was never used"
                    ));
                }
                let address = peer.address.clone();
                // Who answers there says by which folder it is to be known from now on.
                let link = self.peers.link(Target { node, address: address.clone(), instance: None });
                let said = link.welcome().await.map_err(|error| error.to_string())?;
                let peer = Peer { address, instance: Some(said) };
                self.change(ChangeMembers::AddNodes(BTreeMap::from([(node, peer)]))).await
            }
            Act::Promote(node) => {
                if voters.contains(&node) {
                    return Err(format!("node {node} votes already"));
                }
                if membership.get_node(&node).is_none() {
                    return Err(format!("there is no node {node}; add it with `bayan cluster add-learner`"));
                }
                let last = metrics.last_log_index.unwrap_or(0);
                let has = metrics.replication.as_ref().and_then(|all| all.get(&node).copied().flatten());
                let lacks = last.saturating_sub(has.map_or(0, |id| id.index()));
                if has.is_none() || lacks > LACKS_MAX {
                    return Err(format!(
                        "node {node} lacks {lacks} records of the log yet; promote it when it has them"
                    ));
                }
                let mut after = voters;
                after.insert(node);
                self.has_majority(&after, metrics)?;
                self.change(ChangeMembers::AddVoterIds(BTreeSet::from([node]))).await
            }
            Act::Remove(node) => {
                if membership.get_node(&node).is_none() {
                    return Err(format!("there is no node {node}"));
                }
                if !voters.contains(&node) {
                    return self.change(ChangeMembers::RemoveNodes(BTreeSet::from([node]))).await;
                }
                let mut after = voters;
                after.remove(&node);
                if after.is_empty() {
                    return Err(format!("node {node} is the only one that votes; promote another first"));
                }
                self.has_majority(&after, metrics)?;
                self.change(ChangeMembers::RemoveVoters(BTreeSet::from([node]))).await
            }
            Act::TransferLeader(node) => {
                if node == self.node {
                    return Err(format!("node {node} leads already"));
                }
                if !voters.contains(&node) {
                    return Err(format!("node {node} does not vote, so it cannot lead; promote it first"));
                }
                if !heard(metrics, node) {
                    return Err(format!("node {node} has not answered for {HEARD_WITHIN:?}; choose another"));
                }
                self.transfer(node).await
            }
        }
    }

    /// Hands the lead over and waits until somebody else has it.
    pub(crate) async fn transfer(&self, to: u64) -> Result<(), String> {
        self.raft.trigger().transfer_leader(to).await.map_err(|error| error.to_string())?;
        loop {
            let led_by = {
                let metrics = self.raft.server_metrics();
                let metrics = metrics.borrow_watched();
                metrics.current_leader
            };
            if led_by.is_some_and(|leader| leader != self.node) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// The voter, other than this node, that has the most of the log.
    pub(crate) fn successor(&self) -> Option<u64> {
        let metrics = self.raft.metrics().borrow_watched().clone();
        let replication = metrics.replication.as_ref()?;
        let voters = metrics.membership_config.membership().voter_ids();
        let others = voters.filter(|voter| *voter != self.node && heard(&metrics, *voter));
        others.max_by_key(|voter| replication.get(voter).copied().flatten().map(|id| id.index()))
    }

    /// Brings changes of the nodes to their end, as whoever leads, until `stopping`. A change goes by way of a time in which a
    /// majority of the voters before and one of those after is needed. Whoever began it may have died in between, and the
    /// cluster would stay there for good: of three nodes of which one was replaced it would not bear the loss of one.
    pub(crate) async fn finish_changes(self, mut stopping: watch::Receiver<bool>) {
        let mut server = self.raft.server_metrics();
        loop {
            let (leads, joint) = {
                let metrics = server.borrow_and_update();
                let joint = metrics.membership_config.membership().get_joint_config().len() > 1;
                (metrics.state.is_leader(), joint)
            };
            tokio::select! {
                changed = server.changed() => if changed.is_err() {
                    return;
                },
                () = self.finish_change(), if leads && joint => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
        }
    }

    async fn finish_change(&self) {
        // Whoever has begun it here brings it to its end.
        let _changing = self.changing.lock().await;
        match self.change(ChangeMembers::AddVoterIds(BTreeSet::new())).await {
            Ok(()) => tracing::info!("the change of the nodes that was under way is at its end"),
            Err(why) => {
                tracing::debug!("the change of the nodes that is under way cannot be brought to its end yet: {why}");
                tokio::time::sleep(FINISH_AGAIN).await;
            }
        }
    }

    async fn change(&self, change: ChangeMembers<u64, Peer>) -> Result<(), String> {
        self.raft.change_membership(change, false).await.map(drop).map_err(|error| error.to_string())
    }

    /// A cluster must not be brought to where it cannot move: the next act would wait for ever.
    fn has_majority(&self, voters: &BTreeSet<u64>, metrics: &Metrics) -> Result<(), String> {
        let there = voters.iter().filter(|voter| **voter == self.node || heard(metrics, **voter)).count();
        if there * 2 > voters.len() {
            return Ok(());
        }
        let (there, all) = (there, voters.len());
        Err(format!(
            "of {all} nodes that would vote only {there} can be reached, which is no majority; bring the others back first"
        ))
    }
}

fn heard(metrics: &Metrics, node: u64) -> bool {
    let heard = metrics.heartbeat.as_ref().and_then(|all| all.get(&node).copied().flatten());
    heard.is_some_and(|heard| heard.elapsed() < HEARD_WITHIN)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::sim::{SimDisk, SimNetwork};
    use crate::{ClusterAct, ClusterConfig, Config, Node, Seams, prepare};

    async fn start(node: u64, disk: &SimDisk, network: Option<&SimNetwork>) -> Node {
        let cluster = network.map(|_| ClusterConfig {
            heartbeat_every: Duration::from_millis(100),
            election_after: Duration::from_millis(1_500),
            ..ClusterConfig::new(node, node.to_string())
        });
        let config = Config { segment_bytes: 64 << 10, batch_bytes_max: 8 << 10, cluster, ..Config::new("/d/data") };
        let network = network.map(|network| network.of(node));
        let seams = Seams { disk: disk.process(), network, ..Seams::default() };
        Node::start(config, seams, Vec::new()).await.unwrap()
    }

    async fn until(mut is: impl FnMut() -> bool) {
        let came = async {
            while !is() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), came).await.expect("it comes to that");
    }

    fn configs(node: &Node) -> Vec<BTreeSet<u64>> {
        let metrics = node.acting().raft.server_metrics();
        let metrics = metrics.borrow_watched();
        metrics.membership_config.membership().get_joint_config().clone()
    }

    /// Protects a cluster in which whoever changed the nodes went away half-way: it stayed between two memberships, where it
    /// bears less than either, and said that all was done.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_change_of_the_nodes_that_was_left_half_way_is_brought_to_its_end() {
        let (network, first, second) = (SimNetwork::default(), SimDisk::new("/d"), SimDisk::new("/d"));
        start(1, &first, None).await.stop().await;
        let one = start(1, &first, Some(&network)).await;
        one.caught_up().await.unwrap();
        let process = second.process();
        process.create_folder(Path::new("/d/copied")).unwrap();
        for name in ["venue.key", "sealing.key", "persons.keys", "node.key"] {
            let bytes = first.contents(&Path::new("/d/data/secrets").join(name)).unwrap();
            process.create(&Path::new("/d/copied").join(name)).unwrap().write_at(0, &bytes).unwrap();
        }
        let cluster = Some(ClusterConfig::new(2, "2"));
        prepare(&Config { cluster, ..Config::new("/d/data") }, &process, Path::new("/d/copied")).unwrap();
        let two = start(2, &second, Some(&network)).await;
        one.act(ClusterAct::AddLearner { node: 2, address: "2".to_owned() }).await.unwrap();
        two.caught_up().await.unwrap();

        // Between the two steps of the change, the second of which needs both.
        network.cut(1, 2);
        let acting = one.acting().clone();
        let changing =
            tokio::spawn(async move { acting.change(ChangeMembers::AddVoterIds(BTreeSet::from([2]))).await });
        until(|| configs(&one).len() > 1).await;
        changing.abort();
        network.mend(1, 2);
        until(|| configs(&one) == [BTreeSet::from([1, 2])] && configs(&two) == configs(&one)).await;
    }
}
