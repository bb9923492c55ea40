//! The sequencer: it takes all commands that have queued, gives them their places and stamps, and proposes them as one
//! batch. A bounded number of batches is under way; while they are, the next one gathers, so that nothing waits for a
//! timer and one sync serves many.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use exchange::units::{Instant, Sequence};
use exchange::{Command, Entry, Reply};
use openraft::errors::ClientWriteError;
use openraft::type_config::async_runtime::watch::WatchReceiver;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::time::Instant as Moment;

use crate::clock::Clock;
use crate::engine::batch::Builder;
use crate::engine::machine::World;
use crate::engine::{Answering, Batch, Outcome, Raft};
use crate::error::Unavailable;
use crate::log::Log;
use crate::metrics::{BATCH_SIZE_BOUNDS, COMMIT_TIME_BOUNDS_US, Metrics};
use crate::standing::majority_silent;

/// What a command is answered with, or why not.
pub(crate) type Answer = Result<Reply, Unavailable>;

/// A command that waits for its place.
pub(crate) struct Job {
    pub(crate) command: Command,
    pub(crate) reply: oneshot::Sender<Answer>,
}

/// What has been counted since the start.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) commands: AtomicU64,
    pub(crate) batches: AtomicU64,
    pub(crate) refused_full: AtomicU64,
    pub(crate) unknown: AtomicU64,
    sizes: [AtomicU64; BATCH_SIZE_BOUNDS.len() + 1],
    times: [AtomicU64; COMMIT_TIME_BOUNDS_US.len() + 1],
    time_sum_us: AtomicU64,
    time_max_us: AtomicU64,
    pub(crate) snapshots: AtomicU64,
    pub(crate) snapshots_failed: AtomicU64,
}

impl Counters {
    fn proposed(&self, entries: usize) {
        let entries = entries as u64;
        self.commands.fetch_add(entries, Ordering::Relaxed);
        self.batches.fetch_add(1, Ordering::Relaxed);
        let bucket = BATCH_SIZE_BOUNDS.iter().position(|bound| entries <= *bound).unwrap_or(BATCH_SIZE_BOUNDS.len());
        self.sizes[bucket].fetch_add(1, Ordering::Relaxed);
    }

    fn committed(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bounds = &COMMIT_TIME_BOUNDS_US;
        let bucket = bounds.iter().position(|bound| us <= *bound).unwrap_or(bounds.len());
        self.times[bucket].fetch_add(1, Ordering::Relaxed);
        self.time_sum_us.fetch_add(us, Ordering::Relaxed);
        self.time_max_us.fetch_max(us, Ordering::Relaxed);
    }

    pub(crate) fn fill(&self, metrics: &mut Metrics) {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        metrics.commands = load(&self.commands);
        metrics.batches = load(&self.batches);
        metrics.refused_full = load(&self.refused_full);
        metrics.unknown = load(&self.unknown);
        metrics.batch_sizes = core::array::from_fn(|bucket| load(&self.sizes[bucket]));
        metrics.commit_times = core::array::from_fn(|bucket| load(&self.times[bucket]));
        metrics.commit_time_sum = Duration::from_micros(load(&self.time_sum_us));
        metrics.commit_time_max = Duration::from_micros(load(&self.time_max_us));
        metrics.snapshots = load(&self.snapshots);
        metrics.snapshots_failed = load(&self.snapshots_failed);
    }
}

/// What the sequencer works with.
pub(crate) struct Sequencer {
    pub(crate) raft: Raft,
    pub(crate) world: Arc<World>,
    pub(crate) log: Arc<Log>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) batch_max: usize,
    pub(crate) batch_bytes_max: usize,
    pub(crate) in_flight_max: usize,
    /// How long a leader of several nodes counts on a majority that it has not heard from; `None`: it needs nobody.
    pub(crate) lease: Option<Duration>,
}

/// One time of leading. Places and stamps are given only within it, and what was proposed under another is void. It ends too
/// where the engine has refused a batch: the places in it are given anew, and what was proposed behind it is void.
struct Tenure {
    term: u64,
    next: Sequence,
    at: Instant,
}

/// A batch that is being put together, and who waits for it.
struct Gathering {
    builder: Builder,
    replies: Vec<oneshot::Sender<Answer>>,
}

impl Gathering {
    fn new(room: usize) -> Self {
        Gathering { builder: Builder::new(), replies: Vec::with_capacity(room) }
    }
}

impl Sequencer {
    /// Runs until `stopping`, then serves what has queued and waits for what is under way.
    pub(crate) async fn run(self, mut jobs: mpsc::Receiver<Job>, mut stopping: watch::Receiver<bool>) {
        let in_flight = Arc::new(Semaphore::new(self.in_flight_max));
        // Whether something that this tenure has proposed was not done.
        let missed = Arc::new(AtomicBool::new(false));
        let mut tenure: Option<Tenure> = None;
        let mut taken = Vec::with_capacity(self.batch_max);
        let mut closing = false;
        loop {
            let Ok(mut permit) = Arc::clone(&in_flight).acquire_owned().await else {
                return;
            };
            let count = tokio::select! {
                biased;
                count = jobs.recv_many(&mut taken, self.batch_max) => count,
                _ = stopping.wait_for(|stopping| *stopping), if !closing => {
                    closing = true;
                    jobs.close();
                    continue;
                }
            };
            if count == 0 {
                break;
            }
            let term = match self.leads() {
                Ok(term) => term,
                Err(refusal) => {
                    tenure = None;
                    for job in taken.drain(..) {
                        let _ = job.reply.send(Err(refusal.clone()));
                    }
                    continue;
                }
            };
            let goes_on = |tenure: &Tenure| tenure.term == term && !missed.load(Ordering::Acquire);
            if !tenure.as_ref().is_some_and(goes_on) {
                // What comes next is known once it is known what became of all that was proposed before.
                let others = u32::try_from(self.in_flight_max - 1).unwrap_or(u32::MAX);
                let Ok(_all) = in_flight.acquire_many(others).await else {
                    return;
                };
                missed.store(false, Ordering::Release);
                tenure = Some(self.begin(term));
            }
            let Some(tenure) = &mut tenure else { continue };
            tenure.at = tenure.at.max(self.clock.now());
            let mut gathering = Gathering::new(count);
            for job in taken.drain(..) {
                if gathering.builder.bytes() >= self.batch_bytes_max {
                    let full = core::mem::replace(&mut gathering, Gathering::new(count));
                    self.propose(tenure.term, full, permit, &missed).await;
                    let Ok(next) = Arc::clone(&in_flight).acquire_owned().await else {
                        return;
                    };
                    permit = next;
                }
                let entry = Entry { sequence: tenure.next, at: tenure.at, command: job.command };
                if gathering.builder.push(&entry, self.batch_bytes_max) {
                    gathering.replies.push(job.reply);
                    tenure.next = Sequence(tenure.next.0 + 1);
                } else {
                    let why = format!("the command is larger than {} bytes", self.batch_bytes_max);
                    let _ = job.reply.send(Err(Unavailable::Refused(why)));
                }
            }
            if !gathering.builder.is_empty() {
                self.propose(tenure.term, gathering, permit, &missed).await;
            }
        }
        // All permits are back when everything under way has its outcome.
        let all = u32::try_from(self.in_flight_max).unwrap_or(u32::MAX);
        let _ = in_flight.acquire_many(all).await;
    }

    /// The term in which this node leads, and has applied all that came before it.
    fn leads(&self) -> Result<u64, Unavailable> {
        if let Some(why) = self.log.failed() {
            return Err(Unavailable::Refused(why));
        }
        let (leads, term) = {
            let metrics = self.raft.server_metrics();
            let metrics = metrics.borrow_watched();
            (metrics.state.is_leader(), metrics.vote.leader_id.term)
        };
        if !leads {
            return Err(Unavailable::Leaderless("this node does not lead".to_owned()));
        }
        if self.lease.is_some_and(|lease| majority_silent(&self.raft).is_none_or(|silent| silent > lease)) {
            return Err(Unavailable::Leaderless("this node leads, and cannot reach a majority".to_owned()));
        }
        if self.world.term() != term {
            return Err(Unavailable::Leaderless("this node has only begun to lead".to_owned()));
        }
        Ok(term)
    }

    /// A record of this term is applied, so all before it are; and of this term nothing is under way.
    fn begin(&self, term: u64) -> Tenure {
        let state = self.world.state.lock();
        let (sequence, at) = (state.exchange.sequence(), state.exchange.now());
        drop(state);
        if !self.world.leading.load(Ordering::Acquire) {
            self.world.begin_tenure();
        }
        Tenure { term, next: Sequence(sequence.0 + 1), at }
    }

    async fn propose(&self, term: u64, gathering: Gathering, permit: OwnedSemaphorePermit, missed: &Arc<AtomicBool>) {
        let Gathering { builder, replies } = gathering;
        let missed = Arc::clone(missed);
        let batch: Batch = builder.finish(term);
        self.counters.proposed(replies.len());
        let counters = Arc::clone(&self.counters);
        let began = Moment::now();
        let answering = Answering::new(move |result: openraft::raft::ClientWriteResult<crate::engine::Types>| {
            counters.committed(began.elapsed());
            if !matches!(&result, Ok(response) if matches!(response.data, Outcome::Applied(_))) {
                missed.store(true, Ordering::Release);
            }
            match result {
                Ok(response) => answer(response.data, replies),
                // Refused before it was in the log: surely nothing was done.
                Err(ClientWriteError::ForwardToLeader(refused)) => refuse(replies, &refused.to_string()),
                Err(error) => {
                    counters.unknown.fetch_add(replies.len() as u64, Ordering::Relaxed);
                    for reply in replies {
                        let _ = reply.send(Err(Unavailable::Unknown(error.to_string())));
                    }
                }
            }
            drop(permit);
        });
        if let Err(error) = self.raft.client_write_ff(batch, Some(answering)).await {
            // Whoever waited was told, by the end of its channel, that nobody knows.
            self.log.fail(&format!("the consensus engine has stopped: {error}"));
        }
    }
}

/// Tells each who waits. Whoever has gone away hears nothing; what was done stays done.
fn answer(outcome: Outcome, replies: Vec<oneshot::Sender<Answer>>) {
    match outcome {
        Outcome::Applied(answers) => {
            assert_eq!(answers.len(), replies.len(), "an answer for each command");
            for (reply, answer) in replies.into_iter().zip(answers) {
                let _ = reply.send(Ok(answer));
            }
        }
        Outcome::Void => refuse(replies, "another leadership began before it was put in order"),
    }
}

/// Tells each who waits that nothing was done.
fn refuse(replies: Vec<oneshot::Sender<Answer>>, why: &str) {
    for reply in replies {
        let _ = reply.send(Err(Unavailable::Leaderless(why.to_owned())));
    }
}
