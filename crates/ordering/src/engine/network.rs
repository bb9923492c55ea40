//! The network of a cluster of one: there is nobody to be reached, and the engine is told so. A cluster of several puts
//! its own factory in this place.

use core::future::Future;

use openraft::errors::{RPCError, ReplicationClosed, StreamingError, Unreachable};
use openraft::network::{RPCOption, RaftNetworkFactory, RaftNetworkV2};
use openraft::raft::{AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, VoteRequest, VoteResponse};

use super::machine::SnapshotFile;
use super::{Peer, RaftVote, Types};

/// Reaches nobody.
pub(crate) struct Alone;

/// A connection to a node that cannot be reached.
pub(crate) struct Nobody {
    target: u64,
}

impl Nobody {
    fn unreachable(&self) -> Unreachable<Types> {
        Unreachable::from_string(format!("node {} cannot be reached: this is a cluster of one", self.target))
    }
}

impl RaftNetworkFactory<Types> for Alone {
    type Network = Nobody;

    async fn new_client(&mut self, target: u64, _node: &Peer) -> Nobody {
        Nobody { target }
    }
}

impl RaftNetworkV2<Types> for Nobody {
    type SnapshotData = SnapshotFile;

    async fn append_entries(
        &mut self,
        _request: AppendEntriesRequest<Types>,
        _option: RPCOption,
    ) -> Result<AppendEntriesResponse<Types>, RPCError<Types>> {
        Err(RPCError::Unreachable(self.unreachable()))
    }

    async fn vote(
        &mut self,
        _request: VoteRequest<Types>,
        _option: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        Err(RPCError::Unreachable(self.unreachable()))
    }

    async fn full_snapshot(
        &mut self,
        _vote: RaftVote,
        _snapshot: openraft::type_config::alias::SnapshotOf<Types, SnapshotFile>,
        _cancel: impl Future<Output = ReplicationClosed> + Send + 'static,
        _option: RPCOption,
    ) -> Result<SnapshotResponse<Types>, StreamingError<Types>> {
        Err(StreamingError::Unreachable(self.unreachable()))
    }
}
