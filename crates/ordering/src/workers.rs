//! The seam of what waits for the disk: in production it has threads of its own, so that nothing else waits with it; a
//! simulator runs it in the one thread that it has, when its time has come.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

/// Something that has work from time to time, for as long as it likes.
pub trait Steps: Send {
    /// Does all that there is to do now; says whether there may be more another time.
    fn step(&mut self) -> bool;
}

/// Steps that somebody takes.
pub trait Kept: Send + Sync {
    /// There is something to do: a step is taken soon, or another after the one under way.
    fn wake(&self);
    /// Waits until the steps are over. They see to it themselves that they end.
    fn end(self: Box<Self>);
}

/// Does what waits for the disk.
pub trait Workers: Send + Sync {
    /// Does this once, away from the tasks.
    fn work(&self, act: Box<dyn FnOnce() + Send>);
    /// Takes a first step, and another after each time that it is woken, one at a time, until there are no more.
    ///
    /// # Errors
    /// There is nobody to take them.
    fn keep(&self, name: &'static str, steps: Box<dyn Steps>) -> io::Result<Box<dyn Kept>>;
}

/// Has work done that waits for the disk, and waits for what comes of it.
pub(crate) async fn blocking<T: Send + 'static>(
    workers: &dyn Workers,
    act: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (tell, told) = oneshot::channel();
    workers.work(Box::new(move || {
        // Whoever waited may have gone; what was done stays done.
        let _ = tell.send(act());
    }));
    told.await.map_err(|_| io::Error::other("what was to be done was not done to its end"))
}

/// Threads of the machine: those that tokio keeps for what blocks, and one for each that goes on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threads;

impl Workers for Threads {
    fn work(&self, act: Box<dyn FnOnce() + Send>) {
        tokio::task::spawn_blocking(act);
    }

    fn keep(&self, name: &'static str, mut steps: Box<dyn Steps>) -> io::Result<Box<dyn Kept>> {
        let bell = Arc::new(Bell { rung: Mutex::new(true), ring: Condvar::new() });
        let its = Arc::clone(&bell);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            loop {
                its.wait();
                if !steps.step() {
                    return;
                }
            }
        })?;
        Ok(Box::new(Thread { name, bell, thread }))
    }
}

struct Bell {
    rung: Mutex<bool>,
    ring: Condvar,
}

impl Bell {
    fn wait(&self) {
        let mut rung = self.rung.lock();
        while !core::mem::take(&mut *rung) {
            self.ring.wait(&mut rung);
        }
    }
}

struct Thread {
    name: &'static str,
    bell: Arc<Bell>,
    thread: JoinHandle<()>,
}

impl Kept for Thread {
    fn wake(&self) {
        *self.bell.rung.lock() = true;
        self.bell.ring.notify_one();
    }

    fn end(self: Box<Self>) {
        if self.thread.join().is_err() {
            tracing::error!("the thread {} has panicked", self.name);
        }
    }
}
