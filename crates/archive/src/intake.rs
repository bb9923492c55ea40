//! Between the exchange's thread and the one that writes: a bounded queue that takes in runs in order, never makes the
//! exchange wait, and knows what it had to let go by.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use exchange::units::{Instant, Sequence, Span};
use exchange::{Applied, Private};
use parking_lot::{Condvar, Mutex};
use tokio::sync::watch;

use crate::error::ArchiveError;

/// How much is written in one transaction at the most, in bytes of events: some thousands of bids.
const BATCH_BYTES: usize = 1 << 20;

/// How long a transaction is put off even where somebody waits for it: many who wait share one.
const HURRY: Duration = Duration::from_millis(25);

/// How far the archive is behind the newest entry it has heard of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// Entries that are not written.
    pub entries: u64,
    /// Between the stamps of the newest entry and of the last that is written.
    pub time: Span,
}

/// How the archive is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It has, or will have by itself, every entry it has heard of.
    Following,
    /// It needs to be fed again from this entry on.
    Behind(Sequence),
    /// It stands still, since it cannot be written or fed for now; that is tried again. The text says what to do.
    Stalled(String),
    /// Writing or reading failed; the text says what to do.
    Failed(String),
    /// It has been closed.
    Closed,
}

/// What those who wait for an entry watch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub written: Sequence,
    pub over: bool,
}

pub(crate) struct Intake {
    state: Mutex<State>,
    /// Something is to be written, or it is over.
    work: Condvar,
    /// Something was written, or it is over.
    written: Condvar,
    progress: watch::Sender<Progress>,
    bytes_max: usize,
    commit_every: Duration,
}

struct State {
    runs: VecDeque<Arc<Applied>>,
    /// Bytes of the runs that wait.
    waiting: usize,
    /// Bytes of the runs that are being written.
    writing: usize,
    /// The first entry that has not been taken in.
    next: Sequence,
    newest: Mark,
    written: Mark,
    written_at: Option<Clock>,
    /// The last entry that somebody waits for.
    wanted: Sequence,
    /// Whether the log already tells that it fell behind.
    told: bool,
    stop: Option<Stop>,
    failed: Option<String>,
    /// Why it cannot be written for now.
    stalled: Option<String>,
    /// Why what it missed cannot be read for now.
    unfed: Option<String>,
}

#[derive(Clone, Copy)]
pub(crate) struct Mark {
    pub sequence: Sequence,
    pub at: Instant,
}

/// How the writer ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Once all that was taken in is written.
    Drained,
    /// After the transaction that it is in.
    Now,
}

impl Intake {
    pub fn new(position: Mark, bytes_max: usize, commit_every: Duration) -> Self {
        Intake {
            state: Mutex::new(State {
                runs: VecDeque::new(),
                waiting: 0,
                writing: 0,
                next: Sequence(position.sequence.0 + 1),
                newest: position,
                written: position,
                written_at: None,
                wanted: Sequence(0),
                told: false,
                stop: None,
                failed: None,
                stalled: None,
                unfed: None,
            }),
            work: Condvar::new(),
            written: Condvar::new(),
            progress: watch::Sender::new(Progress { written: position.sequence, over: false }),
            bytes_max,
            commit_every,
        }
    }

    /// Hears that the log ends here.
    pub fn hear(&self, log: Mark) {
        let mut state = self.state.lock();
        state.hear(log);
        state.tell();
    }

    /// Takes a run in where it fits, without waiting.
    pub fn push(&self, run: Arc<Applied>) {
        let mut state = self.state.lock();
        state.hear(Mark { sequence: run.last, at: run.at });
        if state.over() || run.last < state.next {
            return;
        }
        if run.first <= state.next && state.has_room(&run, self.bytes_max) {
            self.take(&mut state, run);
        }
        state.tell();
    }

    /// Takes a run in, and waits until there is room for it.
    pub fn feed(&self, run: Arc<Applied>) -> Result<(), ArchiveError> {
        let mut state = self.state.lock();
        state.hear(Mark { sequence: run.last, at: run.at });
        loop {
            state.refuse_if_over()?;
            if run.last < state.next {
                return Ok(());
            }
            if run.first > state.next {
                return Err(ArchiveError::Gap { needs: state.next, fed: run.first });
            }
            if state.has_room(&run, self.bytes_max) {
                self.take(&mut state, run);
                state.tell();
                return Ok(());
            }
            if let Some(text) = &state.stalled {
                return Err(ArchiveError::Stalled(text.clone()));
            }
            // What waits is written at once, or room would come only with the next transaction that is due.
            state.wanted = state.wanted.max(Sequence(state.next.0 - 1));
            self.work.notify_one();
            self.written.wait(&mut state);
        }
    }

    fn take(&self, state: &mut State, run: Arc<Applied>) {
        let before = state.waiting;
        state.next = Sequence(run.last.0 + 1);
        state.waiting += size(&run);
        state.runs.push_back(run);
        // Between these the writer sleeps until its next transaction is due; waking it would only cost.
        if before == 0 || (before < BATCH_BYTES && state.waiting >= BATCH_BYTES) {
            self.work.notify_one();
        }
    }

    /// What is to be written in the next transaction, once it is due; `None`: it is over.
    pub fn batch(&self) -> Option<Vec<Arc<Applied>>> {
        let mut state = self.state.lock();
        loop {
            match state.stop {
                Some(Stop::Now) => return None,
                Some(Stop::Drained) if state.runs.is_empty() => return None,
                _ => {}
            }
            if state.runs.is_empty() {
                self.work.wait(&mut state);
                continue;
            }
            if state.stop.is_some() || state.waiting >= BATCH_BYTES {
                break;
            }
            let is_wanted = state.wanted > state.written.sequence;
            let put_off = if is_wanted { self.commit_every.min(HURRY) } else { self.commit_every };
            match state.written_at.map(|last| last + put_off).filter(|due| *due > Clock::now()) {
                Some(due) => {
                    self.work.wait_until(&mut state, due);
                }
                None => break,
            }
        }
        let mut batch = Vec::new();
        let mut bytes = 0;
        while bytes < BATCH_BYTES
            && let Some(run) = state.runs.pop_front()
        {
            bytes += size(&run);
            batch.push(run);
        }
        state.waiting -= bytes;
        state.writing += bytes;
        Some(batch)
    }

    /// Entries up to here are written; `done` are the runs that no longer take room.
    pub fn wrote(&self, position: Mark, done: &[Arc<Applied>]) {
        let mut state = self.state.lock();
        state.written = position;
        state.written_at = Some(Clock::now());
        if state.stalled.take().is_some() {
            tracing::info!("the archive is written again");
        }
        state.writing -= done.iter().map(|run| size(run)).sum::<usize>();
        self.report(&state);
    }

    /// Writing fails for now. Runs are taken in while there is room; those who feed are not kept waiting for any.
    pub fn stall(&self, text: String) {
        let mut state = self.state.lock();
        if state.stalled.is_none() {
            tracing::error!("the archive stands still and is tried again, the exchange goes on without it: {text}");
        }
        state.stalled = Some(text);
        self.report(&state);
    }

    /// Waits before the next try; false where there is to be none, since it is over.
    pub fn pause(&self, length: Duration) -> bool {
        let mut state = self.state.lock();
        let until = Clock::now() + length;
        // Whoever closes waits for one more try and not for a pause.
        if state.stop.is_some() {
            return false;
        }
        while state.stop.is_none() && !self.work.wait_until(&mut state, until).timed_out() {}
        state.stop != Some(Stop::Now)
    }

    /// Says why what it missed cannot be read, or that it can again.
    pub fn tell_unfed(&self, why: Option<String>) {
        let mut state = self.state.lock();
        match (&why, &state.unfed) {
            (Some(why), _) => tracing::error!("the archive cannot be fed what it missed, which is tried again: {why}"),
            (None, Some(_)) => tracing::info!("the archive is fed again"),
            (None, None) => {}
        }
        state.unfed = why;
    }

    /// Writing or reading failed: nothing is taken in any more.
    pub fn fail(&self, text: String) {
        let mut state = self.state.lock();
        if state.failed.is_none() {
            tracing::error!("the archive has failed, the exchange goes on without it: {text}");
            state.failed = Some(text);
        }
        state.stop = Some(Stop::Now);
        state.runs.clear();
        state.waiting = 0;
        self.work.notify_one();
        self.report(&state);
    }

    pub fn stop(&self, how: Stop) {
        let mut state = self.state.lock();
        if state.stop != Some(Stop::Now) {
            state.stop = Some(how);
        }
        self.work.notify_one();
        self.report(&state);
    }

    /// Wakes everybody who waits for the writer.
    fn report(&self, state: &State) {
        self.progress.send_replace(Progress { written: state.written.sequence, over: state.over() });
        self.written.notify_all();
    }

    /// Asks for this entry to be written soon, and hands out what tells when it is.
    pub fn want(&self, sequence: Sequence) -> watch::Receiver<Progress> {
        let mut state = self.state.lock();
        if sequence > state.wanted {
            state.wanted = sequence;
        }
        if sequence > state.written.sequence {
            self.work.notify_one();
        }
        self.progress.subscribe()
    }

    /// What tells how far it is, without asking for anything to be written soon.
    pub fn watch(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Waits until this entry is written; false where that does not come about in time.
    pub fn wait(&self, sequence: Sequence, timeout: Duration) -> bool {
        let until = Clock::now().checked_add(timeout);
        self.want(sequence);
        let mut state = self.state.lock();
        while state.written.sequence < sequence && !state.over() {
            match until {
                Some(until) => {
                    if self.written.wait_until(&mut state, until).timed_out() {
                        break;
                    }
                }
                None => self.written.wait(&mut state),
            }
        }
        state.written.sequence >= sequence
    }

    pub fn position(&self) -> Mark {
        self.state.lock().written
    }

    pub fn behind(&self) -> Option<Sequence> {
        self.state.lock().behind()
    }

    pub fn lag(&self) -> Lag {
        let state = self.state.lock();
        if state.newest.sequence <= state.written.sequence {
            return Lag::default();
        }
        Lag {
            entries: state.newest.sequence.0 - state.written.sequence.0,
            time: state.newest.at.since(state.written.at),
        }
    }

    pub fn health(&self) -> Health {
        let state = self.state.lock();
        match (&state.failed, state.stop, state.stalled.as_ref().or(state.unfed.as_ref()), state.behind()) {
            (Some(text), ..) => Health::Failed(text.clone()),
            (None, Some(_), ..) => Health::Closed,
            (None, None, Some(text), _) => Health::Stalled(text.clone()),
            (None, None, None, Some(from)) => Health::Behind(from),
            (None, None, None, None) => Health::Following,
        }
    }

    pub fn refuse_if_over(&self) -> Result<(), ArchiveError> {
        self.state.lock().refuse_if_over()
    }
}

impl State {
    fn hear(&mut self, newest: Mark) {
        if newest.sequence > self.newest.sequence {
            if self.written.sequence == Sequence(0) && self.written.at == Instant::MIN {
                // Nothing is written yet: how late that is counts from the first that was heard of.
                self.written.at = newest.at;
            }
            self.newest = newest;
        }
    }

    fn behind(&self) -> Option<Sequence> {
        (self.next <= self.newest.sequence).then_some(self.next)
    }

    /// Says once that it fell behind, and once that it has caught up.
    fn tell(&mut self) {
        let behind = self.behind();
        if behind.is_some() == self.told || self.over() {
            return;
        }
        self.told = behind.is_some();
        match behind {
            Some(from) => tracing::warn!("the archive is behind and has to be fed again from entry {from}"),
            None => tracing::info!("the archive has been fed all that it missed"),
        }
    }

    const fn over(&self) -> bool {
        self.stop.is_some() || self.failed.is_some()
    }

    fn refuse_if_over(&self) -> Result<(), ArchiveError> {
        match (&self.failed, self.stop) {
            (Some(text), _) => Err(ArchiveError::Failed(text.clone())),
            (None, Some(_)) => Err(ArchiveError::Closed),
            (None, None) => Ok(()),
        }
    }

    /// A run larger than the bound is taken in alone, or it never could be.
    fn has_room(&self, run: &Applied, bytes_max: usize) -> bool {
        let held = self.waiting + self.writing;
        held == 0 || held + size(run) <= bytes_max
    }
}

/// What a run takes of the memory that it holds back.
fn size(run: &Applied) -> usize {
    size_of::<Applied>() + run.events.len() + run.private.len() * size_of::<Private>()
}
