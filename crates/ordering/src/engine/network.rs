//! The engine's network: its calls over the links to the other nodes. In a cluster of one there is nobody to be reached,
//! and the engine is told so.

use core::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use openraft::base::{BoxFuture, BoxStream};
use openraft::errors::{RPCError, ReplicationClosed, StreamingError, Unreachable};
use openraft::network::{Backoff, RPCOption, RaftNetworkFactory, RaftNetworkV2};
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, StreamAppendResult, TransferLeaderRequest,
    TransferLeaderResponse, VoteRequest, VoteResponse,
};

use super::machine::{SnapshotFile, World};
use super::{Peer, RaftVote, Types, from_vote, to_ours};
use crate::net::fetching::{Invite, Invited};
use crate::net::frame::Kind;
use crate::net::link::{CallError, Link, within_time};
use crate::net::message::{self, Appended, TransferAsked, Transferred, VoteAsked, VoteGiven};
use crate::peers::{Lane, Peers};

/// How many appends to one node are under way at once, each with records of up to a mebibyte.
const APPENDS: usize = 16;
/// How long an append with records may take: the other side's disk is in it, and a slow one is no lost one.
const APPEND_MAX: Duration = Duration::from_secs(5);
/// How often a node that fetches what it lacks is asked how far it is, and how long it may take to say so.
const INVITE_EVERY: Duration = Duration::from_millis(200);
const INVITE_MAX: Duration = Duration::from_secs(3);
/// How soon the engine tries a node again that it could not reach.
const BACK_OFF: Duration = Duration::from_millis(100);

/// Reaches the other nodes, where there are any.
pub(crate) struct Reach {
    pub(crate) peers: Option<Arc<Peers>>,
    pub(crate) world: Arc<World>,
}

/// The way to one node.
pub(crate) struct Way {
    target: u64,
    link: Option<Link>,
    /// By which it is told to fetch what it lacks.
    history: Option<Link>,
    world: Arc<World>,
}

impl RaftNetworkFactory<Types> for Reach {
    type Network = Way;

    async fn new_client(&mut self, target: u64, node: &Peer) -> Way {
        self.way(target, node, Lane::Log)
    }

    /// Heartbeats do not wait behind records.
    async fn new_heartbeat_client(&mut self, target: u64, node: &Peer) -> Way {
        self.way(target, node, Lane::Word)
    }
}

impl Reach {
    fn way(&self, target: u64, node: &Peer, lane: Lane) -> Way {
        let link = |lane| self.peers.as_ref().map(|peers| peers.link_to(target, node, lane));
        Way { target, link: link(lane), history: link(Lane::History), world: Arc::clone(&self.world) }
    }
}

impl Way {
    fn link(&self) -> Result<&Link, Unreachable<Types>> {
        self.link.as_ref().ok_or_else(|| {
            Unreachable::from_string(format!("node {} cannot be reached: this is a cluster of one", self.target))
        })
    }

    async fn ask<A, W>(
        &self,
        kind: Kind,
        asked: &impl minicbor::Encode<()>,
        option: &RPCOption,
    ) -> Result<A, RPCError<Types>>
    where
        W: for<'b> minicbor::Decode<'b, ()>,
        A: From<W>,
    {
        let answer = self.link()?.call(kind, message::bytes(asked), option.soft_ttl()).await.map_err(unreachable)?;
        let answer: W = minicbor::decode(&answer).map_err(Unreachable::from_string)?;
        Ok(A::from(answer))
    }
}

fn unreachable(error: CallError) -> Unreachable<Types> {
    Unreachable::new(&error)
}

fn appended(answer: Result<bytes::Bytes, CallError>) -> Result<AppendEntriesResponse<Types>, RPCError<Types>> {
    let answer: Appended = minicbor::decode(&answer.map_err(unreachable)?).map_err(Unreachable::from_string)?;
    Ok(answer.into())
}

impl RaftNetworkV2<Types> for Way {
    type SnapshotData = SnapshotFile;

    async fn append_entries(
        &mut self,
        request: AppendEntriesRequest<Types>,
        option: RPCOption,
    ) -> Result<AppendEntriesResponse<Types>, RPCError<Types>> {
        let within = if request.entries.is_empty() { option.soft_ttl() } else { APPEND_MAX };
        appended(self.link()?.call(Kind::Append, message::append(request), within).await)
    }

    /// Pipelined: the next records are sent before the answer to the last ones has come.
    fn stream_append<'s, S>(
        &'s mut self,
        input: S,
        _option: RPCOption,
    ) -> BoxFuture<'s, Result<BoxStream<'s, Result<StreamAppendResult<Types>, RPCError<Types>>>, RPCError<Types>>>
    where
        S: Stream<Item = AppendEntriesRequest<Types>> + Send + Unpin + 'static,
    {
        Box::pin(async move {
            let link = self.link()?.clone();
            let target = self.target;
            let answers = input.map(move |request| {
                let prev = request.prev_log_id;
                let last = request.entries.last().map(|entry| entry.log_id).or(prev);
                // Begun here and not when it is waited for, so that they are sent in this order.
                let begun = link.begin(Kind::Append, message::append(request));
                async move {
                    let answer = match begun {
                        Ok(answered) => within_time(answered, APPEND_MAX, target).await,
                        Err(error) => Err(error),
                    };
                    appended(answer).map(|response| response.into_stream_result(prev, last))
                }
            });
            // What comes behind an answer that is none, or says no, is worth nothing.
            let mut over = false;
            let answers = answers.buffered(APPENDS).take_while(move |answer| {
                let goes_on = !over;
                over |= !matches!(answer, Ok(Ok(_)));
                core::future::ready(goes_on)
            });
            Ok(Box::pin(answers) as BoxStream<'s, _>)
        })
    }

    async fn vote(
        &mut self,
        request: VoteRequest<Types>,
        option: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        self.ask::<_, VoteGiven>(Kind::Vote, &VoteAsked::from(request), &option).await
    }

    async fn pre_vote(
        &mut self,
        request: VoteRequest<Types>,
        option: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        self.ask::<_, VoteGiven>(Kind::PreVote, &VoteAsked::from(request), &option).await
    }

    async fn transfer_leader(
        &mut self,
        request: TransferLeaderRequest<Types>,
        option: RPCOption,
    ) -> Result<TransferLeaderResponse<Types>, RPCError<Types>> {
        self.ask::<_, Transferred>(Kind::Transfer, &TransferAsked::from(request), &option).await
    }

    /// The node is told to fetch what it lacks, from whoever has it, until it has all that the snapshot covers. It may take
    /// another snapshot and the records behind that: what counts is that nothing is missing up to this one's last.
    async fn full_snapshot(
        &mut self,
        vote: RaftVote,
        snapshot: openraft::type_config::alias::SnapshotOf<Types, SnapshotFile>,
        cancel: impl Future<Output = ReplicationClosed> + Send + 'static,
        _option: RPCOption,
    ) -> Result<SnapshotResponse<Types>, StreamingError<Types>> {
        let Some(upto) = snapshot.meta.last_log_id.as_ref().map(to_ours) else {
            return Ok(SnapshotResponse::new(vote));
        };
        let invited = async {
            loop {
                let invite = Invite { vote: from_vote(&vote), nodes: self.world.nodes(), upto };
                let link = self.history.as_ref().unwrap_or(self.link()?);
                let answer = link.call(Kind::Invite, message::bytes(&invite), INVITE_MAX).await.map_err(unreachable)?;
                let invited: Invited = minicbor::decode(&answer).map_err(Unreachable::from_string)?;
                if invited.applied.is_some_and(|applied| applied.index >= upto.index) {
                    return Ok(SnapshotResponse::new(vote));
                }
                tokio::time::sleep(INVITE_EVERY).await;
            }
        };
        tokio::select! {
            invited = invited => invited.map_err(StreamingError::Unreachable),
            closed = cancel => Err(closed.into()),
        }
    }

    fn backoff(&self) -> Option<Backoff> {
        Some(Backoff::new(core::iter::repeat(BACK_OFF)))
    }
}
