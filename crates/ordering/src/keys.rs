//! The keys of persons, and files, on all nodes. A key is on a majority before anything under it is put in order, so that no node's
//! loss makes a person unreadable; a node that has missed some asks the others for those that its state needs; and each
//! node destroys the keys of those whom its state has forgotten. So a node that was away can bring none back: nobody asks
//! for the key of a person who is forgotten. Files are kept and asked for in the same way; one that was let go of stays on the
//! disks of the others.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use exchange::files::FileHash;
use minicbor::bytes::ByteArray;
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::answers::KEYS_MAX;
use crate::circle::Circle;
use crate::engine::machine::World;
use crate::files::{Files, file_hash};
use crate::net::frame::Kind;
use crate::net::message::{self, KeyNumbers, PersonKey, PersonKeys};
use crate::number::called;
use crate::peers::{Lane, Peers};
use crate::reader::Sources;
use crate::vault::number_of;

/// How long the other nodes may take to keep a key.
const SPREAD_MAX: Duration = Duration::from_secs(3);
/// How long they may take to keep, or to give, a file.
const FILE_MAX: Duration = Duration::from_secs(20);
/// How often it is looked whether keys are missing or to be destroyed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many users are looked at before others may have the state.
const LOOK_AT: usize = 256;

/// What keeps the keys of all nodes together.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) circle: Circle,
    pub(crate) world: Arc<World>,
    pub(crate) files: Files,
    pub(crate) peers: Arc<Peers>,
}

impl Keys {
    /// Has a key, which is kept here, kept by a majority of those that vote.
    ///
    /// # Errors
    /// Too few have it.
    pub(crate) async fn spread(&self, number: [u8; 16]) -> Result<(), String> {
        let key = self.world.vault.person_key(&number).ok_or_else(|| "the key is not here any more".to_owned())?;
        let keys = PersonKeys { keys: vec![PersonKey { number: number.into(), key: (*key).into() }] };
        self.everywhere(Kind::KeepKeys, &message::bytes(&keys), Lane::Word, SPREAD_MAX).await
    }

    /// Has a key destroyed by a majority at the least. The others do it when they hear of the entry.
    ///
    /// # Errors
    /// Too few have done it.
    pub(crate) async fn destroy(&self, number: [u8; 16]) -> Result<(), String> {
        let numbers = KeyNumbers { numbers: vec![number.into()] };
        self.everywhere(Kind::DropKey, &message::bytes(&numbers), Lane::Word, SPREAD_MAX).await
    }

    /// Has a file, which is kept here, kept by a majority of those that vote.
    ///
    /// # Errors
    /// Too few have it.
    pub(crate) async fn spread_file(&self, file: &bytes::Bytes) -> Result<(), String> {
        self.everywhere(Kind::KeepFile, file, Lane::Files, FILE_MAX).await
    }

    /// Asks all other nodes the same, until a majority of those that vote, this one included, has done it. Those that
    /// come later do it too.
    async fn everywhere(&self, kind: Kind, asked: &bytes::Bytes, lane: Lane, within: Duration) -> Result<(), String> {
        if let Circle::Sources(sources) = &self.circle {
            return self.hand(sources, kind, asked, lane, within).await;
        }
        let (voters, others) = (self.circle.voters(), self.circle.others());
        let mut calls = tokio::task::JoinSet::new();
        for (node, peer) in others {
            let (link, asked) = (self.peers.link_to(node, &peer, lane), asked.clone());
            calls.spawn(async move { (node, link.call(kind, asked, within).await) });
        }
        let mut done = usize::from(voters.contains(&self.peers.identity.node));
        let mut why = Vec::new();
        while done * 2 <= voters.len() {
            match calls.join_next().await {
                Some(Ok((node, Ok(_)))) => done += usize::from(voters.contains(&node)),
                Some(Ok((_, Err(error)))) => why.push(error.to_string()),
                Some(Err(error)) => why.push(error.to_string()),
                None => return Err(format!("{done} of {} nodes have done it: {}", voters.len(), why.join("; "))),
            }
        }
        // The others may still do it: nobody waits for them.
        calls.detach_all();
        Ok(())
    }

    /// Has the source of a reader have it done by a majority.
    async fn hand(
        &self,
        sources: &Sources,
        kind: Kind,
        asked: &bytes::Bytes,
        lane: Lane,
        within: Duration,
    ) -> Result<(), String> {
        let handed = match kind {
            Kind::KeepKeys => Kind::HandKeys,
            Kind::DropKey => Kind::HandDrop,
            Kind::KeepFile => Kind::HandFile,
            other => unreachable!("{other:?} is nothing that a majority does"),
        };
        let (source, peer) = sources.current().ok_or("this reader follows nobody just now")?;
        let done = self.peers.link_to(source, &peer, lane).call(handed, asked.clone(), within).await;
        done.map(drop).map_err(|error| error.to_string())
    }

    /// Looks, whenever something was applied, which keys the state needs that are not here, and which are here of those whom
    /// it has forgotten.
    pub(crate) async fn run(self, mut stopping: watch::Receiver<bool>) {
        let mut looked = None;
        // The files that were seen here.
        let mut here = HashSet::new();
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = look.tick() => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            let now = self.world.sequence();
            if looked == Some(now) {
                continue;
            }
            let (missing, forgotten) = self.look();
            let mut all = destroy(&self.world, forgotten).await;
            if !missing.is_empty() && !self.fetch(missing).await {
                all = false;
            }
            all &= self.fetch_files(&mut here).await;
            looked = all.then_some(now);
        }
    }

    /// The numbers of the keys that are missing, and of those that should be gone. One key may serve an applicant and the
    /// user who came of it: what one of both has forgotten is missing to nobody.
    fn look(&self) -> (Vec<[u8; 16]>, Vec<[u8; 16]>) {
        let (mut needed, mut forgotten) = (BTreeSet::new(), BTreeSet::new());
        let mut hear = |personal: &[u8], is_forgotten: bool| {
            if let Some(number) = number_of(personal) {
                if is_forgotten { &mut forgotten } else { &mut needed }.insert(number);
            }
        };
        let mut from = 0;
        loop {
            let state = self.world.state.lock();
            let users = state.exchange.members().users.iter().skip(from).take(LOOK_AT);
            let applications = state.exchange.applications().all().iter().skip(from).take(LOOK_AT);
            let mut any = false;
            for user in users {
                any = true;
                hear(&user.personal, user.forgotten.is_some());
            }
            for application in applications {
                any = true;
                hear(&application.applicant.personal, application.forgotten.is_some());
            }
            if !any {
                break;
            }
            from += LOOK_AT;
        }
        let vault = &self.world.vault;
        let missing = needed.difference(&forgotten).filter(|number| !vault.has_key(number)).copied().collect();
        (missing, forgotten.into_iter().filter(|number| vault.has_key(number)).collect())
    }

    /// Asks the others for keys; says whether all are here now.
    async fn fetch(&self, mut missing: Vec<[u8; 16]>) -> bool {
        let others = self.circle.others();
        for (node, peer) in others {
            let link = self.peers.link_to(node, &peer, Lane::Word);
            for some in missing.clone().chunks(KEYS_MAX) {
                let asked = KeyNumbers { numbers: some.iter().map(|number| ByteArray::from(*number)).collect() };
                let Ok(answer) = link.call(Kind::GetKeys, message::bytes(&asked), SPREAD_MAX).await else { break };
                let Ok(keys) = minicbor::decode::<PersonKeys>(&answer) else { break };
                let world = Arc::clone(&self.world);
                let kept = self.world.blocking(move || {
                    keys.keys.iter().try_for_each(|key| world.vault.keep_key(*key.number, Zeroizing::new(*key.key)))
                });
                if let Err(error) = kept.await.flatten() {
                    tracing::error!("the key of a person could not be kept, which is tried again: {error}");
                    return false;
                }
            }
            missing.retain(|number| !self.world.vault.has_key(number));
            if missing.is_empty() {
                return true;
            }
        }
        tracing::warn!("{} keys of persons are not here yet; the other nodes are asked again", missing.len());
        false
    }

    /// Asks the others for the files that the state names and that are not here; says whether all are here now.
    async fn fetch_files(&self, here: &mut HashSet<FileHash>) -> bool {
        let lacking: Vec<FileHash> = {
            let state = self.world.state.lock();
            state.exchange.files().hashes().map(|(hash, _)| *hash).filter(|hash| !here.contains(hash)).collect()
        };
        if lacking.is_empty() {
            return true;
        }
        let files = self.files.clone();
        let looked =
            self.world.blocking(move || lacking.into_iter().partition::<Vec<FileHash>, _>(|hash| files.is_there(hash)));
        let Ok((there, lacking)) = looked.await else { return false };
        here.extend(there);
        let others = self.circle.others();
        let mut all = true;
        for hash in lacking {
            let mut got = false;
            for (node, peer) in &others {
                let link = self.peers.link_to(*node, peer, Lane::Files);
                let Ok(bytes) = link.call(Kind::GetFile, message::bytes(&hash), FILE_MAX).await else { continue };
                let files = self.files.clone();
                let kept = self.world.blocking(move || {
                    // What another gives under this name must be what the name says.
                    if file_hash(&bytes) == hash { files.put(&bytes).map(|_| true) } else { Ok(false) }
                });
                match kept.await.flatten() {
                    Ok(true) => {
                        got = true;
                        break;
                    }
                    Ok(false) => tracing::error!("{} gives other bytes than those that the log names", called(*node)),
                    Err(error) => tracing::error!("a file could not be kept, which is tried again: {error}"),
                }
            }
            if got {
                here.insert(hash);
            } else {
                all = false;
            }
        }
        if !all {
            tracing::warn!("files that the log names are not here yet; the other nodes are asked again");
        }
        all
    }
}

/// On a node that is alone: the clock may forget who applied in vain, and no call is there that would destroy the key.
pub(crate) async fn forget_alone(world: Arc<World>, mut stopping: watch::Receiver<bool>) {
    let mut looked = None;
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        let now = world.sequence();
        if looked == Some(now) {
            continue;
        }
        let mut forgotten: Vec<[u8; 16]> = {
            let state = world.state.lock();
            let applications = state.exchange.applications().all().iter();
            let forgotten = applications.filter(|application| application.forgotten.is_some());
            forgotten.filter_map(|application| number_of(&application.applicant.personal)).collect()
        };
        forgotten.retain(|number| world.vault.has_key(number));
        looked = destroy(&world, forgotten).await.then_some(now);
    }
}

/// Destroys keys that are here of persons whom the state has forgotten; says whether all are gone.
async fn destroy(world: &Arc<World>, forgotten: Vec<[u8; 16]>) -> bool {
    let mut all = true;
    for number in forgotten {
        let here = Arc::clone(world);
        let gone = world.blocking(move || here.vault.forget_key(&number)).await;
        match gone.flatten() {
            Ok(true) => tracing::info!("the key of a forgotten person is destroyed here too"),
            Ok(false) => {}
            Err(error) => {
                tracing::error!("the key of a forgotten person could not be destroyed, which is tried again: {error}");
                all = false;
            }
        }
    }
    all
}
