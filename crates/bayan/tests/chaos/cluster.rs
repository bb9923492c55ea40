//! The nodes as processes: set up by the commands of `bayan cluster` as an operator does it, killed, frozen, brought back,
//! replaced.

use std::fs::{self, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use super::ground::{Ground, try_sh};
use super::kit::floor::Floor;
use super::kit::http::Client;
use super::kit::process::{run, text};
use super::kit::venue::{Settings, Venue};
use super::load::Load;

/// How long something may take that must come about.
pub const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a node may take to say whether it is ready.
const READY_MAX: Duration = Duration::from_millis(1_000);
/// How long a node may take to be ready again by itself.
const MENDS_ITSELF: Duration = Duration::from_secs(2);
/// As in `bayan dev --nodes`: everything shares the processors of one machine.
pub const ELECTION: Duration = Duration::from_millis(300);

/// How many auctions, and lots of each, there are to bid for.
const FLOOR: (usize, usize) = (2, 64);
/// A user may have 20,000 keys younger than ten minutes: so many traders bid, and each of them slowly enough.
const TRADERS: usize = 24;

const BALANCER: &str = include_str!("../../../../deploy/haproxy.cfg");

/// What puts a clock under our hands, where it is installed.
fn faketime() -> Option<PathBuf> {
    let path = format!("/usr/lib/{}-linux-gnu/faketime/libfaketime.so.1", std::env::consts::ARCH);
    Some(PathBuf::from(path)).filter(|path| path.exists())
}

/// A node on its machine.
struct Node {
    number: u64,
    process: Option<Child>,
}

/// A cluster, one node a machine, with an entrance before it where the balancer is installed.
pub struct Cluster {
    pub ground: Ground,
    /// By machine, from 1.
    nodes: Vec<Node>,
    /// The number that no node had yet.
    next: u64,
    entrance: Option<(Child, SocketAddr)>,
    folder: TempDir,
}

impl Cluster {
    /// Makes a venue on one node, takes that up as the first of so many, and gives what bids on it.
    pub fn new(machines: usize, spaces: bool) -> (Self, Arc<Load>) {
        // The path of a socket within is short.
        let folder = tempfile::Builder::new().prefix("chaos").tempdir().unwrap();
        let ground = Ground::new(machines, folder.path(), spaces);
        let settings = Settings { traders: TRADERS, snapshot_every: 2_000, ..Settings::default() };
        let mut venue = Venue::make(settings);
        let floor = Floor::open(&mut venue, FLOOR.0, FLOOR.1);
        let tokens = (1..=TRADERS).map(|number| venue.tokens[&format!("b{number}-trader")].clone()).collect();
        venue.stop();
        let nodes = (1..).take(machines).map(|number| Node { number, process: None }).collect();
        let next = u64::try_from(machines).unwrap() + 1;
        let mut cluster = Cluster { ground, nodes, next, entrance: None, folder };
        super::kit::copy(&venue.data(), &cluster.data(1));
        cluster.set_up();
        cluster.open_entrance();
        let doors = (1..=machines).map(|machine| cluster.ground.machine(machine).reached.0).collect();
        let load = Load::new(floor, tokens, doors, cluster.entrance.as_ref().map(|(_, address)| *address));
        (cluster, Arc::new(load))
    }

    pub fn machines(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.nodes.len()
    }

    pub fn has_entrance(&self) -> bool {
        self.entrance.is_some()
    }

    /// The data folder of the node on a machine.
    pub fn data(&self, machine: usize) -> PathBuf {
        self.ground.machine(machine).disk.join(format!("node-{}", self.nodes[machine - 1].number))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self, machine: usize) -> PathBuf {
        self.file(&format!("node-{}.toml", self.nodes[machine - 1].number))
    }

    fn clock(&self, machine: usize) -> PathBuf {
        self.file(&format!("machine-{machine}.clock"))
    }

    fn set_up(&mut self) {
        for machine in self.machines() {
            self.make(machine);
        }
        self.start(1);
        for machine in self.machines().skip(1) {
            self.start(machine);
            self.admit(machine);
        }
    }

    /// Makes certificate, configuration and, but for the first, folder of the node on a machine.
    fn make(&self, machine: usize) {
        let (data, number) = (self.data(machine), self.nodes[machine - 1].number);
        let at = self.ground.machine(machine);
        let keys = self.file("keys");
        let of = if number == 1 { data.clone() } else { self.data(self.any_other_than(machine)) };
        done(&["cluster", "keys", "--data", text(&of), "--out", text(&keys), "--node", &number.to_string()]);
        let toml = format!(
            "[node]\ndata = {data:?}\nsegment_bytes = 65536\nbatch_bytes_max = 16384\nsnapshot_every = 2000\n\
             [http]\nlisten = \"{}\"\nmetrics_listen = \"127.0.0.1:0\"\nuser_requests_per_second = 0\n\
             [passwords]\nmemory_kib = 64\npasses = 1\n[cluster]\nnode = {number}\nlisten = \"{}\"\naddress = \"{}\"\n\
             authority = {:?}\ncertificate = {:?}\nkey = {:?}\nelection_after = \"{}ms\"\n",
            at.listens.0,
            at.listens.1,
            at.reached.1,
            keys.join("authority.pem"),
            keys.join(format!("node-{number}.pem")),
            keys.join(format!("node-{number}.key")),
            ELECTION.as_millis(),
        );
        fs::write(self.config(machine), toml).unwrap();
        if number > 1 {
            let secrets = of.join("secrets");
            done(&["cluster", "init", "--config", text(&self.config(machine)), "--secrets", text(&secrets)]);
        }
    }

    fn any_other_than(&self, machine: usize) -> usize {
        self.machines().find(|other| *other != machine && self.data(*other).exists()).unwrap()
    }

    /// Adds the node on a machine to the cluster and gives it a vote.
    fn admit(&mut self, machine: usize) {
        let number = self.nodes[machine - 1].number.to_string();
        let address = self.ground.machine(machine).reached.1.to_string();
        self.act(&["add-learner", &number, "--address", &address], "is one of the cluster already");
        self.act(&["promote", &number], "votes already");
    }

    /// Has `bayan cluster` do something on any node that answers, until it is done.
    fn act(&mut self, words: &[&str], is_done: &str) {
        let since = Instant::now();
        loop {
            let mut said = String::new();
            for machine in self.machines() {
                let data = self.data(machine);
                let asked = run(&[&["cluster"], words, &["--data", text(&data)]].concat());
                said = String::from_utf8_lossy(&asked.stderr).into_owned();
                if asked.status.success() || said.contains(is_done) {
                    return;
                }
            }
            assert!(since.elapsed() < PATIENCE, "{words:?}: {said}");
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Starts the node on a machine, whose clock is under our hands where that can be had.
    pub fn start(&mut self, machine: usize) {
        let log = OpenOptions::new().create(true).append(true).open(self.log(machine)).unwrap();
        let mut command = self.ground.command(machine, env!("CARGO_BIN_EXE_bayan"));
        command.args(["serve", "--config", text(&self.config(machine))]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        if let Some(faketime) = faketime() {
            if !self.clock(machine).exists() {
                fs::write(self.clock(machine), "+0").unwrap();
            }
            command.env("LD_PRELOAD", faketime).env("FAKETIME_TIMESTAMP_FILE", self.clock(machine));
            command
                .env("FAKETIME_CACHE_DURATION", "1")
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .env("NO_FAKE_STAT", "1");
        }
        let process = command.spawn().unwrap();
        self.ground.started(machine, process.id());
        self.nodes[machine - 1].process = Some(process);
    }

    fn log(&self, machine: usize) -> PathBuf {
        self.file(&format!("node-{}.log", self.nodes[machine - 1].number))
    }

    /// Sets a machine's clock off by so many seconds. False: that cannot be done here.
    pub fn set_clock(&self, machine: usize, seconds: i32) -> bool {
        if faketime().is_none() {
            return false;
        }
        // Written beside and swapped: it is read at any moment.
        let beside = self.clock(machine).with_extension("new");
        fs::write(&beside, format!("{seconds:+}")).unwrap();
        fs::rename(beside, self.clock(machine)).unwrap();
        true
    }

    /// Ends the node on a machine at once.
    pub fn kill(&mut self, machine: usize) {
        if let Some(mut process) = self.nodes[machine - 1].process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// What an operator does where a write has failed: where the node does not come back by itself it is started again.
    pub fn restart_unless_ready(&mut self, machine: usize) {
        let since = Instant::now();
        while !self.is_ready(machine) {
            if since.elapsed() > MENDS_ITSELF {
                self.kill(machine);
                return self.start(machine);
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Sends the node on a machine a signal.
    pub fn signal(&self, machine: usize, signal: Signal) {
        let process = self.nodes[machine - 1].process.as_ref().unwrap();
        kill_process(Pid::from_child(process), signal).unwrap();
    }

    /// Puts a new node, with nothing but copied secrets, in the place of the one on a machine, which is gone with its disk.
    pub fn replace(&mut self, machine: usize) {
        self.kill(machine);
        fs::remove_dir_all(self.data(machine)).unwrap();
        let gone = self.nodes[machine - 1].number.to_string();
        self.act(&["remove", &gone], "there is no node");
        self.nodes[machine - 1].number = self.next;
        self.next += 1;
        self.make(machine);
        self.start(machine);
        self.admit(machine);
    }

    /// Has the node on a machine lead.
    pub fn give_lead(&mut self, machine: usize) {
        let number = self.nodes[machine - 1].number.to_string();
        self.act(&["transfer-leader", &number], "leads already");
    }

    /// How the nodes are, as one that answers says.
    fn status(&self) -> Vec<Value> {
        let answers = self.machines().find_map(|machine| {
            let said = run(&["cluster", "status", "--json", "--data", text(&self.data(machine))]);
            let status: Value = serde_json::from_slice(&said.stdout).ok()?;
            status["nodes"].as_array().cloned()
        });
        answers.unwrap_or_default()
    }

    fn until<T>(&self, what: &str, mut is: impl FnMut() -> Option<T>) -> T {
        let since = Instant::now();
        loop {
            if let Some(is) = is() {
                return is;
            }
            assert!(since.elapsed() < PATIENCE, "{what}: {:?}\n{}", self.status(), self.last_words());
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// The machine of the node that leads.
    pub fn leader(&self) -> usize {
        self.until("nobody leads", || {
            let status = self.status();
            let leads = status.iter().find(|node| node["leader"] == true)?;
            Some(self.machines().find(|machine| leads["id"] == self.nodes[machine - 1].number).unwrap())
        })
    }

    /// Brings back what has ended, and waits until every node is ready, votes, and has all that there was a moment ago.
    pub fn recover(&mut self) {
        for machine in self.machines() {
            let ended =
                self.nodes[machine - 1].process.as_mut().is_none_or(|process| process.try_wait().unwrap().is_some());
            if ended {
                self.start(machine);
            }
        }
        let mut wanted = 0;
        self.until("not all are well again", || {
            let status = self.status();
            let known = |node: &&Value| self.nodes.iter().any(|own| node["id"] == own.number) && node["votes"] == true;
            let places: Vec<u64> = status.iter().filter(known).filter_map(|node| node["sequence"].as_u64()).collect();
            let all = places.len() == self.nodes.len() && status.len() == self.nodes.len();
            if all && wanted == 0 {
                wanted = *places.iter().max()?;
            }
            let there = all && wanted > 0 && places.iter().all(|place| *place >= wanted);
            (there && self.machines().all(|machine| self.is_ready(machine))).then_some(())
        });
    }

    fn is_ready(&self, machine: usize) -> bool {
        let asked = Client::within(self.ground.machine(machine).reached.0, READY_MAX)
            .and_then(|mut client| client.ask("GET", "/readyz", &[], None));
        asked.is_ok_and(|answer| answer.status == 200)
    }

    /// Waits until all have come to the same state, and stops them one after another.
    pub fn stop(&mut self) {
        self.until("the states differ", || {
            let status = self.status();
            let same = |name: &str| status.iter().all(|node| !node[name].is_null() && node[name] == status[0][name]);
            (status.len() == self.nodes.len() && same("digest") && same("sequence")).then_some(())
        });
        for machine in self.machines() {
            self.signal(machine, Signal::TERM);
            let mut process = self.nodes[machine - 1].process.take().unwrap();
            let status = self.until("a node does not stop", || process.try_wait().unwrap());
            assert!(status.success(), "node on machine {machine}: {status}\n{}", self.last_words());
        }
    }

    /// The end of what each node has written about itself.
    fn last_words(&self) -> String {
        let words = self.machines().map(|machine| {
            let log = fs::read_to_string(self.log(machine)).unwrap_or_default();
            let last: Vec<&str> = log.lines().rev().take(12).collect();
            let last: Vec<&str> = last.into_iter().rev().collect();
            format!("node {}:\n{}\n", self.nodes[machine - 1].number, last.join("\n"))
        });
        words.collect()
    }

    /// Puts the balancer of the handbook before the nodes, but for its TLS.
    fn open_entrance(&mut self) {
        if !try_sh("haproxy -v") {
            return;
        }
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let entrance = free.local_addr().unwrap();
        let plain = format!("bind {entrance}");
        let mut config = BALANCER.replace("bind :443 ssl crt /etc/haproxy/bayan.pem alpn http/1.1", &plain);
        assert!(config.contains(&plain) && config.contains("maxconn 40000"), "the example of a balancer has changed");
        // As many open files as any user may have.
        config = config.replace("maxconn 40000", "maxconn 400");
        let left_out = ["server ", "bind :80", "http-request redirect scheme https"];
        config = config
            .lines()
            .filter(|line| !left_out.iter().any(|start| line.trim_start().starts_with(start)))
            .map(|line| format!("{line}\n"))
            .collect();
        for machine in self.machines() {
            config.push_str(&format!("    server node-{machine} {}\n", self.ground.machine(machine).reached.0));
        }
        let path = self.file("haproxy.cfg");
        fs::write(&path, config).unwrap();
        drop(free);
        let log = fs::File::create(self.file("haproxy.log")).unwrap();
        let mut command = Command::new("haproxy");
        command.args(["-db", "-f", text(&path)]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.entrance = Some((command.spawn().unwrap(), entrance));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}\nkept: {}", self.last_words(), self.folder.path().display());
            self.folder.disable_cleanup(true);
        }
        for machine in self.machines() {
            self.kill(machine);
        }
        if let Some((mut balancer, _)) = self.entrance.take() {
            balancer.kill().unwrap();
            balancer.wait().unwrap();
        }
    }
}

/// Runs the program to its end, which must be a good one.
pub fn done(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
