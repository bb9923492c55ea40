//! Files of every released format are opened by all later versions, and go on.
//!
//! `golden/v1.sql` is what format 1 was released with: the dump of an archive fed with the first entries of the tour.
//! It is never written again; a later format adds its own file.

mod kit;

use std::path::Path;

use exchange::units::Sequence;
use kit::{feed, open, tour};

/// How much of the tour the golden file holds.
const GOLDEN_LAST: u64 = 20;

/// Protects archives that exist: one of format 1 is opened, has its content, goes on, and is in the end no other than
/// one made anew.
#[test]
fn format_1_is_opened_and_goes_on() {
    let golden = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1.sql")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(&golden).unwrap();
    old.close().unwrap();

    let archive = open(&path);
    assert_eq!(archive.position(), Sequence(GOLDEN_LAST));
    let log = tour();
    let fresh = open(&folder.path().join("new.db"));
    feed(&fresh, [log.run(1, GOLDEN_LAST)]);
    assert_eq!(archive.content_hash().unwrap(), fresh.content_hash().unwrap());

    feed(&archive, log.runs(5));
    feed(&fresh, log.runs(5));
    assert_eq!(archive.content_hash().unwrap(), fresh.content_hash().unwrap());
}

/// Protects the dump itself: it is SQL that makes the same archive again.
#[test]
fn a_dump_makes_the_archive_again() {
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    feed(&archive, tour().runs(9));
    let mut dump = Vec::new();
    archive.dump(&mut dump).unwrap();
    let path = folder.path().join("again.db");
    let again = rusqlite::Connection::open(&path).unwrap();
    again.execute_batch(std::str::from_utf8(&dump).unwrap()).unwrap();
    again.close().unwrap();
    assert_eq!(open(&path).content_hash().unwrap(), archive.content_hash().unwrap());
}
