//! The thread that writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use exchange::Applied;
use rusqlite::Connection;

use crate::error::ArchiveError;
use crate::intake::{Intake, Mark};
use crate::schema::{self, failed};
use crate::scribe::Scribe;

/// Starts it. It ends when the intake says so, or when writing fails in a way that does not pass; the intake then knows why.
pub(crate) fn start(
    conn: Connection,
    path: PathBuf,
    intake: Arc<Intake>,
    retry_every: Duration,
) -> Result<JoinHandle<()>, ArchiveError> {
    let work = move || {
        // A panic is a broken invariant of ours. It must not leave anybody waiting for a thread that is gone.
        let run = std::panic::AssertUnwindSafe(|| write(&conn, &path, &intake, retry_every));
        match std::panic::catch_unwind(run) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => intake.fail(error.to_string()),
            Err(_) => intake.fail("the archive's thread has panicked; start the node again".to_owned()),
        }
    };
    std::thread::Builder::new().name("archive".to_owned()).spawn(work).map_err(ArchiveError::Thread)
}

/// The archive may lag; a bid may not. Where both want a core, the bid has it.
const NICE: i32 = 10;

fn write(conn: &Connection, path: &Path, intake: &Intake, retry_every: Duration) -> Result<(), ArchiveError> {
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::warn!(%error, "the archive's thread runs at normal priority");
    }
    let mut scribe = Some(Scribe::new(conn, path, intake.position())?);
    while let Some(batch) = intake.batch() {
        // A batch stays in hand until it is written: what a try before has committed of it is skipped.
        while let Err(error) = write_batch(conn, path, &mut scribe, &batch, intake) {
            if !error.may_pass() {
                return Err(error);
            }
            scribe = None;
            intake.stall(error.to_string());
            if !intake.pause(retry_every) {
                return Err(error);
            }
        }
    }
    drop(scribe);
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed("closing", path))
}

/// Writes a batch and commits it. Without a scribe, since a try before has failed, it begins with what the file says: a
/// commit that failed may have been done or not.
fn write_batch<'c>(
    conn: &'c Connection,
    path: &'c Path,
    scribe: &mut Option<Scribe<'c>>,
    batch: &[Arc<Applied>],
    intake: &Intake,
) -> Result<(), ArchiveError> {
    let scribe = match scribe {
        Some(scribe) => scribe,
        None => {
            if !conn.is_autocommit() {
                conn.execute_batch("ROLLBACK").map_err(failed("rolling back", path))?;
            }
            let (sequence, at) = schema::position(conn, path)?;
            scribe.insert(Scribe::new(conn, path, Mark { sequence, at })?)
        }
    };
    for run in batch {
        scribe.write(run, &mut |position: Mark| intake.wrote(position, &[]))?;
    }
    intake.wrote(scribe.commit()?, batch);
    Ok(())
}

#[cfg(test)]
mod tests {
    use exchange::Event;
    use exchange::units::{Instant, MemberId, Sequence};

    use super::*;
    use crate::intake::{Health, Stop};

    const PATIENCE: Duration = Duration::from_secs(30);

    /// An entry that takes two pages.
    fn run(number: u64) -> Arc<Applied> {
        let (sequence, at) = (Sequence(number), Instant::from_us(number.cast_signed()));
        let member = MemberId(u32::try_from(number).unwrap());
        let (code, name) = (format!("M{number}"), "x".repeat(8_000));
        let mut events = Vec::new();
        for event in
            [Event::Stamped { sequence, at, by: None }, Event::MemberAdmitted { member, code, name, firm: None }]
        {
            minicbor::encode(event, &mut events).unwrap();
        }
        Arc::new(Applied { first: sequence, last: sequence, at, events, ..Applied::default() })
    }

    /// An archive whose file may not grow, but by the pages of the table `ballast` once that is dropped.
    fn full(path: &Path, retry_every: Duration) -> (Arc<Intake>, JoinHandle<()>, Connection) {
        let (conn, sequence, at) = schema::open(path, None).unwrap();
        let other = Connection::open(path).unwrap();
        other.execute_batch("CREATE TABLE ballast (x BLOB); INSERT INTO ballast VALUES (zeroblob(400000))").unwrap();
        let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        let intake = Arc::new(Intake::new(Mark { sequence, at }, 30_000, Duration::ZERO));
        let thread = start(conn, path.to_owned(), Arc::clone(&intake), retry_every).unwrap();
        (intake, thread, other)
    }

    fn stalls(intake: &Intake) {
        // Whoever feeds is told at once where there is no room, so this ends when the writer has met the full disk.
        for number in 1.. {
            match intake.feed(run(number)) {
                Ok(()) => {}
                Err(ArchiveError::Stalled(text)) => {
                    assert!(text.contains("full") && text.contains("make room"), "{text}");
                    assert!(number > 3, "what there is room for is taken in");
                    break;
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert!(matches!(intake.health(), Health::Stalled(_)), "{:?}", intake.health());
    }

    /// Protects history against a full disk: the archive stands still and says so, and goes on by itself, without a hole,
    /// when there is room again.
    #[test]
    fn a_full_disk_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let (intake, thread, other) = full(&folder.path().join("archive.db"), Duration::from_millis(1));
        stalls(&intake);
        let taken = intake.behind().expect("the run that there was no room for is missing").0 - 1;
        other.execute_batch("DROP TABLE ballast").unwrap();
        assert!(intake.wait(Sequence(taken), PATIENCE), "{:?}", intake.health());
        let last = taken + 3;
        (taken + 1..=last).for_each(|number| intake.feed(run(number)).unwrap());
        assert!(intake.wait(Sequence(last), PATIENCE), "{:?}", intake.health());
        assert_eq!(intake.health(), Health::Following);
        intake.stop(Stop::Drained);
        thread.join().unwrap();
        let members: i64 = other.query_row("SELECT count(*) FROM members", [], |row| row.get(0)).unwrap();
        assert_eq!(members, last.cast_signed());
    }

    /// Protects a stop while the disk is full: nobody waits for room or for a pause, and what is missing is said.
    #[test]
    fn a_stop_does_not_wait_for_room() {
        for how in [Stop::Drained, Stop::Now] {
            let folder = tempfile::tempdir().unwrap();
            let (intake, thread, _other) = full(&folder.path().join("archive.db"), Duration::from_secs(3_600));
            stalls(&intake);
            intake.stop(how);
            thread.join().unwrap();
            assert!(matches!(intake.health(), Health::Failed(_)), "{:?}", intake.health());
        }
    }
}
