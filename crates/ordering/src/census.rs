//! How all nodes and readers are, and whether all know the rules that are to be put in force.

use std::time::Duration;

use exchange::units::Sequence;
use futures_util::future::join_all;
use openraft::type_config::async_runtime::watch::WatchReceiver;

use crate::answers::Node;
use crate::engine::Peer;
use crate::net::frame::Kind;
use crate::net::message::{self, Acted, ReaderSaid, StatusSaid};
use crate::number::{called, is_reader};
use crate::peers::Lane;

/// How long another node may take to say how it is.
const STATUS_MAX: Duration = Duration::from_millis(700);
/// How long a source may take to ask all nodes, once a level of readers.
const ALL_KNOW_MAX: Duration = Duration::from_secs(5);

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
    /// The readers that it feeds, and those behind them.
    pub readers: Vec<ReaderStatus>,
}

/// How a reader is, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderStatus {
    /// Its number; see [`crate::called`].
    pub number: u64,
    /// Whom it follows.
    pub source: Option<u64>,
    /// How many readers are between it and the cluster, itself included.
    pub level: u64,
    /// The last entry it has applied.
    pub sequence: Sequence,
    /// The digest of the state there.
    pub digest: [u8; 32],
    /// Its process.
    pub process: u32,
    /// Where other readers reach it.
    pub address: String,
    /// Where members reach it.
    pub url: Option<String>,
    /// The version of its program.
    pub version: String,
    /// The newest rules that its program knows.
    pub rules: u32,
}

impl From<ReaderSaid> for ReaderStatus {
    fn from(said: ReaderSaid) -> Self {
        let ReaderSaid { number, source, level, sequence, digest, process, address, url, version, rules } = said;
        ReaderStatus { number, source, level, sequence, digest: *digest, process, address, url, version, rules }
    }
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
            readers: said.readers.unwrap_or_default().into_iter().map(ReaderStatus::from).collect(),
        }
    }
}

impl Node {
    /// All nodes of the cluster, where each is, and whether it votes.
    pub(crate) fn members(&self) -> Vec<(u64, Peer, bool)> {
        let metrics = self.raft.server_metrics();
        let metrics = metrics.borrow_watched();
        let membership = metrics.membership_config.membership();
        let voters: Vec<u64> = membership.voter_ids().collect();
        membership.nodes().map(|(node, peer)| (*node, peer.clone(), voters.contains(node))).collect()
    }

    /// Asks all how they are.
    pub(crate) async fn all(&self) -> Vec<NodeStatus> {
        let own = self.identity.node;
        if is_reader(own) {
            // A reader need not reach the nodes of the cluster, and knows of itself and of those that it feeds.
            let said = Some(NodeSaid::from(self.status()));
            return vec![NodeStatus { node: own, address: self.address.clone(), votes: false, said }];
        }
        let all = self.members().into_iter().map(|(node, peer, votes)| async move {
            let said = if node == own {
                Some(self.status())
            } else {
                let link = self.way.peers.link_to(node, &peer, Lane::Word);
                let answer = link.call(Kind::Status, bytes::Bytes::new(), STATUS_MAX).await;
                answer.ok().and_then(|answer| minicbor::decode::<StatusSaid>(&answer).ok())
            };
            NodeStatus { node, address: peer.address, votes, said: said.map(NodeSaid::from) }
        });
        join_all(all).await
    }

    /// Whether every node of the cluster, and every reader that one of them has heard of, has a program that knows these
    /// rules; if not, who does not and what to do. A reader asks through its source.
    pub(crate) async fn all_know(&self, rules: u32) -> Result<(), String> {
        if is_reader(self.identity.node) {
            let link = self.way.towards.link(&self.way.peers, Lane::Word);
            let link = link.ok_or("this reader follows nobody just now, so nobody knows which rules all know")?;
            let answer = link.call(Kind::AllKnow, message::bytes(&rules), ALL_KNOW_MAX).await;
            let answer = answer.map_err(|error| error.to_string())?;
            let acted: Acted = minicbor::decode(&answer).map_err(|error| error.to_string())?;
            return acted.refused.map_or(Ok(()), Err);
        }
        let lacks = |who: String, version: &str, knows: u32| {
            Err(format!(
                "{who} runs {version}, which knows the rules up to {knows}; upgrade it before {rules} are put in force"
            ))
        };
        for NodeStatus { node, said, .. } in self.all().await {
            let Some(said) = said else {
                return Err(format!(
                    "node {node} does not say which rules it knows; bring it back or remove it before {rules} are put in force"
                ));
            };
            if said.rules < rules {
                return lacks(format!("node {node}"), &said.version, said.rules);
            }
            if let Some(reader) = said.readers.iter().find(|reader| reader.rules < rules) {
                return lacks(called(reader.number), &reader.version, reader.rules);
            }
        }
        Ok(())
    }
}
