//! The thread that writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::Connection;

use crate::error::ArchiveError;
use crate::intake::{Intake, Mark};
use crate::schema::failed;
use crate::scribe::Scribe;

/// Starts it. It ends when the intake says so, or when writing fails; the intake then knows why.
pub(crate) fn start(conn: Connection, path: PathBuf, intake: Arc<Intake>) -> Result<JoinHandle<()>, ArchiveError> {
    let work = move || {
        // A panic is a broken invariant of ours. It must not leave anybody waiting for a thread that is gone.
        let run = std::panic::AssertUnwindSafe(|| write(&conn, &path, &intake));
        match std::panic::catch_unwind(run) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => intake.fail(error.to_string()),
            Err(_) => intake.fail("the archive's thread has panicked; start the node again".to_owned()),
        }
    };
    std::thread::Builder::new().name("archive".to_owned()).spawn(work).map_err(ArchiveError::Thread)
}

fn write(conn: &Connection, path: &Path, intake: &Intake) -> Result<(), ArchiveError> {
    let position = intake.position();
    let mut scribe = Scribe::new(conn, path, position)?;
    while let Some(batch) = intake.batch() {
        for run in &batch {
            scribe.write(run, &mut |position: Mark| intake.wrote(position, &[]))?;
        }
        intake.wrote(scribe.commit()?, &batch);
    }
    drop(scribe);
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed("closing", path))
}
