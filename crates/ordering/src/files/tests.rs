use super::*;
use crate::disk::RealDisk;
use crate::sim::SimDisk;

const FOLDER: &str = "/d/files";

fn files(disk: &SimDisk, reserve_bytes: u64) -> Files {
    Files::open(disk.process(), FOLDER.into(), reserve_bytes).unwrap()
}

fn path(bytes: &[u8]) -> PathBuf {
    path_of(Path::new(FOLDER), &file_hash(bytes))
}

/// Protects the name of a file: anybody can compute it from the bytes, and finds the file by it.
#[test]
fn a_file_lies_under_the_sha_256_of_its_bytes() {
    let disk = SimDisk::new("/d");
    let hold = files(&disk, 0).put(b"abc").unwrap();
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hex(&*hold.hash()), known);
    assert_eq!(disk.contents(&Path::new(FOLDER).join("ba").join(known)).as_deref(), Some(b"abc".as_slice()));
}

/// Protects a file that two are about to name: the refusal of one does not take it from the other, and what the log names
/// stays whoever lets go of it.
#[test]
fn what_somebody_is_about_to_name_stays() {
    let disk = SimDisk::new("/d");
    let files = files(&disk, 0);
    let (one, two) = (files.put(b"x").unwrap(), files.put(b"x").unwrap());
    files.release(one, |_| false);
    assert!(disk.contents(&path(b"x")).is_some(), "the other still needs it");
    files.release(two, |_| true);
    assert!(disk.contents(&path(b"x")).is_some(), "the log names it");
    let last = files.hold(file_hash(b"x"));
    files.release(last, |_| false);
    assert!(disk.contents(&path(b"x")).is_none(), "nobody needs it");
    assert!(files.0.held.lock().is_empty());
}

/// Protects readers from bytes that are not those the log names, and that the same file handed in again heals it.
#[test]
fn altered_bytes_are_not_given_and_can_be_healed() {
    let disk = SimDisk::new("/d");
    let files = files(&disk, 0);
    let hash = files.put(b"a contract").unwrap().hash();
    assert_eq!(files.read(&hash, |_| true).unwrap(), b"a contract");
    disk.corrupt(&path(b"a contract"), |bytes| bytes[2] ^= 1);
    assert!(matches!(files.read(&hash, |_| true), Err(FileUnread::Damaged(_))));
    assert_eq!(files.damaged(), 1);
    drop(files.put(b"a contract").unwrap());
    assert_eq!((files.read(&hash, |_| true).unwrap().as_slice(), files.damaged()), (b"a contract".as_slice(), 0));
    assert!(matches!(files.read(&file_hash(b"none"), |_| true), Err(FileUnread::Damaged(_))));
    assert_eq!(files.damaged(), 1);
}

/// Protects who reads a file while its owner lets it go: nothing is damaged by that.
#[test]
fn what_was_let_go_of_is_gone_and_not_damaged() {
    let disk = SimDisk::new("/d");
    let files = files(&disk, 0);
    let hold = files.put(b"a contract").unwrap();
    let hash = hold.hash();
    files.release(hold, |_| false);
    assert!(matches!(files.read(&hash, |_| false), Err(FileUnread::Gone)));
    assert_eq!(files.damaged(), 0);
}

/// Protects the start from what somebody else has put there: a folder with the name of a file of ours, or a file with that of one of
/// our folders, is left alone with a warning.
#[test]
fn a_folder_named_like_a_file_stops_no_start() {
    let folder = tempfile::tempdir().unwrap();
    let store = Files::open(Arc::new(RealDisk), folder.path().to_owned(), 0).unwrap();
    let named = store.put(b"named").unwrap().hash();
    let stranger = path_of(folder.path(), &file_hash(b"a folder"));
    std::fs::create_dir_all(stranger.join("below")).unwrap();
    let taken = (0..=255_u8).map(|byte| hex(&[byte])).find(|name| !folder.path().join(name).exists()).unwrap();
    std::fs::write(folder.path().join(taken), b"a file").unwrap();
    let warnings = sweep(&store, [named].iter()).unwrap();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(store.read(&named, |_| true).is_ok() && stranger.join("below").exists());
}

/// Protects the log's room: a file that would leave less than is reserved is refused, and so is one that the disk cannot
/// hold; neither leaves anything behind.
#[test]
fn a_full_disk_refuses_files_and_keeps_room_for_the_log() {
    let disk = SimDisk::new("/d");
    let reserving = files(&disk, 1_000);
    disk.set_room(Some(1_100));
    assert_eq!(reserving.put(&[7; 101]).err().map(|error| error.kind()), Some(io::ErrorKind::StorageFull));
    assert!(reserving.put(&[7; 100]).is_ok());
    let process = disk.process();
    disk.fail_write_after(0);
    assert!(files(&disk, 0).put(&[8; 100]).is_err());
    let below = path(&[8; 100]);
    assert!(process.list(below.parent().unwrap()).unwrap().iter().all(|name| !name.ends_with(BESIDE)));
}

/// Protects the sweep: what nothing names and what was half written goes, what the log names stays, what is missing is
/// said, and what has no name of ours is not touched.
#[test]
fn a_start_removes_what_nothing_names_and_says_what_is_missing() {
    let disk = SimDisk::new("/d");
    let store = files(&disk, 0);
    let (named, unnamed) = (store.put(b"named").unwrap().hash(), store.put(b"unnamed").unwrap().hash());
    let process = disk.process();
    let half = path(b"half").with_extension(BESIDE);
    create_folder(&*process, half.parent().unwrap()).unwrap();
    process.create(&half).unwrap();
    let foreign = half.with_file_name("notes.txt");
    process.create(&foreign).unwrap();
    process.create(&Path::new(FOLDER).join("README")).unwrap();

    let again = files(&disk, 0);
    let missing = file_hash(b"missing");
    let warnings = sweep(&again, [named, missing].iter()).unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains(&hex(&*missing)), "{warnings:?}");
    assert_eq!(again.damaged(), 1);
    assert!(again.read(&named, |_| true).is_ok());
    assert!(disk.contents(&path_of(Path::new(FOLDER), &unnamed)).is_none() && disk.contents(&half).is_none());
    assert!(disk.contents(&foreign).is_some());
}

/// Protects what `verify` says: how many were checked, which one is wrong, and how many are.
#[test]
fn a_check_names_what_is_missing_or_altered() {
    let disk = SimDisk::new("/d");
    let store = files(&disk, 0);
    let hashes: Vec<FileHash> = [b"1", b"2", b"3"].map(|bytes| store.put(bytes).unwrap().hash()).into();
    let process = disk.process();
    let checked = || check(&*process, Path::new(FOLDER), hashes.iter());
    assert_eq!(checked(), Ok(3));
    disk.corrupt(&path(b"2"), |bytes| bytes[0] = b'x');
    let damage = checked().unwrap_err();
    assert_eq!(damage.file, path(b"2"));
    assert!(damage.what.contains("are not those that the log names"), "{damage}");
    process.remove(&path(b"3")).unwrap();
    assert!(checked().unwrap_err().what.contains("of the 3 files that it names, 2 are missing or altered"));
}
