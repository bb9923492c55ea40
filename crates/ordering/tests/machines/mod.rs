//! The machines of a cluster in one process: a disk for each, and a network between them.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use exchange::units::Sequence;
use exchange::{Body, Command, Reply};
use ordering::sim::{SimDisk, SimNetwork};
use ordering::{ClusterAct, ClusterConfig, Config, Health, Node, Seams, StartError, SystemClock, Unavailable, prepare};

pub const DATA: &str = "/d/data";
pub const SECRETS: &str = "/d/data/secrets";
/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The machines of a cluster.
pub struct Machines {
    pub network: SimNetwork,
    pub disks: Vec<SimDisk>,
    /// How many bytes of the log are kept ready, and how many a node fetches in a second.
    pub kept: Option<u64>,
    pub pace: Option<u64>,
}

impl Machines {
    pub fn new(count: usize) -> Self {
        let disks = (0..count).map(|_| SimDisk::new("/d")).collect();
        Machines { network: SimNetwork::default(), disks, kept: None, pace: None }
    }

    /// Nodes that are started from now on keep so many bytes of their logs ready.
    pub fn keep(&mut self, bytes: u64) {
        self.kept = Some(bytes);
    }

    /// Nodes that are started from now on fetch so many bytes a second.
    pub fn pace(&mut self, bytes_per_second: u64) {
        self.pace = Some(bytes_per_second);
    }

    pub fn disk(&self, node: u64) -> &SimDisk {
        &self.disks[usize::try_from(node - 1).unwrap()]
    }

    pub fn config(&self, node: u64) -> Config {
        let cluster = ClusterConfig {
            // A debug build on a busy machine is slow; what is tried here is not how fast a leader is found.
            heartbeat_every: Duration::from_millis(100),
            election_after: Duration::from_millis(800),
            command_max: Duration::from_secs(20),
            checkpoint_every: 8,
            ..ClusterConfig::new(node, node.to_string())
        };
        let cluster = ClusterConfig {
            catch_up_log_bytes: self.kept.unwrap_or(cluster.catch_up_log_bytes),
            catch_up_bytes_per_second: self.pace.unwrap_or(cluster.catch_up_bytes_per_second),
            ..cluster
        };
        Config {
            segment_bytes: 64 << 10,
            batch_bytes_max: 8 << 10,
            snapshot_every: 50,
            cluster: Some(cluster),
            ..Config::new(DATA)
        }
    }

    pub async fn try_start(&self, node: u64) -> Result<Node, StartError> {
        let disk = self.disk(node).process();
        let seams = Seams {
            disk,
            clock: Arc::new(SystemClock::default()),
            network: Some(self.network.of(node)),
            ..Seams::default()
        };
        Node::start(self.config(node), seams, Vec::new()).await
    }

    pub async fn start(&self, node: u64) -> Node {
        self.try_start(node).await.expect("the node starts")
    }

    /// A node that runs alone, as all did before there were several.
    pub async fn alone(&self) -> Node {
        let seams = Seams {
            disk: self.disk(1).process(),
            clock: Arc::new(SystemClock::default()),
            network: None,
            ..Seams::default()
        };
        Node::start(Config { cluster: None, ..self.config(1) }, seams, Vec::new()).await.expect("the node starts")
    }

    /// Makes the folder of a new node with the secrets of the first, as an operator copies them.
    pub fn prepare(&self, node: u64) {
        let (first, disk) = (self.disk(1), self.disk(node).process());
        disk.create_folder(Path::new("/d/copied")).unwrap();
        for name in ["venue.key", "sealing.key", "persons.keys", "node.key"] {
            let bytes = first.contents(&Path::new(SECRETS).join(name)).expect("the first node has it");
            disk.create(&Path::new("/d/copied").join(name)).unwrap().write_at(0, &bytes).unwrap();
        }
        prepare(&self.config(node), &disk, Path::new("/d/copied")).expect("the folder is made");
    }

    /// The process is gone from one moment to the next.
    pub fn kill(&self, node: u64, running: Node) {
        self.network.gone(node);
        self.disk(node).kill();
        drop(running);
    }

    /// Three nodes that vote, all in step, with this many members.
    pub async fn three(&self, members: u64) -> Vec<Node> {
        // In place: a folder of one node, with history, becomes that of one of several.
        let alone = self.alone().await;
        for number in 1..members {
            alone.submit(admit(number)).await.unwrap();
        }
        alone.stop().await;
        let mut nodes = vec![self.start(1).await];
        nodes[0].caught_up().await.unwrap();
        assert_eq!(nodes[0].health(), Health::Leading);
        surely(&nodes[0], admit(members)).await;
        for node in 2..=3 {
            self.prepare(node);
            nodes.push(self.start(node).await);
            join(&nodes[0], node, nodes.last().unwrap()).await;
        }
        nodes
    }
}

/// Adds a node as a learner and promotes it once it has the log.
pub async fn join(leader: &Node, number: u64, node: &Node) {
    act(leader, ClusterAct::AddLearner { node: number, address: number.to_string() }).await;
    soon(node.caught_up()).await.unwrap();
    act(leader, ClusterAct::Promote(number)).await;
}

/// Does it, again where the cluster says that it is not so far yet.
pub async fn act(node: &Node, act: ClusterAct) {
    let done = async {
        while let Err(why) = node.act(act.clone()).await {
            assert!(why.contains("lacks") || why.contains("ask again"), "{act:?}: {why}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon(done).await;
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
pub async fn all_agree(nodes: &[Node]) {
    let most = nodes.iter().map(Node::sequence).max().unwrap();
    until(|| nodes.iter().all(|node| node.sequence() >= most)).await;
    let mut found: Vec<(Sequence, [u8; 32])> = Vec::new();
    for node in nodes {
        let head = node.head(most).await.unwrap();
        found.push((head.sequence, head.state_digest));
    }
    assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
}

pub async fn leader_of(nodes: &[Node]) -> usize {
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
