//! Which files are opened, and how those are refused that are not ours to open: with one line that says what to do.

mod kit;

use std::path::Path;

use archive::{Archive, ArchiveError, Options};
use kit::{feed, open, tour};

fn refused(path: &Path, options: Options) -> (ArchiveError, String) {
    let before = std::fs::read(path).unwrap();
    let Err(error) = Archive::open_with(path, options) else { panic!("{} was opened", path.display()) };
    assert_eq!(std::fs::read(path).unwrap(), before, "a file that is refused is not touched");
    let text = error.to_string();
    assert!(text.contains(&path.display().to_string()) && !text.contains('\n'), "{text}");
    (error, text)
}

/// Protects history written by a newer version from an older one.
#[test]
fn a_newer_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    open(&path).close().unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    other.close().unwrap();
    let (error, text) = refused(&path, Options::default());
    assert!(matches!(error, ArchiveError::Newer { found: 99, .. }));
    assert!(text.contains("run the newer version, or delete the file"), "{text}");
}

/// Protects one venue's history from another's.
#[test]
fn another_venue_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    let of = |venue| Options { venue: Some([venue; 32]), ..Options::default() };
    // A file that was made without a venue takes the first one that is named.
    open(&path).close().unwrap();
    Archive::open_with(&path, of(1)).unwrap().close().unwrap();
    Archive::open_with(&path, of(1)).unwrap().close().unwrap();
    Archive::open(&path).unwrap().close().unwrap();
    let (error, text) = refused(&path, of(2));
    assert!(matches!(error, ArchiveError::OtherVenue { .. }));
    assert!(text.contains("name another file, or delete this one"), "{text}");
}

/// Protects other programs' databases, and says what a damaged file is.
#[test]
fn what_is_no_archive_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE mail (body TEXT)").unwrap();
    other.close().unwrap();
    assert!(matches!(refused(&path, Options::default()).0, ArchiveError::NotAnArchive { .. }));

    let path = folder.path().join("noise.db");
    std::fs::write(&path, [7; 8192]).unwrap();
    let (error, text) = refused(&path, Options::default());
    assert!(matches!(error, ArchiveError::Sqlite { .. }));
    assert!(text.contains("delete the file, it is rebuilt"), "{text}");

    let missing = Archive::open(folder.path().join("no/such/folder/archive.db"));
    assert!(matches!(missing, Err(ArchiveError::File { .. })));
}

/// Protects what members bid and paid from other users of the machine.
#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let archive = open(&folder.path().join("archive.db"));
    feed(&archive, tour().runs(10));
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} has mode {mode:o}", file.file_name());
    }
}

/// Protects what must never lie on a disk: no password, login, session or person, and no price of a bid that is sealed.
#[test]
fn no_secret_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    let log = tour();
    let archive = open(&path);
    feed(&archive, log.runs(7));
    archive.close().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let has = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
    assert!(has(b"PrNd-metal") && has(&[0xCC; 32]), "what is no secret is found");
    for secret in [&b"planted"[..], &[0xAA; 16], &[0xBB; 16]] {
        assert!(!has(secret), "{}", String::from_utf8_lossy(secret));
    }
}

/// Protects the start of the exchange: a damaged archive is set aside and begun anew, and what is only foreign is not.
#[test]
fn a_damaged_file_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    for n in 1..=2 {
        std::fs::write(&path, [7; 8192]).unwrap();
        Archive::open_or_renew(&path, Options::default()).unwrap().close().unwrap();
        assert_eq!(std::fs::read(folder.path().join(format!("archive.db.damaged-{n}"))).unwrap(), [7; 8192]);
    }
    let other = rusqlite::Connection::open(folder.path().join("mail.db")).unwrap();
    other.execute_batch("CREATE TABLE mail (body TEXT)").unwrap();
    other.close().unwrap();
    assert!(Archive::open_or_renew(folder.path().join("mail.db"), Options::default()).is_err());
}
