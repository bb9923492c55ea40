//! A log that was altered: `verify` finds it and says where.

mod kit;

use std::fs;
use std::io::BufRead;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use ordering::{Damage, Verified};
use serde_json::json;
use tempfile::TempDir;

use kit::process::{Running, run, text};
use kit::random::Random;
use kit::venue::{Settings, Venue};

const SECTOR: usize = 512;
const HEADER: usize = 40;
const TRAILER: usize = 8;
/// In how many places of each payload, and of each stretch of zeros, a byte is altered.
const SAMPLES: usize = 4;
/// In how many places all over the log a byte is altered, besides.
const ANYWHERE: usize = 50;

/// Files of a member.
const FILES: [&[u8]; 2] = [b"%PDF-1.7 a contract", b"%PDF-1.7 an analysis"];

/// A copy of the data folder of a node that was stopped, with a log of at least two segments.
fn stopped() -> TempDir {
    static ORIGINAL: OnceLock<PathBuf> = OnceLock::new();
    let copy = tempfile::tempdir().unwrap();
    kit::copy(ORIGINAL.get_or_init(make), copy.path());
    copy
}

/// Makes the one that is copied, where the tests of the last run left theirs.
fn make() -> PathBuf {
    let mut venue = Venue::make(Settings { traders: 2, snapshot_on_stop_from: 1_000_000, ..Settings::default() });
    let bidding = json!({"start_price": "1.00", "step": "0.01", "margin_rate": "0.2"});
    let terms = json!({"bidding": bidding, "lots": [{"code": "1", "quantity": "1"}]});
    let mut lead = Duration::from_secs(1);
    let auction = loop {
        match venue.announce(&terms, lead, Duration::from_secs(86_400)) {
            Some(auction) => break auction,
            None => lead *= 2,
        }
    };
    venue.wait_for(auction, "running");
    let path = format!("/api/v1/auctions/{auction}/lots/1/bids");
    for fen in 100.. {
        let trader = ["b1-trader", "b2-trader"][fen % 2];
        venue.done(trader, &path, &json!({"price": format!("{}.{:02}", fen / 100, fen % 100)}));
        if segments(&venue.data()).len() >= 2 {
            break;
        }
    }
    for bytes in FILES {
        venue.upload("s-manager", bytes, "application/pdf");
    }
    venue.stop();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tamper");
    if kept.exists() {
        fs::remove_dir_all(&kept).unwrap();
    }
    kit::copy(&venue.data(), &kept);
    kept
}

fn segments(data: &Path) -> Vec<PathBuf> {
    let mut files = kit::files(&data.join("log"));
    files.retain(|path| path.extension().is_some_and(|extension| extension == "seg"));
    files.sort();
    files
}

fn verify(data: &Path) -> Result<Verified, Damage> {
    ordering::verify(data, &ordering::default_secrets(data), &mut |_| {})
}

/// The places of the records of a segment; behind the last there are zeros.
fn records(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut records = Vec::new();
    let mut at = SECTOR;
    loop {
        if at % SECTOR + HEADER > SECTOR {
            at = at.next_multiple_of(SECTOR);
        }
        let Some(length) = bytes.get(at..at + 4) else { return records };
        let length = u32::from_le_bytes(length.try_into().unwrap()) as usize;
        if length == 0 {
            return records;
        }
        let end = at + HEADER + length.next_multiple_of(8) + TRAILER;
        records.push(at..end);
        at = end;
    }
}

/// Alters one byte, verifies, and puts the byte back. What is found must lie in `within` or before the byte in it.
fn alter(data: &Path, path: &Path, bytes: &mut [u8], at: usize, mask: u8, within: &Range<usize>) {
    assert_ne!(mask, 0);
    bytes[at] ^= mask;
    write_byte(path, at, bytes[at]);
    let found = verify(data);
    bytes[at] ^= mask;
    write_byte(path, at, bytes[at]);
    let damage = found.expect_err(&format!("byte {at} of {} was altered by {mask:#x}", path.display()));
    assert_eq!(damage.file, path, "byte {at} was altered by {mask:#x}: {damage}");
    assert!(within.contains(&(damage.offset as usize)), "byte {at} was altered by {mask:#x}, in {within:?}: {damage}");
}

fn write_byte(path: &Path, at: usize, byte: u8) {
    use std::os::unix::fs::FileExt;
    fs::OpenOptions::new().write(true).open(path).unwrap().write_all_at(&[byte], at as u64).unwrap();
}

/// Protects the log against every byte: headers, each field of a record, payloads, what pads them, what is zero, and the
/// signed head, each found with its file and its place.
#[test]
fn a_byte_that_was_altered_is_found() {
    let _alone = kit::alone();
    let folder = stopped();
    let data = folder.path();
    let whole = verify(data).unwrap();
    assert_eq!((whole.signed, &whole.torn), (Some(whole.sequence), &None), "a graceful stop signs for everything");
    let mut random = Random::new(7);
    let mut tried = 0;
    for path in segments(data) {
        let mut bytes = fs::read(&path).unwrap();
        let records = records(&bytes);
        let end = records.last().unwrap().end;
        let header = 0..SECTOR;
        let body = 24 + u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
        let mut places: Vec<(usize, Range<usize>)> = (0..24).map(|at| (at, header.clone())).collect();
        places.extend((24..body).step_by(7).chain([body, SECTOR - 1]).map(|at| (at, header.clone())));
        for record in [&records[0], &records[records.len() / 2], &records[records.len() - 1]] {
            let payload = record.start + HEADER..record.end - TRAILER;
            places.extend((record.start..payload.start).map(|at| (at, record.clone())));
            places.extend((0..SAMPLES).map(|_| (payload.start + random.below(payload.len()), record.clone())));
            places.extend((payload.end - 8..record.end).map(|at| (at, record.clone())));
        }
        for pair in records.windows(2).filter(|pair| pair[0].end < pair[1].start).take(SAMPLES) {
            places.push((pair[0].end + random.below(pair[1].start - pair[0].end), pair[0].end..pair[1].start));
        }
        for at in [end, end + 1, end + HEADER, bytes.len() - 1] {
            places.push((at.min(bytes.len() - 1), end..bytes.len()));
        }
        places.extend((0..SAMPLES).map(|_| (end + random.below(bytes.len() - end), end..bytes.len())));
        for (at, within) in places {
            alter(data, &path, &mut bytes, at, 1 << random.below(8), &within);
            tried += 1;
        }
        for _ in 0..ANYWHERE {
            let at = random.below(bytes.len());
            let within = records.iter().find(|record| record.contains(&at)).cloned().unwrap_or(0..bytes.len());
            alter(data, &path, &mut bytes, at, 1 + random.below(255) as u8, &within);
            tried += 1;
        }
    }
    for name in ["head", "cluster", "engine"] {
        let path = data.join(name);
        let mut bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let whole = 0..bytes.len();
            alter(data, &path, &mut bytes, at, 1 << random.below(8), &whole);
            tried += 1;
        }
    }
    assert_eq!(verify(data).unwrap(), whole, "every byte is back");
    println!("{tried} alterations of {} entries were found", whole.sequence);
}

/// Protects what the program says and how it ends, for some of the same.
#[test]
fn the_program_names_file_and_place() {
    let _alone = kit::alone();
    let folder = stopped();
    let data = folder.path();
    assert_eq!(run(&["verify", text(data)]).status.code(), Some(0));
    let mut random = Random::new(11);
    let mut places: Vec<(PathBuf, usize)> = segments(data).into_iter().map(|path| (path, 100)).collect();
    for path in segments(data) {
        let records = records(&fs::read(&path).unwrap());
        places.push((path, records[random.below(records.len())].start + HEADER + 3));
    }
    places.push((data.join("head"), 60));
    for (path, at) in places {
        let before = fs::read(&path).unwrap()[at];
        write_byte(&path, at, before ^ 0x20);
        let output = run(&["verify", text(data)]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len(), message.lines().count()), (Some(1), 0, 1), "{message}");
        assert!(message.contains(&format!("{} at byte ", path.display())), "{message}");
        write_byte(&path, at, before);
    }
    assert_eq!(run(&["verify", text(data)]).status.code(), Some(0));
}

/// Protects against whoever knows the format: an entry rewritten with a good checksum is found by the signed head, at the latest
/// there, by `verify` and, without a snapshot that covers it, by the start.
#[test]
fn an_entry_that_was_rewritten_is_found() {
    let _alone = kit::alone();
    let folder = stopped();
    let data = folder.path();
    for snapshot in kit::files(&data.join("snapshots")) {
        fs::remove_file(snapshot).unwrap();
    }
    let path = segments(data).remove(0);
    let original = fs::read(&path).unwrap();
    // The code of a member is text in the entry that admits it, so another letter is as canonical.
    let code = original.windows(3).position(|window| window == b"\x62B2").unwrap() + 2;
    let record = records(&original).into_iter().find(|record| record.contains(&code)).unwrap();
    let mut bytes = original.clone();
    bytes[code] = b'7';
    let length = u32::from_le_bytes(bytes[record.start..record.start + 4].try_into().unwrap()) as usize;
    let payload = record.start + HEADER..record.start + HEADER + length;
    let checksum = crc32c(&bytes[payload]);
    bytes[record.start + 4..record.start + 8].copy_from_slice(&checksum.to_le_bytes());
    // The checksum of a header begins with the segment's salt, the last 8 bytes of the body of the first sector.
    let body = 24 + u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let salted = [&bytes[body - 8..body], &bytes[record.start..record.start + 36]].concat();
    let checksum = crc32c(&salted);
    bytes[record.start + 36..record.start + 40].copy_from_slice(&checksum.to_le_bytes());
    fs::write(&path, &bytes).unwrap();
    let damage = verify(data).unwrap_err();
    assert!(damage.what.contains("the hash over all entries up to entry"), "{damage}");
    let output = run(&["dev", "--no-bots", "--listen", "127.0.0.1:0", "--data", text(data)]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("does not give what was signed for entry"), "{message}");
    fs::write(&path, &original).unwrap();
    verify(data).unwrap();
}

/// Protects against history that is cut short behind the signed head: neither `verify` nor a start accepts it, and the start
/// changes nothing.
#[test]
fn history_that_was_cut_short_is_found() {
    let _alone = kit::alone();
    let folder = stopped();
    let data = folder.path();
    let before = verify(data).unwrap();
    let path = segments(data).pop().unwrap();
    let original = fs::read(&path).unwrap();
    let last = records(&original).pop().unwrap();
    for shorter in [zeroed(&original, last.start), original[..last.start].to_vec()] {
        fs::write(&path, &shorter).unwrap();
        let damage = verify(data).unwrap_err();
        let message = damage.to_string();
        assert!(message.contains(&format!("but this was made at entry {}", before.sequence)), "{message}");
        let output = run(&["dev", "--no-bots", "--listen", "127.0.0.1:0", "--data", text(data)]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("but a head was signed for entry"), "{message}");
    }
    // A whole segment that is gone is no different.
    fs::remove_file(&path).unwrap();
    assert!(verify(data).is_err());
    let output = run(&["dev", "--no-bots", "--listen", "127.0.0.1:0", "--data", text(data)]);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(&path, &original).unwrap();
    assert_eq!(verify(data).unwrap(), before);
}

/// Protects against history that is cut short together with the signed head that would show it: the program says what is
/// missing and by which option an operator goes on without it, and that one works.
#[test]
fn history_without_its_head_or_its_marks_is_refused() {
    let _alone = kit::alone();
    for (name, option) in [("head", "--accept-missing-head"), ("engine", "--accept-missing-engine")] {
        let folder = stopped();
        let data = folder.path();
        fs::remove_file(data.join(name)).unwrap();
        let output = run(&["verify", text(data)]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.contains(text(&data.join(name))) && message.contains(option), "{message}");
        let config = folder.path().join("bayan.toml");
        let listen = "listen = \"127.0.0.1:0\"\nmetrics_listen = \"127.0.0.1:0\"";
        let toml = format!("[node]\ndata = {data:?}\n[http]\n{listen}\n[log]\nformat = \"json\"\n");
        fs::write(&config, toml).unwrap();
        let output = run(&["serve", "--config", text(&config)]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(option) && message.contains("nothing was changed"), "{message}");
        let output = run(&["verify", text(data), option]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(said.contains("signed   nothing"), name == "head", "{said}");
        let mut serving = Running::start(&["serve", "--config", text(&config), option]);
        serving.log_line("ready");
        serving.stop();
        assert_eq!(run(&["verify", text(data)]).status.code(), Some(0));
    }
}

/// Protects files: the program says how many it checked, and names one that is altered, cut or gone; the node says so too, and
/// serves.
#[test]
fn a_file_that_is_altered_or_gone_is_named() {
    let _alone = kit::alone();
    let folder = stopped();
    let data = folder.path();
    let said = |output: &std::process::Output| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, whole) = said(&run(&["verify", text(data)]));
    assert!(code == Some(0) && whole.contains("files    2 checked\n"), "{whole}");
    let name: String = ordering::file_hash(FILES[0]).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = data.join("files").join(&name[..2]).join(&name);
    for change in [Some(&FILES[0][1..]), Some(b"".as_slice()), Some(FILES[1]), None] {
        match change {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let (code, message) = said(&run(&["verify", text(data)]));
        let what = if change.is_some() { "are not those that the log names" } else { "this file is missing" };
        assert!(code == Some(1) && message.contains(text(&path)) && message.contains(what), "{message}");
    }
    let config = data.join("bayan.toml");
    let listen = "listen = \"127.0.0.1:0\"\nmetrics_listen = \"127.0.0.1:0\"";
    fs::write(&config, format!("[node]\ndata = {data:?}\n[http]\n{listen}\n[log]\nformat = \"json\"\n")).unwrap();
    let mut serving = Running::start(&["serve", "--config", text(&config)]);
    let mut lines = std::io::BufReader::new(serving.standard_error()).lines().map(Result::unwrap);
    let mut told = Vec::new();
    while !told.last().is_some_and(|line: &String| line.contains("\"ready\"")) {
        told.push(lines.next().unwrap_or_else(|| panic!("it is not ready: {told:#?}")));
    }
    let missing = format!("the log names file {name}, which is missing");
    assert!(told.iter().any(|line| line.contains(&missing) && line.contains("ERROR")), "{told:#?}");
    serving.stop();
    fs::write(&path, FILES[0]).unwrap();
    assert_eq!(said(&run(&["verify", text(data)])).0, Some(0), "put back it is whole again");
}

fn zeroed(bytes: &[u8], from: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[from..].fill(0);
    bytes
}

/// CRC-32C, bit by bit.
fn crc32c(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg());
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
