//! Whether all nodes have come to the same state. Each notes the digest of its state at the same entries and asks the
//! others for theirs. Where a majority of the voters has another than this node, this node is the one that is wrong: it
//! stops, says both digests and the entry, and leaves its folder as it is. The others go on. A reader compares itself with
//! its sources in the same way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use exchange::units::Sequence;
use tokio::sync::watch;

use crate::circle::Circle;
use crate::engine::Raft;
use crate::engine::machine::World;
use crate::log::Log;
use crate::net::frame::Kind;
use crate::net::message::{Checkpoint, Checkpoints};
use crate::peers::{Lane, Peers};

/// How often the others are asked.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long one may take to answer.
const ASK_MAX: Duration = Duration::from_secs(1);

/// What compares.
pub(crate) struct Agreement {
    pub(crate) circle: Circle,
    pub(crate) raft: Raft,
    pub(crate) world: Arc<World>,
    pub(crate) log: Arc<Log>,
    pub(crate) peers: Arc<Peers>,
}

impl Agreement {
    /// Runs until `stopping`, or until this node differs.
    pub(crate) async fn run(self, mut stopping: watch::Receiver<bool>) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut compared = None;
        loop {
            tokio::select! {
                _ = look.tick() => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            let own: Vec<Checkpoint> = self.world.checkpoints.lock().iter().copied().collect();
            let last = own.last().map(|checkpoint| checkpoint.sequence);
            // Once all voters were heard of the last, there is nothing new to compare.
            if last.is_none() || last == compared {
                continue;
            }
            let (voters, others) = self.ask().await;
            if let Some(why) = differs(&own, voters, &others) {
                self.log.fail(&why);
                // It neither votes nor leads from here on; why is in its health.
                if let Err(error) = self.raft.shutdown().await {
                    tracing::error!("the consensus engine has ended badly: {error}");
                }
                return;
            }
            let heard = others.iter().filter(|other| other.iter().any(|one| Some(one.sequence) == last)).count();
            let own = usize::from(matches!(self.circle, Circle::Cluster { .. }));
            if heard + own >= voters {
                compared = last;
            }
        }
    }

    /// How many vote, and what the others among them have noted.
    async fn ask(&self) -> (usize, Vec<Vec<Checkpoint>>) {
        let voters = self.circle.voters();
        let others = self.circle.others().into_iter().filter(|(node, _)| voters.contains(node));
        let asked = others.map(|(node, peer)| {
            let link = self.peers.link_to(node, &peer, Lane::Word);
            async move {
                let answer = link.call(Kind::Checkpoints, bytes::Bytes::new(), ASK_MAX).await.ok()?;
                minicbor::decode::<Checkpoints>(&answer).ok().map(|checkpoints| checkpoints.all)
            }
        });
        let answers = futures_util::future::join_all(asked).await;
        (voters.len(), answers.into_iter().flatten().collect())
    }
}

/// Why this node must stop: at one entry a majority of the voters has come to one state, and this node to another.
fn differs(own: &[Checkpoint], voters: usize, others: &[Vec<Checkpoint>]) -> Option<String> {
    let mut theirs: BTreeMap<(Sequence, [u8; 32]), usize> = BTreeMap::new();
    for other in others {
        for one in other {
            *theirs.entry((one.sequence, *one.digest)).or_default() += 1;
        }
    }
    for mine in own {
        let found = theirs.iter().find(|((sequence, digest), count)| {
            *sequence == mine.sequence && *digest != *mine.digest && **count * 2 > voters
        });
        if let Some(((sequence, digest), _)) = found {
            let hex = |bytes: &[u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            return Some(format!(
                "the state after entry {sequence} has digest {} here and {} on a majority of the nodes; keep this folder as evidence, and make the node anew under a number that was never used",
                hex(&mine.digest),
                hex(digest)
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use exchange::{Body, Command, Exchange};

    use super::*;
    use crate::sim::{SimDisk, SimNetwork};
    use crate::{ClusterAct, ClusterConfig, Config, Health, Node, Seams, SystemClock, prepare};

    fn noted(states: &[(u64, u8)]) -> Vec<Checkpoint> {
        let one = |(sequence, of): &(u64, u8)| Checkpoint { sequence: Sequence(*sequence), digest: [*of; 32].into() };
        states.iter().map(one).collect()
    }

    /// Protects healthy nodes from one that is wrong, and from stopping for it: only who has a majority against itself stops.
    #[test]
    fn only_who_has_a_majority_against_itself_stops() {
        let right = noted(&[(8, 1), (16, 2), (24, 3)]);
        let wrong = noted(&[(8, 1), (16, 9), (24, 9)]);
        let stops = |own: &[Checkpoint], voters: usize, others: &[&Vec<Checkpoint>]| {
            differs(own, voters, &others.iter().map(|other| (*other).clone()).collect::<Vec<_>>()).is_some()
        };
        assert!(stops(&wrong, 3, &[&right, &right]));
        assert!(!stops(&right, 3, &[&right, &wrong]) && !stops(&right, 3, &[&wrong]));
        assert!(!stops(&wrong, 3, &[&right]), "one other is no majority");
        assert!(!stops(&right, 5, &[&wrong, &wrong]) && stops(&wrong, 5, &[&right, &right, &right]));
        let behind = noted(&[(8, 1)]);
        assert!(!stops(&behind, 3, &[&right, &right]), "who is behind differs in nothing");
        let why = differs(&wrong, 3, &[right.clone(), right]).unwrap();
        assert!(
            why.contains("after entry 16") && why.contains(&"09".repeat(32)) && why.contains(&"02".repeat(32)),
            "{why}"
        );
    }

    fn config(node: u64) -> Config {
        let cluster = ClusterConfig {
            heartbeat_every: Duration::from_millis(100),
            election_after: Duration::from_millis(800),
            command_max: Duration::from_secs(20),
            checkpoint_every: 2,
            ..ClusterConfig::new(node, node.to_string())
        };
        Config { segment_bytes: 64 << 10, batch_bytes_max: 8 << 10, cluster: Some(cluster), ..Config::new("/d/data") }
    }

    /// Protects members from a node whose state is another, however that came: a byte of it is altered in memory, and at the
    /// next comparison it stops by itself, says where, and the others go on without it.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_node_whose_state_was_altered_stops_and_the_others_go_on() {
        let network = SimNetwork::default();
        let first = SimDisk::new("/d");
        let admit = |number: u64| {
            let (code, name) = (format!("M{number}"), format!("Member number {number}"));
            Command::system(Body::AdmitMember { code, name })
        };
        let start = async |node: u64, disk: &SimDisk, config: Config| {
            let network = config.cluster.as_ref().map(|_| network.of(node));
            let seams =
                Seams { disk: disk.process(), clock: Arc::new(SystemClock::default()), network, ..Seams::default() };
            Node::start(config, seams, Vec::new()).await.unwrap()
        };
        start(1, &first, Config { cluster: None, ..config(1) }).await.stop().await;
        let mut nodes = vec![start(1, &first, config(1)).await];
        nodes[0].caught_up().await.unwrap();
        for node in 2..=3 {
            let disk = SimDisk::new("/d");
            let process = disk.process();
            process.create_folder(Path::new("/d/copied")).unwrap();
            for name in ["venue.key", "sealing.key", "persons.keys", "node.key"] {
                let bytes = first.contents(&Path::new("/d/data/secrets").join(name)).unwrap();
                process.create(&Path::new("/d/copied").join(name)).unwrap().write_at(0, &bytes).unwrap();
            }
            prepare(&config(node), &process, Path::new("/d/copied")).unwrap();
            nodes.push(start(node, &disk, config(node)).await);
            nodes[0].act(ClusterAct::AddLearner { node, address: node.to_string() }).await.unwrap();
            nodes.last().unwrap().caught_up().await.unwrap();
            while nodes[0].act(ClusterAct::Promote(node)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        for number in 1..=4 {
            nodes[0].submit(admit(number)).await.unwrap();
        }
        assert!(nodes[2].catch_up().await);
        {
            let mut state = nodes[2].world().state.lock();
            let mut bytes = state.exchange.snapshot().encode();
            let name = b"Member number 1";
            let at = bytes.windows(name.len()).position(|found| found == name).unwrap();
            bytes[at] = b'N';
            state.exchange = Exchange::restore(&bytes).unwrap();
        }
        for number in 5..=8 {
            nodes[0].submit(admit(number)).await.unwrap();
        }
        let stopped = async {
            while !matches!(nodes[2].health(), Health::Failed(_)) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), stopped).await.expect("it stops");
        let Health::Failed(why) = nodes[2].health() else { unreachable!("it was just seen") };
        assert!(why.contains("has digest") && why.contains("keep this folder"), "{why}");
        nodes[1].submit(admit(9)).await.unwrap().outcome.unwrap();
        assert!(nodes[..2].iter().all(|node| !matches!(node.health(), Health::Failed(_))));
    }
}
