//! Feeding the archive what it has missed: at the start when its file is new or old, later when its queue ran over.
//!
//! History is re-executed from the segments up to where the live stream was when the pass began; what comes meanwhile is
//! kept in a tail and fed behind it, so that both meet under a load that never pauses. On a node whose history is not complete
//! yet it waits for that.

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

/// How long it is until what could not be read is tried again; twice as long each time, up to a limit.
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_MAX: Duration = Duration::from_secs(300);

/// How many bytes of runs the tail may hold; beyond it the pass is made again, further on.
const TAIL_BYTES_MAX: usize = 32 << 20;

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
    /// History is complete only from this entry on.
    Incomplete(Sequence),
    Archive(ArchiveError),
    Log(Damage),
}

impl Feeder {
    fn run(&self, stopped: &Receiver<()>) {
        let mut retry = RETRY_FIRST;
        let mut said = false;
        loop {
            let mut wait = LOOK_EVERY;
            if self.archive.behind().is_some() {
                // A panic is a broken invariant of ours. It must not leave the archive behind without a word.
                let pass = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.pass(stopped)));
                let why = match pass {
                    Ok(Err(Ended::Incomplete(from))) => {
                        if !said {
                            tracing::info!("the archive waits for history before entry {from}, which is being fetched");
                            said = true;
                        }
                        None
                    }
                    Ok(Ok(())) => {
                        self.archive.tell_unfed(None);
                        // A second exchange stood in memory for it.
                        crate::memory::give_back();
                        retry = RETRY_FIRST;
                        continue;
                    }
                    // An archive that has failed says so itself, and takes nothing before the next start.
                    Ok(Err(Ended::Stopped | Ended::Archive(ArchiveError::Failed(_) | ArchiveError::Closed))) => return,
                    Ok(Err(Ended::Archive(error))) => Some(error.to_string()),
                    Ok(Err(Ended::Log(damage))) => {
                        Some(format!("{damage}; run `bayan verify` on a copy and restore what it names"))
                    }
                    Err(_) => Some("the thread that reads it back has panicked; tell us".to_owned()),
                };
                if why.is_some() {
                    self.archive.tell_unfed(why);
                    wait = retry;
                    retry = (retry * 2).min(RETRY_MAX);
                }
            }
            match stopped.recv_timeout(wait) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Feeds a run. While the archive cannot be written it waits here, so that the pass need not begin anew.
    fn feed(&self, run: &Arc<Applied>, stopped: &Receiver<()>) -> Result<(), Ended> {
        if is_stopped(stopped) {
            return Err(Ended::Stopped);
        }
        loop {
            match self.archive.feed(Arc::clone(run)) {
                Err(ArchiveError::Stalled(_)) => match stopped.recv_timeout(LOOK_EVERY) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return Err(Ended::Stopped),
                },
                fed => return fed.map_err(Ended::Archive),
            }
        }
    }

    fn pass(&self, stopped: &Receiver<()>) -> Result<(), Ended> {
        let from = ordering::history_from(&self.data).map_err(Ended::Log)?;
        if from > Sequence(1) {
            return Err(Ended::Incomplete(from));
        }
        let until = self.tail.open();
        let mut ended = None;
        let mut each = |run: &Arc<Applied>| {
            ended = self.feed(run, stopped).err();
            ended.is_none()
        };
        ordering::replay(&self.data, &self.secrets, Some(until), &mut each).map_err(Ended::Log)?;
        if let Some(ended) = ended {
            return Err(ended);
        }
        while let Some(run) = self.tail.next() {
            self.feed(&run, stopped)?;
        }
        Ok(())
    }
}

fn is_stopped(stopped: &Receiver<()>) -> bool {
    !matches!(stopped.try_recv(), Err(std::sync::mpsc::TryRecvError::Empty))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use exchange::units::{MemberId, Money};
    use exchange::{Body, Command, Payment, Profile};

    use super::*;
    use crate::config::Config;
    use crate::wiring::Venue;

    async fn start(data: &std::path::Path) -> Venue {
        try_start(data).await.unwrap()
    }

    async fn try_start(data: &std::path::Path) -> Result<Venue, crate::wiring::StartFailure> {
        let mut config = Config::default();
        config.node.data = data.to_owned();
        let cheap = gateway::PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };
        let gateway = gateway::GatewayConfig { password: cheap, metrics_address: None, ..config.gateway() };
        Venue::start(&config, gateway).await
    }

    fn deposit() -> Command {
        let payment = Payment { member: MemberId(1), amount: Money::from_fen(1), reference: "x".to_owned() };
        Command::system(Body::Deposit(payment))
    }

    /// Protects that an archive that was deleted meets the live stream, though that never pauses, and has all of it.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_new_archive_meets_the_live_stream() {
        let folder = tempfile::tempdir().unwrap();
        let venue = start(folder.path()).await;
        venue.node.submit(Command::system(Body::SetProfile(Profile::default()))).await.unwrap().outcome.unwrap();
        let firm = Body::AdmitMember { code: "A".to_owned(), name: "A".to_owned() };
        venue.node.submit(Command::system(firm)).await.unwrap().outcome.unwrap();
        let all = (0..2_000).map(|_| venue.node.submit(deposit()));
        for reply in futures_util::future::join_all(all).await {
            reply.unwrap().outcome.unwrap();
        }
        venue.stop().await.unwrap();
        for file in ["archive.sqlite", "archive.sqlite-wal", "archive.sqlite-shm"] {
            if folder.path().join(file).exists() {
                std::fs::remove_file(folder.path().join(file)).unwrap();
            }
        }

        let venue = start(folder.path()).await;
        let over = Arc::new(AtomicBool::new(false));
        let load = tokio::spawn({
            let (node, over) = (venue.node.clone(), Arc::clone(&over));
            async move {
                let mut last = Sequence(0);
                while !over.load(Ordering::Acquire) {
                    last = node.submit(deposit()).await.unwrap().sequence;
                }
                last
            }
        });
        let first = venue.node.sequence();
        assert!(
            venue.archive.reached(Sequence(first.0 + 1), Duration::from_secs(30)).await,
            "{:?}",
            venue.archive.health()
        );
        over.store(true, Ordering::Release);
        let last = load.await.unwrap();
        assert!(venue.archive.reached(last, Duration::from_secs(30)).await, "{:?}", venue.archive.health());
        assert_eq!(venue.archive.behind(), None);
        venue.stop().await.unwrap();
    }

    /// Makes a few entries and hands out the last.
    async fn fill(data: &std::path::Path, entries: u64) -> Sequence {
        let venue = start(data).await;
        for number in 1..=entries {
            let firm = Body::AdmitMember { code: format!("M{number}"), name: "A".to_owned() };
            venue.node.submit(Command::system(firm)).await.unwrap().outcome.unwrap();
        }
        let last = venue.node.sequence();
        venue.stop().await.unwrap();
        last
    }

    /// Protects that the feeder does not end on an error: while the log cannot be read the archive says that it stands still,
    /// and when it can, the archive gets all of it.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_log_that_cannot_be_read_for_now_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let last = fill(&data, 5).await;
        let (log, away) = (data.join("log"), data.join("away"));
        std::fs::rename(&log, &away).unwrap();
        let archive = Arc::new(Archive::open(folder.path().join("new.sqlite")).unwrap());
        archive.begin(last, exchange::units::Instant::from_us(1)).unwrap();
        let tail = Tail::default();
        tail.0.lock().last = last;
        let secrets = ordering::default_secrets(&data);
        let catch_up = CatchUp::start(Arc::clone(&archive), tail, data, secrets).unwrap();
        let stands_still = async {
            while !matches!(archive.health(), archive::Health::Stalled(_)) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), stands_still).await.unwrap();
        std::fs::rename(&away, &log).unwrap();
        assert!(archive.reached(last, Duration::from_secs(30)).await, "{:?}", archive.health());
        tokio::task::spawn_blocking(move || catch_up.stop()).await.unwrap();
        assert_eq!(archive.health(), archive::Health::Following);
    }

    /// Protects one venue's history from another's archive, copied into its folder.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_archive_of_another_venue_is_refused() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fill(one.path(), 2).await;
        fill(two.path(), 5).await;
        std::fs::copy(one.path().join("archive.sqlite"), two.path().join("archive.sqlite")).unwrap();
        let refused = try_start(two.path()).await.err().expect("it does not start");
        let line = crate::cli::Failure::from(refused).message;
        assert!(line.contains("belongs to another venue"), "{line}");
        std::fs::remove_file(two.path().join("archive.sqlite")).unwrap();
        start(two.path()).await.stop().await.unwrap();
    }
}
