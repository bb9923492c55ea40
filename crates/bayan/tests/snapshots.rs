//! A second machine joins a venue whose log is long, as an operator has it join: it is in step with a snapshot, is killed
//! again and again while history follows, and ends with the same as the first.

mod kit;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use kit::process::{Running, run, text};
use kit::venue::{PATIENCE, Settings, Venue};

/// How many payments the log has before the second node comes.
const PAYMENTS: usize = 400;
/// How many bytes a second it fetches: all of it takes some seconds.
const PACE: u64 = 24_000;
/// What is kept ready of the log.
const KEPT: u64 = 16_384;

/// Protects what a new machine is given: it is in step before it has history, a death at any time costs nothing that came,
/// the archive follows, and in the end `verify` finds on both machines the same, from the first entry on.
#[test]
fn a_new_machine_is_given_a_snapshot_and_then_history() {
    let _alone = kit::alone();
    let mut venue = Venue::make(Settings { traders: 1, snapshot_every: 150, ..Settings::default() });
    for number in 0..PAYMENTS {
        let deposit = json!({"amount": "0.01", "reference": format!("payment {number}")});
        venue.done("settlement", "/api/v1/members/B1/deposits", &deposit);
    }
    venue.stop();
    let folder = tempfile::Builder::new().prefix("snap").tempdir().unwrap();
    let cluster = Machines { folder: folder.path().to_owned() };
    kit::copy(&venue.data(), &cluster.data(1));
    let (first, second) = (cluster.make(1), cluster.make(2));
    done(&["cluster", "init", "--config", text(&second), "--secrets", text(&cluster.data(1).join("secrets"))]);
    let one = start(&first);
    cluster.until(1, |nodes| nodes.iter().any(|node| node["leader"] == true));

    let mut two = start(&second);
    let address = cluster.peers(2);
    done(&["cluster", "add-learner", "2", "--address", &address, "--config", text(&first)]);
    let of_two = |nodes: &[Value]| nodes.iter().find(|node| node["id"] == 2).cloned().unwrap_or(Value::Null);
    let mut deaths = 0;
    let mut stood = 0;
    loop {
        let status = cluster.until(1, |nodes| {
            let node = of_two(nodes);
            !node["pid"].is_null() && (node["history_from"] == 1 || node["fetched"].as_u64().unwrap_or(0) > stood)
        });
        let node = of_two(&status);
        if node["history_from"] == 1 && node["fetched_of"].is_null() && node["sequence"].as_u64() > Some(0) {
            break;
        }
        // It has come further than before its last death.
        stood = node["fetched"].as_u64().unwrap_or(0);
        if deaths < 3 && node["history_from"].as_u64() > Some(1) {
            assert!(node["sequence"].as_u64() > node["history_from"].as_u64(), "in step with a snapshot: {node}");
            drop(two);
            two = start(&second);
            deaths += 1;
        }
    }
    assert!(deaths > 0, "it was killed while history came");
    done(&["cluster", "promote", "2", "--config", text(&first)]);
    let same = |nodes: &[Value]| {
        let node = of_two(nodes);
        node["votes"] == true && node["digest"] == nodes[0]["digest"] && node["sequence"] == nodes[0]["sequence"]
    };
    cluster.until(2, same);
    two.stop();
    one.stop();
    let verified: Vec<String> = (1..=2).map(|node| done(&["verify", text(&cluster.data(node)), "--events"])).collect();
    let what = |of: &str, said: &str| {
        let line = said.lines().find(|line| line.starts_with(of)).map(str::to_owned);
        line.unwrap_or_else(|| panic!("no {of} in {said}"))
    };
    assert!(verified.iter().all(|said| !said.contains("from ")), "{verified:?}");
    let last = |said: &str| what("sequence", said);
    if last(&verified[0]) == last(&verified[1]) {
        for of in ["hash", "digest", "events"] {
            assert_eq!(what(of, &verified[0]), what(of, &verified[1]));
        }
    }
}

/// Where the nodes are.
struct Machines {
    folder: PathBuf,
}

impl Machines {
    fn data(&self, node: u64) -> PathBuf {
        self.folder.join(format!("node-{node}"))
    }

    fn peers(&self, node: u64) -> String {
        fs::read_to_string(self.folder.join(format!("{node}.address"))).unwrap()
    }

    /// Makes certificate and configuration of a node.
    fn make(&self, node: u64) -> PathBuf {
        let keys = self.folder.join("keys");
        done(&["cluster", "keys", "--data", text(&self.data(1)), "--out", text(&keys), "--node", &node.to_string()]);
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        fs::write(self.folder.join(format!("{node}.address")), free.to_string()).unwrap();
        let path = self.folder.join(format!("node-{node}.toml"));
        let toml = format!(
            "[node]\ndata = {:?}\nsegment_bytes = 65536\nbatch_bytes_max = 16384\nsnapshot_every = 150\n\
             [http]\nlisten = \"127.0.0.1:0\"\nmetrics_listen = \"127.0.0.1:0\"\n[passwords]\nmemory_kib = 64\npasses = 1\n\
             [cluster]\nnode = {node}\nlisten = \"{free}\"\naddress = \"{free}\"\nelection_after = \"300ms\"\n\
             catch_up_log_bytes = {KEPT}\ncatch_up_bytes_per_second = {PACE}\n\
             authority = {:?}\ncertificate = {:?}\nkey = {:?}\n",
            self.data(node),
            keys.join("authority.pem"),
            keys.join(format!("node-{node}.pem")),
            keys.join(format!("node-{node}.key")),
        );
        fs::write(&path, toml).unwrap();
        path
    }

    /// Waits until the nodes, as one of them sees them, are as wanted.
    fn until(&self, node: u64, is: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let since = Instant::now();
        loop {
            let config = self.folder.join(format!("node-{node}.toml"));
            let said = run(&["cluster", "status", "--json", "--config", text(&config)]);
            let status: Value = serde_json::from_slice(&said.stdout).unwrap_or(Value::Null);
            let nodes = status["nodes"].as_array().cloned().unwrap_or_default();
            if is(&nodes) {
                return nodes;
            }
            assert!(since.elapsed() < PATIENCE, "{nodes:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn start(config: &Path) -> Running {
    let mut running = Running::start(&["serve", "--config", text(config)]);
    // What it says must go somewhere, or it waits until it does.
    let mut said = running.standard_error();
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::stderr()));
    running
}

/// Runs the program on what works, and gives what it says.
fn done(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
