//! Feeding the archive what it has missed: at the start when its file is new or old, later when its queue ran over.
//!
//! History is re-executed from the segments up to where the live stream was when the pass began; what comes meanwhile is
//! kept in a tail and fed behind it, so that both meet under a load that never pauses.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use archive::{Archive, ArchiveError};
use exchange::units::Sequence;
use exchange::{Applied, Exchange};
use ordering::Damage;
use parking_lot::Mutex;

/// How often the archive is asked whether it fell behind.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How many bytes of runs the tail may hold; beyond it the pass is made again, further on.
const TAIL_BYTES_MAX: usize = 64 << 20;

/// What has come since a pass began. A clone is a handle on the same one.
#[derive(Clone, Default)]
pub struct Tail(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The last entry applied.
    last: Sequence,
    /// The runs since a pass began; `None`: no pass is under way.
    runs: Option<VecDeque<Arc<Applied>>>,
    bytes: usize,
}

impl Tail {
    /// Hears where the node begins.
    pub fn begin(&self, exchange: &Exchange) {
        self.0.lock().last = exchange.sequence();
    }

    /// Hears of a run, before the archive does: a run that comes between the end of a pass and the archive is then in one
    /// of both.
    pub fn applied(&self, run: &Arc<Applied>) {
        let mut state = self.0.lock();
        state.last = run.last;
        let Some(runs) = &mut state.runs else { return };
        runs.push_back(Arc::clone(run));
        state.bytes += run.events.len();
        if state.bytes > TAIL_BYTES_MAX {
            state.runs = None;
        }
    }

    /// Begins to keep runs, and says up to where history is to be read.
    fn open(&self) -> Sequence {
        let mut state = self.0.lock();
        state.runs = Some(VecDeque::new());
        state.bytes = 0;
        state.last
    }

    /// The next run kept; `None`, and nothing is kept any more: there is none, or there were too many.
    fn next(&self) -> Option<Arc<Applied>> {
        let mut state = self.0.lock();
        let run = state.runs.as_mut().and_then(VecDeque::pop_front);
        match &run {
            Some(run) => state.bytes -= run.events.len(),
            None => state.runs = None,
        }
        run
    }
}

/// The thread that feeds.
pub struct CatchUp {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl CatchUp {
    /// Starts it for an archive that knows where the log ends.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(archive: Arc<Archive>, tail: Tail, data: PathBuf, secrets: PathBuf) -> std::io::Result<Self> {
        let (stop, stopped) = channel();
        let feeder = Feeder { archive, tail, data, secrets };
        let thread = std::thread::Builder::new().name("catch-up".to_owned()).spawn(move || feeder.run(&stopped))?;
        Ok(CatchUp { stop, thread })
    }

    /// Ends it, in the middle of a pass too. It blocks until the thread is done.
    pub fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the thread that feeds the archive has panicked; start the node again");
        }
    }
}

struct Feeder {
    archive: Arc<Archive>,
    tail: Tail,
    data: PathBuf,
    secrets: PathBuf,
}

/// Why a pass ended early.
enum Ended {
    Stopped,
    Archive(ArchiveError),
    Log(Damage),
}

impl Feeder {
    fn run(&self, stopped: &Receiver<()>) {
        loop {
            if let Some(from) = self.archive.behind() {
                match self.pass(stopped) {
                    Ok(()) => continue,
                    Err(Ended::Stopped) => return,
                    Err(Ended::Archive(error)) => tracing::error!(%from, "the archive cannot be fed: {error}"),
                    Err(Ended::Log(damage)) => tracing::error!(%from, "the archive cannot be fed: {damage}"),
                }
                return;
            }
            match stopped.recv_timeout(LOOK_EVERY) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn pass(&self, stopped: &Receiver<()>) -> Result<(), Ended> {
        let until = self.tail.open();
        let mut ended = None;
        let mut each = |run: &Arc<Applied>| {
            if is_stopped(stopped) {
                ended = Some(Ended::Stopped);
            } else if let Err(error) = self.archive.feed(Arc::clone(run)) {
                ended = Some(Ended::Archive(error));
            }
            ended.is_none()
        };
        ordering::replay(&self.data, &self.secrets, Some(until), &mut each).map_err(Ended::Log)?;
        if let Some(ended) = ended {
            return Err(ended);
        }
        while let Some(run) = self.tail.next() {
            if is_stopped(stopped) {
                return Err(Ended::Stopped);
            }
            self.archive.feed(run).map_err(Ended::Archive)?;
        }
        Ok(())
    }
}

fn is_stopped(stopped: &Receiver<()>) -> bool {
    !matches!(stopped.try_recv(), Err(std::sync::mpsc::TryRecvError::Empty))
}
