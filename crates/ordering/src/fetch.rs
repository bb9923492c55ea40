//! What a node fetches from the others because it lacks much: a snapshot first, by invitation of the leader, and then,
//! where its log begins behind one, history before that. Both under one limit of bytes a second, and one after the other.

mod history;
mod pace;
mod snapshot;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::engine::Raft;
use crate::engine::machine::World;
use crate::engine::{Peer, Types};
use crate::log::{Filling, Log, LogId};
use crate::net::fetching::{Invite, Invited};
use crate::net::frame::Kind;
use crate::net::link::CallError;
use crate::peers::{Lane, Peers};

pub(crate) use pace::Pace;

/// How long a node may take to give a piece.
const PIECE_MAX: Duration = Duration::from_secs(10);
/// How long it is until the others are asked again when none of them gives what is wanted.
const AGAIN: Duration = Duration::from_millis(500);
/// How many bytes of records one answer has, one record more than that included.
pub(crate) const RECORDS_BYTES: usize = 1 << 20;

/// Whom to ask for what is missing.
pub(crate) type Others = Arc<dyn Fn() -> Vec<(u64, Peer)> + Send + Sync>;

/// What fetches; cheap to clone.
#[derive(Clone)]
pub(crate) struct Fetch {
    node: u64,
    raft: Raft,
    world: Arc<World>,
    log: Arc<Log>,
    peers: Arc<Peers>,
    others: Others,
    pace: Pace,
    /// What lacks fewer bytes than that is not fetched as a snapshot.
    whole_below: u64,
    invited: watch::Sender<Option<Invite>>,
    progress: Arc<Progress>,
}

/// How far it is.
#[derive(Default)]
pub(crate) struct Progress {
    bytes: AtomicU64,
    of: AtomicU64,
    total: AtomicU64,
}

/// How much of what is being fetched is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetching {
    /// What is here: bytes of a snapshot, or records of history.
    pub done: u64,
    /// What there will be.
    pub of: u64,
}

impl Fetch {
    #[expect(clippy::too_many_arguments, reason = "each is a part of the node that is put together there")]
    pub(crate) fn new(
        node: u64,
        raft: &Raft,
        world: &Arc<World>,
        log: &Arc<Log>,
        peers: &Arc<Peers>,
        others: Others,
        bytes_per_second: u64,
        whole_below: u64,
    ) -> Self {
        Fetch {
            node,
            raft: raft.clone(),
            world: Arc::clone(world),
            log: Arc::clone(log),
            peers: Arc::clone(peers),
            others,
            pace: Pace::new(bytes_per_second),
            whole_below,
            invited: watch::Sender::new(None),
            progress: Arc::default(),
        }
    }

    /// Takes an invitation, and says how far this node is.
    pub(crate) fn invited(&self, invite: Invite) -> Invited {
        let applied = self.world.applied();
        if applied.is_none_or(|applied| applied.index < invite.upto.index) {
            self.invited.send_if_modified(|known| {
                let is_new = known.as_ref() != Some(&invite);
                *known = Some(invite);
                is_new
            });
        }
        Invited { applied }
    }

    /// How much of what is being fetched is here; `None`: nothing is.
    pub(crate) fn progress(&self) -> Option<Fetching> {
        let (done, of) = (self.progress.bytes.load(Ordering::Relaxed), self.progress.of.load(Ordering::Relaxed));
        (of > 0).then_some(Fetching { done, of })
    }

    /// How many bytes were fetched since the start.
    pub(crate) fn total(&self) -> u64 {
        self.progress.total.load(Ordering::Relaxed)
    }

    fn is_at(&self, done: u64, of: u64) {
        self.progress.bytes.store(done, Ordering::Relaxed);
        self.progress.of.store(of, Ordering::Relaxed);
    }

    /// Runs until `stopping`.
    pub(crate) async fn run(self, mut stopping: watch::Receiver<bool>) {
        tokio::select! {
            () = self.fetch() => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    }

    async fn fetch(&self) {
        let mut invited = self.invited.subscribe();
        let mut filling = None;
        let mut said = None;
        loop {
            let invite = invited.borrow_and_update().clone();
            let lacking = invite.filter(|invite| self.lacks(invite.upto));
            let what = match lacking {
                Some(invite) => {
                    filling = None;
                    self.arrive(&invite).await
                }
                None => self.fill(&mut filling).await,
            };
            let wait = match what {
                Ok(true) => {
                    said = None;
                    continue;
                }
                Ok(false) => Duration::MAX,
                Err(why) => {
                    // Said once and not with every try.
                    if said.as_ref() != Some(&why) {
                        tracing::warn!("what this node lacks cannot be fetched for now, which is tried again: {why}");
                        said = Some(why);
                    }
                    AGAIN
                }
            };
            self.is_at(0, 0);
            if self.log.failed().is_some() {
                return;
            }
            // Whether it was woken or waited long enough is looked at above.
            let _ = tokio::time::timeout(wait, invited.changed()).await;
        }
    }

    fn lacks(&self, upto: LogId) -> bool {
        self.world.applied().is_none_or(|applied| applied.index < upto.index)
    }

    /// Asks one node, under the limit.
    async fn ask(&self, node: u64, peer: &Peer, kind: Kind, asked: bytes::Bytes) -> Result<bytes::Bytes, CallError> {
        self.pace.wait().await;
        let answer = self.peers.link_to(node, peer, Lane::History).call(kind, asked, PIECE_MAX).await?;
        self.pace.took(answer.len());
        self.progress.total.fetch_add(answer.len() as u64, Ordering::Relaxed);
        Ok(answer)
    }

    /// The nodes to ask, in that order: the one that leads has enough to do.
    fn sources(&self, mut nodes: Vec<(u64, Peer)>) -> Vec<(u64, Peer)> {
        use openraft::type_config::async_runtime::watch::WatchReceiver as _;
        nodes.retain(|(node, _)| *node != self.node);
        let leader = self.raft.server_metrics().borrow_watched().current_leader;
        nodes.sort_by_key(|(node, _)| Some(*node) == leader);
        nodes
    }
}

type Snapshot = openraft::type_config::alias::SnapshotOf<Types, crate::engine::machine::SnapshotFile>;
type Kept = Option<Filling>;
