//! How the archive takes in what happened, and how it says what it lacks.

mod kit;

use std::path::Path;
use std::time::Duration;

use archive::{Archive, ArchiveError, Health, Options};
use exchange::units::Sequence;
use kit::{PATIENCE, admitted, at, feed, open, tour};

/// An archive that writes its first run at once, and the next ones only when somebody waits for them.
fn hesitant(path: &Path, queue_bytes_max: usize) -> Archive {
    let commit_every = Duration::from_secs(3600);
    Archive::open_with(path, Options { commit_every, queue_bytes_max, ..Options::default() }).unwrap()
}

/// Protects the position: it is what was written, across a close and an opening.
#[test]
fn goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    let log = tour();
    let archive = open(&path);
    assert_eq!(archive.position(), Sequence(0));
    feed(&archive, [log.run(1, 10)]);
    archive.close().unwrap();
    assert_eq!(archive.health(), Health::Closed);
    assert!(matches!(archive.members(None, 10), Err(ArchiveError::Closed)));
    drop(archive);

    let archive = open(&path);
    assert_eq!(archive.position(), Sequence(10));
    assert_eq!(archive.health(), Health::Following);
    assert_eq!(archive.members(None, 10).unwrap().items.len(), 3);
}

/// Protects that closing writes what was taken in.
#[test]
fn closing_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    let log = tour();
    let archive = hesitant(&path, 1 << 20);
    log.runs(1).for_each(|run| archive.push(run));
    archive.close().unwrap();
    archive.push(log.run(1, 3));
    assert!(matches!(archive.feed(log.run(1, 3)), Err(ArchiveError::Closed)));
    archive.close().unwrap();
    assert_eq!(open(&path).position(), log.last());
}

/// Protects against a hole in history: a run that leaves one is let go by, and the archive says from where to feed.
#[test]
fn a_gap_is_reported_and_filled() {
    let folder = tempfile::tempdir().unwrap();
    let log = tour();
    let archive = open(&folder.path().join("archive.db"));
    feed(&archive, [log.run(1, 4)]);
    archive.push(log.run(8, 9));
    assert_eq!(archive.behind(), Some(Sequence(5)));
    assert_eq!(archive.health(), Health::Behind(Sequence(5)));
    assert_eq!(archive.lag().entries, 5);
    let refused = archive.feed(log.run(6, 7));
    assert!(
        matches!(refused, Err(ArchiveError::Gap { needs: Sequence(5), fed: Sequence(6) })),
        "{refused:?} says what it needs"
    );
    archive.push(log.run(5, 7));
    assert_eq!(archive.behind(), Some(Sequence(8)));
    feed(&archive, [log.run(8, 9)]);
    assert_eq!((archive.behind(), archive.health()), (None, Health::Following));
    assert_eq!(archive.lag(), archive::Lag::default());
}

/// Protects the exchange's memory and its thread: beyond the bound a run is let go by at once, and can be fed again.
#[test]
fn the_queue_is_bounded_and_pushing_never_waits() {
    let folder = tempfile::tempdir().unwrap();
    let log = tour();
    let archive = hesitant(&folder.path().join("archive.db"), 1000);
    feed(&archive, [log.run(1, 1)]);
    // Nothing is written now unless somebody waits for it, so all of this has to fit, or not.
    (2..=log.last().0).for_each(|number| archive.push(log.run(number, number)));
    let behind = archive.behind().expect("a thousand bytes are not enough");
    assert!(behind > Sequence(2), "what fits is taken in");
    assert_eq!(archive.position(), Sequence(1));
    assert_eq!(archive.lag().entries, log.last().0 - 1);
    assert_eq!(archive.lag().time, at(log.last().0).since(at(1)));
    // The owner executes again from there and waits for room where it must.
    feed(&archive, (behind.0..=log.last().0).map(|number| log.run(number, number)));
    assert_eq!(archive.behind(), None);

    let whole = open(&folder.path().join("whole.db"));
    feed(&whole, [log.run(1, log.last().0)]);
    assert_eq!(archive.content_hash().unwrap(), whole.content_hash().unwrap());
}

/// Protects a start: the archive is told where the log ends, and says what it lacks; one that is ahead is refused.
#[test]
fn a_start_tells_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    let log = tour();
    let archive = open(&path);
    archive.begin(Sequence(6), at(6)).unwrap();
    assert_eq!(archive.behind(), Some(Sequence(1)));
    feed(&archive, [log.run(1, 6)]);
    archive.begin(Sequence(6), at(6)).unwrap();
    assert_eq!(archive.behind(), None);
    let ahead = archive.begin(Sequence(5), at(5)).unwrap_err();
    assert!(matches!(ahead, ArchiveError::Ahead { archive: Sequence(6), log: Sequence(5), .. }));
    assert!(ahead.to_string().contains("delete the archive"), "{ahead}");
}

/// Protects who waits for its own write: it is written at once, and whoever waits in vain is told.
#[tokio::test]
async fn waiting_for_an_entry_hurries_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let log = tour();
    let archive = hesitant(&folder.path().join("archive.db"), 1 << 20);
    archive.push(log.run(1, 1));
    assert!(archive.reached(Sequence(1), PATIENCE).await);
    archive.push(log.run(2, 5));
    assert!(archive.reached(Sequence(5), PATIENCE).await);
    assert!(archive.reached_blocking(Sequence(5), Duration::ZERO));
    assert!(!archive.reached(Sequence(6), Duration::from_millis(1)).await);
    assert!(!archive.reached_blocking(Sequence(6), Duration::from_millis(1)));
    // It was waited for before it came: it is written when it comes.
    archive.push(log.run(6, 6));
    assert!(archive.reached(Sequence(6), PATIENCE).await);
    archive.close().unwrap();
    assert!(archive.reached(Sequence(6), PATIENCE).await);
    assert!(!archive.reached(Sequence(7), PATIENCE).await);
}

/// Protects the exchange from the archive's disk: what SQLite refuses is said by health and by every read, and no more.
#[test]
fn a_failure_is_kept_to_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    let log = tour();
    let archive = open(&path);
    feed(&archive, [log.run(1, 4)]);
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON products
             BEGIN SELECT raise(ABORT, 'database or disk is full'); END",
        )
        .unwrap();
    archive.push(log.run(5, 5));
    assert!(!archive.reached_blocking(Sequence(5), PATIENCE));
    let Health::Failed(text) = archive.health() else { panic!("{:?}", archive.health()) };
    assert!(text.contains("archive.db") && text.contains("disk is full") && text.contains("make room"), "{text}");
    archive.push(log.run(6, 6));
    assert!(matches!(archive.feed(log.run(6, 6)), Err(ArchiveError::Failed(_))));
    assert!(matches!(archive.members(None, 10), Err(ArchiveError::Failed(_))));
    assert!(matches!(archive.close(), Err(ArchiveError::Failed(_))));
    drop(archive);

    // Once there is room, a start goes on from the last whole transaction.
    other.execute_batch("DROP TRIGGER full").unwrap();
    let archive = open(&path);
    assert_eq!(archive.position(), Sequence(4));
    feed(&archive, log.runs(3));
    assert_eq!(archive.health(), Health::Following);
}

/// Protects from events that do not fit what is there: the archive fails, and says to rebuild it.
#[test]
fn events_that_do_not_fit_are_no_history() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    let mut log = kit::Log::default();
    log.entry([kit::lot_changed(4, 0, exchange::markets::auction::LotStatus::Running, at(1))]);
    archive.push(log.run(1, 1));
    assert!(!archive.reached_blocking(Sequence(1), PATIENCE));
    let Health::Failed(text) = archive.health() else { panic!("{:?}", archive.health()) };
    assert!(text.contains("lacks lot 0 of auction 4") && text.contains("rebuilt"), "{text}");
}

/// Protects from events of a newer version: they are not guessed at.
#[test]
fn unreadable_events_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    let mut log = kit::Log::default();
    log.entry([admitted(1)]);
    let mut run = exchange::Applied { first: Sequence(1), last: Sequence(1), at: at(1), ..Default::default() };
    run.events.clone_from(&log.run(1, 1).events);
    run.events.extend(minicbor::to_vec((4711u32, 1u32)).unwrap());
    archive.push(std::sync::Arc::new(run));
    assert!(!archive.reached_blocking(Sequence(1), PATIENCE));
    let Health::Failed(text) = archive.health() else { panic!("{:?}", archive.health()) };
    assert!(text.contains("cannot be read") && text.contains("run the version"), "{text}");
    drop(archive);
    assert_eq!(open(&folder.path().join("archive.db")).position(), Sequence(0), "nothing of the run is written");
}
