use std::path::{Path, PathBuf};
use std::time::Duration;

use exchange::files::{FileKind, Owner};
use exchange::units::MemberId;
use exchange::{Body, Command};

use super::*;
use crate::config::Accept;
use crate::disk::SyncPoint;
use crate::history::{replay_on, verify_on};
use crate::sim::{SimDisk, SimNetwork};
use crate::{ClusterAct, ClusterConfig, Config, Node, Seams, prepare};

const DATA: &str = "/d/data";
const TO: &str = "/d/backup";
const KEYS: &str = "/d/keys";
const FILE: &[u8] = b"what a member handed in";

fn config(data: &str) -> Config {
    Config {
        files_reserve_bytes: 0,
        segment_bytes: 8 << 10,
        batch_bytes_max: 2 << 10,
        snapshot_every: 16,
        ..Config::new(data)
    }
}

async fn start(disk: &SimDisk, config: Config) -> Node {
    let seams = Seams { disk: disk.process(), ..Seams::default() };
    Node::start(config, seams, Vec::new()).await.expect("the node starts")
}

fn admit(number: u64) -> Command {
    Command::system(Body::AdmitMember { code: format!("M{number}"), name: format!("Member number {number:0>80}") })
}

/// Admits members, many at once, so that batches have several entries; all of it is signed for afterwards.
async fn fill(node: &Node, numbers: std::ops::RangeInclusive<u64>) -> Sequence {
    for reply in futures_util::future::join_all(numbers.map(|number| node.submit(admit(number)))).await {
        reply.unwrap().outcome.unwrap();
    }
    let last = node.sequence();
    node.head(last).await.unwrap();
    last
}

async fn keep_file(node: &Node) {
    let kept = node.keep_file(FILE, |hash| {
        let (owner, size) = (Owner::Member(MemberId(1)), u32::try_from(FILE.len()).unwrap());
        Command::system(Body::KeepFile { hash, size, kind: FileKind::Pdf, owner, name: None })
    });
    kept.await.unwrap().outcome.unwrap();
    node.head(node.sequence()).await.unwrap();
}

fn back_up_to(disk: &SimDisk, data: &str, to: &str) -> Result<BackedUp, BackupError> {
    let (data, to) = (Path::new(data), Path::new(to));
    let (secrets, secrets_to) = (crate::default_secrets(data), PathBuf::from(KEYS));
    backup(&Backup { data, secrets: &secrets, to, secrets_to: &secrets_to, seal: None }, &disk.process())
}

fn restore_from(disk: &SimDisk, from: &str, data: &str, until: Until) -> Result<Restored, BackupError> {
    let data = Path::new(data);
    let secrets = crate::default_secrets(data);
    let asked = Restore {
        from: Path::new(from),
        secrets_from: Path::new(KEYS),
        data,
        secrets: &secrets,
        until,
        open: None,
        now: Instant::from_us(1_800_000_000_000_000),
    };
    restore(&asked, &disk.process())
}

fn digest_at(disk: &SimDisk, sequence: Sequence) -> (Instant, [u8; 32]) {
    let data = Path::new(DATA);
    let exchange = replay_on(&disk.process(), data, &crate::default_secrets(data), Some(sequence), &mut |_| true);
    let mut exchange = exchange.unwrap();
    assert_eq!(exchange.sequence(), sequence);
    (exchange.now(), exchange.digest())
}

fn verified(disk: &SimDisk, data: &str) -> crate::Verified {
    let data = Path::new(data);
    verify_on(&disk.process(), data, &crate::default_secrets(data), Accept::default(), &mut |_| ()).unwrap()
}

/// Protects what a backup is for: from copies made while the node went on, the folder as it was after each single entry, in the
/// middle of a batch too, with the digest that the original had there; it verifies, and a node goes on from it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_made_as_it_was_after_any_entry() {
    let disk = SimDisk::new("/d");
    let node = start(&disk, config(DATA)).await;
    fill(&node, 1..=20).await;
    let first = back_up_to(&disk, DATA, TO).unwrap();
    keep_file(&node).await;
    let last = fill(&node, 21..=60).await;
    let second = back_up_to(&disk, DATA, TO).unwrap();
    assert_eq!((first.sequence, first.files, second.sequence, second.files), (Sequence(20), 0, last, 1));
    assert!(first.damaged.is_empty() && second.damaged.is_empty());
    assert_eq!(back_up_to(&disk, DATA, TO).unwrap().new_bytes, 0, "nothing is kept twice");
    node.stop().await;

    for entry in 1..=last.0 {
        let (entry, data) = (Sequence(entry), format!("/d/restored-{entry}"));
        let made = restore_from(&disk, TO, &data, Until::Entry(entry)).unwrap();
        let (at, digest) = digest_at(&disk, entry);
        assert_eq!((made.sequence, made.at, made.state_digest), (entry, at, digest));
        assert_eq!((made.files, made.missing.len()), (u64::from(entry > Sequence(20)), 0));
        let found = verified(&disk, &data);
        assert_eq!((found.sequence, found.state_digest, found.hash), (entry, digest, made.hash));
        assert_eq!((found.signed, found.files), (Some(entry), made.files));
        if entry.0 % 7 == 0 {
            let node = start(&disk, config(&data)).await;
            node.submit(admit(1_000)).await.unwrap().outcome.unwrap();
            assert_eq!(node.sequence(), Sequence(entry.0 + 1));
            node.stop().await;
            assert_eq!(verified(&disk, &data).sequence, Sequence(entry.0 + 1));
        }
    }
    let (at, _) = digest_at(&disk, Sequence(30));
    let made = restore_from(&disk, TO, "/d/by-time", Until::Time(at)).unwrap();
    assert!(made.at == at && (made.sequence == last || digest_at(&disk, Sequence(made.sequence.0 + 1)).0 > at));
    assert_eq!(restore_from(&disk, TO, "/d/to-the-end", Until::End).unwrap().sequence, last);
}

/// Protects a backup that is cut off wherever it may be, by a kill or by the loss of power: the next run goes on, and what it
/// makes is whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_cut_off_goes_on() {
    let disk = SimDisk::new("/d");
    let node = start(&disk, config(DATA)).await;
    let before = fill(&node, 1..=10).await;
    keep_file(&node).await;
    let last = fill(&node, 11..=80).await;
    node.stop().await;
    let begun = disk.operations();
    let whole = back_up_to(&disk, DATA, "/d/whole").unwrap();
    let operations = disk.operations() - begun;
    assert!(before < last && whole.sequence == last);
    let (_, digest) = digest_at(&disk, last);
    let mut gone_on = 0;
    for at in 1..operations {
        let to = format!("/d/backup-{at}");
        disk.stop_after(at);
        let cut = back_up_to(&disk, DATA, &to);
        assert!(cut.is_err(), "it was cut off at operation {at}");
        if at % 2 == 0 {
            disk.kill()
        } else {
            disk.lose_power(at)
        }
        let again = back_up_to(&disk, DATA, &to).unwrap();
        assert_eq!((again.sequence, again.files), (last, 1), "operation {at}");
        gone_on += u64::from(again.new_bytes < whole.new_bytes);
        let made = restore_from(&disk, &to, &format!("/d/restored-{at}"), Until::End).unwrap();
        assert_eq!((made.state_digest, made.files), (digest, 1), "operation {at}");
    }
    assert!(gone_on > 0, "what was kept before is not kept again");
}

/// Protects what was said to be backed up from the loss of power right behind it; each sync that this needs is missed when it is
/// left out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_backed_up_is_there_after_the_power_was_lost() {
    let lost = async |ignored: Option<SyncPoint>, seed: u64| {
        let disk = SimDisk::new("/d");
        let node = start(&disk, config(DATA)).await;
        fill(&node, 1..=10).await;
        node.stop().await;
        disk.ignore(ignored);
        back_up_to(&disk, DATA, TO).unwrap();
        disk.lose_power(seed);
        disk.ignore(None);
        restore_from(&disk, TO, "/d/restored", Until::End).is_err()
    };
    for seed in 0..20 {
        assert!(!lost(None, seed).await, "seed {seed}");
    }
    for point in [SyncPoint::BackupData, SyncPoint::BackupName] {
        let mut seed = 0;
        while !lost(Some(point), seed).await {
            seed += 1;
            assert!(seed < 100, "{point:?} is left out, and nothing shows it");
        }
    }
}

/// Protects a restore from bytes that are not what was kept: each file of a backup is missed, and a bit of each is seen, by its
/// name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_to_a_backup_is_found() {
    let disk = SimDisk::new("/d");
    let node = start(&disk, config(DATA)).await;
    fill(&node, 1..=60).await;
    keep_file(&node).await;
    node.stop().await;
    back_up_to(&disk, DATA, TO).unwrap();
    let process = disk.process();
    let mut files = Vec::new();
    for below in process.list(&Path::new(TO).join("pieces")).unwrap() {
        let folder = Path::new(TO).join("pieces").join(below);
        files.extend(process.list(&folder).unwrap().into_iter().map(|name| folder.join(name)));
    }
    assert!(files.len() > 2, "segments and a file: {files:?}");
    let sets = Path::new(TO).join("sets");
    files.extend(process.list(&sets).unwrap().into_iter().map(|name| sets.join(name)));
    for (at, path) in files.iter().enumerate() {
        let flip: fn(&mut Vec<u8>) = |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        };
        for change in [flip, |bytes| bytes.truncate(bytes.len() - 1)] {
            let was = disk.contents(path).unwrap();
            disk.corrupt(path, change);
            let found = restore_from(&disk, TO, &format!("/d/damaged-{at}-{}", disk.operations()), Until::End);
            let why = found.expect_err("it is damaged").to_string();
            assert!(why.contains(path.to_str().unwrap()) && why.lines().count() == 1, "{why}");
            disk.corrupt(path, |bytes| *bytes = was);
        }
    }
    restore_from(&disk, TO, "/d/whole", Until::End).unwrap();
}

/// Protects what is there from a backup or a restore that cannot be meant: each is one line, and nothing was changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_meant_is_refused() {
    let disk = SimDisk::new("/d");
    let said = |error: BackupError, expected: &str| {
        let why = error.to_string();
        assert!(why.contains(expected) && why.lines().count() == 1, "{why}");
    };
    said(back_up_to(&disk, DATA, TO).unwrap_err(), "name a folder that holds a node's data");
    said(restore_from(&disk, TO, "/d/new", Until::End).unwrap_err(), "holds no backup");
    let node = start(&disk, config(DATA)).await;
    said(back_up_to(&disk, DATA, TO).unwrap_err(), "no entry is signed for yet");
    let last = fill(&node, 1..=20).await;
    back_up_to(&disk, DATA, TO).unwrap();
    let lock = disk.process().lock(&Path::new(TO).join("lock")).unwrap();
    said(back_up_to(&disk, DATA, TO).unwrap_err(), "another run is backing up");
    drop(lock);

    said(restore_from(&disk, TO, DATA, Until::End).unwrap_err(), "is not empty");
    let beyond = Until::Entry(Sequence(last.0 + 1));
    said(restore_from(&disk, TO, "/d/new", beyond).unwrap_err(), "the backup ends with entry 20");
    said(restore_from(&disk, TO, "/d/new", Until::Entry(Sequence(0))).unwrap_err(), "no entry of the backup");
    let before = Until::Time(Instant::from_us(1));
    said(restore_from(&disk, TO, "/d/early", before).unwrap_err(), "no entry of the backup");
    assert!(!disk.process().exists(Path::new("/d/new")).unwrap());

    let (data, to, secrets) = (Path::new(DATA), Path::new(TO), PathBuf::from(DATA).join("secrets"));
    let seal = |bytes: &[u8]| Ok(bytes.to_vec());
    for (secrets_to, seal, expected) in [
        (Path::new(TO), None::<Transform<'_>>, "lies with the data"),
        (Path::new("/d/backup/keys"), None, "lies with the data"),
        (Path::new(KEYS), Some(&seal as Transform<'_>), "is not encrypted"),
    ] {
        let asked = Backup { data, secrets: &secrets, to, secrets_to, seal };
        said(backup(&asked, &disk.process()).unwrap_err(), expected);
    }

    let other = start(&disk, config("/d/other")).await;
    fill(&other, 1..=5).await;
    said(back_up_to(&disk, "/d/other", TO).unwrap_err(), "is of cluster");
    other.stop().await;
    // The same venue went on otherwise from an earlier entry.
    restore_from(&disk, TO, "/d/fork", Until::Entry(Sequence(10))).unwrap();
    let fork = start(&disk, config("/d/fork")).await;
    said(back_up_to(&disk, "/d/fork", TO).unwrap_err(), "of another history");
    fill(&fork, 100..=160).await;
    said(back_up_to(&disk, "/d/fork", TO).unwrap_err(), "of another history");
    fork.stop().await;
    node.stop().await;
}

fn of_several(node: u64) -> Config {
    let cluster = ClusterConfig {
        heartbeat_every: Duration::from_millis(100),
        election_after: Duration::from_millis(800),
        command_max: Duration::from_secs(20),
        ..ClusterConfig::new(node, node.to_string())
    };
    Config { segment_bytes: 64 << 10, batch_bytes_max: 8 << 10, cluster: Some(cluster), ..config(DATA) }
}

/// Protects a venue of several nodes that lost them all: a backup of any of them becomes the folder of one under a number that
/// none had, which needs nobody to go on, alone or as the first of several.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_one_of_several_is_a_node_that_goes_on_alone() {
    let network = SimNetwork::default();
    let disks = [SimDisk::new("/d"), SimDisk::new("/d")];
    let join = async |disk: &SimDisk, config: Config| {
        let network = config.cluster.as_ref().map(|cluster| network.of(cluster.node));
        let seams = Seams { disk: disk.process(), network, ..Seams::default() };
        Node::start(config, seams, Vec::new()).await.unwrap()
    };
    join(&disks[0], Config { cluster: None, ..of_several(1) }).await.stop().await;
    let first = join(&disks[0], of_several(1)).await;
    first.caught_up().await.unwrap();
    let process = disks[1].process();
    process.create_folder(Path::new("/d/copied")).unwrap();
    for name in ["venue.key", "sealing.key", "persons.keys", "node.key"] {
        let bytes = disks[0].contents(&Path::new(DATA).join("secrets").join(name)).unwrap();
        process.create(&Path::new("/d/copied").join(name)).unwrap().write_at(0, &bytes).unwrap();
    }
    prepare(&of_several(2), &process, Path::new("/d/copied")).unwrap();
    let second = join(&disks[1], of_several(2)).await;
    first.act(ClusterAct::AddLearner { node: 2, address: "2".to_owned() }).await.unwrap();
    second.caught_up().await.unwrap();
    while first.act(ClusterAct::Promote(2)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for number in 1..=30 {
        first.submit(admit(number)).await.unwrap().outcome.unwrap();
    }
    assert!(second.catch_up().await);
    second.head(Sequence(30)).await.unwrap();
    back_up_to(&disks[1], DATA, TO).unwrap();
    for (at, until) in [Until::End, Until::Entry(Sequence(12))].into_iter().enumerate() {
        let data = format!("/d/restored-{at}");
        let made = restore_from(&disks[1], TO, &data, until).unwrap();
        assert_eq!(made.node, 3);
        let cluster = Some(ClusterConfig { node: 3, address: "3".to_owned(), ..of_several(1).cluster.unwrap() });
        let alone =
            Config { data: data.clone().into(), cluster: if at == 0 { None } else { cluster }, ..of_several(1) };
        let node = join(&disks[1], alone).await;
        node.caught_up().await.unwrap();
        assert_eq!(node.sequence(), made.sequence);
        node.submit(admit(1_000)).await.unwrap().outcome.unwrap();
        node.stop().await;
        assert_eq!(verified(&disks[1], &data).sequence, Sequence(made.sequence.0 + 1));
    }
    second.submit(admit(31)).await.unwrap().outcome.unwrap();
    second.stop().await;
    first.stop().await;
}
