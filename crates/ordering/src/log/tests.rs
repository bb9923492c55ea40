//! The log against a disk that loses, tears, fails and fills up.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::channel;

use bytes::Bytes;

use super::record::{self, HEADER, Kind, LogId, Record};
use super::segment::FIRST;
use super::{Log, Places, Recovered, Vote, Wanted, open};
use crate::cluster::ClusterId;
use crate::disk::SyncPoint;
use crate::error::StartError;
use crate::sim::SimDisk;
use crate::workers::{Threads, Workers};

const SEGMENT: u64 = 8 << 10;

fn places() -> Places {
    Places {
        folder: PathBuf::from("/d/log"),
        marks: PathBuf::from("/d/engine"),
        cluster: ClusterId::of([7; 16]),
        segment_bytes: SEGMENT,
        memory_bytes: 1 << 10,
    }
}

fn recover(disk: &SimDisk) -> Result<Recovered, StartError> {
    recover_behind(disk, None)
}

fn recover_behind(disk: &SimDisk, covered: Option<LogId>) -> Result<Recovered, StartError> {
    let workers: Arc<dyn Workers> = Arc::new(Threads);
    open(
        disk.process(),
        &workers,
        places(),
        &Wanted { covered, whole: false, keep: &|_, _| true, check: &|_| Ok(()), voter: 1 },
    )
}

fn record(term: u64, index: u64, length: usize) -> Record {
    let payload = Bytes::from(vec![u8::try_from(index % 251).unwrap() + 1; length]);
    Record { id: LogId { term, index }, kind: Kind::Batch, payload }
}

/// Appends and waits.
fn append(log: &Log, records: Vec<Record>) -> std::io::Result<()> {
    let (tell, told) = channel();
    log.append(records, Box::new(move |result| tell.send(result).unwrap()))?;
    told.recv().unwrap()
}

fn truncate(log: &Log, from: u64) -> std::io::Result<()> {
    let (tell, told) = channel();
    log.truncate(from, Box::new(move |result| tell.send(result).unwrap()))?;
    told.recv().unwrap()
}

fn vote(log: &Log, term: u64) -> std::io::Result<()> {
    let (tell, told) = channel();
    let vote = Vote { term, node: 1, committed: true };
    log.save_vote(vote, Box::new(move |result| tell.send(result).unwrap()))?;
    told.recv().unwrap()
}

fn all(log: &Log) -> Vec<Record> {
    log.read(0, u64::MAX, usize::MAX).unwrap()
}

fn first_segment() -> PathBuf {
    PathBuf::from("/d/log/00000000000000000000.seg")
}

/// Protects that what was appended can be read, from memory, from the disk, and after a restart, over many segments.
#[test]
fn gives_back_what_was_appended() {
    let disk = SimDisk::new("/d");
    let log = recover(&disk).unwrap().log;
    let records: Vec<Record> =
        (0..200).map(|index| record(1 + index / 50, index, 1 + index as usize * 7 % 900)).collect();
    for lot in records.chunks(7) {
        append(&log, lot.to_vec()).unwrap();
    }
    assert_eq!(all(&log), records);
    assert_eq!(log.read(17, 23, usize::MAX).unwrap(), records[17..23]);
    assert_eq!(log.read(17, 200, 0).unwrap(), records[17..18], "at least one");
    log.close();
    disk.lose_power(1);
    let found = recover(&disk).unwrap();
    assert!(found.torn.is_none());
    assert_eq!(all(&found.log), records);
    assert!(found.log.metrics().segments > 10);
    let covered = records[120].id;
    found.log.close();
    disk.kill();
    let found = recover_behind(&disk, Some(covered)).unwrap();
    assert_eq!(all(&found.log), records[121..], "what a snapshot covers is not read");
    append(&found.log, vec![record(9, 200, 10)]).unwrap();
}

/// Protects that a byte changed anywhere in the log is damage with its place, and never taken for a torn write.
#[test]
fn a_byte_changed_anywhere_is_damage() {
    let disk = SimDisk::new("/d");
    let log = recover(&disk).unwrap().log;
    for index in 0..6 {
        append(&log, vec![record(1, index, 100 + 300 * index as usize)]).unwrap();
    }
    let records = all(&log);
    log.close();
    disk.kill();
    let path = first_segment();
    let length = disk.contents(&path).unwrap().len();
    // The bytes of a record's header that no other check covers are covered by its checksum.
    for at in (0..length).step_by(3) {
        for bit in [0x01, 0x80] {
            disk.corrupt(&path, |bytes| bytes[at] ^= bit);
            match recover(&disk) {
                Err(StartError::Damage(damage)) => {
                    assert_eq!(damage.file, path);
                    assert!(damage.offset <= at as u64 + 16, "{at}: {damage}");
                }
                Err(other) => panic!("{at}: {other}"),
                Ok(_) => panic!("{at}: not seen"),
            }
            disk.corrupt(&path, |bytes| bytes[at] ^= bit);
            disk.kill();
        }
    }
    assert_eq!(all(&recover(&disk).unwrap().log), records);
}

/// Protects the rule of the torn last write: whatever whole sectors of it are missing, it is cut and said, what came
/// before is there, and the log goes on behind it.
#[test]
fn a_torn_last_write_is_cut_and_said() {
    for lost in 1..64_u32 {
        let disk = SimDisk::new("/d");
        let log = recover(&disk).unwrap().log;
        append(&log, vec![record(1, 0, 300)]).unwrap();
        let before = disk.contents(&first_segment()).unwrap();
        append(&log, vec![record(1, 1, 700), record(1, 2, 20), record(1, 3, 900), record(1, 4, 700)]).unwrap();
        let written = disk.contents(&first_segment()).unwrap();
        log.close();
        disk.kill();
        let sector = |at: usize| at * 512..at * 512 + 512;
        let touched: Vec<usize> = (0..16).filter(|at| before[sector(*at)] != written[sector(*at)]).collect();
        assert_eq!(touched.len(), 6);
        disk.corrupt(&first_segment(), |bytes| {
            for (place, at) in touched.iter().enumerate().filter(|(place, _)| lost & (1 << place) != 0) {
                let _ = place;
                bytes[sector(*at)].copy_from_slice(&before[sector(*at)]);
            }
        });
        let found = recover(&disk).unwrap();
        let kept = all(&found.log);
        assert!(
            kept.len() < 5
                && kept[..]
                    == (0..kept.len() as u64)
                        .map(|index| match index {
                            0 => record(1, 0, 300),
                            1 => record(1, 1, 700),
                            2 => record(1, 2, 20),
                            _ => record(1, 3, 900),
                        })
                        .collect::<Vec<_>>()[..],
            "{lost:b}"
        );
        assert!(found.torn.is_some() || lost == 0b11_1111, "{lost:b}");
        append(&found.log, vec![record(2, kept.len() as u64, 50)]).unwrap();
        found.log.close();
        disk.lose_power(u64::from(lost));
        assert_eq!(all(&recover(&disk).unwrap().log).len(), kept.len() + 1);
    }
}

/// Protects a torn write from what is in it: bytes that a member sent and that look like the header of a later write do not
/// make damage of it, since nobody outside knows the segment's salt.
#[test]
fn a_header_that_a_member_sent_does_not_count() {
    let mut forged = [0; HEADER];
    forged[0..4].copy_from_slice(&8_u32.to_le_bytes());
    forged[24..28].copy_from_slice(&6_000_u32.to_le_bytes());
    forged[28] = Kind::Batch as u8;
    forged[32..36].copy_from_slice(&7_000_u32.to_le_bytes());
    let crc = crc32c::crc32c(&forged[..36]);
    forged[36..].copy_from_slice(&crc.to_le_bytes());

    let disk = SimDisk::new("/d");
    let log = recover(&disk).unwrap().log;
    append(&log, vec![record(1, 0, 300)]).unwrap();
    let before = disk.contents(&first_segment()).unwrap();
    let payload = Bytes::from(forged.repeat(60));
    append(&log, vec![Record { id: LogId { term: 1, index: 1 }, kind: Kind::Batch, payload }]).unwrap();
    let written = disk.contents(&first_segment()).unwrap();
    log.close();
    disk.kill();
    let first = before.iter().zip(&written).position(|(before, after)| before != after).unwrap() / 512 * 512;
    disk.corrupt(&first_segment(), |bytes| bytes[first..first + 512].copy_from_slice(&before[first..first + 512]));
    let found = recover(&disk).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.torn.is_some());
    assert_eq!(all(&found.log), [record(1, 0, 300)]);
}

/// Protects that each segment has a salt of its own, which a node keeps over a restart.
#[test]
fn each_segment_has_its_own_salt() {
    let disk = SimDisk::new("/d");
    let log = recover(&disk).unwrap().log;
    for index in 0..40 {
        append(&log, vec![record(1, index, 900)]).unwrap();
    }
    log.close();
    disk.kill();
    let found = recover(&disk).unwrap();
    assert_eq!(all(&found.log).len(), 40);
    let salts: std::collections::BTreeSet<[u8; 8]> = disk
        .process()
        .list(&places().folder)
        .unwrap()
        .iter()
        .filter(|name| super::segment::first_of(name).is_some())
        .map(|name| disk.contents(&places().folder.join(name)).unwrap())
        .map(|bytes| *super::segment::SegmentHeader::decode(&bytes).unwrap().salt)
        .collect();
    assert_eq!(salts.len() as u64, found.log.metrics().segments);
}

/// Protects that a log cut short in its last record goes on, and one cut short anywhere else is damage.
#[test]
fn a_file_cut_short_is_told_from_damage() {
    let disk = SimDisk::new("/d");
    let log = recover(&disk).unwrap().log;
    append(&log, vec![record(1, 0, 300)]).unwrap();
    append(&log, vec![record(1, 1, 300)]).unwrap();
    log.close();
    disk.kill();
    disk.corrupt(&first_segment(), |bytes| bytes.truncate(FIRST + record::size(300) + HEADER + 10));
    let found = recover(&disk).unwrap();
    assert!(found.torn.is_some());
    assert_eq!(all(&found.log), [record(1, 0, 300)]);
    for index in 1..60 {
        append(&found.log, vec![record(2, index, 300)]).unwrap();
    }
    found.log.close();
    disk.kill();
    disk.corrupt(&first_segment(), |bytes| bytes.truncate(4096));
    assert!(matches!(recover(&disk), Err(StartError::Damage(_))));
}

/// Protects that zeros where a synced record was are not taken for the end of the log, or for a torn write.
#[test]
fn a_hole_is_damage() {
    let disk = SimDisk::new("/d");
    let log = recover(&disk).unwrap().log;
    for index in 0..4 {
        append(&log, vec![record(1, index, 1000)]).unwrap();
    }
    log.close();
    disk.kill();
    for sector in 1..8 {
        let kept = disk.contents(&first_segment()).unwrap();
        disk.corrupt(&first_segment(), |bytes| bytes[sector * 512..sector * 512 + 512].fill(0));
        assert!(matches!(recover(&disk), Err(StartError::Damage(_))), "{sector}");
        disk.kill();
        disk.corrupt(&first_segment(), |bytes| *bytes = kept);
    }
}

/// Protects "a failed fsync is never repeated as if nothing had happened": the log takes nothing more, what was answered
/// is there after a restart, and what was not may be there or not, but whole.
#[test]
fn a_failing_disk_fails_the_log_for_good() {
    let ways: [fn(&SimDisk); 3] =
        [|disk| disk.fail_sync_after(0), |disk| disk.fail_write_after(0), |disk| disk.set_room(Some(0))];
    for (number, fail) in ways.into_iter().enumerate() {
        // Less than half full, so that no segment is being made ready that could meet the failure instead.
        let before = 2;
        let disk = SimDisk::new("/d");
        let log = recover(&disk).unwrap().log;
        for index in 0..before {
            append(&log, vec![record(1, index, 900)]).unwrap();
        }
        fail(&disk);
        let failed = (before..20).position(|index| append(&log, vec![record(1, index, 900)]).is_err());
        let failed = failed.expect("the failure is told") as u64;
        disk.set_room(None);
        assert!(append(&log, vec![record(1, before + failed + 1, 10)]).is_err(), "nothing more is taken");
        assert!(log.failed().is_some());
        assert!(all(&log).len() as u64 >= before, "reads go on");
        drop(log);
        disk.lose_power(number as u64);
        let found = recover(&disk).unwrap();
        let kept = all(&found.log);
        assert!(kept.len() as u64 >= before + failed, "what was answered is there");
        append(&found.log, vec![record(2, kept.len() as u64, 10)]).unwrap();
    }
}

/// Protects a truncation, which a change of leaders needs: whatever is left of it by a power loss at any moment, the
/// log is whole, what was to stay is there, and a truncation that was answered is done.
#[test]
fn a_truncation_survives_a_power_loss_at_any_moment() {
    let mut cut_short = 0;
    for stop in 1..60 {
        let disk = SimDisk::new("/d");
        let log = recover(&disk).unwrap().log;
        let records: Vec<Record> = (0..40).map(|index| record(1, index, 600)).collect();
        for lot in records.chunks(4) {
            append(&log, lot.to_vec()).unwrap();
        }
        disk.stop_after(stop);
        let done = truncate(&log, 9).is_ok();
        let again = done && append(&log, vec![record(2, 9, 33)]).is_ok();
        drop(log);
        disk.lose_power(stop);
        let found = recover(&disk).unwrap_or_else(|error| panic!("{stop}: {error}"));
        let kept = all(&found.log);
        assert_eq!(kept[..9], records[..9]);
        if again {
            assert_eq!(kept[9..], [record(2, 9, 33)]);
        } else if done {
            assert!(kept.len() == 9 || kept[9..] == [record(2, 9, 33)], "{stop}");
        } else {
            assert!(kept.len() == 9 || kept[..] == records[..kept.len()], "{stop}");
            cut_short += 1;
        }
        append(&found.log, vec![record(3, kept.len() as u64, 700)]).unwrap();
    }
    assert!(cut_short > 5, "some power losses come in the middle of it: {cut_short}");
}

/// Whether a log whose truncation has ended is still as it was answered after a power loss.
fn truncated_and_lost(seed: u64, ignored: Option<SyncPoint>) -> bool {
    let disk = SimDisk::new("/d");
    let log = recover(&disk).unwrap().log;
    let records: Vec<Record> = (0..40).map(|index| record(1, index, 600)).collect();
    for lot in records.chunks(4) {
        append(&log, lot.to_vec()).unwrap();
    }
    disk.ignore(ignored);
    truncate(&log, 3).unwrap();
    drop(log);
    disk.lose_power(seed);
    recover(&disk).is_ok_and(|found| found.torn.is_none() && all(&found.log) == records[..3])
}

/// Whether what recovery read of a killed process's last write is still there when others have built on it.
fn recovered_and_lost(seed: u64, ignored: Option<SyncPoint>) -> bool {
    let disk = SimDisk::new("/d");
    let log = recover(&disk).unwrap().log;
    append(&log, vec![record(1, 0, 3_000)]).unwrap();
    // Killed between the write and its sync.
    disk.stop_after(1);
    assert!(append(&log, vec![record(1, 1, 4_500)]).is_err());
    drop(log);
    disk.kill();
    disk.ignore(ignored);
    let found = recover(&disk).unwrap();
    let kept = all(&found.log);
    assert_eq!(kept.len(), 2);
    // The next record needs a segment of its own, so that its sync does not help.
    append(&found.log, vec![record(2, 2, 1_000)]).unwrap();
    drop(found);
    disk.lose_power(seed);
    recover(&disk).is_ok_and(|found| all(&found.log).len() == 3)
}

/// Protects the three syncs that a node of a cluster of one hardly meets: each is missed when it is left out.
#[test]
fn leaving_out_a_rare_sync_is_seen() {
    for seed in 0..20 {
        assert!(truncated_and_lost(seed, None) && recovered_and_lost(seed, None), "{seed}");
    }
    for point in [SyncPoint::TruncatedData, SyncPoint::TruncatedName] {
        assert!((0..20).any(|seed| !truncated_and_lost(seed, Some(point))), "nobody misses {point:?}");
    }
    let point = SyncPoint::Recovered;
    assert!((0..20).any(|seed| !recovered_and_lost(seed, Some(point))), "nobody misses {point:?}");
}

/// Protects the vote: a node that has voted has voted, whenever the power goes.
#[test]
fn a_vote_that_was_kept_stays() {
    for seed in 0..40 {
        let disk = SimDisk::new("/d");
        let log = recover(&disk).unwrap().log;
        vote(&log, 1).unwrap();
        disk.stop_after(seed % 8 + 1);
        let second = vote(&log, 2).is_ok();
        drop(log);
        disk.lose_power(seed);
        let found = recover(&disk).unwrap().log.vote().unwrap();
        assert!(found.term == 2 || (found.term == 1 && !second));
    }
}

/// Protects the names of segments, which must sort as their indexes do.
#[test]
fn names_of_segments_are_read_back() {
    assert_eq!(super::segment::first_of(&super::segment::name(42)), Some(42));
    for name in ["spare.new", "1.seg", "0000000000000000000a.seg", "00000000000000000001.seg.new"] {
        assert_eq!(super::segment::first_of(name), None);
    }
}
