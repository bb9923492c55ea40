//! The consensus engine's face to us: its types, the store it keeps its log in, the state machine it drives, and its
//! network. The engine decides what is in the log; it knows nothing of what it means.

pub(crate) mod batch;
pub(crate) mod machine;
pub(crate) mod network;
pub(crate) mod store;

use core::fmt;

use exchange::Reply;

pub(crate) use batch::Batch;

use crate::log::{LogId, Vote};
use crate::net::Instance;

/// What became of a proposed batch.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Executed; an answer for each entry, in order.
    Applied(Vec<Reply>),
    /// Not a batch, or one that is [void](batch::is_void): nothing was done.
    Void,
}

/// Calls back when a proposal has an outcome; it is told nothing when the engine has ended before.
pub(crate) struct Answering<T>(Box<dyn FnOnce(T) + Send>);

impl<T> Answering<T> {
    pub(crate) fn new(tell: impl FnOnce(T) + Send + 'static) -> Self {
        Answering(Box::new(tell))
    }
}

impl<T: Send + 'static> openraft::raft::responder::Responder<Types, T> for Answering<T> {
    fn on_complete(self, result: T) {
        (self.0)(result);
    }
}

/// A node of the cluster as the engine knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub(crate) struct Peer {
    /// Where it is reached; empty in a cluster of one.
    #[n(0)]
    pub(crate) address: String,
    /// The data folder that it was added with: another one under its number has forgotten what it promised.
    #[n(1)]
    pub(crate) instance: Option<Instance>,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// The engine's types: standard Raft, in which a term has one leader, and batches of ours as its data. Written out
/// because the engine's macro takes no responder with a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Types;

impl openraft::RaftTypeConfig for Types {
    type D = Batch;
    type R = Outcome;
    type NodeId = u64;
    type Node = Peer;
    type Term = u64;
    type LeaderId = openraft::impls::leader_id_std::LeaderId<u64, u64>;
    type Vote = openraft::impls::Vote<Self::LeaderId>;
    type Payload = openraft::EntryPayload<Batch, u64, Peer>;
    type Entry = openraft::Entry<<Self::LeaderId as openraft::vote::RaftLeaderId>::Committed, Self::Payload>;
    type AsyncRuntime = openraft::impls::TokioRuntime;
    type Responder<T>
        = Answering<T>
    where
        T: Send + 'static;
    type Batch<T>
        = openraft::impls::InlineBatch<T>
    where
        T: Send + 'static;
    type ErrorSource = openraft::impls::BoxedErrorSource;
}

pub(crate) type Raft = openraft::Raft<Types, machine::Machine>;
pub(crate) type RaftLogId = openraft::type_config::alias::LogIdOf<Types>;
pub(crate) type RaftEntry = openraft::type_config::alias::EntryOf<Types>;
pub(crate) type RaftVote = openraft::type_config::alias::VoteOf<Types>;
pub(crate) type StoredMembership = openraft::type_config::alias::StoredMembershipOf<Types>;
pub(crate) type SnapshotMeta = openraft::type_config::alias::SnapshotMetaOf<Types>;

pub(crate) fn to_ours(id: &RaftLogId) -> LogId {
    LogId { term: id.committed_leader_id().term, index: id.index() }
}

pub(crate) fn to_theirs(id: LogId) -> RaftLogId {
    RaftLogId::new_term_index(id.term, id.index)
}

pub(crate) fn from_vote(vote: &RaftVote) -> Vote {
    Vote { term: vote.leader_id.term, node: vote.leader_id.voted_for, committed: vote.committed }
}

pub(crate) fn to_vote(vote: Vote) -> RaftVote {
    if vote.committed { RaftVote::new_committed(vote.term, vote.node) } else { RaftVote::new(vote.term, vote.node) }
}
