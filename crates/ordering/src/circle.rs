//! Whom a node asks for what it lacks, and has do what only several together can: the nodes of the cluster, or, where it is
//! a reader, those from whom it takes the log.

use std::collections::BTreeSet;
use std::sync::Arc;

use openraft::type_config::async_runtime::watch::WatchReceiver;

use crate::engine::{Peer, Raft};
use crate::reader::Sources;

/// The others of a node.
#[derive(Clone)]
pub(crate) enum Circle {
    /// All nodes of the cluster but this one.
    Cluster {
        /// This node.
        node: u64,
        /// The engine, which knows who they are.
        raft: Raft,
    },
    /// The sources of a reader.
    Sources(Arc<Sources>),
}

impl Circle {
    /// The others, and where each is.
    pub(crate) fn others(&self) -> Vec<(u64, Peer)> {
        match self {
            Circle::Cluster { node, raft } => {
                let metrics = raft.server_metrics();
                let metrics = metrics.borrow_watched();
                let others = metrics.membership_config.membership().nodes().filter(|(other, _)| *other != node);
                others.map(|(other, peer)| (*other, peer.clone())).collect()
            }
            Circle::Sources(sources) => sources.peers(),
        }
    }

    /// Those that vote, this node included; a reader counts its sources as such.
    pub(crate) fn voters(&self) -> BTreeSet<u64> {
        match self {
            Circle::Cluster { raft, .. } => {
                let metrics = raft.server_metrics();
                let metrics = metrics.borrow_watched();
                metrics.membership_config.membership().voter_ids().collect()
            }
            Circle::Sources(sources) => sources.peers().into_iter().map(|(source, _)| source).collect(),
        }
    }
}
