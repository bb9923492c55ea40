//! The same history gives the same archive, however it was cut, interrupted or fed again.

mod kit;

use std::path::Path;

use archive::Archive;
use exchange::units::Sequence;
use kit::{Log, feed, open, tour};

fn fed(path: &Path, log: &Log, of: u64) -> Archive {
    let archive = open(path);
    feed(&archive, log.runs(of));
    archive
}

/// Protects the rebuild: one entry a run, or all of them in one, leave the same content.
#[test]
fn the_cut_of_the_runs_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let log = tour();
    let whole = fed(&folder.path().join("whole.db"), &log, u64::MAX >> 1);
    let hash = whole.content_hash().unwrap();
    for of in [1, 2, 3, 7] {
        let archive = fed(&folder.path().join(format!("{of}.db")), &log, of);
        assert_eq!(archive.content_hash().unwrap(), hash, "runs of {of}");
    }
    let shorter = open(&folder.path().join("shorter.db"));
    feed(&shorter, [log.run(1, log.last().0 - 8)]);
    assert_ne!(shorter.content_hash().unwrap(), hash, "the digest tells other content apart");
}

/// Protects a long history: it is committed in pieces, and the pieces leave no trace either.
#[test]
fn a_run_longer_than_a_transaction_is_the_same_history() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = tour();
    for number in 0..25_000 {
        log.entry([kit::deposited(1 + number % 3, 100)]);
    }
    let whole = fed(&folder.path().join("whole.db"), &log, u64::MAX >> 1);
    let pieces = fed(&folder.path().join("pieces.db"), &log, 997);
    assert_eq!(whole.content_hash().unwrap(), pieces.content_hash().unwrap());
}

/// Protects from a kill at any transaction: what is missing is fed again, with runs that overlap what is there, and the
/// content is the same.
#[test]
fn killed_anywhere_it_becomes_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let log = tour();
    let last = log.last().0;
    let hash = fed(&folder.path().join("whole.db"), &log, 5).content_hash().unwrap();
    let path = folder.path().join("killed.db");
    let mut at = 0;
    while at < last {
        // Dropped without being closed: what waits in the queue is lost with it.
        let archive = open(&path);
        assert!(archive.position().0 >= at, "what was written is there");
        at = (at + 3).min(last);
        feed(&archive, [log.run(1.max(at.saturating_sub(6)), at)]);
        (at + 1..=last).for_each(|number| archive.push(log.run(number, number)));
        drop(archive);
        at = open(&path).position().0;
    }
    assert_eq!(open(&path).content_hash().unwrap(), hash);
}

/// Protects from a kill that leaves the write-ahead log behind: the files as they lie on the disk in the middle of the
/// work are a whole archive.
#[test]
fn files_left_by_a_kill_are_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let log = tour();
    let (path, copy) = (folder.path().join("archive.db"), folder.path().join("copy.db"));
    let archive = open(&path);
    feed(&archive, log.runs(1).take(20));
    let side = |path: &Path| path.with_extension("db-wal");
    assert!(std::fs::metadata(side(&path)).unwrap().len() > 0, "the work is in the write-ahead log");
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(side(&path), side(&copy)).unwrap();
    feed(&archive, log.runs(4));

    let recovered = open(&copy);
    assert_eq!(recovered.position(), Sequence(20));
    feed(&recovered, log.runs(4));
    assert_eq!(recovered.content_hash().unwrap(), archive.content_hash().unwrap());
}
