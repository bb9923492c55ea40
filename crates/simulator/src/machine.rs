//! A machine: a disk, a clock, and the process on it. Each process has a runtime of its own, whose time is that of the
//! machine's crystal. So it can die between any two steps of any of its tasks, be frozen with all of them, and count time
//! faster than the others.

use core::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ordering::sim::SimDisk;
use ordering::{Config, Node, Observer, Seams, StartError};
use parking_lot::Mutex;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::clock::{Crystal, MachineClock};
use crate::network::Wires;
use crate::random::Dice;
use crate::trace::Trace;
use crate::workers::{OneThread, Pace};

/// A machine and what runs on it.
pub struct Machine {
    /// Its number in the cluster.
    pub number: u64,
    /// Its disk.
    pub disk: SimDisk,
    /// How fast that is.
    pub pace: Arc<Pace>,
    /// Its clock.
    pub crystal: Arc<Crystal>,
    trace: Trace,
    process: Mutex<Option<Process>>,
    pub(crate) state: Mutex<State>,
}

/// What is known of a machine beside what it does.
#[derive(Default)]
pub(crate) struct State {
    /// Something was done to its disk, so that a log that fails or a start that is refused is no surprise.
    pub(crate) hurt: bool,
    /// Bits of it were flipped, or it has forgotten what it promised: it must not serve again.
    pub(crate) spoilt: bool,
    /// It is not to be started any more.
    pub(crate) retired: bool,
    /// When it is started again.
    pub(crate) start_at_ms: Option<u64>,
    pub(crate) frozen_until_ms: u64,
}

/// Why a process has ended by itself.
pub(crate) struct Ended {
    pub(crate) why: String,
    /// The cluster does not have it: starting it again will not help.
    pub(crate) shut_out: bool,
}

struct Process {
    runtime: Option<Runtime>,
    node: Arc<OnceLock<Node>>,
    /// It has what the cluster has, so members are let in.
    serves: Arc<OnceLock<()>>,
    ended: Arc<Mutex<Option<Ended>>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let inside = runtime.enter();
        self.node = Arc::default();
        drop(inside);
        runtime.shutdown_background();
    }
}

impl Machine {
    pub(crate) fn new(number: u64, drift_ppm: i64, dice: Dice, trace: &Trace) -> Self {
        Machine {
            number,
            disk: SimDisk::new("/d"),
            pace: Arc::new(Pace::new(dice, trace.clone())),
            crystal: Arc::new(Crystal::new(drift_ppm, trace.now_ms())),
            trace: trace.clone(),
            process: Mutex::new(None),
            state: Mutex::default(),
        }
    }

    /// Starts a process.
    pub(crate) fn start(&self, config: Config, wires: &Wires, observer: Box<dyn Observer>) {
        let Ok(runtime) = Builder::new_current_thread().enable_time().start_paused(true).build() else {
            self.trace.violation("no runtime can be made");
            return;
        };
        let network = config.cluster.is_some().then(|| wires.of(self.number));
        let seams = Seams {
            disk: self.disk.process(),
            clock: Arc::new(MachineClock::new(&self.crystal)),
            network,
            workers: Arc::new(OneThread(Arc::clone(&self.pace))),
        };
        let mut process =
            Process { runtime: None, node: Arc::default(), serves: Arc::default(), ended: Arc::default() };
        let (slot, serves, ended) =
            (Arc::clone(&process.node), Arc::clone(&process.serves), Arc::clone(&process.ended));
        runtime.spawn(async move {
            let node = match Node::start(config, seams, vec![observer]).await {
                Ok(node) => node,
                Err(why) => {
                    *ended.lock() = Some(Ended { why: why.to_string(), shut_out: false });
                    return;
                }
            };
            let _ = slot.set(node.clone());
            match node.caught_up().await {
                Ok(()) => _ = serves.set(()),
                Err(why) => {
                    let shut_out = matches!(why, StartError::Setting(_));
                    *ended.lock() = Some(Ended { why: why.to_string(), shut_out });
                }
            }
        });
        process.runtime = Some(runtime);
        *self.process.lock() = Some(process);
    }

    /// A millisecond has passed; the process has it too, unless it is frozen. One that thaws finds that time has passed.
    pub(crate) fn tick(&self) {
        let now_ms = self.trace.now_ms();
        if self.state.lock().frozen_until_ms > now_ms {
            return;
        }
        let due = self.crystal.due_ms(now_ms) - self.crystal.counted_ms();
        self.crystal.count(due);
        let process = self.process.lock();
        let Some(runtime) = process.as_ref().and_then(|process| process.runtime.as_ref()) else { return };
        let span = Duration::from_millis(due.unsigned_abs());
        runtime.block_on(async {
            if due > 10 {
                tokio::time::advance(span).await;
            } else if due > 0 {
                tokio::time::sleep(span).await;
            }
        });
    }

    /// The process is gone; `lose` does to the disk what comes with it.
    pub(crate) fn end(&self, lose: impl FnOnce(&SimDisk)) -> bool {
        let process = self.process.lock().take();
        // First the disk, so that nothing is written on the way out.
        lose(&self.disk);
        process.is_some()
    }

    /// What the process has said of its end.
    pub(crate) fn ended(&self) -> Option<Ended> {
        self.process.lock().as_ref().and_then(|process| process.ended.lock().take())
    }

    /// Whether a process runs or starts here.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.process.lock().is_some()
    }

    /// Whether members are let in here.
    #[must_use]
    pub fn serves(&self) -> bool {
        self.process.lock().as_ref().is_some_and(|process| process.serves.get().is_some())
    }

    /// Looks at the node, where it has started.
    pub fn look<T>(&self, look: impl FnOnce(&Node) -> T) -> Option<T> {
        let process = self.process.lock();
        let process = process.as_ref()?;
        let _inside = process.runtime.as_ref()?.enter();
        process.node.get().map(look)
    }

    /// Has the node do something. `None`: there is none, or it died before it was done.
    pub async fn ask<T, F>(&self, ask: impl FnOnce(Node) -> F) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (handle, node) = self.inside()?;
        let asked = ask(node);
        let asked = handle.spawn(asked);
        asked.await.ok()
    }

    fn inside(&self) -> Option<(Handle, Node)> {
        let process = self.process.lock();
        let process = process.as_ref()?;
        Some((process.runtime.as_ref()?.handle().clone(), process.node.get()?.clone()))
    }

    /// Something is done to its disk.
    pub fn hurt(&self) {
        self.state.lock().hurt = true;
    }

    /// Its disk is not to be believed any more.
    pub fn spoil(&self) {
        let mut state = self.state.lock();
        (state.hurt, state.spoilt) = (true, true);
    }

    /// The process stands still for so long.
    pub fn freeze(&self, ms: u64) {
        self.state.lock().frozen_until_ms = self.trace.now_ms() + ms;
    }
}
