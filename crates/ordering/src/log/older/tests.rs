//! A log that begins behind a snapshot, and history that comes later, against a disk that dies at every operation.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use bytes::Bytes;
use exchange::units::Instant;
use exchange::{Body, Command, Entry};

use super::super::{Begin, Log, Recovered, Vote, Wanted, open};
use super::*;
use crate::cluster::ClusterId;
use crate::engine::batch::Builder;
use crate::error::StartError;
use crate::sim::SimDisk;
use crate::workers::{Threads, Workers};

/// How many records a log has that is whole.
const RECORDS: u64 = 60;

fn places() -> Places {
    Places {
        folder: PathBuf::from("/d/log"),
        marks: PathBuf::from("/d/engine"),
        cluster: ClusterId::of([7; 16]),
        segment_bytes: 8 << 10,
        memory_bytes: 1 << 10,
    }
}

fn batch_of(term: u64, index: u64, first: u64, count: u64) -> Record {
    let mut builder = Builder::new();
    for sequence in first..first + count {
        let command = Command::system(Body::AdmitMember { code: format!("M{sequence}"), name: "name ".repeat(20) });
        builder.push(&Entry { sequence: Sequence(sequence), at: Instant::from_us(1), command }, 10_000);
    }
    Record { id: LogId { term, index }, kind: Kind::Batch, payload: builder.finish(term).payload().clone() }
}

/// A log with a leader's first records, and one batch that is void.
fn all() -> Vec<Record> {
    let mut sequence = 1;
    let record = |index: u64| {
        let term = 1 + index / 25;
        match index % 25 {
            0 => Record { id: LogId { term, index }, kind: Kind::Blank, payload: Bytes::from_static(&[0x80]) },
            24 => batch_of(term, index, sequence + 9, 1),
            _ => {
                let batch = batch_of(term, index, sequence, 1 + index % 3);
                sequence += 1 + index % 3;
                batch
            }
        }
    };
    (0..RECORDS).map(record).collect()
}

/// The base of a log that begins behind this record.
fn base_at(records: &[Record]) -> Base {
    let mut tree = Tree::default();
    for record in records.iter().filter(|record| record.kind == Kind::Batch) {
        let due = Sequence(tree.leaves() + 1);
        if !batch::is_void(&record.payload, record.id.term, due).unwrap() {
            batch::entries(&record.payload).unwrap().for_each(|entry| tree.push(entry.unwrap()));
        }
    }
    let sequence = Sequence(tree.leaves());
    let log = records.last().unwrap().id;
    Base { log, sequence, tree, state_digest: [1; 32].into(), named: Some(vec![1, 2]), is_ready: false }
}

fn recover(disk: &SimDisk, covered: Option<LogId>) -> Result<Recovered, StartError> {
    let workers: Arc<dyn Workers> = Arc::new(Threads);
    let wanted = Wanted { covered, whole: true, keep: &|_, _| true, check: &|_| Ok(()), voter: 1 };
    open(disk.process(), &workers, places(), &wanted)
}

fn ask(ask: impl FnOnce(super::super::Done) -> io::Result<()>) -> io::Result<()> {
    let (tell, told) = channel();
    ask(Box::new(move |result| {
        let _ = tell.send(result);
    }))?;
    told.recv().map_err(io::Error::other)?
}

fn append(log: &Log, records: &[Record]) -> io::Result<()> {
    ask(|done| log.append(records.to_vec(), done))
}

/// Begins the log of a disk behind the record before this one, and appends those from there.
fn begin_at(disk: &SimDisk, log: &Log, base: Base) -> io::Result<()> {
    let process = disk.process();
    // Stands for the snapshot, which must be in its place before anything is built on it.
    let place = Box::new(move || {
        let path = Path::new("/d/placed");
        if !process.exists(path)? {
            process.create(path)?;
        }
        process.sync_folder(Path::new("/d"), SyncPoint::SnapshotName)
    });
    ask(|done| log.begin_at(Begin { base, applied: None, place }, done))
}

fn vote(log: &Log) -> io::Result<()> {
    ask(|done| log.save_vote(Vote { term: 9, node: 1, committed: true }, done))
}

fn read(log: &Log) -> Vec<Record> {
    log.read(0, u64::MAX, usize::MAX).unwrap()
}

/// Protects a node's history: what is fetched becomes one log with what came since, for those who read it now and for the
/// next start, and until then the log begins at its base.
#[test]
fn history_that_comes_later_makes_one_log() {
    let (records, disk) = (all(), SimDisk::new("/d"));
    let base = base_at(&records[..40]);
    let log = recover(&disk, None).unwrap().log;
    vote(&log).unwrap();
    begin_at(&disk, &log, base.clone()).unwrap();
    append(&log, &records[40..50]).unwrap();
    assert_eq!((read(&log), log.first()), (records[40..50].to_vec(), 40));
    assert_eq!(log.history_from(), Sequence(base.sequence.0 + 1));
    log.close();
    disk.lose_power(1);
    let covered = Some(base.log);
    let log = recover(&disk, covered).unwrap().log;
    assert_eq!(read(&log), records[40..50], "a start finds it as it was");
    let base = log.base().unwrap();
    let mut filling = Filling::open(disk.process(), places(), base.clone()).unwrap();
    filling.push(&records[..38]).unwrap();
    drop(filling);
    // Whole segments are gone on with.
    let mut filling = Filling::open(disk.process(), places(), base).unwrap();
    let next = usize::try_from(filling.next()).unwrap();
    assert!((1..38).contains(&next), "{next}");
    for some in records[next..40].chunks(4) {
        filling.push(some).unwrap();
    }
    assert!(filling.is_full());
    let older = filling.finish().unwrap();
    append(&log, &records[50..55]).unwrap();
    ask(|done| log.complete(older, done)).unwrap();
    append(&log, &records[55..]).unwrap();
    assert_eq!((read(&log), log.first(), log.history_from()), (records.clone(), 0, Sequence(1)));
    log.close();
    disk.lose_power(2);
    let log = recover(&disk, covered).unwrap().log;
    assert_eq!(read(&log), records);
    assert_eq!(log.base(), None);
    log.close();
}

/// Protects history from what is not of it: another entry, record or term is found at the latest when all is there, and what
/// came with it is not kept.
#[test]
fn what_is_not_the_history_is_not_believed() {
    let records = all();
    let base = Base { is_ready: true, ..base_at(&records[..40]) };
    let differs = |change: &dyn Fn(&mut Vec<Record>)| {
        let disk = SimDisk::new("/d");
        disk.process().create_folder(Path::new("/d/log")).unwrap();
        let mut changed = records[..40].to_vec();
        change(&mut changed);
        let mut filling = Filling::open(disk.process(), places(), base.clone()).unwrap();
        let taken = changed.chunks(7).try_for_each(|some| filling.push(some));
        let finished = taken.and_then(|()| filling.finish().map(drop));
        assert!(matches!(finished, Err(Unproven::Differs(_))), "{finished:?}");
        Filling::forget(&*disk.process(), &places(), &base).unwrap();
        assert_eq!(disk.process().list(Path::new("/d/log")).unwrap(), Vec::<String>::new());
    };
    differs(&|changed| changed[3] = batch_of(1, 3, 999, 1));
    differs(&|changed| changed[30].payload = changed[31].payload.clone());
    differs(&|changed| changed[39].id.term += 1);
    differs(&|changed| changed[12].id.term = 9);
    differs(&|changed| drop(changed.remove(20)));
    differs(&|changed| changed[5].payload = Bytes::from_static(b"nothing"));
}

/// Protects a folder from a power loss at any operation while its log begins behind a snapshot and its history comes: the next
/// start finds the one before or the one after, and it can always be gone on with.
#[test]
fn a_power_loss_at_any_operation_is_recovered() {
    let records = all();
    let base = base_at(&records[..40]);
    let mut deaths = 0;
    for end in 1.. {
        let disk = SimDisk::new("/d");
        let log = recover(&disk, None).unwrap().log;
        vote(&log).unwrap();
        disk.stop_after(end);
        let lived = live(&disk, &log, &records, &base);
        log.close();
        let died = disk.is_off();
        if died {
            disk.lose_power(end);
        } else {
            lived.unwrap_or_else(|error| panic!("{end}: {error}"));
            disk.kill();
        }
        deaths += u64::from(died);
        let placed = disk.contents(Path::new("/d/placed")).is_some();
        let begun = crate::log::Marks::read(&*disk.process(), &places().marks).unwrap().and_then(|marks| marks.base);
        assert!(placed || begun.as_ref().is_none_or(|base| !base.is_ready), "{end}: what it builds on is there");
        let first = disk.process().exists(&places().folder.join(name(40))).unwrap();
        let covered = (begun.is_some() || first).then_some(base.log);
        let log = recover(&disk, covered).unwrap_or_else(|error| panic!("{end}: {error}")).log;
        if log.base().is_none() && log.first() == 0 && read(&log).is_empty() {
            begin_at(&disk, &log, base.clone()).unwrap();
        }
        let there = log.extent().last.map_or(0, |last| last.index + 1).max(40);
        append(&log, &records[usize::try_from(there).unwrap()..]).unwrap();
        if let Some(base) = log.base() {
            let mut filling = Filling::open(disk.process(), places(), base).unwrap();
            while !filling.is_full() {
                let next = usize::try_from(filling.next()).unwrap();
                filling.push(&records[next..(next + 6).min(40)]).unwrap();
            }
            ask(|done| log.complete(filling.finish().unwrap(), done)).unwrap();
        }
        assert_eq!(read(&log), records, "{end}");
        log.close();
        disk.lose_power(end);
        let log = recover(&disk, Some(base.log)).unwrap_or_else(|error| panic!("{end}: {error}")).log;
        assert_eq!(read(&log), records, "{end}, after another loss");
        log.close();
        if !died {
            break;
        }
    }
    assert!(deaths > 20, "{deaths}");
}

/// All of it in one go.
fn live(disk: &SimDisk, log: &Log, records: &[Record], base: &Base) -> io::Result<()> {
    begin_at(disk, log, base.clone())?;
    append(log, &records[40..48])?;
    let base = log.base().ok_or_else(|| io::Error::other("it has begun"))?;
    let mut filling = Filling::open(disk.process(), places(), base)?;
    for some in records[..40].chunks(6) {
        filling.push(some).map_err(|error| io::Error::other(format!("{error:?}")))?;
    }
    let older = filling.finish().map_err(|error| io::Error::other(format!("{error:?}")))?;
    ask(|done| log.complete(older, done))?;
    append(log, &records[48..])
}
