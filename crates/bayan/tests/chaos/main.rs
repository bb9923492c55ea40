//! Clusters of real processes, under clients that bid, and under everything that befalls machines and networks.
//!
//! Whatever a client was answered is in the final log of every node once, in an order that agrees with real time; reads show
//! what they were asked to; every node verifies. `make test` runs the short one; `make chaos MINUTES=10` and `make kills
//! ROUNDS=200` the long ones. `BAYAN_SEED` fixes the faults and their order.
//!
//! The test runs itself again in namespaces of its own, which end with it whatever happens: processes, networks and disks.
//! Where the system gives none, or with `BAYAN_CHAOS_RELAYS=1`, the faults of the network go through relays.

mod check;
mod cluster;
mod faults;
mod ground;
#[path = "../kit/mod.rs"]
mod kit;
mod load;
mod relay;
mod report;

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cluster::{Cluster, PATIENCE};
use faults::{Fault, in_some_order};
use ground::sh;
use kit::random::Random;
use report::{Happened, Report};

/// Says to the inner run that it is one.
const INSIDE: &str = "BAYAN_CHAOS_INSIDE";
/// How long the clients bid in peace before the next fault.
const PEACE: Duration = Duration::from_millis(500);

fn from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Protects the first promise of the whole, in little: the leader is killed, frozen and cut off, and nothing answered is lost.
#[test]
fn short() {
    in_own_spaces("short", |spaces| {
        let mut report = Report::default();
        let mut left = vec![Fault::Kill, Fault::Freeze, Fault::CutMinority];
        let left_out = run(3, spaces, from_env("BAYAN_SEED", 1), &mut report, &mut |_| left.pop());
        println!("{}{left_out}", report.table());
    });
}

/// Protects it against every fault, of three nodes and of five, for `BAYAN_CHAOS_MINUTES`.
#[test]
#[ignore = "takes minutes; `make chaos`"]
fn chaos() {
    in_own_spaces("chaos", |spaces| {
        let (minutes, seed) = (from_env("BAYAN_CHAOS_MINUTES", 10), from_env("BAYAN_SEED", 1));
        let mut report = Report::default();
        let mut left_out = String::new();
        for machines in [3, 5] {
            let ends = Instant::now() + Duration::from_secs(minutes * 60) / 2;
            let mut left = Vec::new();
            left_out = run(machines, spaces, seed, &mut report, &mut |random| {
                if left.is_empty() {
                    left = in_some_order(&Fault::ALL, random);
                }
                left.pop().filter(|_| Instant::now() < ends)
            });
            println!("seed {seed}, up to {machines} nodes\n{}", report.table());
        }
        println!("{left_out}");
    });
}

/// Protects it against `BAYAN_CHAOS_ROUNDS` deaths of the leader, and says how long each of them was felt.
#[test]
#[ignore = "takes minutes; `make kills`"]
fn kills() {
    in_own_spaces("kills", |spaces| {
        let (rounds, seed) = (from_env("BAYAN_CHAOS_ROUNDS", 200), from_env("BAYAN_SEED", 1));
        let mut report = Report::default();
        let mut left = 0..rounds;
        let left_out = run(3, spaces, seed, &mut report, &mut |_| left.next().map(|_| Fault::Kill));
        println!("{}{}{left_out}", report.table(), report.histogram(Fault::Kill));
    });
}

/// Runs one cluster under load through what `plan` gives until it gives nothing, and checks it. Says what it ran on.
fn run(
    machines: usize,
    spaces: bool,
    seed: u64,
    report: &mut Report,
    plan: &mut dyn FnMut(&mut Random) -> Option<Fault>,
) -> String {
    let mut random = Random::new(seed);
    let (mut cluster, load) = Cluster::new(machines, spaces);
    let mut left_out = cluster.ground.said();
    if !cluster.has_entrance() {
        left_out.push_str("; SKIPPED: the entrance, as there is no haproxy");
    }
    let clients = load.begin(seed);
    let mut happened = Vec::new();
    while let Some(fault) = plan(&mut random) {
        let so_far = load.count();
        let since = Instant::now();
        std::thread::sleep(PEACE);
        while load.count() == so_far {
            assert!(since.elapsed() < PATIENCE, "bids go on");
            std::thread::sleep(PEACE);
        }
        assert!(!clients.iter().any(|client| client.is_finished()), "a client has failed");
        let from = Instant::now();
        if !fault.inflict(&mut cluster, &mut random) {
            let name = format!("; SKIPPED: {}", fault.name());
            if !left_out.contains(&name) {
                left_out.push_str(&name);
            }
            continue;
        }
        cluster.recover();
        let to = Instant::now();
        eprintln!("{machines} nodes: {}, well again after {:.1} s", fault.name(), (to - from).as_secs_f64());
        happened.push(Happened { fault, from, to });
    }
    load.end(clients);
    cluster.stop();
    let found = check::check(&cluster, &load);
    report.add(&happened, &found);
    assert!(
        found.is_well(),
        "seed {seed}, {machines} nodes\n{}\nlost {:?}\ndoubled {:?}\nout of order {:?}\nstale {:?}",
        report.table(),
        found.lost,
        found.doubled,
        found.out_of_order,
        found.stale
    );
    left_out
}

/// Runs a test in namespaces of its own, or here where there are none.
fn in_own_spaces(name: &str, work: impl FnOnce(bool)) {
    if std::env::var_os(INSIDE).is_some() {
        end_with_parent();
        // What was there of it is not for those who live here.
        sh("mount -t tmpfs own /dev/shm");
        return work(true);
    }
    let own = ["--map-root-user", "--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"];
    // Whoever is root already keeps being so.
    let own = &own[usize::from(rustix::process::geteuid().is_root())..];
    let tried =
        "ip link add bridge type bridge && ip link add one type veth peer name other && mount -t tmpfs own /dev/shm";
    let may = Command::new("unshare").args(own).args(["sh", "-ec", tried]).output();
    if std::env::var_os("BAYAN_CHAOS_RELAYS").is_some() || !may.is_ok_and(|tried| tried.status.success()) {
        return work(false);
    }
    let mut inner = Command::new("unshare");
    inner.args(own).arg(std::env::current_exe().unwrap());
    inner.args(["--exact", name, "--include-ignored", "--nocapture"]).env(INSIDE, "1");
    let mut inner = inner.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    for line in BufReader::new(inner.stdout.take().unwrap()).lines() {
        println!("{}", line.unwrap());
    }
    let status = inner.wait().unwrap();
    assert!(status.success(), "{status}; it says above why");
}

/// The inner run ends when whoever started it does, and everything within its namespaces with it.
fn end_with_parent() {
    std::thread::spawn(|| {
        // Nobody writes there; an error is an end too.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
}
