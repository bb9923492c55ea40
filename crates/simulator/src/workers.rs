//! Who does what waits for the disk: tasks of the one thread, which take a step when the disk has had its time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ordering::{Kept, Steps, Workers};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::random::Dice;
use crate::trace::Trace;

/// The longest that a step usually waits for the disk.
const QUICK_MS: u64 = 2;

/// How fast a machine's disk is.
pub struct Pace {
    dice: Mutex<Dice>,
    trace: Trace,
    /// The longest that a step waits for it.
    slow_ms: AtomicU64,
    stalled_until_ms: AtomicU64,
}

impl Pace {
    /// A disk that is quick.
    #[must_use]
    pub fn new(dice: Dice, trace: Trace) -> Self {
        let slow_ms = AtomicU64::new(QUICK_MS);
        Pace { dice: Mutex::new(dice), trace, slow_ms, stalled_until_ms: AtomicU64::new(0) }
    }

    /// From now on a step takes up to so long.
    pub fn slow(&self, ms: u64) {
        self.slow_ms.store(ms, Ordering::Relaxed);
    }

    /// From now on a step takes no longer than usual.
    pub fn mend(&self) {
        self.slow(QUICK_MS);
        self.stalled_until_ms.store(0, Ordering::Relaxed);
    }

    /// Nothing gets done for so long.
    pub fn stall(&self, ms: u64) {
        self.stalled_until_ms.store(self.trace.now_ms() + ms, Ordering::Relaxed);
    }

    async fn pass(&self) {
        let drawn = self.dice.lock().below(self.slow_ms.load(Ordering::Relaxed) + 1);
        if drawn > 0 {
            tokio::time::sleep(Duration::from_millis(drawn)).await;
        }
        while self.stalled_until_ms.load(Ordering::Relaxed) > self.trace.now_ms() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// The workers of a process on a machine.
pub struct OneThread(pub Arc<Pace>);

struct Stepper {
    steps: Mutex<Option<Box<dyn Steps>>>,
    bell: Notify,
}

impl Stepper {
    fn step(&self) -> bool {
        let mut steps = self.steps.lock();
        let goes_on = steps.as_mut().is_some_and(|steps| steps.step());
        if !goes_on {
            *steps = None;
        }
        goes_on
    }
}

struct Handle(Arc<Stepper>);

impl Kept for Handle {
    fn wake(&self) {
        self.0.bell.notify_one();
    }

    fn end(self: Box<Self>) {
        // Whoever waits for the end has the rest done here and now.
        while self.0.step() {}
    }
}

impl Workers for OneThread {
    fn work(&self, act: Box<dyn FnOnce() + Send>) {
        let pace = Arc::clone(&self.0);
        tokio::spawn(async move {
            pace.pass().await;
            act();
        });
    }

    fn keep(&self, _name: &'static str, steps: Box<dyn Steps>) -> io::Result<Box<dyn Kept>> {
        let stepper = Arc::new(Stepper { steps: Mutex::new(Some(steps)), bell: Notify::new() });
        stepper.bell.notify_one();
        let (its, pace) = (Arc::clone(&stepper), Arc::clone(&self.0));
        tokio::spawn(async move {
            loop {
                its.bell.notified().await;
                pace.pass().await;
                if !its.step() {
                    return;
                }
            }
        });
        Ok(Box::new(Handle(stepper)))
    }
}
