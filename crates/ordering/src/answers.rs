//! What a node answers the other nodes of its cluster.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use exchange::Profile;
use exchange::files::FileHash;
use futures_util::future::join_all;
use minicbor::Encode;
use openraft::type_config::async_runtime::watch::WatchReceiver;
use zeroize::Zeroizing;

use crate::engine::Raft;
use crate::engine::machine::World;
use crate::files::Files;
use crate::keys::Keys;
use crate::log::Log;
use crate::membership::Acting;
use crate::net::Identity;
use crate::net::frame::Kind;
use crate::net::message::{
    self, Act, Acted, Appended, Checkpoints, Commands, Follow, Hello, KeyNumbers, Outcomes, PersonKey, PersonKeys,
    ReaderSaid, Report, StatusSaid, TransferAsked, Transferred, VoteAsked, VoteGiven,
};
use crate::net::server::{Answering, Answers};
use crate::node::Queue;
use crate::number::{called, is_reader};
use crate::reader::{BEAT, FOLLOW_BYTES, Readers, Sources};
use crate::standing::Standing;
use crate::way::Way;

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
    /// Where nodes and readers reach it.
    pub(crate) address: String,
    pub(crate) url: Option<String>,
    pub(crate) log: Arc<Log>,
    pub(crate) keys: Keys,
    pub(crate) way: Way,
    pub(crate) standing: Standing,
    /// The readers that are fed here.
    pub(crate) readers: Arc<Readers>,
    /// Told why this node may not be one of the cluster.
    pub(crate) shut_out: Arc<OnceLock<String>>,
}

impl Answers for Node {
    fn admits(&self, hello: &Hello) -> Result<(), String> {
        if is_reader(hello.node) {
            return self.readers.admits(hello.node, hello.instance);
        }
        if is_reader(self.identity.node) {
            return Err(format!("{} feeds readers, and takes nothing from a node", called(self.identity.node)));
        }
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

    fn answer(&self, caller: u64, kind: Kind, payload: Bytes) -> Answering {
        let node = self.clone();
        Box::pin(async move {
            match kind {
                _ if is_reader(caller) => node.answered_to_reader(caller, kind, payload).await,
                _ => node.answered(kind, payload).await,
            }
        })
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
                    self.standing.heard();
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
                self.keep_keys(read(&payload)?).await?;
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
                self.drop_keys(read(&payload)?).await?;
                Ok(Bytes::new())
            }
            Kind::Status => answer(&self.status()),
            Kind::Checkpoints => answer(&Checkpoints { all: self.world.checkpoints.lock().iter().copied().collect() }),
            Kind::Reached => {
                let led = self.raft.as_leader().is_ok() && self.world.leading.load(Ordering::Acquire);
                if led { answer(&self.world.sequence()) } else { Err("this node does not lead".to_owned()) }
            }
            Kind::KeepFile => {
                self.keep_file(payload).await?;
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
            Kind::Follow
            | Kind::Report
            | Kind::PassOn
            | Kind::CaughtUp
            | Kind::AllKnow
            | Kind::HandKeys
            | Kind::HandDrop
            | Kind::HandFile => Err("only a reader asks that".to_owned()),
        }
    }

    /// A reader may ask for what it needs to follow and to pass on, and for nothing by which it would take part.
    async fn answered_to_reader(&self, reader: u64, kind: Kind, payload: Bytes) -> Result<Bytes, String> {
        match kind {
            Kind::Follow => {
                self.readers.heard(reader);
                self.follow(read(&payload)?).await
            }
            Kind::Report => {
                let report: Report = read(&payload)?;
                self.readers.says(reader, report.readers);
                Ok(Bytes::new())
            }
            Kind::PassOn => {
                let commands: Commands = read(&payload)?;
                let commands = commands.read().map_err(said)?;
                let answers = commands.into_iter().map(|command| self.way.submit(command));
                answer(&Outcomes { outcomes: join_all(answers).await.into_iter().map(Into::into).collect() })
            }
            Kind::CaughtUp => match self.way.catch_up().await {
                true => answer(&self.world.sequence()),
                false => Err("it does not have what the leader has".to_owned()),
            },
            Kind::AllKnow => answer(&Acted { refused: self.all_know(read(&payload)?).await.err() }),
            Kind::HandKeys => {
                let keys: PersonKeys = read(&payload)?;
                let numbers: Vec<[u8; 16]> = keys.keys.iter().map(|key| *key.number).collect();
                self.keep_keys(keys).await?;
                for number in numbers {
                    self.keys.spread(number).await?;
                }
                Ok(Bytes::new())
            }
            Kind::HandDrop => {
                let dropped: KeyNumbers = read(&payload)?;
                let numbers: Vec<[u8; 16]> = dropped.numbers.iter().map(|number| **number).collect();
                self.drop_keys(dropped).await?;
                for number in numbers {
                    self.keys.destroy(number).await?;
                }
                Ok(Bytes::new())
            }
            Kind::HandFile => {
                self.keep_file(payload.clone()).await?;
                self.keys.spread_file(&payload).await?;
                Ok(Bytes::new())
            }
            Kind::GetKeys | Kind::GetFile | Kind::Checkpoints | Kind::Status => self.answered(kind, payload).await,
            _ => Err("a reader may not ask that".to_owned()),
        }
    }

    /// Records behind a reader's last, as far as they are applied here; waits a moment where there are none yet.
    async fn follow(&self, follow: Follow) -> Result<Bytes, String> {
        let last = follow.last;
        let next = last.map_or(0, |last| last.index + 1);
        let applied = self.world.applied_from(next, BEAT).await;
        if let (Some(last), Some(applied)) = (last, applied)
            && last.index <= applied.index
            && self.log.id_at(last.index) != Some(last)
        {
            return Err(format!(
                "record {} of this reader is another than here: its log is not this venue's",
                last.index
            ));
        }
        let upto = applied.map_or(0, |applied| applied.index + 1);
        let records = if next < upto {
            let log = Arc::clone(&self.log);
            let read = self.world.blocking(move || log.read(next, upto, FOLLOW_BYTES)).await;
            read.map_err(said)?.map_err(said)?
        } else {
            Vec::new()
        };
        Ok(message::followed(self.standing.age_ms(&self.world), &self.standing.chain(), applied, &records))
    }

    async fn keep_keys(&self, keys: PersonKeys) -> Result<(), String> {
        self.blocking(move |world| {
            keys.keys.iter().try_for_each(|key| world.vault.keep_key(*key.number, Zeroizing::new(*key.key)))
        })
        .await
    }

    async fn drop_keys(&self, dropped: KeyNumbers) -> Result<(), String> {
        self.blocking(move |world| {
            dropped.numbers.iter().try_for_each(|number| world.vault.forget_key(number).map(drop))
        })
        .await
    }

    async fn keep_file(&self, payload: Bytes) -> Result<(), String> {
        let files = self.files.clone();
        let kept = self.world.blocking(move || files.put(&payload).map(drop)).await;
        kept.map_err(said)?.map_err(said)
    }

    /// How this node is as a reader, and those that it feeds.
    pub(crate) fn report(&self, sources: &Sources) -> Vec<ReaderSaid> {
        let StatusSaid { node, sequence, digest, process, url, version, readers, .. } = self.status();
        let own = ReaderSaid {
            number: node,
            source: sources.current().map(|(source, _)| source),
            level: sources.chain().len() as u64,
            sequence,
            digest,
            process,
            address: self.address.clone(),
            url,
            version,
            rules: Profile::RULES_KNOWN,
        };
        core::iter::once(own).chain(readers.unwrap_or_default()).collect()
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
            readers: Some(self.readers.all()),
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
