//! The other nodes as this one reaches them: one link to each for the log, and one for everything that must not wait
//! behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::engine::Peer;
use crate::net::link::{Link, Target};
use crate::net::{Identity, NetCounters, Network};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lane {
    /// Records of the log.
    Log,
    /// Votes, heartbeats, and what nodes ask each other.
    Word,
    /// Members' commands on their way to the leader.
    Commands,
    /// Files.
    Files,
    /// Snapshots, and records of long ago.
    History,
}

/// The links.
pub(crate) struct Peers {
    pub(crate) network: Arc<dyn Network>,
    pub(crate) identity: Identity,
    pub(crate) counters: Arc<NetCounters>,
    links: Mutex<BTreeMap<(u64, Lane), Link>>,
}

impl Peers {
    pub(crate) fn new(network: Arc<dyn Network>, identity: Identity) -> Self {
        Peers { network, identity, counters: Arc::default(), links: Mutex::default() }
    }

    /// The link to a node, where the cluster says that it is.
    pub(crate) fn link_to(&self, node: u64, peer: &Peer, lane: Lane) -> Link {
        let target = Target { node, address: peer.address.clone(), instance: peer.instance };
        let mut links = self.links.lock();
        match links.get(&(node, lane)) {
            Some(link) if *link.target() == target => link.clone(),
            _ => {
                let link = self.link(target);
                links.insert((node, lane), link.clone());
                link
            }
        }
    }

    /// Lets go of the links to all nodes but these; whatever still uses one keeps it until it is done.
    pub(crate) fn keep(&self, nodes: impl Fn(u64) -> bool) {
        self.links.lock().retain(|(node, _), _| nodes(*node));
    }

    /// A link that nobody else has.
    pub(crate) fn link(&self, target: Target) -> Link {
        Link::new(Arc::clone(&self.network), self.identity, target, Arc::clone(&self.counters))
    }
}
