//! What an operator counts on: no node leads whose clock is wrong or whose disk stands still, a new one takes the place of one that
//! was lost, and what was let go of is gone everywhere.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use exchange::files::{FileHash, FileKind, Owner};
use exchange::units::{Instant, MemberId};
use exchange::{Body, Command, Reply};
use ordering::sim::{SimDisk, SimNetwork};
use ordering::{
    Clock, ClusterAct, ClusterConfig, Config, Disk, File, Health, Lock, Node, Seams, SyncPoint, SystemClock, Waiting,
    file_hash, prepare,
};
use parking_lot::{Condvar, Mutex};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A clock that can be set.
#[derive(Default)]
struct Settable {
    clock: SystemClock,
    ahead_us: AtomicI64,
}

impl Settable {
    fn set(&self, ahead: Duration) {
        self.ahead_us.store(i64::try_from(ahead.as_micros()).unwrap(), Ordering::Release);
    }
}

impl Clock for Settable {
    fn now(&self) -> Instant {
        Instant::from_us(self.clock.now().us() + self.ahead_us.load(Ordering::Acquire))
    }

    fn wait(&self, until: Instant) -> Waiting<'_> {
        Box::pin(async move {
            while self.now() < until {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    }
}

/// A disk that can be made to stand still: no write and no sync returns until it goes on.
#[derive(Clone)]
struct Halting(Arc<dyn Disk>, Arc<(Mutex<bool>, Condvar)>);

impl Halting {
    fn halt(&self, halt: bool) {
        *self.1.0.lock() = halt;
        self.1.1.notify_all();
    }
}

fn pass(gate: &(Mutex<bool>, Condvar)) {
    let mut halted = gate.0.lock();
    while *halted {
        gate.1.wait(&mut halted);
    }
}

struct HaltingFile(Arc<dyn File>, Arc<(Mutex<bool>, Condvar)>);

impl File for HaltingFile {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        pass(&self.1);
        self.0.write_at(offset, bytes)
    }
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(offset, buffer)
    }
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
    fn set_len(&self, bytes: u64) -> io::Result<()> {
        self.0.set_len(bytes)
    }
    fn allocate(&self, bytes: u64) -> io::Result<()> {
        self.0.allocate(bytes)
    }
    fn sync(&self, point: SyncPoint) -> io::Result<()> {
        pass(&self.1);
        self.0.sync(point)
    }
}

impl Disk for Halting {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.0.create_folder(path)
    }
    fn create(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(Arc::new(HaltingFile(self.0.create(path)?, Arc::clone(&self.1))))
    }
    fn open(&self, path: &Path) -> io::Result<Arc<dyn File>> {
        Ok(Arc::new(HaltingFile(self.0.open(path)?, Arc::clone(&self.1))))
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.0.list(folder)
    }
    fn exists(&self, path: &Path) -> io::Result<bool> {
        self.0.exists(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.remove(path)
    }
    fn sync_folder(&self, folder: &Path, point: SyncPoint) -> io::Result<()> {
        pass(&self.1);
        self.0.sync_folder(folder, point)
    }
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>> {
        self.0.lock(path)
    }
    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        self.0.free_bytes(folder)
    }
}

/// A node, and what it stands on.
struct Machine {
    number: u64,
    node: Node,
    disk: SimDisk,
    halting: Halting,
    clock: Arc<Settable>,
}

fn config(node: u64) -> Config {
    let cluster = ClusterConfig {
        heartbeat_every: Duration::from_millis(100),
        election_after: Duration::from_millis(800),
        command_max: Duration::from_secs(2),
        ..ClusterConfig::new(node, node.to_string())
    };
    Config { segment_bytes: 64 << 10, batch_bytes_max: 8 << 10, cluster: Some(cluster), ..Config::new("/d/data") }
}

async fn start(network: &SimNetwork, number: u64, disk: SimDisk, several: bool) -> Machine {
    let config = if several { config(number) } else { Config { cluster: None, ..config(number) } };
    let halting = Halting(disk.process(), Arc::default());
    let clock = Arc::new(Settable::default());
    let seams = Seams {
        disk: Arc::new(halting.clone()),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        network: several.then(|| network.of(number)),
        ..Seams::default()
    };
    let node = Node::start(config, seams, Vec::new()).await.expect("the node starts");
    Machine { number, node, disk, halting, clock }
}

/// A new node with the secrets of the first, which waits to be added.
async fn begin(network: &SimNetwork, number: u64, first: &SimDisk) -> Machine {
    let disk = SimDisk::new("/d");
    let process = disk.process();
    process.create_folder(Path::new("/d/copied")).unwrap();
    for name in ["venue.key", "sealing.key", "persons.keys", "node.key"] {
        let bytes = first.contents(&Path::new("/d/data/secrets").join(name)).unwrap();
        process.create(&Path::new("/d/copied").join(name)).unwrap().write_at(0, &bytes).unwrap();
    }
    prepare(&config(number), &process, Path::new("/d/copied")).unwrap();
    start(network, number, disk, true).await
}

async fn three() -> (SimNetwork, Vec<Machine>) {
    let network = SimNetwork::default();
    let disk = SimDisk::new("/d");
    start(&network, 1, disk.clone(), false).await.node.stop().await;
    let mut machines = vec![start(&network, 1, disk, true).await];
    machines[0].node.caught_up().await.unwrap();
    for number in 2..=3 {
        let machine = begin(&network, number, &machines[0].disk).await;
        act(&machines[0].node, ClusterAct::AddLearner { node: number, address: number.to_string() }).await;
        soon(machine.node.caught_up()).await.unwrap();
        act(&machines[0].node, ClusterAct::Promote(number)).await;
        machines.push(machine);
    }
    (network, machines)
}

/// Does it, again until it is done.
async fn act(node: &Node, act: ClusterAct) {
    soon(async {
        while node.act(act.clone()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it comes to that")
}

async fn until(mut is: impl FnMut() -> bool) {
    soon(async {
        while !is() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

async fn admit(node: &Node, number: u64) -> Reply {
    let body = Body::AdmitMember { code: format!("M{number}"), name: format!("Member {number}") };
    soon(async {
        loop {
            match node.submit(Command::system(body.clone())).await {
                Ok(reply) => return reply,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    })
    .await
}

async fn leader(machines: &[Machine]) -> usize {
    let mut found = None;
    until(|| {
        found = machines.iter().position(|machine| machine.node.health() == Health::Leading);
        found.is_some()
    })
    .await;
    found.expect("somebody leads")
}

fn handed_in(bytes: &'static [u8]) -> (FileHash, impl FnOnce(FileHash) -> Command + Send + 'static) {
    let (owner, size) = (Owner::Member(MemberId(1)), u32::try_from(bytes.len()).unwrap());
    (file_hash(bytes), move |hash| {
        Command::system(Body::KeepFile { hash, size, kind: FileKind::Pdf, owner, name: None })
    })
}

fn has(machine: &Machine, hash: &FileHash) -> bool {
    let name: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    machine.disk.contents(&Path::new("/d/data/files").join(&name[..2]).join(name)).is_some()
}

/// Protects whoever lets a file go: it goes from the disk of every node, of one that was away too, and what is named stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_let_go_of_goes_from_every_node() {
    let (network, mut machines) = three().await;
    admit(&machines[0].node, 1).await;
    let (gone, kept): (&[u8], &[u8]) = (b"%PDF-1.7 let go of", b"%PDF-1.7 that stays");
    for bytes in [gone, kept] {
        let (hash, name) = handed_in(bytes);
        soon(machines[0].node.keep_file(bytes, name)).await.unwrap().outcome.unwrap();
        until(|| machines.iter().all(|machine| has(machine, &hash))).await;
    }
    if leader(&machines).await == 2 {
        act(&machines[0].node, ClusterAct::TransferLeader(1)).await;
    }
    let away = machines.remove(2);
    network.gone(3);
    away.disk.kill();
    let disk = away.disk.clone();
    drop(away);
    let (hash, owner) = (file_hash(gone), Owner::Member(MemberId(1)));
    let dropped = Command::system(Body::DropFile { hash, owner });
    soon(machines[1].node.drop_file(hash, dropped)).await.unwrap().outcome.unwrap();
    until(|| machines.iter().all(|machine| !has(machine, &hash))).await;
    machines.push(start(&network, 3, disk, true).await);
    until(|| !has(&machines[2], &hash)).await;
    assert!(machines.iter().all(|machine| has(machine, &file_hash(kept))));
}

/// Protects time: a leader whose clock is set an hour ahead stamps nothing with it and hands the lead over; it takes no lead
/// before its clock is right, and then it may.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_clock_is_wrong_does_not_lead() {
    let (_network, machines) = three().await;
    let before = admit(&machines[0].node, 1).await.at;
    let wrong = leader(&machines).await;
    machines[wrong].clock.set(Duration::from_secs(3_600));
    until(|| machines[wrong].node.health() == Health::Following).await;
    let next = leader(&machines).await;
    assert_ne!(next, wrong);
    for number in 2..20 {
        let at = admit(&machines[wrong].node, number).await.at;
        assert!(at >= before && machines[wrong].clock.now().since(at).us() > 1_800_000_000, "{at}");
    }
    assert!(machines[wrong].node.metrics().clock_apart, "it says so");
    let asked = machines[next].node.act(ClusterAct::TransferLeader(machines[wrong].number));
    assert!(!matches!(tokio::time::timeout(Duration::from_secs(3), asked).await, Ok(Ok(()))), "it takes no lead");

    machines[wrong].clock.set(Duration::ZERO);
    until(|| !machines[wrong].node.metrics().clock_apart).await;
    let next = leader(&machines).await;
    act(&machines[next].node, ClusterAct::TransferLeader(machines[wrong].number)).await;
    until(|| machines[wrong].node.health() == Health::Leading).await;
    admit(&machines[next].node, 20).await;
}

/// Protects everybody's time from one node's disk: a leader whose disk does nothing for longer than an election takes hands the
/// lead over while it stands still, and has all of it once the disk goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_whose_disk_stands_still_hands_over() {
    let (_network, machines) = three().await;
    admit(&machines[0].node, 1).await;
    let still = leader(&machines).await;
    machines[still].halting.halt(true);
    let others: Vec<usize> = (0..3).filter(|other| *other != still).collect();
    // Something must be asked of it, or nobody can know.
    admit(&machines[others[0]].node, 2).await;
    until(|| others.iter().any(|other| machines[*other].node.health() == Health::Leading)).await;
    admit(&machines[others[1]].node, 3).await;
    machines[still].halting.halt(false);
    let last = admit(&machines[others[0]].node, 4).await.sequence;
    until(|| machines[still].node.health() == Health::Following && machines[still].node.sequence() >= last).await;
    admit(&machines[still].node, 5).await;
}

/// Protects a venue that has lost a node with its disk: another takes its place by one act while commands go on, the old number
/// serves for nobody any more, and what cannot be meant is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_node_is_replaced_in_one_step() {
    let (network, mut machines) = three().await;
    admit(&machines[0].node, 1).await;
    if leader(&machines).await == 2 {
        act(&machines[0].node, ClusterAct::TransferLeader(1)).await;
        until(|| machines[0].node.health() == Health::Leading).await;
    }
    let lost = machines.remove(2);
    network.gone(3);
    lost.disk.kill();
    drop(lost);
    let asked = machines[0].node.clone();
    let (over, stop) = tokio::sync::oneshot::channel::<()>();
    let load = tokio::spawn(async move {
        let mut stop = core::pin::pin!(stop);
        for number in 100.. {
            tokio::select! {
                _ = &mut stop => return number - 100,
                _ = admit(&asked, number) => {}
            }
        }
        0
    });
    let leads = leader(&machines).await;
    let refused = async |act: ClusterAct, expected: &str| {
        let why = machines[leads].node.act(act).await.unwrap_err();
        assert!(why.contains(expected) && why.lines().count() == 1, "{why}");
    };
    refused(ClusterAct::Replace { old: 3, new: 4 }, "add it with").await;
    refused(ClusterAct::Replace { old: 9, new: 4 }, "no node 9").await;
    let own = machines[leads].number;
    refused(ClusterAct::Replace { old: own, new: 4 }, "hand the lead over").await;
    let fourth = begin(&network, 4, &machines[0].disk).await;
    act(&machines[0].node, ClusterAct::AddLearner { node: 4, address: "4".to_owned() }).await;
    act(&machines[0].node, ClusterAct::Replace { old: 3, new: 4 }).await;
    act(&machines[0].node, ClusterAct::Replace { old: 3, new: 4 }).await;
    over.send(()).unwrap();
    assert!(load.await.unwrap() > 0, "commands went on");
    let status = machines[0].node.status().await.unwrap();
    let votes: Vec<u64> = status.iter().filter(|node| node.votes).map(|node| node.node).collect();
    assert_eq!((votes, status.len()), (vec![1, 2, 4], 3));
    let again = machines[leads].node.act(ClusterAct::AddLearner { node: 3, address: "3".to_owned() }).await;
    assert!(again.unwrap_err().contains("used before"));
    // The new one counts: with one of the others gone, it makes the majority.
    let gone = machines.remove(1 - leads);
    network.gone(gone.number);
    gone.disk.kill();
    drop(gone);
    admit(&fourth.node, 10_000).await;
}
