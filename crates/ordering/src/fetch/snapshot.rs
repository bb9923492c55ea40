//! The snapshot of another node: fetched piece by piece, gone on with after a restart, and installed; and then the records
//! from there to where the leader wants this node to be.

use std::sync::Arc;

use minicbor::Decode;
use openraft::entry::RaftEntry as _;
use openraft::raft::{AppendEntriesRequest, AppendEntriesResponse};

use super::{Fetch, Snapshot};
use crate::engine::machine::SnapshotFile;
use crate::engine::store::to_entry;
use crate::engine::{Peer, SnapshotMeta, StoredMembership, to_theirs, to_vote};
use crate::log::LogId;
use crate::net::fetching::{self, Invite, Newest, NewestAsked, Piece, PieceAsked, RecordsAsked};
use crate::net::frame::Kind;
use crate::net::message;
use crate::snapshot::{Arriving, Loaded};

impl Fetch {
    /// Comes to where the leader wants this node to be. Says that something was done, or why not.
    pub(super) async fn arrive(&self, invite: &Invite) -> Result<bool, String> {
        let sources = self.sources(invite.nodes.clone());
        if let Some(loaded) = self.snapshot(&sources, invite).await? {
            self.install(loaded, invite).await?;
        }
        self.records(&sources, invite).await?;
        self.blocking(|snapshots| snapshots.forget_arriving()).await?;
        Ok(true)
    }

    /// The snapshot that this node had better begin with; `None`: the log serves better.
    async fn snapshot(&self, sources: &[(u64, Peer)], invite: &Invite) -> Result<Option<Loaded>, String> {
        let next = self.world.applied().map_or(0, |applied| applied.index + 1);
        let covers = |log: Option<LogId>| log.is_some_and(|log| log.index >= next && log.term <= invite.vote.term);
        let mut arriving = self.blocking(|snapshots| snapshots.arriving()).await?;
        if let Some(begun) = arriving.take_if(|begun| !covers(Some(begun.header().log))) {
            drop(begun);
        }
        let mut why = "no other node is known".to_owned();
        // Whether all were reached and none has what was begun with.
        let mut is_gone = arriving.is_some();
        for (node, peer) in sources {
            let asked = message::bytes(&NewestAsked { next });
            let newest = match self.ask(*node, peer, Kind::Newest, asked).await {
                Ok(answer) => read::<Newest>(&answer)?,
                Err(error) => {
                    why = error.to_string();
                    is_gone = false;
                    continue;
                }
            };
            if newest.lacks.is_some_and(|lacks| lacks < self.whole_below) {
                return Ok(None);
            }
            if arriving.is_none() && !covers(newest.log) {
                why = format!("node {node} has no snapshot of more than is here");
                continue;
            }
            match self.pieces(*node, peer, &mut arriving).await {
                Ok(true) => break,
                Ok(false) => why = format!("node {node} does not have the snapshot any more that was begun with"),
                Err(error) => {
                    why = error;
                    is_gone = false;
                }
            }
        }
        let Some(whole) = arriving.take_if(|arriving| arriving.is_whole()) else {
            if is_gone {
                // The next try begins with another.
                self.blocking(|snapshots| snapshots.forget_arriving()).await?;
            }
            return Err(why);
        };
        let loaded = self.blocking(move |snapshots| Ok(whole.load(snapshots))).await?;
        match loaded {
            Ok(loaded) => Ok(Some(loaded)),
            Err(error) => {
                self.blocking(|snapshots| snapshots.forget_arriving()).await?;
                Err(error.to_string())
            }
        }
    }

    /// Fetches pieces of one node as far as it has them; says whether all are here.
    async fn pieces(&self, node: u64, peer: &Peer, arriving: &mut Option<Arriving>) -> Result<bool, String> {
        let mut begun = match arriving.take() {
            Some(begun) => begun,
            None => {
                let Some(frame) = self.piece(node, peer, PieceAsked { of: None, number: 0 }).await? else {
                    return Ok(false);
                };
                let begun = self.blocking(move |snapshots| snapshots.begin_arriving(&frame)).await?;
                begun.ok_or_else(|| format!("what node {node} gives is no snapshot of this cluster"))?
            }
        };
        let (here, of) = begun.bytes();
        tracing::info!(
            "a snapshot of entry {} is fetched from node {node}: {here} of {of} bytes are here",
            begun.header().sequence
        );
        while !begun.is_whole() {
            let (here, of) = begun.bytes();
            self.is_at(here, of);
            let asked = PieceAsked { of: Some(begun.number()), number: begun.next() };
            let piece = match self.piece(node, peer, asked).await {
                Ok(Some(piece)) => piece,
                other => {
                    *arriving = Some(begun);
                    return other.map(|_| false);
                }
            };
            let (back, is_good) = self
                .blocking(move |_| {
                    let is_good = begun.push(&piece)?;
                    Ok((begun, is_good))
                })
                .await?;
            begun = back;
            if !is_good {
                let number = begun.next();
                *arriving = Some(begun);
                return Err(format!("piece {number} of the snapshot that node {node} gives is not what was written"));
            }
        }
        *arriving = Some(begun);
        Ok(true)
    }

    async fn piece(&self, node: u64, peer: &Peer, asked: PieceAsked) -> Result<Option<Vec<u8>>, String> {
        let answer = self.ask(node, peer, Kind::Piece, message::bytes(&asked)).await;
        let piece = read::<Piece>(&answer.map_err(|error| error.to_string())?)?;
        Ok(piece.bytes.map(Vec::from))
    }

    /// Gives the state to the engine.
    async fn install(&self, loaded: Loaded, invite: &Invite) -> Result<(), String> {
        let header = loaded.header.clone();
        let membership = header.nodes.membership().map_err(|error| error.to_string())?;
        let meta = SnapshotMeta {
            last_log_id: Some(to_theirs(header.log)),
            last_membership: StoredMembership::new(header.nodes_log.map(to_theirs), membership),
        };
        let path = loaded.path.clone();
        *self.world.arrived.lock() = Some(loaded);
        let vote = to_vote(invite.vote);
        let snapshot = Snapshot { meta, snapshot: SnapshotFile { path } };
        let installed = self.raft.install_full_snapshot(vote, snapshot).await;
        self.world.arrived.lock().take();
        let installed = installed.map_err(|error| error.to_string())?;
        if installed.vote != vote {
            return Err("another node leads by now".to_owned());
        }
        tracing::info!("this node goes on from the snapshot of entry {}; history before it follows", header.sequence);
        Ok(())
    }

    /// Asks for the records from what is applied here to where this node is to be, and hands them on as the leader would:
    /// all of them are committed.
    async fn records(&self, sources: &[(u64, Peer)], invite: &Invite) -> Result<(), String> {
        let mut why = "no other node is known".to_owned();
        'sources: for (node, peer) in sources {
            while self.lacks(invite.upto) {
                let applied = self.world.applied();
                let from = applied.map_or(0, |applied| applied.index + 1);
                let asked = message::bytes(&RecordsAsked { from, to: invite.upto.index + 1 });
                let answer = match self.ask(*node, peer, Kind::Records, asked).await {
                    Ok(answer) => answer,
                    Err(error) => {
                        why = error.to_string();
                        continue 'sources;
                    }
                };
                let records = fetching::read_records(&answer).map_err(|error| error.to_string())?;
                let Some(last) = records.last().map(|record| record.id) else {
                    why = format!("node {node} does not have record {from} itself yet");
                    continue 'sources;
                };
                let entries: Vec<_> =
                    records.into_iter().map(to_entry).collect::<std::io::Result<_>>().map_err(|e| e.to_string())?;
                let follows = entries.first().is_some_and(|first| first.log_id().index() == from);
                if !follows || last.term > invite.vote.term {
                    why = format!("node {node} gives other records than those from {from} on");
                    continue 'sources;
                }
                let request = AppendEntriesRequest {
                    vote: to_vote(invite.vote),
                    prev_log_id: applied.map(to_theirs),
                    entries,
                    leader_commit: Some(to_theirs(last)),
                };
                match self.raft.append_entries(request).await.map_err(|error| error.to_string())? {
                    AppendEntriesResponse::Success | AppendEntriesResponse::PartialSuccess(_) => {}
                    AppendEntriesResponse::HigherVote(_) => return Err("another node leads by now".to_owned()),
                    AppendEntriesResponse::Conflict => return Err("what is applied here is not there".to_owned()),
                }
                self.world.applied_from(last.index, super::PIECE_MAX).await;
            }
            return Ok(());
        }
        if self.lacks(invite.upto) { Err(why) } else { Ok(()) }
    }

    /// Does something with the folder of snapshots that waits for the disk.
    async fn blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&crate::snapshot::Snapshots) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let world = Arc::clone(&self.world);
        let done = self.world.blocking(move || act(&world.snapshots)).await;
        done.flatten().map_err(|error| error.to_string())
    }
}

fn read<T: for<'b> Decode<'b, ()>>(answer: &[u8]) -> Result<T, String> {
    minicbor::decode(answer).map_err(|error| error.to_string())
}
