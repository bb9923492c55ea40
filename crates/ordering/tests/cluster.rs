//! Several nodes in one process, each on a disk of its own, over a network that can be cut: what one has answered all have,
//! whoever leads; who may not be one of them is not; and what a node has forgotten it does not vote with.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use exchange::files::{FileKind, Owner};
use exchange::units::{MemberId, Sequence};
use exchange::{Body, Command, Reply};
use ordering::sim::{SimDisk, SimNetwork, verify};
use ordering::{
    ClusterAct, ClusterConfig, Config, Health, Kept, Node, PersonalData, Seams, StartError, Steps, SystemClock,
    Threads, Unavailable, Workers, file_hash, prepare,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const DATA: &str = "/d/data";
const SECRETS: &str = "/d/data/secrets";
/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// The machines of a cluster.
struct Machines {
    network: SimNetwork,
    disks: Vec<SimDisk>,
}

impl Machines {
    fn new(count: usize) -> Self {
        Machines { network: SimNetwork::default(), disks: (0..count).map(|_| SimDisk::new("/d")).collect() }
    }

    fn disk(&self, node: u64) -> &SimDisk {
        &self.disks[usize::try_from(node - 1).unwrap()]
    }

    fn config(&self, node: u64) -> Config {
        let cluster = ClusterConfig {
            // A debug build on a busy machine is slow; what is tried here is not how fast a leader is found.
            heartbeat_every: Duration::from_millis(100),
            election_after: Duration::from_millis(800),
            command_max: Duration::from_secs(20),
            checkpoint_every: 8,
            ..ClusterConfig::new(node, node.to_string())
        };
        Config {
            segment_bytes: 64 << 10,
            batch_bytes_max: 8 << 10,
            snapshot_every: 50,
            cluster: Some(cluster),
            ..Config::new(DATA)
        }
    }

    async fn try_start(&self, node: u64) -> Result<Node, StartError> {
        let disk = self.disk(node).process();
        let seams = Seams {
            disk,
            clock: Arc::new(SystemClock::default()),
            network: Some(self.network.of(node)),
            ..Seams::default()
        };
        Node::start(self.config(node), seams, Vec::new()).await
    }

    async fn start(&self, node: u64) -> Node {
        self.try_start(node).await.expect("the node starts")
    }

    /// A node that runs alone, as all did before there were several.
    async fn alone(&self) -> Node {
        let seams = Seams {
            disk: self.disk(1).process(),
            clock: Arc::new(SystemClock::default()),
            network: None,
            ..Seams::default()
        };
        Node::start(Config { cluster: None, ..self.config(1) }, seams, Vec::new()).await.expect("the node starts")
    }

    /// Makes the folder of a new node with the secrets of the first, as an operator copies them.
    fn prepare(&self, node: u64) {
        let (first, disk) = (self.disk(1), self.disk(node).process());
        disk.create_folder(Path::new("/d/copied")).unwrap();
        for name in ["venue.key", "sealing.key", "persons.keys", "node.key"] {
            let bytes = first.contents(&Path::new(SECRETS).join(name)).expect("the first node has it");
            disk.create(&Path::new("/d/copied").join(name)).unwrap().write_at(0, &bytes).unwrap();
        }
        prepare(&self.config(node), &disk, Path::new("/d/copied")).expect("the folder is made");
    }

    /// The process is gone from one moment to the next.
    fn kill(&self, node: u64, running: Node) {
        self.network.gone(node);
        self.disk(node).kill();
        drop(running);
    }

    /// Three nodes that vote, all in step.
    async fn three() -> (Machines, Vec<Node>) {
        let machines = Machines::new(5);
        // In place: a folder of one node, with history, becomes that of one of several.
        let alone = machines.alone().await;
        for number in 1..=5 {
            alone.submit(admit(number)).await.unwrap();
        }
        alone.stop().await;
        let mut nodes = vec![machines.start(1).await];
        nodes[0].caught_up().await.unwrap();
        assert_eq!(nodes[0].health(), Health::Leading);
        surely(&nodes[0], admit(6)).await;
        for node in 2..=3 {
            machines.prepare(node);
            nodes.push(machines.start(node).await);
            join(&nodes[0], node, nodes.last().unwrap()).await;
        }
        (machines, nodes)
    }
}

/// Adds a node as a learner and promotes it once it has the log.
async fn join(leader: &Node, number: u64, node: &Node) {
    act(leader, ClusterAct::AddLearner { node: number, address: number.to_string() }).await;
    soon(node.caught_up()).await.unwrap();
    act(leader, ClusterAct::Promote(number)).await;
}

/// Does it, again where the cluster says that it is not so far yet.
async fn act(node: &Node, act: ClusterAct) {
    let done = async {
        while let Err(why) = node.act(act.clone()).await {
            assert!(why.contains("lacks") || why.contains("ask again"), "{act:?}: {why}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon(done).await;
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

fn admit(number: u64) -> Command {
    Command::system(Body::AdmitMember { code: format!("M{number}"), name: format!("Member {number}") })
}

/// Asks again while it is surely not done.
async fn surely(node: &Node, command: Command) -> Reply {
    soon(async {
        loop {
            match node.submit(command.clone()).await {
                Ok(reply) => return reply,
                Err(Unavailable::Unknown(why)) => panic!("{why}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    })
    .await
}

/// All have come to the same entry, and to the same state there.
async fn all_agree(nodes: &[Node]) {
    let most = nodes.iter().map(Node::sequence).max().unwrap();
    until(|| nodes.iter().all(|node| node.sequence() >= most)).await;
    let mut found: Vec<(Sequence, [u8; 32])> = Vec::new();
    for node in nodes {
        let head = node.head(most).await.unwrap();
        found.push((head.sequence, head.state_digest));
    }
    assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
}

async fn leader_of(nodes: &[Node]) -> usize {
    let mut leader = 0;
    until(|| match nodes.iter().position(|node| node.health() == Health::Leading) {
        Some(found) => {
            leader = found;
            true
        }
        None => false,
    })
    .await;
    leader
}

/// Protects the promise of the whole: what any node has answered, every node has, in the same place and with the same
/// state, history from the first entry on and of the time when there was one node included.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_node_answers_all_nodes_have() {
    let (machines, nodes) = Machines::three().await;
    let mut places = Vec::new();
    for (number, node) in (100..160).zip(nodes.iter().cycle()) {
        let reply = surely(node, admit(number)).await;
        assert!(reply.outcome.is_ok() && !reply.replayed);
        assert!(node.sequence() >= reply.sequence, "whoever is answered here may read it here");
        places.push(reply.sequence);
    }
    assert!(places.is_sorted() && places.windows(2).all(|pair| pair[0] < pair[1]), "one order");
    all_agree(&nodes).await;
    let status = nodes[1].status().await.unwrap();
    assert_eq!(status.len(), 3);
    assert!(status.iter().all(|node| node.votes && node.said.is_some()), "{status:?}");
    assert_eq!(status.iter().filter(|node| node.said.as_ref().is_some_and(|said| said.leads)).count(), 1);
    assert!(nodes.iter().map(|node| node.metrics().forwarded).sum::<u64>() >= 40, "followers pass on");
    for (node, running) in (1..).zip(nodes) {
        running.stop().await;
        let verified = verify(machines.disk(node), Path::new(DATA), Path::new(SECRETS)).unwrap();
        assert_eq!(verified.sequence.0, 66, "the history of node {node} is whole");
    }
}

/// Protects members from the death of the leader: another takes over, nothing answered is lost or done twice, and who was
/// killed comes back and has all of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exchange_goes_on_when_the_leader_dies() {
    let (machines, mut nodes) = Machines::three().await;
    let mut answered = Vec::new();
    for round in 0..2_u64 {
        for number in 0..10 {
            answered.push(surely(&nodes[0], admit(1_000 + round * 100 + number)).await.sequence);
        }
        let dead = leader_of(&nodes).await;
        let number = u64::try_from(dead).unwrap() + 1;
        machines.kill(number, nodes.remove(dead));
        // What was under way at the follower waits for the next leader.
        for number in 10..20 {
            answered.push(surely(&nodes[1], admit(1_000 + round * 100 + number)).await.sequence);
        }
        let back = machines.start(number).await;
        soon(back.caught_up()).await.unwrap();
        nodes.insert(dead, back);
    }
    assert!(answered.is_sorted(), "no place was given twice");
    all_agree(&nodes).await;
    let members = nodes[2].read(|exchange| exchange.members().members.len());
    assert_eq!(members, 46, "each once");
}

/// Protects the log's other promise: what a leader proposed and could not get to a majority is taken back when it returns,
/// and was never answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_cut_off_leader_proposed_is_taken_back() {
    let (machines, nodes) = Machines::three().await;
    let cut = leader_of(&nodes).await;
    let number = u64::try_from(cut).unwrap() + 1;
    for other in (1..=3).filter(|other| *other != number) {
        machines.network.cut(number, other);
    }
    // Whoever asks the one that was cut off is not told that it was done.
    let asked = nodes[cut].clone();
    let lost = tokio::spawn(async move {
        let asked =
            (0..5).map(|other| tokio::time::timeout(Duration::from_secs(2), asked.submit(admit(5_000 + other))));
        futures_util::future::join_all(asked).await
    });
    let other = (cut + 1) % 3;
    surely(&nodes[other], admit(6_000)).await;
    assert!(nodes[cut].health() != Health::Following);
    assert!(!nodes[cut].catch_up().await, "what the one that was cut off has is not current, though it may not know");
    assert!(nodes[other].catch_up().await);
    for answer in lost.await.unwrap() {
        assert!(!matches!(answer, Ok(Ok(_))), "nobody has it but the one that was cut off");
    }
    for other in (1..=3).filter(|other| *other != number) {
        machines.network.mend(number, other);
    }
    until(|| nodes[cut].health() == Health::Following).await;
    surely(&nodes[cut], admit(6_001)).await;
    all_agree(&nodes).await;
}

/// Protects whoever waits at a node that is stopped, and the processor: it hears so at once. It was asked again without a
/// pause until its time was over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_at_a_node_that_is_stopped_hears_so() {
    let (machines, mut nodes) = Machines::three().await;
    let cut = leader_of(&nodes).await;
    let number = u64::try_from(cut).unwrap() + 1;
    for other in (1..=3).filter(|other| *other != number) {
        machines.network.cut(number, other);
    }
    let stopping = nodes.remove(cut);
    until(|| stopping.health() == Health::Waiting).await;
    let asked = stopping.clone();
    let waiting = tokio::spawn(async move { asked.submit(admit(9_000)).await });
    soon(stopping.stop()).await;
    let answer = tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("it does not wait its 20 seconds");
    assert!(answer.unwrap().is_err());
}

/// Through it nothing is written to the log while it is closed.
#[derive(Default)]
struct Gate {
    closed: parking_lot::Mutex<bool>,
    opened: parking_lot::Condvar,
}

impl Gate {
    fn set_closed(&self, closed: bool) {
        *self.closed.lock() = closed;
        self.opened.notify_all();
    }
}

/// The threads of production, behind a gate.
struct Gated(Arc<Gate>);

struct GatedSteps(Arc<Gate>, Box<dyn Steps>);

impl Steps for GatedSteps {
    fn step(&mut self) -> bool {
        let mut closed = self.0.closed.lock();
        while *closed {
            self.0.opened.wait(&mut closed);
        }
        drop(closed);
        self.1.step()
    }
}

impl Workers for Gated {
    fn work(&self, act: Box<dyn FnOnce() + Send>) {
        Threads.work(act);
    }

    fn keep(&self, name: &'static str, steps: Box<dyn Steps>) -> std::io::Result<Box<dyn Kept>> {
        Threads.keep(name, Box::new(GatedSteps(Arc::clone(&self.0), steps)))
    }
}

/// Protects a voter whose disk is slower than the others' from signing heads and taking snapshots of what it does not have: it
/// lost power, and its log ended before what its snapshot covered, so that it never started again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_executed_before_it_is_on_this_nodes_own_disk() {
    let (machines, mut nodes) = Machines::three().await;
    if leader_of(&nodes).await == 2 {
        act(&nodes[0], ClusterAct::TransferLeader(1)).await;
        until(|| nodes[0].health() == Health::Leading).await;
    }
    nodes.remove(2).stop().await;
    let gate = Arc::new(Gate::default());
    let seams = Seams {
        disk: machines.disk(3).process(),
        network: Some(machines.network.of(3)),
        workers: Arc::new(Gated(Arc::clone(&gate))),
        ..Seams::default()
    };
    let slow = Node::start(machines.config(3), seams, Vec::new()).await.unwrap();
    soon(slow.caught_up()).await.unwrap();
    gate.set_closed(true);
    let has = slow.sequence();
    for number in 0..20 {
        surely(&nodes[0], admit(9_100 + number)).await;
    }
    // It has heard of all, and with each that the one before is committed.
    until(|| slow.metrics().log_index >= nodes[0].metrics().log_index).await;
    assert!(slow.sequence().0 <= has.0 + 1, "a majority has them, and this node does not");
    gate.set_closed(false);
    until(|| slow.sequence().0 >= has.0 + 20).await;
    nodes.push(slow);
    all_agree(&nodes).await;
}

/// Protects a planned stop: the lead is handed over, so that nothing is asked in vain.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_stops_hands_over() {
    let (_machines, mut nodes) = Machines::three().await;
    let leader = leader_of(&nodes).await;
    let stopping = nodes.remove(leader);
    stopping.stop().await;
    let next = leader_of(&nodes).await;
    surely(&nodes[1 - next], admit(7_000)).await;
    let to = nodes[1 - next].status().await.unwrap();
    let to = to.iter().find(|node| node.said.as_ref().is_some_and(|said| !said.leads)).unwrap().node;
    act(&nodes[0], ClusterAct::TransferLeader(to)).await;
    until(|| nodes[1 - next].health() == Health::Leading).await;
    surely(&nodes[next], admit(7_001)).await;
}

/// Protects against a node that has forgotten what it promised: a folder made anew under a number that was used is known by
/// none of the others, neither votes nor leads, and says what to do; under a number of its own it joins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wiped_voter_comes_back_only_under_a_number_of_its_own() {
    let (mut machines, mut nodes) = Machines::three().await;
    if leader_of(&nodes).await == 2 {
        act(&nodes[0], ClusterAct::TransferLeader(1)).await;
    }
    machines.kill(3, nodes.remove(2));
    machines.disks[2] = SimDisk::new("/d");
    machines.prepare(3);
    let wiped = machines.start(3).await;
    let refused = soon(wiped.caught_up()).await.unwrap_err().to_string();
    assert!(refused.contains("another data folder") && refused.contains("never used"), "{refused}");
    wiped.stop().await;
    surely(&nodes[0], admit(8_000)).await;

    let again = nodes[0].act(ClusterAct::AddLearner { node: 3, address: "3".to_owned() }).await.unwrap_err();
    assert!(again.contains("already"), "{again}");
    act(&nodes[0], ClusterAct::Remove(3)).await;
    let again = nodes[0].act(ClusterAct::AddLearner { node: 3, address: "3".to_owned() }).await.unwrap_err();
    assert!(again.contains("was used before"), "{again}");

    machines.prepare(4);
    nodes.push(machines.start(4).await);
    join(&nodes[0], 4, &nodes[2]).await;
    surely(&nodes[2], admit(8_001)).await;
    all_agree(&nodes).await;
}

/// Protects the cluster from strangers: other secrets, another cluster, another number, and bytes that are no protocol are
/// each refused with a line, and the others go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_belong_is_refused() {
    let (machines, nodes) = Machines::three().await;
    let refused = |node: &Node| node.metrics().peers_refused;
    let before = refused(&nodes[0]);
    let mut stranger = machines.network.strange(1).await.unwrap();
    stranger.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut heard = Vec::new();
    soon(stranger.read_to_end(&mut heard)).await.unwrap();
    assert_eq!(heard.len(), 16, "the greeting and nothing else");
    until(|| refused(&nodes[0]) > before).await;

    // A node of another venue, at an address that is tried.
    let others = Machines { network: machines.network.clone(), disks: vec![SimDisk::new("/d"), SimDisk::new("/d")] };
    others.alone().await.stop().await;
    let before = refused(&nodes[0]);
    let why = nodes[0].act(ClusterAct::AddLearner { node: 9, address: "9".to_owned() }).await.unwrap_err();
    assert!(why.contains("nobody listens"), "{why}");
    let two = &others.disks[1];
    two.process().create_folder(Path::new("/d/copied")).unwrap();
    for name in ["venue.key", "sealing.key", "persons.keys", "node.key"] {
        let bytes = others.disk(1).contents(&Path::new(SECRETS).join(name)).unwrap();
        two.process().create(&Path::new("/d/copied").join(name)).unwrap().write_at(0, &bytes).unwrap();
    }
    let config = Config { cluster: Some(ClusterConfig::new(5, "5")), ..others.config(5) };
    prepare(&config, &two.process(), Path::new("/d/copied")).unwrap();
    let seams = Seams {
        disk: two.process(),
        clock: Arc::new(SystemClock::default()),
        network: Some(machines.network.of(5)),
        ..Seams::default()
    };
    let foreign = Node::start(config, seams, Vec::new()).await.unwrap();
    let why = nodes[0].act(ClusterAct::AddLearner { node: 5, address: "5".to_owned() }).await.unwrap_err();
    assert!(why.contains("cluster"), "{why}");
    assert!(foreign.metrics().peers_refused > 0 && refused(&nodes[0]) == before);
    foreign.stop().await;

    // A folder that says another number than its configuration, and one of several that is started alone.
    let node = machines.config(4);
    machines.kill(3, nodes[2].clone());
    let seams = || Seams {
        disk: machines.disk(3).process(),
        clock: Arc::new(SystemClock::default()),
        network: Some(machines.network.of(3)),
        ..Seams::default()
    };
    drop(nodes);
    let why = Node::start(node, seams(), Vec::new()).await.err().unwrap().to_string();
    assert!(why.contains("the folder of node 3") || why.contains("in use"), "{why}");
}

/// Protects persons and files: a key, or a file, is on a majority before anything names it, a node that was away gets what it
/// missed, and a destroyed key comes back from nowhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_persons_are_on_all_nodes_and_destroyed_on_all() {
    let (machines, mut nodes) = Machines::three().await;
    if leader_of(&nodes).await == 2 {
        act(&nodes[0], ClusterAct::TransferLeader(1)).await;
    }
    machines.kill(3, nodes.remove(2));
    let person = PersonalData { login: "wang.fang".to_owned(), name: "王芳".to_owned() };
    let personal = nodes[1].encrypt_person(person.clone()).await.unwrap();
    assert_eq!(nodes[0].vault().decrypt_person(&personal).as_ref(), Some(&person), "the other has it too");
    let body = Body::AddUser {
        role: exchange::members::Role::Operator,
        member: None,
        login_tag: nodes[0].vault().login_tag("wang.fang").into(),
        personal: personal.clone(),
        password_hash: "x".to_owned(),
        single_use: false,
    };
    surely(&nodes[0], Command::system(body)).await;
    let file = b"%PDF-1.7 what an announcement comes with".to_vec();
    let size = u32::try_from(file.len()).unwrap();
    let named = move |hash| {
        let owner = Owner::Member(MemberId(1));
        Command::system(Body::KeepFile { hash, size, kind: FileKind::Pdf, owner, name: None })
    };
    nodes[1].keep_file(file.clone(), named).await.unwrap().outcome.unwrap();
    let hash = file_hash(&file);
    assert_eq!(nodes[0].read_file(&hash).unwrap(), file, "the other has it too");
    let back = machines.start(3).await;
    soon(back.caught_up()).await.unwrap();
    until(|| back.vault().decrypt_person(&personal).is_some()).await;
    until(|| back.read_file(&hash).is_ok_and(|found| found == file)).await;
    nodes.push(back);
    assert!(nodes[0].forget_person(personal.clone()).await.unwrap());
    until(|| nodes.iter().all(|node| node.vault().decrypt_person(&personal).is_none())).await;

    // Two of three are gone: a key cannot be kept, so there is no ciphertext.
    machines.kill(3, nodes.remove(2));
    machines.kill(2, nodes.remove(1));
    assert!(nodes[0].encrypt_person(person).await.is_err());
    let other = b"%PDF-1.7 another".to_vec();
    let lost = nodes[0].keep_file(other.clone(), named).await;
    assert!(matches!(lost, Err(Unavailable::Refused(_))), "{lost:?}");
    assert!(nodes[0].read_file(&file_hash(&other)).is_err(), "and nothing of it stays");
}
