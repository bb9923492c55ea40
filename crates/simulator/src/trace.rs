//! What happened, in order: hashed as a whole, counted by kind, and told line by line to whoever wants it.

use core::fmt::Write as _;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// The record of a run, and what time it is in it; cheap to clone.
#[derive(Clone)]
pub struct Trace(Arc<Shared>);

struct Shared {
    now_ms: AtomicU64,
    told: bool,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    hash: blake3::Hasher,
    line: String,
    lines: u64,
    counts: BTreeMap<String, u64>,
    violations: Vec<String>,
}

impl Trace {
    /// Begins now; `told` says whether every line is printed.
    #[must_use]
    pub fn new(told: bool) -> Self {
        Trace(Arc::new(Shared { now_ms: AtomicU64::new(0), told, inner: Mutex::default() }))
    }

    /// The milliseconds since the run began, by no machine's clock.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.0.now_ms.load(Ordering::Relaxed)
    }

    /// A millisecond passes.
    pub fn pass(&self) {
        self.0.now_ms.fetch_add(1, Ordering::Relaxed);
    }

    /// Something happened.
    pub fn note(&self, what: core::fmt::Arguments<'_>) {
        let mut inner = self.0.inner.lock();
        let mut line = core::mem::take(&mut inner.line);
        let now_ms = self.now_ms();
        let _ = writeln!(line, "{:>3}.{:03} {what}", now_ms / 1_000, now_ms % 1_000);
        inner.hash.update(line.as_bytes());
        inner.lines += 1;
        if self.0.told {
            print!("{line}");
        }
        line.clear();
        inner.line = line;
    }

    /// Something of a kind happened.
    pub fn count(&self, kind: &str) {
        self.count_many(kind, 1);
    }

    /// Something of a kind happened so often.
    pub fn count_many(&self, kind: &str, times: u64) {
        let mut inner = self.0.inner.lock();
        match inner.counts.get_mut(kind) {
            Some(count) => *count += times,
            None => {
                inner.counts.insert(kind.to_owned(), times);
            }
        }
    }

    /// What must not be.
    pub fn violation(&self, what: impl core::fmt::Display) {
        self.note(format_args!("VIOLATION {what}"));
        self.0.inner.lock().violations.push(what.to_string());
    }

    /// How often kinds that begin so were counted.
    #[must_use]
    pub fn counted(&self, prefix: &str) -> u64 {
        let inner = self.0.inner.lock();
        inner.counts.iter().filter(|(kind, _)| kind.starts_with(prefix)).map(|(_, count)| count).sum()
    }

    /// All counts.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.0.inner.lock().counts.clone()
    }

    /// What must not have been.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.0.inner.lock().violations.clone()
    }

    /// The hash over every line.
    #[must_use]
    pub fn hash(&self) -> String {
        self.0.inner.lock().hash.finalize().to_hex()[..16].to_owned()
    }
}
