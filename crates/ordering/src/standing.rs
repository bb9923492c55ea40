//! How a node that is not alone stands to the cluster: whether it has what the cluster has, and how it knows.

use std::sync::Arc;
use std::time::Duration;

use openraft::Instant as _;
use openraft::type_config::async_runtime::watch::WatchReceiver;
use parking_lot::Mutex;
use tokio::time::Instant as Moment;

use crate::engine::Raft;
use crate::engine::machine::World;
use crate::reader::Sources;

/// A node that lacks more records than this is not in step.
const BEHIND_MAX: u64 = 1_000;

/// How long ago a majority of those that vote last answered this node as the one that leads; `None`: never. Who is the only
/// one that votes is a majority: the engine's own clock moves only when another answers.
pub(crate) fn majority_silent(raft: &Raft) -> Option<Duration> {
    let alone = {
        let metrics = raft.server_metrics();
        let metrics = metrics.borrow_watched();
        metrics.membership_config.membership().voter_ids().eq([metrics.id])
    };
    if alone {
        return Some(Duration::ZERO);
    }
    Some(raft.as_leader().ok()?.last_quorum_acked()?.elapsed())
}

/// As what a node knows how it stands.
#[derive(Clone)]
pub(crate) enum Standing {
    /// As one of the cluster, from the leader.
    Node {
        /// The engine.
        raft: Raft,
        /// When a leader was heard from last.
        heard: Arc<Mutex<Option<Moment>>>,
        /// How long a leader that is not heard, or does not hear a majority, still counts as one.
        silence_max: Duration,
    },
    /// As a reader, from its source.
    Reader(Arc<Sources>),
}

impl Standing {
    /// A leader was heard from.
    pub(crate) fn heard(&self) {
        if let Standing::Node { heard, .. } = self {
            *heard.lock() = Some(Moment::now());
        }
    }

    /// Whether what is read here may be old: nobody leads whom this node hears, or it leads and hears no majority.
    pub(crate) fn is_cut_off(&self) -> bool {
        match self {
            Standing::Node { raft, heard, silence_max } => {
                if raft.is_leader() {
                    return majority_silent(raft).is_none_or(|silent| silent > *silence_max);
                }
                heard.lock().is_none_or(|heard| heard.elapsed() > *silence_max)
            }
            Standing::Reader(sources) => sources.is_cut_off(),
        }
    }

    /// How many records this node has not applied of those that the leader says are committed; `None`: nobody leads whom it
    /// has heard, or nothing of that one's own is applied here yet, before which it may not know itself what is committed.
    pub(crate) fn lacks(&self, world: &World) -> Option<u64> {
        let raft = match self {
            Standing::Node { raft, .. } => raft,
            Standing::Reader(sources) => return sources.lacks(world),
        };
        let term = {
            let metrics = raft.server_metrics();
            let metrics = metrics.borrow_watched();
            metrics.current_leader.map(|_| metrics.vote.leader_id.term)
        };
        if term? != world.term() {
            return None;
        }
        let metrics = raft.data_metrics();
        let metrics = metrics.borrow_watched();
        let committed = metrics.cluster_committed.as_ref()?.index();
        Some(committed.saturating_sub(metrics.last_applied.as_ref()?.index()))
    }

    /// Whether somebody leads and this node has what that one has, or is only a moment behind it.
    pub(crate) fn is_in_step(&self, world: &World) -> bool {
        !self.is_cut_off() && self.lacks(world).is_some_and(|records| records <= BEHIND_MAX)
    }

    /// How long ago, in milliseconds, this node surely had what the cluster has; `None`: it does not know.
    pub(crate) fn age_ms(&self, world: &World) -> Option<u64> {
        match self {
            Standing::Node { .. } => self.is_in_step(world).then_some(0),
            Standing::Reader(sources) => Some(u64::try_from(sources.age()?.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    /// The readers between this node and the cluster, itself included.
    pub(crate) fn chain(&self) -> Vec<u64> {
        match self {
            Standing::Node { .. } => Vec::new(),
            Standing::Reader(sources) => sources.chain(),
        }
    }
}
