//! Files of every released format are opened by all later versions, and go on.
//!
//! `golden/v1.sql` is what format 1 was released with: the dump of an archive fed with the first entries of the tour; so
//! are those of later formats. They are never written again; a later format adds its own file.

mod kit;

use std::path::{Path, PathBuf};

use exchange::units::Sequence;
use kit::{feed, open, tour};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn kept(name: &str) -> String {
    std::fs::read_to_string(golden(name)).unwrap()
}

/// How much of the tour the golden file holds.
const GOLDEN_LAST: u64 = 20;

/// The golden file of the newest format.
const NEWEST: &str = "v7.sql";

/// Protects archives that exist: those of formats before the sixth, which have no notices, are opened, read from the log anew, and
/// are in the end no others than one made anew.
#[test]
fn older_formats_are_opened_and_read_anew() {
    for name in ["v1.sql", "v2.sql", "v4.sql", "v5.sql"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let old = rusqlite::Connection::open(&path).unwrap();
        old.execute_batch(&kept(name)).unwrap();
        old.close().unwrap();

        let archive = open(&path);
        assert_eq!(archive.position(), Sequence(0), "{name}");
        let log = tour();
        let fresh = open(&folder.path().join("new.db"));
        assert_eq!(archive.content_hash().unwrap(), fresh.content_hash().unwrap(), "{name}");
        feed(&archive, log.runs(5));
        feed(&fresh, log.runs(5));
        assert_eq!(archive.content_hash().unwrap(), fresh.content_hash().unwrap(), "{name}");
    }
}

/// Protects archives of the newest format: one is written as its golden file, is opened, and goes on.
#[test]
fn the_newest_format_is_opened_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = open(&folder.path().join("new.db"));
    feed(&fresh, [tour().run(1, GOLDEN_LAST)]);
    let mut dump = Vec::new();
    fresh.dump(&mut dump).unwrap();
    let path = golden(NEWEST);
    if !path.exists() && std::env::var_os("BAYAN_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, &dump).unwrap();
    }
    let golden = kept(NEWEST);
    assert!(golden.as_bytes() == dump, "what is written is what was written");
    goes_on(&golden);
}

/// Protects archives of formats that hold all that a later one does: they go on from where they are.
#[test]
fn the_format_before_is_opened_and_goes_on() {
    goes_on(&kept("v6.sql"));
}

fn goes_on(golden: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(golden).unwrap();
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
