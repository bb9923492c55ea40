//! Nodes of a cluster and readers in one process, each with a disk and a network of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use exchange::units::Sequence;
use exchange::{Body, Command, Reply};
use ordering::sim::{SimDisk, SimNetwork, verify};
use ordering::{
    ClusterAct, ClusterConfig, Config, Node, Seams, Source, SystemClock, Unavailable, prepare, reader_number,
};

pub const DATA: &str = "/d/data";
pub const SECRETS: &str = "/d/data/secrets";
/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A machine with its disk, for a node or a reader.
pub struct Machine {
    network: SimNetwork,
    pub disk: SimDisk,
    number: u64,
    sources: Vec<u64>,
}

impl Machine {
    pub fn new(network: &SimNetwork, number: u64, sources: &[u64]) -> Self {
        Machine { network: network.clone(), disk: SimDisk::new("/d"), number, sources: sources.to_vec() }
    }

    fn config(&self) -> Config {
        let sources = self.sources.iter().map(|number| Source { number: *number, address: number.to_string() });
        let cluster = ClusterConfig {
            heartbeat_every: Duration::from_millis(100),
            election_after: Duration::from_millis(800),
            command_max: Duration::from_secs(20),
            checkpoint_every: 8,
            sources: sources.collect(),
            ..ClusterConfig::new(self.number, self.number.to_string())
        };
        Config {
            segment_bytes: 64 << 10,
            batch_bytes_max: 8 << 10,
            snapshot_every: 50,
            cluster: Some(cluster),
            ..Config::new(DATA)
        }
    }

    pub async fn start(&self) -> Node {
        let network = Some(self.network.of(self.number));
        let seams =
            Seams { disk: self.disk.process(), clock: Arc::new(SystemClock::default()), network, ..Seams::default() };
        Node::start(self.config(), seams, Vec::new()).await.expect("it starts")
    }

    pub async fn alone(&self) {
        let seams = Seams {
            disk: self.disk.process(),
            clock: Arc::new(SystemClock::default()),
            network: None,
            ..Seams::default()
        };
        let node = Node::start(Config { cluster: None, ..self.config() }, seams, Vec::new()).await.unwrap();
        for number in 1..=5 {
            node.submit(admit(number)).await.unwrap();
        }
        node.stop().await;
    }

    pub fn prepare_from(&self, first: &Machine) {
        let disk = self.disk.process();
        disk.create_folder(Path::new("/d/copied")).unwrap();
        for name in ["venue.key", "sealing.key", "persons.keys", "node.key"] {
            let bytes = first.disk.contents(&Path::new(SECRETS).join(name)).expect("the first node has it");
            disk.create(&Path::new("/d/copied").join(name)).unwrap().write_at(0, &bytes).unwrap();
        }
        prepare(&self.config(), &disk, Path::new("/d/copied")).expect("the folder is made");
    }

    /// The process is gone from one moment to the next.
    pub fn kill(&self, running: Node) {
        self.network.gone(self.number);
        self.disk.kill();
        drop(running);
    }

    pub fn verified(&self) -> Sequence {
        verify(&self.disk, Path::new(DATA), Path::new(SECRETS)).unwrap().sequence
    }
}

/// Three nodes that vote, all in step.
pub async fn three(network: &SimNetwork) -> (Vec<Machine>, Vec<Node>) {
    let mut machines = vec![Machine::new(network, 1, &[])];
    machines[0].alone().await;
    let mut nodes = vec![machines[0].start().await];
    nodes[0].caught_up().await.unwrap();
    for number in 2..=3 {
        let machine = Machine::new(network, number, &[]);
        machine.prepare_from(&machines[0]);
        let node = machine.start().await;
        act(&nodes[0], ClusterAct::AddLearner { node: number, address: number.to_string() }).await;
        soon(node.caught_up()).await.unwrap();
        act(&nodes[0], ClusterAct::Promote(number)).await;
        machines.push(machine);
        nodes.push(node);
    }
    (machines, nodes)
}

pub async fn reader(network: &SimNetwork, first: &Machine, number: u64, sources: &[u64]) -> (Machine, Node) {
    let machine = Machine::new(network, reader_number(number), sources);
    machine.prepare_from(first);
    let node = machine.start().await;
    soon(node.caught_up()).await.unwrap();
    (machine, node)
}

pub async fn act(node: &Node, act: ClusterAct) {
    soon(async {
        while let Err(why) = node.act(act.clone()).await {
            assert!(why.contains("lacks") || why.contains("ask again"), "{act:?}: {why}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it comes to that")
}

pub async fn until(mut is: impl FnMut() -> bool) {
    soon(async {
        while !is() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

pub fn admit(number: u64) -> Command {
    Command::system(Body::AdmitMember { code: format!("M{number}"), name: format!("Member {number}") })
}

/// Asks again while it is surely not done.
pub async fn surely(node: &Node, command: Command) -> Reply {
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
pub async fn all_agree(nodes: &[&Node]) {
    let most = nodes.iter().map(|node| node.sequence()).max().unwrap();
    until(|| nodes.iter().all(|node| node.sequence() >= most)).await;
    let mut found: Vec<(Sequence, [u8; 32])> = Vec::new();
    for node in nodes {
        let head = node.head(most).await.unwrap();
        found.push((head.sequence, head.state_digest));
    }
    assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
}
