//! A reader: a node that holds everything and never votes. It takes what is committed from a source, which is a node of the
//! cluster or another reader, writes it to its own log, and executes it. The engine of a reader is a learner that no
//! membership names: what the source gives is handed to it as a leader's records would be, so the log, recovery and all
//! that follows from applied records are those of every node.
//!
//! Its log holds nothing but what is committed. So it never goes back, and a source that has less is not followed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use openraft::entry::RaftEntry as _;
use openraft::raft::{AppendEntriesRequest, AppendEntriesResponse};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::Instant as Moment;

use crate::config::Source;
use crate::engine::machine::World;
use crate::engine::{Peer, Raft, RaftEntry, RaftVote, to_ours, to_theirs};
use crate::error::StartError;
use crate::log::{Log, LogId};
use crate::net::Instance;
use crate::net::frame::Kind;
use crate::net::message::{self, Follow, Followed, ReaderSaid, Report};
use crate::number::called;
use crate::peers::{Lane, Peers};

/// How long a source waits for something new before it answers that there is nothing: so often a reader knows at the least
/// that it is in step.
pub(crate) const BEAT: Duration = Duration::from_millis(200);
/// How many bytes of records go in one answer, one record more than that included.
pub(crate) const FOLLOW_BYTES: usize = 1 << 20;
/// How long a source may take to answer before another is taken.
const FOLLOW_MAX: Duration = Duration::from_secs(2);
/// A reader that does not know for so long that it has what the cluster has is cut off.
const SILENCE_MAX: Duration = Duration::from_secs(2);
/// How many readers may be between the cluster and a screen.
const LEVELS_MAX: usize = 8;
/// How long it is until the sources are tried again when none serves; twice as long each time, up to a limit.
const AGAIN_FIRST: Duration = Duration::from_millis(20);
const AGAIN_MAX: Duration = Duration::from_millis(500);
/// How often a reader tells its source how it is.
const REPORT_EVERY: Duration = Duration::from_secs(1);
/// How many readers one report may name.
const REPORTED_MAX: usize = 1_024;
/// How many readers one node or reader feeds: the others have a tree to grow in.
const FED_MAX: usize = 24;
/// A reader that was not heard for so long is forgotten.
const FORGET_AFTER: Duration = Duration::from_secs(10);
/// Another folder may have a reader's number when that one was not heard for so long.
const TAKEN_FOR: Duration = Duration::from_secs(3);
/// Under whose vote a reader's engine takes records: no node has this number.
const NOBODY: u64 = 0;
/// The sources of a reader, and what is known of the one that it follows.
pub(crate) struct Sources {
    number: u64,
    all: Vec<Source>,
    now: Mutex<Now>,
    /// How often another source was taken than the one before.
    pub(crate) switches: AtomicU64,
}

#[derive(Default)]
struct Now {
    /// Which of them is followed.
    from: Option<usize>,
    /// The readers between it and the cluster, itself included.
    chain: Vec<u64>,
    /// When the source surely had what the cluster has.
    fresh: Option<Moment>,
    /// The last record that it had applied.
    applied: Option<LogId>,
    /// The last one that was followed, whatever became of it.
    before: Option<usize>,
}

impl Sources {
    pub(crate) fn new(number: u64, all: Vec<Source>) -> Self {
        Sources { number, all, now: Mutex::default(), switches: AtomicU64::new(0) }
    }

    /// All of them, and where each is.
    pub(crate) fn peers(&self) -> Vec<(u64, Peer)> {
        self.all.iter().map(peer_of).collect()
    }

    /// The one that is followed.
    pub(crate) fn current(&self) -> Option<(u64, Peer)> {
        let from = self.now.lock().from?;
        self.all.get(from).map(peer_of)
    }

    /// How long ago the source surely had what the cluster has; `None`: never since the start.
    pub(crate) fn age(&self) -> Option<Duration> {
        self.age_at(Moment::now())
    }

    fn age_at(&self, moment: Moment) -> Option<Duration> {
        self.now.lock().fresh.map(|fresh| moment.saturating_duration_since(fresh))
    }

    /// The readers between this one and the cluster, this one first.
    pub(crate) fn chain(&self) -> Vec<u64> {
        core::iter::once(self.number).chain(self.now.lock().chain.iter().copied()).collect()
    }

    /// Whether what is read here may be old.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.age().is_none_or(|age| age > SILENCE_MAX)
    }

    /// How many records of those that the source has applied are not applied here; `None`: nobody knows.
    pub(crate) fn lacks(&self, world: &World) -> Option<u64> {
        let theirs = self.now.lock().applied?;
        Some(theirs.index.saturating_sub(world.applied()?.index))
    }

    fn heard(&self, from: usize, asked: Moment, followed: &Followed) {
        let mut now = self.now.lock();
        if now.before != Some(from) {
            if now.before.is_some() {
                self.switches.fetch_add(1, Ordering::Relaxed);
            }
            now.before = Some(from);
            let Source { number, address } = &self.all[from];
            tracing::info!("{} at {address} is followed from now on", called(*number));
        }
        now.from = Some(from);
        now.chain.clone_from(&followed.chain);
        now.applied = followed.applied;
        // As of when it was asked: the answer may have been long on its way.
        let fresh = followed.age_ms.and_then(|age| asked.checked_sub(Duration::from_millis(age)));
        now.fresh = now.fresh.max(fresh);
    }

    fn lost(&self) {
        let mut now = self.now.lock();
        (now.from, now.chain) = (None, Vec::new());
    }
}

fn peer_of(source: &Source) -> (u64, Peer) {
    (source.number, Peer { address: source.address.clone(), instance: None })
}

/// Takes the log from whichever source serves.
pub(crate) struct Following {
    pub(crate) sources: Arc<Sources>,
    pub(crate) raft: Raft,
    pub(crate) log: Arc<Log>,
    pub(crate) peers: Arc<Peers>,
}

/// Why a source is not followed any more.
enum Left {
    /// Another may serve.
    Source(String),
    /// This reader takes nothing more.
    Reader(String),
}

impl Following {
    /// Runs until `stopping`, or until the log takes nothing more.
    pub(crate) async fn run(self, mut stopping: watch::Receiver<bool>) {
        tokio::select! {
            () = self.follow() => {}
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
        self.sources.lost();
    }

    async fn follow(&self) {
        let mut said = BTreeMap::new();
        let mut pause = AGAIN_FIRST;
        loop {
            let mut served = false;
            for from in 0..self.sources.all.len() {
                let left = self.follow_one(from, &mut served).await;
                self.sources.lost();
                let (number, why) = match left {
                    Left::Source(why) => (self.sources.all[from].number, why),
                    Left::Reader(why) => {
                        tracing::error!("nothing is followed any more: {why}");
                        return;
                    }
                };
                // Said once and not with every try.
                if said.get(&number) != Some(&why) {
                    tracing::warn!("{} is not followed: {why}", called(number));
                    said.insert(number, why);
                }
                if served {
                    break;
                }
            }
            if served {
                pause = AGAIN_FIRST;
                said.clear();
                continue;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(AGAIN_MAX);
        }
    }

    /// Follows one source as long as it serves, and says why it does not any more.
    async fn follow_one(&self, from: usize, served: &mut bool) -> Left {
        let (number, peer) = peer_of(&self.sources.all[from]);
        let link = self.peers.link_to(number, &peer, Lane::Log);
        loop {
            let last = self.log.extent().last;
            let asked = Moment::now();
            let answer = link.call(Kind::Follow, message::bytes(&Follow { last }), FOLLOW_MAX).await;
            let followed = match answer {
                Ok(answer) => message::read_followed(&answer),
                Err(error) => return Left::Source(error.to_string()),
            };
            let followed = match followed {
                Ok(followed) => followed,
                Err(error) => return Left::Source(format!("what it gives cannot be read: {error}")),
            };
            if let Some(why) = self.is_no_source(last, &followed) {
                return Left::Source(why);
            }
            self.sources.heard(from, asked, &followed);
            if !followed.entries.is_empty()
                && let Err(left) = append(&self.raft, &self.log, last, followed.entries).await
            {
                return left;
            }
            if self.sources.is_cut_off() && self.sources.all.len() > 1 {
                return Left::Source("it is cut off from the cluster".to_owned());
            }
            *served = true;
        }
    }

    /// Why an answer is not taken.
    fn is_no_source(&self, last: Option<LogId>, followed: &Followed) -> Option<String> {
        if followed.chain.contains(&self.sources.number) {
            return Some("it follows this reader itself".to_owned());
        }
        if followed.chain.len() >= LEVELS_MAX {
            return Some(format!("there are {LEVELS_MAX} readers between it and the cluster"));
        }
        let behind = last.map(|last| last.index) > followed.applied.map(|applied| applied.index);
        if behind {
            return Some("it has less of the log than is here".to_owned());
        }
        let next = last.map_or(0, |last| last.index + 1);
        let follows = followed.entries.first().is_none_or(|first| first.log_id().index() == next);
        (!follows).then(|| format!("it gives other records than those from {next} on"))
    }
}

/// What the log of a reader holds is committed, and so is applied before anybody is asked.
///
/// # Errors
/// The engine does not take it.
pub(crate) async fn resume(raft: &Raft, log: &Log) -> Result<(), StartError> {
    append(raft, log, log.extent().last, Vec::new()).await.map_err(|left| {
        let (Left::Source(why) | Left::Reader(why)) = left;
        StartError::Engine(why)
    })
}

/// Hands records to the engine as a leader would, all of them committed.
async fn append(raft: &Raft, log: &Log, last: Option<LogId>, entries: Vec<RaftEntry>) -> Result<(), Left> {
    let Some(committed) = entries.last().map(|entry| to_ours(&entry.log_id())).or(last) else { return Ok(()) };
    let request = AppendEntriesRequest {
        vote: RaftVote::new_committed(committed.term, NOBODY),
        prev_log_id: last.map(to_theirs),
        entries,
        leader_commit: Some(to_theirs(committed)),
    };
    match raft.append_entries(request).await {
        Ok(AppendEntriesResponse::Success | AppendEntriesResponse::PartialSuccess(_)) => Ok(()),
        Ok(other) => Err(Left::Source(format!("its records do not follow those that are here: {other:?}"))),
        Err(error) => Err(Left::Reader(log.failed().unwrap_or_else(|| error.to_string()))),
    }
}

/// Tells the source, whichever it is, how this reader and those behind it are.
pub(crate) async fn report(
    sources: Arc<Sources>,
    peers: Arc<Peers>,
    own: impl Fn() -> Vec<ReaderSaid>,
    mut stopping: watch::Receiver<bool>,
) {
    let mut next = tokio::time::interval(REPORT_EVERY);
    next.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = next.tick() => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        let Some((source, peer)) = sources.current() else { continue };
        let mut readers = own();
        readers.truncate(REPORTED_MAX);
        let link = peers.link_to(source, &peer, Lane::Word);
        if let Err(error) = link.call(Kind::Report, message::bytes(&Report { readers }), REPORT_EVERY).await {
            tracing::debug!("{} was not told how this reader is: {error}", called(source));
        }
    }
}

/// The readers that a node or a reader feeds.
#[derive(Default)]
pub(crate) struct Readers(Mutex<BTreeMap<u64, Known>>);

struct Known {
    instance: Instance,
    heard: Moment,
    /// What it says of itself and of those behind it.
    said: Vec<ReaderSaid>,
}

impl Readers {
    /// Whether a reader is fed here; if not, why.
    ///
    /// # Errors
    /// Another folder has its number, or there are too many.
    pub(crate) fn admits(&self, number: u64, instance: Instance) -> Result<(), String> {
        self.admits_at(Moment::now(), number, instance)
    }

    fn admits_at(&self, moment: Moment, number: u64, instance: Instance) -> Result<(), String> {
        let mut all = self.0.lock();
        let silent = |known: &Known| moment.saturating_duration_since(known.heard);
        all.retain(|_, known| silent(known) < FORGET_AFTER);
        if let Some(known) = all.get_mut(&number) {
            if known.instance != instance && silent(known) < TAKEN_FOR {
                return Err(format!(
                    "another {0} is fed already; give each reader a number of its own",
                    called(number)
                ));
            }
            *known = Known { instance, heard: moment, said: core::mem::take(&mut known.said) };
            return Ok(());
        }
        if all.len() >= FED_MAX {
            return Err(format!(
                "{FED_MAX} readers are fed here already; have this one follow another, or one of those"
            ));
        }
        all.insert(number, Known { instance, heard: moment, said: Vec::new() });
        Ok(())
    }

    /// A reader has asked for records.
    pub(crate) fn heard(&self, number: u64) {
        if let Some(known) = self.0.lock().get_mut(&number) {
            known.heard = Moment::now();
        }
    }

    /// A reader says how it is.
    pub(crate) fn says(&self, number: u64, said: Vec<ReaderSaid>) {
        if let Some(known) = self.0.lock().get_mut(&number) {
            known.heard = Moment::now();
            known.said = said;
            known.said.truncate(REPORTED_MAX);
        }
    }

    /// All that are fed here and those behind them.
    pub(crate) fn all(&self) -> Vec<ReaderSaid> {
        let mut all = self.0.lock();
        all.retain(|_, known| known.heard.elapsed() < FORGET_AFTER);
        all.values().flat_map(|known| known.said.iter().cloned()).collect()
    }

    /// How many are fed here.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().values().filter(|known| known.heard.elapsed() < FORGET_AFTER).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::reader_number;

    /// Protects a reader from one that took its number, and a node from an audience that is too large for it.
    #[test]
    fn each_reader_has_its_number_and_there_are_not_too_many() {
        let readers = Readers::default();
        let (one, other, begun) = (Instance::from([1; 16]), Instance::from([2; 16]), Moment::now());
        let admits = |after, number, instance| readers.admits_at(begun + after, reader_number(number), instance);
        for number in 1..=FED_MAX as u64 {
            admits(Duration::ZERO, number, one).unwrap();
        }
        assert!(admits(Duration::ZERO, 1, other).unwrap_err().contains("reader-1"));
        admits(Duration::ZERO, 1, one).unwrap();
        assert!(admits(Duration::ZERO, 99, one).unwrap_err().contains("24 readers"));
        admits(TAKEN_FOR, 1, other).expect("the one before is gone");
        admits(FORGET_AFTER, 99, one).expect("most are gone");
        assert_eq!(readers.count(), 2);
    }

    /// Protects screens from what looks new and is not: how old the state is goes through a chain of readers, and a source
    /// that never had what the cluster has makes nothing fresh.
    #[test]
    fn the_age_of_a_state_goes_down_the_chain() {
        let source = Source { number: 1, address: "1".to_owned() };
        let sources = Sources::new(reader_number(2), vec![source]);
        assert!(sources.is_cut_off());
        let followed = |age_ms| Followed { age_ms, chain: vec![reader_number(1)], applied: None, entries: Vec::new() };
        let asked = Moment::now();
        sources.heard(0, asked, &followed(None));
        assert_eq!(sources.age_at(asked), None);
        sources.heard(0, asked, &followed(Some(1_500)));
        assert_eq!(sources.age_at(asked), Some(Duration::from_millis(1_500)));
        assert_eq!(sources.chain(), [reader_number(2), reader_number(1)]);
        sources.heard(0, asked, &followed(Some(5_000)));
        assert_eq!(sources.age_at(asked), Some(Duration::from_millis(1_500)), "what was known stays known");
        sources.heard(0, asked + Duration::from_secs(9), &followed(Some(500)));
        assert_eq!(sources.age_at(asked + Duration::from_secs(9)), Some(Duration::from_millis(500)));
    }
}
