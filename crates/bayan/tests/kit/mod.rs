//! For tests of the whole system: the program as a process, a client that keeps its connection, and a small venue made
//! over the API alone.
#![allow(dead_code, reason = "each test file uses its own part of the kit")]

pub mod demonstration;
pub mod floor;
pub mod http;
pub mod order;
pub mod process;
pub mod random;
pub mod venue;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One test of a file at a time: a process that is being started holds, for a moment, every lock of a folder that another test
/// has taken.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&path, &target).unwrap();
    }
}
