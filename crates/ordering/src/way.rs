//! The way of a command into the one order: through this node where it leads, through the leader where another does, and
//! through its source where this node is a reader.

use std::sync::Arc;
use std::time::Duration;

use exchange::units::Sequence;
use exchange::{Command, Reply};
use openraft::type_config::async_runtime::watch::WatchReceiver;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant as Moment;

use crate::engine::Raft;
use crate::engine::machine::World;
use crate::error::Unavailable;
use crate::log::Log;
use crate::net::frame::Kind;
use crate::net::link::Link;
use crate::node::Queue;
use crate::peers::{Lane, Peers};
use crate::reader::Sources;
use crate::sequencer::{Answer, Job};

/// How many commands may wait to be passed on.
pub(crate) const FORWARD_MAX: usize = 16_384;
/// How long it is until a command that found no leader is tried again, where nothing shows before that somebody leads.
const TRY_AGAIN: Duration = Duration::from_millis(20);
/// How long this node may take to hear of what the leader has answered.
const HEAR_MAX: Duration = Duration::from_secs(5);
/// How long catching up with the leader may take for the sake of one request.
const CATCH_UP_MAX: Duration = Duration::from_secs(1);

/// Where the way of a command leads.
#[derive(Clone)]
pub(crate) enum Towards {
    /// To whoever leads, which may be this node.
    Leader {
        /// This node.
        node: u64,
        /// The engine, which knows who leads.
        raft: Raft,
        /// This node's own sequencer.
        queue: Queue,
    },
    /// To the source of a reader, which passes it on.
    Source(Arc<Sources>),
}

impl Towards {
    /// The link to whom commands are passed on, and as what; `None`: there is nobody just now.
    pub(crate) fn link(&self, peers: &Peers, lane: Lane) -> Option<Link> {
        match self {
            Towards::Leader { node, raft, .. } => {
                let metrics = raft.server_metrics();
                let metrics = metrics.borrow_watched();
                let leader = metrics.current_leader.filter(|leader| leader != node)?;
                let peer = metrics.membership_config.membership().get_node(&leader)?;
                Some(peers.link_to(leader, peer, lane))
            }
            Towards::Source(sources) => {
                let (source, peer) = sources.current()?;
                Some(peers.link_to(source, &peer, lane))
            }
        }
    }

    /// As what commands are passed on.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Towards::Leader { .. } => Kind::Commands,
            Towards::Source(_) => Kind::PassOn,
        }
    }
}

/// The way of commands; cheap to clone.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) towards: Towards,
    pub(crate) world: Arc<World>,
    pub(crate) log: Arc<Log>,
    pub(crate) peers: Arc<Peers>,
    pub(crate) forward: mpsc::Sender<Job>,
    pub(crate) command_max: Duration,
}

impl Way {
    /// Puts a command in the one order. While nobody leads it waits; what may have been done is asked for again where asking
    /// twice makes it happen once.
    pub(crate) async fn submit(&self, command: Command) -> Result<Reply, Unavailable> {
        let until = Moment::now() + self.command_max;
        let can_be_repeated = command.request.is_some();
        let mut unknown = None;
        loop {
            if let Some(why) = self.log.failed() {
                return Err(unknown.map_or(Unavailable::Refused(why), Unavailable::Unknown));
            }
            let left = until.saturating_duration_since(Moment::now());
            let mut server = None;
            let answer = match &self.towards {
                Towards::Leader { node, raft, queue } => {
                    let server = server.insert(raft.server_metrics());
                    let leader = server.borrow_and_update().current_leader;
                    match leader {
                        Some(leader) if leader == *node => queue.place_within(command.clone(), left).await,
                        Some(_) => self.pass_on(command.clone(), left).await,
                        None => Err(Unavailable::Leaderless("nobody leads just now".to_owned())),
                    }
                }
                Towards::Source(_) => self.pass_on(command.clone(), left).await,
            };
            let why = match answer {
                Ok(reply) => {
                    // Whoever is answered here may read here what was done.
                    if self.world.reached(reply.sequence, HEAR_MAX).await {
                        return Ok(reply);
                    }
                    let sequence = reply.sequence;
                    return Err(Unavailable::Unknown(format!("entry {sequence} has not come to this node yet")));
                }
                Err(Unavailable::Leaderless(why)) => why,
                Err(Unavailable::Unknown(why)) if can_be_repeated => {
                    unknown = Some(why.clone());
                    why
                }
                Err(Unavailable::Refused(why)) => {
                    return Err(unknown.map_or(Unavailable::Refused(why), Unavailable::Unknown));
                }
                Err(Unavailable::Unknown(why)) => return Err(Unavailable::Unknown(why)),
            };
            if Moment::now() >= until {
                return Err(unknown.map_or(Unavailable::Leaderless(why), Unavailable::Unknown));
            }
            let changed = async {
                match &mut server {
                    Some(server) => server.changed().await.is_ok(),
                    None => core::future::pending().await,
                }
            };
            tokio::select! {
                _ = changed => {}
                () = tokio::time::sleep(TRY_AGAIN) => {}
            }
        }
    }

    async fn pass_on(&self, command: Command, within: Duration) -> Answer {
        let (reply, answer) = oneshot::channel();
        match self.forward.try_send(Job { command, reply }) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                return Err(Unavailable::Refused(format!("{FORWARD_MAX} commands wait already to be passed on")));
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {
                return Err(Unavailable::Refused("the node is being stopped".to_owned()));
            }
        }
        match tokio::time::timeout(within, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Unavailable::Unknown("the node stopped before it was answered".to_owned())),
            Err(_) => Err(Unavailable::Unknown(format!("the leader has not answered within {within:?}"))),
        }
    }

    /// Waits until this node has what the leader has by now; says whether it has. It does where this node leads.
    pub(crate) async fn catch_up(&self) -> bool {
        let asked = match &self.towards {
            Towards::Leader { node, raft, .. } => {
                if raft.server_metrics().borrow_watched().current_leader == Some(*node) {
                    return true;
                }
                Kind::Reached
            }
            Towards::Source(_) => Kind::CaughtUp,
        };
        let Some(link) = self.towards.link(&self.peers, Lane::Word) else { return false };
        let Ok(answer) = link.call(asked, bytes::Bytes::new(), CATCH_UP_MAX).await else { return false };
        match minicbor::decode::<Sequence>(&answer) {
            Ok(sequence) => self.world.reached(sequence, CATCH_UP_MAX).await,
            Err(_) => false,
        }
    }
}
