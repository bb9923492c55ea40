//! What a node does by itself: it stamps the log when a deadline is due, reveals the keys of ended sealed auctions, takes
//! snapshots, and signs heads.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use exchange::units::{AuctionId, Instant, Sequence, Span};
use exchange::{Body, Command, Reply};
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::Clock;
use crate::cluster::ClusterId;
use crate::disk::Disk;
use crate::engine::Raft;
use crate::engine::machine::World;
use crate::error::Unavailable;
use crate::head::{self, SignedHead};
use crate::log::Log;
use crate::sequencer::{Answer, Counters, Job};

/// Two ticks are at least this far apart, whatever the exchange says is due.
const TICKS_APART: Span = Span::from_us(1_000);

/// How long it is until a stamp that could not be put in order is tried again.
const TICK_AGAIN: Duration = Duration::from_millis(100);

/// Puts a command of the node itself in the queue and waits for its answer.
pub(crate) async fn ask(jobs: &mpsc::Sender<Job>, body: Body) -> Answer {
    let (reply, answer) = oneshot::channel();
    let job = Job { command: Command::system(body), reply };
    jobs.send(job).await.map_err(|_| Unavailable::Refused("the node is being stopped".to_owned()))?;
    answer.await.unwrap_or_else(|_| Err(Unavailable::Unknown("the node has stopped".to_owned())))
}

/// Stamps the log when it is due and no command has done it by then.
pub(crate) async fn tick(
    world: Arc<World>,
    clock: Arc<dyn Clock>,
    jobs: mpsc::Sender<Job>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let due = world.due();
        world.sleeps_until.store(due.us(), Ordering::Release);
        if world.due() < due {
            continue;
        }
        tokio::select! {
            () = clock.wait(due), if due < Instant::MAX => {}
            () = world.ticker.notified() => continue,
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        let now = clock.now();
        if now < world.due() {
            continue;
        }
        if let Err(why) = ask(&jobs, Body::Tick).await {
            tracing::warn!("the log could not be stamped: {why}");
            // A leader that has lost the majority hears so at once, and again until it has it back or leads no more.
            tokio::select! {
                () = tokio::time::sleep(TICK_AGAIN) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
        }
        if world.due() <= now {
            tokio::select! {
                () = clock.wait(now.plus(TICKS_APART)) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
        }
    }
}

/// How long it is until a key that could not be revealed is tried again; twice as long each time, up to a limit, since a
/// refusal by a rule is an entry too.
const REVEAL_AGAIN_FIRST: Duration = Duration::from_secs(1);
const REVEAL_AGAIN_MAX: Duration = Duration::from_secs(300);

/// The keys of ended sealed auctions on their way into the log. One that is not taken is tried again: without it nobody can
/// verify that auction.
struct Reveals {
    again: BTreeSet<AuctionId>,
    pause: Duration,
}

impl Reveals {
    fn new() -> Self {
        Reveals { again: BTreeSet::new(), pause: REVEAL_AGAIN_FIRST }
    }

    /// Another node leads: the keys are its business.
    fn forget(&mut self) {
        self.again.clear();
        self.pause = REVEAL_AGAIN_FIRST;
    }

    fn are_waiting(&self) -> bool {
        !self.again.is_empty()
    }

    /// Puts the keys that are due in order, and those of before that were not taken. `key` gives none where it is in the
    /// log already: an answer that never came may have been a yes.
    async fn reveal(
        &mut self,
        due: Vec<AuctionId>,
        key: impl Fn(AuctionId) -> Option<[u8; 32]>,
        jobs: &mpsc::Sender<Job>,
    ) {
        let mut all = core::mem::take(&mut self.again);
        all.extend(due);
        for auction in all {
            let Some(key) = key(auction) else { continue };
            let why = match ask(jobs, Body::RevealKey { auction, key: key.into() }).await {
                Ok(Reply { outcome: Ok(_), .. }) => continue,
                Ok(Reply { outcome: Err(refusal), .. }) => refusal.reason().to_owned(),
                Err(why) => why.to_string(),
            };
            tracing::warn!("the key of auction {auction} could not be revealed, which is tried again: {why}");
            self.again.insert(auction);
        }
        self.pause = if self.are_waiting() { (self.pause * 2).min(REVEAL_AGAIN_MAX) } else { REVEAL_AGAIN_FIRST };
    }
}

/// Reveals keys and takes snapshots when they are due.
pub(crate) struct Keeper {
    pub(crate) world: Arc<World>,
    pub(crate) raft: Raft,
    pub(crate) log: Arc<Log>,
    pub(crate) jobs: mpsc::Sender<Job>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) snapshot_every: u64,
    pub(crate) writing: Arc<AtomicBool>,
    /// After a snapshot that could not be written, the next is tried from here on.
    pub(crate) not_before: Arc<AtomicU64>,
    /// How many bytes of the log one of several nodes keeps ready for those that lack them; the others get a snapshot.
    pub(crate) kept_bytes: Option<u64>,
}

impl Keeper {
    pub(crate) async fn run(self, mut stopping: watch::Receiver<bool>) {
        let mut reveals = Reveals::new();
        if let Some(bytes) = self.kept_bytes {
            let_go(&self.world, &self.raft, &self.log, bytes).await;
        }
        loop {
            tokio::select! {
                () = self.world.keeper.notified() => {}
                () = tokio::time::sleep(reveals.pause), if reveals.are_waiting() && self.log.failed().is_none() => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            if !self.world.leading.load(Ordering::Acquire) {
                reveals.forget();
            }
            let key = |auction| (!self.world.key_is_revealed(auction)).then(|| self.world.vault.auction_key(auction));
            reveals.reveal(self.world.keys_due(), key, &self.jobs).await;
            if self.world.snapshot_due(self.snapshot_every)
                && self.world.sequence().0 >= self.not_before.load(Ordering::Acquire)
                && self.log.failed().is_none()
                && !self.writing.swap(true, Ordering::AcqRel)
            {
                let (world, raft, log) = (Arc::clone(&self.world), self.raft.clone(), Arc::clone(&self.log));
                let (counters, writing) = (Arc::clone(&self.counters), Arc::clone(&self.writing));
                let (not_before, pause) = (Arc::clone(&self.not_before), self.snapshot_every / 10);
                let kept_bytes = self.kept_bytes;
                tokio::spawn(async move {
                    if !snapshot(&world, &raft, &log, &counters).await {
                        not_before.store(world.sequence().0 + pause, Ordering::Release);
                    } else if let Some(bytes) = kept_bytes {
                        let_go(&world, &raft, &log, bytes).await;
                    }
                    writing.store(false, Ordering::Release);
                    world.keeper.notify_one();
                });
            }
        }
    }
}

/// Takes a snapshot and tells the engine, so that it lets go of what the snapshot covers. Says whether it is there.
pub(crate) async fn snapshot(world: &Arc<World>, raft: &Raft, log: &Log, counters: &Counters) -> bool {
    let writer = Arc::clone(world);
    let named = log.named();
    let written = world.blocking(move || {
        let Some(taken) = writer.take(named) else {
            return Ok(None);
        };
        writer.snapshots.write(taken).map(Some)
    });
    match written.await.flatten() {
        Ok(None) => true,
        Ok(Some((header, path))) => {
            tracing::info!("a snapshot covers everything up to entry {}", header.sequence);
            *world.snapshot.lock() = Some((header, path));
            counters.snapshots.fetch_add(1, Ordering::Relaxed);
            if let Err(error) = raft.trigger().snapshot().await {
                tracing::warn!("the engine was not told of a snapshot: {error}");
            }
            true
        }
        Err(error) => {
            counters.snapshots_failed.fetch_add(1, Ordering::Relaxed);
            tracing::warn!("a snapshot could not be written, the log serves without it: {error}");
            false
        }
    }
}

/// How long the engine may take to hear of a snapshot.
const HEAR_MAX: Duration = Duration::from_secs(10);

/// Has the engine of one of several nodes let go of the log but for this many bytes at its end, as far as a snapshot covers
/// it: whoever lacks more had better begin with that. The log itself lets go of nothing.
async fn let_go(world: &World, raft: &Raft, log: &Log, bytes: u64) {
    let Some(covered) = world.snapshot.lock().as_ref().map(|(header, _)| header.log) else { return };
    let Some(upto) = log.before_last(bytes).map(|upto| upto.min(covered.index)) else { return };
    let heard = |metrics: &openraft::RaftMetrics<crate::engine::Types>| {
        metrics.running_state.is_err() || metrics.snapshot.as_ref().is_some_and(|known| known.index() >= covered.index)
    };
    if raft.wait(Some(HEAR_MAX)).metrics(heard, "the engine knows the snapshot").await.is_ok()
        && let Err(error) = raft.trigger().purge_log(upto).await
    {
        tracing::warn!("the engine was not told what it need not keep ready: {error}");
    }
}

/// Signs heads, keeps each before anyone sees it, and hands out the last.
pub(crate) struct Heads {
    pub(crate) world: Arc<World>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) path: PathBuf,
    pub(crate) cluster: ClusterId,
    pub(crate) last: Mutex<Option<SignedHead>>,
    /// One is signed at a time.
    pub(crate) signing: tokio::sync::Mutex<()>,
}

impl Heads {
    pub(crate) fn last(&self) -> Option<SignedHead> {
        *self.last.lock()
    }

    /// A head that covers at least this entry.
    pub(crate) async fn at_least(self: &Arc<Self>, sequence: Sequence) -> Result<SignedHead, Unavailable> {
        if let Some(head) = self.last().filter(|head| head.sequence >= sequence) {
            return Ok(head);
        }
        let _one = self.signing.lock().await;
        if let Some(head) = self.last().filter(|head| head.sequence >= sequence) {
            return Ok(head);
        }
        if self.world.sequence() < sequence {
            return Err(Unavailable::Refused(format!("entry {sequence} is not applied here yet")));
        }
        let heads = Arc::clone(self);
        match self.world.blocking(move || heads.sign()).await {
            Ok(Ok(head)) => Ok(head),
            Ok(Err(error)) => Err(Unavailable::Refused(format!("the head could not be kept: {error}"))),
            Err(error) => Err(Unavailable::Refused(format!("the head could not be signed: {error}"))),
        }
    }

    /// Signs what there is where nothing was signed yet. It is there before the first entry is taken, so a log with entries
    /// and without a head has lost it.
    pub(crate) async fn first(self: &Arc<Self>) -> std::io::Result<()> {
        let heads = Arc::clone(self);
        self.world.blocking(move || heads.sign()).await.flatten().map(drop)
    }

    fn sign(&self) -> std::io::Result<SignedHead> {
        let mut head = {
            let mut state = self.world.state.lock();
            SignedHead {
                sequence: state.exchange.sequence(),
                hash: state.tree.head(),
                state_digest: state.exchange.digest(),
                signed_at: self.clock.now(),
                signature: [0; 64],
                key: self.world.vault.public_key(),
            }
        };
        head.signature = self.world.vault.sign(&head.signed_bytes());
        head::write(&*self.disk, &self.path, &head, self.cluster)?;
        *self.last.lock() = Some(head);
        Ok(head)
    }

    /// Signs whenever the log has grown, but not more often than that.
    pub(crate) async fn run(self: Arc<Self>, every: Duration, mut stopping: watch::Receiver<bool>) {
        let mut next = tokio::time::interval(every);
        next.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = next.tick() => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            if let Err(why) = self.at_least(self.world.sequence()).await {
                tracing::warn!("{why}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use exchange::Answer;

    use super::*;

    /// Protects that a sealed auction can be verified in the end: a key that was not taken, for whatever reason, is asked for
    /// again until it is in the log, and not once more.
    #[tokio::test]
    async fn a_key_that_was_not_taken_is_revealed_again() {
        let (jobs, mut queue) = mpsc::channel::<Job>(8);
        let answers = tokio::spawn(async move {
            let mut asked = Vec::new();
            while let Some(job) = queue.recv().await {
                let Body::RevealKey { auction, .. } = job.command.body else { panic!("{:?}", job.command) };
                asked.push(auction);
                let answer = match asked.len() {
                    1 => Err(Unavailable::Refused("this node has only begun to lead".to_owned())),
                    2 => Err(Unavailable::Unknown("nobody knows".to_owned())),
                    3 => Ok(reply(Err(exchange::Refusal::UnknownAuction))),
                    _ => Ok(reply(Ok(Answer::Done))),
                };
                let _ = job.reply.send(answer);
            }
            asked
        });
        let (one, two) = (AuctionId(1), AuctionId(2));
        let mut reveals = Reveals::new();
        let key = |_| Some([7; 32]);
        reveals.reveal(vec![one], key, &jobs).await;
        assert!(reveals.are_waiting(), "refused");
        reveals.reveal(vec![two], |auction| (auction != two).then_some([7; 32]), &jobs).await;
        assert!(reveals.are_waiting(), "unknown, and the key of the other is in the log already");
        reveals.reveal(Vec::new(), key, &jobs).await;
        assert!(reveals.are_waiting(), "refused by a rule");
        reveals.reveal(Vec::new(), key, &jobs).await;
        assert!(!reveals.are_waiting() && reveals.pause == REVEAL_AGAIN_FIRST);
        reveals.reveal(Vec::new(), key, &jobs).await;
        drop(jobs);
        assert_eq!(answers.await.unwrap(), [one; 4]);
    }

    fn reply(outcome: Result<Answer, exchange::Refusal>) -> Reply {
        Reply { sequence: Sequence(1), at: Instant::from_us(1), outcome, replayed: false }
    }
}
