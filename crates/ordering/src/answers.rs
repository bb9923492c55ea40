//! What a node answers the other nodes of its cluster.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use exchange::Profile;
use exchange::files::FileHash;
use exchange::units::Sequence;
use futures_util::future::join_all;
use minicbor::Encode;
use openraft::ReadPolicy;
use openraft::type_config::async_runtime::watch::WatchReceiver;
use parking_lot::Mutex;
use tokio::time::Instant as Moment;
use zeroize::Zeroizing;

use crate::engine::Raft;
use crate::engine::machine::World;
use crate::files::Files;
use crate::membership::Acting;
use crate::net::Identity;
use crate::net::frame::Kind;
use crate::net::message::{
    self, Act, Acted, Appended, Checkpoints, Commands, Hello, KeyNumbers, Outcomes, PersonKey, PersonKeys, StatusSaid,
    TransferAsked, Transferred, VoteAsked, VoteGiven,
};
use crate::net::server::{Answering, Answers};
use crate::node::Queue;
use crate::together::CATCH_UP_MAX;

/// How many persons' keys go in one answer.
pub(crate) const KEYS_MAX: usize = 1_024;

/// What answers.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) identity: Identity,
    pub(crate) raft: Raft,
    pub(crate) world: Arc<World>,
    pub(crate) files: Files,
    pub(crate) queue: Queue,
    pub(crate) acting: Acting,
    pub(crate) within: Duration,
    pub(crate) url: Option<String>,
    /// When a leader was heard from last.
    pub(crate) heard: Arc<Mutex<Option<Moment>>>,
    /// Told why this node may not be one of the cluster.
    pub(crate) shut_out: Arc<OnceLock<String>>,
}

impl Answers for Node {
    fn admits(&self, hello: &Hello) -> Result<(), String> {
        let metrics = self.raft.server_metrics();
        let metrics = metrics.borrow_watched();
        let membership = metrics.membership_config.membership();
        let known = membership.get_node(&hello.node);
        let number = hello.node;
        match known {
            Some(peer) => match peer.instance {
                Some(instance) if instance != hello.instance => Err(format!(
                    "the cluster knows node {number} by another data folder; make this one anew under a number that was never used, with `bayan cluster init`, and add it"
                )),
                _ => Ok(()),
            },
            // Whoever leads knows who belongs to the cluster; any other node may have missed it.
            None if metrics.state.is_leader() => Err(format!(
                "node {number} is not one of the cluster, or is no longer; add it under a number that was never used"
            )),
            None => Ok(()),
        }
    }

    fn answer(&self, kind: Kind, payload: Bytes) -> Answering {
        let node = self.clone();
        Box::pin(async move { node.answered(kind, payload).await })
    }

    fn shut_out(&self, why: &str) {
        if self.shut_out.set(why.to_owned()).is_ok() {
            tracing::error!("{why}");
        }
    }
}

impl Node {
    async fn answered(&self, kind: Kind, payload: Bytes) -> Result<Bytes, String> {
        match kind {
            Kind::Append => {
                let request = message::read_append(&payload).map_err(said)?;
                let appended = Appended::from(self.raft.append_entries(request).await.map_err(said)?);
                if !matches!(appended, Appended::Higher(_)) {
                    *self.heard.lock() = Some(Moment::now());
                }
                answer(&appended)
            }
            Kind::Vote => {
                let asked: VoteAsked = read(&payload)?;
                answer(&VoteGiven::from(self.raft.vote(asked.into()).await.map_err(said)?))
            }
            Kind::PreVote => {
                let asked: VoteAsked = read(&payload)?;
                answer(&VoteGiven::from(self.raft.pre_vote(asked.into()).await.map_err(said)?))
            }
            Kind::Transfer => {
                let asked: TransferAsked = read(&payload)?;
                answer(&Transferred::from(self.raft.handle_transfer_leader(asked.into()).await.map_err(said)?))
            }
            Kind::Commands => {
                let commands: Commands = read(&payload)?;
                let commands = commands.read().map_err(said)?;
                // Put in the queue in their order: each is, when it is first asked how far it is.
                let answers = commands.into_iter().map(|command| self.queue.place_within(command, self.within));
                let outcomes = join_all(answers).await.into_iter().map(Into::into).collect();
                answer(&Outcomes { outcomes })
            }
            Kind::KeepKeys => {
                let keys: PersonKeys = read(&payload)?;
                self.blocking(move |world| {
                    keys.keys.iter().try_for_each(|key| world.vault.keep_key(*key.number, Zeroizing::new(*key.key)))
                })
                .await?;
                Ok(Bytes::new())
            }
            Kind::GetKeys => {
                let wanted: KeyNumbers = read(&payload)?;
                let key = |number: &minicbor::bytes::ByteArray<16>| {
                    let key = self.world.vault.person_key(number)?;
                    Some(PersonKey { number: *number, key: (*key).into() })
                };
                answer(&PersonKeys { keys: wanted.numbers.iter().take(KEYS_MAX).filter_map(key).collect() })
            }
            Kind::DropKey => {
                let dropped: KeyNumbers = read(&payload)?;
                self.blocking(move |world| {
                    dropped.numbers.iter().try_for_each(|number| world.vault.forget_key(number).map(drop))
                })
                .await?;
                Ok(Bytes::new())
            }
            Kind::Status => answer(&self.status()),
            Kind::Checkpoints => answer(&Checkpoints { all: self.world.checkpoints.lock().iter().copied().collect() }),
            Kind::Reached => answer(&self.reached().await?),
            Kind::KeepFile => {
                let files = self.files.clone();
                let kept = self.world.blocking(move || files.put(&payload).map(drop)).await;
                kept.map_err(said)?.map_err(said)?;
                Ok(Bytes::new())
            }
            Kind::GetFile => {
                let hash: FileHash = read(&payload)?;
                let (files, world) = (self.files.clone(), Arc::clone(&self.world));
                let found = self.world.blocking(move || files.read(&hash, |hash| world.names_file(hash))).await;
                found.map_err(said)?.map(Bytes::from).map_err(said)
            }
            Kind::Act => {
                let act: Act = read(&payload)?;
                answer(&Acted { refused: self.acting.act(act).await.err() })
            }
            Kind::Hello | Kind::Welcome | Kind::Refused | Kind::Answer | Kind::Failed => {
                Err("that is no call".to_owned())
            }
        }
    }

    /// Up to which entry a node must have the log to have all that anybody was answered by now. A majority has confirmed,
    /// since it was asked, that this node leads.
    pub(crate) async fn reached(&self) -> Result<Sequence, String> {
        let confirmed = self.raft.ensure_linearizable(ReadPolicy::ReadIndex);
        match tokio::time::timeout(CATCH_UP_MAX, confirmed).await {
            Ok(Ok(_)) => Ok(self.world.sequence()),
            Ok(Err(why)) => Err(why.to_string()),
            Err(_) => Err(format!("no majority has confirmed within {CATCH_UP_MAX:?} that this node leads")),
        }
    }

    /// How this node is.
    pub(crate) fn status(&self) -> StatusSaid {
        let (leads, term, leader) = {
            let metrics = self.raft.server_metrics();
            let metrics = metrics.borrow_watched();
            (metrics.state.is_leader(), metrics.vote.leader_id.term, metrics.current_leader)
        };
        let (sequence, digest) = {
            let mut state = self.world.state.lock();
            (state.exchange.sequence(), state.exchange.digest())
        };
        StatusSaid {
            node: self.identity.node,
            leads,
            term,
            leader,
            sequence,
            digest: digest.into(),
            process: std::process::id(),
            url: self.url.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules: Some(Profile::RULES_KNOWN),
        }
    }

    async fn blocking(&self, act: impl FnOnce(&World) -> std::io::Result<()> + Send + 'static) -> Result<(), String> {
        let world = Arc::clone(&self.world);
        self.world.blocking(move || act(&world)).await.map_err(said)?.map_err(said)
    }
}

fn said(error: impl core::fmt::Display) -> String {
    error.to_string()
}

fn read<T: for<'b> minicbor::Decode<'b, ()>>(payload: &[u8]) -> Result<T, String> {
    minicbor::decode(payload).map_err(said)
}

fn answer(message: &impl Encode<()>) -> Result<Bytes, String> {
    Ok(message::bytes(message))
}
